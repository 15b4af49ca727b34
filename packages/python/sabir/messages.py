"""Requests and answers of the test clients, in the shape that users of httpx know."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any, TypedDict
from urllib.parse import urlencode

import msgspec

from sabir.encoding import encode_json

Pairs = Mapping[str, Any] | Iterable[tuple[str, Any]]
FileContent = bytes | str | tuple[str | None, bytes | str] | tuple[str | None, bytes | str, str]
BOUNDARY = "sabir-boundary"


class RequestOptions(TypedDict, total=False):
    """What a request of a test client may carry; at most one of content, json, and data with files."""

    params: Pairs
    headers: Mapping[str, str | list[str]] | Iterable[tuple[str, str]]
    cookies: Mapping[str, str]
    content: bytes | str | Iterable[bytes]
    json: Any
    data: Pairs
    files: Mapping[str, FileContent] | Iterable[tuple[str, FileContent]]


class Headers(Mapping[str, str]):
    """Header fields; names are case-insensitive, and fields of one name are joined with a comma."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self.fields = [(name.lower(), value) for name, value in fields]

    def __getitem__(self, name: str) -> str:
        values = self.get_list(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.fields))

    def __len__(self) -> int:
        return len(dict(self.fields))

    def get_list(self, name: str) -> list[str]:
        """Return every value of the field ``name``."""
        return [value for key, value in self.fields if key == name.lower()]

    def multi_items(self) -> list[tuple[str, str]]:
        """Return every field in order."""
        return list(self.fields)


@dataclass
class TestResponse:
    """An answer."""

    __test__ = False

    status_code: int
    headers: Headers
    content: bytes

    @property
    def text(self) -> str:
        """The content as UTF-8 text."""
        return self.content.decode()

    def json(self) -> Any:
        """Parse the content as JSON."""
        return json_module.loads(self.content)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    @property
    def reason_phrase(self) -> str:
        """The phrase that belongs to the status."""
        return HTTPStatus(self.status_code).phrase

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the answer sets."""
        jar: SimpleCookie = SimpleCookie()
        for field in self.headers.get_list("set-cookie"):
            jar.load(field)
        return {name: morsel.value for name, morsel in jar.items()}

    def raise_for_status(self) -> TestResponse:
        """Return the answer itself.

        Raises:
            AssertionError: If the status is 4xx or 5xx.
        """
        if self.status_code >= 400:
            raise AssertionError(f"{self.status_code} {self.reason_phrase}: {self.content.decode(errors='replace')}")
        return self


@dataclass
class Message:
    """A request, ready to be sent."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    content: bytes | Iterable[bytes]

    def body(self) -> bytes:
        """Return the whole content, for where nothing is sent in chunks."""
        return self.content if isinstance(self.content, bytes) else b"".join(self.content)


def build(method: str, url: str, host: str, defaults: Headers, options: RequestOptions) -> Message:
    """Write a request. ``url`` is sent as given, with ``params`` added."""
    target = url
    if params := options.get("params"):
        target += ("&" if "?" in url else "?") + urlencode(_pairs(params), doseq=True)
    headers = [*defaults.fields, *_fields(options.get("headers", ()))]
    names = {name.lower() for name, _ in headers}
    media_type, content = _content(options)
    if "host" not in names:
        headers.insert(0, ("host", host))
    if media_type is not None and "content-type" not in names:
        headers.append(("content-type", media_type))
    if cookies := options.get("cookies"):
        headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
    if names.isdisjoint({"content-length", "transfer-encoding"}):
        if not isinstance(content, bytes):
            headers.append(("transfer-encoding", "chunked"))
        elif content or method.upper() in ("POST", "PUT", "PATCH"):
            headers.append(("content-length", str(len(content))))
    return Message(method, target, headers, content)


def _content(options: RequestOptions) -> tuple[str | None, bytes | Iterable[bytes]]:
    if "json" in options:
        return "application/json", encode_json(options["json"])
    if "files" in options:
        return f"multipart/form-data; boundary={BOUNDARY}", _multipart(options)
    if "data" in options:
        return "application/x-www-form-urlencoded", urlencode(_pairs(options["data"]), doseq=True).encode()
    content = options.get("content", b"")
    return None, content.encode() if isinstance(content, str) else content


def _multipart(options: RequestOptions) -> bytes:
    files = options["files"]
    parts = bytearray()
    for name, value in _pairs(options.get("data", ())):
        for single in value if isinstance(value, list) else [value]:
            parts += _part(f'name="{_quoted(name)}"', None, _bytes(single))
    for name, given in files.items() if isinstance(files, Mapping) else files:
        filename, content, media_type = (*given, None, None)[:3] if isinstance(given, tuple) else (name, given, None)
        disposition = f'name="{_quoted(name)}"'
        if filename is not None:
            disposition += f'; filename="{_quoted(str(filename))}"'
            media_type = media_type or "application/octet-stream"
        parts += _part(disposition, media_type, _bytes(content))
    return bytes(parts) + f"--{BOUNDARY}--\r\n".encode()


def _part(disposition: str, media_type: Any, content: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\ncontent-disposition: form-data; {disposition}\r\n"
    if media_type is not None:
        head += f"content-type: {media_type}\r\n"
    return f"{head}\r\n".encode() + content + b"\r\n"


def _quoted(name: str) -> str:
    """Escape a name as browsers do (WHATWG HTML §4.10.21.8)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _pairs(pairs: Pairs) -> list[tuple[str, Any]]:
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return [(name, value if isinstance(value, bytes) else msgspec.to_builtins(value)) for name, value in items]


def _fields(headers: Mapping[str, str | list[str]] | Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        fields.extend((name, single) for single in (value if isinstance(value, list) else [value]))
    return fields
