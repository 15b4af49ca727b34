//! The stage `trusted_proxies`.

mod forwarded;
mod hop;

use std::{net::SocketAddr, sync::Arc};

use http::{HeaderName, HeaderValue, header};

use self::forwarded::Element;
use super::{Compile, Stage, networks::Networks};
use crate::{
    Problem, Reply, RequestHead, SetupError,
    header::host::{is_host, with_port},
    options::options,
    request_head::Scheme,
};

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PORT: HeaderName = HeaderName::from_static("x-forwarded-port");

options! {
    /// What proxies in front of the server say of the client.
    TrustedProxies ("option", at "") {
        /// Who is believed: networks as `10.0.0.0/8` and `2001:db8::/32`, addresses, `loopback`, `private` (RFC 1918, RFC 4193), `unix` for
        /// Unix sockets, `all`.
        trust: Vec<String> = vec!["loopback".into(), "unix".into()];
        /// The fields that the proxies set: `x-forwarded-for`, `x-forwarded-proto`, `x-forwarded-host`, `x-forwarded-port`, or `forwarded`
        /// alone (RFC 7239). Name none that a proxy passes on as its client has sent it.
        fields: Vec<String> = vec!["x-forwarded-for".into(), "x-forwarded-proto".into()];
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    trust: Networks,
    fields: Fields,
}

/// The fields that proxies set.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a field of its own")]
enum Fields {
    Forwarded,
    Single {
        sender: bool,
        scheme: bool,
        host: bool,
        port: bool,
    },
}

/// What is said of the client.
#[derive(Debug, Default)]
struct Told {
    client: Option<SocketAddr>,
    scheme: Option<Scheme>,
    host: Option<HeaderValue>,
    port: Option<u16>,
}

impl Compile for TrustedProxies {
    const IS_FOR_APPLICATIONS: bool = true;

    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        if self.trust.is_empty() {
            let remedy = "name a network, or leave the stage out";
            return Err(SetupError::new("trust", "nobody is believed", remedy));
        }
        let known = [&FOR, &PROTO, &HOST, &PORT, &header::FORWARDED];
        for (place, name) in self.fields.iter().enumerate() {
            if !known.iter().any(|known| known.as_str() == name) {
                let problem = format!("{name:?} is no field of a proxy that is known");
                let names = known.map(HeaderName::as_str).join(" ");
                return Err(SetupError::new(
                    format!("fields[{place}]"),
                    problem,
                    format!("use some of {names}"),
                ));
            }
        }
        let has = |name: &HeaderName| self.fields.iter().any(|field| name.as_str() == field);
        let fields = match (has(&header::FORWARDED), self.fields.len()) {
            (_, 0) => {
                return Err(SetupError::new(
                    "fields",
                    "there is no field",
                    "name one, or leave the stage out",
                ));
            }
            (true, 1) => Fields::Forwarded,
            (true, _) => {
                let problem = "`forwarded` says what the others say, and may say something else";
                return Err(SetupError::new(
                    "fields",
                    problem,
                    "name `forwarded` alone, or leave it out",
                ));
            }
            (false, _) => Fields::Single {
                sender: has(&FOR),
                scheme: has(&PROTO),
                host: has(&HOST),
                port: has(&PORT),
            },
        };
        Ok(Arc::new(Compiled {
            trust: Networks::read("trust", &self.trust)?,
            fields,
        }))
    }
}

impl Compiled {
    /// What the fields with one member each say.
    fn told_singly(&self, head: &RequestHead, [sender, scheme, host, port]: [bool; 4]) -> Told {
        let (place, client) = sender
            .then(|| hop::client(items(head, &FOR), &self.trust))
            .flatten()
            .unzip();
        let place = place.unwrap_or_default();
        // Where not every proxy has added a member, the nearest is the one that is known to come from a proxy.
        let told = |is_set: bool, name| {
            let mut all = is_set.then(|| items(head, name))?;
            let nearest = all.next()?;
            Some(
                place
                    .checked_sub(1)
                    .and_then(|place| all.nth(place))
                    .unwrap_or(nearest),
            )
        };
        Told {
            client,
            scheme: told(scheme, &PROTO).and_then(hop::scheme),
            host: told(host, &HOST).and_then(host_of),
            port: told(port, &PORT).and_then(|port| port.trim_ascii().parse().ok()),
        }
    }

