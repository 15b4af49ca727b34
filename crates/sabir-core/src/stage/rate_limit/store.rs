//! Where what clients have taken is kept.

use std::{error::Error, fmt, net::IpAddr, time::Duration};

use super::{Quota, Taken};
use crate::{
    BoxFuture,
    threads::{MaybeSend, MaybeSync},
};

/// Keeps what clients have taken of their quotas.
///
/// The stage keeps it in the memory of its process where the application has no
/// [store of its own](crate::pipeline::ApplicationBuilder::rate_limit_store).
pub trait RateLimitStore: fmt::Debug + MaybeSend + MaybeSync + 'static {
    /// Takes a request of `key` at `now`, which counts from a moment that the process has chosen. `place` is `app`, or the route
    /// whose own limit it is.
    fn take(&self, place: &str, key: &RateLimitKey<'_>, quota: &Quota, now: Duration) -> Taking;
}

/// What comes of taking a request.
pub enum Taking {
    /// It is known.
    Now(Result<Taken, StoreError>),
    /// The store has to ask somebody.
    Later(BoxFuture<'static, Result<Taken, StoreError>>),
}

/// Why a store cannot say what is left.
pub type StoreError = Box<dyn Error + Send + Sync>;

/// Whose quota a request is taken from. As text it is the same in every process.
///
/// ```
/// use sabir_core::stage::RateLimitKey;
///
/// assert_eq!(RateLimitKey::Address("192.0.2.7".parse()?).to_string(), "address 192.0.2.7");
/// # Ok::<_, std::net::AddrParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateLimitKey<'a> {
    /// Everybody's.
    All,
    /// That of an address of IPv4, or a network of IPv6, which has 2^64 addresses.
    Address(IpAddr),
    /// That of who sends this in the header field.
    Field(&'a [u8]),
}

impl fmt::Display for RateLimitKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Address(address) => write!(f, "address {address}"),
            Self::Field(value) => write!(f, "field {}", value.escape_ascii()),
        }
    }
}

impl fmt::Debug for Taking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(taken) => f.debug_tuple("Now").field(taken).finish(),
            Self::Later(_) => f.write_str("Later"),
        }
    }
}
