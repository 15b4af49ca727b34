"""The times of a cron text."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta

FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))
"""The fields of a cron text: their names, and the least and the most that they can be."""

_DAYS = 366 * 9
"""So many days ahead is every time that there is: a 29th of February may be eight years away."""

_PART = re.compile(r"(?:\*|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/([0-9]{1,2}))?")


class Cron:
    """The times that a cron text names, in UTC: ``minute hour day month weekday``, as ``*``, ``5``, ``1-5``, ``*/10``.

    Lists of these have commas between them. Where both kinds of day are said, either will do, as cron has it.

    Raises:
        ValueError: If it names no time; says why.
    """

    def __init__(self, text: str) -> None:
        fields = text.split()
        if len(fields) != len(FIELDS):
            raise ValueError(f"there are {len(fields)} fields where there have to be 5")
        self._minutes, self._hours, self._days, self._months, weekdays = (
            _numbers(field, *described) for field, described in zip(fields, FIELDS, strict=True)
        )
        # Sunday is both, and the last of those that Python counts from Monday on.
        self._weekdays = {(weekday - 1) % 7 for weekday in weekdays}
        self._takes_either = fields[2] != "*" and fields[4] != "*"
        if self.next(datetime.fromtimestamp(0, UTC)) is None:
            raise ValueError("no day is like that")

    def next(self, after: datetime) -> datetime | None:
        """Return the first time behind another one."""
        begin = after.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        for days in range(_DAYS):
            day = begin.date() + timedelta(days)
            if not self._is_named(day):
                continue
            for hour in sorted(self._hours):
                for minute in sorted(self._minutes):
                    found = datetime.combine(day, time(hour, minute), UTC)
                    if found >= begin:
                        return found
        return None

    def _is_named(self, day: date) -> bool:
        if day.month not in self._months:
            return False
        fits = day.day in self._days, day.weekday() in self._weekdays
        return any(fits) if self._takes_either else all(fits)


def _numbers(field: str, name: str, least: int, most: int) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        first, last, step = match.groups() if match else (None, None, None)
        begin = least if first is None else int(first)
        end = int(last) if last else most if first is None or step else begin
        by = int(step or 1)
        if match is None or begin < least or end > most or begin > end or by == 0:
            raise ValueError(f"the {name} {json.dumps(part, ensure_ascii=False)} is none of {least} to {most}")
        found.update(range(begin, end + 1, by))
    return found
