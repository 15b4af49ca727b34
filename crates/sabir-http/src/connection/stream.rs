//! The two kinds of byte stream behind one type.

use std::{
    future::Future,
    io::{self, IoSlice},
    net::Shutdown,
    os::fd::AsFd,
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
pub(crate) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    /// Has the system forget what is still to be sent when the stream is dropped; the client is told by a reset.
    pub(super) fn discard_unsent(&self) {
        // What waits in a unix socket goes with it anyway.
        if let Self::Tcp(stream) = self
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
        Ok(match self {
            Self::Tcp(stream) => end!(TcpStream, stream),
            Self::Unix(stream) => end!(UnixStream, stream),
        })
    }

    /// Completes when the connection has failed, as by a reset, or the runtime ends. It has events of its own.
    pub(super) fn failure(&self) -> io::Result<Pin<Box<dyn Future<Output = ()> + Send>>> {
        Ok(match self {
            Self::Tcp(stream) => {
                let copy = TcpStream::from_std(stream.as_fd().try_clone_to_owned()?.into())?;
                Box::pin(async move { drop(copy.ready(Interest::ERROR).await) })
            }
            Self::Unix(stream) => {
                let copy = UnixStream::from_std(stream.as_fd().try_clone_to_owned()?.into())?;
                Box::pin(async move { drop(copy.ready(Interest::ERROR).await) })
            }
        })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // To close the descriptor ends nothing while there are others. What has been written is still sent.
        let ended = match self {
            Self::Tcp(stream) => SockRef::from(&*stream).shutdown(Shutdown::Both),
            Self::Unix(stream) => SockRef::from(&*stream).shutdown(Shutdown::Both),
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
        match $self.get_mut() {
            Self::Tcp(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Self::Unix(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
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
