//! The compiled request body of a route.

use http::{HeaderValue, header};

use super::{
    declared::{DeclaredType, Usual},
    decoder::{Decoder, Format, Refusal},
    flat_form::FlatForm,
    limits::BodyLimits,
    lines, multipart,
};
use crate::{
    Location, Problem, ProblemType, Settings, SetupError, Violation,
    header::media_type::MediaType,
    operation::RequestBody,
    parameters::text_schema::TextSchema,
    schema::{Schema, SchemaCompiler},
};

/// The compiled request body of one route: its media types with their schemas.
#[derive(Debug, Clone)]
pub struct BodyPlan {
    contents: Vec<DeclaredType>,
    required: bool,
    accept: HeaderValue,
    limits: BodyLimits,
}

impl BodyPlan {
    /// Compiles the declared content.
    ///
    /// # Errors
    /// A media type that is not well formed or that this build does not read, a schema that does not compile.
    pub fn compile(
        body: &RequestBody,
        schemas: &SchemaCompiler,
        settings: &Settings,
    ) -> Result<Self, SetupError> {
        if body.content.is_empty() {
            let remedy = "declare at least one media type, such as application/json";
            return Err(SetupError::new(
                "requestBody.content",
                "no media type is declared",
                remedy,
            ));
        }
        let mut contents = Vec::with_capacity(body.content.len());
        for (name, content) in &body.content {
            let range = MediaType::parse_range(name).ok_or_else(|| {
                let problem = format!("`{name}` is not a media type");
                SetupError::new(
                    "requestBody.content",
                    problem,
                    "write it as type/subtype (RFC 9110 §8.3.1)",
                )
            })?;
            if !multipart::IS_SUPPORTED && matches!(range.essence(), "multipart/form-data" | "multipart/*") {
                let problem = format!("`{name}` needs the feature `multipart`, which this build is without");
                return Err(SetupError::new(
                    "requestBody.content",
                    problem,
                    "enable the feature of sabir-core, or declare other media types",
                ));
            }
            let place = format!("requestBody.content.{name}.schema");
            let schema = schemas.compile(&content.schema, &place)?;
            // Whether a charset is supported is a question of its own, so it takes no part in the choice.
            let text = if range.is_json() {
                TextSchema::compile(&serde_json::Value::Null, schemas, &place)?
            } else {
                TextSchema::compile(&content.schema, schemas, &place)?
            };
            let items = match &content.item_schema {
                Some(items) => Some(compile_items(items, &range, schemas, name)?),
                None => None,
            };
            let usual = match name.as_str() {
                "application/x-www-form-urlencoded" => Some(Usual::Form),
                _ if range.is_json() => Some(Usual::Json),
                _ => None,
            };
            contents.push(DeclaredType {
                range: range.without_charset(),
                schema,
                items,
                flat_form: match usual {
                    Some(Usual::Form) => FlatForm::of(text.root()),
                    _ => FlatForm::default(),
                },
                text,
                usual: usual
                    .filter(|_| !name.contains([';', '*']))
                    .map(|usual| (name.clone(), usual)),
            });
        }
        let accept = body
            .content
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let accept = HeaderValue::try_from(accept).map_err(|_| {
            let problem = "a media type has characters that a header field cannot carry";
            SetupError::new("requestBody.content", problem, "use visible ASCII")
        })?;
        let limits = BodyLimits::new(settings);
        Ok(Self {
            contents,
            required: body.required,
            accept,
            limits,
        })
    }

