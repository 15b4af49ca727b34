//! Multipart forms.

use std::{
    future::Future,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use futures_util::{FutureExt, stream};

use super::*;
use crate::{
    BoxFuture, File, ProblemType,
    threads::MaybeSend,
    value::{FileContent, StoredFile},
};

/// A store in memory that names its files by number and keeps what was written.
#[derive(Default)]
struct MemoryFiles(Arc<Mutex<Vec<Vec<u8>>>>);

struct Slot(Arc<Mutex<Vec<Vec<u8>>>>, usize);

impl FileStore for MemoryFiles {
    fn create(&self) -> BoxFuture<'_, Result<Box<dyn FileSink>, Problem>> {
        let mut files = self.0.lock().unwrap();
        files.push(Vec::new());
        let slot: Box<dyn FileSink> = Box::new(Slot(self.0.clone(), files.len() - 1));
        Box::pin(async { Ok(slot) })
    }
}

impl FileSink for Slot {
    fn write(&mut self, chunk: Bytes) -> BoxFuture<'_, Result<(), Problem>> {
        self.0.lock().unwrap()[self.1].extend_from_slice(&chunk);
        Box::pin(async { Ok(()) })
    }
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<StoredFile, Problem>> {
        Box::pin(async move { Ok(StoredFile::new(PathBuf::from(self.1.to_string()), ())) })
    }
}

const MULTIPART: &str = "multipart/form-data; boundary=b";

fn part(name: &str, more: &str, content: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{content}\r\n")
}

/// Demands of the future that servers may move it between threads.
fn on_any_thread<F: Future + MaybeSend>(future: F) -> F {
    future
}

/// Sends `chunks` without a closing delimiter of its own.
fn send(
    schema: &Json,
    chunks: Vec<Result<Bytes, Problem>>,
    settings: &Settings,
    files: &MemoryFiles,
) -> Outcome {
    let plan = plan("multipart/form-data", schema, settings);
    let decoder = plan
        .select(Some(&HeaderValue::from_static(MULTIPART)), true)?
        .unwrap();
    let body: BodyStream = Box::pin(stream::iter(chunks));
    let mut violations = Violations::default();
    let value = on_any_thread(decoder.decode_stream(body, Some(files), &mut violations))
        .now_or_never()
        .unwrap()?;
    Ok((value, violations.to_vec()))
}

/// Sends whole parts a few bytes at a time, so that every delimiter is cut somewhere.
fn read_with(schema: &Json, parts: &[String], settings: &Settings, files: &MemoryFiles) -> Outcome {
    let text = parts.concat() + "--b--\r\n";
    let chunks = text
        .as_bytes()
        .chunks(7)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    send(schema, chunks, settings, files)
}

fn read(schema: &Json, parts: &[String]) -> Outcome {
    read_with(schema, parts, &Settings::default(), &MemoryFiles::default())
}

fn file(value: &Value, name: &str) -> Arc<File> {
    match value {
        Value::Object(members) => match members.get(name) {
            Some(Value::File(file)) => file.clone(),
            other => unreachable!("{other:?} is no file"),
        },
        other => unreachable!("{other:?} is no object"),
    }
}

#[test]
fn coerces_fields_by_the_schema() {
    let schema = object(&json!({"n": {"type": "integer"}, "tags": {"type": "array"}}));
    let parts = [
        part("n", "", "1"),
        part("tags", "", "a"),
        part("tags", "", "b"),
        part("o[p]", "", "2"),
    ];
    let (value, violations) = read(&schema, &parts).unwrap();
    assert_eq!(
        to_json(&value),
        json!({"n": 1, "tags": ["a", "b"], "o": {"p": "2"}})
    );
    assert_eq!(violations, []);
}

#[test]
fn reads_a_file() {
    let schema = object(&json!({"f": {"type": "string", "format": "binary"}}));
    let head = "; filename=\"C:\\dir/a.txt\"\r\nContent-Type: text/plain";
    let (value, violations) = read(&schema, &[part("f", head, "hello")]).unwrap();
    let file = file(&value, "f");
    assert_eq!(file.filename.as_deref(), Some("a.txt"));
    assert_eq!(file.content_type.as_deref(), Some("text/plain"));
    assert_eq!(file.content, FileContent::Memory(Bytes::from_static(b"hello")));
    assert_eq!((file.size, violations.len()), (5, 0));
}

#[test]
fn reads_several_files_of_one_field() {
    let schema = object(&json!({"f": {"type": "array", "items": {"type": "string", "format": "binary"}}}));
    for count in [1, 2] {
        let parts = vec![part("f", "; filename=\"a\"", "x"); count];
        let (value, violations) = read(&schema, &parts).unwrap();
        let Value::Object(members) = value else {
            unreachable!("a form is an object")
        };
        assert!(matches!(members.get("f"), Some(Value::Array(files)) if files.len() == count));
        assert_eq!(violations, []);
    }
}

