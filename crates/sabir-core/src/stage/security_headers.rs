//! The stage `security_headers`.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, header};

use super::{Compile, Leaving, Stage};
use crate::{
    Reply, SetupError,
    options::{choice, options},
};

choice! {
    /// How much of its address a page tells the servers that it links to (Referrer Policy, §3).
    ReferrerPolicy {
        /// Nothing.
        NoReferrer = "no-referrer",
        /// The whole address to its own origin, nothing to others.
        SameOrigin = "same-origin",
        /// The whole address to its own origin, the origin alone to others, nothing from HTTPS to HTTP.
        StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
        /// What the browser does by itself: the field is not sent.
        Unset = "",
    }
}

options! {
    /// Header fields that tell browsers what they may do with an answer. A field that the handler has set stays as it is.
    SecurityHeaders ("option", at "") {
        /// Whether browsers take the media type for what it is (`X-Content-Type-Options: nosniff`, Fetch §3.6).
        content_type_options: bool = true;
        /// Who may show the answer in a frame: `DENY`, `SAMEORIGIN`, or everybody when it is empty (`X-Frame-Options`, HTML §7.6).
        frame_options: String = "SAMEORIGIN".into();
        /// How much of its address a page tells the servers that it links to.
        referrer_policy: ReferrerPolicy = ReferrerPolicy::StrictOriginWhenCrossOrigin;
        /// Seconds for which browsers come back over HTTPS only (RFC 6797). 0 means that nothing is said.
        hsts_max_age: u64 = 0;
        /// Whether that holds for subdomains, too.
        hsts_include_subdomains: bool = false;
        /// What pages may load and run (`Content-Security-Policy`, CSP Level 3); empty means that nothing is said.
        content_security_policy: String = String::new();
        /// Which other origins may have the answer in a window that they share (`Cross-Origin-Opener-Policy`); empty means that nothing
        /// is said.
        cross_origin_opener_policy: String = "same-origin".into();
    }
}

/// The fields, made before the first request.
#[derive(Debug)]
struct Fields(Vec<(HeaderName, HeaderValue)>);

impl Compile for SecurityHeaders {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        let hsts = match (self.hsts_max_age, self.hsts_include_subdomains) {
            (0, false) => String::new(),
            (0, true) => {
                let problem = "it says nothing without `hsts_max_age`";
                return Err(SetupError::new(
                    "hsts_include_subdomains",
                    problem,
                    "set `hsts_max_age`",
                ));
            }
            (seconds, false) => format!("max-age={seconds}"),
            (seconds, true) => format!("max-age={seconds}; includeSubDomains"),
        };
        if !["", "DENY", "SAMEORIGIN"].contains(&self.frame_options.as_str()) {
            let problem = format!("browsers know no {:?}", self.frame_options);
            return Err(SetupError::new(
                "frame_options",
                problem,
                "use DENY, SAMEORIGIN or nothing",
            ));
        }
        let nosniff = if self.content_type_options { "nosniff" } else { "" };
        let referrer_policy = crate::options::OptionValue::to_json(&self.referrer_policy);
        let fields = [
            ("content_type_options", header::X_CONTENT_TYPE_OPTIONS, nosniff),
            ("frame_options", header::X_FRAME_OPTIONS, &self.frame_options),
            (
                "referrer_policy",
                header::REFERRER_POLICY,
                referrer_policy.as_str().unwrap_or_default(),
            ),
            ("hsts_max_age", header::STRICT_TRANSPORT_SECURITY, &hsts),
            (
                "content_security_policy",
                header::CONTENT_SECURITY_POLICY,
                &self.content_security_policy,
            ),
            (
                "cross_origin_opener_policy",
                HeaderName::from_static("cross-origin-opener-policy"),
                &self.cross_origin_opener_policy,
            ),
        ];
        let made =
            fields
                .into_iter()
                .filter(|(_, _, value)| !value.is_empty())
                .map(|(option, name, value)| {
                    let value = HeaderValue::from_str(value).map_err(|_| {
                        SetupError::new(
                            option,
                            "it has characters that no header field has",
                            "leave them out",
                        )
                    })?;
                    Ok((name, value))
                });
        Ok(Arc::new(Fields(made.collect::<Result<_, SetupError>>()?)))
    }
}

impl Stage for Fields {
    fn leave(&self, _exchange: &Leaving<'_>, reply: &mut Reply) {
        for (name, value) in &self.0 {
            reply.headers.entry(name).or_insert_with(|| value.clone());
        }
    }
}
