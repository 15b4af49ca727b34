//! Cookies that a handler sets (RFC 6265bis §4.1), and the one rule for what their values hold.
//!
//! A value is any text. What a cookie cannot carry is percent-encoded as UTF-8 when it is set, and so is the percent sign;
//! whoever reads a cookie through this crate gets the text back. A cookie of another program is percent-decoded where that
//! is possible, and as it stands elsewhere.

mod set;
mod value;

pub use set::{CookieError, SameSite, SetCookie};
pub use value::{decode, encode};
pub(crate) use value::{unescaped, unquoted};
