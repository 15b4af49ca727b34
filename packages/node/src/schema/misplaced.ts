import { SetupError } from "../setup-error.js";
import { place } from "./visit.js";

/**
 * Refuses schemas of libraries within data that goes to the runtime as it is. As JSON they would say little of what they check.
 *
 * @param what What the data is, for messages: `requestBody`.
 * @param remedy What to do instead.
 * @throws {SetupError} There is one.
 */
export function refuseLibraries(data: unknown, what: string, remedy: string): void {
  const seen = new Set<unknown>();
  const look = (value: unknown, path: readonly string[]): void => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
    seen.add(value);
    if ("~standard" in value) {
      const { vendor } = value["~standard"] as { readonly vendor?: unknown };
      const problem = `a schema of ${String(vendor)} stands where plain JSON Schema is read`;
      throw new SetupError({ route: "", field: place(what, path), problem, remedy });
    }
    for (const [name, member] of Object.entries(value)) look(member, [...path, name]);
  };
  look(data, []);
}

/** What to do where nothing but plain JSON Schema is read. */
export const WRITE_PLAIN = "give its JSON Schema, as `z.toJSONSchema(schema)` does";
