import { HOOK_OPTIONS } from "./hooks.js";
import { describe, type DerivedRoute, mistake, type SocketRoute, stageOptions } from "./operation.js";
import { translate } from "./path.js";
import { compile } from "./schema.js";
import { requirementsOf } from "./security.js";
import { at } from "./setup-error.js";
import type { WebSocketOptions } from "./websocket.js";

/** Stands for a method in routes of sockets: HTTP/1.1 asks for one by GET, HTTP/2 by CONNECT. */
export const WEBSOCKET = "WebSocket";

/** What a router may say for the sockets among its routes. */
export const SHARED_WITH_SOCKETS: readonly string[] = ["tags", "deprecated", "hidden", "use", "security"];

const OPTIONS = new Set([
  ...HOOK_OPTIONS,
  ...(
    "params query headers cookies parameters incoming outgoing subprotocols allowedOrigins invalidMessage messageLimit idleTimeoutMs " +
    "pingIntervalMs sendQueueLimit data operationId summary description tags deprecated hidden security"
  ).split(" "),
]);

/**
 * Makes the OpenAPI operation of a route of sockets.
 *
 * @throws {SetupError} An option does not exist or does not fit.
 */
export function deriveSocket(pattern: string, options: WebSocketOptions): DerivedRoute & { readonly socket: SocketRoute } {
  return at(`${WEBSOCKET} ${pattern}`, () => derived(translate(pattern), options));
}

function derived(path: string, options: WebSocketOptions): DerivedRoute & { readonly socket: SocketRoute } {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) throw mistake(name, "there is no such option", `use one of ${[...OPTIONS].join(" ")}`);
  }
  const { incoming, outgoing, invalidMessage, data } = options;
  if (data !== undefined && typeof data !== "function") {
    throw mistake("data", "this is no function", "give a function that makes what a socket has as data");
  }
  if (invalidMessage !== undefined && invalidMessage !== "report" && invalidMessage !== "close") {
    throw mistake("invalidMessage", `there is no policy ${JSON.stringify(invalidMessage)}`, "use `report` or `close`");
  }
  const finish: DerivedRoute["finish"] = {};
  const { parameters, slots, others } = describe(path, options, finish);
  const received = incoming === undefined ? undefined : compile(incoming, "incoming");
  const sent = outgoing === undefined ? undefined : compile(outgoing, "outgoing", "answer");
  const { operationId, summary, description, tags, deprecated } = options;
  const { subprotocols, allowedOrigins, messageLimit, idleTimeoutMs, pingIntervalMs, sendQueueLimit } = options;
  const websocket = {
    subprotocols,
    allowed_origins: allowedOrigins,
    incoming: received?.schema,
    outgoing: sent?.schema,
    invalid_message: invalidMessage,
    message_limit: messageLimit,
    idle_timeout_ms: idleTimeoutMs,
    ping_interval_ms: pingIntervalMs,
    send_queue_limit: sendQueueLimit,
  };
  const operation = {
    operationId,
    summary,
    description,
    tags,
    deprecated,
    ...(options.security && { security: requirementsOf(options.security) }),
    ...(parameters.length > 0 && { parameters }),
    "x-sabir": { ...stageOptions(options.use), websocket, ...(options.hidden && { hidden: true }) },
  };
  return {
    method: WEBSOCKET,
    path,
    operation,
    slots,
    others,
    hasBody: false,
    hasFiles: false,
    finish,
    status: undefined,
    form: undefined,
    socket: { isJson: sent !== undefined, finish: received?.finish, closesInvalid: invalidMessage === "close", data },
  };
}
