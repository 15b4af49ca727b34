"""From a handler to the contract: its OpenAPI operation and the plan of its arguments."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from sabir.annotations import split_annotated
from sabir.arguments import Arguments
from sabir.components import Components
from sabir.content_types import ContentType
from sabir.dependencies import Dependencies, Source, Step, Value, may_be_provided
from sabir.encoding import Answers, encoder_of
from sabir.headers import header_field
from sabir.hooks import Hooks, hooks_of
from sabir.media_types import are_events
from sabir.parameters import Body, File, Form, Header, Parameter
from sabir.problem import SetupError
from sabir.responses import responses_of
from sabir.routes import RouteDefinition
from sabir.security import requirements_of
from sabir.signature import (
    awaiting,
    hints,
    innermost,
    is_coroutine_function,
    is_generator_function,
    is_unbound_method,
    parameters,
    positional,
    yields,
)
from sabir.socket_types import message_converter, message_schema, message_types, socket_parameter
from sabir.stage import stages_of
from sabir.statuses import declared_statuses
from sabir.stream_types import stream_annotation, stream_type

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
    answers: Answers = field(default_factory=Answers)
    components: Components = field(default_factory=Components)
    steps: list[Step] = field(default_factory=list)
    """What is made before the handler is called."""
    sources: list[Source] = field(default_factory=list)
    """What the handler is called with."""
    hooks: Hooks = field(default_factory=Hooks)
    """The hooks that the route has itself."""


@dataclass
class Surroundings:
    """What routes are derived in: what their application or router has."""

    levels: Sequence[Hooks] = ()
    overrides: Mapping[Any, Any] = field(default_factory=dict)
    cells: dict[Any, Step] = field(default_factory=dict)
    """The dependencies that are made once for the application."""
    is_complete: bool = True
    """Whether no other application or router may provide more."""


def derive(
    definition: RouteDefinition, existing: Components | None = None, around: Surroundings | None = None
) -> DerivedRoute:
    """Read a handler's signature. The route's models are added to a copy of the ``existing`` components.

    Raises:
        SetupError: If a parameter or the return type cannot be described. It names the route and the parameter.
    """
    components = Components() if existing is None else existing.copy()
    variables = {match[1]: match[2] for match in _VARIABLE.finditer(definition.path)}
    arguments = Arguments(definition.name, variables, components)
    around = Surroundings() if around is None else around
    levels = (*around.levels, *definition.groups)
    dependencies = Dependencies(
        definition.name, arguments, levels, definition.namespace, around.overrides, around.cells
    )
    sources: list[Source] = []
    filled = _parameters(definition)
    types = _hints(definition, filled)
    named: list[str] = []
    socket = None if definition.socket is None else _socket_parameter(definition, filled, types)
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
        annotation = types.get(parameter.name, parameter.empty)
        if parameter.name == socket:
            sources.append(Value(len(arguments.plan)))
            arguments.add_socket(message_converter(message_types(annotation)[0]))
            continue
        dependency, annotation = dependencies.find(parameter.name, annotation, parameter.default)
        if dependency is not None:
            sources.append(dependencies.add(parameter.name, dependency, annotation))
            continue
        if parameter.name == "last_event_id" and are_events(definition.options.get("media_type")):
            annotation = _header(annotation, variables)
        try:
            sources.append(Value(arguments.add(parameter.name, annotation, parameter.default)))
        except SetupError:
            if around.is_complete or not may_be_provided(annotation):
                raise
    if definition.socket is not None:
        description = _socket_description(definition, types.get(socket or "", Any), components)
        route = _socket_route(definition, description, named, arguments, components)
        return replace(
            route, steps=dependencies.steps, sources=sources, hooks=hooks_of(definition.name, definition.options)
        )
    annotation = stream_annotation(types.get("return", Any), is_generator=yields(definition.handler))
    operation = {**_description(definition), **arguments.operation()}
    try:
        answers = _answers(definition, annotation)
        responses = responses_of(definition.options, annotation, components)
    except (TypeError, NameError) as error:
        raise SetupError(definition.name, "return", str(error), "give responses= or another type") from error
    if responses:
        operation["responses"] = responses
    if extension := _extension(definition):
        operation["x-sabir"] = extension
    handler, mode = _callable(definition, named)
    if arguments.content is not None:
        _refuse_waiting(definition, *arguments.content)
    return DerivedRoute(
        definition=definition,
        operation=operation,
        handler=handler,
        mode=mode,
        arguments=arguments.plan,
        answers=answers,
        components=components,
        steps=dependencies.steps,
        sources=sources,
        hooks=hooks_of(definition.name, definition.options),
    )


def _refuse_waiting(definition: RouteDefinition, name: str, content: ContentType) -> None:
    """Refuse content that a handler of its kind cannot wait for."""
    function = innermost(definition.handler)
    is_async = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    is_async = is_async or is_coroutine_function(definition.handler)
    if content.is_async and not is_async:
        raise SetupError(
            definition.name, name, "a plain function cannot await it", "take an Iterator, or use async def"
        )
    if not content.is_async and (is_async or not definition.options.get("blocking", True)):
        problem = "waiting for it would keep the event loop"
        raise SetupError(definition.name, name, problem, "take an AsyncIterator in a function with async def")


def _socket_parameter(definition: RouteDefinition, filled: list[inspect.Parameter], types: Mapping[str, Any]) -> str:
    if not is_coroutine_function(definition.handler) and not inspect.iscoroutinefunction(innermost(definition.handler)):
        problem = "the handler of a WebSocket is no coroutine function"
        raise SetupError(definition.name, "handler", problem, "write it with async def")
    found = socket_parameter(filled, types)
    if found is None:
        remedy = "add one, such as `ws: WebSocket`"
        raise SetupError(definition.name, "handler", "it has no parameter for the socket", remedy)
    return found


def _socket_description(definition: RouteDefinition, annotation: Any, components: Components) -> dict[str, Any]:
    """Return the word ``websocket`` of ``x-sabir``."""
    incoming, outgoing = message_types(annotation)
    description: dict[str, Any] = {
        name: list(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
        for name, value in (definition.socket or {}).items()
    }
    try:
        schemas = {
            "incoming": message_schema(incoming, components),
            "outgoing": message_schema(outgoing, components, is_sent=True),
        }
    except (TypeError, NameError) as error:
        raise SetupError(definition.name, "WebSocket", str(error), "use types that have a JSON Schema") from error
    return {**description, **{name: schema for name, schema in schemas.items() if schema is not None}}


def _socket_route(
    definition: RouteDefinition,
    description: dict[str, Any],
    named: list[str],
    arguments: Arguments,
    components: Components,
) -> DerivedRoute:
    operation = {**_description(definition), **arguments.operation()}
    if "requestBody" in operation:
        problem = "the request that opens a WebSocket has no content"
        raise SetupError(definition.name, "handler", problem, "take it as messages, or as parameters of the query")
    operation["x-sabir"] = {**_extension(definition), "websocket": description}
    handler, mode = _callable(definition, named)
    return DerivedRoute(
        definition=definition,
        operation=operation,
        handler=handler,
        mode=mode,
        arguments=arguments.plan,
        components=components,
    )


def _extension(definition: RouteDefinition) -> dict[str, Any]:
    """Return what OpenAPI has no word for."""
    options = definition.options
    limits: dict[str, Any] = {key: options[key] for key in ("body_limit", "timeout_ms", "hidden") if key in options}
    stages = stages_of(definition.name, options.get("use", ()))
    return {**limits, "stages": stages} if stages else limits


def _answers(definition: RouteDefinition, annotation: Any) -> Answers:
    """Return what the route declares of its answers.

    Raises:
        TypeError: If it does so in two ways.
    """
    options = definition.options
    status = options.get("status")
    if status is not None and not (isinstance(status, int) and 200 <= status <= 999):
        problem = f"{status!r} is not the status of an answer; those below 200 are interim (RFC 9110 §15.2)"
        raise SetupError(definition.name, "status", problem, "use a number of 200 to 999")
    return Answers(
        status=status,
        statuses=declared_statuses(annotation, options),
        encode=encoder_of(annotation),
        media_type=_media_type(definition),
        stream_type=stream_type(annotation),
        is_blocking=options.get("blocking", True),
    )


def _media_type(definition: RouteDefinition) -> str | None:
    media_type = definition.options.get("media_type")
    if media_type is None:
        if "events" in definition.options:
            raise SetupError(definition.name, "events", "its answer is no event stream", "add the route with app.sse")
        return None
    if "produces" in definition.options:
        problem = "media_type and produces both say the media type"
        raise SetupError(definition.name, "media_type", problem, "leave out one of the two")
    remedy = "give it as text, such as text/csv"
    if not isinstance(media_type, str) or "/" not in media_type:
        raise SetupError(definition.name, "media_type", f"{media_type!r} is no media type", remedy)
    try:
        header_field("content-type", media_type)
    except ValueError as error:
        raise SetupError(definition.name, "media_type", str(error), remedy) from error
    return media_type


def _header(annotation: Any, variables: Mapping[str, str | None]) -> Any:
    """Return the annotation of ``last_event_id``: the header field, unless something else is said."""
    inner, metadata = split_annotated(annotation)
    is_said = "last_event_id" in variables or any(isinstance(item, Parameter | Body | Form | File) for item in metadata)
    return annotation if is_said else Annotated[str if inner is inspect.Parameter.empty else annotation, Header()]


def _parameters(definition: RouteDefinition) -> list[inspect.Parameter]:
    handler = definition.handler
    if not callable(handler):
        raise SetupError(definition.name, "handler", f"a {type(handler).__name__} cannot be called", "give a function")
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
    if is_generator_function(written) or inspect.isasyncgenfunction(innermost(written)):
        # To call it only makes the generator.
        return handler, INLINE
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
        "security": requirements_of(definition.name, options.get("security", ())),
    }
    return {key: value for key, value in described.items() if value}
