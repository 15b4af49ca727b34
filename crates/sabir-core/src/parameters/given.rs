//! Which parts of the query and which cookies belong to which parameter.
//!
//! A route with few parameters reads the text once for each, which takes no memory. A route with more of them makes one
//! pass, so that time stays linear in what was sent and in what is declared.

use std::{borrow::Cow, collections::HashMap};

use http::HeaderMap;
use smallvec::SmallVec;

use super::{
    Compiled,
    query::{decode_form, pairs},
};
use crate::{
    Text,
    header::field::cookie_pairs,
    operation::{In, Style},
};

/// Up to so many parameters of a place, the text is read once for each.
const READ_FOR_EACH: usize = 4;

/// What the query has for one parameter, its values not yet decoded.
#[derive(Debug, Default)]
pub(super) struct Given<'q> {
    /// The values of pairs with the parameter's own name.
    pub(super) values: SmallVec<[&'q str; 2]>,
    /// The pairs that are members of the parameter's object.
    pub(super) members: Vec<(Cow<'q, str>, &'q str)>,
}

/// The parameters of one route by the names that they have in the query and among the cookies; empty where there are few.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    query: HashMap<Text, SmallVec<[usize; 1]>>,
    /// The parameters that get the pairs that are nobody else's.
    others: SmallVec<[usize; 1]>,
    has_many_cookies: bool,
}

impl Names {
    pub(super) fn of(list: &[Compiled]) -> Self {
        let takes_others = |(index, parameter): (usize, &Compiled)| parameter.takes_others().then_some(index);
        let mut names = Self {
            others: list.iter().enumerate().filter_map(takes_others).collect(),
            has_many_cookies: count(list, In::Cookie) > READ_FOR_EACH,
            ..Self::default()
        };
        // Which pairs are nobody else's is only known when all are sorted.
        if count(list, In::Query) <= READ_FOR_EACH && names.others.is_empty() {
            return names;
        }
        let mut add = |name: &str, index| {
            let indexes = names.query.entry(name.into()).or_default();
            if indexes.last() != Some(&index) {
                indexes.push(index);
            }
        };
        let in_query = list
            .iter()
            .enumerate()
            .filter(|(_, known)| known.location == In::Query);
        for (index, parameter) in in_query {
            if !parameter.has_members_only() {
                add(stem(&parameter.name), index);
                add(&parameter.name, index);
            }
            if parameter.has_exploded_members() {
                parameter
                    .text
                    .root()
                    .names()
                    .iter()
                    .for_each(|name| add(name, index));
            }
        }
        names
    }

    /// Sorts the whole query; nothing where it is read for each parameter.
    pub(super) fn sort<'q>(&self, list: &[Compiled], query: &'q str) -> Vec<Given<'q>> {
        if self.query.is_empty() && self.others.is_empty() {
            return Vec::new();
        }
        let mut given: Vec<Given<'_>> = list.iter().map(|_| Given::default()).collect();
        for (raw, value) in pairs(query) {
            // A name that cannot be decoded is nobody's.
            let Ok(name) = decode_form(raw) else { continue };
            let stem = stem(&name);
            let of = |name: &str| self.query.get(name).into_iter().flatten();
            let by_stem = of(stem).filter(|_| stem.len() < name.len());
            let mut is_taken = false;
            for &index in of(&name).chain(by_stem) {
                is_taken |= given[index].add(&list[index], &name, value);
            }
            if !is_taken {
                for &index in &self.others {
                    given[index].members.push((name.clone(), value));
                }
            }
        }
        given
    }

    /// The cookies by name; nothing where they are read for each parameter.
    pub(super) fn cookies<'h>(&self, headers: &'h HeaderMap) -> Option<HashMap<&'h [u8], &'h [u8]>> {
        if !self.has_many_cookies {
            return None;
        }
        let mut cookies = HashMap::new();
        for (name, value) in cookie_pairs(headers) {
            cookies.entry(name).or_insert(value);
        }
        Some(cookies)
    }
}

impl<'q> Given<'q> {
    /// What `query` has for `parameter` alone.
    pub(super) fn read(parameter: &Compiled, query: &'q str) -> Self {
        let mut given = Self::default();
        for (raw, value) in pairs(query) {
            if let Ok(name) = decode_form(raw) {
                given.add(parameter, &name, value);
            }
        }
        given
    }

    /// Adds a pair if it is one of the parameter's, and says whether it is.
    #[expect(
        clippy::ptr_arg,
        reason = "what is kept borrows from the query exactly when the name does"
    )]
    fn add(&mut self, parameter: &Compiled, name: &Cow<'q, str>, value: &'q str) -> bool {
        if parameter.style == Style::DeepObject {
            let key = name
                .strip_prefix(parameter.name.as_str())
                .and_then(|rest| rest.strip_prefix('['))
                .and_then(|rest| rest.strip_suffix(']'));
            if let Some(key) = key {
                self.members.push((Cow::Owned(key.to_owned()), value));
            }
            return key.is_some();
        }
        if parameter.has_exploded_members() && parameter.text.root().declares(name) {
            self.members.push((name.clone(), value));
            true
        } else if *name == parameter.name.as_str() && !parameter.has_members_only() {
            self.values.push(value);
            true
        } else {
            false
        }
    }
}

impl Compiled {
    /// Whether every declared property of the parameter's object is a pair of its own.
    pub(super) fn has_exploded_members(&self) -> bool {
        self.style == Style::Form && self.explode && self.text.root().is_object()
    }

    /// Whether the parameter's object also has the pairs that no parameter names (OpenAPI 3.1 §4.8.12.3, `form` with
    /// `explode`): its schema says something of them.
    fn takes_others(&self) -> bool {
        self.location == In::Query && self.has_exploded_members() && self.text.root().speaks_of_others()
    }

    /// Whether no pair has the parameter's own name.
    pub(super) fn has_members_only(&self) -> bool {
        self.has_exploded_members() && self.text.root().is_only_object()
    }
}

fn count(list: &[Compiled], location: In) -> usize {
    list.iter().filter(|known| known.location == location).count()
}

/// The part of a name before its first bracket, by which the members of a `deepObject` are found.
fn stem(name: &str) -> &str {
    name.split_once('[').map_or(name, |(stem, _)| stem)
}
