//! Compressing messages (RFC 7692 §7.2.1).

use std::{cell::RefCell, fmt};

use flate2::{Compress, Compression, FlushCompress};

use super::inflate::TAIL;

/// Messages of fewer bytes are sent as they are: they would hardly become smaller.
pub(super) const THRESHOLD: usize = 128;

/// Compresses well enough for a third of the time that the usual level takes.
const LEVEL: u32 = 3;

/// The largest window, of 32 KiB.
pub(super) const LARGEST_WINDOW: u8 = 15;

/// The smallest window that can be written; RFC 7692 has 8 too.
pub(super) const SMALLEST_WINDOW: u8 = 9;

/// Some 260 KiB each, so that a thread keeps one for each window.
type Spares = [Option<Box<Compress>>; (LARGEST_WINDOW - SMALLEST_WINDOW + 1) as usize];

thread_local! {
    static SPARE: RefCell<Spares> = const { RefCell::new([const { None }; 7]) };
}

/// Compresses the messages of one connection. Without context takeover it has no memory between them.
pub(super) struct Deflater {
    window_bits: u8,
    keeps_context: bool,
    state: Option<Box<Compress>>,
}

impl Deflater {
    /// A deflater for a window of 2 to the power of `window_bits` bytes, 9 to 15.
    pub(super) fn new(window_bits: u8, keeps_context: bool) -> Self {
        Self {
            window_bits: window_bits.clamp(SMALLEST_WINDOW, LARGEST_WINDOW),
            keeps_context,
            state: None,
        }
    }

    /// Whether messages that were compressed for no connection in particular may be sent.
    pub(super) fn takes_prepared(&self) -> bool {
        !self.keeps_context && self.window_bits == LARGEST_WINDOW
    }

    /// Compresses `content` to the end of `out`. `false` when it is as well sent as it is; `out` is unchanged then.
    pub(super) fn deflate(&mut self, content: &[u8], out: &mut Vec<u8>) -> bool {
        if content.len() < THRESHOLD {
            return false;
        }
        let start = out.len();
        let window_bits = self.window_bits;
        let mut state = self
            .state
            .take()
            .or_else(|| spare(window_bits))
            .unwrap_or_else(|| {
                Box::new(Compress::new_with_window_bits(
                    Compression::new(LEVEL),
                    false,
                    window_bits,
                ))
            });
        let is_written = write(&mut state, content, out).is_some() && out[start..].ends_with(&TAIL);
        if is_written {
            out.truncate(out.len() - TAIL.len());
        }
        if self.keeps_context && is_written {
            self.state = Some(state);
            return true;
        }
        state.reset();
        keep(window_bits, state);
        let is_smaller = is_written && out.len() - start < content.len();
        if !is_smaller {
            out.truncate(start);
        }
        is_smaller
    }
}

fn write(state: &mut Compress, mut content: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.reserve(content.len() / 2 + 64);
    loop {
        let read = state.total_in();
        state.compress_vec(content, out, FlushCompress::Sync).ok()?;
        let read = usize::try_from(state.total_in() - read).ok()?;
        content = &content[read..];
        if content.is_empty() && out.len() < out.capacity() {
            return Some(());
        }
        out.reserve(content.len() / 2 + 64);
    }
}

fn slot(window_bits: u8) -> usize {
    usize::from(window_bits - SMALLEST_WINDOW)
}

fn spare(window_bits: u8) -> Option<Box<Compress>> {
    SPARE
        .try_with(|spares| spares.borrow_mut()[slot(window_bits)].take())
        .ok()
        .flatten()
}

fn keep(window_bits: u8, state: Box<Compress>) {
    // At the end of a thread its data may be gone already.
    let _ = SPARE.try_with(|spares| spares.borrow_mut()[slot(window_bits)] = Some(state));
}

impl fmt::Debug for Deflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deflater")
            .field("window_bits", &self.window_bits)
            .field("keeps_context", &self.keeps_context)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::websocket::inflate::Inflater;

    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1u32;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(length)
        .collect()
    }

    fn inflate(inflater: &mut Inflater, compressed: &[u8], limit: u64) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        for piece in compressed.chunks(7) {
            inflater.inflate(piece, &mut content, limit).ok()?;
        }
        inflater.finish(&mut content, limit).ok()?;
        Some(content)
    }

    #[test]
    fn restores_what_it_compressed_with_every_window() {
        let text = "the quick brown fox ".repeat(10_000).into_bytes();
        for keeps_context in [true, false] {
            for window_bits in 9..=15 {
                let mut deflater = Deflater::new(window_bits, keeps_context);
                let mut inflater = Inflater::new(window_bits, keeps_context);
                let mut sizes = Vec::new();
                for _ in 0..3 {
                    let mut out = Vec::new();
                    assert!(deflater.deflate(&text, &mut out));
                    sizes.push(out.len());
                    assert_eq!(inflate(&mut inflater, &out, 1 << 20).unwrap(), text);
                }
                assert!(keeps_context || sizes.iter().all(|size| *size == sizes[0]));
            }
        }
    }

    #[test]
    fn looks_back_only_with_context_takeover() {
        let message = noise(400);
        let size = |keeps_context| {
            let mut deflater = Deflater::new(15, keeps_context);
            let sizes = [(); 2].map(|()| {
                let mut out = Vec::new();
                deflater.deflate(&message, &mut out);
                out.len()
            });
            sizes[1]
        };
        assert!(size(true) < 50);
        // It would not become smaller by itself.
        assert_eq!(size(false), 0);
    }

    #[test]
    fn leaves_what_is_small_or_does_not_become_smaller() {
        let mut deflater = Deflater::new(15, false);
        let mut out = b"before".to_vec();
        assert!(!deflater.deflate(&[b'a'; THRESHOLD - 1], &mut out));
        assert!(!deflater.deflate(&noise(1000), &mut out));
        assert_eq!(out, b"before");
        assert!(deflater.deflate(&[b'a'; THRESHOLD], &mut out));
    }

    #[test]
    fn refuses_a_bomb_when_it_reaches_the_limit() {
        let mut out = Vec::new();
        assert!(Deflater::new(15, false).deflate(&vec![0; 64 << 20], &mut out));
        assert!(out.len() < 1 << 20);
        let mut content = Vec::new();
        let failure = Inflater::new(15, false)
            .inflate(&out, &mut content, 100_000)
            .unwrap_err();
        assert_eq!(failure.code.as_u16(), 1009);
        assert!(content.capacity() < 1 << 20);
    }

    #[test]
    fn refuses_what_is_not_compressed() {
        let failure = Inflater::new(15, true).inflate(&[0xff; 20], &mut Vec::new(), 1000);
        assert_eq!(failure.unwrap_err().code.as_u16(), 1007);
    }
}
