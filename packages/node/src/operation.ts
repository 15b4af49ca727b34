import type { EventSchemas } from "./event-schema.js";
import { HOOK_OPTIONS, type HookOptions, listOf, type Middleware, type Several } from "./hooks.js";
import { textOf } from "./json.js";
import type { JsonSchema } from "./json-schema.js";
import { translate, variables } from "./path.js";
import { answers, type ResponseObject } from "./responses.js";
import { compile, members, refuseLibraries, type Schema, WRITE_PLAIN } from "./schema.js";
import { requirementsOf, type Scheme, type SecurityRequirement } from "./security.js";
import { at, SetupError } from "./setup-error.js";
import { type Stage, stagesOf } from "./stage.js";

/** An OpenAPI 3.1 Parameter Object (§4.8.12), as far as it says how a value is read. */
export interface ParameterObject {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required?: boolean;
  readonly deprecated?: boolean;
  readonly description?: string;
  readonly style?: "simple" | "label" | "matrix" | "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";
  readonly explode?: boolean;
  readonly schema?: JsonSchema | boolean;
}

/** An OpenAPI 3.1 Request Body Object (§4.8.13). */
export interface RequestBodyObject {
  readonly content: Readonly<Record<string, { readonly schema?: JsonSchema | boolean }>>;
  readonly required?: boolean;
  readonly description?: string;
}

/** What a route may say that a router may say for all of its routes. */
export interface SharedOptions {
  /** Names for grouping. */
  readonly tags?: readonly string[];
  /** Whether clients should stop using it. */
  readonly deprecated?: boolean;
  /** Answers by status. Those of a router hold for its routes too, where these say nothing of the status. */
  readonly responses?: Readonly<Record<string, ResponseObject>>;
  /** The media types that take part in content negotiation. */
  readonly produces?: readonly string[];
  /** Whether documents leave the route out. */
  readonly hidden?: boolean;
  /** The largest request body in bytes, instead of the setting. */
  readonly bodyLimit?: number;
  /** Milliseconds the handler has, instead of the setting. */
  readonly timeoutMs?: number;
  /**
   * Middleware, which runs inside of that of the application and its routers; and stages in place of those around it:
   * `[cors({ maxAge: 60 })]`, and `[cors(false)]` for no such stage. Those of a router come before those of its routes, of which the
   * last one counts.
   */
  readonly use?: Several<Middleware | Stage>;
  /**
   * The security schemes of which requests satisfy one: what `app.security` has returned, called with the scopes that are needed, as
   * `[token("orders:read")]`.
   */
  readonly security?: readonly (Scheme | SecurityRequirement)[];
}

/** What a route may say beyond its path. */
export interface RouteOptions extends SharedOptions, HookOptions {
  /** The path's variables; without it they have the types of their converters. */
  readonly params?: Schema;
  /** The parameters in the query. */
  readonly query?: Schema;
  /** The header fields that the handler gets. */
  readonly headers?: Schema;
  /** The cookies that the handler gets. */
  readonly cookies?: Schema;
  /** OpenAPI Parameter Objects, for what an object schema cannot say, such as `style`. */
  readonly parameters?: readonly ParameterObject[];
  /** The schema of a JSON body, which must be there. */
  readonly body?: Schema;
  /** The schema of a form, URL-encoded or multipart, which must be there; only multipart when it has files. */
  readonly form?: Schema;
  /** An OpenAPI Request Body Object, instead of `body` and `form`. */
  readonly requestBody?: RequestBodyObject;
  /**
   * Has the handler run once the head is there, and take the content while it arrives: `context.body` is a `ReadableStream` of bytes, and
   * so is `context.request.body`. Nothing of it is in memory before it is read, and a handler that reads slowly slows its client down.
   * The limits hold while it is read; what goes wrong is thrown as the problem which is the answer then.
   */
  readonly streaming?: true;
  /**
   * The schema of one value of a body that is lines of JSON (`application/jsonl`), which the handler gets one by one while they arrive,
   * as `context.items`. See `streaming`.
   */
  readonly bodyItems?: Schema;
  /** Has the handler get the parts of a multipart form one by one while they arrive, as `context.parts`. See `streaming`. */
  readonly parts?: true;
  /**
   * What the data of the events are that the handler gives one after the other, by the types of the events: `message` is that of events
   * which name none. `true` says nothing of them. The answer is then `text/event-stream` (WHATWG HTML §9.2). Routes of `app.sse` have
   * it by themselves.
   */
  readonly events?: EventSchemas;
  /**
   * What the values are that the handler gives one after the other, or `true` where nothing is said of them. Each is a line of JSON,
   * and the answer is `application/jsonl`.
   */
  readonly items?: Schema | true;
  /** The schema of a success, which is JSON, or what is in `produces`. It describes the answer, and is not applied to it. */
  readonly returns?: Schema;
  /** The status of a success; 200, or 204 when the handler returns nothing. */
  readonly status?: number;
  /** A unique name, also for `urlFor`. */
  readonly operationId?: string;
  /** A short summary. */
  readonly summary?: string;
  /** A longer explanation. */
  readonly description?: string;
}

