"""The ``Set-Cookie`` header field (RFC 6265bis §4.1)."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r'"?[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*"?')
_ATTRIBUTE = re.compile(r"[\x20-\x3a\x3c-\x7e]*")

SameSite = Literal["strict", "lax", "none"]


def set_cookie(
    name: str,
    value: str,
    *,
    path: str | None = None,
    domain: str | None = None,
    max_age: int | None = None,
    expires: datetime | None = None,
    secure: bool = False,
    http_only: bool = False,
    same_site: SameSite | None = None,
    partitioned: bool = False,
) -> str:
    """Write the value of a ``Set-Cookie`` field.

    Raises:
        ValueError: If a part cannot be sent, or a browser would refuse the combination.
    """
    _check(name, value, path, domain)
    if name.lower().startswith(("__secure-", "__host-")) and not secure:
        raise ValueError(f"cookie {name}: a name with this prefix requires secure=True")
    if name.lower().startswith("__host-") and (path != "/" or domain is not None):
        raise ValueError(f'cookie {name}: the prefix __Host- requires path="/" and no domain')
    if not secure and (partitioned or (same_site or "").lower() == "none"):
        raise ValueError(f'cookie {name}: same_site="none" and partitioned require secure=True')
    parts = [f"{name}={value}"]
    if expires is not None:
        # A time without a zone is meant as UTC: the field knows no other (RFC 9110 §5.6.7).
        moment = expires.replace(tzinfo=UTC) if expires.tzinfo is None else expires.astimezone(UTC)
        parts.append(f"Expires={format_datetime(moment, usegmt=True)}")
    if max_age is not None:
        parts.append(f"Max-Age={max_age}")
    if domain is not None:
        parts.append(f"Domain={domain}")
    if path is not None:
        parts.append(f"Path={path}")
    if secure:
        parts.append("Secure")
    if http_only:
        parts.append("HttpOnly")
    if same_site is not None:
        parts.append(f"SameSite={same_site.capitalize()}")
    if partitioned:
        parts.append("Partitioned")
    return "; ".join(parts)


def _check(name: str, value: str, path: str | None, domain: str | None) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"cookie {name!r}: the name is not a token (RFC 9110 §5.6.2)")
    if not _VALUE.fullmatch(value):
        raise ValueError(f"cookie {name}: the value has characters that a cookie cannot carry; encode it")
    for attribute, text in (("path", path), ("domain", domain)):
        if text is not None and not _ATTRIBUTE.fullmatch(text):
            raise ValueError(f"cookie {name}: the {attribute} has characters that a cookie cannot carry")
