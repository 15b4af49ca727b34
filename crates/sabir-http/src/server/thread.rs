//! One I/O thread: it accepts connections and serves them.

use std::{io, sync::Arc, time::Duration};

use sabir_core::Settings;
use tokio::{runtime, sync::watch};

use super::{
    Control, Listener,
    acceptor::{Acceptor, Clients},
    overload::Overload,
};
use crate::Service;

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
            // Announces the end of the thread even if it panics, or those who wait would wait for ever.
            let _finished = Finished(Arc::clone(&control));
            let outcome = runtime.block_on(run(listener, service, settings, control));
            if let Err(error) = outcome {
                tracing::error!(%error, "an I/O thread could not listen");
            }
            // Aborts what is still running, and does not wait for file operations either.
            runtime.shutdown_background();
        })?;
    Ok(())
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
    let (open, connection) = watch::channel(());
    let timeout = Duration::from_millis(settings.shutdown_timeout_ms);
    let clients = Clients {
        service,
        settings,
        control,
        connection,
        overload: Overload::default(),
    };
    Acceptor::new(listener, clients)?.run().await?;
    if tokio::time::timeout(timeout, open.closed()).await.is_err() {
        tracing::warn!(
            connections = open.receiver_count(),
            "connections were cut off at the end of the setting shutdown_timeout_ms"
        );
    }
    Ok(())
}