/** The names of {@link SharedOptions}. */
export const SHARED_OPTIONS: readonly string[] =
  "tags deprecated responses produces hidden bodyLimit timeoutMs use security".split(" ");

const OPTIONS = new Set([
  ...SHARED_OPTIONS,
  ...HOOK_OPTIONS,
  ..."params query headers cookies parameters body form requestBody streaming bodyItems parts events items returns status operationId summary description".split(
    " ",
  ),
]);

/** The places of parameters: the option, the place in OpenAPI, the property of the context. */
export const PLACES = [
  ["params", "path"],
  ["query", "query"],
  ["headers", "header"],
  ["cookies", "cookie"],
] as const;

/** The property of the context that has the parameters of a place. */
export type PlaceName = (typeof PLACES)[number][0];

/** Where one slot of a call goes. */
export interface Slot {
  readonly place: PlaceName;
  readonly name: string;
}

/** A route ready for the runtime. */
export interface DerivedRoute {
  readonly method: string;
  /** The pattern in the runtime's syntax. */
  readonly path: string;
  readonly operation: object;
  /** The parameters, in the order of the slots of a call. */
  readonly slots: readonly Slot[];
  /** The parameter of the query whose members are parameters themselves: those that have no name in the schema. */
  readonly others: string | undefined;
  readonly hasBody: boolean;
  /** Whether the body may hold files. */
  readonly hasFiles: boolean;
  /** What remains to be done to valid values, by property of the context. */
  readonly finish: Readonly<Partial<Record<PlaceName | "body", (value: unknown) => unknown>>>;
  readonly status: number | undefined;
  /** How values that the handler gives one after the other become content, where the route says it. */
  readonly form: "events" | "lines" | undefined;
  /** As what the handler takes the content while it arrives, where it does. */
  readonly streamed?: Streamed | undefined;
  /** What there is to know of its sockets, where it has some. */
  readonly socket?: SocketRoute;
}

/** Content that a handler takes while it arrives. */
export interface Streamed {
  readonly form: "bytes" | "items" | "parts";
  /** What remains to be done to a valid item. */
  readonly finish: ((value: unknown) => unknown) | undefined;
}

/** What a route says of its sockets. */
export interface SocketRoute {
  /** Whether all that is sent is JSON. */
  readonly isJson: boolean;
  /** What remains to be done to a valid message. */
  readonly finish: ((value: unknown) => unknown) | undefined;
  /** Whether a message that does not fit closes the socket. */
  readonly closesInvalid: boolean;
  /** Makes what a socket has as data. */
  readonly data: (() => unknown) | undefined;
}

/**
 * Makes the OpenAPI operation of a route.
 *
 * @throws {SetupError} An option does not exist or does not fit.
 */
export function derive(method: string, pattern: string, options: RouteOptions): DerivedRoute {
  return at(`${method} ${pattern}`, () => derived(method, translate(pattern), options));
}

