"""What a handler returns when a value alone does not say enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from sabir.header_text import HeaderValue, header_text

SameSite = Literal["strict", "lax", "none"]

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class Response:
    """A value with a status, header fields and cookies.

    The content is encoded as a bare return value would be: text as ``text/plain``, bytes as
    ``application/octet-stream``, everything else as JSON; ``None`` sends no content.

    Example:
        >>> response = Response({"id": 1}, status=201, headers={"location": "/orders/1"})
        >>> response.set_cookie("seen", "1", path="/")
        >>> response.headers
        [('location', '/orders/1'), ('set-cookie', 'seen=1; Path=/')]
    """

    __slots__ = ("content", "headers", "media_type", "status")

    def __init__(
        self,
        content: Any = None,
        status: int | None = None,
        headers: Mapping[str, HeaderValue] | Iterable[tuple[str, HeaderValue]] = (),
        media_type: str | None = None,
    ) -> None:
        self.content = content
        self.status = status
        self.media_type = media_type
        self.headers: list[tuple[str, str]] = []
        for name, value in headers.items() if isinstance(headers, Mapping) else headers:
            self.add_header(name, value)

    def add_header(self, name: str, value: HeaderValue) -> None:
        """Add a header field, keeping those of the same name. A time is written as an HTTP date.

        Raises:
            ValueError: If the name is not a token or the value holds a control character (RFC 9110 §5.5).
            TypeError: If the value is not text, a number, a time, a UUID or a member of an enumeration.
        """
        value = header_text(name, value)
        if not _NAME.fullmatch(name):
            raise ValueError(f"header {name!r}: the name is not a token")
        if any((character < " " and character != "\t") or character == "\x7f" for character in value):
            raise ValueError(f"header {name}: the value has control characters")
        self.headers.append((name.lower(), value))

    def set_cookie(
        self,
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
    ) -> None:
        """Set a cookie on the client.

        The value is any text: what a cookie cannot carry is percent-encoded, and decoded by ``Cookie()`` and
        ``request.cookies``.

        Raises:
            ValueError: If a part cannot be sent, or a browser would refuse the combination.
        """
        # Here and not above, so that applications can be written where the runtime is not built.
        from sabir._sabir import set_cookie

        if expires is not None and expires.tzinfo is None:
            # A time without a zone is meant as UTC: the field knows no other (RFC 9110 §5.6.7).
            expires = expires.replace(tzinfo=UTC)
        field = set_cookie(
            name,
            value,
            path=path,
            domain=domain,
            max_age=max_age,
            expires=None if expires is None else int(expires.timestamp()),
            secure=secure,
            http_only=http_only,
            same_site=same_site,
            partitioned=partitioned,
        )
        self.headers.append(("set-cookie", field))

    def delete_cookie(self, name: str, *, path: str | None = None, domain: str | None = None) -> None:
        """Make the client forget a cookie; path and domain must be those it was set with."""
        self.set_cookie(name, "", path=path, domain=domain, max_age=0, secure=name.startswith("__"))
