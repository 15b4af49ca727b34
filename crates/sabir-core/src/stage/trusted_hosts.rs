//! The stage `trusted_hosts`.

use std::sync::Arc;

use http::header;

use super::{Compile, Stage};
use crate::{
    Problem, ProblemType, Reply, RequestHead, SetupError,
    header::host::{is_host, split},
    options::options,
};

options! {
    /// The hosts that the application answers for.
    TrustedHosts ("option", at "") {
        /// The hosts: `shop.example`, `*.shop.example` for every host below one, either with a port, `shop.example:8443`, where no other will
        /// do. Without one any port will.
        hosts: Vec<String> = Vec::new();
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled(Vec<Host>);

/// A host that is answered for.
#[derive(Debug)]
struct Host {
    /// In lower case; begins with a dot where it stands for the hosts below it.
    name: Vec<u8>,
    port: Option<u16>,
}

impl Compile for TrustedHosts {
    const IS_FOR_APPLICATIONS: bool = true;

    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        if self.hosts.is_empty() {
            let remedy = "name one, or leave the stage out";
            return Err(SetupError::new("hosts", "there is no host", remedy));
        }
        let hosts = self.hosts.iter().enumerate().map(|(place, text)| {
            Host::read(text).ok_or_else(|| {
                let problem = format!("{text:?} is no host");
                let remedy =
                    "write it as shop.example, *.shop.example or shop.example:8443, without a scheme";
                SetupError::new(format!("hosts[{place}]"), problem, remedy)
            })
        });
        Ok(Arc::new(Compiled(hosts.collect::<Result<_, _>>()?)))
    }
}

impl Host {
    fn read(text: &str) -> Option<Self> {
        let host = text.strip_prefix("*.").unwrap_or(text);
        if !is_host(host.as_bytes()) || host.contains('*') {
            return None;
        }
        let (name, port) = parts(host.as_bytes());
        let dot: &[u8] = if host.len() < text.len() { b"." } else { b"" };
        Some(Self {
            name: [dot, &name.to_ascii_lowercase()].concat(),
            port,
        })
    }

    fn is(&self, name: &[u8], port: Option<u16>, own: u16) -> bool {
        let is_name = match self.name.first() {
            Some(b'.') => {
                name.len() > self.name.len()
                    && name[name.len() - self.name.len()..].eq_ignore_ascii_case(&self.name)
            }
            _ => name.eq_ignore_ascii_case(&self.name),
        };
        is_name && self.port.is_none_or(|wanted| wanted == port.unwrap_or(own))
    }
}

/// The name, without the dot that ends it in the DNS, and the port.
fn parts(host: &[u8]) -> (&[u8], Option<u16>) {
    let (name, port) = split(host);
    let port = port.and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
    (name.strip_suffix(b".").unwrap_or(name), port)
}

impl Stage for Compiled {
    fn arrive(&self, head: &mut RequestHead) -> Result<(), Box<Reply>> {
        let host = head.headers.get(header::HOST);
        let is_known = host.is_some_and(|host| {
            let (name, port) = parts(host.as_bytes());
            let own = head.scheme.port();
            self.0.iter().any(|known| known.is(name, port, own))
        });
        if is_known {
            return Ok(());
        }
        let problem = Problem::new(ProblemType::MisdirectedRequest);
        Err(Box::new(
            problem.with_detail("This host is not served here.").into_reply(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method, Uri};
    use serde_json::json;

    use super::*;
    use crate::{request_head::Scheme, stage::Stages};

    fn is_known(hosts: &[&str], host: &str, scheme: Scheme) -> bool {
        let hosts = hosts.iter().map(|host| (*host).into()).collect();
        let mut head = RequestHead::new(Method::GET, Uri::from_static("/"));
        head.scheme = scheme;
        head.headers
            .insert(header::HOST, HeaderValue::from_str(host).unwrap());
        TrustedHosts { hosts }
            .compile()
            .unwrap()
            .arrive(&mut head)
            .is_ok()
    }

    #[test]
    fn knows_names_ports_and_what_is_below_a_name() {
        let hosts = [
            "Shop.example",
            "*.cdn.example",
            "api.example:8443",
            "*.a.example:80",
            "[::1]",
            "192.0.2.7",
        ];
        for host in [
            "shop.example",
            "SHOP.EXAMPLE.",
            "shop.example:9999",
            "a.b.cdn.example:1",
            "api.example:8443",
            "b.a.example",
            "[::1]:80",
            "192.0.2.7",
        ] {
            assert!(is_known(&hosts, host, Scheme::Http), "{host}");
        }
        for host in [
            "other.example",
            "cdn.example",
            ".cdn.example",
            "evilshop.example",
            "shop.example.evil",
            "api.example",
            "api.example:8444",
            "b.a.example:81",
            "[::2]",
        ] {
            assert!(!is_known(&hosts, host, Scheme::Http), "{host}");
        }
        assert!(!is_known(&hosts, "b.a.example", Scheme::Https));
        assert!(is_known(&["shop.example:443"], "shop.example", Scheme::Https));
    }

    #[test]
    fn names_the_option_that_is_wrong() {
        for (options, field) in [
            (json!({}), "stages.trusted_hosts.hosts"),
            (
                json!({ "hosts": ["shop.example", "https://shop.example"] }),
                "stages.trusted_hosts.hosts[1]",
            ),
            (json!({ "hosts": ["*"] }), "stages.trusted_hosts.hosts[0]"),
            (
                json!({ "hosts": ["a.*.example"] }),
                "stages.trusted_hosts.hosts[0]",
            ),
            (
                json!({ "hosts": ["shop.example:x"] }),
                "stages.trusted_hosts.hosts[0]",
            ),
        ] {
            let error = Stages::default().set("trusted_hosts", &options).unwrap_err();
            assert_eq!(error.field, field, "{options}");
            assert!(!error.remedy.is_empty());
        }
    }
}
