//! Listening sockets.

use std::{
    io,
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    os::{
        fd::OwnedFd,
        unix::net::{UnixListener, UnixStream},
    },
    path::PathBuf,
};

use socket2::{Domain, Socket, Type};

use super::Address;

/// How many connections may wait to be accepted; the system lowers it to its own limit.
const BACKLOG: i32 = 4096;

/// A socket that listens.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    /// With its path if the socket file is this listener's to remove.
    Unix(UnixListener, Option<PathBuf>),
}

impl Listener {
    /// Binds `address`; a shared one beside others that do so too.
    pub(crate) fn bind(address: &Address, is_shared: bool) -> io::Result<Self> {
        match address {
            Address::Tcp(host, port) => {
                let host = host.trim_start_matches('[').trim_end_matches(']');
                let mut failure = io::Error::new(io::ErrorKind::NotFound, format!("{host} has no address"));
                for address in (host, *port).to_socket_addrs()? {
                    match listen(address, is_shared) {
                        Ok(listener) => return Ok(Self::Tcp(listener)),
                        Err(error) => failure = error,
                    }
                }
                Err(failure)
            }
            Address::Unix(_) if is_shared => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "a unix socket has one listener; let one process bind it and hand it on",
            )),
            Address::Unix(path) => {
                // A socket file outlives its process. One that nobody answers on is such a remnant.
                if path.exists()
                    && UnixStream::connect(path).is_err_and(|e| e.kind() == io::ErrorKind::ConnectionRefused)
                {
                    std::fs::remove_file(path)?;
                }
                let listener = UnixListener::bind(path)?;
                listener.set_nonblocking(true)?;
                Ok(Self::Unix(listener, Some(path.clone())))
            }
        }
    }

    /// Takes a socket that listens already. Its file, if it has one, stays with whoever bound it.
    pub(crate) fn from_descriptor(descriptor: OwnedFd) -> io::Result<Self> {
        let socket = Socket::from(descriptor);
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        if address.is_unix() {
            Ok(Self::Unix(socket.into(), None))
        } else if address.as_socket().is_some() {
            Ok(Self::Tcp(socket.into()))
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the descriptor is neither a TCP nor a unix socket",
            ))
        }
    }

    /// Gives the socket away; a socket file stays.
    pub(crate) fn into_descriptor(self) -> OwnedFd {
        match self {
            Self::Tcp(listener) => listener.into(),
            Self::Unix(listener, _) => listener.into(),
        }
    }

    pub(crate) fn local_address(&self) -> String {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(|a| a.to_string()).unwrap_or_default(),
            Self::Unix(listener, _) => listener
                .local_addr()
                .ok()
                .and_then(|address| Some(address.as_pathname()?.display().to_string()))
                .unwrap_or_default(),
        }
    }

    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(listener) => Self::Tcp(listener.try_clone()?),
            Self::Unix(listener, path) => Self::Unix(listener.try_clone()?, path.clone()),
        })
    }

    /// Removes what the socket leaves in the file system.
    pub(crate) fn remove(&self) {
        if let Self::Unix(_, Some(path)) = self
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(%error, path = %path.display(), "the socket file could not be removed");
        }
    }
}

fn listen(address: SocketAddr, is_shared: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // A restarted server may take its port while old connections linger in TIME_WAIT.
    socket.set_reuse_address(true)?;
    if is_shared {
        socket.set_reuse_port(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
