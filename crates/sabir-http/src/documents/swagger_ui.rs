//! The files of Swagger UI (Apache-2.0), as its package on npm has them, compressed.

use std::{
    io::Read,
    sync::{Arc, OnceLock},
};

use flate2::read::GzDecoder;
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, VARY},
};
use sabir_core::{
    BoxFuture, Call, Handler, Problem, ProblemType, Reply, header::field::to_text, reply::Representation,
};

/// The version of the files in `swagger-ui`. Their paths have it, so that clients may keep them for good.
pub(super) const VERSION: &str = "5.35.0";

/// A file with the end of its name.
pub(super) struct File {
    pub(super) suffix: &'static str,
    pub(super) media_type: &'static str,
    pub(super) compressed: &'static [u8],
}

pub(super) const SCRIPT: File = File {
    suffix: "js",
    media_type: "text/javascript; charset=utf-8",
    compressed: include_bytes!("swagger-ui/swagger-ui-bundle.js.gz"),
};

pub(super) const STYLES: File = File {
    suffix: "css",
    media_type: "text/css; charset=utf-8",
    compressed: include_bytes!("swagger-ui/swagger-ui.css.gz"),
};

/// Answers with a file: compressed, as it is at hand, or for the few clients that do not take that, as it was.
pub(super) struct FileHandler {
    compressed: Representation,
    file: &'static File,
    plain: OnceLock<Option<Representation>>,
}

impl FileHandler {
    pub(super) fn new(file: &'static File) -> Arc<Self> {
        let compressed = representation(file, file.compressed.into());
        Arc::new(Self {
            compressed: compressed.with_header(CONTENT_ENCODING, HeaderValue::from_static("gzip")),
            file,
            plain: OnceLock::new(),
        })
    }

    fn plain(&self) -> Option<Representation> {
        let mut content = Vec::new();
        GzDecoder::new(self.file.compressed)
            .read_to_end(&mut content)
            .ok()?;
        Some(representation(self.file, content))
    }
}

fn representation(file: &File, content: Vec<u8>) -> Representation {
    Representation::new(HeaderValue::from_static(file.media_type), content)
        .with_header(
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        )
        .with_header(VARY, HeaderValue::from_static("accept-encoding"))
}

impl Handler for FileHandler {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let reply = if takes_gzip(&call.head.headers) {
            self.compressed.reply(&call.head)
        } else {
            match self.plain.get_or_init(|| self.plain()) {
                Some(plain) => plain.reply(&call.head),
                None => Problem::new(ProblemType::InternalError).into_reply(),
            }
        };
        Box::pin(std::future::ready(reply))
    }
}

/// Whether a client takes content that is compressed (RFC 9110 §12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let fields = headers.get_all(ACCEPT_ENCODING).iter();
    let codings: Vec<_> = fields.map(|value| to_text(value.as_bytes())).collect();
    let mut codings = codings.iter().flat_map(|field| field.split(','));
    codings.any(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = parameters
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.trim().parse().is_ok_and(|weight: f32| weight == 0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compresses_for_those_who_take_it() {
        for (field, expected) in [
            ("gzip, br", true),
            ("br;q=1, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("identity", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(field))]);
            assert_eq!(takes_gzip(&headers), expected, "{field}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn the_files_are_of_the_version() {
        let script = FileHandler::new(&SCRIPT).plain();
        assert!(format!("{script:?}").contains(VERSION));
    }
}
