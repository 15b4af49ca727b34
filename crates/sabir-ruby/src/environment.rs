//! Environments of Rack for requests that come another way than [`rack`](crate::rack) takes.

use http::{HeaderValue, header::CONTENT_TYPE};
use magnus::{
    DataTypeFunctions, Error, Module, RHash, RModule, RString, Ruby, TypedData, Value, function, gc::Marker,
    method, prelude::*,
};

use crate::{class, interpreter::Local, query, rack::Environment, request::Request, takeover};

/// What the environments of all requests have in common.
#[derive(TypedData)]
#[magnus(class = "Sabir::Native::Environment", mark, free_immediately)]
pub(crate) struct NativeEnvironment(Local<Environment>);

impl DataTypeFunctions for NativeEnvironment {
    fn mark(&self, marker: &Marker) {
        self.0.mark(marker);
    }
}

impl NativeEnvironment {
    fn new(ruby: &Ruby, constants: RHash) -> Result<Self, Error> {
        let kept = ruby.ary_new();
        let environment = Environment::new(ruby, "", constants, kept)?;
        // It has to be on the stack until now.
        std::hint::black_box(kept);
        Ok(Self(Local::new(environment)))
    }

    /// The environment of a request.
    fn of(ruby: &Ruby, this: &Self, request: &Request) -> RHash {
        let environment = this.0.fill(ruby, request.head(), None);
        takeover::name(ruby, environment);
        environment
    }

    /// What its `REQUEST_METHOD` is, the same object for all requests with a usual one.
    fn verb(ruby: &Ruby, this: &Self, request: &Request) -> Value {
        this.0.method(ruby, &request.head().method)
    }

    /// What its `PATH_INFO` is.
    fn path(ruby: &Ruby, this: &Self, request: &Request) -> RString {
        ruby.str_from_slice(this.0.path(request.head()).as_bytes())
    }

    /// Adds the parameters of its query, and of a form that is at hand, to a Hash. False where others have to read some of them; then
    /// those of the query may be there already.
    fn read_parameters(ruby: &Ruby, request: &Request, parameters: RHash) -> Result<bool, Error> {
        if let Some(query) = request.head().uri.query()
            && !query::read(ruby, query.as_bytes(), parameters)?
        {
            return Ok(false);
        }
        let content_type = request.head().headers.get(CONTENT_TYPE);
        // What is not kept has been decoded by the runtime.
        match (request.content(), content_type.map(HeaderValue::as_bytes)) {
            (Err(_), _) => Ok(true),
            (Ok(content), _) if content.is_empty() => Ok(true),
            (Ok(content), Some(FORM)) => query::read(ruby, content, parameters),
            (Ok(_), Some(content_type)) => Ok(!may_be_form(content_type)),
            (Ok(_), None) => Ok(false),
        }
    }
}

/// What most browsers and clients say of a form.
const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// Whether content with this type is perhaps a form, or a part of one.
fn may_be_form(content_type: &[u8]) -> bool {
    let content_type = content_type.trim_ascii_start();
    [b"application/x-www-form".as_slice(), b"multipart/"]
        .iter()
        .any(|start| {
            content_type
                .get(..start.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
        })
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = class::define::<NativeEnvironment>(ruby, native, "Environment")?;
    class.define_singleton_method("new", function!(NativeEnvironment::new, 1))?;
    class.define_method("of", method!(NativeEnvironment::of, 1))?;
    class.define_method("verb", method!(NativeEnvironment::verb, 1))?;
    class.define_method("path", method!(NativeEnvironment::path, 1))?;
    class.define_singleton_method(
        "read_parameters",
        function!(NativeEnvironment::read_parameters, 2),
    )
}
