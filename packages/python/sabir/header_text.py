"""Values of header fields, from what a handler has at hand."""

from __future__ import annotations

import datetime
import decimal
import email.utils
import enum
import re
import uuid
from typing import Any

HeaderValue = str | int | float | decimal.Decimal | uuid.UUID | datetime.datetime | enum.Enum
"""What the value of a header field may be given as."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def header_text(name: str, value: Any) -> str:
    """Return ``value`` as text: numbers in digits, ``true`` and ``false``, a time as an HTTP date (RFC 9110 §5.6.7).

    Raises:
        TypeError: If there is no one way to write it, as for a list or ``None``.
    """
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int | float | decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, datetime.datetime):
        # A time without a zone is meant as UTC: the field knows no other.
        zoned = value if value.tzinfo is not None else value.replace(tzinfo=datetime.UTC)
        return email.utils.format_datetime(zoned.astimezone(datetime.UTC), usegmt=True)
    raise TypeError(f"header {name}: a {type(value).__qualname__} is not the value of a field; give text")


def refuse_surrogates(what: str, text: str) -> None:
    """Refuse text that no header field can carry: half of a surrogate pair is no character, and has no UTF-8.

    Names of files that are not UTF-8 hold such halves (PEP 383).

    Raises:
        ValueError: It names ``what`` the text is.
    """
    if not text.isascii() and _SURROGATES.search(text):
        raise ValueError(f"{what}: {text!r} has half of a surrogate pair, which cannot be sent")
