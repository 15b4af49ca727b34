"""The stages of the runtime: what stands around handlers, and is done before Python is entered.

Generated from the runtime's tables by ``./task generate``. Do not edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import msgspec

from sabir.stage import Stage


@dataclass(frozen=True, kw_only=True)
class AccessLog(Stage):
    """One line for each request, written when its answer has ended.

    Of a stream that is after its last byte, of a socket when it is closed. Lines say how it ended: ``complete``,
    ``aborted`` where the client has left before, or the server had to stop, or ``failed``. What clients say is escaped.
    Requests that the connection refuses have lines too. Lines are written beside the requests, several at a time; when
    more wait than can be written, some are left out, and the log says how many. Each line is written whole, so that
    several processes may share a file.
    """

    name: ClassVar[str] = "access_log"

    format: Literal["json", "common", "combined", "human"] = "json"
    """What lines look like: ``json`` has every field, ``common`` and ``combined`` are the formats of other servers,
    ``human`` is for people who read along."""
    output: str = "stdout"
    """Where lines go: ``stdout``, ``stderr``, or the path of a file, which grows, and is opened again when it was moved
    away or removed."""
    query: bool = False
    """Whether lines have the query. It may hold secrets."""
    identity: bool = False
    """Whether lines have the name of who has sent a request, as security schemes have found it out."""
    skip: Sequence[str] = ()
    """Paths, of requests or of routes, that make no lines, such as those of health checks."""


@dataclass(frozen=True, kw_only=True)
class RequestId(Stage):
    """The id of a request, in the log, in problems and for handlers.

    Without the stage it is the ``x-request-id`` of whoever sends one, and problems alone say it; with it every answer
    does. It is for the whole application.
    """

    name: ClassVar[str] = "request_id"

    header: str = "x-request-id"
    """The field that ids come in, and that every answer has."""
    accept_from: Sequence[str] = ("loopback", "unix")
    """Whose ids are taken over, if they are 1 to 128 visible characters of ASCII: networks as ``10.0.0.0/8``,
    addresses, ``loopback``, ``private``, ``unix``, ``all``. Others get a new one. It is the peer of the connection that
    counts, not what proxies say."""
    format: Literal["short", "uuid"] = "short"
    """What ids look like that the server makes."""


@dataclass(frozen=True, kw_only=True)
class TraceContext(Stage):
    """Of which trace of several services a request is, and which span of it the request itself is (W3C Trace Context).

    Handlers find it with the request, with the ``traceparent`` that requests to other services need; log lines and
    access logs have it. A ``traceparent`` that is malformed begins a new trace. It is for the whole application.
    """

    name: ClassVar[str] = "trace_context"

    accept_from: Sequence[str] = ("loopback", "unix")
    """Whose ``traceparent`` is taken over: networks as ``10.0.0.0/8``, addresses, ``loopback``, ``private``, ``unix``,
    ``all``. Requests of others begin a new trace. It is the peer of the connection that counts, not what proxies
    say."""
    sampled: bool = True
    """Whether traces that begin here are recorded, as far as the flag ``sampled`` says so to other services."""
    respond: bool = False
    """Whether answers say their trace and span, in the field ``traceresponse``."""


@dataclass(frozen=True, kw_only=True)
class TrustedProxies(Stage):
    """What proxies in front of the server say of the client: its address, and the scheme and the host of its URL.

    Requests have them as their own then, for handlers and for other stages. Senders are followed from the nearest on as
    long as they are trusted; the first one that is not is the client. One without an address, as ``unknown``, ends
    that, and so does anything else that is none. Schemes, hosts and ports that are none are not looked at. A
    ``Forwarded`` that is malformed is answered 400, since nobody can know what of it a proxy has said. It is for the
    whole application.
    """

    name: ClassVar[str] = "trusted_proxies"

    trust: Sequence[str] = ("loopback", "unix")
    """Who is believed: networks as ``10.0.0.0/8`` and ``2001:db8::/32``, addresses, ``loopback``, ``private`` (RFC
    1918, RFC 4193), ``unix`` for Unix sockets, ``all``."""
    fields: Sequence[str] = ("x-forwarded-for", "x-forwarded-proto")
    """The fields that the proxies set: ``x-forwarded-for``, ``x-forwarded-proto``, ``x-forwarded-host``,
    ``x-forwarded-port``, or ``forwarded`` alone (RFC 7239). Name none that a proxy passes on as its client has sent
    it."""


@dataclass(frozen=True, kw_only=True)
class TrustedHosts(Stage):
    """The hosts that the application answers for.

    A request for another one is answered 421 (RFC 9110 §7.4, §15.5.20), and so is one that says no host, as HTTP/1.0
    permits. It is for the whole application.
    """

    name: ClassVar[str] = "trusted_hosts"

    hosts: Sequence[str] = ()
    """The hosts: ``shop.example``, ``*.shop.example`` for every host below one, either with a port,
    ``shop.example:8443``, where no other will do. Without one any port will."""


@dataclass(frozen=True, kw_only=True)
class HttpsRedirect(Stage):
    """Sends clients that have come over HTTP to the same address over HTTPS.

    The answer is 308, which keeps method and content (RFC 9110 §15.4.9). The server has no TLS of its own, so the
    scheme is what proxies say: without ``trusted_proxies`` every request is sent away, again and again. It is for the
    whole application.
    """

    name: ClassVar[str] = "https_redirect"

    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 443
    """The port that HTTPS is served on."""
    exclude: Sequence[str] = ()
    """Paths that are answered over HTTP as well, with all below them: ``/healthz``, ``/.well-known/acme-challenge``."""


@dataclass(frozen=True, kw_only=True)
class ServerTiming(Stage):
    """How long an answer has taken, in the field ``Server-Timing`` (W3C).

    Milliseconds are counted from the match of the route until the answer is ready to be sent.
    """

    name: ClassVar[str] = "server_timing"

    metric: str = "total"
    """What the time is called."""


@dataclass(frozen=True, kw_only=True)
class SecurityHeaders(Stage):
    """Header fields that tell browsers what they may do with an answer."""

    name: ClassVar[str] = "security_headers"

    content_type_options: bool = True
    """Whether browsers take the media type for what it is (``X-Content-Type-Options: nosniff``, Fetch §3.6)."""
    frame_options: str = "SAMEORIGIN"
    """Who may show the answer in a frame: ``DENY``, ``SAMEORIGIN``, or everybody when it is empty (``X-Frame-Options``,
    HTML §7.6)."""
    referrer_policy: Literal["no-referrer", "same-origin", "strict-origin-when-cross-origin", ""] = (
        "strict-origin-when-cross-origin"
    )
    """How much of its address a page tells the servers that it links to."""
    hsts_max_age: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Seconds for which browsers come back over HTTPS only (RFC 6797). 0 means that nothing is said."""
    hsts_include_subdomains: bool = False
    """Whether that holds for subdomains, too."""
    content_security_policy: str = ""
    """What pages may load and run (``Content-Security-Policy``, CSP Level 3); empty means that nothing is said.
    ``'nonce-{nonce}'`` in it is a random number of each request's own, which handlers find in the request and put into
    the attribute ``nonce`` of scripts."""
    cross_origin_opener_policy: str = "same-origin"
    """Which other origins may have the answer in a window that they share (``Cross-Origin-Opener-Policy``); empty means
    that nothing is said."""


