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
