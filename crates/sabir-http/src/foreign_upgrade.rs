//! Sockets on connections of other servers, which give them up as hyper does.

use std::time::Duration;

use bytes::BytesMut;
use http::{Extensions, Method, Request, Response};
use hyper::{ext::Protocol, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use sabir_core::{pipeline::CanUpgrade, reply::Upgrade};

use crate::websocket::Start;

/// Takes from `request` what its connection is given up with, if another server than this project's own has it there.
pub(crate) fn ask<B>(request: &mut Request<B>) -> Option<OnUpgrade> {
    let is_connect = request.method() == Method::CONNECT;
    let extensions = request.extensions_mut();
    if extensions.get::<CanUpgrade>().is_some() || (is_connect && !is_websocket(extensions)) {
        return None;
    }
    let on_upgrade = extensions.remove::<OnUpgrade>()?;
    extensions.insert(CanUpgrade { is_connect });
    Some(on_upgrade)
}

fn is_websocket(extensions: &Extensions) -> bool {
    extensions
        .get::<Protocol>()
        .is_some_and(|protocol| protocol.as_str().eq_ignore_ascii_case("websocket"))
}

/// Has the socket that `response` opens go on with the connection, in a task of its own: the other server knows nothing of it.
pub(crate) fn start<B>(response: &mut Response<B>, on_upgrade: OnUpgrade, write_timeout: Option<Duration>) {
    let upgrade = response.extensions_mut().remove::<Upgrade>();
    if let Some(start) = upgrade.and_then(|upgrade| Start::of(&upgrade)) {
        tokio::spawn(async move {
            // It fails when the client has left before.
            if let Ok(upgraded) = on_upgrade.await {
                start
                    .on(TokioIo::new(upgraded), BytesMut::new(), write_timeout)
                    .await;
            }
        });
    }
}
