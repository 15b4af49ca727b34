"""What a document says of an application as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypedDict

OpenApiVersion = Literal["3.1", "3.2"]
Ui = Literal["swagger"]


class Contact(TypedDict, total=False):
    """An OpenAPI Contact Object (OpenAPI 3.1 §4.8.3)."""

    name: str
    url: str
    email: str


class _LicenseName(TypedDict):
    name: str


class License(_LicenseName, total=False):
    """An OpenAPI License Object (OpenAPI 3.1 §4.8.4): a ``name``, and an ``identifier`` of SPDX or a ``url``."""

    identifier: str
    url: str


class DocumentInfo(TypedDict, total=False):
    """The name, the version and the addresses of an application, and what else there is to say of it.

    ``servers`` are the URLs that it is served at, such as ``https://shop.example/api``, or objects with a ``url`` and a
    ``description``. ``tags`` are objects with a ``name``, a ``description`` and ``externalDocs``.
    """

    title: str
    version: str
    description: str | None
    terms_of_service: str | None
    contact: Contact | None
    license: License | None
    servers: Iterable[str | Mapping[str, str]]
    tags: Iterable[Mapping[str, Any]]


def plain_info(info: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of an application in the words of the runtime, which are those of OpenAPI."""
    plain = {"termsOfService" if name == "terms_of_service" else name: value for name, value in info.items()}
    for name in ("servers", "tags"):
        given = plain.get(name)
        if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping):
            plain[name] = list(given)
    if isinstance(plain.get("servers"), list):
        plain["servers"] = [{"url": server} if isinstance(server, str) else server for server in plain["servers"]]
    return plain
