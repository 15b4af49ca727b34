import { UploadFile } from "../upload.js";

/** What is read of a schema of zod to find the files in its values. */
interface FileSchema {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly shape?: Readonly<Record<string, FileSchema>>;
      readonly element?: FileSchema;
      readonly innerType?: FileSchema;
      readonly in?: FileSchema;
    };
    readonly bag?: { readonly Class?: unknown };
    /** The schema that this one adds checks or metadata to. */
    readonly parent?: FileSchema;
  };
}

/** Makes what the schema asks for out of a value with uploaded files. */
type Convert = (value: unknown) => Promise<unknown>;

/** Whether `schema` is one of a file as it arrives: `z.file()`, or an instance of `UploadFile`, `File`, `Blob` or `Uint8Array`. */
export function isFileSchema(schema: FileSchema): boolean {
  const { type } = schema._zod.def;
  return type === "file" || (type === "custom" && FILES.has(classOf(schema)));
}

/** The class that `schema` has instances of, if it is one of `z.instanceof`. */
function classOf({ _zod: { bag, parent } }: FileSchema): unknown {
  return bag?.Class ?? (parent && classOf(parent));
}

const FILES = new Set<unknown>([UploadFile, File, Blob, Uint8Array]);

/**
 * What makes files of the platform, or bytes, of uploaded files where `schema` asks for them; `undefined` where it does so
 * nowhere.
 *
 * @param outer The schemas that `schema` is a part of. One that contains itself is that of no form.
 */
export function fileConversion(schema: FileSchema, outer: readonly FileSchema[] = []): Convert | undefined {
  if (outer.includes(schema)) return undefined;
  if (isFileSchema(schema)) {
    const type = classOf(schema);
    if (type === UploadFile) return undefined;
    return type === Uint8Array ? toBytes : toFile;
  }
  const { def } = schema._zod;
  const within = [...outer, schema];
  if (def.type === "object") return ofMembers(def.shape ?? {}, within);
  if (def.type === "array") return def.element && ofItems(def.element, within);
  const inner = def.innerType ?? def.in;
  return inner && fileConversion(inner, within);
}

async function toBytes(value: unknown): Promise<unknown> {
  return value instanceof UploadFile ? await value.bytes() : value;
}

async function toFile(value: unknown): Promise<unknown> {
  if (!(value instanceof UploadFile)) return value;
  const content = (await value.bytes()) as Uint8Array<ArrayBuffer>;
  return new File([content], value.filename ?? "", { type: value.contentType ?? "" });
}

function ofItems(element: FileSchema, outer: readonly FileSchema[]): Convert | undefined {
  const convert = fileConversion(element, outer);
  return convert && (async (value) => (Array.isArray(value) ? await Promise.all(value.map(convert)) : value));
}

function ofMembers(shape: Readonly<Record<string, FileSchema>>, outer: readonly FileSchema[]): Convert | undefined {
  const converted = Object.entries(shape).flatMap(([name, schema]) => {
    const convert = fileConversion(schema, outer);
    return convert ? [[name, convert] as const] : [];
  });
  if (converted.length === 0) return undefined;
  return async (value) => {
    if (typeof value !== "object" || value === null) return value;
    const members = value as Record<string, unknown>;
    for (const [name, convert] of converted) {
      if (Object.hasOwn(members, name)) members[name] = await convert(members[name]);
    }
    return members;
  };
}
