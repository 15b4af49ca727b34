//! What I/O threads tell the host.

use bytes::Bytes;
use sabir_core::{Call, Problem, Reply, Value, body::PartHead};

use crate::{Admission, CallId, HostSocket, ReplyHandle, SocketNews};

/// What an I/O thread tells the host.
#[derive(Debug)]
pub enum HostMessage {
    /// A call to answer.
    Call(Box<Pending>),
    /// Nobody waits for this call's reply any more, or reads the stream that it is: the client left or a deadline passed.
    Cancelled(CallId),
    /// The stream that answers this call has [room](crate::Room) again.
    Writable(CallId),
    /// The last byte of the answer to this call was handed over, or nobody gets it any more. Told where the host
    /// [asked for it](crate::Queue::tell_end).
    Ended(CallId),
    /// The next piece of this call's content that the host has [asked for](crate::RequestContent::read); `None` at the end.
    Content(CallId, Option<Result<ContentItem, Problem>>),
    /// A socket has been opened, or is to be.
    Opened(Box<Opened>),
    /// Something happened to a socket.
    Socket(CallId, SocketNews),
}

impl HostMessage {
    /// The call that it belongs to.
    pub fn id(&self) -> CallId {
        match self {
            Self::Call(pending) => pending.id,
            Self::Opened(opened) => opened.id,
            Self::Cancelled(id)
            | Self::Writable(id)
            | Self::Ended(id)
            | Self::Content(id, _)
            | Self::Socket(id, _) => *id,
        }
    }

    /// Whether a handler is entered for it.
    pub(crate) fn is_entry(&self) -> bool {
        matches!(self, Self::Call(_) | Self::Opened(_))
    }

    /// The call, unless the message is about one that was taken before.
    pub fn into_call(self) -> Option<Box<Pending>> {
        match self {
            Self::Call(pending) => Some(pending),
            _ => None,
        }
    }

    /// Answers the client that waits for what the host makes of this message, if one does.
    pub fn answer(self, reply: Reply) {
        match self {
            Self::Call(pending) => pending.reply.answer(reply),
            Self::Opened(opened) => {
                if let Some(admission) = opened.admission {
                    admission.refuse(reply);
                }
            }
            _ => {}
        }
    }
}

/// A call that waits for the host.
#[derive(Debug)]
pub struct Pending {
    /// Names the call in a later [`HostMessage::Cancelled`].
    pub id: CallId,
    /// Which of the host's handlers to call.
    pub target: usize,
    /// The call.
    pub call: Call,
    /// Where the answer goes.
    pub reply: ReplyHandle,
}

/// A socket that has been opened, or is to be, for its handler.
#[derive(Debug)]
pub struct Opened {
    /// Names the socket in later messages.
    pub id: CallId,
    /// Which of the host's handlers to call.
    pub target: usize,
    /// The call that asked for it, with its arguments.
    pub call: Call,
    /// The socket.
    pub socket: HostSocket,
    /// What opens it, where the route's sockets are [opened by the host](crate::OpenedBy::Host). The host prepares the arguments
    /// before, and refuses by it.
    pub admission: Option<Box<Admission>>,
}

/// A piece of a request's content.
#[derive(Debug)]
pub enum ContentItem {
    /// Bytes, also of the part that was begun last.
    Chunk(Bytes),
    /// The value of a line.
    Value(Value),
    /// A part begins.
    Part(PartHead),
}
