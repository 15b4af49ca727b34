//! No setting that is accepted breaks the server, wherever in its range it lies.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    io::Write,
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use sabir_core::{Call, Reply, RouteDefinition, Settings, options::OptionKind};
use sabir_http::{Address, App, Server, Service};
use serde_json::json;
use support::{
    http2::{Http2, Outcome},
    operation, read_all,
};

static PANICS: AtomicUsize = AtomicUsize::new(0);

const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\nc\r\n--b--\r\n";

fn service(settings: &Settings) -> Service {
    let mut app = App::new(settings.clone());
    let schema = json!({ "schema": { "type": "object", "properties": { "a": { "type": "string", "format": "binary" } } } });
    for (path, media_type) in [("/json", "application/json"), ("/form", "multipart/form-data")] {
        let data = json!({ "requestBody": { "content": { media_type: schema } } });
        let definition = RouteDefinition::new(Method::POST, path, operation(&data));
        let answer = |_: Call| async { Reply::bytes(StatusCode::OK, "text/plain", "ok") };
        app.route(definition, Arc::new(answer)).unwrap();
    }
    app.build()
}

/// Asks once in every way, and demands that each way ends.
async fn try_all(name: &str, settings: Settings) {
    let service = service(&settings);
    let requests = [
        ("/json", "application/json", "{\"a\":\"b\"}"),
        ("/form", "multipart/form-data; boundary=b", FORM),
    ];
    for (path, media_type, content) in requests {
        let request = Request::post(path).header("content-type", media_type);
        let answered = service.call_in_memory(request.body(Bytes::from_static(content.as_bytes())).unwrap());
        let answered = tokio::time::timeout(Duration::from_secs(20), answered).await;
        assert!(answered.is_ok(), "{name}: no answer in memory");
    }
    let uses_many_threads = settings.io_threads > 8;
    let server = match Server::bind(Address::Tcp("127.0.0.1".into(), 0)) {
        Ok(server) => server,
        Err(error) => panic!("{name}: {error}"),
    };
    let address = server.local_address();
    let handle = match server.serve(service) {
        Ok(handle) => handle,
        // So many threads need more than every machine has.
        Err(_) if uses_many_threads => return,
        Err(error) => panic!("{name}: {error}"),
    };
    for (path, media_type, content) in requests {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let length = content.len();
        let _ = write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{content}"
        );
        assert!(read_all(&mut stream).closed, "{name}: no end on HTTP/1.1");
    }
    let mut client = Http2::new(TcpStream::connect(&address).unwrap());
    let fields = [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", "a"),
    ];
    let outcome = client.request(&fields);
    assert_ne!(outcome, Outcome::Silence, "{name}: no end on HTTP/2");
    drop(client);
    handle.stop();
    handle.wait();
}

#[tokio::test]
async fn every_setting_works_at_both_ends_of_its_range() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        shown(panic);
    }));
    for setting in Settings::table() {
        let OptionKind::Unsigned { least, most } = setting.kind else {
            continue;
        };
        for value in [
            0,
            1,
            2,
            least,
            most,
            u64::from(u32::MAX),
            u64::MAX / 2,
            u64::MAX - 1,
            u64::MAX,
        ] {
            // A busy server stops soon, whatever the setting under test.
            let mut settings = Settings {
                shutdown_timeout_ms: 1000,
                ..Settings::default()
            };
            let accepted = settings.set(setting.name, &json!(value));
            let name = format!("{} = {value}", setting.name);
            assert_eq!(accepted.is_ok(), (least..=most).contains(&value), "{name}");
            match accepted {
                Ok(()) => try_all(&name, settings).await,
                Err(error) => assert!(error.to_string().contains(setting.name), "{error}"),
            }
            assert_eq!(PANICS.load(Ordering::SeqCst), 0, "{name} panics");
        }
    }
}

#[test]
fn a_server_refuses_settings_that_nobody_checked() {
    let settings = Settings {
        header_count_limit: u64::MAX,
        header_limit: u64::MAX,
        ..Settings::default()
    };
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let refusal = server.serve(App::new(settings).build()).unwrap_err();
    assert!(refusal.to_string().contains("header_limit"), "{refusal}");
}
