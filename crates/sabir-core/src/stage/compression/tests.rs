use std::{
    collections::VecDeque,
    io::Read as _,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_util::{FutureExt, StreamExt};
use http::{HeaderName, Method, Request, Response, header::VARY};
use http_body::{Body, Frame};
use serde_json::{Value as Json, json};

use super::*;
use crate::{
    Call, Operation, RouteDefinition, Settings,
    pipeline::{Application, ApplicationBuilder, ResponseBody, Sleep},
    reply::StreamError,
};

/// Text that compresses well, of `size` bytes.
fn text(size: usize) -> Bytes {
    let words = ["order", "price", "total", "quantity", "customer"];
    let text: Vec<u8> = (0usize..)
        .flat_map(|number| format!("{} {} ", words[number % words.len()], number * 7919 % 1009).into_bytes())
        .take(size)
        .collect();
    text.into()
}

/// An application that answers GET of `/` with `reply`.
fn application(options: &Json, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Application {
    let mut builder = ApplicationBuilder::new(Settings::default());
    builder.stage("compression", options).unwrap();
    let handler = move |_: Call| {
        let reply = reply();
        async move { reply }
    };
    let route = RouteDefinition::new(Method::GET, "/", Operation::default());
    builder.route(route, Arc::new(handler)).unwrap();
    builder.build()
}

fn ask(application: &Application, method: Method, accepted: &str) -> Response<Bytes> {
    let request = Request::builder()
        .method(method)
        .header(ACCEPT_ENCODING, accepted);
    application
        .call(request.body(Bytes::new()).unwrap())
        .now_or_never()
        .unwrap()
}

fn decoded(coding: &str, content: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(content).read_to_end(&mut decoded),
        "deflate" => flate2::read::ZlibDecoder::new(content).read_to_end(&mut decoded),
        "br" => ::brotli::Decompressor::new(content, 4096).read_to_end(&mut decoded),
        #[cfg(feature = "zstd")]
        "zstd" => ::zstd::stream::read::Decoder::new(content)
            .unwrap()
            .read_to_end(&mut decoded),
        _ => unreachable!("{coding}"),
    }
    .unwrap();
    decoded
}

fn codings() -> impl Iterator<Item = &'static str> {
    let built = Coding::ALL.into_iter().filter(|coding| coding.is_built());
    built.map(Coding::name)
}

fn plain(content: Bytes) -> Reply {
    Reply::bytes(StatusCode::OK, "text/plain", content)
}

#[test]
fn content_of_every_size_has_every_coding() {
    for size in [1, 100, 5000, AT_ONCE, AT_ONCE + 1, 3_000_000] {
        let content = text(size);
        let sent = content.clone();
        let application = application(&json!({ "minimum_size": 0 }), move || plain(sent.clone()));
        for coding in codings() {
            // Twice, since the tables of an encoder are used again.
            for _ in 0..2 {
                let response = ask(&application, Method::GET, &format!("{coding}, identity;q=0"));
                assert_eq!(response.headers()[CONTENT_ENCODING], coding);
                assert!(size < 5000 || response.body().len() < size / 2, "{coding} {size}");
                assert!(decoded(coding, response.body()) == content, "{coding} {size}");
            }
        }
    }
}

#[test]
fn levels_differ() {
    let content = text(100_000);
    for (option, coding) in [
        ("gzip_level", "gzip"),
        ("gzip_level", "deflate"),
        ("brotli_level", "br"),
    ] {
        let size = |level: u64| {
            let sent = content.clone();
            let application = application(&json!({ option: level }), move || plain(sent.clone()));
            ask(&application, Method::GET, coding).body().len()
        };
        assert!(size(9) < size(1), "{coding}");
    }
}

#[test]
fn content_that_does_not_get_smaller_stays() {
    let noise: Vec<u8> = (0u64..2000)
        .flat_map(|number| (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number << 31).to_le_bytes())
        .collect();
    let noise = Bytes::from(flate2_of(&noise));
    let sent = noise.clone();
    let application = application(&json!({}), move || plain(sent.clone()));
    let response = ask(&application, Method::GET, "gzip");
    assert!(!response.headers().contains_key(CONTENT_ENCODING));
    assert_eq!(response.headers()[VARY], "accept-encoding");
    assert_eq!(response.body(), &noise);
}

fn flate2_of(content: &[u8]) -> Vec<u8> {
    encode(Coding::Brotli, 9, content).unwrap()
}

/// A request without content.
struct NoContent;

