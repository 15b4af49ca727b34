//! Listening sockets.

use std::{
    io,
    net::{Shutdown, SocketAddr, TcpListener, ToSocketAddrs},
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixListener,
    },
};

use socket2::{Domain, SockRef, Socket, Type};

use super::{
    Address,
    socket_file::{self, SocketFile},
};

/// How many connections may wait to be accepted; the system lowers it to its own limit.
const BACKLOG: i32 = 4096;

/// How many bytes may wait in the system because the client's window is closed or the network is slow. The default is
/// megabytes, most of which would tell late that the client does not read and be wasted on one that never will.
#[cfg(any(target_os = "android", target_os = "linux"))]
const UNSENT: u32 = 128 * 1024;

/// A socket that listens.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(super) socket: ListenerSocket,
    pub(super) origin: Origin,
}

/// Where a listening socket comes from, which says what has to be done in the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// Whether this process has bound the socket and given it to nobody.
    is_own: bool,
    file: Option<SocketFile>,
}

#[derive(Debug)]
pub(super) enum ListenerSocket {
    Tcp(TcpListener),
    Unix(UnixListener),
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
                        Ok(listener) => {
                            return Ok(Self {
                                socket: ListenerSocket::Tcp(listener),
                                origin: Origin {
                                    is_own: true,
                                    file: None,
                                },
                            });
                        }
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
                socket_file::clear_way(path)?;
                let listener = UnixListener::bind(path)?;
                listener.set_nonblocking(true)?;
                Ok(Self {
                    socket: ListenerSocket::Unix(listener),
                    origin: Origin {
                        is_own: true,
                        file: Some(SocketFile::bound(path)?),
                    },
                })
            }
        }
    }

    /// Takes a socket that listens already. Its file, if it has one, stays with whoever bound it.
    pub(crate) fn from_descriptor(descriptor: OwnedFd) -> io::Result<Self> {
        let socket = Socket::from(descriptor);
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let socket = if address.is_unix() {
            ListenerSocket::Unix(socket.into())
        } else if address.as_socket().is_some() {
            ListenerSocket::Tcp(socket.into())
        } else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the descriptor is neither a TCP nor a unix socket",
            ));
        };
        Ok(Self {
            socket,
            origin: Origin::default(),
        })
    }

    /// Gives the socket away; a socket file stays.
    pub(crate) fn into_descriptor(self) -> OwnedFd {
        match self.socket {
            ListenerSocket::Tcp(listener) => listener.into(),
            ListenerSocket::Unix(listener) => listener.into(),
        }
    }

    pub(crate) fn local_address(&self) -> String {
        match &self.socket {
            ListenerSocket::Tcp(listener) => listener.local_addr().map(|a| a.to_string()).unwrap_or_default(),
            ListenerSocket::Unix(listener) => listener
                .local_addr()
                .ok()
                .and_then(|address| Some(address.as_pathname()?.display().to_string()))
                .unwrap_or_default(),
        }
    }

    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            socket: match &self.socket {
                ListenerSocket::Tcp(listener) => ListenerSocket::Tcp(listener.try_clone()?),
                ListenerSocket::Unix(listener) => ListenerSocket::Unix(listener.try_clone()?),
            },
            origin: self.origin.clone(),
        })
    }

    /// Sets on the socket what accepted connections inherit.
    pub(crate) fn prepare(&self) -> io::Result<()> {
        #[cfg(any(target_os = "android", target_os = "linux"))]
        if let ListenerSocket::Tcp(listener) = &self.socket {
            SockRef::from(listener).set_tcp_notsent_lowat(UNSENT)?;
        }
        Ok(())
    }
}

impl Origin {
    /// Takes the address back from new clients; those who wait to be accepted still can be.
    pub(super) fn withdraw(&self) {
        if let Some(file) = &self.file {
            file.remove();
        }
    }

    /// Has clients be refused even if a copy of the descriptor lives on, as in a child that a handler has forked. A
    /// socket that came from another process may be served by others still, unless it `is_withdrawn`.
    pub(super) fn refuse(&self, socket: &impl AsFd, is_withdrawn: bool) {
        if (self.is_own || is_withdrawn)
            && let Err(error) = SockRef::from(socket).shutdown(Shutdown::Read)
        {
            tracing::debug!(%error, "a listening socket could not be shut down");
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
