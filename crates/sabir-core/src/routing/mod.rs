//! Paths: patterns, converters, matching and reverse URLs.
#![allow(dead_code, missing_docs)]

use std::{borrow::Cow, sync::Arc};

use http::Method;
use smallvec::SmallVec;

use crate::{SetupError, operation::SchemaData, settings::TrailingSlash};

/// The set of converters: the built-in ones (`int float bool str uuid date datetime time path`) and custom ones.
#[derive(Debug, Clone, Default)]
pub struct Converters {
    _private: (),
}

impl Converters {
    /// Adds a converter: a segment matches when the whole of it matches `regex`; `schema` is given to the parameter.
    ///
    /// # Errors
    /// A name that is taken, a regular expression that does not compile.
    pub fn add(&mut self, _name: &str, _regex: &str, _schema: SchemaData) -> Result<(), SetupError> {
        todo!()
    }
}

/// A parsed path pattern such as `/users/{id:int}` or `/f/{name}.json`.
#[derive(Debug, Clone)]
pub struct Pattern {
    _private: (),
}

impl Pattern {
    /// Parses `text`.
    ///
    /// # Errors
    /// Says what is wrong at which place of the pattern.
    pub fn parse(_text: &str, _converters: &Converters) -> Result<Self, SetupError> {
        todo!()
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        todo!()
    }

    /// Variable names with the schema of their converter, in path order.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &SchemaData)> {
        std::iter::empty()
    }

    /// The path for `values` (reverse routing), percent-encoded (RFC 3986 §3.3).
    ///
    /// # Errors
    /// A missing, surplus or ill-fitting value.
    pub fn build(&self, _values: &[(&str, &str)]) -> Result<String, SetupError> {
        todo!()
    }
}

/// The decoded variable parts of a matched path, in pattern order.
#[derive(Debug, Clone, Default)]
pub struct Captures<'p>(pub SmallVec<[Cow<'p, str>; 4]>);

/// Matches methods and paths; `T` is what a route leads to.
#[derive(Debug)]
pub struct Router<T> {
    targets: Vec<T>,
}

/// What a path leads to.
#[derive(Debug)]
pub enum Found<'r, 'p, T> {
    /// A route. HEAD finds the GET route where no HEAD route is declared.
    Route { target: &'r T, captures: Captures<'p> },
    /// OPTIONS on a known path that declares no OPTIONS route; `allow` is the value of `Allow`.
    Options { allow: &'r str },
    /// A known path without this method.
    MethodNotAllowed { allow: &'r str },
    /// The path with the trailing slash that the route declares (the query is the caller's to add).
    Redirect { path: String },
    /// No route.
    NotFound,
    /// The path is not well formed: a bad escape, text that is not UTF-8.
    Malformed { detail: String },
}

impl<T> Router<T> {
    pub fn new(_trailing_slash: TrailingSlash) -> Self {
        Self { targets: Vec::new() }
    }

    /// Adds a route.
    ///
    /// # Errors
    /// When another route of the same method matches the same paths with the same precedence; both are named.
    pub fn add(&mut self, _method: Method, _pattern: Arc<Pattern>, _target: T) -> Result<(), SetupError> {
        todo!()
    }

    /// Finds the route of `method` and the still encoded `path`. Static segments win over typed ones, typed over
    /// plain ones, plain ones over `path` wildcards.
    pub fn find<'r, 'p>(&'r self, _method: &Method, _path: &'p str) -> Found<'r, 'p, T> {
        todo!()
    }
}
