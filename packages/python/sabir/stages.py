"""The stages of the runtime: what stands around handlers, and is done before Python is entered.

Generated from the runtime's tables by ``./task generate``. Do not edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import msgspec

from sabir.stage import Stage


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
    """What pages may load and run (``Content-Security-Policy``, CSP Level 3); empty means that nothing is said."""
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
class RateLimit(Stage):
    """How many requests a client may send (GCRA). Answers say what is left in ``RateLimit`` and ``RateLimit-Policy``
    (draft-ietf-httpapi-ratelimit-headers); what is too much is answered 429 with ``Retry-After`` before anything of it
    is decoded. A limit of the application counts all routes together that have none of their own, one of a route that
    route alone; each process counts for itself. Requests without a route and those with the method OPTIONS do not
    count."""

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
