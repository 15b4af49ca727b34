//! Reading HTTP/1.1 responses (RFC 9112 §6.3).

use crate::client::Answer;

/// How far the bytes at hand go.
#[derive(Debug)]
pub(crate) enum Reading {
    /// One response, and the number of its bytes.
    Whole(Answer, usize),
    /// More bytes are needed.
    Partial,
}

/// Reads the first response that is not informational from `bytes`. `is_head` says that the request was HEAD,
/// `is_ended` that the server has closed the connection.
pub(crate) fn read(bytes: &[u8], is_head: bool, is_ended: bool) -> Result<Reading, String> {
    let mut skipped = 0;
    loop {
        let rest = &bytes[skipped..];
        let Some(end) = rest.windows(4).position(|window| window == b"\r\n\r\n") else {
            return Ok(Reading::Partial);
        };
        let mut answer = head(&rest[..end])?;
        let start = end + 4;
        if answer.status < 200 && answer.status != 101 {
            skipped += start;
            continue;
        }
        let content = &rest[start..];
        let has_none = is_head || matches!(answer.status, 101 | 204 | 304);
        let length = if has_none {
            0
        } else if is_chunked(&answer) {
            let (body, length, is_whole) = chunks(content)?;
            if !is_whole && !is_ended {
                return Ok(Reading::Partial);
            }
            answer.body = body;
            answer.breaks_off = !is_whole;
            return Ok(Reading::Whole(answer, skipped + start + length));
        } else if let Some(length) = answer.values("content-length").first() {
            length
                .parse()
                .map_err(|_| format!("the content-length {length:?} is not a number"))?
        } else if is_ended {
            content.len()
        } else {
            return Ok(Reading::Partial);
        };
        if content.len() < length && !is_ended {
            return Ok(Reading::Partial);
        }
        answer.breaks_off = content.len() < length;
        let length = length.min(content.len());
        answer.body = content[..length].to_vec();
        return Ok(Reading::Whole(answer, skipped + start + length));
    }
}

fn is_chunked(answer: &Answer) -> bool {
    let codings = answer.values("transfer-encoding");
    codings
        .iter()
        .any(|coding| coding.eq_ignore_ascii_case("chunked"))
}

fn head(bytes: &[u8]) -> Result<Answer, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split("\r\n");
    let line = lines.next().unwrap_or_default();
    // A server may answer an HTTP/1.0 client in that version (RFC 9110 §2.5).
    let status = ["HTTP/1.1 ", "HTTP/1.0 "]
        .iter()
        .find_map(|version| line.strip_prefix(version))
        .and_then(|rest| rest.get(..3)?.parse().ok())
        .ok_or_else(|| format!("{line:?} is not a status line"))?;
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("{line:?} is not a header field"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    Ok(Answer {
        status,
        headers,
        body: Vec::new(),
        breaks_off: false,
    })
}

/// The content of chunks (RFC 9112 §7.1), the bytes that they take, and whether the last of them is there.
fn chunks(bytes: &[u8]) -> Result<(Vec<u8>, usize, bool), String> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let Some(line) = bytes[at..].windows(2).position(|window| window == b"\r\n") else {
            return Ok((body, bytes.len(), false));
        };
        let digits = String::from_utf8_lossy(&bytes[at..at + line]);
        let size =
            usize::from_str_radix(&digits, 16).map_err(|_| format!("{digits:?} is not a chunk size"))?;
        at += line + 2;
        if bytes.len() < at + size + 2 {
            body.extend_from_slice(&bytes[at..bytes.len().min(at + size)]);
            return Ok((body, bytes.len(), false));
        }
        body.extend_from_slice(&bytes[at..at + size]);
        at += size + 2;
        if size == 0 {
            return Ok((body, at, true));
        }
    }
}
