//! What HTTP/2 requests mean (RFC 9113 §8).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Method, StatusCode};
use sabir_core::{Call, Reply, RouteDefinition, Settings};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;
use support::{
    http2::{CONTINUATION, HEADERS, Http2, Outcome},
    operation,
};

struct Running {
    address: String,
    handle: ServerHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

/// A server whose one route answers the host and the cookies of its request.
fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = Settings::default();
    change(&mut settings);
    let mut app = App::new(settings.clone());
    let show = |call: Call| async move {
        let field = |name: &str| {
            let values = call.head.headers.get_all(name).iter();
            values
                .map(|value| value.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
                .join("|")
        };
        Reply::bytes(
            StatusCode::OK,
            "text/plain",
            format!("host={} cookie={}", field("host"), field("cookie")),
        )
    };
    for method in [Method::GET, Method::POST] {
        let definition = RouteDefinition::new(method, "/", operation(&json!({})));
        app.route(definition, Arc::new(show)).unwrap();
    }
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
    }
}

impl Running {
    fn connect(&self) -> Http2 {
        Http2::new(TcpStream::connect(&self.address).unwrap())
    }
}

const GET: [(&str, &str); 3] = [(":method", "GET"), (":scheme", "http"), (":path", "/")];

fn get<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&GET, fields].concat()
}

#[test]
fn the_authority_is_the_host() {
    let server = start(|_| {});
    let mut client = server.connect();
    for (fields, host) in [
        (vec![(":authority", "a.example:8080")], "a.example:8080"),
        (vec![("host", "b.example")], "b.example"),
        (
            vec![(":authority", "a.example"), ("host", "A.example:80")],
            "a.example",
        ),
        (
            vec![(":authority", "[::1]:3000"), ("host", "[::1]:3000")],
            "[::1]:3000",
        ),
    ] {
        let text = client.request(&get(&fields)).text();
        assert_eq!(text, format!("host={host} cookie="), "{fields:?}");
    }
}

#[test]
fn refuses_a_request_that_is_not_clear_about_its_host() {
    let server = start(|_| {});
    let mut client = server.connect();
    for fields in [
        vec![],
        vec![(":authority", "a"), ("host", "b")],
        vec![(":authority", "a"), ("host", "a:8080")],
        vec![("host", "a"), ("host", "a")],
        vec![(":authority", "a"), ("host", "a"), ("host", "a")],
        vec![(":authority", "user@a")],
        vec![(":authority", "a:65536")],
        vec![("host", "a b")],
        vec![("host", "")],
    ] {
        client.request(&get(&fields)).refuses(400);
    }
}

#[test]
fn holds_heads_against_the_limits_of_http_1() {
    let server = start(|_| {});
    let mut client = server.connect();
    let authority = (":authority", "a");
    let many: Vec<_> = std::iter::once(authority).chain([("a", "b"); 101]).collect();
    client.request(&get(&many)).refuses(431);
    let large = "b".repeat(33_000);
    client.request(&get(&[authority, ("a", &large)])).refuses(431);
    let path = format!("/{}", "a".repeat(9000));
    let target = [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", &path),
        authority,
    ];
    client.request(&target).refuses(414);
    let method = "A".repeat(33);
    client
        .request(&[
            (":method", &method),
            (":scheme", "http"),
            (":path", "/"),
            authority,
        ])
        .refuses(501);
    let few: Vec<_> = std::iter::once(authority).chain([("a", "b"); 99]).collect();
    assert_eq!(client.request(&get(&few)).text(), "host=a cookie=");
}

#[test]
fn opens_no_tunnels() {
    let server = start(|_| {});
    let mut client = server.connect();
    client
        .request(&[(":method", "CONNECT"), (":authority", "a:443")])
        .refuses(501);
    assert!(client.request(&[(":method", "CONNECT")]).is_malformed());
}

#[test]
fn answers_only_options_for_the_whole_server() {
    let server = start(|_| {});
    let mut client = server.connect();
    let target = |method| {
        [
            (":method", method),
            (":scheme", "http"),
            (":path", "*"),
            (":authority", "a"),
        ]
    };
    assert_eq!(client.request(&target("OPTIONS")).text(), "");
    client.request(&target("GET")).refuses(400);
}

