//! Decompressing messages (RFC 7692 §7.2.2).

use std::{cell::RefCell, fmt};

use flate2::{Decompress, FlushDecompress, Status};

use super::frame::Failure;

/// What the end of a compressed message leaves out.
pub(super) const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// The smallest room for what comes out.
const ROOM: usize = 4 * 1024;

/// How many decompressors a thread keeps for connections that need none between messages.
const KEPT: usize = 8;

/// The window of decompressors that are shared, which is enough for every client.
const LARGEST_WINDOW: u8 = 15;

thread_local! {
    static SPARE: RefCell<Vec<Decompress>> = const { RefCell::new(Vec::new()) };
}

/// Decompresses the messages of one connection. Without context takeover it has no memory between them.
pub(super) struct Inflater {
    window_bits: u8,
    keeps_context: bool,
    state: Option<Box<Decompress>>,
}

impl Inflater {
    /// An inflater for a window of 2 to the power of `window_bits` bytes, 8 to 15.
    pub(super) fn new(window_bits: u8, keeps_context: bool) -> Self {
        Self {
            // A larger window reads the same; 8 is not supported by itself.
            window_bits: window_bits.clamp(9, LARGEST_WINDOW),
            keeps_context,
            state: None,
        }
    }

    /// Decompresses `piece` to the end of `content`, which may have `limit` bytes in all.
    pub(super) fn inflate(
        &mut self,
        mut piece: &[u8],
        content: &mut Vec<u8>,
        limit: u64,
    ) -> Result<(), Failure> {
        let (window_bits, keeps_context) = (self.window_bits, self.keeps_context);
        let state = self
            .state
            .get_or_insert_with(|| Box::new(decompressor(window_bits, keeps_context)));
        loop {
            if content.len() == content.capacity() {
                content.reserve(ROOM);
            }
            let (read, written) = (state.total_in(), content.len());
            let status = state
                .decompress_vec(piece, content, FlushDecompress::Sync)
                .map_err(|_| Failure::payload("a compressed message is malformed"))?;
            if content.len() as u64 > limit {
                return Err(Failure::MESSAGE_TOO_BIG);
            }
            let read = usize::try_from(state.total_in() - read).unwrap_or(piece.len());
            piece = &piece[read..];
            if status == Status::StreamEnd {
                // A last block is permitted in the middle (RFC 7692 §7.2.3.4).
                state.reset(false);
            }
            let is_stuck = read == 0 && content.len() == written;
            if piece.is_empty() && content.len() < content.capacity() {
                return Ok(());
            }
            if is_stuck && content.len() < content.capacity() {
                return Err(Failure::payload("a compressed message is malformed"));
            }
        }
    }

    /// Ends a message.
    pub(super) fn finish(&mut self, content: &mut Vec<u8>, limit: u64) -> Result<(), Failure> {
        self.inflate(&TAIL, content, limit)?;
        if !self.keeps_context
            && let Some(mut state) = self.state.take()
        {
            state.reset(false);
            // At the end of a thread its data may be gone already.
            let _ = SPARE.try_with(|spare| {
                let mut spare = spare.borrow_mut();
                if spare.len() < KEPT {
                    spare.push(*state);
                }
            });
        }
        Ok(())
    }
}

fn decompressor(window_bits: u8, keeps_context: bool) -> Decompress {
    if !keeps_context {
        let spare = SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten();
        return spare.unwrap_or_else(|| Decompress::new_with_window_bits(false, LARGEST_WINDOW));
    }
    Decompress::new_with_window_bits(false, window_bits)
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater")
            .field("window_bits", &self.window_bits)
            .field("keeps_context", &self.keeps_context)
            .finish_non_exhaustive()
    }
}
