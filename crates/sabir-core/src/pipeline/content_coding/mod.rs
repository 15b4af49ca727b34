//! Content that was sent with a coding (RFC 9110 §8.4): decoded with the feature `content-codings`, refused without.

use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
};

use crate::{Problem, ProblemType};

#[cfg(not(feature = "content-codings"))]
mod absent;
#[cfg(feature = "content-codings")]
mod decoded;

#[cfg(not(feature = "content-codings"))]
pub(super) use absent::{Coding, Decoded};
#[cfg(feature = "content-codings")]
pub(super) use decoded::{Coding, Decoded};

/// How large decoded content may become.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(
    not(feature = "content-codings"),
    expect(dead_code, reason = "nothing is decoded")
)]
pub(super) struct DecodedLimits {
    /// In bytes.
    pub(super) size: u64,
    /// In times of what was sent.
    pub(super) expansion: u64,
}

/// The coding that `headers` name; `None` when the content is as it is.
///
/// # Errors
/// `unsupported-media-type` with `Accept-Encoding` for any other coding, and for several (RFC 9110 §15.5.16, §12.5.3).
pub(super) fn of(headers: &HeaderMap) -> Result<Option<Coding>, Box<Problem>> {
    let mut found = None;
    if !crate::Switch::ContentCodings.is_on() {
        return Ok(found);
    }
    for field in headers.get_all(CONTENT_ENCODING) {
        for name in field
            .as_bytes()
            .split(|&byte| byte == b',')
            .map(<[u8]>::trim_ascii)
        {
            let name = name.to_ascii_lowercase();
            if matches!(name.as_slice(), b"" | b"identity") {
                continue;
            }
            let Some(coding) = Coding::named(&name) else {
                if crate::Switch::ContentTypes.is_on() {
                    return Err(unsupported());
                }
                continue;
            };
            if found.replace(coding).is_some() {
                return Err(unsupported());
            }
        }
    }
    Ok(found)
}

/// Takes away the fields that described the content before it was decoded.
pub(super) fn forget(headers: &mut HeaderMap) {
    for name in [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING] {
        headers.remove(name);
    }
}

fn unsupported() -> Box<Problem> {
    let problem = Problem::new(ProblemType::UnsupportedMediaType).with_detail(Coding::SUPPORTED_DETAIL);
    let supported = HeaderValue::from_static(Coding::SUPPORTED);
    Box::new(problem.with_header(ACCEPT_ENCODING, supported))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(value: &'static str) -> Result<Option<Coding>, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(value));
        of(&headers).map_err(|problem| problem.status)
    }

    #[test]
    fn takes_content_without_a_coding_as_it_is() {
        assert_eq!(of(&HeaderMap::new()).unwrap(), None);
        for none in ["", "identity", "Identity, ,"] {
            assert_eq!(named(none), Ok(None), "{none}");
        }
    }

    #[cfg(feature = "content-codings")]
    #[test]
    fn knows_the_codings_by_name() {
        for gzip in ["gzip", "GZIP", "x-gzip", ", gzip,", "identity, gzip"] {
            assert_eq!(named(gzip), Ok(Some(Coding::Gzip)), "{gzip}");
        }
        assert_eq!(named("deflate"), Ok(Some(Coding::Deflate)));
    }

    #[test]
    fn refuses_other_codings() {
        for other in ["br", "zstd", "gzip, gzip", "gzip;q=1", "gzipp", "compress"] {
            assert_eq!(named(other), Err(415), "{other}");
        }
    }

    #[cfg(not(feature = "content-codings"))]
    #[test]
    fn refuses_every_coding() {
        for coding in ["gzip", "deflate", "identity, x-gzip"] {
            assert_eq!(named(coding), Err(415), "{coding}");
        }
    }
}
