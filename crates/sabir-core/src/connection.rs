//! The connection that requests come on.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

type Told = Box<dyn FnOnce() + Send>;

/// A connection, for whoever keeps something for as long as it lasts. Clones are of the same one.
///
/// ```
/// use sabir_core::Connection;
///
/// let (connection, end) = Connection::begin();
/// let (sender, receiver) = std::sync::mpsc::channel();
/// connection.when_ended(move || sender.send("ended").unwrap_or_default());
/// drop(end);
/// assert_eq!(receiver.recv(), Ok("ended"));
/// ```
#[derive(Clone)]
pub struct Connection(Arc<Inner>);

struct Inner {
    id: u64,
    /// Whom to tell of the end; nothing once it has come.
    told: Mutex<Option<Vec<Told>>>,
}

/// Ends a [`Connection`] when it is dropped.
#[derive(Debug)]
pub struct ConnectionEnd(Connection);

impl Connection {
    /// A connection, and what ends it.
    pub fn begin() -> (Self, ConnectionEnd) {
        static NEXT: AtomicU64 = AtomicU64::new(1);

        let connection = Self(Arc::new(Inner {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            told: Mutex::new(Some(Vec::new())),
        }));
        (connection.clone(), ConnectionEnd(connection))
    }

    /// A number that no other connection of this process has.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Has `tell` be called when the connection has ended, on the thread that has served it; it must not block. At once where that
    /// has happened.
    pub fn when_ended(&self, tell: impl FnOnce() + Send + 'static) {
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = &mut *told {
            waiting.push(Box::new(tell));
            return;
        }
        drop(told);
        tell();
    }
}

impl Drop for ConnectionEnd {
    fn drop(&mut self) {
        let told = self
            .0
            .0
            .told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        for tell in told.into_iter().flatten() {
            tell();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn tells_everybody_of_the_end_once() {
        let (connection, end) = Connection::begin();
        let (sender, receiver) = channel();
        for number in [1, 2] {
            let sender = sender.clone();
            connection
                .clone()
                .when_ended(move || sender.send(number).unwrap_or_default());
        }
        assert!(receiver.try_recv().is_err());
        drop(end);
        let late = sender.clone();
        connection.when_ended(move || late.send(3).unwrap_or_default());
        drop((connection, sender));
        assert_eq!(receiver.iter().collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn every_one_has_a_number_of_its_own() {
        let ((first, _first), (second, _second)) = (Connection::begin(), Connection::begin());
        assert_ne!(first.id(), second.id());
        assert_eq!(first.id(), first.clone().id());
    }
}
