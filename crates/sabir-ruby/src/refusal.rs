//! The answer for what a Ruby handler raised.

use magnus::{Error, RHash, Ruby};
use sabir_core::{Reply, RequestHead};
use sabir_host::answer;

use crate::{error, hooks, value};

/// The problem that was raised; for anything else 500 and a log entry, whose text clients see if they may. A problem that cannot be
/// sent is a failure as well.
pub(crate) fn refuse(ruby: &Ruby, error: &Error, head: &RequestHead, is_shown: bool) -> Reply {
    let failed = match problem(ruby, error) {
        Ok(Some(reply)) => return reply,
        Ok(None) => report(ruby, error, head),
        Err(second) => report(ruby, &second, head),
    };
    // Without a text it is the logger that has failed.
    answer::failure(failed.ok().filter(|_| is_shown))
}

/// The problem that an exception is, if it is one.
fn problem(ruby: &Ruby, error: &Error) -> Result<Option<Reply>, Error> {
    let described = hooks::problem_of(ruby, error::exception(ruby, error)?)?;
    let Some(described) = RHash::from_value(described) else {
        return Ok(None);
    };
    let data = value::members(ruby, described, "problem")?;
    answer::problem(&data)
        .map(Some)
        .map_err(|error| error::answer(ruby, error))
}

/// Writes what was raised to the log, and gives its text.
pub(crate) fn report(ruby: &Ruby, error: &Error, head: &RequestHead) -> Result<String, Error> {
    let exception = error::exception(ruby, error)?;
    hooks::report(
        ruby,
        exception,
        head.method.as_str(),
        head.uri.path(),
        head.id.named(),
    )
}
