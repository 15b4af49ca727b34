"""From a handler to its OpenAPI operation; needs no native module."""

import datetime
import decimal
import enum
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict

import attrs
import msgspec
import pydantic
import pytest

from sabir import (
    Body,
    Cookie,
    File,
    Form,
    Header,
    Path,
    Problem,
    Query,
    Request,
    Response,
    Sabir,
    SetupError,
    UploadFile,
)
from sabir.operation import COROUTINE, INLINE, THREAD, DerivedRoute, derive
from sabir.routes import RouteDefinition


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Order(msgspec.Struct):
    sku: str
    quantity: Annotated[int, msgspec.Meta(ge=1)]


@dataclass
class OrderData:
    sku: str


class OrderDict(TypedDict):
    sku: str


@attrs.define
class OrderAttrs:
    sku: str


class OrderModel(pydantic.BaseModel):
    sku: str
    due: datetime.date | None = None


def route(path: str, handler: Any, method: str = "GET", **options: Any) -> DerivedRoute:
    return derive(RouteDefinition(method, path, handler, options))  # type: ignore[arg-type]


def parameter(annotation: Any, **default: Any) -> dict[str, Any]:
    def handler(value: Any) -> Any: ...

    handler.__annotations__["value"] = annotation
    if "default" in default:
        handler.__defaults__ = (default["default"],)
    found: dict[str, Any] = route("/", handler).operation["parameters"][0]
    return found


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (int, {"type": "integer"}),
        (str, {"type": "string"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        (datetime.date, {"type": "string", "format": "date"}),
        (datetime.datetime, {"type": "string", "format": "date-time"}),
        (datetime.time, {"type": "string", "format": "time"}),
        (datetime.timedelta, {"type": "string", "format": "duration"}),
        (decimal.Decimal, {"type": "string", "format": "decimal"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (list[datetime.datetime], {"type": "array", "items": {"type": "string", "format": "date-time"}}),
        (set[str], {"type": "array", "items": {"type": "string"}}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal[1, 2], {"type": "integer", "enum": [1, 2]}),
        (int | None, {"type": "integer"}),
        (Annotated[int, msgspec.Meta(ge=1)], {"type": "integer", "minimum": 1}),
        (Annotated[int, Query(ge=1, le=9)], {"type": "integer", "minimum": 1, "maximum": 9}),
        (Annotated[int, Query(schema={"type": "string", "format": "email"})], {"type": "string", "format": "email"}),
    ],
)
def test_describes_a_parameter_by_its_annotation(annotation: Any, schema: dict[str, Any]) -> None:
    assert parameter(annotation) == {"name": "value", "in": "query", "required": True, "schema": schema}


def test_describes_an_enum_in_place() -> None:
    schema = parameter(Color)["schema"]
    assert schema["type"] == "string"
    assert sorted(schema["enum"]) == ["blue", "red"]


def test_puts_a_default_into_the_schema() -> None:
    assert parameter(int, default=10) == {"name": "value", "in": "query", "schema": {"type": "integer", "default": 10}}
    assert "default" not in parameter(int | None, default=None)["schema"]
    assert parameter(datetime.date, default=datetime.date(2024, 2, 29))["schema"]["default"] == "2024-02-29"


def test_takes_parameters_from_where_their_markers_say() -> None:
    def handler(
        id: int,
        key: Annotated[str, Path(name="slug")],
        x_request_id: Annotated[str, Header()],
        session: Annotated[str, Cookie()] = "",
        q: Annotated[list[str], Query(explode=False)] = [],  # noqa: B006
    ) -> None: ...

    found = route("/{id:int}/{slug}", handler)
    names = [(item["in"], item["name"]) for item in found.operation["parameters"]]
    assert names == [
        ("path", "id"),
        ("path", "slug"),
        ("header", "x-request-id"),
        ("cookie", "session"),
        ("query", "q"),
    ]
    assert found.operation["parameters"][4]["explode"] is False
    assert [entry[:3] for entry in found.arguments][:2] == [("parameter", "path", "id"), ("parameter", "path", "slug")]


def test_leaves_an_unannotated_variable_to_its_converter() -> None:
    def handler(id):  # type: ignore[no-untyped-def]
        ...

    found = route("/{id:uuid}", handler)
    convert = found.arguments[0][3]
    assert convert("3f2504e0-4f89-11d3-9a0c-0305e82c3301") == uuid.UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301")


@pytest.mark.parametrize("model", [Order, OrderData, OrderDict, OrderAttrs, OrderModel])
def test_takes_a_model_from_the_json_body(model: Any) -> None:
    def handler(order: Any) -> Any: ...

    handler.__annotations__["order"] = model
    found = route("/", handler, "POST")
    reference = {"$ref": f"#/components/schemas/{model.__name__}"}
    assert found.operation["requestBody"] == {"content": {"application/json": {"schema": reference}}, "required": True}
    assert found.components[model.__name__]["properties"]["sku"]["type"] == "string"


def test_a_body_with_a_default_is_optional() -> None:
    def handler(order: Order | None = None) -> Any: ...

    assert route("/", handler, "POST").operation["requestBody"]["required"] is False


def test_a_body_marker_names_media_types() -> None:
    def handler(data: Annotated[bytes, Body(media_type=["image/png", "image/gif"])]) -> Any: ...

    content = route("/", handler, "POST").operation["requestBody"]["content"]
    assert list(content) == ["image/png", "image/gif"]
    assert content["image/png"]["schema"] == {"type": "string", "format": "binary"}


def test_joins_form_fields_and_files_into_one_body() -> None:
    def handler(title: Annotated[str, Form(min_length=1)], file: UploadFile, more: list[UploadFile] = []) -> Any: ...  # noqa: B006

    body = route("/", handler, "POST").operation["requestBody"]
    binary = {"type": "string", "format": "binary"}
    schema = body["content"]["multipart/form-data"]["schema"]
    assert list(body["content"]) == ["multipart/form-data"]
    assert schema["properties"] == {
        "title": {"type": "string", "minLength": 1},
        "file": binary,
        "more": {"type": "array", "items": binary, "default": []},
    }
    assert schema["required"] == ["title", "file"]


def test_a_form_without_files_may_be_urlencoded() -> None:
    def handler(order: Annotated[Order, Form()]) -> Any: ...

    content = route("/", handler, "POST").operation["requestBody"]["content"]
    assert list(content) == ["application/x-www-form-urlencoded", "multipart/form-data"]


def test_declares_what_a_handler_returns() -> None:
    def handler() -> Order:
        raise NotImplementedError

    assert route("/", handler, "POST", status=201).operation["responses"] == {
        "201": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
        }
    }


@pytest.mark.parametrize(
    "annotation", [Any, dict, dict[str, Any], str, str | None, bytes, None, Response, Response | str, Order | Any]
)
def test_leaves_an_open_return_type_undeclared(annotation: Any) -> None:
    def handler() -> Any: ...

    handler.__annotations__["return"] = annotation
    assert "responses" not in route("/", handler).operation


ORDER = {"$ref": "#/components/schemas/Order"}


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (Order | None, {"anyOf": [ORDER, {"type": "null"}]}),
        (Response | Order, ORDER),
        (Order | Response | Problem | None, {"anyOf": [ORDER, {"type": "null"}]}),
        (list[Order] | str, {"anyOf": [{"type": "array", "items": ORDER}, {"type": "string"}]}),
        (
            tuple[Order, Any],
            {"type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [ORDER, {}], "items": False},
        ),
    ],
    ids=str,
)
def test_declares_every_member_of_a_union(annotation: Any, schema: Any) -> None:
    def handler() -> Any: ...

    handler.__annotations__["return"] = annotation
    declared = route("/", handler).operation["responses"]["200"]["content"]["application/json"]
    assert declared == {"schema": schema}


