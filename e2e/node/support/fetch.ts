/** Requests of the platform, as `app.fetch` answers them. */

import type { Sabir } from "sabir";

import { content, fields } from "./content.js";
import type { Exchange, Raw, Request as Sent } from "./fixture.js";
import type { Outcome } from "./wire.js";

/** Methods that the Fetch standard refuses, or writes in another way than the fixture does (§2.2.1). */
const REFUSED = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Where the requests go; the host is a field of the request. */
const ORIGIN = "http://localhost";

/** Whether a `Request` can say the same as the fixture, and a `Response` what is expected. */
export function isFetchable({ send, expect }: Exchange): boolean {
  const repeats = [expect]
    .flat()
    .some(({ headers = {} }) =>
      Object.entries(headers).some(([name, value]) => Array.isArray(value) && name.toLowerCase() !== "set-cookie"),
    );
  return !repeats && canBeMade(send);
}

function canBeMade(send: Sent | Raw): send is Sent {
  if (!("method" in send) || send.chunked || send.websocket) return false;
  const { method, path } = send;
  if (REFUSED.has(method.toUpperCase()) || !path.startsWith("/")) return false;
  const body = content(send);
  if ((method === "GET" || method === "HEAD") && body !== undefined) return false;
  // Fields of one name become one, and white space around a value is lost; the host of the URL stands for a missing one.
  const given = fields(send);
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  if (names.size !== given.length || names.has("content-length")) return false;
  try {
    const request = made(send);
    const { pathname, search } = new URL(request.url);
    return (
      request.method === method &&
      pathname + search === path &&
      given.every(([name, value]) => request.headers.get(name) === value) &&
      [...request.headers].length === given.length
    );
  } catch {
    // It cannot be made at all.
    return false;
  }
}

/** Sends a request to `app` as a server of the platform would. */
export async function sendByFetch(app: Sabir, send: Sent | Raw): Promise<Outcome> {
  if (!canBeMade(send)) throw new Error("the platform has no such request");
  const response = await app.fetch(made(send));
  const body = new Uint8Array(await response.arrayBuffer());
  return { answers: [{ status: response.status, headers: [...response.headers], body }], closed: false };
}

function made(send: Sent): Request {
  const body = content(send);
  return new Request(ORIGIN + send.path, {
    method: send.method,
    headers: fields(send),
    ...(body !== undefined && { body: new Uint8Array(body) }),
  });
}
