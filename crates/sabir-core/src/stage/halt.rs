//! Requests that do not just go on to the next stage.

use std::fmt;

use http::Extensions;

use crate::{BoxFuture, Reply};

/// Why a stage holds a request.
pub(crate) enum Halt {
    /// It is answered.
    Answer(Box<Reply>),
    /// The stage has to ask somebody. What it notes is added to the notes; where there is no answer, the request goes on.
    Wait(BoxFuture<'static, (Extensions, Option<Box<Reply>>)>),
}

impl From<Box<Reply>> for Halt {
    fn from(reply: Box<Reply>) -> Self {
        Self::Answer(reply)
    }
}

impl fmt::Debug for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(reply) => reply.fmt(f),
            Self::Wait(_) => f.write_str("Wait"),
        }
    }
}
