//! Handshakes that the host decides on.

use std::fmt;

use sabir_core::Reply;

use crate::ReplyHandle;

/// Who opens the sockets of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OpenedBy {
    /// The runtime, as soon as the request has passed its checks. The host is told of a socket that is open.
    #[default]
    Runtime,
    /// The host, which may refuse what the runtime cannot judge: see [`Admission`].
    Host,
}

/// The answer to a handshake that the host owes to the client, which waits for it. Dropped, it answers 500.
pub struct Admission {
    reply: ReplyHandle,
    open: Box<dyn FnOnce() -> Reply + Send>,
}

impl Admission {
    /// Answers through `reply`; `open` makes the answer that opens the socket.
    pub(crate) fn new(reply: ReplyHandle, open: impl FnOnce() -> Reply + Send + 'static) -> Self {
        Self {
            reply,
            open: Box::new(open),
        }
    }

    /// Opens the socket. What happens to it is told from now on; messages may be sent already. `false` where nobody waits any
    /// more, and so nothing will be told.
    #[must_use]
    pub fn accept(self) -> bool {
        if self.is_abandoned() {
            return false;
        }
        self.reply.answer((self.open)());
        true
    }

    /// Answers with something else, such as a problem. There is no socket then.
    pub fn refuse(self, reply: Reply) {
        self.reply.answer(reply);
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_abandoned(&self) -> bool {
        self.reply.is_abandoned()
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission")
            .field("reply", &self.reply)
            .finish_non_exhaustive()
    }
}
