//! The native part of the gem `sabir`, the module `Sabir::Native`.
//!
//! [`app`] takes routes and settings, [`host`] runs calls on threads of Ruby, [`interpreter`] lets those leave the
//! interpreter's lock, [`awaited`] has them or their fibers wait, and [`request`], [`response`], [`json`] and [`value`] carry data across.
//!
//! Without the feature `module` this is empty, so that the workspace builds where there is no Ruby.
#![cfg(feature = "module")]
#![allow(missing_docs, reason = "the entry that Magnus makes has none")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "arguments of Ruby methods are owned by Magnus's rules"
)]

/// Calls are allocated on I/O threads and freed on Ruby's. Why this one: `docs/adr/0011-allocate-with-mimalloc-2.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod app;
mod arguments;
mod awaited;
mod bell;
mod call;
mod channel;
mod class;
mod client_socket;
mod content;
mod cookie;
mod environment;
mod error;
mod event;
mod fields;
mod filling;
mod hooks;
mod host;
mod interpreter;
mod json;
mod log;
mod memory;
mod message;
mod ordered;
mod query;
mod rack;
mod rack_answer;
mod refusal;
mod request;
mod response;
mod settings;
mod socket;
mod stream;
mod supervisor;
mod takeover;
mod value;

use magnus::{Error, Module, RModule, Ruby, function};

/// The module of the package.
fn sabir(ruby: &Ruby) -> Result<RModule, Error> {
    ruby.define_module("Sabir")
}

/// In a forked child.
fn after_fork(ruby: &Ruby) {
    interpreter::after_fork();
    takeover::after_fork(ruby);
}

#[magnus::init(name = "sabir_ruby")]
fn init(ruby: &Ruby) -> Result<(), Error> {
    let sabir = sabir(ruby)?;
    let native = sabir.define_module("Native")?;
    native.const_set("VERSION", env!("CARGO_PKG_VERSION"))?;
    app::define(ruby, native)?;
    bell::define(ruby, sabir)?;
    channel::define(ruby, native)?;
    client_socket::define(ruby, native)?;
    content::define(ruby, sabir)?;
    environment::define(ruby, native)?;
    fields::define(ruby, native)?;
    ordered::define(ruby, native)?;
    memory::define(ruby, native)?;
    request::define(ruby, sabir)?;
    socket::define(ruby, sabir)?;
    stream::define(ruby, native)?;
    supervisor::define(ruby, native)?;
    value::define(ruby, sabir)?;
    native.define_module_function("after_fork", function!(after_fork, 0))?;
    native.define_module_function("encode_event", function!(event::encode_event, 5))?;
    native.define_module_function("encode_json", function!(json::encode_json, 1))?;
    native.define_module_function("location", function!(response::encode_location, 1))?;
    native.define_module_function("reason", function!(response::reason, 1))?;
    native.define_module_function("read_query", function!(query::read_query, 2))?;
    native.define_module_function("set_cookie", function!(cookie::set_cookie, 3))?;
    native.define_module_function("settings", function!(settings::settings, 0))?;
    native.define_module_function("take_log", function!(log::take, 0))?;
    native.define_module_function("take_over", function!(takeover::take_over, 0))?;
    native.define_module_function("wait_for_log", function!(log::wait, 0))?;
    Ok(())
}
