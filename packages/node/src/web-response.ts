type WebResponse = globalThis.Response;

/** The header fields whose values the runtime works out by itself. */
const FRAMING = new Set(["content-length", "transfer-encoding", "connection"]);

/** The header fields of a web `Response`, names and values one after the other. */
export function fieldsOfResponse(response: WebResponse): string[] {
  const fields: string[] = [];
  for (const [name, value] of response.headers) {
    if (!FRAMING.has(name)) fields.push(name, value);
  }
  return fields;
}

/** Whether the content of a web `Response` is events, so that its end is not to be waited for. */
export function isOfEvents(response: Pick<WebResponse, "headers">): boolean {
  return /^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "");
}
