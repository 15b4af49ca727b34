//! The tree of segments that paths are looked up in.

use hashbrown::HashMap;

use super::{
    captures::{Captures, PathSegments},
    pattern::leads_elsewhere,
    segment::{Rank, Segment, Template},
};

/// What follows after some segments.
#[derive(Debug, Default)]
pub(super) struct Node {
    literals: HashMap<Box<str>, Node>,
    /// Sorted, the most specific first.
    variables: Vec<(Rank, Template, Node)>,
    wildcard: Option<Box<Node>>,
    /// The index of the endpoint for a path that ends here.
    endpoint: Option<usize>,
    /// The most segments that can follow; meaningful below a wildcard, which does not hold another one.
    depth: usize,
}

impl Node {
    /// The endpoint of `segments`; `index` becomes that of a new one.
    pub(super) fn insert(&mut self, segments: &[Segment], index: usize) -> usize {
        self.depth = self.depth.max(segments.len());
        let Some((first, rest)) = segments.split_first() else {
            return *self.endpoint.get_or_insert(index);
        };
        match first {
            Segment::Literal(text) => self.literals.entry(text.clone()).or_default().insert(rest, index),
            Segment::Wildcard(_) => self.wildcard.get_or_insert_default().insert(rest, index),
            Segment::Variables(template) => {
                if let Some((_, _, node)) = self
                    .variables
                    .iter_mut()
                    .find(|(_, known, _)| known.is_same(template))
                {
                    return node.insert(rest, index);
                }
                let rank = template.rank();
                let position = self.variables.partition_point(|(known, _, _)| *known <= rank);
                let mut node = Self::default();
                let endpoint = node.insert(rest, index);
                self.variables.insert(position, (rank, template.clone(), node));
                endpoint
            }
        }
    }

    /// Visits the endpoints that the segments from `index` on lead to, the most specific first, until `visit` says
    /// true. `captures` then holds the variable parts.
    ///
    /// The work is bounded: without wildcards each node is entered at most once, and a wildcard tries only as many
    /// ends as there are segments after it in the routes.
    pub(super) fn walk<'p>(
        &self,
        path: &PathSegments<'p>,
        index: usize,
        captures: &mut Captures<'p>,
        visit: &mut dyn FnMut(usize) -> bool,
    ) -> bool {
        let Some(text) = path.get(index) else {
            return self.endpoint.is_some_and(visit);
        };
        let is_variable = !self.variables.is_empty() || self.wildcard.is_some();
        if let Some(node) = self.literals.get(&**text)
            && (crate::Switch::Precedence.is_on() || !is_variable)
            && node.walk(path, index + 1, captures, visit)
        {
            return true;
        }
        let mark = captures.0.len();
        for (_, template, node) in &self.variables {
            if template.capture(text, path.raw(index, index + 1), captures)
                && node.walk(path, index + 1, captures, visit)
            {
                return true;
            }
            captures.truncate(mark);
        }
        // A capture that starts with a slash would pass for an absolute path, and an empty one for none.
        let Some(node) = self
            .wildcard
            .as_deref()
            .filter(|_| !text.is_empty() && !text.starts_with('/'))
        else {
            return false;
        };
        let earliest = path.len().saturating_sub(node.depth).max(index + 1);
        let harmless = (index..path.len())
            .take_while(|at| path.get(*at).is_some_and(|text| !leads_elsewhere(text)))
            .count();
        for end in earliest..=index + harmless {
            captures.push(path.join(index, end), path.raw(index, end));
            if node.walk(path, end, captures, visit) {
                return true;
            }
            captures.truncate(mark);
        }
        false
    }
}
