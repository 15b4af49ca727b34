//! A failure that is in the log already.

use std::{error::Error, fmt};

use crate::RequestId;

/// Why content breaks off whose handler has failed in a host language: that is in the log, under the id of the request. Of every
/// other error the runtime writes it there itself.
#[derive(Debug)]
pub struct HandlerFailed(pub RequestId);

impl fmt::Display for HandlerFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the handler failed, see the log for the request {}", self.0)
    }
}

impl Error for HandlerFailed {}
