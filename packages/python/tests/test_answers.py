"""What may be an answer, in each of the ways to give one; what may not is a 500 and a line in the log."""

import asyncio
import collections
import dataclasses
import datetime
import decimal
import enum
import ipaddress
import pathlib
import uuid
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
    Sequence,
)
from typing import Any, Literal, NamedTuple

import attrs
import msgspec
import pydantic
import pytest

from sabir import Problem, Response, Sabir, SetupError, TestClient


class Text(str):
    pass


class Number(int):
    pass


class Fraction(float):
    pass


class Octets(bytes):
    pass


class Members(dict[str, Any]):
    pass


class Items(list[Any]):
    pass


class Color(enum.Enum):
    RED = "red"


class TextColor(enum.StrEnum):
    RED = "red"


class NumberColor(enum.IntEnum):
    RED = 1


class Point(NamedTuple):
    x: int
    y: int


class Struct(msgspec.Struct):
    day: datetime.date
    price: decimal.Decimal = decimal.Decimal("1.10")


@dataclasses.dataclass
class Data:
    day: datetime.date


@attrs.define
class Attrs:
    day: datetime.date


class Model(pydantic.BaseModel):
    day: datetime.date = pydantic.Field(serialization_alias="theDay")
    secret: pydantic.SecretStr = pydantic.SecretStr("hunter2")


@pydantic.dataclasses.dataclass
class DataModel:
    day: datetime.date = pydantic.Field(serialization_alias="theDay")


DAY = datetime.date(2024, 2, 29)
SENT: dict[str, tuple[Any, Any]] = {
    "bool": (True, True),
    "float": (1.5, 1.5),
    "int beyond 64 bits": (2**70, 2**70),
    "negative int beyond 64 bits": (-(2**70), -(2**70)),
    "NaN": (float("nan"), None),
    "infinity": (float("inf"), None),
    "decimal": (decimal.Decimal("1.10"), "1.10"),
    "date": (DAY, "2024-02-29"),
    "datetime": (datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC), "2024-02-29T12:00:00Z"),
    "datetime without zone": (datetime.datetime(2024, 2, 29, 12), "2024-02-29T12:00:00"),
    "time": (datetime.time(12, 30), "12:30:00"),
    "timedelta": (datetime.timedelta(seconds=90), "PT90S"),
    "uuid": (uuid.UUID(int=1), str(uuid.UUID(int=1))),
    "enum": (Color.RED, "red"),
    "enum of text": (TextColor.RED, "red"),
    "enum of int": (NumberColor.RED, 1),
    "set": ({1}, [1]),
    "frozenset": (frozenset([1]), [1]),
    "tuple": ((1, "a"), [1, "a"]),
    "named tuple": (Point(1, 404), [1, 404]),
    "deque": (collections.deque([1]), [1]),
    "range": (range(2), [0, 1]),
    "values of a dict": ({"a": 1}.values(), [1]),
    "keys of a dict": ({"a": 1}.keys(), ["a"]),
    "ordered dict": (collections.OrderedDict(a=1), {"a": 1}),
    "default dict": (collections.defaultdict(int, a=1), {"a": 1}),
    "chain of dicts": (collections.ChainMap({"a": 1}), {"a": 1}),
    "keys that are not text": ({1: 1, DAY: 2, uuid.UUID(int=1): 3, Color.RED: 4}, {"1": 1, "2024-02-29": 2}),
    "keys that JSON has words for": ({None: 1, True: 2, Number(3): 3}, {"null": 1, "true": 2, "3": 3}),
    "subclass of int": (Number(3), 3),
    "subclass of float": (Fraction(1.5), 1.5),
    "subclass of dict": (Members(a=1), {"a": 1}),
    "subclass of list": (Items([1]), [1]),
    "subclasses within": ([Text("a"), Number(1), Fraction(1.5), Members(a=Text("b"))], ["a", 1, 1.5, {"a": "b"}]),
    "bytes within": ([b"a", bytearray(b"a"), memoryview(b"a"), Octets(b"a")], ["YQ=="] * 4),
    "address": ([ipaddress.ip_address("::1"), ipaddress.ip_network("10.0.0.0/8")], ["::1", "10.0.0.0/8"]),
    "path": ([pathlib.PurePosixPath("/a/b")], ["/a/b"]),
    "struct": (Struct(DAY), {"day": "2024-02-29", "price": "1.10"}),
    "dataclass": (Data(DAY), {"day": "2024-02-29"}),
    "attrs": (Attrs(DAY), {"day": "2024-02-29"}),
    "pydantic": (Model(day=DAY), {"theDay": "2024-02-29", "secret": "**********"}),
    "pydantic dataclass": (DataModel(day=DAY), {"theDay": "2024-02-29"}),
    "pydantic within": ({"models": [Model(day=DAY)]}, {"models": [{"theDay": "2024-02-29", "secret": "**********"}]}),
    "pydantic types": ([pydantic.AnyUrl("http://a.b/")], ["http://a.b/"]),
}


