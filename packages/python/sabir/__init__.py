"""Sabir: a Rust web runtime, spoken from Python."""

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
from sabir.testing import AsyncTestClient, TestClient, TestResponse
from sabir.upload import UploadFile

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
    "ServiceUnavailable",
    "Settings",
    "SetupError",
    "TestClient",
    "TestResponse",
    "TooManyRequests",
    "Unauthorized",
    "UploadFile",
    "ValidationFailed",
]
