//! The parts of a pattern of a path, and how they are read.

use std::{iter::Peekable, str::Chars, sync::Arc};

use super::super::{
    Converters,
    converter::{Converter, Test},
};
use crate::SetupError;

/// A part of a pattern.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A slash, which only a slash matches.
    Slash,
    /// A character, which it and its escape match.
    Literal(char),
    /// `:name` or `{name}`, with its capture: what stands between two slashes, or a part of it.
    Variable(usize),
    /// `{name:path}`, with its capture: one or more segments.
    Segments(usize),
    /// `*`, `*name` or `{+name}`, with its capture: anything, slashes too.
    Splat(usize),
    /// `(a|b)`.
    Group(Vec<Vec<Node>>),
    /// What stands before `?`.
    Optional(Box<Node>),
}

/// A pattern that has been read.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub(super) nodes: Vec<Node>,
    /// The name of each capture.
    pub(super) names: Vec<String>,
    /// What captures have to be.
    pub(super) converters: Vec<(usize, Arc<Converter>)>,
}

impl Path {
    /// Reads a pattern.
    pub(super) fn parse(pattern: &str, converters: &Converters) -> Result<Self, SetupError> {
        let mut parser = Parser {
            pattern,
            rest: pattern.chars().peekable(),
            known: converters,
            path: Self::default(),
        };
        let alternatives = parser.alternatives(false)?;
        parser.path.nodes = vec![Node::Group(alternatives)];
        Ok(parser.path)
    }

    /// The path that a pattern without variables matches, where only it and its escapes do.
    pub(super) fn literal(&self) -> Option<Vec<u8>> {
        let [Node::Group(alternatives)] = &*self.nodes else {
            return None;
        };
        let [nodes] = &**alternatives else {
            return None;
        };
        let mut text = String::new();
        for node in nodes {
            match node {
                Node::Slash => text.push('/'),
                // A space is matched by a plus sign, too.
                Node::Literal(character) if !matches!(character, ' ' | '%') => text.push(*character),
                _ => return None,
            }
        }
        Some(text.into_bytes())
    }
}

struct Parser<'p> {
    pattern: &'p str,
    rest: Peekable<Chars<'p>>,
    known: &'p Converters,
    path: Path,
}

impl Parser<'_> {
    fn alternatives(&mut self, is_group: bool) -> Result<Vec<Vec<Node>>, SetupError> {
        let mut alternatives = vec![Vec::new()];
        loop {
            let node = match self.rest.next() {
                None if is_group => return Err(self.mistake("a parenthesis is not closed")),
                None => return Ok(alternatives),
                Some(')') if is_group => return Ok(alternatives),
                Some(')') => return Err(self.mistake("a parenthesis is closed that is not open")),
                Some('|') => {
                    alternatives.push(Vec::new());
                    continue;
                }
                Some('?') => {
                    let last = alternatives.last_mut().and_then(Vec::pop);
                    match last {
                        None | Some(Node::Optional(_)) => {
                            return Err(self.mistake("a question mark follows nothing"));
                        }
                        Some(last) => Node::Optional(Box::new(last)),
                    }
                }
                Some(character) => self.node(character)?,
            };
            if let Some(nodes) = alternatives.last_mut() {
                nodes.push(node);
            }
        }
    }

    fn node(&mut self, first: char) -> Result<Node, SetupError> {
        Ok(match first {
            '/' => Node::Slash,
            ':' => match self.name() {
                name if name.is_empty() => return Err(self.mistake("a colon has no name behind it")),
                name => Node::Variable(self.capture(name)),
            },
            '*' => match self.name() {
                name if name.is_empty() => Node::Splat(self.capture("splat".into())),
                name => Node::Splat(self.capture(name)),
            },
            '(' => Node::Group(self.alternatives(true)?),
            '{' => self.braces()?,
            '\\' => match self.rest.next() {
                None => return Err(self.mistake("a backslash has nothing behind it")),
                Some('/') => Node::Slash,
                Some(character) => Node::Literal(character),
            },
            '}' => return Err(self.mistake("a brace is closed that is not open")),
            character => Node::Literal(character),
        })
    }

    fn braces(&mut self) -> Result<Node, SetupError> {
        let mut inside = String::new();
        loop {
            match self.rest.next() {
                None => return Err(self.mistake("a brace is not closed")),
                Some('}') => break,
                Some(character) => inside.push(character),
            }
        }
        if let Some(name) = inside.strip_prefix('+') {
            return Ok(Node::Splat(self.capture(name.into())));
        }
        let Some((name, wanted)) = inside.split_once(':') else {
            return Ok(Node::Variable(self.capture(inside)));
        };
        let converter = if wanted.contains('|') {
            Arc::new(Converter::choice(wanted.split('|').map(str::to_owned).collect()))
        } else {
            let known = self.known.get(wanted);
            known.ok_or_else(|| {
                let names = self.known.names();
                SetupError::new(
                    "path",
                    format!("there is no converter {wanted}"),
                    format!("use one of {names}"),
                )
                .at(self.pattern.to_owned())
            })?
        };
        let capture = self.capture(name.into());
        let takes_segments = matches!(converter.test, Test::Path);
        self.path.converters.push((capture, converter));
        Ok(if takes_segments {
            Node::Segments(capture)
        } else {
            Node::Variable(capture)
        })
    }

    fn capture(&mut self, name: String) -> usize {
        self.path.names.push(name);
        self.path.names.len() - 1
    }

    /// The word that follows.
    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(character) = self
            .rest
            .next_if(|next| next.is_ascii_alphanumeric() || *next == '_')
        {
            name.push(character);
        }
        name
    }

    fn mistake(&self, problem: &str) -> SetupError {
        let remedy = "write a backslash before a character that stands for itself";
        SetupError::new("path", problem, remedy).at(self.pattern.to_owned())
    }
}
