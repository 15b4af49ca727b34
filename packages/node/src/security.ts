import { SetupError } from "./setup-error.js";

/** Who sends a request, as a security scheme of its route has found out. */
export interface Identity {
  /** The name of the scheme. */
  readonly scheme: string;
  /** The name of a key or a user, or the claim `sub` of a token; `null` where the handler has to find out. */
  readonly subject: string | null;
  /** What they may do. */
  readonly scopes: readonly string[];
  /** The claims of a token (RFC 7519 §4). */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What was sent, of a scheme whose handlers check it: the key, the token, or `name:password`. */
  readonly credentials: string | null;
}

/** Keys, tokens or passwords by the names of those who have them, with what they permit where that is said. */
export type Keys = Readonly<Record<string, string | { readonly key: string; readonly scopes?: readonly string[] }>>;

/** An OpenAPI Security Scheme Object, whose `x-sabir` says what credentials are held against. */
export type SecuritySchemeObject = Readonly<Record<string, unknown>>;

interface Described {
  /** For people who read documents. */
  readonly description?: string;
  /** What challenges call the protected space (RFC 9110 §11.5); the name of the scheme if it is left out. */
  readonly realm?: string;
}

/** What credentials are held against that are known beforehand, or not by the runtime. */
export interface KeyOptions extends Described {
  /** Who has which; compared in constant time. */
  readonly keys?: Keys;
  /**
   * Whether handlers check the credentials, which they find in `request.identity.credentials`. The runtime sees to it that there are any.
   */
  readonly byHandler?: boolean;
}

/** Where a key is: one of these. */
export interface ApiKeyOptions extends KeyOptions {
  /** The name of a header field. */
  readonly header?: string;
  /** The name of a parameter of the query. */
  readonly query?: string;
  /** The name of a cookie. */
  readonly cookie?: string;
}

/** How a token is signed (RFC 7518 §3.1, RFC 8037 §3.1). */
export type Algorithm = `${"HS" | "RS" | "PS"}${256 | 384 | 512}` | "ES256" | "ES384" | "EdDSA";

/** The rules of JSON Web Tokens. */
export interface JwtOptions extends Described {
  /** The algorithms that may have signed them (RFC 8725 §3.1). */
  readonly algorithms: readonly Algorithm[];
  /** What signers and this server share, for HS256 and its siblings: 32 bytes or more. */
  readonly secret?: string;
  /** Public keys in PEM. */
  readonly publicKeys?: readonly string[];
  /** A JWK Set (RFC 7517 §5). */
  readonly jwks?: { readonly keys: readonly object[] };
  /** Whom they have to be meant for: one of these. Without any, a token that is meant for somebody is refused. */
  readonly audience?: string | readonly string[];
  /** Who has to have made them: one of these. */
  readonly issuer?: string | readonly string[];
  /** Seconds by which clocks may differ; 30 by default. */
  readonly leeway?: number;
  /** Whether those that never expire are taken. */
  readonly mayLastForEver?: boolean;
}

/**
 * A key in a header field, the query or a cookie.
 *
 * @throws {SetupError} It is in none of these places, or in several, or there is no such option.
 */
export function apiKey({ header, query, cookie, ...options }: ApiKeyOptions): SecuritySchemeObject {
  check("apiKey", options, KEY_OPTIONS);
  const places = Object.entries({ header, query, cookie }).filter(([, name]) => name !== undefined);
  const [place] = places;
  if (place === undefined || places.length > 1) {
    const parts = { field: "header, query, cookie", problem: "a key is in one place", remedy: "name one of them" };
    throw new SetupError({ route: "apiKey", ...parts });
  }
  return scheme({ type: "apiKey", in: place[0], name: place[1] }, options, held(options));
}

/**
 * Name and password (RFC 7617); `keys` are the passwords by names.
 *
 * @throws {SetupError} There is no such option.
 */
