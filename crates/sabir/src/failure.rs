//! What becomes of a handler that fails.

use std::{
    any::Any,
    backtrace::Backtrace,
    cell::{Cell, RefCell},
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Once,
    task::Poll,
};

use sabir_core::{Problem, ProblemType, Reply, ReplyBody};

/// Shows the client what made a handler fail. The log has it in any case.
fn shown_cause(mut reply: Reply) -> Reply {
    if let ReplyBody::Problem(problem) = &mut reply.body
        && problem.detail.is_none()
    {
        problem.detail = problem.cause_text();
    }
    reply
}

thread_local! {
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
    static TRACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs a handler, and shows the client its error or panic. The runtime takes care of both too, and tells nobody but the log.
pub(crate) async fn shown(handler: impl Future<Output = Reply>) -> Reply {
    watch_panics();
    let mut handler = pin!(handler);
    poll_fn(|context| {
        IS_WATCHED.set(true);
        // What it leaves half done is only ever dropped.
        let polled = catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context)));
        IS_WATCHED.set(false);
        match polled {
            Ok(polled) => polled.map(shown_cause),
            Err(panic) => {
                let message = message(panic.as_ref());
                tracing::error!(panic = message, "a handler panicked");
                let mut problem = Problem::new(ProblemType::InternalError);
                let trace = TRACE.take().unwrap_or_default();
                problem.detail = Some(format!("The handler panicked: {message}\n{trace}"));
                Poll::Ready(problem.into_reply())
            }
        }
    })
    .await
}

/// Notes where a handler panics; whoever has set a hook before is called as well.
fn watch_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if IS_WATCHED.get() {
                let place = panic.location().map(ToString::to_string).unwrap_or_default();
                TRACE.set(Some(format!("at {place}\n{}", Backtrace::force_capture())));
            }
            before(panic);
        }));
    });
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is not text")
}
