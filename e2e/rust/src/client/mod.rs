//! The requests of fixtures and their answers.

pub(crate) mod answer;
pub(crate) mod content;
pub(crate) mod request;
mod transport;

pub(crate) use answer::Answer;
pub use transport::Transport;
