//! The stage `https_redirect`.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};

use super::{Compile, Stage};
use crate::{
    Problem, Reply, RequestHead, SetupError, header::host::with_port, options::options, request_head::Scheme,
};

options! {
    /// Sends clients that have come over HTTP to the same address over HTTPS.
    HttpsRedirect ("option", at "") {
        /// The port that HTTPS is served on.
        port: u64 = 443, 1..=65_535;
        /// Paths that are answered over HTTP as well, with all below them: `/healthz`, `/.well-known/acme-challenge`.
        exclude: Vec<String> = Vec::new();
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    /// Where it is not the scheme's own.
    port: Option<u16>,
    exclude: Vec<String>,
}

impl Compile for HttpsRedirect {
    const IS_FOR_APPLICATIONS: bool = true;

    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        for (place, path) in self.exclude.iter().enumerate() {
            if !path.starts_with('/') || path.len() > 1 && path.ends_with('/') {
                let problem = format!("{path:?} is no path");
                let remedy = "begin it with a slash, and do not end it with one";
                return Err(SetupError::new(format!("exclude[{place}]"), problem, remedy));
            }
        }
        let port = u16::try_from(self.port).ok();
        Ok(Arc::new(Compiled {
            port: port.filter(|port| *port != Scheme::Https.port()),
            exclude: self.exclude.clone(),
        }))
    }
}

impl Stage for Compiled {
    fn arrive(&self, head: &mut RequestHead) -> Result<(), Box<Reply>> {
        let path = head.uri.path();
        let is_below = |prefix: &String| crate::pipeline::below(prefix, path).is_some();
        // The server as a whole has no other address.
        if head.scheme == Scheme::Https || path == "*" || self.exclude.iter().any(is_below) {
            return Ok(());
        }
        let location = head.headers.get(header::HOST).and_then(|host| {
            let host = with_port(host.as_bytes(), self.port);
            let target = head.uri.path_and_query()?.as_str().as_bytes();
            HeaderValue::from_bytes(&[b"https://", host.as_slice(), target].concat()).ok()
        });
        Err(Box::new(match location {
            Some(location) => {
                Reply::new(StatusCode::PERMANENT_REDIRECT).with_header(header::LOCATION, location)
            }
            None => Problem::bad_request("This server answers over HTTPS, and the request says no host.")
                .into_reply(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stage::Stages;

    #[test]
    fn names_the_option_that_is_wrong() {
        for (options, field) in [
            (json!({ "port": 0 }), "stages.https_redirect.port"),
            (
                json!({ "exclude": ["/a", "b"] }),
                "stages.https_redirect.exclude[1]",
            ),
            (json!({ "exclude": ["/a/"] }), "stages.https_redirect.exclude[0]"),
        ] {
            let error = Stages::default().set("https_redirect", &options).unwrap_err();
            assert_eq!(error.field, field, "{options}");
        }
    }
}
