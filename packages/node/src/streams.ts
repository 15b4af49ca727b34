import { AnswerStream, Flushes, type Form, type Head, type StreamOptions } from "./answer-stream.js";
import { ByTicket } from "./by-ticket.js";
import type { CallContext } from "./call.js";
import { fieldsOf, LINES, withPrepared } from "./encode.js";
import type { Engine, NativeCalls } from "./engine.js";
import { KIND } from "./kind.js";
import type { DerivedRoute } from "./operation.js";
import { Response, type StreamResponseOptions } from "./response.js";
import { isStream, sourceOf, type Values } from "./source.js";
import { fieldsOfResponse, isOfEvents } from "./web-response.js";

/** The platform's class. */
const WebResponse = globalThis.Response;

/** An answer that is made while it is sent. */
export interface Streamed {
  readonly values: Values;
  readonly options: StreamOptions;
}

/** What is to be sent as it is made, if that is what `result` is. */
export function streamedOf(
  result: object,
  { form, status }: DerivedRoute,
  context: CallContext,
  engine: Engine,
): Streamed | undefined {
  if (result instanceof WebResponse) return result.body === null ? undefined : ofWebResponse(result, context, engine);
  if (!(KIND in result)) return isSeries(result, form) ? of(new Response(result), form, status, context, engine) : undefined;
  if (result[KIND] !== "response") return undefined;
  const response = result as unknown as Response;
  const { content, format } = response;
  if (format === "events") return of(response, "events", status, context, engine);
  if (format === "lines") return of(response, format, status, context, engine);
  if (format === "web") return ofWebContent(response, context, engine);
  if (format === "stream") return of(response, form === "lines" ? form : undefined, status, context, engine);
  if (format !== undefined || typeof content !== "object" || content === null || !isSeries(content, form)) return undefined;
  return of(response, form, status, context, engine);
}

/** Whether values of a route with this form are sent one after the other: of one that has one, collections too. */
function isSeries(content: object, form: Form | undefined): boolean {
  return isStream(content) || (form !== undefined && Symbol.iterator in content && !ArrayBuffer.isView(content));
}

function of(
  response: Response,
  form: Form | undefined,
  status: number | undefined,
  context: CallContext,
  engine: Engine,
): Streamed {
  const head = (mediaType: string | undefined): Head => {
    const { prepared } = context;
    const code = response.options.status ?? prepared?.status ?? status ?? 200;
    return { status: code, fields: fieldsOf(response, mediaType, prepared, engine) };
  };
  const isLines = form === undefined && LINES.test(response.options.mediaType ?? "");
  const { trailers } = response.options as StreamResponseOptions;
  return { values: response.content as Values, options: { form: isLines ? "lines" : form, head, trailers } };
}

function ofWebResponse(response: globalThis.Response, context: CallContext, engine: Engine): Streamed {
  const head = (): Head => {
    const { prepared } = context;
    const fields = fieldsOfResponse(response);
    return { status: response.status, fields: prepared ? withPrepared(fields, prepared, engine) : fields };
  };
  const isEndless = isOfEvents(response);
  const options = { form: "plain", mayBeWhole: !isEndless, isEndless, head } as const;
  return { values: response.body as ReadableStream<Uint8Array>, options };
}

/** The content of a web `Response` with the head that hooks have made of that. */
function ofWebContent(response: Response, context: CallContext, engine: Engine): Streamed {
  const head = (): Head => ({
    status: response.status,
    fields: fieldsOf(response, undefined, context.prepared, engine),
  });
  const isEndless = isOfEvents(response);
  const options = { form: "plain", mayBeWhole: !isEndless, isEndless, head } as const;
  return { values: response.content as ReadableStream<Uint8Array>, options };
}

/** The answers of one application that are being made, by their tickets. */
export class Streams {
  readonly #running = new ByTicket<AnswerStream>();
  readonly #flushes = new Flushes();

  /**
   * Begins to make the answer to the call with this ticket.
   *
   * @param failed Takes what it fails with, where somebody is to hear of it, and whether the head has been sent.
   * @param over Called when it has been sent, or will not be.
   * @throws {TypeError} Somebody reads the values already.
   */
  start(
    native: NativeCalls,
    ticket: number,
    { values, options }: Streamed,
    failed: (error: unknown, hasBegun: boolean) => void,
    over: () => void,
  ): void {
    const stream = new AnswerStream(native, ticket, sourceOf(values), options, this.#flushes, (error) => {
      if (!isAbort(error)) failed(error, true);
    });
    this.#running.set(ticket, stream);
    if (!native.isOpen(ticket)) stream.abandon();
    const ended = (isWhole: boolean): void => {
      // Without effect on one that has ended.
      native.end(ticket, isWhole, undefined);
      this.#running.delete(ticket);
      over();
    };
    stream.run().then(
      () => ended(true),
      (error: unknown) => {
        const isSilent = stream.isGone && isAbort(error);
        const isAnswered = stream.hasBegun || stream.isGone;
        stream.flush(true);
        if (!isSilent) failed(error, isAnswered);
        ended(false);
      },
    );
  }

  /** There is room for more of an answer. */
  writable(ticket: number): void {
    this.#running.get(ticket)?.writable();
  }

  /** Nobody reads an answer any more. */
  cancel(ticket: number): void {
    const stream = this.#running.get(ticket);
    // One whose source waits for ever can be collected then.
    this.#running.delete(ticket);
    stream?.abandon();
  }

  /** Ends the answers whose end the server does not wait for when it stops. The runtime does so for those that it knows. */
  stop(): void {
    for (const stream of this.#running.values()) {
      // The runtime ends event streams where they are.
      stream.flush();
      if (!stream.isEndless || stream.isGone) continue;
      try {
        stream.end();
      } catch {
        // Its head cannot be sent, which is a failure of its call.
        continue;
      }
      stream.abandon();
    }
  }
}

/** Whether a source stops because it was told so. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
