//! Documents that describe an application.
//!
//! A document says the same whichever language the application is written in: where two languages have two ways of saying one
//! thing, it is written in one of them.

mod asyncapi;
mod channel;
mod info;
mod message;
mod normal_form;
mod parameters;
mod schemas;
mod stream;
#[cfg(test)]
mod tests;

pub use asyncapi::asyncapi;
pub use info::{Info, Server};
