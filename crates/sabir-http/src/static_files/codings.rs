//! Content codings that a client takes (RFC 9110 §12.5.3).

use http::{HeaderMap, header::ACCEPT_ENCODING};

/// A coding of files that are compressed before they are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coding {
    /// As the fields name it.
    pub(super) name: &'static str,
    /// What the names of such files end with.
    pub(super) extension: &'static str,
}

/// All of them, the one that is smallest as a rule first.
const KNOWN: [Coding; 3] = [
    Coding {
        name: "br",
        extension: ".br",
    },
    Coding {
        name: "zstd",
        extension: ".zst",
    },
    Coding {
        name: "gzip",
        extension: ".gz",
    },
];

/// Codings in the order in which a client would have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(super) struct Codings([Option<u8>; KNOWN.len()]);

impl Codings {
    /// Those that the `Accept-Encoding` fields name with the largest weight; several of the same weight in the order of the table. None
    /// where the file as it is weighs more. What is not well formed counts as absent.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut weights: [Option<u16>; KNOWN.len()] = [None; KNOWN.len()];
        let (mut rest, mut identity) = (None, None);
        let fields = headers.get_all(ACCEPT_ENCODING).iter();
        for element in fields
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| field.split(','))
        {
            let (name, weight) = element.split_once(';').unwrap_or((element, "q=1"));
            let name = name.trim();
            let Some(weight) = weight_of(weight.trim()) else {
                continue;
            };
            match KNOWN.iter().position(|coding| {
                coding.name.eq_ignore_ascii_case(name)
                    || (coding.name == "gzip" && name.eq_ignore_ascii_case("x-gzip"))
            }) {
                Some(place) => {
                    if let Some(known) = weights.get_mut(place) {
                        *known = Some(weight);
                    }
                }
                None if name == "*" => rest = Some(weight),
                None if name.eq_ignore_ascii_case("identity") => identity = Some(weight),
                None => {}
            }
        }
        let mut taken: Vec<(u16, u8)> = (0u8..)
            .zip(weights)
            .filter_map(|(place, weight)| Some((weight.or(rest)?, place)))
            .filter(|(weight, _)| *weight > 0 && *weight >= identity.unwrap_or_default())
            .collect();
        taken.sort_by_key(|(weight, place)| (u16::MAX - weight, *place));
        let mut codings = Self::default();
        for (slot, (_, place)) in codings.0.iter_mut().zip(taken) {
            *slot = Some(place);
        }
        codings
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Coding> {
        let places = self.0.into_iter().flatten();
        places.filter_map(|place| KNOWN.get(usize::from(place)).copied())
    }
}

/// A weight in thousandths (RFC 9110 §12.4.2).
fn weight_of(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn takes_them_in_the_order_of_their_weights() {
        for (field, names) in [
            ("", vec![]),
            ("gzip", vec!["gzip"]),
            ("gzip, deflate, br, zstd", vec!["br", "zstd", "gzip"]),
            ("br;q=0.5, gzip;q=0.8", vec!["gzip", "br"]),
            ("br;q=0, *", vec!["zstd", "gzip"]),
            ("*;q=0", vec![]),
            ("GZIP ; Q=0.2, identity;q=0.5", vec![]),
            ("gzip, identity", vec!["gzip"]),
            ("x-gzip", vec!["gzip"]),
            ("br;q=2, gzip;q=0.1234, zstd;level=3", vec![]),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(field))]);
            let found: Vec<_> = Codings::of(&headers).iter().map(|coding| coding.name).collect();
            assert_eq!(found, names, "{field}");
        }
    }
}
