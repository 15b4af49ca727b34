//! Charsets by their names (WHATWG Encoding §4.2): all of the web's with the feature `charsets`, else UTF-8 alone.

#[cfg(feature = "charsets")]
mod all;
#[cfg(not(feature = "charsets"))]
mod utf_8;

#[cfg(feature = "charsets")]
pub(super) use all::Charset;
#[cfg(not(feature = "charsets"))]
pub(super) use utf_8::Charset;
