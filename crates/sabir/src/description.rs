//! The operation that a handler's arguments describe.

use std::any::type_name;

use sabir_core::{
    Operation, SetupError,
    operation::{In, MediaType, Parameter, RequestBody, SchemaData},
    routing::Pattern,
};
use schemars::JsonSchema;

use crate::{Argument, States, schema::TypeSchema};

/// An operation in the making: arguments of a handler add to it what they take, when the application is built.
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
        let parameters = &mut self.operation.parameters;
        let is_same = |known: &Parameter| known.location == location && known.name.eq_ignore_ascii_case(name);
        if parameters.iter().any(is_same) {
            let problem = format!("another argument takes the parameter `{name}` already");
            return Err(SetupError::new("", problem, "take it in one of them"));
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
        if let Some(other) = self.body.replace(self.arguments) {
            let problem = format!("argument {other} takes the decoded body already");
            return Err(SetupError::new(
                "",
                problem,
                "take one of them; `Bytes` has the body as it was sent",
            ));
        }
        let body = self
            .operation
            .request_body
            .get_or_insert_with(RequestBody::default);
        body.required = is_required;
        let schema = TypeSchema::of::<T>().whole();
        body.content.insert(media_type.into(), MediaType { schema });
        Ok(())
    }
}
