import assert from "node:assert/strict";

import { compile, type Place, type Schema, ValidationIssues } from "../../src/schema.js";
import { SetupError } from "../../src/setup-error.js";

/** The JSON Schema of `schema`. */
export function json(schema: Schema, place: Place = "content"): unknown {
  return compile(schema, "body", place).schema;
}

/** Whether nothing is left to do after the runtime's check. */
export function isPlain(schema: Schema, place: Place = "content"): boolean {
  return compile(schema, "body", place).finish === undefined;
}

/** What a handler gets for `value`. */
export function finish(schema: Schema, value: unknown, place: Place = "content"): unknown {
  const compiled = compile(schema, "body", place);
  assert.ok(compiled.finish, "there is something to finish");
  return compiled.finish(value);
}

/** Asserts that the library refuses `value` with these issues. */
export async function refuses(schema: Schema, value: unknown, issues: [pointer: string, detail: RegExp][]): Promise<void> {
  try {
    await finish(schema, value);
  } catch (error) {
    assert.ok(error instanceof ValidationIssues, String(error));
    assert.deepEqual(
      error.issues.map(({ pointer }) => pointer),
      issues.map(([pointer]) => pointer),
    );
    for (const [index, [, detail]] of issues.entries()) assert.match(error.issues[index]?.detail ?? "", detail);
    return;
  }
  assert.fail("the value was accepted");
}

/** Asserts that `schema` is a mistake at `field`. */
export function isMistaken(schema: unknown, field: string, message: RegExp): void {
  assert.throws(
    () => compile(schema as Schema, "body"),
    (error) => {
      assert.ok(error instanceof SetupError, String(error));
      assert.equal(error.field, field);
      assert.match(error.message, message);
      return true;
    },
  );
}
