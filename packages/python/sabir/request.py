"""The request as a handler sees it."""

from __future__ import annotations

import asyncio
import functools
import logging
import urllib.parse
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from sabir.background import Ending
from sabir.content import Chunks
from sabir.convert import wrap_files
from sabir.headers import Headers, RequestHeaders
from sabir.log import RequestLogger, ids_of
from sabir.multi_mapping import Fields
from sabir.problems import BadRequest, ContentTooLarge, UnsupportedMediaType
from sabir.security import Identity
from sabir.trace import Trace
from sabir.url import URL

if TYPE_CHECKING:
    from sabir._sabir import NativeRequest

_LOGGER = logging.getLogger("sabir.request")

_LARGE = 64 * 1024
"""From how many bytes on content is read as a form on a thread: it would keep the loop for more than a moment."""


_REFUSALS = {400: BadRequest, 413: ContentTooLarge, 415: UnsupportedMediaType}


class Address(NamedTuple):
    """The address of a client."""

    host: str
    port: int


class Request:
    """One request. Every part is read from the runtime only when it is asked for.

    Coroutines await the content, with :meth:`body`, :meth:`text`, :meth:`json` or :meth:`form`; plain functions call
    the methods whose names end in ``_sync``.
    """

    __slots__ = (
        "_content",
        "_cookies",
        "_ending",
        "_form",
        "_headers",
        "_json",
        "_log",
        "_native",
        "_query_params",
        "_state",
    )

    def __init__(self, native: NativeRequest, content: Any = None) -> None:
        self._native = native
        self._content = content

    @property
    def state(self) -> SimpleNamespace:
        """What belongs to this request: hooks, dependencies and the handler have it in common."""
        try:
            return self._state
        except AttributeError:
            self._state: SimpleNamespace = SimpleNamespace()
            return self._state

    def after(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> None:
        """Call a function with these arguments when the answer has been sent, or its client has left.

        A coroutine function runs on the loop, a plain one on a thread; several run one after the other. Of a WebSocket
        it is when its handler has ended. What one raises is logged. A server that stops waits for them.

        Example::

            @app.post("/orders")
            async def create(order: Order, request: Request) -> Order:
                request.after(send_receipt, order)
                return order
        """
        if not callable(function):
            raise TypeError(f"a {type(function).__name__} cannot be called")
        self._at_end().call(functools.partial(function, *arguments, **named))

    def _at_end(self) -> Ending:
        """Return what is left to do when the answer has been sent."""
        try:
            return self._ending
        except AttributeError:
            self._ending: Ending = Ending(self)
            return self._ending

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
    def query_params(self) -> Fields[str]:
        """The parameters of the query by name, decoded as WHATWG URL §5.1 says; what a route declares is checked."""
        try:
            return self._query_params
        except AttributeError:
            pairs = urllib.parse.parse_qsl(self.query_string, keep_blank_values=True, errors="replace")
            self._query_params: Fields[str] = Fields(pairs)
            return self._query_params

    @property
    def host(self) -> str:
        """The host that the client named, with the port if it named one (RFC 9110 §7.2)."""
        return self._native.host

    @property
    def url(self) -> URL:
        """The absolute URL, with the host that the client named. It is text, and has its parts as attributes."""
        return URL(self._native.url)

    @property
    def http_version(self) -> str:
        """The protocol version, such as ``1.1``."""
        return self._native.http_version

    @property
    def client(self) -> Address | None:
        """Address and port of the client; ``None`` in memory and on Unix sockets.

        The port is 0 where a proxy has not told it.
        """
        address = self._native.client
        return None if address is None else Address(*address)

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
    def csp_nonce(self) -> str | None:
        """The number of the request in the Content Security Policy of its answer, for the attribute ``nonce``.

        ``None`` where the policy of :class:`sabir.stages.SecurityHeaders` has no ``'nonce-{nonce}'``.
        """
        return self._native.csp_nonce

    @property
    def identity(self) -> Identity | None:
        """Who sends the request, as a scheme of the route's ``security`` has found out; ``None`` where it has none."""
        identity = self._native.identity
        return None if identity is None else Identity(**identity)

    @property
    def trace(self) -> Trace | None:
        """Where the request stands in a trace; ``None`` without the stage ``TraceContext``."""
        trace = self._native.trace
        return None if trace is None else Trace(*trace)

    @property
    def log(self) -> RequestLogger:
        """The logger ``sabir.request``, whose records have the request's id, and those of its trace."""
        try:
            return self._log
        except AttributeError:
            self._log: RequestLogger = RequestLogger(_LOGGER, ids_of(self))
            return self._log

    @property
    def headers(self) -> Headers:
        """The header fields. Bytes that are not UTF-8 are read as ISO 8859-1."""
        try:
            return self._headers
        except AttributeError:
            self._headers: Headers = RequestHeaders(self._native)
            return self._headers

    @property
    def content_type(self) -> str | None:
        """The field ``Content-Type`` as it was sent, with its parameters."""
        return self._native.header("content-type")

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the client sent, decoded; of several with one name the first."""
        try:
            return self._cookies
        except AttributeError:
            self._cookies: dict[str, str] = self._native.cookies()
            return self._cookies

    async def body(self) -> bytes:
        """Return the content as it was sent.

        Raises:
            RuntimeError: If it is not kept: a multipart form that the route declares is decoded while it arrives, and
                the handler may take content while it arrives.
        """
        return self._native.body()

    async def stream(self) -> AsyncIterator[bytes]:
        """Return the content as an iterator of its chunks.

        They are those that arrive where another parameter of the handler is an ``AsyncIterator[bytes]``; otherwise it
        is one chunk, since the content is there before the handler is called.

        Raises:
            RuntimeError: If the content is taken as lines or parts, or declared as a multipart form.
        """
        if isinstance(self._content, Chunks):
            async for chunk in self._content:
                yield chunk
        elif content := self._native.body():
            yield content

    async def text(self) -> str:
        """Return the content as UTF-8 text.

        Raises:
            BadRequest: If it is not UTF-8.
        """
        return self.text_sync()

    async def json(self) -> Any:
        """Parse the content as JSON, without the checks that a declared body gets. Asked again, it is the same value.

        Raises:
            BadRequest: If it is not JSON.
        """
        return self.json_sync()

    async def form(self) -> Fields[Any]:
        """Read the content as a form, without the checks that a declared one gets. Asked again, it is the same form.

        A field is text, a file an :class:`~sabir.UploadFile`; a part of a multipart form that is neither is bytes, or
        its value where it is JSON.

        Raises:
            UnsupportedMediaType: If the content is none of the two kinds of forms.
            BadRequest: If the form is malformed.
            ContentTooLarge: If it has more fields than ``form_field_limit``, or a part is larger than ``part_limit``.
        """
        if self._native.size() < _LARGE:
            return self.form_sync()
        return await asyncio.to_thread(self.form_sync)

    def body_sync(self) -> bytes:
        """Return the content, as :meth:`body` does."""
        return self._native.body()

    def text_sync(self) -> str:
        """Return the content as text, as :meth:`text` does."""
        try:
            return self._native.body().decode()
        except UnicodeDecodeError as error:
            raise BadRequest("The content is not UTF-8.") from error

    def json_sync(self) -> Any:
        """Parse the content, as :meth:`json` does."""
        try:
            return self._json
        except AttributeError:
            self._json: Any = self._read_json()
            return self._json

    def form_sync(self) -> Fields[Any]:
        """Read the content as a form, as :meth:`form` does."""
        try:
            return self._form
        except AttributeError:
            self._form: Fields[Any] = self._read_form()
            return self._form

    def _read_json(self) -> Any:
        try:
            return msgspec.json.decode(self._native.body())
        except RecursionError as error:
            raise BadRequest("The content is nested too deeply.") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadRequest("The content is not JSON.") from error

    def _read_form(self) -> Fields[Any]:
        form = self._native.form()
        if isinstance(form, tuple):
            status, detail = form
            raise _REFUSALS[status](detail)
        return Fields((name, wrap_files(value)) for name, value in form)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"
