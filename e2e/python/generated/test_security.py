# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/security``."""

from collections.abc import Iterator
from typing import Any

from sabir import Event, Request, Router, Sabir, WebSocket
from sabir.stages import RateLimit
from support import Check


def test_algorithms_are_permitted(check: Check) -> None:
    """Only algorithms that are listed may sign, and never none."""
    app = Sabir()
    app.security(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "x-sabir": {"jwt": {"algorithms": ["HS256"], "secret": "a secret of the tests, 32 bytes or more"}},
        },
    )
    router = Router()

    @router.get("/me", security=[{"token": []}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_alternatives(check: Check) -> None:
    """One alternative suffices, and one with several schemes needs all of them."""
    app = Sabir()
    app.security(
        "token", {"type": "http", "scheme": "bearer", "x-sabir": {"keys": {"ci": {"key": "abc", "scopes": ["read"]}}}}
    )
    app.security(
        "key",
        {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "x-sabir": {"keys": {"ci": "s3cret", "ada": {"key": "other", "scopes": ["read", "write"]}}},
        },
    )
    router = Router()

    @router.get("/either", security=[{"key": []}, {"token": []}])
    def show_either(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    @router.get("/both", security=[{"key": [], "token": []}])
    def show_both(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_bearer_tokens(check: Check) -> None:
    """A bearer token stands behind a scheme in any case, and what is wrong with it is told in the challenge."""
    app = Sabir()
    app.security(
        "token", {"type": "http", "scheme": "bearer", "x-sabir": {"keys": {"ci": {"key": "abc", "scopes": ["read"]}}}}
    )

    @app.get("/me", security=[{"token": ["read"]}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_before_validation(check: Check) -> None:
    """Who may not is told nothing of what else is wrong."""
    app = Sabir()
    app.security(
        "key",
        {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "x-sabir": {"keys": {"ci": "s3cret", "ada": {"key": "other", "scopes": ["read", "write"]}}},
        },
    )

    @app.get("/me", security=[{"key": []}])
    async def show_me(request: Request, limit: int) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_event_streams(check: Check) -> None:
    """A stream of events begins only for who may have it."""
    app = Sabir()
    app.security("key", {"type": "apiKey", "in": "query", "name": "key", "x-sabir": {"keys": {"ci": "s3"}}})

    @app.sse("/ticks", security=[{"key": []}], blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_everybody(check: Check) -> None:
    """An alternative without schemes lets everybody in, and who can be known is."""
    app = Sabir()
    app.security(
        "key",
        {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "x-sabir": {"keys": {"ci": "s3cret", "ada": {"key": "other", "scopes": ["read", "write"]}}},
        },
    )

    @app.get("/me", security=[{"key": []}, {}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    @app.get("/closed", security=[{"key": []}])
    async def show_closed(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_guesses_count(check: Check) -> None:
    """Guesses at credentials count, so that they cannot go on."""
    app = Sabir()
    app.use(RateLimit(limit="2/minute"))
    app.security("key", {"type": "apiKey", "in": "header", "name": "x-api-key", "x-sabir": {"keys": {"ci": "s3cret"}}})

    @app.get("/me", security=[{"key": []}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {"subject": request.identity and request.identity.subject}

    check(app)


def test_handlers_may_check(check: Check) -> None:
    """Where handlers check credentials the runtime sees to it that there are any."""
    app = Sabir()
    app.security("key", {"type": "apiKey", "in": "header", "name": "x-api-key", "x-sabir": {"by_handler": True}})
    router = Router()

    @router.get("/me", security=[{"key": []}], blocking=False)
    def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_json_web_tokens(check: Check) -> None:
    """A JSON Web Token tells who sends the request and what they may do."""
    app = Sabir()
    app.security(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "x-sabir": {"jwt": {"algorithms": ["HS256"], "secret": "a secret of the tests, 32 bytes or more"}},
        },
    )
    router = Router()

    @router.get("/me", security=[{"token": ["read"]}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_key_in_a_cookie(check: Check) -> None:
    """A key in a cookie tells who sends the request."""
    app = Sabir()
    app.security("key", {"type": "apiKey", "in": "cookie", "name": "session", "x-sabir": {"keys": {"ci": "s3"}}})
    router = Router()

    @router.get("/me", security=[{"key": []}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_key_in_a_field(check: Check) -> None:
    """A key in a header field tells who sends the request, and one that nobody has is refused before the handler."""
    app = Sabir()
    app.security(
        "key",
        {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "x-sabir": {"keys": {"ci": "s3cret", "ada": {"key": "other", "scopes": ["read", "write"]}}},
        },
    )

    @app.get("/me", security=[{"key": []}], blocking=False)
    def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_key_in_the_query(check: Check) -> None:
    """A key in the query is percent-decoded, and stands once."""
    app = Sabir()
    app.security("key", {"type": "apiKey", "in": "query", "name": "key", "x-sabir": {"keys": {"ci": "s 3"}}})

    @app.get("/me", security=[{"key": []}], blocking=False)
    def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_key_sets(check: Check) -> None:
    """The id of a token chooses among the keys of a set, so that keys can be changed."""
    app = Sabir()
    app.security(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "x-sabir": {
                "jwt": {
                    "algorithms": ["HS256"],
                    "jwks": {
                        "keys": [
                            {
                                "kty": "oct",
                                "kid": "new",
                                "alg": "HS256",
                                "k": "YSBzZWNyZXQgb2YgdGhlIHRlc3RzLCAzMiBieXRlcyBvciBtb3Jl",
                            },
                            {
                                "kty": "oct",
                                "kid": "old",
                                "alg": "HS256",
                                "k": "dGhlIHNlY3JldCBvZiBiZWZvcmUsIHdpdGggMzIgYnl0ZXM",
                            },
                        ]
                    },
                }
            },
        },
    )

    @app.get("/me", security=[{"token": []}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_name_and_password(check: Check) -> None:
    """Name and password are UTF-8 in Base64, and only the password has colons."""
    app = Sabir()
    app.security(
        "login",
        {
            "type": "http",
            "scheme": "basic",
            "x-sabir": {"keys": {"ada": "pass word:1", "Jürgen": "ü"}, "realm": "Shop"},
        },
    )
    router = Router()

    @router.get("/me", security=[{"login": []}])
    async def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_public_keys(check: Check) -> None:
    """Tokens of public keys are verified by the key that fits."""
    app = Sabir()
    app.security(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "x-sabir": {
                "jwt": {
                    "algorithms": ["RS256", "PS256", "ES256", "EdDSA"],
                    "public_keys": [
                        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3Wm2nZafrnOKXXxaq8d0\nbgaMbVz7eK9i8Ls4uxgPdApg/3XKPDEP9jtcILUZA5DmcbkOx1nd4cD1W+jufvB4\n/vVtt2lqvqK2yreuas9EesUjJPab4qIlwPjWPYukw5Am0W52jWIACV8QCjHxkxZj\nFp9CRajSDZsevynFMbsogCHqWATq7YBmEMd/nBXj+QmZozR4dB1lMvBaN5MK5gK7\nADEPIbHfBa4F9HgbHUdGDAS6+Ene5lWeqhqIeCw8oqxmJgQedjqkXcC7RsCZm9Ir\nOOHZyCsxscuA3nspInPe+BS/6GKGJyqjpB7nTxjx4RE12VYfdMbBEDtad/itwMNq\nawIDAQAB\n-----END PUBLIC KEY-----\n",
                        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEq02LszQxG8SUfUN2tivKT/K+Wre9\nROFbkYkLaOpoeBtJzhrIv/AFWm00SJ2u/zx7Dl3q7fCYOz311nf2iYIwfw==\n-----END PUBLIC KEY-----\n",
                        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGDop3sdFKCi+/IkNtcAEOB9sDG4oIPxkBE+oQNcFj4o=\n-----END PUBLIC KEY-----\n",
                    ],
                }
            },
        },
    )
    router = Router()

    @router.get("/me", security=[{"token": []}], blocking=False)
    def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_scopes(check: Check) -> None:
    """Who is known and may too little is answered 403, with the scopes that are needed."""
    app = Sabir()
    app.security(
        "token", {"type": "http", "scheme": "bearer", "x-sabir": {"keys": {"ci": {"key": "abc", "scopes": ["read"]}}}}
    )
    app.security(
        "key",
        {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "x-sabir": {"keys": {"ci": "s3cret", "ada": {"key": "other", "scopes": ["read", "write"]}}},
        },
    )
    router = Router()

    @router.get("/read", security=[{"token": ["read"]}], blocking=False)
    def show_read(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    @router.get("/write", security=[{"token": ["read", "write"]}], blocking=False)
    def show_write(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    @router.get("/key", security=[{"key": ["read"]}], blocking=False)
    def show_key(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)


def test_sockets(check: Check) -> None:
    """A socket is opened only for who may have it."""
    app = Sabir()
    app.security("key", {"type": "apiKey", "in": "query", "name": "key", "x-sabir": {"keys": {"ci": "s3"}}})

    @app.websocket("/echo", security=[{"key": []}])
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_tokens_are_meant_for_somebody(check: Check) -> None:
    """A token is meant for this server, and made by whom it trusts."""
    app = Sabir()
    app.security(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "x-sabir": {
                "jwt": {
                    "algorithms": ["HS256"],
                    "secret": "a secret of the tests, 32 bytes or more",
                    "audience": ["shop"],
                    "issuer": ["https://id.example"],
                }
            },
        },
    )

    @app.get("/me", security=[{"token": []}])
    def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_tokens_have_their_time(check: Check) -> None:
    """A token that has expired, or is not valid yet, or says nothing of it, is refused."""
    app = Sabir()
    app.security(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "x-sabir": {"jwt": {"algorithms": ["HS256"], "secret": "a secret of the tests, 32 bytes or more"}},
        },
    )

    @app.get("/me", security=[{"token": []}])
    def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    check(app)


def test_tokens_may_last_for_ever(check: Check) -> None:
    """Where that is permitted a token need not expire."""
    app = Sabir()
    app.security(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "x-sabir": {
                "jwt": {
                    "algorithms": ["HS256"],
                    "secret": "a secret of the tests, 32 bytes or more",
                    "may_last_for_ever": True,
                }
            },
        },
    )
    router = Router()

    @router.get("/me", security=[{"token": []}])
    def show_me(request: Request) -> dict[str, Any]:
        return {
            "subject": request.identity and request.identity.subject,
            "scopes": request.identity and request.identity.scopes,
        }

    app.mount("/", router)

    check(app)
