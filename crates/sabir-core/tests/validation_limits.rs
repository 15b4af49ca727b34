//! What is refused costs no more than what is taken: large bodies that do not fit their schemas, whatever keyword they
//! fail on.
//!
//! Memory is the most that is held at a time, over what the body itself takes; time is what the thread computed, compared
//! with a body of the same size that is valid. Neither depends on the machine or on its load.

// There is neither a clock nor an allocator to count with.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    fmt::Write as _,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::HeaderValue;
use sabir_core::{Problem, ReplyBody, Settings, Violations, body::BodyPlan, schema::SchemaCompiler};
use serde_json::{Value as Json, json};

/// Counts what is allocated and not freed, and remembers the most.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn count(more: usize, less: usize) {
    let held = HELD.fetch_add(more, Ordering::Relaxed) + more - less;
    HELD.fetch_sub(less, Ordering::Relaxed);
    MOST.fetch_max(held, Ordering::Relaxed);
}

#[allow(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller vouches for `layout`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller vouches for both.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: the caller vouches for all of them.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test measures at a time: the allocator counts for all threads.
static MEASURING: Mutex<()> = Mutex::new(());

/// How large bodies are. The bounds hold for bodies of any size; this one keeps an unoptimised build fast.
const SIZE: usize = 512 * 1024;
/// How much more than the body may be held, besides what any refusal takes.
const MEMORY_FACTOR: usize = 4;
const MEMORY_CONSTANT: usize = 4 * 1024 * 1024;
/// How much longer a refusal may take than a valid body, with room for noise in what is short.
const TIME_FACTOR: u32 = 2;
const TIME_CONSTANT: Duration = Duration::from_millis(50);
/// How large the answer may be.
const ANSWER: usize = 64 * 1024;

fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

fn plan(schema: &Json) -> BodyPlan {
    let body = serde_json::from_value(json!({"content": {"application/json": {"schema": schema}}})).unwrap();
    BodyPlan::compile(&body, &SchemaCompiler::default(), &Settings::default()).unwrap()
}

/// The problem of a body, or none.
fn judge(plan: &BodyPlan, body: &Bytes) -> Option<Problem> {
    let content_type = HeaderValue::from_static("application/json");
    let decoder = plan.select(Some(&content_type), true).unwrap().unwrap();
    let mut violations = Violations::new(Settings::default().violation_limit);
    match decoder.decode(body, &mut violations) {
        Err(problem) => Some(problem),
        Ok(_) => (!violations.is_empty()).then(|| violations.into_problem()),
    }
}

/// The shortest time of some runs.
fn time(plan: &BodyPlan, body: &Bytes) -> Duration {
    let times = (0..2).map(|_| {
        let start = processor_time();
        drop(judge(plan, body));
        processor_time().saturating_sub(start)
    });
    times.min().unwrap()
}

/// Holds what `wrong` costs against the bounds and against what `right` costs.
#[track_caller]
fn is_bounded(schema: &Json, wrong: String, right: String) {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let plan = plan(schema);
    let (wrong, right) = (Bytes::from(wrong), Bytes::from(right));
    assert!(judge(&plan, &right).is_none(), "the right body is refused");

    let before = HELD.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let problem = judge(&plan, &wrong);
    let held = MOST.load(Ordering::Relaxed) - before;
    let problem = problem.unwrap();
    assert_eq!(problem.status, 422, "{:?}", problem.detail);
    assert!((1..=100).contains(&problem.errors.len()));
    let ReplyBody::Bytes(answer) = problem.write().body else {
        unreachable!("a problem is written as bytes")
    };
    assert!(answer.len() < ANSWER, "the answer has {} bytes", answer.len());
    assert!(
        held < MEMORY_FACTOR * wrong.len() + MEMORY_CONSTANT,
        "{} KiB are held for {} KiB",
        held / 1024,
        wrong.len() / 1024
    );

    let (wrong, right) = (time(&plan, &wrong), time(&plan, &right));
    println!("held {} KiB, {wrong:?} for {right:?}", held / 1024);
    assert!(
        wrong < TIME_FACTOR * right + TIME_CONSTANT,
        "a refusal takes {wrong:?}, a valid body {right:?}"
    );
}

