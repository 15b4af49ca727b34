//! What goes on with a connection once its protocol has changed.

use std::{
    any::Any,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// What goes on with a connection after the answer 101 (RFC 9110 §15.2.2), or after 200 to an extended CONNECT (RFC 8441).
///
/// It holds whatever the connection knows how to start; the pipeline only hands it on, as an extension of the response. Clones
/// are the same one.
///
/// ```
/// use sabir_core::reply::Upgrade;
///
/// let upgrade = Upgrade::new(7);
/// assert_eq!(upgrade.take::<i32>(), Some(7));
/// assert_eq!(upgrade.take::<i32>(), None);
/// ```
#[derive(Clone)]
pub struct Upgrade(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

impl Upgrade {
    /// An upgrade that starts `start`.
    pub fn new<T: Send + 'static>(start: T) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(start)))))
    }

    /// What is to be started, once; `None` where it is not a `T`.
    pub fn take<T: 'static>(&self) -> Option<T> {
        let mut start = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match start.take()?.downcast() {
            Ok(start) => Some(*start),
            Err(other) => {
                *start = Some(other);
                None
            }
        }
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upgrade")
    }
}
