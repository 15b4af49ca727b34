"""Sabir: a Rust web runtime, spoken from Python."""

from typing import TYPE_CHECKING, Any

from sabir.app import Sabir
from sabir.parameters import Body, Cookie, File, Form, Header, Path, Query
from sabir.problem import (
    BadRequest,
    Conflict,
    ContentTooLarge,
    Forbidden,
    Gone,
    NotFound,
    Problem,
    ServiceUnavailable,
    SetupError,
    TooManyRequests,
    Unauthorized,
    ValidationFailed,
)
from sabir.request import Request
from sabir.response import Response
from sabir.router import Router
from sabir.settings import Settings
from sabir.upload import UploadFile

if TYPE_CHECKING:
    from sabir.testing import AsyncTestClient, SabirTransport, TestClient

__all__ = [
    "AsyncTestClient",
    "BadRequest",
    "Body",
    "Conflict",
    "ContentTooLarge",
    "Cookie",
    "File",
    "Forbidden",
    "Form",
    "Gone",
    "Header",
    "NotFound",
    "Path",
    "Problem",
    "Query",
    "Request",
    "Response",
    "Router",
    "Sabir",
    "SabirTransport",
    "ServiceUnavailable",
    "Settings",
    "SetupError",
    "TestClient",
    "TooManyRequests",
    "Unauthorized",
    "UploadFile",
    "ValidationFailed",
]


def __getattr__(name: str) -> Any:
    """Import the test clients when they are first asked for: applications do without httpx."""
    if name in ("AsyncTestClient", "SabirTransport", "TestClient"):
        from sabir import testing

        return getattr(testing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
