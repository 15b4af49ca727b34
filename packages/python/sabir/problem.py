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


class NamedProblem(Problem):
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


class ValidationProblem(NamedProblem):
    """A problem whose ``errors`` say which parts of the request do not fit, as in the runtime's own refusals."""

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


class RetryProblem(NamedProblem):
    """A problem that passes: ``retry_after`` says after how many seconds to try again (RFC 9110 §10.2.3)."""

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
