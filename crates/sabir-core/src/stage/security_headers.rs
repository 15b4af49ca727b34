//! The stage `security_headers`.

use std::sync::Arc;

use http::{Extensions, HeaderName, HeaderValue, StatusCode, header};

use super::{Compile, CspNonce, Leaving, Stage};
use crate::{
    Reply, RequestHead, SetupError,
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
        /// What pages may load and run (`Content-Security-Policy`, CSP Level 3); empty means that nothing is said. `'nonce-{nonce}'` in it
        /// is a random number of each request's own, which handlers find in the request and put into the attribute `nonce` of scripts.
        content_security_policy: String = String::new();
        /// Which other origins may have the answer in a window that they share (`Cross-Origin-Opener-Policy`); empty means that nothing
        /// is said.
        cross_origin_opener_policy: String = "same-origin".into();
    }
}

/// Where the number of a request stands in a policy.
const NONCE: &str = "{nonce}";

/// The fields, made before the first request.
#[derive(Debug)]
struct Fields {
    fixed: Vec<(HeaderName, HeaderValue)>,
    /// A policy whose number is of each request's own, without the number.
    policy: Option<Vec<String>>,
}

/// What stands around the numbers of `policy`.
fn around_nonces(policy: &str) -> Result<Option<Vec<String>>, SetupError> {
    let parts: Vec<_> = policy.split(NONCE).map(String::from).collect();
    let mut sides = parts.iter().zip(parts.iter().skip(1));
    let are_quoted = sides.all(|(before, after)| before.ends_with("'nonce-") && after.starts_with('\''));
    let mistake = |problem: &str, remedy| Err(SetupError::new("content_security_policy", problem, remedy));
    if parts.len() == 1 {
        return Ok(None);
    }
    if !are_quoted {
        return mistake(
            "browsers know no such nonce",
            "write 'nonce-{nonce}', with its quotes",
        );
    }
    if !cfg!(feature = "csp-nonces") {
        let problem = "a nonce needs the feature `csp-nonces` of sabir-core";
        return mistake(problem, "enable it, or leave the nonce out");
    }
    Ok(Some(parts))
}

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
        let policy = around_nonces(&self.content_security_policy)?;
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
        let mut fixed = made.collect::<Result<Vec<_>, SetupError>>()?;
        if policy.is_some() {
            fixed.retain(|(name, _)| *name != header::CONTENT_SECURITY_POLICY);
        }
        Ok(Arc::new(Fields { fixed, policy }))
    }
}

impl Stage for Fields {
    fn note(&self, head: &RequestHead, notes: &mut Extensions) {
        if self.policy.is_some() && notes.get::<CspNonce>().is_none() {
            // Whoever has passed the request on may have drawn one.
            let known = head.extensions.get::<CspNonce>().cloned();
            if let Some(nonce) = known.or_else(CspNonce::draw) {
                notes.insert(nonce);
            }
        }
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        for (name, value) in &self.fixed {
            reply.headers.entry(name).or_insert_with(|| value.clone());
        }
        // Content that is kept has the number that it was made with (RFC 9111 §4.3.4).
        if let Some(parts) = &self.policy
            && reply.status != StatusCode::NOT_MODIFIED
            && !reply.headers.contains_key(header::CONTENT_SECURITY_POLICY)
        {
            // A request that was refused early has not entered. Where there is no number, no script runs.
            let noted = exchange.extensions().get::<CspNonce>().cloned();
            let nonce = noted.or_else(CspNonce::draw);
            let policy = parts.join(nonce.as_ref().map_or("", CspNonce::as_str));
            if let Ok(policy) = HeaderValue::try_from(policy) {
                reply.headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(policy: &str) -> Result<Arc<dyn Stage>, SetupError> {
        let options = SecurityHeaders {
            content_security_policy: policy.into(),
            ..SecurityHeaders::default()
        };
        options.compile()
    }

    #[test]
    fn nonces_stand_where_browsers_look_for_them() {
        for policy in [
            "script-src {nonce}",
            "script-src 'nonce-{nonce}",
            "script-src nonce-{nonce}'",
            "script-src 'nonce-{nonce}'; style-src {nonce}",
            "script-src 'nonce-{nonce}{nonce}'",
        ] {
            let error = compiled(policy).unwrap_err();
            assert_eq!(error.field, "content_security_policy", "{policy}");
        }
    }

    #[cfg(feature = "csp-nonces")]
    #[test]
    fn every_request_has_a_nonce_of_its_own() {
        use http::{Method, Uri};

        let stage = compiled("script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'").unwrap();
        let mut head = RequestHead::new(Method::GET, Uri::from_static("/"));
        let noted = |head: &RequestHead| {
            let mut notes = Extensions::new();
            stage.note(head, &mut notes);
            notes
        };
        let (one, other) = (noted(&head), noted(&head));
        let nonce = one.get::<CspNonce>().unwrap();
        assert_eq!(nonce.as_str().len(), 22);
        assert_ne!(Some(nonce), other.get());
        head.extensions.insert(nonce.clone());
        assert_eq!(noted(&head).get(), Some(nonce));
        let policy = |status| {
            let mut reply = Reply::new(status);
            stage.leave(&Leaving::new(None, &head.id, &one), &mut reply);
            let policy = reply.headers.get(header::CONTENT_SECURITY_POLICY)?;
            Some(policy.to_str().unwrap().to_owned())
        };
        let expected = format!("script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'");
        assert_eq!(policy(StatusCode::OK), Some(expected));
        assert_eq!(policy(StatusCode::NOT_MODIFIED), None);
    }
}
