"""The request object: its parts over a socket and in memory."""

import asyncio
import copy
import pickle
from typing import Annotated, Any

import httpx
import pytest

from sabir import Form, Headers, Request, Response, Sabir, TestClient, UploadFile

pytestmark = pytest.mark.native

app = Sabir(form_field_limit=5)
seen: list[Any] = []


@app.all("/url/{rest:path}")
async def parts(request: Request, rest: str) -> dict[str, Any]:
    url = request.url
    return {
        "url": url,
        "parts": [url.scheme, url.host, url.hostname, url.port, url.path, url.query],
        "host": request.host,
        "params": request.query_params.multi_items(),
        "client": request.client and request.client.host,
    }


@app.get("/headers")
def headers(request: Request) -> dict[str, Any]:
    fields = request.headers
    seen.append((copy.copy(fields), pickle.loads(pickle.dumps(fields)), repr(fields)))
    return {
        "get": [fields["X-A"], fields.get("x-b"), fields.get("bad name"), fields.get("x-\udce9"), "X-a" in fields],
        "list": fields.getlist("X-A"),
        "names": [name for name in fields if name.startswith("x-")],
        "same": request.headers is fields,
        "content_type": request.content_type,
    }


@app.post("/content")
async def content(request: Request) -> list[Any]:
    return [len(await request.body()), await request.text(), await request.json(), request.content_type]


@app.post("/sync")
def content_of_a_plain_function(request: Request) -> list[Any]:
    return [len(request.body_sync()), request.text_sync(), request.json_sync()]


@app.post("/form")
async def form(request: Request) -> list[Any]:
    fields = await request.form()
    return [
        [name, [value.filename, (await value.read()).decode()] if isinstance(value, UploadFile) else value]
        for name, value in fields.multi_items()
    ]


@app.post("/form-sync")
def form_of_a_plain_function(request: Request) -> Any:
    return dict(request.form_sync())


@app.post("/twice")
async def twice(request: Request) -> list[bool]:
    if request.content_type == "application/json":
        return [await request.json() is await request.json(), request.json_sync() is await request.json()]
    return [await request.form() is await request.form(), request.form_sync() is await request.form()]


@app.post("/declared")
async def declared(request: Request, name: Annotated[str, Form()]) -> list[Any]:
    fields = await request.form()
    return [name, fields.getlist("name")]


@pytest.fixture(scope="module", params=[False, True], ids=["memory", "socket"])
def client(request: pytest.FixtureRequest) -> Any:
    with TestClient(app, socket=request.param, raise_server_exceptions=False) as client:
        yield client


def test_the_url_has_its_parts(client: TestClient) -> None:
    answer = client.get("/url/a%20b?q=1&q=2&items=%C3%B8&empty=&x=a+b&bad=%ff", headers={"host": "shop.test:81"}).json()
    assert answer["url"] == "http://shop.test:81/url/a%20b?q=1&q=2&items=%C3%B8&empty=&x=a+b&bad=%ff"
    assert answer["parts"][:5] == ["http", "shop.test:81", "shop.test", 81, "/url/a%20b"]
    assert answer["params"] == [
        ["q", "1"],
        ["q", "2"],
        ["items", "ø"],
        ["empty", ""],
        ["x", "a b"],
        ["bad", "\N{REPLACEMENT CHARACTER}"],
    ]
    bare = client.request("REPORT", "/url/a", headers={"host": "[::1]"}).json()
    assert bare["parts"] == ["http", "[::1]", "::1", None, "/url/a", ""]
    assert (bare["host"], bare["params"]) == ("[::1]", [])


def test_header_fields_are_a_mapping(client: TestClient) -> None:
    fields = [(b"x-A", b"1"), (b"X-a", b"2"), (b"x-b", b"caf\xe9"), (b"content-type", b"text/plain; charset=utf-8")]
    answer = client.get("/headers", headers=httpx.Headers(fields)).json()
    assert answer["get"] == ["1", "café", None, None, True]
    assert answer["list"] == ["1", "2"]
    assert answer["names"] == ["x-a", "x-b"]
    assert answer["same"] is True
    assert answer["content_type"] == "text/plain; charset=utf-8"
    copied, pickled, shown = seen[-1]
    assert type(copied) is type(pickled) is Headers
    assert copied == pickled
    assert copied["x-B"] == "café"
    assert shown.startswith("Headers([(")


def test_content_is_read_in_every_form(client: TestClient) -> None:
    for path in ("/content", "/sync"):
        answer = client.post(path, content='{"a": "ø"}', headers={"content-type": "application/json"}).json()
        assert answer[:3] == [11, '{"a": "ø"}', {"a": "ø"}]


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000], ids=["empty", "open", "no text", "deep"])
def test_content_that_is_no_json_is_refused(client: TestClient, text: bytes) -> None:
    assert client.post("/content", content=text).status_code == 400


def test_a_form_keeps_names_and_order(client: TestClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/form", content="b=1&a[x]=2&b=%C3%B8+", headers=kind)
    assert answer.json() == [["b", "1"], ["a[x]", "2"], ["b", "ø "]]
    assert client.post("/form-sync", content="b=1&a=2&b=3", headers=kind).json() == {"b": "3", "a": "2"}
    assert client.post("/declared", data={"name": ["a"]}).json() == ["a", ["a"]]


def test_content_is_parsed_once(client: TestClient) -> None:
    assert client.post("/twice", json={"a": 1}).json() == [True, True]
    assert client.post("/twice", files={"file": b"1" * 100_000}).json() == [True, True]


def test_a_form_has_files(client: TestClient) -> None:
    answer = client.post("/form", data={"note": "hi"}, files={"file": ("a.txt", b"1" * 100_000)})
    assert answer.json() == [["note", "hi"], ["file", ["a.txt", "1" * 100_000]]]


@pytest.mark.parametrize(
    ("content_type", "text", "status"),
    [
        ("application/json", "{}", 415),
        ("multipart/form-data", "--x", 400),
        ("multipart/form-data; boundary=x", "--x\r\n", 400),
        ("application/x-www-form-urlencoded", "a=%zz", 400),
        ("application/x-www-form-urlencoded", "a&b&c&d&e&f", 413),
    ],
)
def test_what_is_no_form_is_refused(client: TestClient, content_type: str, text: str, status: int) -> None:
    refused = client.post("/form", content=text, headers={"content-type": content_type})
    assert refused.status_code == status
    assert refused.json()["type"].startswith("urn:sabir:problem:")
    assert client.post("/form", content=text).status_code == 415


async def test_a_request_outlives_its_answer() -> None:
    later = Sabir()
    kept: list[Request] = []

    @later.post("/")
    async def keep(request: Request) -> Response:
        kept.append(request)
        return Response("kept")

    with TestClient(later) as client:
        await asyncio.to_thread(client.post, "/?a=1", content=b"content", headers={"x-a": "1"})
    [request] = kept
    assert (await request.body(), request.headers["x-a"], request.query_params["a"]) == (b"content", "1", "1")
