"""From a handler to the contract: its OpenAPI operation and the plan of its arguments."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sabir.arguments import Arguments
from sabir.components import Components
from sabir.encoding import Encode, encode_json, encoder_of
from sabir.problem import SetupError
from sabir.responses import responses_of
from sabir.routes import RouteDefinition
from sabir.signature import (
    awaiting,
    hints,
    innermost,
    is_coroutine_function,
    is_generator_function,
    is_unbound_method,
    parameters,
    positional,
)
from sabir.statuses import declared_statuses

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
    statuses: Collection[int] | None = None
    """The statuses that may stand beside an answer, when its annotation declares that one does."""
    encode: Encode = encode_json
    """What encodes values that are sent as JSON."""
    components: Components = field(default_factory=Components)


def derive(definition: RouteDefinition, existing: Components | None = None) -> DerivedRoute:
    """Read a handler's signature. The route's models are added to a copy of the ``existing`` components.

    Raises:
        SetupError: If a parameter or the return type cannot be described. It names the route and the parameter.
    """
    components = Components() if existing is None else existing.copy()
    variables = {match[1]: match[2] for match in _VARIABLE.finditer(definition.path)}
    arguments = Arguments(definition.name, variables, components)
    filled = _parameters(definition)
    types = _hints(definition, filled)
    named: list[str] = []
    for parameter in filled:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise SetupError(
                definition.name,
                parameter.name,
                "the runtime cannot fill *args or **kwargs",
                "name each parameter; a decorator does it with functools.wraps",
            )
        if parameter.kind is parameter.KEYWORD_ONLY:
            named.append(parameter.name)
        arguments.add(parameter.name, types.get(parameter.name, parameter.empty), parameter.default)
    annotation = types.get("return", Any)
    operation = {**_description(definition), **arguments.operation()}
    try:
        statuses = declared_statuses(annotation, definition.options)
        responses = responses_of(definition.options, annotation, components)
    except (TypeError, NameError) as error:
        raise SetupError(definition.name, "return", str(error), "give responses= or another type") from error
    if responses:
        operation["responses"] = responses
    limits = {key: definition.options.get(key) for key in ("body_limit", "timeout_ms")}
    if any(value is not None for value in limits.values()):
        operation["x-sabir"] = {key: value for key, value in limits.items() if value is not None}
    handler, mode = _callable(definition, named)
    return DerivedRoute(
        definition=definition,
        operation=operation,
        handler=handler,
        mode=mode,
        arguments=arguments.plan,
        statuses=statuses,
        encode=encoder_of(annotation),
        components=components,
    )


def _parameters(definition: RouteDefinition) -> list[inspect.Parameter]:
    handler = definition.handler
    if not callable(handler):
        raise SetupError(definition.name, "handler", f"a {type(handler).__name__} cannot be called", "give a function")
    if is_generator_function(handler):
        raise SetupError(
            definition.name, "handler", "it is a generator, and answers are sent as a whole", "return a list"
        )
    try:
        filled = parameters(handler)
    except (TypeError, ValueError) as error:
        raise SetupError(definition.name, "handler", str(error), "wrap it in a function of your own") from error
    if is_unbound_method(handler, filled):
        raise SetupError(
            definition.name,
            filled[0].name,
            "it is a method without its instance",
            f"add the bound method, as in app.get({definition.path!r})(instance.{innermost(handler).__name__})",
        )
    return filled


def _hints(definition: RouteDefinition, filled: list[inspect.Parameter]) -> dict[str, Any]:
    try:
        return hints(definition.handler, filled, definition.namespace)
    except (NameError, TypeError, AttributeError, SyntaxError) as error:
        raise SetupError(
            definition.name,
            "annotations",
            str(error),
            "define the types before the handler, or leave out `from __future__ import annotations`",
        ) from error


def _callable(definition: RouteDefinition, named: list[str]) -> tuple[Callable[..., Any], int]:
    """Return what is called with positional arguments, and how."""
    written = definition.handler
    handler = positional(written, named) if named else written
    if is_coroutine_function(written):
        return handler, COROUTINE
    if inspect.iscoroutinefunction(innermost(written)):
        # A plain decorator passes on the coroutine of the function that it wraps, or answers in its stead.
        return awaiting(handler), COROUTINE
    return handler, THREAD if definition.options.get("blocking", True) else INLINE


def _description(definition: RouteDefinition) -> dict[str, Any]:
    options = definition.options
    function = innermost(definition.handler)
    text = (inspect.getdoc(function) or "") if inspect.isfunction(function) else ""
    first, _, rest = text.partition("\n")
    described: dict[str, Any] = {
        "tags": list(options.get("tags", ())),
        "summary": options.get("summary", first),
        "description": options.get("description", rest.strip()),
        "operationId": options.get("operation_id"),
        "deprecated": options.get("deprecated", False),
    }
    return {key: value for key, value in described.items() if value}