    /// Chooses how to read a body. `None` when there is no content and none is required.
    ///
    /// Content without a `Content-Type` counts as `application/octet-stream` (RFC 9110 §8.3).
    ///
    /// # Errors
    /// `unsupported-media-type` (415, with `Accept`), `validation-failed` when required content is missing,
    /// `bad-request` for multipart content without a boundary.
    pub fn select(
        &self,
        content_type: Option<&HeaderValue>,
        has_content: bool,
    ) -> Result<Option<Decoder<'_>>, Problem> {
        if !has_content {
            return if self.required && crate::Switch::Required.is_on() {
                Err(missing())
            } else {
                Ok(None)
            };
        }
        match self.decoder_for(content_type) {
            Err(_) if !crate::Switch::ContentTypes.is_on() => Ok(self
                .contents
                .first()
                .map(|content| Decoder::new(content, &self.limits, Format::Bytes))),
            chosen => chosen.map(Some),
        }
    }

    fn decoder_for(&self, content_type: Option<&HeaderValue>) -> Result<Decoder<'_>, Problem> {
        if let Some((content, usual)) = content_type.and_then(|value| self.usual_content(value)) {
            let format = match usual {
                Usual::Json => Format::Json,
                Usual::Form => Format::Form,
            };
            return Ok(Decoder::new(content, &self.limits, format));
        }
        let text = match content_type {
            Some(value) => value
                .to_str()
                .map_err(|_| self.unsupported("the Content-Type is not ASCII"))?,
            None => "application/octet-stream",
        };
        let media_type = MediaType::parse(text)
            .ok_or_else(|| self.unsupported(format!("the Content-Type `{text}` is not well formed")))?;
        let content = self.content_for(&media_type).ok_or_else(|| {
            self.unsupported(match content_type {
                Some(_) => format!("content of type `{}` is not taken here", media_type.essence()),
                None => "the content has no Content-Type".into(),
            })
        })?;
        let format = match &content.items {
            Some(_) => Format::Lines,
            None => Format::of(&media_type).map_err(|refusal| self.refused(refusal))?,
        };
        Ok(Decoder::new(content, &self.limits, format))
    }

    fn usual_content(&self, content_type: &HeaderValue) -> Option<(&DeclaredType, Usual)> {
        self.contents.iter().find_map(|content| {
            let (name, usual) = content.usual.as_ref()?;
            (content_type == name).then_some((content, *usual))
        })
    }

    fn refused(&self, refusal: Refusal) -> Problem {
        match refusal {
            Refusal::Charset(label) => self.unsupported(format!("the charset `{label}` is not taken here")),
            Refusal::Boundary(detail) => Problem::bad_request(detail),
            Refusal::Multipart => self.unsupported(multipart::NOT_SUPPORTED),
        }
    }

    /// `415` that names the media types which are taken (RFC 9110 §15.5.16, §12.5.1).
    fn unsupported(&self, detail: impl Into<String>) -> Problem {
        Problem::new(ProblemType::UnsupportedMediaType)
            .with_detail(detail)
            .with_header(header::ACCEPT, self.accept.clone())
    }

    /// The most specific of the declared types that cover `media_type`, the first one of several such.
    fn content_for(&self, media_type: &MediaType) -> Option<&DeclaredType> {
        let covering = self
            .contents
            .iter()
            .filter_map(|content| Some((content.range.covers(media_type)?, content)));
        // `max_by_key` takes the last of equals.
        covering
            .rev()
            .max_by_key(|(specificity, _)| *specificity)
            .map(|(_, content)| content)
    }
}

/// The schema of the values of JSON Lines.
fn compile_items(
    items: &serde_json::Value,
    range: &MediaType,
    schemas: &SchemaCompiler,
    name: &str,
) -> Result<Schema, SetupError> {
    let field = format!("requestBody.content.{name}.itemSchema");
    if !lines::is_lines(range.essence()) {
        let problem = format!("the items of `{name}` are not told apart");
        return Err(SetupError::new(field, problem, "declare application/jsonl"));
    }
    schemas.compile(items, &field)
}

