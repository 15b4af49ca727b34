//! Content negotiation (RFC 9110 §12.5.1).

use std::sync::Arc;

use http::{HeaderMap, header};

use crate::header::media_type::{MediaType, OPTIONAL_SPACE, split_outside_quotes};

/// A weight in thousandths, so that weights compare exactly.
pub(crate) type Weight = u16;

/// The media types that a resource is available as, the preferred one first.
///
/// ```
/// use http::{HeaderMap, HeaderValue, header::ACCEPT};
/// use sabir_core::header::negotiation::Offers;
///
/// let offers = Offers::new(["application/json", "text/html"]);
/// let mut headers = HeaderMap::new();
/// assert_eq!(offers.choose(&headers).unwrap().as_ref(), "application/json");
/// headers.insert(ACCEPT, HeaderValue::from_static("text/*"));
/// assert_eq!(offers.choose(&headers).unwrap().as_ref(), "text/html");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Offers(Vec<Offer>);

#[derive(Debug, Clone)]
struct Offer {
    name: Arc<str>,
    /// Nothing covers an offer that is not well formed.
    media_type: Option<MediaType>,
}

impl Offers {
    /// Reads the names once, so that a request only compares.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let offer = |name| Offer {
            name: Arc::from(name),
            media_type: MediaType::parse_range(name),
        };
        Self(names.into_iter().map(offer).collect())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none, so that nothing is negotiated.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names as they were given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|offer| &*offer.name)
    }

    /// The best for the request's `Accept` fields; the first where there is no such field. `None` when nothing is
    /// acceptable (406) or nothing is offered, which the caller must tell apart.
    ///
    /// Each offer has the weight of the most specific range that covers it; the heaviest offer wins and the earlier one
    /// where two weigh the same. Weight 0 excludes. Several fields count as one list (RFC 9110 §5.3). Fields that are
    /// not well formed are ignored as if they were absent: negotiation is advice, and a client that cannot write its
    /// wishes is served better by the first offer than by an error.
    pub fn choose(&self, headers: &HeaderMap) -> Option<&Arc<str>> {
        let first = self.0.first()?;
        let mut fields = headers.get_all(header::ACCEPT).iter();
        match (fields.next(), fields.next()) {
            (None, _) => return Some(&first.name),
            // What most clients send needs no reading.
            (Some(field), None) if field == "*/*" => {
                let offer = self.0.iter().find(|offer| offer.media_type.is_some());
                return offer.map(|offer| &offer.name);
            }
            _ => {}
        }
        let Some(ranges) = ranges(headers).filter(|ranges| !ranges.is_empty()) else {
            return Some(&first.name);
        };
        let mut best: Option<(&Arc<str>, Weight)> = None;
        for Offer { name, media_type } in &self.0 {
            let weight = media_type
                .as_ref()
                .map_or(0, |media_type| weight_of(media_type, &ranges));
            if weight > best.map_or(0, |(_, weight)| weight) {
                best = Some((name, weight));
            }
        }
        best.map(|(name, _)| name)
    }
}

/// The weight of the most specific range that covers `offer`; the greatest of several that are equally specific.
fn weight_of(offer: &MediaType, ranges: &[(MediaType, Weight)]) -> Weight {
    ranges
        .iter()
        .filter_map(|(range, weight)| Some((range.covers(offer)?, *weight)))
        .max()
        .map_or(0, |(_, weight)| weight)
}

/// The ranges of all `Accept` fields; `None` when one of them is not well formed.
fn ranges(headers: &HeaderMap) -> Option<Vec<(MediaType, Weight)>> {
    let mut ranges = Vec::new();
    for field in headers.get_all(header::ACCEPT) {
        for element in split_outside_quotes(field.to_str().ok()?, b',') {
            // Empty list elements are ignored (RFC 9110 §5.6.1.2).
            if !element.trim_matches(OPTIONAL_SPACE).is_empty() {
                let mut range = MediaType::parse_range(element)?;
                let weight = range
                    .take_weight()
                    .map_or(Some(1000), |text| parse_weight(&text))?;
                ranges.push((range, weight));
            }
        }
    }
    Some(ranges)
}

