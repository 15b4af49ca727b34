/** One thing that a schema library holds against a value. */
export interface ValidationIssue {
  /** Where, as a JSON Pointer (RFC 6901); the empty text is the whole value. */
  readonly pointer: string;
  /** What is wrong, in the library's words. */
  readonly detail: string;
}

/**
 * A value that fits its JSON Schema and that the schema's library refuses all the same.
 *
 * It becomes a `validation-failed` problem with one entry for each issue (RFC 9457).
 */
export class ValidationIssues extends Error {
  override readonly name = "ValidationIssues";
  /** At least one. */
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super(issues.map(({ pointer, detail }) => (pointer === "" ? detail : `${pointer}: ${detail}`)).join("; "));
    this.issues = issues;
  }
}

/** The JSON Pointer of `path` (RFC 6901 §3). */
export function pointer(path: Iterable<PropertyKey>): string {
  let text = "";
  for (const key of path) text += `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return text;
}
