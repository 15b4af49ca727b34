//! `multipart/form-data` (RFC 7578), read as it arrives.

use std::{fmt, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use multer::Multipart;

use super::{
    FileSink, FileStore,
    field_schema::FieldSchema,
    fields::{Fields, Leaf},
    plan::Limits,
    text,
};
use crate::{
    File, Problem, ProblemType, Text, Value, call::BodyStream, json, media_type::MediaType,
    value::FileContent,
};

/// The `boundary` parameter.
///
/// # Errors
/// Says what is wrong when it is missing or longer than RFC 2046 §5.1.1 allows.
pub(super) fn boundary(media_type: &MediaType) -> Result<String, &'static str> {
    match media_type.parameter("boundary") {
        None | Some("") => Err("the multipart content has no boundary"),
        Some(boundary) if boundary.len() > 70 => Err("the multipart boundary is longer than 70 characters"),
        Some(boundary) => Ok(boundary.into()),
    }
}

/// Decodes a multipart body to an object.
///
/// # Errors
/// `bad-request` for bad syntax, `content-too-large` for too many or too large parts, `unsupported-media-type` for a
/// part in an unknown charset, and whatever the stream or the store fails with.
pub(super) async fn decode(
    body: BodyStream,
    boundary: &str,
    schema: FieldSchema<'_>,
    limits: &Limits,
    store: &dyn FileStore,
) -> Result<Value, Problem> {
    let mut multipart = Multipart::new(body.map(|chunk| chunk.map_err(Interrupted)), boundary);
    let mut fields = Fields::default();
    while let Some(field) = multipart.next_field().await.map_err(problem)? {
        fields.count(limits)?;
        let name = field
            .name()
            .map(str::to_owned)
            .ok_or_else(|| Problem::bad_request("a part has no name"))?;
        let content_type = content_type(&field);
        let part = Part {
            field,
            name: &name,
            limit: limits.part,
            size: 0,
        };
        let leaf = match part.field.file_name().map(str::to_owned) {
            Some(filename) => {
                part.read_file(&filename, content_type, limits.file_memory, store)
                    .await?
            }
            None => Some(inline(
                &part.read_whole().await?,
                content_type.as_deref(),
                limits,
            )?),
        };
        if let Some(leaf) = leaf {
            fields.add(&name, leaf, schema)?;
        }
    }
    fields.into_value(schema, limits)
}

/// One part while it is read.
struct Part<'a> {
    field: multer::Field<'static>,
    name: &'a str,
    limit: u64,
    size: u64,
}

impl Part<'_> {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let Some(chunk) = self.field.chunk().await.map_err(problem)? else {
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

    /// Reads a file, to the store once it is too large for memory. `None` for what a browser sends when the user
    /// chose no file: an empty name without content (HTML §4.10.22.8).
    async fn read_file(
        mut self,
        filename: &str,
        content_type: Option<Text>,
        memory: u64,
        store: &dyn FileStore,
    ) -> Result<Option<Leaf>, Problem> {
        let mut kept = BytesMut::new();
        let mut sink: Option<Box<dyn FileSink>> = None;
        while let Some(chunk) = self.chunk().await? {
            match &mut sink {
                Some(sink) => sink.write(chunk).await?,
                None => kept.extend_from_slice(&chunk),
            }
            if sink.is_none() && self.size > memory {
                let mut opened = store.create().await?;
                opened.write(kept.split().freeze()).await?;
                sink = Some(opened);
            }
        }
        if filename.is_empty() && self.size == 0 {
            return Ok(None);
        }
        let content = match sink {
            Some(sink) => FileContent::Disk(sink.finish().await?),
            None => FileContent::Memory(kept.freeze()),
        };
        let file = File {
            filename: base_name(filename),
            content_type,
            content,
            size: self.size,
        };
        Ok(Some(Leaf::Value(Value::File(Arc::new(file)))))
    }
}

/// The name without directories: some clients send a path, and none of it may be trusted (RFC 7578 §4.2).
fn base_name(filename: &str) -> Option<Text> {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    (!matches!(name, "" | "." | "..")).then(|| Text::from(name))
}

fn content_type(field: &multer::Field<'_>) -> Option<Text> {
    let value = field.headers().get(http::header::CONTENT_TYPE)?;
    value.to_str().ok().map(Text::from)
}

/// A part that is no file: JSON, text, or bytes by its own media type; text without one (RFC 7578 §4.4).
fn inline(content: &Bytes, content_type: Option<&str>, limits: &Limits) -> Result<Leaf, Problem> {
    let media_type = match content_type {
        Some(text) => MediaType::parse(text)
            .ok_or_else(|| Problem::bad_request("the Content-Type of a part is not well formed"))?,
        None => return text::decode(content, encoding_rs::UTF_8).map(Leaf::Text),
    };
    if media_type.is_json() {
        return json::parse(content, &limits.json()).map(Leaf::Value);
    }
    if media_type.main_type() != "text" {
        return Ok(Leaf::Value(Value::Bytes(content.clone())));
    }
    let encoding = text::encoding(media_type.parameter("charset")).ok_or_else(|| {
        Problem::new(ProblemType::UnsupportedMediaType).with_detail("a part has a charset that is not known")
    })?;
    text::decode(content, encoding).map(Leaf::Text)
}

/// The problem that ended the stream, on its way through `multer`.
#[derive(Debug)]
struct Interrupted(Problem);

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.title)
    }
}

impl std::error::Error for Interrupted {}

fn problem(error: multer::Error) -> Problem {
    match error {
        multer::Error::StreamReadFailed(cause) => match cause.downcast::<Interrupted>() {
            Ok(interrupted) => interrupted.0,
            Err(_) => Problem::new(ProblemType::InternalError),
        },
        multer::Error::IncompleteStream
        | multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders => Problem::bad_request("the multipart content ends too early"),
        _ => Problem::bad_request("the multipart content is not well formed"),
    }
}
