// Generated from the runtime's tables by `./task generate`. Do not edit.

import { named, type Stage } from "./stage.js";

/** The options of {@link accessLog}: one line for each request, written when its answer has ended. */
export interface AccessLogOptions {
  /**
   * What lines look like: `json` has every field, `common` and `combined` are the formats of other servers, `human` is for people
   * who read along.
   */
  readonly format?: "json" | "common" | "combined" | "human";
  /**
   * Where lines go: `stdout`, `stderr`, or the path of a file, which grows, and is opened again when it was moved away or
   * removed.
   */
  readonly output?: string;
  /** Whether lines have the query. It may hold secrets. */
  readonly query?: boolean;
  /** Whether lines have the name of who has sent a request, as security schemes have found it out. */
  readonly identity?: boolean;
  /** Paths, of requests or of routes, that make no lines, such as those of health checks. */
  readonly skip?: readonly string[];
}

/**
 * One line for each request, written when its answer has ended. Of a stream that is after its last byte, of a socket when it is
 * closed. Lines say how it ended: `complete`, `aborted` where the client has left before, or the server had to stop, or
 * `failed`. What clients say is escaped. Requests that the connection refuses have lines too. Lines are written beside the
 * requests, several at a time; when more wait than can be written, some are left out, and the log says how many. Each line is
 * written whole, so that several processes may share a file.
 */
export const accessLog = (options: AccessLogOptions | false = {}): Stage => named("access_log", options);

/** The options of {@link requestId}: the id of a request, in the log, in problems and for handlers. */
export interface RequestIdOptions {
  /** The field that ids come in, and that every answer has. */
  readonly header?: string;
  /**
   * Whose ids are taken over, if they are 1 to 128 visible characters of ASCII: networks as `10.0.0.0/8`, addresses, `loopback`,
   * `private`, `unix`, `all`. Others get a new one. It is the peer of the connection that counts, not what proxies say.
   */
  readonly acceptFrom?: readonly string[];
  /** What ids look like that the server makes. */
  readonly format?: "short" | "uuid";
}

/**
 * The id of a request, in the log, in problems and for handlers. Without the stage it is the `x-request-id` of whoever sends
 * one, and problems alone say it; with it every answer does. It is for the whole application.
 */
export const requestId = (options: RequestIdOptions | false = {}): Stage => named("request_id", options);

/**
 * The options of {@link traceContext}: of which trace of several services a request is, and which span of it the request itself
 * is (W3C Trace Context).
 */
export interface TraceContextOptions {
  /**
   * Whose `traceparent` is taken over: networks as `10.0.0.0/8`, addresses, `loopback`, `private`, `unix`, `all`. Requests of
   * others begin a new trace. It is the peer of the connection that counts, not what proxies say.
   */
  readonly acceptFrom?: readonly string[];
  /** Whether traces that begin here are recorded, as far as the flag `sampled` says so to other services. */
  readonly sampled?: boolean;
  /** Whether answers say their trace and span, in the field `traceresponse`. */
  readonly respond?: boolean;
}

/**
 * Of which trace of several services a request is, and which span of it the request itself is (W3C Trace Context). Handlers
 * find it with the request, with the `traceparent` that requests to other services need; log lines and access logs have it. A
 * `traceparent` that is malformed begins a new trace. It is for the whole application.
 */
export const traceContext = (options: TraceContextOptions | false = {}): Stage => named("trace_context", options);

/** The options of {@link trustedProxies}: what proxies in front of the server say of the client. */
export interface TrustedProxiesOptions {
  /**
   * Who is believed: networks as `10.0.0.0/8` and `2001:db8::/32`, addresses, `loopback`, `private` (RFC 1918, RFC 4193), `unix`
   * for Unix sockets, `all`.
   */
  readonly trust?: readonly string[];
  /**
   * The fields that the proxies set: `x-forwarded-for`, `x-forwarded-proto`, `x-forwarded-host`, `x-forwarded-port`, or
   * `forwarded` alone (RFC 7239). Name none that a proxy passes on as its client has sent it.
   */
  readonly fields?: readonly string[];
}

/**
 * What proxies in front of the server say of the client: its address, and the scheme and the host of its URL. Requests have
 * them as their own then, for handlers and for other stages. Senders are followed from the nearest on as long as they are
 * trusted; the first one that is not is the client. One without an address, as `unknown`, ends that, and so does anything else
 * that is none. Schemes, hosts and ports that are none are not looked at. A `Forwarded` that is malformed is answered 400,
 * since nobody can know what of it a proxy has said. It is for the whole application.
 */
export const trustedProxies = (options: TrustedProxiesOptions | false = {}): Stage => named("trusted_proxies", options);

