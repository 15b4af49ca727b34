import type { CookieAttributes } from "./cookie.js";
import type { Event, EventData } from "./event.js";
import type { file } from "./file.js";
import type { HeaderFields } from "./problem.js";
import type { Bytes, RedirectStatus, Response, ResponseOptions } from "./response.js";
import type { Values } from "./source.js";
import type { events, stream } from "./stream.js";

/** Makes a {@link Response} of content, whose type and status it keeps. The status is that of the route, or else 200, by default. */
export interface Respond<Content> {
  <C extends Content, const Status extends number>(content: C, status?: Status, headers?: HeaderFields): Response<C, Status>;
  <C extends Content, const Status extends number>(content: C, options: ResponseOptions<Status>): Response<C, Status>;
}

/**
 * What a context makes answers with. `json`, `text`, `html`, `bytes` and `redirect` give a {@link Response} to return. The
 * others say something of whatever the handler returns, be it plain data or a `Response` of the platform; what that says itself
 * goes first, and what is thrown has nothing of it.
 */
export interface Answers {
  /** Data as JSON, a string and `null` too. */
  readonly json: Respond<unknown>;
  /** A string as `text/plain`. */
  readonly text: Respond<string>;
  /** A string as `text/html`. What it contains is sent as it is. */
  readonly html: Respond<string>;
  /** Bytes as `application/octet-stream`, unless a header field says otherwise. (`body` is the content of the request.) */
  readonly bytes: Respond<Bytes>;
  /** Values that are sent as they are made; see {@link stream}. */
  readonly stream: Respond<Values>;
  /** Events that are sent as they are made; see {@link events}. */
  readonly events: Respond<Values<Event | EventData>>;
  /** A file; see {@link file}. */
  readonly file: typeof file;
  /**
   * Sends the client to another place.
   *
   * @param location A URL, or a reference relative to that of the request. What a URI cannot have is percent-encoded, a
   * backslash too, which browsers read as a slash. One that comes from a client can lead to any host: compare it with those
   * that you know.
   * @param status 302 by default.
   */
  redirect<const Status extends RedirectStatus = 302>(location: string | URL, status?: Status): Response<undefined, Status>;
  /** Sets the status of an answer that does not have one itself. */
  status(this: Answers, status: number): this;
  /** Sets a header field; with `append` it is one more of its name, as `set-cookie` always is. */
  header(this: Answers, name: string, value: string, options?: { readonly append?: boolean }): this;
  /** Sets a cookie. */
  setCookie(this: Answers, name: string, value: string, attributes?: CookieAttributes): this;
  /** Makes the client forget a cookie; path and domain have to be those that it was set with. */
  deleteCookie(this: Answers, name: string, attributes?: CookieAttributes): this;
}
