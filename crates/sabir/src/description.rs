//! The operation that a handler's arguments describe.

use std::any::type_name;

use sabir_core::{
    Operation, SetupError,
    operation::{In, MediaType, Parameter, RequestBody, SchemaData},
    routing::Pattern,
};
use schemars::JsonSchema;

use crate::{
    Argument, States,
    schema::{TypeSchema, is_object, property_names},
};

/// An operation in the making: arguments of a handler add to it what they take, when the application is built.
///
/// ```
/// use sabir::{Call, Description, FromCall, Problem, Sabir, SetupError, States};
///
/// struct Pool;
///
/// impl FromCall for Pool {
///     type Rejection = Problem;
///
///     async fn from_call(_call: &mut Call, _states: &States) -> Result<Self, Problem> {
///         Ok(Self)
///     }
///
///     fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
///         description.operation().tags.push("stock".into());
///         description.require_state::<u16>().map(drop)
///     }
/// }
///
/// let error = Sabir::new().get("/", async |_: Pool| "").build().unwrap_err();
/// assert!(error.problem.contains("no state of the type u16"));
/// ```
#[derive(Debug)]
pub struct Description<'a> {
    operation: Operation,
    pattern: &'a Pattern,
    states: &'a States,
    /// Whether a client sees why a handler failed.
    pub(crate) debug: bool,
    /// How many variables of the path arguments have taken by their place.
    pub(crate) taken: usize,
    /// How many arguments there were before this one.
    arguments: usize,
    /// The argument that takes the decoded body.
    body: Option<usize>,
    /// The argument that takes the decoded body, if the content is not kept beside it.
    consumed: Option<usize>,
    /// The argument that takes the content as it was sent.
    content: Option<usize>,
    /// Whether an argument takes the content while it arrives.
    pub(crate) is_streaming: bool,
}

impl<'a> Description<'a> {
    pub(crate) fn new(pattern: &'a Pattern, states: &'a States, debug: bool) -> Self {
        Self {
            operation: Operation::default(),
            pattern,
            states,
            debug,
            taken: 0,
            arguments: 0,
            body: None,
            consumed: None,
            content: None,
            is_streaming: false,
        }
    }

    /// Adds what the next argument of the handler takes.
    ///
    /// # Errors
    /// Those of the argument, which is named.
    pub fn argument<A: Argument>(&mut self) -> Result<A::Plan, SetupError> {
        self.arguments += 1;
        let number = self.arguments;
        A::describe(self).map_err(|mut error| {
            error.field = format!("argument {number}, {}", type_name::<A>());
            error
        })
    }

    /// The finished operation.
    ///
    /// # Errors
    /// When arguments take some variables of the path by their place, and leave others.
    pub(crate) fn finish(self) -> Result<Operation, SetupError> {
        let count = self.pattern.variables().count();
        if self.taken > 0 && self.taken < count {
            let problem = format!(
                "the path {:?} has {count} variables, and the arguments take {}",
                self.pattern.as_str(),
                self.taken
            );
            let remedy = "take all of them, in a tuple or in several arguments, or some by name, in a struct";
            return Err(SetupError::new("arguments", problem, remedy));
        }
        Ok(self.operation)
    }

    /// The operation as the arguments up to now describe it; what is set here is part of the contract.
    pub fn operation(&mut self) -> &mut Operation {
        &mut self.operation
    }

    /// The path of the route.
    pub fn pattern(&self) -> &Pattern {
        self.pattern
    }

    /// The values that the application shares.
    pub fn states(&self) -> &States {
        self.states
    }

