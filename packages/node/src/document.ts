/** What a document says of the application as a whole. */
export interface DocumentInfo {
  /** The name of the application; `Sabir` by default. */
  readonly title?: string;
  /** The version of the application; `0.1.0` by default. */
  readonly version?: string;
  /** For people; CommonMark. */
  readonly description?: string;
  /** The URL of the terms of its use. */
  readonly termsOfService?: string;
  /** Who answers for it. */
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  /** What others may do with it: a name, and an identifier of SPDX or a URL. */
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
  /** What is said of the tags of operations, and their order. */
  readonly tags?: readonly DocumentTag[];
  /** Where it is served: URLs such as `https://shop.example/api`, or objects with a `url` and a `description`. */
  readonly servers?: readonly (string | { readonly url: string; readonly description?: string })[];
}

/** An OpenAPI Tag Object (OpenAPI 3.1 §4.8.22). */
export interface DocumentTag {
  readonly name: string;
  readonly description?: string;
  readonly externalDocs?: { readonly url: string; readonly description?: string };
}

/** What an OpenAPI document says of the application as a whole. */
export interface OpenApiInfo extends DocumentInfo {
  /** The version of the specification; `3.1` by default. 3.2 has words for event streams and JSON Lines. */
  readonly openapiVersion?: "3.1" | "3.2";
}

/** Where an application gives its documents, and what they say of it as a whole. `null` is nowhere. */
export interface Documents extends OpenApiInfo {
  /** The path of the OpenAPI document; `/openapi.json` by default. */
  readonly openapi?: string | null;
  /** The path of the AsyncAPI document; `/asyncapi.json` by default. Servers without a host are left out of it. */
  readonly asyncapi?: string | null;
  /** The path of a page that shows the OpenAPI document; `/docs` by default. */
  readonly docs?: string | null;
  /** What the page shows it with. */
  readonly ui?: "swagger";
}

/** An OpenAPI 3.1 or 3.2 document. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0" | "3.2.0";
  readonly info: { readonly title: string; readonly version: string; readonly [name: string]: unknown };
  readonly servers?: readonly { readonly url: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, any>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tags?: readonly DocumentTag[];
}

/** An AsyncAPI 3.0 document. */
export interface AsyncApiDocument {
  readonly asyncapi: "3.0.0";
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly servers?: AsyncApiObjects;
  readonly channels: AsyncApiObjects;
  readonly operations: AsyncApiObjects;
  readonly components?: { readonly schemas: AsyncApiObjects };
}

/** Objects of the specification, by their names. */
export type AsyncApiObjects = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What an OpenAPI document says of the whole, as the runtime reads it. */
export function plainOpenApiInfo({ openapiVersion, ...info }: OpenApiInfo): object {
  return { ...plainInfo(info), openapi_version: openapiVersion };
}

/** `info` as the runtime reads it. */
export function plainInfo({ servers, ...info }: DocumentInfo): object {
  if (!Array.isArray(servers)) return { ...info, servers };
  return { ...info, servers: servers.map((server: unknown) => (typeof server === "string" ? { url: server } : server)) };
}
