//! How one body is read.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::{
    charset::Charset,
    declared::DeclaredType,
    fields::text_value,
    form,
    limits::BodyLimits,
    lines::LineReader,
    multipart,
    sent::{Body, BodyStream},
    store::FileStore,
    text,
};
use crate::{
    Location, Problem, ProblemType, Value, Violation, Violations, header::media_type::MediaType, json,
};

/// How one request's body is to be read, chosen by its `Content-Type`.
#[derive(Debug)]
pub struct Decoder<'a> {
    content: &'a DeclaredType,
    limits: &'a BodyLimits,
    format: Format,
}

/// The ways to read a body.
#[derive(Debug)]
pub(super) enum Format {
    Json,
    /// One JSON value a line.
    Lines,
    Form,
    Multipart {
        boundary: String,
    },
    Text(Charset),
    Bytes,
}

/// Why a media type cannot be read although it is declared.
#[derive(Debug)]
pub(super) enum Refusal {
    Charset(String),
    Boundary(&'static str),
    /// The build is without the feature `multipart`.
    Multipart,
}

impl Format {
    pub(super) fn of(media_type: &MediaType) -> Result<Self, Refusal> {
        let charset = media_type.parameter("charset");
        if media_type.is_json() {
            // JSON between systems is UTF-8 (RFC 8259 §8.1); the parameter has no meaning, but one that says
            // otherwise would have the content misread.
            return match charset {
                Some(label) if text::charset(Some(label)) != Some(Charset::UTF_8) => {
                    Err(Refusal::Charset(label.into()))
                }
                _ => Ok(Self::Json),
            };
        }
        match media_type.essence() {
            "application/x-www-form-urlencoded" => Ok(Self::Form),
            "multipart/form-data" if !multipart::IS_SUPPORTED => Err(Refusal::Multipart),
            "multipart/form-data" => multipart::boundary(media_type)
                .map(|boundary| Self::Multipart { boundary })
                .map_err(Refusal::Boundary),
            _ if media_type.main_type() == "text" => text::charset(charset)
                .map(Self::Text)
                .ok_or_else(|| Refusal::Charset(charset.unwrap_or_default().into())),
            _ => Ok(Self::Bytes),
        }
    }
}

impl<'a> Decoder<'a> {
    pub(super) fn new(content: &'a DeclaredType, limits: &'a BodyLimits, format: Format) -> Self {
        Self {
            content,
            limits,
            format,
        }
    }

    /// Whether the body is multipart and must be read with [`decode_stream`](Self::decode_stream).
    pub fn is_streamed(&self) -> bool {
        matches!(self.format, Format::Multipart { .. })
    }

    /// Decodes and validates a whole body.
    ///
    /// # Errors
    /// `bad-request` for bad syntax, bad UTF-8, too deep a nesting, a name given twice; `content-too-large` for
    /// too many form fields; `internal-error` when the body [is streamed](Self::is_streamed).
    pub fn decode(&self, body: &Bytes, violations: &mut Violations) -> Result<Value, Problem> {
        let (text, limits) = (self.content.text(), self.limits);
        let mut misfits = Vec::new();
        let value = match &self.format {
            _ if !crate::Switch::BodyDecoding.is_on() => Value::Bytes(body.clone()),
            Format::Json => return self.decode_json(body, violations),
            Format::Lines => return self.decode_lines(body, violations),
            Format::Form => match self.content.flat_form.decode(body, text, limits)? {
                Some(value) => value,
                None => form::decode(body, text, limits, &mut misfits)?,
            },
            Format::Text(charset) => text_value(&text::decode(body, *charset)?, text, limits.json()),
            Format::Bytes => Value::Bytes(body.clone()),
            Format::Multipart { .. } => {
                return Err(Problem::new(ProblemType::InternalError)
                    .with_detail("a multipart body must be decoded as a stream"));
            }
        };
        Ok(self.validated(value, misfits, violations))
    }

    /// Decodes and validates a text of JSON, whatever the media type.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    pub(crate) fn decode_text(&self, text: &str, violations: &mut Violations) -> Result<Value, Problem> {
        self.decode_json(text.as_bytes(), violations)
    }

