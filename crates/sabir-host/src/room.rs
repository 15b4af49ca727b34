//! Whether more can be written.

/// Whether more can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// At once.
    Ready,
    /// When the client has taken some of what was written: [`HostMessage::Writable`](crate::HostMessage) tells it.
    Full,
    /// Never: the client has left, or the answer has no content, as that to HEAD.
    Gone,
}
