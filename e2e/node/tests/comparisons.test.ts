/** The comparison of answers, held to the table that all languages share. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Answer, type Expectation, expand, type Json } from "../support/fixture.js";
import { differences } from "../support/matching.js";

/** One answer of the table. */
interface Came {
  readonly status?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly text?: string;
  readonly base64?: string;
}

/** What one exchange brought: one answer, or several. */
interface Brought extends Came {
  readonly calls?: number;
  readonly closed?: boolean;
  readonly breaks_off?: boolean;
  readonly answers?: readonly Came[];
}

/** An expectation, and what does and does not meet it. */
interface Row {
  readonly about: string;
  readonly expect: Json;
  readonly passes: readonly Brought[];
  readonly fails: readonly Brought[];
}

const TABLE = new URL("../../../comparisons.json", import.meta.url);
const ROWS = JSON.parse(readFileSync(TABLE, "utf8")) as readonly Row[];

for (const { about, expect, passes, fails } of ROWS) {
  test(`comparing: ${about}`, () => {
    const expected = [expand(expect)].flat() as unknown as Expectation[];
    for (const brought of passes) {
      assert.deepEqual(compared(expected, brought), [], `${JSON.stringify(brought)} should pass`);
    }
    for (const brought of fails) {
      assert.notDeepEqual(compared(expected, brought), [], `${JSON.stringify(brought)} should fail`);
    }
  });
}

test("the table of comparisons is whole", () => {
  const count = ROWS.reduce((sum, { passes, fails }) => sum + passes.length + fails.length, 0);
  assert.ok(count >= 300, `only ${count} comparisons`);
});

function compared(expected: readonly Expectation[], brought: Brought): string[] {
  const { answers = [brought], calls = 1, closed = false } = brought;
  const came = answers.map(answer).map((single) => ({ ...single, breaksOff: brought.breaks_off ?? false }));
  return differences(expected, { answers: came, calls, closed });
}

function answer({ status = 200, headers = [], text = "", base64 }: Came): Answer {
  return { status, headers, body: base64 === undefined ? Buffer.from(text) : Buffer.from(base64, "base64") };
}
