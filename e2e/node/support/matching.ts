/** Comparing an answer with what a fixture expects. */

import { isDeepStrictEqual } from "node:util";

import { excerpt } from "./connection.js";
import { type Answer, type Expectation, fieldValues, type Json, type JsonObject } from "./fixture.js";
import type { Outcome } from "./wire.js";

/** Replaces nothing and drops nothing, so that the answer is compared as it came. */
const STRICT_UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What is compared: JSON, or nothing where a member or a field is absent. */
type Actual = Json | undefined;

/** What one exchange brought. */
export interface Brought extends Outcome {
  /** How often handlers ran for it. */
  readonly calls: number;
}

/** Every difference between what one exchange should bring and what it brought, as sentences. */
export function differences(expected: readonly Expectation[], { answers, calls, closed }: Brought): string[] {
  if (answers.length !== expected.length) {
    return [`${answers.length} answers came, not ${expected.length}`];
  }
  const found = answers.flatMap((answer, index) => {
    const expectation = expected[index];
    const differing = expectation === undefined ? [] : answerDifferences(expectation, answer);
    return differing.length > 0 ? [...differing, `the answer was ${excerpt(answer.body)}`] : [];
  });
  const due = expected.flatMap(({ handler_calls }) => handler_calls ?? []);
  const sum = due.reduce((total, count) => total + count, 0);
  if (due.length > 0 && calls !== sum) {
    found.push(`handlers ran ${calls} times, not ${sum}`);
  }
  if (expected.some((expectation) => expectation.closed) && !closed) {
    found.push("the connection was not closed");
  }
  return found;
}

function answerDifferences(expected: Expectation, answer: Answer): string[] {
  const found: string[] = [];
  if (answer.status !== expected.status) {
    found.push(`the status is ${answer.status}, not ${expected.status}`);
  }
  if ((answer.breaksOff ?? false) !== (expected.breaks_off ?? false)) {
    found.push(`the answer ${answer.breaksOff ? "broke off" : "came to its end"}`);
  }
  for (const [name, pattern] of Object.entries(expected.headers ?? {})) {
    found.push(...headerDifferences(name, pattern, fieldValues(answer, name)));
  }
  const bytes = Buffer.from(answer.body);
  if (expected.body !== undefined) {
    found.push(...jsonDifferences(expected.body, bytes, "the body"));
  }
  if (expected.body_text !== undefined && !bytes.equals(Buffer.from(expected.body_text))) {
    found.push(`the body is not the text ${JSON.stringify(expected.body_text)}`);
  }
  if (expected.body_base64 !== undefined && !bytes.equals(Buffer.from(expected.body_base64, "base64"))) {
    found.push(`the body is not the bytes ${expected.body_base64}`);
  }
  if (expected.body_ranges !== undefined && !isDeepStrictEqual(rangesOf(answer), expected.body_ranges)) {
    found.push(`the parts of the body are not ${JSON.stringify(expected.body_ranges)}`);
  }
  if (expected.body_size !== undefined && expected.body_size !== bytes.length) {
    found.push(`the body has ${bytes.length} bytes, not ${expected.body_size}`);
  }
  return found;
}

/** Every difference between `pattern` and the JSON in `bytes`, which are `what`. */
export function jsonDifferences(pattern: Json, bytes: Uint8Array, what: string): string[] {
  let body: Json;
  try {
    body = JSON.parse(STRICT_UTF_8.decode(bytes)) as Json;
  } catch (error) {
    return [`${what} is not JSON: ${String(error)}`];
  }
  return compare(pattern, body, what);
}

/** The parts of a `multipart/byteranges` body (RFC 9110 §14.6); none where it is no such body. */
function rangesOf(answer: Answer): Record<string, string>[] {
  const prefix = "multipart/byteranges; boundary=";
  const contentType = fieldValues(answer, "content-type").join();
  const text = STRICT_UTF_8.decode(answer.body);
  const begin = `--${contentType.slice(prefix.length)}\r\n`;
  const end = `\r\n${begin.trimEnd()}--\r\n`;
  if (!contentType.startsWith(prefix) || !text.startsWith(begin) || !text.endsWith(end)) return [];
  return text
    .slice(begin.length, -end.length)
    .split(`\r\n${begin}`)
    .map((part) => {
      const [head = "", ...content] = part.split("\r\n\r\n");
      const fields = head.split("\r\n").map((field) => {
        const [name = "", ...value] = field.split(":");
        return [name.toLowerCase().replace("-", "_"), value.join(":").trim()];
      });
      return { ...Object.fromEntries(fields), text: content.join("\r\n\r\n") } as Record<string, string>;
    });
}

function headerDifferences(name: string, pattern: Json, values: string[]): string[] {
  const place = `header ${name}`;
  if (!Array.isArray(pattern)) {
    return values.length > 1
      ? [`${place} has several values, where one is expected: ${values.join(" | ")}`]
      : compare(pattern, values[0], place);
  }
  if (pattern.length !== values.length) {
    return [`${place} has ${values.length} values, not ${pattern.length}: ${values.join(" | ")}`];
  }
  return pattern.flatMap((single, index) => compare(single, values[index], place));
}

function compare(pattern: Json, actual: Actual, place: string): string[] {
  const matcher = matcherOf(pattern);
  if (matcher !== undefined) {
    return meets(...matcher, actual) ? [] : [`${place} is ${shown(actual)}, which does not meet ${shown(pattern)}`];
  }
  if (actual === undefined) {
    return [`${place} is absent`];
  }
  if (isObject(pattern) && isObject(actual)) {
    return Object.entries(pattern).flatMap(([name, member]) =>
      compare(member, Object.hasOwn(actual, name) ? actual[name] : undefined, `${place}.${name}`),
    );
  }
  if (Array.isArray(pattern) && Array.isArray(actual) && pattern.length === actual.length) {
    return pattern.flatMap((single, index) => compare(single, actual[index], `${place}[${index}]`));
  }
  return pattern === actual ? [] : [`${place} is ${shown(actual)}, not ${shown(pattern)}`];
}

/** The name and the argument of a matcher such as `{"$any": "string"}`. */
function matcherOf(pattern: Json): [name: string, argument: Json] | undefined {
  if (!isObject(pattern)) {
    return undefined;
  }
  const [only, ...others] = Object.entries(pattern);
  return only !== undefined && others.length === 0 && only[0].startsWith("$") ? only : undefined;
}

function meets(name: string, argument: Json, actual: Actual): boolean {
  switch (name) {
    case "$absent":
      return actual === undefined;
    case "$any":
      return isOfType(String(argument), actual);
    case "$contains":
      return typeof actual === "string" && actual.includes(String(argument));
    case "$matches":
      return typeof actual === "string" && expression(String(argument)).test(actual);
    default:
      throw new Error(`there is no matcher ${name}`);
  }
}

function isOfType(type: string, actual: Actual): boolean {
  switch (type) {
    case "array":
      return Array.isArray(actual);
    case "object":
      return actual !== undefined && isObject(actual);
    case "integer":
      return Number.isInteger(actual);
    default:
      return typeof actual === type;
  }
}

/** A regular expression of a fixture, which may begin with the flag `(?i)`. */
function expression(source: string): RegExp {
  return source.startsWith("(?i)") ? new RegExp(source.slice(4), "iu") : new RegExp(source, "u");
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: Actual): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