impl Body for NoContent {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Problem>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

/// Chunks that are sent by hand; `None` is the end.
#[derive(Clone, Default)]
struct Chunks(Arc<Mutex<VecDeque<Chunk>>>);

type Chunk = Option<Result<Bytes, StreamError>>;

impl Chunks {
    fn send(&self, chunk: &str) {
        self.push(Some(Ok(Bytes::copy_from_slice(chunk.as_bytes()))));
    }

    fn push(&self, chunk: Option<Result<Bytes, StreamError>>) {
        self.0.lock().unwrap().push_back(chunk);
    }
}

fn streamed(events: bool, accepted: &'static str) -> (Chunks, ResponseBody) {
    let sender = Chunks::default();
    let receiver = sender.clone();
    let application = application(&json!({}), move || {
        let receiver = receiver.clone();
        let chunks = stream::poll_fn(move |_| match receiver.0.lock().unwrap().pop_front() {
            Some(chunk) => Poll::Ready(chunk),
            None => Poll::Pending,
        })
        .boxed();
        let mut reply = Reply::bytes(StatusCode::OK, "text/plain", "");
        reply.body = if events {
            ReplyBody::Events(chunks)
        } else {
            ReplyBody::Stream(chunks)
        };
        reply
    });
    let request = Request::get("/").header(ACCEPT_ENCODING, accepted);
    let answer = application.call_in_memory(request.body(NoContent).unwrap());
    let response = answer.now_or_never().unwrap();
    assert_eq!(response.headers()[CONTENT_ENCODING], accepted);
    (sender, response.into_body())
}

fn poll(body: &mut ResponseBody) -> Poll<Option<Result<Bytes, StreamError>>> {
    let frame = Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()));
    frame.map(|frame| frame.map(|frame| frame.map(|frame| frame.into_data().unwrap())))
}

fn next(body: &mut ResponseBody) -> Bytes {
    match poll(body) {
        Poll::Ready(Some(Ok(made))) => made,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn what_has_no_successor_yet_can_be_read_at_once() {
    for coding in codings() {
        for events in [false, true] {
            let (sender, mut body) = streamed(events, coding);
            let mut sent = Vec::new();
            assert!(poll(&mut body).is_pending());
            for number in 0..3 {
                sender.send(&format!("data: {number}\n\n"));
                sent.extend_from_slice(&next(&mut body));
                assert!(poll(&mut body).is_pending(), "{coding}");
                // A decoder that has not seen the end gives what it has.
                let mut read = vec![0; 9 * (number + 1)];
                read_some(coding, &sent, &mut read);
                assert!(
                    read.ends_with(format!("data: {number}\n\n").as_bytes()),
                    "{coding}"
                );
            }
            sent.extend_from_slice(&body.insert(Bytes::from_static(b":\n\n")).unwrap());
            sender.push(None);
            while let Poll::Ready(Some(made)) = poll(&mut body) {
                sent.extend_from_slice(&made.unwrap());
            }
            assert_eq!(
                String::from_utf8(decoded(coding, &sent)).unwrap(),
                "data: 0\n\ndata: 1\n\ndata: 2\n\n:\n\n"
            );
        }
    }
}

fn read_some(coding: &str, sent: &[u8], read: &mut [u8]) {
    match coding {
        "gzip" => flate2::read::GzDecoder::new(sent).read_exact(read),
        "deflate" => flate2::read::ZlibDecoder::new(sent).read_exact(read),
        "br" => ::brotli::Decompressor::new(sent, 4096).read_exact(read),
        #[cfg(feature = "zstd")]
        "zstd" => ::zstd::stream::read::Decoder::new(sent).unwrap().read_exact(read),
        _ => unreachable!("{coding}"),
    }
    .unwrap();
}

#[test]
fn a_stream_that_is_given_up_ends_its_coding() {
    for coding in codings() {
        let (sender, mut body) = streamed(true, coding);
        sender.send("data: 0\n\n");
        let mut sent = next(&mut body).to_vec();
        sent.extend_from_slice(&body.end().unwrap());
        assert!(matches!(poll(&mut body), Poll::Ready(None)));
        assert_eq!(decoded(coding, &sent), b"data: 0\n\n", "{coding}");
    }
}

#[test]
fn what_came_before_an_error_is_sent() {
    let (sender, mut body) = streamed(false, "gzip");
    sender.send("before");
    sender.push(Some(Err("broken".into())));
    let mut read = [0; 6];
    read_some("gzip", &next(&mut body), &mut read);
    assert_eq!(&read, b"before");
    assert!(matches!(poll(&mut body), Poll::Ready(Some(Err(_)))));
    assert!(matches!(poll(&mut body), Poll::Ready(None)));
}

/// Time that stands still.
struct Still;

impl Timer for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep_until(&self, _deadline: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Never)
    }
}

