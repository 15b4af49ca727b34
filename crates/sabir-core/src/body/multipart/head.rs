//! The head of one part (RFC 7578 §4).

use std::borrow::Cow;

use super::disposition::Disposition;
use crate::{Problem, Text, body::PartHead, header::field::to_text};

impl PartHead {
    /// Reads the lines of a head.
    ///
    /// # Errors
    /// `bad-request` for a line that is no field, and for a part without a name (RFC 7578 §4.2).
    pub(in crate::body) fn parse(head: &[u8]) -> Result<Self, Problem> {
        let mut disposition = None;
        let mut content_type = None;
        for (name, value) in fields(&to_text(head))? {
            if name.eq_ignore_ascii_case("content-disposition") {
                if disposition.is_some() {
                    return Err(Problem::bad_request("a part has two Content-Disposition fields"));
                }
                disposition = Some(Disposition::parse(&value)?);
            } else if name.eq_ignore_ascii_case("content-type") && content_type.is_none() {
                content_type = Some(Text::from(&*value));
            }
        }
        let Disposition { name, filename } = disposition.unwrap_or_default();
        Ok(Self {
            name: name.ok_or_else(|| Problem::bad_request("a part has no name"))?,
            filename,
            content_type,
        })
    }
}

/// The fields of a head. A line that begins with white space goes on with the field before it (RFC 5322 §2.2.3).
fn fields(head: &str) -> Result<Vec<(&str, Cow<'_, str>)>, Problem> {
    let mut fields: Vec<(&str, Cow<'_, str>)> = Vec::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = fields.last_mut()
        {
            let value = value.to_mut();
            value.push(' ');
            value.push_str(line.trim_matches([' ', '\t']));
            continue;
        }
        match line.split_once(':') {
            Some((name, value)) if crate::header::media_type::is_token(name) => {
                fields.push((name, value.trim_matches([' ', '\t']).into()));
            }
            _ => {
                return Err(Problem::bad_request(
                    "the head of a part has a line that is no field",
                ));
            }
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(head: &str) -> PartHead {
        PartHead::parse(head.as_bytes()).unwrap()
    }

    #[test]
    fn reads_fields_without_regard_to_case_and_folded_lines() {
        let head = parse("\r\ncontent-TYPE: text/plain\r\nContent-Disposition: form-data;\r\n\tname=\"a\"");
        assert_eq!(
            head,
            PartHead {
                name: "a".into(),
                filename: None,
                content_type: Some("text/plain".into())
            }
        );
    }

    #[test]
    fn refuses_what_is_no_field_and_what_has_no_name() {
        for head in [
            "",
            "\r\nContent-Disposition: form-data",
            "\r\nname=a",
            "\r\n a: b",
            "\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
        ] {
            assert_eq!(
                PartHead::parse(head.as_bytes()).unwrap_err().status,
                400,
                "{head}"
            );
        }
    }
}
