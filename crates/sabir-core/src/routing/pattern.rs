//! Path patterns and the paths built from them.

use std::borrow::Cow;

use super::{
    captures::Captures,
    converter::{Converters, Test},
    parse, percent,
    segment::{Segment, Variable},
};
use crate::{SetupError, operation::SchemaData};

/// A parsed path pattern such as `/users/{id:int}` or `/f/{name}.json`.
///
/// ```
/// use sabir_core::routing::{Converters, Pattern};
///
/// let pattern = Pattern::parse("/f/{name}.{kind:json|xml}", &Converters::default())?;
/// assert_eq!(pattern.build(&[("name", "a b"), ("kind", "xml")])?, "/f/a%20b.xml");
/// # Ok::<(), sabir_core::SetupError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Box<str>,
    segments: Vec<Segment>,
}

impl Pattern {
    /// Parses `text`.
    ///
    /// # Errors
    /// Says what is wrong at which place of the pattern.
    pub fn parse(text: &str, converters: &Converters) -> Result<Self, SetupError> {
        Ok(Self {
            text: text.into(),
            segments: parse::parse(text, converters)?,
        })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path as AsyncAPI writes it: variables without their converters.
    pub fn template(&self) -> String {
        self.written(|text, path| path.push_str(text), str::to_owned)
    }

    /// The path as OpenAPI writes it (OpenAPI 3.1 §4.8.8.1): percent-encoded, with what `rename` makes of the names of the variables in
    /// place of the variables.
    pub(crate) fn url_template(&self, rename: impl FnMut(&str) -> String) -> String {
        self.written(percent::encode, rename)
    }

    /// The path with variables without their converters, whose literals are written by `literal`.
    fn written(&self, literal: fn(&str, &mut String), mut rename: impl FnMut(&str) -> String) -> String {
        let mut path = String::new();
        let mut variable = |variable: &Variable, path: &mut String| {
            path.extend(["{", &rename(&variable.name), "}"]);
        };
        for segment in &self.segments {
            path.push('/');
            match segment {
                Segment::Literal(text) => literal(text, &mut path),
                Segment::Wildcard(wildcard) => variable(wildcard, &mut path),
                Segment::Variables(template) => {
                    literal(&template.prefix, &mut path);
                    for (part, text) in &template.parts {
                        variable(part, &mut path);
                        literal(text, &mut path);
                    }
                }
            }
        }
        path
    }

    /// Names of the variables that do not take every text, so that the path may have no route though its template fits.
    pub(crate) fn typed_variables(&self) -> impl Iterator<Item = &str> {
        self.segments
            .iter()
            .flat_map(Segment::variables)
            .filter(|variable| !matches!(variable.converter.test, Test::Any))
            .map(|variable| &*variable.name)
    }

    /// Whether the variable called `name` takes whole segments, of which there may be several.
    pub(crate) fn is_wildcard(&self, name: &str) -> bool {
        let mut segments = self.segments.iter();
        segments.any(|segment| matches!(segment, Segment::Wildcard(variable) if *variable.name == *name))
    }

    /// Variable names with the schema of their converter, in path order.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &SchemaData)> {
        self.segments
            .iter()
            .flat_map(Segment::variables)
            .map(|variable| (&*variable.name, &variable.converter.schema))
    }

    /// The path for `values` (reverse routing), percent-encoded (RFC 3986 §3.3).
    ///
    /// # Errors
    /// A missing, surplus or ill-fitting value. A value does not fit when the path would not lead back to it: when
    /// its converter refuses it, when it makes a dot segment, which clients remove (RFC 3986 §5.2.4), or when a
    /// segment of several variables would be read otherwise.
    pub fn build(&self, values: &[(&str, &str)]) -> Result<String, SetupError> {
        if let Some((name, _)) = values
            .iter()
            .find(|(name, _)| self.variables().all(|(known, _)| known != *name))
        {
            return Err(self.error(format!("has no variable `{name}`"), format!("leave `{name}` out")));
        }
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            match segment {
                Segment::Literal(text) => percent::encode(text, &mut path),
                Segment::Wildcard(variable) => {
                    let value = self.value(values, &variable.name)?;
                    if !variable.converter.fits(value) || leads_elsewhere(value) {
                        return Err(self.misfit(&variable.name, value));
                    }
                    for (index, part) in value.split('/').enumerate() {
                        if index > 0 {
                            path.push('/');
                        }
                        percent::encode(part, &mut path);
                    }
                }
                Segment::Variables(template) => {
                    let mut text = template.prefix.to_string();
                    let mut given = Vec::new();
                    for (variable, literal) in &template.parts {
                        let value = self.value(values, &variable.name)?;
                        if !variable.converter.fits(value) {
                            return Err(self.misfit(&variable.name, value));
                        }
                        given.push(value);
                        text.push_str(value);
                        text.push_str(literal);
                    }
                    let mut read = Captures::default();
                    let leads_back = template.capture(&Cow::Borrowed(&text), &text, &mut read)
                        && read.0.iter().zip(&given).all(|(read, given)| read == given);
                    if !leads_back || is_dot_segment(&text) {
                        let name = template.parts.first().map_or("", |(variable, _)| &*variable.name);
                        return Err(self.misfit(name, &text));
                    }
                    percent::encode(&text, &mut path);
                }
            }
        }
        Ok(path)
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether some path matches both patterns and neither is more specific.
    pub(super) fn is_ambiguous_with(&self, other: &Self) -> bool {
        self.segments.len() == other.segments.len()
            && self
                .segments
                .iter()
                .zip(&other.segments)
                .all(|(a, b)| a.is_ambiguous_with(b))
    }

    /// Whether both match the same paths; names of variables do not count.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.segments.len() == other.segments.len()
            && self
                .segments
                .iter()
                .zip(&other.segments)
                .all(|(a, b)| a.is_same(b))
    }

    fn value<'v>(&self, values: &[(&str, &'v str)], name: &str) -> Result<&'v str, SetupError> {
        values
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, value)| *value)
            .ok_or_else(|| self.error(format!("needs a value for `{name}`"), format!("give `{name}`")))
    }

    fn misfit(&self, name: &str, value: &str) -> SetupError {
        self.error(
            format!("cannot have `{value}` at `{name}`"),
            "give a value that the pattern reads back as it is",
        )
    }

    fn error(&self, problem: impl AsRef<str>, remedy: impl Into<String>) -> SetupError {
        SetupError::new("path", format!("`{}` {}", self.text, problem.as_ref()), remedy).at(&*self.text)
    }
}

/// Whether a file lookup of `text` could leave the directory that it starts in: for a dot segment between slashes, or
/// between the backslashes of Windows, and for NUL, at which file systems stop reading.
pub(super) fn leads_elsewhere(text: &str) -> bool {
    text.contains('\0') || text.split(['/', '\\']).any(is_dot_segment)
}

fn is_dot_segment(text: &str) -> bool {
    matches!(text, "." | "..")
}
