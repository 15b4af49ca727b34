import assert from "node:assert/strict";
import { test } from "node:test";

import { translate, variables } from "../src/path.js";
import { SetupError } from "../src/setup-error.js";

test("turns a segment with a colon into braces", () => {
  assert.equal(translate("/hi/:name"), "/hi/{name}");
  assert.equal(translate("/:a/b/:c_1/"), "/{a}/b/{c_1}/");
  assert.equal(translate("/:user-id"), "/{user-id}");
});

test("leaves everything else as it is", () => {
  for (const path of ["/", "/users/{id:int}", "/f/{name}.json", "/books/{id}:archive", "/a:b", "/{kind:a|b}", "users"]) {
    assert.equal(translate(path), path);
  }
});

test("mixes both spellings", () => {
  assert.equal(translate("/users/{id:int}/:tab"), "/users/{id:int}/{tab}");
});

test("refuses a segment that starts with a colon and is not a plain name", () => {
  for (const [path, remedy] of [
    ["/hi/:name.json", "write variables beside other text in braces, as in `{name}`"],
    ["/hi/:name?", "add one route with the segment and one without"],
    ["/hi/:id(\\d+)", "write `{id:converter}`, `{id:a|b}` or, for several segments, `{id:path}`"],
    ["/hi/:rest*", "write `{rest:converter}`, `{rest:a|b}` or, for several segments, `{rest:path}`"],
    ["/hi/:", "write `{name}` for a variable, or `%3A` for a colon"],
    ["/hi/:{name}", "write `{name}` for a variable, or `%3A` for a colon"],
    ["/hi/:1st", "write `{name}` for a variable, or `%3A` for a colon"],
  ] as const) {
    const segment = path.slice("/hi/".length);
    const problem = `\`${segment}\` starts with a colon and is not a plain variable`;
    assert.throws(
      () => translate(path),
      (error) => error instanceof SetupError && error.message === `${path}: path: ${problem}; ${remedy}`,
    );
  }
});

test("lists variables with their converters", () => {
  assert.deepEqual(variables("/users/{id:int}/:tab/{name}.{kind:json|xml}"), [
    { name: "id", converter: "int" },
    { name: "tab" },
    { name: "name" },
    { name: "kind", converter: "json|xml" },
  ]);
  assert.deepEqual(variables("/"), []);
});

test("says a setup error of another route", () => {
  const error = new SetupError({ route: "", field: "body", problem: "it is wrong", remedy: "mend it" }).at("GET /");
  assert.equal(error.message, "GET /: body: it is wrong; mend it");
  assert.equal(error.name, "SetupError");
});
