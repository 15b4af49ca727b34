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
            runtime.block_on(accept(listener, service, settings, control));
            // Aborts what is still running, and does not wait for file operations either.
            runtime.shutdown_background();
        })?;
    Ok(())
}

/// Serves until the server stops and its connections have ended.
pub(super) fn accept(
    listener: Listener,
    service: Service,
    settings: Arc<Settings>,
    control: Arc<Control>,
) -> impl Future<Output = ()> + Send {
    // Announces the end even if it panics or is never polled, or those who wait would wait for ever.
    let finished = Finished(Arc::clone(&control));
    async move {
        if let Err(error) = run(listener, service, settings, control).await {
            tracing::error!(%error, "a server could not listen");
        }
        drop(finished);
    }
}

struct Finished(Arc<Control>);

impl Drop for Finished {
    fn drop(&mut self) {
        self.0.thread_finished();
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
        // Dropping them aborts them.
        tracing::warn!(
            connections = connections.len(),
            "connections were cut off at the end of the setting shutdown_timeout_ms"
        );
    }
    Ok(())
}
