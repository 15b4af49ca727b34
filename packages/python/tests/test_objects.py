"""Parameters that are objects, and several parameters in one body."""

import datetime
import itertools
import string
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import msgspec
import pydantic
import pytest

from sabir import Body, Form, Query, Request, Router, Sabir, SetupError, TestClient

pytestmark = pytest.mark.native


class Page(pydantic.BaseModel):
    model_config = {"extra": "forbid"}

    limit: int = pydantic.Field(100, gt=0, le=100)
    order: Literal["newest", "cheapest"] = "newest"
    tags: list[str] = []


class Window(msgspec.Struct):
    start: int
    day: datetime.date | None = None
    sizes: list[int] = []


@dataclass
class Options:
    depth: int = 1
    names: list[str] = field(default_factory=list)


class Item(pydantic.BaseModel):
    name: str
    price: float = pydantic.Field(gt=0)


class User(msgspec.Struct):
    level: Annotated[int, msgspec.Meta(ge=0)]


app = Sabir(target_limit=65_534, header_limit=200_000)


@app.get("/page")
async def page(page: Annotated[Page, Query()]) -> Any:
    return page


@app.get("/window")
async def window(window: Annotated[Window, Query()], page: int = 1) -> Any:
    return [window, page]


@app.get("/options")
async def options(options: Annotated[Options, Query()]) -> Any:
    return options


@app.get("/optional")
async def optional(window: Annotated[Window | None, Query()] = None) -> Any:
    return [window]


@app.get("/free")
async def free(stock: Annotated[dict[str, int], Query()], page: int = 1) -> Any:
    return [stock, page]


@app.get("/any")
async def anything(
    given: Annotated[dict, Query()],  # type: ignore[type-arg]
    page: int = 1,
) -> Any:
    return [given, page]


@app.get("/any/typed")
async def any_of_a_type(
    given: Annotated[dict[str, Any], Query()], more: Annotated[dict[str, object] | None, Query()] = None
) -> Any:
    return [given, more]


@app.get("/any/deep")
async def any_deep(given: Annotated[dict[str, object], Query(style="deepObject")]) -> Any:
    return given


@app.get("/lists")
async def lists(stock: Annotated[dict[str, list[int]], Query()]) -> Any:
    return stock


@app.get("/deep")
async def deep(stock: Annotated[dict[str, int], Query(style="deepObject")]) -> Any:
    return stock


@app.put("/both")
async def both(item: Item, user: User) -> Any:
    return [item, user]


@app.put("/some/{id:int}")
def some(
    id: int, request: Request, item: Item, user: User | None = None, weight: Annotated[int, Body(gt=0)] = 1, q: str = ""
) -> Any:
    return [id, request.method, item, user, weight, q]


@app.put("/none")
async def none(
    user: User | None = None,
    sizes: Annotated[list[int], Body()] = [],  # noqa: B006
    raw: Annotated[bytes, Body()] = b"",
) -> Any:
    sizes.append(0)  # A default belongs to one request.
    return [user, sizes, raw.decode()]


ITEM = {"name": "tea", "price": 2.5}


def put(path: str, **arguments: Any) -> Any:
    with TestClient(app) as client:
        answer = client.put(path, **arguments)
    return mistakes(answer) if answer.status_code == 422 else answer.json()


def get(path: str) -> Any:
    with TestClient(app) as client:
        answer = client.get(path)
    return mistakes(answer) if answer.status_code == 422 else answer.json()


def mistakes(answer: Any) -> list[tuple[str, str]]:
    return [(error.get("pointer", ""), error["keyword"]) for error in answer.json()["errors"]]


def test_a_model_is_a_group_of_query_parameters() -> None:
    assert get("/page") == {"limit": 100, "order": "newest", "tags": []}
    assert get("/page?limit=3&tags=a&tags=b") == {"limit": 3, "order": "newest", "tags": ["a", "b"]}
    assert get("/window?start=1&sizes=1&sizes=2&day=2026-01-02&page=3") == [
        {"start": 1, "day": "2026-01-02", "sizes": [1, 2]},
        3,
    ]
    assert get("/options?names=x") == {"depth": 1, "names": ["x"]}
    assert get("/options?depth=2&names=") == {"depth": 2, "names": [""]}
    assert get("/optional") == [None]
    assert get("/optional?start=1") == [{"start": 1, "day": None, "sizes": []}]


