//! The functions of `Sabir::Hooks`.

use magnus::{Error, Exception, RModule, Ruby, Value, prelude::*, value::LazyId};

static CALL: LazyId = LazyId::new("call");
static CANCEL: LazyId = LazyId::new("cancel");
static ENCODE_RESULT: LazyId = LazyId::new("encode_result");
static GIVE_BACK_BELL: LazyId = LazyId::new("give_back_bell");
static PLAIN: LazyId = LazyId::new("plain");
static PROBLEM_OF: LazyId = LazyId::new("problem_of");
static REPORT: LazyId = LazyId::new("report");
static RECEIVE: LazyId = LazyId::new("receive");
static RUN_STREAM: LazyId = LazyId::new("run_stream");
static TAKE_BELL: LazyId = LazyId::new("take_bell");
static WAIT: LazyId = LazyId::new("wait");

fn hooks(ruby: &Ruby) -> Result<RModule, Error> {
    crate::sabir(ruby)?.const_get("Hooks")
}

/// Calls something callable.
pub(crate) fn call(callable: Value, arguments: &[Value]) -> Result<Value, Error> {
    callable.funcall_public(*CALL, arguments)
}

/// Tells a stream that nobody reads it any more.
pub(crate) fn cancel(stream: Value) -> Result<Value, Error> {
    stream.funcall_public(*CANCEL, ())
}

/// What a handler returned as status, header fields and content; or a stream.
pub(crate) fn encode_result(ruby: &Ruby, result: Value, answers: Value) -> Result<Value, Error> {
    hooks(ruby)?.funcall(*ENCODE_RESULT, (result, answers))
}

/// A value that JSON has a word for, in place of one that it has none for.
pub(crate) fn plain(ruby: &Ruby, value: Value) -> Result<Value, Error> {
    hooks(ruby)?.funcall(*PLAIN, (value,))
}

/// The data of the problem that an exception is, or nil.
pub(crate) fn problem_of(ruby: &Ruby, exception: Exception) -> Result<Value, Error> {
    hooks(ruby)?.funcall(*PROBLEM_OF, (exception,))
}

/// Writes an exception to the log, and gives its text.
pub(crate) fn report(
    ruby: &Ruby,
    exception: Exception,
    method: &str,
    path: &str,
    id: String,
) -> Result<String, Error> {
    hooks(ruby)?.funcall(*REPORT, (exception, method, path, id))
}

/// Makes the content of an answer, on this thread.
pub(crate) fn run_stream(ruby: &Ruby, native: Value, stream: Value) -> Result<Value, Error> {
    hooks(ruby)?.funcall(*RUN_STREAM, (native, stream))
}

/// A `Sabir::Bell` for a fiber that is about to wait.
pub(crate) fn take_bell(ruby: &Ruby) -> Result<Value, Error> {
    hooks(ruby)?.funcall(*TAKE_BELL, ())
}

/// Gives it back.
pub(crate) fn give_back_bell(ruby: &Ruby, bell: Value) -> Result<(), Error> {
    hooks(ruby)?
        .funcall::<_, _, Value>(*GIVE_BACK_BELL, (bell,))
        .map(drop)
}

/// Has the fiber wait until the bell rings.
pub(crate) fn wait_for_bell(bell: Value) -> Result<(), Error> {
    bell.funcall_public::<_, _, Value>(*WAIT, ()).map(drop)
}

/// Tells the handler of a socket what has happened to it.
pub(crate) fn tell_socket(socket: Value, kind: &'static str, value: Value) -> Result<(), Error> {
    let kind = Ruby::get_with(socket).to_symbol(kind);
    socket.funcall::<_, _, Value>(*RECEIVE, (kind, value)).map(drop)
}
