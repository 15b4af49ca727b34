"""Security schemes: who sends a request and what they may do, checked in the runtime before Python is entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sabir.problem import SetupError


@dataclass(frozen=True)
class Identity:
    """Who sends a request, see :attr:`sabir.Request.identity`."""

    scheme: str
    """The name of the scheme that has found out."""
    subject: str | None = None
    """The name of a key or a user, or the claim ``sub`` of a token; ``None`` where the handler has to find out."""
    scopes: list[str] = field(default_factory=list)
    """What they may do."""
    claims: dict[str, Any] = field(default_factory=dict)
    """The claims of a token (RFC 7519 §4)."""
    credentials: str | None = field(default=None, repr=False)
    """What was sent, of a scheme whose handlers check it: the key, the token, or ``name:password``."""


@dataclass(frozen=True)
class Key:
    """A key, a token or a password, and what it permits."""

    key: str = field(repr=False)
    scopes: str | Iterable[str] = ()


Keys = Mapping[str, str | Key]
"""Keys, tokens or passwords by the names of those who have them."""


@dataclass(frozen=True, kw_only=True)
class SecurityScheme:
    """What the security schemes have in common."""

    description: str | None = None
    """For people who read documents."""
    realm: str | None = None
    """What challenges call the protected space (RFC 9110 §11.5); the name of the scheme if it is left out."""

    def data(self) -> dict[str, Any]:
        """Return the OpenAPI Security Scheme Object, with what credentials are held against."""
        raise NotImplementedError

    def _with(self, scheme: dict[str, Any], **check: Any) -> dict[str, Any]:
        check = {name: value for name, value in {**check, "realm": self.realm}.items() if value is not None}
        described = {} if self.description is None else {"description": self.description}
        return {**scheme, **described, "x-sabir": check}


@dataclass(frozen=True, kw_only=True)
class _WithKeys(SecurityScheme):
    keys: Keys = field(default_factory=dict, repr=False)
    """Who has which; compared in constant time."""
    by_handler: bool = False
    """Whether handlers check the credentials, which they find in ``request.identity.credentials``. The runtime sees to
    it that there are any."""

    def _check(self) -> dict[str, Any]:
        if not self.keys:
            return {"by_handler": self.by_handler}
        keys = {
            name: {"key": key.key, "scopes": _list(key.scopes)} if isinstance(key, Key) else key
            for name, key in self.keys.items()
        }
        return {"keys": keys, "by_handler": self.by_handler}


@dataclass(frozen=True, kw_only=True)
class ApiKey(_WithKeys):
    """A key in a header field, the query or a cookie: name one of them.

    Example:
        >>> ApiKey(header="x-api-key", keys={"ci": "s3cret"}).data()["in"]
        'header'
    """

    header: str | None = None
    query: str | None = None
    cookie: str | None = None

    def data(self) -> dict[str, Any]:
        """Return the OpenAPI Security Scheme Object."""
        places = {"header": self.header, "query": self.query, "cookie": self.cookie}
        given = [(place, name) for place, name in places.items() if name is not None]
        if len(given) != 1:
            raise SetupError("ApiKey", "header, query, cookie", "a key is in one place", "name one of them")
        [(place, name)] = given
        return self._with({"type": "apiKey", "in": place, "name": name}, **self._check())


@dataclass(frozen=True, kw_only=True)
class Basic(_WithKeys):
    """Name and password (RFC 7617); ``keys`` are the passwords by names."""

    def data(self) -> dict[str, Any]:
        """Return the OpenAPI Security Scheme Object."""
        return self._with({"type": "http", "scheme": "basic"}, **self._check())


@dataclass(frozen=True, kw_only=True)
class Bearer(_WithKeys):
    """A token in ``Authorization: Bearer`` (RFC 6750) that is known beforehand, or that handlers check."""

    def data(self) -> dict[str, Any]:
        """Return the OpenAPI Security Scheme Object."""
        return self._with({"type": "http", "scheme": "bearer"}, **self._check())


Algorithm = Literal[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"
]
"""How a token is signed (RFC 7518 §3.1, RFC 8037 §3.1)."""


@dataclass(frozen=True, kw_only=True)
class Jwt(SecurityScheme):
    """A JSON Web Token (RFC 7519) in ``Authorization: Bearer``.

    Scopes are the words of its claims ``scope``, ``scp``, ``scopes``, ``roles`` and ``permissions``.

    Example:
        >>> Jwt(algorithms=["HS256"], secret="0123456789abcdef" * 2, audience="shop").data()["bearerFormat"]
        'JWT'
    """

    algorithms: Iterable[Algorithm]
    """Those that may have signed it (RFC 8725 §3.1)."""
    secret: str | None = field(default=None, repr=False)
    """What signers and this server share, for HS256 and its siblings: 32 bytes or more."""
    public_keys: Iterable[str] = ()
    """Public keys in PEM."""
    jwks: Mapping[str, Any] | None = None
    """A JWK Set (RFC 7517 §5)."""
    audience: str | Iterable[str] = ()
    """Whom it has to be meant for: one of these. Without any, a token that is meant for somebody is refused."""
    issuer: str | Iterable[str] = ()
    """Who has to have made it: one of these."""
    leeway: int = 30
    """Seconds by which clocks may differ."""
    may_last_for_ever: bool = False
    """Whether one that never expires is taken."""

    def data(self) -> dict[str, Any]:
        """Return the OpenAPI Security Scheme Object."""
        rules = {
            "algorithms": _list(self.algorithms),
            "secret": self.secret,
            "public_keys": _list(self.public_keys),
            "jwks": None if self.jwks is None else dict(self.jwks),
            "audience": _list(self.audience),
            "issuer": _list(self.issuer),
            "leeway": self.leeway,
            "may_last_for_ever": self.may_last_for_ever,
        }
        given = {name: value for name, value in rules.items() if value is not None}
        return self._with({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}, jwt=given)


class Scheme:
    """A security scheme of an application, for the option ``security`` of routes.

    Called with scopes it demands these, too.

    Example:
        >>> token = Scheme("token")
        >>> token("orders:read").data()
        {'token': ['orders:read']}
    """

    def __init__(self, name: str, scopes: Iterable[str] = ()) -> None:
        self.name = name
        self._scopes = list(scopes)

    def __call__(self, *scopes: str) -> Scheme:
        """Return the same scheme, with scopes that are needed."""
        return Scheme(self.name, scopes)

    def data(self) -> dict[str, list[str]]:
        """Return the OpenAPI Security Requirement Object."""
        return {self.name: self._scopes}

    def __repr__(self) -> str:
        return f"Scheme({self.name!r}, {self._scopes!r})"


Requirement = Scheme | str | Mapping[str, Iterable[str]]
"""One alternative of ``security``: a scheme, its name, or an OpenAPI Security Requirement Object, of which ``{}`` is
everybody."""


def requirements_of(route: str, security: Iterable[Requirement]) -> list[dict[str, list[str]]]:
    """Return the alternatives as data.

    Raises:
        SetupError: If one of them is none.
    """
    if isinstance(security, str | Scheme | Mapping):
        raise SetupError(route, "security", "it is one alternative", "give a list of them")
    found = []
    for place, alternative in enumerate(security):
        if isinstance(alternative, Scheme):
            found.append(alternative.data())
        elif isinstance(alternative, str):
            found.append({alternative: []})
        elif isinstance(alternative, Mapping):
            found.append({name: _list(scopes) for name, scopes in alternative.items()})
        else:
            problem = f"{alternative!r} is no security requirement"
            raise SetupError(route, f"security[{place}]", problem, "use what app.security has returned")
    return found


def _list(values: str | Iterable[str]) -> list[str]:
    return [values] if isinstance(values, str) else list(values)
