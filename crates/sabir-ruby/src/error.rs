//! Errors that cross into Ruby.

use magnus::{
    Class, Error, Exception, ExceptionClass, Module, RClass, Ruby, TryConvert, error::ErrorType,
    value::ReprValue,
};
use sabir_host::{ListenError, answer::AnswerError};

/// A mistake in a route, an operation or a setting, as the class of the package with its parts.
pub(crate) fn setup(ruby: &Ruby, error: sabir_core::SetupError) -> Error {
    let sabir_core::SetupError {
        route,
        field,
        problem,
        remedy,
    } = error;
    let made = crate::sabir(ruby).and_then(|sabir| {
        let class: RClass = sabir.const_get("SetupError")?;
        Exception::try_convert(class.new_instance((route, field, problem, remedy))?.as_value())
    });
    made.map_or_else(|error| error, Error::from)
}

/// What a handler answered cannot be sent.
pub(crate) fn answer(ruby: &Ruby, error: AnswerError) -> Error {
    argument(ruby, error.to_string())
}

/// An argument that makes no sense.
pub(crate) fn argument(ruby: &Ruby, text: String) -> Error {
    Error::new(ruby.exception_arg_error(), text)
}

/// Something that cannot be done now.
pub(crate) fn runtime(ruby: &Ruby, text: String) -> Error {
    Error::new(ruby.exception_runtime_error(), text)
}

/// Why the application does not listen at `address`.
pub(crate) fn listen(ruby: &Ruby, error: &ListenError, address: &str) -> Error {
    match error {
        ListenError::System(error) => system(ruby, error, address),
        ListenError::Listening | ListenError::Stopped => runtime(ruby, error.to_string()),
    }
}

/// An error of the system at `address` as the class of `Errno` that Ruby itself would raise.
pub(crate) fn system(ruby: &Ruby, error: &std::io::Error, address: &str) -> Error {
    let Some(number) = error.raw_os_error() else {
        return Error::new(ruby.exception_io_error(), format!("{address}: {error}"));
    };
    let class: Result<ExceptionClass, Error> = ruby.class_object().const_get("SystemCallError");
    let made =
        class.and_then(|class| Exception::try_convert(class.new_instance((address, number))?.as_value()));
    made.map_or_else(|error| error, Error::from)
}

/// Whether the error is the end of this thread, which has to be passed on.
pub(crate) fn ends_thread(error: &Error) -> bool {
    matches!(error.error_type(), ErrorType::Jump(magnus::error::Tag::Fatal))
}

/// The exception that `error` is. A jump that was caught, such as a `break`, is one that no handler may do.
pub(crate) fn exception(ruby: &Ruby, error: &Error) -> Result<Exception, Error> {
    match error.error_type() {
        ErrorType::Exception(exception) => Ok(*exception),
        ErrorType::Error(class, text) => {
            Exception::try_convert(class.new_instance((text.as_ref(),))?.as_value())
        }
        ErrorType::Jump(tag) => {
            let text = format!("the handler jumps out of its block ({tag})");
            Exception::try_convert(
                ruby.exception_local_jump_error()
                    .new_instance((text,))?
                    .as_value(),
            )
        }
    }
}