    /// Checks and validates a whole body that the host's own parser is to read. `false` where that would not read it exactly,
    /// so that it has to be [decoded](Self::decode): it is no JSON, or has a number that is no double.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    pub fn check(&self, body: &Bytes, violations: &mut Violations) -> Result<bool, Problem> {
        if !matches!(self.format, Format::Json) || !crate::Switch::BodyDecoding.is_on() {
            return Ok(false);
        }
        let known = violations.len();
        let is_exact = self
            .content
            .schema
            .validate_text(body, &self.limits.json(), violations)?;
        // What does not fit is not decoded either.
        Ok(is_exact || violations.len() > known || violations.are_more())
    }

    /// A tree takes many times the memory of its text, so that a large text is only made one when it is valid.
    fn decode_json(&self, body: &[u8], violations: &mut Violations) -> Result<Value, Problem> {
        let limits = self.limits.json();
        if body.len() < json::LARGE {
            return Ok(self.validated(json::parse(body, &limits)?, Vec::new(), violations));
        }
        let known = violations.len();
        self.content.schema.validate_text(body, &limits, violations)?;
        if violations.len() > known || violations.are_more() {
            return Ok(Value::Null);
        }
        json::parse(body, &limits)
    }

    /// The first line that does not fit is told.
    fn decode_lines(&self, body: &Bytes, violations: &mut Violations) -> Result<Value, Problem> {
        let room = violations.room() as u64;
        self.lines(room).read_all(body).or_else(|problem| {
            if problem.status != ProblemType::ValidationFailed.status() {
                return Err(problem);
            }
            for violation in problem.errors {
                violations.push(violation);
            }
            Ok(Value::Null)
        })
    }

    /// Decodes and validates a multipart body as it arrives; any other body is gathered first. Without a `store`, files of
    /// any size stay in memory.
    ///
    /// # Errors
    /// `bad-request`, `content-too-large`, and whatever the stream or the store fails with.
    pub async fn decode_stream(
        &self,
        mut body: BodyStream,
        store: Option<&dyn FileStore>,
        violations: &mut Violations,
    ) -> Result<Value, Problem> {
        if let Format::Multipart { boundary } = &self.format
            && crate::Switch::BodyDecoding.is_on()
        {
            let (text, limits) = (self.content.text(), self.limits);
            let mut misfits = Vec::new();
            let value = multipart::decode(body, boundary, text, limits, store, &mut misfits).await?;
            return Ok(self.validated(value, misfits, violations));
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = body.next().await {
            bytes.extend_from_slice(&chunk?);
        }
        self.decode(&bytes.freeze(), violations)
    }

    /// The content for a handler that takes it while it arrives. Each line of JSON Lines tells at most `violation_limit`
    /// violations; the rest is not validated.
    pub fn stream(&self, body: BodyStream, violation_limit: u64) -> Body {
        match &self.format {
            _ if !crate::Switch::BodyDecoding.is_on() => Body::Stream(body),
            Format::Lines => Body::Items(Box::pin(self.lines(violation_limit).stream(body))),
            // Whoever declares any type wants the bytes.
            Format::Multipart { boundary } if !self.content.range.is_range() => {
                Body::Parts(multipart::parts(body, boundary, self.limits))
            }
            _ => Body::Stream(body),
        }
    }

    fn lines(&self, violation_limit: u64) -> LineReader {
        let items = self.content.items.as_ref().unwrap_or(&self.content.schema);
        LineReader::new(items, self.limits, violation_limit)
    }

    fn validated(&self, value: Value, misfits: Vec<Violation>, violations: &mut Violations) -> Value {
        let schema = &self.content.schema;
        if misfits.is_empty() {
            schema.validate(&value, Location::Body, None, violations);
        } else {
            let stand_ins = misfits
                .iter()
                .filter_map(|misfit| misfit.pointer.clone())
                .collect();
            violations.push_beside(misfits, stand_ins, |violations| {
                schema.validate(&value, Location::Body, None, violations);
            });
        }
        value
    }
}
