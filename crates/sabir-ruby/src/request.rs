//! The request as Ruby sees it: parts are built when they are asked for. `sabir/request.rb` adds what is idiom.

use std::borrow::Cow;

use bytes::Bytes;
use magnus::{Error, Module, RArray, RHash, RModule, RString, Ruby, Value, method};
use sabir_core::{
    Call, RequestHead,
    body::{FormReader, NotKept},
};

use crate::{class, error, interpreter::without_lock, value::to_ruby};

/// One request, without its arguments.
#[derive(Clone)]
#[magnus::wrap(class = "Sabir::Request", free_immediately)]
pub(crate) struct Request {
    request: sabir_host::Request,
    form_reader: FormReader,
}

impl Request {
    pub(crate) fn new(call: &Call, form_reader: FormReader) -> Self {
        Self {
            request: sabir_host::Request::of(call),
            form_reader,
        }
    }

    /// Its head.
    pub(crate) fn head(&self) -> &RequestHead {
        self.request.head()
    }

    /// Its content, if it is kept.
    pub(crate) fn content(&self) -> Result<&Bytes, NotKept> {
        self.request.content()
    }

    fn kept_content(&self, ruby: &Ruby) -> Result<&Bytes, Error> {
        let content = self.content();
        content.map_err(|error| error::runtime(ruby, error.to_string()))
    }

    fn http_method(&self) -> &str {
        self.request.method()
    }

    fn url(&self) -> String {
        self.request.url()
    }

    fn scheme(&self) -> &'static str {
        self.request.scheme()
    }

    fn host(&self) -> String {
        self.request.host().into_owned()
    }

    fn path(&self) -> &str {
        self.request.path()
    }

    fn query_string(&self) -> &str {
        self.request.query()
    }

    fn http_version(&self) -> &'static str {
        self.request.http_version()
    }

    fn client(&self) -> Option<(String, u16)> {
        self.request.remote()
    }

    fn id(&self) -> String {
        self.request.id()
    }

    fn accepts(&self) -> Option<&str> {
        self.request.accepts()
    }

    fn csp_nonce(&self) -> Option<&str> {
        self.request.csp_nonce()
    }

    fn identity_values(ruby: &Ruby, this: &Self) -> Result<Option<Value>, Error> {
        let identity = this.request.identity();
        identity.map(|identity| to_ruby(ruby, &identity)).transpose()
    }

    fn trace_values(&self) -> Option<sabir_host::request::Trace> {
        self.request.trace()
    }

    fn route(&self) -> &str {
        self.request.route()
    }

    fn header(&self, name: String) -> Option<String> {
        self.request.header(&name).map(Cow::into_owned)
    }

    fn header_list(ruby: &Ruby, this: &Self, name: String) -> RArray {
        ruby.ary_from_iter(this.request.header_list(&name).map(Cow::into_owned))
    }

    fn header_fields(ruby: &Ruby, this: &Self) -> RArray {
        let fields = this.request.headers();
        ruby.ary_from_iter(fields.map(|(name, value)| (name, value.into_owned())))
    }

    fn cookies(ruby: &Ruby, this: &Self) -> Result<RHash, Error> {
        let cookies = ruby.hash_new();
        for (name, value) in this.request.cookies() {
            cookies.aset(name.as_ref(), value.as_ref())?;
        }
        Ok(cookies)
    }

    fn body(ruby: &Ruby, this: &Self) -> Result<RString, Error> {
        this.kept_content(ruby)
            .map(|content| ruby.str_from_slice(content))
    }

    /// The fields of a form that is not declared, as pairs. The problem of a malformed one is its status and detail instead.
    fn form_fields(ruby: &Ruby, this: &Self) -> Result<RArray, Error> {
        let (content, content_type) = (this.kept_content(ruby)?, this.request.content_type());
        let read = || this.form_reader.read(content_type, content);
        let fields = match without_lock(read, &|| ()).unwrap_or_else(read) {
            Ok(fields) => fields,
            Err(problem) => {
                let parts = ruby.ary_new();
                parts.push(problem.status)?;
                parts.push(problem.detail.as_deref())?;
                return Ok(parts);
            }
        };
        let list = ruby.ary_new();
        for (name, value) in &fields {
            list.push((name.as_str(), to_ruby(ruby, value)?))?;
        }
        Ok(list)
    }
}

pub(crate) fn define(ruby: &Ruby, sabir: RModule) -> Result<(), Error> {
    let class = class::define::<Request>(ruby, sabir, "Request")?;
    // `method` is Ruby's own.
    class.define_method("request_method", method!(Request::http_method, 0))?;
    class.define_method("url", method!(Request::url, 0))?;
    class.define_method("scheme", method!(Request::scheme, 0))?;
    class.define_method("host_with_port", method!(Request::host, 0))?;
    class.define_method("path", method!(Request::path, 0))?;
    class.define_method("query_string", method!(Request::query_string, 0))?;
    class.define_method("http_version", method!(Request::http_version, 0))?;
    class.define_method("client", method!(Request::client, 0))?;
    class.define_method("id", method!(Request::id, 0))?;
    class.define_method("identity_values", method!(Request::identity_values, 0))?;
    class.define_private_method("trace_values", method!(Request::trace_values, 0))?;
    class.define_method("accepts", method!(Request::accepts, 0))?;
    class.define_method("csp_nonce", method!(Request::csp_nonce, 0))?;
    class.define_method("route", method!(Request::route, 0))?;
    class.define_method("header", method!(Request::header, 1))?;
    class.define_method("header_list", method!(Request::header_list, 1))?;
    class.define_private_method("header_fields", method!(Request::header_fields, 0))?;
    class.define_private_method("read_cookies", method!(Request::cookies, 0))?;
    class.define_private_method("read_body", method!(Request::body, 0))?;
    class.define_private_method("form_fields", method!(Request::form_fields, 0))
}
