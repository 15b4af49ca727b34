//! Accepting and serving connections, on an I/O thread or on the runtime of the caller.

use std::{io, sync::Arc, time::Duration};

use sabir_core::Settings;
use tokio::{runtime, task::JoinSet};

use super::{
    acceptor::{Acceptor, Clients},
    listener::Listener,
    overload::Overload,
};
use crate::{Service, control::Control};

/// How long what a connection held may take to be dropped when the connection is cut off: a handler that blocks its thread
/// is not waited for.
const LAST_POLL: Duration = Duration::from_secs(1);

/// Starts thread number `index`.
pub(super) fn start(
    index: usize,
    listener: Listener,
    service: Service,
    settings: Arc<Settings>,
    control: Arc<Control>,
) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new()
        .name(format!("sabir-io-{index}"))
        .spawn(move || {
            // Announces the end even after a panic, or those who wait would wait for ever.
            let _finished = Finished(Arc::clone(&control));
            runtime.block_on(serve(listener, service, settings, control));
            // Drops what is still running, and does not wait for file operations.
            runtime.shutdown_background();
        })?;
    Ok(())
}

/// Serves on the runtime of the caller, until the server stops and its connections have ended.
pub(super) fn accept(
    listener: Listener,
    service: Service,
    settings: Arc<Settings>,
    control: Arc<Control>,
) -> impl Future<Output = ()> + Send {
    // Announces the end even if this panics or is never polled.
    let finished = Finished(Arc::clone(&control));
    async move {
        serve(listener, service, settings, control).await;
        drop(finished);
    }
}

/// Tells that a thread has finished, when it is dropped.
struct Finished(Arc<Control>);

impl Drop for Finished {
    fn drop(&mut self) {
        self.0.thread_finished();
    }
}

async fn serve(listener: Listener, service: Service, settings: Arc<Settings>, control: Arc<Control>) {
    if let Err(error) = run(listener, service, settings, control).await {
        tracing::error!(%error, "a server could not listen");
    }
}

async fn run(
    listener: Listener,
    service: Service,
    settings: Arc<Settings>,
    control: Arc<Control>,
) -> io::Result<()> {
    let timeout = Duration::from_millis(settings.shutdown_timeout_ms);
    let clients = Clients {
        service,
        settings,
        control,
        connections: JoinSet::new(),
        overload: Overload::default(),
    };
    let mut connections = Acceptor::new(listener, clients)?.run().await?;
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(timeout, ended).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "connections were cut off at the end of the setting shutdown_timeout_ms"
        );
        // Nobody is told of the end before the handlers are gone.
        let _ = tokio::time::timeout(LAST_POLL, connections.shutdown()).await;
    }
    Ok(())
}