def later(value: Any) -> Any:
    async def handler() -> Any:
        await asyncio.sleep(0)
        return value

    return handler


WAYS: dict[str, Callable[[Sabir, Any], None]] = {
    "coroutine": lambda app, value: app.get("/")(later(value)),
    "thread": lambda app, value: app.get("/")(lambda: value),
    "inline": lambda app, value: app.get("/", blocking=False)(lambda: value),
    "response": lambda app, value: app.get("/")(lambda: Response(value)),
    "status": lambda app, value: app.get("/", status=201)(lambda: value),
    "pair": lambda app, value: app.get("/")(_with_status(value)),
}


def _with_status(value: Any) -> Callable[[], Any]:
    def handler() -> tuple[Any, Literal[202]]:
        return value, 202

    return handler


@pytest.mark.native
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("value", "answer"), SENT.values(), ids=SENT)
def test_a_value_is_sent_as_json_in_every_way(way: str, value: Any, answer: Any) -> None:
    app = Sabir()
    WAYS[way](app, value)
    found = TestClient(app).get("/")
    assert found.headers["content-type"] == "application/json"
    assert found.status_code == {"status": 201, "pair": 202}.get(way, 200)
    if isinstance(answer, dict):
        assert answer.items() <= found.json().items()
    else:
        assert found.json() == answer


@pytest.mark.native
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("value", "media_type", "content"),
    [
        (Text("a"), "text/plain; charset=utf-8", b"a"),
        (Octets(b"a"), "application/octet-stream", b"a"),
        (bytearray(b"a"), "application/octet-stream", b"a"),
        (memoryview(b"a"), "application/octet-stream", b"a"),
    ],
    ids=repr,
)
def test_text_and_bytes_are_sent_as_such(way: str, value: Any, media_type: str, content: bytes) -> None:
    app = Sabir()
    WAYS[way](app, value)
    found = TestClient(app).get("/")
    assert (found.headers["content-type"], found.content) == (media_type, content)


def endless() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


async def values() -> AsyncIterator[int]:
    yield 1


