//! Which coding an answer has (RFC 9110 §12.5.3).

use http::{HeaderMap, header::ACCEPT_ENCODING};

use crate::header::negotiation::{Weight, parse_weight};

/// A coding, as [`name`](Self::name) calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Zstd,
    Brotli,
    Gzip,
    Deflate,
}

/// What a client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The best of those that are offered; `None` where content without a coding is as good to it.
    pub(crate) coding: Option<Coding>,
    /// Whether it takes content without a coding.
    pub(crate) takes_identity: bool,
}

impl Coding {
    /// All of them, the fastest for what it saves first.
    pub(crate) const ALL: [Self; 4] = [Self::Zstd, Self::Brotli, Self::Gzip, Self::Deflate];

    /// Its name in header fields.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }

    /// The feature without which a build does not have it.
    pub(crate) fn feature(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            _ => "compression",
        }
    }

    /// Whether this build has it.
    pub(crate) fn is_built(self) -> bool {
        match self {
            Self::Zstd => cfg!(feature = "zstd"),
            _ => cfg!(feature = "compression"),
        }
    }

    fn is_named(self, name: &[u8]) -> bool {
        name.eq_ignore_ascii_case(self.name().as_bytes())
            || self == Self::Gzip && name.eq_ignore_ascii_case(b"x-gzip")
    }
}

impl Accepted {
    /// Nothing but content without a coding: what clients mean that do not say anything.
    pub(crate) const IDENTITY: Self = Self {
        coding: None,
        takes_identity: true,
    };

    /// What the fields of a request say of `offers`, the preferred one first. Elements that are not well formed count as absent.
    pub(crate) fn of(headers: &HeaderMap, offers: &[Coding]) -> Self {
        let mut weights = [None; Coding::ALL.len()];
        let (mut identity, mut others) = (None, None);
        for (name, weight) in headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .flat_map(|field| field.as_bytes().split(|byte| *byte == b','))
            .filter_map(element)
        {
            if name == b"*" {
                others = Some(weight);
            } else if name.eq_ignore_ascii_case(b"identity") {
                identity = Some(weight);
            } else if let Some(place) = offers.iter().position(|coding| coding.is_named(name))
                && let Some(known) = weights.get_mut(place)
            {
                *known = Some(weight);
            }
        }
        let best = offers
            .iter()
            .zip(weights)
            .filter_map(|(coding, weight)| Some((*coding, weight.or(others)?)))
            .filter(|(_, weight)| *weight > 0)
            // The first of those that weigh the same.
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        Self {
            coding: best
                .filter(|(_, weight)| identity.is_none_or(|identity| *weight >= identity))
                .map(|(coding, _)| coding),
            takes_identity: identity.or(others) != Some(0),
        }
    }
}

/// The name and the weight of an element.
fn element(text: &[u8]) -> Option<(&[u8], Weight)> {
    let mut parts = text.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let Some(parameter) = parts.next() else {
        return Some((name, 1000));
    };
    let [b'q' | b'Q', b'=', weight @ ..] = parameter else {
        return None;
    };
    Some((name, parse_weight(std::str::from_utf8(weight).ok()?)?))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const OFFERS: [Coding; 3] = [Coding::Brotli, Coding::Gzip, Coding::Deflate];

    fn accepted(field: &str) -> (Option<Coding>, bool) {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_str(field).unwrap())]);
        let accepted = Accepted::of(&headers, &OFFERS);
        (accepted.coding, accepted.takes_identity)
    }

    #[test]
    fn the_heaviest_offer_wins_and_the_earlier_one_of_two() {
        for (field, coding) in [
            ("gzip, deflate, br", Some(Coding::Brotli)),
            ("GZIP", Some(Coding::Gzip)),
            ("x-gzip", Some(Coding::Gzip)),
            ("br;q=0.5, gzip;q=0.8", Some(Coding::Gzip)),
            ("br;q=0.5, gzip ; q=0.5", Some(Coding::Brotli)),
            ("*", Some(Coding::Brotli)),
            ("br;q=0, *", Some(Coding::Gzip)),
            ("gzip;q=0.5, *;q=0.7", Some(Coding::Brotli)),
            ("identity, gzip", Some(Coding::Gzip)),
            ("identity, gzip;q=0.9", None),
            ("identity;q=0.5, gzip;q=0.9", Some(Coding::Gzip)),
            ("compress, zstd", None),
            ("gzip;q=0", None),
            ("", None),
            (" , ", None),
            ("gzip;level=1, br;q=2, deflate;q=x", None),
        ] {
            assert_eq!(accepted(field), (coding, true), "{field}");
        }
        assert_eq!(Accepted::of(&HeaderMap::new(), &OFFERS), Accepted::IDENTITY);
    }

    #[test]
    fn content_without_a_coding_may_be_refused() {
        for (field, coding) in [
            ("gzip, identity;q=0", Some(Coding::Gzip)),
            ("gzip, *;q=0", Some(Coding::Gzip)),
            ("gzip;q=0.5, *;q=0", Some(Coding::Gzip)),
            ("identity;q=0", None),
            ("*;q=0", None),
            ("zstd, *;q=0", None),
        ] {
            assert_eq!(accepted(field), (coding, false), "{field}");
        }
        assert_eq!(accepted("identity, *;q=0"), (None, true));
    }

    #[test]
    fn several_fields_are_one_list() {
        let mut headers = HeaderMap::new();
        for field in ["gzip;q=0.5", "br;q=0.4"] {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(field));
        }
        assert_eq!(Accepted::of(&headers, &OFFERS).coding, Some(Coding::Gzip));
    }
}
