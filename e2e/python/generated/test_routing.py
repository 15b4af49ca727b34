# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/routing``."""

import datetime
import uuid
from typing import Any

import pytest
from sabir import Router, Sabir
from support import Check, echo


def test_both_forms_declared(check: Check) -> None:
    """Where a path is declared with and without the final slash, each is its own."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Any:
        return "without"

    @app.get("/items/", blocking=False)
    def show_items_2() -> Any:
        return "with"

    @app.get("/users/{name}", blocking=False)
    def show_users(name: str) -> Any:
        return "user"

    @app.get("/users/", blocking=False)
    def show_users_2() -> Any:
        return "users"

    check(app)


def test_case_counts(check: Check) -> None:
    """Paths are case-sensitive."""
    app = Sabir()

    @app.get("/Items")
    async def show_items() -> Any:
        return "upper"

    @app.get("/items")
    async def show_items_2() -> Any:
        return "lower"

    check(app)


def test_choice_that_leads_nowhere_is_taken_back(check: Check) -> None:
    """When the more specific segment has no route for the rest, the next one is tried."""
    app = Sabir()

    @app.get("/users/me/settings")
    def show_settings() -> Any:
        return "settings"

    @app.get("/users/{id:int}/posts")
    def show_posts(id: int) -> Any:
        return "posts"

    @app.get("/users/{name}/likes")
    def show_likes(name: str) -> Any:
        return "likes"

    @app.get("/{section}/{page:path}")
    def answer(section: str, page: str) -> Any:
        return "page"

    check(app)


def test_components_of_another_route_do_not_mix(check: Check) -> None:
    """Each route has parameters of its own, also for one path."""
    app = Sabir()

    @app.get("/items/{id:int}", blocking=False)
    def show_items(*, a: int | None = None, id: int) -> dict[str, Any]:
        return echo(path={"id": id}, query={"a": a})

    @app.post("/items/{id:int}", blocking=False)
    def take_items(b: str, id: int) -> dict[str, Any]:
        return echo(path={"id": id}, query={"b": b})

    @app.get("/items/{name}", blocking=False)
    def show_items_2(*, a: str | None = None, name: str) -> dict[str, Any]:
        return echo(path={"name": name}, query={"a": a})

    check(app)


def test_deep_paths(check: Check) -> None:
    """A path may have many segments, and a wildcard takes as many as there are."""
    app = Sabir()

    @app.get("/a/{one}/b/{two}/c/{three}/d/{four}/e")
    async def show_e(one: str, two: str, three: str, four: str) -> Any:
        return "deep"

    @app.get("/w/{rest:path}")
    async def show_w(rest: str) -> Any:
        return "wild"

    check(app)


def test_dot_segments_are_not_resolved(check: Check) -> None:
    """Clients remove dot segments; the server takes them as they are, so that they lead nowhere else."""
    app = Sabir()

    @app.get("/admin")
    async def show_admin() -> Any:
        return "admin"

    @app.get("/public/{name}")
    async def show_public(name: str) -> Any:
        return "public"

    check(app)


def test_empty_segments_count(check: Check) -> None:
    """Two slashes are an empty segment, which no route has."""
    app = Sabir()

    @app.get("/a/b")
    async def show_b() -> Any:
        return "ab"

    @app.get("/a/{x}/b")
    async def show_b_2(x: str) -> Any:
        return "axb"

    check(app)


def test_escaped_slash_is_data(check: Check) -> None:
    """An escaped slash does not part segments."""
    app = Sabir()
    router = Router()

    @router.get("/a/b")
    async def show_b() -> Any:
        return "two"

    @router.get("/{name}")
    async def answer(name: str) -> Any:
        return "one"

    app.mount("/", router)

    check(app)


def test_escapes_of_unreserved_characters(check: Check) -> None:
    """A path matches the same however its unreserved characters are written."""
    app = Sabir()

    @app.get("/items/a-b")
    async def show_a_b() -> Any:
        return "static"

    @app.get("/café")
    async def show_caf() -> Any:
        return "accent"

    @app.get("/a b")
    async def show_a_b_2() -> Any:
        return "space"

    check(app)


def test_malformed_path_is_refused(check: Check) -> None:
    """A path with an incomplete escape is malformed, wherever it leads."""
    app = Sabir()
    router = Router()

    @router.get("/a")
    async def show_a() -> Any:
        return "a"

    app.mount("/", router)

    check(app)


def test_many_routes(check: Check) -> None:
    """Each of many similar routes is found, and none for another."""
    app = Sabir()
    router = Router()

    @router.get("/red/one")
    def show_one() -> Any:
        return "red-one"

    @router.get("/red/two")
    def show_two() -> Any:
        return "red-two"

    @router.get("/red/{n:int}")
    def show_red(n: int) -> Any:
        return "red-{n:int}"

    @router.get("/green/one")
    def show_one_2() -> Any:
        return "green-one"

    @router.get("/green/two")
    def show_two_2() -> Any:
        return "green-two"

    @router.get("/green/{n:int}")
    def show_green(n: int) -> Any:
        return "green-{n:int}"

    @router.get("/blue/one")
    def show_one_3() -> Any:
        return "blue-one"

    @router.get("/blue/two")
    def show_two_3() -> Any:
        return "blue-two"

    @router.get("/blue/{n:int}")
    def show_blue(n: int) -> Any:
        return "blue-{n:int}"

    app.mount("/", router)

    check(app)


def test_method_of_a_less_specific_route(check: Check) -> None:
    """A path that matches several routes has the methods of all of them."""
    app = Sabir()

    @app.post("/users/me")
    async def take_me() -> Any:
        return "update"

    @app.get("/users/{name}")
    async def show_users(name: str) -> Any:
        return "show"

    @app.delete("/users/{name}")
    async def take_users(name: str) -> Any:
        return "drop"

    check(app)


def test_pattern_written_with_escapes(check: Check) -> None:
    """A pattern may be written with escapes and means the decoded text."""
    app = Sabir()
    router = Router()

    @router.get("/caf%C3%A9", blocking=False)
    def show_caf_c3_a9() -> Any:
        return "accent"

    @router.get("/100%25", blocking=False)
    def show_100_25() -> Any:
        return "percent"

    @router.get("/a%2Fb", blocking=False)
    def show_a_2fb() -> Any:
        return "slash"

    app.mount("/", router)

    check(app)


def test_query_and_fragment_are_no_path(check: Check) -> None:
    """The query takes no part in the match, whatever it holds."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "items"

    @app.get("/items/{id:int}")
    async def show_items_2(id: int) -> Any:
        return "item"

    check(app)


