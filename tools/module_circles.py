"""Finds circles between the files of one crate.

A file needs another when it names something that the other defines, in a ``use`` or by its path. What a file merely
passes on (``pub use``) is looked up where it is defined. A folder's ``mod.rs`` may hold what the files below it share,
so that these naming it makes no circle. Tests may need whatever they like.
"""

import re
from collections.abc import Iterator
from pathlib import Path

Module = tuple[str, ...]

TESTS = re.compile(r"^#\[cfg\(test\)\]\n(?:#\[[^\n]*\n)*(?:pub(?:\([a-z]+\))? )?mod \w+ \{.*", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"//[^\n]*")
TEXT = re.compile(r'b?"(?:[^"\\]|\\.)*"|r(#*)".*?"\1', re.DOTALL)
USE = re.compile(r"^[ \t]*(pub(?:\([^)]*\))? )?use ([^;]+);", re.MULTILINE)
PATH = re.compile(r"(?<![\w:])[a-z]\w*(?:::\w+)+")


def module_of(file: Path, source: Path) -> Module:
    """Return the path of the module that ``file`` holds."""
    parts = file.relative_to(source).with_suffix("").parts
    return parts[:-1] if parts[-1] in ("mod", "lib", "main") else parts


def read_code(file: Path) -> str:
    """Return what the compiler reads of ``file`` in a build without tests."""
    return COMMENT.sub("", TEXT.sub('""', TESTS.sub("", file.read_text())))


def leaves(tree: str) -> Iterator[tuple[list[str], str]]:
    """Return the paths of a use tree with the names that they get."""
    tree = tree.strip()
    head, brace, rest = tree.partition("{")
    if brace:
        prefix = [part for part in head.strip().split("::") if part]
        depth, start = 0, 0
        inner = rest[: rest.rindex("}")]
        for index, character in enumerate(inner + ","):
            depth += {"{": 1, "}": -1}.get(character, 0)
            if character == "," and depth == 0:
                if piece := inner[start:index].strip():
                    yield from ((prefix + path, name) for path, name in leaves(piece))
                start = index + 1
        return
    path, _, alias = tree.partition(" as ")
    parts = [part.strip() for part in path.split("::")]
    name = alias.strip() or parts[-1]
    if parts[-1] == "self":
        parts, name = parts[:-1], alias.strip() or (parts[-2] if len(parts) > 1 else "self")
    yield parts, name


class Crate:
    """The modules of one crate, and what they pass on."""

    def __init__(self, source: Path) -> None:
        names = {file: file.relative_to(source).with_suffix("").parts for file in sorted(source.rglob("*.rs"))}
        files = [file for file, parts in names.items() if "tests" not in parts]
        self.code = {module_of(file, source): read_code(file) for file in files}
        self.passed_on: dict[Module, dict[str, list[str]]] = {}
        self.stars: dict[Module, list[list[str]]] = {}
        for module, code in self.code.items():
            names = self.passed_on.setdefault(module, {})
            for visibility, tree in USE.findall(code):
                if visibility:
                    for path, name in leaves(tree):
                        if name == "*":
                            self.stars.setdefault(module, []).append(path[:-1])
                        else:
                            names[name] = path

    def absolute(self, path: list[str], module: Module) -> Module | None:
        """Return ``path``, as ``module`` writes it, from the root of the crate; nothing for other crates."""
        first, rest = path[0], path[1:]
        if first == "crate":
            return tuple(rest)
        if first == "self":
            return module + tuple(rest)
        if first == "super":
            base = module[:-1]
            while rest and rest[0] == "super":
                base, rest = base[:-1], rest[1:]
            return base + tuple(rest)
        return module + tuple(path) if (*module, first) in self.code else None

    def definer(self, path: Module, seen: frozenset[Module] = frozenset()) -> Module:
        """Return the module that defines what ``path`` names."""
        module: Module = ()
        for index, name in enumerate(path):
            if (*module, name) in self.code:
                module += (name,)
                continue
            passed = self.passed_on.get(module, {}).get(name)
            if passed and path not in seen and (target := self.absolute(passed, module)) is not None:
                return self.definer(target + path[index + 1 :], seen | {path})
            break
        return module

    def needs(self, module: Module) -> set[Module]:
        """Return the modules that ``module`` needs."""
        code = self.code[module]
        paths = [path for visibility, tree in USE.findall(code) if not visibility for path, _ in leaves(tree)]
        paths += [path.split("::") for path in PATH.findall(USE.sub("", code))]
        found = (self.absolute(path, module) for path in paths)
        needs = {self.definer(path) for path in found if path is not None}
        return {need for need in needs if module[: len(need)] != need}


def find_circles(source: Path) -> list[list[Module]]:
    """Return the shortest circle through each group of modules that need each other."""
    crate = Crate(source)
    graph = {module: crate.needs(module) for module in crate.code}
    circles: list[list[Module]] = []
    known: set[Module] = set()
    for start in sorted(graph):
        if start in known:
            continue
        # Breadth first, so that the circle that is told is a short one.
        before: dict[Module, Module] = {}
        waiting = [start]
        while waiting and start not in before:
            here = waiting.pop(0)
            for need in sorted(graph.get(here, set())):
                if need not in before:
                    before[need] = here
                    waiting.append(need)
        if start in before:
            circle = [start]
            while (previous := before[circle[0]]) != start:
                circle.insert(0, previous)
            circles.append([start, *circle])
            known.update(circle)
    return circles


def describe(circle: list[Module]) -> str:
    """Return the circle in words."""
    return " -> ".join("::".join(module) or "the root" for module in circle)
