//! One I/O thread: it accepts connections and serves them.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use sabir_core::Settings;
use tokio::{
    net::{TcpListener, UnixListener},
    runtime,
    sync::watch,
};

use super::{Control, Listener};
use crate::{Service, connection};

/// How long to wait when the system has no more descriptors: closing connections free some.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(50);

enum Acceptor {
    Tcp(TcpListener),
    Unix(UnixListener),
}

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
                tracing::error!(%error, "an I/O thread could not start");
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
    let acceptor = match listener {
        Listener::Tcp(listener) => Acceptor::Tcp(TcpListener::from_std(listener)?),
        Listener::Unix(listener, _) => Acceptor::Unix(UnixListener::from_std(listener)?),
    };
    // Every connection holds a receiver; when the last one is dropped the thread may end.
    let (open, connection) = watch::channel(());
    let accepting = accept_all(&acceptor, &service, &settings, &control, &connection);
    tokio::select! {
        () = accepting => {}
        () = control.stopped() => {}
    }
    drop((acceptor, connection));
    let patience = Duration::from_millis(settings.shutdown_timeout_ms);
    if tokio::time::timeout(patience, open.closed()).await.is_err() {
        tracing::warn!(
            connections = open.receiver_count(),
            "requests were cut off by the shutdown"
        );
    }
    Ok(())
}

async fn accept_all(
    acceptor: &Acceptor,
    service: &Service,
    settings: &Arc<Settings>,
    control: &Arc<Control>,
    connection: &watch::Receiver<()>,
) {
    loop {
        match acceptor.accept().await {
            Ok((stream, remote)) => {
                let open = connection.clone();
                let served = connection::serve(
                    stream,
                    remote,
                    service.clone(),
                    Arc::clone(settings),
                    Arc::clone(control),
                );
                tokio::spawn(async move {
                    served.await;
                    drop(open);
                });
            }
            // The client left before it was accepted.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::error!(%error, "no connection could be accepted");
                tokio::time::sleep(EXHAUSTED_PAUSE).await;
            }
        }
    }
}

impl Acceptor {
    async fn accept(&self) -> io::Result<(connection::Stream, Option<SocketAddr>)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, remote) = listener.accept().await?;
                // Answers are written whole; waiting to fill a segment would only delay them.
                stream.set_nodelay(true)?;
                Ok((connection::Stream::Tcp(stream), Some(remote)))
            }
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((connection::Stream::Unix(stream), None))
            }
        }
    }
}
