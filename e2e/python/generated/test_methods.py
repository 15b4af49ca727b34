# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/methods``."""

from typing import Annotated, Any

import msgspec
import pydantic
from sabir import Header, Request, Response, Router, Sabir
from support import Check, echo


def test_any_method(check: Check) -> None:
    """A route of any method answers every method that has no route of its own."""
    app = Sabir()

    @app.all("/hook")
    def take_hook(request: Request) -> dict[str, Any]:
        return {"method": request.method}

    @app.get("/items/{id}")
    def show_items(id: str) -> Any:
        return "show"

    @app.all("/items/{id}")
    def take_items(id: str) -> Any:
        return "rest"

    @app.options("/items/{id}")
    def take_items_2(id: str) -> Any:
        return "own"

    @app.get("/users")
    def show_users() -> Any:
        return "list"

    check(app)


def test_any_method_of_a_less_specific_route(check: Check) -> None:
    """A path with a route of any method knows no 405: what its more specific routes do not answer goes there, and OPTIONS too."""
    app = Sabir()

    @app.get("/files/readme")
    async def show_readme() -> Any:
        return "readme"

    @app.all("/files/{path:path}")
    async def take_files(request: Request, path: str) -> dict[str, Any]:
        return {"method": request.method, "path": request.path}

    @app.post("/{page}")
    async def answer(page: str) -> Any:
        return "page"

    check(app)


def test_content_of_a_get_is_ignored(check: Check) -> None:
    """Content that a GET route does not declare changes nothing."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    def show_items() -> Any:
        return "list"

    app.mount("/", router)

    check(app)


def test_custom_methods(check: Check) -> None:
    """A method is any token; one that no standard names has routes like the others."""
    app = Sabir()
    router = Router()

    @router.route("/cache", methods=["PURGE"])
    def take_cache() -> Any:
        return "purged"

    @router.get("/cache")
    def show_cache() -> Any:
        return "shown"

    @router.route("/calendar", methods=["REPORT"])
    def take_calendar() -> Any:
        return "report"

    @router.route("/calendar", methods=["VERSION-CONTROL"])
    def take_calendar_2() -> Any:
        return "versions"

    app.mount("/", router)

    check(app)


def test_declared_head_counts(check: Check) -> None:
    """A HEAD route of its own is run instead of the GET route."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Response:
        return Response("list", headers=[("x-by", "get")])

    @app.head("/items", blocking=False)
    def take_items() -> Response:
        return Response(None, 200, headers=[("x-by", "head")])

    check(app)


def test_declared_options_counts(check: Check) -> None:
    """An OPTIONS route of its own is run instead of the automatic answer."""
    app = Sabir()

    @app.options("/items")
    async def take_items() -> Any:
        return "own"

    @app.get("/items")
    async def show_items() -> Any:
        return "list"

    @app.get("/users")
    async def show_users() -> Any:
        return "list"

    check(app)


def test_delete_with_and_without_content(check: Check) -> None:
    """DELETE may have content where it is declared, and none elsewhere."""

    class BodyModel(msgspec.Struct):
        n: int

    app = Sabir()

    @app.delete("/items")
    def take_items(body: BodyModel | None = msgspec.UNSET) -> dict[str, Any]:
        return echo(body=body)

    @app.delete("/users")
    def take_users() -> Any:
        return "gone"

    check(app)


