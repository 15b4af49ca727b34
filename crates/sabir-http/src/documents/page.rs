//! The page that shows a document.

use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use sabir_core::{BoxFuture, Call, Handler, Reply, SetupError, document::Info, reply::Representation};
use std::sync::Arc;

use super::{
    relative::relative,
    swagger_ui::{FileHandler, SCRIPT, STYLES, VERSION},
};
use crate::App;

/// The script in the page, which loads the other one. It is the same in all pages: what differs is in attributes.
const START: &str = include_str!("start.js");

/// What browsers know [`START`] by.
const START_HASH: &str = "sha256-6Q+GDC+/wOVchPPdNXmNUQUebyp2ic3zLmZFr4tLscc=";

impl App {
    /// Adds the page at `docs` that shows the document at `openapi`, and its files below the page.
    pub(super) fn page(&mut self, docs: &str, openapi: &str, info: &Info) -> Result<&mut Self, SetupError> {
        let page = self.builder.pattern(docs)?.build(&[])?;
        let document = self.builder.pattern(openapi)?.build(&[])?;
        let folder = docs.trim_end_matches('/');
        let path = |suffix: &str| format!("{folder}/swagger-ui-{VERSION}.{suffix}");
        let below = |suffix: &str| {
            relative(
                &page,
                &format!("{}/swagger-ui-{VERSION}.{suffix}", page.trim_end_matches('/')),
            )
        };
        let html = html(
            &info.title,
            &relative(&page, &document),
            &below(SCRIPT.suffix),
            &below(STYLES.suffix),
        );
        let mut content = Representation::new(HeaderValue::from_static("text/html; charset=utf-8"), html)
            .with_header(CACHE_CONTROL, HeaderValue::from_static("no-cache"))
            .with_header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
            .with_header(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if let Ok(policy) = HeaderValue::try_from(policy(info)) {
            content = content.with_header(CONTENT_SECURITY_POLICY, policy);
        }
        self.builder.hidden_route(docs, Arc::new(PageHandler(content)))?;
        for file in [&SCRIPT, &STYLES] {
            self.builder
                .hidden_route(&path(file.suffix), FileHandler::new(file))?;
        }
        Ok(self)
    }
}

struct PageHandler(Representation);

impl Handler for PageHandler {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        Box::pin(std::future::ready(self.0.reply(&call.head)))
    }
}

fn html(title: &str, document: &str, script: &str, styles: &str) -> String {
    let (title, document) = (escaped(title), escaped(document));
    let (script, styles) = (escaped(script), escaped(styles));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{styles}">
</head>
<body>
<div id="swagger-ui" data-document="{document}" data-script="{script}"></div>
<noscript>This page needs JavaScript. The document is at <a href="{document}">{document}</a>.</noscript>
<script>{START}</script>
</body>
</html>
"#
    )
}

/// Only the page's own script runs, and what that loads; requests go to this server and to those that the document names.
fn policy(info: &Info) -> String {
    let mut servers = String::new();
    for server in &info.servers {
        if let Some(origin) = origin(&server.url) {
            servers.extend([" ", origin]);
        }
    }
    format!(
        "default-src 'none'; script-src '{START_HASH}' 'strict-dynamic'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         connect-src 'self'{servers}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}

/// Scheme, host and port of a URL, if that can be named in a policy.
fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "-._:[]".contains(sign);
    let is_plain = !host.is_empty() && host.chars().all(is_sign) && matches!(scheme, "http" | "https");
    is_plain.then(|| &url[..scheme.len() + "://".len() + host.len()])
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_knows_the_script_of_the_page() {
        let hash = BASE64_STANDARD.encode(Sha256::digest(START));
        assert_eq!(START_HASH, format!("sha256-{hash}"));
    }

    #[test]
    fn what_the_application_says_is_text() {
        let page = html("<b>\"&", "a.json", "a.js", "a.css");
        assert!(page.contains("<title>&lt;b&gt;&quot;&amp;</title>"));
    }

    #[test]
    fn requests_go_to_the_servers_of_the_document() {
        let info = Info::default()
            .with_server("https://shop.example:8443/api")
            .with_server("/api")
            .with_server("https://a.example;script-src *");
        let policy = policy(&info);
        assert!(
            policy.contains("connect-src 'self' https://shop.example:8443;"),
            "{policy}"
        );
        assert!(!policy.contains('*'));
    }
}
