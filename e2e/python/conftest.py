"""How the generated tests find their fixtures, and what is known to fail."""

import json
from pathlib import Path

import pytest
from support import Check, fill, load

KNOWN_FAILING: dict[str, str] = json.loads((Path(__file__).parent / "known_failing.json").read_bytes())


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of tests that need a real connection."""
    config.addinivalue_line("markers", "socket: needs a real connection")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test in memory and over a socket."""
    if "check" in metafunc.fixturenames:
        needs_socket = metafunc.definition.get_closest_marker("socket") is not None
        metafunc.parametrize("check", ["socket"] if needs_socket else ["memory", "socket"], indirect=True)


@pytest.fixture
def check(request: pytest.FixtureRequest) -> Check:
    """What compares an application with the fixture that the test is named after."""
    fixture = load(_path(request.node))
    if "files" not in fixture.get("needs", ()):
        return Check(fixture["exchanges"], request.param)
    folder: Path = request.getfixturevalue("tmp_path")
    fill(folder, fixture["app"])
    return Check(fixture["exchanges"], request.param, folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect what is listed in ``known_failing.json`` to fail; that it passes is a failure as well."""
    for item in items:
        if "check" in getattr(item, "fixturenames", ()) and (reason := KNOWN_FAILING.get(_path(item))):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def _path(item: pytest.Item) -> str:
    category = item.path.stem.removeprefix("test_")
    name = item.name.partition("[")[0].removeprefix("test_")
    return f"{category}/{name}"
