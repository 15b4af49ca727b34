"""Requests through the whole pipeline, in memory and over a socket."""

import datetime
import decimal
import enum
import pickle
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, TypedDict

import attrs
import msgspec
import pydantic
import pytest

from sabir import (
    Conflict,
    Cookie,
    Form,
    Header,
    Problem,
    Query,
    Request,
    Response,
    Router,
    Sabir,
    SetupError,
    TestClient,
    UploadFile,
)

pytestmark = pytest.mark.native


class Color(enum.Enum):
    RED = "red"


class Order(msgspec.Struct):
    sku: str
    due: datetime.date


@dataclass
class OrderData:
    sku: str
    due: datetime.date


class OrderDict(TypedDict):
    sku: str
    due: datetime.date


@attrs.define
class OrderAttrs:
    sku: str
    due: datetime.date


class OrderModel(pydantic.BaseModel):
    sku: str
    due: datetime.date

    @pydantic.field_validator("sku")
    @classmethod
    def not_forbidden(cls, value: str) -> str:
        if value == "forbidden":
            raise ValueError("this one is not for sale")
        return value


app = Sabir()


@app.get("/users/{id:int}")
async def show(id: int, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> dict[str, int]:
    return {"id": id, "limit": limit}


@app.get("/plain")
def plain() -> str:
    return "plain"


@app.get("/inline", blocking=False)
def inline() -> bytes:
    return b"\x00\xff"


@app.get("/places")
async def places(
    q: str, x_token: Annotated[str, Header()], session: Annotated[str, Cookie()] = "none"
) -> dict[str, Any]:
    return {"q": q, "x_token": x_token, "session": session}


@app.get("/request/{name}")
async def request_parts(request: Request, name: str) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "query_string": request.query_string,
        "route": request.route,
        "x": request.headers.getlist("x-a"),
        "cookies": request.cookies,
        "missing": request.headers.get("x-missing"),
    }


@app.post("/text")
async def text(request: Request) -> str:
    return (await request.text()).upper()


@app.post("/form")
async def form(name: Annotated[str, Form(min_length=1)], age: Annotated[int, Form()] = 1) -> dict[str, Any]:
    return {"name": name, "age": age}


@app.post("/upload")
async def upload(file: UploadFile, note: Annotated[str, Form()] = "") -> dict[str, Any]:
    content = await file.read()
    return {
        "filename": file.filename,
        "type": file.content_type,
        "size": file.size,
        "text": content.decode(),
        "note": note,
    }


@app.post("/uploads")
def uploads(files: list[UploadFile]) -> list[Any]:
    return [file.read_sync().decode() for file in files]


@app.get("/nothing")
async def nothing() -> None: ...


@app.post("/created", status=201)
async def created() -> Any:
    return {"id": 1}


@app.get("/pair")
async def pair() -> tuple[Any, Literal[202]]:
    return {"a": 1}, 202


@app.get("/response")
async def response() -> Response:
    answer = Response({"a": 1}, 203, headers=[("x-a", "1"), ("x-a", "2")])
    answer.set_cookie("seen", "yes")
    return answer


@app.get("/raised")
async def raised() -> None:
    raise Conflict("The name is taken.", extensions={"name": "ann"})


@app.get("/returned")
def returned() -> Problem:
    return Problem(418, detail="I am a teapot.", title="Teapot")


@app.get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is hunter2")


@app.get("/unsendable")
async def unsendable() -> Any:
    return {"a": object()}


