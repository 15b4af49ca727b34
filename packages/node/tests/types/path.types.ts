import type { PathParams } from "../../src/path.js";
import { check, type Equal } from "./equal.js";

// A path without variables.
check<Equal<PathParams<"/">, {}>>();
check<Equal<PathParams<"/users/all">, {}>>();

// Converters.
check<Equal<PathParams<"/users/{id:int}">, { id: number }>>();
check<Equal<PathParams<"/a/{a:float}/{b:bool}">, { a: number; b: boolean }>>();
check<Equal<PathParams<"/a/{a:str}/{b:uuid}/{c:date}">, { a: string; b: string; c: string }>>();
check<Equal<PathParams<"/a/{a:datetime}/{b:time}/{c:path}">, { a: string; b: string; c: string }>>();
check<Equal<PathParams<"/items/{sku:sku}">, { sku: string }>>();

// Choices.
check<Equal<PathParams<"/{kind:a|b}">, { kind: "a" | "b" }>>();
check<Equal<PathParams<"/{kind:(json|xml|csv)}">, { kind: "json" | "xml" | "csv" }>>();

// Text around variables, and several in one segment.
check<Equal<PathParams<"/f/{name}.json">, { name: string }>>();
check<Equal<PathParams<"/f/{name}-{version:int}.{kind:zip|tar}">, { name: string; version: number; kind: "zip" | "tar" }>>();
check<Equal<PathParams<"/books/{id:int}:archive">, { id: number }>>();

// Colons.
check<Equal<PathParams<"/hi/:name">, { name: string }>>();
check<Equal<PathParams<"/:a/b/:c/">, { a: string; c: string }>>();
check<Equal<PathParams<"/:a/:b/{id:int}/:c">, { a: string; b: string; c: string; id: number }>>();

// A path that is not known before it runs.
check<Equal<PathParams<string>, Record<string, unknown>>>();

// One of which the beginning is not known.
declare const half: PathParams<`${string}/{id:int}/:name`>;
const { id, name }: { id: number; name: string } = half;
const unknown: unknown = half["other"];
void [id, name, unknown];
// @ts-expect-error An integer is a number.
const wrong: string = half.id;
void wrong;

declare const params: PathParams<"/users/{id:int}">;
// @ts-expect-error The path has no such variable.
params.name;
// @ts-expect-error An integer is a number.
const text: string = params.id;
void text;