@dataclass(frozen=True, kw_only=True)
class Cors(Stage):
    """Cross-origin resource sharing: which pages of other origins may read answers (Fetch standard, §3.2)."""

    name: ClassVar[str] = "cors"

    allow_origins: Sequence[str] = ("*",)
    """The origins that may: ``https://shop.example``, ``https://*.shop.example`` for every host below one, ``*`` for
    all."""
    allow_credentials: bool = False
    """Whether requests may carry cookies and certificates. The origins have to be named then."""
    allow_methods: Sequence[str] = ()
    """The methods that pages may use. When empty, those that the path has."""
    allow_headers: Sequence[str] = ()
    """The fields that pages may send. When empty, those that they ask for."""
    expose_headers: Sequence[str] = ()
    """The fields of answers that pages may read beside those that they always may."""
    max_age: Annotated[int, msgspec.Meta(ge=0, le=86400)] = 600
    """Seconds for which browsers keep what a preflight has told them."""
    allow_private_network: bool = False
    """Whether pages of public networks may reach this server in a private one (Private Network Access)."""


@dataclass(frozen=True, kw_only=True)
class Compression(Stage):
    """Answers in the coding that the client likes best: zstd, br, gzip, deflate (RFC 9110 §8.4).

    Streams and events are compressed while they are sent. An entity tag becomes weak. Whoever can have a browser send
    requests and see how long the answers are may guess a secret that stands beside what the request says (BREACH): turn
    it off for routes that answer with both.
    """

    name: ClassVar[str] = "compression"

    encodings: Sequence[str] = ()
    """The codings that are offered, the preferred one first: ``zstd``, ``br``, ``gzip``, ``deflate``. When empty, all
    that the runtime has, in this order. What the client prefers comes before that."""
    minimum_size: Annotated[int, msgspec.Meta(ge=0)] = 1024
    """Content of fewer bytes is sent as it is: it would save less than it takes."""
    media_types: Sequence[str] = (
        "text/*",
        "application/json",
        "application/*+json",
        "application/jsonl",
        "application/x-ndjson",
        "application/xml",
        "application/*+xml",
        "application/javascript",
        "application/wasm",
        "image/svg+xml",
        "font/otf",
        "font/ttf",
    )
    """What is compressed: media types such as ``text/html``, ``text/*`` or ``application/*+json``."""
    gzip_level: Annotated[int, msgspec.Meta(ge=1, le=9)] = 4
    """How hard gzip and deflate try, from the fastest to the smallest."""
    brotli_level: Annotated[int, msgspec.Meta(ge=0, le=11)] = 4
    """How hard br tries, from the fastest to the smallest."""
    zstd_level: Annotated[int, msgspec.Meta(ge=1, le=19)] = 3
    """How hard zstd tries, from the fastest to the smallest."""