    /// Demands that the application has a state of the type `T`.
    ///
    /// # Errors
    /// When it has none.
    pub fn require_state<T: Clone + Send + Sync + 'static>(&self) -> Result<T, SetupError> {
        self.states.find().cloned().ok_or_else(|| {
            let problem = format!("the application has no state of the type {}", type_name::<T>());
            SetupError::new("", problem, "give it one with `Sabir::state`")
        })
    }

    /// Adds a parameter and gives its place among [`Arguments::parameters`](sabir_core::Arguments::parameters).
    ///
    /// # Errors
    /// When another argument takes it already.
    pub fn add_parameter(
        &mut self,
        location: In,
        name: &str,
        schema: SchemaData,
        is_required: bool,
    ) -> Result<usize, SetupError> {
        let names = names(location, name, &schema);
        let parameters = &mut self.operation.parameters;
        for known in parameters.iter().filter(|known| known.location == location) {
            let taken = self::names(location, &known.name, &known.schema);
            if let Some(name) = names.iter().find(|name| taken.contains(name)) {
                let problem = format!("another argument takes the parameter `{name}` already");
                return Err(SetupError::new("", problem, "take it in one of them"));
            }
        }
        parameters.push(Parameter {
            name: name.into(),
            location,
            description: None,
            required: is_required,
            deprecated: false,
            style: None,
            explode: None,
            schema,
        });
        Ok(parameters.len() - 1)
    }

    /// Declares a body of `media_type` that fits `T`.
    ///
    /// # Errors
    /// When another argument takes a decoded body: there is only one.
    pub fn add_body<T: JsonSchema>(&mut self, media_type: &str, is_required: bool) -> Result<(), SetupError> {
        self.check_streaming()?;
        if let Some(other) = self.body.replace(self.arguments) {
            let problem = format!("argument {other} takes the decoded body already");
            return Err(SetupError::new(
                "",
                problem,
                "take one of them; `Bytes` has the body as it was sent",
            ));
        }
        // Its files may be larger than memory.
        if media_type.eq_ignore_ascii_case("multipart/form-data") {
            self.consumed = Some(self.arguments);
            self.check_content()?;
        }
        let body = self
            .operation
            .request_body
            .get_or_insert_with(RequestBody::default);
        body.required = is_required;
        let schema = TypeSchema::of::<T>().whole();
        body.content.insert(media_type.into(), MediaType::of(schema));
        Ok(())
    }

    /// Declares items of `media_type` that fit `T`, which the handler takes while they arrive.
    ///
    /// # Errors
    /// When another argument takes the body.
    pub fn add_items<T: JsonSchema>(&mut self, media_type: &str) -> Result<(), SetupError> {
        self.declare_stream(media_type, MediaType::of_items(TypeSchema::of::<T>().whole()))
    }

    /// Declares content of `media_type`, `*/*` for any, which the handler takes while it arrives: it runs once the head is
    /// there.
    ///
    /// # Errors
    /// When another argument takes the body.
    pub fn stream_content(&mut self, media_type: &str) -> Result<(), SetupError> {
        self.declare_stream(media_type, MediaType::default())
    }

    fn declare_stream(&mut self, media_type: &str, content: MediaType) -> Result<(), SetupError> {
        self.check_streaming()?;
        if let Some(other) = self.body.or(self.content) {
            let problem = format!("argument {other} takes the body already");
            return Err(SetupError::new("", problem, "take it in one of them"));
        }
        self.body = Some(self.arguments);
        self.is_streaming = true;
        let body = self
            .operation
            .request_body
            .get_or_insert_with(RequestBody::default);
        body.content.insert(media_type.into(), content);
        Ok(())
    }

    /// A body that is taken while it arrives is taken by one argument.
    fn check_streaming(&self) -> Result<(), SetupError> {
        match self.body {
            Some(other) if self.is_streaming => {
                let problem = format!("argument {other} takes the body while it arrives");
                Err(SetupError::new("", problem, "take it in one of them"))
            }
            _ => Ok(()),
        }
    }

    /// Demands the content as it was sent.
    ///
    /// # Errors
    /// When another argument takes a multipart form, which is decoded while it arrives.
    pub fn require_content(&mut self) -> Result<(), SetupError> {
        self.check_streaming()?;
        self.content = Some(self.arguments);
        self.check_content()
    }

    fn check_content(&self) -> Result<(), SetupError> {
        let (Some(form), Some(content)) = (self.consumed, self.content) else {
            return Ok(());
        };
        let problem = format!(
            "argument {content} takes the content as it was sent, and the multipart form of argument {form} is not kept"
        );
        let remedy = "take one of them: the fields of the form, or the content without a declared form";
        Err(SetupError::new("", problem, remedy))
    }
}

/// The names that a parameter answers to: of an exploded object in the query these are its members'.
fn names(location: In, name: &str, schema: &SchemaData) -> Vec<String> {
    match location {
        In::Query if is_object(schema) => property_names(schema).into_iter().chain([name.into()]).collect(),
        // Names of header fields ignore case (RFC 9110 §5.1).
        In::Header => vec![name.to_ascii_lowercase()],
        _ => vec![name.into()],
    }
}
