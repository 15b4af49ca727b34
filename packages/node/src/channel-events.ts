import type { NativeApp } from "./engine.js";
import { share } from "./kind.js";

/** A message of a channel as an event. */
export interface ChannelEvent {
  /** The message as text; what was published as JSON is its text. */
  readonly data: any;
  /** Where it stands in the channel: what a client says in `Last-Event-ID` when it comes back. */
  readonly id: string;
}

/**
 * The messages of a channel as events, which `app.events` makes. As the answer of a handler they are sent by the runtime, without
 * JavaScript at each of them; iterated, they come one by one.
 */
export class ChannelEvents implements AsyncIterable<ChannelEvent, void> {
  readonly #native: NativeApp;
  readonly channel: string;
  readonly lastEventId: string | undefined;

  /** @internal */
  constructor(native: NativeApp, channel: string, lastEventId: string | undefined) {
    this.#native = native;
    this.channel = channel;
    this.lastEventId = lastEventId;
  }

  /** The messages from now on. It ends when it is read too slowly; what was missed comes to whoever begins anew with the last id. */
  [Symbol.asyncIterator](): AsyncIterator<ChannelEvent, void> {
    const events = this.#native.events(this.channel, this.lastEventId);
    const done = { done: true, value: undefined } as const;
    return {
      next: async () => {
        const chunk = await events.read();
        return chunk ? { done: false, value: parse(new TextDecoder().decode(chunk)) } : done;
      },
      return: async () => {
        events.close();
        return done;
      },
    };
  }
}
share(ChannelEvents, "ChannelEvents");

/** Reads an event as the runtime writes it: an id, then the lines of its data. */
function parse(text: string): ChannelEvent {
  const [id = "", ...data] = text.trimEnd().split("\n");
  return { id: id.slice("id: ".length), data: data.map((line) => line.slice("data: ".length)).join("\n") };
}
