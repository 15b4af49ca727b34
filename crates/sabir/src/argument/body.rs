//! The content of a request.

use bytes::Bytes;
use sabir_core::{Call, Location, Problem, SetupError, Value, deserialize::from_value};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{Argument, misfit};
use crate::Description;

/// A JSON body; as a result, a JSON answer. `Option<Json<T>>` is `None` where the request has no content.
///
/// ```
/// use sabir::{Json, Sabir};
///
/// #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
/// struct Order {
///     sku: String,
///     quantity: u32,
/// }
///
/// async fn create(Json(order): Json<Order>) -> Json<Order> {
///     Json(order)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().post("/orders", create).build()?;
/// let request = http::Request::post("/orders").header("content-type", "application/json");
/// let response = app.call_in_memory(request.body(r#"{"sku": "TEA-0001", "quantity": 1}"#.into()).unwrap()).await;
/// assert_eq!(response.body(), r#"{"sku":"TEA-0001","quantity":1}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

/// An `application/x-www-form-urlencoded` body.
///
/// ```
/// use sabir::{Form, Sabir};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct LogIn {
///     name: String,
/// }
///
/// async fn log_in(Form(form): Form<LogIn>) -> String {
///     format!("Welcome, {}.", form.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().post("/log-in", log_in).build()?;
/// let request = http::Request::post("/log-in").header("content-type", "application/x-www-form-urlencoded");
/// let response = app.call_in_memory(request.body("name=Ada".into()).unwrap()).await;
/// assert_eq!(response.body(), "Welcome, Ada.");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Multipart<T>(pub T);

fn body<T: DeserializeOwned>(value: Value) -> Result<T, Box<Problem>> {
    from_value(value).map_err(|error| misfit(Location::Body, None, &error))
}

macro_rules! bodies {
    ($($name:ident = $media_type:literal;)*) => {
        $(
            impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for $name<T> {
                type Plan = ();
                type Rejection = Box<Problem>;

                fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
                    description.add_body::<T>($media_type, true)
                }

                async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
                    body(call.arguments.body.take().unwrap_or(Value::Null)).map(Self)
                }
            }

            impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for Option<$name<T>> {
                type Plan = ();
                type Rejection = Box<Problem>;

                fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
                    description.add_body::<T>($media_type, false)
                }

                async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
                    let value = call.arguments.body.take();
                    value.map(|value| body(value).map($name)).transpose()
                }
            }
        )*
    };
}

bodies! {
    Json = "application/json";
    Form = "application/x-www-form-urlencoded";
    Multipart = "multipart/form-data";
}

/// The body as sent, whatever its type; empty when there is none. Beside [`Multipart`], whose content is not kept, it is refused
/// when the application is built.
impl Argument for Bytes {
    type Plan = ();
    type Rejection = Box<Problem>;

    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        description.require_content()
    }

    async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
        call.body
            .content()
            .map_err(|error| Box::new(Problem::failed(error)))
    }
}

/// The body as sent, as text: content that is not UTF-8 is answered with 400.
impl Argument for String {
    type Plan = ();
    type Rejection = Box<Problem>;

    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        description.require_content()
    }

    async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
        let bytes = Bytes::take(call, &()).await?;
        Self::from_utf8(bytes.into()).map_err(|_| Box::new(Problem::bad_request("The content is not UTF-8.")))
    }
}
