//! The stage `compression` (RFC 9110 §8.4, §12.5.3).

mod media_types;
#[cfg(test)]
#[cfg(feature = "compression")]
mod tests;

use std::{
    fmt, io,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use futures_util::stream;
use http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
        CONTENT_TYPE, ETAG,
    },
};

use self::media_types::MediaTypes;
use super::{Compile, Halt, Leaving, Stage, Surroundings};
use crate::{
    Problem, ProblemType, Reply, ReplyBody, RequestHead, SetupError,
    encoding::{Accepted, Coding, Encoder, Running, encode},
    event,
    header::vary,
    options::options,
    pipeline::Timer,
};

/// The most that is encoded before the head is sent. More is encoded while it is sent, so that other requests have their turn.
const AT_ONCE: usize = 256 * 1024;

/// Fields that are about the very bytes of the content, which only the handler can make again (RFC 9530).
const DIGESTS: [HeaderName; 4] = [
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-md5"),
];

options! {
    /// Answers are sent in the coding that the client likes best. Those that have a coding already, parts of content (206), and
    /// what says `cache-control: no-transform` stay as they are.
    Compression ("option", at "") {
        /// The codings that are offered, the preferred one first: `zstd`, `br`, `gzip`, `deflate`. When empty, all that the runtime
        /// has, in this order. What the client prefers comes before that.
        encodings: Vec<String> = Vec::new();
        /// Content of fewer bytes is sent as it is: it would save less than it takes.
        minimum_size: u64 = 1024;
        /// What is compressed: media types such as `text/html`, `text/*` or `application/*+json`.
        media_types: Vec<String> = [
            "text/*", "application/json", "application/*+json", "application/jsonl", "application/x-ndjson", "application/xml",
            "application/*+xml", "application/javascript", "application/wasm", "image/svg+xml", "font/otf", "font/ttf",
        ].map(String::from).to_vec();
        /// How hard gzip and deflate try, from the fastest to the smallest.
        gzip_level: u64 = 4, 1..=9;
        /// How hard br tries, from the fastest to the smallest.
        brotli_level: u64 = 4, 0..=11;
        /// How hard zstd tries, from the fastest to the smallest.
        zstd_level: u64 = 3, 1..=19;
    }
}

/// The options, made ready before the first request.
struct Compiled {
    offers: Vec<Coding>,
    minimum_size: u64,
    media_types: MediaTypes,
    gzip_level: u32,
    brotli_level: u32,
    zstd_level: u32,
    timer: OnceLock<Arc<dyn Timer>>,
}

impl Compile for Compression {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        let level = |level| u32::try_from(level).unwrap_or(u32::MAX);
        Ok(Arc::new(Compiled {
            offers: self.offers()?,
            minimum_size: self.minimum_size,
            media_types: MediaTypes::read("media_types", &self.media_types)?,
            gzip_level: level(self.gzip_level),
            brotli_level: level(self.brotli_level),
            zstd_level: level(self.zstd_level),
            timer: OnceLock::new(),
        }))
    }
}

impl Compression {
    fn offers(&self) -> Result<Vec<Coding>, SetupError> {
        if self.encodings.is_empty() {
            let built: Vec<_> = Coding::ALL
                .into_iter()
                .filter(|coding| coding.is_built())
                .collect();
            return if built.is_empty() {
                Err(needs("", Coding::Gzip))
            } else {
                Ok(built)
            };
        }
        let mut offers = Vec::new();
        for (place, name) in self.encodings.iter().enumerate() {
            let field = format!("encodings[{place}]");
            let names = Coding::ALL.map(Coding::name).join(", ");
            let Some(coding) = Coding::ALL.into_iter().find(|coding| coding.name() == name) else {
                let problem = format!("{name:?} is no coding that the runtime has");
                return Err(SetupError::new(field, problem, format!("use some of {names}")));
            };
            if offers.contains(&coding) {
                return Err(SetupError::new(
                    field,
                    format!("{name} is there twice"),
                    "name it once",
                ));
            }
            if !coding.is_built() {
                return Err(needs(&field, coding));
            }
            offers.push(coding);
        }
        Ok(offers)
    }
}

fn needs(field: &str, coding: Coding) -> SetupError {
    SetupError::new(
        field,
        format!("it needs the feature `{}` of sabir-core", coding.feature()),
        "enable it, or leave this out",
    )
}

impl Compiled {
    fn level(&self, coding: Coding) -> u32 {
        match coding {
            Coding::Zstd => self.zstd_level,
            Coding::Brotli => self.brotli_level,
            Coding::Gzip | Coding::Deflate => self.gzip_level,
        }
    }

    /// What the client of `exchange` takes.
    fn accepted(&self, exchange: &Leaving<'_>) -> Accepted {
        let noted = exchange.extensions().get().copied();
        // A request that was refused early has not entered.
        let refused_early = || {
            let head = exchange.head()?;
            Some(Accepted::of(&head.headers, &self.offers))
        };
        noted.or_else(refused_early).unwrap_or(Accepted::IDENTITY)
    }

