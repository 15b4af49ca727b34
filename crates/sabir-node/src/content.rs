//! The content of answers: large content that several answers have is in memory once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;

/// Content from so many bytes on is looked for among what is being sent.
const LARGE: usize = 64 * 1024;

/// How many contents are known at a time.
const KNOWN: usize = 256;

/// From how many places of a content a word is taken to tell it from others.
const SAMPLES: usize = 64;

/// The large contents of answers that are being sent.
///
/// JavaScript may change, resize or detach a buffer at any time, and its memory goes with the thread that it belongs to, so
/// nothing that is sent may lie in it. An answer is copied, unless one with the same bytes is under way: then both are sent
/// from that copy, be they from one buffer or string of the application, or made anew for each.
#[derive(Default)]
pub(crate) struct Contents(Mutex<Vec<Known>>);

struct Known {
    length: usize,
    sample: u64,
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

    /// At most one content is compared as a whole, however many are known: those that are not the same have other samples, or
    /// somebody made them so.
    fn find(&self, data: &[u8]) -> Option<Bytes> {
        let sample = sample(data);
        let known = self.lock();
        let content = known
            .iter()
            .rev()
            .filter(|known| known.length == data.len() && known.sample == sample)
            .find_map(|known| known.content.upgrade())?;
        (**content == *data).then(|| Bytes::from_owner(Held(content)))
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
            sample: sample(&content),
            content: Arc::downgrade(&content),
        });
        Bytes::from_owner(Held(content))
    }

    /// Only the loop's thread gets here, and only with large content.
    fn lock(&self) -> MutexGuard<'_, Vec<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number for words that are spread over `data`, the last ones among them, where texts made by one template often differ.
fn sample(data: &[u8]) -> u64 {
    let (words, _) = data.as_chunks::<8>();
    let last = data.last_chunk::<8>();
    let spread = words.iter().step_by((words.len() / SAMPLES).max(1));
    spread.chain(last).fold(0, |sample, word| {
        // 2^64 divided by the golden ratio.
        (sample.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_shared(one: &Bytes, other: &Bytes) -> bool {
        one.as_ptr() == other.as_ptr()
    }

    #[test]
    fn the_same_large_content_is_in_memory_once_while_it_is_sent() {
        let contents = Contents::default();
        let data = vec![7; LARGE];
        let first = contents.copied(&data);
        assert!(is_shared(&first, &contents.owned(data.clone())));
        let place = first.as_ptr();
        drop(first);
        let again = contents.copied(&data);
        assert_eq!((again.len(), contents.lock().len()), (LARGE, 2), "{place:p}");
        let small = contents.copied(&data[1..]);
        assert!(!is_shared(&small, &contents.copied(&data[1..])));
    }

    #[test]
    fn contents_that_differ_anywhere_are_told_apart() {
        let contents = Contents::default();
        let data = vec![7; LARGE + 3];
        let first = contents.copied(&data);
        // At the ends, and between two samples, where only the whole comparison sees it.
        for (place, is_sampled) in [(0, true), (9, false), (LARGE / 2 + 9, false), (LARGE + 2, true)] {
            let mut other = data.clone();
            other[place] = 8;
            assert_eq!(sample(&other) != sample(&data), is_sampled);
            let sent = contents.copied(&other);
            assert!(!is_shared(&first, &sent));
            assert_eq!(sent, other);
        }
    }
}
