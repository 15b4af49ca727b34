//! What the handlers of fixtures do, once for every route.

use std::{pin::Pin, sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::{HeaderName, HeaderValue, StatusCode, header::SET_COOKIE};
use sabir_codegen::fixture::{self, Encoding, ProblemData, Route};
use sabir_core::{
    BoxFuture, Call, Event, Handler, Problem, Reply, ReplyBody,
    header::cookie::{SameSite, SetCookie},
    reply::StreamError,
};
use serde_json::{Map, Value};

use crate::{app::Calls, collect, echo::Echo, read, time::Time};
#[cfg(not(target_family = "wasm"))]
use crate::{folder::Folder, socket};

/// Does what one route of a fixture says.
#[derive(Debug)]
pub(crate) struct FixtureHandler {
    what: Arc<What>,
}

#[derive(Debug)]
struct What {
    handler: fixture::Handler,
    echo: Arc<Echo>,
    calls: Calls,
    time: Time,
    #[cfg(not(target_family = "wasm"))]
    folder: Arc<Folder>,
}

pub(crate) type AnyError = Box<dyn std::error::Error + Send + Sync>;

impl FixtureHandler {
    pub(crate) fn new(
        route: &Route,
        components: &Map<String, Value>,
        calls: Calls,
        time: Time,
        #[cfg(not(target_family = "wasm"))] folder: Arc<Folder>,
    ) -> Self {
        Self {
            what: Arc::new(What {
                handler: route.handler.clone(),
                echo: Arc::new(Echo::new(&route.operation, components)),
                calls,
                time,
                #[cfg(not(target_family = "wasm"))]
                folder,
            }),
        }
    }
}

impl Handler for FixtureHandler {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let what = Arc::clone(&self.what);
        Box::pin(async move {
            what.calls.count();
            let mut handler = &what.handler;
            while let fixture::Handler::Sleep { ms, then } = handler {
                what.time.sleep(Duration::from_millis(*ms)).await;
                handler = then;
            }
            if let fixture::Handler::Collect { takes, keeps, .. } = handler {
                return match collect::collect(call.body, *takes, *keeps, &what.echo).await {
                    Ok(taken) => json(&taken),
                    Err(problem) => problem.into_reply(),
                };
            }
            match what.answer(handler, call) {
                Ok(reply) => reply,
                Err(error) => throw(&error),
            }
        })
    }
}

impl What {
    fn answer(&self, handler: &fixture::Handler, call: Call) -> Result<Reply, AnyError> {
        match handler {
            fixture::Handler::Echo {} => Ok(json(&self.echo.received(call)?)),
            fixture::Handler::Read { what } => Ok(json(&read::read(&call, what)?)),
            fixture::Handler::Stream {
                values,
                encoding,
                media_type,
                fails,
            } => streamed(values, *encoding, media_type.as_deref(), fails.as_deref()),
            fixture::Handler::Events { events, fails } => {
                let events = events.iter().map(event).collect::<Result<Vec<_>, AnyError>>()?;
                let mut reply = Reply::new(StatusCode::OK);
                reply.body = ReplyBody::Events(chunks(events, fails.as_deref()));
                Ok(reply)
            }
            #[cfg(not(target_family = "wasm"))]
            fixture::Handler::File(data) => self.folder.reply(data, &call.head),
            #[cfg(not(target_family = "wasm"))]
            fixture::Handler::Socket(data) => socket::open(data, &self.echo, call),
            #[cfg(target_family = "wasm")]
            fixture::Handler::File(_) | fixture::Handler::Socket(_) => Err("there is no server".into()),
            fixture::Handler::Fail { message } => Err(message.clone().into()),
            fixture::Handler::Raise { problem } => raise(problem),
            fixture::Handler::Return {
                value,
                encoding,
                status,
                headers,
                cookies,
            } => {
                let mut reply = encode(&fixture::expand(value), *encoding)?;
                if let Some(status) = status {
                    reply.status = StatusCode::from_u16(*status)?;
                }
                for (name, value) in headers {
                    let name = HeaderName::try_from(name)?;
                    let value = HeaderValue::try_from(value)?;
                    if name == http::header::CONTENT_TYPE {
                        reply.headers.insert(name, value);
                    } else {
                        reply.headers.append(name, value);
                    }
                }
                for cookie in cookies {
                    reply.headers.append(SET_COOKIE, set_cookie(cookie)?);
                }
                Ok(reply)
            }
            // `call` has slept already, and taken all that arrives.
            fixture::Handler::Collect { .. } => Err("content is taken before".into()),
            fixture::Handler::Sleep { then, .. } => self.answer(then, call),
        }
    }
}

