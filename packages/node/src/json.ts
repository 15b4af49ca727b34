/**
 * Writes `value` as JSON. A `bigint` becomes a number with all its digits, which JSON permits and `JSON.stringify` refuses.
 *
 * @throws {TypeError} The value has no JSON text, such as a function or a cycle, or one that loses what it holds: JSON would
 * write a `Map`, an `Error` or a stream as `{}`.
 */
export function stringify(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) throw new TypeError(`a ${typeof value} is no answer; return data, or nothing`);
  if (isInstance(value)) refuseLoss(value as object, text);
  // Everything that loses what it holds is written so.
  if (text.length > 2 && text.includes("{}")) refuseLossWithin(value);
  return text;
}

/**
 * The JSON text of data such as a schema, with all digits of each `bigint`.
 *
 * @throws {TypeError} It contains itself.
 */
export function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return withBigIntegers(value);
  }
}

function withBigIntegers(value: unknown): string | undefined {
  // The mark is random, so that no text of the value can be taken for a number.
  const mark = `bigint-${crypto.randomUUID()}:`;
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? mark + String(member) : member)) as
    string | undefined;
  return text?.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
}

/** Whether `value` is an object of a class, for which the text of its properties may not be all. */
function isInstance(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null;
}

/** What to return instead of an object of a class that is no answer, by what `Object.prototype.toString` says. */
const INSTEAD: Readonly<Record<string, string>> = {
  Error: "throw it, or return a Problem",
  DOMException: "throw it, or return a Problem",
  Map: "return Object.fromEntries(map) or [...map]",
  Set: "return [...set]",
  Promise: "await it",
  Blob: "return blob.stream() or await blob.text()",
  File: "return file.stream() or await file.text()",
  UploadFile: "return await file.bytes() or await file.text()",
  FormData: "return Object.fromEntries(form)",
  Headers: "return Object.fromEntries(headers)",
  URLSearchParams: "return its toString() or Object.fromEntries(parameters)",
  Generator: "return [...generator]",
  RegExp: "return its source",
};

const STREAM = "a stream is the whole content, or none of it; read it to its end and return what it gave";

/** @throws {TypeError} An object of a class would lose what it holds. */
function refuseLoss(value: object, text: string, pointer = ""): void {
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return;
  const tag = value instanceof Error ? "Error" : Object.prototype.toString.call(value).slice(8, -1);
  const isStream = Symbol.asyncIterator in value || tag.endsWith("Stream");
  if (!isStream && INSTEAD[tag] === undefined && text !== "{}") return;
  const instead = INSTEAD[tag] ?? (isStream ? STREAM : "return a plain object, or give its class a method toJSON");
  const place = pointer === "" ? "" : ` at ${pointer}`;
  throw new TypeError(`an object of the class ${className(value)}${place} is no answer, since JSON cannot say it; ${instead}`);
}

function className(value: object): string {
  const { constructor } = value as { constructor?: unknown };
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "without a name";
}

/** Looks for objects of classes in data that has a JSON text, which is so deep at most as the engine can write. */
function refuseLossWithin(value: unknown): void {
  const open: [value: unknown, pointer: string][] = [[value, ""]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [part, pointer] = next;
    if (typeof part !== "object" || part === null) continue;
    if (typeof (part as { toJSON?: unknown }).toJSON === "function") continue;
    const members = Object.entries(part);
    if (isInstance(part) && pointer !== "") refuseLoss(part, members.length === 0 ? "{}" : "", pointer);
    for (const [name, member] of members) open.push([member, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`]);
  }
}

/**
 * A copy of data such as a schema, as its JSON text says, but for each `bigint`.
 *
 * @throws {TypeError} It contains itself.
 */
export function copyOf(value: object): object {
  try {
    return JSON.parse(JSON.stringify(value)) as object;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What contains itself fails again.
    textOf(value);
    return copyWithBigIntegers(value) as object;
  }
}

function copyWithBigIntegers(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return copyWithBigIntegers(toJSON.call(value));
  if (Array.isArray(value)) return value.map((item) => copyWithBigIntegers(item) ?? null);
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [name, copyWithBigIntegers(member)]);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** Data for the runtime, which reads every digit of a number. */
export function plain(data: object): string {
  return textOf(data) ?? "null";
}
