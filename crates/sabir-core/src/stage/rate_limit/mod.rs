//! The stage `rate_limit`.

mod memory;
mod quota;
mod store;

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::{Extensions, HeaderName, HeaderValue, Method, header::RETRY_AFTER};

pub use quota::{Quota, Taken};
pub use store::{RateLimitKey, RateLimitStore, StoreError, Taking};

use self::memory::Memory;
use super::{Compile, Halt, Leaving, Stage, Surroundings};
use crate::{
    Problem, ProblemType, Reply, RequestHead, SetupError,
    options::{choice, options},
    pipeline::Timer,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

choice! {
    /// What becomes of requests while it cannot be found out how many there were.
    OnStoreError {
        /// They are answered 503.
        Refuse = "refuse",
        /// They pass.
        Allow = "allow",
    }
}

options! {
    /// How many requests a client may send. What is too much is answered 429 with `Retry-After`.
    RateLimit ("option", at "") {
        /// So many requests in so much time, as `100/minute`: a number, and `second`, `minute`, `hour` or `day`. What was taken comes back
        /// evenly.
        limit: String = "100/minute".into();
        /// How many requests may come at once. 0 means as many as the limit.
        burst: u64 = 0, 0..=1_000_000;
        /// Who counts as one client: `ip`, an address of IPv4 or a /64 network of IPv6; `header:x-api-key`, the value of this header field,
        /// without which it is the address; `global`, all of them. Requests without an address, as over Unix sockets, count together.
        key: String = "ip".into();
        /// How many clients are remembered. Where there are more, those that were silent for longest are forgotten, and begin anew.
        max_keys: u64 = 100_000, 2..=10_000_000;
        /// What becomes of requests while the store fails that is to count them. The memory of the process never does.
        on_store_error: OnStoreError = OnStoreError::Refuse;
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    quota: Quota,
    /// What the limit is called in problems.
    limit: String,
    policy: HeaderValue,
    key: Key,
    max_keys: u64,
    allows_on_error: bool,
    counter: OnceLock<Counter>,
    /// Whether it has been told that the store fails.
    is_failing: Arc<AtomicBool>,
}

/// Who counts as one client.
#[derive(Debug)]
enum Key {
    Address,
    Field(HeaderName),
    All,
}

/// What counts, in an application that is at work.
struct Counter {
    place: Box<str>,
    store: Arc<dyn RateLimitStore>,
    timer: Option<Arc<dyn Timer>>,
}

/// What an answer says of the quota.
#[derive(Debug, Clone, Copy)]
struct Standing(Taken);

impl Compile for RateLimit {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        let Some(quota) = Quota::read(&self.limit, self.burst) else {
            let problem = format!("{:?} is no limit", self.limit);
            let remedy = "write it as 100/minute, with at most 1000000 a second, minute, hour or day";
            return Err(SetupError::new("limit", problem, remedy));
        };
        let key = match self.key.as_str() {
            "ip" => Some(Key::Address),
            "global" => Some(Key::All),
            other => other
                .strip_prefix("header:")
                .and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok())
                .map(Key::Field),
        };
        let key = key.ok_or_else(|| {
            let problem = format!("{:?} names no clients", self.key);
            SetupError::new("key", problem, "use ip, header:NAME or global")
        })?;
        let policy = format!("\"default\";q={};w={}", quota.limit(), quota.period().as_secs());
        Ok(Arc::new(Compiled {
            quota,
            limit: self.limit.clone(),
            policy: HeaderValue::try_from(policy)
                .map_err(|_| SetupError::new("limit", "it fits into no header field", "use digits"))?,
            key,
            max_keys: self.max_keys,
            allows_on_error: self.on_store_error == OnStoreError::Allow,
            counter: OnceLock::new(),
            is_failing: Arc::default(),
        }))
    }
}

impl Key {
    fn of<'h>(&self, head: &'h RequestHead) -> RateLimitKey<'h> {
        match self {
            Self::All => RateLimitKey::All,
            Self::Address => address(head),
            Self::Field(name) => match head.headers.get(name) {
                Some(value) => RateLimitKey::Field(value.as_bytes()),
                None => address(head),
            },
        }
    }
}

fn address(head: &RequestHead) -> RateLimitKey<'static> {
    match head.remote.map(|remote| remote.ip().to_canonical()) {
        None => RateLimitKey::All,
        Some(IpAddr::V6(address)) => {
            let network = Ipv6Addr::from_bits(address.to_bits() >> 64 << 64);
            RateLimitKey::Address(network.into())
        }
        Some(address) => RateLimitKey::Address(address),
    }
}