@dataclass(frozen=True, kw_only=True)
class Csrf(Stage):
    """Refusals of requests that pages of other origins forge with the cookies of their visitors (CSRF)."""

    name: ClassVar[str] = "csrf"

    trusted_origins: Sequence[str] = ()
    """The origins beside this one whose pages may: ``https://shop.example``, or ``https://*.shop.example`` for every
    host below one."""
    require_source: bool = False
    """Whether clients that say nothing of it are refused, too. They are no browsers, but for some from before 2020 that
    can be told to say nothing."""


@dataclass(frozen=True, kw_only=True)
class RateLimit(Stage):
    """How many requests a client may send (GCRA).

    Answers say what is left in ``RateLimit`` and ``RateLimit-Policy`` (draft-ietf-httpapi-ratelimit-headers); what is
    too much is answered 429 with ``Retry-After`` before anything of it is decoded. A limit of the application counts
    all routes together that have none of their own, one of a route that route alone; each process counts for itself.
    Requests without a route and those with the method OPTIONS do not count.
    """

    name: ClassVar[str] = "rate_limit"

    limit: str = "100/minute"
    """So many requests in so much time, as ``100/minute``: a number, and ``second``, ``minute``, ``hour`` or ``day``.
    What was taken comes back evenly."""
    burst: Annotated[int, msgspec.Meta(ge=0, le=1000000)] = 0
    """How many requests may come at once. 0 means as many as the limit."""
    key: str = "ip"
    """Who counts as one client: ``ip``, an address of IPv4 or a /64 network of IPv6; ``header:x-api-key``, the value of
    this header field, without which it is the address; ``global``, all of them. Requests without an address, as over
    Unix sockets, count together."""
    max_keys: Annotated[int, msgspec.Meta(ge=2, le=10000000)] = 100000
    """How many clients are remembered. Where there are more, those that were silent for longest are forgotten, and
    begin anew."""
    on_store_error: Literal["refuse", "allow"] = "refuse"
    """What becomes of requests while the store fails that is to count them. The memory of the process never does."""


@dataclass(frozen=True, kw_only=True)
class Etag(Stage):
    """Entity tags of answers, and answers to who has them already (RFC 9110 §8.8.3, §13)."""

    name: ClassVar[str] = "etag"

    weak: bool = False
    """Whether tags say that the content means the same, not that it is the same byte by byte."""