def test_each_method_has_its_route(check: Check) -> None:
    """Methods of one path lead to routes of their own."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return "get"

    @router.post("/items")
    async def take_items() -> Any:
        return "post"

    @router.put("/items")
    async def take_items_2() -> Any:
        return "put"

    @router.patch("/items")
    async def take_items_3() -> Any:
        return "patch"

    @router.delete("/items")
    async def take_items_4() -> Any:
        return "delete"

    app.mount("/", router)

    check(app)


def test_handler_sees_the_method(check: Check) -> None:
    """A handler that reads the request sees the method as it was sent."""
    app = Sabir()
    router = Router()

    @router.post("/items", blocking=False)
    def take_items(request: Request) -> dict[str, Any]:
        return {"method": request.method, "path": request.path}

    @router.patch("/items", blocking=False)
    def take_items_2(request: Request) -> dict[str, Any]:
        return {"method": request.method, "path": request.path}

    @router.route("/items", methods=["PURGE"], blocking=False)
    def take_items_3(request: Request) -> dict[str, Any]:
        return {"method": request.method, "path": request.path}

    app.mount("/", router)

    check(app)


def test_head_answers_as_get_without_content(check: Check) -> None:
    """HEAD runs the GET handler and sends its header fields, but no content."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Response:
        return Response("some text", headers=[("x-total", "3")])

    @app.get("/users/{id:int}")
    def show_users(*, n: int | None = None, id: int) -> dict[str, Any]:
        return echo(path={"id": id}, query={"n": n})

    check(app)


def test_head_names_the_length_of_get(check: Check) -> None:
    """HEAD has the Content-Length that GET has."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "some text"

    @app.post("/made")
    async def take_made() -> Any:
        return "x"

    check(app)


def test_methods_are_case_sensitive(check: Check) -> None:
    """The method is case-sensitive: a lower-case name is another method."""
    app = Sabir()

    @app.route("/items", methods=["PURGE"])
    def take_items() -> Any:
        return "upper"

    @app.route("/items", methods=["Purge"])
    def take_items_2() -> Any:
        return "mixed"

    check(app)


def test_options_does_not_check_parameters(check: Check) -> None:
    """The automatic answer to OPTIONS asks for no parameters."""

    class BodyModel(pydantic.BaseModel):
        n: int

    app = Sabir()

    @app.post("/items")
    async def take_items(n: int, x_key: Annotated[str, Header()], body: BodyModel) -> dict[str, Any]:
        return echo(query={"n": n}, header={"x-key": x_key}, body=body)

    check(app)


def test_options_is_answered(check: Check) -> None:
    """OPTIONS is answered with the methods of the path, without a handler."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "list"

    @app.post("/items", blocking=False)
    def take_items() -> Any:
        return "make"

    @app.put("/items/{id:int}", blocking=False)
    def take_items_2(id: int) -> Any:
        return "put"

    @app.get("/items/{name}", blocking=False)
    def show_items_2(name: str) -> Any:
        return "show"

    check(app)


def test_query_method(check: Check) -> None:
    """QUERY is safe and has content that is validated."""

    class BodyModel(pydantic.BaseModel):
        n: int

    app = Sabir()

    @app.route("/items", methods=["QUERY"])
    async def take_items(body: BodyModel) -> dict[str, Any]:
        return echo(body=body)

    check(app)


def test_refusals_of_head_have_no_content(check: Check) -> None:
    """A refused HEAD request has the status of GET, and no content."""
    app = Sabir()

    @app.get("/items")
    async def show_items(n: int) -> dict[str, Any]:
        return echo(query={"n": n})

    @app.get("/users/{id:int}")
    async def show_users(id: int) -> dict[str, Any]:
        return echo(path={"id": id})

    check(app)


def test_wrong_method_is_judged_before_parameters(check: Check) -> None:
    """A path that does not have the method is refused before its parameters are looked at."""

    class BodyModel(msgspec.Struct):
        n: int

    app = Sabir()

    @app.post("/items", blocking=False)
    def take_items(n: int, body: BodyModel) -> dict[str, Any]:
        return echo(query={"n": n}, body=body)

    check(app)


def test_wrong_method_is_refused_with_allow(check: Check) -> None:
    """A method that the path lacks is refused, and Allow names those it has, sorted."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return "list"

    @router.post("/items")
    async def take_items() -> Any:
        return "make"

    @router.delete("/items/{id:int}")
    async def take_items_2(id: int) -> Any:
        return "drop"

    app.mount("/", router)

    check(app)