/// Reads a `qvalue` (RFC 9110 §12.4.2): 0 to 1 with at most three decimals.
pub(crate) fn parse_weight(text: &str) -> Option<Weight> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: Weight = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    static OFFERS: [&str; 3] = ["application/json", "text/html", "text/plain; charset=utf-8"];

    fn chosen(fields: &[&'static str]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(header::ACCEPT, HeaderValue::from_static(field));
        }
        let offers = Offers::new(OFFERS);
        let chosen = offers.choose(&headers)?;
        OFFERS.into_iter().find(|offer| *offer == &**chosen)
    }

    #[test]
    fn takes_the_first_offer_without_a_field() {
        assert_eq!(chosen(&[]), Some(OFFERS[0]));
        assert_eq!(chosen(&[""]), Some(OFFERS[0]));
        assert_eq!(chosen(&["*/*"]), Some(OFFERS[0]));
    }

    #[test]
    fn takes_the_heaviest_offer() {
        assert_eq!(
            chosen(&["application/json;q=0.5, text/html;q=0.8"]),
            Some(OFFERS[1])
        );
        assert_eq!(chosen(&["text/*, application/json;q=0.999"]), Some(OFFERS[1]));
    }

    #[test]
    fn takes_the_earlier_offer_of_equal_weight() {
        assert_eq!(chosen(&["text/html, application/json"]), Some(OFFERS[0]));
    }

    #[test]
    fn lets_the_more_specific_range_decide() {
        assert_eq!(
            chosen(&["text/html;q=0.1, text/*;q=0.9, */*;q=0.2"]),
            Some(OFFERS[2])
        );
        assert_eq!(chosen(&["*/*, application/json;q=0.1"]), Some(OFFERS[1]));
    }

    #[test]
    fn excludes_what_has_no_weight() {
        assert_eq!(chosen(&["*/*, application/json;q=0"]), Some(OFFERS[1]));
        assert_eq!(chosen(&["application/json;q=0.000"]), None);
    }

    #[test]
    fn finds_nothing_acceptable() {
        assert_eq!(chosen(&["image/png"]), None);
        assert_eq!(chosen(&["text/html;level=1"]), None);
    }

    #[test]
    fn joins_several_fields() {
        assert_eq!(chosen(&["image/png", "text/html"]), Some(OFFERS[1]));
        assert_eq!(chosen(&[", image/png,,", "text/html,"]), Some(OFFERS[1]));
    }

    #[test]
    fn ignores_fields_that_are_not_well_formed() {
        for field in [
            "text",
            "image/png;q=2",
            "image/png;q=0.1234",
            "image/png;q=",
            "image/png;q=-0",
            "a b/c",
        ] {
            assert_eq!(chosen(&[field]), Some(OFFERS[0]), "{field}");
        }
    }

    #[test]
    fn ignores_the_case_of_types_and_of_the_weight() {
        assert_eq!(chosen(&["TEXT/HTML;Q=0.5"]), Some(OFFERS[1]));
    }

    #[test]
    fn accepts_a_charset_that_the_offer_does_not_name() {
        assert_eq!(chosen(&["application/json; charset=utf-8"]), Some(OFFERS[0]));
        assert_eq!(chosen(&["text/plain; charset=UTF-8"]), Some(OFFERS[2]));
    }

    #[test]
    fn chooses_nothing_from_nothing() {
        assert_eq!(Offers::default().choose(&HeaderMap::new()), None);
    }

    #[test]
    fn reads_no_more_than_it_must_and_chooses_the_same() {
        for offers in [
            ["no type", "text/html"],
            ["text/html", "image/png"],
            ["no type", "none"],
        ] {
            let offers = Offers::new(offers);
            let choose = |fields: &[&str]| {
                let mut headers = HeaderMap::new();
                for field in fields {
                    headers.append(header::ACCEPT, field.parse().unwrap());
                }
                offers.choose(&headers)
            };
            // A second, empty field changes nothing but that all is read.
            assert_eq!(choose(&["*/*"]), choose(&["*/*", ""]), "{offers:?}");
        }
    }
}
