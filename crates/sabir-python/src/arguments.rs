//! How a call's arguments become the positional arguments of a Python handler.

use std::sync::Arc;

use pyo3::{PyTraverseError, PyVisit, exceptions::PyValueError, prelude::*, types::PyTuple};
use sabir_core::{Call, Route, body::FormReader};
use sabir_host::{BodyForm, CallId, OpenedBy, Source};

use crate::{ended::Ended, error, hooks::Hooks, request::NativeRequest, value::to_python};

/// Where one positional argument comes from.
enum ArgumentSource {
    /// A part of the call.
    Part(Source),
    /// The request object.
    Request(FormReader),
    /// The socket.
    Socket,
    /// The content, while it arrives.
    Content,
    /// What opens the socket.
    Admission,
}

/// What arguments are made of beside the call.
pub(crate) struct Given<'a, 'py> {
    pub(crate) hooks: &'a Hooks,
    pub(crate) ended: &'a Arc<Ended>,
    pub(crate) id: CallId,
    /// The socket that the call has opened, or its content while it arrives.
    pub(crate) source: Option<&'a Bound<'py, PyAny>>,
    /// What opens the socket, where the handler does.
    pub(crate) admission: Option<&'a Bound<'py, PyAny>>,
}

/// One positional argument.
struct Argument {
    source: ArgumentSource,
    /// Turns the plain value into the annotated type.
    convert: Option<Py<PyAny>>,
    /// Stands in for an absent value.
    default: Py<PyAny>,
    /// Makes a request's own copy of a default that can be changed.
    copy: Option<Py<PyAny>>,
}

/// The positional arguments of one handler.
#[derive(Default)]
pub(crate) struct ArgumentPlan(Vec<Argument>);

