import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

// What a large application costs the type checker. The number of type instantiations depends on the types and on nothing
// else, so it can be held to a bound where seconds cannot. The bound is about one and a half times what it is now.

const ROUTES = 500;
const INSTANTIATIONS_PER_ROUTE = 900;

const ROOT = new URL("../../../../", import.meta.url);
const FOLDER = new URL("../type-budget/", import.meta.url);

/** A path, and the type that its handler expects of the parameters. */
const PATHS = [
  ["/plain", "{}"],
  ["/{id:int}", "{ id: number }"],
  ["/{id:uuid}/{kind:pdf|png|svg}", '{ id: string; kind: "pdf" | "png" | "svg" }'],
  ["/:id/:tab", "{ id: string; tab: string }"],
  ["/{name}-{version:int}.json", "{ name: string; version: number }"],
] as const;

/** Options, and the type that the handler expects of the query and the body. `NAME` is another word in every route. */
const OPTIONS = [
  ["", "[{}, undefined]"],
  [
    "{ query: z.object({ limit: z.coerce.number().int().min(1).default(10), NAME: z.string().optional() }) }",
    "[{ limit: number; NAME?: string | undefined }, undefined]",
  ],
  [
    `{ body: z.object({ NAME: z.string(), at: z.iso.datetime(),
      lines: z.array(z.object({ sku: z.string().nullable(), kind: z.enum(["a", "b"]) })) }) }`,
    '[{}, { NAME: string; at: string; lines: { sku: string | null; kind: "a" | "b" }[] }]',
  ],
  [
    `{ query: { type: "object", properties: { limit: { type: "integer", default: 10 }, NAME: { type: "string" } } } }`,
    "[{ limit: number; NAME?: string }, undefined]",
  ],
  [
    `{ body: { type: "object", required: ["NAME", "lines"], properties: { NAME: { type: "string" }, at: { type: "string" },
      lines: { type: "array", items: { type: "object", required: ["sku"],
        properties: { sku: { type: ["string", "null"] }, kind: { enum: ["a", "b"] } } } } } } }`,
    '[{}, { NAME: string; at?: string; lines: { sku: string | null; kind?: "a" | "b" }[] }]',
  ],
] as const;

/** An application with every pair of a path and options, in turn. */
function application(): string {
  const lines = ['import { Sabir } from "sabir";', 'import { z } from "zod";', "const app = new Sabir();"];
  for (let number = 0; number < ROUTES; number++) {
    const [path, params] = PATHS[number % PATHS.length] as (typeof PATHS)[number];
    const [options, parts] = OPTIONS[Math.floor(number / PATHS.length) % OPTIONS.length] as (typeof OPTIONS)[number];
    const given = options && `${options},`;
    const route = `app.post("/r${number}${path}", ${given} ({ params, query, body }) => {
      const found: [${params}, ...${parts}] = [params, query, body];
      return found;
    });`;
    lines.push(route.replaceAll("NAME", `name${number}`));
  }
  return lines.join("\n");
}

test("the types of five hundred routes stay within their budget", () => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL("app.ts", FOLDER), application());
  const settings = { extends: fileURLToPath(new URL("tsconfig.base.json", ROOT)), compilerOptions: { noEmit: true } };
  writeFileSync(new URL("tsconfig.json", FOLDER), JSON.stringify({ ...settings, files: ["app.ts"] }));

  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", ROOT));
  const check = [compiler, "-p", fileURLToPath(FOLDER), "--extendedDiagnostics"];
  const { status, stdout } = spawnSync(process.execPath, check, { encoding: "utf8" });

  assert.equal(status, 0, stdout);
  const count = Number(/^Instantiations:\s*(\d+)$/m.exec(stdout)?.[1]);
  assert.ok(count > 0, stdout);
  const perRoute = Math.round(count / ROUTES);
  const message = `${perRoute} instantiations per route, where ${INSTANTIATIONS_PER_ROUTE} are the most; see ${fileURLToPath(FOLDER)}`;
  assert.ok(perRoute <= INSTANTIATIONS_PER_ROUTE, message);
});