@pytest.fixture(params=["memory", "socket"], scope="module")
def client(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    with TestClient(app, socket=request.param == "socket", raise_server_exceptions=False) as opened:
        yield opened


def test_gives_typed_parameters(client: TestClient) -> None:
    assert client.get("/users/7").json() == {"id": 7, "limit": 10}
    assert client.get("/users/7", params={"limit": 5}).json() == {"id": 7, "limit": 5}


def test_refuses_bad_input_before_the_handler_runs(client: TestClient) -> None:
    before = client.handler_calls
    answer = client.get("/users/7?limit=0")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["keyword"] == "minimum"
    assert client.get("/users/seven").status_code == 404
    assert client.post("/users/7").headers["allow"]
    assert client.handler_calls == before


def test_runs_plain_functions_on_a_thread_and_inline(client: TestClient) -> None:
    answer = client.get("/plain")
    assert (answer.text, answer.headers["content-type"]) == ("plain", "text/plain; charset=utf-8")
    answer = client.get("/inline")
    assert (answer.content, answer.headers["content-type"]) == (b"\x00\xff", "application/octet-stream")


def test_reads_query_headers_and_cookies(client: TestClient) -> None:
    answer = client.get("/places", params={"q": "a b&c"}, headers={"X-Token": "t"}, cookies={"session": "s"})
    assert answer.json() == {"q": "a b&c", "x_token": "t", "session": "s"}
    assert client.get("/places?q=1").status_code == 422


def test_shows_the_parts_of_a_request(client: TestClient) -> None:
    answer = client.get("/request/a%20b?x=%41", headers=[("x-a", "1"), ("x-a", "2")], cookies={"c": "d"})
    assert answer.json() == {
        "method": "GET",
        "path": "/request/a%20b",
        "query_string": "x=%41",
        "route": "/request/{name}",
        "x": ["1", "2"],
        "cookies": {"c": "d"},
        "missing": None,
    }


def test_reads_an_undeclared_body(client: TestClient) -> None:
    assert client.post("/text", content="abc").text == "ABC"
    assert client.post("/text", content=[b"a", b"b"]).text == "AB"


def test_reads_forms(client: TestClient) -> None:
    assert client.post("/form", data={"name": "ann", "age": 3}).json() == {"name": "ann", "age": 3}
    assert client.post("/form", data={"name": "ann"}).json() == {"name": "ann", "age": 1}
    assert client.post("/form", data={"name": ""}).status_code == 422


def test_receives_files(client: TestClient) -> None:
    answer = client.post("/upload", files={"file": ("a.txt", b"hi", "text/plain")}, data={"note": "n"})
    assert answer.json() == {"filename": "a.txt", "type": "text/plain", "size": 2, "text": "hi", "note": "n"}
    answer = client.post("/uploads", files=[("files", ("a", b"1")), ("files", ("b", b"2"))])
    assert answer.json() == ["1", "2"]


def test_answers_with_statuses(client: TestClient) -> None:
    assert client.get("/nothing").status_code == 204
    assert client.post("/created").status_code == 201
    assert client.get("/pair").status_code == 202


def test_answers_with_a_response(client: TestClient) -> None:
    answer = client.get("/response")
    assert answer.status_code == 203
    assert answer.headers.get_list("x-a") == ["1", "2"]
    assert answer.cookies == {"seen": "yes"}
    assert answer.json() == {"a": 1}


def test_sends_problems_raised_and_returned(client: TestClient) -> None:
    answer = client.get("/raised")
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == "The name is taken."
    assert answer.json()["name"] == "ann"
    assert answer.json()["type"] == "urn:sabir:problem:conflict"
    answer = client.get("/returned")
    assert (answer.status_code, answer.json()["title"]) == (418, "Teapot")


@pytest.mark.parametrize("path", ["/broken", "/unsendable"])
def test_hides_unexpected_exceptions_and_logs_them(
    client: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get(path)
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert any(record.exc_info for record in caplog.records if record.name == "sabir")


def test_answers_head_and_options(client: TestClient) -> None:
    assert client.head("/plain").content == b""
    assert "GET" in client.options("/plain").headers["allow"]


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (int, "7", 7),
        (float, "1.5", 1.5),
        (bool, "true", True),
        (str, "7", "7"),
        (uuid.UUID, "3f2504e0-4f89-11d3-9a0c-0305e82c3301", uuid.UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301")),
        (datetime.date, "2024-02-29", datetime.date(2024, 2, 29)),
        (datetime.datetime, "2024-02-29T12:00:00Z", datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)),
        (datetime.time, "12:00:00Z", datetime.time(12, tzinfo=datetime.UTC)),
        (datetime.timedelta, "PT1H", datetime.timedelta(hours=1)),
        (decimal.Decimal, "1.10", decimal.Decimal("1.10")),
        (Color, "red", Color.RED),
        (Literal["a", "b"], "b", "b"),
        (list[int], "1", [1]),
        (set[int], "1", {1}),
        (tuple[uuid.UUID, ...], str(uuid.UUID(int=1)), (uuid.UUID(int=1),)),
        (int | None, "1", 1),
    ],
)
def test_gives_a_parameter_of_every_type(annotation: Any, text: str, value: Any) -> None:
    local, seen = Sabir(), []

    async def handler(value: Any) -> None:
        seen.append(value)

    handler.__annotations__["value"] = annotation
    local.get("/")(handler)
    with TestClient(local) as opened:
        opened.get("/", params={"value": text}).raise_for_status()
    assert seen == [value]
    assert type(seen[0]) is type(value)


