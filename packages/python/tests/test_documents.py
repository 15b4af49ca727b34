"""Documents that an application answers with, and the page that shows them."""

import json
from pathlib import Path
from typing import Any

import pytest

from sabir import Router, Sabir, SetupError, WebSocket
from sabir.testing import TestClient, check_asyncapi, check_openapi


def shop(**documents: Any) -> Sabir:
    app = Sabir()
    app.documents(title="Shop", version="1.2.0", **documents)

    @app.get("/orders/{id:int}")
    async def show(id: int) -> dict[str, int]:
        return {"id": id}

    @app.websocket("/chat")
    async def chat(ws: WebSocket) -> None: ...

    return app


def test_documents_are_those_of_the_application() -> None:
    app = shop()
    with TestClient(app) as client:
        response = client.get("/openapi.json")
        assert response.headers["content-type"] == "application/json"
        assert response.json() == app.openapi(title="Shop", version="1.2.0")
        assert list(response.json()["paths"]) == ["/orders/{id}"]
        assert client.get("/asyncapi.json").json() == app.asyncapi(title="Shop", version="1.2.0")


def test_no_handler_has_a_part_in_it() -> None:
    app = shop()
    with TestClient(app) as client:
        page = client.get("/docs")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "<title>Shop</title>" in page.text
        etag = client.get("/openapi.json").headers["etag"]
        assert client.get("/openapi.json", headers={"if-none-match": etag}).status_code == 304
        assert client.head("/openapi.json").headers["cache-control"] == "no-cache"
        assert app.native().handler_calls() == 0


def test_what_is_added_later_is_a_part_of_them() -> None:
    app, router = shop(), Router()

    @router.get("/late")
    async def late() -> None: ...

    with TestClient(app) as client:
        assert len(client.get("/openapi.json").json()["paths"]) == 1
    app.mount("/a", router)
    with TestClient(app) as client:
        assert list(client.get("/openapi.json").json()["paths"]) == ["/orders/{id}", "/a/late"]


def test_paths_may_be_others_or_none() -> None:
    with TestClient(shop(openapi="/api/openapi.json", asyncapi=None, docs="/api/", openapi_version="3.2")) as client:
        assert client.get("/api/openapi.json").json()["openapi"] == "3.2.0"
        assert 'data-document="openapi.json"' in client.get("/api/").text
        assert client.get("/asyncapi.json").status_code == 404


def test_hidden_routes_are_no_part_of_them() -> None:
    app, router = Sabir(), Router(hidden=True)

    @app.get("/shown")
    async def shown() -> None: ...

    @router.get("/hidden")
    async def hidden() -> None: ...

    @router.websocket("/chat")
    async def chat(ws: WebSocket) -> None: ...

    app.mount("/", router)
    assert list(app.openapi()["paths"]) == ["/shown"]
    assert app.asyncapi()["channels"] == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ui": "redoc"}, 'documents: ui: the package has no pages of "redoc"'),
        ({"openapi": None}, "documents: docs: it shows the OpenAPI document, which has no path"),
        ({"openapi": "openapi.json"}, "openapi.json"),
        ({"docs": "/docs/{a}"}, "needs a value for `a`"),
        ({"asyncapi": "/{id}.json"}, "needs a value for `id`"),
        ({"licence": {}}, "documents: licence: unknown field"),
    ],
)
def test_what_does_not_fit_is_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        shop(**arguments)


def test_a_path_that_is_taken_is_named() -> None:
    app = shop()
    with pytest.raises(SetupError, match="GET /docs"):

        @app.get("/docs")
        async def docs() -> None: ...

    with pytest.raises(SetupError, match=r"GET /openapi\.json"):
        app.documents(docs="/other")


def test_a_file_tells_when_a_document_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    for name, check in (("openapi.json", check_openapi), ("asyncapi.json", check_asyncapi)):
        path = tmp_path / name
        check(shop(), path, title="Shop")
        kept = path.read_text()
        assert json.loads(kept)["info"]["title"] == "Shop"
        check(shop(), path, title="Shop")
        with pytest.raises(AssertionError, match=r'-    "title": "Shop",\n\+    "title": "Store",\n'):
            check(shop(), path, title="Store")
        assert path.read_text() == kept
    monkeypatch.setenv("SABIR_UPDATE_DOCUMENTS", "1")
    check_openapi(shop(), tmp_path / "openapi.json", title="Store")
    assert '"title": "Store"' in (tmp_path / "openapi.json").read_text()


def test_a_file_that_is_missing_is_told_where_nobody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match="There is no file"):
        check_openapi(shop(), tmp_path / "openapi.json")
    with pytest.raises(SetupError, match="openapi: path: "):
        check_openapi(shop(), tmp_path)


def test_an_application_that_serves_takes_no_more() -> None:
    app = Sabir()
    with TestClient(app), pytest.raises(SetupError, match="already serves"):
        app.documents()
