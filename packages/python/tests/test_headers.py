"""Header fields, query parameters and forms as mappings."""

import copy
import datetime
import pickle
from typing import Any

import pytest

from sabir import Headers, MutableHeaders, Response
from sabir.multi_mapping import Fields


def test_names_ignore_case_and_the_first_value_counts() -> None:
    headers = Headers([("X-Tag", "a"), ("vary", "accept"), ("x-tag", "b")])
    assert headers["X-TAG"] == headers.get("x-tag") == "a"
    assert headers.getlist("x-Tag") == ["a", "b"]
    assert headers.getlist("age") == []
    assert "x-TAG" in headers
    assert "age" not in headers
    with pytest.raises(KeyError, match="Age"):
        headers["Age"]


def test_a_mapping_has_each_name_once() -> None:
    headers = Headers([("X-Tag", "a"), ("vary", "accept"), ("x-tag", "b")])
    assert list(headers) == list(headers.keys()) == ["x-tag", "vary"]
    assert (len(headers), list(headers.values())) == (2, ["a", "accept"])
    assert dict(headers) == dict(headers.items()) == {"x-tag": "a", "vary": "accept"}
    assert headers.multi_items() == [("x-tag", "a"), ("vary", "accept"), ("x-tag", "b")]
    assert not Headers()


def test_equal_fields_are_equal() -> None:
    assert Headers({"A": "1", "b": "2"}) == Headers([("B", "2"), ("a", "1")])
    assert Headers({"A": "1"}) == {"a": "1"} == Headers({"A": "1"})
    assert Headers([("a", "1"), ("a", "2")]) != Headers([("a", "2"), ("a", "1")])
    assert Headers() != 1


def test_fields_of_a_response_can_be_changed() -> None:
    headers = Response(headers=[("A", 1), ("b", datetime.datetime(2026, 1, 1))]).headers
    assert headers == {"a": "1", "b": "Thu, 01 Jan 2026 00:00:00 GMT"}
    headers.append("a", "2")
    headers.append("c", "3")
    headers["A"] = 9
    assert headers.multi_items() == [("a", "9"), ("b", "Thu, 01 Jan 2026 00:00:00 GMT"), ("c", "3")]
    headers.set("D", True)
    assert headers.setdefault("d", "x") == "true"
    headers.update({"B": "4"}, e="5")
    assert headers.pop("b") == "4"
    del headers["C"]
    assert headers == {"a": "9", "d": "true", "e": "5"}
    with pytest.raises(KeyError):
        del headers["c"]
    headers.clear()
    assert not headers


def test_fields_may_change_while_they_are_iterated_over() -> None:
    headers = MutableHeaders([("a", "1"), ("b", "2"), ("c", "3")])
    for name, _ in headers.items():
        headers.append(f"x-{name}", "4")
        headers.pop("c", None)
    for name in headers:
        del headers[name]
    assert len(headers) == 0


@pytest.mark.parametrize(("name", "value"), [("a b", "1"), ("", "1"), ("a:", "1"), ("a", "1\n"), ("a", "\x7f")])
def test_fields_that_cannot_be_sent_are_refused(name: str, value: str) -> None:
    headers = MutableHeaders()
    for change in (headers.append, headers.set, headers.__setitem__):
        with pytest.raises(ValueError, match="header"):
            change(name, value)
    assert not headers


@pytest.mark.parametrize(("name", "value"), [("a", "caf\udce9"), ("caf\udce9", "1"), (5, "1")])
def test_half_of_a_surrogate_pair_is_refused(name: Any, value: str) -> None:
    with pytest.raises(ValueError, match="header") as caught:
        Response(headers={name: value})
    assert type(caught.value) is ValueError
    str(caught.value).encode()


def test_a_copy_is_independent() -> None:
    headers = MutableHeaders({"a": "1"})
    for copied in (headers.copy(), copy.copy(headers), copy.deepcopy(headers), pickle.loads(pickle.dumps(headers))):
        assert type(copied) is MutableHeaders
        copied["a"] = "2"
    assert headers == {"a": "1"}
    assert pickle.loads(pickle.dumps(Headers({"a": "1"}))) == {"a": "1"}


def test_a_name_may_be_that_of_a_method() -> None:
    fields = Fields([("items", "1"), ("get", "2"), ("getlist", "3"), ("items", "4"), ("__class__", "5")])
    assert (fields["items"], fields.getlist("items")) == ("4", ["1", "4"])
    assert (fields.get("get"), fields["getlist"], fields["__class__"]) == ("2", "3", "5")
    assert dict(fields) == {"items": "4", "get": "2", "getlist": "3", "__class__": "5"}
    assert len(fields.multi_items()) == 5


def test_names_of_fields_are_told_apart_by_case() -> None:
    fields = Fields({"A": "1"})
    assert "a" not in fields
    assert fields == {"A": "1"} == fields
    assert fields != {"A": "2"}
    assert pickle.loads(pickle.dumps(fields)) == fields == copy.copy(fields)
    with pytest.raises(KeyError):
        fields["a"]
