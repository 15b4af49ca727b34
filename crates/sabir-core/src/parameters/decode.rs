//! Decoding the parameters of one request.

use std::{borrow::Cow, collections::HashMap};

use http::HeaderMap;
use indexmap::IndexMap;
use smallvec::SmallVec;

use super::{
    Compiled, Parameters,
    given::Given,
    query::{Malformed, decode, decode_form},
    text_schema::{Misfit, TextPart},
};
use crate::{
    Kind, Location, Map, Problem, Text, Value, Violation, Violations,
    header::{
        cookie,
        field::{cookie_pairs, to_text},
    },
    operation::{In, Style},
    routing::Captures,
};

type Decoded = Result<Option<Value>, Fault>;

/// Why one parameter has no value.
enum Fault {
    /// The request is not well formed.
    Malformed(Malformed),
    /// The text does not fit the schema's kind.
    Misfit(Misfit),
    /// The text of some members does not fit; the value has it in their places.
    Members(Value, Vec<Misfit>),
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<Misfit> for Fault {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

pub(super) fn decode_all(
    parameters: &Parameters,
    captures: &Captures<'_>,
    query: Option<&str>,
    headers: &HeaderMap,
    violations: &mut Violations,
) -> Result<Vec<Option<Value>>, Problem> {
    if parameters.list.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::with_capacity(parameters.list.len());
    let query = query.unwrap_or_default();
    let mut given = parameters.names.sort(&parameters.list, query);
    let mut given = given.iter_mut();
    let cookies = parameters.names.cookies(headers);
    for parameter in &parameters.list {
        let decoded = match parameter.location {
            In::Path => path(parameter, captures),
            In::Query => given
                .next()
                .map_or(Ok(None), |given| from_query(parameter, given)),
            In::Header => from_header(parameter, headers),
            In::Cookie => from_cookie(parameter, headers, cookies.as_ref()),
        };
        let value = match decoded {
            Ok(value) => value,
            Err(Fault::Malformed(malformed)) => {
                let detail = format!(
                    "The {} parameter {:?} {}.",
                    parameter.location.as_str(),
                    parameter.name,
                    malformed.description()
                );
                return Err(Problem::bad_request(detail));
            }
            Err(Fault::Members(value, misfits)) => {
                parameter.check_around(&value, misfits, violations);
                values.push(None);
                continue;
            }
            Err(Fault::Misfit(misfit)) => {
                violations.push(parameter.violation(misfit));
                values.push(None);
                continue;
            }
        };
        values.push(parameter.checked(value, violations));
    }
    Ok(values)
}

impl Compiled {
    fn problem_location(&self) -> Location {
        match self.location {
            In::Path => Location::Path,
            In::Query => Location::Query,
            In::Header => Location::Header,
            In::Cookie => Location::Cookie,
        }
    }

    /// Text that is no value of the declared type (JSON Schema 2020-12 Validation §6.1.1).
    fn violation(&self, misfit: Misfit) -> Violation {
        Violation {
            location: self.problem_location(),
            name: Some(self.name.clone()),
            pointer: (!misfit.pointer.is_empty()).then_some(misfit.pointer),
            keyword: "type".into(),
            detail: misfit.detail,
        }
    }

    /// Validates what is beside the misfits, so that the client learns of everything at once.
    fn check_around(&self, value: &Value, misfits: Vec<Misfit>, violations: &mut Violations) {
        // The text of a whole member stands in for it.
        let stand_ins = misfits
            .iter()
            .map(|misfit| member(&misfit.pointer).to_owned())
            .collect();
        let misfits = misfits.into_iter().map(|misfit| self.violation(misfit)).collect();
        violations.push_beside(misfits, stand_ins, |violations| {
            self.schema
                .validate(value, self.problem_location(), Some(&self.name), violations);
        });
    }

    /// The value if it is valid; the default when there is none.
    fn checked(&self, value: Option<Value>, violations: &mut Violations) -> Option<Value> {
        if let Some(value) = value {
            self.schema
                .validate(&value, self.problem_location(), Some(&self.name), violations);
            return Some(value);
        }
        let default = self
            .schema
            .default_value()
            .filter(|_| crate::Switch::Defaults.is_on());
        if default.is_none() && self.required && crate::Switch::Required.is_on() {
            let detail = format!("the {} parameter is missing", self.location.as_str());
            let violation = Violation::new(self.problem_location(), "required", detail);
            violations.push(violation.with_name(self.name.clone()));
        }
        default.cloned()
    }

    /// The value of a delimited text: the styles without `explode`, and `simple` with it. `piece` decodes each piece.
    fn delimited(&self, text: &str, delimiter: char, piece: Piece) -> Result<Value, Misfit> {
        let part = self.text.root();
        let value = part.first_accepted(|kind| match kind {
            Kind::Array(_) if text.is_empty() => Some(Ok(Value::Array(Vec::new()))),
            Kind::Array(_) => Some(part.array(kind, text.split(delimiter).map(piece))),
            Kind::Object => Some(self.members(text, delimiter, piece)),
            kind => part.coerce(&piece(text), kind).map(Ok),
        });
        value.unwrap_or_else(|| Err(part.misfit(&piece(text))))
    }

    /// The object of a delimited text.
    fn members(&self, text: &str, delimiter: char, piece: Piece) -> Result<Value, Misfit> {
        let part = self.text.root();
        if self.explode {
            let pairs = text.split(delimiter).map(split_equals);
            return part.object(pairs.map(|(name, value)| (piece(name), piece(value))));
        }
        let mut pieces = text.split(delimiter);
        part.object(std::iter::from_fn(|| {
            let name = pieces.next().filter(|name| !name.is_empty())?;
            Some((piece(name), piece(pieces.next().unwrap_or_default())))
        }))
    }

    /// Whether there is an object also when no pair is a member of it: the pairs have no common name that could be missing.
    fn is_always_there(&self) -> bool {
        self.required && self.has_members_only() && crate::Switch::Required.is_on()
    }

    /// Whether the text of one value may have delimiters in it.
    fn is_composite(&self) -> bool {
        let part = self.text.root();
        part.is_array() || part.is_object()
    }
}

/// A JSON Pointer without what follows its first step.
fn member(pointer: &str) -> &str {
    let second = memchr::memchr_iter(b'/', pointer.as_bytes()).nth(1);
    second.map_or(pointer, |second| &pointer[..second])
}

/// How a piece of text is decoded.
type Piece = fn(&str) -> Cow<'_, str>;

fn as_it_is(piece: &str) -> Cow<'_, str> {
    Cow::Borrowed(piece)
}

/// Percent-decodes where that is possible.
fn unescaped(piece: &str) -> Cow<'_, str> {
    decode(piece).unwrap_or(Cow::Borrowed(piece))
}

