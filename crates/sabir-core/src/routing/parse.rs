//! Reading patterns.

use std::sync::Arc;

use super::{
    converter::{Converter, Converters, Test},
    percent,
    segment::{Segment, Template, Variable},
};
use crate::SetupError;

/// How many segments a pattern may have. Each is a step deeper into the tree of routes, so it bounds the stack.
const SEGMENT_LIMIT: usize = 256;

/// Reads `text` into segments.
pub(super) fn parse(text: &str, converters: &Converters) -> Result<Vec<Segment>, SetupError> {
    let Some(rest) = text.strip_prefix('/') else {
        return Err(error(
            format!("`{text}` does not start with a slash"),
            "start it with `/`",
        ));
    };
    let mut segments = Vec::new();
    let mut raw_segments = rest.split('/').peekable();
    while let Some(raw) = raw_segments.next() {
        if raw.is_empty() && raw_segments.peek().is_some() {
            return Err(error(
                format!("`{text}` has an empty segment"),
                "write one slash instead of two",
            ));
        }
        segments.push(segment(raw, converters)?);
    }
    if segments.len() > SEGMENT_LIMIT {
        return Err(error(
            format!(
                "a path has {} segments, and {SEGMENT_LIMIT} are permitted",
                segments.len()
            ),
            "take the rest of the path as one variable of type `path`",
        ));
    }
    check(text, &segments)?;
    Ok(segments)
}

/// What no segment can see for itself.
fn check(text: &str, segments: &[Segment]) -> Result<(), SetupError> {
    let mut names: Vec<&str> = Vec::new();
    for variable in segments.iter().flat_map(Segment::variables) {
        if names.contains(&&*variable.name) {
            return Err(error(
                format!("`{text}` has the variable `{}` twice", variable.name),
                "rename one of them",
            ));
        }
        names.push(&variable.name);
    }
    if segments
        .iter()
        .filter(|segment| matches!(segment, Segment::Wildcard(_)))
        .count()
        > 1
    {
        return Err(error(
            format!("`{text}` has two variables of type `path`"),
            "keep one, since it is not clear where the first ends",
        ));
    }
    Ok(())
}

/// Reads one segment.
fn segment(raw: &str, converters: &Converters) -> Result<Segment, SetupError> {
    let mut prefix: Box<str> = "".into();
    let mut parts: Vec<(Variable, Box<str>)> = Vec::new();
    let mut rest = raw;
    loop {
        let open = rest.find('{').unwrap_or(rest.len());
        let (text, variable) = rest.split_at(open);
        let text = literal(text, raw)?;
        match parts.last_mut() {
            Some((_, after)) => *after = text,
            None => prefix = text,
        }
        let Some(variable) = variable.strip_prefix('{') else {
            break;
        };
        if parts.last().is_some_and(|(_, after)| after.is_empty()) {
            return Err(error(
                format!("`{raw}` has two variables without text between them"),
                "put a separator such as `-` between them",
            ));
        }
        let Some((inside, after)) = variable.split_once('}') else {
            return Err(error(format!("`{raw}` has no closing brace"), "add `}`"));
        };
        parts.push((self::variable(inside, converters)?, "".into()));
        rest = after;
    }
    if parts.is_empty() {
        return Ok(Segment::Literal(prefix));
    }
    if !parts
        .iter()
        .any(|(variable, _)| matches!(variable.converter.test, Test::Path))
    {
        return Ok(Segment::Variables(Template { prefix, parts }));
    }
    match parts.pop() {
        Some((variable, after)) if parts.is_empty() && prefix.is_empty() && after.is_empty() => {
            Ok(Segment::Wildcard(variable))
        }
        _ => Err(error(
            format!("`{raw}` has other text beside a variable of type `path`"),
            "give the variable a segment of its own",
        )),
    }
}

/// Reads the text between variables. It may be written with or without escapes.
fn literal(text: &str, raw: &str) -> Result<Box<str>, SetupError> {
    if let Some(character) = text
        .chars()
        .find(|character| matches!(character, '}' | '?' | '#'))
    {
        return Err(error(
            format!("`{raw}` has a stray `{character}`"),
            "leave it out or percent-encode it",
        ));
    }
    match percent::decode(text) {
        Ok(text) => Ok(text.into()),
        Err(reason) => Err(error(
            format!("`{raw}` {}", reason.0),
            "write `%25` for a percent sign",
        )),
    }
}

/// Reads what stands between braces: `name`, `name:converter` or `name:a|b`.
fn variable(inside: &str, converters: &Converters) -> Result<Variable, SetupError> {
    let (name, converter) = inside.split_once(':').unwrap_or((inside, "str"));
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !is_name {
        return Err(error(
            format!("`{{{inside}}}` does not start with a variable name"),
            "use letters, digits, `_` and `-`, starting with a letter",
        ));
    }
    let converter = match choice(converter) {
        Some(alternatives) => Arc::new(Converter::choice(checked_choice(alternatives, inside)?)),
        None => converters.get(converter).ok_or_else(|| {
            error(
                format!("`{{{inside}}}` names the unknown converter `{converter}`"),
                format!(
                    "use one of {}, a choice such as `{{{name}:a|b}}`, or add a converter",
                    converters.names()
                ),
            )
        })?,
    };
    Ok(Variable {
        name: name.into(),
        converter,
    })
}

/// The alternatives of `a|b` or `(a|b)`; `None` when the text is the name of a converter.
fn choice(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let is_choice = inner.is_some() || text.contains('|');
    is_choice.then(|| inner.unwrap_or(text).split('|').map(str::to_owned).collect())
}

fn checked_choice(alternatives: Vec<String>, inside: &str) -> Result<Vec<String>, SetupError> {
    for (index, alternative) in alternatives.iter().enumerate() {
        if alternative.is_empty() || alternative.contains(['(', ')', '{']) {
            return Err(error(
                format!("`{{{inside}}}` has an alternative that is empty or has brackets"),
                "write plain texts separated by `|`",
            ));
        }
        if alternatives
            .iter()
            .take(index)
            .any(|earlier| earlier == alternative)
        {
            return Err(error(
                format!("`{{{inside}}}` has the alternative `{alternative}` twice"),
                "remove one of them",
            ));
        }
    }
    Ok(alternatives)
}

fn error(problem: impl Into<String>, remedy: impl Into<String>) -> SetupError {
    SetupError::new("path", problem, remedy)
}
