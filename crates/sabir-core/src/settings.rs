//! The table of settings: one source for the parser, the documentation and every host's type stubs.

use crate::options::{choice, options};

/// Settings that mean nothing to a host whose handlers all run on one thread; such a host knows none of them.
pub const SETTINGS_OF_THREADS: &[&str] = &["handler_threads"];

choice! {
    /// What happens to a path that differs from a route by a final slash.
    TrailingSlash {
        /// It does not match.
        Strict = "strict",
        /// The client is sent to the route's own path with 308 (RFC 9110 §15.4.9).
        Redirect = "redirect",
        /// It matches as if the slash were as declared.
        Ignore = "ignore",
    }
}

choice! {
    /// What happens to a JSON object that has a name twice (RFC 8259 §4).
    DuplicateKeys {
        /// 400.
        Refuse = "refuse",
        /// The last one counts, in the place of the first.
        Last = "last",
    }
}

choice! {
    /// What happens to JSON of a handler that does not fit the schema which the operation declares for its status.
    ResponseValidation {
        /// It is sent, and nobody looks at it.
        Off = "off",
        /// It is sent, and the log has what is wrong.
        Warn = "warn",
        /// The client gets 500, and the log has what is wrong. Members that the schema does not declare are left out.
        Enforce = "enforce",
    }
}

choice! {
    /// How messages of WebSockets are compressed (RFC 7692), where the client can.
    WebSocketCompression {
        /// They are not.
        Off = "off",
        /// Each by itself, so that a connection needs no memory for it between messages, and a message for many is compressed once.
        NoContextTakeover = "no_context_takeover",
        /// Each with those before it in view, which makes similar messages smaller, for some 300 KiB of memory a connection.
        ContextTakeover = "context_takeover",
    }
}

choice! {
    /// What happens to a message for a WebSocket whose client reads too slowly.
    WebSocketQueuePolicy {
        /// It is waited for.
        Wait = "wait",
        /// The oldest messages that wait are left out.
        DropOldest = "drop_oldest",
        /// The socket is closed with 1013.
        Close = "close",
    }
}

