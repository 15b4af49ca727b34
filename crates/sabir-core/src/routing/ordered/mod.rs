//! Routes that are tried in the order in which they were added, as applications that pass a request on expect it.
//!
//! A path without variables is found in a table. The patterns of all others are one automaton, which tells in one pass over
//! the path which of them match. Only the one whose turn it is has its captures read. All of it takes time that is linear
//! in the length of the path.

mod expression;
mod node;

#[cfg(test)]
mod tests;

use hashbrown::HashMap;
use percent_encoding::percent_decode;
use regex::bytes::{Regex, RegexSet, RegexSetBuilder};
use smallvec::SmallVec;

use self::{expression::Expression, node::Path};
use super::Converters;
use crate::SetupError;

/// How large the automaton of all patterns may become.
const SIZE_LIMIT: usize = 64 << 20;

/// Up to how many expressions are asked one by one.
const FEW: usize = 2;

/// What one route matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderedPattern {
    /// A path with `:name`, `*`, `( )`, `|`, `?`, `{name}` and `{name:converter}`; a backslash takes the meaning from what follows.
    Path(String),
    /// A regular expression that matches the whole of a path as it was sent.
    Expression(String),
    /// Any path: the caller decides.
    Any,
}

/// Patterns in an order.
///
/// ```
/// use sabir_core::routing::{Converters, OrderedPattern, OrderedRoutes};
///
/// let patterns = ["/hi/:name", "/hi/*"].map(|path| OrderedPattern::Path(path.into()));
/// let routes = OrderedRoutes::new(&patterns, &Converters::default())?;
/// let found = routes.find(b"/hi/ann", 0).unwrap();
/// assert_eq!((found.index, &*found.captures), (0, &[Some(&b"ann"[..])][..]));
/// assert_eq!(routes.find(b"/hi/ann", found.index + 1).unwrap().index, 1);
/// # Ok::<(), sabir_core::SetupError>(())
/// ```
#[derive(Debug)]
pub struct OrderedRoutes {
    routes: Vec<Route>,
    /// The routes of paths without variables, by the decoded path, in their order.
    literals: HashMap<Box<[u8]>, SmallVec<[usize; 1]>>,
    automaton: RegexSet,
    /// The route of each pattern of the automaton.
    members: Vec<usize>,
    /// The routes that match any path.
    open: Vec<usize>,
    /// The first route that is no literal.
    first_other: usize,
    /// The last one, as far as there is one.
    last_other: usize,
}

#[derive(Debug)]
enum Route {
    Literal,
    Expression(Expression),
    Any,
}

/// A route that matches.
#[derive(Debug)]
pub struct OrderedMatch<'p> {
    /// Where the route stands.
    pub index: usize,
    /// What the captures have taken, as it was sent. None has been taken by those of a part that is absent.
    pub captures: SmallVec<[Option<&'p [u8]>; 4]>,
}

impl OrderedRoutes {
    /// Compiles patterns.
    ///
    /// # Errors
    /// One of them cannot be read, or all of them are too large.
    pub fn new(patterns: &[OrderedPattern], converters: &Converters) -> Result<Self, SetupError> {
        let mut this = Self {
            routes: Vec::with_capacity(patterns.len()),
            literals: HashMap::new(),
            automaton: RegexSet::empty(),
            members: Vec::new(),
            open: Vec::new(),
            first_other: patterns.len(),
            last_other: 0,
        };
        let mut expressions = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let route = this.compile(index, pattern, converters)?;
            if let Route::Expression(expression) = &route {
                expressions.push(expression.regex.as_str().to_owned());
                this.members.push(index);
            }
            if !matches!(route, Route::Literal) {
                this.first_other = this.first_other.min(index);
                this.last_other = index;
            }
            this.routes.push(route);
        }
        this.automaton = RegexSetBuilder::new(&expressions)
            .size_limit(SIZE_LIMIT)
            .unicode(false)
            .build()
            .map_err(|error| {
                SetupError::new("path", error.to_string(), "use fewer or shorter expressions")
            })?;
        Ok(this)
    }

    fn compile(
        &mut self,
        index: usize,
        pattern: &OrderedPattern,
        converters: &Converters,
    ) -> Result<Route, SetupError> {
        match pattern {
            OrderedPattern::Path(path) => {
                let path = Path::parse(path, converters)?;
                if let Some(literal) = path.literal() {
                    self.literals.entry(literal.into()).or_default().push(index);
                    return Ok(Route::Literal);
                }
                Expression::of_path(path).map(Route::Expression)
            }
            OrderedPattern::Expression(source) => Expression::new(source).map(Route::Expression),
            OrderedPattern::Any => {
                self.open.push(index);
                Ok(Route::Any)
            }
        }
    }

    /// The first route that matches `path` and does not stand before `from`.
    pub fn find<'p>(&self, path: &'p [u8], from: usize) -> Option<OrderedMatch<'p>> {
        let literal = self.literal(path, from);
        // Where no other can stand before it, none has to be asked.
        if let Some(index) = literal.filter(|index| *index < self.first_other || self.last_other < from) {
            return Some(OrderedMatch {
                index,
                captures: SmallVec::new(),
            });
        }
        let mut candidates: SmallVec<[usize; 8]> = self.open.iter().copied().collect();
        candidates.extend(literal);
        candidates.extend(self.matching(path));
        candidates.sort_unstable();
        candidates
            .into_iter()
            .filter(|index| *index >= from)
            .find_map(|index| {
                let captures = match self.routes.get(index)? {
                    Route::Literal | Route::Any => SmallVec::new(),
                    Route::Expression(expression) => expression.captures(path)?,
                };
                Some(OrderedMatch { index, captures })
            })
    }

    /// The routes of the automaton that match.
    fn matching(&self, path: &[u8]) -> SmallVec<[usize; 8]> {
        // A few say sooner themselves whether they match.
        if self.members.len() <= FEW {
            return SmallVec::from_slice(&self.members);
        }
        let matches = self.automaton.matches(path);
        matches
            .iter()
            .filter_map(|member| self.members.get(member).copied())
            .collect()
    }

    fn literal(&self, path: &[u8], from: usize) -> Option<usize> {
        let routes = if memchr::memchr(b'%', path).is_some() {
            self.literals.get(&*decode_data(path))
        } else {
            self.literals.get(path)
        };
        routes?.iter().copied().find(|index| *index >= from)
    }

    /// The names of the captures of a route, in their order. Those of an expression without names have none.
    pub fn names(&self, index: usize) -> &[Option<String>] {
        match self.routes.get(index) {
            Some(Route::Expression(expression)) => &expression.names,
            _ => &[],
        }
    }
}

/// Decodes a path, but for its escaped slashes, which are data.
fn decode_data(path: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some(position) = memchr::memchr(b'%', rest) {
        let (before, after) = rest.split_at(position);
        decoded.extend_from_slice(before);
        let escape = after.get(..3).unwrap_or(after);
        match escape {
            [b'%', b'2', b'f' | b'F'] => decoded.extend_from_slice(escape),
            _ => decoded.extend(percent_decode(escape)),
        }
        rest = after.get(escape.len()..).unwrap_or_default();
    }
    decoded.extend_from_slice(rest);
    decoded
}

/// Compiles one expression, of bytes: a path may have any.
fn regex(source: &str) -> Result<Regex, SetupError> {
    regex::bytes::RegexBuilder::new(source)
        .unicode(false)
        .size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| {
            SetupError::new(
                "path",
                error.to_string(),
                "see the documentation of the crate regex",
            )
        })
}
