# Generated from testing_data by `./task generate`. Do not edit.
"""The fixtures of ``testing_data/websocket``."""

import datetime
import uuid
from typing import Annotated, Any

import msgspec
import pydantic
import pytest
from sabir import Cookie, Header, Problem, Query, Router, Sabir, WebSocket
from support import Check, decoded, echo, tag


def test_another_upgrade(check: Check) -> None:
    """A request that wants another protocol is told what is there."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_another_version(check: Check) -> None:
    """Another version is answered with the one that there is."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_bytes(check: Check) -> None:
    """Bytes are sent back as bytes, whatever they are."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_bytes_close_with_1003(check: Check) -> None:
    """Where the route says so, bytes in place of JSON close with 1003."""

    class Item(pydantic.BaseModel, extra="forbid"):
        text: Annotated[str, pydantic.Field(min_length=1)]
        count: Annotated[int, pydantic.Field(ge=1)]

    app = Sabir()
    router = Router()

    @router.websocket("/echo", invalid_message="close")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    app.mount("/", router)

    check(app)


def test_characters_over_fragments(check: Check) -> None:
    """A character may be spread over fragments."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_close_between_fragments(check: Check) -> None:
    """A close between fragments ends the socket; the message is not delivered."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_close_codes(check: Check) -> None:
    """A close is answered with its code."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_close_codes_that_are_none(check: Check) -> None:
    """A code that no close frame may have is refused."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_close_without_a_code(check: Check) -> None:
    """A close without a code is answered without one."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_compressed_blocks(check: Check) -> None:
    """Blocks of every kind are read: stored ones, with fixed codes, several, and a last one."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_compressed_fragments(check: Check) -> None:
    """A compressed message may come in fragments, of which the first says that it is."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_compressed_message(check: Check) -> None:
    """A compressed message arrives as what it was."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_compressed_message_that_is_too_large(check: Check) -> None:
    """The limit holds for what a message is when it is decompressed, and is noticed before all of it is."""
    app = Sabir()

    @app.websocket("/echo", message_limit=1000)
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_compressed_messages_go_back(check: Check) -> None:
    """What is compressed comes back as it was."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_compressed_text_that_is_not_utf_8(check: Check) -> None:
    """Text is UTF-8 when it is decompressed, too."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_compression(check: Check) -> None:
    """A client that can compress is answered with compression, each message by itself."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_compression_bit_of_a_continuation(check: Check) -> None:
    """That a message is compressed is said once, by its first frame."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_compression_bit_of_a_control_frame(check: Check) -> None:
    """Control frames are not compressed."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_compression_off(check: Check) -> None:
    """Without compression in the settings no offer is taken."""
    app = Sabir(websocket_compression="off")

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_context_of_the_client(check: Check) -> None:
    """With context takeover a message may refer to those before it."""
    app = Sabir(websocket_compression="context_takeover")

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_context_takeover(check: Check) -> None:
    """Where the settings say so, what came before helps to compress, unless the client wants that not."""
    app = Sabir(websocket_compression="context_takeover")

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_context_that_is_not_kept(check: Check) -> None:
    """Without context takeover a message that refers to those before it is refused."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_continuation_of_nothing(check: Check) -> None:
    """A continuation without a beginning is refused."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_control_frames_are_short(check: Check) -> None:
    """A control frame has at most 125 bytes."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_control_frames_are_whole(check: Check) -> None:
    """A control frame is not fragmented."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_cookies_are_checked_before(check: Check) -> None:
    """A cookie that does not fit is refused before the socket is opened."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket, session: Annotated[str, Cookie(min_length=4)]) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_defaults_arrive(check: Check) -> None:
    """A parameter that is absent has its default."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket, limit: int = 10) -> None:
        await ws.send_json(echo(query={"limit": limit}) | {"subprotocol": ws.subprotocol})
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_empty_compressed_message(check: Check) -> None:
    """An empty message may be compressed as well."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_empty_fragments(check: Check) -> None:
    """Fragments may be empty."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_every_origin(check: Check) -> None:
    """A star permits the pages of all origins."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo", allowed_origins=["*"])
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_formats_in_messages(check: Check) -> None:
    """Texts of messages have the types of their formats."""

    class Item(msgspec.Struct, forbid_unknown_fields=True):
        id: uuid.UUID
        on: datetime.date

    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    app.mount("/", router)

    check(app)


def test_fragments(check: Check) -> None:
    """A message may come in fragments, and is one."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_fragments_that_are_not_utf_8(check: Check) -> None:
    """What cannot become UTF-8 any more is refused at once, not at the end of its message."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_frame_limit(check: Check) -> None:
    """The limit of frames holds within messages that are small enough."""
    app = Sabir(websocket_frame_limit=125)

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_frame_of_two_gigabytes(check: Check) -> None:
    """A frame that says that it has 2 GB is refused by its head: nothing is waited for."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_frames_cut_anywhere(check: Check) -> None:
    """A frame may arrive in pieces, cut anywhere, and several at once."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_frames_that_are_not_masked(check: Check) -> None:
    """A client masks its frames, empty ones too."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_half_a_close_code(check: Check) -> None:
    """A code has two bytes."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_half_a_frame_that_is_not_utf_8(check: Check) -> None:
    """What cannot become UTF-8 any more is refused before the rest of its frame comes."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_handler_closes(check: Check) -> None:
    """A handler closes with a code and a reason of its own."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        for count in range(1, 3):
            await ws.receive()
            await ws.send(str(count))
        await ws.close(4000, "as you wish")

    check(app)


def test_handler_closes_at_once(check: Check) -> None:
    """A handler may close at once."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        await ws.close(1008, "not you")

    check(app)


