//! Connections that a handler takes over.

use std::{fmt, io, os::fd::OwnedFd};

use bytes::BytesMut;
use http::{Response, StatusCode};
use sabir_core::{Reply, ReplyBody, reply::Upgrade};

use super::stream::Stream;

/// A connection that is the handler's alone from now on.
#[derive(Debug)]
pub struct TakenConnection {
    /// Its descriptor, which does not block. Nobody else has a copy.
    pub descriptor: OwnedFd,
    /// What the client has sent after the head of its request, as far as it has been read.
    pub input: Vec<u8>,
}

/// What a handler answers with that takes its connection over: the server writes nothing, and forgets the connection. That is
/// possible for HTTP/1.1 on a socket of its own; everywhere else the client gets a 500, and what waits for the connection is dropped.
///
/// ```
/// use sabir_http::Takeover;
///
/// let reply = Takeover::new(|connection| drop(connection.descriptor)).into_reply();
/// # let _ = reply;
/// ```
pub struct Takeover(Box<dyn FnOnce(TakenConnection) + Send>);

impl Takeover {
    /// Has `take` called with the connection, on the thread that has served it: it must not block.
    pub fn new(take: impl FnOnce(TakenConnection) + Send + 'static) -> Self {
        Self(Box::new(take))
    }

    /// The reply that takes the connection over.
    pub fn into_reply(self) -> Reply {
        let mut reply = Reply::new(StatusCode::OK);
        reply.body = ReplyBody::Takeover(Upgrade::new(self));
        reply
    }

    /// What `response` stands for, if that is a takeover.
    pub(super) fn of<B>(response: &Response<B>) -> Option<Self> {
        response.extensions().get::<Upgrade>()?.take()
    }

    pub(super) fn take(self, stream: Stream, input: BytesMut) -> io::Result<()> {
        let descriptor = stream.into_descriptor()?;
        (self.0)(TakenConnection {
            descriptor,
            input: input.into(),
        });
        Ok(())
    }
}

impl fmt::Debug for Takeover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Takeover")
    }
}
