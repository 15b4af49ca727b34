"""The Python in the documentation: a module of its own, imported and served as a user would."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sabir
from tests.processes import TIMEOUT, serving

pytestmark = pytest.mark.native

PACKAGE = Path(__file__).parents[1]
ROOT = PACKAGE.parents[1]
PAGES = {
    "package": (PACKAGE / "README.md", "readme", "/users/7", b'{"id":7,"limit":10}'),
    "project": (ROOT / "README.md", "readme", "/users/7", b'{"id":7,"limit":10}'),
    "guide": (ROOT / "docs/guide/python.md", "guide", "/hello/Ada", b"Hello, Ada!"),
    "documents": (ROOT / "docs/guide/documents.md", "documents", "/orders/7", b'{"id":7,"note":null}'),
    "security": (ROOT / "docs/guide/security.md", "security", "/health", b"fine"),
    "observability": (ROOT / "docs/guide/observability.md", "observability", "/health", b"fine"),
    "static_files": (ROOT / "docs/guide/static-files.md", "static_files", "/", b"<h1>The shop</h1>"),
    "hooks": (ROOT / "docs/guide/python-hooks.md", "hooks", "/", b"Hello, stranger!"),
    "dependencies": (ROOT / "docs/guide/python-dependencies.md", "dependencies", "/currency", b"EUR"),
    "streams": (ROOT / "docs/guide/python-streams.md", "streams", "/progress", b"data: half\n\ndata: done\n\n"),
}


def blocks(page: Path) -> list[str]:
    found = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found, "the page has no Python"
    return found


def program(page: Path) -> str:
    return "\n".join(block for block in blocks(page) if not is_test(block))


def is_test(block: str) -> bool:
    return "from shop import app" in block


def run(directory: Path, *arguments: str) -> None:
    found = subprocess.run(
        [sys.executable, "-W", "error", "-m", *arguments],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(directory), str(PACKAGE)])},
        capture_output=True,
        text=True,
        timeout=TIMEOUT * 3,
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("page", "checks", "path", "answer"), PAGES.values(), ids=PAGES)
def test_the_application_of_a_page_works_where_it_is_imported(
    tmp_path: Path, page: Path, checks: str, path: str, answer: bytes
) -> None:
    (tmp_path / "shop.py").write_text(program(page))
    run(tmp_path, "tests.documentation", checks)


@pytest.mark.parametrize("name", ["guide", "hooks", "dependencies", "streams"])
def test_the_tests_of_the_guide_pass(tmp_path: Path, name: str) -> None:
    page = PAGES[name][0]
    (tmp_path / "shop.py").write_text(program(page))
    tests = [block for block in blocks(page) if is_test(block)]
    assert tests
    (tmp_path / "test_shop.py").write_text("\n".join(tests))
    run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "test_shop.py")


@pytest.mark.parametrize(("page", "checks", "path", "answer"), PAGES.values(), ids=PAGES)
def test_the_application_of_a_page_is_served(tmp_path: Path, page: Path, checks: str, path: str, answer: bytes) -> None:
    with serving(tmp_path, program(page), "--port", "0") as service:
        assert service.get(path) == answer
        assert service.stop() == 0


def test_the_command_is_called_by_a_name_that_it_has() -> None:
    command = Path(sys.executable).with_name("sabir")
    for called in ([str(command)], [sys.executable, "-m", "sabir"]):
        shown = subprocess.run([*called, "--help"], capture_output=True, text=True, check=True)
        assert shown.stdout.startswith("usage: sabir ")
        version = subprocess.run([*called, "--version"], capture_output=True, text=True, check=True)
        assert version.stdout == f"sabir {sabir.__version__}\n"
    pages = [page.read_text() for page, *_ in PAGES.values()]
    written = {line for page in pages for line in re.findall(r"[^`\n]*sabir run \w+:\w+", page)}
    assert written
    assert all(line.strip().startswith(("sabir run ", "python -m sabir run ")) for line in written), written
