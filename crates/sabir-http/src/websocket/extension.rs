//! Agreeing on compression (RFC 7692 §5, §7.1).

use http::{HeaderMap, HeaderValue, header::SEC_WEBSOCKET_EXTENSIONS};
use sabir_core::{Switch, settings::WebSocketCompression};

use super::{
    deflate::{Deflater, LARGEST_WINDOW, SMALLEST_WINDOW},
    inflate::Inflater,
};

const NAME: &str = "permessage-deflate";

/// What was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Agreement {
    pub(super) server_keeps_context: bool,
    pub(super) client_keeps_context: bool,
    pub(super) server_window_bits: u8,
    pub(super) client_window_bits: u8,
    /// Whether the answer names the client's window.
    is_client_window_named: bool,
}

impl Agreement {
    /// What the server agrees to: the first offer that it can keep to, if any.
    pub(super) fn of(headers: &HeaderMap, compression: WebSocketCompression) -> Option<Self> {
        if compression == WebSocketCompression::Off || !Switch::MessageCompression.is_on() {
            return None;
        }
        let keeps_context = compression == WebSocketCompression::ContextTakeover;
        extensions(headers).find_map(|offer| Self::accept(offer?, keeps_context))
    }

    /// What a client takes from the server's answer. `None` where that has no compression.
    ///
    /// # Errors
    /// An answer that nobody asked for.
    pub(super) fn of_answer(headers: &HeaderMap) -> Result<Option<Self>, &'static str> {
        let mut answers = extensions(headers);
        match (answers.next(), answers.next()) {
            (None, _) => Ok(None),
            (Some(Some(answer)), None) => Self::accept(answer, true)
                .map(Some)
                .ok_or("the extensions that the server chose are not those that were offered"),
            _ => Err("the extensions that the server chose are not those that were offered"),
        }
    }

    fn accept(parameters: Vec<(&str, Option<&str>)>, keeps_context: bool) -> Option<Self> {
        let mut agreement = Self {
            server_keeps_context: keeps_context,
            client_keeps_context: keeps_context,
            server_window_bits: LARGEST_WINDOW,
            client_window_bits: LARGEST_WINDOW,
            is_client_window_named: false,
        };
        let mut seen = Vec::new();
        for (name, value) in parameters {
            if seen.contains(&name) {
                return None;
            }
            seen.push(name);
            match (name, value) {
                ("server_no_context_takeover", None) => agreement.server_keeps_context = false,
                ("client_no_context_takeover", None) => agreement.client_keeps_context = false,
                ("server_max_window_bits", Some(bits)) => {
                    // A window of 8 bits is one that the compressor cannot write.
                    agreement.server_window_bits =
                        window_bits(bits).filter(|bits| *bits >= SMALLEST_WINDOW)?;
                }
                ("client_max_window_bits", Some(bits)) => {
                    agreement.client_window_bits = window_bits(bits)?;
                    agreement.is_client_window_named = true;
                }
                ("client_max_window_bits", None) => {}
                _ => return None,
            }
        }
        Some(agreement)
    }

    /// The server's answer.
    pub(super) fn header(self) -> Option<HeaderValue> {
        let mut text = NAME.to_owned();
        if !self.server_keeps_context {
            text.push_str("; server_no_context_takeover");
        }
        if !self.client_keeps_context {
            text.push_str("; client_no_context_takeover");
        }
        if self.server_window_bits < LARGEST_WINDOW {
            text.push_str(&format!("; server_max_window_bits={}", self.server_window_bits));
        }
        if self.is_client_window_named {
            text.push_str(&format!("; client_max_window_bits={}", self.client_window_bits));
        }
        HeaderValue::try_from(text).ok()
    }

    /// What the server compresses and decompresses with.
    pub(super) fn of_server(self) -> (Deflater, Inflater) {
        (
            Deflater::new(self.server_window_bits, self.server_keeps_context),
            Inflater::new(self.client_window_bits, self.client_keeps_context),
        )
    }

    /// What a client compresses and decompresses with.
    pub(super) fn of_client(self) -> (Deflater, Inflater) {
        (
            Deflater::new(self.client_window_bits, self.client_keeps_context),
            Inflater::new(self.server_window_bits, self.server_keeps_context),
        )
    }
}

type Parameters<'h> = Vec<(&'h str, Option<&'h str>)>;

