//! Environments of Rack for requests that come another way than [`rack`](crate::rack) takes.

use magnus::{
    DataTypeFunctions, Error, Module, RHash, RModule, Ruby, TypedData, function, gc::Marker, method,
    prelude::*,
};

use crate::{interpreter::Local, rack::Environment, request::Request};

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
        this.0.fill(ruby, request.head(), None)
    }
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = native.define_class("Environment", ruby.class_object())?;
    class.undef_default_alloc_func();
    class.define_singleton_method("new", function!(NativeEnvironment::new, 1))?;
    class.define_method("of", method!(NativeEnvironment::of, 1))
}