def test_every_mistake_in_a_group_is_told() -> None:
    found = get("/page?limit=0&order=x&tags=a&utm=1")
    assert sorted(found) == [("", "additionalProperties"), ("/limit", "exclusiveMinimum"), ("/order", "enum")]
    assert sorted(get("/window?start=x&sizes=1&sizes=y")) == [("/sizes/1", "type"), ("/start", "type")]
    assert get("/window") == [("", "required")]
    assert get("/window?start=1&start=2") == [("/start", "type")]


def test_a_dictionary_takes_every_other_name() -> None:
    assert get("/free?get=1&items=2&page=3&a%20b=4") == [{"get": 1, "items": 2, "a b": 4}, 3]
    assert get("/free") == [{}, 1]
    assert get("/free?a=x&b=y") == [("/a", "type"), ("/b", "type")]
    assert get("/lists?a=1&a=2&b=3") == {"a": [1, 2], "b": [3]}
    assert get("/deep?stock[a]=1&stock[get]=2&other=3") == {"a": 1, "get": 2}


def test_a_dictionary_takes_names_of_any_value() -> None:
    assert get("/any?a=1&page=2&b=x&a%20b=") == [{"a": "1", "b": "x", "a b": ""}, 2]
    assert get("/any") == [{}, 1]
    assert get("/any/typed?a=1") == [{"a": "1"}, {"a": "1"}]
    assert get("/any/deep?given[a]=1&given[b]=true&c=1") == {"a": "1", "b": "true"}


def test_a_dictionary_may_have_many_names() -> None:
    names = [
        "".join(letters) for letters in itertools.islice(itertools.product(string.ascii_lowercase, repeat=3), 10_000)
    ]
    stock, _ = get("/free?" + "&".join(f"{name}=1" for name in names))
    assert list(stock) == names
    assert len(get("/free?" + "&".join(f"{name}=x" for name in names))) == 100


def test_several_models_are_members_of_one_body() -> None:
    assert put("/both", json={"item": ITEM, "user": {"level": 1}, "more": 1}) == [ITEM, {"level": 1}]
    assert put("/both", json={"item": {"name": 1, "price": 0}, "user": {"level": -1}}) == [
        ("/item/name", "type"),
        ("/item/price", "exclusiveMinimum"),
        ("/user/level", "minimum"),
    ]
    assert put("/both", json={"item": ITEM}) == [("", "required")]
    assert put("/both") == [("", "required")]
    assert put("/both", json=[]) == [("", "type")]


def test_what_a_model_says_itself_points_into_the_body() -> None:
    strict = Sabir()

    class Even(pydantic.BaseModel):
        number: int

        @pydantic.field_validator("number")
        @classmethod
        def is_even(cls, number: int) -> int:
            if number % 2:
                raise ValueError("not even")
            return number

    @strict.put("/")
    async def take(a: Even, b: Even) -> int:
        return a.number + b.number

    with TestClient(strict) as client:
        assert client.put("/", json={"a": {"number": 2}, "b": {"number": 4}}).json() == 6
        refused = client.put("/", json={"a": {"number": 2}, "b": {"number": 3}})
    assert mistakes(refused) == [("/b/number", "custom")]


def test_some_of_the_members_may_be_absent() -> None:
    assert put("/some/7?q=x", json={"item": ITEM}) == [7, "PUT", ITEM, None, 1, "x"]
    assert put("/some/7", json={"item": ITEM, "user": None, "weight": 5}) == [7, "PUT", ITEM, None, 5, ""]
    assert put("/some/7", json={"item": ITEM, "user": {"level": 2}}) == [7, "PUT", ITEM, {"level": 2}, 1, ""]
    assert put("/some/7", json={"item": ITEM, "weight": 0}) == [("/weight", "exclusiveMinimum")]


def test_all_of_the_members_may_be_absent() -> None:
    empty: dict[str, Any] = {}
    for arguments in (empty, {"json": {}}, empty):
        assert put("/none", **arguments) == [None, [0], ""]
    assert put("/none", json={"sizes": [1], "raw": "YWI="}) == [None, [1, 0], "ab"]


def test_what_cannot_share_a_body_is_refused() -> None:
    refusing = Sabir()
    with pytest.raises(SetupError, match="POST /: name: another parameter takes the body"):

        @refusing.post("/")
        def form(item: Item, name: Annotated[str, Form()]) -> None: ...

    with pytest.raises(SetupError, match="POST /: item: another parameter takes the body"):

        @refusing.post("/")
        def model(name: Annotated[str, Form()], item: Item) -> None: ...

    with pytest.raises(SetupError, match="POST /: raw: another parameter takes the body"):

        @refusing.post("/")
        def content(item: Item, raw: Annotated[bytes, Body(media_type="text/x")]) -> None: ...

    assert refusing.definitions == []


