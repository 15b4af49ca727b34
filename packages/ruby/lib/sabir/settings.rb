# frozen_string_literal: true

# Generated from the runtime's tables by `./task generate`. Do not edit.

module Sabir
  # The settings of an application, the keywords of `Sabir::App.new`, by the names that every language uses, and what each takes.
  # Every one has a default in the runtime.
  SETTINGS = {
    # What happens to a path that differs from a route by a final slash.
    trailing_slash: %w[strict redirect ignore],
    # The largest request body in bytes; a larger one is answered 413. A route's `body_limit` overrides it.
    body_limit: (0..),
    # How many times its size content may become when its `Content-Encoding` is decoded; more is answered 413.
    expansion_limit: (1..),
    # How deeply a JSON body may be nested; a deeper one is answered 400.
    json_depth_limit: (0..512),
    # What happens to a JSON object that has a name twice.
    json_duplicate_keys: %w[refuse last],
    # The most violations that a validation problem tells, of parameters and body together; when there are more, it says so
    # with `errors_truncated`.
    violation_limit: (1..10000),
    # The most digits that a number may have, in JSON and in every other place, with the zeros that an exponent stands for; a
    # number with more is refused.
    digit_limit: (20..4300),
    # Whether the keyword `format` of JSON Schema is an assertion. Otherwise it is an annotation and refuses nothing.
    format_assertion: [true, false],
    # What happens to JSON of a handler that does not fit the schema which its operation declares: with `warn` it is sent and
    # the log has what is wrong, with `enforce` the client gets 500 instead, and members that the schema does not declare are
    # left out.
    response_validation: %w[off warn enforce],
    # The most fields that a form or a multipart body may have; more are answered 413.
    form_field_limit: (0..),
    # The largest part of a multipart body in bytes; a larger one is answered 413.
    part_limit: (0..),
    # The longest line of JSON Lines in bytes; a longer one is answered 413.
    line_limit: (1..),
    # File parts above this many bytes are kept on disk instead of in memory.
    file_memory_limit: (0..),
    # The largest header section in bytes; a larger one is answered 431.
    header_limit: (1..16777216),
    # The most header fields; more are answered 431.
    header_count_limit: (1..16384),
    # The longest request target in bytes; a longer one is answered 414.
    target_limit: (1..65534),
    # Milliseconds a client has to send the header section; then 408, and over HTTP/2 the end of the connection. 0 means no
    # limit.
    header_timeout_ms: (0..),
    # Milliseconds a client may pause while it sends the body; then 408. 0 means no limit.
    body_timeout_ms: (0..),
    # The fewest bytes a second that a client may send of a body on average, once it has been waited for `body_timeout_ms` in
    # all (for 5 seconds where that is 0); then 408. 0 means no limit.
    body_minimum_rate: (0..),
    # Milliseconds a client may read nothing of an answer; then the connection is closed. 0 means no limit.
    write_timeout_ms: (0..),
    # Milliseconds without an event after which an event stream gets a comment, so that proxies between do not take the
    # connection for dead (WHATWG HTML §9.2.7). 0 means none.
    event_keep_alive_ms: (0..),
    # Milliseconds an idle keep-alive connection stays open. 0 means no limit.
    idle_timeout_ms: (0..),
    # Milliseconds a handler has to answer; then 504. 0 means no limit. A route's `timeout_ms` overrides it.
    handler_timeout_ms: (0..),
    # The most connections at once, of all I/O threads together; more are answered 503.
    connection_limit: (1..),
    # Milliseconds that running requests have to finish when the server stops; then they are cut off.
    shutdown_timeout_ms: (0..),
    # Threads that read and write sockets.
    io_threads: (1..1024),
    # Calls of handlers that may be in flight, from their arrival to the last byte of the answer; more are answered 503.
    concurrency_limit: (1..),
    # The largest message of a WebSocket in bytes, as it is once it is decompressed; a larger one closes the socket with 1009.
    # A route's `websocket.message_limit` overrides it.
    websocket_message_limit: (1..1073741824),
    # The largest frame of a WebSocket in bytes; a larger one closes the socket with 1009.
    websocket_frame_limit: (125..1073741824),
    # Milliseconds a client of a WebSocket may send nothing, not even an answer to a ping; then it is closed with 1001. 0
    # means no limit. A route's `websocket.idle_timeout_ms` overrides it.
    websocket_idle_timeout_ms: (0..),
    # Milliseconds of silence after which the client of a WebSocket is sent a ping. One that says nothing for as long again is
    # taken for gone. 0 means no pings. A route's `websocket.ping_interval_ms` overrides it.
    websocket_ping_interval_ms: (0..),
    # Milliseconds the client of a WebSocket may take to answer a close, and the handler to end after one. A server that stops
    # waits one second for an answer, at most.
    websocket_close_timeout_ms: (1..),
    # Bytes that may wait to be sent to a client of a WebSocket. A route's `websocket.send_queue_limit` overrides it.
    websocket_send_queue_limit: (1..),
    # What happens to a message for a WebSocket when as much waits as may: with `wait` its sender waits, with `drop_oldest`
    # the oldest messages that wait are left out, with `close` the socket is closed with 1013.
    websocket_send_queue_policy: %w[wait drop_oldest close],
    # Whether messages of WebSockets are compressed where the client can (RFC 7692): with `no_context_takeover` each by
    # itself, with `context_takeover` with those before it in view, for some 300 KiB of memory a connection.
    websocket_compression: %w[off no_context_takeover context_takeover],
    # The most messages of one channel that are kept for clients which come back. 0 means none.
    channel_history_limit: (0..),
    # The most bytes of one channel that are kept for clients which come back.
    channel_history_bytes: (0..),
    # Threads that run plain functions; calls beyond them wait.
    handler_threads: (1..1024),
    # Whether HTTP/2 with prior knowledge is spoken on cleartext connections (RFC 9113 §3.3).
    http2: [true, false],
    # Whether a failed handler's message and traceback are shown to the client.
    debug: [true, false],
  }.freeze
end
