"""Answers that are held to what their annotation declares."""

import logging
from typing import Any, Literal

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


def test_warning_sends_it_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with client("warn") as warning:
        assert warning.get("/misfit").json() == {"name": 1}
        assert "secret" in warning.get("/surplus").text
        assert warning.get("/model").status_code == 200
    records = [record for record in caplog.records if "does not fit its schema" in record.message]
    assert [(record.levelno, record.fields["route"]) for record in records] == [  # type: ignore[attr-defined]
        (logging.WARNING, "GET /misfit")
    ]


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