options! {
    /// How an application behaves. Every field has a default; unknown names are refused.
    Settings ("setting", at "settings") {
        /// What happens to a path that differs from a route by a final slash.
        trailing_slash: TrailingSlash = TrailingSlash::Redirect;
        /// The largest request body in bytes; a larger one is answered 413. A route's `x-sabir.body_limit` overrides it.
        body_limit: u64 = 10 * 1024 * 1024;
        /// How many times its size content may become when its `Content-Encoding` is decoded; more is answered 413.
        expansion_limit: u64 = 200, 1..=u64::MAX;
        /// How deeply a JSON body may be nested; a deeper one is answered 400.
        json_depth_limit: u64 = 128, 0..=512;
        /// What happens to a JSON object that has a name twice.
        json_duplicate_keys: DuplicateKeys = DuplicateKeys::Refuse;
        /// The most violations that a validation problem tells, of parameters and body together; when there are more, it says
        /// so with `errors_truncated`.
        violation_limit: u64 = 100, 1..=10_000;
        /// The most digits that a number may have, in JSON and in every other place, with the zeros that an exponent stands
        /// for; a number with more is refused.
        digit_limit: u64 = 640, 20..=4300;
        /// Whether the keyword `format` of JSON Schema is an assertion. Otherwise it is an annotation and refuses nothing.
        format_assertion: bool = true;
        /// What happens to JSON of a handler that does not fit the schema which its operation declares: with `warn` it is sent and
        /// the log has what is wrong, with `enforce` the client gets 500 instead, and members that the schema does not declare
        /// are left out.
        response_validation: ResponseValidation = ResponseValidation::Off;
        /// The most fields that a form or a multipart body may have; more are answered 413.
        form_field_limit: u64 = 1000;
        /// The largest part of a multipart body in bytes; a larger one is answered 413.
        part_limit: u64 = 10 * 1024 * 1024;
        /// The longest line of JSON Lines in bytes; a longer one is answered 413.
        line_limit: u64 = 1024 * 1024, 1..=u64::MAX;
        /// File parts above this many bytes are kept on disk instead of in memory.
        file_memory_limit: u64 = 1024 * 1024;
        /// The largest header section in bytes; a larger one is answered 431.
        header_limit: u64 = 32 * 1024, 1..=16 * 1024 * 1024;
        /// The most header fields; more are answered 431.
        header_count_limit: u64 = 100, 1..=16_384;
        /// The longest request target in bytes; a longer one is answered 414.
        target_limit: u64 = 8 * 1024, 1..=65_534;
        /// Milliseconds a client has to send the header section; then 408, and over HTTP/2 the end of the connection. 0 means no
        /// limit.
        header_timeout_ms: u64 = 10_000;
        /// Milliseconds a client may pause while it sends the body; then 408. 0 means no limit.
        body_timeout_ms: u64 = 30_000;
        /// The fewest bytes a second that a client may send of a body on average, once it has been waited for
        /// `body_timeout_ms` in all (for 5 seconds where that is 0); then 408. 0 means no limit.
        body_minimum_rate: u64 = 240;
        /// Milliseconds a client may read nothing of an answer; then the connection is closed. 0 means no limit.
        write_timeout_ms: u64 = 30_000;
        /// Milliseconds without an event after which an event stream gets a comment, so that proxies between do not take the
        /// connection for dead (WHATWG HTML §9.2.7). 0 means none.
        event_keep_alive_ms: u64 = 15_000;
        /// Milliseconds an idle keep-alive connection stays open. 0 means no limit.
        idle_timeout_ms: u64 = 75_000;
        /// Milliseconds a handler has to answer; then 504. 0 means no limit. A route's `x-sabir.timeout_ms` overrides it.
        handler_timeout_ms: u64 = 0;
        /// The most connections at once, of all I/O threads together; more are answered 503.
        connection_limit: u64 = 16_384, 1..=u64::MAX;
        /// Milliseconds that running requests have to finish when the server stops; then they are cut off.
        shutdown_timeout_ms: u64 = 10_000;
        /// Threads that read and write sockets.
        io_threads: u64 = 1, 1..=1024;
        /// Calls of handlers that may be in flight, from their arrival to the last byte of the answer; more are answered 503.
        concurrency_limit: u64 = 16_384, 1..=u64::MAX;
        /// The largest message of a WebSocket in bytes, as it is once it is decompressed; a larger one closes the socket with 1009. A
        /// route's `x-sabir.websocket.message_limit` overrides it.
        websocket_message_limit: u64 = 1024 * 1024, 1..=1024 * 1024 * 1024;
        /// The largest frame of a WebSocket in bytes; a larger one closes the socket with 1009.
        websocket_frame_limit: u64 = 1024 * 1024, 125..=1024 * 1024 * 1024;
        /// Milliseconds a client of a WebSocket may send nothing, not even an answer to a ping; then it is closed with 1001. 0 means no
        /// limit. A route's `x-sabir.websocket.idle_timeout_ms` overrides it.
        websocket_idle_timeout_ms: u64 = 0;
        /// Milliseconds of silence after which the client of a WebSocket is sent a ping. One that says nothing for as long again is
        /// taken for gone. 0 means no pings. A route's `x-sabir.websocket.ping_interval_ms` overrides it.
        websocket_ping_interval_ms: u64 = 20_000;
        /// Milliseconds the client of a WebSocket may take to answer a close, and the handler to end after one. A server that stops waits one
        /// second for an answer, at most.
        websocket_close_timeout_ms: u64 = 5_000, 1..=u64::MAX;
        /// Bytes that may wait to be sent to a client of a WebSocket. A route's `x-sabir.websocket.send_queue_limit` overrides it.
        websocket_send_queue_limit: u64 = 1024 * 1024, 1..=u64::MAX;
        /// What happens to a message for a WebSocket when as much waits as may: with `wait` its sender waits, with `drop_oldest` the
        /// oldest messages that wait are left out, with `close` the socket is closed with 1013.
        websocket_send_queue_policy: WebSocketQueuePolicy = WebSocketQueuePolicy::Wait;
        /// Whether messages of WebSockets are compressed where the client can (RFC 7692): with `no_context_takeover` each by itself, with
        /// `context_takeover` with those before it in view, for some 300 KiB of memory a connection.
        websocket_compression: WebSocketCompression = WebSocketCompression::NoContextTakeover;
        /// The most messages of one channel that are kept for clients which come back. 0 means none.
        channel_history_limit: u64 = 100;
        /// The most bytes of one channel that are kept for clients which come back.
        channel_history_bytes: u64 = 1024 * 1024;
        /// Threads that run plain functions; calls beyond them wait.
        handler_threads: u64 = 40, 1..=1024;
        /// Whether HTTP/2 with prior knowledge is spoken on cleartext connections (RFC 9113 §3.3).
        http2: bool = true;
        /// Whether a failed handler's message and traceback are shown to the client.
        debug: bool = false;
    }
}
