"""Parameters, forms, files and cookies: what text stands for, and who owns a default."""

# ruff: noqa: B006 - what becomes of such defaults is tested here.

from __future__ import annotations

import asyncio
import datetime
import enum
import uuid
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import msgspec
import pydantic
import pytest

from sabir import Cookie, File, Form, Header, Query, Request, Response, Sabir, SetupError, TestClient, UploadFile


class Mixed(enum.Enum):
    one = 1
    word = "a"


INT_OR_ALL = int | Literal["all"]

UNIONS: list[tuple[Any, str, Any]] = [
    (int | bool, "5", 5),
    (int | bool, "true", True),
    (int | bool, "x", 422),
    (int | float, "5", 5),
    (int | float, "5.5", 5.5),
    (INT_OR_ALL, "12", 12),
    (INT_OR_ALL, "all", "all"),
    (INT_OR_ALL, "some", 422),
    (int | str, "12", 12),
    (str | int, "12", 12),
    (str | int, "x", "x"),
    (list[int] | int, "1", [1]),
    (list[int | bool], "true", [True]),
    (uuid.UUID | str, "8d7ff2b8-6b4f-4d2c-9d0e-0a6f7f1f0e11", uuid.UUID("8d7ff2b8-6b4f-4d2c-9d0e-0a6f7f1f0e11")),
    (uuid.UUID | str, "x", "x"),
    (datetime.date | Literal["today"], "2024-02-29", datetime.date(2024, 2, 29)),
    (datetime.date | Literal["today"], "today", "today"),
    (datetime.date | int, "5", 5),
    (Mixed, "1", Mixed.one),
    (Mixed, "a", Mixed.word),
    (Mixed, "2", 422),
    (Literal[1, "a"], "1", 1),
    (int | bool | None, "true", True),
    (bytes, "\u00e9", "\u00e9".encode()),
    (list[bytes], "a", [b"a"]),
]


@pytest.mark.parametrize("place", ["query", "header", "cookie", "form"])
@pytest.mark.parametrize(("wanted", "text", "expected"), UNIONS)
def test_a_union_takes_the_first_type_that_fits(place: str, wanted: Any, text: str, expected: Any) -> None:
    app = Sabir()
    seen: list[Any] = []
    marker = {"query": Query(), "header": Header(), "cookie": Cookie(), "form": Form()}[place]
    if text == "\u00e9" and place == "header":
        pytest.skip("fields of the test client are ASCII")

    def handler(value: Any) -> None:
        seen.append(value)

    handler.__annotations__["value"] = Annotated[wanted, marker]
    app.route("/", "POST")(handler)
    client = TestClient(app)
    sent: dict[str, Any] = {
        "query": {"params": {"value": text}},
        "header": {"headers": {"value": text}},
        "cookie": {"headers": {"cookie": f"value={text}".replace("\u00e9", "%C3%A9")}},
        "form": {"data": {"value": text}},
    }[place]
    response = client.post("/", **sent)
    if expected == 422:
        assert (response.status_code, seen) == (422, [])
        return
    assert response.status_code == 204, response.text
    assert seen == [expected]
    assert type(seen[0]) is type(expected)


def test_a_tuple_has_a_type_for_each_place() -> None:
    app = Sabir()

    @app.get("/")
    def point(at: tuple[int, bool], size: tuple[int, int] = (1, 2)) -> list[Any]:
        return [type(at).__name__, *at, *size]

    client = TestClient(app)
    assert client.get("/?at=1&at=true").json() == ["tuple", 1, True, 1, 2]
    assert client.get("/?at=1&at=2").status_code == 422
    assert client.get("/?at=1").status_code == 422