impl Compiled {
    fn take(&self, head: &RequestHead) -> Taking {
        let Some(counter) = self.counter.get() else {
            return Taking::Now(Err("the application is not at work".into()));
        };
        let Some(timer) = &counter.timer else {
            return Taking::Now(Err("the application has no clock".into()));
        };
        counter
            .store
            .take(&counter.place, &self.key.of(head), &self.quota, timer.now())
    }
}

/// Judges what a store says. `limit` is what the limit is called.
fn judge(
    taken: Result<Taken, StoreError>,
    limit: &str,
    allows_on_error: bool,
    is_failing: &AtomicBool,
    notes: &mut Extensions,
) -> Option<Problem> {
    let taken = match taken {
        Ok(taken) => taken,
        Err(error) => {
            if !is_failing.swap(true, Ordering::Relaxed) {
                tracing::error!(error = %error, "the store of a rate limit fails");
            }
            return (!allows_on_error)
                .then(|| Problem::unavailable("It cannot be told how many requests there were."));
        }
    };
    if is_failing.load(Ordering::Relaxed) {
        is_failing.store(false, Ordering::Relaxed);
    }
    notes.insert(Standing(taken));
    (!taken.is_within).then(|| {
        Problem::new(ProblemType::TooManyRequests)
            .with_detail(format!("The limit is {limit}."))
            .with_header(RETRY_AFTER, HeaderValue::from(seconds(taken.retry_after).max(1)))
    })
}

/// Whole seconds, none too few.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl Stage for Compiled {
    fn start(&self, place: &str, around: &Surroundings) {
        self.counter.get_or_init(|| Counter {
            place: place.into(),
            store: match &around.rate_limits {
                Some(store) => Arc::clone(store),
                None => Arc::new(Memory::new(self.max_keys)),
            },
            timer: around.timer.clone(),
        });
    }

    fn enter(&self, head: &RequestHead, notes: &mut Extensions) -> Result<(), Halt> {
        if head.method == Method::OPTIONS {
            return Ok(());
        }
        let judged = match self.take(head) {
            Taking::Now(taken) => judge(taken, &self.limit, self.allows_on_error, &self.is_failing, notes),
            Taking::Later(taking) => {
                let (limit, allows_on_error) = (self.limit.clone(), self.allows_on_error);
                let is_failing = Arc::clone(&self.is_failing);
                return Err(Halt::Wait(Box::pin(async move {
                    let mut notes = Extensions::new();
                    let judged = judge(taking.await, &limit, allows_on_error, &is_failing, &mut notes);
                    (notes, judged.map(|problem| Box::new(problem.into_reply())))
                })));
            }
        };
        judged.map_or(Ok(()), |problem| {
            Err(Halt::Answer(Box::new(problem.into_reply())))
        })
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        let Some(Standing(taken)) = exchange.extensions().get::<Standing>() else {
            return;
        };
        let left = format!("\"default\";r={};t={}", taken.remaining, seconds(taken.reset));
        if let Ok(left) = HeaderValue::try_from(left) {
            reply.headers.insert(LEFT, left);
            reply.headers.insert(POLICY, self.policy.clone());
        }
    }
}

impl std::fmt::Debug for Counter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counter")
            .field("place", &self.place)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stage::Stages;

    #[test]
    fn names_the_option_that_is_wrong() {
        for (options, field) in [
            (json!({ "limit": "100 a minute" }), "stages.rate_limit.limit"),
            (json!({ "limit": "0/minute" }), "stages.rate_limit.limit"),
            (json!({ "burst": 1_000_001 }), "stages.rate_limit.burst"),
            (json!({ "key": "cookie:id" }), "stages.rate_limit.key"),
            (json!({ "key": "header:" }), "stages.rate_limit.key"),
            (json!({ "max_keys": 1 }), "stages.rate_limit.max_keys"),
            (
                json!({ "on_store_error": "retry" }),
                "stages.rate_limit.on_store_error",
            ),
        ] {
            let error = Stages::default().set("rate_limit", &options).unwrap_err();
            assert_eq!(error.field, field, "{options}");
            assert!(!error.remedy.is_empty());
        }
    }

    #[test]
    fn networks_of_ipv6_are_one_client() {
        let key = |remote: &str| {
            let mut head = RequestHead::new(Method::GET, http::Uri::from_static("/"));
            head.remote = Some(remote.parse().unwrap());
            address(&head).to_string()
        };
        assert_eq!(key("[2001:db8:1:2:3:4:5:6]:1"), "address 2001:db8:1:2::");
        assert_eq!(key("[::ffff:192.0.2.7]:1"), "address 192.0.2.7");
        assert_eq!(key("192.0.2.7:2"), "address 192.0.2.7");
    }
}
