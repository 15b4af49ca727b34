//! How one body is read.

use bytes::{Bytes, BytesMut};
use encoding_rs::{Encoding, UTF_8};
use futures_util::StreamExt;

use super::{
    FileStore, form, multipart,
    plan::{BodyPlan, Content},
    text,
};
use crate::{
    Location, Problem, ProblemType, Value, Violation, call::BodyStream, json, media_type::MediaType,
};

/// How one request's body is to be read, chosen by its `Content-Type`.
#[derive(Debug)]
pub struct Decoder<'a> {
    plan: &'a BodyPlan,
    content: &'a Content,
    format: Format,
}

/// The ways to read a body.
#[derive(Debug)]
pub(super) enum Format {
    Json,
    Form,
    Multipart { boundary: String },
    Text(&'static Encoding),
    Bytes,
}

/// Why a media type cannot be read although it is declared.
#[derive(Debug)]
pub(super) enum Refusal {
    Charset(String),
    Boundary(&'static str),
}

impl Format {
    pub(super) fn of(media_type: &MediaType) -> Result<Self, Refusal> {
        let charset = media_type.parameter("charset");
        if media_type.is_json() {
            // JSON between systems is UTF-8 (RFC 8259 §8.1); the parameter has no meaning, but one that says
            // otherwise would have the content misread.
            return match charset {
                Some(label) if text::encoding(Some(label)) != Some(UTF_8) => {
                    Err(Refusal::Charset(label.into()))
                }
                _ => Ok(Self::Json),
            };
        }
        match media_type.essence() {
            "application/x-www-form-urlencoded" => Ok(Self::Form),
            "multipart/form-data" => multipart::boundary(media_type)
                .map(|boundary| Self::Multipart { boundary })
                .map_err(Refusal::Boundary),
            _ if media_type.main_type() == "text" => text::encoding(charset)
                .map(Self::Text)
                .ok_or_else(|| Refusal::Charset(charset.unwrap_or_default().into())),
            _ => Ok(Self::Bytes),
        }
    }
}

impl Refusal {
    pub(super) fn into_problem(self, plan: &BodyPlan) -> Problem {
        match self {
            Self::Charset(label) => plan.unsupported(format!("the charset `{label}` is not taken here")),
            Self::Boundary(detail) => Problem::bad_request(detail),
        }
    }
}

impl<'a> Decoder<'a> {
    pub(super) fn new(plan: &'a BodyPlan, content: &'a Content, format: Format) -> Self {
        Self {
            plan,
            content,
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
    pub fn decode(&self, body: &Bytes, violations: &mut Vec<Violation>) -> Result<Value, Problem> {
        let schema = self.content.fields();
        let value = match &self.format {
            _ if !crate::Switch::BodyDecoding.is_on() => Value::Bytes(body.clone()),
            Format::Json => json::parse(body, &self.plan.limits.json())?,
            Format::Form => match self.content.flat_form.decode(body, &self.plan.limits)? {
                Some(value) => value,
                None => form::decode(body, schema, &self.plan.limits)?,
            },
            Format::Text(encoding) => schema.leaf(&text::decode(body, encoding)?, self.plan.limits.json()),
            Format::Bytes => Value::Bytes(body.clone()),
            Format::Multipart { .. } => {
                return Err(Problem::new(ProblemType::InternalError)
                    .with_detail("a multipart body must be decoded as a stream"));
            }
        };
        Ok(self.validated(value, violations))
    }

    /// Decodes and validates a multipart body as it arrives; any other body is gathered first.
    ///
    /// # Errors
    /// `bad-request`, `content-too-large`, and whatever the stream or the store fails with.
    pub async fn decode_stream(
        &self,
        mut body: BodyStream,
        store: &dyn FileStore,
        violations: &mut Vec<Violation>,
    ) -> Result<Value, Problem> {
        if let Format::Multipart { boundary } = &self.format
            && crate::Switch::BodyDecoding.is_on()
        {
            let schema = self.content.fields();
            let value = multipart::decode(body, boundary, schema, &self.plan.limits, store).await?;
            return Ok(self.validated(value, violations));
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = body.next().await {
            bytes.extend_from_slice(&chunk?);
        }
        self.decode(&bytes.freeze(), violations)
    }

    fn validated(&self, value: Value, violations: &mut Vec<Violation>) -> Value {
        self.content
            .schema
            .validate(&value, Location::Body, None, violations);
        value
    }
}