def test_bytes_for_a_file_are_its_content() -> None:
    app = Sabir(file_memory_limit=10)

    @app.post("/")
    async def take(
        one: Annotated[bytes, File()],
        more: Annotated[list[bytes], File()] = [],
        maybe: Annotated[bytes | None, File()] = None,
        either: Annotated[bytes | None, Form()] = None,
    ) -> list[Any]:
        assert all(isinstance(item, bytes) for item in more)
        return [one.decode(), [item.decode() for item in more], maybe, None if either is None else either.decode()]

    client = TestClient(app)
    large = "x" * 100
    files = [("one", ("a", large)), ("more", ("b", "1")), ("more", ("c", "2")), ("either", ("d", "4"))]
    assert client.post("/", files=files).json() == [large, ["1", "2"], None, "4"]
    answer = client.post("/", files={"one": ("a", b"1")}, data={"either": "text"})
    assert answer.json() == ["1", [], None, "text"]
    assert client.post("/", files={"other": ("a", b"1")}, data={"one": "text"}).status_code == 422


class StructForm(msgspec.Struct, rename="camel"):
    file_content: bytes
    many_more: list[bytes] = []
    maybe: bytes | None = None


@dataclass
class DataForm:
    file_content: bytes
    many_more: list[bytes] = field(default_factory=list)
    maybe: bytes | None = None


class PydanticForm(pydantic.BaseModel):
    file_content: bytes = pydantic.Field(alias="fileContent")
    many_more: list[bytes] = pydantic.Field(alias="manyMore", default=[])
    maybe: bytes | None = None


@pytest.mark.parametrize("model", [StructForm, DataForm, PydanticForm])
def test_bytes_of_a_form_are_its_octets_in_a_model_too(model: Any) -> None:
    app = Sabir(file_memory_limit=10)
    seen: list[Any] = []

    names = ["file_content", "many_more", "maybe"]
    first, second = names[:2] if model is DataForm else ("fileContent", "manyMore")

    @app.post("/")
    async def take(form: Annotated[model, Form()]) -> None:
        seen.append([getattr(form, name) for name in names])

    @app.post("/json")
    def take_json(body: model) -> None:
        seen.append(body)

    client = TestClient(app)
    octets = bytes(range(256))
    files = [(first, ("a", octets)), (second, ("b", b"\xff")), (second, (None, "text"))]
    for sent in ({"files": files}, {"data": {first: "aGk=", "maybe": "é"}}):
        answer = client.post("/", **sent)
        assert answer.status_code == 204, answer.text
    assert seen == [[octets, [b"\xff", b"text"], None], [b"aGk=", [], "é".encode()]]
    # As JSON the same model is what its library makes of it.
    assert client.post("/json", json={first: "aGk="}).status_code == 204


def test_a_file_field_never_gets_anything_else() -> None:
    app = Sabir()

    @app.post("/")
    def take(file: UploadFile, note: Annotated[str, Form()] = "") -> str:
        return f"{type(file).__name__} {file.filename} {note}"

    client = TestClient(app)
    assert client.post("/", files={"file": ("a", b"")}).text == "UploadFile a "
    assert client.post("/", files={"file": (None, b"\0", "application/octet-stream")}).text == "UploadFile None "
    for files in ({"file": (None, b"x")}, {"file": ("a", b""), "note": ("b", b"x")}):
        response = client.post("/", files=files)
        assert response.status_code == 422, response.text
        assert [error["keyword"] for error in response.json()["errors"]] == ["type"]


def test_a_type_that_is_no_file_is_refused() -> None:
    app = Sabir()
    with pytest.raises(SetupError, match="is no type for a file"):

        @app.post("/")
        def take(file: Annotated[str, File()]) -> None: ...


class Options(msgspec.Struct):
    tags: list[str] = []


@dataclass
class Settings:
    names: list[str] = field(default_factory=list)


SENTINEL = object()


