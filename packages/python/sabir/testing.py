"""Test clients: the whole pipeline of an application, without a deployment. They need httpx: ``sabir[test]``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

try:
    import httpx
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "the test clients are built on httpx; install it with `pip install sabir[test]`", name="httpx"
    ) from error

from sabir.document_checks import check_asyncapi, check_openapi
from sabir.event import Event
from sabir.event_reader import EventReader
from sabir.media_types import EVENT_STREAM, are_events
from sabir.transport import HOST, SabirTransport, SocketTransport
from sabir.websocket_session import AsyncWebSocketSession, Opening, WebSocketSession, awaited, options_with

if TYPE_CHECKING:
    from sabir.app import Sabir
    from sabir.dependencies import Provider

__all__ = [
    "AsyncTestClient",
    "AsyncWebSocketSession",
    "SabirTransport",
    "TestClient",
    "WebSocketSession",
    "check_asyncapi",
    "check_openapi",
]

BASE_URL = f"https://{HOST}"
"""What paths are relative to. With this scheme cookies for secure connections are sent back, as in production."""
TIMEOUT_SECONDS = 30.0


class TestClient(httpx.Client):
    """An ``httpx.Client`` of an application, for plain test functions.

    Handlers run on an event loop in a thread of its own. With ``socket=True`` every request goes over a loopback
    connection. Arguments other than these are those of ``httpx.Client``; its ``timeout`` is 30 seconds here.

    An unexpected exception of a handler is raised in the test. With ``raise_server_exceptions=False`` the test sees the
    500 that a client gets. Redirects are not followed unless ``follow_redirects=True``. ``None`` in ``params`` and
    ``data`` is left out. ``client.stream`` reads an answer while it is made, and leaves at the end of its block.

    ``dependency_overrides`` are providers by those whose place they take until the client is closed. In memory an
    answer is there when what runs after it has ended, too; a stream is not waited for. With ``periodic=True`` what
    ``app.every`` and ``app.cron`` have runs until the last client of the application is closed.

    Works as a context manager and without.

    Example::

        client = TestClient(app)
        assert client.get("/users/1", params={"limit": 5}).json() == {"id": 1, "limit": 5}
    """

    __test__ = False

    def __init__(
        self,
        app: Sabir,
        *,
        socket: bool = False,
        raise_server_exceptions: bool = True,
        dependency_overrides: Mapping[Provider, Provider] | None = None,
        periodic: bool = False,
        **options: Any,
    ) -> None:
        self.app = app
        kind = SocketTransport if socket else SabirTransport
        self.transport: SabirTransport = kind(
            app,
            raise_server_exceptions=raise_server_exceptions,
            dependency_overrides=dependency_overrides,
            periodic=periodic,
        )
        super().__init__(transport=self.transport, **_client_options(options))

    @property
    def address(self) -> str:
        """Host and port of the server, with ``socket=True``."""
        self.transport.start()
        return _address(self.transport)

    @property
    def handler_calls(self) -> int:
        """How often a handler of the application was entered so far."""
        return self.app.native().handler_calls()

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """Return a request with the defaults of the client; ``None`` in ``params`` and ``data`` is left out."""
        return super().build_request(method, url, **_without_none(options))

    @contextlib.contextmanager
    def events(
        self, url: httpx.URL | str, *, last_event_id: str | None = None, **options: Any
    ) -> Iterator[Iterator[Event[str]]]:
        """Open a stream of server-sent events, and read them as a browser does, as they come. It is left at the end.

        The other arguments are those of ``httpx.Client.stream``.

        Example::

            with client.events("/ticks") as events:
                assert next(events) == Event(data="1")

        Raises:
            httpx.HTTPStatusError: If the answer is no success.
            ValueError: If it is no event stream.
        """
        with self.stream("GET", url, **_event_options(last_event_id, options)) as response:
            if not response.is_success:
                response.read()
            yield self._events(response) if _has_events(response) else iter(())

    def _events(self, response: httpx.Response) -> Iterator[Event[str]]:
        reader = EventReader()
        for chunk in response.iter_bytes():
            yield from reader.feed(chunk)

    @contextlib.contextmanager
    def websocket(
        self, url: httpx.URL | str, *, subprotocols: Iterable[str] = (), **options: Any
    ) -> Iterator[WebSocketSession]:
        """Open a WebSocket. It is closed at the end of the block.

        The other arguments are those of ``httpx.Client.build_request``, such as ``headers`` and ``params``.

        Example::

            with client.websocket("/chat/tea", subprotocols=["chat.v1"]) as ws:
                ws.send("hello")
                assert ws.receive() == "hello"

        Raises:
            httpx.HTTPStatusError: If it is refused; the answer is its ``response``.
            httpx.ConnectError: If the server's handshake is wrong.
            TimeoutError: If no answer comes within the client's timeout.
        """
        request = self.build_request("GET", url, **options_with(subprotocols, options))
        timeout = self.timeout.read
        native = self.transport.start()
        raises = self.transport.raise_server_exceptions
        place, connection = self.transport.place(request), self.transport.connection()
        opening = Opening(native, request, place, raises=raises, connection=connection)
        socket, response = opening.opened.result(timeout)
        with WebSocketSession(socket, response, timeout, raises=raises) as session:
            yield session

    def request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Response:
        """Send a request and wait for the answer; the arguments are those of ``httpx.Client.request``."""
        sending = {name: options.pop(name) for name in ("auth", "follow_redirects") if name in options}
        return self.send(self.build_request(method, url, **options), **sending)


class AsyncTestClient(httpx.AsyncClient):
    """An ``httpx.AsyncClient`` of an application, for coroutines; handlers run on the same event loop.

    What is said of :class:`TestClient` holds for it too. A request that is cancelled cancels its handler.

    Example::

        async with AsyncTestClient(app) as client:
            assert (await client.get("/users/1")).status_code == 200
    """

    def __init__(
        self,
        app: Sabir,
        *,
        socket: bool = False,
        raise_server_exceptions: bool = True,
        dependency_overrides: Mapping[Provider, Provider] | None = None,
        periodic: bool = False,
        **options: Any,
    ) -> None:
        self.app = app
        kind = SocketTransport if socket else SabirTransport
        self.transport: SabirTransport = kind(
            app,
            raise_server_exceptions=raise_server_exceptions,
            dependency_overrides=dependency_overrides,
            periodic=periodic,
        )
        super().__init__(transport=self.transport, **_client_options(options))

    @property
    def address(self) -> str:
        """Host and port of the server, with ``socket=True``; to be asked for where the loop runs."""
        self.transport.start_here()
        return _address(self.transport)

    @property
    def handler_calls(self) -> int:
        """How often a handler of the application was entered so far."""
        return self.app.native().handler_calls()

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """Return a request with the defaults of the client; ``None`` in ``params`` and ``data`` is left out."""
        return super().build_request(method, url, **_without_none(options))

    @contextlib.asynccontextmanager
    async def events(
        self, url: httpx.URL | str, *, last_event_id: str | None = None, **options: Any
    ) -> AsyncIterator[AsyncIterator[Event[str]]]:
        """Open a stream of server-sent events, as :meth:`TestClient.events` does.

        Example::

            async with client.events("/ticks") as events:
                assert await anext(events) == Event(data="1")
        """
        async with self.stream("GET", url, **_event_options(last_event_id, options)) as response:
            if not response.is_success:
                await response.aread()
            yield self._events(response, has_events=_has_events(response))

    async def _events(self, response: httpx.Response, *, has_events: bool) -> AsyncIterator[Event[str]]:
        reader = EventReader()
        if has_events:
            async for chunk in response.aiter_bytes():
                for event in reader.feed(chunk):
                    yield event

    @contextlib.asynccontextmanager
    async def websocket(
        self, url: httpx.URL | str, *, subprotocols: Iterable[str] = (), **options: Any
    ) -> AsyncIterator[AsyncWebSocketSession]:
        """Open a WebSocket, as :meth:`TestClient.websocket` does.

        Example::

            async with client.websocket("/chat/tea") as ws:
                await ws.send("hello")
                assert await ws.receive() == "hello"
        """
        request = self.build_request("GET", url, **options_with(subprotocols, options))
        timeout = self.timeout.read
        native = await self.transport.started_here()
        raises = self.transport.raise_server_exceptions
        place, connection = self.transport.place(request), self.transport.connection()
        opening = Opening(native, request, place, raises=raises, connection=connection)
        socket, response = await awaited(opening.opened, timeout)
        async with AsyncWebSocketSession(socket, response, timeout, raises=raises) as session:
            yield session

    async def request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Response:
        """Send a request and await the answer; the arguments are those of ``httpx.AsyncClient.request``."""
        sending = {name: options.pop(name) for name in ("auth", "follow_redirects") if name in options}
        return await self.send(self.build_request(method, url, **options), **sending)


def _event_options(last_event_id: str | None, options: dict[str, Any]) -> dict[str, Any]:
    headers = httpx.Headers(options.pop("headers", None))
    headers.setdefault("accept", EVENT_STREAM)
    if last_event_id is not None:
        headers["last-event-id"] = last_event_id
    return {**options, "headers": headers}


def _has_events(response: httpx.Response) -> bool:
    """Whether an answer is an event stream, or one after which no client comes back (WHATWG HTML §9.2.3).

    Raises:
        httpx.HTTPStatusError: If it is no success.
        ValueError: If it is something else.
    """
    response.raise_for_status()
    media_type = response.headers.get("content-type")
    if response.status_code != 204 and not are_events(media_type):
        raise ValueError(f"the answer is no event stream; its media type is {media_type}")
    return response.status_code != 204


def _client_options(options: dict[str, Any]) -> dict[str, Any]:
    return _without_none({"base_url": BASE_URL, "timeout": TIMEOUT_SECONDS, **options})


def _address(transport: SabirTransport) -> str:
    address = transport.address if isinstance(transport, SocketTransport) else None
    if address is None:
        raise RuntimeError("the client works in memory; create it with socket=True")
    return address


def _without_none(options: dict[str, Any]) -> dict[str, Any]:
    """Leave out names without a value, which httpx would send as empty ones."""
    return {name: _present(value) if name in ("params", "data") else value for name, value in options.items()}


def _present(pairs: Any) -> Any:
    if isinstance(pairs, str | bytes | httpx.QueryParams) or not isinstance(pairs, Iterable):
        return pairs
    if isinstance(pairs, Mapping):
        return {name: _listed(value) for name, value in pairs.items() if value is not None}
    return [pair for pair in pairs if not isinstance(pair, tuple) or pair[1] is not None]


def _listed(value: Any) -> Any:
    return [item for item in value if item is not None] if isinstance(value, list | tuple) else value