/// The parameters of each permessage-deflate that `headers` list, in their order; `None` for one that is not well formed. Other
/// extensions are left out.
fn extensions(headers: &HeaderMap) -> impl Iterator<Item = Option<Parameters<'_>>> {
    headers
        .get_all(SEC_WEBSOCKET_EXTENSIONS)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|extension| {
            let mut parts = extension.split(';').map(str::trim);
            if !parts.next()?.eq_ignore_ascii_case(NAME) {
                return None;
            }
            Some(parts.map(parameter).collect())
        })
}

/// Values are tokens, in quotes or not (RFC 6455 §9.1). None that has a meaning contains a comma or a semicolon.
fn parameter(text: &str) -> Option<(&str, Option<&str>)> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name.trim_end(), Some(value.trim_start())),
        None => (text, None),
    };
    let value = match value {
        Some(value) => Some(
            value
                .strip_prefix('"')
                .map_or(Some(value), |value| value.strip_suffix('"'))?,
        ),
        None => None,
    };
    (!name.is_empty()).then_some((name, value))
}

/// A number from 8 to 15 without leading zeros (RFC 7692 §7.1.2).
fn window_bits(text: &str) -> Option<u8> {
    let bits = text
        .parse()
        .ok()
        .filter(|bits| (8..=LARGEST_WINDOW).contains(bits))?;
    (bits.to_string() == text).then_some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(offer: &str, compression: WebSocketCompression) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_str(offer).unwrap());
        let header = Agreement::of(&headers, compression)?.header()?;
        Some(header.to_str().unwrap().to_owned())
    }

    fn with_context(offer: &str) -> Option<String> {
        answer(offer, WebSocketCompression::ContextTakeover)
    }

    #[test]
    fn agrees_to_all_four_parameters() {
        for (offer, expected) in [
            ("permessage-deflate", ""),
            ("Permessage-Deflate; client_max_window_bits", ""),
            (
                "permessage-deflate; server_no_context_takeover",
                "; server_no_context_takeover",
            ),
            (
                "permessage-deflate;client_no_context_takeover",
                "; client_no_context_takeover",
            ),
            (
                "permessage-deflate; server_max_window_bits=9",
                "; server_max_window_bits=9",
            ),
            (
                "permessage-deflate; server_max_window_bits=\"10\"",
                "; server_max_window_bits=10",
            ),
            ("permessage-deflate; server_max_window_bits=15", ""),
            (
                "permessage-deflate; client_max_window_bits=8",
                "; client_max_window_bits=8",
            ),
            (
                "permessage-deflate ; client_max_window_bits = 12 ; server_no_context_takeover; \
                 client_no_context_takeover; server_max_window_bits=11",
                "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11; \
                 client_max_window_bits=12",
            ),
        ] {
            assert_eq!(with_context(offer), Some(format!("{NAME}{expected}")), "{offer}");
        }
    }

    #[test]
    fn declines_offers_that_are_not_valid() {
        for parameters in [
            "server_max_window_bits",
            "server_max_window_bits=7",
            "server_max_window_bits=16",
            "server_max_window_bits=09",
            "server_max_window_bits=+9",
            "server_max_window_bits=8",
            "client_max_window_bits=x",
            "client_max_window_bits=\"10",
            "server_no_context_takeover=1",
            "client_no_context_takeover; client_no_context_takeover",
            "unknown",
            "",
        ] {
            let offer = format!("permessage-deflate; {parameters}");
            assert_eq!(with_context(&offer), None, "{offer}");
        }
        assert_eq!(with_context("x-webkit-deflate-frame"), None);
    }

    #[test]
    fn takes_the_first_offer_that_it_can() {
        let offer = "other, permessage-deflate; server_max_window_bits=8, \
                     permessage-deflate; client_max_window_bits";
        assert_eq!(with_context(offer).as_deref(), Some(NAME));
    }

    #[test]
    fn asks_for_no_context_where_the_setting_says_so() {
        let answered = answer("permessage-deflate", WebSocketCompression::NoContextTakeover);
        assert_eq!(
            answered.as_deref(),
            Some("permessage-deflate; server_no_context_takeover; client_no_context_takeover")
        );
        assert_eq!(answer("permessage-deflate", WebSocketCompression::Off), None);
    }
}
