//! Why a socket is closed (RFC 6455 §7.4).

use std::fmt;

/// A status code of a close frame.
///
/// ```
/// use sabir_core::websocket::CloseCode;
///
/// assert_eq!(CloseCode::GOING_AWAY.as_u16(), 1001);
/// assert!(CloseCode::new(4000).is_sendable());
/// assert!(!CloseCode::ABNORMAL.is_sendable());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// The purpose of the socket has been fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// The server stops, or the client leaves the page.
    pub const GOING_AWAY: Self = Self(1001);
    /// A frame breaks the protocol.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// A message is of a kind that is not taken, such as binary.
    pub const UNSUPPORTED_DATA: Self = Self(1003);
    /// The close frame had no code. Never sent.
    pub const NO_STATUS: Self = Self(1005);
    /// The connection ended without a close frame. Never sent.
    pub const ABNORMAL: Self = Self(1006);
    /// The content of a message is not what its kind says, as text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// A message breaks a rule of the application.
    pub const POLICY_VIOLATION: Self = Self(1008);
    /// A message is too large.
    pub const MESSAGE_TOO_BIG: Self = Self(1009);
    /// The server did not agree to an extension that the client needs.
    pub const MANDATORY_EXTENSION: Self = Self(1010);
    /// The server failed.
    pub const INTERNAL_ERROR: Self = Self(1011);
    /// The service is being restarted.
    pub const SERVICE_RESTART: Self = Self(1012);
    /// The server is overloaded, or the client reads too slowly.
    pub const TRY_AGAIN_LATER: Self = Self(1013);
    /// A gateway had a bad answer from the server behind it.
    pub const BAD_GATEWAY: Self = Self(1014);

    /// Any code; applications have 4000 to 4999 for themselves (RFC 6455 §7.4.2).
    pub const fn new(code: u16) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn as_u16(self) -> u16 {
        self.0
    }

    /// Whether a close frame may carry it: it is registered for that, as 1012 to 1014 are since RFC 6455, or in the range of
    /// libraries or of applications.
    pub const fn is_sendable(self) -> bool {
        matches!(self.0, 1000..=1003 | 1007..=1014 | 3000..=4999)
    }
}

impl From<u16> for CloseCode {
    fn from(code: u16) -> Self {
        Self(code)
    }
}

impl fmt::Debug for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A code and a reason, as a close frame has them.
///
/// ```
/// use sabir_core::websocket::{Close, CloseCode};
///
/// assert_eq!(Close::new(CloseCode::POLICY_VIOLATION, "no such room").reason, "no such room");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// The code; [`NO_STATUS`](CloseCode::NO_STATUS) where a frame had none, [`ABNORMAL`](CloseCode::ABNORMAL) where there was no
    /// frame.
    pub code: CloseCode,
    /// For people; at most 123 bytes are sent.
    pub reason: String,
}

impl Close {
    /// A close with this code and reason.
    pub fn new(code: impl Into<CloseCode>, reason: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            reason: reason.into(),
        }
    }
}

impl From<CloseCode> for Close {
    fn from(code: CloseCode) -> Self {
        Self::new(code, "")
    }
}
