//! The two kinds of byte stream behind one type.

use std::{
    future::{Future, ready},
    io::{self, IoSlice},
    mem,
    net::Shutdown,
    os::fd::{AsFd, OwnedFd},
    pin::Pin,
    task::{Context, Poll},
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::{TcpStream, UnixStream},
};

/// An accepted connection. It ends when this is dropped, also where a copy of the descriptor lives on, as in a child that
/// a handler has forked.
#[derive(Debug)]
pub(crate) struct Stream(Kind);

#[derive(Debug)]
enum Kind {
    Tcp(TcpStream),
    Unix(UnixStream),
    /// Its descriptor is somebody else's.
    Given,
}

impl From<TcpStream> for Stream {
    fn from(stream: TcpStream) -> Self {
        Self(Kind::Tcp(stream))
    }
}

impl From<UnixStream> for Stream {
    fn from(stream: UnixStream) -> Self {
        Self(Kind::Unix(stream))
    }
}

impl Stream {
    /// Gives the connection away, and leaves something that fails.
    pub(super) fn take(&mut self) -> Self {
        Self(mem::replace(&mut self.0, Kind::Given))
    }

    /// The descriptor, which does not block.
    pub(super) fn into_descriptor(mut self) -> io::Result<OwnedFd> {
        match mem::replace(&mut self.0, Kind::Given) {
            Kind::Tcp(stream) => Ok(stream.into_std()?.into()),
            Kind::Unix(stream) => Ok(stream.into_std()?.into()),
            Kind::Given => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Has the system forget what is still to be sent when the stream is dropped; the client is told by a reset.
    pub(super) fn discard_unsent(&self) {
        // What waits in a unix socket goes with it anyway.
        if let Kind::Tcp(stream) = &self.0
            && let Err(error) = stream.set_zero_linger()
        {
            tracing::debug!(%error, "a connection could not be reset");
        }
    }

    /// Completes when the client sends no more, though what it has sent is not read, or the connection has failed, or the runtime
    /// ends. It has events of its own.
    pub(super) fn end(&self) -> io::Result<Pin<Box<dyn Future<Output = ()> + Send>>> {
        macro_rules! end {
            ($kind:ty, $stream:ident) => {{
                let copy = <$kind>::from_std($stream.as_fd().try_clone_to_owned()?.into())?;
                Box::pin(async move {
                    while let Ok(ready) = copy.ready(Interest::READABLE | Interest::ERROR).await {
                        if ready.is_read_closed() || ready.is_error() {
                            break;
                        }
                        // What has come is read by others; this waits for more.
                        let forget = || Err::<(), _>(io::Error::from(io::ErrorKind::WouldBlock));
                        let _ = copy.try_io(Interest::READABLE, forget);
                    }
                })
            }};
        }
        Ok(match &self.0 {
            Kind::Tcp(stream) => end!(TcpStream, stream),
            Kind::Unix(stream) => end!(UnixStream, stream),
            Kind::Given => Box::pin(ready(())),
        })
    }

    /// Completes when the connection has failed, as by a reset, or the runtime ends. It has events of its own.
    pub(super) fn failure(&self) -> io::Result<Pin<Box<dyn Future<Output = ()> + Send>>> {
        Ok(match &self.0 {
            Kind::Tcp(stream) => {
                let copy = TcpStream::from_std(stream.as_fd().try_clone_to_owned()?.into())?;
                Box::pin(async move { drop(copy.ready(Interest::ERROR).await) })
            }
            Kind::Unix(stream) => {
                let copy = UnixStream::from_std(stream.as_fd().try_clone_to_owned()?.into())?;
                Box::pin(async move { drop(copy.ready(Interest::ERROR).await) })
            }
            Kind::Given => Box::pin(ready(())),
        })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // To close the descriptor ends nothing while there are others. What has been written is still sent.
        let ended = match &self.0 {
            Kind::Tcp(stream) => SockRef::from(stream).shutdown(Shutdown::Both),
            Kind::Unix(stream) => SockRef::from(stream).shutdown(Shutdown::Both),
            Kind::Given => return,
        };
        if let Err(error) = ended
            && error.kind() != io::ErrorKind::NotConnected
        {
            tracing::debug!(%error, "a connection could not be ended");
        }
    }
}

macro_rules! either {
    ($self:ident, $stream:ident => $call:expr) => {
        match &mut $self.get_mut().0 {
            Kind::Tcp(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Kind::Unix(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Kind::Given => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_read(context, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        either!(self, stream => stream.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => stream.poll_shutdown(context))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => stream.poll_write_vectored(context, buffers))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}
