//! Time and memory grow with what a client sends, and no faster.
//!
//! Each case is done with a request of some size and with one four times as large. What is measured is the ratio, which
//! neither the machine nor its load decides: about 4 where the work is linear, 16 where it is quadratic.

// There is neither a clock nor an allocator to count with.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    alloc::System,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use http::{HeaderMap, HeaderValue, header::COOKIE};
use sabir_core::{
    BoxFuture, Problem, Settings, Violations,
    body::BodyStream,
    body::{BodyPlan, FileSink, FileStore},
    header::field,
    parameters::Parameters,
    routing::{Captures, Converters, Pattern},
    schema::SchemaCompiler,
};
use serde_json::{Value as Json, json};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// One test measures at a time: the allocator counts for all threads.
static MEASURING: Mutex<()> = Mutex::new(());

/// How much more the larger request may cost. Between linear and quadratic, with room for noise on both sides.
const TIME_RATIO: f64 = 10.0;
const MEMORY_RATIO: f64 = 6.0;

/// The time that this thread has computed: what others do on the machine does not count.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

/// Does `work` for requests made for `size` and for four times that.
#[track_caller]
fn is_linear<T>(size: usize, prepare: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let (small, large) = (prepare(size), prepare(4 * size));
    let measure = |request: &T| {
        let region = Region::new(ALLOCATOR);
        work(request);
        let bytes = region.change().bytes_allocated;
        let time = (0..5).map(|_| {
            let start = processor_time();
            work(request);
            processor_time().saturating_sub(start)
        });
        (bytes, time.min().unwrap_or(Duration::MAX))
    };
    let ((small_bytes, small_time), (large_bytes, large_time)) = (measure(&small), measure(&large));
    let time = large_time.as_secs_f64() / small_time.as_secs_f64().max(1e-6);
    assert!(
        time < TIME_RATIO,
        "four times the request takes {time:.1} times as long"
    );
    #[expect(clippy::cast_precision_loss, reason = "a ratio")]
    // A few kilobytes may be there for any request.
    let memory = large_bytes as f64 / (small_bytes.max(4096)) as f64;
    assert!(
        memory < MEMORY_RATIO,
        "four times the request takes {memory:.1} times the memory"
    );
}

fn parameters(declared: &Json) -> Parameters {
    let declared: Vec<_> = serde_json::from_value(declared.clone()).unwrap();
    let pattern = Pattern::parse("/", &Converters::default()).unwrap();
    Parameters::compile(&declared, &pattern, &SchemaCompiler::default()).unwrap()
}

fn decode(parameters: &Parameters, query: &str, headers: &HeaderMap) {
    let mut violations = Violations::default();
    let decoded = parameters.decode(&Captures::default(), Some(query), headers, &mut violations);
    assert!(
        decoded.is_ok() && violations.is_empty(),
        "{decoded:?} {violations:?}"
    );
}

fn query_is_linear(size: usize, declare: impl Fn(usize) -> Json, write: impl Fn(usize) -> String) {
    is_linear(
        size,
        |size| (parameters(&declare(size)), write(size)),
        |(parameters, query)| decode(parameters, query, &HeaderMap::new()),
    );
}

fn pairs(size: usize, pair: impl Fn(usize) -> String) -> String {
    (0..size).map(pair).collect::<Vec<_>>().join("&")
}

#[test]
fn many_declared_parameters() {
    let declare = |size| -> Json {
        let one = |index| json!({"name": format!("p{index}"), "in": "query", "schema": {"type": "integer"}});
        (0..size).map(one).collect()
    };
    query_is_linear(250, declare, |size| {
        pairs(size, |index| format!("p{index}={index}"))
    });
}

#[test]
fn many_foreign_pairs() {
    let declare = |_| json!([{"name": "a", "in": "query"}]);
    query_is_linear(2000, declare, |size| {
        pairs(size, |index| format!("%41{index}=%zz"))
    });
}

#[test]
fn many_values_of_one_name() {
    let declare =
        |_| json!([{"name": "a", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}}]);
    query_is_linear(2000, declare, |size| pairs(size, |index| format!("a={index}")));
}

#[test]
fn many_members_of_an_exploded_object() {
    let declare = |size| {
        let properties: serde_json::Map<_, _> =
            (0..size).map(|index| (format!("p{index}"), json!({}))).collect();
        json!([{"name": "a", "in": "query", "schema": {"type": "object", "properties": properties}}])
    };
    query_is_linear(500, declare, |size| {
        pairs(size, |index| format!("p{index}={index}"))
    });
}

