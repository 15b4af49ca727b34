//! The server of one application: whether it listens, and where.

use std::{
    io,
    os::fd::OwnedFd,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sabir_http::{Address, Server, ServerHandle, Service};

use crate::process;

/// Where to listen.
#[derive(Debug)]
pub enum Socket {
    /// An address to bind. Sockets of other processes, threads and applications may share a TCP address
    /// ([`Server::bind_shared`]).
    Address {
        /// The address.
        address: Address,
        /// Whether others may listen there, too.
        is_shared: bool,
    },
    /// A socket that listens already, which the server takes over.
    Descriptor(OwnedFd),
}

/// Why an application does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// It does already.
    #[error("the application is already listening")]
    Listening,
    /// Somebody stopped it while it was started.
    #[error("the application was stopped before it had started")]
    Stopped,
    /// The system refuses, or a setting is out of range.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Whether the application listens. No lock is held while the server starts, stops or waits: hosts leave and enter their
/// interpreters around that, and a thread that waits for a lock would keep the interpreter from the one that has it.
#[derive(Debug, Default)]
pub(crate) struct Listening(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    No,
    /// A thread starts the server.
    Starting,
    /// It was stopped before it had started.
    Stopping,
    Yes(ServerHandle),
}

impl Socket {
    /// A Unix socket at `unix_path` if there is one, else the TCP address of `host` and `port`.
    pub fn at(host: &str, port: u16, unix_path: Option<&str>, is_shared: bool) -> Self {
        let address = match unix_path {
            Some(path) => Address::Unix(path.into()),
            None => Address::Tcp(host.to_owned(), port),
        };
        Self::Address { address, is_shared }
    }

    fn bind(self) -> io::Result<Server> {
        match self {
            Self::Address {
                address,
                is_shared: true,
            } => Server::bind_shared(address),
            Self::Address {
                address,
                is_shared: false,
            } => Server::bind(address),
            Self::Descriptor(descriptor) => Server::from_descriptor(descriptor),
        }
    }
}

/// Binds a socket for several processes: its descriptor and its address. Starts no thread.
///
/// # Errors
/// The system refuses.
pub fn bind(socket: Socket) -> io::Result<(OwnedFd, String)> {
    let bound = socket.bind()?;
    let address = bound.local_address();
    Ok((bound.into_descriptor(), address))
}

impl Listening {
    pub(crate) fn start(&self, socket: Socket, service: Service) -> Result<String, ListenError> {
        {
            let mut state = self.lock();
            if !matches!(*state, State::No) {
                return Err(ListenError::Listening);
            }
            *state = State::Starting;
        }
        let started = socket.bind().and_then(|bound| {
            let address = bound.local_address();
            process::threads_start();
            bound.serve(service).map(|handle| (handle, address))
        });
        let mut state = self.lock();
        let is_stopped = matches!(*state, State::Stopping);
        *state = State::No;
        let (handle, address) = started?;
        if is_stopped {
            handle.stop();
            return Err(ListenError::Stopped);
        }
        *state = State::Yes(handle);
        Ok(address)
    }

    pub(crate) fn stop(&self, is_withdrawn: bool, stopped: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let server = self.take();
        std::thread::Builder::new()
            .name("sabir-stop".into())
            .spawn(move || {
                if let Some(server) = server {
                    if is_withdrawn {
                        server.withdraw();
                    }
                    server.stop();
                    server.wait();
                }
                // In memory there was no server to do so.
                sabir_http::flush_access_logs();
                stopped();
            })
            .map(drop)
    }

    pub(crate) fn abandon(&self) {
        if let Some(server) = self.take() {
            server.stop();
        }
    }

    fn take(&self) -> Option<ServerHandle> {
        let mut state = self.lock();
        match std::mem::take(&mut *state) {
            State::Yes(server) => Some(server),
            State::No => None,
            State::Starting | State::Stopping => {
                *state = State::Stopping;
                None
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