def test_redirect_stays_on_this_host(check: Check) -> None:
    """A path that starts with two slashes would name another host and is never redirected to."""
    app = Sabir()
    router = Router()

    @router.get("/{rest:path}")
    def answer(rest: str) -> Any:
        return "rest"

    @router.get("/{a}/")
    def answer_2(a: str) -> Any:
        return "a"

    app.mount("/", router)

    check(app)


def test_root(check: Check) -> None:
    """The root has a route like every other path, and an empty path is the root."""
    app = Sabir()
    router = Router()

    @router.get("/", blocking=False)
    def answer() -> Any:
        return "root"

    app.mount("/", router)

    check(app)


def test_segment_of_a_variable_and_a_dot(check: Check) -> None:
    """A dot in a literal is a dot."""
    app = Sabir()

    @app.get("/robots.txt")
    async def show_robots_txt() -> Any:
        return "robots"

    @app.get("/feed.{kind:xml|json}")
    async def answer(kind) -> Any:
        return "feed"

    check(app)


def test_segments_from_left_to_right(check: Check) -> None:
    """The first segment that differs decides which route is the more specific one."""
    app = Sabir()

    @app.get("/{a}/static", blocking=False)
    def show_static(a: str) -> Any:
        return "late"

    @app.get("/fixed/{b}", blocking=False)
    def show_fixed(b: str) -> Any:
        return "early"

    @app.get("/{a:int}/{b}", blocking=False)
    def answer(a: int, b: str) -> Any:
        return "typed"

    check(app)


def test_static_before_variables(check: Check) -> None:
    """A literal wins over every variable, whatever the order of the routes."""
    app = Sabir()

    @app.get("/users/{rest:path}")
    async def show_users(rest: str) -> Any:
        return "path"

    @app.get("/users/{name}")
    async def show_users_2(name: str) -> Any:
        return "plain"

    @app.get("/users/{id:int}")
    async def show_users_3(id: int) -> Any:
        return "int"

    @app.get("/users/me")
    async def show_me() -> Any:
        return "static"

    check(app)


