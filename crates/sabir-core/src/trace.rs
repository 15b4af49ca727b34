//! Where a request stands in a trace of several services (W3C Trace Context).

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The field that says of which trace a request is.
pub(crate) static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The field that says what else tracing systems know.
pub(crate) static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The flag that says that the caller may have recorded the request (§3.2.2.5.1).
const SAMPLED: u8 = 0b01;

/// The flags that are known, which alone are passed on: whether it is sampled, and whether the id of the trace is random (Level 2).
const KNOWN: u8 = 0b11;

/// The most members of a `tracestate` (§3.3.1.1).
const MOST_MEMBERS: usize = 32;

/// Where a request stands in a trace: the trace, the span of its caller, and a span of its own.
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use sabir_core::trace::TraceContext;
///
/// let parent = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
/// let headers = HeaderMap::from_iter([("traceparent".parse().unwrap(), parent)]);
/// let trace = TraceContext::of(&headers).unwrap();
/// assert_eq!(trace.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert_eq!(trace.parent_id().as_deref(), Some("00f067aa0ba902b7"));
/// assert!(trace.is_sampled());
/// // What outgoing requests have.
/// assert!(trace.traceparent().starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    trace: u128,
    parent: Option<u64>,
    span: u64,
    flags: u8,
    state: Option<Arc<str>>,
}

/// Numbers that are never given twice, of which ids are hashes.
static NEXT: AtomicU64 = AtomicU64::new(0);

static RANDOM: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Has ids be counted from `number` on, where the target gives no randomness.
pub(crate) fn start_at(number: u64) {
    NEXT.store(number, Ordering::Relaxed);
}

/// A number that is not zero, and that nobody can guess where the target gives randomness.
fn random() -> u64 {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    RANDOM.hash_one(number).max(1)
}

impl TraceContext {
    /// A request of a new trace.
    pub fn new(is_sampled: bool) -> Self {
        Self {
            trace: u128::from(random()) << 64 | u128::from(random()),
            parent: None,
            span: random(),
            flags: if is_sampled { SAMPLED } else { 0 },
            state: None,
        }
    }

    /// The request with these header fields, whose span is a new one. `None` where they name no trace, or not well.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut given = headers.get_all(&TRACEPARENT).iter();
        let (first, None) = (given.next()?, given.next()) else {
            return None;
        };
        let (trace, parent, flags) = read(first.as_bytes())?;
        Some(Self {
            trace,
            parent: Some(parent),
            span: random(),
            flags: flags & KNOWN,
            state: state(headers),
        })
    }

    /// The id of the trace: 32 hexadecimal digits.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }

    /// The id of this request's span: 16 hexadecimal digits.
    pub fn span_id(&self) -> String {
        format!("{:016x}", self.span)
    }

    /// The id of the caller's span.
    pub fn parent_id(&self) -> Option<String> {
        self.parent.map(|parent| format!("{parent:016x}"))
    }

    /// Whether the trace is recorded.
    pub fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// The field `traceparent` of requests that are sent meanwhile: those have this request's span as their parent.
    pub fn traceparent(&self) -> String {
        self.to_string()
    }

    /// The field `tracestate` of such requests, as it came.
    pub fn tracestate(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// All of it as plain data.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "trace_id": self.trace_id(),
            "span_id": self.span_id(),
            "parent_id": self.parent_id(),
            "sampled": self.is_sampled(),
            "traceparent": self.traceparent(),
            "tracestate": self.tracestate(),
        })
    }

    /// The context as the value of a field.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(self.to_string()).ok()
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, self.flags)
    }
}

/// Trace, parent and flags of a `traceparent` (§3.2.2). Of a version to come the same parts are read (§3.2.4).
fn read(value: &[u8]) -> Option<(u128, u64, u8)> {
    let (known, rest) = (value.get(..55)?, value.get(55..)?);
    let digits = |range: std::ops::Range<usize>| {
        let part = std::str::from_utf8(known.get(range)?).ok()?;
        let is_hex = part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_hex.then(|| u128::from_str_radix(part, 16).ok()).flatten()
    };
    let dashes = [2, 35, 52];
    if !dashes.iter().all(|place| known.get(*place) == Some(&b'-')) {
        return None;
    }
    let (version, trace) = (digits(0..2)?, digits(3..35)?);
    let (parent, flags) = (digits(36..52)?, digits(53..55)?);
    let is_whole = match version {
        0xff => false,
        0 => rest.is_empty(),
        _ => rest.first().is_none_or(|byte| *byte == b'-'),
    };
    if !is_whole || trace == 0 || parent == 0 {
        return None;
    }
    Some((trace, u64::try_from(parent).ok()?, u8::try_from(flags).ok()?))
}

