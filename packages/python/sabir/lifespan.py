"""What an application has for as long as it serves: entered before the first request, left after the last one."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, overload

from sabir.dependencies import ASYNC_GENERATOR, AWAIT, GENERATOR, Step, in_order
from sabir.problem import SetupError
from sabir.signature import innermost, parameters

if TYPE_CHECKING:
    from sabir.app import Sabir

Function = TypeVar("Function", bound=Callable[..., Any])
Per = Literal["worker", "server"]

_logger = logging.getLogger("sabir")


@dataclass(frozen=True)
class Lifespan:
    """One function that :meth:`Lifespans.lifespan` was given."""

    function: Callable[..., Any]
    per: Per
    takes_app: bool
    app: Sabir | None = None
    """The application that it is of, where that is mounted into the one that serves."""

    @property
    def name(self) -> str:
        """Its name in the log and in tracebacks."""
        return getattr(innermost(self.function), "__qualname__", repr(self.function))

    def made(self, app: Sabir) -> Any:
        """Return the context manager that it makes, of either kind.

        Raises:
            TypeError: If it makes something else.
        """
        function: Any = self.function
        if inspect.isasyncgenfunction(function):
            function = contextlib.asynccontextmanager(function)
        elif inspect.isgeneratorfunction(function):
            function = contextlib.contextmanager(function)
        made = function(self.app or app) if self.takes_app else function()
        if hasattr(made, "__aenter__") or hasattr(made, "__enter__"):
            return made
        raise TypeError(f"a lifespan yields once, or returns a context manager; {self.name} returned {made!r:.100}")


class LifespanTask:
    """Enters and leaves lifespans, all in one task: what has a task group or a cancel scope open asks for that."""

    def __init__(self, app: Sabir, *pers: Per) -> None:
        self._app = app
        self._lifespans = [lifespan for per in pers for lifespan in app._lifespans if lifespan.per == per]
        self._makes_dependencies = "worker" in pers
        self._entered: list[tuple[str, Any]] = []
        self._stopping = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.users = 0
        self.tasks: set[asyncio.Task[Any]] = set()
        """The task itself, and those that the lifespans have begun."""
        self._started: asyncio.Future[None] = self.loop.create_future()
        self._task = asyncio.create_task(self._run())

    async def started(self) -> None:
        """Wait until all of them are entered.

        Raises:
            BaseException: What one of them has raised. Those before it have been left.
        """
        try:
            await asyncio.shield(self._started)
        except BaseException:
            await self._cancelled()
            raise

    async def stop(self) -> None:
        """Leave them, the last one first."""
        self._stopping.set()
        try:
            await asyncio.wait([self._task])
        except asyncio.CancelledError:
            await self._cancelled()
            raise

    async def _cancelled(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        before = asyncio.all_tasks()
        try:
            for lifespan in self._lifespans:
                await self._enter(lifespan.name, functools.partial(lifespan.made, self._app))
            if self._makes_dependencies:
                await self.make_dependencies()
        except BaseException as error:
            await self._leave()
            if not self._started.done():
                self._started.set_exception(error)
                # Whoever waited may have been cancelled.
                self._started.exception()
            return
        self.tasks = (asyncio.all_tasks() - before) | {self._task}
        self._started.set_result(None)
        try:
            await self._stopping.wait()
        finally:
            await self._leave()

    async def make_dependencies(self) -> None:
        """Make what the routes ask for that is made once for the application."""
        for step in in_order(self._app._cells):
            assert step.cell is not None
            if not hasattr(step.cell, "value"):
                step.cell.value = await self._made(step)

    async def _made(self, step: Step) -> Any:
        positional = [self._value(source) for name, source in step.arguments if name is None]
        named = {name: self._value(source) for name, source in step.arguments if name is not None}
        make = functools.partial(step.provider, *positional, **named)
        if step.kind == GENERATOR:
            return await self._enter(step.name, contextlib.contextmanager(make))
        if step.kind == ASYNC_GENERATOR:
            return await self._enter(step.name, contextlib.asynccontextmanager(make))
        try:
            value = make()
            return await value if step.kind == AWAIT else value
        except BaseException as error:
            error.add_note(f"{_NOTE}{step.name}")
            raise

    def _value(self, source: Any) -> Any:
        return source.cell.value if isinstance(source, Step) and source.cell is not None else self._app

    async def _enter(self, name: str, make: Callable[[], Any]) -> Any:
        try:
            manager = make()
            if hasattr(manager, "__aenter__"):
                value = await manager.__aenter__()
            else:
                value = manager.__enter__()
        except BaseException as error:
            error.add_note(f"{_NOTE}{name}")
            raise
        self._entered.append((name, manager))
        return value

    async def _leave(self) -> None:
        while self._entered:
            name, manager = self._entered.pop()
            try:
                if hasattr(manager, "__aexit__"):
                    await manager.__aexit__(None, None, None)
                else:
                    manager.__exit__(None, None, None)
            except (Exception, asyncio.CancelledError) as error:
                _logger.error("the lifespan %s failed while the application stopped", name, exc_info=error)
        if self._makes_dependencies:
            for step in self._app._cells.values():
                if step.cell is not None and hasattr(step.cell, "value"):
                    # The next time that the application serves it is made anew.
                    del step.cell.value


_NOTE = "the application does not start without "


def failed_at_start(error: BaseException) -> bool:
    """Whether it is what a lifespan has raised before the application served."""
    return any(note.startswith(_NOTE) for note in getattr(error, "__notes__", ()))


class Lifespans:
    """What an application knows of its lifespans."""

    def __init__(self) -> None:
        self._lifespans: list[Lifespan] = []
        self._lifespan_task: LifespanTask | None = None
        self._is_worker = False
        """Whether this is one of several processes, whose parent has the lifespans of the server."""

    @overload
    def lifespan(self, function: Function, /) -> Function: ...

    @overload
    def lifespan(self, function: None = None, /, *, per: Per = "worker") -> Callable[[Function], Function]: ...

    def lifespan(self, function: Any = None, /, *, per: Any = "worker") -> Any:
        """Enter the decorated generator function before the first request, and leave it after the last one.

        It takes the application, or nothing, and is asynchronous or plain; a function that returns a context manager of
        either kind is another way to write it. Of several, the last one is left first. One that fails at the start
        keeps the application from serving; one that fails at the end is logged.

        Each worker has its own, on the loop that serves. With ``per="server"`` it is entered once for all workers, in
        the process that starts them, before the first of them; what it leaves on the application, only workers that are
        made by ``fork`` have.

        Example:
            >>> from sabir import Sabir
            >>> app = Sabir()
            >>> @app.lifespan
            ... async def greeting(app):
            ...     app.state.greeting = "Hello"
            ...     yield

        Raises:
            SetupError: If it cannot be called so, or the application already serves.
        """
        if function is None:
            return lambda decorated: self._add_lifespan(decorated, per)
        return self._add_lifespan(function, per)

    def _add_lifespan(self, function: Function, per: Per) -> Function:
        app = cast("Sabir", self)
        app._refuse_while_serving("lifespan")
        if per not in ("worker", "server"):
            raise SetupError("lifespan", "per", f"{per!r} is neither", 'use "worker" or "server"')
        if not callable(function):
            problem = f"a {type(function).__name__} cannot be called"
            raise SetupError("lifespan", "function", problem, "give a generator function")
        if inspect.iscoroutinefunction(function):
            problem = "it is a coroutine function, which ends before the first request"
            raise SetupError("lifespan", "function", problem, "let it yield once")
        wanted = [p for p in parameters(function) if p.default is p.empty and p.kind not in (p.VAR_KEYWORD,)]
        if len(wanted) > 1:
            problem = "it takes more than the application"
            raise SetupError("lifespan", "function", problem, "let it take the application alone")
        self._lifespans.append(Lifespan(function, per, bool(parameters(function))))
        return function

    def _adopt_lifespans(self, other: Sabir) -> None:
        """Have those of an application that is mounted here; they take that one."""
        if other is not self:
            adopted = [replace(lifespan, app=lifespan.app or other) for lifespan in other._lifespans]
            # It may be mounted at several places.
            self._lifespans += [lifespan for lifespan in adopted if lifespan not in self._lifespans]

    async def _enter_lifespans(self) -> None:
        """Enter them, unless that is done; each user leaves once."""
        if not self._lifespans and not cast("Sabir", self)._cells:
            return
        task = self._lifespan_task
        if task is None or task.loop is not asyncio.get_running_loop():
            pers: tuple[Per, ...] = ("worker",) if self._is_worker else ("server", "worker")
            task = self._lifespan_task = LifespanTask(cast("Sabir", self), *pers)
        task.users += 1
        try:
            await task.started()
        except BaseException:
            self._lifespan_task = None
            raise

    async def _leave_lifespans(self) -> None:
        """Leave them with the last user."""
        task = self._lifespan_task
        if task is not None and task.loop is asyncio.get_running_loop():
            task.users -= 1
            if task.users == 0:
                self._lifespan_task = None
                await task.stop()


@contextlib.contextmanager
def server_lifespans(app: Sabir) -> Iterator[None]:
    """Have the lifespans of the server around its workers, in the process that starts them."""
    if not any(lifespan.per == "server" for lifespan in app._lifespans):
        yield
        return
    with asyncio.Runner() as runner:
        task = runner.run(_entered(app))
        try:
            yield
        finally:
            runner.run(task.stop())


async def _entered(app: Sabir) -> LifespanTask:
    task = LifespanTask(app, "server")
    await task.started()
    return task
