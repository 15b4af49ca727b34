"""The request as a handler sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from sabir.problem import BadRequest

if TYPE_CHECKING:
    from sabir._sabir import NativeRequest


class Request:
    """One request. Every part is read from the runtime only when it is asked for."""

    __slots__ = ("_native",)

    def __init__(self, native: NativeRequest) -> None:
        self._native = native

    @property
    def method(self) -> str:
        """The method, such as ``GET``."""
        return self._native.method

    @property
    def path(self) -> str:
        """The path as it was sent, still percent-encoded."""
        return self._native.path

    @property
    def query_string(self) -> str:
        """The query as it was sent, without the question mark."""
        return self._native.query_string

    @property
    def url(self) -> str:
        """The absolute URL, with the host that the client named."""
        query = self.query_string
        return f"http://{self.header('host') or 'localhost'}{self.path}{'?' if query else ''}{query}"

    @property
    def http_version(self) -> str:
        """The protocol version, such as ``1.1``."""
        return self._native.http_version

    @property
    def client(self) -> tuple[str, int] | None:
        """Address and port of the peer; ``None`` in memory and on Unix sockets."""
        return self._native.client

    @property
    def id(self) -> str:
        """The request id, also in the answer of a problem and in the log."""
        return self._native.request_id

    @property
    def route(self) -> str:
        """The pattern that matched, such as ``/users/{id:int}``."""
        return self._native.route

    @property
    def accepts(self) -> str | None:
        """The media type that was negotiated among those the route produces (RFC 9110 §12.5.1)."""
        return self._native.accepts

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Every header field in order, names in lower case."""
        return self._native.headers()

    def header(self, name: str) -> str | None:
        """Return the first value of the header field ``name``."""
        return self._native.header(name)

    def header_list(self, name: str) -> list[str]:
        """Return every value of the header field ``name``."""
        return self._native.header_list(name)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the client sent."""
        return self._native.cookies()

    @property
    def body(self) -> bytes:
        """The content as it was sent.

        Raises:
            RuntimeError: If the route declares it as a multipart form: that is decoded while it arrives, and not kept.
        """
        return self._native.body()

    @property
    def text(self) -> str:
        """The content as UTF-8 text.

        Raises:
            BadRequest: If it is not UTF-8.
        """
        try:
            return self._native.body().decode()
        except UnicodeDecodeError as error:
            raise BadRequest("The content is not UTF-8.") from error

    def json(self) -> Any:
        """Parse the content as JSON, without the checks that a declared body gets.

        Raises:
            BadRequest: If it is not JSON.
        """
        try:
            return msgspec.json.decode(self._native.body())
        except msgspec.DecodeError as error:
            raise BadRequest("The content is not JSON.") from error

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"
