//! Requests in memory: through the same service as those on sockets.

mod content;
mod sent;
mod socket;

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::{Request, Response};
use sabir_http::Service;
use tokio::{runtime::Handle, sync::oneshot};

pub use content::{Content, ContentReader};
pub use sabir_http::websocket::SocketEvent;
pub use sent::{ContentWriter, SentContent};
pub use socket::{ClientSocket, Refusal, Server};

use crate::process;

/// Among the extensions of a request's head: it is one in memory, which has no connection.
#[derive(Debug, Clone, Copy)]
pub struct InMemory;

/// A request in memory. Dropping it leaves the request running.
#[derive(Debug)]
pub struct Exchange(Mutex<Option<oneshot::Sender<()>>>);

impl Exchange {
    /// Leaves, as a client does that closes its connection: a handler at work is cancelled. Without effect on one that has
    /// been answered.
    pub fn cancel(&self) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // Nobody listens any more when the answer is there.
            let _ = sender.send(());
        }
    }
}

pub(crate) fn exchange(
    service: Service,
    request: Request<SentContent>,
    done: impl FnOnce(Option<Response<Content>>) + Send + 'static,
) -> io::Result<Exchange> {
    let (sender, receiver) = oneshot::channel();
    let runtime = runtime()?;
    let handle = runtime.clone();
    runtime.spawn(async move {
        let cancelled = async {
            if receiver.await.is_err() {
                // The exchange was dropped, not cancelled.
                std::future::pending::<()>().await;
            }
        };
        let answered = async {
            let (head, body) = service.open_in_memory(request).await.into_parts();
            Response::from_parts(head, Content::of(body, handle).await)
        };
        let response = tokio::select! {
            response = answered => Some(response),
            () = cancelled => None,
        };
        done(response);
    });
    Ok(Exchange(Mutex::new(Some(sender))))
}

/// Opens a socket. `done` is called on the thread of these requests.
pub(crate) fn connect(
    server: Server,
    request: Request<Bytes>,
    done: impl FnOnce(Result<ClientSocket, Refusal>) + Send + 'static,
) -> io::Result<()> {
    runtime()?.spawn(async move { done(ClientSocket::open(server, request).await) });
    Ok(())
}

/// The runtime of requests in memory: one thread for all applications, which lives as long as the process.
fn runtime() -> io::Result<Handle> {
    static RUNTIME: Mutex<Option<(u32, Handle)>> = Mutex::new(None);

    let mut known = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    match &*known {
        Some((owner, handle)) if *owner == process => return Ok(handle.clone()),
        // A fork has its parent's runtime without the thread that drives it.
        Some(_) => std::mem::forget(known.take()),
        None => {}
    }
    process::threads_start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("sabir-memory".into())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    *known = Some((process, handle.clone()));
    Ok(handle)
}
