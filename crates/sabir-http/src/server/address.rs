//! Where a server listens.

use std::{fmt, net::SocketAddr, path::PathBuf};

use sabir_core::SetupError;

/// An address to bind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A host name or IP address, and a port; port 0 takes a free one.
    Tcp(String, u16),
    /// The path of a unix socket.
    Unix(PathBuf),
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        let host = match address {
            // A link-local address is of one link (RFC 4007 §11).
            SocketAddr::V6(address) if address.scope_id() != 0 => {
                format!("{}%{}", address.ip(), address.scope_id())
            }
            _ => address.ip().to_string(),
        };
        Self::Tcp(host, address.port())
    }
}

/// Reads `HOST:PORT`, where an IPv6 address has brackets, or `unix:PATH`.
impl TryFrom<&str> for Address {
    type Error = SetupError;

    fn try_from(text: &str) -> Result<Self, SetupError> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Self::Unix(path.into()));
        }
        text.rsplit_once(':')
            .and_then(|(host, port)| Some(Self::Tcp(host.to_owned(), port.parse().ok()?)))
            .ok_or_else(|| {
                let problem = format!("{text:?} has no port");
                SetupError::new("address", problem, "write HOST:PORT or unix:PATH").at("settings")
            })
    }
}

impl TryFrom<&String> for Address {
    type Error = SetupError;

    fn try_from(text: &String) -> Result<Self, SetupError> {
        text.as_str().try_into()
    }
}

impl TryFrom<String> for Address {
    type Error = SetupError;

    fn try_from(text: String) -> Result<Self, SetupError> {
        text.as_str().try_into()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) if host.contains(':') && !host.starts_with('[') => {
                write!(f, "[{host}]:{port}")
            }
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
