//! Parameters by name: query, header fields and cookies.

use sabir_core::{
    Call, Location, Map, Problem, SetupError, Text, Value, deserialize::from_value, operation::In,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{Argument, misfit, probe};
use crate::{
    Description,
    schema::{TypeSchema, property_names},
};

/// The query parameters: one for each field of a struct, all of them in a map, or those of an enum's variant.
///
/// A map, and a struct with a flattened map, get the pairs that no other argument names; with
/// `#[serde(deny_unknown_fields)]` there must be none. `Vec` fields take repeated pairs.
///
/// ```
/// use sabir::{Query, Sabir};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Search {
///     text: String,
///     #[serde(default)]
///     tag: Vec<String>,
/// }
///
/// async fn search(Query(search): Query<Search>) -> String {
///     format!("{} in {:?}", search.text, search.tag)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/", search).build()?;
/// let response = app.call_in_memory(http::Request::get("/?text=tea&tag=a&tag=b").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), r#"tea in ["a", "b"]"#);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Query<T>(pub T);

/// Header fields, one for each field of a struct: `user_agent` is the field `user-agent`.
///
/// ```
/// use sabir::{Header, Sabir};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Conditions {
///     if_none_match: Option<String>,
/// }
///
/// async fn show(Header(conditions): Header<Conditions>) -> String {
///     conditions.if_none_match.unwrap_or_default()
/// }
///
/// # fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/", show).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Header<T>(pub T);

/// Cookies, one for each field of a struct. To answer with cookies, see [`SetCookie`](crate::SetCookie).
///
/// ```
/// use sabir::{Cookie, Sabir};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Session {
///     session: Option<String>,
/// }
///
/// async fn show(Cookie(cookies): Cookie<Session>) -> String {
///     cookies.session.unwrap_or_default()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/", show).build()?;
/// let request = http::Request::get("/").header("cookie", "session=s3cret").body("".into()).unwrap();
/// assert_eq!(app.call_in_memory(request).await.body(), "s3cret");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cookie<T>(pub T);

/// Where the parameters of an argument are.
#[derive(Debug)]
pub enum FieldsPlan {
    /// Each field is a parameter.
    Fields(Vec<(Text, usize)>),
    /// All fields are one parameter.
    Whole(usize),
}

fn describe<T: DeserializeOwned + JsonSchema>(
    description: &mut Description<'_>,
    location: In,
) -> Result<FieldsPlan, SetupError> {
    let schema = TypeSchema::of::<T>();
    let Some(members) = schema.members() else {
        return whole::<T>(description, location, &schema);
    };
    let names: Vec<String> = members.iter().map(|member| member.name.clone()).collect();
    probe::refuse_aliases::<T>(&names)?;
    let mut places = Vec::new();
    for member in members {
        let name = match location {
            In::Header => field_name(&member.name),
            _ => member.name.clone(),
        };
        let index = description.add_parameter(location, &name, member.schema, member.is_required)?;
        places.push((member.name.into(), index));
    }
    Ok(FieldsPlan::Fields(places))
}

/// A type of which more is to be said than its fields is one parameter whose members are pairs of the query.
fn whole<T: DeserializeOwned + JsonSchema>(
    description: &mut Description<'_>,
    location: In,
    schema: &TypeSchema,
) -> Result<FieldsPlan, SetupError> {
    if location != In::Query || !schema.is_object() {
        let problem = format!(
            "the type of the {} has no fields that could be parameters",
            location_name(location)
        );
        return Err(SetupError::new("", problem, "use a struct with named fields"));
    }
    let mut object = schema.whole();
    let names = property_names(&object);
    probe::refuse_aliases::<T>(&names)?;
    // Without a type the runtime could not know that the members are pairs.
    if let Some(keywords) = object.as_object_mut() {
        keywords.insert("type".into(), "object".into());
    }
    // The name is for documents: no pair has it.
    description
        .add_parameter(location, &T::schema_name(), object, false)
        .map(FieldsPlan::Whole)
}

/// The header field that a field of a struct stands for.
fn field_name(name: &str) -> String {
    name.replace('_', "-")
}

fn location_name(location: In) -> &'static str {
    match location {
        In::Path => "path",
        In::Query => "query",
        In::Header => "header fields",
        In::Cookie => "cookies",
    }
}

fn take<T: DeserializeOwned>(
    call: &mut Call,
    plan: &FieldsPlan,
    location: Location,
) -> Result<T, Box<Problem>> {
    let parameters = &mut call.arguments.parameters;
    let mut value = |index: usize| parameters.get_mut(index).and_then(Option::take);
    let value = match plan {
        FieldsPlan::Fields(places) => {
            let members = places
                .iter()
                .filter_map(|(name, index)| Some((name.clone(), value(*index)?)));
            Value::Object(Map(members.collect()))
        }
        FieldsPlan::Whole(index) => value(*index).unwrap_or_else(|| Value::Object(Map::default())),
    };
    from_value(value).map_err(|error| {
        let mut problem = misfit(location, None, &error);
        if location == Location::Header {
            for violation in &mut problem.errors {
                violation.name = violation.name.take().map(|name| field_name(name.as_str()).into());
            }
        }
        problem
    })
}

macro_rules! fields {
    ($($name:ident)*) => {
        $(
            impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for $name<T> {
                type Plan = FieldsPlan;
                type Rejection = Box<Problem>;

                fn describe(description: &mut Description<'_>) -> Result<FieldsPlan, SetupError> {
                    describe::<T>(description, In::$name)
                }

                async fn take(call: &mut Call, plan: &FieldsPlan) -> Result<Self, Box<Problem>> {
                    take(call, plan, Location::$name).map(Self)
                }
            }
        )*
    };
}

fields!(Query Header Cookie);
