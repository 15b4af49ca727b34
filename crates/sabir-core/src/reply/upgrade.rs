//! What goes on with a connection once its protocol has changed.

use std::{
    any::Any,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use crate::pipeline::Observation;

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
pub struct Upgrade(Arc<Mutex<Inner>>);

struct Inner {
    start: Option<Box<dyn Any + Send>>,
    /// On WebAssembly without threads it could not travel with a response, and nobody goes on with a connection.
    #[cfg(not(all(target_family = "wasm", not(target_feature = "atomics"))))]
    observation: Option<Box<Observation>>,
}

impl Upgrade {
    /// An upgrade that starts `start`.
    pub fn new<T: Send + 'static>(start: T) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            start: Some(Box::new(start)),
            #[cfg(not(all(target_family = "wasm", not(target_feature = "atomics"))))]
            observation: None,
        })))
    }

    /// What is to be started, once; `None` where it is not a `T`.
    pub fn take<T: 'static>(&self) -> Option<T> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.start.take()?.downcast() {
            Ok(start) => Some(*start),
            Err(other) => {
                inner.start = Some(other);
                None
            }
        }
    }

    /// Has somebody told of the request at once.
    #[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
    pub(crate) fn observe(&self, observation: Box<Observation>) {
        drop(observation);
    }

    /// What has somebody told of the request when what was started has ended.
    #[cfg(not(all(target_family = "wasm", not(target_feature = "atomics"))))]
    pub fn take_observation(&self) -> Option<Box<Observation>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.observation.take()
    }

    /// Has somebody told of the request when what is started has ended.
    #[cfg(not(all(target_family = "wasm", not(target_feature = "atomics"))))]
    pub(crate) fn observe(&self, observation: Box<Observation>) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.observation = Some(observation);
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upgrade")
    }
}
