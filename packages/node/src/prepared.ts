import { type Cookie, type CookieAttributes, forgotten } from "./cookie.js";

/** What a handler says of its answer before it returns it. */
export class Prepared {
  /** The status of an answer that has none itself. */
  status: number | undefined;
  readonly cookies: Cookie[] = [];
  /** Values by names in lower case. */
  readonly #fields = new Map<string, string[]>();

  /** Gives the answer a field, in place of those with its name unless it is one more of them. */
  header(name: string, value: string, isOneMore: boolean): void {
    const key = name.toLowerCase();
    // Each field sets another cookie (RFC 6265bis §3).
    const earlier = isOneMore || key === "set-cookie" ? this.#fields.get(key) : undefined;
    this.#fields.set(key, earlier ? [...earlier, value] : [value]);
  }

  setCookie(name: string, value: string, attributes: CookieAttributes | undefined): void {
    this.cookies.push({ ...attributes, name, value });
  }

  deleteCookie(name: string, attributes: CookieAttributes = {}): void {
    this.cookies.push(forgotten(name, attributes));
  }

  /** Adds names and values to `fields`, but for the names in `taken`. They are in lower case, and taken themselves then. */
  addTo(fields: string[], taken: Set<string>): void {
    for (const [name, values] of this.#fields) {
      if (taken.has(name) && name !== "set-cookie") continue;
      taken.add(name);
      for (const value of values) fields.push(name, value);
    }
  }
}