def test_each_request_has_its_own_defaults() -> None:
    app = Sabir()

    @app.post("/{part}")
    def add(
        part: str,
        tags: Annotated[list[str], Query()] = ["first"],
        seen: Annotated[set[int], Query()] = {1},
        body: dict[str, Any] = {"count": 0},
    ) -> list[Any]:
        tags.append(part)
        seen.add(2)
        body["count"] += 1
        return [tags, sorted(seen), body]

    @app.post("/models/{part}")
    def model(part: str, options: Options = Options()) -> list[str]:
        options.tags.append(part)
        return options.tags

    @app.post("/data/{part}")
    def data(part: str, settings: Settings = Settings()) -> list[str]:
        settings.names.append(part)
        return settings.names

    @app.post("/forms/{part}")
    def form(part: str, names: Annotated[list[str], Form()] = ["a"]) -> list[str]:
        names.append(part)
        return names

    @app.get("/sentinel")
    def sentinel(value: Annotated[int, Query()] = SENTINEL) -> bool:  # type: ignore[assignment]
        return value is SENTINEL

    client = TestClient(app)
    for _ in range(2):
        assert client.post("/x").json() == [["first", "x"], [1, 2], {"count": 1}]
        assert client.post("/models/x").json() == ["x"]
        assert client.post("/data/x").json() == ["x"]
        assert client.post("/forms/x").json() == ["a", "x"]
        assert client.post("/forms/x", data={"other": "1"}).json() == ["a", "x"]
    assert client.get("/sentinel").json() is True


@pytest.mark.parametrize("text", ["a b", '"quoted"', "100%", "%41", "a;b, c=d\\", "\u00e9\u20ac", '{"a": [1]}', ""])
def test_a_cookie_is_read_as_it_was_set(text: str) -> None:
    app = Sabir()

    @app.get("/set")
    def set_it() -> Response:
        response = Response("set")
        response.set_cookie("c", text)
        return response

    @app.get("/get")
    def get_it(request: Request, c: Annotated[str, Cookie()]) -> list[str]:
        return [c, request.cookies["c"]]

    client = TestClient(app)
    sent = client.get("/set").headers["set-cookie"]
    assert client.get("/get", headers={"cookie": sent}).json() == [text, text]


def test_authorization_is_a_header_like_any_other() -> None:
    app = Sabir()

    @app.get("/")
    def show(authorization: Annotated[str, Header()]) -> str:
        return authorization

    assert TestClient(app).get("/", headers={"authorization": "Bearer a, b"}).text == "Bearer a, b"
    bad = Sabir()
    with pytest.raises(SetupError, match="responses"):
        bad.get("/")(_takes_accept)


def _takes_accept(accept: Annotated[str, Header()]) -> None: ...


def _add(methods: Any) -> None:
    Sabir().route("/x", methods)(lambda: None)


@pytest.mark.parametrize(("methods", "remedy"), [("get", "write GET"), ([], "name")])
def test_a_method_that_nobody_sends_is_refused(methods: Any, remedy: str) -> None:
    with pytest.raises(SetupError, match=remedy):
        _add(methods)


def test_the_content_of_a_declared_multipart_form_is_not_kept() -> None:
    app = Sabir()
    problems: list[str] = []

    @app.post("/declared")
    def declared(request: Request, file: UploadFile) -> str:
        with pytest.raises(RuntimeError, match="leave the form undeclared") as failure:
            request.body_sync()
        problems.append(str(failure.value))
        with pytest.raises(RuntimeError):
            request.text_sync()
        with pytest.raises(RuntimeError):
            request.json_sync()
        return file.read_sync().decode()

    @app.post("/undeclared")
    def undeclared(request: Request) -> int:
        return request.body_sync().count(b"content")

    @app.post("/urlencoded")
    def urlencoded(request: Request, a: Annotated[str, Form()]) -> str:
        return f"{a} {request.body_sync().decode()}"

    client = TestClient(app)
    files = {"file": ("a", "content")}
    assert client.post("/declared", files=files).text == "content"
    assert len(problems) == 1
    assert client.post("/undeclared", files=files).json() >= 1
    assert client.post("/urlencoded", data={"a": "1"}).text == "1 a=1"


def test_defaults_are_copied_for_coroutines_too() -> None:
    app = Sabir()

    @app.get("/")
    async def show(tags: list[str] = []) -> list[str]:
        tags.append("x")
        await asyncio.sleep(0)
        return tags

    client = TestClient(app)
    assert [client.get("/").json() for _ in range(2)] == [["x"], ["x"]]
