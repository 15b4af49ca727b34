"""OpenAPI documents: what they are made of, and what they cannot be made of."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
import pytest
from openapi_spec_validator import validate

from sabir import Conflict, Header, Query, Router, Sabir, SetupError, UploadFile, WebSocket
from sabir.testing import TestClient


class Line(msgspec.Struct):
    sku: str
    quantity: Annotated[int, msgspec.Meta(ge=1)]


class Order(msgspec.Struct):
    """An order of the shop."""

    id: int
    lines: list[Line]
    note: str | None = None


def shop() -> Sabir:
    app = Sabir()

    @app.get("/orders/{id:int}", operation_id="show_order", tags=["orders"])
    async def show(id: int) -> Order:
        """Show an order.

        With its lines.
        """
        raise NotImplementedError

    @app.post("/orders", status=201, responses={409: Conflict})
    async def create(order: Order, x_key: Annotated[str, Header(description="Yours.")]) -> Order:
        return order

    @app.get("/orders", deprecated=True)
    async def find(limit: Annotated[int, Query(ge=1, le=100)] = 10, since: str | None = None) -> list[Order]:
        return []

    @app.post("/photos")
    async def upload(photo: UploadFile) -> None: ...

    @app.sse("/ticks")
    async def ticks() -> AsyncIterator[int]:
        yield 1

    @app.websocket("/chat")
    async def chat(ws: WebSocket) -> None: ...

    return app


@pytest.mark.parametrize("version", ["3.1", "3.2"])
def test_a_validator_accepts_it(version: Any) -> None:
    document = shop().openapi(openapi_version=version, servers=["/api"], tags=[{"name": "orders"}])
    assert document["openapi"] == f"{version}.0"
    validate(document)


def test_functions_and_annotations_describe_operations() -> None:
    document = shop().openapi()
    paths = document["paths"]
    assert list(paths) == ["/orders/{id}", "/orders", "/photos", "/ticks"]
    show = paths["/orders/{id}"]["get"]
    assert (show["summary"], show["description"]) == ("Show an order.", "With its lines.")
    assert (show["operationId"], show["tags"]) == ("show_order", ["orders"])
    order = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    assert show["responses"]["200"] == {"description": "OK", "content": order}
    create = paths["/orders"]["post"]
    assert create["requestBody"] == {"content": order, "required": True}
    assert create["parameters"] == [
        {"name": "x-key", "in": "header", "description": "Yours.", "required": True, "schema": {"type": "string"}}
    ]
    assert create["responses"]["409"] == {
        "description": "Conflict",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    assert paths["/orders"]["get"]["deprecated"] is True
    assert document["components"]["schemas"]["Order"]["description"] == "An order of the shop."


def test_what_is_refused_is_documented() -> None:
    with TestClient(app := shop()) as client:
        operations = app.openapi()["paths"]
        for method, path, template, content, status in [
            ("GET", "/orders?limit=0", "/orders", None, 422),
            ("GET", "/orders?limit=%zz", "/orders", None, 400),
            ("GET", "/orders/tea", "/orders/{id}", None, 404),
            ("POST", "/orders", "/orders", ("text/plain", b"a"), 415),
            ("POST", "/orders", "/orders", ("application/json", b"{"), 400),
            ("POST", "/orders", "/orders", ("application/json", b"{}"), 422),
        ]:
            headers = {} if content is None else {"content-type": content[0]}
            response = client.request(method, path, headers=headers, content=content[1] if content else b"")
            assert response.status_code == status, (method, path)
            assert str(status) in operations[template][method.lower()]["responses"]


def test_it_is_the_same_when_the_application_has_started() -> None:
    app = shop()
    before = app.openapi()
    with TestClient(app) as client:
        assert client.get("/orders").status_code == 200
        assert json.dumps(app.openapi()) == json.dumps(before)


def test_it_says_of_the_application_what_it_is_told() -> None:
    document = Sabir().openapi(
        title="Shop",
        version="2",
        description="Tea.",
        terms_of_service="https://shop.example/terms",
        contact={"name": "Ada", "email": "ada@shop.example"},
        license={"name": "MIT License", "identifier": "MIT"},
        servers=["https://shop.example", {"url": "/", "description": "Here."}],
        tags=({"name": name, "description": "Tea."} for name in ["orders"]),
    )
    assert document == {
        "openapi": "3.1.0",
        "info": {
            "title": "Shop",
            "description": "Tea.",
            "termsOfService": "https://shop.example/terms",
            "contact": {"name": "Ada", "email": "ada@shop.example"},
            "license": {"name": "MIT License", "identifier": "MIT"},
            "version": "2",
        },
        "servers": [{"url": "https://shop.example"}, {"url": "/", "description": "Here."}],
        "paths": {},
        "tags": [{"name": "orders", "description": "Tea."}],
    }


def test_mounted_routes_have_their_whole_paths() -> None:
    app, router = Sabir(), Router(tags=["a"])

    @router.get("/{name}")
    async def show(name: str) -> str:
        return name

    app.mount("/items", router)
    assert app.openapi()["paths"]["/items/{name}"]["get"]["tags"] == ["a"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"title": 1}, "openapi: title: invalid type"),
        ({"titel": "Shop"}, "openapi: titel: unknown field"),
        ({"openapi_version": "3.0"}, "openapi: openapi_version: .*use 3.1 or 3.2"),
        ({"license": {"name": "MIT", "identifier": "MIT", "url": "/mit"}}, "openapi: license: .*leave out one"),
        ({"contact": {"mail": "a@b.example"}}, "openapi: contact.mail: unknown field"),
        ({"tags": ["orders"]}, r"openapi: tags\[0\]: invalid type"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        Sabir().openapi(**arguments)
