//! The table of stages.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{
    AccessLog, Compile, Compression, Cors, Csrf, Etag, HttpsRedirect, RateLimit, RequestId, SecurityHeaders,
    ServerTiming, Stage, StageOptions, TraceContext, TrustedHosts, TrustedProxies,
};
use crate::{SetupError, Switch, options::OptionInfo};

/// One row of the table.
#[derive(Debug, Clone)]
pub struct StageInfo {
    /// The name in every language.
    pub name: &'static str,
    /// The name of its options as a type.
    pub type_name: &'static str,
    /// What the stage does.
    pub documentation: &'static str,
    /// Its options.
    pub options: Vec<OptionInfo>,
}

macro_rules! stages {
    ($($(#[doc = $doc:literal])* $name:ident: $options:ident;)*) => {
        /// How many stages there are.
        pub(super) const COUNT: usize = [$(stringify!($name),)*].len();

        /// Every stage, in the order in which requests meet them; answers meet them the other way round.
        pub fn table() -> Vec<StageInfo> {
            vec![$(StageInfo {
                name: stringify!($name),
                type_name: stringify!($options),
                documentation: concat!($($doc, "\n",)*).trim(),
                options: $options::table(),
            },)*]
        }

        $(impl StageOptions for $options {
            const NAME: &'static str = stringify!($name);
            fn to_json(&self) -> Json {
                Self::to_json(self).into()
            }
        })*

        /// The name of the stage at this place.
        pub(super) fn name(place: usize) -> &'static str {
            [$(stringify!($name),)*].get(place).copied().unwrap_or_default()
        }

        /// Whether the pipeline has the stage at this place.
        pub(super) fn is_on(place: usize) -> bool {
            [$(Switch::$options,)*].get(place).is_some_and(|switch| switch.is_on())
        }

        /// Whether the stage at this place is for applications alone.
        pub(super) fn is_for_applications(place: usize) -> bool {
            [$(<$options as Compile>::IS_FOR_APPLICATIONS,)*].get(place).copied().unwrap_or_default()
        }

        /// The place of the stage called `name`, and the stage with `options`, an object.
        pub(super) fn compile(
            name: &str,
            options: &serde_json::Map<String, Json>,
        ) -> Result<(usize, Arc<dyn Stage>), SetupError> {
            let names = [$(stringify!($name),)*];
            match name {
                $(stringify!($name) => {
                    let mut made = $options::default();
                    for (name, value) in options {
                        made.set(name, value)?;
                    }
                    let place = names.iter().position(|known| *known == name).unwrap_or_default();
                    Ok((place, made.compile()?))
                })*
                _ => Err(no_stage(&names)),
            }
        }

        /// The place of the first stage that is behind security schemes: pages may read their refusals, and guesses at credentials count.
        pub(super) fn behind_security() -> usize {
            let names = [$(stringify!($name),)*];
            names.iter().position(|known| *known == "rate_limit").map_or(0, |place| place + 1)
        }

        /// The place of the stage called `name`.
        pub(super) fn place(name: &str) -> Result<usize, SetupError> {
            let names = [$(stringify!($name),)*];
            names.iter().position(|known| *known == name).ok_or_else(|| no_stage(&names))
        }
    };
}

fn no_stage(names: &[&str]) -> SetupError {
    SetupError::new(
        "",
        "there is no such stage",
        format!("use one of {}", names.join(" ")),
    )
}

stages! {
    /// One line for each request, written when its answer has ended. Of a stream that is after its last byte, of a socket when it is closed.
    /// Lines say how it ended: `complete`, `aborted` where the client has left before, or the server had to stop, or `failed`. What clients say
    /// is escaped. Requests that the connection refuses have lines too. Lines are written beside the requests, several at a time; when more
    /// wait than can be written, some are left out, and the log says how many. Each line is written whole, so that several processes may
    /// share a file.
    access_log: AccessLog;
    /// The id of a request, in the log, in problems and for handlers. Without the stage it is the `x-request-id` of whoever sends one, and
    /// problems alone say it; with it every answer does. It is for the whole application.
    request_id: RequestId;
    /// Of which trace of several services a request is, and which span of it the request itself is (W3C Trace Context). Handlers find it with
    /// the request, with the `traceparent` that requests to other services need; log lines and access logs have it. A `traceparent` that is
    /// malformed begins a new trace. It is for the whole application.
    trace_context: TraceContext;
    /// What proxies in front of the server say of the client: its address, and the scheme and the host of its URL. Requests have them as
    /// their own then, for handlers and for other stages. Senders are followed from the nearest on as long as they are trusted; the first
    /// one that is not is the client. One without an address, as `unknown`, ends that, and so does anything else that is none. Schemes,
    /// hosts and ports that are none are not looked at. A `Forwarded` that is malformed is answered 400, since nobody can know what of it a
    /// proxy has said. It is for the whole application.
    trusted_proxies: TrustedProxies;
    /// The hosts that the application answers for. A request for another one is answered 421 (RFC 9110 §7.4, §15.5.20), and so is one that
    /// says no host, as HTTP/1.0 permits. It is for the whole application.
    trusted_hosts: TrustedHosts;
    /// Sends clients that have come over HTTP to the same address over HTTPS. The answer is 308, which keeps method and content (RFC 9110
    /// §15.4.9). The server has no TLS of its own, so the scheme is what proxies say: without `trusted_proxies` every request is sent away,
    /// again and again. It is for the whole application.
    https_redirect: HttpsRedirect;
    /// How long an answer has taken, in the field `Server-Timing` (W3C). Milliseconds are counted from the match of the route until the
    /// answer is ready to be sent.
    server_timing: ServerTiming;
    /// Header fields that tell browsers what they may do with an answer.
    security_headers: SecurityHeaders;
    /// Cross-origin resource sharing: which pages of other origins may read answers (Fetch standard, §3.2).
    cors: Cors;
    /// Answers in the coding that the client likes best: zstd, br, gzip, deflate (RFC 9110 §8.4). Streams and events are compressed while they are
    /// sent. An entity tag becomes weak. Whoever can have a browser send requests and see how long the answers are may guess a secret that
    /// stands beside what the request says (BREACH): turn it off for routes that answer with both.
    compression: Compression;
    /// Refusals of requests that pages of other origins forge with the cookies of their visitors (CSRF).
    csrf: Csrf;
    /// How many requests a client may send (GCRA). Answers say what is left in `RateLimit` and `RateLimit-Policy`
    /// (draft-ietf-httpapi-ratelimit-headers); what is too much is answered 429 with `Retry-After` before anything of it is decoded. A
    /// limit of the application counts all routes together that have none of their own, one of a route that route alone; each process
    /// counts for itself. Requests without a route and those with the method OPTIONS do not count.
    rate_limit: RateLimit;
    /// Entity tags of answers, and answers to who has them already (RFC 9110 §8.8.3, §13).
    etag: Etag;
}
