//! What is the same in every host language.
//!
//! A binding wraps an [`Application`]: routes, settings, the server, and requests in memory. Its calls wait in one [`Queue`].
//! I/O threads push [`HostMessage`]s; the host is woken only when it was idle, takes a whole batch, reads the arguments by
//! their [`Source`]s, and answers each call through its [`ReplyHandle`] with what [`answer`] builds. Replies travel back in
//! batches too, one outbox for each I/O thread.
//!
//! A binding implements [`Wake`], "run these calls", and how values of its language are made and read.
//!
//! - [`app`], [`listen`], [`memory`]: the application, its server, its requests in memory
//! - [`queue`], [`handler`], [`reply`], [`calls`]: calls on their way to the host and back
//! - [`socket_handler`], [`socket`], [`admission`]: sockets, and who opens them
//! - [`stream`]: content that a handler makes while it is sent
//! - [`arguments`], [`request`], [`answer`], [`handlers`]: what a handler gets and gives
//! - [`log`]: what the runtime reports, for the host's logger
//! - [`supervisor`]: what keeps several processes serving one address
//! - [`process`], [`settings`]: what else hosts ask for

pub mod admission;
pub mod answer;
pub mod app;
pub mod arguments;
mod call_id;
pub mod calls;
pub mod content;
pub mod handler;
pub mod handlers;
pub mod listen;
pub mod log;
pub mod memory;
pub mod message;
mod outbox;
pub mod process;
pub mod queue;
mod reader;
pub mod reply;
pub mod request;
pub mod room;
pub mod settings;
pub mod socket;
pub mod socket_handler;
pub mod stream;
pub mod supervisor;

pub use admission::{Admission, OpenedBy};
pub use app::{Application, DocumentKind};
pub use arguments::Source;
pub use call_id::CallId;
pub use calls::Calls;
pub use content::RequestContent;
pub use handler::{BodyForm, HostHandler};
pub use handlers::Handlers;
pub use listen::{ListenError, Socket};
pub use memory::{Content, ContentReader, ContentWriter, Exchange, SentContent};
pub use message::{ContentItem, HostMessage, Opened, Pending};
pub use queue::{Queue, Wake};
pub use reply::ReplyHandle;
pub use request::Request;
pub use room::Room;
pub use sabir_http::{TakenConnection, file_content, flush_access_logs};
pub use socket::{HostSocket, SocketNews};
pub use socket_handler::HostSocketHandler;
pub use stream::StreamWriter;
