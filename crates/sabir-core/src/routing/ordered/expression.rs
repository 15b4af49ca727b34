//! Patterns as regular expressions over the encoded path.

use std::{fmt::Write, sync::Arc};

use percent_encoding::percent_decode;
use regex::bytes::Regex;
use smallvec::SmallVec;

use super::{
    super::converter::Converter,
    node::{Node, Path},
    regex,
};
use crate::SetupError;

/// A pattern that is not a literal.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) regex: Regex,
    /// Groups of the expression, each with the capture that it belongs to.
    groups: Vec<(usize, usize)>,
    /// The names of the captures.
    pub(super) names: Vec<Option<String>>,
    /// What captures have to be.
    converters: Vec<(usize, Arc<Converter>)>,
}

impl Expression {
    /// The expression of a path.
    pub(super) fn of_path(path: Path) -> Result<Self, SetupError> {
        let mut writer = Writer::default();
        writer.sequence(&path.nodes);
        Ok(Self {
            regex: regex(&format!(r"\A(?s:{})\z", writer.text))?,
            groups: (1..).zip(writer.groups).collect(),
            names: path.names.into_iter().map(Some).collect(),
            converters: path.converters,
        })
    }

    /// An expression that is one. Where some groups have names, only those capture.
    pub(super) fn new(source: &str) -> Result<Self, SetupError> {
        let regex = regex(&format!(r"\A(?:{source})\z"))?;
        let has_names = regex.capture_names().any(|name| name.is_some());
        let mut groups = Vec::new();
        let mut names: Vec<Option<String>> = Vec::new();
        for (group, name) in regex.capture_names().enumerate().skip(1) {
            if name.is_some() || !has_names {
                groups.push((group, names.len()));
                names.push(name.map(str::to_owned));
            }
        }
        Ok(Self {
            regex,
            groups,
            names,
            converters: Vec::new(),
        })
    }

    /// What the captures take of a path, if it matches.
    pub(super) fn captures<'p>(&self, path: &'p [u8]) -> Option<SmallVec<[Option<&'p [u8]>; 4]>> {
        let found = self.regex.captures(path)?;
        let mut captures: SmallVec<[Option<&'p [u8]>; 4]> = SmallVec::from_elem(None, self.names.len());
        for (group, capture) in &self.groups {
            if let (Some(taken), Some(slot)) = (found.get(*group), captures.get_mut(*capture)) {
                *slot = Some(taken.as_bytes());
            }
        }
        let fits = |(capture, converter): &(usize, Arc<Converter>)| {
            let taken = captures.get(*capture).copied().flatten();
            taken.is_none_or(|taken| {
                let text = percent_decode(taken).decode_utf8();
                text.is_ok_and(|text| converter.fits(&text))
            })
        };
        self.converters.iter().all(fits).then_some(captures)
    }
}

/// Writes the expression of a path.
#[derive(Default)]
struct Writer {
    text: String,
    /// The capture of each group.
    groups: Vec<usize>,
}

impl Writer {
    fn sequence(&mut self, nodes: &[Node]) {
        let mut rest = nodes;
        while let Some((first, behind)) = rest.split_first() {
            rest = behind;
            match (first, extension(behind)) {
                (Node::Variable(capture), Some(length)) => {
                    let (extension, behind) = behind.split_at(length);
                    self.with_extension(*capture, extension);
                    rest = behind;
                }
                _ => self.node(first),
            }
        }
    }

    /// A variable with something optional behind it, that begins with a literal and has a variable, too. As much as can be belongs to
    /// the second variable.
    fn with_extension(&mut self, capture: usize, extension: &[Node]) {
        self.text.push_str("(?:");
        self.capture(capture, "[^/?#]+?");
        for node in extension {
            match node {
                Node::Optional(node) => self.node(node),
                node => self.node(node),
            }
        }
        self.text.push('|');
        self.capture(capture, "[^/?#]+");
        for node in extension {
            self.node(node);
        }
        self.text.push(')');
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Slash => self.text.push('/'),
            Node::Literal(character) => self.literal(*character),
            Node::Variable(capture) => self.capture(*capture, "[^/?#]+"),
            Node::Segments(capture) => self.capture(*capture, ".+"),
            Node::Splat(capture) => self.capture(*capture, ".*?"),
            Node::Group(alternatives) => {
                self.text.push_str("(?:");
                for (index, alternative) in alternatives.iter().enumerate() {
                    if index > 0 {
                        self.text.push('|');
                    }
                    self.sequence(alternative);
                }
                self.text.push(')');
            }
            Node::Optional(node) => {
                self.text.push_str("(?:");
                self.node(node);
                self.text.push_str(")?");
            }
        }
    }

    fn capture(&mut self, capture: usize, expression: &str) {
        self.groups.push(capture);
        self.text.push('(');
        self.text.push_str(expression);
        self.text.push(')');
    }

    /// A character as it is, and as its escape.
    fn literal(&mut self, character: char) {
        let mut buffer = [0; 4];
        let bytes = character.encode_utf8(&mut buffer).as_bytes();
        self.text.push_str("(?:");
        for byte in bytes {
            // Writing to a String cannot fail.
            let _ = write!(self.text, r"\x{byte:02x}");
        }
        self.text.push_str("|(?i:");
        for byte in bytes {
            let _ = write!(self.text, "%{byte:02x}");
        }
        self.text.push(')');
        if character == ' ' {
            self.text.push_str(r"|\+|%2[bB]");
        }
        self.text.push(')');
    }
}

/// How many nodes are an optional ending of the variable before them, such as `.?:format?` or `(.:format)?`.
fn extension(nodes: &[Node]) -> Option<usize> {
    let mut has_literal = false;
    for (index, node) in nodes.iter().enumerate() {
        match node {
            Node::Literal(_) => has_literal = true,
            Node::Optional(inner) => match &**inner {
                Node::Literal(_) => has_literal = true,
                Node::Variable(_) => return has_literal.then_some(index + 1),
                Node::Group(alternatives) => return starts_extension(alternatives).then_some(index + 1),
                _ => return None,
            },
            _ => return None,
        }
    }
    None
}

fn starts_extension(alternatives: &[Vec<Node>]) -> bool {
    let is_variable = |node: &Node| matches!(node, Node::Variable(_));
    alternatives
        .iter()
        .all(|nodes| matches!(nodes.first(), Some(Node::Literal(_))) && nodes.iter().any(is_variable))
}