#[test]
fn treats_malformed_requests_as_such() {
    let server = start(|_| {});
    for fields in [
        vec![("a", " b")],
        vec![("a", "b\t")],
        vec![("A", "b")],
        vec![("a b", "c")],
        vec![("a", "b\rc")],
        vec![("connection", "close")],
        vec![("keep-alive", "1")],
        vec![("proxy-connection", "close")],
        vec![("transfer-encoding", "chunked")],
        vec![("upgrade", "a")],
        vec![("te", "gzip")],
        vec![("a", "b"), (":authority", "c")],
        vec![(":path", "/")],
        vec![(":unknown", "a")],
        vec![(":status", "200")],
        vec![("content-length", "x")],
        vec![("content-length", "1")],
    ] {
        let outcome = server
            .connect()
            .request(&get(&[&[(":authority", "a")], &fields[..]].concat()));
        assert!(outcome.is_malformed(), "{fields:?}: {outcome:?}");
    }
    for path in ["a", "*a", "/ä", "/ b", ""] {
        let fields = [
            (":method", "GET"),
            (":scheme", "http"),
            (":path", path),
            (":authority", "a"),
        ];
        let outcome = server.connect().request(&fields);
        assert!(outcome.is_malformed(), "{path:?}: {outcome:?}");
    }
    for missing in 0..3 {
        let mut fields = get(&[(":authority", "a")]);
        fields.remove(missing);
        let outcome = server.connect().request(&fields);
        assert!(outcome.is_malformed(), "{fields:?}: {outcome:?}");
    }
}

#[test]
fn trailers_have_no_pseudo_header_fields() {
    let server = start(|_| {});
    let post = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", "a"),
    ];
    let mut client = server.connect();
    let outcome = client.request_with_trailers(&post, b"content", &[("a", "b")]);
    assert_eq!(outcome.text(), "host=a cookie=");
    for trailers in [
        [(":path", "/"), ("a", "b")],
        [(":status", "200"), ("a", "b")],
        [("a", "b"), (":path", "/")],
        [("a", "b"), ("connection", "close")],
    ] {
        let outcome = client.request_with_trailers(&post, b"content", &trailers);
        assert_eq!(outcome, Outcome::Reset(1), "{trailers:?}");
    }
    assert_eq!(
        client.request(&get(&[(":authority", "a")])).text(),
        "host=a cookie="
    );
}

#[test]
fn joins_cookies_that_came_apart() {
    let server = start(|_| {});
    let fields = [
        (":authority", "a"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("cookie", "c=3"),
    ];
    let text = server.connect().request(&get(&fields)).text();
    assert_eq!(text, "host=a cookie=a=1; b=2; c=3");
}

#[test]
fn closes_a_connection_on_which_nothing_is_asked() {
    let server = start(|settings| settings.idle_timeout_ms = 100);
    let mut client = server.connect();
    assert_eq!(client.until_closed(true), Outcome::GoAway(0));
    let mut client = server.connect();
    client.request(&get(&[(":authority", "a")])).text();
    assert_eq!(client.until_closed(true), Outcome::GoAway(0));
}

#[test]
fn closes_a_connection_whose_client_has_stopped_in_the_middle_of_a_frame() {
    let server = start(|settings| settings.idle_timeout_ms = 100);
    let mut client = server.connect();
    // A header section that goes on in another frame, which never comes.
    client.frame(1, 0, 1, &[0x82]);
    assert_eq!(client.until_closed(false), Outcome::GoAway(0));
}

/// Sends `frames` of a header section of which the last never comes, one after another with a pause before each.
fn trickle(client: &mut Http2, frames: &[(u8, &[u8])], pause: Duration) {
    for (kind, payload) in frames {
        std::thread::sleep(pause);
        client.frame(*kind, 0, 1, payload);
    }
}

#[test]
fn a_header_section_has_its_time_however_it_is_cut() {
    let server = start(|settings| settings.header_timeout_ms = 300);
    let begun = Instant::now();
    let pieces: &[(u8, &[u8])] = &[(HEADERS, &[0x82]), (CONTINUATION, b""), (CONTINUATION, &[0x86])];
    for (frames, pause) in [(&pieces[..1], 0), (pieces, 200)] {
        let mut client = server.connect();
        trickle(&mut client, frames, Duration::from_millis(pause));
        assert_eq!(client.until_closed(false), Outcome::GoAway(0));
    }
    // The beginning of a frame of fields.
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .unwrap();
    stream.write_all(b"\0\0\x20\x01\x05\0\0\0\x01\x82").unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn a_connection_goes_on_when_a_header_section_was_slow() {
    let server = start(|settings| settings.header_timeout_ms = 500);
    let mut client = server.connect();
    for _ in 0..3 {
        let stream = client.begin_with_pause(&get(&[(":authority", "a")]), Duration::from_millis(250));
        assert_eq!(client.outcome(stream).text(), "host=a cookie=");
    }
}
