"""JSON Schema as it was written: drafts, booleans, references to other documents."""

from typing import Annotated, Any

import pytest

from sabir import Body, Query, Sabir, SetupError
from sabir.testing import TestClient

SKU = "https://example.org/sku"


def app_with(schema: Any, **options: Any) -> Sabir:
    app = Sabir(**options)

    @app.post("/items")
    async def items(body: Annotated[Any, Body(schema=schema)]) -> Any:
        return body

    return app


def statuses(app: Sabir, *values: Any) -> list[int]:
    with TestClient(app) as client:
        return [client.post("/items", json=value).status_code for value in values]


def test_a_schema_is_held_to_the_draft_it_names() -> None:
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True}
    assert statuses(app_with(schema), 1, 2) == [422, 200]


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(SetupError, match=r"\$schema: the dialect \"urn:mine\" is not known"):
        app_with({"$schema": "urn:mine"}).native()


def test_booleans_are_schemas() -> None:
    assert statuses(app_with(False), 1, {}) == [422, 422]
    assert statuses(app_with(True), 1, {}) == [200, 200]


def test_false_refuses_a_parameter() -> None:
    app = Sabir()

    @app.get("/items")
    async def items(a: Annotated[str | None, Query(schema=False)] = None) -> None: ...

    with TestClient(app) as client:
        assert client.get("/items?a=1").status_code == 422
        assert client.get("/items").status_code == 204


def test_schemas_refer_to_other_documents() -> None:
    schemas = {SKU: {"$defs": {"code": {"type": "string", "minLength": 2}}, "$ref": "#/$defs/code"}, "urn:never": False}
    order = {"properties": {"sku": {"$ref": SKU}, "none": {"$ref": "urn:never"}}}
    app = app_with(order, schemas=schemas)
    assert statuses(app, {"sku": "ab"}, {"sku": "a"}, {"none": 1}) == [200, 422, 422]


def test_mounted_applications_bring_their_documents() -> None:
    inner = app_with({"$ref": SKU}, schemas={SKU: {"type": "string"}})
    app = Sabir()
    app.mount("/inner", inner)
    with TestClient(app) as client:
        assert client.post("/inner/items", json=1).status_code == 422
    with pytest.raises(SetupError, match="is another document here"):
        Sabir(schemas={SKU: True}).mount("/inner", inner)


def test_formats_can_be_annotations() -> None:
    schema = {"type": "string", "format": "uuid"}
    assert statuses(app_with(schema), "x") == [422]
    assert statuses(app_with(schema, format_assertion=False), "x") == [200]
