//! Switching parts of the pipeline off, so that the suites can prove that they would notice.
//!
//! This is for the end-to-end suite of this project alone. Without the feature `switches`, which nothing else enables,
//! every part is on, for the compiler too: nothing of this is left in a build.

use std::borrow::Cow;
#[cfg(feature = "switches")]
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Settings;
#[cfg(feature = "switches")]
use crate::options::OptionKind;

macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A part of the pipeline that can be switched off.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Switch { $($(#[$doc])* $name,)* }

        impl Switch {
            /// Every switch, in the order of the pipeline.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

switches! {
    /// The strict reader in front of hyper and the checks of heads. Off: hyper alone judges.
    HeadChecks,
    /// Limits on size and number. Off: there are none that a fixture could reach.
    Limits,
    /// Limits on time. Off: everybody may take for ever.
    Deadlines,
    /// The id of a request. Off: it is empty.
    RequestIds,
    /// Escapes in paths. Off: paths are taken as they were sent.
    PathDecoding,
    /// The precedence of literal segments over variables. Off: variables win.
    Precedence,
    /// The types of path variables. Off: every segment fits.
    PathConversion,
    /// Refusals of paths without a route. Off: the first route answers.
    NotFound,
    /// The policy on final slashes. Off: it is `strict`.
    TrailingSlash,
    /// Answers for known paths without a route of the method, and HEAD. Off: nothing is found.
    Methods,
    /// The choice among the media types of an answer. Off: none is made.
    Negotiation,
    /// The codings of content. Off: it is taken as it was sent.
    ContentCodings,
    /// The media types of content. Off: content of any type is taken.
    ContentTypes,
    /// Decoding of content. Off: it stays bytes.
    BodyDecoding,
    /// Decoding of parameters. Off: none arrives.
    Parameters,
    /// Text to values by the declared kind. Off: text stays text.
    Coercion,
    /// Defaults of parameters. Off: there are none.
    Defaults,
    /// Parameters and content that must be there. Off: everything is optional.
    Required,
    /// Validation by schema. Off: every value is valid.
    Validation,
    /// All violations in one problem. Off: the first alone is told.
    AllViolations,
    /// Problems as JSON. Off: a problem is a status alone.
    ProblemFormat,
    /// Answers that have no content: to HEAD, and with 204, 205 and 304. Off: what the handler gives is sent.
    NoContent,
    /// `Set-Cookie` fields. Off: they are empty.
    Cookies,
    /// What event streams say of themselves. Off: they are streams like others.
    Events,
    /// Errors of streams. Off: a stream that fails has come to its end.
    StreamErrors,
    /// Content while it arrives. Off: the handler runs when all of it is there.
    Streaming,
    /// The checks of a WebSocket's handshake. Off: every request is one.
    Handshake,
    /// The origins of pages that open WebSockets. Off: all of them may.
    Origins,
    /// Subprotocols of WebSocket. Off: none is chosen.
    Subprotocols,
    /// Compression of WebSocket. Off: none is agreed on.
    MessageCompression,
    /// The masks of frames. Off: they may be missing.
    Masks,
    /// The other rules of frames, and those of fragments. Off: whatever can be read is taken.
    Frames,
    /// UTF-8 in texts and reasons of WebSocket. Off: what is none is replaced.
    Utf8,
    /// The codes of close frames. Off: every code is taken.
    CloseCodes,
    /// What files say of themselves. Off: nothing.
    FileDescriptions,
    /// Conditions on files. Off: all of them hold.
    Conditions,
    /// Ranges of files. Off: all of a file is sent.
    Ranges,
    /// The stage of this name. Off: nobody has it.
    AccessLog,
    /// The stage of this name. Off: nobody has it.
    RequestId,
    /// The stage of this name. Off: nobody has it.
    TraceContext,
    /// The stage of this name. Off: nobody has it.
    TrustedProxies,
    /// The stage of this name. Off: nobody has it.
    TrustedHosts,
    /// The stage of this name. Off: nobody has it.
    HttpsRedirect,
    /// The stage of this name. Off: nobody has it.
    ServerTiming,
    /// The stage of this name. Off: nobody has it.
    SecurityHeaders,
    /// The stage of this name. Off: nobody has it.
    Cors,
    /// The stage of this name. Off: nobody has it.
    RateLimit,
    /// Security schemes. Off: operations demand none.
    Security,
    /// The stage of this name. Off: nobody has it.
    Compression,
    /// The stage of this name. Off: nobody has it.
    Csrf,
    /// The stage of this name. Off: nobody has it.
    Etag,
    /// Files of folders. Off: there is nothing at their paths.
    StaticFiles,
    /// Redirects. Off: there is nothing at their paths.
    Redirects,
}

#[cfg(feature = "switches")]
static SWITCHED_OFF: AtomicU64 = AtomicU64::new(0);

impl Switch {
    /// Whether the pipeline has this part.
    #[cfg(not(feature = "switches"))]
    #[inline]
    pub const fn is_on(self) -> bool {
        true
    }

    /// Whether the pipeline has this part.
    #[cfg(feature = "switches")]
    pub fn is_on(self) -> bool {
        SWITCHED_OFF.load(Ordering::SeqCst) & (1 << self as u64) == 0
    }
}

/// Switches one part off and all others on, in the whole process; `None` switches everything on.
#[cfg(feature = "switches")]
pub fn switch_off(switch: Option<Switch>) {
    let off = switch.map_or(0, |switch| 1 << switch as u64);
    SWITCHED_OFF.store(off, Ordering::SeqCst);
}

/// `settings` as the pipeline takes them: without limits where these are switched off.
#[cfg(not(feature = "switches"))]
#[inline]
pub fn settings(settings: Cow<'_, Settings>) -> Cow<'_, Settings> {
    settings
}

/// `settings` as the pipeline takes them: without limits where these are switched off.
#[cfg(feature = "switches")]
pub fn settings(mut settings: Cow<'_, Settings>) -> Cow<'_, Settings> {
    // More than any fixture reaches, and little enough to make room for: hyper does so for header fields.
    const ENDLESS: u64 = 1 << 24;
    const MANY_HEADERS: u64 = 1 << 16;
    for setting in Settings::table() {
        let OptionKind::Unsigned { least, most } = setting.kind else {
            continue;
        };
        let replaced = if !Switch::Limits.is_on() && setting.name.ends_with("_limit") {
            let endless = if setting.name.starts_with("header") {
                MANY_HEADERS
            } else {
                ENDLESS
            };
            Some(most.min(endless))
        } else if !Switch::Deadlines.is_on() && setting.name.ends_with("_timeout_ms") {
            Some(least)
        } else {
            None
        };
        if let Some(value) = replaced {
            // The value is within the setting's own range.
            let _ = settings.to_mut().set(setting.name, &value.into());
        }
    }
    settings
}
