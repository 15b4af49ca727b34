"""The URL of a request."""

from __future__ import annotations

import urllib.parse
from functools import cached_property


class URL(str):
    """An absolute URL, which is text and knows its parts.

    Example:
        >>> url = URL("http://shop.test:8000/items?page=2")
        >>> url.hostname, url.port, url.path, url.query
        ('shop.test', 8000, '/items', 'page=2')
    """

    @cached_property
    def _parts(self) -> urllib.parse.SplitResult:
        return urllib.parse.urlsplit(self)

    @property
    def scheme(self) -> str:
        """The scheme, such as ``http``."""
        return self._parts.scheme

    @property
    def host(self) -> str:
        """The host with the port, if the URL names one."""
        return self._parts.netloc

    @property
    def hostname(self) -> str:
        """The host without the port, and an IPv6 address without its brackets."""
        return self._parts.hostname or ""

    @property
    def port(self) -> int | None:
        """The port, if the URL names one."""
        return self._parts.port

    @property
    def path(self) -> str:
        """The path, still percent-encoded."""
        return self._parts.path

    @property
    def query(self) -> str:
        """The query without its question mark."""
        return self._parts.query
