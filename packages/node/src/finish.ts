import { type DerivedRoute, PLACES } from "./operation.js";
import type { ProblemEntry } from "./problem.js";
import { ValidationFailed } from "./problems.js";
import { ValidationIssues } from "./schema.js";

/**
 * Does what the libraries of the schemas of a request's parts have left to do, in place.
 *
 * @throws {ValidationFailed} They refuse some of the parts.
 */
export async function finishParts(route: DerivedRoute, parts: object): Promise<void> {
  const values = parts as Record<string, unknown>;
  const entries: ProblemEntry[] = [];
  for (const [part, finish] of Object.entries(route.finish) as [keyof typeof route.finish, (value: unknown) => unknown][]) {
    if (part === "body" && values[part] === undefined) continue;
    try {
      values[part] = await finish(values[part]);
    } catch (error) {
      if (!(error instanceof ValidationIssues)) throw error;
      entries.push(...error.issues.map(({ pointer, detail }) => entry(route, part, pointer, detail)));
    }
  }
  if (entries.length === 0) return;
  const count = entries.length === 1 ? "1 part of the request is" : `${entries.length} parts of the request are`;
  throw new ValidationFailed(`${count} not valid`, { errors: entries });
}

/** An entry of a problem's `errors` for what a schema library refuses, in the form that the runtime has for what it refuses. */
function entry(
  { slots, others }: DerivedRoute,
  part: keyof DerivedRoute["finish"],
  pointer: string,
  detail: string,
): ProblemEntry {
  if (part === "body") return { in: "body", pointer, keyword: "custom", detail };
  const place = PLACES.find(([option]) => option === part)?.[1] ?? "query";
  const [, first = "", ...rest] = pointer.split("/");
  const name = first.replaceAll("~1", "/").replaceAll("~0", "~");
  // What nobody declares is a member of one parameter.
  const isDeclared = part !== "query" || others === undefined || slots.some((slot) => slot.place === part && slot.name === name);
  if (!isDeclared) return { in: place, name: others, ...(pointer !== "" && { pointer }), keyword: "custom", detail };
  // What is said of all parameters of a place has no name.
  if (pointer === "") return { in: place, keyword: "custom", detail };
  return { in: place, name, ...(rest.length > 0 && { pointer: `/${rest.join("/")}` }), keyword: "custom", detail };
}
