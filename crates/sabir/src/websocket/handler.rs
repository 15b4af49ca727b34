//! Async functions as handlers of sockets.

use std::{
    future::Future,
    sync::Arc,
    task::{Context, Poll},
};

use sabir_core::{
    BoxFuture, Call, Handler, RequestId, SetupError, operation::SocketDescription, reply::StreamError,
    websocket::Close,
};
use sabir_http::websocket::{SocketConsumer, SocketEvent, SocketSender, SocketUpgrade};

use super::{IncomingMessages, OutgoingMessages, SocketOutcome, WebSocket, inbox::Inbox, outcome::close};
use crate::{Argument, Arguments, Description, argument::CancelOnDrop};

/// A function of a [`WebSocket`] and up to seven further arguments; `M` are the types of the messages in both directions, `A` is the
/// tuple of the arguments' types.
///
/// The arguments are taken before the socket is opened: where one of them is refused, the client gets that answer instead.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the handler of a WebSocket",
    label = "not a function that Sabir can call",
    note = "a handler is an `async fn` whose first argument is a `WebSocket`, followed by up to seven others",
    note = "a closure says the types of its arguments: `async |mut socket: WebSocket, Path(room): Path<String>| …`"
)]
pub trait SocketHandler<M, A>: Clone + Send + Sync + 'static {
    /// What the function returns.
    type Future: Future<Output: SocketOutcome> + Send + 'static;

    /// Has the operation say what the messages are.
    fn describe(description: &mut SocketDescription);

    /// Calls the function.
    fn call(&self, upgrade: &SocketUpgrade, inbox: Inboxes, arguments: A) -> Self::Future;
}

/// What connects a socket with its handler.
#[derive(Debug)]
pub struct Inboxes(Arc<Inbox>);

/// `function` as a [`Handler`] that opens sockets.
///
/// # Errors
/// The first argument that would never get anything.
pub(crate) fn handler<M, A, H>(
    function: H,
    mut socket: SocketDescription,
    description: &mut Description<'_>,
) -> Result<Arc<dyn Handler>, SetupError>
where
    A: Arguments,
    H: SocketHandler<M, A>,
{
    let plans = A::describe(description)?;
    H::describe(&mut socket);
    description
        .operation()
        .extension
        .get_or_insert_default()
        .websocket = Some(socket);
    let shared = Arc::new((function, plans));
    Ok(Arc::new(move |call: Call| {
        let shared = Arc::clone(&shared);
        async move {
            let upgrade = match SocketUpgrade::of(&call) {
                Ok(upgrade) => upgrade,
                Err(problem) => return problem.into_reply(),
            };
            let arguments = match A::take(call, &shared.1).await {
                Ok(arguments) => arguments,
                Err(reply) => return reply,
            };
            let guard = CancelOnDrop(arguments.cancellations());
            let inbox = Arc::new(Inbox::default());
            let work = shared.0.call(&upgrade, Inboxes(Arc::clone(&inbox)), arguments);
            let running = Running {
                inbox,
                sender: upgrade.sender(),
                id: upgrade.request_id().clone(),
                work: Box::pin(async move {
                    let outcome = work.await.outcome();
                    guard.disarm();
                    outcome
                }),
                has_news: false,
            };
            upgrade.reply(running)
        }
    }))
}

/// The handler of one socket at work, in the task of the connection.
struct Running {
    work: BoxFuture<'static, Result<(), StreamError>>,
    inbox: Arc<Inbox>,
    sender: SocketSender,
    id: RequestId,
    /// Whether something has come since the handler was polled.
    has_news: bool,
}

impl SocketConsumer for Running {
    fn event(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Message(message) => {
                self.inbox.push(message);
                self.has_news = true;
            }
            SocketEvent::Closed(close) => {
                self.inbox.close(close);
                self.has_news = true;
            }
            SocketEvent::Ping(content) | SocketEvent::Pong(content) => self.sender.consumed(content.len()),
            _ => {}
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Close> {
        if std::mem::take(&mut self.has_news) {
            self.inbox.wake(context);
        }
        self.work
            .as_mut()
            .poll(context)
            .map(|outcome| close(outcome, &self.id))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The socket may have been moved elsewhere.
        self.inbox.end();
    }
}

macro_rules! functions {
    ($($($argument:ident)*;)*) => {
        $(
            #[allow(non_snake_case)]
            impl<F, Fut, In, Out, $($argument,)*> SocketHandler<(In, Out), ($($argument,)*)> for F
            where
                In: IncomingMessages,
                Out: OutgoingMessages,
                $($argument: Argument,)*
                F: Fn(WebSocket<In, Out>, $($argument,)*) -> Fut + Clone + Send + Sync + 'static,
                Fut: Future<Output: SocketOutcome> + Send + 'static,
            {
                type Future = Fut;

                fn describe(description: &mut SocketDescription) {
                    description.incoming = In::schema();
                    description.outgoing = Out::schema();
                }

                fn call(&self, upgrade: &SocketUpgrade, inbox: Inboxes, ($($argument,)*): ($($argument,)*)) -> Fut {
                    self(WebSocket::new(upgrade, inbox.0), $($argument,)*)
                }
            }
        )*
    };
}

functions! {
    ;
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E G;
    A B C D E G H;
}