struct Never;

impl Future for Never {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Sleep for Never {
    fn reset(self: Pin<&mut Self>, _deadline: Duration) {}
}

#[test]
fn others_have_their_turn_while_much_is_encoded() {
    for coding in codings() {
        let zeros = Bytes::from(vec![0; 10_000_000]);
        let sent = zeros.clone();
        let mut builder = ApplicationBuilder::new(Settings::default()).timer(Still);
        builder.stage("compression", &json!(true)).unwrap();
        let handler = move |_: Call| std::future::ready(plain(sent.clone()));
        let route = RouteDefinition::new(Method::GET, "/", Operation::default());
        builder.route(route, Arc::new(handler)).unwrap();
        let request = Request::get("/").header(ACCEPT_ENCODING, coding);
        let answer = builder.build().call_in_memory(request.body(NoContent).unwrap());
        let mut body = answer.now_or_never().unwrap().into_body();
        let (mut sent, mut turns) = (Vec::new(), 0);
        loop {
            match poll(&mut body) {
                Poll::Ready(Some(made)) => sent.extend_from_slice(&made.unwrap()),
                Poll::Ready(None) => break,
                Poll::Pending => turns += 1,
            }
        }
        assert!(turns > 70, "{coding} {turns}");
        assert!(decoded(coding, &sent) == zeros, "{coding}");
    }
}

#[test]
fn head_has_the_head_of_get() {
    for size in [10, 5000, AT_ONCE + 1] {
        let content = text(size);
        let application = application(&json!({}), move || plain(content.clone()));
        let get = ask(&application, Method::GET, "gzip");
        let head = ask(&application, Method::HEAD, "gzip");
        let length = head.headers().get(CONTENT_LENGTH);
        assert!(head.body().is_empty() && (size > AT_ONCE || length == get.headers().get(CONTENT_LENGTH)));
        for name in [CONTENT_ENCODING, VARY] {
            assert_eq!(
                head.headers().get(&name),
                get.headers().get(&name),
                "{size} {name}"
            );
        }
    }
}

#[test]
fn some_answers_stay_as_they_are() {
    let stays = |status: u16, name: &'static str, value: &'static str| {
        let reply = move || {
            let mut reply = plain(text(5000));
            reply.status = StatusCode::from_u16(status).unwrap();
            reply.with_header(HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let response = ask(&application(&json!({}), reply), Method::GET, "br, identity;q=0");
        let coding = response.headers().get(CONTENT_ENCODING);
        coding.is_none_or(|coding| coding != "br") && !response.headers().contains_key(VARY)
    };
    for (status, name, value) in [
        (200, "content-encoding", "gzip"),
        (200, "cache-control", "max-age=60, No-Transform"),
        (200, "content-digest", "sha-256=:AA==:"),
        (206, "x-a", ""),
        (416, "content-range", "bytes */5000"),
    ] {
        assert!(stays(status, name, value), "{status} {name}");
    }
    assert!(!stays(404, "x-a", ""));
}

#[test]
fn tags_of_other_bytes_are_weak() {
    for (status, tag, sent) in [
        (200, "\"1\"", "W/\"1\""),
        (200, "W/\"1\"", "W/\"1\""),
        (304, "\"1\"", "W/\"1\""),
    ] {
        let reply = move || {
            let mut reply = plain(text(5000));
            reply.status = StatusCode::from_u16(status).unwrap();
            reply.with_header(ETAG, HeaderValue::from_static(tag))
        };
        let application = application(&json!({}), reply);
        let response = ask(&application, Method::GET, "gzip");
        assert_eq!(response.headers()[ETAG], sent);
        assert_eq!(response.headers()[VARY], "accept-encoding");
        assert_eq!(ask(&application, Method::GET, "x").headers()[ETAG], tag);
    }
}

#[test]
fn wrong_options_are_named() {
    for (options, field) in [
        (
            json!({ "encodings": ["gzip", "lzma"] }),
            "stages.compression.encodings[1]",
        ),
        (
            json!({ "encodings": ["gzip", "gzip"] }),
            "stages.compression.encodings[1]",
        ),
        (
            json!({ "media_types": ["text/*", "text"] }),
            "stages.compression.media_types[1]",
        ),
        (json!({ "gzip_level": 10 }), "stages.compression.gzip_level"),
        (json!({ "zstd_level": 20 }), "stages.compression.zstd_level"),
        (json!({ "minimum_size": -1 }), "stages.compression.minimum_size"),
    ] {
        let mut builder = ApplicationBuilder::new(Settings::default());
        let error = builder.stage("compression", &options).err().unwrap();
        assert_eq!(error.field, field);
    }
}
