/** A Rust web runtime, spoken from TypeScript. */

export { Application, type AppOptions } from "./app.js";
export { type ConnectOptions, type InjectedRequest, type InjectedResponse, SocketRefused } from "./exchange.js";
export type { Answers, Respond } from "./answers.js";
export { type ChannelEvent, ChannelEvents } from "./channel-events.js";
export { ClientSocket, type Closed, type WaitOptions } from "./client-socket.js";
export { CloseCode } from "./close-code.js";
export type { CallParts, Context, Handler, Logger } from "./context.js";
export { jsonLogger, type JsonLoggerOptions, type LogLevel } from "./request-log.js";
export type { Trace } from "./trace.js";
export type { Cookie, CookieAttributes } from "./cookie.js";
export type {
  AsyncApiDocument,
  AsyncApiObjects,
  DocumentInfo,
  Documents,
  DocumentTag,
  OpenApiDocument,
  OpenApiInfo,
} from "./document.js";
export type { Event, EventData } from "./event.js";
export { file, type FileOptions } from "./file.js";
export { Hooked } from "./hooked.js";
export type { ErrorHook, Hook, HookContext, HookOptions, HookResult, Middleware, Next, ResponseHook } from "./hooks.js";
export type { FromJsonSchema, JsonSchema } from "./json-schema.js";
export type { ErrorClass } from "./level.js";
export type { LifecycleHook, LifecycleOptions } from "./lifecycle.js";
export type { ParameterObject, RequestBodyObject, RouteOptions, SharedOptions } from "./operation.js";
export type { Part } from "./part.js";
export type { PathParams } from "./path.js";
export {
  type HeaderFields,
  type NamedProblemOptions,
  Problem,
  type ProblemEntry,
  type ProblemOptions,
  type RetryProblemOptions,
} from "./problem.js";
export * from "./problems.js";
export type { AppContext, ConnectionContext, Maker, Override, Provided, ProvideOptions, Provider } from "./provide.js";
export type { Request } from "./request.js";
export {
  type Bytes,
  type RedirectStatus,
  Response,
  type ResponseOptions,
  type StreamResponseOptions,
  type Trailers,
} from "./response.js";
export type { ResponseObject } from "./responses.js";
export { Router, type RouterOptions } from "./router.js";
export type { RedirectOptions, ServedOptions } from "./served.js";
export { type AddEvents, type AddWebSocket, type MethodOptions, Routes } from "./routes.js";
export { type Listening, type ListenOptions, Sabir } from "./sabir.js";
export type { Input, Output, Schema } from "./schema.js";
export {
  type Algorithm,
  apiKey,
  type ApiKeyOptions,
  basic,
  bearer,
  type Identity,
  jwt,
  type JwtOptions,
  type KeyOptions,
  type Keys,
  type Scheme,
  type SecurityRequirement,
  type SecuritySchemeObject,
} from "./security.js";
export type { Settings } from "./settings.js";
export type { Values } from "./source.js";
export type { AppState, State } from "./state.js";
export { SetupError } from "./setup-error.js";
export type { Stage } from "./stage.js";
export * from "./stages.js";
export type { StaticOptions } from "./static-options.js";
export { events, stream } from "./stream.js";
export { UploadFile } from "./upload.js";
export type { WebSocket, WebSocketContext, WebSocketHandler, WebSocketHandlers, WebSocketOptions } from "./websocket.js";
