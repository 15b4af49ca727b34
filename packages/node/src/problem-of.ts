import { Problem, type ProblemOptions } from "./problem.js";
import * as problems from "./problems.js";

type Named = new (detail: string | undefined, options: ProblemOptions) => Problem;

/** The classes of the runtime's table by their statuses. */
const CLASSES = new Map<number, Named>(
  Object.values(problems).map((type: Named) => [new type(undefined, {}).status, type] as const),
);

/**
 * The problem that the runtime has written, of the class that it has here.
 *
 * @param fields Its header fields, names and values one after the other.
 * @param text The problem as text of JSON.
 */
export function problemOf(fields: readonly string[], text: string): Problem {
  const { status, detail, title, type, errors, ...extensions } = JSON.parse(text) as Record<string, unknown>;
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) headers.push([fields[index] ?? "", fields[index + 1] ?? ""]);
  const options = {
    title,
    type,
    ...(errors !== undefined && { errors }),
    ...(headers.length > 0 && { headers }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  } as unknown as ProblemOptions;
  const Class = CLASSES.get(status as number);
  if (Class) return new Class(detail as string | undefined, options);
  return new Problem(status as number, { ...options, ...(detail !== undefined && { detail: detail as string }) });
}