function derived(method: string, path: string, options: RouteOptions): DerivedRoute {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) throw mistake(name, "there is no such option", `use one of ${[...OPTIONS].join(" ")}`);
  }
  const { status } = options;
  if (status !== undefined && !(Number.isInteger(status) && status >= 100 && status <= 999)) {
    throw mistake("status", `${String(status)} is not a status code`, "use a number of 200 to 999");
  }
  if (status !== undefined && status < 200) {
    const problem = `${status} is an interim status, which no answer has (RFC 9110 §15.2)`;
    throw mistake("status", problem, "use a number of 200 to 999");
  }
  const finish: Partial<Record<PlaceName | "body", (value: unknown) => unknown>> = {};
  const { parameters, slots, others } = describe(path, options, finish);
  const streamed = streamedContent(options);
  const body = streamed?.body ?? content(options, finish);
  const { operationId, summary, description, tags, deprecated, bodyLimit, timeoutMs } = options;
  const extension = {
    ...(bodyLimit !== undefined && { body_limit: bodyLimit }),
    ...(timeoutMs !== undefined && { timeout_ms: timeoutMs }),
    ...stageOptions(options.use),
    ...(options.hidden && { hidden: true }),
  };
  const isOfEvents = options.events !== undefined;
  if (isOfEvents && options.items !== undefined) {
    throw mistake("items", "there are `events` as well", "say one of them of an answer");
  }
  const responses = answers(options);
  const operation = {
    ...(operationId !== undefined && { operationId }),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(tags && { tags }),
    ...(deprecated !== undefined && { deprecated }),
    ...(options.security && { security: requirementsOf(options.security) }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    ...(responses && { responses }),
    ...(Object.keys(extension).length > 0 && { "x-sabir": extension }),
  };
  return {
    method,
    path,
    operation,
    slots,
    others,
    hasBody: body !== undefined && !streamed,
    hasFiles:
      body !== undefined && !streamed && Object.keys(body.content).some((mediaType) => mediaType.startsWith("multipart/")),
    finish,
    status,
    streamed,
    form: isOfEvents ? "events" : options.items === undefined ? undefined : "lines",
  };
}

/** What `x-sabir` says of the stages of a route. */
export function stageOptions(use: HookOptions["use"]): object {
  const stages = listOf(use).filter((each) => typeof each !== "function");
  return stages.length === 0 ? {} : { stages: stagesOf("", stages) };
}

/** What a route says of its parameters. */
export interface Described {
  readonly parameters: readonly ParameterObject[];
  readonly slots: readonly Slot[];
  readonly others: string | undefined;
}

/** Describes the parameters of a route on `path`; what remains to be done to their values is added to `finish`. */
export function describe(
  path: string,
  options: RouteOptions,
  finish: Partial<Record<string, (value: unknown) => unknown>>,
): Described {
  const captured = variables(path).map(({ name }) => name);
  const { parameters, others } = described(options, captured, finish);
  const slots: Slot[] = captured.map((name) => ({ place: "params", name }));
  for (const parameter of parameters) {
    const place = PLACES.find(([, location]) => location === parameter.in)?.[0] ?? "query";
    if (place !== "params") slots.push({ place, name: parameter.name });
  }
  return { parameters, slots, others };
}

/** @param captured The variables of the path. */
function described(
  options: RouteOptions,
  captured: readonly string[],
  finish: Partial<Record<string, (value: unknown) => unknown>>,
): { parameters: ParameterObject[]; others: string | undefined } {
  const found: ParameterObject[] = [];
  let others: string | undefined;
  for (const [option, location] of PLACES) {
    const schema = options[option];
    if (schema === undefined) continue;
    const compiled = compile(schema, option, "parameters");
    const all = members(compiled.schema, option);
    if (compiled.finish) {
      const undescribed = captured.filter((name) => !all.named.some((member) => member.name === name));
      const isBeside = location === "path" && undescribed.length > 0;
      finish[option] = isBeside ? beside(undescribed, compiled.finish) : compiled.finish;
    }
    for (const { name, schema: inner, required } of all.named) {
      found.push({ name, in: location, required: required || location === "path", schema: inner });
    }
    if (all.others) {
      if (location !== "query") {
        const problem = "only the query has parameters that are not declared";
        throw mistake(`${option}.additionalProperties`, problem, "name each in `properties`, or say `false`");
      }
      const isTaken = (name: string): boolean =>
        all.named.some((member) => member.name === name) ||
        (options.parameters ?? []).some((parameter) => parameter.in === location && parameter.name === name);
      others = "query";
      while (isTaken(others)) others += "_";
      const required = all.others.required !== undefined;
      // Its members are pairs of their own in the query (OpenAPI 3.1 §4.8.12.3).
      found.push({ name: others, in: location, required, style: "form", explode: true, schema: all.others });
    }
  }
  refuseLibraries(options.parameters, "parameters", "give it to one of the options `params`, `query`, `headers` and `cookies`");
  for (const parameter of options.parameters ?? []) {
    const twice = found.findIndex(({ name, in: place }) => name === parameter.name && place === parameter.in);
    // What a Parameter Object says of a declared parameter is added to it.
    if (twice >= 0) found[twice] = { ...(found[twice] as ParameterObject), ...parameter };
    else found.push(parameter);
  }
  return { parameters: found, others };
}