#[test]
fn many_members_of_a_deep_object() {
    let declare =
        |_| json!([{"name": "a", "in": "query", "style": "deepObject", "schema": {"type": "object"}}]);
    query_is_linear(1000, declare, |size| {
        pairs(size, |index| format!("a[{index}]={index}"))
    });
}

#[test]
fn many_members_in_one_pair() {
    let declare = |_| json!([{"name": "a", "in": "query", "explode": false, "schema": {"type": "object"}}]);
    query_is_linear(1000, declare, |size| {
        let members: Vec<_> = (0..size).map(|index| format!("n{index},{index}")).collect();
        format!("a={}", members.join(","))
    });
}

fn cookies(size: usize) -> HeaderMap {
    let pairs: Vec<_> = (0..size).map(|index| format!("c{index}=%41")).collect();
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_str(&pairs.join("; ")).unwrap());
    headers
}

#[test]
fn many_cookies() {
    is_linear(700, cookies, |headers| {
        assert!(!field::cookies(headers).is_empty());
    });
    let declare = |size| -> Json {
        (0..size)
            .map(|index| json!({"name": format!("c{index}"), "in": "cookie"}))
            .collect()
    };
    is_linear(
        250,
        |size| (parameters(&declare(size)), cookies(size)),
        |(parameters, headers)| decode(parameters, "", headers),
    );
}

/// A store that keeps nothing.
struct Nowhere;

impl FileStore for Nowhere {
    fn create(&self) -> BoxFuture<'_, Result<Box<dyn FileSink>, Problem>> {
        Box::pin(async { Err(Problem::bad_request("nothing is stored here")) })
    }
}

fn plan(schema: &Json) -> BodyPlan {
    let body = serde_json::from_value(json!({"content": {
        "multipart/form-data": {"schema": schema}, "application/x-www-form-urlencoded": {"schema": schema}}}));
    let settings = Settings {
        form_field_limit: u64::MAX,
        ..Settings::default()
    };
    BodyPlan::compile(&body.unwrap(), &SchemaCompiler::default(), &settings).unwrap()
}

/// The status of a form; 200 for one that is well formed.
fn status(plan: &BodyPlan, content_type: &'static str, body: &Bytes, chunk: usize) -> u16 {
    let content_type = HeaderValue::from_static(content_type);
    let decoder = plan.select(Some(&content_type), true).unwrap().unwrap();
    let chunks: Vec<_> = (0..body.len().div_ceil(chunk))
        .map(|index| Ok(body.slice(index * chunk..((index + 1) * chunk).min(body.len()))))
        .collect();
    let chunks: BodyStream = Box::pin(stream::iter(chunks));
    let mut violations = Violations::default();
    let outcome = decoder
        .decode_stream(chunks, Some(&Nowhere), &mut violations)
        .now_or_never();
    outcome.unwrap().map_or_else(|problem| problem.status, |_| 200)
}

const MULTIPART: &str = "multipart/form-data; boundary=boundary-of-some-length";
const FORM: &str = "application/x-www-form-urlencoded";
const END: &str = "\r\n--boundary-of-some-length--\r\n";
const FILE: &str =
    "--boundary-of-some-length\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n";

/// A body that arrives in pieces of `chunk` bytes.
fn body_is_linear(
    size: usize,
    content_type: &'static str,
    chunk: usize,
    expected: u16,
    write: impl Fn(usize) -> String,
) {
    let plan = plan(&json!({"type": "object", "properties": {
        "list": {"type": "array", "items": {"type": "integer"}}, "f": {"type": "string", "format": "binary"}}}));
    is_linear(
        size,
        |size| Bytes::from(write(size)),
        |body| assert_eq!(status(&plan, content_type, body, chunk), expected),
    );
}

#[test]
fn content_that_trickles_in() {
    body_is_linear(8_000, MULTIPART, 1, 200, |size| {
        format!("{FILE}{}{END}", "x".repeat(size))
    });
}

#[test]
fn content_of_line_ends_and_of_almost_boundaries() {
    for piece in [
        "\r",
        "\r\n",
        "\r\n--boundary-of-some-lengt",
        "--boundary-of-some-length",
    ] {
        for chunk in [1, 64 * 1024] {
            body_is_linear(4_000, MULTIPART, chunk, 200, |size| {
                format!("{FILE}{}{END}", piece.repeat(size / piece.len()))
            });
        }
    }
}

