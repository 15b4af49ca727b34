"""Sending the requests of a fixture to an application."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
from sabir import Sabir, TestClient

from support.answer import Answer
from support.content import content, expand, fields
from support.matching import differences
from support.peer import opened
from support.talk import talk
from support.wire import TIMEOUT_SECONDS, Wire

ROOT = Path(__file__).resolve().parents[3]


def load(path: str) -> dict[str, Any]:
    """Return the fixture at ``path``, such as ``routing/root``."""
    fixture: dict[str, Any] = json.loads((ROOT / "testing_data" / f"{path}.json").read_bytes())
    assert fixture["exchanges"], f"{path} has no exchanges"
    return fixture


class Check:
    """Checks an application against the exchanges of one fixture, through one transport."""

    def __init__(self, exchanges: list[dict[str, Any]], transport: str, folder: Path = Path()) -> None:
        self._exchanges = exchanges
        self._transport = transport
        self.folder = folder
        """Where the files of the fixture are."""

    def __call__(self, app: Sabir) -> None:
        """Send every request and compare the answers."""
        with TestClient(app, socket=self._transport == "socket", raise_server_exceptions=False) as client:
            wire = Wire(client.address) if self._transport == "socket" else None
            try:
                for index, exchange in enumerate(self._exchanges):
                    expected = exchange["expect"]
                    found = self._differences(
                        exchange, expected if isinstance(expected, list) else [expected], client, wire
                    )
                    assert not found, f"exchanges[{index}]: " + "; ".join(found)
            finally:
                if wire is not None:
                    wire.close()

    def _differences(
        self, exchange: dict[str, Any], expected: list[dict[str, Any]], client: TestClient, wire: Wire | None
    ) -> list[str]:
        calls, request = client.handler_calls, exchange["send"]
        if request.get("websocket"):
            with opened(client, wire, request) as (answer, peer):
                if peer is not None:
                    _await_handler(client, calls)
                found = differences(expected, [answer], calls=client.handler_calls - calls, closed=False)
                if peer is not None and not found:
                    talk(exchange.get("talk", []), peer)
            return found
        expects_end = any(expectation.get("closed") for expectation in expected)
        if wire is None:
            answers, closed = [_in_memory(client, request)], False
        else:
            answers, closed = wire.send(request, len(expected), expects_end=expects_end)
        return differences(expected, answers, calls=client.handler_calls - calls, closed=closed)


def _await_handler(client: TestClient, calls: int) -> None:
    """Wait for the handler of a WebSocket, which is entered after the answer."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while client.handler_calls == calls and time.monotonic() < deadline:
        time.sleep(0.001)


def _in_memory(client: TestClient, request: dict[str, Any]) -> Answer:
    """Send exactly what the fixture says: no default header fields, no cookies, the target as it is written."""
    given = fields(request)
    names = {name.lower() for name, _ in given}
    body = content(request)
    if "host" not in names:
        given.insert(0, ("host", client.base_url.host))
    if body is not None and names.isdisjoint({"content-length", "transfer-encoding"}):
        given.append(("content-length", str(len(body))))
    sent = httpx.Request(
        request["method"],
        client.base_url,
        headers=[(name.encode(), value.encode()) for name, value in given],
        stream=httpx.ByteStream(body or b""),
        extensions={"target": expand(request["path"]).encode()},
    )
    # httpx writes methods in upper case, the fixture may not.
    sent.method = request["method"]
    answer = client.send(sent, stream=True)
    return Answer(answer.status_code, answer.headers, b"".join(answer.iter_raw()))
