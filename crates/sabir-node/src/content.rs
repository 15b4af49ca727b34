//! The content of answers: large content that several answers have is in memory once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;

/// Content from so many bytes on is looked for among what is being sent.
const LARGE: usize = 64 * 1024;

/// How many contents are known at a time.
const KNOWN: usize = 256;

/// How many contents of the same length are compared with a new one, so that those which differ late cost little.
const COMPARED: usize = 4;

/// The large contents of answers that are being sent.
///
/// JavaScript may change, resize or detach a buffer at any time, and its memory goes with the thread that it belongs to, so
/// nothing that is sent may lie in it. An answer is copied, unless one with the same bytes is under way: then both are sent
/// from that copy, be they from one buffer or string of the application, or made anew for each.
#[derive(Default)]
pub(crate) struct Contents(Mutex<Vec<Known>>);

struct Known {
    length: usize,
    /// Gone when the last answer with it has been sent.
    content: Weak<Box<[u8]>>,
}

/// What an answer keeps of a content.
struct Held(Arc<Box<[u8]>>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Contents {
    /// The content with the bytes of `data`, which are copied unless they are being sent already.
    pub(crate) fn copied(&self, data: &[u8]) -> Bytes {
        if data.len() < LARGE {
            return Bytes::copy_from_slice(data);
        }
        self.find(data).unwrap_or_else(|| self.add(data.into()))
    }

    /// The content with the bytes of `data`, which is dropped if they are being sent already.
    pub(crate) fn owned(&self, data: Vec<u8>) -> Bytes {
        if data.len() < LARGE {
            return data.into();
        }
        self.find(&data).unwrap_or_else(|| self.add(data.into()))
    }

    fn find(&self, data: &[u8]) -> Option<Bytes> {
        let known = self.lock();
        let same_length = known.iter().rev().filter(|known| known.length == data.len());
        let mut contents = same_length
            .filter_map(|known| known.content.upgrade())
            .take(COMPARED);
        contents
            .find(|content| ***content == *data)
            .map(|content| Bytes::from_owner(Held(content)))
    }

    fn add(&self, content: Box<[u8]>) -> Bytes {
        let content = Arc::new(content);
        let mut known = self.lock();
        if known.len() >= KNOWN {
            known.retain(|known| known.content.strong_count() > 0);
        }
        if known.len() >= KNOWN {
            known.remove(0);
        }
        known.push(Known {
            length: content.len(),
            content: Arc::downgrade(&content),
        });
        Bytes::from_owner(Held(content))
    }

    /// Only the loop's thread gets here, and only with large content.
    fn lock(&self) -> MutexGuard<'_, Vec<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
