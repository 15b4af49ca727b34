"""The comparison of answers, held to the table that all languages share."""

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.answer import Answer
from support.matching import differences

ROWS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "comparisons.json").read_bytes())
CASES = [
    pytest.param(row["expect"], brought, passes, id=f"{row['about']} [{'passes' if passes else 'fails'} {index}]")
    for row in ROWS
    for passes in (True, False)
    for index, brought in enumerate(row["passes" if passes else "fails"])
]


@pytest.mark.parametrize(("expect", "brought", "passes"), CASES)
def test_answers_are_compared_as_in_every_language(
    expect: dict[str, Any] | list[dict[str, Any]], brought: dict[str, Any], passes: bool
) -> None:
    """A comparison that passes too much would let every test of the suite pass."""
    answers = [_answer(answer) for answer in brought.get("answers", [brought])]
    found = differences(
        expect if isinstance(expect, list) else [expect],
        answers,
        calls=brought.get("calls", 1),
        closed=brought.get("closed", False),
    )
    assert (not found) == passes, found


def test_the_table_is_whole() -> None:
    """A table that was cut would test nothing."""
    assert len(CASES) >= 300


def _answer(brought: dict[str, Any]) -> Answer:
    content = base64.b64decode(brought["base64"]) if "base64" in brought else brought.get("text", "").encode()
    headers = httpx.Headers([(name, value) for name, value in brought.get("headers", [])])
    return Answer(brought.get("status", 200), headers, content, brought.get("breaks_off", False))
