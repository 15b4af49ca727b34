"""Comparing an answer with what a fixture expects."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from support.answer import Answer
from support.content import expand

ABSENT = object()
TYPES = {"string": str, "boolean": bool, "array": list, "object": dict}


def differences(expected: list[dict[str, Any]], answers: list[Answer], *, calls: int, closed: bool) -> list[str]:
    """Return every difference between what one exchange should bring and what it brought, as sentences.

    ``calls`` is how often handlers ran for it, ``closed`` whether the server closed the connection after it.
    """
    if len(answers) != len(expected):
        return [f"{len(answers)} answers came, not {len(expected)}"]
    found = [
        text
        for expectation, answer in zip(expected, answers, strict=True)
        for text in _answer_differences(expectation, answer)
    ]
    if found:
        found += [f"the answer was {answer.content[:500]!r}" for answer in answers]
    due = [expectation["handler_calls"] for expectation in expected if "handler_calls" in expectation]
    if due and calls != sum(due):
        found.append(f"handlers ran {calls} times, not {sum(due)}")
    if any(expectation.get("closed") for expectation in expected) and not closed:
        found.append("the connection was not closed")
    return found


def _answer_differences(expected: dict[str, Any], answer: Answer) -> Iterator[str]:
    if answer.status_code != expected["status"]:
        yield f"the status is {answer.status_code}, not {expected['status']}"
    if answer.breaks_off != expected.get("breaks_off", False):
        yield f"the answer {'broke off' if answer.breaks_off else 'came to its end'}"
    for name, pattern in expand(expected.get("headers", {})).items():
        yield from _header(name, pattern, answer.headers.get_list(name))
    if "body" in expected:
        yield from json_differences(expand(expected["body"]), answer.content, "the body")
    if "body_text" in expected and expand(expected["body_text"]).encode() != answer.content:
        yield f"the body is not the text {expand(expected['body_text'])!r}"
    if "body_base64" in expected and base64.b64decode(expected["body_base64"]) != answer.content:
        yield f"the body is not the bytes {expected['body_base64']}"
    if "body_ranges" in expected and (found := _ranges(answer)) != expected["body_ranges"]:
        yield f"the parts of the body are {found}, not {expected['body_ranges']}"
    if expected.get("body_size", len(answer.content)) != len(answer.content):
        yield f"the body has {len(answer.content)} bytes, not {expected['body_size']}"


def json_differences(pattern: Any, content: bytes, what: str) -> Iterator[str]:
    """Return every difference between ``pattern`` and the JSON in ``content``, which is ``what``."""
    try:
        # Without a text, `json` would guess at UTF-16 as well.
        value = json.loads(content.decode(), parse_constant=_refuse_constant)
    except ValueError as error:
        yield f"{what} is not JSON: {error}"
    else:
        yield from _compare(pattern, value, what)


def _ranges(answer: Answer) -> list[dict[str, str]] | None:
    """Return the parts of a ``multipart/byteranges`` body (RFC 9110 §14.6), or ``None`` where it is none."""
    prefix = "multipart/byteranges; boundary="
    content_type, text = answer.headers.get("content-type", ""), answer.content.decode()
    boundary = content_type.removeprefix(prefix)
    begin, end = f"--{boundary}\r\n", f"\r\n--{boundary}--\r\n"
    if not (content_type.startswith(prefix) and text.startswith(begin) and text.endswith(end)):
        return None
    parts = []
    for part in text.removeprefix(begin).removesuffix(end).split(f"\r\n{begin}"):
        head, _, content = part.partition("\r\n\r\n")
        fields = (field.partition(":") for field in head.split("\r\n"))
        parts.append({name.lower().replace("-", "_"): value.strip() for name, _, value in fields} | {"text": content})
    return parts


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _header(name: str, pattern: Any, values: list[str]) -> Iterator[str]:
    if isinstance(pattern, list):
        if len(pattern) != len(values):
            yield f"header {name} has {len(values)} values, not {len(pattern)}: {values}"
            return
        for single, value in zip(pattern, values, strict=True):
            yield from _compare(single, value, f"header {name}")
    elif len(values) > 1:
        yield f"header {name} has several values, where one is expected: {values}"
    else:
        yield from _compare(pattern, values[0] if values else ABSENT, f"header {name}")


def _compare(pattern: Any, actual: Any, place: str) -> Iterator[str]:
    if isinstance(pattern, dict) and len(pattern) == 1 and next(iter(pattern)).startswith("$"):
        if not _meets(*next(iter(pattern.items())), actual):
            yield f"{place} is {'absent' if actual is ABSENT else repr(actual)}, which does not meet {pattern}"
    elif actual is ABSENT:
        yield f"{place} is absent"
    elif isinstance(pattern, dict) and isinstance(actual, dict):
        for name, member in pattern.items():
            yield from _compare(member, actual.get(name, ABSENT), f"{place}.{name}")
    elif isinstance(pattern, list) and isinstance(actual, list) and len(pattern) == len(actual):
        for index, (single, item) in enumerate(zip(pattern, actual, strict=True)):
            yield from _compare(single, item, f"{place}[{index}]")
    elif pattern != actual or isinstance(pattern, bool) != isinstance(actual, bool):
        yield f"{place} is {actual!r}, not {pattern!r}"


def _meets(name: str, argument: Any, actual: Any) -> bool:
    match name:
        case "$absent":
            return actual is ABSENT
        case "$any" if argument in ("number", "integer"):
            is_number = isinstance(actual, int | float) and not isinstance(actual, bool)
            return is_number and (argument == "number" or actual == int(actual))
        case "$any":
            return isinstance(actual, TYPES[argument])
        case "$contains":
            return isinstance(actual, str) and argument in actual
        case "$matches":
            return isinstance(actual, str) and re.search(argument, actual) is not None
    raise AssertionError(f"there is no matcher {name}")