/** What a route says of content that its handler takes while it arrives. */
function streamedContent(options: RouteOptions): (Streamed & { readonly body: RequestBodyObject | undefined }) | undefined {
  const names = ["streaming", "bodyItems", "parts"] as const;
  const given = names.filter((name) => options[name] !== undefined);
  const [name] = given;
  if (name === undefined) return undefined;
  const others = [...given.slice(1), ...(["body", "form"] as const).filter((other) => options[other] !== undefined)];
  if (others.length > 0) throw mistake([name, ...others].join(", "), "there is one body", "keep one of them");
  if (name !== "bodyItems" && options[name] !== true) throw mistake(name, "this is not `true`", "say `true`, or leave it out");
  if (name === "streaming") return { form: "bytes", finish: undefined, body: options.requestBody };
  if (options.requestBody) throw mistake(`${name}, requestBody`, "there is one body", "keep one of them");
  if (name === "parts") {
    return { form: "parts", finish: undefined, body: { required: true, content: { "multipart/form-data": {} } } };
  }
  const { schema, finish } = compile(options.bodyItems as Schema, name);
  const content = { "application/jsonl": { itemSchema: schema } } as RequestBodyObject["content"];
  // No lines are lines, too.
  return { form: "items", finish, body: { content } };
}

function content(
  options: RouteOptions,
  finish: Partial<Record<string, (value: unknown) => unknown>>,
): RequestBodyObject | undefined {
  const given = (["body", "form", "requestBody"] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1) throw mistake(given.join(", "), "there is one body", "keep one of them");
  if (options.requestBody) {
    refuseLibraries(options.requestBody, "requestBody", `use the option \`body\` or \`form\`, or ${WRITE_PLAIN}`);
    return options.requestBody;
  }
  const option = options.body === undefined ? "form" : "body";
  const schema = options.body ?? options.form;
  if (schema === undefined) return undefined;
  const compiled = compile(schema, option, option === "form" ? "form" : "content");
  if (compiled.finish) finish["body"] = compiled.finish;
  const media = { schema: compiled.schema };
  if (option === "body") return { required: true, content: { "application/json": media } };
  const multipart = { "multipart/form-data": media };
  if (textOf(compiled.schema)?.includes('"format":"binary"')) return { required: true, content: multipart };
  return { required: true, content: { "application/x-www-form-urlencoded": media, ...multipart } };
}

/**
 * What `finish` makes of the variables of the path that a schema describes, beside those that it does not, such as those of a prefix.
 * The library does not see them: it would remove or refuse them.
 */
function beside(others: readonly string[], finish: (value: unknown) => unknown): (value: unknown) => unknown {
  const isOther = new Set(others);
  return async (value) => {
    const entries = Object.entries(value as object);
    const rest = Object.fromEntries(entries.filter(([name]) => isOther.has(name)));
    const finished = await finish(Object.fromEntries(entries.filter(([name]) => !isOther.has(name))));
    if (typeof finished !== "object" || finished === null) return finished;
    const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(finished) as object | null);
    return isPlain ? { ...rest, ...finished } : Object.assign(finished, rest);
  };
}

/** A mistake in a field of a route. */
export function mistake(field: string, problem: string, remedy: string): SetupError {
  return new SetupError({ route: "", field, problem, remedy });
}
