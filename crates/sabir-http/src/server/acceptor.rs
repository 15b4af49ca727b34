//! Accepting connections on one I/O thread.

use std::{fs::File, io, net, net::SocketAddr, os::unix, pin::pin, sync::Arc, time::Duration};

use sabir_core::Settings;
use tokio::{
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout, timeout_at},
};

use super::{
    listener::{Listener, ListenerSocket, Origin},
    overload::{Overload, answer},
};
use crate::{
    Service,
    connection::{self, Stream},
    control::Control,
};

/// How long to wait when the system has no more descriptors: closing connections free some.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(50);

/// How long a client may take to read why it is turned away while there are no descriptors.
const BRIEF: Duration = Duration::from_millis(5);

/// How much later one process may be told to stop than another that serves the same socket.
const LONGEST_SILENCE: Duration = Duration::from_secs(5);

/// The most clients that are accepted when the server stops; a flood of them must not keep it.
const LAST_CLIENTS: usize = 4096;

/// Accepts connections and has them served.
pub(super) struct Acceptor {
    socket: Socket,
    origin: Origin,
    clients: Clients,
}

enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// What becomes of the clients of one thread.
pub(super) struct Clients {
    pub(super) service: Service,
    pub(super) settings: Arc<Settings>,
    pub(super) control: Arc<Control>,
    /// Those who are being served.
    pub(super) connections: JoinSet<()>,
    pub(super) overload: Overload,
}

type Accepted = (Stream, Option<SocketAddr>);

impl Acceptor {
    pub(super) fn new(listener: Listener, clients: Clients) -> io::Result<Self> {
        Ok(Self {
            socket: match listener.socket {
                ListenerSocket::Tcp(listener) => Socket::Tcp(TcpListener::from_std(listener)?),
                ListenerSocket::Unix(listener) => Socket::Unix(UnixListener::from_std(listener)?),
            },
            origin: listener.origin,
            clients,
        })
    }

    /// Accepts until the server stops, and gives the connections that are open then.
    pub(super) async fn run(mut self) -> io::Result<JoinSet<()>> {
        let control = Arc::clone(&self.clients.control);
        tokio::select! {
            () = self.accept_all() => {}
            () = control.stopped() => {}
        }
        self.finish()
    }

    async fn accept_all(&mut self) {
        // To be given up when there is no other, so that a client can be told.
        let mut spare = spare();
        loop {
            let accepted = tokio::select! {
                biased;
                // Their memory goes once they have been asked for.
                Some(_) = self.clients.connections.join_next() => continue,
                accepted = self.socket.accept() => accepted,
            };
            match accepted {
                Ok(accepted) => self.clients.take(accepted),
                // The client left before it was accepted.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                    return self.clients.wait_for_end(&error).await;
                }
                Err(error) => {
                    if self.clients.control.is_newly_full() {
                        tracing::error!(%error, "no connection could be accepted");
                    }
                    drop(spare.take());
                    self.turn_away().await;
                    spare = self::spare();
                }
            }
        }
    }

    /// Answers clients that would wait in vain, for a moment.
    async fn turn_away(&self) {
        let end = Instant::now() + EXHAUSTED_PAUSE;
        while let Ok(Ok((stream, remote))) = timeout_at(end, self.socket.accept()).await {
            // A client that leaves or does not read has no use for the answer.
            let _ = timeout(BRIEF, answer(stream, remote, &self.clients.service)).await;
        }
        sleep_until(end).await;
    }

    /// Accepts those who are waiting already, since they may have sent a request, and has all others be refused.
    fn finish(self) -> io::Result<JoinSet<()>> {
        let Self {
            socket,
            origin,
            mut clients,
        } = self;
        origin.withdraw();
        // The system is asked: it knows more than the last event told.
        match socket {
            Socket::Tcp(listener) => {
                let listener = listener.into_std()?;
                clients.take_last(|| listener.accept().and_then(|(stream, remote)| tcp(stream, remote)));
                origin.refuse(&listener, clients.control.is_withdrawn());
            }
            Socket::Unix(listener) => {
                let listener = listener.into_std()?;
                // New clients find no file any more. The socket is not shut down: whoever still waits for clients of it would do so in
                // a circle, since it is ready from then on and has none.
                clients.take_last(|| listener.accept().and_then(|(stream, _)| unix(stream)));
            }
        }
        Ok(clients.connections)
    }
}

impl Clients {
    /// Waits for the end of the server, since its socket listens no more: another of those that serve it was told earlier
    /// that all are to stop.
    async fn wait_for_end(&mut self, error: &io::Error) {
        let silence = sleep(LONGEST_SILENCE);
        let mut silence = pin!(silence);
        let mut is_told = false;
        loop {
            tokio::select! {
                Some(_) = self.connections.join_next() => {}
                () = &mut silence, if !is_told => {
                    is_told = true;
                    tracing::error!(%error, "the socket listens no more, though the server was not told to stop");
                }
                else => std::future::pending().await,
            }
        }
    }

    fn take(&mut self, (stream, remote): Accepted) {
        let Some(permit) = self.control.admit() else {
            if self.control.is_newly_full() {
                tracing::warn!(
                    connection_limit = self.settings.connection_limit,
                    "connections are refused, since there are as many as the settings allow"
                );
            }
            self.overload.refuse(stream, remote, self.service.clone());
            return;
        };
        let served = connection::serve(
            stream,
            remote,
            self.service.clone(),
            Arc::clone(&self.settings),
            Arc::clone(&self.control),
        );
        self.connections.spawn(async move {
            served.await;
            drop(permit);
        });
    }

    fn take_last(&mut self, accept: impl Fn() -> io::Result<Accepted>) {
        for _ in 0..LAST_CLIENTS {
            match accept() {
                Ok(accepted) => self.take(accepted),
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(_) => return,
            }
        }
    }
}

impl Socket {
    async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(listener) => {
                let (stream, remote) = listener.accept().await?;
                Ok(undelayed(stream, remote))
            }
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((stream.into(), None))
            }
        }
    }
}

fn tcp(stream: net::TcpStream, remote: SocketAddr) -> io::Result<Accepted> {
    stream.set_nonblocking(true)?;
    Ok(undelayed(TcpStream::from_std(stream)?, remote))
}

fn unix(stream: unix::net::UnixStream) -> io::Result<Accepted> {
    stream.set_nonblocking(true)?;
    Ok((UnixStream::from_std(stream)?.into(), None))
}

fn undelayed(stream: TcpStream, remote: SocketAddr) -> Accepted {
    // Answers are written whole; waiting to fill a segment would only delay them. It fails for a client that has left,
    // which reading will tell.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection may be slow");
    }
    (stream.into(), Some(remote))
}

fn spare() -> Option<File> {
    File::open("/dev/null").ok()
}
