//! How a call's arguments become the positional arguments of a Ruby handler.

use magnus::{Error, RArray, Ruby, Value, gc::Marker, prelude::*, value::Opaque};
use sabir_core::{Call, Route, body::FormReader};
use sabir_host::{BodyForm, OpenedBy, Source};

use crate::{error, hooks, request::Request, value::to_ruby};

/// The most arguments that a handler gets. They lie on the stack, where the garbage collector sees them.
const MOST: usize = 32;

/// Where one positional argument comes from.
enum ArgumentSource {
    /// A part of the call.
    Part(Source),
    /// The request object.
    Request(FormReader),
    /// The content while it arrives, or the socket.
    Given,
}

/// One positional argument.
struct Argument {
    source: ArgumentSource,
    /// Turns the plain value into another one.
    convert: Option<Opaque<Value>>,
    /// Stands in for an absent value.
    default: Opaque<Value>,
}

/// The positional arguments of one handler.
#[derive(Default)]
pub(crate) struct ArgumentPlan(Vec<Argument>);

impl ArgumentPlan {
    /// Reads the arrays that `Sabir::Handler` describes: kind, location, name, what converts, what stands for an absent value.
    pub(crate) fn read(
        ruby: &Ruby,
        entries: RArray,
        route: &Route,
        form_reader: FormReader,
    ) -> Result<Self, Error> {
        if entries.len() > MOST {
            return Err(error::argument(
                ruby,
                format!("a handler takes at most {MOST} arguments"),
            ));
        }
        entries
            .into_iter()
            .map(|entry| Argument::read(ruby, RArray::try_convert(entry)?, route, form_reader))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The form in which a handler with such arguments takes content.
    pub(crate) fn body_form(entries: RArray) -> Result<BodyForm, Error> {
        let mut form = BodyForm::Value;
        for entry in entries {
            match RArray::try_convert(entry)?.entry::<String>(0)?.as_str() {
                "content" => return Ok(BodyForm::Stream),
                "request" => form = BodyForm::ValueAndContent,
                _ => {}
            }
        }
        Ok(form)
    }

    /// Who opens the sockets of a handler with such arguments: Ruby where making them may fail.
    pub(crate) fn opened_by(entries: RArray) -> Result<OpenedBy, Error> {
        for entry in entries {
            let entry = RArray::try_convert(entry)?;
            if entry.entry::<String>(0)? == "parameter" && !entry.entry::<Value>(3)?.is_nil() {
                return Ok(OpenedBy::Host);
            }
        }
        Ok(OpenedBy::Runtime)
    }

    /// Shows the garbage collector what the plan holds.
    pub(crate) fn mark(&self, marker: &Marker) {
        for argument in &self.0 {
            if let Some(convert) = argument.convert {
                marker.mark(convert);
            }
            marker.mark(argument.default);
        }
    }

    /// Whether the handler takes the content while it arrives, or a socket.
    pub(crate) fn takes_given(&self) -> bool {
        self.0
            .iter()
            .any(|argument| matches!(argument.source, ArgumentSource::Given))
    }

    /// Calls `function` with the arguments for `call`. `given` is the socket that it has opened, or its content while it
    /// arrives. `admit` is called with the arguments; where it says no, the function is not called.
    pub(crate) fn call(
        &self,
        ruby: &Ruby,
        function: Value,
        call: &Call,
        given: Option<Value>,
        admit: impl FnOnce(&[Value]) -> Result<bool, Error>,
    ) -> Result<Option<Value>, Error> {
        let mut values = [ruby.qnil().as_value(); MOST];
        for (value, argument) in values.iter_mut().zip(&self.0) {
            *value = argument.build(ruby, call, given)?;
        }
        let arguments = &values[..self.0.len()];
        if !admit(arguments)? {
            return Ok(None);
        }
        hooks::call(function, arguments).map(Some)
    }
}

impl Argument {
    fn read(ruby: &Ruby, entry: RArray, route: &Route, form_reader: FormReader) -> Result<Self, Error> {
        let kind: String = entry.entry(0)?;
        let source = match kind.as_str() {
            "parameter" => {
                let (location, name): (String, String) = (entry.entry(1)?, entry.entry(2)?);
                let source = Source::parameter(route, &location, &name);
                ArgumentSource::Part(source.map_err(|error| error::setup(ruby, error))?)
            }
            "member" => ArgumentSource::Part(Source::Member(entry.entry(2)?)),
            "body" => ArgumentSource::Part(Source::Body),
            "request" => ArgumentSource::Request(form_reader),
            "content" | "socket" => ArgumentSource::Given,
            other => {
                return Err(error::argument(
                    ruby,
                    format!("{other:?} is no source of arguments"),
                ));
            }
        };
        let convert: Option<Value> = entry.entry(3)?;
        Ok(Self {
            source,
            convert: convert.map(Opaque::from),
            default: entry.entry::<Value>(4)?.into(),
        })
    }

    fn build(&self, ruby: &Ruby, call: &Call, given: Option<Value>) -> Result<Value, Error> {
        let value = match &self.source {
            ArgumentSource::Part(source) => match source.value(call) {
                Some(value) => to_ruby(ruby, value)?,
                None => return Ok(ruby.get_inner(self.default)),
            },
            ArgumentSource::Request(form_reader) => {
                return Ok(ruby.obj_wrap(Request::new(call, *form_reader)).as_value());
            }
            ArgumentSource::Given => {
                let problem = "the route has neither a socket nor content";
                given.ok_or_else(|| error::argument(ruby, problem.into()))?
            }
        };
        match self.convert {
            Some(convert) => hooks::call(ruby.get_inner(convert), &[value]),
            None => Ok(value),
        }
    }
}
