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