export function basic(options: KeyOptions): SecuritySchemeObject {
  check("basic", options, KEY_OPTIONS);
  return scheme({ type: "http", scheme: "basic" }, options, held(options));
}

/**
 * A token in `Authorization: Bearer` (RFC 6750) that is known beforehand, or that handlers check.
 *
 * @throws {SetupError} There is no such option.
 */
export function bearer(options: KeyOptions): SecuritySchemeObject {
  check("bearer", options, KEY_OPTIONS);
  return scheme({ type: "http", scheme: "bearer" }, options, held(options));
}

/**
 * A JSON Web Token (RFC 7519) in `Authorization: Bearer`. Scopes are the words of its claims `scope`, `scp`, `scopes`, `roles` and
 * `permissions`.
 *
 * @throws {SetupError} There is no such option.
 */
export function jwt(options: JwtOptions): SecuritySchemeObject {
  check("jwt", options, JWT_OPTIONS);
  const { algorithms, secret, publicKeys, jwks, audience, issuer, leeway, mayLastForEver } = options;
  const rules = {
    algorithms,
    secret,
    public_keys: publicKeys,
    jwks,
    audience: list(audience),
    issuer: list(issuer),
    leeway,
    may_last_for_ever: mayLastForEver,
  };
  return scheme({ type: "http", scheme: "bearer", bearerFormat: "JWT" }, options, { jwt: rules });
}

/** A security scheme of an application, for the option `security` of routes: called with scopes it demands these, too. */
export interface Scheme {
  (...scopes: readonly string[]): SecurityRequirement;
  /** The name of the scheme. */
  readonly schemeName: string;
}

/** An OpenAPI Security Requirement Object: schemes by their names, with the scopes that are needed; `{}` is everybody. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** What routes demand the scheme called `name` by. */
export function schemeNamed(name: string): Scheme {
  return Object.assign((...scopes: readonly string[]) => ({ [name]: scopes }), { schemeName: name });
}

/**
 * The alternatives of a route as data.
 *
 * @throws {SetupError} One of them is none.
 */
export function requirementsOf(security: readonly (Scheme | SecurityRequirement)[]): SecurityRequirement[] {
  if (!Array.isArray(security)) {
    throw new SetupError({ route: "", field: "security", problem: "this is no list", remedy: "give a list of alternatives" });
  }
  return security.map((alternative: unknown, place) => {
    if (typeof alternative === "function" && "schemeName" in alternative) return { [String(alternative.schemeName)]: [] };
    if (typeof alternative === "object" && alternative !== null) return alternative as SecurityRequirement;
    const remedy = "use what `app.security` has returned";
    throw new SetupError({ route: "", field: `security[${place}]`, problem: "this is no security requirement", remedy });
  });
}

const DESCRIBED = ["description", "realm"] as const;
const KEY_OPTIONS: readonly (keyof KeyOptions)[] = ["keys", "byHandler", ...DESCRIBED];
const JWT_OPTIONS: readonly (keyof JwtOptions)[] = [
  "algorithms",
  "secret",
  "publicKeys",
  "jwks",
  "audience",
  "issuer",
  "leeway",
  "mayLastForEver",
  ...DESCRIBED,
];

/** @throws {SetupError} There is no such option. */
function check(route: string, options: object, known: readonly string[]): void {
  for (const field of Object.keys(options)) {
    if (known.includes(field)) continue;
    throw new SetupError({ route, field, problem: "there is no such option", remedy: `use one of ${known.join(" ")}` });
  }
}

function held({ keys, byHandler }: KeyOptions): object {
  return { keys, by_handler: byHandler };
}

function scheme(object: object, { description, realm }: Described, check: object): SecuritySchemeObject {
  return {
    ...object,
    ...(description !== undefined && { description }),
    "x-sabir": { ...check, ...(realm !== undefined && { realm }) },
  };
}

function list(values: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof values === "string" ? [values] : values;
}