/// An array of `item` as often as it fits in.
fn array_of(item: &str) -> String {
    let items = vec![item; SIZE / (item.len() + 1)];
    format!("[{}]", items.join(","))
}

/// An array of different numbers.
fn numbers() -> Vec<String> {
    (0..SIZE / 8)
        .map(|number| (1_000_000 + number).to_string())
        .collect()
}

/// An object with many names that begin with `prefix`.
fn object(prefix: &str, value: &str) -> String {
    let mut text = String::from("{");
    let mut number = 0;
    while text.len() < SIZE {
        if number > 0 {
            text.push(',');
        }
        write!(text, "\"{prefix}{number:x}\":{value}").unwrap();
        number += 1;
    }
    text.push('}');
    text
}

#[test]
fn items_of_another_type() {
    let schema = json!({"type": "array", "items": {"type": "string"}});
    is_bounded(&schema, array_of("0"), array_of("\"\""));
}

#[test]
fn items_out_of_range() {
    let schema = json!({"type": "array", "items": {"type": "number", "minimum": 1, "multipleOf": 0.5}});
    is_bounded(&schema, array_of("0.3"), array_of("1.5"));
}

#[test]
fn the_last_of_many_items() {
    let schema = json!({"type": "array", "items": {"type": "integer"}});
    let mut wrong = array_of("0");
    wrong.replace_range(wrong.len() - 2..wrong.len() - 1, "\"\"");
    is_bounded(&schema, wrong, array_of("0"));
}

#[test]
fn combinations_of_many_branches() {
    for keyword in ["anyOf", "oneOf"] {
        let branches: Vec<Json> = (0..64)
            .map(|number| json!({"type": "object", "properties": {"kind": {"minLength": number}, "n": {"type": "integer"}},
                "required": ["kind", "n"], "maxProperties": 2, "not": {"properties": {"n": {"not": {"const": number}}}}}))
            .collect();
        let schema = json!({"type": "array", "items": {keyword: branches}});
        let right = "{\"kind\":\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\",\"n\":63}";
        let wrong = "{\"kind\":\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\",\"n\":6.5}";
        is_bounded(
            &schema,
            array_of(wrong)[..SIZE / 2 + 20_000]
                .rsplit_once(",{")
                .unwrap()
                .0
                .to_owned()
                + "]",
            array_of(right)[..SIZE / 2 + 20_000]
                .rsplit_once(",{")
                .unwrap()
                .0
                .to_owned()
                + "]",
        );
    }
}

#[test]
fn a_combination_around_the_whole() {
    let branch = |kind: &str| json!({"type": "array", "items": {"type": kind}});
    let schema = json!({"anyOf": [branch("string"), branch("boolean"), branch("object"), branch("null")]});
    is_bounded(&schema, array_of("0"), array_of("null"));
}

#[test]
fn items_that_are_not_unique() {
    let schema = json!({"type": "array", "uniqueItems": true});
    let mut numbers = numbers();
    let right = format!("[{}]", numbers.join(","));
    let last = numbers.len() - 1;
    numbers[last] = numbers[last - 1].clone();
    is_bounded(&schema, format!("[{}]", numbers.join(",")), right);
}

#[test]
fn objects_that_are_not_unique() {
    let schema = json!({"type": "array", "uniqueItems": true});
    let members: Vec<String> = (0..SIZE / 32)
        .map(|number| format!("\"k{number}\":{number}"))
        .collect();
    let reversed: Vec<String> = members.iter().rev().cloned().collect();
    let object = |members: &[String]| format!("{{{}}}", members.join(","));
    let wrong = format!("[{},{}]", object(&members), object(&reversed));
    let right = format!("[{},{}]", object(&members), object(&reversed[1..]));
    is_bounded(&schema, wrong, right);
}

