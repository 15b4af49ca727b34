/** What a client is told of what a handler threw without meaning to: nothing, unless `isShown`. */
export function failureOf(cause: unknown, isShown: boolean): { readonly status: number; readonly detail?: string } {
  const detail = isShown ? stackOf(cause) : undefined;
  return { status: 500, ...(detail !== undefined && { detail }) };
}

/** The stack of an error; reading it may run code of the application. */
function stackOf(error: unknown): string | undefined {
  try {
    return error instanceof Error && typeof error.stack === "string" ? error.stack : undefined;
  } catch {
    return undefined;
  }
}
