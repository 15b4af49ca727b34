// Generated from the runtime's tables by `./task generate`. Do not edit.

import { named, type Stage } from "./stage.js";

/** The options of {@link securityHeaders}: header fields that tell browsers what they may do with an answer. */
export interface SecurityHeadersOptions {
  /** Whether browsers take the media type for what it is (`X-Content-Type-Options: nosniff`, Fetch §3.6). */
  readonly contentTypeOptions?: boolean;
  /** Who may show the answer in a frame: `DENY`, `SAMEORIGIN`, or everybody when it is empty (`X-Frame-Options`, HTML §7.6). */
  readonly frameOptions?: string;
  /** How much of its address a page tells the servers that it links to. */
  readonly referrerPolicy?: "no-referrer" | "same-origin" | "strict-origin-when-cross-origin" | "";
  /** Seconds for which browsers come back over HTTPS only (RFC 6797). 0 means that nothing is said. */
  readonly hstsMaxAge?: number;
  /** Whether that holds for subdomains, too. */
  readonly hstsIncludeSubdomains?: boolean;
  /** What pages may load and run (`Content-Security-Policy`, CSP Level 3); empty means that nothing is said. */
  readonly contentSecurityPolicy?: string;
  /**
   * Which other origins may have the answer in a window that they share (`Cross-Origin-Opener-Policy`); empty means that nothing
   * is said.
   */
  readonly crossOriginOpenerPolicy?: string;
}

/** Header fields that tell browsers what they may do with an answer. */
export const securityHeaders = (options: SecurityHeadersOptions | false = {}): Stage => named("security_headers", options);

/** The options of {@link cors}: cross-origin resource sharing. */
export interface CorsOptions {
  /** The origins that may: `https://shop.example`, `https://*.shop.example` for every host below one, `*` for all. */
  readonly allowOrigins?: readonly string[];
  /** Whether requests may carry cookies and certificates. The origins have to be named then. */
  readonly allowCredentials?: boolean;
  /** The methods that pages may use. When empty, those that the path has. */
  readonly allowMethods?: readonly string[];
  /** The fields that pages may send. When empty, those that they ask for. */
  readonly allowHeaders?: readonly string[];
  /** The fields of answers that pages may read beside those that they always may. */
  readonly exposeHeaders?: readonly string[];
  /** Seconds for which browsers keep what a preflight has told them. */
  readonly maxAge?: number;
  /** Whether pages of public networks may reach this server in a private one (Private Network Access). */
  readonly allowPrivateNetwork?: boolean;
}

/** Cross-origin resource sharing: which pages of other origins may read answers (Fetch standard, §3.2). */
export const cors = (options: CorsOptions | false = {}): Stage => named("cors", options);

/** The options of {@link rateLimit}: how many requests a client may send (GCRA). */
export interface RateLimitOptions {
  /**
   * So many requests in so much time, as `100/minute`: a number, and `second`, `minute`, `hour` or `day`. What was taken comes
   * back evenly.
   */
  readonly limit?: string;
  /** How many requests may come at once. 0 means as many as the limit. */
  readonly burst?: number;
  /**
   * Who counts as one client: `ip`, an address of IPv4 or a /64 network of IPv6; `header:x-api-key`, the value of this header
   * field, without which it is the address; `global`, all of them. Requests without an address, as over Unix sockets, count
   * together.
   */
  readonly key?: string;
  /** How many clients are remembered. Where there are more, those that were silent for longest are forgotten, and begin anew. */
  readonly maxKeys?: number;
  /** What becomes of requests while the store fails that is to count them. The memory of the process never does. */
  readonly onStoreError?: "refuse" | "allow";
}

/**
 * How many requests a client may send (GCRA). Answers say what is left in `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers); what is too much is answered 429 with `Retry-After` before anything of it is decoded.
 * A limit of the application counts all routes together that have none of their own, one of a route that route alone; each
 * process counts for itself. Requests without a route and those with the method OPTIONS do not count.
 */
export const rateLimit = (options: RateLimitOptions | false = {}): Stage => named("rate_limit", options);
