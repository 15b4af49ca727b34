//! Handlers that keep the content of their requests.

use std::{
    future::pending,
    net::TcpStream,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use http::{Method, StatusCode};
use sabir_core::{Body, Call, Problem, Reply, ReplyBody, RouteDefinition, Settings, body::BodyStream};
use sabir_http::{Address, App, Server, ServerHandle};
use serde_json::json;

use super::operation;

const PATHS: [&str; 5] = ["/whole", "/first", "/stream", "/behind", "/never"];

pub struct Running {
    pub address: String,
    pub handle: ServerHandle,
    /// The content that handlers keep.
    pub kept: Arc<Mutex<Vec<BodyStream>>>,
    /// What ended the reading of tasks that handlers have left behind.
    pub ends: Arc<Mutex<Vec<Option<Problem>>>>,
}

/// `/whole` answers at once, `/first` when it has read a chunk, `/stream` in two pieces, `/never` not at all; they keep their
/// content. `/behind` answers soon and leaves a task behind that reads on.
pub fn start(change: impl FnOnce(&mut Settings)) -> Running {
    let (kept, ends) = (Arc::default(), Arc::default());
    let mut settings = Settings::default();
    change(&mut settings);
    let mut app = App::new(settings);
    for path in PATHS {
        let (kept, ends) = (Arc::clone(&kept), Arc::clone(&ends));
        let handler = move |call: Call| {
            let (kept, ends) = (Arc::clone(&kept), Arc::clone(&ends));
            async move {
                if let Body::Stream(content) = call.body {
                    keep(path, content, &kept, ends).await;
                }
                let mut reply = Reply::bytes(StatusCode::OK, "text/plain", "hello");
                if path == "/stream" {
                    let pieces = ["he", "llo"].map(|piece| Ok(piece.into()));
                    reply = Reply::new(StatusCode::OK);
                    reply.body = ReplyBody::Stream(Box::pin(stream::iter(pieces)));
                }
                reply
            }
        };
        let route = RouteDefinition::new(Method::POST, path, operation(&json!({})));
        app.route(route.streaming(), Arc::new(handler)).unwrap();
    }
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    Running {
        address: server.local_address(),
        handle: server.serve(app.build()).unwrap(),
        kept,
        ends,
    }
}

async fn keep(
    path: &str,
    mut content: BodyStream,
    kept: &Mutex<Vec<BodyStream>>,
    ends: Arc<Mutex<Vec<Option<Problem>>>>,
) {
    if path == "/behind" {
        tokio::spawn(async move {
            let end = loop {
                match content.next().await {
                    Some(Ok(_)) => {}
                    Some(Err(problem)) => break Some(problem),
                    None => break None,
                }
            };
            ends.lock().unwrap().push(end);
        });
        // It has read what is there by then, and waits for more.
        tokio::time::sleep(Duration::from_millis(50)).await;
        return;
    }
    if path == "/first" {
        content.next().await.unwrap().unwrap();
    }
    kept.lock().unwrap().push(content);
    if path == "/never" {
        pending::<()>().await;
    }
}

impl Running {
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }
}
