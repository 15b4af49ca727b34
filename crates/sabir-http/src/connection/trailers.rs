//! Trailers of HTTP/2 that begin with a pseudo-header field, which is malformed (RFC 9113 §8.1).
//!
//! h2 drops such a field without a word, and what stands above it cannot tell any more. The bytes can: pseudo-header fields
//! come first, so the beginning of the field block says it. A field that is named by an entry of the dynamic table alone
//! is not recognised, since the table is h2's.
//!
//! The bytes also say whether a header section has begun and not ended, on which h2 waits for ever.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::shared::Shared;

/// The length of what precedes the first frame (RFC 9113 §3.4).
const PREFACE: usize = 24;
/// The length of a frame's own head (RFC 9113 §4.1).
const FRAME_HEAD: usize = 9;
/// Padding, priority, changes of the table's size, and the beginning of a name fit into this much of a frame.
const BEGINNING: usize = FRAME_HEAD + 32;

const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 0x1;
const END_HEADERS: u8 = 0x4;
const PADDED: u8 = 0x8;
const PRIORITY: u8 = 0x20;

/// A stream of HTTP/2 frames in which malformed trailers become ones that h2 refuses.
#[derive(Debug)]
pub(super) struct TrailerCheck<S> {
    stream: S,
    shared: Arc<Shared>,
    /// Bytes of the preface or of a frame that need no look.
    skipped: usize,
    /// The last stream that was opened: a header section on an earlier one, or this, is a trailer section.
    last_stream: u32,
    /// Header sections that have begun.
    sections: u64,
    /// Whether the latest of them has not ended, and whether it ends with the bytes that are skipped.
    is_section_open: bool,
    is_last_frame: bool,
    /// Bytes that did not fit into a small buffer, then the beginning of a frame of which more is needed.
    held: Vec<u8>,
    /// How many of them may be handed on.
    checked: usize,
}

impl<S> TrailerCheck<S> {
    pub(super) fn new(stream: S, shared: Arc<Shared>) -> Self {
        Self {
            stream,
            shared,
            skipped: PREFACE,
            last_stream: 0,
            sections: 0,
            is_section_open: false,
            is_last_frame: false,
            held: Vec::new(),
            checked: 0,
        }
    }

    /// Looks at `bytes` and gives how many of them may be handed on. The rest begins a frame.
    fn check(&mut self, bytes: &mut [u8]) -> usize {
        let mut at = 0;
        loop {
            let skipped = self.skipped.min(bytes.len() - at);
            self.skipped -= skipped;
            at += skipped;
            if self.skipped == 0 && self.is_last_frame {
                self.is_section_open = false;
                self.is_last_frame = false;
            }
            let frame = &mut bytes[at..];
            if frame.len() < FRAME_HEAD {
                return at;
            }
            let length = usize::from(frame[0]) << 16 | usize::from(frame[1]) << 8 | usize::from(frame[2]);
            let has_fields = matches!(frame[3], HEADERS | CONTINUATION);
            if has_fields && !self.is_section_open {
                self.is_section_open = true;
                self.sections += 1;
            }
            if frame[3] == HEADERS {
                let whole = (FRAME_HEAD + length).min(BEGINNING);
                if frame.len() < whole {
                    return at;
                }
                let stream = u32::from_be_bytes([frame[5] & 0x7f, frame[6], frame[7], frame[8]]);
                if stream > self.last_stream {
                    self.last_stream = stream;
                } else if begins_with_pseudo_header(frame[4], &frame[FRAME_HEAD..whole]) {
                    // Trailers that do not end the stream are a stream error of the same kind.
                    frame[4] &= !END_STREAM;
                }
            }
            self.is_last_frame = has_fields && frame[4] & END_HEADERS != 0;
            self.skipped = FRAME_HEAD + length;
        }
    }

    /// The number of the header section that has begun and not ended, or 0.
    fn open_section(&self) -> u64 {
        if self.is_section_open { self.sections } else { 0 }
    }
}

