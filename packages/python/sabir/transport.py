"""How clients of httpx reach an application: in memory, or over a loopback socket."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

# httpx is built on it, so that it is there.
import anyio
import anyio.to_thread
import httpx

from sabir.background import are_open, settled
from sabir.exchange import Content, Exchange
from sabir.failures import failures
from sabir.loops import LoopThread, RunningLoop
from sabir.sending import awaited, elsewhere, threaded

if TYPE_CHECKING:
    from sabir._sabir import NativeApp, NativeConnection
    from sabir.app import Sabir
    from sabir.dependencies import Provider

HOST = "sabir.test"
_ENDING_SECONDS = 5.0
"""How long a client in memory waits for what runs after an answer, so that tests can look at what that has done."""


class SabirTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends the requests of ``httpx.Client`` and ``httpx.AsyncClient`` to an application, without a socket.

    They pass the same service as those that come over a connection. Under ``httpx.AsyncClient`` handlers run on the
    event loop that awaits the answer, otherwise on one in a thread of its own; when the application already runs on
    another loop, on that. A request that is cancelled, or takes longer than the client's ``timeout``, cancels its
    handler.

    An exception that a handler did not mean to raise is raised in the test too; with ``raise_server_exceptions=False``
    only its answer is seen, which is a 500. A stream is read as it is made, and whoever closes its response leaves;
    where its handler fails after the head, reading it raises the exception, or ``httpx.RemoteProtocolError``. An
    iterator that is the content of a request is asked for a chunk when one is wanted.

    Example::

        async with httpx.AsyncClient(transport=SabirTransport(app), base_url="http://sabir.test") as client:
            assert (await client.get("/users/1")).status_code == 200
    """

    def __init__(
        self,
        app: Sabir,
        *,
        raise_server_exceptions: bool = True,
        dependency_overrides: Mapping[Provider, Provider] | None = None,
        periodic: bool = False,
    ) -> None:
        self.app = app
        self._periodic = periodic
        self.raise_server_exceptions = raise_server_exceptions
        self._overrides = dict(dependency_overrides or {})
        self._overridden: dict[Provider, Provider] | None = None
        self._lock = threading.Lock()
        self._thread: LoopThread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lifespans: asyncio.Task[None] | None = None
        self._finalizer: weakref.finalize[..., SabirTransport] | None = None
        self._connection: NativeConnection | None = None
        failures.watch()
        self._unwatch = weakref.finalize(self, failures.unwatch)

    def start(self) -> NativeApp:
        """Make sure that handlers run somewhere else than in this thread."""
        self._override()
        loop = self.app.running_loop()
        if loop is not None and loop is asyncio._get_running_loop():
            raise RuntimeError("the handlers run on the event loop of this thread; await an answer of AsyncTestClient")
        with self._lock:
            if self._thread is None and (thread := LoopThread.joined(self.app)) is not None:
                self._hold(thread)
            elif self._thread is None and self.app.running_loop() is None:
                self._hold(LoopThread.of(self.app))
        self._start_periodic()
        return self.app.native()

    def start_here(self) -> NativeApp:
        """Make sure that handlers run: on the running loop of asyncio, unless they already run on another."""
        if asyncio._get_running_loop() is None:
            return self.start()
        self._override()
        loop = self.app.running_loop()
        if loop is not None and loop is not asyncio.get_running_loop() and self._thread is None:
            # It must not be closed by another client as long as this one needs it.
            if (thread := LoopThread.joined(self.app)) is not None:
                self._hold(thread)
                return self.app.native()
            loop = self.app.running_loop()
        if (loop is None or loop is asyncio.get_running_loop()) and self._loop is not asyncio.get_running_loop():
            self._loop = RunningLoop.enter(self.app)
        return self.app.native()

    async def started_here(self) -> NativeApp:
        """Do as :meth:`start_here`, with the lifespans of the application entered."""
        native = SabirTransport.start_here(self)
        if self._loop is not None and self._loop is asyncio._get_running_loop():
            await self._enter_lifespans(self._loop)
        self._start_periodic()
        return self._ready(native)

    def connection(self) -> NativeConnection:
        """Return what stands for the connection of the client in memory, until that is closed."""
        from sabir._sabir import NativeConnection

        with self._lock:
            if self._connection is None:
                self._connection = NativeConnection()
            return self._connection

    def _end_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _options(self) -> dict[str, Any]:
        return {"raises": self.raise_server_exceptions, "connection": self.connection()}

    def _start_periodic(self) -> None:
        if self._periodic and (loop := self.app.running_loop()) is not None:
            loop.call_soon_threadsafe(self.app._start_periodic)

    async def _enter_lifespans(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._lifespans is None:
            self._lifespans = loop.create_task(self.app._enter_lifespans())
        try:
            # Several requests may wait for them.
            await asyncio.shield(self._lifespans)
        except Exception:
            self._lifespans = self._loop = None
            await RunningLoop.leave(self.app, loop, has_lifespans=False)
            raise

    def _ready(self, native: NativeApp) -> NativeApp:
        return native

    def _override(self) -> None:
        """Let the providers of the client take the place of others, until it is closed."""
        if self._overrides and self._overridden is None:
            self._overridden = dict(self.app.dependency_overrides)
            self.app.dependency_overrides.update(self._overrides)

    def _undo_overrides(self) -> None:
        before, self._overridden = self._overridden, None
        if before is not None:
            self.app.dependency_overrides.replace(before)

    def _hold(self, thread: LoopThread) -> None:
        self._thread = thread
        # A transport that is dropped without close() gives the application free for the next one.
        self._finalizer = weakref.finalize(self, thread.close_soon, listening=self._listens)
        self._finalizer.atexit = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and wait for its answer."""
        answer = Exchange(self.start(), request, threaded(request), **self._options())
        response = self._checked(answer.wait())
        loop = self.app.running_loop()
        if are_open() and loop is not None and not isinstance(response.stream, Content):
            asyncio.run_coroutine_threadsafe(settled(self.app.native(), _ENDING_SECONDS), loop).result()
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and await its answer."""
        if asyncio._get_running_loop() is None:
            # Another kind of loop, such as trio's.
            content = await elsewhere(request)
            answer = Exchange(self.start(), request, content, **self._options())
            try:
                return self._checked(await anyio.to_thread.run_sync(answer.wait, abandon_on_cancel=True))
            finally:
                answer.cancel()
        native = await self.started_here()
        answer = Exchange(native, request, await awaited(request), **self._options())
        response = self._checked(await answer.wait_here())
        loop = self.app.running_loop()
        if are_open() and loop is not None and not isinstance(response.stream, Content):
            waiting = settled(self.app.native(), _ENDING_SECONDS)
            if loop is asyncio.get_running_loop():
                await waiting
            else:
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(waiting, loop))
        return response

    def close(self) -> None:
        """Give the application free. A request that comes later starts it again."""
        self._end_connection()
        if self._finalizer is not None and self._finalizer.detach() and self._thread is not None:
            self._thread.close(listening=self._listens)
        self._thread = self._finalizer = None
        self._undo_overrides()

    async def aclose(self) -> None:
        """Give the application free. A request that comes later starts it again."""
        self._end_connection()
        if self._loop is not None:
            loop, lifespans, self._loop, self._lifespans = self._loop, self._lifespans, None, None
            await RunningLoop.leave(self.app, loop, has_lifespans=lifespans is not None)
        if self._thread is not None:
            await anyio.to_thread.run_sync(self.close)
        self._undo_overrides()

    def __enter__(self) -> Self:
        self.start()
        return self

    async def __aenter__(self) -> Self:
        await self.started_here()
        return self

    def place(self, request: httpx.Request) -> str | None:
        """Return where a WebSocket is opened: in memory, or at an address, which the request then names."""
        return None

    _listens = False

    def _checked(self, response: httpx.Response) -> httpx.Response:
        failure = failures.take(response.headers.get("x-request-id"))
        # What ends a program is not meant for the test runner.
        if self.raise_server_exceptions and response.status_code == 500 and isinstance(failure, Exception):
            raise failure
        return response


