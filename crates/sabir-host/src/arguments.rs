//! Which parts of a call a handler of the host gets.

use sabir_core::{Call, Route, SetupError, Value};

/// Where an argument comes from.
///
/// Found once, when the route is added; reading is an index. What stands for an absent value, and what becomes of one that is
/// there, is the host's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The parameter with this index among those of the route.
    Parameter(usize),
    /// The decoded body.
    Body,
    /// The member of the decoded body that has this name: a field of a form, or one of several values in one object.
    Member(String),
}

impl Source {
    /// The parameter of `route` at `location`, a word of OpenAPI's `in`, with this name.
    ///
    /// # Errors
    /// There is none.
    pub fn parameter(route: &Route, location: &str, name: &str) -> Result<Self, SetupError> {
        route
            .parameters
            .iter()
            .position(|info| info.location.as_str() == location && info.name == name)
            .map(Self::Parameter)
            .ok_or_else(|| {
                let problem = format!("there is no {location} parameter {name:?}");
                SetupError::new("parameters", problem, "declare it in the operation").at(format!(
                    "{} {}",
                    route.method,
                    route.pattern.as_str()
                ))
            })
    }

    /// The value in `call`; `None` when the client sent none and the schema has no default.
    #[inline]
    pub fn value<'a>(&self, call: &'a Call) -> Option<&'a Value> {
        match self {
            Self::Parameter(index) => call.arguments.parameters.get(*index)?.as_ref(),
            Self::Body => call.arguments.body.as_ref(),
            Self::Member(name) => match &call.arguments.body {
                Some(Value::Object(members)) => members.get(name),
                _ => None,
            },
        }
    }
}
