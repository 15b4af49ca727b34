import type { Event, EventData } from "./event.js";
import { Response, type ResponseOptions, type StreamResponseOptions } from "./response.js";
import { checkValues, type Values } from "./source.js";

/**
 * Sends `values` as they are made. The first one decides how: bytes are sent as they are, strings as UTF-8, and other values as
 * lines of JSON, `application/jsonl`. Handlers that return an iterator, such as generators, answer so by themselves.
 *
 * The source is asked for the next value when there is room for it. When the client leaves, its `return()` runs, so that a
 * `finally` block is the place to release what a generator holds, and the signal of the context aborts. Until the first value
 * is there, a failure is a problem like any other; after it the failure is logged, and the connection ends so that the client
 * can tell.
 *
 * @throws {TypeError} `values` are one value, such as a string.
 *
 * @example
 * app.get("/export", () => stream(rows(), { mediaType: "text/csv" }));
 * @example
 * app.get("/export", () => {
 *   const hash = createHash("sha256");
 *   return stream(hashed(rows(), hash), { trailers: { "x-checksum": () => hash.digest("hex") } });
 * });
 */
export function stream<T, const Status extends number = number>(
  values: Values<T>,
  options?: StreamResponseOptions<Status>,
): Response<Values<T>, Status> {
  checkValues(values);
  return Response.of(values, options, "stream");
}

/**
 * Sends events (WHATWG HTML §9.2) as they are made, as the routes of `app.sse` do; for answers to other methods than GET. Text, and what
 * JSON has beside objects, is the data of an event that has nothing else.
 *
 * @throws {TypeError} `values` are one value, such as a string.
 *
 * @example
 * app.post("/chat", { body: Question }, ({ body }) => events(answers(body)));
 */
export function events<Data, const Status extends number = number>(
  values: Values<Event<Data> | EventData>,
  options?: ResponseOptions<Status>,
): Response<Values<Event<Data>>, Status> {
  checkValues(values);
  return Response.of(values as Values<Event<Data>>, options, "events");
}