class SocketTransport(SabirTransport):
    """Serves the application on a free loopback port and sends real requests there."""

    _listens = True

    def __init__(
        self,
        app: Sabir,
        *,
        raise_server_exceptions: bool = True,
        dependency_overrides: Mapping[Provider, Provider] | None = None,
        periodic: bool = False,
    ) -> None:
        super().__init__(
            app,
            raise_server_exceptions=raise_server_exceptions,
            dependency_overrides=dependency_overrides,
            periodic=periodic,
        )
        self._connections = httpx.HTTPTransport()
        self._async_connections = httpx.AsyncHTTPTransport()
        self.address: str | None = None

    def start(self) -> NativeApp:
        """Serve, with handlers in a thread of their own."""
        return self._listening(super().start())

    def start_here(self) -> NativeApp:
        """Serve, with handlers on the running loop."""
        if self._lifespans is None and self.app._lifespans:
            raise RuntimeError("the lifespans of the application are entered by the first request, or by `async with`")
        return self._listening(super().start_here())

    def _ready(self, native: NativeApp) -> NativeApp:
        return self._listening(native)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a connection and wait for its answer."""
        self.start()
        response = self._connections.handle_request(self._addressed(request))
        try:
            return self._checked(response)
        except BaseException:
            response.close()
            raise

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a connection and await its answer."""
        await self.started_here()
        response = await self._async_connections.handle_async_request(self._addressed(request))
        try:
            return self._checked(response)
        except BaseException:
            await response.aclose()
            raise

    def close(self) -> None:
        """Close the connections and stop the server."""
        self._connections.close()
        self._forget_address()
        super().close()

    async def aclose(self) -> None:
        """Close the connections and stop the server."""
        await self._async_connections.aclose()
        if self.address is not None and self._thread is None:
            stopped = asyncio.Event()
            self.app.native().stop(stopped.set)
            await stopped.wait()
        self._forget_address()
        await super().aclose()

    def place(self, request: httpx.Request) -> str | None:
        """Return where a WebSocket is opened: in memory, or at an address, which the request then names."""
        if request.headers.get("host") == HOST:
            request.headers["host"] = self.address or ""
        return self.address

    def _listening(self, native: NativeApp) -> NativeApp:
        with self._lock:
            if self.address is None:
                self.address = native.listen("127.0.0.1", 0, None)
                self.app._listening_clients += 1
        return native

    def _forget_address(self) -> None:
        if self.address is not None:
            self.address = None
            self.app._listening_clients -= 1

    def _addressed(self, request: httpx.Request) -> httpx.Request:
        """Return the request with the server's address in place of the name that stands for it."""
        host, _, port = (self.address or "").rpartition(":")
        url = request.url.copy_with(scheme="http", host=host, port=int(port))
        fields = [
            (name, (self.address or "").encode() if name.lower() == b"host" and value == HOST.encode() else value)
            for name, value in request.headers.raw
        ]
        sent = httpx.Request(
            request.method, url, headers=fields, stream=request.stream, extensions=dict(request.extensions)
        )
        sent.method = request.method
        return sent
