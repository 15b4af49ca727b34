"""Answers that are held to what their annotation declares."""

import datetime
import logging
from typing import Annotated, Any, Literal, Optional

import msgspec
import pydantic
import pytest

from sabir import JSONResponse, Response, Router, Sabir, TestClient

pytestmark = pytest.mark.native

Mode = Literal["off", "warn", "enforce"]


class Item(pydantic.BaseModel):
    id: int
    note: str | None = None

    @pydantic.computed_field  # type: ignore[prop-decorator]
    @property
    def double(self) -> int:
        return self.id * 2


class User(msgspec.Struct):
    name: str


items = Router()


@items.get("/model")
async def model() -> Item:
    return Item(id=1)


@items.get("/surplus")
async def surplus() -> list[User]:
    return [{"name": "ada", "password": "secret"}]  # type: ignore[list-item]


@items.get("/misfit")
def misfit() -> User:
    return {"name": 1}  # type: ignore[return-value]


@items.get("/response")
async def response() -> User:
    return JSONResponse({"name": "ada", "password": "secret"}, headers={"x-a": "1"})  # type: ignore[return-value]


@items.get("/open")
async def open_answer() -> dict[str, Any]:
    return {"name": 1}


@items.get("/found", responses={404: User})
async def found() -> Response:
    return Response({"name": 1}, status=404)


class Dog(msgspec.Struct):
    bark: int


PASSWORD = {"name": "ada", "password": "secret"}
unions = Router()


def union(path: str, annotation: Any, value: Any) -> None:
    async def handler() -> Any:
        return value

    handler.__annotations__["return"] = annotation
    unions.get(path)(handler)


for path, annotation in {
    "/none": User | None,
    "/optional": Optional[User],  # noqa: UP045
    "/response": User | Response,
    "/text": User | str | bytes,
    "/several": User | Dog,
    "/pydantic": Item | User,
    "/declared": tuple[User | None, Literal[200]],
}.items():
    pair = path == "/declared"
    union(path, annotation, (PASSWORD, 200) if pair else PASSWORD)
    union(path + "/json", annotation, (JSONResponse(PASSWORD), 200) if pair else JSONResponse(PASSWORD))
    union(path + "/misfit", annotation, ({"name": 1}, 200) if pair else {"name": 1})
union("/nothing", User | None, None)
union("/null", User | None, JSONResponse(None))
union("/plain", User | str, "text")
union("/other", User | Response, JSONResponse({"why": "gone"}, status=410))


def client(mode: Mode, **settings: Any) -> TestClient:
    app = Sabir(response_validation=mode, **settings)
    app.mount("/", items)
    return TestClient(app)


def test_nothing_is_checked_by_default() -> None:
    app = Sabir()
    app.mount("/", items)
    with TestClient(app) as plain, client("off") as off:
        for path in ("/surplus", "/misfit", "/response", "/found"):
            assert plain.get(path).content == off.get(path).content
        assert plain.get("/misfit").json() == {"name": 1}


def test_enforcing_leaves_out_what_is_not_declared() -> None:
    with client("enforce") as enforcing:
        assert enforcing.get("/model").json() == {"id": 1, "note": None, "double": 2}
        assert enforcing.get("/surplus").text == '[{"name":"ada"}]'
        answer = enforcing.get("/response")
        assert (answer.json(), answer.headers["x-a"]) == ({"name": "ada"}, "1")
        assert enforcing.head("/response").headers["content-length"] == str(len(answer.content))
        assert enforcing.get("/open").json() == {"name": 1}


def test_enforcing_refuses_what_does_not_fit(caplog: pytest.LogCaptureFixture) -> None:
    with client("enforce") as enforcing:
        for path in ("/misfit", "/found"):
            refused = enforcing.get(path)
            assert (refused.status_code, refused.headers["content-type"]) == (500, "application/problem+json")
            assert "detail" not in refused.json()
    records = [record for record in caplog.records if "does not fit its schema" in record.message]
    assert [(record.levelno, record.fields["route"]) for record in records] == [  # type: ignore[attr-defined]
        (logging.ERROR, "GET /misfit"),
        (logging.ERROR, "GET /found"),
    ]
    assert "/name" in records[0].message
    with client("enforce", debug=True) as shown:
        assert "/name" in shown.get("/misfit").json()["detail"]


class Event(msgspec.Struct):
    at: datetime.datetime | None = None
    time: datetime.time | None = None
    share: float = 0
    name: Annotated[str, msgspec.Meta(min_length=2)] = "ab"


EVENTS: dict[str, tuple[Event, int]] = {
    "/zone": (Event(at=datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC)), 200),
    "/no-zone": (Event(at=datetime.datetime(2024, 2, 29)), 500),
    "/time": (Event(time=datetime.time(12)), 500),
    "/nan": (Event(share=float("nan")), 500),
    "/infinity": (Event(share=float("inf")), 500),
    "/short": (Event(name="a"), 500),
}


def test_enforcing_refuses_what_only_python_takes_for_a_value_of_the_type() -> None:
    app = Sabir(response_validation="enforce")

    def add(path: str, event: Event) -> None:
        @app.get(path)
        async def show() -> Event:
            return event

    for path, (event, _) in EVENTS.items():
        add(path, event)
    with TestClient(app, raise_server_exceptions=False) as enforcing:
        assert {path: enforcing.get(path).status_code for path in EVENTS} == {
            path: status for path, (_, status) in EVENTS.items()
        }


def test_warning_sends_it_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with client("warn") as warning:
        assert warning.get("/misfit").json() == {"name": 1}
        assert "secret" in warning.get("/surplus").text
        assert warning.get("/model").status_code == 200
    records = [record for record in caplog.records if "does not fit its schema" in record.message]
    assert [(record.levelno, record.fields["route"]) for record in records] == [  # type: ignore[attr-defined]
        (logging.WARNING, "GET /misfit")
    ]


def test_a_union_is_held_to_what_its_members_declare() -> None:
    app = Sabir(response_validation="enforce")
    app.mount("/", unions)
    with TestClient(app, raise_server_exceptions=False) as enforcing:
        for path in ("/none", "/optional", "/response", "/text", "/several", "/pydantic", "/declared"):
            assert enforcing.get(path).text == '{"name":"ada"}', path
            assert enforcing.get(path + "/json").text == '{"name":"ada"}', path
            assert enforcing.get(path + "/misfit").status_code == 500, path
        assert enforcing.get("/nothing").status_code == 204
        assert enforcing.get("/null").text == "null"
        assert enforcing.get("/plain").text == "text"
        assert (enforcing.get("/other").status_code, enforcing.get("/other").json()) == (410, {"why": "gone"})


def test_a_union_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    app = Sabir(response_validation="warn")
    app.mount("/", unions)
    with TestClient(app) as warning:
        assert warning.get("/none/misfit").json() == {"name": 1}
        assert warning.get("/none").json() == PASSWORD
    records = [record for record in caplog.records if "does not fit its schema" in record.message]
    assert [record.fields["route"] for record in records] == ["GET /none/misfit"]  # type: ignore[attr-defined]


def test_a_declared_answer_adds_no_406() -> None:
    with client("off") as plain:
        for accept in ("text/html", "application/json;q=0"):
            answer = plain.get("/model", headers={"accept": accept})
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
            assert "vary" not in answer.headers
    app = Sabir()

    @app.get("/", produces=["application/json", "text/csv"])
    async def negotiated() -> list[int]:
        return [1]

    with TestClient(app) as negotiating:
        assert negotiating.get("/", headers={"accept": "text/html"}).status_code == 406
