//! Which parts of the query and which cookies belong to which parameter.
//!
//! The query is read once. Where there are few parameters, each of them is asked for each pair, which takes no memory; where
//! there are more, they are found by name, so that time stays linear in what was sent and in what is declared.

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

/// Up to so many parameters of a place, each of them is asked.
const FEW: usize = 4;

/// What the query has for one parameter, its values not yet decoded.
#[derive(Debug, Default)]
pub(super) struct Given<'q> {
    /// The values of pairs with the parameter's own name.
    pub(super) values: SmallVec<[&'q str; 2]>,
    /// The pairs that are members of the parameter's object.
    pub(super) members: Vec<(Cow<'q, str>, &'q str)>,
}

/// The parameters of one route that are in the query and among the cookies.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Where the query parameters are in the list. What follows names them by their places in this one.
    in_query: SmallVec<[usize; FEW]>,
    /// The query parameters by name; empty where there are few.
    query: HashMap<Text, SmallVec<[usize; 1]>>,
    /// Those that get the pairs that are nobody else's.
    others: SmallVec<[usize; 1]>,
    has_many_cookies: bool,
}

impl Names {
    pub(super) fn of(list: &[Compiled]) -> Self {
        let in_query: SmallVec<[usize; FEW]> = list
            .iter()
            .enumerate()
            .filter(|(_, known)| known.location == In::Query)
            .map(|(index, _)| index)
            .collect();
        let parameters = || in_query.iter().map(|&index| &list[index]).enumerate();
        let mut names = Self {
            others: parameters()
                .filter(|(_, parameter)| parameter.takes_others())
                .map(|(place, _)| place)
                .collect(),
            has_many_cookies: count(list, In::Cookie) > FEW,
            ..Self::default()
        };
        if in_query.len() > FEW {
            for (place, parameter) in parameters() {
                names.add(place, parameter);
            }
        }
        names.in_query = in_query;
        names
    }

    /// Has the query parameter at `place` be found by its names.
    fn add(&mut self, place: usize, parameter: &Compiled) {
        let mut add = |name: &str| {
            let places = self.query.entry(name.into()).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        };
        if !parameter.has_members_only() {
            add(stem(&parameter.name));
            add(&parameter.name);
        }
        if parameter.has_exploded_members() {
            parameter.text.root().names().iter().for_each(|name| add(name));
        }
    }

    /// What the query has for each of its parameters, in their order.
    pub(super) fn sort<'q>(&self, list: &[Compiled], query: &'q str) -> SmallVec<[Given<'q>; FEW]> {
        let mut given: SmallVec<[Given<'_>; FEW]> = self.in_query.iter().map(|_| Given::default()).collect();
        if given.is_empty() {
            return given;
        }
        for (raw, value) in pairs(query) {
            // A name that cannot be decoded is nobody's.
            let Ok(name) = decode_form(raw) else { continue };
            let mut is_taken = false;
            let mut offer = |place: usize| {
                is_taken |= given[place].add(&list[self.in_query[place]], &name, value);
            };
            if self.query.is_empty() {
                (0..self.in_query.len()).for_each(&mut offer);
            } else {
                let stem = stem(&name);
                let of = |name: &str| self.query.get(name).into_iter().flatten().copied();
                let by_stem = of(stem).filter(|_| stem.len() < name.len());
                of(&name).chain(by_stem).for_each(&mut offer);
            }
            if !is_taken {
                for &place in &self.others {
                    given[place].members.push((name.clone(), value));
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
