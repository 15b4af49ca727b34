//! Serving on sockets.

mod acceptor;
mod address;
mod listener;
mod overload;
mod socket_file;
mod thread;

use std::{io, os::fd::OwnedFd, sync::Arc};

use sabir_core::{Settings, SetupError};
use tokio::sync::oneshot;

pub use address::Address;
use listener::Listener;

use crate::{Service, control::Control};

/// A bound socket that does not accept yet.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
}

/// A running server. Dropping it leaves the server running.
#[derive(Debug, Clone)]
pub struct ServerHandle {
    control: Arc<Control>,
}

impl Server {
    /// Binds `address`. Clients may connect from now on; they wait until [`serve`](Self::serve).
    ///
    /// # Errors
    /// When the host does not resolve, or the address is taken or not permitted.
    #[allow(clippy::needless_pass_by_value, reason = "an address is made for the call")]
    pub fn bind(address: Address) -> io::Result<Self> {
        Ok(Self {
            listener: Listener::bind(&address, false)?,
        })
    }

    /// Binds a TCP address that other sockets of this user share, in this process or in others, when all of them bind it
    /// with this function (`SO_REUSEPORT`). Linux spreads connections over them; a socket that is closed takes those
    /// with it that it has not accepted yet, which [`from_descriptor`](Self::from_descriptor) avoids.
    ///
    /// # Errors
    /// As for [`bind`](Self::bind), and for a unix socket.
    #[allow(clippy::needless_pass_by_value, reason = "an address is made for the call")]
    pub fn bind_shared(address: Address) -> io::Result<Self> {
        Ok(Self {
            listener: Listener::bind(&address, true)?,
        })
    }

    /// Takes a socket that another process has bound and that listens already, so that several processes serve one
    /// address. A unix socket's file is left to the process that made it.
    ///
    /// # Errors
    /// When the descriptor is no TCP or unix socket.
    pub fn from_descriptor(descriptor: OwnedFd) -> io::Result<Self> {
        Ok(Self {
            listener: Listener::from_descriptor(descriptor)?,
        })
    }

    /// Gives the bound socket to other processes, which serve it with [`from_descriptor`](Self::from_descriptor).
    /// Removing a unix socket's file is up to the caller.
    pub fn into_descriptor(self) -> OwnedFd {
        self.listener.into_descriptor()
    }

    /// Where the server listens: `127.0.0.1:8000`, or the path of a unix socket.
    pub fn local_address(&self) -> String {
        self.listener.local_address()
    }

    /// Starts as many I/O threads as the service's setting `io_threads` says, and returns.
    ///
    /// # Errors
    /// When the system gives no thread or no event queue, or a setting is outside its range.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a service is handed over to its server"
    )]
    pub fn serve(self, service: Service) -> io::Result<ServerHandle> {
        let settings = checked(&service)?;
        let threads = usize::try_from(settings.io_threads).unwrap_or(1).max(1);
        let control = Arc::new(Control::new(threads, settings.connection_limit));
        self.listener.prepare()?;
        for index in 0..threads {
            let started = self.listener.try_clone().and_then(|listener| {
                thread::start(
                    index,
                    listener,
                    service.clone(),
                    Arc::clone(&settings),
                    Arc::clone(&control),
                )
            });
            if let Err(error) = started {
                // The threads that do run must not outlive the failure, and the missing ones never finish.
                control.stop();
                for _ in index..threads {
                    control.thread_finished();
                }
                self.listener.origin.withdraw();
                return Err(error);
            }
        }
        // Only the threads hold the socket from now on, so that it is closed as soon as they stop to accept.
        Ok(ServerHandle { control })
    }

    /// Serves on the tokio runtime that this is called on, instead of threads of its own, and returns. The runtime must have
    /// its I/O and its timers enabled; the server ends with it.
    ///
    /// # Errors
    /// When there is no runtime, a setting is outside its range, or the setting `io_threads` is set, which would have no
    /// effect.
    pub fn spawn(self, service: Service) -> io::Result<ServerHandle> {
        let runtime = tokio::runtime::Handle::try_current().map_err(io::Error::other)?;
        let settings = checked(&service)?;
        refuse_threads(&settings)?;
        let control = Arc::new(Control::new(1, settings.connection_limit));
        self.listener.prepare()?;
        runtime.spawn(thread::accept(
            self.listener,
            service,
            settings,
            Arc::clone(&control),
        ));
        Ok(ServerHandle { control })
    }
}

/// The settings of `service`. What hyper cannot hold it would find out with the first request, by a panic.
fn checked(service: &Service) -> io::Result<Arc<Settings>> {
    let settings = service.settings();
    settings
        .check()
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    Ok(Arc::new(settings.clone()))
}

/// Refuses the number of threads where there are those of the caller.
fn refuse_threads(settings: &Settings) -> io::Result<()> {
    if settings.io_threads == Settings::default().io_threads {
        return Ok(());
    }
    let problem = "the server uses the threads of the tokio runtime that it is started on";
    let remedy = "leave it out and set `worker_threads` of the runtime, or start threads of its own with `Server::serve`";
    let error = SetupError::new("io_threads", problem, remedy).at("settings");
    Err(io::Error::new(io::ErrorKind::InvalidInput, error))
}

impl ServerHandle {
    /// Stops accepting, so that new connections are refused, and lets running requests finish for up to
    /// `shutdown_timeout_ms`. Returns at once.
    pub fn stop(&self) {
        self.control.stop();
    }

    /// Says, before [`stop`](Self::stop), that no other process goes on to serve a socket from
    /// [`from_descriptor`](Server::from_descriptor): its new connections are refused even while copies of the descriptor
    /// are open somewhere, such as in a child that a handler has forked.
    pub fn withdraw(&self) {
        self.control.withdraw();
    }

    /// Stops, and calls `callback` once everything has finished, on a thread of the server.
    pub fn stop_with_callback(&self, callback: impl FnOnce() + Send + 'static) {
        self.control.on_stopped(Box::new(callback));
        self.control.stop();
    }

    /// Blocks until the server has stopped.
    pub fn wait(&self) {
        self.control.wait();
    }

    /// Completes when the server has stopped.
    pub async fn stopped(&self) {
        let (sender, stopped) = oneshot::channel();
        self.control.on_stopped(Box::new(move || {
            // Nobody may be waiting any more.
            let _ = sender.send(());
        }));
        // The sender is only dropped with what it was to say.
        let _ = stopped.await;
    }
}
