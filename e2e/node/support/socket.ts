/** What the handlers of WebSockets send. */

import { echo, type Received } from "./echo.js";
import { type Declared, type LibrarySchema, type Schema, schemaOf } from "./schema.js";
import { tag } from "./tag.js";

/** What a socket was opened with: its parameters with their types, and the subprotocol. */
export async function told(
  ws: Received & { readonly subprotocol: string | undefined },
  declared: Declared = {},
): Promise<object> {
  return { ...(await echo(ws, declared)), subprotocol: ws.subprotocol ?? null };
}

/** What options say of values that come one by one: messages, or JSON Lines. */
type Coming = Declared & { readonly incoming?: Schema | LibrarySchema; readonly bodyItems?: Schema | LibrarySchema };

/** One of these values with its types. */
export function tagged(value: unknown, declared: Coming): unknown {
  return tag(value, schemaOf(declared.incoming ?? declared.bodyItems), {
    components: declared.components ?? {},
    isContent: true,
    pending: [],
  });
}
