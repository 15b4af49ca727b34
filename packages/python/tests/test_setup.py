"""Settings, routers and problems; needs no native module."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

import sabir
from sabir import Response, Router, Sabir, ServiceUnavailable, SetupError, TooManyRequests
from sabir.__main__ import main
from sabir.convert import parameter_converter, parse_duration
from sabir.encoding import Answers, encode_result
from sabir.problem import Problem
from sabir.problems import NotFound, ValidationFailed

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


def test_a_route_adds_to_what_its_router_says() -> None:
    router, app = Router(tags=["a"], responses={404: "No shop", 410: "Gone"}, timeout_ms=5, deprecated=True), Sabir()
    router.get("/", responses={"404": "No order", 409: "Taken"}, tags=["b"], deprecated=False)(lambda: "")
    router.get("/none", responses=None, timeout_ms=None, tags=None)(lambda: "")  # type: ignore[arg-type]
    router.get("/empty", responses={404: None})(lambda: "")
    outer = Router(responses={404: "Nowhere", 500: "Broken"})
    outer.mount("/shop", router)
    app.mount("/", outer)
    own, none, empty = (definition.options for definition in app.definitions)
    assert own["responses"] == {"404": "No order", "410": "Gone", "500": "Broken", "409": "Taken"}
    assert (own["tags"], own["deprecated"], own["timeout_ms"]) == (["a", "b"], False, 5)
    assert none["responses"] == empty["responses"] == {"404": "No shop", "410": "Gone", "500": "Broken"}
    assert (none["tags"], none["timeout_ms"]) == (["a"], 5)


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda app: app.mount("/x", lambda: None), "mount /x: other: a function has no routes; mount a Router"),
        (lambda app: app.mount("x", Router()), "mount x: prefix: it does not start with /"),
        (lambda app: app.mount(None, Router()), "mount None: prefix: it does not start with /"),
        (lambda app: app.route("/x", methods=[5])(lambda: ""), "5 /x: methods: 5 is no method"),
        (lambda app: app.route("/x", methods=5)(lambda: ""), "5 /x: methods: 5 is no method"),
        (lambda app: app.route("/x", methods=[])(lambda: ""), "/x: methods: there is none"),
        (lambda app: app.get(5)(lambda: ""), "GET 5: path: it does not start with /"),
        (lambda app: app.get("/x")("text"), "GET /x: handler: a str cannot be called"),
    ],
)
@pytest.mark.parametrize("kind", [Sabir, Router])
def test_what_is_no_route_is_named(kind: Any, add: Any, message: str) -> None:
    app = kind()
    with pytest.raises(SetupError) as caught:
        add(app)
    assert str(caught.value).startswith(message)
    assert app.definitions == []


def test_a_prefix_that_is_no_text_is_named() -> None:
    with pytest.raises(SetupError, match=r"router 5: prefix: it does not start with /"):
        Router(5)  # type: ignore[arg-type]


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
    assert encode_result(value, Answers(status)) == expected


def test_a_returned_problem_is_raised() -> None:
    with pytest.raises(NotFound):
        encode_result(NotFound("gone"))


def test_tells_when_to_come_back() -> None:
    assert TooManyRequests(retry_after=5).headers == {"retry-after": "5"}
    assert ServiceUnavailable(retry_after=5, headers={"x-app": "shop"}).headers == {"x-app": "shop", "retry-after": "5"}
    assert ServiceUnavailable().headers == {}


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


@pytest.mark.parametrize(
    "attributes", [{"name": "\udce9"}, {"value": "\udce9"}, {"path": "/\udce9"}, {"domain": "\udce9"}]
)
def test_refuses_a_cookie_that_has_no_utf_8(attributes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="half of a surrogate pair"):
        Response().set_cookie(**{"name": "a", "value": "1", **attributes})


def test_refuses_a_header_with_a_line_break() -> None:
    with pytest.raises(ValueError, match="control characters"):
        Response(headers={"x-a": "1\r\nx-b: 2"})


@pytest.mark.parametrize("status", [100, 101, 103, 1000, "201"])
def test_a_status_that_no_answer_has_is_refused(status: Any) -> None:
    app = Sabir()
    with pytest.raises(SetupError, match=r"GET /: status: .* is not the status of an answer"):
        app.get("/", status=status)(lambda: None)