def test_carries_the_options_of_a_route() -> None:
    def handler(request: Request) -> Any:
        """List the orders.

        Newest first.
        """

    found = route("/", handler, tags=["orders"], produces="text/csv", body_limit=10, responses={404: "No such order"})
    assert found.arguments == [("request",)]
    assert found.operation == {
        "tags": ["orders"],
        "summary": "List the orders.",
        "description": "Newest first.",
        "responses": {
            "200": {"content": {"text/csv": {}}},
            "404": {"description": "No such order"},
        },
        "x-sabir": {"body_limit": 10},
    }


def test_a_status_of_which_nothing_is_said_belongs_to_its_range() -> None:
    def handler() -> tuple[Any, Literal[201, 404]]: ...

    said = {"2XX": Order, 410: "Gone"}
    assert list(route("/", handler, responses=said).operation["responses"]) == ["404", "2XX", "410"]
    assert list(route("/", handler, responses={"default": Order}).operation["responses"]) == ["default"]
    assert list(route("/", handler).operation["responses"]) == ["201", "404"]


def test_adds_what_is_said_of_a_success_to_what_it_produces() -> None:
    def handler() -> Any: ...

    found = route("/", handler, produces="text/csv", responses={200: "The report"})
    assert found.operation["responses"] == {"200": {"description": "The report", "content": {"text/csv": {}}}}