/** The options of {@link trustedHosts}: the hosts that the application answers for. */
export interface TrustedHostsOptions {
  /**
   * The hosts: `shop.example`, `*.shop.example` for every host below one, either with a port, `shop.example:8443`, where no other
   * will do. Without one any port will.
   */
  readonly hosts?: readonly string[];
}

/**
 * The hosts that the application answers for. A request for another one is answered 421 (RFC 9110 §7.4, §15.5.20), and so is
 * one that says no host, as HTTP/1.0 permits. It is for the whole application.
 */
export const trustedHosts = (options: TrustedHostsOptions | false = {}): Stage => named("trusted_hosts", options);

/** The options of {@link httpsRedirect}: sends clients that have come over HTTP to the same address over HTTPS. */
export interface HttpsRedirectOptions {
  /** The port that HTTPS is served on. */
  readonly port?: number;
  /** Paths that are answered over HTTP as well, with all below them: `/healthz`, `/.well-known/acme-challenge`. */
  readonly exclude?: readonly string[];
}

/**
 * Sends clients that have come over HTTP to the same address over HTTPS. The answer is 308, which keeps method and content (RFC
 * 9110 §15.4.9). The server has no TLS of its own, so the scheme is what proxies say: without `trusted_proxies` every request
 * is sent away, again and again. It is for the whole application.
 */
export const httpsRedirect = (options: HttpsRedirectOptions | false = {}): Stage => named("https_redirect", options);

/** The options of {@link serverTiming}: how long an answer has taken, in the field `Server-Timing` (W3C). */
export interface ServerTimingOptions {
  /** What the time is called. */
  readonly metric?: string;
}

/**
 * How long an answer has taken, in the field `Server-Timing` (W3C). Milliseconds are counted from the match of the route until
 * the answer is ready to be sent.
 */
export const serverTiming = (options: ServerTimingOptions | false = {}): Stage => named("server_timing", options);

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
  /**
   * What pages may load and run (`Content-Security-Policy`, CSP Level 3); empty means that nothing is said. `'nonce-{nonce}'` in
   * it is a random number of each request's own, which handlers find in the request and put into the attribute `nonce` of
   * scripts.
   */
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

/** The options of {@link compression}: answers in the coding that the client likes best. */
export interface CompressionOptions {
  /**
   * The codings that are offered, the preferred one first: `zstd`, `br`, `gzip`, `deflate`. When empty, all that the runtime has,
   * in this order. What the client prefers comes before that.
   */
  readonly encodings?: readonly string[];
  /** Content of fewer bytes is sent as it is: it would save less than it takes. */
  readonly minimumSize?: number;
  /** What is compressed: media types such as `text/html`, `text/*` or `application/*+json`. */
  readonly mediaTypes?: readonly string[];
  /** How hard gzip and deflate try, from the fastest to the smallest. */
  readonly gzipLevel?: number;
  /** How hard br tries, from the fastest to the smallest. */
  readonly brotliLevel?: number;
  /** How hard zstd tries, from the fastest to the smallest. */
  readonly zstdLevel?: number;
}

/**
 * Answers in the coding that the client likes best: zstd, br, gzip, deflate (RFC 9110 §8.4). Streams and events are compressed
 * while they are sent. An entity tag becomes weak. Whoever can have a browser send requests and see how long the answers are
 * may guess a secret that stands beside what the request says (BREACH): turn it off for routes that answer with both.
 */
export const compression = (options: CompressionOptions | false = {}): Stage => named("compression", options);

/**
 * The options of {@link csrf}: refusals of requests that pages of other origins forge with the cookies of their visitors
 * (CSRF).
 */
export interface CsrfOptions {
  /**
   * The origins beside this one whose pages may: `https://shop.example`, or `https://*.shop.example` for every host below one.
   */
  readonly trustedOrigins?: readonly string[];
  /**
   * Whether clients that say nothing of it are refused, too. They are no browsers, but for some from before 2020 that can be told
   * to say nothing.
   */
  readonly requireSource?: boolean;
}

/** Refusals of requests that pages of other origins forge with the cookies of their visitors (CSRF). */
export const csrf = (options: CsrfOptions | false = {}): Stage => named("csrf", options);

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

/** The options of {@link etag}: entity tags of answers, and answers to who has them already (RFC 9110 §8. */
export interface EtagOptions {
  /** Whether tags say that the content means the same, not that it is the same byte by byte. */
  readonly weak?: boolean;
}

/** Entity tags of answers, and answers to who has them already (RFC 9110 §8.8.3, §13). */
export const etag = (options: EtagOptions | false = {}): Stage => named("etag", options);