def test_handler_counts(check: Check) -> None:
    """A handler has something of its own for each socket."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        count = 0
        async for _ in ws:
            count += 1
            await ws.send(str(count))

    check(app)


def test_handler_fails(check: Check) -> None:
    """A handler that fails closes with 1011; the client does not see why."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        message = await ws.receive()
        await ws.send(message)
        raise RuntimeError("the password is secret")

    check(app)


def test_handler_fails_at_once(check: Check) -> None:
    """A handler that fails before it takes a message closes with 1011, after what it has sent."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        await ws.send("hello")
        raise RuntimeError("the password is secret")

    check(app)


def test_handler_raises_a_problem(check: Check) -> None:
    """A problem that is the client's own closes with 1008 and says why; one that is the server's own does not."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        message = await ws.receive()
        await ws.send(message)
        raise Problem(404, "There is no such room.")

    app.mount("/", router)

    check(app)


def test_handler_raises_a_problem_of_its_own(check: Check) -> None:
    """A problem of the server closes with 1011, and the client does not see its detail."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        message = await ws.receive()
        await ws.send(message)
        raise Problem(503, "The database is gone.")

    check(app)


def test_handler_returns(check: Check) -> None:
    """When its handler returns, a socket is closed with 1000."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        message = await ws.receive()
        await ws.send(message)

    check(app)


def test_handler_sends_and_returns(check: Check) -> None:
    """What a handler sent before it returned arrives before the close."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        await ws.send("one")
        await ws.send(decoded("AAH/"))
        await ws.send_json({"three": [3]})

    check(app)


def test_handler_that_says_nothing(check: Check) -> None:
    """A handler need not answer."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for _ in ws:
            pass

    app.mount("/", router)

    check(app)


def test_handshake(check: Check) -> None:
    """A handshake is answered with what proves that the server has understood its key."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_handshake_in_other_words(check: Check) -> None:
    """What a handshake says is in lists, and in any case of letters."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_handshake_is_checked_before_parameters(check: Check) -> None:
    """What is no handshake is told so, whatever else is wrong with it."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket, limit: int) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


@pytest.mark.socket
def test_handshake_with_content(check: Check) -> None:
    """A handshake has a key and no content; where it is refused, a further request on its connection is answered."""
    app = Sabir()
    router = Router()

    @router.websocket("/chat/{room}")
    async def show_chat(ws: WebSocket, room: int) -> None:
        async for message in ws:
            await ws.send(message)

    @router.get("/items")
    async def show_items() -> Any:
        return "ok"

    app.mount("/", router)

    check(app)


def test_header_fields_are_checked_before(check: Check) -> None:
    """A header field that is missing is refused before the socket is opened."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket, x_name: Annotated[str, Header()]) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


