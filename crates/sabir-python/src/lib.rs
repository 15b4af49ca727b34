//! The native module `sabir._sabir`.
//!
//! [`app`] takes routes and settings, [`host`] runs the calls of a batch on the asyncio loop, [`task`] steps
//! coroutines, [`interpreter`] and [`log`] let threads of the runtime into Python, and [`request`], [`response`] and [`value`] carry data across.

#![allow(
    clippy::needless_pass_by_value,
    reason = "arguments of Python methods are owned by PyO3's rules"
)]

/// Calls are allocated on I/O threads and freed on Python's, where the C library's allocator takes up
/// to 8 % more time of the whole. Why this one and why this version: `docs/adr/0011-allocate-with-mimalloc-2.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod admission;
mod app;
mod arguments;
mod blocking;
mod call;
mod channel;
mod client_socket;
mod content;
mod cookie;
mod ended;
mod error;
mod event;
mod event_loop;
mod hooks;
mod host;
mod interpreter;
mod log;
mod memory;
mod message;
mod request;
mod response;
mod settings;
mod socket;
mod socket_news;
mod stream;
mod supervisor;
mod task;
mod value;
mod wake;

use pyo3::prelude::*;

#[pymodule]
fn _sabir(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<admission::NativeAdmission>()?;
    module.add_class::<app::NativeApp>()?;
    module.add_class::<memory::NativeExchange>()?;
    module.add_class::<memory::NativeConnection>()?;
    module.add_class::<memory::NativeContent>()?;
    module.add_class::<memory::NativeContentWriter>()?;
    module.add_class::<channel::NativeEvents>()?;
    module.add_class::<client_socket::NativeClientSocket>()?;
    module.add_class::<content::NativeRequestContent>()?;
    module.add_class::<request::NativeRequest>()?;
    module.add_class::<socket::NativeSocket>()?;
    module.add_class::<stream::NativeStream>()?;
    module.add_class::<value::NativeFile>()?;
    module.add_class::<supervisor::NativeSupervisor>()?;
    module.add_function(wrap_pyfunction!(app::bind, module)?)?;
    module.add_function(wrap_pyfunction!(interpreter::after_fork, module)?)?;
    module.add_function(wrap_pyfunction!(interpreter::close_interpreter, module)?)?;
    module.add_function(wrap_pyfunction!(interpreter::has_started, module)?)?;
    module.add_function(wrap_pyfunction!(log::flush_log, module)?)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_function(wrap_pyfunction!(cookie::set_cookie, module)?)?;
    module.add_function(wrap_pyfunction!(response::encode_location, module)?)?;
    module.add_function(wrap_pyfunction!(settings::settings, module)?)?;
    module.add_function(wrap_pyfunction!(event::encode_event, module)?)?;
    task::register(module)
}
