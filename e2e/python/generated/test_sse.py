# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/sse``."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from sabir import Event, Query, Router, Sabir
from support import Check


def test_comments_are_lines(check: Check) -> None:
    """Each line of a comment begins with a colon."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(comment="one\ntwo")
        yield Event(data="a", comment="")

    check(app)


@pytest.mark.socket
def test_content_before_the_events(check: Check) -> None:
    """A stream of events may answer a request with content, and a further request follows on its connection."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")
        yield Event(data="b")

    @app.get("/items")
    def show_items() -> Any:
        return "ok"

    check(app)


def test_data_is_one_line(check: Check) -> None:
    """The data of an event stands on a line of its own, and an empty line ends the event."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="hello")

    check(app)


def test_data_is_utf_8(check: Check) -> None:
    """Events are UTF-8, and every character is sent as it is."""
    app = Sabir()
    router = Router()

    @router.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="é 你好 \U0001f600")

    app.mount("/", router)

    check(app)


def test_data_may_be_empty(check: Check) -> None:
    """An event with empty data is an event."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="")

    check(app)


def test_data_may_begin_with_a_colon(check: Check) -> None:
    """Data that begins with a colon is no comment."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data=": a")

    check(app)


def test_data_may_end_with_a_line_end(check: Check) -> None:
    """A line end at the end of the data is a line more, since a client takes one away."""
    app = Sabir()
    router = Router()

    @router.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a\n")
        yield Event(data="\n")

    app.mount("/", router)

    check(app)


def test_data_may_look_like_a_field(check: Check) -> None:
    """Data that looks like a field is data."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="id: 7")
        yield Event(data="retry: 1\nevent: x\n\ndata: y")

    check(app)


def test_data_of_several_lines(check: Check) -> None:
    """Each line of the data is a line of its own; CR LF and CR end lines as LF does, so that a client puts LF between them."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="a\nb")
        yield Event(data="a\r\nb\rc")

    check(app)


def test_data_that_is_no_text_is_json(check: Check) -> None:
    """Data that is no text is sent as JSON."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data={"n": 1})
        yield Event(data=[1, 2])
        yield Event(data=7)
        yield Event(data=True)
        yield Event(data={"text": "a\nb"})

    check(app)


@pytest.mark.socket
def test_events_for_http_1_0(check: Check) -> None:
    """A client of HTTP/1.0 gets events without chunks, and the end of the connection ends the stream."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="a")

    check(app)


@pytest.mark.socket
def test_events_in_chunks(check: Check) -> None:
    """Over HTTP/1.1 each event is a chunk, and the last chunk ends the stream."""
    app = Sabir()

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")
        yield Event(data="bc")

    check(app)


@pytest.mark.socket
def test_failure_after_events(check: Check) -> None:
    """A handler that fails after an event breaks the stream off; clients come back."""
    app = Sabir()
    router = Router()

    @router.sse("/export")
    async def show_export() -> AsyncIterator[Event]:
        yield Event(data="one", id="1")
        raise RuntimeError("no")

    app.mount("/", router)

    check(app)


def test_fields_have_an_order(check: Check) -> None:
    """The fields of an event come in one order, the data last."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="d", event="e", id="i", retry=1, comment="c")

    check(app)


def test_head_has_no_events(check: Check) -> None:
    """HEAD has the header fields of the stream and none of its events."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_ids_and_types_may_have_spaces(check: Check) -> None:
    """Spaces of ids and types are kept."""
    app = Sabir()
    router = Router()

    @router.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="x", event="c: d", id=" a b ")

    app.mount("/", router)

    check(app)


def test_ids_of_events(check: Check) -> None:
    """An event has an id where the handler gives one; an empty one resets the last."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a", id="1")
        yield Event(data="b", id="")
        yield Event(data="c")

    check(app)


def test_large_data(check: Check) -> None:
    """The data of an event has any length."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="ab" * 40000)

    check(app)


def test_many_events(check: Check) -> None:
    """Events come in their order, however many there are."""
    app = Sabir()

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="0", id="0")
        yield Event(data="1", id="1")
        yield Event(data="2", id="2")
        yield Event(data="3", id="3")
        yield Event(data="4", id="4")
        yield Event(data="5", id="5")
        yield Event(data="6", id="6")
        yield Event(data="7", id="7")
        yield Event(data="8", id="8")
        yield Event(data="9", id="9")
        yield Event(data="10", id="10")
        yield Event(data="11", id="11")

    check(app)


def test_no_events(check: Check) -> None:
    """A stream of no events is an empty answer of the same type."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        return
        yield

    check(app)


def test_nobody_keeps_them(check: Check) -> None:
    """An event stream says that it must not be kept, and has no length."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_one_stream_after_the_other(check: Check) -> None:
    """A connection goes on after a stream that has ended."""
    app = Sabir()

    @app.sse("/a")
    def show_a() -> Iterator[Event]:
        yield Event(data="a")

    @app.sse("/b")
    def show_b() -> Iterator[Event]:
        yield Event(data="b")

    check(app)


def test_other_methods(check: Check) -> None:
    """A stream of events answers GET, and says so for other methods."""
    app = Sabir()

    @app.sse("/ticks", blocking=False)
    def show_ticks() -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_parameters_are_checked_before(check: Check) -> None:
    """A request whose parameters do not fit is refused with a problem, and no stream begins."""
    app = Sabir()

    @app.sse("/ticks", blocking=False)
    def show_ticks(from_: Annotated[int, Query(name="from", ge=1)]) -> Iterator[Event]:
        yield Event(data="a")

    check(app)


def test_retry_stands_alone(check: Check) -> None:
    """The time after which a client comes back needs no data."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(retry=2500)
        yield Event(data="a", retry=0)

    check(app)


def test_spaces_of_data_are_kept(check: Check) -> None:
    """Of the spaces behind the colon a client takes away one, so that those of the data are kept."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data=" a")
        yield Event(data="  ")

    check(app)


def test_types_of_events(check: Check) -> None:
    """An event has a type where the handler gives one."""
    app = Sabir()

    @app.sse("/ticks")
    def show_ticks() -> Iterator[Event]:
        yield Event(data="1", event="tick")
        yield Event(data="2")

    check(app)


def test_variables_of_the_path(check: Check) -> None:
    """A stream of events has variables in its path like any route."""
    app = Sabir()
    router = Router()

    @router.sse("/rooms/{id:int}/events")
    async def show_events(id: int) -> AsyncIterator[Event]:
        yield Event(data="a")

    app.mount("/", router)

    check(app)


def test_whatever_is_accepted(check: Check) -> None:
    """A stream of events is sent to clients that would rather have something else: nobody has asked for a choice."""
    app = Sabir()

    @app.sse("/ticks")
    async def show_ticks() -> AsyncIterator[Event]:
        yield Event(data="a")

    check(app)
