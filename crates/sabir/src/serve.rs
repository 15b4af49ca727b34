//! Serving an application on the runtime of the caller.

use std::{convert::Infallible, fmt, io, pin::pin};

use sabir_core::SetupError;
use sabir_http::{Address, Server, ServerHandle, Service};

use crate::{Sabir, signal::Signals};

/// Why an application could not be served.
///
/// ```
/// use sabir::{Sabir, ServeError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// match Sabir::new().serve("127.0.0.1").await {
///     Err(ServeError::Setup(error)) => assert_eq!(error.remedy, "write HOST:PORT or unix:PATH"),
///     outcome => unreachable!("{outcome:?}"),
/// }
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ServeError {
    /// A route, a setting or the address is wrong.
    Setup(SetupError),
    /// The address could not be bound, or the server ended before it was told to.
    Io(io::Error),
}

impl Sabir {
    /// Serves the application at `address` until SIGINT or SIGTERM: then the server takes no more connections and lets
    /// running requests finish, for up to the setting `shutdown_timeout_ms`. A second signal ends the process at once.
    ///
    /// The address is `127.0.0.1:8000`, `unix:/run/shop.sock`, a `SocketAddr` or an [`Address`]. Connections and handlers
    /// are tasks of the tokio runtime that this is called on. Dropping the future stops the server as well; what runs then
    /// is finished while the runtime lasts.
    ///
    /// Signals are heeded from the first time on that the future is polled, also while the address is bound. Before that, and after
    /// the future is gone, they do what they do by default.
    ///
    /// # Errors
    /// A mistake in a setting or a route, an address that cannot be bound, or a server that ends before it is told to.
    pub async fn serve<A>(self, address: A) -> Result<(), ServeError>
    where
        A: TryInto<Address>,
        ServeError: From<A::Error>,
    {
        let mut signals = Signals::listen()?;
        self.serve_with_shutdown(address, signals.received()).await
    }

    /// As [`serve`](Self::serve), until `shutdown` completes. Signals are left alone.
    ///
    /// # Errors
    /// As for [`serve`](Self::serve).
    pub async fn serve_with_shutdown<A>(
        self,
        address: A,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), ServeError>
    where
        A: TryInto<Address>,
        ServeError: From<A::Error>,
    {
        let address = address.try_into()?;
        serve(self.build()?, address, shutdown).await
    }
}

/// Serves until `shutdown` completes and the requests that run then have been answered. Dropping the future stops the
/// server too; what runs then is answered as long as the runtime lasts.
async fn serve(
    service: Service,
    address: Address,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let mut shutdown = pin!(shutdown);
    let server = tokio::select! {
        server = bind(address) => server?,
        () = &mut shutdown => return Ok(()),
    };
    let address = server.local_address();
    let handle = server.spawn(service)?;
    tracing::info!(address, "listening");
    let _stop = StopOnDrop(handle.clone());
    let mut stopped = pin!(handle.stopped());
    tokio::select! {
        biased;
        () = shutdown => {
            handle.stop();
            stopped.await;
            Ok(())
        }
        () = &mut stopped => Err(io::Error::other("the server has ended by itself; the log says why").into()),
    }
}

/// Binds `address` without holding up the runtime while the name of a host is resolved.
async fn bind(address: Address) -> io::Result<Server> {
    match address {
        Address::Tcp(..) => tokio::task::spawn_blocking(|| Server::bind(address)).await?,
        Address::Unix(_) => Server::bind(address),
    }
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
        // What is wrong with a service is told by the server as an error of its own.
        error.downcast().map_or_else(Self::Io, Self::Setup)
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