/// Whether the payload of a HEADERS frame begins with a field whose name begins with a colon.
fn begins_with_pseudo_header(flags: u8, payload: &[u8]) -> bool {
    let mut start = 0;
    if flags & PADDED != 0 {
        start += 1;
    }
    if flags & PRIORITY != 0 {
        start += 5;
    }
    let mut block = payload.get(start..).unwrap_or_default();
    // Changes of the table's size come first (RFC 7541 §6.3).
    while let [0x20..=0x3f, ..] = block {
        block = behind_integer(block, 0x1f);
    }
    match block {
        // An entry of the static table, whose first 14 are pseudo-header fields (RFC 7541 appendix A), or its name. The
        // first literal form has an index of six bits, the others of four.
        [0x81..=0x8e | 0x41..=0x4e | 0x01..=0x0e | 0x11..=0x1e, ..] => true,
        // A name of its own, as it is or in the code of Huffman, where a colon is 1011100 (RFC 7541 appendix B).
        [0x40 | 0x00 | 0x10, length, ..] => {
            let name = behind_integer(&block[1..], 0x7f);
            let is_huffman = length & 0x80 != 0;
            name.first().is_some_and(|&first| {
                if is_huffman {
                    first >> 1 == 0b101_1100
                } else {
                    first == b':'
                }
            })
        }
        _ => false,
    }
}

