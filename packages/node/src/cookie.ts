import type { Engine } from "./engine.js";

/** What a cookie says beside its name and value (RFC 6265bis §4.1.2). */
export interface CookieAttributes {
  /** `/` by default. With `null` the cookie has none: clients then take the directory of the request's path. */
  readonly path?: string | null;
  readonly domain?: string;
  /** Seconds; 0 makes the client forget the cookie. */
  readonly maxAge?: number;
  readonly expires?: Date;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: "strict" | "lax" | "none";
  readonly partitioned?: boolean;
}

/** A cookie to set (RFC 6265bis §4.1). */
export interface Cookie extends CookieAttributes {
  readonly name: string;
  /** Any text: what a cookie cannot carry is percent-encoded, and decoded where cookies are read. */
  readonly value: string;
}

/**
 * The cookie that makes the client forget another one. Path and domain have to be those that it was set with.
 *
 * Clients take a cookie with one of the prefixes `__Secure-` and `__Host-` only if it is secure (RFC 6265bis §4.1.3).
 */
export function forgotten(name: string, attributes: CookieAttributes): Cookie {
  return { secure: name.startsWith("__"), ...attributes, name, value: "", maxAge: 0 };
}

/**
 * The value of a `Set-Cookie` field.
 *
 * @throws {Error} A part of it cannot be sent, or clients would ignore it.
 */
export function setCookie(engine: Engine, { name, value, path = "/", expires, ...attributes }: Cookie): string {
  const seconds = expires && Math.floor(expires.getTime() / 1000);
  // The runtime would read what is no number as 0, which makes the client forget the cookie.
  for (const time of [seconds, attributes.maxAge]) {
    if (time !== undefined && !Number.isSafeInteger(time)) throw new TypeError(`cookie ${name}: its end is not a time`);
  }
  const given = { ...attributes, ...(path !== null && { path }), ...(seconds !== undefined && { expires: seconds }) };
  return engine.setCookie(name, value, given);
}
