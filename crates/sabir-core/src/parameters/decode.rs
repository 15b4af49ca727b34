//! Decoding the parameters of one request.

use std::borrow::Cow;

use http::{HeaderMap, header};

use super::{
    Compiled, Parameters,
    query::{Malformed, decode, decode_form, pairs},
    shape::Misfit,
};
use crate::{
    Location, Problem, Value, Violation,
    operation::{In, Style},
    routing::Captures,
};

type Decoded = Result<Option<Value>, Fault>;
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Why one parameter has no value.
enum Fault {
    /// The request is not well formed.
    Malformed(Malformed),
    /// The text does not fit the schema's kind.
    Misfit(Misfit),
    /// A parameter of one value is there several times.
    Repeated(usize),
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
    violations: &mut Vec<Violation>,
) -> Result<Vec<Option<Value>>, Problem> {
    let mut values = Vec::with_capacity(parameters.list.len());
    for parameter in &parameters.list {
        let decoded = match parameter.location {
            In::Path => path(parameter, captures),
            In::Query => from_query(parameter, query.unwrap_or_default()),
            In::Header => from_header(parameter, headers),
            In::Cookie => from_cookie(parameter, headers),
        };
        let value = match decoded {
            Ok(value) => value,
            Err(Fault::Malformed(malformed)) => {
                let detail = format!(
                    "The {} parameter {:?} {}.",
                    parameter.place(),
                    parameter.name,
                    malformed.description()
                );
                return Err(Problem::bad_request(detail));
            }
            Err(fault) => {
                violations.push(parameter.violation(fault));
                values.push(None);
                continue;
            }
        };
        values.push(parameter.checked(value, violations));
    }
    Ok(values)
}

impl Compiled {
    fn place(&self) -> &'static str {
        match self.location {
            In::Path => "path",
            In::Query => "query",
            In::Header => "header",
            In::Cookie => "cookie",
        }
    }

    fn problem_location(&self) -> Location {
        match self.location {
            In::Path => Location::Path,
            In::Query => Location::Query,
            In::Header => Location::Header,
            In::Cookie => Location::Cookie,
        }
    }

    fn violation(&self, fault: Fault) -> Violation {
        let (pointer, keyword, detail) = match fault {
            Fault::Misfit(misfit) => (
                (!misfit.pointer.is_empty()).then_some(misfit.pointer),
                "type",
                misfit.detail,
            ),
            // Several values are a list, and the schema declares another type (JSON Schema 2020-12 Validation §6.1.1).
            Fault::Repeated(count) => (None, "type", format!("the parameter is given {count} times")),
            Fault::Malformed(malformed) => (None, "format", malformed.description().to_owned()),
        };
        let name = Some(self.name.clone());
        Violation {
            location: self.problem_location(),
            name,
            pointer,
            keyword: keyword.into(),
            detail,
        }
    }

    /// The value if it is valid; the default when there is none.
    fn checked(&self, value: Option<Value>, violations: &mut Vec<Violation>) -> Option<Value> {
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
            violations.push(Violation {
                location: self.problem_location(),
                name: Some(self.name.clone()),
                pointer: None,
                keyword: "required".into(),
                detail: format!("the {} parameter is missing", self.place()),
            });
        }
        default.cloned()
    }

    /// The value of a delimited text: the styles without `explode`, and `simple` with it. `piece` decodes each piece.
    fn delimited(&self, text: &str, delimiter: char, piece: Piece) -> Result<Value, Misfit> {
        if self.shape.is_array() {
            return if text.is_empty() {
                Ok(Value::Array(Vec::new()))
            } else {
                self.shape.array(text.split(delimiter).map(piece))
            };
        }
        if !self.shape.is_object() {
            return self.shape.scalar(&piece(text));
        }
        if self.explode {
            let pairs = text.split(delimiter).map(split_equals);
            return self
                .shape
                .object(pairs.map(|(name, value)| (piece(name), piece(value))));
        }
        let mut pieces = text.split(delimiter);
        self.shape.object(std::iter::from_fn(|| {
            let name = pieces.next().filter(|name| !name.is_empty())?;
            Some((piece(name), piece(pieces.next().unwrap_or_default())))
        }))
    }
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
    let composite = parameter.shape.is_array() || parameter.shape.is_object();
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
    if parameter.explode && parameter.shape.is_object() {
        let decoded = pairs().map(|(name, value)| (piece(name), piece(value)));
        return parameter.shape.object(decoded);
    }
    if parameter.explode && parameter.shape.is_array() {
        let own = pairs().filter(|(name, _)| is_own(name));
        return parameter.shape.array(own.map(|(_, value)| piece(value)));
    }
    let (name, value) = split_equals(text);
    parameter.delimited(if is_own(name) { value } else { text }, ',', piece)
}

