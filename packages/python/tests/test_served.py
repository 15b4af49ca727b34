"""Folders and redirects, as far as no fixture can show it."""

from pathlib import Path

import pytest

from sabir import Problem, Request, Router, Sabir, SetupError
from sabir.security import ApiKey
from sabir.stages import SecurityHeaders
from sabir.testing import TestClient

pytestmark = pytest.mark.native


@pytest.fixture
def public(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("hello")
    return tmp_path


def test_a_router_has_folders_and_redirects(public: Path) -> None:
    app = Sabir()
    key = app.security("key", ApiKey(header="x-api-key", keys={"ci": "s3cret"}))
    router = Router("/files", use=[SecurityHeaders()], security=[key])
    router.static("/own", public)
    router.redirect("/old/{name}", "/api/files/own/{name}", security=[{}], use=[SecurityHeaders.off()])
    app.mount("/api", router)
    with TestClient(app) as client:
        assert client.get("/api/files/own/a.txt").status_code == 401
        found = client.get("/api/files/own/a.txt", headers={"x-api-key": "s3cret"})
        assert (found.text, found.headers["x-content-type-options"]) == ("hello", "nosniff")
        moved = client.get("/api/files/old/a.txt", follow_redirects=False)
        assert moved.headers["location"] == "/api/files/own/a.txt"
        assert "x-content-type-options" not in moved.headers
        assert client.app.native().handler_calls() == 0


def test_an_application_is_mounted_with_its_folders(public: Path) -> None:
    inner = Sabir()
    inner.use(SecurityHeaders())
    inner.static("/", public)
    app = Sabir()
    app.mount("/inner", inner)
    with TestClient(app) as client:
        assert client.get("/inner/a.txt").headers["x-content-type-options"] == "nosniff"
        assert client.get("/a.txt").status_code == 404


def test_hooks_on_errors_see_what_is_missing_and_nothing_else(public: Path) -> None:
    app = Sabir()
    app.static("/", public)
    seen = []

    @app.on_error(404)
    def missing(request: Request, error: Problem) -> str:
        seen.append(request.url.path)
        return "There is nothing here."

    with TestClient(app) as client:
        assert client.get("/none.txt").text == "There is nothing here."
        assert client.get("/a.txt").text == "hello"
        assert client.post("/a.txt").status_code == 405
    assert seen == ["/none.txt"]


def test_mistakes_are_told_where_they_are_made(public: Path) -> None:
    app = Sabir()
    for add, route, field in [
        (lambda: app.static("assets", public), "static assets", "path"),
        (lambda: app.static("/assets", public / "none"), "static /assets", "directory"),
        (lambda: app.static("/assets", public, fallback="none.html"), "static /assets", "fallback"),
        (lambda: app.static("/assets", public, folder="x"), "static /assets", "folder"),  # type: ignore[call-arg]
        (lambda: app.static("/assets", public, use=[SecurityHeaders]), "static /assets", "use[0]"),  # type: ignore[list-item]
        (lambda: app.redirect("/old", "new"), "redirect /old", "to"),
        (lambda: app.redirect("/old", "/new/{id}"), "redirect /old", "to"),
        (lambda: app.redirect("/old", "/new", status=200), "redirect /old", "status"),
    ]:
        with pytest.raises(SetupError) as raised:
            add()
        assert (raised.value.route, raised.value.field) == (route, field)
    # Nothing of it is left behind.
    app.static("/assets", public)
    app.redirect("/old", "/new")
    with TestClient(app) as client:
        assert client.get("/assets/a.txt").text == "hello"


def test_no_document_has_them(public: Path) -> None:
    app = Sabir()
    app.static("/assets", public)
    app.redirect("/old", "/new")
    assert app.openapi(title="Shop", version="1")["paths"] == {}
