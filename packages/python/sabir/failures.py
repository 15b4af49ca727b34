"""Exceptions that handlers did not mean to raise, kept for tests that raise them again."""

from __future__ import annotations

import threading
from collections import OrderedDict

_KEPT = 1000
"""How many exceptions are kept that nobody has asked for."""


class Failures:
    """What :meth:`record` has been given while somebody watches, by the id of the request."""

    def __init__(self) -> None:
        # Reentrant, since the garbage collector may drop a watcher while something is recorded.
        self._lock = threading.RLock()
        self._watchers = 0
        self._seen: OrderedDict[str, BaseException] = OrderedDict()

    def watch(self) -> None:
        """Keep what is recorded from now on, until :meth:`unwatch`."""
        with self._lock:
            self._watchers += 1

    def unwatch(self) -> None:
        """Undo one :meth:`watch`."""
        with self._lock:
            self._watchers -= 1
            if not self._watchers:
                self._seen.clear()

    def record(self, request_id: str, exception: BaseException) -> None:
        """Keep ``exception`` when somebody watches."""
        with self._lock:
            if self._watchers:
                self._seen[request_id] = exception
                while len(self._seen) > _KEPT:
                    self._seen.popitem(last=False)

    def take(self, request_id: str | None) -> BaseException | None:
        """Return what the handler of a request has raised, and forget it."""
        with self._lock:
            return None if request_id is None else self._seen.pop(request_id, None)


failures = Failures()
