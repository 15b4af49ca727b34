//! Forms that no operation declares.

use bytes::Bytes;
use futures_util::{FutureExt, future, stream};
use http::HeaderValue;

use super::{decoder::Format, fields::Leaf, form, limits::BodyLimits, multipart};
use crate::{Problem, ProblemType, Settings, Text, Value, header::media_type::MediaType};

/// Reads content that a handler takes for a form although its operation declares none.
///
/// ```
/// use http::HeaderValue;
/// use sabir_core::{Settings, Value, body::FormReader};
///
/// let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
/// let form = FormReader::new(&Settings::default()).read(Some(&media_type), &"a=1&a=b+c".into())?;
/// assert_eq!(form[1], ("a".into(), Value::String("b c".into())));
/// # Ok::<(), sabir_core::Problem>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct FormReader {
    limits: BodyLimits,
}

impl FormReader {
    /// A reader that holds forms to the limits of `settings`, but for `file_memory_limit`: the content is in memory already.
    pub fn new(settings: &Settings) -> Self {
        Self {
            limits: BodyLimits::new(settings),
        }
    }

    /// The fields of `body` in order, with their names as sent. A part is text, a file, bytes where it is neither, or its
    /// value where it is JSON.
    ///
    /// # Errors
    /// `unsupported-media-type` for content that is no form, `bad-request` for a form that is not well formed,
    /// `content-too-large` for too many fields or too large a part.
    pub fn read(
        &self,
        content_type: Option<&HeaderValue>,
        body: &Bytes,
    ) -> Result<Vec<(Text, Value)>, Problem> {
        let pairs = match format(content_type)? {
            Format::Form => form::read_pairs(body, &self.limits)?,
            Format::Multipart { boundary } => {
                let stream = Box::pin(stream::once(future::ready(Ok(body.clone()))));
                multipart::read_pairs(stream, &boundary, &self.limits)
                    .now_or_never()
                    .unwrap_or_else(|| Err(Problem::new(ProblemType::InternalError)))?
            }
            _ => return Err(no_form()),
        };
        Ok(pairs
            .into_iter()
            .map(|(name, leaf)| (name, value(leaf)))
            .collect())
    }
}

fn format(content_type: Option<&HeaderValue>) -> Result<Format, Problem> {
    let media_type = content_type
        .and_then(|value| value.to_str().ok())
        .and_then(MediaType::parse)
        .ok_or_else(no_form)?;
    Format::of(&media_type).map_err(|refusal| match refusal {
        super::decoder::Refusal::Boundary(detail) => Problem::bad_request(detail),
        super::decoder::Refusal::Charset(_) => no_form(),
        super::decoder::Refusal::Multipart => {
            Problem::new(ProblemType::UnsupportedMediaType).with_detail(multipart::NOT_SUPPORTED)
        }
    })
}

fn no_form() -> Problem {
    Problem::new(ProblemType::UnsupportedMediaType).with_detail("The content is no form.")
}

fn value(leaf: Leaf) -> Value {
    match leaf {
        Leaf::Text(text) => Value::String(text.into()),
        Leaf::File(file) => Value::File(file),
        Leaf::Bytes(bytes) => Value::Bytes(bytes),
        Leaf::Value(value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &str) -> Result<Vec<(Text, Value)>, Problem> {
        let settings = Settings {
            form_field_limit: 3,
            file_memory_limit: 1,
            ..Settings::default()
        };
        let content_type = HeaderValue::try_from(content_type).unwrap();
        FormReader::new(&settings).read(Some(&content_type), &Bytes::from(body.to_owned()))
    }

    #[test]
    fn keeps_names_and_order() {
        let form = read(
            "application/x-www-form-urlencoded;charset=utf-8",
            "b=1&a%5Bx%5D=2&b=",
        )
        .unwrap();
        let text = |text: &str| Value::String(text.into());
        assert_eq!(
            form,
            [
                ("b".into(), text("1")),
                ("a[x]".into(), text("2")),
                ("b".into(), text(""))
            ]
        );
    }

    #[cfg(feature = "multipart")]
    #[test]
    fn reads_parts_by_what_they_say_of_themselves() {
        let body = "--x\r\ncontent-disposition: form-data; name=t\r\n\r\nhi\r\n\
                    --x\r\ncontent-disposition: form-data; name=j\r\ncontent-type: application/json\r\n\r\n[1]\r\n\
                    --x\r\ncontent-disposition: form-data; name=f; filename=\"a.txt\"\r\n\r\nlarge\r\n--x--";
        let form = read("multipart/form-data; boundary=x", body).unwrap();
        let [(_, text), (_, json), (_, Value::File(file))] = &*form else {
            panic!("{form:?}")
        };
        assert_eq!(*text, Value::String("hi".into()));
        assert_eq!(*json, Value::Array(vec![Value::Integer(1)]));
        assert_eq!((file.filename.as_deref(), file.size), (Some("a.txt"), 5));
    }

    #[test]
    fn refuses_what_is_no_form_or_too_long() {
        let status = |content_type, body| read(content_type, body).unwrap_err().status;
        assert_eq!(status("application/json", "{}"), 415);
        let missing_boundary = if multipart::IS_SUPPORTED { 400 } else { 415 };
        assert_eq!(status("multipart/form-data", "--x--"), missing_boundary);
        assert_eq!(status("application/x-www-form-urlencoded", "a=%zz"), 400);
        assert_eq!(status("application/x-www-form-urlencoded", "a&a&a&a"), 413);
        assert_eq!(
            FormReader::new(&Settings::default())
                .read(None, &Bytes::new())
                .unwrap_err()
                .status,
            415
        );
    }
}
