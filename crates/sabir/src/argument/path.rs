//! The variables of the path.

use sabir_core::{
    Call, Location, Map, Problem, SetupError, Text, Value,
    deserialize::{DeserializeError, from_value},
    operation::{In, SchemaData},
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{Argument, misfit};
use crate::{
    Description,
    schema::{Named, Others, TypeSchema},
};

/// The variables of the path: one value, a tuple in path order, or a struct or a map by name.
///
/// The type says how a variable is read: `Path<u64>` of `/users/{id}` takes digits, and other text is answered with 422.
/// With a converter, `{id:int}`, other text is another path, which is answered with 404. Several arguments share the
/// variables in their order. A struct takes those that its fields are called; with `#[serde(deny_unknown_fields)]` there must
/// be no others, and a flattened map takes all others. A type that the pattern cannot fill is refused when the application is
/// built.
///
/// ```
/// use sabir::{Path, Sabir};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Place {
///     shop: String,
///     shelf: u32,
/// }
///
/// async fn show(Path(place): Path<Place>) -> String {
///     format!("{} in {}", place.shelf, place.shop)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/{shop}/shelves/{shelf}", show).build()?;
/// let response = app.call_in_memory(http::Request::get("/north/shelves/7").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "7 in north");
/// # Ok(())
/// # }
/// ```
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
        if let Some(named) = schema.named() {
            return named_places(description, &variables, named).map(PathPlan::Named);
        }
        if schema.is_object() {
            let problem =
                "the type has alternatives or conditions among its members, which variables cannot choose";
            return Err(SetupError::new("", problem, "use a struct with named fields"));
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

/// Adds the variables that a struct or a map takes.
fn named_places(
    description: &mut Description<'_>,
    variables: &[(Text, SchemaData)],
    Named { members, others }: Named,
) -> Result<Vec<(Text, usize)>, SetupError> {
    let path = description.pattern().as_str().to_owned();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let missing = members
        .iter()
        .find(|member| member.is_required && !variables.iter().any(|(name, _)| *name == member.name));
    if let Some(member) = missing {
        let problem = format!("the path {path:?} has no variable {{{}}}", member.name);
        return Err(SetupError::new(
            "",
            problem,
            "add the variable, or remove the field",
        ));
    }
    let mut places = Vec::new();
    for variable in variables {
        let name = &variable.0;
        let member = members.iter().find(|member| *name == member.name);
        let schema = match (member, &others) {
            (Some(member), _) => member.schema.clone(),
            (None, Others::Taken(schema)) => schema.clone(),
            (None, Others::Ignored) => continue,
            (None, Others::Refused) => {
                let problem = format!(
                    "the path {path:?} has the variable {{{name}}}, and the type permits no other than {}",
                    names.join(", ")
                );
                let remedy = "add the field, or remove `#[serde(deny_unknown_fields)]`";
                return Err(SetupError::new("", problem, remedy));
            }
        };
        places.push((name.clone(), add_variable(description, variable, schema)?));
    }
    Ok(places)
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
