//! The content of a 206 (RFC 9110 §15.3.7).

use std::{
    hash::{BuildHasher, RandomState},
    ops::Range,
};

use http::{
    HeaderMap,
    header::{CONTENT_RANGE, CONTENT_TYPE},
};

use super::{content::Segment, field_value};

/// What is sent of a file of `size` bytes. One part is described by `headers`, several are `multipart/byteranges` (§14.6).
pub(super) fn of(parts: &[Range<u64>], size: u64, headers: &mut HeaderMap) -> Vec<Segment> {
    let range = |part: &Range<u64>| format!("bytes {}-{}/{size}", part.start, part.end - 1);
    if let [part] = parts {
        headers.insert(CONTENT_RANGE, field_value(range(part)));
        return vec![Segment::File(part.clone())];
    }
    // Nobody outside knows it before, so that no content can have it.
    let boundary = format!("{:016x}", RandomState::new().hash_one(size));
    let multipart = field_value(format!("multipart/byteranges; boundary={boundary}"));
    let content_type = headers.insert(CONTENT_TYPE, multipart);
    let mut segments = Vec::with_capacity(2 * parts.len() + 1);
    for (index, part) in parts.iter().enumerate() {
        let mut head = format!("{}--{boundary}\r\n", if index == 0 { "" } else { "\r\n" }).into_bytes();
        if let Some(content_type) = &content_type {
            head.extend_from_slice(b"Content-Type: ");
            head.extend_from_slice(content_type.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(format!("Content-Range: {}\r\n\r\n", range(part)).as_bytes());
        segments.push(Segment::Bytes(head.into()));
        segments.push(Segment::File(part.clone()));
    }
    segments.push(Segment::Bytes(format!("\r\n--{boundary}--\r\n").into()));
    segments
}