def test_static_paths(check: Check) -> None:
    """Paths are matched whole: neither a prefix nor a longer path matches."""
    app = Sabir()
    router = Router()

    @router.get("/items")
    async def show_items() -> Any:
        return "items"

    @router.get("/items/new")
    async def show_new() -> Any:
        return "new"

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_target_in_absolute_form(check: Check) -> None:
    """A target in absolute form matches by its path."""
    app = Sabir()
    router = Router()

    @router.get("/items/{id:int}")
    async def show_items(id: int) -> Any:
        return "item"

    app.mount("/", router)

    check(app)


def test_text_around_a_variable_is_specific(check: Check) -> None:
    """Among variables of one class the one with more text around it wins."""
    app = Sabir()

    @app.get("/f/{name}", blocking=False)
    def show_f(name: str) -> Any:
        return "plain"

    @app.get("/f/{name}.json", blocking=False)
    def show_f_2(name: str) -> Any:
        return "json"

    @app.get("/f/data-{name}", blocking=False)
    def show_f_3(name: str) -> Any:
        return "data"

    @app.get("/f/{name:int}", blocking=False)
    def show_f_4(name: int) -> Any:
        return "int"

    check(app)


def test_trailing_slash_ignored(check: Check) -> None:
    """With slashes ignored both paths match, and the method still counts."""
    app = Sabir(trailing_slash="ignore")

    @app.get("/items")
    def show_items() -> Any:
        return "items"

    @app.get("/users/")
    def show_users() -> Any:
        return "users"

    @app.get("/a/{id:int}")
    def show_a(id: int) -> Any:
        return "a"

    check(app)


def test_trailing_slash_redirects(check: Check) -> None:
    """By default a path that differs by the final slash leads to the declared one, with the query."""
    app = Sabir()

    @app.get("/items")
    async def show_items() -> Any:
        return "items"

    @app.get("/users/")
    async def show_users() -> Any:
        return "users"

    @app.get("/a/{id:int}")
    async def show_a(id: int) -> Any:
        return "a"

    check(app)


def test_trailing_slash_redirects_every_method(check: Check) -> None:
    """The redirect keeps the method, so it is given to every method the other path has."""
    app = Sabir()

    @app.post("/items")
    async def take_items() -> Any:
        return "made"

    @app.get("/caf%C3%A9/")
    async def show_caf_c3_a9() -> Any:
        return "accent"

    check(app)


def test_trailing_slash_strict(check: Check) -> None:
    """With strict slashes only the declared path matches."""
    app = Sabir(trailing_slash="strict")

    @app.get("/items")
    def show_items() -> Any:
        return "items"

    @app.get("/users/")
    def show_users() -> Any:
        return "users"

    check(app)


def test_types_among_each_other(check: Check) -> None:
    """Types are tried from the narrow to the wide: choice, bool, int, float, date, uuid, custom, text."""
    app = Sabir()
    app.converter("hex", "[0-9a-f]+", {"type": "string"})
    router = Router()

    @router.get("/a/{v}")
    async def show_a(v: str) -> Any:
        return "plain"

    @router.get("/a/{v:hex}")
    async def show_a_2(v) -> Any:
        return "hex"

    @router.get("/a/{v:uuid}")
    async def show_a_3(v: uuid.UUID) -> Any:
        return "uuid"

    @router.get("/a/{v:date}")
    async def show_a_4(v: datetime.date) -> Any:
        return "date"

    @router.get("/a/{v:float}")
    async def show_a_5(v: float) -> Any:
        return "float"

    @router.get("/a/{v:int}")
    async def show_a_6(v: int) -> Any:
        return "int"

    @router.get("/a/{v:bool}")
    async def show_a_7(v: bool) -> Any:
        return "bool"

    @router.get("/a/{v:1|true|x}")
    async def show_a_8(v) -> Any:
        return "choice"

    app.mount("/", router)

    check(app)


def test_wildcard_comes_last(check: Check) -> None:
    """A wildcard takes what no other route takes."""
    app = Sabir()

    @app.get("/{rest:path}")
    def answer(rest: str) -> Any:
        return "rest"

    @app.get("/api/items")
    def show_items() -> Any:
        return "items"

    @app.get("/api/{name}")
    def show_api(name: str) -> Any:
        return "name"

    check(app)


def test_wildcard_in_the_middle(check: Check) -> None:
    """What follows a wildcard must match the end of the path."""
    app = Sabir()

    @app.get("/repos/{name:path}/raw")
    def show_raw(name: str) -> Any:
        return "raw"

    @app.get("/repos/{name:path}/issues/{id:int}")
    def show_issues(name: str, id: int) -> Any:
        return "issue"

    @app.get("/repos/{name:path}")
    def show_repos(name: str) -> Any:
        return "repo"

    check(app)
