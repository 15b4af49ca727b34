//! A name for each request, for logs and problems.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use http::{HeaderMap, HeaderValue};

/// The longest `x-request-id` that is taken over from a client or a proxy.
const LONGEST: usize = 128;

/// A request's id: the one that came in `x-request-id`, else one of our own.
///
/// Its text is made only when somebody asks for it.
#[derive(Debug, Clone)]
pub struct RequestId {
    given: Option<HeaderValue>,
    number: u64,
}

/// Where this process starts to count, so that two processes rarely use the same ids.
static START: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
static COUNT: AtomicU64 = AtomicU64::new(0);

impl RequestId {
    /// The id of the request with these header fields. A given id must be 1 to 128 visible ASCII characters.
    pub fn of(headers: &HeaderMap) -> Self {
        let given = headers.get("x-request-id").filter(|value| {
            let bytes = value.as_bytes();
            (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
        });
        Self {
            given: given.cloned(),
            number: START.wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !crate::Switch::RequestIds.is_on() {
            return Ok(());
        }
        match self.given.as_ref().and_then(|value| value.to_str().ok()) {
            Some(given) => f.write_str(given),
            None => write!(f, "{:016x}", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(given: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_static(given));
        RequestId::of(&headers).to_string()
    }

    #[test]
    fn takes_over_a_well_formed_id() {
        assert_eq!(id("abc-123"), "abc-123");
    }

    #[test]
    fn makes_its_own_where_the_given_one_is_not_well_formed() {
        assert_eq!(id("two words").len(), 16);
        assert_ne!(
            RequestId::of(&HeaderMap::new()).to_string(),
            RequestId::of(&HeaderMap::new()).to_string()
        );
    }
}
