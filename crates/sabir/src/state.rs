//! What handlers share: values of the application, by their types.

use std::{
    any::{Any, TypeId, type_name},
    sync::Arc,
};

use sabir_core::{Problem, SetupError};

/// The values that an application was given with [`Sabir::state`](crate::Sabir::state), by their types. Cloning shares them.
/// Arguments of your own get them.
///
/// ```
/// use sabir::{Call, FromCall, Problem, Sabir, States};
///
/// struct Greeting(&'static str);
///
/// impl FromCall for Greeting {
///     type Rejection = Box<Problem>;
///
///     async fn from_call(_call: &mut Call, states: &States) -> Result<Self, Box<Problem>> {
///         states.get::<&'static str>().map(|text| Self(text))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().state("hello").get("/", async |Greeting(text): Greeting| text).build()?;
/// assert_eq!(app.call_in_memory(http::Request::get("/").body("".into()).unwrap()).await.body(), "hello");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct States {
    /// Those of the innermost application come first.
    values: Arc<Vec<Stored>>,
}

#[derive(Clone)]
struct Stored {
    id: TypeId,
    name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
}

impl States {
    /// The value of the type `T`.
    ///
    /// # Errors
    /// `internal-error`, which the log explains, when the application has none.
    /// [`Description::require_state`](crate::Description::require_state) finds that out at the start.
    pub fn get<T: Send + Sync + 'static>(&self) -> Result<&T, Box<Problem>> {
        self.find().ok_or_else(|| {
            let cause = format!("the application has no state of the type {}", type_name::<T>());
            Box::new(Problem::failed(cause))
        })
    }

    pub(crate) fn find<T: Send + Sync + 'static>(&self) -> Option<&T> {
        let id = TypeId::of::<T>();
        let stored = self.values.iter().find(|stored| stored.id == id)?;
        stored.value.downcast_ref()
    }

    /// Adds a value.
    ///
    /// # Errors
    /// When there is one of the type.
    pub(crate) fn insert<T: Send + Sync + 'static>(&mut self, value: T) -> Result<(), SetupError> {
        if self.find::<T>().is_some() {
            let problem = format!("there already is a state of the type {}", type_name::<T>());
            return Err(SetupError::new(
                "state",
                problem,
                "wrap one of them in a type of its own",
            ));
        }
        Arc::make_mut(&mut self.values).push(Stored {
            id: TypeId::of::<T>(),
            name: type_name::<T>(),
            value: Arc::new(value),
        });
        Ok(())
    }

    /// These, and those of `outer` that are not among them.
    pub(crate) fn or(mut self, outer: &Self) -> Self {
        if self.values.is_empty() {
            return outer.clone();
        }
        Arc::make_mut(&mut self.values).extend(outer.values.iter().cloned());
        self
    }
}

impl std::fmt::Debug for States {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set()
            .entries(self.values.iter().map(|stored| stored.name))
            .finish()
    }
}
