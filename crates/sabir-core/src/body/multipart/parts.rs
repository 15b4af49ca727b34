//! The parts of multipart content, read as they arrive.
//!
//! The schema decides what a part is:
//!
//! | the schema has | a part with a filename | with a media type that is not text | other parts |
//! |---|---|---|---|
//! | a file (`format: binary`) | the file | a file without a name | refused (422) |
//! | an object or an array, and the part is JSON | its value | its value | its value |
//! | any other type | refused (422) | refused (422) | text of that type |
//! | nothing | the file | bytes | text |

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::reader::Reader;
use crate::body::{
    FileSink, FileStore, PartHead,
    charset::Charset,
    fields::{Fields, Leaf, field},
    limits::BodyLimits,
    text,
};
use crate::{
    File, Problem, ProblemType, Text, Value, Violation, body::BodyStream, header::media_type::MediaType,
    json, parameters::text_schema::TextPart, value::FileContent,
};

/// What is written to a store at once.
const WRITTEN: usize = 64 * 1024;

/// Decodes a multipart body to an object. What is text where a file belongs, or the other way round, is added to `misfits`.
///
/// # Errors
/// `bad-request` for bad syntax, `content-too-large` for too many or too large parts, `unsupported-media-type` for a
/// part in an unknown charset, and whatever the stream or the store fails with.
pub(in crate::body) async fn decode(
    body: BodyStream,
    boundary: &str,
    schema: TextPart<'_>,
    limits: &BodyLimits,
    store: Option<&dyn FileStore>,
    misfits: &mut Vec<Violation>,
) -> Result<Value, Problem> {
    let mut reader = Reader::new(body, boundary);
    let mut fields = Fields::with_files();
    while let Some(head) = reader.next_part().await? {
        fields.count(limits)?;
        let wanted = Wanted::of(field(&head.name, schema));
        if let Some(leaf) = read(&mut reader, &head, wanted, limits, store).await? {
            fields.add(&head.name, leaf, schema)?;
        }
    }
    fields.into_value(schema, limits, misfits)
}

/// Reads a multipart body of which no schema says anything: its parts in order, with their names as they stand. Files stay
/// in memory.
///
/// # Errors
/// As [`decode`].
pub(in crate::body) async fn read_pairs(
    body: BodyStream,
    boundary: &str,
    limits: &BodyLimits,
) -> Result<Vec<(Text, Leaf)>, Problem> {
    let mut reader = Reader::new(body, boundary);
    let mut fields = Fields::default();
    let mut pairs = Vec::new();
    while let Some(head) = reader.next_part().await? {
        fields.count(limits)?;
        if let Some(leaf) = read(&mut reader, &head, Wanted::default(), limits, None).await? {
            pairs.push((Text::from(head.name), leaf));
        }
    }
    Ok(pairs)
}

/// Reads the part that `head` begins, of which the schema wants `wanted`. `None` for a file that was not chosen.
async fn read(
    reader: &mut Reader,
    head: &PartHead,
    wanted: Wanted,
    limits: &BodyLimits,
    store: Option<&dyn FileStore>,
) -> Result<Option<Leaf>, Problem> {
    let role = Role::of(head, wanted)?;
    let part = Part {
        reader,
        name: &head.name,
        limit: limits.part,
        size: 0,
    };
    Ok(match role {
        Role::File => part.read_file(head, limits.file_memory, store).await?,
        Role::Json => Some(Leaf::Value(json::parse(
            &part.read_whole().await?,
            &limits.json(),
        )?)),
        Role::Text(charset) => Some(Leaf::Text(text::decode(&part.read_whole().await?, charset)?)),
        Role::Bytes => Some(Leaf::Bytes(part.read_whole().await?)),
    })
}

/// What the schema has for a part; nothing where there is none.
#[derive(Debug, Clone, Copy, Default)]
struct Wanted {
    is_binary: bool,
    is_structured: bool,
}

