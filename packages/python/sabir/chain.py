"""From a route's hooks, middleware, dependencies and handler to the one function that the runtime calls.

The function is compiled from source that is written for the route, so that no request looks at what there is: each hook
is a call, and what is not there costs nothing. ``docs/adr/0031`` has an example.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sabir.answers import as_response, as_value
from sabir.background import enter, enter_async
from sabir.connections import connected
from sabir.dependencies import ASYNC_GENERATOR, AWAIT, GENERATOR, Source, Step, Value
from sabir.encoding import Answers
from sabir.hooks import Hook, Hooks
from sabir.middleware import around
from sabir.problem import Problem
from sabir.recovery import as_declared, awaits, recovery, statuses_of
from sabir.request import Request
from sabir.response import Response
from sabir.signature import innermost, is_generator_function
from sabir.thread_calls import Submit, in_thread_of

if TYPE_CHECKING:
    from sabir.operation import DerivedRoute

COROUTINE, THREAD, INLINE = 0, 1, 2


@dataclass(frozen=True)
class Chain:
    """What the runtime calls for a route."""

    function: Callable[..., Any]
    mode: int
    arguments: list[tuple[Any, ...]]


class Admitted(Response):
    """What stands for the answer that opens a WebSocket, with the arguments of its handler."""

    __slots__ = ("arguments",)

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        super().__init__(None, 101)
        self.arguments = arguments


class _Absent:
    """What a parameter has whose value was not sent, until it gets its default."""


ABSENT: Any = _Absent()


def chain_of(route: DerivedRoute, levels: Sequence[Hooks], threads: Callable[[], Submit]) -> Chain:
    """Return what the runtime calls for a route whose application and routers have these hooks.

    ``threads`` gives what runs plain functions. A route that has none of what belongs to a chain is called as it is.
    """
    levels = (*levels, *route.definition.groups, route.hooks)
    has_dependencies = any(not isinstance(source, Value) for source in route.sources)
    if not has_dependencies and not any(level.are_there for level in levels):
        return Chain(route.handler, route.mode, route.arguments)
    return _Writer(levels, route.answers, threads).route(route)


def refusal_of(
    levels: Sequence[Hooks], answers: Answers, threads: Callable[[], Submit], *, is_matched: bool = True
) -> Callable[..., Any] | None:
    """Return the coroutine function of a request and a problem of the runtime, which answers in the handler's place.

    Without a route that matches, nothing is called before it but middleware. ``None`` where nothing of the chain has to
    do with refusals.
    """
    names = ("middleware", "on_response", *(("on_request", "pre_validation") if is_matched else ()))
    if not any(level.may_see_problems or any(getattr(level, name) for name in names) for level in levels):
        return None
    return _Writer(levels, answers, threads).refusal(is_matched=is_matched)


def _is_of_connection(step: Step) -> bool:
    return step.scope == "connection"


def _is_awaited(step: Step) -> bool:
    # What several requests may ask for at a time is made on the loop.
    return _is_of_connection(step) or (step.kind in (AWAIT, ASYNC_GENERATOR) and step.cell is None)


class _Writer:
    """Writes the functions of one route."""

    def __init__(self, levels: Sequence[Hooks], answers: Answers, threads: Callable[[], Submit]) -> None:
        self._answers = answers
        self._threads = threads
        self._middleware = [function for level in levels for function in level.middleware]
        self._before = [
            hook for name in ("on_request", "pre_validation") for level in levels for hook in getattr(level, name)
        ]
        self._pre_handler = [hook for level in levels for hook in level.pre_handler]
        self._on_response = [hook for level in reversed(levels) for hook in level.on_response]
        self._on_error = [level.on_error for level in reversed(levels) if level.on_error]
        self._sees_answers = bool(self._middleware or self._on_response)
        self._names: dict[str, Any] = {
            "ABSENT": ABSENT,
            "ANSWERS": answers,
            "Admitted": Admitted,
            "Problem": Problem,
            "as_response": as_response,
            "as_value": as_value,
            "connected": connected,
            "enter": enter,
            "enter_async": enter_async,
            "with_status": as_declared,
        }
        self._is_socket = self._takes_request = self._is_threaded = False
        self._numbers = itertools.count()
        self._lines: list[str] = []

    def route(self, route: DerivedRoute) -> Chain:
        """Return the chain of a route."""
        is_socket = route.definition.socket is not None
        has_endings = any(step.kind in (GENERATOR, ASYNC_GENERATOR) or _is_of_connection(step) for step in route.steps)
        plan, names = self._plan(route, is_deferred=bool(self._before or self._on_error or self._sees_answers))
        takes_request = bool(
            is_socket
            or has_endings
            or self._before
            or self._pre_handler
            or self._on_error
            or self._sees_answers
            or "request" in names
        )
        is_async = is_socket or route.mode == COROUTINE or self._is_awaited(route.steps)
        given = [name for name in names if name != "request"]
        signature = ", ".join((["request"] if takes_request else []) + given)
        self._is_socket, self._takes_request = is_socket, takes_request
        function = innermost(route.definition.handler)
        is_blocking = route.definition.options.get("blocking", True) and not inspect.isasyncgenfunction(function)
        self._is_threaded = route.mode == THREAD or (is_blocking and is_generator_function(route.handler))
        self._write(0, f"{'async ' if is_async else ''}def core({signature}):")
        self._body(lambda depth: self._handle(depth, route, plan, names, is_async), is_async, has_endings)
        core = self._compiled("core")
        arguments = [entry for entry in plan if entry[0] != "request"]
        if takes_request:
            arguments.insert(0, ("request",))
        if is_socket:
            return Chain(self._socket(core, route.handler), COROUTINE, [("admission",), *self._for_socket(arguments)])
        if self._middleware:
            return Chain(self._entry(core), COROUTINE, arguments)
        if is_async:
            return Chain(core, COROUTINE, arguments)
        return Chain(core, THREAD if self._is_threaded else INLINE, arguments)

    def refusal(self, *, is_matched: bool) -> Callable[..., Any]:
        """Return what answers in place of a handler."""
        if not is_matched:
            self._before = []
        self._write(0, "async def core(request, problem):")
        self._body(lambda depth: self._write(depth, "raise problem"), is_async=True, has_endings=False)
        core = self._compiled("core")
        return self._entry(core) if self._middleware else core

    def _is_awaited(self, steps: Iterable[Step]) -> bool:
        hooks = [*self._before, *self._pre_handler, *self._on_response]
        hooks += [hook.function for level in self._on_error for hook in level]
        return bool(self._middleware or any(map(awaits, hooks)) or any(map(_is_awaited, steps)))

    def _plan(self, route: DerivedRoute, *, is_deferred: bool) -> tuple[list[tuple[Any, ...]], list[str]]:
        """Return the plan of the arguments, and their names. What may fail is left to a chain that is to see it."""
        plan, names = [], []
        for place, entry in enumerate(route.arguments):
            names.append("request" if entry[0] == "request" else f"a{place}")
            if is_deferred and entry[0] in ("parameter", "member", "body") and entry[-3] is not None:
                entry = (*entry[:-3], None, ABSENT, None)
            plan.append(entry)
        return plan, names

    def _body(self, handle: Callable[[int], None], is_async: bool, has_endings: bool) -> None:
        """Write what is called before the handler, the handler by ``handle``, and what sees its answer."""
        answered = "Exception" if self._on_error else "Problem" if self._sees_answers else None
        if has_endings:
            self._write(1, "ending = request._at_end()")
        if self._on_error:
            self._write(1, "error = None")
        if has_endings or answered:
            self._write(1, "try:")
        depth = self._hooks(2 if has_endings or answered else 1, self._before)
        handle(depth)
        if has_endings:
            self._write(1, "except BaseException as raised:")
            self._write(2, "ending.error = raised")
            self._write(2, f"if not isinstance(raised, {answered}):" if answered else "raise")
            if answered:
                self._write(3, "raise")
                self._write(2, f"{'error' if self._on_error else 'answer'} = raised")
        elif answered:
            self._write(1, f"except {answered} as raised:")
            self._write(2, f"{'error' if self._on_error else 'answer'} = raised")
        if self._on_error:
            recover = self._bound("recover", recovery(self._on_error, is_awaited=is_async))
            self._write(1, "else:")
            # One that is returned is as one that is raised.
            self._write(2, "if isinstance(answer, Problem):")
            self._write(3, "error = answer")
            self._write(1, "if error is not None:")
            self._write(2, f"answer = {'await ' if is_async else ''}{recover}(request, error)")
        self._answer()

    def _answer(self) -> None:
        if not self._sees_answers:
            self._write(1, "return answer")
            return
        depth = 1
        if self._is_socket:
            self._write(1, "if type(answer) is Admitted:")
            self._write(2, "return answer")
        self._write(depth, "response = as_response(answer, ANSWERS)")
        for hook in self._on_response:
            self._write(depth, "try:")
            self._write(depth + 1, f"changed = {self._call(hook, 'request, response')}")
            self._write(depth, "except Problem as problem:")
            self._write(depth + 1, "changed = problem")
            self._write(depth, "if changed is not None:")
            self._write(depth + 1, "response = as_response(changed, ANSWERS)")
        self._write(1, "return response" if self._middleware else "return as_value(response, answer, ANSWERS)")

    def _hooks(self, depth: int, hooks: Sequence[Hook]) -> int:
        """Write hooks that may answer, and return the depth of what follows where they do not."""
        if not hooks:
            return depth
        for index, hook in enumerate(hooks):
            call = f"answer = {self._call(hook, 'request')}"
            if index:
                self._write(depth, "if answer is None:")
            self._write(depth + (1 if index else 0), call)
        self._write(depth, "if answer is None:")
        return depth + 1

    def _handle(
        self, depth: int, route: DerivedRoute, plan: list[tuple[Any, ...]], names: list[str], is_async: bool
    ) -> None:
        for place, (entry, before) in enumerate(zip(plan, route.arguments, strict=True)):
            if entry is not before:
                self._convert(depth, names[place], before)
        steps = [step for step in route.steps if step.cell is None]
        variables = {id(step): f"d{number}" for number, step in enumerate(steps)}
        sources = [self._source(source, names, variables) for source in route.sources]
        is_threaded = is_async and route.mode == THREAD
        # Plain functions that come together with the handler go to its thread with it.
        last = max((place for place, step in enumerate(steps) if _is_awaited(step)), default=-1)
        if is_threaded and any(map(awaits, self._pre_handler)):
            last = len(steps) - 1
        here, there = (steps[: last + 1], steps[last + 1 :]) if is_threaded else (steps, [])
        for step in here:
            self._step(depth, step, names, variables, on_thread=self._is_threaded and not is_async)
        pre_handler = self._pre_handler
        if is_threaded and not any(map(awaits, pre_handler)):
            self._threaded(depth, route, there, names, variables, sources)
            return
        depth = self._hooks(depth, pre_handler)
        if route.definition.socket is not None:
            self._write(depth, f"answer = Admitted(({''.join(f'{source}, ' for source in sources)}))")
            return
        handler = self._bound("handler", route.handler)
        if is_threaded:
            in_thread = self._bound("in_thread", in_thread_of(self._threads))
            self._write(depth, f"answer = await {in_thread}({', '.join([handler, *sources])})")
        else:
            self._write(depth, f"answer = {'await ' if route.mode == COROUTINE else ''}{handler}({', '.join(sources)})")

    def _threaded(
        self,
        depth: int,
        route: DerivedRoute,
        steps: list[Step],
        names: list[str],
        variables: dict[int, str],
        sources: list[str],
    ) -> None:
        """Write plain functions and the handler as a function that one thread calls."""
        outer, self._lines = self._lines, []
        made = [name for step, name in variables.items() if not any(id(later) == step for later in steps)]
        given = list(dict.fromkeys([*(["request"] if self._takes_request else []), *names, *made]))
        if any(step.kind == GENERATOR for step in steps):
            given.append("ending")
        self._write(0, f"def tail({', '.join(given)}):")
        for step in steps:
            self._step(1, step, names, variables, on_thread=True)
        inner = self._hooks(1, self._pre_handler)
        self._write(inner, f"answer = {self._bound('handler', route.handler)}({', '.join(sources)})")
        self._write(1, "return answer")
        tail = self._bound("tail", self._compiled("tail"))
        self._lines = outer
        in_thread = self._bound("in_thread", in_thread_of(self._threads))
        self._write(depth, f"answer = await {in_thread}({', '.join([tail, *given])})")

    def _convert(self, depth: int, name: str, entry: tuple[Any, ...]) -> None:
        convert, default, copy = entry[-3:]
        absent = self._bound("default", default)
        if copy is not None:
            absent = f"{self._bound('copy', copy)}({absent})"
        converted = f"{self._bound('convert', convert)}({name})"
        self._write(depth, f"{name} = {converted} if {name} is not ABSENT else {absent}")

    def _step(self, depth: int, step: Step, names: list[str], variables: dict[int, str], *, on_thread: bool) -> None:
        arguments = [
            f"{f'{name}=' if name else ''}{self._source(source, names, variables)}" for name, source in step.arguments
        ]
        made = f"{self._bound('make', step.provider)}({', '.join(arguments)})"
        if _is_of_connection(step):
            made = f"await connected({', '.join(['ending', self._bound('step', step), *arguments])})"
        elif step.kind == AWAIT:
            made = f"await {made}"
        elif step.kind == GENERATOR:
            made = f"enter(ending, {made}, {on_thread})"
        elif step.kind == ASYNC_GENERATOR:
            made = f"await enter_async(ending, {made})"
        self._write(depth, f"{variables[id(step)]} = {made}")

    def _source(self, source: Source, names: list[str], variables: dict[int, str]) -> str:
        if isinstance(source, Value):
            return names[source.place]
        assert isinstance(source, Step)
        return f"{self._bound('cell', source.cell)}.value" if source.cell is not None else variables[id(source)]

    def _call(self, hook: Hook, arguments: str) -> str:
        call = f"{'await ' if awaits(hook) else ''}{self._bound('hook', hook)}({arguments})"
        statuses = statuses_of(hook)
        return call if statuses is None else f"with_status({call}, {self._bound('statuses', statuses)})"

    def _entry(self, core: Callable[..., Any]) -> Callable[..., Any]:
        """Return what calls the middleware around ``core``."""
        answers = self._answers

        async def innermost(request: Request, values: tuple[Any, ...]) -> Response:
            response: Response = await core(request, *values)
            return response

        layer = around(self._middleware, innermost, answers)

        async def entry(request: Request, *values: Any) -> Any:
            return as_value(await layer(request, values), None, answers)

        return entry

    def _socket(self, core: Callable[..., Any], handler: Callable[..., Any]) -> Callable[..., Any]:
        """Return what lets a client of a WebSocket in, or not, and then calls its handler."""
        answers = self._answers

        async def innermost(request: Request, values: tuple[Any, ...]) -> Response:
            return as_response(await core(request, *values), answers)

        layer = around(self._middleware, innermost, answers)

        async def entry(admission: Any, request: Request, socket: Any, *values: Any) -> None:
            socket._request, socket.state = request, request.state
            request._at_end().context = socket._context
            try:
                answer = await layer(request, values)
            except Exception as error:
                admission.fail(error)
                return
            if type(answer) is not Admitted:
                admission.refuse(as_value(answer, None, answers))
                return
            if not admission.accept():
                return
            try:
                await handler(*answer.arguments)
            except BaseException as error:
                request._at_end().error = error
                raise

        return entry

    @staticmethod
    def _for_socket(arguments: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return the arguments with the socket twice: for its request, and at its place among those of the handler."""
        socket = next(entry for entry in arguments if entry[0] == "socket")
        return [arguments[0], socket, *arguments[1:]]

    def _bound(self, kind: str, value: Any) -> str:
        name = f"{kind}_{next(self._numbers)}"
        self._names[name] = value
        return name

    def _write(self, depth: int, line: str) -> None:
        self._lines.append("    " * depth + line)

    def _compiled(self, name: str) -> Any:
        source = "\n".join(self._lines)
        self._lines = []
        namespace: dict[str, Any] = self._names
        exec(compile(source, "<sabir chain>", "exec"), namespace)
        return namespace[name]