/// Decodes text that is known to be well formed.
fn unescaped_form(piece: &str) -> Cow<'_, str> {
    decode_form(piece).unwrap_or(Cow::Borrowed(piece))
}

fn split_equals(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

/// Lists are split before they are decoded, so that an escaped delimiter is data (RFC 6570 §3.2.1).
fn path(parameter: &Compiled, captures: &Captures<'_>) -> Decoded {
    let Some(index) = parameter.capture else {
        return Ok(None);
    };
    let Some(decoded) = captures.0.get(index) else {
        return Ok(None);
    };
    let composite = parameter.is_composite();
    // A dot means the same whether it is escaped or not (RFC 3986 §6.2.2.2), so it cannot be told apart as data.
    let dots = parameter.style == Style::Label && parameter.explode;
    let (text, piece): (&str, Piece) = match captures.encoded(index) {
        Some(encoded) if composite && !dots => (encoded, unescaped),
        _ => (decoded, as_it_is),
    };
    let value = match parameter.style {
        Style::Label => {
            let text = text.strip_prefix('.').unwrap_or(text);
            parameter.delimited(text, if dots { '.' } else { ',' }, piece)
        }
        Style::Matrix => matrix(parameter, text, piece),
        _ => parameter.delimited(text, ',', piece),
    };
    Ok(Some(value?))
}

/// `;a=1`, `;a=1,2`, `;a=1;a=2` or `;x=1;y=2` (RFC 6570 §3.2.7).
fn matrix(parameter: &Compiled, text: &str, piece: Piece) -> Result<Value, Misfit> {
    let text = text.strip_prefix(';').unwrap_or(text);
    let pairs = || text.split(';').map(split_equals);
    let is_own = |name: &str| piece(name) == parameter.name.as_str();
    let part = parameter.text.root();
    if !parameter.explode || !parameter.is_composite() {
        let (name, value) = split_equals(text);
        return parameter.delimited(if is_own(name) { value } else { text }, ',', piece);
    }
    let own = || {
        pairs()
            .filter(|(name, _)| is_own(name))
            .map(|(_, value)| piece(value))
    };
    let value = part.first_accepted(|kind| match kind {
        Kind::Array(_) => Some(part.array(kind, own())),
        Kind::Object => Some(part.object(pairs().map(|(name, value)| (piece(name), piece(value))))),
        kind => only(own()).and_then(|text| part.coerce(&text, kind)).map(Ok),
    });
    value.unwrap_or_else(|| Err(part.misfit(text)))
}

fn from_query(parameter: &Compiled, given: &mut Given<'_>) -> Decoded {
    let part = parameter.text.root();
    if parameter.has_exploded_members() && (!given.members.is_empty() || parameter.is_always_there()) {
        return exploded(parameter, std::mem::take(&mut given.members));
    }
    if !given.members.is_empty() {
        let mut members = Vec::with_capacity(given.members.len());
        for (name, raw) in std::mem::take(&mut given.members) {
            members.push((name, decode_form(raw)?));
        }
        return Ok(Some(part.object(members.into_iter())?));
    }
    match given.values.as_slice() {
        [] => Ok(None),
        [raw] if !(parameter.explode && part.is_array()) => {
            if parameter.is_composite() {
                split_then_decode(parameter, raw)
            } else {
                Ok(Some(part.scalar(&decode_form(raw)?)?))
            }
        }
        several if parameter.explode && part.is_array() => repeated(parameter, several),
        several => Err(given_too_often(several.len()).into()),
    }
}

/// `a=1&b=2&b=3`: each name is a member, one that is given several times an array.
fn exploded(parameter: &Compiled, members: Vec<(Cow<'_, str>, &str)>) -> Decoded {
    let part = parameter.text.root();
    let mut texts: IndexMap<Cow<'_, str>, SmallVec<[Cow<'_, str>; 1]>> = IndexMap::new();
    for (name, raw) in members {
        texts.entry(name).or_default().push(decode_form(raw)?);
    }
    let (mut object, mut misfits) = (Map::default(), Vec::new());
    for (name, texts) in texts {
        let member = part.property(&name);
        let value = match several(member, &texts) {
            Some(value) => value,
            None => match &*texts {
                [text] => member.scalar(text),
                _ => Err(given_too_often(texts.len())),
            },
        };
        let value = value.unwrap_or_else(|misfit| {
            misfits.push(misfit.below(&name));
            Value::String(texts.join(",").into())
        });
        object.0.push((Text::from(name), value));
    }
    if misfits.is_empty() {
        return Ok(Some(Value::Object(object)));
    }
    Err(Fault::Members(Value::Object(object), misfits))
}

/// Several values are a list, and the schema declares another type.
fn given_too_often(count: usize) -> Misfit {
    Misfit::of(format!("the parameter is given {count} times"))
}

/// `a=1&a=2`.
fn repeated(parameter: &Compiled, raw: &[&str]) -> Decoded {
    let texts = raw
        .iter()
        .map(|raw| decode_form(raw))
        .collect::<Result<Vec<_>, _>>()?;
    match several(parameter.text.root(), &texts) {
        Some(value) => Ok(Some(value?)),
        None => Err(given_too_often(raw.len()).into()),
    }
}

/// An array of the texts, or the one value that a single text is; `None` where it is neither.
fn several(part: TextPart<'_>, texts: &[Cow<'_, str>]) -> Option<Result<Value, Misfit>> {
    part.first_accepted(|kind| match kind {
        Kind::Array(_) => Some(part.array(kind, texts.iter().map(|text| Cow::Borrowed(&**text)))),
        kind => only(texts.iter())
            .and_then(|text| part.coerce(text, kind))
            .map(Ok),
    })
}