fn missing() -> Problem {
    let violation = Violation::new(Location::Body, "required", "a body is required");
    Problem::validation(vec![violation])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plan(names: &[&str], required: bool) -> BodyPlan {
        let content: serde_json::Map<_, _> = names.iter().map(|name| ((*name).into(), json!({}))).collect();
        let body = serde_json::from_value(json!({"content": content, "required": required})).unwrap();
        BodyPlan::compile(&body, &SchemaCompiler::default(), &Settings::default()).unwrap()
    }

    fn select<'a>(plan: &'a BodyPlan, content_type: &'static str) -> Result<Decoder<'a>, Problem> {
        plan.select(Some(&HeaderValue::from_static(content_type)), true)
            .map(Option::unwrap)
    }

    #[test]
    fn refuses_a_type_that_is_not_declared_and_names_those_that_are() {
        let problem = select(&plan(&["application/json", "text/*"], true), "image/png").unwrap_err();
        assert_eq!(problem.status, 415);
        assert_eq!(problem.headers[header::ACCEPT], "application/json, text/*");
    }

    #[test]
    fn refuses_content_without_a_type() {
        let problem = plan(&["application/json"], true).select(None, true).unwrap_err();
        assert_eq!(
            (problem.status, problem.detail.as_deref()),
            (415, Some("the content has no Content-Type"))
        );
    }

    #[test]
    fn takes_content_without_a_type_for_bytes_where_bytes_are_declared() {
        for declared in ["application/octet-stream", "*/*"] {
            assert!(plan(&[declared], true).select(None, true).unwrap().is_some());
        }
    }

    #[test]
    fn refuses_a_type_that_is_not_well_formed() {
        let plan = plan(&["*/*"], true);
        for content_type in ["json", "application/*", "a/b; c"] {
            assert_eq!(
                select(&plan, content_type).unwrap_err().status,
                415,
                "{content_type}"
            );
        }
    }

    #[test]
    fn asks_for_required_content() {
        let problem = plan(&["application/json"], true).select(None, false).unwrap_err();
        assert_eq!(problem.status, 422);
        assert_eq!(
            (problem.errors[0].location, problem.errors[0].keyword.as_ref()),
            (Location::Body, "required")
        );
    }

    #[test]
    fn does_without_optional_content() {
        let content_type = HeaderValue::from_static("text/plain");
        let plan = plan(&["application/json"], false);
        assert!(plan.select(Some(&content_type), false).unwrap().is_none());
    }

    #[test]
    fn compares_types_without_case_and_without_charset() {
        let plan = plan(&["Text/Plain; charset=utf-8"], true);
        assert!(select(&plan, "text/plain").is_ok());
        assert!(select(&plan, "TEXT/PLAIN; charset=utf8").is_ok());
    }

    #[test]
    fn chooses_the_most_specific_declaration() {
        let plan = plan(&["*/*", "application/*", "application/json"], true);
        let json = MediaType::parse("application/json").unwrap();
        assert_eq!(
            plan.content_for(&json).unwrap().range.essence(),
            "application/json"
        );
        let xml = MediaType::parse("application/xml").unwrap();
        assert_eq!(plan.content_for(&xml).unwrap().range.essence(), "application/*");
    }

    #[test]
    fn refuses_json_in_another_charset() {
        let plan = plan(&["application/json"], true);
        assert!(select(&plan, "application/json; charset=UTF-8").is_ok());
        let problem = select(&plan, "application/json; charset=utf-16").unwrap_err();
        assert_eq!(problem.status, 415);
        assert_eq!(problem.headers[header::ACCEPT], "application/json");
    }

    #[test]
    fn refuses_an_unknown_charset() {
        assert_eq!(
            select(&plan(&["text/*"], true), "text/plain; charset=klingon")
                .unwrap_err()
                .status,
            415
        );
    }

    #[cfg(feature = "multipart")]
    #[test]
    fn refuses_multipart_without_a_boundary() {
        let plan = plan(&["multipart/form-data"], true);
        assert_eq!(select(&plan, "multipart/form-data").unwrap_err().status, 400);
        assert!(
            select(&plan, "multipart/form-data; boundary=\"a b\"")
                .unwrap()
                .is_streamed()
        );
    }

    #[test]
    fn refuses_a_declaration_that_is_not_a_media_type() {
        let body = serde_json::from_value(json!({"content": {"json": {}}})).unwrap();
        let error = BodyPlan::compile(&body, &SchemaCompiler::default(), &Settings::default()).unwrap_err();
        assert_eq!(
            (error.field.as_str(), error.problem.as_str()),
            ("requestBody.content", "`json` is not a media type")
        );
    }
}