impl ArgumentPlan {
    /// Reads the tuples that `sabir.app` describes.
    pub(crate) fn read(
        entries: &[Bound<'_, PyTuple>],
        route: &Route,
        form_reader: FormReader,
    ) -> PyResult<Self> {
        entries
            .iter()
            .map(|entry| Argument::read(entry, route, form_reader))
            .collect::<PyResult<_>>()
            .map(Self)
    }

    /// The form in which a handler with such arguments takes content.
    pub(crate) fn body_form(entries: &[Bound<'_, PyTuple>]) -> PyResult<BodyForm> {
        let mut form = BodyForm::Value;
        for entry in entries {
            match entry.get_item(0)?.extract::<String>()?.as_str() {
                "content" => return Ok(BodyForm::Stream),
                "request" => form = BodyForm::ValueAndContent,
                _ => {}
            }
        }
        Ok(form)
    }

    /// Who opens the sockets of a handler with such arguments: Python where making them may fail.
    pub(crate) fn opened_by(entries: &[Bound<'_, PyTuple>]) -> PyResult<OpenedBy> {
        for entry in entries {
            let kind: String = entry.get_item(0)?.extract()?;
            let may_fail =
                kind == "parameter" && !(entry.get_item(3)?.is_none() && entry.get_item(5)?.is_none());
            if may_fail || kind == "admission" {
                return Ok(OpenedBy::Host);
            }
        }
        Ok(OpenedBy::Runtime)
    }

    /// Whether the handler has the request object, by which it may ask what becomes of the call.
    pub(crate) fn takes_request(&self) -> bool {
        self.has(|source| matches!(source, ArgumentSource::Request(_)))
    }

    /// Whether the handler opens its socket itself.
    pub(crate) fn takes_admission(&self) -> bool {
        self.has(|source| matches!(source, ArgumentSource::Admission))
    }

    fn has(&self, is_it: impl Fn(&ArgumentSource) -> bool) -> bool {
        self.0.iter().any(|argument| is_it(&argument.source))
    }

    /// What turns the messages of the socket into the annotated type.
    pub(crate) fn socket_converter(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.convert_of(py, |source| matches!(source, ArgumentSource::Socket))
    }

    /// What makes the content that the handler takes while it arrives, if it does.
    pub(crate) fn content_maker(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.convert_of(py, |source| matches!(source, ArgumentSource::Content))
    }

    fn convert_of(&self, py: Python<'_>, is_it: impl Fn(&ArgumentSource) -> bool) -> Option<Py<PyAny>> {
        let argument = self.0.iter().find(|argument| is_it(&argument.source))?;
        argument.convert.as_ref().map(|convert| convert.clone_ref(py))
    }

    /// Shows the garbage collector what the plan holds.
    pub(crate) fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.iter().try_for_each(|argument| {
            visit.call(&argument.convert)?;
            visit.call(&argument.default)
        })
    }

    /// Builds the arguments for `call`.
    pub(crate) fn build<'py>(
        &self,
        py: Python<'py>,
        call: &Call,
        given: &Given<'_, 'py>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        if self.0.is_empty() {
            return Ok(PyTuple::empty(py));
        }
        let mut objects = Vec::with_capacity(self.0.len());
        for argument in &self.0 {
            objects.push(argument.build(py, call, given)?);
        }
        PyTuple::new(py, objects)
    }
}

impl Argument {
    fn read(entry: &Bound<'_, PyTuple>, route: &Route, form_reader: FormReader) -> PyResult<Self> {
        let py = entry.py();
        let kind: String = entry.get_item(0)?.extract()?;
        let callable_at = |index: usize| -> PyResult<Option<Py<PyAny>>> {
            let callable = entry.get_item(index)?;
            Ok((!callable.is_none()).then(|| callable.unbind()))
        };
        match kind.as_str() {
            "parameter" => {
                let (location, name): (String, String) =
                    (entry.get_item(1)?.extract()?, entry.get_item(2)?.extract()?);
                let source = Source::parameter(route, &location, &name).map_err(error::setup)?;
                Ok(Self {
                    source: ArgumentSource::Part(source),
                    convert: callable_at(3)?,
                    default: entry.get_item(4)?.unbind(),
                    copy: callable_at(5)?,
                })
            }
            "member" => Ok(Self {
                source: ArgumentSource::Part(Source::Member(entry.get_item(1)?.extract()?)),
                convert: callable_at(2)?,
                default: entry.get_item(3)?.unbind(),
                copy: callable_at(4)?,
            }),
            "body" => Ok(Self {
                source: ArgumentSource::Part(Source::Body),
                convert: callable_at(1)?,
                default: entry.get_item(2)?.unbind(),
                copy: callable_at(3)?,
            }),
            "request" => Ok(Self {
                source: ArgumentSource::Request(form_reader),
                convert: None,
                default: py.None(),
                copy: None,
            }),
            "socket" => Ok(Self {
                source: ArgumentSource::Socket,
                convert: callable_at(1)?,
                default: py.None(),
                copy: None,
            }),
            "content" => Ok(Self {
                source: ArgumentSource::Content,
                convert: callable_at(1)?,
                default: py.None(),
                copy: None,
            }),
            "admission" => Ok(Self {
                source: ArgumentSource::Admission,
                convert: None,
                default: py.None(),
                copy: None,
            }),
            other => Err(PyValueError::new_err(format!(
                "{other:?} is no source of arguments"
            ))),
        }
    }

    fn build<'py>(
        &self,
        py: Python<'py>,
        call: &Call,
        given: &Given<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let source = match &self.source {
            ArgumentSource::Part(source) => source,
            ArgumentSource::Request(form_reader) => {
                let native = NativeRequest::new(call, given.id, Arc::clone(given.ended), *form_reader);
                let make_request = given.hooks.make_request.bind(py);
                return make_request.call1((native, given.source));
            }
            ArgumentSource::Socket | ArgumentSource::Content | ArgumentSource::Admission => {
                let found = if matches!(self.source, ArgumentSource::Admission) {
                    given.admission
                } else {
                    given.source
                };
                return found
                    .cloned()
                    .ok_or_else(|| PyValueError::new_err("the route has neither a socket nor content"));
            }
        };
        let Some(value) = source.value(call) else {
            let default = self.default.bind(py);
            return match &self.copy {
                Some(copy) => copy.bind(py).call1((default,)),
                None => Ok(default.clone()),
            };
        };
        let object = to_python(py, value)?;
        match &self.convert {
            Some(convert) => convert.bind(py).call1((object,)),
            None => Ok(object),
        }
    }
}
