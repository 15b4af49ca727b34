//! The stage `request_id`.

use std::sync::Arc;

use http::{HeaderName, HeaderValue};

use super::{Compile, Leaving, Stage, networks::Networks};
use crate::{
    Reply, RequestHead, SetupError,
    options::{choice, options},
    request_id::REQUEST_ID,
};

choice! {
    /// What ids look like that the server makes.
    RequestIdFormat {
        /// 16 hexadecimal digits, counted from a random number on.
        Short = "short",
        /// A random UUID (RFC 9562 §5.4).
        Uuid = "uuid",
    }
}

options! {
    /// Which id a request has.
    RequestId ("option", at "") {
        /// The field that ids come in, and that every answer has.
        header: String = "x-request-id".into();
        /// Whose ids are taken over, if they are 1 to 128 visible characters of ASCII: networks as `10.0.0.0/8`, addresses, `loopback`,
        /// `private`, `unix`, `all`. Others get a new one. It is the peer of the connection that counts, not what proxies say.
        accept_from: Vec<String> = vec!["loopback".into(), "unix".into()];
        /// What ids look like that the server makes.
        format: RequestIdFormat = RequestIdFormat::Short;
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    header: HeaderName,
    accept_from: Networks,
    is_uuid: bool,
}

impl Compile for RequestId {
    const IS_FOR_APPLICATIONS: bool = true;

    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        let header = HeaderName::from_bytes(self.header.as_bytes()).map_err(|_| {
            let problem = format!("{:?} is no name of a header field", self.header);
            SetupError::new("header", problem, "write it as X-Correlation-ID")
        })?;
        Ok(Arc::new(Compiled {
            header,
            accept_from: Networks::read("accept_from", &self.accept_from)?,
            is_uuid: self.format == RequestIdFormat::Uuid,
        }))
    }
}

impl Stage for Compiled {
    fn arrive(&self, head: &mut RequestHead) -> Result<(), Box<Reply>> {
        let given = head.headers.get(&self.header);
        let given = given
            .filter(|_| self.accept_from.has_peer(head.remote))
            .and_then(crate::RequestId::given);
        head.id = match given {
            Some(given) => given,
            None if self.is_uuid => crate::RequestId::uuid(),
            None if head.id.is_given() => crate::RequestId::made(),
            None => return Ok(()),
        };
        Ok(())
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        reply.headers.remove(&REQUEST_ID);
        if let Ok(id) = HeaderValue::try_from(exchange.id().to_string()) {
            reply.headers.insert(self.header.clone(), id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use http::{Method, Uri};
    use serde_json::json;

    use super::*;
    use crate::stage::Stages;

    fn id(stage: &RequestId, peer: Option<&str>, fields: &[(&'static str, &'static str)]) -> String {
        let headers = fields
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut request = http::Request::new(());
        *request.headers_mut() = headers.collect();
        *request.uri_mut() = Uri::from_static("/");
        *request.method_mut() = Method::GET;
        let peer = peer.map(|peer| peer.parse().unwrap());
        let mut head = RequestHead::from_parts(request.into_parts().0, peer);
        stage.compile().unwrap().arrive(&mut head).unwrap();
        head.id.to_string()
    }

    #[test]
    fn takes_ids_over_from_whom_it_trusts() {
        let stage = RequestId::default();
        assert_eq!(id(&stage, None, &[("x-request-id", "a")]), "a");
        assert_eq!(id(&stage, Some("127.0.0.1:1"), &[("x-request-id", "a")]), "a");
        assert_eq!(
            id(&stage, Some("192.0.2.7:1"), &[("x-request-id", "a")]).len(),
            16
        );
        assert_eq!(id(&stage, None, &[("x-request-id", "a b")]).len(), 16);
        let other = RequestId {
            header: "X-Correlation-ID".into(),
            ..stage
        };
        let fields = [("x-request-id", "a"), ("x-correlation-id", "b")];
        assert_eq!(id(&other, None, &fields), "b");
        assert_eq!(id(&other, None, &fields[..1]).len(), 16);
    }

    #[test]
    fn makes_uuids_that_are_random() {
        let stage = RequestId {
            format: RequestIdFormat::Uuid,
            ..RequestId::default()
        };
        let ids: HashSet<String> = (0..1000).map(|_| id(&stage, None, &[])).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let parts: Vec<&str> = id.split('-').collect();
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
            assert!(
                parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']),
                "{id}"
            );
        }
    }

    #[test]
    fn names_the_option_that_is_wrong() {
        for (options, field) in [
            (json!({ "header": "a b" }), "stages.request_id.header"),
            (
                json!({ "accept_from": ["lan"] }),
                "stages.request_id.accept_from[0]",
            ),
            (json!({ "format": "ulid" }), "stages.request_id.format"),
        ] {
            let error = Stages::default().set("request_id", &options).unwrap_err();
            assert_eq!(error.field, field, "{options}");
        }
    }
}