def test_mistakes_are_told_when_the_route_is_added() -> None:
    told = Sabir()

    @told.get("/items", operation_id="items")
    def show() -> str:
        return "show"

    with pytest.raises(SetupError, match="unknown converter `sku`"):
        told.get("/{id:sku}")(show)
    with pytest.raises(SetupError, match="look-around"):
        told.converter("sku", "(?=a)", {"type": "string"})
    told.converter("sku", "[A-Z]{3}", {"type": "string"})
    told.get("/{id:sku}")(lambda id: id)
    with pytest.raises(SetupError, match="match the same paths"):
        told.get("/items")(show)
    with pytest.raises(SetupError, match=r"GET /found.*pattern.*group is not closed"):

        @told.get("/found")
        def found(q: Annotated[str, Query(pattern="(")]) -> None: ...

    with pytest.raises(SetupError, match="no client sends the method"):
        told.route("/items", "post")(show)
    assert told.url_for("items") == "/items"
    with TestClient(told) as client:
        assert client.get("/items").text == "show"
        assert client.get("/ABC").text == "ABC"
    told.post("/items")(show)
    with TestClient(told) as client:
        assert client.post("/items").text == "show"


def test_a_name_that_is_given_comes_before_that_of_a_function() -> None:
    named = Sabir()

    @named.get("/first")
    def show() -> None: ...

    assert named.url_for("show") == "/first"
    named.get("/second", operation_id="show")(lambda: None)
    assert named.url_for("show") == "/second"


def test_two_routes_of_one_name_are_refused() -> None:
    named, router = Sabir(), Router()
    message = "POST /b: operationId: `POST /b` and `GET /a` have the same id"
    named.get("/a", operation_id="show")(lambda: "a")
    with pytest.raises(SetupError, match=message):
        named.post("/b", operation_id="show")(lambda: "b")
    router.get("/", operation_id="list")(lambda: "list")
    named.mount("/v1", router)
    with pytest.raises(SetupError, match="`GET /v2` and `GET /v1` have the same id"):
        named.mount("/v2", router)
    assert [definition.path for definition in named.definitions] == ["/a", "/v1"]
    with TestClient(named) as client:
        assert client.get("/a").text == "a"
        assert client.post("/b").status_code == 404


def test_the_first_of_several_methods_has_the_name() -> None:
    named = Sabir()
    named.route("/a", methods=["GET", "REPORT"], operation_id="show")(lambda: "a")
    assert named.url_for("show") == "/a"
    with TestClient(named) as client:
        assert client.request("REPORT", "/a").text == "a"


def test_names_of_functions_stay_unique() -> None:
    named = Sabir()

    def show() -> str:
        return "show"

    for path in ("/a", "/b"):
        named.get(path)(show)
    named.get("/c", operation_id="show")(lambda: "c")
    assert named.url_for("show") == "/c"


def test_a_mount_that_fails_leaves_nothing_behind() -> None:
    outer, inner = Sabir(), Sabir(components={"A": {"type": "object"}}, schemas={"urn:a": {"type": "string"}})
    inner.converter("sku", "[A-Z]{3}", {"type": "string"})
    inner.get("/{id:sku}")(lambda id: id)
    inner.post("/taken")(lambda: "inner")
    outer.post("/x/taken")(lambda: "outer")
    with pytest.raises(SetupError, match="match the same paths"):
        outer.mount("/x", inner)
    assert [definition.name for definition in outer.definitions] == ["POST /x/taken"]
    with pytest.raises(SetupError, match="match the same paths"):
        outer.route("/x/taken", methods=["GET", "POST"])(lambda: "again")
    outer.converter("sku", "[a-z]{3}", {"type": "string"})
    outer.get("/{id:sku}")(lambda id: id)
    with TestClient(outer) as client:
        assert client.get("/x/ABC").status_code == 404
        assert client.get("/x/taken").status_code == 405
        assert client.get("/abc").text == "abc"
        with pytest.raises(SetupError, match="already serves"):
            outer.mount("/y", inner)
        assert client.post("/x/taken").text == "outer"
