//! Parameters in path, query, header and cookie (OpenAPI 3.1 §4.8.12).

use http::HeaderMap;

use crate::{
    Kind, Problem, SetupError, Text, Value, Violations,
    operation::{In, Parameter, Style},
    routing::{Captures, Pattern},
    schema::{Schema, SchemaCompiler},
};

mod coerce;
mod compile;
mod decode;
mod given;
pub(crate) mod query;
pub(crate) mod text_schema;

pub use coerce::coerce;

/// The compiled parameters of one route.
///
/// Compile once when the route is added and share it: for a few parameters, decoding allocates only for the values it
/// returns.
#[derive(Debug, Clone)]
pub struct Parameters {
    list: Vec<Compiled>,
    names: given::Names,
}

#[derive(Debug, Clone)]
struct Compiled {
    name: Text,
    location: In,
    required: bool,
    style: Style,
    explode: bool,
    /// The index of the path variable.
    capture: Option<usize>,
    schema: Schema,
    text: text_schema::TextSchema,
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
        declared: &[Parameter],
        pattern: &Pattern,
        schemas: &SchemaCompiler,
    ) -> Result<Self, SetupError> {
        compile::compile(declared, pattern, schemas)
    }

    /// The parameters in the order of [`Arguments::parameters`](crate::Arguments::parameters).
    pub fn iter(&self) -> impl Iterator<Item = ParameterInfo<'_>> {
        self.list.iter().map(|parameter| ParameterInfo {
            name: &parameter.name,
            location: parameter.location,
            kind: parameter.schema.kind(),
        })
    }

    /// Decodes every parameter, coercing by its schema only. What does not fit is added to `violations`.
    ///
    /// # Errors
    /// `bad-request` for what is not well formed: a bad percent-escape, text that is not UTF-8.
    pub fn decode(
        &self,
        captures: &Captures<'_>,
        query: Option<&str>,
        headers: &HeaderMap,
        violations: &mut Violations,
    ) -> Result<Vec<Option<Value>>, Problem> {
        if !crate::Switch::Parameters.is_on() {
            return Ok(vec![None; self.list.len()]);
        }
        decode::decode_all(self, captures, query, headers, violations)
    }
}
