//! Multipart bodies.

use std::{
    path::PathBuf,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use http::HeaderValue;
use sabir_core::{
    BoxFuture, Problem, Settings, SetupError, Value, Violations,
    body::{BodyPlan, FileSink, FileStore},
    operation::{MediaType, RequestBody},
    schema::SchemaCompiler,
    value::{FileContent, StoredFile},
};
use serde_json::json;

use crate::{input::Input, watch::watch};

const PART_LIMIT: u64 = 64;
const MEMORY_LIMIT: u64 = 16;
const FIELD_LIMIT: u64 = 8;

/// The memory for each byte that arrives: what is kept has limits, and the boundary is copied.
const DECODING: usize = 8;

static PLAN: LazyLock<Result<BodyPlan, SetupError>> = LazyLock::new(|| {
    let schema = json!({"type": "object", "properties": {
        "file": {"type": "string", "format": "binary"},
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "count": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "nested": {"type": "object", "properties": {"on": {"type": "boolean"}}},
    }});
    let mut body = RequestBody::default();
    body.content
        .insert("multipart/form-data".into(), MediaType::of(schema));
    let settings = Settings {
        part_limit: PART_LIMIT,
        file_memory_limit: MEMORY_LIMIT,
        form_field_limit: FIELD_LIMIT,
        ..Settings::default()
    };
    BodyPlan::compile(&body, &SchemaCompiler::default(), &settings)
});

/// Reads the size of the chunks from the first byte, the boundary from the first line; the rest is the body.
///
/// Nothing panics; parts, files and fields keep to their limits; a refusal blames the client; what comes out does
/// not depend on how the body is cut into chunks; and memory and time keep to bounds.
///
/// # Panics
/// When one of these does not hold.
pub fn multipart(data: &[u8]) {
    let plan = match &*PLAN {
        Ok(plan) => plan,
        Err(error) => unreachable!("{error}"),
    };
    let mut input = Input(data);
    let size = usize::from(input.byte()).max(1);
    let boundary = input.line();
    let body = Bytes::copy_from_slice(input.0);
    let decoded = |size| watch(data.len(), DECODING, || decode(plan, boundary, &body, size));
    let chunked = decoded(size);
    let whole = decoded(body.len().max(1));
    match (&chunked, &whole) {
        (Outcome::Decoded(one, _), Outcome::Decoded(other, _)) => {
            assert_eq!(one, other, "in chunks of {size}");
        }
        (Outcome::Refused(one), Outcome::Refused(other)) => assert_eq!(one, other, "in chunks of {size}"),
        _ => unreachable!("in chunks of {size} {chunked:?}, as a whole {whole:?}"),
    }
    if let Outcome::Decoded(value, violations) = chunked {
        check(&value);
        if !violations.is_empty() {
            assert_eq!(violations.into_problem().status, 422);
        }
    }
}

#[derive(Debug)]
enum Outcome {
    Decoded(Value, Violations),
    Refused(u16),
}

/// What comes of `body` when it arrives in chunks of `size` bytes.
fn decode(plan: &BodyPlan, boundary: &[u8], body: &Bytes, size: usize) -> Outcome {
    let mut content_type = b"multipart/form-data; boundary=\"".to_vec();
    content_type.extend_from_slice(boundary);
    content_type.push(b'"');
    // What no header field can carry cannot arrive.
    let Ok(content_type) = HeaderValue::from_bytes(&content_type) else {
        return Outcome::Refused(400);
    };
    let decoder = match plan.select(Some(&content_type), true) {
        Ok(Some(decoder)) => decoder,
        Ok(None) => unreachable!("there is content"),
        Err(problem) => return refused(&problem),
    };
    let body = body.clone();
    let chunks = (0..body.len()).step_by(size).map(move |start| {
        let end = body.len().min(start + size);
        Ok(body.slice(start..end))
    });
    let store = Store::default();
    let mut violations = Violations::default();
    // Neither the stream nor the store ever waits, so neither may the decoder.
    let outcome = decoder
        .decode_stream(Box::pin(stream::iter(chunks)), Some(&store), &mut violations)
        .now_or_never();
    match outcome {
        Some(Ok(value)) => Outcome::Decoded(value, violations),
        Some(Err(problem)) => refused(&problem),
        None => unreachable!("the decoder waits for nothing"),
    }
}

fn refused(problem: &Problem) -> Outcome {
    assert!((400..500).contains(&problem.status), "{problem:?}");
    Outcome::Refused(problem.status)
}

fn check(value: &Value) {
    let Value::Object(members) = value else {
        unreachable!("{value:?} is no object");
    };
    assert!(members.0.len() as u64 <= FIELD_LIMIT, "{value:?}");
    members.0.iter().for_each(|(_, value)| check_part(value));
}

fn check_part(value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(check_part),
        Value::Object(members) => members.0.iter().for_each(|(_, value)| check_part(value)),
        Value::Bytes(bytes) => assert!(bytes.len() as u64 <= PART_LIMIT),
        Value::File(file) => {
            assert!(file.size <= PART_LIMIT, "{file:?}");
            let name = file.filename.as_deref().unwrap_or("a");
            assert!(!name.contains(['/', '\\']) && !matches!(name, "" | "." | ".."));
            match &file.content {
                FileContent::Memory(bytes) => {
                    assert!(
                        file.size <= MEMORY_LIMIT && bytes.len() as u64 == file.size,
                        "{file:?}"
                    );
                }
                // The store names a file by how much was written to it.
                FileContent::Disk(path) => {
                    assert!(file.size > MEMORY_LIMIT, "{file:?}");
                    assert!(path.ends_with(file.size.to_string()), "{file:?}");
                }
            }
        }
        _ => {}
    }
}

/// Counts what it is given instead of keeping it.
#[derive(Debug, Default)]
struct Store {
    created: AtomicUsize,
}

#[derive(Debug)]
struct Sink {
    number: usize,
    size: usize,
}

impl FileStore for Store {
    fn create(&self) -> BoxFuture<'_, Result<Box<dyn FileSink>, Problem>> {
        Box::pin(async {
            let number = self.created.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(Sink { number, size: 0 }) as Box<dyn FileSink>)
        })
    }
}

impl FileSink for Sink {
    fn write(&mut self, chunk: Bytes) -> BoxFuture<'_, Result<(), Problem>> {
        self.size += chunk.len();
        Box::pin(async { Ok(()) })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<StoredFile, Problem>> {
        Box::pin(async move {
            Ok(StoredFile::new(
                PathBuf::from(format!("{}/{}", self.number, self.size)),
                (),
            ))
        })
    }
}
