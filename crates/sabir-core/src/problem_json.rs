//! How a problem is written (RFC 9457 §3).

use crate::{Problem, Reply};

pub(crate) fn reply(_problem: Problem) -> Reply {
    todo!()
}
