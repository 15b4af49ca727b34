//! Origins as options name them (RFC 6454).

use http::Uri;

use crate::SetupError;

/// An origin.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    This(String),
    /// Every host that ends like this, with a scheme in front.
    Below {
        scheme: String,
        suffix: String,
    },
}

impl Origin {
    /// Those of `option`.
    ///
    /// # Errors
    /// Names the first that is none.
    pub(super) fn read_all(option: &str, texts: &[String]) -> Result<Vec<Self>, SetupError> {
        let origins = texts.iter().enumerate().map(|(place, text)| {
            Self::read(text).ok_or_else(|| {
                SetupError::new(
                    format!("{option}[{place}]"),
                    format!("{text:?} is no origin"),
                    "write it as https://shop.example, without a path",
                )
            })
        });
        origins.collect()
    }

    /// `null`, or a scheme and an authority (RFC 6454 §6.1), whose host may begin with `*.`.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text == "null" {
            return Some(Self::This(text.into()));
        }
        let (scheme, authority) = text.split_once("://")?;
        let host = authority.strip_prefix("*.").unwrap_or(authority);
        let parsed: Uri = format!("{scheme}://{host}").parse().ok()?;
        if parsed.authority()?.as_str() != host || host.contains(['*', '@']) {
            return None;
        }
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        Some(if authority.starts_with("*.") {
            Self::Below {
                scheme: format!("{scheme}://"),
                suffix: format!(".{host}"),
            }
        } else {
            Self::This(format!("{scheme}://{host}"))
        })
    }

    /// Whether it is `origin`, as browsers write it: in lower case, without the port of the scheme.
    pub(super) fn is(&self, origin: &[u8]) -> bool {
        match self {
            Self::This(known) => known.as_bytes() == origin,
            Self::Below { scheme, suffix } => origin
                .strip_prefix(scheme.as_bytes())
                .and_then(|host| host.strip_suffix(suffix.as_bytes()))
                .is_some_and(|labels| !labels.is_empty() && !labels.contains(&b'/')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_those_of_browsers() {
        let below = Origin::read("https://*.Shop.example:8443").unwrap();
        assert!(below.is(b"https://a.b.shop.example:8443"));
        for other in [
            "https://shop.example:8443",
            "https://.shop.example:8443",
            "http://a.shop.example:8443",
            "https://evil/a.shop.example:8443",
        ] {
            assert!(!below.is(other.as_bytes()), "{other}");
        }
        assert!(
            Origin::read("HTTPS://Shop.example")
                .unwrap()
                .is(b"https://shop.example")
        );
        for text in [
            "shop.example",
            "https://",
            "https://shop.example/",
            "https://a.*.example",
            "https://me@shop.example",
            "https://*",
            "",
        ] {
            assert_eq!(Origin::read(text), None, "{text}");
        }
    }
}
