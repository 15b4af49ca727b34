//! The content of a request.

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use sabir_codegen::fixture::{Part, Request, expand};

const BOUNDARY: &str = "sabir-boundary";

/// The content of `request` and the content type that goes with it.
pub(crate) fn content(request: &Request) -> Result<(Vec<u8>, Option<&'static str>), String> {
    Ok(if let Some(json) = &request.json {
        (expand(json).to_string().into_bytes(), Some("application/json"))
    } else if let Some(form) = &request.form {
        let pairs = form
            .iter()
            .map(|(name, value)| format!("{}={}", quote(&name.expand()), quote(&value.expand())));
        let text = pairs.collect::<Vec<_>>().join("&");
        (text.into_bytes(), Some("application/x-www-form-urlencoded"))
    } else if let Some(parts) = &request.multipart {
        (
            multipart(parts)?,
            Some("multipart/form-data; boundary=sabir-boundary"),
        )
    } else if let Some(text) = &request.text {
        (text.expand().into_bytes(), None)
    } else if let Some(text) = &request.base64 {
        (BASE64.decode(text).map_err(|error| error.to_string())?, None)
    } else {
        (Vec::new(), None)
    })
}

/// Percent-encodes as `application/x-www-form-urlencoded` (WHATWG URL §5.2).
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => quoted.push('+'),
            b'*' | b'-' | b'.' | b'_' => quoted.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => quoted.push(char::from(byte)),
            _ => quoted.push_str(&format!("%{byte:02X}")),
        }
    }
    quoted
}

fn multipart(parts: &[Part]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for part in parts {
        let mut head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{}\"",
            part.name.expand()
        );
        if let Some(filename) = &part.filename {
            head += &format!("; filename=\"{}\"", filename.expand());
        }
        head += "\r\n";
        if let Some(content_type) = &part.content_type {
            head += &format!("content-type: {content_type}\r\n");
        }
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        if let Some(text) = part.value.as_ref().or(part.text.as_ref()) {
            bytes.extend_from_slice(text.expand().as_bytes());
        } else if let Some(text) = &part.base64 {
            bytes.extend(BASE64.decode(text).map_err(|error| error.to_string())?);
        }
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Ok(bytes)
}
