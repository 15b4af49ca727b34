"""A status beside a value: what an annotation declares, and never what a value happens to be."""

import collections.abc
import http
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Literal, NamedTuple

import pytest

from sabir import Response, Sabir, SetupError, TestClient
from sabir.operation import derive
from sabir.routes import RouteDefinition


@dataclass
class Order:
    sku: str


@dataclass
class Refusal:
    reason: str


class Position(NamedTuple):
    x: int
    y: int


def returns(annotation: Any, value: Any = None) -> Callable[[], Any]:
    def handler() -> Any:
        return value

    handler.__annotations__["return"] = annotation
    return handler


@pytest.mark.native
@pytest.mark.parametrize(
    "annotation", [Any, object, tuple, tuple[int, int], tuple[int, ...], Position, list[int], None]
)
@pytest.mark.parametrize("value", [(3, 404), (3, True), Position(3, 404), [3, 404]])
def test_a_tuple_is_an_array_without_a_declaration(annotation: Any, value: Any) -> None:
    app = Sabir()
    app.get("/")(returns(annotation, value))
    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.json()) == (200, list(value))


@pytest.mark.native
@pytest.mark.parametrize(
    ("annotation", "value", "status", "body"),
    [
        (tuple[Order, Literal[201]], (Order("a"), 201), 201, {"sku": "a"}),
        (tuple[Any, Literal[200, 202]], ([1], 202), 202, [1]),
        (Annotated[tuple[str, Literal[404]], "noted"], ("gone", HTTPStatus.NOT_FOUND), 404, "gone"),
        (tuple[Order, Literal[HTTPStatus.CREATED]], (Order("a"), 201), 201, {"sku": "a"}),
        (tuple[dict[str, int], HTTPStatus], ({"a": 1}, http.HTTPStatus.ACCEPTED), 202, {"a": 1}),
        (tuple[Order, Literal[201]] | tuple[Refusal, Literal[409]], (Refusal("no"), 409), 409, {"reason": "no"}),
        (Order | tuple[Refusal, Literal[409]], Order("a"), 200, {"sku": "a"}),
        (tuple[Response, Literal[201]], (Response([1], headers={"x-a": "1"}), 201), 201, [1]),
        (tuple[tuple[int, int], Literal[200]], ((3, 404), 200), 200, [3, 404]),
    ],
)
def test_an_annotation_declares_a_status(annotation: Any, value: Any, status: int, body: Any) -> None:
    app = Sabir()
    app.get("/")(returns(annotation, value))
    answer = TestClient(app).get("/")
    assert answer.status_code == status
    assert (answer.text if isinstance(body, str) else answer.json()) == body


@pytest.mark.native
@pytest.mark.parametrize("value", [(1, 404), (1, 201, 2), (1, "201"), (), (1,)])
def test_a_status_that_is_not_declared_is_a_failure(value: Any, caplog: pytest.LogCaptureFixture) -> None:
    app = Sabir()
    app.get("/orders")(returns(tuple[int, Literal[201]], value))
    assert TestClient(app, raise_server_exceptions=False).get("/orders").status_code == 500
    assert "GET /orders failed" in caplog.text
    assert "the annotation declares a value with the status 201" in caplog.text


@pytest.mark.parametrize(
    ("annotation", "options", "message"),
    [
        (tuple[int, Literal[404]] | tuple[int, int], {}, r"a value with its status or tuple\[int, int\]"),
        (tuple[int, Literal[404]] | list[int] | tuple[str, ...], {}, "a value with its status or"),
        (tuple[int, Literal[404]] | collections.abc.Sequence[int], {}, "a value with its status or"),
        (tuple[int, Literal[404, 7]], {}, "some values of .* are statuses and some are not"),
        (tuple[int, Literal[404, "a"]], {}, "some values of .* are statuses and some are not"),
        (tuple[int, Literal[201]], {"status": 201}, "both say the status"),
    ],
)
def test_what_could_mean_both_is_refused(annotation: Any, options: Any, message: str) -> None:
    with pytest.raises(SetupError, match=rf"^GET /: return: .*{message}"):
        Sabir().get("/", **options)(returns(annotation))


@pytest.mark.parametrize("annotation", [tuple[str, Literal["a"]], tuple[str, Literal[1, 2]], tuple[str, Literal[True]]])
def test_a_literal_that_is_no_status_is_data(annotation: Any) -> None:
    assert derive(RouteDefinition("GET", "/", returns(annotation), {})).answers.statuses is None


def test_the_document_has_every_status() -> None:
    annotation = Order | tuple[Order, Literal[201]] | tuple[Refusal, Literal[404, 409]] | tuple[Any, Literal[410]]
    responses = derive(RouteDefinition("GET", "/", returns(annotation), {})).operation["responses"]
    schemas = {
        status: response.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref")
        for status, response in responses.items()
    }
    order, refusal = (f"#/components/schemas/{name}" for name in ("Order", "Refusal"))
    assert schemas == {"200": order, "201": order, "404": refusal, "409": refusal, "410": None}
    # The runtime describes them.
    assert "description" not in responses["404"]
