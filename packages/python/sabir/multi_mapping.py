"""Mappings in which a name may have several values: header fields, query parameters and form fields."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Any, TypeVar

Value = TypeVar("Value", covariant=True)
Field = TypeVar("Field")


class MultiMapping(Mapping[str, Value]):
    """Names with one value or more each.

    As a mapping it has each name once, with one of its values; :meth:`getlist` returns all of a name, and
    :meth:`multi_items` every pair in order. What it is iterated over is as it was when the iteration began.
    """

    __slots__ = ()

    @abstractmethod
    def getlist(self, name: str) -> list[Value]:
        """Return every value of ``name``, in order; an empty list where there is none."""

    @abstractmethod
    def multi_items(self) -> list[tuple[str, Value]]:
        """Return every pair of a name and a value, in order."""

    @abstractmethod
    def _single(self) -> dict[str, Value]:
        """Return each name with the value that it has in the mapping."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._single())

    def __len__(self) -> int:
        return len(self._single())

    def items(self) -> ItemsView[str, Value]:
        """Return each name with one value."""
        return self._single().items()

    def values(self) -> ValuesView[Value]:
        """Return one value of each name."""
        return self._single().values()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.multi_items()!r})"


class Fields(MultiMapping[Field]):
    """Pairs whose names are told apart by case. Of several values, ``fields["name"]`` is the last.

    Example:
        >>> fields = Fields([("tag", "a"), ("tag", "b"), ("page", "1")])
        >>> fields["tag"], fields.getlist("tag"), dict(fields)
        ('b', ['a', 'b'], {'tag': 'b', 'page': '1'})
    """

    __slots__ = ("_lists", "_pairs")

    def __init__(self, fields: Mapping[str, Field] | Iterable[tuple[str, Field]] = ()) -> None:
        self._pairs = pairs_of(fields)
        self._lists: dict[str, list[Field]] = {}
        for name, value in self._pairs:
            self._lists.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> Field:
        return self._lists[name][-1]

    def __contains__(self, name: object) -> bool:
        return name in self._lists

    def getlist(self, name: str) -> list[Field]:
        """Return every value of ``name``, in order; an empty list where there is none."""
        return list(self._lists.get(name, ()))

    def multi_items(self) -> list[tuple[str, Field]]:
        """Return every pair of a name and a value, in order."""
        return list(self._pairs)

    def _single(self) -> dict[str, Field]:
        return {name: values[-1] for name, values in self._lists.items()}

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Fields):
            return self._lists == other._lists
        return self._single() == dict(other) if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # Files of a form can change.


def pairs_of(fields: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the pairs of a mapping or of what is a list of pairs already."""
    if isinstance(fields, MultiMapping):
        pairs: list[tuple[str, Any]] = fields.multi_items()
        return pairs
    return list(fields.items() if isinstance(fields, Mapping) else fields)
