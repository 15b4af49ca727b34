//! A server that sends every message back, for `./task test:autobahn` and for trying things out; it listens on `$PORT`.

use sabir::{
    Sabir, ServeError, Settings,
    websocket::{SocketClosed, WebSocket, WebSocketCompression},
};

async fn echo(mut socket: WebSocket) -> Result<(), SocketClosed> {
    while let Some(message) = socket.receive().await {
        socket.send(message).await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ServeError> {
    let port = std::env::var("PORT").unwrap_or("9001".into());
    let settings = Settings {
        websocket_message_limit: 64 * 1024 * 1024,
        websocket_frame_limit: 64 * 1024 * 1024,
        websocket_compression: WebSocketCompression::ContextTakeover,
        ..Settings::default()
    };
    let app = Sabir::with_settings(settings).websocket("/", echo);
    app.serve(format!("127.0.0.1:{port}")).await
}
