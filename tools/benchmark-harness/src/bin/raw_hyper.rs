//! The yardstick: hyper with hand-written checks, on one thread.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use sabir_benchmark::{Accepted, Order, port};

/// A file of 10 KB that stays in memory.
static NUMBERS: &[u8] = include_bytes!("../../peers/files/numbers.txt");

fn answer(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn typed(path: &str, query: Option<&str>) -> Option<Response<Full<Bytes>>> {
    let id: i64 = path.strip_prefix("/users/")?.parse().ok()?;
    let mut limit = 10i64;
    for pair in query.unwrap_or_default().split('&') {
        if let Some(value) = pair.strip_prefix("limit=") {
            limit = value.parse().ok()?;
        }
    }
    (1..=100).contains(&limit).then(|| {
        answer(
            StatusCode::OK,
            "application/json",
            format!("{{\"id\":{id},\"limit\":{limit}}}"),
        )
    })
}

/// Any number of routes, which need no router here.
fn numbered(path: &str) -> Option<Response<Full<Bytes>>> {
    let text = if let Some(number) = path.strip_prefix("/static/") {
        format!("static {}", number.parse::<usize>().ok()?)
    } else {
        let (number, part) = path.strip_prefix("/items/")?.split_once("/parts/")?;
        format!("items {} {part}", number.parse::<usize>().ok()?)
    };
    Some(answer(StatusCode::OK, "text/plain; charset=utf-8", text))
}

async fn handle(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let refused = || answer(StatusCode::UNPROCESSABLE_ENTITY, "text/plain", "refused");
    let path = request.uri().path().to_owned();
    if request.method() == Method::GET {
        return Ok(match path.as_str() {
            "/files/numbers.txt" => answer(StatusCode::OK, "text/plain; charset=utf-8", NUMBERS),
            "/" => answer(StatusCode::OK, "text/plain; charset=utf-8", "Hello, world!"),
            "/sleep" => {
                tokio::time::sleep(Duration::from_millis(1)).await;
                answer(StatusCode::OK, "text/plain; charset=utf-8", "Slept.")
            }
            _ => typed(&path, request.uri().query())
                .or_else(|| numbered(&path))
                .unwrap_or_else(refused),
        });
    }
    let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
    let Ok(body) = request.into_body().collect().await else {
        return Ok(refused());
    };
    let body = body.to_bytes();
    Ok(match path.as_str() {
        "/orders" => match serde_json::from_slice::<Order>(&body) {
            Ok(order) if order.is_valid() => {
                let items = order.lines.iter().map(|line| line.quantity).sum();
                let accepted = serde_json::to_vec(&Accepted { id: order.id, items }).unwrap_or_default();
                answer(StatusCode::OK, "application/json", accepted)
            }
            _ => refused(),
        },
        "/echo" => match serde_json::from_slice::<serde_json::Value>(&body) {
            Ok(value) => answer(
                StatusCode::OK,
                "application/json",
                serde_json::to_vec(&value).unwrap_or_default(),
            ),
            Err(_) => refused(),
        },
        "/form" => form(&body).unwrap_or_else(refused),
        "/upload" => upload(content_type.as_ref(), body).await.unwrap_or_else(refused),
        _ => refused(),
    })
}

fn form(body: &[u8]) -> Option<Response<Full<Bytes>>> {
    let text = std::str::from_utf8(body).ok()?;
    let (mut name, mut age) = (None, None);
    for pair in text.split('&') {
        match pair.split_once('=')? {
            ("name", value) => name = Some(value.replace('+', " ")),
            ("age", value) => age = value.parse::<i64>().ok(),
            _ => {}
        }
    }
    let (name, age) = (name?, age?);
    (1..=150).contains(&age).then(|| {
        let body = serde_json::json!({"name": name, "age": age}).to_string();
        answer(StatusCode::OK, "application/json", body)
    })
}

async fn upload(content_type: Option<&HeaderValue>, body: Bytes) -> Option<Response<Full<Bytes>>> {
    let boundary = multer::parse_boundary(content_type?.to_str().ok()?).ok()?;
    let stream = http_body_util::BodyStream::new(Full::new(body));
    let stream = futures(stream);
    let mut parts = multer::Multipart::new(stream, boundary);
    while let Some(part) = parts.next_field().await.ok()? {
        if part.name() == Some("file") {
            let size = part.bytes().await.ok()?.len();
            return Some(answer(
                StatusCode::OK,
                "application/json",
                format!("{{\"size\":{size}}}"),
            ));
        }
    }
    None
}

fn futures(
    mut stream: http_body_util::BodyStream<Full<Bytes>>,
) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> {
    futures_util::stream::poll_fn(move |context| {
        futures_util::StreamExt::poll_next_unpin(&mut stream, context)
            .map(|frame| frame.map(|frame| Ok(frame?.into_data().unwrap_or_default())))
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port()))).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            // A client that leaves ends its connection with an error, which is of no interest here.
            let _ = http1::Builder::new()
                .pipeline_flush(true)
                .serve_connection(TokioIo::new(stream), service_fn(handle))
                .await;
        });
    }
}