def test_tells_coroutines_threads_and_inline_functions_apart() -> None:
    async def coroutine() -> None: ...

    def plain() -> None: ...

    class Callable:
        async def __call__(self) -> None: ...

    assert route("/", coroutine).mode == COROUTINE
    assert route("/", Callable()).mode == COROUTINE
    assert route("/", plain).mode == THREAD
    assert route("/", plain, blocking=False).mode == INLINE


def test_fills_keyword_only_parameters() -> None:
    def handler(a: int, *, b: int, c: int = 3) -> Any:
        return a, b, c

    assert route("/", handler).handler(1, 2, 4) == (1, 2, 4)


def bad_two_bodies(a: Order, b: Annotated[OrderData, Form()]) -> None: ...
def bad_type(a: Annotated[range, Query()]) -> None: ...
def bad_arguments(*args: int) -> None: ...
def bad_path(a: Annotated[int, Path()]) -> None: ...
def bad_markers(a: Annotated[int, Query(), Header()]) -> None: ...
def bad_file(a: Annotated[range, File()]) -> None: ...


@pytest.mark.parametrize("handler", [bad_two_bodies, bad_type, bad_arguments, bad_path, bad_markers, bad_file])
def test_refuses_a_signature_and_names_the_route(handler: Any) -> None:
    app = Sabir()
    with pytest.raises(SetupError, match=r"^POST /orders: "):
        app.post("/orders")(handler)


@dataclass
class Marked:
    sku: Annotated[str, Body(min_length=1)]


class Nested(msgspec.Struct):
    items: list[Marked]
    next: "Nested | None" = None


class MarkedModel(pydantic.BaseModel):
    sku: Annotated[str, Query()]


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        (Marked, r"Body\(\) stands in the field Marked.sku"),
        (dict[str, Nested], r"Body\(\) stands in the field Marked.sku"),
        (MarkedModel, r"Query\(\) stands in the field MarkedModel.sku"),
        (Annotated[list[Annotated[int, Query(ge=1)]], Query()], r"Query\(\) stands inside the type"),
    ],
)
def test_refuses_a_marker_that_would_be_ignored(annotation: Any, message: str) -> None:
    def handler(a: Any) -> None: ...

    handler.__annotations__["a"] = annotation
    with pytest.raises(SetupError, match=rf"^POST /orders: a: {message}, where it means nothing; narrow"):
        Sabir().post("/orders")(handler)
