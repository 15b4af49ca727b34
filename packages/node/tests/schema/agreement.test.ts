import assert from "node:assert/strict";
import { test } from "node:test";

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";

import { Sabir } from "../../src/index.js";
import { compile, type StandardSchema } from "../../src/schema.js";

// Whatever a handler gets, its library would have given it: this holds the decision to skip a library to the library.

const VALUES: unknown[] = [
  ..." |a|abc|ABC|a\nb|-1.5|2024-01-01|2024-02-30|2024-01-01T10:00|2024-01-01T10:00:00Z|2024-01-01T10:00:00+02:00".split("|"),
  ..."10:00|10:00:00|P1D|P1W|a@b.co|a..b@c.de|ü@b.co|http://example.com|http://|https:example.com|urn:a:b|::1|10.0.0.0/8".split(
    "|",
  ),
  ..."127.0.0.1|256.1.1.1|::/64|123e4567-e89b-12d3-a456-426614174000|123e4567-e89b-f2d3-a456-426614174000|aGVsbG8=|a-_b".split(
    "|",
  ),
  ..."+14155552671|01ARZ3NDEKTSV4RRFFQ69G5FAV|cjld2cjxh0000qzrmn831i7rn|V1StGXR8_Z5jdHi6B-myT|ff:ff:ff:ff:ff:ff|yes|no".split(
    "|",
  ),
  ...["", "😀", null, true, false, 0, 1, -1, 1.5, 5, 100, 1e300, 2147483648],
  ...[[], ["a"], ["a", "a"], ["a", 1], [1, "a", 2]],
  ...[{}, { a: "a" }, { a: "a", b: 1 }, { a: 1 }, { b: 1 }, { a: null }, { kind: "a", b: 1, c: 1 }, { kind: "b", b: 1 }],
  ...[
    { a: { a: "a", x: 1 }, x: 1 },
    { a: [{ a: "a", x: 1 }], x: 1 },
  ],
];

const text = z.string();
const ZOD: z.ZodType[] = [
  ...[text.min(2), text.max(3), text.length(3), text.regex(/^a.c$/), text.regex(/^\p{L}+$/u), text.regex(/^abc$/i)],
  ...[z.email(), z.uuid(), z.uuidv4(), z.guid(), z.url(), z.nanoid(), z.cuid(), z.cuid2(), z.ulid(), z.ipv4(), z.ipv6()],
  ...[z.cidrv4(), z.cidrv6(), z.mac(), z.base64(), z.base64url(), z.e164(), z.jwt(), z.emoji(), z.hostname()],
  ...[
    z.iso.date(),
    z.iso.datetime(),
    z.iso.datetime({ offset: true }),
    z.iso.datetime({ local: true }),
    z.iso.time(),
    z.iso.duration(),
  ],
  ...[text.lowercase(), text.uppercase(), text.includes("b"), text.includes("b", { position: 2 }), text.startsWith("a")],
  ...[text.endsWith("c"), text.trim(), z.stringbool(), z.templateLiteral(["a", text]), text.nullable()],
  ...[z.number(), z.int(), z.int32(), z.number().positive(), z.number().multipleOf(0.5), z.boolean(), z.null(), z.never()],
  ...[z.enum(["a", "ABC"]), z.literal(["a", 1, null]), z.array(text).max(1), z.tuple([text, z.number().optional()])],
  ...[
    z.tuple([z.number()]).rest(text),
    z.record(text, z.number()),
    z.record(text.min(2), text),
    z.partialRecord(z.enum(["a"]), text),
  ],
  ...[z.object({ a: text }), z.object({ a: text.nullish() }), z.strictObject({ a: text }), z.looseObject({ a: text })],
  ...[z.object({ a: text }).catchall(z.number()), z.object({ a: z.object({ a: text }) })],
  z.object({ a: z.array(z.object({ a: text })) }),
  z.object({ a: text.default("b"), b: z.number().prefault(7) }),
  z.union([z.object({ a: text }), z.object({ b: z.number() })]),
  z.xor([z.looseObject({ a: text }), z.looseObject({ b: z.number() })]),
  z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), b: z.number() }), z.strictObject({ kind: z.literal("b") })]),
  z.object({ a: text }).and(z.object({ b: z.number() })),
  z.strictObject({ a: text }).and(z.strictObject({ b: z.number() })),
  z.preprocess((value) => (typeof value === "string" ? value.trim() : value), text.min(1)),
];

