# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/redirects``."""

from typing import Any

from sabir import Router, Sabir
from sabir.stages import SecurityHeaders
from support import Check


def test_never_to_a_host_of_the_client(check: Check) -> None:
    """What a client sends never becomes the host of a location."""
    app = Sabir()
    app.redirect("/{rest:path}", "/{rest}/x")
    app.redirect("/to/{id}", "https://shop.example/{id}")

    check(app)


def test_queries(check: Check) -> None:
    """The query of a request is carried over, unless the location has one."""
    app = Sabir()
    router = Router()
    router.redirect("/a", "/x")
    router.redirect("/b", "/x?kind=old")
    router.redirect("/c/{id}", "/x?id={id}")

    app.mount("/", router)

    check(app)


def test_routes_of_the_path_come_first(check: Check) -> None:
    """A route of a method on the same path comes before a redirect."""
    app = Sabir()

    @app.post("/old")
    async def take_old() -> Any:
        return "taken"

    @app.get("/items/new")
    async def show_new() -> Any:
        return "new"

    app.redirect("/old", "/new")

    check(app)


def test_stages_cover_redirects(check: Check) -> None:
    """Stages of the application cover redirects."""
    app = Sabir()
    app.use(SecurityHeaders())
    router = Router()
    router.redirect("/old", "/new")

    app.mount("/", router)

    check(app)


def test_statuses(check: Check) -> None:
    """A redirect may be for now, or change the method."""
    app = Sabir()
    app.redirect("/a", "/x", status=301)
    app.redirect("/b", "/x", status=302)
    app.redirect("/c", "/x", status=303)
    app.redirect("/d", "/x", status=307)
    app.redirect("/e", "/x", status=308)

    check(app)


def test_to_a_url(check: Check) -> None:
    """A redirect may lead to another host."""
    app = Sabir()
    app.redirect("/docs/{page}", "https://docs.example/{page}#top")
    app.redirect("/home", "http://shop.example/")

    check(app)


def test_to_another_path(check: Check) -> None:
    """A redirect leads to another path, for good and with the method."""
    app = Sabir()

    @app.get("/new")
    async def show_new() -> Any:
        return "new"

    app.redirect("/old", "/new")

    check(app)


def test_variables(check: Check) -> None:
    """The variables of a path are carried over, as they were sent."""
    app = Sabir()
    app.redirect("/old/{id}", "/new/{id}")
    app.redirect("/users/{id:int}/{tab}", "/u/{tab}/{id}/x")
    app.redirect("/files/{rest:path}", "/f/{rest}")

    check(app)
