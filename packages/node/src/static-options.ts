// Generated from the runtime's tables by `./task generate`. Do not edit.

/** Which files of which folder are sent, and how. */
export interface StaticOptions {
  /** The folder. A path that is not absolute begins at the working directory of the process. */
  readonly directory: string;
  /** The file that is sent for a folder; empty for none, so that there is nothing at a folder. */
  readonly index?: string | null;
  /**
   * The file that is sent with the status 200 to a page's request for a path without a file, as applications of one page need it;
   * empty for none. It is sent to GET and HEAD whose `Accept` names `text/html`, for paths whose last segment has no dot: a
   * script or a picture that is missing is a 404.
   */
  readonly fallback?: string | null;
  /** The field `Cache-Control` of files; empty means that nothing is said. */
  readonly cacheControl?: string | null;
  /**
   * Paths below the folder of files that never change, since their names do, as `assets/*`: clients keep them for a year and do
   * not ask again. A star is any text, slashes too.
   */
  readonly immutable?: readonly string[];
  /**
   * Whether a file's compressed sibling is sent to clients that take it: `app.js.br`, `app.js.zst` or `app.js.gz` for `app.js`.
   */
  readonly precompressed?: boolean;
  /** Whether there is something at paths with a segment that begins with a dot. `.well-known` never counts as one. */
  readonly hiddenFiles?: boolean;
  /** Whether symbolic links are followed: where they lead to something below the folder, always, or never. */
  readonly symbolicLinks?: "within" | "follow" | "refuse";
}