impl Wanted {
    fn of(part: TextPart<'_>) -> Self {
        Self {
            is_binary: part.is_binary(),
            is_structured: part.is_object() || part.is_array(),
        }
    }
}

/// How a part is read.
enum Role {
    File,
    Json,
    Text(Charset),
    Bytes,
}

impl Role {
    /// The role of a part of which the schema wants `wanted`.
    fn of(head: &PartHead, wanted: Wanted) -> Result<Self, Problem> {
        let media_type = match head.content_type.as_deref() {
            Some(text) => MediaType::parse(text),
            // Text without a media type of its own (RFC 7578 §4.4).
            None => MediaType::parse("text/plain"),
        };
        let is_json = media_type.as_ref().is_some_and(MediaType::is_json);
        if head.filename.is_some() && !(is_json && wanted.is_structured && !wanted.is_binary) {
            return Ok(Self::File);
        }
        let media_type = media_type
            .ok_or_else(|| Problem::bad_request("the Content-Type of a part is not well formed"))?;
        if wanted.is_binary && media_type.main_type() != "text" {
            return Ok(Self::File);
        }
        if is_json {
            return Ok(Self::Json);
        }
        if media_type.main_type() != "text" {
            return Ok(Self::Bytes);
        }
        text::charset(media_type.parameter("charset"))
            .map(Self::Text)
            .ok_or_else(|| {
                Problem::new(ProblemType::UnsupportedMediaType)
                    .with_detail("a part has a charset that is not known")
            })
    }
}

/// One part while it is read.
struct Part<'a> {
    reader: &'a mut Reader,
    name: &'a str,
    limit: u64,
    size: u64,
}

impl Part<'_> {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let Some(chunk) = self.reader.chunk().await? else {
            return Ok(None);
        };
        self.size += chunk.len() as u64;
        if self.size > self.limit {
            let detail = format!("the part `{}` is larger than {} bytes", self.name, self.limit);
            return Err(Problem::new(ProblemType::ContentTooLarge).with_detail(detail));
        }
        Ok(Some(chunk))
    }

    async fn read_whole(mut self) -> Result<Bytes, Problem> {
        let mut content = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            content.extend_from_slice(&chunk);
        }
        Ok(content.freeze())
    }

    /// Reads a file, to the store, where there is one, once it is too large for memory. `None` for what a browser sends when the user
    /// chose no file: an empty name without content (HTML §4.10.22.8).
    async fn read_file(
        mut self,
        head: &PartHead,
        memory: u64,
        store: Option<&dyn FileStore>,
    ) -> Result<Option<Leaf>, Problem> {
        let mut kept = BytesMut::new();
        let mut sink: Option<Box<dyn FileSink>> = None;
        while let Some(chunk) = self.chunk().await? {
            kept.extend_from_slice(&chunk);
            if let Some(store) = store
                && sink.is_none()
                && self.size > memory
            {
                sink = Some(store.create().await?);
            }
            if let Some(sink) = &mut sink
                && kept.len() >= WRITTEN
            {
                sink.write(kept.split().freeze()).await?;
            }
        }
        if head.filename.as_deref() == Some("") && self.size == 0 {
            return Ok(None);
        }
        let content = match sink {
            Some(mut sink) => {
                sink.write(kept.freeze()).await?;
                FileContent::Disk(sink.finish().await?)
            }
            None => FileContent::Memory(kept.freeze()),
        };
        let file = File {
            filename: head.filename.as_deref().and_then(base_name),
            content_type: head.content_type.clone(),
            content,
            size: self.size,
        };
        Ok(Some(Leaf::File(Arc::new(file))))
    }
}

/// The name without directories: some clients send a path, and none of it may be trusted (RFC 7578 §4.2).
fn base_name(filename: &str) -> Option<Text> {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    (!matches!(name, "" | "." | "..")).then(|| Text::from(name))
}
