"""The tests that a crate declares for a target and a set of features, by its source."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

CFG = re.compile(r"#!?\[cfg\((.*)\)\]")
MODULE = re.compile(r"(?:pub(?:\([^)]*\))? )?mod (\w+);")
FUNCTION = re.compile(r"(?:async )?fn (\w+)")
TOKEN = re.compile(r'\w+ = "[^"]*"|\w+|[(),]')


def holds(predicate: str, known: set[str]) -> bool:
    """Return whether a predicate of ``#[cfg]`` holds where exactly what is in ``known`` does."""
    tokens = TOKEN.findall(predicate)

    def read() -> bool:
        token = tokens.pop(0)
        if not tokens or tokens[0] != "(":
            return token in known
        parts = []
        while tokens.pop(0) != ")":
            if tokens[0] != ")":
                parts.append(read())
        if token == "not":
            return not parts[0]
        return all(parts) if token == "all" else any(parts)

    return read()


def in_file(file: Path, known: set[str]) -> Iterator[str]:
    """Yield the names of the tests in ``file`` and in the files of its modules."""
    directory = file.parent if file.name in ("lib.rs", "mod.rs") else file.with_suffix("")
    attributes: list[str] = []
    for line in map(str.strip, file.read_text().splitlines()):
        if line.startswith("#![") and not all_hold([line], known):
            return
        if line.startswith("#["):
            attributes.append(line)
            continue
        if all_hold(attributes, known):
            if module := MODULE.match(line):
                places = [directory / f"{module[1]}.rs", directory / module[1] / "mod.rs"]
                yield from in_file(next(place for place in places if place.exists()), known)
            elif "#[test]" in attributes and (function := FUNCTION.match(line)):
                yield function[1]
        attributes = []


def all_hold(attributes: list[str], known: set[str]) -> bool:
    """Return whether every ``#[cfg]`` among ``attributes`` holds."""
    return all(holds(found[1], known) for attribute in attributes if (found := CFG.fullmatch(attribute)))


def tests(file: Path, features: set[str]) -> Counter[str]:
    """Return how often each name is that of a test of the crate whose root is ``file``."""
    known = {"test", 'target_family = "wasm"', 'panic = "abort"', *(f'feature = "{name}"' for name in features)}
    return Counter(in_file(file, known))