/// The item of an iterator that has one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

/// Splits at the delimiter before decoding, so that an escaped delimiter is data. Spaces and pipes are themselves sent
/// escaped, and are split after decoding.
fn split_then_decode(parameter: &Compiled, raw: &str) -> Decoded {
    let delimiter = match parameter.style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        _ => {
            // Every piece is decoded here once, so that what is malformed is told as such.
            raw.split(',')
                .try_for_each(|piece| decode_form(piece).map(drop))?;
            return Ok(Some(parameter.delimited(raw, ',', unescaped_form)?));
        }
    };
    Ok(Some(parameter.delimited(
        &decode_form(raw)?,
        delimiter,
        as_it_is,
    )?))
}

/// Field values of one name are one list (RFC 9110 §5.3).
fn from_header(parameter: &Compiled, headers: &HeaderMap) -> Decoded {
    let mut fields = headers.get_all(parameter.name.as_str()).iter();
    let Some(first) = fields.next() else {
        return Ok(None);
    };
    let text = |value: &http::HeaderValue| {
        std::str::from_utf8(value.as_bytes())
            .map(str::to_owned)
            .map_err(|_| Fault::Malformed(Malformed::Utf8))
    };
    let mut joined = text(first)?;
    let mut count = 1;
    for field in fields {
        count += 1;
        joined.push(',');
        joined.push_str(&text(field)?);
    }
    if !parameter.is_composite() {
        return if count > 1 {
            Err(given_too_often(count).into())
        } else {
            Ok(Some(parameter.text.root().scalar(joined.trim())?))
        };
    }
    let trimmed = joined.split(',').map(str::trim).collect::<Vec<_>>().join(",");
    Ok(Some(parameter.delimited(&trimmed, ',', as_it_is)?))
}

/// The first cookie of the name counts (RFC 6265bis §5.8.3). Its value is read as [`cookie::decode`] describes; the
/// pieces of a list are decoded one by one. Cookies of other names may be anything: other programs set them.
fn from_cookie(parameter: &Compiled, headers: &HeaderMap, sorted: Option<&HashMap<&[u8], &[u8]>>) -> Decoded {
    let name = parameter.name.as_bytes();
    let value = match sorted {
        Some(cookies) => cookies.get(name).copied(),
        None => cookie_pairs(headers)
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value),
    };
    let Some(value) = value else { return Ok(None) };
    let text = to_text(cookie::unquoted(value));
    let piece: Piece = |piece| cookie::unescaped(piece.as_bytes());
    Ok(Some(parameter.delimited(&text, ',', piece)?))
}
