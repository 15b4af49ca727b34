/** A Rust web runtime, spoken from TypeScript. */

export { Application, type AppOptions, type InjectedRequest, type InjectedResponse } from "./app.js";
export type { Context, Handler, Logger } from "./context.js";
export type { FromJsonSchema, JsonSchema } from "./json-schema.js";
export type { ParameterObject, RequestBodyObject, RouteOptions, SharedOptions } from "./operation.js";
export type { PathParams } from "./path.js";
export {
  BadRequest,
  Conflict,
  ContentTooLarge,
  Forbidden,
  Gone,
  NotFound,
  Problem,
  ServiceUnavailable,
  TooManyRequests,
  Unauthorized,
  ValidationFailed,
  type HeaderFields,
  type NamedProblemOptions,
  type ProblemEntry,
  type ProblemOptions,
} from "./problem.js";
export type { Request } from "./request.js";
export { reply, Reply, type Cookie, type ReplyOptions } from "./response.js";
export { Group, Routes } from "./routes.js";
export { Sabir, type Listening, type ListenOptions } from "./sabir.js";
export type { Input, Output, Schema } from "./schema.js";
export type { Settings } from "./settings.js";
export { SetupError } from "./setup-error.js";
export { UploadFile } from "./upload.js";
