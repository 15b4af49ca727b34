//! Requests in memory: through the same service as those on sockets.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{Request, Response};
use napi::{Either, Result, bindgen_prelude::Uint8Array};
use napi_derive::napi;
use sabir_core::{Settings, header::field::to_text};
use sabir_http::memory_request;
use tokio::sync::oneshot;

use crate::{error::misuse, value::shared};

/// An answer in memory.
#[napi(object)]
pub struct InjectedResponse {
    /// The status code.
    pub status: u16,
    /// Names and values of the header fields, one after the other.
    pub headers: Vec<String>,
    /// The content.
    pub body: Uint8Array,
}

/// The runtime of in-memory requests: one thread for all applications, which lives as long as the process.
pub(crate) fn runtime() -> Result<tokio::runtime::Handle> {
    static RUNTIME: Mutex<Option<tokio::runtime::Handle>> = Mutex::new(None);

    let mut known = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*known {
        return Ok(handle.clone());
    }
    let failed = |error: std::io::Error| misuse(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("sabir-memory".into())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .map_err(failed)?;
    *known = Some(handle.clone());
    Ok(handle)
}

/// The requests in memory that can be cancelled.
#[derive(Default)]
pub(crate) struct Injected(Mutex<HashMap<u32, oneshot::Sender<Infallible>>>);

impl Injected {
    /// Completes when the request is cancelled; never for one without a number.
    pub(crate) fn begin(&self, number: u32) -> impl Future<Output = ()> + Send + 'static {
        let cancelled = (number != 0).then(|| {
            let (sender, receiver) = oneshot::channel();
            self.lock().insert(number, sender);
            receiver
        });
        async {
            match cancelled {
                Some(cancelled) => drop(cancelled.await),
                None => std::future::pending().await,
            }
        }
    }

    /// Forgets a request, which cancels it unless it has been answered.
    pub(crate) fn end(&self, number: u32) {
        self.lock().remove(&number);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, oneshot::Sender<Infallible>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The request with header fields given as names and values, one after the other.
pub(crate) fn request(
    method: &str,
    target: &str,
    fields: &[Either<String, Uint8Array>],
    body: Option<&Uint8Array>,
    settings: &Settings,
) -> Request<Bytes> {
    let bytes = |field: &Either<String, Uint8Array>| match field {
        Either::A(text) => text.as_bytes().to_vec(),
        Either::B(bytes) => bytes.to_vec(),
    };
    let fields: Vec<_> = fields
        .chunks_exact(2)
        .map(|pair| (bytes(&pair[0]), bytes(&pair[1])))
        .collect();
    // A copy: JavaScript may change what it has at any time.
    let body = body
        .map(|bytes| Bytes::copy_from_slice(bytes))
        .unwrap_or_default();
    memory_request(method, target, &fields, body, settings)
}

/// The answer as JavaScript gets it.
pub(crate) fn answered(response: Response<Bytes>) -> InjectedResponse {
    let (head, body) = response.into_parts();
    let fields = head.headers.iter();
    InjectedResponse {
        status: head.status.as_u16(),
        headers: fields
            .flat_map(|(name, value)| [name.as_str().to_owned(), to_text(value.as_bytes()).into_owned()])
            .collect(),
        body: shared(&body),
    }
}
