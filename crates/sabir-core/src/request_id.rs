//! A name for each request, for logs and problems.

use std::{
    cell::{Cell, RefCell},
    fmt,
    hash::{BuildHasher, RandomState},
    marker::PhantomData,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::trace::{self, TraceContext};

/// The header field that names a request.
pub(crate) static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest `x-request-id` that is taken over from a client or a proxy.
const LONGEST: usize = 128;

/// A request's id: the one that came in `x-request-id`, else one of our own.
///
/// Its text is made only when somebody asks for it.
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use sabir_core::RequestId;
///
/// let headers = HeaderMap::from_iter([("x-request-id".parse().unwrap(), HeaderValue::from_static("abc"))]);
/// assert_eq!(RequestId::of(&headers).to_string(), "abc");
/// assert_eq!(RequestId::of(&HeaderMap::new()).to_string().len(), 16);
/// ```
#[derive(Debug, Clone)]
pub struct RequestId(Origin);

#[derive(Debug, Clone)]
enum Origin {
    Given(Arc<str>),
    Made(u64),
    /// One whose request is of a trace.
    Traced(Arc<Traced>),
}

#[derive(Debug)]
struct Traced {
    text: Box<str>,
    is_given: bool,
    trace: TraceContext,
}

/// Counts from a place of this process's own, so that two processes rarely use the same ids.
static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(start()));

#[cfg(not(target_family = "wasm"))]
fn start() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// There is neither a process nor randomness, other than what the host gives.
#[cfg(target_family = "wasm")]
fn start() -> u64 {
    RandomState::new().hash_one(0)
}

impl RequestId {
    /// The id of the request with these header fields. A given id must be 1 to 128 visible ASCII characters.
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(&REQUEST_ID)
            .and_then(Self::given)
            .unwrap_or_else(Self::made)
    }

    /// The id that a client or a proxy has given, if it may be one.
    pub(crate) fn given(value: &HeaderValue) -> Option<Self> {
        let bytes = value.as_bytes();
        let may_be = (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        let text = value.to_str().ok().filter(|_| may_be)?;
        Some(Self(Origin::Given(text.into())))
    }

    /// A new id.
    pub(crate) fn made() -> Self {
        Self(Origin::Made(NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    /// A new id that is a random UUID (RFC 9562 §5.4).
    pub(crate) fn uuid() -> Self {
        static RANDOM: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let high = RANDOM.hash_one((number, 0)) & !0xf000 | 0x4000;
        let low = RANDOM.hash_one((number, 1)) & !(0b11 << 62) | 0b10 << 62;
        let text = format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        );
        Self(Origin::Given(text.into()))
    }

    /// Whether it has been taken over.
    pub(crate) fn is_given(&self) -> bool {
        match &self.0 {
            Origin::Given(_) => true,
            Origin::Made(_) => false,
            Origin::Traced(traced) => traced.is_given,
        }
    }

    /// The same id, of a request that is of `trace`.
    pub(crate) fn traced(&self, trace: TraceContext) -> Self {
        Self(Origin::Traced(Arc::new(Traced {
            text: self.to_string().into(),
            is_given: self.is_given(),
            trace,
        })))
    }

    /// The id, and that of the trace where there is one, as lines of a log name a request: `a1b2, trace 4bf9…`.
    pub fn named(&self) -> String {
        match self.trace() {
            Some(trace) => format!("{self}, trace {}", trace.trace_id()),
            None => self.to_string(),
        }
    }

    /// The trace that its request is of, where the stage `trace_context` has found that out.
    pub fn trace(&self) -> Option<&TraceContext> {
        match &self.0 {
            Origin::Traced(traced) => Some(&traced.trace),
            Origin::Given(_) | Origin::Made(_) => None,
        }
    }

    /// Has ids be counted from `number` on. A host whose target gives no randomness, as WebAssembly does not, calls this
    /// once with a random number, or its instances would all use the same ids.
    pub fn start_at(number: u64) {
        NEXT.store(number, Ordering::Relaxed);
        trace::start_at(number);
    }
}

thread_local! {
    /// The current id if it is one of our own, which most are: a number costs nothing to set aside and to put back.
    static MADE: Cell<Option<u64>> = const { Cell::new(None) };
    /// The current id if it is another one. What is here while there is one of our own is the current one of before.
    static OTHER: RefCell<Option<Origin>> = const { RefCell::new(None) };
}

/// While it lives, [`RequestId::current`] is the id of the request that this thread works on.
#[derive(Debug)]
#[must_use = "the request is the current one only while this lives"]
pub struct Entered {
    made_before: Option<u64>,
    /// Whether the present id is none of our own alone, and so has taken the place of another one of before.
    is_other: bool,
    other_before: Option<Origin>,
    /// What entered a thread must leave the same one.
    of_thread: PhantomData<*const ()>,
}

impl RequestId {
    /// The request that this thread works on, for what is written to the log.
    pub fn current() -> Option<Self> {
        if let Some(number) = MADE.get() {
            return Some(Self(Origin::Made(number)));
        }
        OTHER
            .try_with(|other| other.borrow().clone())
            .ok()
            .flatten()
            .map(Self)
    }

    /// Makes this request the one that the thread works on.
    pub fn enter(&self) -> Entered {
        let (made, other_before) = match &self.0 {
            Origin::Made(number) => (Some(*number), None),
            other => (None, OTHER.replace(Some(other.clone()))),
        };
        Entered {
            made_before: MADE.replace(made),
            is_other: made.is_none(),
            other_before,
            of_thread: PhantomData,
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        MADE.set(self.made_before);
        if self.is_other {
            // At the end of a thread its data may be gone already.
            let _ = OTHER.try_with(|other| other.replace(self.other_before.take()));
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !crate::Switch::RequestIds.is_on() {
            return Ok(());
        }
        match &self.0 {
            Origin::Given(given) => f.write_str(given),
            Origin::Traced(traced) => f.write_str(&traced.text),
            Origin::Made(number) => write!(f, "{number:016x}"),
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

    #[test]
    fn is_current_while_it_is_entered() {
        let made = || RequestId::of(&HeaderMap::new());
        let given = |id: &str| RequestId(Origin::Given(id.into()));
        let current = || RequestId::current().map(|id| id.to_string());
        for (outer, inner) in [
            (made(), made()),
            (made(), given("b")),
            (given("a"), made()),
            (given("a"), given("b")),
        ] {
            assert_eq!(current(), None);
            let entered = outer.enter();
            {
                let _entered = inner.enter();
                assert_eq!(current(), Some(inner.to_string()));
            }
            assert_eq!(current(), Some(outer.to_string()));
            drop(entered);
            assert_eq!(current(), None);
        }
    }
}
