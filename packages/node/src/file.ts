import { pairs } from "./problem.js";
import { Response, type ResponseOptions } from "./response.js";

/** What the answer with a file says beside its content. */
export interface FileOptions<Status extends number = number> extends ResponseOptions<Status> {
  /** The name under which the client is to save it. */
  readonly filename?: string | undefined;
  /** Whether the client saves a file that has a name, which is the default, or may show it. */
  readonly disposition?: "attachment" | "inline" | undefined;
}

/**
 * Sends the regular file at `path`, with its length, `Last-Modified`, `ETag` and a media type by its name.
 *
 * The runtime opens and reads it, on threads for that, and never holds it as a whole. With the status 200 it answers conditions
 * (304, 412) and a `Range` (206, in one part or several, or 416), as RFC 9110 §13 and §14 ask for. Where there is no file, or
 * a directory or anything else that is not a regular file, the answer is 404.
 *
 * @param path It is opened as it is given: where a part of it comes from a client, make sure that it stays where it should.
 *
 * @example
 * app.get("/report", () => file("reports/2026.pdf", { filename: "Bericht für Ada.pdf" }));
 */
export function file<const Status extends number = number>(
  path: string | URL,
  { filename, disposition = "attachment", ...options }: FileOptions<Status> = {},
): Response<string | URL, Status> {
  if (typeof path !== "string" && !(path instanceof URL)) throw new TypeError("a path is a string or a URL");
  if (filename === undefined) return Response.of(path, options, "file");
  const others = pairs(options.headers ?? []).filter(([name]) => name.toLowerCase() !== "content-disposition");
  const headers = [...others, ["content-disposition", contentDisposition(disposition, filename)] as const];
  return Response.of(path, { ...options, headers }, "file");
}

/** The field of RFC 6266 §4; names that a quoted string cannot carry for sure are in the form of RFC 8187. */
function contentDisposition(disposition: string, filename: string): string {
  if (/^[ !#-$&-[\]-~]*$/.test(filename)) return `${disposition}; filename="${filename}"`;
  const encoded = encodeURIComponent(filename).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename*=UTF-8''${encoded}`;
}