    /// What `Forwarded` says.
    fn told_together(&self, head: &RequestHead) -> Option<Told> {
        let mut elements = Vec::new();
        for value in head.headers.get_all(header::FORWARDED) {
            forwarded::read(value.to_str().ok()?, &mut elements)?;
        }
        let senders = elements.iter().rev();
        let senders = senders.map(|element| element.sender.as_deref().unwrap_or_default());
        let client = hop::client(senders, &self.trust);
        let (place, client) = client.unzip();
        // The proxy that names the client knows what that has asked for; those behind it may not repeat it.
        let behind: Vec<&Element<'_>> = elements
            .iter()
            .rev()
            .take(place.unwrap_or_default() + 1)
            .collect();
        let mut behind = behind.into_iter().rev();
        let scheme = behind.clone().find_map(|element| element.scheme.as_deref());
        let host = behind.find_map(|element| element.host.as_deref());
        Some(Told {
            client,
            scheme: scheme.and_then(hop::scheme),
            host: host.and_then(host_of),
            port: None,
        })
    }
}

/// The members of the lists in the fields called `name`, of which the last comes first.
fn items<'h>(head: &'h RequestHead, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    let values = head.headers.get_all(name).iter().rev();
    values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','))
}

fn host_of(text: &str) -> Option<HeaderValue> {
    let text = text.trim_ascii();
    is_host(text.as_bytes()).then(|| HeaderValue::from_str(text).ok())?
}

impl Told {
    /// Says it of the request.
    fn put(self, head: &mut RequestHead) {
        if let Some(client) = self.client {
            head.remote = Some(client);
        }
        if let Some(scheme) = self.scheme {
            head.scheme = scheme;
        }
        let host = self.host.as_ref().or_else(|| head.headers.get(header::HOST));
        let host = match self.port {
            Some(port) => host.and_then(|host| {
                let own = if head.scheme == Scheme::Https { 443 } else { 80 };
                let host = with_port(host.as_bytes(), (port != own).then_some(port));
                HeaderValue::from_maybe_shared(bytes::Bytes::from(host)).ok()
            }),
            None => self.host,
        };
        if let Some(host) = host {
            head.headers.insert(header::HOST, host);
        }
    }
}

