"""Problems as the runtime takes them. Private."""

from __future__ import annotations

from typing import Any

from sabir.encoding import encode_json
from sabir.problem import Problem
from sabir.problems import ValidationFailed


def problem_data(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain data, its extensions as JSON text."""
    return {
        "status": problem.status,
        "type": problem.type,
        "title": problem.title,
        "detail": problem.detail,
        "headers": problem.headers.multi_items(),
        "extensions": encode_json(problem.extensions).decode(),
        "errors": problem.errors if isinstance(problem, ValidationFailed) else [],
    }