#[test]
fn preamble_and_epilogue_that_trickle_in() {
    body_is_linear(8_000, MULTIPART, 1, 200, |size| {
        format!("{}\r\n{FILE}x{END}", "x".repeat(size))
    });
    body_is_linear(8_000, MULTIPART, 1, 200, |size| {
        format!("{FILE}x{END}{}", "x".repeat(size))
    });
    body_is_linear(8_000, MULTIPART, 1, 400, |size| "\r\n".repeat(size));
}

#[test]
fn padding_that_trickles_in() {
    body_is_linear(8_000, MULTIPART, 1, 400, |size| {
        format!("--boundary-of-some-length{}", " ".repeat(size))
    });
}

#[test]
fn heads_that_trickle_in() {
    body_is_linear(3_000, MULTIPART, 1, 200, |size| {
        let head = FILE.replace("\r\n\r\n", &format!("\r\nX: {}\r\n\r\n", "x".repeat(size)));
        format!("{head}x{END}")
    });
    body_is_linear(3_000, MULTIPART, 1, 200, |size| {
        format!(
            "{}x{END}",
            FILE.replace("\r\n\r\n", &format!("{}\r\n\r\n", "; a=b".repeat(size / 5)))
        )
    });
    body_is_linear(3_000, MULTIPART, 64 * 1024, 200, |size| {
        format!(
            "{}x{END}",
            FILE.replace("\r\n\r\n", &format!("{}\r\n\r\n", "\r\nX: y".repeat(size / 6)))
        )
    });
    body_is_linear(3_000, MULTIPART, 64 * 1024, 200, |size| {
        let pieces: String = (0..size / 16)
            .map(|index| format!("; filename*{index}=a"))
            .collect();
        format!("{}x{END}", FILE.replace("\r\n\r\n", &format!("{pieces}\r\n\r\n")))
    });
}

#[test]
fn a_head_without_end_is_refused_before_it_is_kept() {
    let plan = plan(&json!({}));
    let start = FILE.trim_end();
    let body = Bytes::from(format!("{start}\r\nX: {}", "x".repeat(4_000_000)));
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let region = Region::new(ALLOCATOR);
    assert_eq!(status(&plan, MULTIPART, &body, 4096), 400);
    let bytes = region.change().bytes_allocated;
    assert!(bytes < 1_000_000, "{bytes} bytes for a head of 16 KiB");
}

#[test]
fn thousands_of_tiny_parts() {
    for chunk in [7, 64 * 1024] {
        body_is_linear(500, MULTIPART, chunk, 200, |size| {
            let part = |index| {
                format!(
                    "--boundary-of-some-length\r\nContent-Disposition: form-data; name=\"n{index}\"\r\n\r\nx\r\n"
                )
            };
            (0..size).map(part).collect::<String>() + END.trim_start()
        });
    }
}

#[test]
fn form_fields_without_end() {
    body_is_linear(1000, FORM, 64 * 1024, 200, |size| {
        pairs(size, |index| format!("n{index}=x"))
    });
    body_is_linear(1000, FORM, 64 * 1024, 200, |size| {
        pairs(size, |index| format!("list={index}"))
    });
    body_is_linear(1000, FORM, 64 * 1024, 200, |size| {
        pairs(size, |index| format!("list[{index}]={index}"))
    });
    body_is_linear(1000, FORM, 64 * 1024, 200, |size| {
        pairs(size, |index| format!("a[b][n{index}]=x"))
    });
    body_is_linear(1000, FORM, 64 * 1024, 200, |size| {
        pairs(size, |index| format!("a{}[{index}]=x", index % 7))
    });
    body_is_linear(4000, FORM, 64 * 1024, 200, |size| {
        format!("a={}", "%41+".repeat(size))
    });
    body_is_linear(4000, FORM, 64 * 1024, 400, |size| {
        format!("a{}=1", "[b]".repeat(size))
    });
}

#[test]
fn files_of_one_field_that_are_misfits() {
    body_is_linear(250, MULTIPART, 64 * 1024, 200, |size| {
        FILE.replace("name=\"f\"", "name=\"list\"")
            .replace("\r\n\r\n", "\r\n\r\nx\r\n")
            .repeat(size)
            + END.trim_start()
    });
}
