//! Documents that describe an application.
//!
//! A document says the same whichever language the application is written in: where two languages have two ways of saying one
//! thing, it is written in one of them.

mod asyncapi;
mod channel;
mod info;
mod message;
mod nested;
mod normal_form;
mod openapi;
#[cfg(test)]
mod openapi_tests;
mod openapi_version;
mod operation;
mod parameters;
mod paths;
mod problem;
mod runtime_problems;
mod schemas;
mod stream;
#[cfg(test)]
mod tests;

pub use asyncapi::asyncapi;
pub use info::{Contact, ExternalDocumentation, Info, License, Server, Tag};
pub(crate) use nested::NestedDocument;
pub use openapi::openapi;
pub use openapi_version::OpenApiVersion;
