//! What a handler may take.

use std::sync::Arc;

use bytes::Bytes;
use sabir_core::{
    Call, Location, Map, Problem, ProblemType, RequestHead, Text, Value, Violation,
    deserialize::{DeserializeError, from_value},
    operation::In,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{Cancellation, Description};

/// An argument of a handler: it describes what it needs when the route is added, and takes it from each call.
pub trait Argument: Sized + Send + 'static {
    /// Adds the argument to the operation.
    fn describe(description: &mut Description);

    /// Takes the argument from a call that has been validated.
    ///
    /// # Errors
    /// When the type is narrower than the schema that it gave.
    fn take(call: &mut Call) -> Result<Self, Problem>;

    /// What is to be told when the call is cancelled. Few arguments have to know.
    fn cancellation(&self) -> Option<Cancellation> {
        None
    }
}

/// The path variables: one value, a tuple in path order, or a struct by name. The pattern's converters give their types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

/// The query parameters, one for each field of a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

/// A JSON body; as a result, a JSON answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<T>(pub T);

/// An `application/x-www-form-urlencoded` body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form<T>(pub T);

/// A `multipart/form-data` body. Its files are fields of the type [`UploadFile`](crate::UploadFile), alone or in an
/// `Option` or a `Vec`.
///
/// ```
/// use sabir::{Multipart, Sabir, UploadFile};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Photo {
///     title: String,
///     image: UploadFile,
/// }
///
/// async fn add(Multipart(photo): Multipart<Photo>) -> String {
///     format!("{} in {} bytes", photo.title, photo.image.size())
/// }
///
/// # fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().post("/photos", add).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Multipart<T>(pub T);

/// A value that fits its schema, but not the narrower type of the handler's argument.
fn misfit(location: Location, name: Option<Text>, error: &DeserializeError) -> Problem {
    let mut violation = Violation::new(location, "type", error.to_string());
    violation.name = name;
    violation.pointer = (location == Location::Body).then(String::new);
    Problem::validation(vec![violation])
}

fn parameters(call: &mut Call, location: In) -> Vec<(Text, Value)> {
    let values = &mut call.arguments.parameters;
    call.route
        .parameters
        .iter()
        .zip(values)
        .filter(|(info, _)| info.location == location)
        .filter_map(|(info, value)| Some((info.name.into(), value.take()?)))
        .collect()
}

impl<T: DeserializeOwned + Send + 'static> Argument for Path<T> {
    fn describe(_description: &mut Description) {}

    fn take(call: &mut Call) -> Result<Self, Problem> {
        let values = parameters(call, In::Path);
        // A single variable reads as itself; several read as a tuple, or as a struct when that fails.
        let alone = match &*values {
            [(name, value)] => match from_value(value.clone()) {
                Ok(value) => return Ok(Self(value)),
                Err(error) => Some((name.clone(), error)),
            },
            _ => None,
        };
        let tuple = values.iter().map(|(_, value)| value.clone()).collect();
        from_value(Value::Array(tuple))
            .or_else(|_| from_value(Value::Object(Map(values))))
            .map(Self)
            .map_err(|error| match alone {
                Some((name, error)) => misfit(Location::Path, Some(name), &error),
                None => misfit(Location::Path, None, &error),
            })
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for Query<T> {
    fn describe(description: &mut Description) {
        description.add_query::<T>();
    }

    fn take(call: &mut Call) -> Result<Self, Problem> {
        let values = Value::Object(Map(parameters(call, In::Query)));
        from_value(values)
            .map(Self)
            .map_err(|error| misfit(Location::Query, None, &error))
    }
}

fn body<T: DeserializeOwned>(call: &mut Call) -> Result<T, Problem> {
    from_value(call.arguments.body.take().unwrap_or(Value::Null))
        .map_err(|error| misfit(Location::Body, None, &error))
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for Json<T> {
    fn describe(description: &mut Description) {
        description.add_body::<T>("application/json");
    }

    fn take(call: &mut Call) -> Result<Self, Problem> {
        body(call).map(Self)
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for Form<T> {
    fn describe(description: &mut Description) {
        description.add_body::<T>("application/x-www-form-urlencoded");
    }

    fn take(call: &mut Call) -> Result<Self, Problem> {
        body(call).map(Self)
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for Multipart<T> {
    fn describe(description: &mut Description) {
        description.add_body::<T>("multipart/form-data");
    }

    fn take(call: &mut Call) -> Result<Self, Problem> {
        body(call).map(Self)
    }
}

/// The body as sent, whatever its type; empty when there is none. Beside [`Multipart`], whose content is not kept, the request
/// fails.
impl Argument for Bytes {
    fn describe(_description: &mut Description) {}

    fn take(call: &mut Call) -> Result<Self, Problem> {
        call.body
            .content()
            .map_err(|error| Problem::new(ProblemType::InternalError).with_detail(error.to_string()))
    }
}

/// The request line, the header fields, the client's address and the request's id.
impl Argument for RequestHead {
    fn describe(_description: &mut Description) {}

    fn take(call: &mut Call) -> Result<Self, Problem> {
        Ok(Self::clone(&call.head))
    }
}

/// The whole call. What arguments before it have taken is gone from it, and nothing is left for those after it but the
/// head.
impl Argument for Call {
    fn describe(_description: &mut Description) {}

    fn take(call: &mut Call) -> Result<Self, Problem> {
        let mut taken = Self::new(Arc::clone(&call.route), Arc::clone(&call.head));
        taken.arguments = std::mem::take(&mut call.arguments);
        taken.body = std::mem::take(&mut call.body);
        Ok(taken)
    }
}
