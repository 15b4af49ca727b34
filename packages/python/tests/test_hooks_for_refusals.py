"""What hooks and middleware see of the refusals of the runtime."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from sabir import (
    NotFound,
    Request,
    Response,
    Sabir,
    TestClient,
    ValidationFailed,
    WebSocket,
)
from sabir.chain import refusal_of
from sabir.encoding import Answers

pytestmark = pytest.mark.native


class Order(msgspec.Struct):
    sku: str
    quantity: int

    def __post_init__(self) -> None:
        if self.sku == "NONE":
            raise ValueError("there is no such thing")


def noting(seen: list[str], text: str, is_async: bool) -> Any:
    if is_async:

        async def hook(request: Request, *rest: Any) -> None:
            await asyncio.sleep(0)
            seen.append(text)

        return hook

    def plain(request: Request, *rest: Any) -> None:
        seen.append(text)

    return plain


def test_a_refusal_of_the_runtime_takes_the_way_of_the_chain() -> None:
    app, seen = Sabir(), list[str]()
    app.on_request(noting(seen, "on_request", False))
    app.pre_validation(noting(seen, "pre_validation", True))
    app.pre_handler(noting(seen, "pre_handler", True))

    @app.on_error(422)
    def explain(request: Request, error: ValidationFailed) -> Any:
        return Response({"errors": len(error.errors)}, 400)

    @app.on_response
    def note(request: Request, response: Response) -> None:
        seen.append(f"on_response {response.status}")

    refused = refusal_of([app.hooks], Answers(), lambda: lambda call: None)
    assert refused is not None
    request: Any = None
    answer = asyncio.run(refused(request, ValidationFailed(errors=[{"in": "query"}])))
    assert (answer.status, answer.content) == (400, {"errors": 1})
    answer = asyncio.run(refused(request, NotFound("n")))
    assert isinstance(answer, NotFound)
    assert seen == [
        *("on_request", "pre_validation", "on_response 400"),
        *("on_request", "pre_validation", "on_response 404"),
    ]
    assert refusal_of([Sabir().hooks], Answers(), lambda: lambda call: None) is None


@pytest.mark.parametrize("socket", [False, True])
def test_refusals_of_the_runtime_meet_hooks_and_middleware(socket: bool) -> None:
    app, seen = Sabir(body_limit=100), list[str]()
    app.on_request(noting(seen, "on_request", False))
    app.pre_validation(noting(seen, "pre_validation", True))
    app.pre_handler(noting(seen, "pre_handler", False))

    @app.on_response
    def stamp(request: Request, response: Response) -> None:
        seen.append(f"{response.status} {type(response.content).__name__}")
        response.headers["x-stamp"] = "1"

    @app.on_error(422)
    async def explain(request: Request, error: ValidationFailed) -> Any:
        return Response({"errors": [entry["name"] for entry in error.errors]}, 400)

    @app.get("/items/{id}")
    async def show(id: int, limit: int = 1) -> int:
        return id

    @app.post("/orders", status=201)
    def create(order: Order) -> str:
        return order.sku

    @app.websocket("/socket")
    async def echo(ws: WebSocket, limit: int = 1) -> None: ...

    matched = ["on_request", "pre_validation"]
    with TestClient(app, socket=socket) as client:
        sent: list[tuple[Callable[[], httpx.Response], int, list[str]]] = [
            (lambda: client.get("/items/7"), 200, [*matched, "pre_handler", "200 int"]),
            (lambda: client.get("/items/x?limit=y"), 400, [*matched, "400 dict"]),
            (lambda: client.get("/nowhere"), 404, ["404 NotFound"]),
            (lambda: client.delete("/orders"), 405, ["405 MethodNotAllowed"]),
            (lambda: client.post("/orders", content=b"{"), 415, [*matched, "415 UnsupportedMediaType"]),
            (
                lambda: client.post("/orders", content=b"{", headers={"content-type": "application/json"}),
                400,
                [*matched, "400 BadRequest"],
            ),
            (lambda: client.post("/orders", json="a" * 200), 413, [*matched, "413 ContentTooLarge"]),
            (lambda: client.get("/socket?limit=x"), 426, [*matched, "426 UpgradeRequired"]),
        ]
        for send, status, expected in sent:
            answer = send()
            assert (answer.status_code, seen, answer.headers["x-stamp"]) == (status, expected, "1")
            seen.clear()
        assert client.get("/items/x?limit=y").json() == {"errors": ["id", "limit"]}
        assert client.delete("/orders").headers["allow"] == "OPTIONS, POST"


def test_a_refusal_that_nobody_answers_is_that_of_the_runtime() -> None:
    hooked, plain = Sabir(violation_limit=2), Sabir(violation_limit=2)
    seen: list[str] = []

    @hooked.middleware
    async def note(request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        seen.append(f"{request.path} {request.route} {response.status}")
        return response

    for app in (hooked, plain):

        @app.post("/orders/{id}")
        async def create(id: int, order: Order, limit: int = 1) -> None: ...

    requests = [
        ("GET", "/nowhere", None),
        ("GET", "/orders/1", None),
        ("POST", "/orders/x?limit=y", {"quantity": "z"}),
        ("POST", "/orders/1", {"sku": 1, "quantity": "z"}),
        ("POST", "/orders/1", None),
    ]
    with TestClient(hooked) as ours, TestClient(plain) as theirs:
        for method, path, content in requests:
            first, second = (client.request(method, path, json=content) for client in (ours, theirs))
            assert first.status_code == second.status_code
            drop = {"request_id"}
            assert {k: v for k, v in first.json().items() if k not in drop} == {
                k: v for k, v in second.json().items() if k not in drop
            }
            for name in ("content-type", "allow", "accept"):
                assert first.headers.get(name) == second.headers.get(name)
    assert len(seen) == len(requests)
    assert seen[2] == "/orders/x /orders/{id} 422"


def test_hooks_for_other_errors_keep_refusals_in_the_runtime() -> None:
    app = Sabir()
    app.on_error(KeyError)(lambda request, error: None)
    app.on_request(lambda request: None)

    @app.get("/{id}", on_error=[])
    async def show(id: int) -> None: ...

    with TestClient(app) as client:
        assert client.get("/a/b").status_code == 404
        assert client.handler_calls == 0
        assert client.get("/a").status_code == 422
        assert client.handler_calls == 1
