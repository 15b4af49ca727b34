//! From a handshake that has passed its checks to a running socket.

use std::{fmt, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::BytesMut;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_PROTOCOL},
};
use sabir_core::{
    Call, Problem, ProblemType, Reply, ReplyBody, RequestId,
    pipeline::Observation,
    reply::Upgrade,
    websocket::{Handshake, SocketPlan},
};
use sha1::{Digest, Sha1};

use super::{
    consumer::SocketConsumer,
    decoder::Decoder,
    driver::{Driver, Times},
    extension::Agreement,
    frame::Role,
    outbound::Outbound,
    sender::SocketSender,
    transport::Transport,
};

/// What is put behind a key before it is hashed (RFC 6455 §1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A socket that is about to be opened: what the handler of a socket's route answers a call with.
///
/// ```
/// use std::{sync::Arc, task::{Context, Poll}};
///
/// use sabir_core::{Call, Reply, websocket::{Close, Message}};
/// use sabir_http::websocket::{SocketConsumer, SocketEvent, SocketSender, SocketUpgrade};
///
/// struct Echo(SocketSender);
///
/// impl SocketConsumer for Echo {
///     fn event(&mut self, event: SocketEvent) {
///         if let SocketEvent::Message(message) = event {
///             self.0.consumed(message.len());
///             let _ = self.0.try_send(&message);
///         }
///     }
/// }
///
/// async fn echo(call: Call) -> Reply {
///     match SocketUpgrade::of(&call) {
///         Ok(upgrade) => {
///             let sender = upgrade.sender();
///             upgrade.reply(Echo(sender))
///         }
///         Err(problem) => problem.into_reply(),
///     }
/// }
/// # let _: &dyn sabir_core::Handler = &echo;
/// ```
#[derive(Debug)]
pub struct SocketUpgrade {
    plan: Arc<SocketPlan>,
    handshake: Handshake,
    agreement: Option<Agreement>,
    sender: SocketSender,
    decoder: Decoder,
    id: RequestId,
}

/// What the connection starts after the answer.
pub(crate) struct Start {
    upgrade: SocketUpgrade,
    consumer: Box<dyn SocketConsumer>,
    observation: Option<Box<Observation>>,
}

impl SocketUpgrade {
    /// The socket that `call` asks for.
    ///
    /// # Errors
    /// `internal-error` where the route of the call is none of a socket.
    pub fn of(call: &Call) -> Result<Self, Box<Problem>> {
        let handshake = call.head.extensions.get::<Handshake>();
        let (Some(plan), Some(handshake)) = (&call.route.socket, handshake) else {
            let mut problem = Problem::new(ProblemType::InternalError);
            problem.cause = Some(Arc::new(NotASocket));
            return Err(Box::new(problem));
        };
        let agreement = Agreement::of(&call.head.headers, plan.compression);
        let (deflater, inflater) = agreement.map(Agreement::of_server).unzip();
        let outbound = Outbound::new(plan.send_queue_limit, plan.send_queue_policy, deflater);
        Ok(Self {
            decoder: Decoder::new(Role::Client, plan.frame_limit, plan.message_limit, inflater),
            plan: Arc::clone(plan),
            handshake: handshake.clone(),
            agreement,
            sender: SocketSender::new(outbound),
            id: call.head.id.clone(),
        })
    }

    /// Sends to the socket. What is sent before it is open waits.
    pub fn sender(&self) -> SocketSender {
        self.sender.clone()
    }

    /// The subprotocol that was agreed on.
    pub fn subprotocol(&self) -> Option<&Arc<str>> {
        self.handshake.subprotocol.as_ref()
    }

    /// The id of the request that asked for the socket.
    pub fn request_id(&self) -> &RequestId {
        &self.id
    }

    /// What the route says of the socket.
    pub fn plan(&self) -> &Arc<SocketPlan> {
        &self.plan
    }

    /// The answer that opens the socket, of which `consumer` gets what happens.
    pub fn reply(self, consumer: impl SocketConsumer) -> Reply {
        let mut reply = Reply::new(StatusCode::SWITCHING_PROTOCOLS);
        self.write_headers(&mut reply.headers);
        reply.body = ReplyBody::Upgrade(Upgrade::new(Start {
            upgrade: self,
            consumer: Box::new(consumer),
            observation: None,
        }));
        reply
    }

    fn write_headers(&self, headers: &mut HeaderMap) {
        let accept = self.handshake.key.as_ref().map(|key| accept(key.as_bytes()));
        let subprotocol = self.handshake.subprotocol.as_deref();
        let fields = [
            (SEC_WEBSOCKET_ACCEPT, accept),
            (
                SEC_WEBSOCKET_PROTOCOL,
                subprotocol.and_then(|name| HeaderValue::from_str(name).ok()),
            ),
            (
                SEC_WEBSOCKET_EXTENSIONS,
                self.agreement.and_then(Agreement::header),
            ),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
    }
}

impl fmt::Debug for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.upgrade.fmt(f)
    }
}

impl Start {
    /// The socket that `upgrade` starts, once.
    pub(crate) fn of(upgrade: &Upgrade) -> Option<Self> {
        let mut start: Self = upgrade.take()?;
        start.observation = upgrade.take_observation();
        Some(start)
    }

    /// Drives the socket on `transport`, of which `input` has been read already.
    pub(crate) fn on(
        self,
        transport: impl Transport,
        input: BytesMut,
        write_timeout: Option<Duration>,
    ) -> Driver {
        let plan = &self.upgrade.plan;
        let times = Times {
            idle: plan.idle_timeout,
            ping: plan.ping_interval,
            close: plan.close_timeout,
            write: write_timeout,
        };
        Driver::new(
            Box::new(transport),
            input,
            self.upgrade.decoder,
            self.upgrade.sender.shared,
            self.consumer,
            times,
            self.upgrade.id,
        )
        .observed_by(self.observation)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the operation of the route has no `x-sabir.websocket`")]
struct NotASocket;

/// What proves that the server has understood (RFC 6455 §4.2.2).
pub(super) fn accept(key: &[u8]) -> HeaderValue {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(STANDARD.encode(digest)).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_key_of_the_standard() {
        assert_eq!(
            accept(b"dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }
}
