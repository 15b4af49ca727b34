//! Where a message stands in its channel.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// Where a message stands in the order of its channel. As text it is the id of an event, which a client brings back in
/// `Last-Event-ID`.
///
/// ```
/// use sabir_core::channel::Position;
///
/// let position: Position = "5f3a-7".parse().unwrap();
/// assert_eq!((position.epoch, position.offset), (0x5f3a, 7));
/// assert_eq!(position.to_string(), "5f3a-7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// The life of the channel that the offset counts in: offsets of another one say nothing.
    pub epoch: u64,
    /// The number of the message, from 1 on.
    pub offset: u64,
}

/// Text that is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a position is written as EPOCH-OFFSET")]
pub struct NoPosition;

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.epoch, self.offset)
    }
}

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let (epoch, offset) = text.split_once('-').ok_or(NoPosition)?;
        // `from_str_radix` takes a sign as well.
        let is_plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_plain(epoch) || !is_plain(offset) {
            return Err(NoPosition);
        }
        Ok(Self {
            epoch: u64::from_str_radix(epoch, 16).map_err(|_| NoPosition)?,
            offset: offset.parse().map_err(|_| NoPosition)?,
        })
    }
}