    /// Encodes the content of `reply`. `None` where it stays as it is.
    ///
    /// # Errors
    /// There is no room for the encoder.
    fn encode(&self, reply: &mut Reply, accepted: Accepted) -> io::Result<Option<Coding>> {
        let Some(coding) = accepted.coding else {
            return Ok(None);
        };
        let level = self.level(coding);
        let is_stream = match &mut reply.body {
            ReplyBody::Bytes(content) if content.len() <= AT_ONCE => {
                let made = encode(coding, level, content)?;
                if made.len() >= content.len() && accepted.takes_identity {
                    return Ok(None);
                }
                *content = made.into();
                false
            }
            ReplyBody::Bytes(content) => {
                let chunks = [Ok(std::mem::take(content))];
                reply.body = ReplyBody::Stream(Box::pin(stream::iter(chunks)));
                true
            }
            body => matches!(body, ReplyBody::Stream(_) | ReplyBody::Events(_)),
        };
        if is_stream {
            let encoder = Encoder::new(coding, level)?;
            reply.encoder = Some(Box::new(Running::new(encoder, self.timer.get().cloned())));
        }
        Ok(Some(coding))
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compression")
            .field("offers", &self.offers)
            .finish_non_exhaustive()
    }
}

impl Stage for Compiled {
    fn start(&self, _place: &str, around: &Surroundings) {
        if let Some(timer) = &around.timer {
            self.timer.get_or_init(|| Arc::clone(timer));
        }
    }

    fn note(&self, head: &RequestHead, notes: &mut Extensions) {
        if head.headers.contains_key(ACCEPT_ENCODING) {
            let accepted = Accepted::of(&head.headers, &self.offers);
            if accepted != Accepted::IDENTITY {
                notes.insert(accepted);
            }
        }
    }

    fn enter(&self, head: &RequestHead, notes: &mut Extensions) -> Result<(), Halt> {
        self.note(head, notes);
        let accepted = notes.get().copied().unwrap_or(Accepted::IDENTITY);
        if accepted.coding.is_none() && !accepted.takes_identity {
            let offers: Vec<_> = self.offers.iter().map(|coding| coding.name()).collect();
            let detail = format!(
                "Content is sent without a coding or with one of {}; the request takes none of these.",
                offers.join(", ")
            );
            let problem = Problem::new(ProblemType::NotAcceptable).with_detail(detail);
            return Err(Box::new(problem.into_reply()).into());
        }
        Ok(())
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        if reply.status == StatusCode::NOT_MODIFIED {
            // It says what the whole answer would have said (RFC 9110 §15.4.5).
            vary::add(&mut reply.headers, &ACCEPT_ENCODING);
            if self.accepted(exchange).coding.is_some() {
                weaken(&mut reply.headers);
            }
            return;
        }
        let size = match Size::of(reply, exchange.is_head()) {
            Size::Known(0) | Size::Nothing => return,
            Size::Known(size) => Some(size),
            Size::Unknown => None,
        };
        let accepted = self.accepted(exchange);
        // The client would have no use for the content as it is.
        let is_demanded = accepted.coding.is_some() && !accepted.takes_identity;
        let is_small = size.is_some_and(|size| size < self.minimum_size);
        if is_small && !is_demanded || is_fixed(&reply.headers) {
            return;
        }
        let content_type = match (reply.headers.get(CONTENT_TYPE), &reply.body) {
            (Some(content_type), _) => content_type.as_bytes(),
            (None, ReplyBody::Events(_)) => event::MEDIA_TYPE.as_bytes(),
            (None, _) => b"",
        };
        if !is_demanded && !self.media_types.cover(content_type) {
            return;
        }
        vary::add(&mut reply.headers, &ACCEPT_ENCODING);
        match self.encode(reply, accepted) {
            Ok(Some(coding)) => describe(&mut reply.headers, coding),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "an answer could not be compressed"),
        }
    }
}

/// How much content an answer has.
enum Size {
    Known(u64),
    /// It is made while it is sent.
    Unknown,
    /// None that could be encoded, or a part of it.
    Nothing,
}

impl Size {
    fn of(reply: &Reply, is_head: bool) -> Self {
        let has_whole_content = !matches!(
            reply.status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::PARTIAL_CONTENT
        ) && !reply.headers.contains_key(CONTENT_RANGE);
        let said = || {
            let length = reply.headers.get(CONTENT_LENGTH)?.to_str().ok()?;
            length.parse().ok().map(Self::Known)
        };
        match &reply.body {
            _ if !has_whole_content => Self::Nothing,
            ReplyBody::Bytes(content) => Self::Known(content.len() as u64),
            ReplyBody::Stream(_) => said().unwrap_or(Self::Unknown),
            ReplyBody::Events(_) => Self::Unknown,
            // What GET would answer with is described alone.
            ReplyBody::Empty if is_head => said().unwrap_or(Self::Nothing),
            _ => Self::Nothing,
        }
    }
}

/// Whether the content is to stay as it is: it has a coding, or somebody has said so (RFC 9111 §5.2.2.6).
fn is_fixed(headers: &HeaderMap) -> bool {
    headers.contains_key(CONTENT_ENCODING)
        || headers
            .get_all(CACHE_CONTROL)
            .iter()
            .flat_map(|field| field.as_bytes().split(|byte| *byte == b','))
            .any(|directive| directive.trim_ascii().eq_ignore_ascii_case(b"no-transform"))
        || DIGESTS.iter().any(|name| headers.contains_key(name))
}

/// Says what the content has become.
fn describe(headers: &mut HeaderMap, coding: Coding) {
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    headers.remove(CONTENT_LENGTH);
    // A range would be one of the content as it was.
    headers.remove(ACCEPT_RANGES);
    weaken(headers);
}

/// Makes a strong entity tag weak: other bytes have the same meaning, and `If-None-Match` still finds it (RFC 9110 §8.8.1, §8.8.3.3).
fn weaken(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(ETAG).filter(|tag| tag.as_bytes().starts_with(b"\"")) else {
        return;
    };
    if let Ok(weak) = HeaderValue::from_maybe_shared(Bytes::from([b"W/", tag.as_bytes()].concat())) {
        headers.insert(ETAG, weak);
    }
}
