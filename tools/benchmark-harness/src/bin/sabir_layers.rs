//! Sabir in Rust with what the environment variable `LAYERS` names around its handler.

use std::env;

use sabir::{
    Sabir,
    stages::{Compression, Cors, RequestId, SecurityHeaders},
};
use sabir_benchmark::port;

async fn index() -> &'static str {
    "Hello, world!"
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = match env::var("LAYERS").as_deref() {
        Ok("stages") => Sabir::new()
            .stage(Cors {
                allow_origins: vec!["https://shop.example".into()],
                ..Cors::default()
            })
            .stage(RequestId::default())
            .stage(SecurityHeaders::default())
            .stage(Compression::default()),
        _ => Sabir::new(),
    };
    app.get("/", index)
        .serve(&format!("127.0.0.1:{}", port()))
        .await?;
    Ok(())
}