@pytest.mark.socket
def test_http_1_0(check: Check) -> None:
    """HTTP/1.0 has no upgrade."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_length_with_its_highest_bit(check: Check) -> None:
    """The highest bit of a length is zero."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


@pytest.mark.socket
def test_lengths_are_minimal(check: Check) -> None:
    """The server writes a length in its shortest form."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_lengths_of_messages(check: Check) -> None:
    """Messages of every length arrive, also at the edges of the three forms of a length."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_lengths_that_are_not_minimal(check: Check) -> None:
    """A length in a longer form than it needs is refused."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


@pytest.mark.socket
def test_long_messages_are_compressed(check: Check) -> None:
    """A long message is compressed, for clients that can."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_long_reasons(check: Check) -> None:
    """A reason that a close frame has no room for is cut, at the end of a character."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        await ws.close(
            4000, "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé"
        )

    check(app)


def test_malformed_compressed_message(check: Check) -> None:
    """What cannot be decompressed is refused."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_malformed_compression(check: Check) -> None:
    """An offer that is not well formed is declined."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_malformed_keys(check: Check) -> None:
    """A key is base64 of 16 bytes."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_malformed_subprotocols(check: Check) -> None:
    """Names of subprotocols are tokens."""
    app = Sabir()

    @app.websocket("/echo", subprotocols=["chat.v1"])
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_many_messages(check: Check) -> None:
    """Messages are answered in their order, however fast they come."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_masks(check: Check) -> None:
    """Whatever the key of a mask is, the content is the same."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_members_that_are_not_known(check: Check) -> None:
    """A message with a member that its schema does not have does not fit."""

    class Item(msgspec.Struct, forbid_unknown_fields=True):
        text: Annotated[str, msgspec.Meta(min_length=1)]
        count: Annotated[int, msgspec.Meta(ge=1)]

    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    check(app)


def test_message_limit(check: Check) -> None:
    """A message that is larger than the limit closes with 1009, one that is as large does not."""
    app = Sabir()

    @app.websocket("/echo", message_limit=10)
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_message_limit_of_the_settings(check: Check) -> None:
    """The limit of messages is a setting, too."""
    app = Sabir(websocket_message_limit=10)

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_message_limit_over_fragments(check: Check) -> None:
    """The fragments of a message count together."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", message_limit=10, open=open_show_echo, message=answer_show_echo)

    check(app)


def test_message_of_bytes_where_json_is_due(check: Check) -> None:
    """JSON is text: bytes are answered with a problem."""

    class Item(msgspec.Struct, forbid_unknown_fields=True):
        text: Annotated[str, msgspec.Meta(min_length=1)]
        count: Annotated[int, msgspec.Meta(ge=1)]

    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    app.mount("/", router)

    check(app)


def test_message_that_does_not_fit(check: Check) -> None:
    """A message that does not fit is answered with a problem that names all that is wrong; the handler does not see it, and the socket goes on."""

    class Item(pydantic.BaseModel, extra="forbid"):
        text: Annotated[str, pydantic.Field(min_length=1)]
        count: Annotated[int, pydantic.Field(ge=1)]

    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    check(app)


def test_message_that_is_no_json(check: Check) -> None:
    """A message that is no JSON is answered with a problem."""

    class Item(pydantic.BaseModel, extra="forbid"):
        text: Annotated[str, pydantic.Field(min_length=1)]
        count: Annotated[int, pydantic.Field(ge=1)]

    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    app.mount("/", router)

    check(app)


def test_message_within_a_message(check: Check) -> None:
    """A message cannot begin within another one."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_messages_behind_the_last_one(check: Check) -> None:
    """What the client has sent behind the message that its handler closes at is answered by nothing, and there is one close."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        for count in range(1, 2):
            await ws.receive()
            await ws.send(str(count))
        await ws.close(4000, "enough")

    check(app)


def test_messages_that_are_not_compressed(check: Check) -> None:
    """A client need not compress, though it could."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_messages_with_a_close(check: Check) -> None:
    """Messages that come together with a close are answered before it."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_messages_with_a_mistake(check: Check) -> None:
    """Messages that come together with a frame that breaks the protocol are answered before the connection is failed."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_messages_with_a_schema(check: Check) -> None:
    """Messages that have a schema arrive as values of it."""

    class Item(pydantic.BaseModel, extra="forbid"):
        text: Annotated[str, pydantic.Field(min_length=1)]
        count: Annotated[int, pydantic.Field(ge=1)]

    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    app.mount("/", router)

    check(app)


