//! Fields that follow content (RFC 9110 §6.5).
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{io::Write, net::TcpStream, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use sabir_core::{Call, Reply, ReplyBody, RouteDefinition, Settings, reply::Trailers};
use sabir_http::{Address, App, Server, ServerHandle, Service};
use serde_json::json;
use support::{
    http2::{END_STREAM, Http2},
    operation, read_all,
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

fn name(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

/// `/` has fields after its content, one of which was not announced; `/panic` panics over them; `/nested/` is of another library.
fn service() -> Service {
    let mut app = App::new(Settings::default());
    let mut add = |path: &'static str, method: Method| {
        let handler = move |_: Call| async move {
            let chunks = ["a", "b"].map(|chunk| Ok(Bytes::from(chunk)));
            let mut reply = Reply::new(StatusCode::OK);
            // It is wrong where fields follow.
            reply
                .headers
                .insert("content-length", HeaderValue::from_static("2"));
            reply.body = ReplyBody::Stream(Box::pin(futures_util::stream::iter(chunks)));
            let fields = move || {
                assert_ne!(path, "/panic", "a test panics");
                let value = HeaderValue::from_static("2");
                HeaderMap::from_iter([(name("x-size"), value.clone()), (name("x-other"), value)])
            };
            reply.with_trailers(Trailers::new([name("x-size"), name("x-never")], fields).unwrap())
        };
        let definition = RouteDefinition::new(method, path, operation(&json!({})));
        app.route(definition, Arc::new(handler)).unwrap();
    };
    add("/", Method::GET);
    add("/panic", Method::GET);
    let nested = tower::service_fn(|request: Request<Full<Bytes>>| async move {
        let mut fields = HeaderMap::new();
        fields.insert("grpc-status", HeaderValue::from_static("0"));
        fields.insert("content-length", HeaderValue::from_static("9"));
        let is_empty = request.uri().path() == "/empty";
        let data = (!is_empty).then(|| Ok::<_, std::io::Error>(Frame::data(Bytes::from("n"))));
        let frames =
            futures_util::stream::iter(data).chain(futures_util::stream::iter([Ok(Frame::trailers(fields))]));
        let mut response = Response::new(StreamBody::new(frames));
        response
            .headers_mut()
            .insert("trailer", HeaderValue::from_static("grpc-status"));
        Ok::<_, std::io::Error>(response)
    });
    app.nest("/nested", nested).unwrap();
    app.build()
}

fn start() -> Running {
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(service()).unwrap(),
    }
}

impl Running {
    fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client
    }

    fn ask(&self, request: &str) -> String {
        let mut client = self.connect();
        client.write_all(request.as_bytes()).unwrap();
        read_all(&mut client).text
    }
}

#[test]
fn clients_of_http_1_get_them_when_they_ask() {
    let server = start();
    let get = |path: &str, fields: &str| {
        server.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n"
        ))
    };
    for fields in ["TE: trailers\r\n", "te: gzip;q=0.5, Trailers\r\n"] {
        let text = get("/", fields);
        assert!(text.contains("\r\ntrailer: x-size, x-never\r\n"), "{text}");
        assert!(!text.contains("content-length"), "{text}");
        assert!(text.ends_with("b\r\n0\r\nx-size: 2\r\n\r\n"), "{text}");
    }
    for fields in ["", "TE: gzip\r\n", "X-TE: trailers\r\n"] {
        let text = get("/", fields);
        assert!(!text.contains("trailer") && !text.contains("x-size"), "{text}");
        assert!(text.ends_with("b\r\n0\r\n\r\n"), "{text}");
    }
    let text = get("/nested/a", "TE: trailers\r\n");
    assert!(text.contains("\r\ntrailer: grpc-status\r\n"), "{text}");
    assert!(text.ends_with("n\r\n0\r\ngrpc-status: 0\r\n\r\n"), "{text}");
    let text = get("/panic", "TE: trailers\r\n");
    assert!(!text.contains("\r\n0\r\n"), "{text}");
}

#[test]
fn each_request_asks_for_itself() {
    let server = start();
    let with = "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n";
    let without = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let end = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let text = server.ask(&format!("{with}{without}{with}{end}"));
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 4, "{text}");
    assert_eq!(text.matches("\r\nx-size: 2\r\n").count(), 2, "{text}");
    assert_eq!(text.matches("\r\ntrailer: ").count(), 2, "{text}");
}

#[test]
fn an_answer_without_chunks_has_none() {
    let server = start();
    let text = server.ask("GET / HTTP/1.0\r\nTE: trailers\r\n\r\n");
    assert!(text.ends_with("\r\n\r\nab"), "{text}");
    let text = server.ask("HEAD / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n\r\n");
    assert!(text.ends_with("\r\n\r\n") && !text.contains("x-size"), "{text}");
}

#[test]
fn clients_of_http_2_always_get_them() {
    let server = start();
    let mut client = Http2::new(server.connect());
    for path in ["/", "/nested/a", "/nested/empty"] {
        let stream = client.begin(
            &[
                (":method", "GET"),
                (":scheme", "http"),
                (":path", path),
                (":authority", "a"),
            ],
            END_STREAM,
        );
        let content = client.outcome(stream).text();
        assert_eq!(
            content,
            match path {
                "/" => "ab",
                "/nested/a" => "n",
                _ => "",
            }
        );
        assert_eq!(client.header_sections(stream), 2, "{path}");
    }
}

#[tokio::test]
async fn they_are_there_in_memory_and_behind_layers() {
    for service in [
        service(),
        service().layer(&tower::util::MapResponseLayer::new(|response: Response<_>| {
            response
        })),
    ] {
        let request = Request::get("/").body(Empty::<Bytes>::new()).unwrap();
        let response = service.open_in_memory(request).await;
        assert_eq!(response.headers()["trailer"], "x-size, x-never");
        let collected = response.into_body().collect().await.unwrap();
        let fields = collected.trailers().unwrap();
        assert_eq!(
            (fields.len(), &fields["x-size"]),
            (1, &HeaderValue::from_static("2"))
        );
        assert_eq!(collected.to_bytes(), "ab");
        let request = Request::get("/panic").body(Empty::<Bytes>::new()).unwrap();
        let response = service.open_in_memory(request).await;
        assert!(response.into_body().collect().await.is_err());
        let request = Request::get("/nested/a").body(Empty::<Bytes>::new()).unwrap();
        let collected = service
            .open_in_memory(request)
            .await
            .into_body()
            .collect()
            .await
            .unwrap();
        let fields = collected.trailers().unwrap();
        assert_eq!(
            (fields.len(), &fields["grpc-status"]),
            (1, &HeaderValue::from_static("0"))
        );
    }
}
