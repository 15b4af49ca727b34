import { EVENTS_TYPE, LINES_TYPE } from "./encode.js";
import { eventSchema, type EventSchemas } from "./event-schema.js";
import { compile, type Schema } from "./schema.js";

/** An OpenAPI 3.1 Response Object (§4.8.17). */
export interface ResponseObject {
  /** For people; the name of the status where there is none. */
  readonly description?: string;
  /** Schemas by media type, which may be those of a library. */
  readonly content?: Readonly<Record<string, { readonly schema?: Schema | boolean }>>;
}

/** What a route says of its answers. */
export interface AnswerOptions {
  readonly status?: number;
  readonly responses?: Readonly<Record<string, ResponseObject>>;
  readonly produces?: readonly string[];
  readonly events?: EventSchemas;
  readonly items?: Schema | true;
  readonly returns?: Schema;
}

/**
 * The Responses Object of a route, in which schemas of libraries have become JSON Schema; `undefined` where it says nothing.
 *
 * @throws {SetupError} A schema cannot be said in JSON Schema.
 */
export function answers(options: AnswerOptions): Record<string, object> | undefined {
  const { status = 200, responses, produces, events, items, returns } = options;
  const series = {
    ...(events !== undefined && { [EVENTS_TYPE]: { itemSchema: eventSchema(events) } }),
    ...(items !== undefined && { [LINES_TYPE]: itemsOf(items) }),
  };
  const described = Object.keys(series).length > 0;
  if (!responses && !produces && !described && !returns && options.status === undefined) return undefined;
  const converted = Object.entries(responses ?? {}).map(
    ([code, response]) => [code, plain(response, `responses.${code}`)] as const,
  );
  const all: Record<string, object> = Object.fromEntries(converted);
  if (options.status !== undefined) all[status] ??= {};
  if (produces || returns) all[status] = negotiated(produces ?? ["application/json"], returns, all[status]);
  if (described) all[status] = success(series, all[status]);
  return all;
}

/** The Media Type Object of values that are sent one after the other, in the words of OpenAPI 3.2 §4.14.3. */
function itemsOf(items: Schema | true): object {
  return items === true ? {} : { itemSchema: compile(items, "items", "answer").schema };
}

/** A Response Object with its schemas as the runtime reads them. What is no schema is left to the runtime, which names it. */
function plain(response: ResponseObject, field: string): object {
  const content = response?.content;
  if (typeof content !== "object" || content === null) return response;
  const converted = Object.entries(content).map(([mediaType, media]) => {
    if (typeof media?.schema !== "object" && typeof media?.schema !== "function") return [mediaType, media] as const;
    const { schema } = compile(media.schema, `${field}.content.${mediaType}.schema`, "answer");
    return [mediaType, { ...media, schema }] as const;
  });
  return { ...response, content: Object.fromEntries(converted) };
}

/** The response of a success with the media types of `produces`, and what it returns, beside what is said of it. */
function negotiated(
  produces: readonly string[],
  returns: Schema | undefined,
  given: { readonly content?: object } | undefined,
): object {
  const media = returns === undefined ? {} : { schema: compile(returns, "returns", "answer").schema };
  return success(Object.fromEntries(produces.map((mediaType) => [mediaType, media])), given);
}

/** The response of a success with content beside what is said of it. */
function success(content: object, given: { readonly content?: object } | undefined): object {
  return { ...given, content: { ...content, ...given?.content } };
}
