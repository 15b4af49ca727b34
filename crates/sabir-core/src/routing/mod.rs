//! Paths: patterns, converters, matching and reverse URLs.
//!
//! A pattern such as `/users/{id:int}` is split at its slashes. A segment is a literal, or has variables, or is
//! a `path` wildcard that takes one or more whole segments. When several routes match a path, segments are
//! compared from left to right, and the more specific one wins:
//!
//! 1. a literal: `/users/me`;
//! 2. a typed variable: `/users/{id:int}`, `/users/{kind:a|b}`, in the order choice, `bool`, `int`, `float`,
//!    `date`, `time`, `datetime`, `uuid`, then custom converters in the order they were added;
//! 3. a plain variable: `/users/{name}`, `/users/{name:str}`;
//! 4. a wildcard: `/users/{rest:path}`.
//!
//! Among variables of one class, more text around them wins: `/f/{name}.json` before `/f/{name}`. A choice that
//! turns out to lead nowhere is taken back. Two routes that this order cannot tell apart are refused when the
//! second is added.
//!
//! Three rules hold for every variable: it never matches an empty text; a `path` wildcard never starts with a
//! slash; a segment is split off before it is percent-decoded, so an encoded slash is data (RFC 3986 §2.2).

mod captures;
mod converter;
mod endpoint;
mod fit;
mod ordered;
mod parse;
mod pattern;
mod percent;
mod router;
mod segment;
mod tree;

#[cfg(test)]
mod tests;

pub use captures::Captures;
pub use converter::Converters;
pub use endpoint::ANY_METHOD;
pub use ordered::{OrderedMatch, OrderedPattern, OrderedRoutes};
pub use pattern::Pattern;
pub(crate) use percent::{encode as encode_segment, encode_in_query};
pub use router::{Found, Router};
