"""Handlers of WebSockets that are written as functions of what happens."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from sabir.problem import SetupError
from sabir.signature import hints, parameters
from sabir.socket_types import is_socket
from sabir.websocket import Control, WebSocket, WebSocketDisconnect


def from_callbacks(route: str, callbacks: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Return the coroutine function that calls them.

    Raises:
        SetupError: If one of them cannot be called.
    """
    for name, callback in callbacks.items():
        if not callable(callback):
            raise SetupError(route, name, f"a {type(callback).__name__} cannot be called", "give a function")
    opened, received = callbacks.get("open"), callbacks.get("message")

    async def handler(*arguments: Any, **named: Any) -> None:
        ws: WebSocket[Any, Any] = arguments[0]
        await _Calls(ws, callbacks).run(arguments[1:], named)

    first = inspect.Parameter("ws", inspect.Parameter.POSITIONAL_ONLY, annotation=_socket_type(opened, received))
    rest: list[inspect.Parameter] = []
    if opened is not None:
        types = _types(opened)
        rest = [
            parameter.replace(
                annotation=types.get(parameter.name, parameter.empty),
                # It may stand behind one that has a default, where it is given by its name.
                kind=inspect.Parameter.KEYWORD_ONLY
                if parameter.kind is inspect.Parameter.KEYWORD_ONLY
                else inspect.Parameter.POSITIONAL_ONLY,
            )
            for parameter in parameters(opened)[1:]
        ]
    handler.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
    for source in (opened, received):
        if source is not None:
            handler.__doc__, handler.__name__ = source.__doc__, getattr(source, "__name__", "websocket")
            break
    return handler


def _types(function: Callable[..., Any]) -> dict[str, Any]:
    return hints(function, parameters(function), {})


def _socket_type(*functions: Callable[..., Any] | None) -> Any:
    """Return the annotation of the socket that says most."""
    found: Any = WebSocket
    for function in functions:
        if function is None or not (filled := parameters(function)):
            continue
        annotation = _types(function).get(filled[0].name)
        if is_socket(annotation) and annotation is not WebSocket:
            found = annotation
    return found


class _Calls:
    def __init__(self, ws: WebSocket[Any, Any], callbacks: dict[str, Callable[..., Any]]) -> None:
        self._ws = ws
        self._callbacks = callbacks
        ws._controls = callbacks.keys() & {"ping", "pong"}

    async def run(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        ws = self._ws
        try:
            await self._call("open", *arguments, **named)
            while True:
                received = await ws.receive()
                if type(received) is Control:
                    await self._call(received.kind, received.content)
                else:
                    await self._call("message", received)
        except WebSocketDisconnect:
            pass
        finally:
            await self._call("close", *(ws._close or (1006, "")))

    async def _call(self, name: Any, *arguments: Any, **named: Any) -> None:
        callback = self._callbacks.get(name)
        if callback is None:
            return
        try:
            await self._called(callback, *arguments, **named)
        except (Exception, WebSocketDisconnect) as error:
            on_error = self._callbacks.get("error")
            if on_error is None or isinstance(error, WebSocketDisconnect):
                raise
            await self._called(on_error, error)

    async def _called(self, callback: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        answer = callback(self._ws, *arguments, **named)
        if inspect.isawaitable(answer):
            await answer