/// As in the other languages, the unexpected is thrown; the runtime has to catch it.
#[cfg(panic = "unwind")]
#[expect(clippy::panic, reason = "a fixture asks for it")]
pub(crate) fn throw(error: &AnyError) -> Reply {
    panic!("{error}");
}

/// Where a panic ends everything, a host answers for what its handlers throw.
#[cfg(not(panic = "unwind"))]
fn throw(_: &AnyError) -> Reply {
    Problem::new(sabir_core::ProblemType::InternalError).into_reply()
}

fn json(value: &Value) -> Reply {
    Reply::bytes(StatusCode::OK, "application/json", value.to_string())
}

fn encode(value: &Value, encoding: Encoding) -> Result<Reply, AnyError> {
    let text = value.as_str().unwrap_or_default();
    Ok(match encoding {
        Encoding::Json => json(value),
        Encoding::Text => Reply::bytes(StatusCode::OK, "text/plain; charset=utf-8", text.to_owned()),
        Encoding::Bytes => Reply::bytes(StatusCode::OK, "application/octet-stream", BASE64.decode(text)?),
        Encoding::Empty => {
            let mut reply = Reply::new(StatusCode::OK);
            reply.body = ReplyBody::Empty;
            reply
        }
    })
}

/// Values one after the other.
fn streamed(
    values: &[Value],
    encoding: Encoding,
    media_type: Option<&str>,
    fails: Option<&str>,
) -> Result<Reply, AnyError> {
    let chunk = |value: &Value| -> Result<Bytes, AnyError> {
        let value = fixture::expand(value);
        let text = value.as_str().unwrap_or_default();
        Ok(match encoding {
            Encoding::Json => format!("{value}\n").into(),
            Encoding::Text => text.to_owned().into(),
            Encoding::Bytes => BASE64.decode(text)?.into(),
            Encoding::Empty => Bytes::new(),
        })
    };
    let values = values.iter().map(chunk).collect::<Result<Vec<_>, _>>()?;
    let media_type = media_type.unwrap_or(match encoding {
        Encoding::Json => "application/jsonl",
        Encoding::Text => "text/plain; charset=utf-8",
        Encoding::Bytes | Encoding::Empty => "application/octet-stream",
    });
    let mut reply = Reply::new(StatusCode::OK);
    reply
        .headers
        .insert(http::header::CONTENT_TYPE, HeaderValue::try_from(media_type)?);
    reply.body = ReplyBody::Stream(chunks(values, fails));
    Ok(reply)
}

/// A stream of `values`, which may fail at its end.
fn chunks(
    values: Vec<Bytes>,
    fails: Option<&str>,
) -> Pin<Box<impl Stream<Item = Result<Bytes, StreamError>> + use<>>> {
    let failure = fails.map(|message| Err(StreamError::from(message.to_owned())));
    Box::pin(stream::iter(values.into_iter().map(Ok).chain(failure)))
}

/// An event as it is sent.
fn event(data: &fixture::EventData) -> Result<Bytes, AnyError> {
    let text = |value: &Value| match fixture::expand(value) {
        Value::String(text) => text,
        value => value.to_string(),
    };
    let event = Event {
        data: data.data.as_ref().map(text),
        event: data.event.clone(),
        id: data.id.clone(),
        retry: data.retry,
        comment: data.comment.clone(),
    };
    Ok(event.encode()?)
}

fn raise(data: &ProblemData) -> Result<Reply, AnyError> {
    let mut problem = Problem::from_status(data.status);
    if let Some(title) = &data.title {
        problem.title = title.clone().into();
    }
    if let Some(type_uri) = &data.type_uri {
        problem.type_uri = type_uri.clone().into();
    }
    problem.detail.clone_from(&data.detail);
    for (name, value) in &data.headers {
        problem = problem.with_header(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    for (name, value) in &data.extensions {
        problem.extend(name, value.clone());
    }
    Ok(problem.into_reply())
}

fn set_cookie(data: &fixture::Cookie) -> Result<HeaderValue, AnyError> {
    let expires = match &data.expires {
        Some(time) => Some(time.parse::<jiff::Timestamp>()?.as_second()),
        None => None,
    };
    let same_site = match &data.same_site {
        Some(text) => Some(SameSite::parse(text).ok_or("`same_site` is not known")?),
        None => None,
    };
    let cookie = SetCookie {
        name: data.name.clone(),
        value: data.value.clone(),
        path: data.path.clone(),
        domain: data.domain.clone(),
        max_age: data.max_age,
        expires,
        secure: data.secure,
        http_only: data.http_only,
        same_site,
        partitioned: data.partitioned,
    };
    Ok(cookie.header_value()?)
}
