//! Handlers of Ruby, and calls of them between their arrival and their answers.

use std::sync::Arc;

use http::StatusCode;
use magnus::{Error, Ruby, Value, gc::Marker, prelude::*, value::Opaque};
use sabir_core::{RequestHead, Route, SetupError};
use sabir_host::{CallId, ReplyHandle, answer::status_code};

use crate::{arguments::ArgumentPlan, error};

/// One Ruby handler. The application shows its objects to the garbage collector.
pub(crate) struct Target {
    pub(crate) function: Opaque<Value>,
    pub(crate) arguments: ArgumentPlan,
    /// What it declares of its answers.
    pub(crate) answers: Answers,
    /// Its route, if it has one.
    pub(crate) route: Option<Arc<Route>>,
    /// Answers what the runtime refuses, given the request and the members of the problem.
    pub(crate) refused: Option<Opaque<Value>>,
    /// Is called with the arguments of a socket before it is open, which what it returns refuses.
    pub(crate) before: Option<Opaque<Value>>,
}

/// What a handler declares of its answers.
#[derive(Clone)]
pub(crate) struct Answers {
    /// The `Sabir::Answers` that this is read from.
    pub(crate) object: Opaque<Value>,
    pub(crate) status: Option<StatusCode>,
    /// Whether the class of a value says its media type.
    pub(crate) are_plain: bool,
}

impl Answers {
    /// Reads the object.
    pub(crate) fn read(ruby: &Ruby, object: Value, route: &str) -> Result<Self, Error> {
        let status: Option<u32> = object.funcall("status", ())?;
        let status = status.map(status_code).transpose().map_err(|error| {
            let remedy = "give the status of a success";
            error::setup(
                ruby,
                SetupError::new("status", error.to_string(), remedy).at(route.to_owned()),
            )
        })?;
        let media_type: Value = object.funcall("media_type", ())?;
        Ok(Self {
            status,
            are_plain: media_type.is_nil(),
            object: object.into(),
        })
    }
}

impl Target {
    /// Shows the garbage collector what a handler holds.
    pub(crate) fn mark(&self, marker: &Marker) {
        marker.mark(self.function);
        marker.mark(self.answers.object);
        for function in self.refused.iter().chain(&self.before) {
            marker.mark(*function);
        }
        self.arguments.mark(marker);
    }
}

/// What is needed to answer a call.
pub(crate) struct Ticket {
    pub(crate) id: CallId,
    pub(crate) head: Arc<RequestHead>,
    pub(crate) reply: ReplyHandle,
}