def test_misfit_closes_with_1008(check: Check) -> None:
    """Where the route says so, a message that does not fit closes with 1008."""

    class Item(pydantic.BaseModel, extra="forbid"):
        text: Annotated[str, pydantic.Field(min_length=1)]
        count: Annotated[int, pydantic.Field(ge=1)]

    app = Sabir()
    router = Router()

    @router.websocket("/echo", invalid_message="close")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    app.mount("/", router)

    check(app)


def test_named_origins(check: Check) -> None:
    """Where a route names origins, their pages may connect and no others."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", allowed_origins=["https://app.example"], open=open_show_echo, message=answer_show_echo)

    check(app)


def test_no_json_closes_with_1007(check: Check) -> None:
    """Where the route says so, a message that is no JSON closes with 1007."""

    class Item(pydantic.BaseModel, extra="forbid"):
        text: Annotated[str, pydantic.Field(min_length=1)]
        count: Annotated[int, pydantic.Field(ge=1)]

    app = Sabir()
    router = Router()

    @router.websocket("/echo", invalid_message="close")
    async def show_echo(ws: WebSocket[Item]) -> None:
        async for message in ws:
            await ws.send_json(tag(message))

    app.mount("/", router)

    check(app)


def test_no_key(check: Check) -> None:
    """A handshake has a key, and one only."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_no_subprotocol_in_common(check: Check) -> None:
    """Without a subprotocol in common the socket has none, and the client decides."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        await ws.send_json(echo() | {"subprotocol": ws.subprotocol})

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", subprotocols=["chat.v1"], open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_no_such_path(check: Check) -> None:
    """A handshake for a path without a route is not found."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_no_such_socket_behind_a_route(check: Check) -> None:
    """A handshake for a route that has no WebSocket gets what the route answers."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    @app.get("/page")
    async def show_page() -> Any:
        return "page"

    check(app)


def test_no_upgrade(check: Check) -> None:
    """A request that wants no WebSocket is told what is there, and in which version."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_no_version(check: Check) -> None:
    """A handshake has a version, and one only."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_nothing_after_a_close(check: Check) -> None:
    """What follows a close is ignored."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_other_extensions(check: Check) -> None:
    """Extensions that the server does not know are left out."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_other_methods(check: Check) -> None:
    """A WebSocket is asked for by GET. Its path does not allow HEAD, which is refused as a GET is that asks for no WebSocket."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    async def open_show_both(ws: WebSocket) -> None:
        pass

    async def answer_show_both(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/both", open=open_show_both, message=answer_show_both)

    @app.post("/both", blocking=False)
    def take_both() -> Any:
        return "made"

    check(app)


def test_other_origins(check: Check) -> None:
    """Pages of other hosts may not connect: a browser would let them, with the cookies of the server."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_own_origin(check: Check) -> None:
    """Pages of the server's own host may connect."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_parameters_arrive(check: Check) -> None:
    """A socket has the parameters of its path, query, header section and cookies, with their types."""
    app = Sabir()
    router = Router()

    async def open_show_rooms(
        ws: WebSocket,
        *,
        limit: int | None = None,
        x_name: Annotated[str | None, Header()] = None,
        theme: Annotated[str | None, Cookie()] = None,
        room: int,
    ) -> None:
        await ws.send_json(
            echo(path={"room": room}, query={"limit": limit}, header={"x-name": x_name}, cookie={"theme": theme})
            | {"subprotocol": ws.subprotocol}
        )

    async def answer_show_rooms(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/rooms/{room:int}", open=open_show_rooms, message=answer_show_rooms)

    app.mount("/", router)

    check(app)


def test_ping_between_fragments(check: Check) -> None:
    """Control frames may come between fragments, and are answered at once."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_pings(check: Check) -> None:
    """A ping is answered with what it says."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_pings_of_the_handler(check: Check) -> None:
    """A handler may send a ping."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        await ws.ping(b"there?")

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


@pytest.mark.socket
def test_pings_of_the_server(check: Check) -> None:
    """A client that says nothing is sent a ping, so that one that is gone is noticed."""
    app = Sabir()

    @app.websocket("/echo", ping_interval_ms=100)
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_pongs(check: Check) -> None:
    """A pong that nobody asked for is no message, and not answered."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_query_is_checked_before(check: Check) -> None:
    """A query that does not fit is refused before the socket is opened."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket, limit: Annotated[int | None, Query(ge=1)] = None) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_reason_that_is_not_utf_8(check: Check) -> None:
    """The reason of a close is UTF-8."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


@pytest.mark.socket
def test_refusal_keeps_the_connection(check: Check) -> None:
    """A connection whose handshake was refused goes on."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_reserved_bits(check: Check) -> None:
    """A reserved bit without a meaning is refused."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)


def test_reserved_opcode_of_a_fragment(check: Check) -> None:
    """A reserved opcode is refused within a message, too."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_reserved_opcodes(check: Check) -> None:
    """A reserved opcode is refused."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_second_offer(check: Check) -> None:
    """Of several offers the first that the server can keep to is taken."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


@pytest.mark.socket
def test_server_does_not_mask(check: Check) -> None:
    """The server does not mask, and ends every message in one frame."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


@pytest.mark.socket
def test_short_messages_are_not_compressed(check: Check) -> None:
    """A message that compression would not make shorter is sent as it is."""
    app = Sabir()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    app.websocket("/echo", open=open_show_echo, message=answer_show_echo)

    check(app)


def test_silence_ends_a_socket(check: Check) -> None:
    """A client that says nothing for too long is closed with 1001."""
    app = Sabir()

    @app.websocket("/echo", idle_timeout_ms=100)
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_subprotocol(check: Check) -> None:
    """The first subprotocol of the client that the server speaks is chosen, and the handler knows it."""
    app = Sabir()

    @app.websocket("/echo", subprotocols=["chat.v1", "chat.v2"])
    async def show_echo(ws: WebSocket) -> None:
        await ws.send_json(echo() | {"subprotocol": ws.subprotocol})
        async for message in ws:
            await ws.send(message)

    check(app)


@pytest.mark.socket
def test_subprotocols_in_several_fields(check: Check) -> None:
    """The list of subprotocols may be spread over several fields."""
    app = Sabir()
    router = Router()

    async def open_show_echo(ws: WebSocket) -> None:
        pass

    async def answer_show_echo(ws: WebSocket, message: str | bytes) -> None:
        await ws.send(message)

    router.websocket("/echo", subprotocols=["chat.v1"], open=open_show_echo, message=answer_show_echo)

    app.mount("/", router)

    check(app)


def test_text(check: Check) -> None:
    """Text is sent back as text."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_text_that_is_not_utf_8(check: Check) -> None:
    """Text that is not UTF-8 is refused with 1007: no byte of it reaches the handler."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_upgrade_for_nobody(check: Check) -> None:
    """A handshake that does not say Upgrade in Connection might be meant for a proxy."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_variables_that_do_not_fit(check: Check) -> None:
    """A segment that does not fit its variable is not found, before any socket is opened."""
    app = Sabir()

    @app.websocket("/rooms/{room:int}")
    async def show_rooms(ws: WebSocket, room: int) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_window_that_is_too_small(check: Check) -> None:
    """A window that the server cannot write is declined."""
    app = Sabir()

    @app.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    check(app)


def test_windows(check: Check) -> None:
    """The server keeps to the window that the client asks for, and the client may name its own."""
    app = Sabir()
    router = Router()

    @router.websocket("/echo")
    async def show_echo(ws: WebSocket) -> None:
        async for message in ws:
            await ws.send(message)

    app.mount("/", router)

    check(app)
