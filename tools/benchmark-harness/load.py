"""The workloads: what is sent, and the bytes or the JSON that must come back."""

import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Workload:
    """One request, repeated."""

    name: str
    method: str
    path: str
    expect: object
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = 50

    def script(self) -> str:
        """The wrk script that sends the request."""
        lines = [f"wrk.method = {json.dumps(self.method)}", f"wrk.body = {lua(self.body)}"]
        lines += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in self.headers.items()]
        return "\n".join(lines)

    def accepts(self, status: int, content: bytes) -> bool:
        """Whether an answer is the right one; JSON may differ in white space only."""
        if status != 200:
            return False
        if isinstance(self.expect, bytes):
            return content == self.expect
        return json.loads(content) == self.expect


def lua(data: bytes) -> str:
    """Return `data` as a string of Lua."""
    return '"' + "".join(f"\\{byte:03d}" for byte in data) + '"'


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
UPLOAD = (
    (
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="title"\r\n\r\nA file\r\n'
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n'
        "content-type: application/octet-stream\r\n\r\n"
    ).encode()
    + FILE
    + f"\r\n--{BOUNDARY}--\r\n".encode()
)
JSON = {"content-type": "application/json"}

WORKLOADS = [
    Workload("plaintext", "GET", "/", b"Hello, world!"),
    Workload("typed", "GET", "/users/42?limit=25", {"id": 42, "limit": 25}),
    Workload("json", "POST", "/orders", {"id": 4711, "items": 4}, json.dumps(ORDER).encode(), JSON),
    Workload("echo10k", "POST", "/echo", ECHO, json.dumps(ECHO).encode(), JSON),
    Workload(
        "form",
        "POST",
        "/form",
        {"name": "Ada Lovelace", "age": 36},
        b"name=Ada+Lovelace&age=36",
        {"content-type": "application/x-www-form-urlencoded"},
    ),
    Workload(
        "multipart",
        "POST",
        "/upload",
        {"size": len(FILE)},
        UPLOAD,
        {"content-type": f"multipart/form-data; boundary={BOUNDARY}"},
    ),
    Workload("sleep", "GET", "/sleep", b"Slept.", connections=500),
]
