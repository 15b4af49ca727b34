"""Test clients: the whole pipeline of an application, without a deployment."""

from __future__ import annotations

import asyncio
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from sabir.messages import Headers, Message, RequestOptions, TestResponse, build
from sabir.transport import LoopThread, send_in_memory, send_on_socket

if TYPE_CHECKING:
    from sabir._sabir import NativeApp
    from sabir.app import Sabir

HOST = "sabir.test"

__all__ = ["AsyncTestClient", "TestClient", "TestResponse"]


class _Client:
    """What both clients keep between requests."""

    __test__ = False

    def __init__(
        self,
        app: Sabir,
        *,
        socket: bool = False,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
        keep_cookies: bool = True,
    ) -> None:
        self.app = app
        self.headers = dict(headers or {})
        self.cookies = dict(cookies or {})
        self._keep_cookies = keep_cookies
        self._socket = socket
        self._address: str | None = None

    @property
    def handler_calls(self) -> int:
        """How often a handler of the application was entered so far."""
        return self.app.native().handler_calls()

    def _message(self, method: str, url: str, options: RequestOptions) -> Message:
        sent: RequestOptions = {**options, "cookies": {**self.cookies, **options.get("cookies", {})}}
        return build(method, url, self._address or HOST, Headers(self.headers.items()), sent)

    def _keep(self, response: TestResponse) -> TestResponse:
        for field in response.headers.get_list("set-cookie") if self._keep_cookies else ():
            name, _, value = field.partition(";")[0].partition("=")
            if "max-age=0" in field.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return response


class TestClient(_Client):
    """Sends requests from plain test functions; handlers run on an event loop in a thread of its own.

    Works as a context manager and without. With ``socket=True`` every request is a real one on a loopback
    connection. Cookies that answers set are sent again, unless ``keep_cookies=False``.

    Example::

        client = TestClient(app)
        assert client.get("/users/1", params={"limit": 5}).json() == {"id": 1, "limit": 5}
    """

    _thread: LoopThread | None = None
    _finalizer: weakref.finalize[..., TestClient] | None = None

    def start(self) -> LoopThread:
        """Start the event loop, and the server with ``socket=True``; the first request does it otherwise."""
        if self._thread is None:
            thread = LoopThread.of(self.app)
            # A client that is dropped without close() gives the application free for the next one.
            self._finalizer = weakref.finalize(self, thread.close, listening=self._socket)
            self._thread = thread
            if self._socket:
                self._address = thread.listen()
        return self._thread

    @property
    def address(self) -> str:
        """Host and port of the server, with ``socket=True``."""
        self.start()
        if self._address is None:
            raise RuntimeError("the client works in memory; create it with socket=True")
        return self._address

    def close(self) -> None:
        """Stop what :meth:`start` started. The next request starts it again."""
        if self._finalizer is not None:
            self._finalizer()
        self._thread = self._finalizer = self._address = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def request(self, method: str, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a request and wait for the answer."""
        thread = self.start()
        message = self._message(method, url, options)
        if self._address is not None:
            return self._keep(send_on_socket(self._address, message))
        return self._keep(send_in_memory(thread.native, message).result())

    def get(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send GET."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send POST."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send PUT."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send PATCH."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send DELETE."""
        return self.request("DELETE", url, **options)

    def head(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send HEAD."""
        return self.request("HEAD", url, **options)

    def options(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send OPTIONS."""
        return self.request("OPTIONS", url, **options)


class AsyncTestClient(_Client):
    """Sends requests from coroutines; handlers run on the same event loop as the test.

    Example::

        async with AsyncTestClient(app) as client:
            assert (await client.get("/users/1")).status_code == 200
    """

    def start(self) -> NativeApp:
        """Attach the application to the running loop; the first request does it otherwise."""
        native = self.app.attach(asyncio.get_running_loop())
        if self._socket and self._address is None:
            self._address = native.listen("127.0.0.1", 0, None)
        return native

    @property
    def address(self) -> str:
        """Host and port of the server, with ``socket=True``."""
        self.start()
        if self._address is None:
            raise RuntimeError("the client works in memory; create it with socket=True")
        return self._address

    async def aclose(self) -> None:
        """Stop the server and leave the loop."""
        if self._address is not None:
            stopped = asyncio.Event()
            self.app.native().stop(stopped.set)
            await stopped.wait()
            self._address = None
        self.app.detach()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def request(self, method: str, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send a request and wait for the answer without blocking the loop."""
        native = self.start()
        message = self._message(method, url, options)
        if self._address is not None:
            return self._keep(await asyncio.to_thread(send_on_socket, self._address, message))
        return self._keep(await asyncio.wrap_future(send_in_memory(native, message)))

    async def get(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send GET."""
        return await self.request("GET", url, **options)

    async def post(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send POST."""
        return await self.request("POST", url, **options)

    async def put(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send PUT."""
        return await self.request("PUT", url, **options)

    async def patch(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send PATCH."""
        return await self.request("PATCH", url, **options)

    async def delete(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send DELETE."""
        return await self.request("DELETE", url, **options)

    async def head(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send HEAD."""
        return await self.request("HEAD", url, **options)

    async def options(self, url: str, **options: Unpack[RequestOptions]) -> TestResponse:
        """Send OPTIONS."""
        return await self.request("OPTIONS", url, **options)