#[test]
fn items_that_nothing_matches() {
    let schema = json!({"type": "array", "contains": {"type": "string"}, "minContains": 2});
    let right = array_of("0");
    is_bounded(
        &schema,
        array_of("0"),
        format!("{},\"\",\"\"]", &right[..right.len() - 1]),
    );
}

#[test]
fn members_that_are_not_permitted() {
    let names = json!({"a0": true, "a1": true});
    for schema in [
        json!({"type": "object", "properties": names, "additionalProperties": false}),
        json!({"type": "object", "patternProperties": {"^b": true}, "additionalProperties": false}),
        json!({"type": "object", "properties": names, "unevaluatedProperties": false}),
        json!({"type": "object", "propertyNames": {"pattern": "^b", "maxLength": 9}}),
        json!({"type": "object", "patternProperties": {"^a": {"type": "string"}}}),
        json!({"type": "object", "additionalProperties": {"type": "string"}}),
        json!({"type": "object", "maxProperties": 3}),
        json!({"type": "object", "dependentRequired": {"a0": ["c"]}}),
        json!({"type": "object", "dependentSchemas": {"a1": {"additionalProperties": {"type": "string"}}}}),
    ] {
        // The other body is one that the validator has to look at as closely.
        let open = json!({"anyOf": [schema, {"required": ["a2", "right"]}]});
        let wrong = object("a", "0");
        let right = format!("{},\"right\":0}}", &wrong[..wrong.len() - 1]);
        is_bounded(&open, wrong.clone(), right);
        let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
        let problem = judge(&plan(&schema), &Bytes::from(wrong)).unwrap();
        assert!(!problem.errors.is_empty(), "{schema}");
    }
}

#[test]
fn items_that_nothing_evaluates() {
    let schema = json!({"type": "array", "prefixItems": [true], "unevaluatedItems": false});
    let either = json!({"anyOf": [schema, {"contains": {"const": 1}}]});
    let wrong = array_of("0");
    is_bounded(
        &either,
        wrong.clone(),
        format!("{},1]", &wrong[..wrong.len() - 1]),
    );
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(
        judge(&plan(&schema), &Bytes::from(wrong))
            .unwrap()
            .errors_truncated
    );
}

#[test]
fn references_in_depth() {
    let schema = json!({"$ref": "#/$defs/node", "$defs": {"node": {"anyOf": [
        {"type": "array", "items": {"$ref": "#/$defs/node"}}, {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/node"}]}},
        {"type": "integer"}]}}});
    let nested = |leaf: &str| format!("{}{leaf}{}", "[".repeat(100), "]".repeat(100));
    is_bounded(&schema, array_of(&nested("\"\"")), array_of(&nested("0")));
}

#[test]
fn large_values_that_would_be_shown() {
    let schema =
        json!({"type": "object", "properties": {"a": {"type": ["integer", "null"], "enum": [1, null]}}});
    let text = "é".repeat(SIZE / 2);
    for value in [
        format!("\"{text}\""),
        format!("\"\\n{text}\""),
        object("a", "{}"),
        array_of("[]"),
    ] {
        is_bounded(
            &schema,
            format!("{{\"a\":{value}}}"),
            format!("{{\"b\":{value}}}"),
        );
    }
}

#[test]
fn strings_that_do_not_match() {
    let schema = json!({"type": "array", "items": {"pattern": "^(?=.*[A-Z])(?!.*(?:a+)+!)[^\\s]+$"}});
    is_bounded(
        &schema,
        array_of("\"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\""),
        array_of("\"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.\""),
    );
    let schema = json!({"type": "array", "items": {"pattern": "^(?:(?:a+)+(?<!b))+c$"}});
    is_bounded(
        &schema,
        array_of("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""),
        array_of("\"aaaaaac\""),
    );
}
