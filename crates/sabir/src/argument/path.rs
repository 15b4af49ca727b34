//! The variables of the path.

use sabir_core::{
    Call, Location, Map, Problem, SetupError, Text, Value,
    deserialize::{DeserializeError, from_value},
    operation::{In, SchemaData},
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{Argument, misfit};
use crate::{Description, schema::TypeSchema};

/// The variables of the path: one value, a tuple in path order, or a struct or a map by name.
///
/// The type says how a variable is read: `Path<u64>` of `/users/{id}` takes digits, and other text is answered with 422.
/// With a converter, `{id:int}`, other text is another path, which is answered with 404. Several arguments share the
/// variables in their order. A type that the pattern cannot fill is refused when the application is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Path<T>(pub T);

/// Where the variables of a [`Path`] are among the parameters.
#[derive(Debug)]
pub enum PathPlan {
    /// One value.
    Alone(Text, usize),
    /// By place.
    Tuple(Vec<(Text, usize)>),
    /// By name.
    Named(Vec<(Text, usize)>),
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for Path<T> {
    type Plan = PathPlan;
    type Rejection = Box<Problem>;

    fn describe(description: &mut Description<'_>) -> Result<PathPlan, SetupError> {
        let schema = TypeSchema::of::<T>();
        let variables: Vec<(Text, SchemaData)> = description
            .pattern()
            .variables()
            .map(|(name, schema)| (name.into(), schema.clone()))
            .collect();
        if let Some(values) = schema.values() {
            let add = |(name, _): &(Text, SchemaData)| {
                let index = description.add_parameter(In::Path, name, values.clone(), true)?;
                Ok((name.clone(), index))
            };
            return variables
                .iter()
                .map(add)
                .collect::<Result<_, _>>()
                .map(PathPlan::Named);
        }
        if let Some(members) = schema.members() {
            let mut places = Vec::new();
            for member in members {
                let Some(variable) = variables.iter().find(|(name, _)| *name == member.name) else {
                    if !member.is_required {
                        continue;
                    }
                    let problem = format!(
                        "the path {:?} has no variable {{{}}}",
                        description.pattern().as_str(),
                        member.name
                    );
                    return Err(SetupError::new(
                        "",
                        problem,
                        "add the variable, or remove the field",
                    ));
                };
                let index = add_variable(description, variable, member.schema)?;
                places.push((variable.0.clone(), index));
            }
            return Ok(PathPlan::Named(places));
        }
        let (items, is_tuple) = match schema.items() {
            Some(items) => (items, true),
            None => (vec![schema.whole()], false),
        };
        let first = description.taken;
        description.taken += items.len();
        if description.taken > variables.len() {
            let problem = format!(
                "the path {:?} has {} variables, and the arguments take {}",
                description.pattern().as_str(),
                variables.len(),
                description.taken
            );
            return Err(SetupError::new("", problem, "take as many as the path has"));
        }
        let mut places = Vec::new();
        for (variable, item) in variables[first..].iter().zip(items) {
            places.push((variable.0.clone(), add_variable(description, variable, item)?));
        }
        Ok(match <[_; 1]>::try_from(places) {
            Ok([(name, index)]) if !is_tuple => PathPlan::Alone(name, index),
            Ok([place]) => PathPlan::Tuple(vec![place]),
            Err(places) => PathPlan::Tuple(places),
        })
    }

    async fn take(call: &mut Call, plan: &PathPlan) -> Result<Self, Box<Problem>> {
        let parameters = &mut call.arguments.parameters;
        let mut value = |index: usize| {
            let value = parameters.get_mut(index).and_then(Option::take);
            value.unwrap_or(Value::Null)
        };
        let value = match plan {
            PathPlan::Alone(_, index) => value(*index),
            PathPlan::Tuple(places) => Value::Array(places.iter().map(|(_, index)| value(*index)).collect()),
            PathPlan::Named(places) => {
                let members = places.iter().map(|(name, index)| (name.clone(), value(*index)));
                Value::Object(Map(members.collect()))
            }
        };
        from_value(value).map(Self).map_err(|error| plan.misfit(&error))
    }
}

impl PathPlan {
    /// The problem of a value that its type refuses, which is said of the variable that it came from.
    fn misfit(&self, error: &DeserializeError) -> Box<Problem> {
        let name = match self {
            Self::Alone(name, _) => Some(name.clone()),
            Self::Tuple(places) => {
                let pointer = error.pointer();
                let index = pointer
                    .split('/')
                    .nth(1)
                    .and_then(|index| index.parse::<usize>().ok());
                index.and_then(|index| Some(places.get(index)?.0.clone()))
            }
            Self::Named(_) => None,
        };
        misfit(Location::Path, name, error)
    }
}

/// Adds a variable as a parameter with the schema of the argument's type.
fn add_variable(
    description: &mut Description<'_>,
    (name, converter): &(Text, SchemaData),
    schema: SchemaData,
) -> Result<usize, SetupError> {
    let kind = |schema: &SchemaData| {
        schema
            .get("type")
            .and_then(|kind| kind.as_str())
            .map(str::to_owned)
    };
    // A plain variable may be anything, and every text is a string.
    let is_plain = converter.as_object().is_some_and(|keywords| keywords.len() == 1);
    if let (Some(captured), Some(wanted)) = (kind(converter), kind(&schema)) {
        let fits = captured == wanted
            || wanted == "string"
            || (captured == "integer" && wanted == "number")
            || (captured == "string" && is_plain);
        if !fits {
            let problem = format!(
                "the variable {{{name}}} of {:?} is of the type {captured}, and the argument takes {wanted}",
                description.pattern().as_str()
            );
            return Err(SetupError::new(
                "",
                problem,
                "change the converter or the argument",
            ));
        }
    }
    description.add_parameter(In::Path, name, schema, true)
}
