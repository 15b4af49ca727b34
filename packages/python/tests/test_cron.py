"""The times of cron texts, which are the same in every language."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from sabir import Sabir, SetupError
from sabir.cron import Cron

CASES = json.loads((Path(__file__).parents[3] / "testing_data/cron.json").read_text())


@pytest.mark.parametrize("case", CASES["times"], ids=lambda case: f"{case['text']} after {case['after']}")
def test_a_text_names_the_next_time(case: dict[str, str]) -> None:
    after, expected = datetime.fromisoformat(case["after"]), datetime.fromisoformat(case["next"])
    assert Cron(case["text"]).next(after) == expected
    assert Cron(case["text"]).next(after.astimezone(timezone(timedelta(hours=5, minutes=45)))) == expected


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["text"])
def test_a_text_that_names_no_time_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(SetupError) as raised:
        Sabir().cron(case["text"])
    assert str(raised.value) == (
        f"app: cron: {case['problem']}; write `minute hour day month weekday`, such as `*/5 * * * *`"
    )


def test_times_are_in_utc() -> None:
    assert Cron("0 0 * * *").next(datetime(2026, 1, 1, 12, tzinfo=UTC)) == datetime(2026, 1, 2, tzinfo=UTC)
