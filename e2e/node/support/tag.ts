/** Values as JSON with their types beside them. */

import { createHash } from "node:crypto";

import { UploadFile } from "sabir";

import { resolve, type Schema, type Schemas, schemaOf } from "./schema.js";
import { tagText } from "./text.js";

/** What tags depend on beside the schema. */
export interface Circumstances {
  /** What references lead to. */
  readonly components: Schemas;
  /** Whether the value is content, whose numbers keep the type that they were written with. */
  readonly isContent: boolean;
  /** Where files are put that are still read. */
  readonly pending: Promise<void>[];
}

/** Gives `value` with its type. Fails when it is not of the type that its schema declares. */
export function tag(value: unknown, declared: Schema, circumstances: Circumstances): unknown {
  const schema = resolve(declared, value, circumstances.components);
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type, schema))) {
    throw new Error(`${shown(value)} is not of the type ${types.join(" or ")}`);
  }
  switch (typeof value) {
    case "boolean":
      return { bool: value };
    case "number":
      return tagNumber(value, types.includes("number") && !circumstances.isContent);
    case "bigint":
      if (Number.isSafeInteger(Number(value))) {
        throw new Error(`${value}n would be a number`);
      }
      return { int: String(value) };
    case "string":
      return tagText(value, schema.format ?? "");
    case "object":
      return value === null ? null : tagObject(value, schema, circumstances);
    default:
      throw new Error(`${shown(value)} is no value of a request`);
  }
}

function tagNumber(value: number, isFloat: boolean): unknown {
  // An integer beyond the safe ones would be a bigint, so this was written as a fraction or with an exponent.
  return isFloat || !Number.isSafeInteger(value) ? { float: value } : { int: value };
}

function tagObject(value: object, schema: Schema, circumstances: Circumstances): unknown {
  if (value instanceof UploadFile) {
    return tagFile(value, circumstances.pending);
  }
  if (value instanceof Uint8Array) {
    return { bytes: Buffer.from(value).toString("base64") };
  }
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const list = items.map((item, index) => tag(item, schemaOf(schema.prefixItems?.[index] ?? schema.items), circumstances));
    return { list };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error(`${shown(value)} is no plain object`);
  }
  const { properties = {}, additionalProperties } = schema;
  const members = Object.entries(value).map(([name, member]) => {
    const ofMember = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    return [name, tag(member, schemaOf(ofMember), circumstances)];
  });
  return { object: Object.fromEntries(members) };
}

/** The tag of a file. Its digest is there when the promise that is put into `pending` is fulfilled. */
function tagFile(upload: UploadFile, pending: Promise<void>[]): unknown {
  const file = {
    filename: upload.filename ?? null,
    content_type: upload.contentType ?? null,
    size: upload.size,
    sha256: "",
  };
  const digest = async () => {
    file.sha256 = createHash("sha256")
      .update(await upload.bytes())
      .digest("hex");
  };
  pending.push(digest());
  return { file };
}

/** Whether `value` is what a value of the JSON Schema type `type` should be in JavaScript. */
function isOfType(value: unknown, type: string, schema: Schema): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value);
    case "number":
      return typeof value === "bigint" || typeof value === "number";
    case "string":
      return typeof value === "string" || (schema.format === "binary" && isBinary(value));
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) && !isBinary(value);
    default:
      return typeof value === type;
  }
}

function isBinary(value: unknown): boolean {
  return value instanceof Uint8Array || value instanceof UploadFile;
}

function shown(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
}
