/** The requests of fixtures. */

import type { Part, Request } from "./fixture.js";

const BOUNDARY = "sabir-boundary";

const MEDIA_TYPES = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  multipart: `multipart/form-data; boundary=${BOUNDARY}`,
} as const;

/** The header fields that the fixture gives, and the host and the content type that belong to the request. */
export function fields(request: Request): [name: string, value: string][] {
  const given = Object.entries(request.headers ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  if (!names.has("host")) {
    given.unshift(["host", "localhost"]);
  }
  if (!names.has("content-type")) {
    for (const kind of ["json", "form", "multipart"] as const) {
      if (request[kind] !== undefined) {
        given.push(["content-type", MEDIA_TYPES[kind]]);
      }
    }
  }
  return given;
}

/** The content; `undefined` where the request has none. */
export function content(request: Request): Buffer | undefined {
  if (request.json !== undefined) {
    return Buffer.from(JSON.stringify(request.json));
  }
  if (request.form !== undefined) {
    return Buffer.from(new URLSearchParams(request.form).toString());
  }
  if (request.multipart !== undefined) {
    return Buffer.concat([...request.multipart.map(part), Buffer.from(`--${BOUNDARY}--\r\n`)]);
  }
  if (request.text !== undefined) {
    return Buffer.from(request.text);
  }
  return request.base64 === undefined ? undefined : Buffer.from(request.base64, "base64");
}

function part({ name, filename, content_type, base64, value, text }: Part): Buffer {
  let head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"`;
  if (filename !== undefined) {
    head += `; filename="${filename}"`;
  }
  if (content_type !== undefined) {
    head += `\r\ncontent-type: ${content_type}`;
  }
  const body = base64 === undefined ? Buffer.from(value ?? text ?? "") : Buffer.from(base64, "base64");
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body, Buffer.from("\r\n")]);
}
