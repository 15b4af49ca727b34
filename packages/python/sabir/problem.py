"""Problem details (RFC 9457): how a handler says no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from sabir.headers import HeaderFields, MutableHeaders


class SetupError(ValueError):
    """A mistake in a route, an annotation or a setting, found before the first request.

    The message reads ``route: field: problem; remedy``, the same in every language.
    """

    route: str
    """The route as ``GET /users/{id}``, or what else the mistake belongs to."""
    field: str
    """The field as a path such as ``parameters[0].schema``."""
    problem: str
    """What is wrong, without a final full stop."""
    remedy: str
    """What to do, as an imperative without a final full stop."""

    def __init__(self, route: str, field: str, problem: str, remedy: str) -> None:
        super().__init__(route, field, problem, remedy)
        self.route, self.field, self.problem, self.remedy = route, field, problem, remedy

    def __str__(self) -> str:
        """Return the parts in one line."""
        return f"{self.route}: {self.field}: {self.problem}; {self.remedy}"


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem.
    """An answer that is not a success, sent as ``application/problem+json``.

    Raise it or return it. ``extensions`` become further members of the body.

    Example:
        >>> problem = Problem(409, detail="The name is taken.", extensions={"name": "ann"})
        >>> problem.status
        409
    """

    def __init__(
        self,
        status: int = 500,
        detail: str | None = None,
        *,
        title: str | None = None,
        type: str | None = None,
        headers: HeaderFields = (),
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or title or f"problem {status}")
        self.status = status
        self.detail = detail
        self.title = title
        self.type = type
        self.headers = MutableHeaders(headers)
        self.extensions = dict(extensions or {})


class _NamedProblem(Problem):
    """A kind of problem that the runtime's table knows; it brings its own status, type and title."""

    _status: ClassVar[int]
    _slug: ClassVar[str]
    _title: ClassVar[str]

    def __init__(
        self,
        detail: str | None = None,
        *,
        title: str | None = None,
        type: str | None = None,
        headers: HeaderFields = (),
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            self._status,
            detail,
            title=title or self._title,
            type=type or f"urn:sabir:problem:{self._slug}",
            headers=headers,
            extensions=extensions,
        )


class BadRequest(_NamedProblem):
    """400: the request is malformed."""

    _status, _slug, _title = 400, "bad-request", "The request is malformed"


class Unauthorized(_NamedProblem):
    """401: the client is not authenticated. RFC 9110 §11.6.1 asks for a ``www-authenticate`` header."""

    _status, _slug, _title = 401, "unauthorized", "Authentication is required"


class Forbidden(_NamedProblem):
    """403: the client may not do this."""

    _status, _slug, _title = 403, "forbidden", "The request is not permitted"


class NotFound(_NamedProblem):
    """404: there is no such resource."""

    _status, _slug, _title = 404, "not-found", "The resource was not found"


class Conflict(_NamedProblem):
    """409: the request conflicts with the state of the resource."""

    _status, _slug, _title = 409, "conflict", "The request conflicts with the current state"


class Gone(_NamedProblem):
    """410: the resource is gone for good."""

    _status, _slug, _title = 410, "gone", "The resource is gone"


class ContentTooLarge(_NamedProblem):
    """413: the content is larger than the limit."""

    _status, _slug, _title = 413, "content-too-large", "The content is too large"


class UnsupportedMediaType(_NamedProblem):
    """415: the content has a media type or a charset that is not taken."""

    _status, _slug, _title = 415, "unsupported-media-type", "The media type is not supported"


class ValidationFailed(_NamedProblem):
    """422: a part of the request does not fit; ``errors`` says which, as the runtime's own refusals do."""

    _status, _slug, _title = 422, "validation-failed", "Request validation failed"

    def __init__(
        self,
        detail: str | None = None,
        *,
        title: str | None = None,
        type: str | None = None,
        headers: HeaderFields = (),
        extensions: Mapping[str, Any] | None = None,
        errors: Iterable[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(detail, title=title, type=type, headers=headers, extensions=extensions)
        self.errors = [dict(error) for error in errors]


class TooManyRequests(_NamedProblem):
    """429: the client sent too many requests. Give ``retry_after`` in seconds (RFC 6585 §4)."""

    _status, _slug, _title = 429, "too-many-requests", "Too many requests"

    def __init__(
        self,
        detail: str | None = None,
        *,
        retry_after: int | None = None,
        title: str | None = None,
        type: str | None = None,
        headers: HeaderFields = (),
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail, title=title, type=type, headers=headers, extensions=extensions)
        if retry_after is not None:
            self.headers.append("retry-after", retry_after)


class ServiceUnavailable(_NamedProblem):
    """503: the service cannot answer now."""

    _status, _slug, _title = 503, "service-unavailable", "The service is unavailable"
