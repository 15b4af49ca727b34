"""From what a handler returned to the response that hooks see, and back to what is encoded. Private."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterable, Iterator
from typing import Any

from sabir.encoding import Answers, refuse_beside_events, with_status
from sabir.headers import MutableHeaders
from sabir.problem import Problem
from sabir.response import Response

_PLAIN = (dict, list, str, bytes)


def as_response(answer: Any, answers: Answers) -> Response:
    """Return the response that ``answer`` will be, with its status. A problem is its content."""
    status = answers.status
    if answers.statuses is not None and type(answer) is tuple:
        answer, status = with_status(answer, answers.statuses)
    media_type = answers.media_type
    if type(answer) in _PLAIN and media_type is None:
        # Most answers, of which nothing else has to be found out.
        return _response(answer, 200 if status is None else status, None)
    if isinstance(answer, Response):
        # Another object here too: a handler may give the same one to many requests.
        response = _copy(answer)
        if response.status is None:
            response.status = 200 if status is None else status
        return response
    if isinstance(answer, Problem):
        response = _response(answer, answer.status, None)
        # Another object: the same problem may be raised for many requests.
        response.headers._pairs = answer.headers.multi_items()
        return response
    if isinstance(answer, Iterator | AsyncIterable):
        media_type = media_type or answers.stream_type
    elif answer is not None:
        refuse_beside_events(answer, answers)
    return _response(answer, (204 if answer is None else 200) if status is None else status, media_type)


def as_value(response: Response, answer: Any, answers: Answers) -> Any:
    """Return what the runtime is to encode for a response that hooks have seen, which was made of ``answer``."""
    content = response.content
    if isinstance(content, Problem):
        return _problem(content, response)
    if (
        content is answer
        and type(content) in _PLAIN
        and not response.headers._pairs
        and response.status == (answers.status or 200)
        and response.media_type is answers.media_type
    ):
        # Nothing was changed, and the runtime encodes these itself.
        return content
    return response


def _problem(problem: Problem, response: Response) -> Problem:
    is_changed = response.headers != problem.headers or response.status != problem.status
    if not is_changed or response.status is None:
        return problem
    # Classes of problems may have constructors of their own.
    changed = type(problem).__new__(type(problem))
    changed.__dict__.update(problem.__dict__)
    changed.args = problem.args
    changed.headers, changed.status = response.headers, response.status
    return changed


def _copy(answer: Response) -> Response:
    response = copy.copy(answer)
    response.headers = answer.headers.copy()
    return response


def _response(content: Any, status: int, media_type: str | None) -> Response:
    """Do as the constructor, which has more to look at, for every answer that a hook sees."""
    response = Response.__new__(Response)
    response.content, response.status, response.media_type = content, status, media_type
    response.headers = MutableHeaders.__new__(MutableHeaders)
    response.headers._pairs = []
    return response
