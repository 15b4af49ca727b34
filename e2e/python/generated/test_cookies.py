# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/cookies``."""

import datetime

from sabir import Response, Router, Sabir
from support import Check


def test_characters_that_would_end_name_or_path_are_failures(check: Check) -> None:
    """A cookie cannot smuggle attributes in its name or its path."""
    app = Sabir()
    router = Router()

    @router.get("/name")
    def show_name() -> Response:
        response = Response("ok")
        response.set_cookie("a=b", "1", path=None)
        return response

    @router.get("/path")
    def show_path() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path="/; Domain=example.com")
        return response

    app.mount("/", router)

    check(app)


def test_cookie_beside_a_field(check: Check) -> None:
    """A Set-Cookie field that the handler writes itself is kept beside its cookies."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Response:
        response = Response("ok", headers=[("set-cookie", "b=2; Path=/")])
        response.set_cookie("a", "1", path=None)
        return response

    check(app)


def test_cookies_of_other_statuses(check: Check) -> None:
    """Cookies are set with redirects and answers without content too."""
    app = Sabir()

    @app.post("/login")
    def take_login() -> Response:
        response = Response(None, 303, headers=[("location", "/")])
        response.set_cookie("a", "1")
        return response

    @app.post("/ping")
    def take_ping() -> Response:
        response = Response(None, 204)
        response.set_cookie("a", "2", path=None)
        return response

    @app.get("/items")
    def show_items() -> Response:
        response = Response("ok")
        response.set_cookie("a", "3", path=None)
        return response

    check(app)


def test_cookies_that_user_agents_drop_are_failures(check: Check) -> None:
    """SameSite=None and Partitioned without Secure are failures of the handler."""
    app = Sabir()

    @app.get("/none")
    async def show_none() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, same_site="none")
        return response

    @app.get("/partitioned")
    async def show_partitioned() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, partitioned=True)
        return response

    check(app)


def test_domain(check: Check) -> None:
    """A domain is sent as it is; without one the cookie belongs to the host alone."""
    app = Sabir()
    router = Router()

    @router.get("/domain", blocking=False)
    def show_domain() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, domain="example.com")
        return response

    @router.get("/host", blocking=False)
    def show_host() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None)
        return response

    app.mount("/", router)

    check(app)


def test_every_attribute(check: Check) -> None:
    """All attributes of one cookie are sent together, in any order."""
    app = Sabir()

    @app.get("/items")
    def show_items() -> Response:
        response = Response("ok")
        response.set_cookie(
            "id",
            "x",
            domain="example.com",
            max_age=60,
            expires=datetime.datetime.fromisoformat("2030-01-01T00:00:00Z"),
            secure=True,
            http_only=True,
            partitioned=True,
            same_site="none",
        )
        return response

    check(app)


def test_expires(check: Check) -> None:
    """A time of any zone is written as an HTTP date."""
    app = Sabir()

    @app.get("/utc", blocking=False)
    def show_utc() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, expires=datetime.datetime.fromisoformat("1994-11-06T08:49:37Z"))
        return response

    @app.get("/zone", blocking=False)
    def show_zone() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, expires=datetime.datetime.fromisoformat("2030-01-01T00:30:00+01:00"))
        return response

    @app.get("/leap", blocking=False)
    def show_leap() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, expires=datetime.datetime.fromisoformat("2028-02-29T23:59:59Z"))
        return response

    @app.get("/epoch", blocking=False)
    def show_epoch() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, expires=datetime.datetime.fromisoformat("1970-01-01T00:00:00Z"))
        return response

    check(app)


def test_host_prefix(check: Check) -> None:
    """A __Host- cookie is secure, has the path / and no domain; any other is a failure of the handler."""
    app = Sabir()

    @app.get("/good")
    async def show_good() -> Response:
        response = Response("ok")
        response.set_cookie("__Host-a", "1", secure=True)
        return response

    @app.get("/plain")
    async def show_plain() -> Response:
        response = Response("ok")
        response.set_cookie("__Host-a", "1")
        return response

    @app.get("/directory")
    async def show_directory() -> Response:
        response = Response("ok")
        response.set_cookie("__Host-a", "1", path="/docs", secure=True)
        return response

    @app.get("/without")
    async def show_without() -> Response:
        response = Response("ok")
        response.set_cookie("__Host-a", "1", path=None, secure=True)
        return response

    @app.get("/domain")
    async def show_domain() -> Response:
        response = Response("ok")
        response.set_cookie("__Host-a", "1", domain="example.com", secure=True)
        return response

    check(app)


def test_max_age(check: Check) -> None:
    """Max-Age is written in whole seconds; 0 and less end the cookie at once."""
    app = Sabir()

    @app.get("/hour")
    def show_hour() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, max_age=3600)
        return response

    @app.get("/now")
    def show_now() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, max_age=0)
        return response

    @app.get("/past")
    def show_past() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, max_age=-1)
        return response

    check(app)


def test_name_and_value(check: Check) -> None:
    """A cookie without attributes is a name and a value; the value may be empty."""
    app = Sabir()

    @app.get("/plain")
    def show_plain() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None)
        return response

    @app.get("/empty")
    def show_empty() -> Response:
        response = Response("ok")
        response.set_cookie("a", "", path=None)
        return response

    @app.get("/signs")
    def show_signs() -> Response:
        response = Response("ok")
        response.set_cookie("!#$%&'*+-.^_`|~", "!#$&'()*+-./:<=>?@[]^_`{|}~", path=None)
        return response

    check(app)


def test_partitioned(check: Check) -> None:
    """A cookie may be kept apart for each top-level site."""
    app = Sabir()

    @app.get("/partitioned")
    async def show_partitioned() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, secure=True, partitioned=True)
        return response

    check(app)


def test_path(check: Check) -> None:
    """The path is sent as it is."""
    app = Sabir()

    @app.get("/top")
    def show_top() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1")
        return response

    @app.get("/docs")
    def show_docs() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path="/docs/a%20b")
        return response

    check(app)


def test_same_site(check: Check) -> None:
    """SameSite has one of three values."""
    app = Sabir()

    @app.get("/strict", blocking=False)
    def show_strict() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, same_site="strict")
        return response

    @app.get("/lax", blocking=False)
    def show_lax() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, same_site="lax")
        return response

    @app.get("/none", blocking=False)
    def show_none() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, secure=True, same_site="none")
        return response

    check(app)


def test_secure_and_http_only(check: Check) -> None:
    """Secure and HttpOnly are written without a value, and only when they are wanted."""
    app = Sabir()

    @app.get("/secure")
    async def show_secure() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, secure=True)
        return response

    @app.get("/http")
    async def show_http() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None, http_only=True)
        return response

    @app.get("/neither")
    async def show_neither() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1", path=None)
        return response

    check(app)


def test_secure_prefix(check: Check) -> None:
    """A __Secure- cookie is secure; any other is a failure of the handler, whatever the case of the prefix."""
    app = Sabir()

    @app.get("/good")
    async def show_good() -> Response:
        response = Response("ok")
        response.set_cookie("__Secure-a", "1", path=None, secure=True)
        return response

    @app.get("/plain")
    async def show_plain() -> Response:
        response = Response("ok")
        response.set_cookie("__Secure-a", "1", path=None)
        return response

    @app.get("/lower")
    async def show_lower() -> Response:
        response = Response("ok")
        response.set_cookie("__secure-a", "1", path=None)
        return response

    check(app)


def test_several_cookies(check: Check) -> None:
    """Each cookie has a field of its own, in the handler's order, also where names are equal."""
    app = Sabir()

    @app.get("/items", blocking=False)
    def show_items() -> Response:
        response = Response("ok")
        response.set_cookie("b", "1", path=None)
        response.set_cookie("a", "2", path="/docs")
        response.set_cookie("a", "3")
        return response

    check(app)


def test_values_are_encoded(check: Check) -> None:
    """What a cookie cannot carry is percent-encoded in its value, so that it cannot smuggle attributes or fields and is read back as it was set."""
    app = Sabir()
    router = Router()

    @router.get("/semicolon")
    async def show_semicolon() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1; Secure", path=None)
        return response

    @router.get("/line")
    async def show_line() -> Response:
        response = Response("ok")
        response.set_cookie("a", "1\r\nx-a: 2", path=None)
        return response

    @router.get("/space")
    async def show_space() -> Response:
        response = Response("ok")
        response.set_cookie("a", "a b", path=None)
        return response

    @router.get("/letter")
    async def show_letter() -> Response:
        response = Response("ok")
        response.set_cookie("a", "é", path=None)
        return response

    @router.get("/percent")
    async def show_percent() -> Response:
        response = Response("ok")
        response.set_cookie("a", "100%", path=None)
        return response

    @router.get("/quotes")
    async def show_quotes() -> Response:
        response = Response("ok")
        response.set_cookie("a", '"1"', path=None)
        return response

    app.mount("/", router)

    check(app)