@pytest.mark.native
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (object, "a value of type object cannot be sent as JSON"),
        (lambda: 1j, "a value of type complex cannot be sent as JSON"),
        (lambda: [iter([1])], "within other values; collect what it yields into a list"),
        (lambda: {"a": (i for i in [1])}, "within other values; collect what it yields into a list"),
        (lambda: [values()], "within other values; collect what it yields into a list"),
        (lambda: later(1)(), "await it"),
        (lambda: {"a": {"b": object()}}, "a value of type object cannot be sent as JSON"),
        (lambda: {(1, 2): 3}, "a value of type tuple cannot be sent as JSON as the key of an object"),
        (endless, "maximum recursion depth exceeded"),
        (lambda: "\ud800", "surrogates not allowed"),
        (lambda: ValueError("no answer"), "a value of type ValueError cannot be sent as JSON"),
        (lambda: Response("a", 99), "99"),
        (lambda: int, "a value of type type cannot be sent as JSON"),
    ],
)
def test_what_cannot_be_sent_is_a_failure_that_names_the_route(
    way: str, make: Callable[[], Any], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = Sabir()
    value = make()
    if isinstance(value, Response) and way == "response":
        value = object()
        message = "a value of type object"
    app.get("/alive")(lambda: "alive")
    WAYS[way](app, value)
    client = TestClient(app, raise_server_exceptions=False)
    found = client.get("/")
    assert found.status_code == 500
    assert found.json()["type"] == "urn:sabir:problem:internal-error"
    assert "GET / failed (request " in caplog.text
    assert message in caplog.text
    assert client.get("/alive").text == "alive"


@pytest.mark.parametrize(
    ("annotation", "message"),
    [
        (Awaitable[int], "has no value yet"),
        (Coroutine[Any, Any, int], "has no value yet"),
        (Iterator[int] | int, "either a stream or a value"),
        (AsyncIterator[str] | dict[str, int], "either a stream or a value"),
        (Iterator[complex], "has no JSON Schema"),
    ],
    ids=str,
)
def test_an_annotation_that_no_answer_fits_is_refused(annotation: Any, message: str) -> None:
    def handler() -> Any: ...

    handler.__annotations__["return"] = annotation
    with pytest.raises(SetupError, match=rf"^GET /items: return: .*{message}"):
        Sabir().get("/items")(handler)


@pytest.mark.parametrize("annotation", [complex, type, Callable[[], int], list[complex]], ids=str)
def test_an_annotation_without_a_schema_is_refused(annotation: Any) -> None:
    def handler() -> Any: ...

    handler.__annotations__["return"] = annotation
    with pytest.raises(SetupError, match=r"^GET /items: return: .* has no JSON Schema; give responses="):
        Sabir().get("/items")(handler)


@pytest.mark.native
@pytest.mark.parametrize("annotation", [bytearray, memoryview, tuple, set, Sequence[int], Mapping[str, int]])
def test_other_annotations_are_taken(annotation: Any) -> None:
    def handler() -> Any:
        return b"a" if annotation in (bytearray, memoryview) else [1]

    handler.__annotations__["return"] = annotation
    app = Sabir()
    app.get("/")(handler)
    media_type = "application/octet-stream" if annotation in (bytearray, memoryview) else "application/json"
    answer = TestClient(app).get("/", headers={"accept": media_type})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


NOON = datetime.datetime(2024, 2, 29, 13, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
HEADERS = [
    ("a", "a"),
    (Text("a"), "a"),
    (5, "5"),
    (1.5, "1.5"),
    (True, "true"),
    (decimal.Decimal("1.10"), "1.10"),
    (uuid.UUID(int=1), str(uuid.UUID(int=1))),
    (Color.RED, "red"),
    (NumberColor.RED, "1"),
    (NOON, "Thu, 29 Feb 2024 12:00:00 GMT"),
    (NOON.astimezone(datetime.UTC).replace(tzinfo=None), "Thu, 29 Feb 2024 12:00:00 GMT"),
]


@pytest.mark.native
@pytest.mark.parametrize(("value", "text"), HEADERS, ids=repr)
def test_a_header_field_takes_what_has_one_way_to_be_written(value: Any, text: str) -> None:
    app = Sabir()
    app.get("/response")(lambda: Response(headers={"x-a": value}))

    @app.get("/problem")
    def problem() -> None:
        raise Problem(409, headers=[("x-a", value)], extensions={"value": value})

    client = TestClient(app)
    assert client.get("/response").headers["x-a"] == text
    assert client.get("/problem").headers["x-a"] == text


@pytest.mark.parametrize("value", [None, [1], {"a": 1}, b"a", DAY])
def test_a_header_field_refuses_the_rest(value: Any) -> None:
    with pytest.raises(TypeError, match=r"header x-a: a .* is not the value of a field"):
        Response(headers={"x-a": value})
    with pytest.raises(TypeError, match=r"header x-a: a .* is not the value of a field"):
        Problem(headers={"x-a": value})


@pytest.mark.native
@pytest.mark.parametrize(("value", "answer"), [SENT[name] for name in SENT if name != "pydantic dataclass"], ids=repr)
def test_a_problem_takes_every_value_that_an_answer_takes(value: Any, answer: Any) -> None:
    app = Sabir()

    @app.get("/")
    async def handler() -> None:
        raise Problem(409, extensions={"value": value})

    found = TestClient(app).get("/").json()["value"]
    assert answer.items() <= found.items() if isinstance(answer, dict) else found == answer