@pytest.mark.parametrize("model", [Order, OrderData, OrderDict, OrderAttrs, OrderModel])
def test_gives_a_body_of_every_kind_of_model(model: Any) -> None:
    local, seen = Sabir(), []

    async def handler(order: Any) -> Any:
        seen.append(order)
        return order

    handler.__annotations__["order"] = model
    local.post("/")(handler)
    with TestClient(local) as opened:
        answer = opened.post("/", json={"sku": "a", "due": "2024-02-29"})
        assert answer.json() == {"sku": "a", "due": "2024-02-29"}
        assert opened.post("/", json={"sku": 1, "due": "2024-02-29"}).status_code == 422
        assert opened.post("/", json={"sku": "a"}).status_code == 422
    due = seen[0]["due"] if isinstance(seen[0], dict) else seen[0].due
    assert due == datetime.date(2024, 2, 29)
    assert len(seen) == 1


def test_a_validator_of_pydantic_answers_422() -> None:
    local = Sabir()

    @local.post("/")
    async def create(order: OrderModel) -> None: ...

    with TestClient(local) as opened:
        answer = opened.post("/", json={"sku": "forbidden", "due": "2024-02-29"})
    assert answer.status_code == 422
    assert "not for sale" in answer.json()["errors"][0]["detail"]


def test_keeps_large_files_on_disk(tmp_path: FilePath) -> None:
    local = Sabir(file_memory_limit=10)

    @local.post("/")
    async def save(file: UploadFile) -> bool:
        await file.save(tmp_path / "copy")
        with file.open() as opened:
            return opened.read() == await file.read()

    with TestClient(local) as opened:
        assert opened.post("/", files={"file": b"x" * 1000}).json() is True
    assert (tmp_path / "copy").read_bytes() == b"x" * 1000


def test_includes_routers_and_mounts_applications() -> None:
    outer, inner, router = Sabir(), Sabir(), Router()
    router.get("/{id:int}", operation_id="order")(lambda id: str(id))
    inner.get("/")(lambda: "inner")
    outer.mount("/orders", router)
    outer.mount("/inner", inner)
    with TestClient(outer) as opened:
        assert opened.get("/orders/3").text == "3"
        assert opened.get("/inner").text == "inner"
    assert outer.url_for("order", id=3) == "/orders/3"


def test_answers_a_custom_method() -> None:
    local = Sabir()
    local.route("/cache", methods=["PURGE"])(lambda: "purged")
    local.route("/one", "PURGE")(lambda: "one")
    with TestClient(local) as opened:
        assert opened.request("PURGE", "/cache").text == "purged"
        assert opened.request("PURGE", "/one").text == "one"
    assert [definition.method for definition in local.definitions] == ["PURGE", "PURGE"]


