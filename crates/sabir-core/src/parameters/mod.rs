//! Parameters in path, query, header and cookie (OpenAPI 3.1 §4.8.12).

use http::HeaderMap;

use crate::{
    Kind, Problem, SetupError, Value, Violation,
    operation::{In, Parameter},
    routing::{Captures, Pattern},
    schema::SchemaCompiler,
};

/// The compiled parameters of one route.
#[derive(Debug, Clone)]
pub struct Parameters {
    _private: (),
}

/// One compiled parameter as a host sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterInfo<'a> {
    /// The name on the wire.
    pub name: &'a str,
    /// Where it is.
    pub location: In,
    /// What its values are.
    pub kind: &'a Kind,
}

impl Parameters {
    /// Compiles the declared parameters. Path variables of `pattern` that the operation does not declare are added
    /// after the declared ones, in path order, with the schema of their converter.
    ///
    /// # Errors
    /// A path parameter that the pattern lacks, a name declared twice, a style that the location does not allow, a
    /// schema that does not compile.
    pub fn compile(
        _declared: &[Parameter],
        _pattern: &Pattern,
        _schemas: &SchemaCompiler,
    ) -> Result<Self, SetupError> {
        todo!()
    }

    /// The parameters in the order of [`Arguments::parameters`](crate::Arguments::parameters).
    pub fn iter(&self) -> impl Iterator<Item = ParameterInfo<'_>> {
        std::iter::empty()
    }

    /// Decodes every parameter, coercing by its schema only. What does not fit is added to `violations`.
    ///
    /// # Errors
    /// `bad-request` for what is not well formed: a bad percent-escape, text that is not UTF-8.
    pub fn decode(
        &self,
        _captures: &Captures<'_>,
        _query: Option<&str>,
        _headers: &HeaderMap,
        _violations: &mut Vec<Violation>,
    ) -> Result<Vec<Option<Value>>, Problem> {
        todo!()
    }
}
