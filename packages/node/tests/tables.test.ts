/** Settings and problems: the runtime has the tables, this package its types and its words. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as sabir from "sabir";
import { Problem, Sabir, SetupError } from "sabir";
import native from "#native";

import { settingProperty } from "../src/setting-names.js";

interface Described {
  readonly type: string;
  readonly text: string;
}

/** The members of the interface `Settings` with their documentation. */
function declared(): Map<string, Described> {
  const source = readFileSync(new URL("../../src/settings.ts", import.meta.url), "utf8");
  const body = /export interface Settings \{\n(.*?)\n\}/s.exec(source)?.[1] ?? "";
  const members = body.matchAll(/\/\*\*(.*?)\*\/\s*readonly (\w+)\?: ([^;]+);/gs);
  return new Map(Array.from(members, ([, text = "", name = "", type = ""]) => [name, { type, text: words(text) }]));
}

function words(text: string): string {
  // A comment of several lines has an asterisk before each.
  return text
    .replace(/^\s*\* /gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The type of TypeScript for the schema of a setting. */
function typeOf({ type, enum: choices }: { type?: string; enum?: string[] }): string {
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  return type === "integer" ? "number" : String(type);
}

test("the settings are those of the runtime, in its order, with its types", () => {
  const expected = native.settings().map(([name, schema]) => [settingProperty(name), typeOf(JSON.parse(schema) as object)]);
  assert.deepEqual(
    Array.from(declared(), ([name, { type }]) => [name, type]),
    expected,
  );
});

test("the settings are documented in the words of the runtime", () => {
  const settings = native.settings();
  for (const [name, , , text] of settings) {
    // A route's own limits are options of the route here, and other settings have the names of this package.
    const expected = words(text).replace(
      /`(x-sabir\.(?:websocket\.)?)?(\w+)`/g,
      (all, route: string | undefined, other: string) => {
        const isName = route !== undefined || settings.some(([setting]) => setting === other);
        return isName ? `\`${settingProperty(other)}\`` : all;
      },
    );
    assert.equal(declared().get(settingProperty(name))?.text, expected);
  }
});

test("every setting can be given", () => {
  const defaults: Record<string, unknown> = {};
  for (const [name, schema, initial] of native.settings()) {
    const property = settingProperty(name);
    defaults[property] = JSON.parse(initial);
    const {
      enum: choices = [],
      type,
      minimum,
      maximum,
    } = JSON.parse(schema) as {
      enum?: string[];
      type?: string;
      minimum?: number;
      maximum?: number;
    };
    const values: unknown[] = [defaults[property], ...choices];
    if (type === "integer") values.push(minimum, maximum ?? Number.MAX_SAFE_INTEGER);
    if (type === "boolean") values.push(true, false);
    for (const value of values) new Sabir({ [property]: value });
  }
  new Sabir(defaults);
});

test("refuses a setting that does not exist or does not fit", () => {
  const refused: [string, unknown, RegExp][] = [
    ["colour", 1, /^settings: colour: there is no such setting; use one of trailingSlash /],
    ["body_limit", 1, /^settings: body_limit: there is no such setting; /],
    ["bodyLimit", -1, /-1 is not a whole number of 0 or more/],
    ["bodyLimit", "5", /is not a whole number of 0 or more/],
    ["bodyLimit", true, /is not a whole number of 0 or more/],
    ["bodyLimit", null, /is not a whole number of 0 or more/],
    ["bodyLimit", 1.5, /is not a whole number of 0 or more/],
    ["bodyLimit", Number.NaN, /: NaN is no value of a setting; give it a number/],
    ["bodyLimit", Number.POSITIVE_INFINITY, /: Infinity is no value of a setting/],
    ["bodyLimit", [5], /: 5 is no value of a setting/],
    ["ioThreads", 0, /0 is not a whole number of 1 to 1024/],
    ["trailingSlash", "loose", /is not one of strict, redirect, ignore/],
  ];
  for (const [name, value, message] of refused) {
    assert.throws(
      () => new Sabir({ [name]: value }),
      (error) => error instanceof SetupError && message.test(error.message) && error.field === name,
      `${name}: ${String(value)}`,
    );
  }
});

test("every named problem has the status and the title of the runtime", async () => {
  const kinds = native.problems();
  const classes = (Object.values(sabir) as unknown[]).filter(
    (value): value is new () => Problem => typeof value === "function" && value.prototype instanceof Problem,
  );
  assert.ok(classes.length > 5);
  for (const Named of classes) {
    const problem = new Named();
    assert.equal(problem.name, Named.name);
    const app = new Sabir();
    app.get("/", () => problem);
    const answer = await app.request("/");
    const { status, type, title } = (await answer.json()) as { status: number; type: string; title: string };
    assert.deepEqual([answer.status, status], [problem.status, problem.status], Named.name);
    // `NotImplemented` is a value of Python, so that no class has that name.
    const words = Named.name.replace("Unimplemented", "NotImplemented");
    const slug = words.replaceAll(/(?<!^)[A-Z]/g, "-$&").toLowerCase();
    assert.ok(type.endsWith(`:${slug}`), type);
    assert.ok(
      kinds.some((kind) => kind[0] === String(status) && kind[1] === slug && kind[2] === title),
      type,
    );
  }
});

test("takes numbers beyond 32 bits as what they are", async () => {
  const large = 5_000_000_000;
  const app = new Sabir({ bodyLimit: large });
  const query = { type: "object", properties: { limit: { type: "integer", default: large, maximum: large } } } as const;
  app.get("/", { query, bodyLimit: large, timeoutMs: large }, ({ query: { limit } }) => {
    throw new Problem(409, { extensions: { limit } });
  });
  assert.match(await (await app.request("/")).text(), /"limit":5000000000[,}]/);
  assert.equal((await app.request("/?limit=5000000001")).status, 422);
});
