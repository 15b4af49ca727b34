"""The workloads: what is sent, and the bytes or the JSON that must come back."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """What is sent."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workload:
    """Requests that are sent in turn, each with the answer that is right."""

    name: str
    exchanges: list[tuple[Request, object]]
    connections: int = 50
    # How many routes the application has besides its own; see `routes`.
    routes: int = 0
    # What the names of the servers begin with that it is for; all of them when there are none.
    servers: tuple[str, ...] = ()


def accepts(expected: object, status: int, content: bytes) -> bool:
    """Whether an answer is the right one; JSON may differ in white space only."""
    if status != 200:
        return False
    if isinstance(expected, bytes):
        return content == expected
    return json.loads(content) == expected


def routes(count: int) -> Workload:
    """Return a workload that calls each of `count` routes in turn; half of them have a parameter.

    An application adds them when the environment variable `ROUTES` says how many.
    """
    exchanges: list[tuple[Request, object]] = []
    for number in range(count // 2):
        exchanges.append((Request("GET", f"/static/{number}"), f"static {number}".encode()))
        exchanges.append((Request("GET", f"/items/{number}/parts/a7"), f"items {number} a7".encode()))
    name = f"routes{count}" if count < 1000 else f"routes{count // 1000}k"
    return Workload(name, exchanges, routes=count)


ORDER = {
    "id": 4711,
    "customer": "Ada Lovelace",
    "email": "ada@example.org",
    "lines": [
        {"sku": "TEA-0001", "quantity": 2, "price": 4.5},
        {"sku": "CUP-0042", "quantity": 1, "price": 12.0},
        {"sku": "POT-0007", "quantity": 1, "price": 39.9},
    ],
    "note": "Please ring twice and leave the parcel with the neighbour on the left.",
}
ECHO = {
    "rows": [
        {"id": number, "name": f"row {number}", "score": number / 8, "tags": ["a", "b"], "active": number % 2 == 0}
        for number in range(130)
    ]
}
BOUNDARY = "benchmark-boundary"
FILE = bytes(range(256)) * 16
NUMBERS = (Path(__file__).resolve().parent / "peers/files/numbers.txt").read_bytes()


def text_part(name: str, text: str) -> bytes:
    """Return a part of a multipart body that is a text."""
    return f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()


def file_part(name: str, content: bytes) -> bytes:
    """Return a part of a multipart body that is a file."""
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"; filename="a.bin"\r\n'
    return head.encode() + b"content-type: application/octet-stream\r\n\r\n" + content + b"\r\n"


def get(path: str) -> Request:
    """Return a request without a body."""
    return Request("GET", path)


def post_json(path: str, value: object) -> Request:
    """Return a request with a JSON body."""
    return Request("POST", path, json.dumps(value).encode(), {"content-type": "application/json"})


def post_form(path: str, text: str) -> Request:
    """Return a request with a URL-encoded form."""
    return Request("POST", path, text.encode(), {"content-type": "application/x-www-form-urlencoded"})


def post_parts(path: str, *parts: bytes) -> Request:
    """Return a request with a multipart form."""
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return Request("POST", path, b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), headers)


UPLOAD = post_parts("/upload", text_part("title", "A file"), file_part("file", FILE))

WORKLOADS = [
    Workload("plaintext", [(get("/"), b"Hello, world!")]),
    Workload("typed", [(get("/users/42?limit=25"), {"id": 42, "limit": 25})]),
    Workload("json", [(post_json("/orders", ORDER), {"id": 4711, "items": 4})]),
    Workload("echo10k", [(post_json("/echo", ECHO), ECHO)]),
    Workload("form", [(post_form("/form", "name=Ada+Lovelace&age=36"), {"name": "Ada Lovelace", "age": 36})]),
    Workload("multipart", [(UPLOAD, {"size": len(FILE)})]),
    # Those that have a way of their own to serve a folder, and hyper with the file in memory.
    Workload("file10k", [(get("/files/numbers.txt"), NUMBERS)], servers=("raw hyper", "sabir (", "FastAPI", "Express")),
    Workload("sleep", [(get("/sleep"), b"Slept.")], connections=500),
    routes(10),
    routes(10_000),
]
