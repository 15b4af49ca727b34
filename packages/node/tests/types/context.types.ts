import type { z } from "zod";

import type { Context } from "../../src/context.js";
import { Response } from "../../src/response.js";
import { check, type Equal } from "./equal.js";

declare const context: Context;

// The content's type and the status stay known.
const created = context.json({ id: 1, tags: ["a"] }, 201);
check<Equal<typeof created, Response<{ id: number; tags: string[] }, 201>>>();
const plain = context.json({ id: 1 });
check<Equal<typeof plain, Response<{ id: number }, number>>>();
const nothing = context.json(null, { status: 404, headers: { "x-a": "1" } });
check<Equal<typeof nothing, Response<null, 404>>>();
declare const status: 200 | 201;
const either = context.json("a" as string, status);
check<Equal<typeof either, Response<string, 200 | 201>>>();
const alone = context.json({ id: 1 }, undefined, { "x-a": "1" });
check<Equal<typeof alone, Response<{ id: number }, number>>>();
const page = context.html("<p>" as string, 404);
check<Equal<typeof page, Response<string, 404>>>();
const moved = context.redirect("/a");
check<Equal<typeof moved, Response<undefined, 302>>>();
const gone = context.redirect(new URL("http://a/"), 308);
check<Equal<typeof gone, Response<undefined, 308>>>();
const made = new Response({ id: 1 }, { status: 201 });
check<Equal<typeof made, Response<{ id: number }, 201>>>();
const whole = Response.json([1], { status: 202 });
check<Equal<typeof whole, Response<number[], 202>>>();

// What several branches return is a union, of which each part is known.
const handler = ({ json }: Context) => (Math.random() > 0.5 ? json({ id: 1 }, 200) : json({ error: "no" }, 404));
check<Equal<ReturnType<typeof handler>, Response<{ id: number }, 200> | Response<{ error: string }, 404>>>();

// Calls in a row.
const chained = context
  .status(201)
  .header("x-a", "1")
  .setCookie("a", "1", { path: null })
  .deleteCookie("b")
  .text("a" as string);
check<Equal<typeof chained, Response<string, number>>>();

// @ts-expect-error Text is a string.
context.text(1);
// @ts-expect-error Bytes are a buffer or a view of one.
context.bytes("a");
// @ts-expect-error 200 leads nowhere.
context.redirect("/a", 200);
// @ts-expect-error A status is a number.
context.json(1, "201");
// @ts-expect-error The options would say the header fields.
context.json(1, { status: 201 }, { "x-a": "1" });
// @ts-expect-error What says something of the answer needs its context.
(({ status }: Context) => status(201))(context);
// @ts-expect-error The same site is one of three.
context.setCookie("a", "1", { sameSite: "odd" });

// A schema of some variables of the path leaves the others.
declare const dated: Context<
  "/shops/{shop:int}/{day}",
  { readonly params: z.ZodObject<{ day: z.ZodCodec<z.ZodString, z.ZodDate> }> }
>;
const { shop, day }: { shop: number; day: Date } = dated.params;
void [shop, day];
// @ts-expect-error There is no such variable.
dated.params.other;
declare const all: Context<"/{day}", { readonly params: z.ZodObject<{ day: z.ZodString }> }>;
check<Equal<typeof all.params, { day: string }>>();
