/** `engine.ts` says of the native module what it has. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { Sabir } from "sabir";

import type { Engine, NativeApp, NativeCalls, NativeClientSocket } from "../src/engine.js";
import { Log } from "./serving.js";

const native = createRequire(import.meta.url)("../../native.cjs") as Record<string, unknown> & {
  NativeApp: new (settings: object, components: string, drain: () => void) => NativeApp;
};

/** The members of an interface, and which of them may be absent. */
type Members = Map<string, { readonly isOptional: boolean; readonly isFunction: boolean }>;

/** The interfaces of `engine.ts`. */
function declared(): Map<string, Members> {
  const text = readFileSync(new URL("../../src/engine.ts", import.meta.url), "utf8").replace(/\/\*\*.*?\*\//gs, "");
  const found = new Map<string, Members>();
  for (const [, name = "", body = ""] of text.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)) {
    const members: Members = new Map();
    // A member begins a line; the parameters of a long signature are further in.
    for (const [, member = "", optional, call] of body.matchAll(/^ {2}(?:readonly )?(\w+)(\?)?(\()?/gm)) {
      members.set(member, { isOptional: optional !== undefined, isFunction: call !== undefined });
    }
    assert.ok(members.size > 0, name);
    found.set(name, members);
  }
  return found;
}

const INTERFACES = declared();

function membersOf(name: string): Members {
  const members = INTERFACES.get(name);
  assert.ok(members, `engine.ts has no interface ${name}`);
  return members;
}

/** Compares what `value` has with the interface of that `name`. */
function assertHas(name: string, actual: readonly string[]): void {
  const members = membersOf(name);
  const required = [...members].filter(([, { isOptional }]) => !isOptional).map(([member]) => member);
  for (const member of required) assert.ok(actual.includes(member), `${name}.${member} is not there`);
  for (const member of actual) assert.ok(members.has(member), `engine.ts does not know ${name}.${member}`);
}

/** The names on a class of the native module. */
function prototypeOf(type: unknown): string[] {
  return Object.getOwnPropertyNames((type as { prototype: object }).prototype).filter((name) => name !== "constructor");
}

const CLASSES = [
  "NativeApp",
  "NativeRequest",
  "NativeContent",
  "NativeContentWriter",
  "NativeChannel",
  "NativeClientSocket",
  "NativeFile",
  "NativeSupervisor",
];

test("knows what the native module exports", () => {
  const classes = ["NativeRequest", "NativeContent", "NativeContentWriter", "NativeChannel", "NativeClientSocket"];
  assertHas(
    "Engine",
    Object.keys(native).filter((name) => !classes.includes(name)),
  );
  for (const name of CLASSES) assertHas(name, prototypeOf(native[name]));
});

test("tells functions from properties", () => {
  for (const name of CLASSES) {
    const { prototype } = native[name] as { prototype: object };
    for (const [member, { isFunction }] of membersOf(name)) {
      const isGetter = Object.getOwnPropertyDescriptor(prototype, member)?.get !== undefined;
      assert.equal(isGetter, !isFunction, `${name}.${member}`);
    }
  }
});

/** The names of the parameters of the function called `name` in the text of Rust or TypeScript; nothing when there is none. */
function parametersOf(text: string, name: RegExp): string[] | undefined {
  const found = name.exec(text);
  if (!found) return undefined;
  const parameters = [""];
  let depth = 0;
  for (const character of text.slice(found.index + found[0].length)) {
    if (depth === 0 && character === ")") break;
    depth += "([{<".includes(character) ? 1 : 0;
    // The second half of an arrow ends nothing.
    depth -= ")]}>".includes(character) && !parameters.at(-1)?.endsWith("=") ? 1 : 0;
    if (depth === 0 && character === ",") parameters.push("");
    else parameters[parameters.length - 1] += character;
  }
  const names = parameters.map((parameter) => (parameter.split(":")[0] ?? "").replace("?", "").trim());
  return names.filter((known) => known !== "" && !["&self", "&mut self", "env"].includes(known));
}

test("knows the parameters of what the native module exports", () => {
  const rust = (file: string): string =>
    readFileSync(new URL(`../../../../crates/sabir-node/src/${file}`, import.meta.url), "utf8");
  const engine = readFileSync(new URL("../../src/engine.ts", import.meta.url), "utf8");
  const functions = ["app.rs", "cookie.rs", "log.rs", "response.rs", "settings.rs", "shutdown.rs"].map(rust).join("");
  const sources = {
    Engine: functions,
    NativeApp: rust("app.rs"),
    NativeRequest: rust("request.rs"),
    NativeContent: rust("memory.rs"),
    NativeChannel: rust("channel.rs"),
    NativeClientSocket: rust("client_socket.rs"),
    NativeFile: rust("value.rs"),
    NativeSupervisor: rust("supervisor.rs"),
  };
  let count = 0;
  for (const [type, source] of Object.entries(sources)) {
    const body = new RegExp(`^export interface ${type} \\{$.*?^\\}`, "ms").exec(engine)?.[0] ?? "";
    for (const [member, { isFunction }] of membersOf(type)) {
      if (!isFunction) continue;
      const snake = member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const expected = parametersOf(source, new RegExp(`pub fn (?:encode_)?${snake}(?:<[^(]*>)?\\(`))?.map((name) =>
        name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      );
      assert.deepEqual(parametersOf(body, new RegExp(`^  ${member}\\(`, "m")), expected, `${type}.${member}`);
      count += 1;
    }
  }
  assert.ok(count > 30, String(count));
});

test("knows the functions and the objects that the native module makes", async () => {
  const app = new native.NativeApp({}, "{}", () => {});
  const calls = app.calls();
  assertHas("NativeCalls", Object.keys(calls));
  for (const name of Object.keys(calls)) assert.equal(typeof calls[name as keyof NativeCalls], "function");
  const exchange = app.inject("GET", "/", ["host", "a"], undefined, true);
  assertHas("NativeContentWriter", prototypeOf(exchange.content?.constructor));
  exchange.content?.end();
  assertHas("NativeExchange", Object.keys(exchange));
  assertHas("NativeResponse", Object.keys((await exchange.answer) ?? {}));
  const socket = await opened();
  await socket.send("a");
  assertHas("ClientEvent", Object.keys(await socket.receive()));
  assertHas("NativeRefusal", Object.keys(app.listen("192.0.2.1", 1, undefined, false)));
});

/** A socket that gets back what it sends. */
async function opened(): Promise<NativeClientSocket> {
  const app = new Sabir();
  app.websocket("/", { message: (ws, message) => void ws.send(message) });
  const { native: runtime } = app as unknown as { native: NativeApp };
  return (await runtime.connect("/", ["host", "a"])) as NativeClientSocket;
}

test("knows what a supervisor has to do", () => {
  const { NativeSupervisor } = native as unknown as Engine;
  const [start] = new NativeSupervisor(1).begin();
  assert.deepEqual({ ...start, line: start?.line ?? undefined }, { name: "start", worker: 0, line: undefined });
  assertHas("SupervisorAction", Object.keys(start ?? {}));
  assert.throws(() => new NativeSupervisor(0), { route: "run", field: "workers" });
});

test("knows the records that the native module makes", async () => {
  const engine = native as unknown as { takeLog(): object[] };
  const { takeLog } = engine;
  const records: object[] = [];
  engine.takeLog = () => {
    const taken = takeLog();
    records.push(...taken);
    return taken;
  };
  try {
    const app = new Sabir({}, { logger: new Log() });
    app.get("/", (context) => context.text("text", 103));
    await app.request("/");
  } finally {
    engine.takeLog = takeLog;
  }
  assert.equal(records.length, 1);
  for (const record of records) assertHas("NativeRecord", Object.keys(record));
});

test("knows the attributes of cookies, each of which has an effect", () => {
  const { setCookie } = native as unknown as { setCookie(name: string, value: string, attributes: object): string };
  const values: Record<string, unknown> = {
    path: "/",
    domain: "a.example",
    maxAge: 1,
    expires: 1,
    secure: true,
    httpOnly: true,
    sameSite: "lax",
    partitioned: true,
  };
  assert.deepEqual([...membersOf("NativeCookie").keys()].sort(), Object.keys(values).sort());
  for (const [name, value] of Object.entries(values)) {
    const others = name === "secure" ? {} : { secure: true };
    assert.notEqual(setCookie("a", "1", { ...others, [name]: value }), setCookie("a", "1", others), name);
  }
});
