"""The settings of an application, by the names that every language uses.

Generated from the runtime's tables by ``./task generate``. Do not edit.
"""

from typing import Annotated, Literal, TypedDict

import msgspec


class Settings(TypedDict, total=False):
    """How an application behaves; every setting has a default in the runtime."""

    trailing_slash: Literal["strict", "redirect", "ignore"]
    """What happens to a path that differs from a route by a final slash."""
    body_limit: Annotated[int, msgspec.Meta(ge=0)]
    """The largest request body in bytes; a larger one is answered 413. A route's ``body_limit`` overrides it."""
    expansion_limit: Annotated[int, msgspec.Meta(ge=1)]
    """How many times its size content may become when its ``Content-Encoding`` is decoded; more is answered 413."""
    json_depth_limit: Annotated[int, msgspec.Meta(ge=0, le=512)]
    """How deeply a JSON body may be nested; a deeper one is answered 400."""
    json_duplicate_keys: Literal["refuse", "last"]
    """What happens to a JSON object that has a name twice."""
    violation_limit: Annotated[int, msgspec.Meta(ge=1, le=10000)]
    """The most violations that a validation problem tells, of parameters and body together; when there are more, it
    says so with ``errors_truncated``."""
    digit_limit: Annotated[int, msgspec.Meta(ge=20, le=4300)]
    """The most digits that a number may have, in JSON and in every other place, with the zeros that an exponent stands
    for; a number with more is refused."""
    format_assertion: bool
    """Whether the keyword ``format`` of JSON Schema is an assertion. Otherwise it is an annotation and refuses
    nothing."""
    response_validation: Literal["off", "warn", "enforce"]
    """What happens to JSON of a handler that does not fit the schema which its operation declares: with ``warn`` it is
    sent and the log has what is wrong, with ``enforce`` the client gets 500 instead, and members that the schema does
    not declare are left out."""
    form_field_limit: Annotated[int, msgspec.Meta(ge=0)]
    """The most fields that a form or a multipart body may have; more are answered 413."""
    part_limit: Annotated[int, msgspec.Meta(ge=0)]
    """The largest part of a multipart body in bytes; a larger one is answered 413."""
    line_limit: Annotated[int, msgspec.Meta(ge=1)]
    """The longest line of JSON Lines in bytes; a longer one is answered 413."""
    file_memory_limit: Annotated[int, msgspec.Meta(ge=0)]
    """File parts above this many bytes are kept on disk instead of in memory."""
    header_limit: Annotated[int, msgspec.Meta(ge=1, le=16777216)]
    """The largest header section in bytes; a larger one is answered 431."""
    header_count_limit: Annotated[int, msgspec.Meta(ge=1, le=16384)]
    """The most header fields; more are answered 431."""
    target_limit: Annotated[int, msgspec.Meta(ge=1, le=65534)]
    """The longest request target in bytes; a longer one is answered 414."""
    header_timeout_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds a client has to send the header section; then 408, and over HTTP/2 the end of the connection. 0
    means no limit."""
    body_timeout_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds a client may pause while it sends the body; then 408. 0 means no limit."""
    body_minimum_rate: Annotated[int, msgspec.Meta(ge=0)]
    """The fewest bytes a second that a client may send of a body on average, once it has been waited for
    ``body_timeout_ms`` in all (for 5 seconds where that is 0); then 408. 0 means no limit."""
    write_timeout_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds a client may read nothing of an answer; then the connection is closed. 0 means no limit."""
    event_keep_alive_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds without an event after which an event stream gets a comment, so that proxies between do not take the
    connection for dead (WHATWG HTML §9.2.7). 0 means none."""
    idle_timeout_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds an idle keep-alive connection stays open. 0 means no limit."""
    handler_timeout_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds a handler has to answer; then 504. 0 means no limit. A route's ``timeout_ms`` overrides it."""
    connection_limit: Annotated[int, msgspec.Meta(ge=1)]
    """The most connections at once, of all I/O threads together; more are answered 503."""
    shutdown_timeout_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds that running requests have to finish when the server stops; then they are cut off."""
    io_threads: Annotated[int, msgspec.Meta(ge=1, le=1024)]
    """Threads that read and write sockets."""
    concurrency_limit: Annotated[int, msgspec.Meta(ge=1)]
    """Calls of handlers that may be in flight, from their arrival to the last byte of the answer; more are answered
    503."""
    websocket_message_limit: Annotated[int, msgspec.Meta(ge=1, le=1073741824)]
    """The largest message of a WebSocket in bytes, as it is once it is decompressed; a larger one closes the socket
    with 1009. A route's ``websocket.message_limit`` overrides it."""
    websocket_frame_limit: Annotated[int, msgspec.Meta(ge=125, le=1073741824)]
    """The largest frame of a WebSocket in bytes; a larger one closes the socket with 1009."""
    websocket_idle_timeout_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds a client of a WebSocket may send nothing, not even an answer to a ping; then it is closed with 1001.
    0 means no limit. A route's ``websocket.idle_timeout_ms`` overrides it."""
    websocket_ping_interval_ms: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds of silence after which the client of a WebSocket is sent a ping. One that says nothing for as long
    again is taken for gone. 0 means no pings. A route's ``websocket.ping_interval_ms`` overrides it."""
    websocket_close_timeout_ms: Annotated[int, msgspec.Meta(ge=1)]
    """Milliseconds the client of a WebSocket may take to answer a close, and the handler to end after one. A server
    that stops waits one second for an answer, at most."""
    websocket_send_queue_limit: Annotated[int, msgspec.Meta(ge=1)]
    """Bytes that may wait to be sent to a client of a WebSocket. A route's ``websocket.send_queue_limit`` overrides
    it."""
    websocket_send_queue_policy: Literal["wait", "drop_oldest", "close"]
    """What happens to a message for a WebSocket when as much waits as may: with ``wait`` its sender waits, with
    ``drop_oldest`` the oldest messages that wait are left out, with ``close`` the socket is closed with 1013."""
    websocket_compression: Literal["off", "no_context_takeover", "context_takeover"]
    """Whether messages of WebSockets are compressed where the client can (RFC 7692): with ``no_context_takeover`` each
    by itself, with ``context_takeover`` with those before it in view, for some 300 KiB of memory a connection."""
    channel_history_limit: Annotated[int, msgspec.Meta(ge=0)]
    """The most messages of one channel that are kept for clients which come back. 0 means none."""
    channel_history_bytes: Annotated[int, msgspec.Meta(ge=0)]
    """The most bytes of one channel that are kept for clients which come back."""
    handler_threads: Annotated[int, msgspec.Meta(ge=1, le=1024)]
    """Threads that run plain functions; calls beyond them wait."""
    http2: bool
    """Whether HTTP/2 with prior knowledge is spoken on cleartext connections (RFC 9113 §3.3)."""
    debug: bool
    """Whether a failed handler's message and traceback are shown to the client."""