fn from_query(parameter: &Compiled, query: &str) -> Decoded {
    match parameter.style {
        Style::DeepObject => deep_object(parameter, query),
        Style::Form if parameter.explode && parameter.shape.is_object() => exploded_object(parameter, query),
        _ => named_values(parameter, query),
    }
}

/// The decoded values of the pairs with this name. Names are compared before anything is decoded.
fn values<'q>(name: &str, query: &'q str) -> impl Iterator<Item = Result<&'q str, Malformed>> {
    pairs(query).filter_map(move |(raw, value)| match raw == name {
        true => Some(Ok(value)),
        false if !raw.contains(['%', '+']) => None,
        false => match decode_form(raw) {
            Ok(decoded) => (decoded == name).then_some(Ok(value)),
            Err(malformed) => Some(Err(malformed)),
        },
    })
}

fn named_values(parameter: &Compiled, query: &str) -> Decoded {
    let mut found = values(&parameter.name, query);
    let Some(first) = found.next().transpose()? else {
        return Ok(None);
    };
    let repeatable = parameter.explode && parameter.shape.is_array();
    if repeatable {
        let mut texts = vec![decode_form(first)?];
        for raw in found {
            texts.push(decode_form(raw?)?);
        }
        return Ok(Some(parameter.shape.array(texts.into_iter())?));
    }
    let others = found.count();
    if others > 0 {
        return Err(Fault::Repeated(others + 1));
    }
    let composite = parameter.shape.is_array() || parameter.shape.is_object();
    if !composite {
        return Ok(Some(parameter.shape.scalar(&decode_form(first)?)?));
    }
    split_then_decode(parameter, first)
}

/// Splits at the delimiter before decoding, so that an escaped delimiter is data. Spaces and pipes are themselves sent
/// escaped, and are split after decoding.
fn split_then_decode(parameter: &Compiled, raw: &str) -> Decoded {
    let delimiter = match parameter.style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        _ => {
            let pieces = raw.split(',').map(decode_form).collect::<Result<Vec<_>, _>>()?;
            if parameter.shape.is_array() {
                let pieces = if raw.is_empty() { Vec::new() } else { pieces };
                return Ok(Some(parameter.shape.array(pieces.into_iter())?));
            }
            let mut pieces = pieces.into_iter();
            let pairs = std::iter::from_fn(|| Some((pieces.next()?, pieces.next().unwrap_or_default())));
            return Ok(Some(parameter.shape.object(pairs)?));
        }
    };
    Ok(Some(parameter.delimited(
        &decode_form(raw)?,
        delimiter,
        as_it_is,
    )?))
}

/// `a[b]=1&a[c]=2`.
fn deep_object(parameter: &Compiled, query: &str) -> Decoded {
    let mut members: Vec<Pair<'_>> = Vec::new();
    for (raw, value) in pairs(query) {
        let name = decode_form(raw)?;
        let key = name
            .strip_prefix(parameter.name.as_str())
            .and_then(|rest| rest.strip_prefix('['))
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(key) = key {
            members.push((Cow::Owned(key.to_owned()), decode_form(value)?));
        }
    }
    object_of(parameter, members)
}

/// `x=1&y=2`: every declared property is a pair of its own.
fn exploded_object(parameter: &Compiled, query: &str) -> Decoded {
    let mut members: Vec<Pair<'_>> = Vec::new();
    for (raw, value) in pairs(query) {
        let name = decode_form(raw)?;
        if parameter.shape.names().any(|known| known.as_str() == name) {
            members.push((name, decode_form(value)?));
        }
    }
    object_of(parameter, members)
}

fn object_of(parameter: &Compiled, members: Vec<Pair<'_>>) -> Decoded {
    if members.is_empty() {
        return Ok(None);
    }
    Ok(Some(parameter.shape.object(members.into_iter())?))
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
    let composite = parameter.shape.is_array() || parameter.shape.is_object();
    let mut count = 1;
    for field in fields {
        count += 1;
        joined.push(',');
        joined.push_str(&text(field)?);
    }
    if !composite {
        return if count > 1 {
            Err(Fault::Repeated(count))
        } else {
            Ok(Some(parameter.shape.scalar(joined.trim())?))
        };
    }
    let trimmed = joined.split(',').map(str::trim).collect::<Vec<_>>().join(",");
    Ok(Some(parameter.delimited(&trimmed, ',', as_it_is)?))
}

/// Cookie pairs (RFC 6265bis §5.8.3), percent-decoded where that is possible.
fn from_cookie(parameter: &Compiled, headers: &HeaderMap) -> Decoded {
    for field in headers.get_all(header::COOKIE) {
        let text = std::str::from_utf8(field.as_bytes()).map_err(|_| Fault::Malformed(Malformed::Utf8))?;
        for pair in text.split(';') {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if name.trim() != parameter.name.as_str() {
                continue;
            }
            let value = value.trim();
            let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            return Ok(Some(parameter.delimited(
                quoted.unwrap_or(value),
                ',',
                unescaped,
            )?));
        }
    }
    Ok(None)
}
