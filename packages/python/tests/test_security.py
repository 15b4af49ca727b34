"""Security schemes as Python gives them to the runtime."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sabir import Request, Router, Sabir, SetupError, TestClient
from sabir.security import ApiKey, Basic, Bearer, Jwt, Key, SecurityScheme

pytestmark = pytest.mark.native

SECRET = "0123456789abcdef" * 2
COMPLETE: dict[type[SecurityScheme], dict[str, Any]] = {
    ApiKey: {"header": "x-key", "keys": {"ci": "s3cret"}},
    Basic: {"keys": {"ada": "s3cret"}},
    Bearer: {"keys": {"ci": "s3cret"}},
    Jwt: {"algorithms": ["HS256"], "secret": SECRET},
}
"""Options with which each of them is complete."""

PATHS = {
    "description": "description",
    "header": "name",
    "query": "name",
    "cookie": "name",
    "realm": "x-sabir.realm",
    "keys": "x-sabir.keys",
    "by_handler": "x-sabir.by_handler",
}
"""Where the options stand in the OpenAPI Security Scheme Object; those of tokens stand in ``x-sabir.jwt``."""


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, field.name) for kind in COMPLETE for field in dataclasses.fields(kind)]
)
def test_each_option_arrives_at_its_place(kind: type[SecurityScheme], name: str) -> None:
    given = {**COMPLETE[kind], name: [7] if name in ("audience", "issuer") else {"neither": 7}}
    if name in ("query", "cookie"):
        del given["header"]
    with pytest.raises(SetupError) as raised:
        Sabir().security("token", kind(**given))
    assert raised.value.route == "security scheme token"
    assert raised.value.field.startswith(PATHS.get(name, f"x-sabir.jwt.{name}"))


@pytest.mark.parametrize("kind", COMPLETE)
def test_options_that_are_no_options_are_refused(kind: type[SecurityScheme]) -> None:
    with pytest.raises(TypeError, match="odd"):
        kind(**COMPLETE[kind], odd=1)


@pytest.mark.parametrize("places", [{}, {"header": "a", "query": "a"}, {"query": "a", "cookie": "a"}])
def test_a_key_is_in_one_place(places: dict[str, str]) -> None:
    with pytest.raises(SetupError, match="ApiKey: header, query, cookie: a key is in one place; name one of them"):
        Sabir().security("key", ApiKey(**places, by_handler=True))  # type: ignore[arg-type]


def test_one_scope_may_be_text() -> None:
    assert ApiKey(header="x-key", keys={"ci": Key("s3cret", "read")}).data()["x-sabir"]["keys"] == {
        "ci": {"key": "s3cret", "scopes": ["read"]}
    }


def test_what_a_router_and_a_route_demand() -> None:
    app = Sabir()
    key = app.security("key", ApiKey(header="x-key", keys={"ci": Key("s3cret", ["read"]), "web": "other"}))
    basic = app.security("basic", Basic(keys={"ada": "s3cret"}))
    router = Router("/in", security=[key])

    def who(request: Request) -> str:
        assert request.identity is not None
        return f"{request.identity.scheme} {request.identity.subject}"

    router.get("/a")(who)
    router.get("/read", security=[key("read")])(who)
    router.get("/either", security=[key("read"), basic])(who)
    router.get("/public", security=[])(lambda: "all")
    app.mount("/", router)
    with TestClient(app) as client:
        ci, web = {"x-key": "s3cret"}, {"x-key": "other"}
        assert client.get("/in/a").status_code == 401
        assert client.get("/in/a", headers=web).text == "key web"
        assert client.get("/in/read", headers=web).status_code == 403
        assert client.get("/in/read", headers=ci).text == "key ci"
        assert client.get("/in/either", auth=("ada", "s3cret")).text == "basic ada"
        assert client.get("/in/public").text == "all"


@pytest.mark.parametrize("security", [["token"], [{"nobody": []}], [7], "key", {"key": []}, [{"key": [7]}]])
def test_what_is_no_demand_is_refused(security: Any) -> None:
    app = Sabir()
    app.security("key", ApiKey(header="x-key", keys={"ci": "s3cret"}))
    with pytest.raises(SetupError, match=r"GET /: .*security"):
        app.get("/", security=security)(lambda: None)


def test_a_name_is_taken_once_and_nothing_comes_while_it_serves() -> None:
    app = Sabir()
    app.security("key", ApiKey(header="x-key", keys={"ci": "s3cret"}))
    with pytest.raises(SetupError, match="security scheme key: name: it is taken"):
        app.security("key", Basic(keys={"ada": "s3cret"}))
    with TestClient(app), pytest.raises(SetupError, match="the application already serves"):
        app.security("other", Basic(keys={"ada": "s3cret"}))
