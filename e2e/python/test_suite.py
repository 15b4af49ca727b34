"""The suite itself: it runs everything, and it fails when it should."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sabir import Sabir
from support import Check

HERE = Path(__file__).parent
FIXTURES = {
    f"{file.parent.name}/{file.stem}": json.loads(file.read_bytes())
    for file in (HERE.parents[1] / "testing_data").glob("*/*.json")
}
TRANSPORTS = ["memory", "socket"]
FITTING = {"status": 204, "handler_calls": 1}


def test_every_fixture_has_a_test() -> None:
    """Generated tests and fixtures are the same, and only those that need a connection run on one alone."""
    found = {}
    for file in (HERE / "generated").glob("test_*.py"):
        category = file.stem.removeprefix("test_")
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = [ast.unparse(decorator) for decorator in node.decorator_list]
                found[f"{category}/{node.name.removeprefix('test_')}"] = "pytest.mark.socket" in marks
    assert found == {path: "socket" in fixture.get("needs", []) for path, fixture in FIXTURES.items()}


def test_every_listed_fixture_exists() -> None:
    """A name in the list that is misspelt would hide nothing, and stay there for ever."""
    assert set(json.loads((HERE / "known_failing.json").read_bytes())) <= set(FIXTURES)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_exchange_is_sent(transport: str) -> None:
    """The requests reach the application, each once."""
    paths = []
    app = Sabir()

    @app.get("/{name}")
    async def answer(name: str) -> None:
        paths.append(name)

    Check([{"send": _get(f"/{name}"), "expect": FITTING} for name in "abc"], transport)(app)
    assert paths == ["a", "b", "c"]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    "expect",
    [
        {"status": 200, "handler_calls": 1},
        {"status": 204, "handler_calls": 0},
        {"status": 204, "handler_calls": 2},
        {"status": 204, "handler_calls": 1, "headers": {"x-a": "1"}},
        {"status": 204, "handler_calls": 1, "body_size": 1},
    ],
)
def test_an_answer_that_differs_fails(transport: str, expect: dict[str, object]) -> None:
    """Whatever differs, and on whichever way the request was sent."""
    app = Sabir()

    @app.get("/items")
    async def answer() -> None: ...

    with pytest.raises(AssertionError, match=r"exchanges\[1\]"):
        Check([{"send": _get("/items"), "expect": FITTING}, {"send": _get("/items"), "expect": expect}], transport)(app)


def test_a_connection_that_stays_open_fails_where_it_must_close() -> None:
    """The closing is read from the connection."""
    app = Sabir()

    @app.get("/items")
    async def answer() -> None: ...

    expect = FITTING | {"closed": True}
    Check([{"send": _get("/items") | {"headers": {"connection": "close"}}, "expect": expect}], "socket")(app)
    with pytest.raises(AssertionError, match="was not closed"):
        Check([{"send": _get("/items"), "expect": expect}], "socket")(app)


def test_a_listed_fixture_that_passes_fails_the_run(tmp_path: Path) -> None:
    """``known_failing.json`` excuses a failure once it is one, and nothing else."""
    (tmp_path / "support").symlink_to(HERE / "support")
    (tmp_path / "conftest.py").write_text((HERE / "conftest.py").read_text())
    (tmp_path / "test_routing.py").write_text(
        "from sabir import Sabir\n\n"
        "def test_root(check):\n"
        "    app = Sabir()\n"
        "    @app.get('/')\n"
        "    async def root() -> str: return 'root'\n"
        "    check(app)\n\n"
        "def test_static_paths(check):\n"
        "    check(Sabir())\n"
    )

    def run(listed: dict[str, str]) -> str:
        (tmp_path / "known_failing.json").write_text(json.dumps(listed))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path).stdout

    summary = run({"routing/static_paths": "not yet"}).splitlines()[-1]
    assert "xfailed" in summary, summary
    output = run({"routing/root": "not yet"})
    assert "failed" in output, output
    assert "static_paths[memory]" in output, output
    assert "static_paths[socket]" in output, output


def _get(path: str) -> dict[str, object]:
    return {"method": "GET", "path": path}
