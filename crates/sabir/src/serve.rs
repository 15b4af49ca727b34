//! Serving an application on the runtime of the caller.

use std::{convert::Infallible, fmt, io, pin::pin};

use sabir_core::{Settings, SetupError};
use sabir_http::{Address, Server, ServerHandle, Service};

/// Why an application could not be served.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// A route, a setting or the address is wrong.
    Setup(SetupError),
    /// The address could not be bound.
    Io(io::Error),
}

/// Serves until `shutdown` completes and the requests that run then have been answered. Dropping the future stops the
/// server too; what runs then is answered as long as the runtime lasts.
pub(crate) async fn serve(
    service: Service,
    address: Address,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let server = Server::bind(address)?;
    let address = server.local_address();
    let handle = server.spawn(service)?;
    tracing::info!(address, "listening");
    let _stop = StopOnDrop(handle.clone());
    let mut stopped = pin!(handle.stopped());
    tokio::select! {
        () = &mut stopped => {}
        () = shutdown => {
            handle.stop();
            stopped.await;
        }
    }
    Ok(())
}

/// Handlers in Rust have no threads of their own that a setting could count.
pub(crate) fn check_handler_threads(settings: &Settings) -> Result<(), SetupError> {
    if settings.handler_threads == Settings::default().handler_threads {
        return Ok(());
    }
    let problem = "handlers in Rust run on the threads of tokio";
    let remedy = "leave it out, and give `tokio::task::spawn_blocking` what blocks";
    Err(SetupError::new("handler_threads", problem, remedy).at("settings"))
}

/// Nor has a server that runs on the runtime of the caller.
pub(crate) fn check_io_threads(settings: &Settings) -> Result<(), SetupError> {
    if settings.io_threads == Settings::default().io_threads {
        return Ok(());
    }
    let problem = "`serve` uses the threads of the tokio runtime that it is called on";
    let remedy = "leave it out and set `worker_threads` of the runtime, or start threads of its own with `Server::serve`";
    Err(SetupError::new("io_threads", problem, remedy).at("settings"))
}

/// Stops a server that nobody waits for any more.
struct StopOnDrop(ServerHandle);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl From<SetupError> for ServeError {
    fn from(error: SetupError) -> Self {
        Self::Setup(error)
    }
}

impl From<io::Error> for ServeError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Infallible> for ServeError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Setup(error) => Some(error),
            Self::Io(error) => Some(error),
        }
    }
}
