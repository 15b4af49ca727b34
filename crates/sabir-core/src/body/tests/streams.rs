//! Content that a handler takes while it arrives.

use futures_util::{FutureExt, StreamExt, stream};

use super::*;
use crate::Body;

const LINES: &str = "application/jsonl";

fn item_plan(name: &str, settings: &Settings) -> BodyPlan {
    let content = json!({ name: { "itemSchema": {
        "type": "object", "properties": { "n": { "type": "integer", "maximum": 9 } }, "required": ["n"]
    } } });
    let body = serde_json::from_value(json!({ "content": content })).unwrap();
    BodyPlan::compile(&body, &SchemaCompiler::default(), settings).unwrap()
}

fn chunks(text: &str, size: usize) -> BodyStream {
    let chunks: Vec<_> = text
        .as_bytes()
        .chunks(size)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    Box::pin(stream::iter(chunks))
}

/// The values of `text`, however it is cut, and the problem that ends them.
fn lines(text: &str, settings: &Settings) -> (Vec<Json>, Option<Problem>) {
    let plan = item_plan(LINES, settings);
    let decoder = plan
        .select(Some(&HeaderValue::from_static(LINES)), true)
        .unwrap()
        .unwrap();
    let mut outcomes: Vec<_> = (1..=text.len().max(1))
        .map(|size| {
            let Body::Items(items) = decoder.stream(chunks(text, size), 100) else {
                panic!("no items")
            };
            let read: Vec<_> = items.collect().now_or_never().unwrap();
            let mut values = Vec::new();
            let mut problem = None;
            for item in read {
                assert!(problem.is_none(), "nothing follows a problem");
                match item {
                    Ok(value) => values.push(to_json(&value)),
                    Err(error) => problem = Some(error),
                }
            }
            (values, problem)
        })
        .collect();
    let first = outcomes.remove(0);
    for (values, problem) in outcomes {
        let said = |problem: &Option<Problem>| problem.as_ref().map(|problem| problem.detail.clone());
        assert_eq!((&values, said(&problem)), (&first.0, said(&first.1)));
    }
    first
}

#[test]
fn lines_are_values_however_they_are_cut() {
    for (text, values) in [
        ("", json!([])),
        ("{\"n\":1}", json!([{ "n": 1 }])),
        ("{\"n\":1}\n", json!([{ "n": 1 }])),
        (
            "{\"n\":1}\r\n\n \t\n{\"n\": 2}\n\n",
            json!([{ "n": 1 }, { "n": 2 }]),
        ),
    ] {
        let (read, problem) = lines(text, &Settings::default());
        assert!(problem.is_none(), "{problem:?}");
        assert_eq!(Json::Array(read), values, "{text:?}");
    }
}

#[test]
fn the_first_line_that_is_wrong_ends_them() {
    let (read, problem) = lines("{\"n\":1}\n\n{\"n\":10}\n{\"n\":2}\n", &Settings::default());
    let problem = problem.unwrap();
    assert_eq!((read.len(), problem.status), (1, 422));
    assert_eq!(problem.errors[0].pointer.as_deref(), Some("/1/n"));
    let (read, problem) = lines("{\"n\":1}\n{\"n\":\n", &Settings::default());
    let problem = problem.unwrap();
    assert_eq!((read.len(), problem.status), (1, 400));
    assert!(problem.detail.unwrap().starts_with("line 2: "));
}

#[test]
fn a_line_has_a_longest_length() {
    let settings = Settings {
        line_limit: 9,
        ..Settings::default()
    };
    let (read, problem) = lines("{\"n\":1  }\n{\"n\":2  }\n", &settings);
    assert_eq!((read.len(), problem.is_none()), (2, true));
    for text in ["{\"n\":1   }\n", "{\"n\":1    ", "          "] {
        assert_eq!(lines(text, &settings).1.unwrap().status, 413, "{text:?}");
    }
}

#[test]
fn lines_are_an_array_for_a_handler_that_takes_them_at_once() {
    let plan = item_plan(LINES, &Settings::default());
    let decoder = plan
        .select(Some(&HeaderValue::from_static(LINES)), true)
        .unwrap()
        .unwrap();
    let mut violations = Violations::default();
    let value = decoder
        .decode(&Bytes::from("{\"n\":1}\n{\"n\":2}"), &mut violations)
        .unwrap();
    assert_eq!(to_json(&value), json!([{ "n": 1 }, { "n": 2 }]));
    decoder
        .decode(&Bytes::from("{\"n\":1}\n{}"), &mut violations)
        .unwrap();
    assert_eq!(violations[0].pointer.as_deref(), Some("/1"));
}

#[test]
fn only_lines_have_items() {
    let body = json!({ "content": { "application/json": { "itemSchema": {} } } });
    let body = serde_json::from_value(body).unwrap();
    let error = BodyPlan::compile(&body, &SchemaCompiler::default(), &Settings::default()).unwrap_err();
    assert_eq!(error.field, "requestBody.content.application/json.itemSchema");
}

#[cfg(feature = "multipart")]
#[test]
fn parts_come_one_after_the_other_however_they_are_cut() {
    let text = concat!(
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\n\r\n",
        "--b--\r\n"
    );
    let plan = plan("multipart/form-data", &json!({}), &Settings::default());
    let media_type = HeaderValue::from_static("multipart/form-data; boundary=b");
    let decoder = plan.select(Some(&media_type), true).unwrap().unwrap();
    for size in 1..=text.len() {
        let Body::Parts(parts) = decoder.stream(chunks(text, size), 100) else {
            panic!("no parts")
        };
        let mut shown = String::new();
        for item in parts.collect::<Vec<_>>().now_or_never().unwrap() {
            match item.unwrap() {
                PartItem::Head(head) => shown += &format!("[{} {:?}]", head.name, head.filename),
                PartItem::Chunk(chunk) => shown += std::str::from_utf8(&chunk).unwrap(),
            }
        }
        assert_eq!(shown, "[a None]hello[f Some(\"x.txt\")]", "{size}");
    }
}

#[cfg(feature = "multipart")]
#[test]
fn parts_have_their_limits() {
    let part = |content: &str| format!("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n{content}\r\n");
    let settings = Settings {
        part_limit: 5,
        form_field_limit: 2,
        ..Settings::default()
    };
    let plan = plan("multipart/form-data", &json!({}), &settings);
    let media_type = HeaderValue::from_static("multipart/form-data; boundary=b");
    let decoder = plan.select(Some(&media_type), true).unwrap().unwrap();
    for (text, status) in [
        ([part("hello"), part("")].concat(), 0),
        (part("hello!"), 413),
        ([part(""), part(""), part("")].concat(), 413),
    ] {
        let Body::Parts(parts) = decoder.stream(chunks(&(text + "--b--"), 3), 100) else {
            panic!("no parts")
        };
        let read: Vec<_> = parts.collect().now_or_never().unwrap();
        let told = read
            .last()
            .unwrap()
            .as_ref()
            .err()
            .map_or(0, |problem| problem.status);
        assert_eq!(told, status);
    }
}
