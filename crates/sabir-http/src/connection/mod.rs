//! One connection, from its first byte to its last.

mod stream;

use std::{net::SocketAddr, pin::pin, sync::Arc};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use sabir_core::Settings;

use crate::{Service, server::Control, service::Source};
pub(crate) use stream::Stream;

/// Serves requests on `stream` until either side ends it or the server stops.
pub(crate) async fn serve(
    stream: Stream,
    remote: Option<SocketAddr>,
    service: Service,
    _settings: Arc<Settings>,
    control: Arc<Control>,
) {
    let answer = service_fn(move |request| {
        let answer = service.answer(
            request,
            Source {
                remote,
                host_is_checked: false,
            },
        );
        async move { Ok::<_, std::convert::Infallible>(answer.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = pin!(connection);
    let stopped = control.stopped();
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = stopped => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}
