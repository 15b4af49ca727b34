//! Connections that go on with another protocol.

use std::{sync::Arc, time::Duration};

use http::{Request, Response};
use hyper::{ext::Protocol, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use sabir_core::{pipeline::CanUpgrade, reply::Upgrade};

use super::{shared::Shared, until_stopped};
use crate::{
    control::Control,
    websocket::{Driver, Start, Transport},
};

/// The protocol that an extended CONNECT may ask for.
const WEBSOCKET: &str = "websocket";

/// What an answer that changes the protocol needs later.
pub(super) enum Asked {
    /// HTTP/1.1 goes on with the whole connection.
    Connection,
    /// HTTP/2 goes on with one stream.
    Stream(OnUpgrade),
}

/// Says in the extensions of `request` whether the connection can go on with another protocol.
pub(super) fn ask<B>(request: &mut Request<B>, is_http1: bool) -> Option<Asked> {
    let extensions = request.extensions_mut();
    // The connection stays with its reader: a service that took it over would get what the reader has not let through. hyper
    // has put it there for requests of HTTP/1.1 with the field `Upgrade`; in HTTP/1.0 that is ignored (RFC 9110 §7.8).
    let on_upgrade = extensions.remove::<OnUpgrade>()?;
    if is_http1 {
        extensions.insert(CanUpgrade { is_connect: false });
        return Some(Asked::Connection);
    }
    let protocol = extensions.get::<Protocol>()?;
    if !protocol.as_str().eq_ignore_ascii_case(WEBSOCKET) {
        return None;
    }
    extensions.insert(CanUpgrade { is_connect: true });
    Some(Asked::Stream(on_upgrade))
}

/// What `response` has the connection go on with.
pub(super) fn start<B>(response: &mut Response<B>) -> Option<Start> {
    Start::of(&response.extensions_mut().remove::<Upgrade>()?)
}

/// Drives a socket to its end, and closes it when the server stops.
pub(super) async fn drive(mut driver: Box<Driver>, control: &Control) {
    let driver = std::pin::Pin::new(&mut *driver);
    until_stopped(
        driver,
        control,
        |driver| driver.get_mut().stop(),
        |_| std::task::Poll::Pending,
    )
    .await;
}

/// Goes on with one stream of HTTP/2, once its answer is sent.
pub(super) async fn drive_stream(
    start: Start,
    on_upgrade: OnUpgrade,
    write_timeout: Option<Duration>,
    shared: Arc<Shared>,
) {
    // It fails when the client has left before.
    if let Ok(upgraded) = on_upgrade.await {
        let stream = TokioIo::new(upgraded);
        let driver = start.on(stream, bytes::BytesMut::new(), write_timeout);
        drive(Box::new(driver), shared.control()).await;
    }
    shared.end();
}

impl Transport for TokioIo<hyper::upgrade::Upgraded> {}
