"""Sabir: a Rust web runtime, spoken from Python."""

from typing import TYPE_CHECKING, Any

from sabir.app import Sabir
from sabir.close_code import CloseCode
from sabir.content import Part, SyncPart
from sabir.dependencies import Depends
from sabir.event import Event
from sabir.file_response import FileResponse
from sabir.headers import Headers, MutableHeaders
from sabir.parameters import Body, Cookie, File, Form, Header, Path, Query
from sabir.problem import Problem, SetupError
from sabir.problems import (
    BadRequest,
    Conflict,
    ContentTooLarge,
    Forbidden,
    Gone,
    HandlerTimeout,
    HeaderFieldsTooLarge,
    InternalError,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PreconditionFailed,
    RangeNotSatisfiable,
    RequestTimeout,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    Unimplemented,
    UnsupportedMediaType,
    UpgradeRequired,
    UriTooLong,
    ValidationFailed,
    VersionNotSupported,
)
from sabir.request import Request
from sabir.response import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from sabir.router import Router
from sabir.settings import Settings
from sabir.upload import UploadFile
from sabir.websocket import WebSocket, WebSocketDisconnect

if TYPE_CHECKING:
    from sabir._sabir import __version__
    from sabir.testing import AsyncTestClient, SabirTransport, TestClient

__all__ = [
    "AsyncTestClient",
    "BadRequest",
    "Body",
    "CloseCode",
    "Conflict",
    "ContentTooLarge",
    "Cookie",
    "Depends",
    "Event",
    "File",
    "FileResponse",
    "Forbidden",
    "Form",
    "Gone",
    "HTMLResponse",
    "HandlerTimeout",
    "Header",
    "HeaderFieldsTooLarge",
    "Headers",
    "InternalError",
    "JSONResponse",
    "MethodNotAllowed",
    "MutableHeaders",
    "NotAcceptable",
    "NotFound",
    "Part",
    "Path",
    "PlainTextResponse",
    "PreconditionFailed",
    "Problem",
    "Query",
    "RangeNotSatisfiable",
    "RedirectResponse",
    "Request",
    "RequestTimeout",
    "Response",
    "Router",
    "Sabir",
    "SabirTransport",
    "ServiceUnavailable",
    "Settings",
    "SetupError",
    "StreamingResponse",
    "SyncPart",
    "TestClient",
    "TooManyRequests",
    "Unauthorized",
    "Unimplemented",
    "UnsupportedMediaType",
    "UpgradeRequired",
    "UploadFile",
    "UriTooLong",
    "ValidationFailed",
    "VersionNotSupported",
    "WebSocket",
    "WebSocketDisconnect",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Import what an application does without when it is asked for: the test clients, which need httpx, the version."""
    if name == "__version__":
        from sabir import _sabir

        return _sabir.__version__
    if name in ("AsyncTestClient", "SabirTransport", "TestClient"):
        from sabir import testing

        return getattr(testing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
