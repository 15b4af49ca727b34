//! The stage `cors` (Fetch standard, §3.2).

use std::sync::Arc;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, header};

use super::{Compile, Leaving, Stage, origin::Origin};
use crate::{Reply, RequestHead, SetupError, options::options};

const PRIVATE_NETWORK_ASKED: HeaderName = HeaderName::from_static("access-control-request-private-network");
const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

options! {
    /// Which pages of other origins may send requests and read answers. An answer whose handler has said it already stays as it is.
    Cors ("option", at "") {
        /// The origins that may: `https://shop.example`, `https://*.shop.example` for every host below one, `*` for all.
        allow_origins: Vec<String> = vec!["*".into()];
        /// Whether requests may carry cookies and certificates. The origins have to be named then.
        allow_credentials: bool = false;
        /// The methods that pages may use. When empty, those that the path has.
        allow_methods: Vec<String> = Vec::new();
        /// The fields that pages may send. When empty, those that they ask for.
        allow_headers: Vec<String> = Vec::new();
        /// The fields of answers that pages may read beside those that they always may.
        expose_headers: Vec<String> = Vec::new();
        /// Seconds for which browsers keep what a preflight has told them.
        max_age: u64 = 600, 0..=86_400;
        /// Whether pages of public networks may reach this server in a private one (Private Network Access).
        allow_private_network: bool = false;
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    /// Empty where all may.
    origins: Vec<Origin>,
    allow_credentials: bool,
    methods: Option<HeaderValue>,
    headers: Option<HeaderValue>,
    exposed: Option<HeaderValue>,
    max_age: HeaderValue,
    allow_private_network: bool,
}

/// What a request of a page says of itself; kept for the answer.
#[derive(Debug, Clone)]
struct Page {
    origin: HeaderValue,
    preflight: Option<Preflight>,
}

#[derive(Debug, Clone)]
struct Preflight {
    method: HeaderValue,
    headers: Option<HeaderValue>,
    asks_for_private_network: bool,
}

impl Compile for Cors {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        let is_open = self.allow_origins.iter().any(|origin| origin == "*");
        if is_open && self.allow_credentials {
            let problem = "all origins may not send credentials (Fetch standard, §3.2.5)";
            return Err(SetupError::new(
                "allow_credentials",
                problem,
                "name the origins in `allow_origins`",
            ));
        }
        let origins = if is_open {
            Vec::new()
        } else {
            Origin::read_all("allow_origins", &self.allow_origins)?
        };
        if self.allow_origins.is_empty() {
            return Err(SetupError::new(
                "allow_origins",
                "there is no origin",
                "name one, or leave the stage out",
            ));
        }
        for (place, method) in self.allow_methods.iter().enumerate() {
            if Method::from_bytes(method.as_bytes()).is_err() {
                let problem = format!("{method:?} is no method");
                return Err(SetupError::new(
                    format!("allow_methods[{place}]"),
                    problem,
                    "write it as PUT",
                ));
            }
        }
        Ok(Arc::new(Compiled {
            origins,
            allow_credentials: self.allow_credentials,
            methods: list("allow_methods", &self.allow_methods)?,
            headers: names("allow_headers", &self.allow_headers)?,
            exposed: names("expose_headers", &self.expose_headers)?,
            max_age: HeaderValue::from(self.max_age),
            allow_private_network: self.allow_private_network,
        }))
    }
}

/// The names of fields as one value.
fn names(option: &str, names: &[String]) -> Result<Option<HeaderValue>, SetupError> {
    for (place, name) in names.iter().enumerate() {
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            let problem = format!("{name:?} is no name of a header field");
            return Err(SetupError::new(
                format!("{option}[{place}]"),
                problem,
                "write it as X-Total-Count",
            ));
        }
    }
    list(option, names)
}

fn list(option: &str, items: &[String]) -> Result<Option<HeaderValue>, SetupError> {
    if items.is_empty() {
        return Ok(None);
    }
    HeaderValue::try_from(items.join(", "))
        .map(Some)
        .map_err(|_| SetupError::new(option, "it does not fit into a header field", "use tokens"))
}

impl Page {
    /// `None` where no page has sent the request.
    fn of(method: &Method, headers: &HeaderMap) -> Option<Self> {
        let origin = headers.get(header::ORIGIN)?.clone();
        let asked = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD);
        let preflight = asked
            .filter(|_| *method == Method::OPTIONS)
            .map(|asked| Preflight {
                method: asked.clone(),
                headers: headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned(),
                asks_for_private_network: headers
                    .get(&PRIVATE_NETWORK_ASKED)
                    .is_some_and(|asked| asked == "true"),
            });
        Some(Self { origin, preflight })
    }
}

impl Compiled {
    fn preflight(&self, preflight: &Preflight, headers: &mut HeaderMap) {
        let methods = self
            .methods
            .clone()
            .or_else(|| headers.get(header::ALLOW).cloned());
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            methods.unwrap_or_else(|| preflight.method.clone()),
        );
        if let Some(allowed) = self.headers.clone().or_else(|| preflight.headers.clone()) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        }
        if self.headers.is_none() {
            headers.append(
                header::VARY,
                HeaderValue::from_static("access-control-request-headers"),
            );
        }
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, self.max_age.clone());
        if self.allow_private_network && preflight.asks_for_private_network {
            headers.insert(PRIVATE_NETWORK, HeaderValue::from_static("true"));
        }
    }
}

impl Stage for Compiled {
    fn note(&self, head: &RequestHead, notes: &mut Extensions) {
        // The head is the handler's afterwards.
        if let Some(page) = Page::of(&head.method, &head.headers) {
            notes.insert(page);
        }
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        let headers = &mut reply.headers;
        if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
            return;
        }
        let refused_early = || {
            exchange
                .head()
                .and_then(|head| Page::of(&head.method, &head.headers))
        };
        let page = exchange
            .extensions()
            .get::<Page>()
            .cloned()
            .or_else(refused_early);
        if self.origins.is_empty() {
            // The same for everybody, so that caches may keep it.
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        } else {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
            let Some(page) = page.as_ref().filter(|page| {
                self.origins
                    .iter()
                    .any(|origin| origin.is(page.origin.as_bytes()))
            }) else {
                return;
            };
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, page.origin.clone());
            if self.allow_credentials {
                headers.insert(
                    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderValue::from_static("true"),
                );
            }
        }
        match page.as_ref().and_then(|page| page.preflight.as_ref()) {
            Some(preflight) => self.preflight(preflight, headers),
            None => {
                if let Some(exposed) = &self.exposed {
                    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed.clone());
                }
            }
        }
    }
}
