"""Header fields: names in any case, values that may be repeated (RFC 9110 §5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from sabir.header_text import HeaderValue, header_text, refuse_surrogates
from sabir.multi_mapping import MultiMapping, pairs_of

if TYPE_CHECKING:
    from sabir._sabir import NativeRequest

HeaderFields = Mapping[str, HeaderValue] | Iterable[tuple[str, HeaderValue]]
"""What header fields may be given as."""

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Headers(MultiMapping[str]):
    """Header fields that cannot be changed. Names are told apart without regard to case, and shown in lower case.

    Of a repeated field, ``headers["name"]`` is the first; :meth:`getlist` returns all.

    Example:
        >>> headers = Headers([("X-Tag", "a"), ("x-tag", "b")])
        >>> headers["x-TAG"], headers.getlist("X-Tag"), headers.get("age")
        ('a', ['a', 'b'], None)
    """

    __slots__ = ("_pairs",)

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self._pairs: list[tuple[str, str]] = [(name.lower(), value) for name, value in pairs_of(fields)]

    def __getitem__(self, name: str) -> str:
        wanted = name.lower()
        for known, value in self._pairs:
            if known == wanted:
                return value
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def getlist(self, name: str) -> list[str]:
        """Return every value of the field ``name``, in order; an empty list where there is none."""
        wanted = name.lower()
        return [value for known, value in self._pairs if known == wanted]

    def multi_items(self) -> list[tuple[str, str]]:
        """Return every field in order, its name in lower case."""
        return list(self._pairs)

    def _single(self) -> dict[str, str]:
        single: dict[str, str] = {}
        for name, value in self.multi_items():
            single.setdefault(name, value)
        return single

    def _lists(self) -> dict[str, list[str]]:
        lists: dict[str, list[str]] = {}
        for name, value in self.multi_items():
            lists.setdefault(name, []).append(value)
        return lists

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        # The order of fields of different names means nothing (RFC 9110 §5.3).
        return self._lists() == (other if isinstance(other, Headers) else Headers(other))._lists()

    __hash__ = None  # type: ignore[assignment]  # Those of a response can change.


class MutableHeaders(Headers, MutableMapping[str, str]):
    """Header fields of a response.

    Values are text, or what :data:`HeaderValue` names: a number in digits, a time as an HTTP date.

    Example:
        >>> headers = MutableHeaders({"cache-control": "no-store"})
        >>> headers["Cache-Control"] = "no-cache"
        >>> headers.append("vary", "accept")
        >>> headers.append("vary", "cookie")
        >>> headers.multi_items()
        [('cache-control', 'no-cache'), ('vary', 'accept'), ('vary', 'cookie')]
    """

    __slots__ = ()

    def __init__(self, fields: HeaderFields = ()) -> None:
        self._pairs = [header_field(name, value) for name, value in pairs_of(fields)]

    def append(self, name: str, value: HeaderValue) -> None:
        """Add a field and keep those of the same name.

        Raises:
            ValueError: If the name is not a token, or the value holds a control character or half of a surrogate pair
                (RFC 9110 §5.5).
            TypeError: If the value is not text, a number, a time, a UUID or a member of an enumeration.
        """
        self._pairs.append(header_field(name, value))

    def set(self, name: str, value: HeaderValue) -> None:
        """Replace every field of the name by this one, or add it; the same as ``headers[name] = value``.

        Raises:
            ValueError, TypeError: As :meth:`append`.
        """
        field = header_field(name, value)
        places = [index for index, (known, _) in enumerate(self._pairs) if known == field[0]]
        if not places:
            self._pairs.append(field)
            return
        self._pairs[places[0]] = field
        for index in reversed(places[1:]):
            del self._pairs[index]

    def __setitem__(self, name: str, value: HeaderValue) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        wanted = name.lower()
        kept = [field for field in self._pairs if field[0] != wanted]
        if len(kept) == len(self._pairs):
            raise KeyError(name)
        self._pairs = kept

    def copy(self) -> MutableHeaders:
        """Return fields that can be changed without changing these."""
        return MutableHeaders(self._pairs)

    __copy__ = copy


class RequestHeaders(Headers):
    """The header fields of a request: one is looked up in the runtime, all are copied when they are asked for."""

    __slots__ = ("_native",)

    def __init__(self, native: NativeRequest) -> None:
        self._native = native

    def __getitem__(self, name: str) -> str:
        # A name outside ASCII is that of no field, and may be text that the runtime cannot take.
        value = self._native.header(name) if name.isascii() else None
        if value is None:
            raise KeyError(name)
        return value

    def getlist(self, name: str) -> list[str]:
        """Return every value of the field ``name``, in order; an empty list where there is none."""
        return self._native.header_list(name) if name.isascii() else []

    def multi_items(self) -> list[tuple[str, str]]:
        """Return every field in order, its name in lower case."""
        return self._native.headers()

    def __repr__(self) -> str:
        return f"Headers({self.multi_items()!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy outlives the request, and may go to another process.
        return Headers, (self.multi_items(),)


def header_field(name: str, value: Any) -> tuple[str, str]:
    """Return a field as it is sent, its name in lower case.

    Raises:
        ValueError, TypeError: As :meth:`MutableHeaders.append`.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"header {name!r}: the name is not a token")
    text = header_text(name, value)
    if _CONTROL.search(text):
        raise ValueError(f"header {name}: the value has control characters")
    refuse_surrogates(f"header {name}", text)
    return name.lower(), text
