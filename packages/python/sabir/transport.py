"""How test clients reach an application: in memory, or over a loopback socket."""

from __future__ import annotations

import asyncio
import http.client
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

from sabir.messages import Headers, Message, TestResponse
from sabir.server import loop_factory

if TYPE_CHECKING:
    from sabir._sabir import NativeApp
    from sabir.app import Sabir

TIMEOUT_SECONDS = 30.0


def send_in_memory(native: NativeApp, message: Message) -> Future[TestResponse]:
    """Send through the same service that the socket server calls; the future is completed by another thread."""
    answered: Future[TestResponse] = Future()

    def done(status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        # A caller that was cancelled no longer waits.
        if answered.set_running_or_notify_cancel():
            answered.set_result(TestResponse(status, Headers(headers), content))

    fields: list[tuple[str, bytes | str]] = [
        field for field in message.headers if field[0].lower() != "transfer-encoding"
    ]
    native.request(message.method, message.target, fields, message.body(), done)
    return answered


def send_on_socket(address: str, message: Message) -> TestResponse:
    """Send on a new connection and wait for the answer."""
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=TIMEOUT_SECONDS)
    try:
        connection.putrequest(message.method, message.target, skip_host=True, skip_accept_encoding=True)
        for name, value in message.headers:
            connection.putheader(name, value.encode())
        chunked = not isinstance(message.content, bytes)
        connection.endheaders(message.content or None, encode_chunked=chunked)
        response = connection.getresponse()
        return TestResponse(response.status, Headers(response.getheaders()), response.read())
    finally:
        connection.close()


class LoopThread:
    """An event loop in a thread of its own, on which an application's handlers run."""

    _running: ClassVar[WeakKeyDictionary[Sabir, LoopThread]] = WeakKeyDictionary()
    # Reentrant, since the garbage collector may close a client in the middle of opening another.
    _lock: ClassVar[threading.RLock] = threading.RLock()

    @classmethod
    def of(cls, app: Sabir) -> LoopThread:
        """Return the loop of ``app``, which all its clients share; each of them closes it once."""
        with cls._lock:
            found = cls._running.get(app)
            if found is None:
                found = cls._running[app] = cls(app)
            found._clients += 1
            return found

    def __init__(self, app: Sabir) -> None:
        self._app = app
        self._clients = 0
        self._loop = loop_factory()()
        # A daemon, so that a client that was never closed does not keep the test run alive.
        self._thread = threading.Thread(target=self._run, name="sabir-test", daemon=True)
        self._thread.start()
        try:
            self.native: NativeApp = self._call(self._attach)
        except BaseException:
            self._end()
            raise

    def listen(self) -> str:
        """Serve on a free loopback port and return the address."""
        return self.native.listen("127.0.0.1", 0, None)

    def close(self, *, listening: bool) -> None:
        """Stop the server, and the loop with the last client."""
        if threading.current_thread() is self._thread:
            # The garbage collector dropped a client here; the loop cannot wait for itself.
            threading.Thread(target=self.close, kwargs={"listening": listening}, daemon=True).start()
            return
        if listening:
            stopped = threading.Event()
            self.native.stop(stopped.set)
            stopped.wait(TIMEOUT_SECONDS)
        with self._lock:
            self._clients -= 1
            if self._clients:
                return
            self._running.pop(self._app, None)
        self._call(self._detach)
        self._end()

    async def _attach(self) -> NativeApp:
        return self._app.attach(self._loop)

    async def _detach(self) -> NativeApp:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._app.detach()
        return self.native

    def _call(self, function: Callable[[], Coroutine[None, None, NativeApp]]) -> NativeApp:
        return asyncio.run_coroutine_threadsafe(function(), self._loop).result(TIMEOUT_SECONDS)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT_SECONDS)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
