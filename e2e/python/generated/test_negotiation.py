# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/negotiation``."""

from typing import Any

from sabir import Problem, Request, Router, Sabir
from support import Check


def test_equal_weights_leave_the_choice_to_the_server(check: Check) -> None:
    """Of types with the same weight the one declared first is chosen."""
    app = Sabir()

    @app.get(
        "/items", responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}}}}
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_only_the_success_takes_part(check: Check) -> None:
    """Types of declared errors are not offered."""
    app = Sabir()
    router = Router()

    @router.get(
        "/items",
        responses={
            "404": {"description": "None.", "content": {"text/plain": {}}},
            "200": {"description": "An item.", "content": {"application/json": {}, "text/csv": {}}},
        },
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    app.mount("/", router)

    check(app)


def test_parameters_narrow_a_range(check: Check) -> None:
    """A range with a parameter takes only types that have it, and describes these more closely."""
    app = Sabir()

    @app.get(
        "/items", responses={"200": {"description": "An item.", "content": {"text/html": {}, "text/html;level=1": {}}}}
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_problems_are_not_negotiated(check: Check) -> None:
    """Problems are application/problem+json, whatever the client accepts."""
    app = Sabir()

    @app.get("/items", responses={"200": {"description": "An item.", "content": {"text/html": {}, "text/csv": {}}}})
    def show_items() -> None:
        raise Problem(409)

    @app.get("/page", responses={"200": {"description": "An item.", "content": {"text/html": {}}}})
    def show_page(n: int | None = None) -> Any:
        return "ok"

    @app.get("/broken", responses={"200": {"description": "An item.", "content": {"text/html": {}}}})
    def show_broken() -> None:
        raise RuntimeError("boom")

    check(app)


def test_range_with_a_quoted_comma(check: Check) -> None:
    """A comma within quotes ends no element."""
    app = Sabir()

    @app.get(
        "/items", responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}}}}
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_refusal_names_the_types(check: Check) -> None:
    """The refusal names the types that there are."""
    app = Sabir()
    router = Router()

    @router.get(
        "/items", responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/csv": {}}}}
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    app.mount("/", router)

    check(app)


def test_repeated_fields_are_one_list(check: Check) -> None:
    """Several Accept fields count as one, and empty elements as none."""
    app = Sabir()

    @app.get(
        "/items", responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}}}}
    )
    def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_routes_without_declared_types_take_any_wish(check: Check) -> None:
    """Where no response is declared nothing is negotiated."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    @app.get("/plain", responses={"204": {"description": "Nothing."}}, blocking=False)
    def show_plain(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_structured_suffix_is_a_type_of_its_own(check: Check) -> None:
    """A type with the suffix +json is not application/json: neither stands for the other."""
    app = Sabir()

    @app.get(
        "/items",
        responses={"200": {"description": "An item.", "content": {"application/vnd.api+json": {}, "text/csv": {}}}},
    )
    def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_the_heaviest_type_wins(check: Check) -> None:
    """The type with the greatest weight is chosen, whatever its place in the field."""
    app = Sabir()

    @app.get(
        "/items",
        responses={
            "200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}, "text/plain": {}}}
        },
    )
    def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_the_most_specific_range_counts(check: Check) -> None:
    """Each type has the weight of the range that describes it most closely."""
    app = Sabir()

    @app.get(
        "/items",
        responses={
            "200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}, "text/plain": {}}}
        },
        blocking=False,
    )
    def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_type_range(check: Check) -> None:
    """A range with a subtype wildcard takes every type below it."""
    app = Sabir()

    @app.get(
        "/items", responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}}}}
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_types_ignore_case(check: Check) -> None:
    """Types and the name of the weight are compared without regard to case."""
    app = Sabir()

    @app.get(
        "/items", responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}}}}
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_vary_names_accept(check: Check) -> None:
    """An answer that was chosen among several types says so in Vary, the refusal too."""
    app = Sabir()

    @app.get(
        "/items", responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}}}}
    )
    def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_weight_zero_excludes(check: Check) -> None:
    """Weight 0 says that a type is not acceptable."""
    app = Sabir()

    @app.get(
        "/items",
        responses={"200": {"description": "An item.", "content": {"application/json": {}, "text/html": {}}}},
        blocking=False,
    )
    def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    check(app)


def test_without_accept_the_first_type_counts(check: Check) -> None:
    """A client that states no wish gets the type declared first."""
    app = Sabir()
    router = Router()

    @router.get(
        "/items", responses={"200": {"description": "An item.", "content": {"text/html": {}, "application/json": {}}}}
    )
    async def show_items(request: Request) -> dict[str, Any]:
        return {"accepts": request.accepts}

    app.mount("/", router)

    check(app)
