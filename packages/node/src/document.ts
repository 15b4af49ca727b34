/** What a document says of the application as a whole. */
export interface DocumentInfo {
  /** The name of the application; `Sabir` by default. */
  readonly title?: string;
  /** The version of the application; `0.1.0` by default. */
  readonly version?: string;
  /** For people; CommonMark. */
  readonly description?: string;
  /** Where it is served: URLs such as `https://shop.example/api`, or objects with a `url` and a `description`. */
  readonly servers?: readonly (string | { readonly url: string; readonly description?: string })[];
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

/** `info` as the runtime reads it. */
export function plainInfo({ servers, ...info }: DocumentInfo): object {
  if (!Array.isArray(servers)) return { ...info, servers };
  return { ...info, servers: servers.map((server: unknown) => (typeof server === "string" ? { url: server } : server)) };
}
