"""From a handler to the contract: its OpenAPI operation and the plan of its arguments."""

from __future__ import annotations

import functools
import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sabir.arguments import Arguments
from sabir.parameters import JsonSchema
from sabir.problem import SetupError
from sabir.responses import responses_of
from sabir.routes import RouteDefinition

COROUTINE, THREAD, INLINE = 0, 1, 2

_VARIABLE = re.compile(r"\{([^}:]+)(?::([^}]*))?\}")


@dataclass
class DerivedRoute:
    """A route as the runtime takes it."""

    definition: RouteDefinition
    operation: dict[str, Any]
    handler: Callable[..., Any]
    mode: int
    arguments: list[tuple[Any, ...]]
    components: dict[str, JsonSchema] = field(default_factory=dict)


def derive(definition: RouteDefinition) -> DerivedRoute:
    """Read a handler's signature.

    Raises:
        SetupError: If a parameter or the return type cannot be described. It names the route and the parameter.
    """
    components: dict[str, JsonSchema] = {}
    variables = {match[1]: match[2] for match in _VARIABLE.finditer(definition.path)}
    arguments = Arguments(definition.name, variables, components)
    hints = _hints(definition)
    named: list[str] = []
    for parameter in inspect.signature(definition.handler).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise SetupError.about(
                definition.name,
                parameter.name,
                "the runtime cannot fill *args or **kwargs",
                "name each parameter",
            )
        if parameter.kind is parameter.KEYWORD_ONLY:
            named.append(parameter.name)
        arguments.add(parameter.name, hints.get(parameter.name, parameter.empty), parameter.default)
    operation = {**_description(definition), **arguments.operation()}
    try:
        responses = responses_of(definition.options, hints.get("return", Any), components)
    except TypeError as error:
        raise SetupError.about(definition.name, "return", str(error), "give responses= or another type") from error
    if responses:
        operation["responses"] = responses
    limits = {key: definition.options.get(key) for key in ("body_limit", "timeout_ms")}
    if any(value is not None for value in limits.values()):
        operation["x-sabir"] = {key: value for key, value in limits.items() if value is not None}
    return DerivedRoute(
        definition=definition,
        operation=operation,
        handler=_positional(definition.handler, named) if named else definition.handler,
        mode=_mode(definition),
        arguments=arguments.plan,
        components=components,
    )


def _function(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function whose annotations and kind count for ``handler``."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    if not inspect.isroutine(handler) and not inspect.isclass(handler):
        handler = type(handler).__call__
    function: Callable[..., Any] = inspect.unwrap(handler)
    return function


def _hints(definition: RouteDefinition) -> dict[str, Any]:
    try:
        return typing.get_type_hints(_function(definition.handler), include_extras=True)
    except (NameError, TypeError, AttributeError) as error:
        raise SetupError.about(
            definition.name,
            "annotations",
            str(error),
            "define the types at module level, or leave out `from __future__ import annotations`",
        ) from error


def _mode(definition: RouteDefinition) -> int:
    if inspect.iscoroutinefunction(_function(definition.handler)):
        return COROUTINE
    return THREAD if definition.options.get("blocking", True) else INLINE


def _positional(handler: Callable[..., Any], named: list[str]) -> Callable[..., Any]:
    """Return a function that takes positionally what ``handler`` takes by keyword only."""
    count = len(named)

    @functools.wraps(handler)
    def call(*values: Any) -> Any:
        return handler(*values[:-count], **dict(zip(named, values[-count:], strict=True)))

    return call


def _description(definition: RouteDefinition) -> dict[str, Any]:
    options = definition.options
    first, _, rest = (inspect.getdoc(definition.handler) or "").partition("\n")
    if not inspect.isroutine(definition.handler):
        first = rest = ""
    described: dict[str, Any] = {
        "tags": list(options.get("tags", ())),
        "summary": options.get("summary", first),
        "description": options.get("description", rest.strip()),
        "operationId": options.get("operation_id"),
        "deprecated": options.get("deprecated", False),
    }
    return {key: value for key, value in described.items() if value}
