//! The opening handshake (RFC 6455 §4.2, RFC 8441 §4).

use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Version,
    header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE},
};

use super::SocketPlan;
use crate::{Problem, ProblemType, RequestHead, Switch, header::media_type::is_token, pipeline::CanUpgrade};

/// The protocol's name, in `Upgrade` and in `:protocol`.
pub(crate) const PROTOCOL: &str = "websocket";

/// A handshake that has passed its checks. The handler finds it in [`RequestHead::extensions`], and answers it with
/// [`ReplyBody::Upgrade`](crate::ReplyBody::Upgrade).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Handshake {
    /// What `Sec-WebSocket-Accept` is made of; `None` over HTTP/2, which has no need of it.
    pub key: Option<HeaderValue>,
    /// The subprotocol that was agreed on.
    pub subprotocol: Option<Arc<str>>,
}

/// Checks the handshake of a request for a route with `plan`.
///
/// # Errors
/// `upgrade-required` for a request that wants no WebSocket, or another version of it; `bad-request` for one that is not
/// well formed; `forbidden` for the page of another origin.
pub(crate) fn check(head: &RequestHead, plan: &SocketPlan) -> Result<Handshake, Box<Problem>> {
    let headers = &head.headers;
    if !Switch::Handshake.is_on() {
        plan.origins().check(headers)?;
        return Ok(Handshake {
            key: headers.get(SEC_WEBSOCKET_KEY).cloned(),
            subprotocol: subprotocol(headers, plan).unwrap_or_default(),
        });
    }
    let is_connect = head
        .extensions
        .get::<CanUpgrade>()
        .is_some_and(|can_upgrade| can_upgrade.is_connect);
    if !is_connect {
        let wants_upgrade = head.version == Version::HTTP_11
            && head.method == Method::GET
            && has_token(headers, &UPGRADE, PROTOCOL);
        if !wants_upgrade {
            return Err(upgrade_required("This is a WebSocket."));
        }
        if !has_token(headers, &CONNECTION, "upgrade") {
            return Err(refuse("The header field Connection does not say Upgrade."));
        }
    }
    // The version comes first: another one may have other fields (RFC 6455 §4.4).
    match one(headers, &SEC_WEBSOCKET_VERSION)? {
        Some(version) if version.as_bytes() == b"13" => {}
        Some(_) => return Err(upgrade_required("The version of WebSocket is 13.")),
        None => return Err(refuse("The header field Sec-WebSocket-Version is missing.")),
    }
    let key = if is_connect {
        None
    } else {
        match one(headers, &SEC_WEBSOCKET_KEY)? {
            Some(key) if is_key(key.as_bytes()) => Some(key.clone()),
            Some(_) => {
                return Err(refuse(
                    "The header field Sec-WebSocket-Key is not 16 bytes in base64.",
                ));
            }
            None => return Err(refuse("The header field Sec-WebSocket-Key is missing.")),
        }
    };
    plan.origins().check(headers)?;
    Ok(Handshake {
        key,
        subprotocol: subprotocol(headers, plan)?,
    })
}

fn refuse(detail: &str) -> Box<Problem> {
    Box::new(Problem::bad_request(detail))
}

/// `426`, with what a client needs to do it right (RFC 9110 §15.5.22, RFC 6455 §4.4).
fn upgrade_required(detail: &str) -> Box<Problem> {
    let problem = Problem::new(ProblemType::UpgradeRequired)
        .with_detail(detail)
        .with_header(UPGRADE, HeaderValue::from_static(PROTOCOL))
        .with_header(CONNECTION, HeaderValue::from_static("upgrade"))
        .with_header(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    Box::new(problem)
}

/// The only field called `name`.
///
/// # Errors
/// `bad-request` when there are several.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h HeaderValue>, Box<Problem>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(refuse(&format!("The header field {name} is given twice.")));
    }
    Ok(first)
}

/// Whether a list of the fields called `name` has `token`, in any case of letters.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers.get_all(name).iter().any(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|part| part.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    })
}

/// Whether `key` is base64 of 16 bytes: 22 digits, and two signs that fill it up.
fn is_key(key: &[u8]) -> bool {
    match key {
        [digits @ .., b'=', b'='] => {
            digits.len() == 22
                && digits
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        }
        _ => false,
    }
}

/// The first subprotocol of the client's list that the route has. With none in common the client decides whether it goes on.
fn subprotocol(headers: &HeaderMap, plan: &SocketPlan) -> Result<Option<Arc<str>>, Box<Problem>> {
    let mut chosen = None;
    for value in headers.get_all(SEC_WEBSOCKET_PROTOCOL) {
        for name in value.as_bytes().split(|byte| *byte == b',') {
            let name = name.trim_ascii();
            if !std::str::from_utf8(name).is_ok_and(is_token) {
                return Err(refuse(
                    "The header field Sec-WebSocket-Protocol is not a list of tokens.",
                ));
            }
            if chosen.is_none() && Switch::Subprotocols.is_on() {
                chosen = plan.subprotocols().find(|known| known.as_bytes() == name);
            }
        }
    }
    Ok(chosen.cloned())
}
