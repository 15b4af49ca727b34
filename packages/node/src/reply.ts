import type { CallContext } from "./call.js";
import { setCookie } from "./cookie.js";
import { fieldsOf, LINES, withPrepared } from "./encode.js";
import type { Engine } from "./engine.js";
import { isKind } from "./kind.js";
import { pairs, type Problem } from "./problem.js";
import { type Format, Response, type ResponseOptions, type StreamResponseOptions, type Trailers } from "./response.js";
import { isStream } from "./source.js";
import { fieldsOfResponse } from "./web-response.js";

/** The platform's class. */
const WebResponse = globalThis.Response;

/**
 * An answer as hooks and middleware get it: complete, and of this request alone, so that it can be changed whatever the handler has
 * answered with.
 */
export class Reply extends Response {
  /** That of the route, for an answer which has none itself. */
  readonly #routeStatus: number | undefined;

  constructor(content: unknown, options: ResponseOptions, routeStatus: number | undefined) {
    super(content, options);
    this.#routeStatus = routeStatus;
  }

  override get status(): number {
    return this.options.status ?? this.#routeStatus ?? super.status;
  }

  override set status(status: number) {
    super.status = status;
  }
}

/**
 * Makes a {@link Reply} of what a handler has answered, with what its context says of it.
 *
 * @param routeStatus The status of the route.
 */
export function replyOf(value: unknown, context: CallContext, routeStatus: number | undefined, engine: Engine): Reply {
  const prepared = context.takePrepared();
  const withOwn = (own: string[]): string[] => (prepared ? withPrepared(own, prepared, engine) : own);
  let reply: Reply;
  if (value instanceof WebResponse) {
    // Bun has the media type of a text no more when its stream has been asked for.
    const fields = withOwn(fieldsOfResponse(value));
    reply = made(value.body ?? undefined, value.body ? "web" : undefined, value.status, fields);
  } else if (isKind(value, "problem")) {
    const problem = value as Problem;
    const own = pairs(problem.options.headers ?? []).flatMap(([name, value]) => [name.toLowerCase(), value]);
    reply = made(problem, "problem", problem.status, withOwn(own));
  } else if (isKind(value, "response")) {
    const response = value as Response;
    const { status, trailers } = response.options as StreamResponseOptions;
    const fields = fieldsOf(response, undefined, prepared, engine);
    reply = made(response.content, formatOf(response), status ?? prepared?.status, fields, routeStatus, trailers);
  } else {
    const content = value === context ? undefined : value;
    reply = made(content, content === null ? "json" : undefined, prepared?.status, withOwn([]), routeStatus);
  }
  context.reply = reply;
  return reply;
}

function made(
  content: unknown,
  format: Format,
  status: number | undefined,
  fields: readonly string[],
  routeStatus?: number,
  trailers?: Trailers,
): Reply {
  const headers = fields.length > 0 ? pairsOf(fields) : undefined;
  const options: StreamResponseOptions = trailers ? { status, headers, trailers } : { status, headers };
  return Response.formatted(new Reply(content, options, routeStatus), format);
}

/** The format of a response, also where it follows from its media type, which is a header field like any other from now on. */
function formatOf({ content, format, options }: Response): Format {
  if (format !== undefined && format !== "stream") return format;
  const isLines = typeof content === "object" && content !== null && isStream(content) && LINES.test(options.mediaType ?? "");
  return isLines ? "lines" : format;
}

/** Puts what has been said of an answer since it was made into it: whatever is said last holds. */
export function applyPrepared(reply: Reply, context: CallContext, engine: Engine): void {
  const prepared = context.takePrepared();
  if (!prepared) return;
  if (prepared.status !== undefined) reply.status = prepared.status;
  const fields: string[] = [];
  prepared.addTo(fields, new Set());
  const names = new Set(fields.filter((name, index) => index % 2 === 0 && name !== "set-cookie"));
  for (const name of names) reply.headers.delete(name);
  for (const [name, value] of pairsOf(fields)) reply.headers.append(name, value);
  for (const cookie of prepared.cookies) reply.headers.append("set-cookie", setCookie(engine, cookie));
}

/** The data of the problem that is the content of `response`, with what hooks have changed of its status and header fields. */
export function problemOf({ content, status, options }: Response): object {
  // Its media type stays.
  const headers = pairs(options.headers ?? []).filter(([name]) => name !== "content-type");
  return { ...(content as Problem).data(), status, headers };
}

function pairsOf(fields: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) pairs.push([fields[index] ?? "", fields[index + 1] ?? ""]);
  return pairs;
}
