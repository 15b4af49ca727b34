"""Settings, routers and problems; needs no native module."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

import sabir
from sabir import Response, Router, Sabir, SetupError, TooManyRequests
from sabir.__main__ import main
from sabir.convert import parameter_converter, parse_duration
from sabir.encoding import encode_result
from sabir.problem import NotFound, Problem, ValidationFailed

CORE = Path(__file__).parents[3] / "crates/sabir-core/src"


def test_the_problems_are_those_of_the_runtime() -> None:
    rows = re.findall(r'(\w+) = (\d+) "([\w-]+)" "(.+)";', CORE.joinpath("problem/mod.rs").read_text())
    table = {name: (int(status), slug, title) for name, status, slug, title in rows}
    for name in sabir.__all__:
        kind: Any = getattr(sabir, name)
        if isinstance(kind, type) and issubclass(kind, Problem) and kind is not Problem:
            problem = kind()
            assert (problem.status, problem.type, problem.title) == (
                table[name][0],
                f"urn:sabir:problem:{table[name][1]}",
                table[name][2],
            )


def test_the_command_line_names_a_missing_application(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "nowhere_at_all:app"]) == 1
    assert "nowhere_at_all:app" in capsys.readouterr().err


def test_includes_a_router_under_a_prefix() -> None:
    router, app = Router(), Sabir()

    @router.get("/")
    def index(tenant: str) -> None: ...

    @router.get("/{id:int}")
    def show(tenant: str, id: int) -> None: ...

    app.mount("/{tenant}/orders", router)
    assert [definition.path for definition in app.definitions] == ["/{tenant}/orders", "/{tenant}/orders/{id:int}"]
    assert index.__name__ == "index"


def test_mounts_routes_models_and_converters() -> None:
    inner, outer = Sabir(components={"A": {"type": "object"}}), Sabir()
    inner.converter("sku", "[A-Z]+", {"type": "string"})

    @inner.get("/{sku:sku}")
    def show(sku: str) -> None: ...

    outer.mount("/shop", inner)
    assert [definition.name for definition in outer.definitions] == ["GET /shop/{sku:sku}"]
    with pytest.raises(SetupError, match="the name is taken"):
        outer.converter("sku", "[a-z]+", {"type": "string"})


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT1H30M", datetime.timedelta(hours=1, minutes=30)),
        ("P2W", datetime.timedelta(weeks=2)),
        ("P1DT0.5S", datetime.timedelta(days=1, seconds=0.5)),
    ],
)
def test_reads_durations(text: str, duration: datetime.timedelta) -> None:
    assert parse_duration(text) == duration


def test_answers_422_for_what_a_schema_cannot_say() -> None:
    convert = parameter_converter(datetime.date, "query", "day")
    assert convert is not None
    with pytest.raises(ValidationFailed) as caught:
        convert("0000-01-01")
    assert caught.value.errors[0]["in"] == "query"
    assert caught.value.errors[0]["name"] == "day"


@pytest.mark.parametrize(
    ("value", "status", "expected"),
    [
        (None, None, (204, [], b"")),
        (None, 202, (202, [], b"")),
        (True, None, (200, [("content-type", "application/json")], b"true")),
        (({"a": 1}, 201), None, (200, [("content-type", "application/json")], b'[{"a":1},201]')),
        (("a", "b"), None, (200, [("content-type", "application/json")], b'["a","b"]')),
        (Response(b"x", media_type="image/png"), 201, (201, [("content-type", "image/png")], b"x")),
        (Response("x", 400), 201, (400, [("content-type", "text/plain; charset=utf-8")], b"x")),
        (Response(), None, (200, [], b"")),
    ],
)
def test_encodes_what_a_handler_returns(value: Any, status: int | None, expected: Any) -> None:
    assert encode_result(value, status) == expected


def test_a_returned_problem_is_raised() -> None:
    with pytest.raises(NotFound):
        encode_result(NotFound("gone"), None)


def test_tells_when_to_come_back() -> None:
    assert TooManyRequests(retry_after=5).headers == {"retry-after": "5"}


def test_writes_cookies() -> None:
    response = Response()
    response.set_cookie(
        "__Host-a",
        "1",
        secure=True,
        http_only=True,
        same_site="lax",
        expires=datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
    )
    assert response.headers.multi_items() == [
        (
            "set-cookie",
            "__Host-a=1; Path=/; Expires=Wed, 02 Jan 2030 03:04:05 GMT; Secure; HttpOnly; SameSite=Lax",
        )
    ]


@pytest.mark.parametrize(
    ("name", "value", "attributes"),
    [
        ("a b", "1", {}),
        ("a", "1", {"path": "/\r\nx: y"}),
        ("a", "1", {"same_site": "none"}),
        ("__Host-a", "1", {"secure": True, "path": None}),
    ],
)
def test_refuses_a_cookie_that_browsers_drop(name: str, value: str, attributes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cookie"):
        Response().set_cookie(name, value, **attributes)


def test_refuses_a_header_with_a_line_break() -> None:
    with pytest.raises(ValueError, match="control characters"):
        Response(headers={"x-a": "1\r\nx-b: 2"})