/// The members of `tracestate`, in all of its fields. One that is malformed is as none (§3.3).
fn state(headers: &HeaderMap) -> Option<Arc<str>> {
    let mut members: Vec<&str> = Vec::new();
    for value in headers.get_all(&TRACESTATE) {
        for member in value.to_str().ok()?.split(',') {
            let member = member.trim_matches([' ', '\t']);
            if member.is_empty() {
                continue;
            }
            let (key, text) = member.split_once('=')?;
            let is_twice = members
                .iter()
                .any(|known| known.split_once('=').is_some_and(|(known, _)| known == key));
            if !is_key(key) || !is_value(text) || is_twice || members.len() == MOST_MEMBERS {
                return None;
            }
            members.push(member);
        }
    }
    (!members.is_empty()).then(|| members.join(",").into())
}

/// Whether `key` names a member (§3.3.1.3.1): a lowercase letter or a digit, then also `_-*/@`.
fn is_key(key: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_next = |byte: u8| is_first(byte) || b"_-*/@".contains(&byte);
    (1..=256).contains(&key.len())
        && key.bytes().next().is_some_and(is_first)
        && key.bytes().all(is_next)
        && key.bytes().filter(|byte| *byte == b'@').count() <= 1
}

/// Whether `value` may be that of a member (§3.3.1.3.2).
fn is_value(value: &str) -> bool {
    (1..=256).contains(&value.len())
        && value
            .bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn of(parent: &str, states: &[&str]) -> Option<TraceContext> {
        let mut headers = HeaderMap::new();
        headers.insert(&TRACEPARENT, HeaderValue::from_str(parent).unwrap());
        for state in states {
            headers.append(&TRACESTATE, HeaderValue::from_str(state).unwrap());
        }
        TraceContext::of(&headers)
    }

    #[test]
    fn reads_what_the_standard_permits() {
        for (text, is_sampled) in [
            (format!("00-{TRACE}-00f067aa0ba902b7-01"), true),
            (format!("00-{TRACE}-00f067aa0ba902b7-00"), false),
            (format!("00-{TRACE}-00f067aa0ba902b7-ff"), true),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01"), true),
            (format!("cc-{TRACE}-00f067aa0ba902b7-01-what-comes"), true),
        ] {
            let trace = of(&text, &[]).unwrap();
            assert_eq!(trace.trace_id(), TRACE, "{text}");
            assert_eq!(trace.is_sampled(), is_sampled, "{text}");
            assert_eq!(trace.parent_id().unwrap(), "00f067aa0ba902b7");
            assert_ne!(trace.span_id(), "00f067aa0ba902b7");
        }
        // Flags that nobody knows are not passed on.
        assert!(
            of(&format!("00-{TRACE}-00f067aa0ba902b7-ff"), &[])
                .unwrap()
                .traceparent()
                .ends_with("-03")
        );
    }

    #[test]
    fn refuses_what_names_no_trace() {
        for text in [
            String::new(),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-a"),
            format!("00-{TRACE}-00f067aa0ba902b7-1"),
            format!("00-{TRACE}-0000000000000000-01"),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01".into(),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00_{TRACE}-00f067aa0ba902b7-01"),
            format!("0-{TRACE}-00f067aa0ba902b7-010"),
            format!("cc-{TRACE}-00f067aa0ba902b7-01.what"),
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into(),
        ] {
            assert_eq!(of(&text, &[]), None, "{text}");
        }
    }

    #[test]
    fn a_request_with_two_parents_has_none() {
        let mut headers = HeaderMap::new();
        for parent in ["00f067aa0ba902b7", "00f067aa0ba902b8"] {
            let value = format!("00-{TRACE}-{parent}-01");
            headers.append(&TRACEPARENT, HeaderValue::try_from(value).unwrap());
        }
        assert_eq!(TraceContext::of(&headers), None);
    }

    #[test]
    fn carries_the_state_of_tracing_systems() {
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let many: Vec<String> = (0..33).map(|number| format!("a{number}=1")).collect();
        for (states, expected) in [
            (&["a=1, b@c=2 ", "", "d=3"][..], Some("a=1,b@c=2,d=3")),
            (&["a=1,a=2"], None),
            (&["A=1"], None),
            (&["a"], None),
            (&["a=b=c"], None),
            (&[many.join(",").as_str()], None),
        ] {
            assert_eq!(of(&parent, states).unwrap().tracestate(), expected, "{states:?}");
        }
    }

    #[test]
    fn no_two_requests_have_the_same_span() {
        let (one, other) = (TraceContext::new(true), TraceContext::new(false));
        assert_ne!(one.trace_id(), other.trace_id());
        assert_ne!(one.span_id(), other.span_id());
        assert!(one.is_sampled() && !other.is_sampled());
    }
}