impl Stage for Compiled {
    fn arrive(&self, head: &mut RequestHead) -> Result<(), Box<Reply>> {
        if !self.trust.has_peer(head.remote) {
            return Ok(());
        }
        let told = match self.fields {
            Fields::Single {
                sender,
                scheme,
                host,
                port,
            } => self.told_singly(head, [sender, scheme, host, port]),
            Fields::Forwarded => self.told_together(head).ok_or_else(|| {
                let problem = Problem::bad_request("The header field Forwarded is malformed.");
                Box::new(problem.into_reply())
            })?,
        };
        told.put(head);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::stage::Stages;

    /// What a request with these fields says of its client: address, scheme, host.
    fn seen(
        options: &Json,
        peer: Option<&str>,
        fields: &[(&'static str, &str)],
    ) -> Option<(Option<String>, Scheme, String)> {
        let mut made = TrustedProxies::default();
        for (name, value) in options.as_object().unwrap() {
            made.set(name, value).unwrap();
        }
        let mut head = RequestHead::new(Method::GET, Uri::from_static("/"));
        head.headers
            .insert(header::HOST, HeaderValue::from_static("inner:8000"));
        head.remote = peer.map(|peer| peer.parse().unwrap());
        for (name, value) in fields {
            head.headers.append(*name, value.parse().unwrap());
        }
        made.compile().unwrap().arrive(&mut head).ok()?;
        let host = head.headers[header::HOST].to_str().unwrap().to_owned();
        Some((head.remote.map(|remote| remote.to_string()), head.scheme, host))
    }

    #[test]
    fn believes_nobody_but_whom_it_trusts() {
        let fields = [("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https")];
        let is_believed = |trust: &str, peer: Option<&str>| {
            seen(&json!({ "trust": [trust] }), peer, &fields).unwrap().1 == Scheme::Https
        };
        assert!(is_believed("10.0.0.0/8", Some("10.1.2.3:4")));
        assert!(!is_believed("10.0.0.0/8", Some("11.1.2.3:4")));
        assert!(!is_believed("10.0.0.0/8", None));
        assert!(is_believed("unix", None));
        assert!(is_believed("all", Some("203.0.113.9:1")));
    }

    #[test]
    fn takes_what_the_proxy_of_the_client_says() {
        let options = json!({
            "trust": ["loopback", "10.0.0.0/8"],
            "fields": ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port"],
        });
        let seen = |fields: &[_]| seen(&options, Some("127.0.0.1:1"), fields).unwrap();
        let expected = |client: &str, scheme, host: &str| (Some(client.to_owned()), scheme, host.to_owned());
        for (fields, answer) in [
            (vec![], expected("127.0.0.1:1", Scheme::Http, "inner:8000")),
            (
                vec![
                    ("x-forwarded-for", "203.0.113.9, 192.0.2.7"),
                    ("x-forwarded-for", "10.0.0.1"),
                    ("x-forwarded-proto", "http, https, http"),
                    ("x-forwarded-host", "evil.example, shop.example,a.internal"),
                ],
                expected("192.0.2.7:0", Scheme::Https, "shop.example"),
            ),
            (
                vec![
                    ("x-forwarded-for", "192.0.2.7, 10.0.0.1"),
                    ("x-forwarded-proto", "HTTPS"),
                ],
                expected("192.0.2.7:0", Scheme::Https, "inner:8000"),
            ),
            (
                vec![
                    ("x-forwarded-for", "192.0.2.7:99"),
                    ("x-forwarded-proto", "wss"),
                    ("x-forwarded-port", "443"),
                ],
                expected("192.0.2.7:99", Scheme::Https, "inner"),
            ),
            (
                vec![
                    ("x-forwarded-host", "shop.example:1"),
                    ("x-forwarded-port", "8443"),
                ],
                expected("127.0.0.1:1", Scheme::Http, "shop.example:8443"),
            ),
            (
                vec![
                    ("x-forwarded-for", "192.0.2.7, unknown"),
                    ("x-forwarded-proto", "gopher"),
                    ("x-forwarded-host", "a b"),
                    ("x-forwarded-port", "99999"),
                ],
                expected("127.0.0.1:1", Scheme::Http, "inner:8000"),
            ),
        ] {
            assert_eq!(seen(&fields), answer, "{fields:?}");
        }
    }

    #[test]
    fn takes_what_forwarded_says() {
        let options = json!({ "trust": ["loopback", "10.0.0.0/8"], "fields": ["forwarded"] });
        let seen = |value: &str| {
            seen(
                &options,
                Some("127.0.0.1:1"),
                &[("forwarded", value), ("x-forwarded-for", "203.0.113.9")],
            )
        };
        let expected =
            |client: &str, scheme, host: &str| Some((Some(client.to_owned()), scheme, host.to_owned()));
        assert_eq!(
            seen(
                "for=203.0.113.9;proto=http, for=192.0.2.7;proto=https;host=shop.example, for=10.0.0.1;proto=http"
            ),
            expected("192.0.2.7:0", Scheme::Https, "shop.example")
        );
        assert_eq!(
            seen("for=\"[2001:db8::1]:80\", for=10.0.0.1;proto=https"),
            expected("[2001:db8::1]:80", Scheme::Https, "inner:8000")
        );
        assert_eq!(
            seen("for=203.0.113.9, for=_hidden;proto=https"),
            expected("127.0.0.1:1", Scheme::Https, "inner:8000")
        );
        assert_eq!(seen("for=\", for=192.0.2.7"), None);
    }

    #[test]
    fn names_the_option_that_is_wrong() {
        for (options, field) in [
            (json!({ "trust": [] }), "stages.trusted_proxies.trust"),
            (
                json!({ "trust": ["loopback", "lan"] }),
                "stages.trusted_proxies.trust[1]",
            ),
            (json!({ "fields": [] }), "stages.trusted_proxies.fields"),
            (
                json!({ "fields": ["x-real-ip"] }),
                "stages.trusted_proxies.fields[0]",
            ),
            (
                json!({ "fields": ["forwarded", "x-forwarded-for"] }),
                "stages.trusted_proxies.fields",
            ),
        ] {
            let error = Stages::default().set("trusted_proxies", &options).unwrap_err();
            assert_eq!(error.field, field, "{options}");
            assert!(!error.remedy.is_empty());
        }
    }
}