/// What follows an integer whose prefix fills `mask` (RFC 7541 §5.1).
fn behind_integer(block: &[u8], mask: u8) -> &[u8] {
    let Some((first, mut rest)) = block.split_first() else {
        return block;
    };
    if first & mask == mask {
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    rest
}

impl<S: AsyncRead + Unpin> TrailerCheck<S> {
    /// Reads into `buffer`, in which the beginning of a frame may stand already, and says whether a header section is awaited.
    fn poll_more(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        // What has come and was not read is not waited for.
        let awaited = if read.is_pending() { self.open_section() } else { 0 };
        self.shared.set_awaited_section(awaited);
        read
    }

    /// Reads and checks bytes for a buffer into which the beginning of a frame may not fit. Gives how many there are.
    fn poll_held(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut room = [0; BEGINNING];
        let mut buffer = ReadBuf::new(&mut room);
        ready!(self.poll_more(context, &mut buffer))?;
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(buffer.filled());
        self.checked = self.check(&mut held);
        self.held = held;
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TrailerCheck<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while buffer.remaining() > 0 {
            if this.checked > 0 {
                let count = this.checked.min(buffer.remaining());
                buffer.put_slice(&this.held[..count]);
                this.held.drain(..count);
                this.checked -= count;
                break;
            }
            // To give nothing would say that the client has ended.
            if buffer.remaining() < BEGINNING {
                if ready!(this.poll_held(context))? == 0 {
                    break;
                }
                continue;
            }
            let start = buffer.filled().len();
            let held = this.held.len();
            buffer.put_slice(&this.held);
            let read = this.poll_more(context, buffer);
            let length = buffer.filled().len() - start;
            if read.is_pending() || length == held {
                // Nothing came: the beginning goes on waiting, or the client has ended within it.
                buffer.set_filled(start);
                return read;
            }
            ready!(read)?;
            this.held.clear();
            let bytes = &mut buffer.filled_mut()[start..];
            let checked = this.check(bytes);
            this.held.extend_from_slice(&bytes[checked..]);
            buffer.set_filled(start + checked);
            if checked > 0 {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TrailerCheck<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::control::Control;

    fn shared() -> Arc<Shared> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _entered = runtime.enter();
        Arc::new(Shared::new(Arc::new(Control::new(1, 1)), None))
    }

    fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).unwrap();
        [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
    }

    /// Whether trailers with `block` are let through, when the bytes arrive in pieces of any size.
    fn passes(flags: u8, block: &[u8]) -> bool {
        let mut sent = vec![b'x'; PREFACE];
        sent.extend(frame(4, 0, 0, b""));
        sent.extend(frame(HEADERS, 4, 1, &[0x82]));
        sent.extend(frame(0, 0, 1, b"content"));
        let flags_at = sent.len() + 4;
        sent.extend(frame(HEADERS, flags, 1, block));
        sent.extend(frame(HEADERS, 5, 3, &[0x82]));
        let mut outcomes = Vec::new();
        for size in 1..=sent.len() {
            let mut check = TrailerCheck::new((), shared());
            let (mut waiting, mut received) = (Vec::new(), Vec::new());
            for piece in sent.chunks(size) {
                waiting.extend_from_slice(piece);
                let checked = check.check(&mut waiting);
                received.extend(waiting.drain(..checked));
            }
            assert!(waiting.is_empty());
            let is_let_through = received[flags_at] == flags;
            received[flags_at] = flags;
            assert_eq!(received, sent);
            outcomes.push(is_let_through);
        }
        assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]));
        outcomes[0]
    }

    #[test]
    fn hands_on_every_byte_however_small_the_buffer_is() {
        let sent = [
            vec![b'x'; PREFACE],
            frame(HEADERS, END_HEADERS, 1, &[0x82; 60]),
            frame(0, 0, 1, b"content"),
            frame(0, 0, 1, b""),
            frame(HEADERS, END_HEADERS, 3, &[0x82]),
            frame(HEADERS, END_STREAM | END_HEADERS, 1, &[0x8f; 40]),
        ]
        .concat();
        for size in 1..=2 * BEGINNING {
            let mut check = TrailerCheck::new(sent.as_slice(), shared());
            let mut received = Vec::new();
            loop {
                let mut room = vec![0; size];
                let mut buffer = ReadBuf::new(&mut room);
                let read =
                    Pin::new(&mut check).poll_read(&mut Context::from_waker(Waker::noop()), &mut buffer);
                assert!(matches!(read, Poll::Ready(Ok(()))));
                if buffer.filled().is_empty() {
                    break;
                }
                received.extend_from_slice(buffer.filled());
            }
            assert_eq!(received, sent, "{size}");
        }
    }

    #[test]
    fn knows_the_header_section_that_has_not_ended() {
        let mut check = TrailerCheck::new((), shared());
        let sent = [
            vec![b'x'; PREFACE],
            frame(HEADERS, END_HEADERS, 1, &[0x82]),
            frame(HEADERS, 0, 3, &[0x82; 50]),
            frame(CONTINUATION, 0, 3, &[0x82; 2]),
            frame(CONTINUATION, END_HEADERS, 3, b""),
            frame(0, 0, 3, b"content"),
            frame(HEADERS, END_HEADERS, 3, &[0x8f; 40]),
        ];
        let mut waiting = Vec::new();
        let mut sections = vec![0];
        for byte in sent.concat() {
            waiting.push(byte);
            let checked = check.check(&mut waiting);
            waiting.drain(..checked);
            sections.push(check.open_section());
        }
        sections.dedup();
        assert_eq!(sections, [0, 1, 0, 2, 0, 3, 0]);
    }

    #[test]
    fn lets_ordinary_trailers_through() {
        for block in [
            &b""[..],
            &[0x8f],
            &[0x00, 1, b'a', 1, b'b'],
            &[0x40, 0x81, 0x1f, 0],
            &[0x0f, 0x01, 1, b'b'],
            &[0xbe],
            &[0x20, 0x8f],
        ] {
            assert!(passes(5, block), "{block:?}");
        }
        assert!(passes(5 | PADDED, &[1, 0x8f, 0x82]));
    }

    #[test]
    fn finds_pseudo_header_fields_in_every_form() {
        for block in [
            &[0x84][..],
            &[0x88],
            &[0x44, 1, b'/'],
            &[0x04, 1, b'/'],
            &[0x14, 1, b'/'],
            &[0x00, 2, b':', b'a', 0],
            &[0x40, 2, b':', b'a', 0],
            &[0x10, 0x82, 0xb8, 0xff, 0],
            &[0x20, 0x3f, 0xe1, 0x1f, 0x84],
        ] {
            assert!(!passes(5, block), "{block:?}");
        }
        assert!(!passes(5 | PADDED | PRIORITY, &[0, 0, 0, 0, 0, 9, 0x84]));
    }
}
