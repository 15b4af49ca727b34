//! WebSockets of test clients.

use std::{collections::VecDeque, fmt, io};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use sabir_core::websocket::{Close, Message};
use sabir_http::{
    Service,
    websocket::{Client, ConnectError, SocketEvent},
};
use tokio::{net::TcpStream, sync::mpsc};

/// The most that is read ahead of a test, in events: pings are answered also while it does something else.
const AHEAD: usize = 1024;

/// Where the server of a test client is.
#[derive(Debug)]
pub enum Server {
    /// In memory.
    Memory(Service),
    /// At a TCP address.
    Address(String),
}

/// Why a test client has no socket.
#[derive(Debug)]
pub enum Refusal {
    /// The server's answer.
    Answer(Response<Bytes>),
    /// The connection failed, or the server's handshake is wrong.
    Failed(String),
}

/// One socket of a test client. Dropping it leaves without closing.
pub struct ClientSocket {
    commands: mpsc::UnboundedSender<Command>,
    subprotocol: Option<String>,
    headers: HeaderMap,
}

type Done<T> = Box<dyn FnOnce(T) + Send>;

enum Command {
    Send(Message, Done<io::Result<()>>),
    Ping(Bytes, Done<io::Result<()>>),
    Close(Close, Done<io::Result<()>>),
    /// Bytes as they are.
    Write(Bytes, Done<io::Result<()>>),
    Receive(Done<io::Result<SocketEvent>>),
}

impl ClientSocket {
    /// Opens a socket, on this runtime.
    ///
    /// # Errors
    /// What the server answers instead.
    pub(super) async fn open(server: Server, request: Request<Bytes>) -> Result<Self, Refusal> {
        let opened = match server {
            Server::Memory(service) => service.connect_in_memory(request).await,
            Server::Address(address) => {
                let stream = TcpStream::connect(address).await.map_err(ConnectError::Io);
                let (head, _) = request.into_parts();
                let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
                match stream {
                    Ok(stream) => Client::connect(stream, target, head.headers).await,
                    Err(error) => Err(error),
                }
            }
        };
        let client = opened.map_err(|error| match error {
            ConnectError::Refused(answer) => Refusal::Answer(answer),
            other => Refusal::Failed(other.to_string()),
        })?;
        let (commands, receiver) = mpsc::unbounded_channel();
        let socket = Self {
            commands,
            subprotocol: client.subprotocol().map(str::to_owned),
            headers: client.answer().headers().clone(),
        };
        tokio::spawn(drive(client, receiver));
        Ok(socket)
    }

    /// The subprotocol that the server chose.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// The header fields of the answer that opened the socket.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Sends a message. `done` is called on another thread.
    pub fn send(&self, message: Message, done: impl FnOnce(io::Result<()>) + Send + 'static) {
        self.give(Command::Send(message, Box::new(done)));
    }

    /// Sends a ping. `done` is called on another thread.
    pub fn ping(&self, content: Bytes, done: impl FnOnce(io::Result<()>) + Send + 'static) {
        self.give(Command::Ping(content, Box::new(done)));
    }

    /// Sends a close frame. `done` is called on another thread.
    pub fn close(&self, close: Close, done: impl FnOnce(io::Result<()>) + Send + 'static) {
        self.give(Command::Close(close, Box::new(done)));
    }

    /// Writes bytes as they are, which need be no frames. `done` is called on another thread.
    pub fn write(&self, bytes: Bytes, done: impl FnOnce(io::Result<()>) + Send + 'static) {
        self.give(Command::Write(bytes, Box::new(done)));
    }

    /// Waits for what comes next. `done` is called on another thread with it.
    pub fn receive(&self, done: impl FnOnce(io::Result<SocketEvent>) + Send + 'static) {
        self.give(Command::Receive(Box::new(done)));
    }

    fn give(&self, command: Command) {
        // The task ends with the socket alone; what it leaves behind is dropped, and `done` with it.
        let _ = self.commands.send(command);
    }
}

impl fmt::Debug for ClientSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSocket")
            .field("subprotocol", &self.subprotocol)
            .finish_non_exhaustive()
    }
}

/// Does what the test wants, and reads meanwhile.
async fn drive(mut client: Client, mut commands: mpsc::UnboundedReceiver<Command>) {
    let mut ahead: VecDeque<io::Result<SocketEvent>> = VecDeque::new();
    let mut waiting: VecDeque<Done<io::Result<SocketEvent>>> = VecDeque::new();
    let mut is_over = false;
    loop {
        while !waiting.is_empty() && !ahead.is_empty() {
            if let (Some(done), Some(event)) = (waiting.pop_front(), ahead.pop_front()) {
                done(event);
            }
        }
        if is_over {
            for done in waiting.drain(..) {
                done(Ok(SocketEvent::Gone));
            }
        }
        let may_read = !is_over && ahead.len() < AHEAD;
        tokio::select! {
            command = commands.recv() => match command {
                None => return,
                Some(Command::Send(message, done)) => done(client.send(message).await),
                Some(Command::Ping(content, done)) => done(client.ping(&content).await),
                Some(Command::Close(close, done)) => done(client.close(close).await),
                Some(Command::Write(bytes, done)) => done(client.write(&bytes).await),
                Some(Command::Receive(done)) => waiting.push_back(done),
            },
            event = client.receive(), if may_read => {
                is_over = matches!(event, Err(_) | Ok(SocketEvent::Gone | SocketEvent::Closed(_)));
                ahead.push_back(event);
            }
        }
    }
}
