"""What a handler returns when a value alone does not say enough."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from sabir.header_text import HeaderValue, refuse_surrogates
from sabir.headers import HeaderFields, MutableHeaders

__all__ = [
    "HTMLResponse",
    "HeaderValue",
    "JSONResponse",
    "PlainTextResponse",
    "RedirectResponse",
    "Response",
    "StreamingResponse",
]

SameSite = Literal["strict", "lax", "none"]
RedirectStatus = Literal[301, 302, 303, 307, 308]
TrailerFields = Mapping[str, HeaderValue | Callable[[], HeaderValue]]
"""Values by the names of their fields, or what is called for a value when the content has ended."""


class Response:
    """A value with a status, header fields and cookies.

    The content is encoded as a bare return value would be: text as ``text/plain``, bytes as
    ``application/octet-stream``, what an iterator yields as a stream, everything else as JSON; ``None`` sends no
    content.

    Example:
        >>> response = Response({"id": 1}, status=201, headers={"location": "/orders/1"})
        >>> response.headers["Cache-Control"] = "no-store"
        >>> response.set_cookie("seen", "1")
        >>> response.headers.multi_items()
        [('location', '/orders/1'), ('cache-control', 'no-store'), ('set-cookie', 'seen=1; Path=/')]
    """

    __slots__ = ("content", "headers", "media_type", "status")

    _media_type: ClassVar[str | None] = None

    def __init__(
        self,
        content: Any = None,
        status: int | None = None,
        headers: HeaderFields = (),
        media_type: str | None = None,
    ) -> None:
        self.content = content
        self.status = status
        self.media_type = self._media_type if media_type is None else media_type
        self.headers = MutableHeaders(headers)

    def set_cookie(
        self,
        name: str,
        value: str,
        *,
        path: str | None = "/",
        domain: str | None = None,
        max_age: int | None = None,
        expires: datetime | None = None,
        secure: bool = False,
        http_only: bool = False,
        same_site: SameSite | None = None,
        partitioned: bool = False,
    ) -> None:
        """Set a cookie on the client, for every path of the host unless ``path`` says otherwise.

        The value is any text: what a cookie cannot carry is percent-encoded, and decoded by ``Cookie()`` and
        ``request.cookies``. Without ``path`` (``None``) browsers take the directory of the request's path.

        Raises:
            ValueError: If a part cannot be sent, or a browser would refuse the combination.
        """
        # Here and not above, so that applications can be written where the runtime is not built.
        from sabir._sabir import set_cookie

        if expires is not None and expires.tzinfo is None:
            # A time without a zone is meant as UTC: the field knows no other (RFC 9110 §5.6.7).
            expires = expires.replace(tzinfo=UTC)
        for part in (name, value, path, domain):
            refuse_surrogates("cookie", part or "")
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
        self.headers.append("set-cookie", field)

    def delete_cookie(
        self,
        name: str,
        *,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        http_only: bool = False,
        same_site: SameSite | None = None,
        partitioned: bool = False,
    ) -> None:
        """Make the client forget a cookie.

        ``path``, ``domain`` and ``partitioned`` must be those that it was set with, else the client keeps it. Give
        ``secure`` where it was set so; the prefixes ``__Host-`` and ``__Secure-``, ``partitioned`` and
        ``same_site="none"`` imply it.
        """
        self.set_cookie(
            name,
            "",
            path=path,
            domain=domain,
            max_age=0,
            secure=secure or partitioned or same_site == "none" or name.startswith("__"),
            http_only=http_only,
            same_site=same_site,
            partitioned=partitioned,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status or ''}>".replace(" >", ">")


class PlainTextResponse(Response):
    """Text as ``text/plain``."""

    __slots__ = ()
    _media_type = "text/plain; charset=utf-8"


class HTMLResponse(Response):
    """Text as ``text/html``."""

    __slots__ = ()
    _media_type = "text/html; charset=utf-8"


class JSONResponse(Response):
    """A value as JSON, whatever it is: text is a JSON string, and ``None`` is ``null``."""

    __slots__ = ()
    _media_type = "application/json"


class StreamingResponse(Response):
    """What an iterator yields, plain or asynchronous, sent while it is made.

    Bytes and text are sent as they are, with the media type ``application/octet-stream`` or ``text/plain`` unless one
    is given; :class:`sabir.Event` objects as an event stream, other values as JSON Lines (``application/jsonl``).

    ``trailers`` are fields that follow the content (RFC 9110 §6.5), such as a checksum of it: values by their names, or
    functions that are called for them when the iterator has ended. Clients over HTTP/2 get them, and those over
    HTTP/1.1 that say ``TE: trailers``; so nothing may depend on them. Names that say how content is framed, routed or
    read cannot be among them: the answer is then a failure of the handler.

    Example:
        >>> StreamingResponse(iter(["sku,", "sold"]), media_type="text/csv").media_type
        'text/csv'

    Raises:
        TypeError: If the content cannot be iterated over, or is one text.
    """

    __slots__ = ("trailers",)

    def __init__(
        self,
        content: Iterable[Any] | AsyncIterable[Any],
        status: int | None = None,
        headers: HeaderFields = (),
        media_type: str | None = None,
        *,
        trailers: TrailerFields | None = None,
    ) -> None:
        if isinstance(content, str | bytes | bytearray | Mapping) or not isinstance(content, Iterable | AsyncIterable):
            problem = f"a stream cannot be made of a {type(content).__qualname__}"
            raise TypeError(f"{problem}; give an iterator, or return a Response")
        super().__init__(content, status, headers, media_type)
        self.trailers = trailers


class RedirectResponse(Response):
    """Sends the client to another URL, by default with 307, which keeps the method and the content (RFC 9110 §15.4.8).

    Characters that a URL cannot have are percent-encoded, a backslash among them, which browsers read as a slash. Where
    ``url`` comes from a client, compare its host with those that you know: any host is permitted here.

    Raises:
        ValueError: If ``url`` is empty, holds a control character or half of a surrogate pair, or ``status`` is none of
            a redirection.

    Example:
        >>> RedirectResponse("/søk?q=a b").headers["location"]
        '/s%C3%B8k?q=a%20b'
    """

    __slots__ = ()

    def __init__(self, url: str, status: RedirectStatus = 307, headers: HeaderFields = ()) -> None:
        from sabir._sabir import location

        if status not in (301, 302, 303, 307, 308):
            raise ValueError(f"{status} does not send a client elsewhere; use 301, 302, 303, 307 or 308")
        refuse_surrogates("the URL of a redirect", url)
        super().__init__(None, status, headers)
        self.headers.set("location", location(url))
