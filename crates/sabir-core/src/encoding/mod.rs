//! Codings that content is sent with (RFC 9110 §8.4.1, RFC 7932, RFC 8878): with the feature `compression`.

#[cfg(not(feature = "compression"))]
mod absent;
#[cfg(feature = "compression")]
mod brotli;
mod coding;
#[cfg(feature = "compression")]
mod encoder;
#[cfg(feature = "compression")]
mod flate;
mod running;
#[cfg(feature = "zstd")]
mod zstd;

#[cfg(not(feature = "compression"))]
pub(crate) use absent::{Encoder, encode};
pub(crate) use coding::{Accepted, Coding};
#[cfg(feature = "compression")]
pub(crate) use encoder::{Encoder, encode};
pub(crate) use running::Running;