def test_uses_a_custom_converter() -> None:
    local = Sabir()
    local.converter("sku", "[A-Z]{3}", {"type": "string"})

    @local.get("/{sku:sku}")
    async def show(sku: str) -> str:
        return sku

    with TestClient(local) as opened:
        assert opened.get("/ABC").text == "ABC"
        assert opened.get("/abc").status_code == 404


def test_refuses_a_route_that_is_there_already() -> None:
    local = Sabir()
    local.get("/a")(lambda: "1")
    with pytest.raises(SetupError, match="/a"):
        local.get("/a")(lambda: "2")


def test_a_mistake_has_its_parts() -> None:
    local = Sabir()
    with pytest.raises(SetupError) as caught:
        local.url_for("nothing")
    error = pickle.loads(pickle.dumps(caught.value))
    parts = (error.route, error.field, error.problem, error.remedy)
    assert parts == ("url_for", "operationId", 'there is no operation "nothing"', "use that of a route")
    assert str(error) == 'url_for: operationId: there is no operation "nothing"; use that of a route'


def test_refuses_a_schema_that_contains_itself() -> None:
    schema: dict[str, object] = {}
    schema["items"] = [schema]
    local = Sabir(components={"A": schema})
    with pytest.raises(SetupError, match=r"^components: A\.items\.0\..*levels deep"):
        local.native()


def test_refuses_a_route_while_it_serves() -> None:
    local = Sabir()
    local.get("/a")(lambda: "1")
    with TestClient(local), pytest.raises(SetupError, match="already serves"):
        local.get("/b")(lambda: "2")


def test_works_without_a_context_manager() -> None:
    local = Sabir()
    local.get("/a")(lambda: "1")
    assert TestClient(local).get("/a").text == "1"
    assert TestClient(local).get("/a").text == "1"


def test_shows_a_traceback_with_the_debug_setting() -> None:
    local = Sabir(debug=True)

    @local.get("/")
    async def fail() -> None:
        raise RuntimeError("shown")

    with TestClient(local, raise_server_exceptions=False) as opened:
        assert "shown" in opened.get("/").text


def test_a_whole_number_is_a_float_where_one_is_asked_for() -> None:
    app = Sabir()

    @app.get("/{x:float}")
    def show(x: float, ys: list[float], z: float | None = None) -> list[str]:
        return [repr(value) for value in (x, *ys, z)]

    with TestClient(app) as client:
        assert client.get("/3?ys=1&ys=2.5&z=4").json() == ["3.0", "1.0", "2.5", "4.0"]


class Currency(enum.Enum):
    EURO = "EUR"


class Total(pydantic.BaseModel):
    amount: decimal.Decimal


@pytest.mark.parametrize("over_socket", [False, True])
def test_a_problem_says_whatever_an_answer_may_say(over_socket: bool) -> None:
    values = {
        "at": datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC),
        "day": datetime.date(2024, 2, 29),
        "price": decimal.Decimal("1.10"),
        "order": uuid.UUID(int=7),
        "currency": Currency.EURO,
        "large": 10**40,
        "struct": Order(sku="a", due=datetime.date(2024, 2, 29)),
        "data": OrderData(sku="a", due=datetime.date(2024, 2, 29)),
        "model": Total(amount=decimal.Decimal("2.50")),
        "bytes": b"ab",
        "set": {1},
    }
    app = Sabir()

    @app.get("/problem")
    def refuse() -> None:
        raise Conflict("No.", extensions=values)

    @app.get("/value")
    def answer() -> dict[str, Any]:
        return values

    with TestClient(app, socket=over_socket) as client:
        problem = client.get("/problem")
        assert problem.status_code == 409
        said = problem.json()
        assert {name: said[name] for name in values} == client.get("/value").json()
        assert said["large"] == 10**40
