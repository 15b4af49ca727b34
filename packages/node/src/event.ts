import { stringify } from "./json.js";

/**
 * One message of an event stream (WHATWG HTML §9.2). A client gets one that has data; `id` and `retry` have their effect
 * without data, too.
 *
 * @typeParam Data The type of the data.
 */
export interface Event<out Data = unknown> {
  /** The message: a string as it is, which may have several lines, and other data as JSON. */
  readonly data?: Data | undefined;
  /** The type of the message; `message` where there is none. */
  readonly event?: string | undefined;
  /** What the client says in `Last-Event-ID` when it comes back. An empty one resets it. */
  readonly id?: string | undefined;
  /** Milliseconds after which the client comes back when the connection is lost. */
  readonly retry?: number | undefined;
  /** Text that clients ignore. */
  readonly comment?: string | undefined;
}

/**
 * What a stream of events may give for an event that has data and nothing else: text, or what JSON has beside objects. An object is an
 * {@link Event}: nobody could tell data from an event by its members.
 */
export type EventData = string | number | bigint | boolean | null | readonly unknown[];

/**
 * Writes an event, or data of one, as the runtime writes those of other languages.
 *
 * @throws {TypeError} A client would read it differently, or it says nothing.
 */
export function encodeEvent(event: Event | EventData): string {
  const isData = typeof event !== "object" || event === null || Array.isArray(event);
  const { comment, event: type, id, retry, data } = isData ? { data: event } : (event as Event);
  let text = comment === undefined ? "" : lines("", checked("comment", comment));
  if (type !== undefined) text += line("event", "type", type);
  if (id !== undefined) {
    text += line("id", "id", id);
    if (id.includes("\0")) throw new TypeError("the id of an event has a NUL in it, for which clients ignore it");
  }
  if (retry !== undefined) {
    if (!Number.isSafeInteger(retry) || retry < 0) throw new TypeError(`${retry} is no number of milliseconds for \`retry\``);
    text += `retry: ${retry}\n`;
  }
  if (typeof data === "string") text += lines("data", data);
  // JSON text is one line.
  else if (data !== undefined) text += `data: ${stringify(data)}\n`;
  if (text === "") {
    throw new TypeError(
      "an event says nothing; give it data, an id, a retry or a comment. Data that is an object stands in `data`",
    );
  }
  return `${text}\n`;
}

const LINE_BREAK = /\r\n|[\r\n]/;

/** A field that has one line. */
function line(name: string, what: string, value: string): string {
  if (LINE_BREAK.test(checked(what, value))) throw new TypeError(`the ${what} of an event has a line break in it; use one line`);
  return `${name}: ${value}\n`;
}

function checked(what: string, value: string): string {
  if (typeof value === "string") return value;
  throw new TypeError(`the ${what} of an event is a string, and ${String(value)} is none`);
}

/** A field for each line of a text. Of the spaces behind the colon a client takes one away. */
function lines(name: string, text: string): string {
  if (!LINE_BREAK.test(text)) return `${name}: ${text}\n`;
  return text
    .split(LINE_BREAK)
    .map((part) => `${name}: ${part}\n`)
    .join("");
}