const VALIBOT = [
  ...[v.pipe(v.string(), v.email()), v.pipe(v.string(), v.url()), v.pipe(v.string(), v.uuid()), v.pipe(v.string(), v.isoDate())],
  ...[v.pipe(v.string(), v.isoDateTime()), v.pipe(v.string(), v.isoTimestamp()), v.pipe(v.string(), v.isoTime())],
  ...[v.pipe(v.string(), v.ipv4()), v.pipe(v.string(), v.ipv6()), v.pipe(v.string(), v.base64()), v.pipe(v.string(), v.emoji())],
  ...[v.pipe(v.string(), v.includes("b")), v.pipe(v.string(), v.excludes("b")), v.pipe(v.string(), v.regex(/^a/), v.regex(/c$/))],
  ...[v.pipe(v.string(), v.regex(/^A/i)), v.pipe(v.string(), v.value("a")), v.pipe(v.number(), v.gtValue(1))],
  ...[v.object({ a: v.string() }), v.looseObject({ a: v.optional(v.string()) }), v.strictObject({ a: v.string() })],
  ...[v.tuple([v.string()]), v.strictTuple([v.string()]), v.looseTuple([v.string()]), v.record(v.string(), v.number())],
  v.variant("kind", [v.looseObject({ kind: v.literal("a") }), v.looseObject({ kind: v.literal("b") })]),
  v.intersect([v.object({ a: v.string() }), v.object({ b: v.number() })]),
  v.looseObject({ a: v.nullish(v.string(), "b") }),
].map((schema) => toStandardJsonSchema(schema));

const ARKTYPE = [
  ...[
    type("string.email"),
    type("string.url"),
    type("string.uuid"),
    type("string.ip"),
    type("string.date"),
    type("string.date.iso"),
  ],
  ...[type("string.base64"), type("string.numeric.parse"), type("string.trim"), type(/^a/), type(/^A/i), type("string >= 2")],
  ...[type("1 < number <= 5"), type("number.integer"), type("number % 5"), type("string | number"), type("'a' | 1 | null")],
  ...[
    type({ a: "string" }),
    type({ "+": "delete", a: "string" }),
    type({ "+": "reject", a: "string" }),
    type({ a: "string = 'b'" }),
  ],
  ...[
    type(["string", "number?"]),
    type(["number", "...", "string[]"]),
    type({ "[string]": "number" }),
    type({ "[/^a/]": "string" }),
  ],
  ...[
    type({ a: "string" }).or({ b: "number" }),
    type({ a: "string" }).and({ b: "number" }),
    type({ "a?": "string | undefined" }),
  ],
];

for (const [library, schemas] of Object.entries<readonly StandardSchema[]>({ zod: ZOD, valibot: VALIBOT, arktype: ARKTYPE })) {
  test(`hands over only what ${library} gives`, async () => {
    for (const schema of schemas) {
      const got: unknown[] = [];
      const app = new Sabir().post("/", { body: schema }, ({ body }) => {
        got.push(body);
      });
      for (const value of VALUES) {
        const sent = JSON.stringify(value);
        const headers = { "content-type": "application/json" };
        const { status } = await app.request("/", { method: "POST", headers, body: sent });
        if (status === 422) continue;
        assert.equal(status, 204);
        const expected = schema["~standard"].validate(JSON.parse(sent)) as { value?: unknown; issues?: unknown };
        const message = `${JSON.stringify(compile(schema, "body").schema)}: ${sent}`;
        assert.equal(expected.issues, undefined, message);
        assert.deepEqual(got.pop(), expected.value, message);
      }
    }
  });
}