#[test]
fn leaves_out_a_file_that_was_not_chosen() {
    let schema = json!({"type": "object", "required": ["f"]});
    let (_, violations) = read(&schema, &[part("f", "; filename=\"\"", "")]).unwrap();
    assert_eq!(violations[0].keyword, "required");
}

#[test]
fn keeps_large_files_in_the_store() {
    let settings = Settings {
        file_memory_limit: 10,
        ..Settings::default()
    };
    let files = MemoryFiles::default();
    let content = "0123456789".repeat(3);
    let parts = [
        part("small", "; filename=\"s\"", "0123456789"),
        part("large", "; filename=\"l\"", &content),
    ];
    let (value, _) = read_with(&json!({}), &parts, &settings, &files).unwrap();
    assert!(matches!(file(&value, "small").content, FileContent::Memory(_)));
    assert_eq!(
        file(&value, "large").content,
        FileContent::Disk(StoredFile::new(PathBuf::from("0"), ()))
    );
    assert_eq!(file(&value, "large").size, 30);
    assert_eq!(*files.0.lock().unwrap(), [content.into_bytes()]);
}

#[test]
fn reads_a_json_part() {
    let (value, _) = read(
        &json!({}),
        &[part("a", "\r\nContent-Type: application/json", "{\"b\":[1]}")],
    )
    .unwrap();
    assert_eq!(to_json(&value), json!({"a": {"b": [1]}}));
    let bad = [part("a", "\r\nContent-Type: application/json", "{")];
    assert_eq!(status(read(&json!({}), &bad)), 400);
}

#[test]
fn reads_a_part_by_its_own_type() {
    let latin = part("a", "\r\nContent-Type: text/plain; charset=utf-8", "é");
    let bytes = part("b", "\r\nContent-Type: application/octet-stream", "x");
    let (value, _) = read(&json!({}), &[latin, bytes]).unwrap();
    let Value::Object(members) = value else {
        unreachable!("a form is an object")
    };
    assert_eq!(members.get("a"), Some(&Value::String("é".into())));
    assert_eq!(members.get("b"), Some(&Value::Bytes(Bytes::from_static(b"x"))));
    let unknown = [part("a", "\r\nContent-Type: text/plain; charset=klingon", "x")];
    assert_eq!(status(read(&json!({}), &unknown)), 415);
}

#[test]
fn refuses_parts_that_are_too_many_or_too_large() {
    let parts = [part("a", "", "12345"), part("b", "", "12345")];
    let fields = Settings {
        form_field_limit: 1,
        ..Settings::default()
    };
    assert_eq!(
        status(read_with(&json!({}), &parts, &fields, &MemoryFiles::default())),
        413
    );
    let size = Settings {
        part_limit: 4,
        ..Settings::default()
    };
    assert_eq!(
        status(read_with(&json!({}), &parts, &size, &MemoryFiles::default())),
        413
    );
    let exact = Settings {
        part_limit: 5,
        ..Settings::default()
    };
    assert!(read_with(&json!({}), &parts, &exact, &MemoryFiles::default()).is_ok());
}

#[test]
fn refuses_a_body_that_ends_too_early() {
    let whole = part("a", "", "12345") + "--b--";
    for length in 0..whole.len() {
        let chunk = Bytes::copy_from_slice(&whole.as_bytes()[..length]);
        let outcome = send(
            &json!({}),
            vec![Ok(chunk)],
            &Settings::default(),
            &MemoryFiles::default(),
        );
        assert_eq!(
            outcome.map_err(|problem| problem.status).unwrap_err(),
            400,
            "{length}"
        );
    }
}

#[test]
fn refuses_a_part_without_a_name() {
    let part = "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n".to_owned();
    assert_eq!(status(read(&json!({}), &[part])), 400);
}

#[test]
fn passes_on_what_ended_the_stream() {
    let chunks = vec![
        Ok(Bytes::from(part("a", "", "1"))),
        Err(Problem::new(ProblemType::RequestTimeout)),
    ];
    assert_eq!(
        status(send(
            &json!({}),
            chunks,
            &Settings::default(),
            &MemoryFiles::default()
        )),
        408
    );
}

#[test]
fn gathers_a_stream_of_another_type() {
    let plan = plan("application/json", &json!({}), &Settings::default());
    let content_type = HeaderValue::from_static("application/json");
    let decoder = plan.select(Some(&content_type), true).unwrap().unwrap();
    let body: BodyStream = Box::pin(stream::iter(vec![Ok(Bytes::from("[1")), Ok(Bytes::from("]"))]));
    let value = decoder
        .decode_stream(body, Some(&MemoryFiles::default()), &mut Violations::default())
        .now_or_never()
        .unwrap();
    assert_eq!(to_json(&value.unwrap()), json!([1]));
}
