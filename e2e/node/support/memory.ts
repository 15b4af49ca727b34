/** Requests without a connection. */

import type { Sabir } from "sabir";

import { content, fields } from "./content.js";
import type { Raw, Request } from "./fixture.js";
import type { Outcome } from "./wire.js";

/** Sends a request to `app` itself. */
export async function sendInMemory(app: Sabir, request: Request | Raw): Promise<Outcome> {
  if (!("method" in request)) {
    throw new Error("raw bytes need a connection");
  }
  const answer = await app.inject({
    method: request.method,
    target: request.path,
    headers: fields(request),
    body: content(request) ?? new Uint8Array(),
  });
  return { answers: [answer], closed: false };
}
