//! Decoding content that was sent with a coding.

use std::{
    io::{self, Write},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status, write::MultiGzDecoder};
use futures_core::Stream;

use super::DecodedLimits;
use crate::{Problem, ProblemType};

/// What decoded content may measure whatever was sent: short texts of one character shrink most.
const SMALL: u64 = 64 * 1024;

/// How much is decoded at once, so that little lies in memory before the limits are looked at.
const STEP: usize = 16 * 1024;

/// A coding that is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Coding {
    Gzip,
    Deflate,
}

impl Coding {
    /// As `Accept-Encoding` has it.
    pub(super) const SUPPORTED: &str = "gzip, deflate";
    pub(super) const SUPPORTED_DETAIL: &str = "The content may have one coding, gzip or deflate.";

    /// The coding with this name, which is in lower case.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"gzip" | b"x-gzip" => Some(Self::Gzip),
            b"deflate" => Some(Self::Deflate),
            _ => None,
        }
    }
}

/// Content, decoded.
pub(in crate::pipeline) struct Decoded<S> {
    content: S,
    /// What has been read and not been decoded.
    waiting: Bytes,
    decoder: Decoder,
    limits: DecodedLimits,
    sent: u64,
    produced: u64,
    is_finished: bool,
}

enum Decoder {
    Gzip(Box<MultiGzDecoder<Sink>>),
    Deflate { inflate: Decompress, has_ended: bool },
}

/// Takes so many bytes and no more.
#[derive(Default)]
struct Sink {
    bytes: Vec<u8>,
    room: u64,
    is_full: bool,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.room {
            self.is_full = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.room -= bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why content could not be decoded.
#[derive(Debug, PartialEq, Eq)]
enum DecodeError {
    Malformed,
    TooLarge,
}

impl Decoder {
    fn new(coding: Coding) -> Self {
        match coding {
            Coding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(Sink::default()))),
            // RFC 9110 §8.4.1.2: deflate within the format of zlib.
            Coding::Deflate => Self::Deflate {
                inflate: Decompress::new(true),
                has_ended: false,
            },
        }
    }

    /// Decodes `bytes` to at most `room` bytes.
    fn push(&mut self, bytes: &[u8], room: u64) -> Result<Vec<u8>, DecodeError> {
        match self {
            Self::Gzip(decoder) => {
                decoder.get_mut().room = room;
                let written = decoder.write_all(bytes).and_then(|()| decoder.flush());
                taken(decoder, &written)
            }
            Self::Deflate { inflate, has_ended } => inflated(inflate, has_ended, bytes, room),
        }
    }

    /// What is left at the end of the content.
    fn finish(&mut self, room: u64) -> Result<Vec<u8>, DecodeError> {
        match self {
            Self::Gzip(decoder) => {
                decoder.get_mut().room = room;
                let finished = decoder.try_finish();
                taken(decoder, &finished)
            }
            Self::Deflate { has_ended: true, .. } => Ok(Vec::new()),
            Self::Deflate { .. } => Err(DecodeError::Malformed),
        }
    }
}

fn taken(decoder: &mut MultiGzDecoder<Sink>, outcome: &io::Result<()>) -> Result<Vec<u8>, DecodeError> {
    let sink = decoder.get_mut();
    match outcome {
        Ok(()) => Ok(std::mem::take(&mut sink.bytes)),
        Err(_) if sink.is_full => Err(DecodeError::TooLarge),
        Err(_) => Err(DecodeError::Malformed),
    }
}

fn inflated(
    inflate: &mut Decompress,
    has_ended: &mut bool,
    mut bytes: &[u8],
    room: u64,
) -> Result<Vec<u8>, DecodeError> {
    let mut decoded = Vec::new();
    loop {
        if *has_ended {
            return if bytes.is_empty() {
                Ok(decoded)
            } else {
                Err(DecodeError::Malformed)
            };
        }
        decoded.reserve(STEP);
        let (read_before, length_before) = (inflate.total_in(), decoded.len());
        let status = inflate
            .decompress_vec(bytes, &mut decoded, FlushDecompress::None)
            .map_err(|_| DecodeError::Malformed)?;
        if decoded.len() as u64 > room {
            return Err(DecodeError::TooLarge);
        }
        let read = usize::try_from(inflate.total_in() - read_before).unwrap_or(usize::MAX);
        if read == 0 && decoded.len() == length_before && !bytes.is_empty() && status != Status::StreamEnd {
            return Err(DecodeError::Malformed);
        }
        bytes = bytes.get(read..).unwrap_or_default();
        *has_ended = status == Status::StreamEnd;
        // With room left over, all that could be decoded has been.
        if !*has_ended && bytes.is_empty() && decoded.len() < decoded.capacity() {
            return Ok(decoded);
        }
    }
}

impl<S> Decoded<S>
where
    S: Stream<Item = Result<Bytes, Problem>> + Unpin,
{
    pub(in crate::pipeline) fn new(content: S, coding: Coding, limits: DecodedLimits) -> Self {
        Self {
            content,
            waiting: Bytes::new(),
            decoder: Decoder::new(coding),
            limits,
            sent: 0,
            produced: 0,
            is_finished: false,
        }
    }

    /// How much more may come of what was sent so far.
    fn room(&self) -> u64 {
        let expanded = self.sent.saturating_mul(self.limits.expansion).max(SMALL);
        self.limits.size.min(expanded).saturating_sub(self.produced)
    }

    /// Hands on what has been decoded, or says why nothing could be.
    fn hand_on(&mut self, decoded: Result<Vec<u8>, DecodeError>) -> Option<Result<Bytes, Problem>> {
        match decoded {
            Ok(decoded) => {
                self.produced += decoded.len() as u64;
                (!decoded.is_empty()).then(|| Ok(decoded.into()))
            }
            Err(error) => {
                self.is_finished = true;
                Some(Err(self.problem(&error)))
            }
        }
    }

    fn problem(&self, error: &DecodeError) -> Problem {
        let mut problem = match error {
            DecodeError::Malformed => Problem::bad_request("The content does not fit its Content-Encoding."),
            DecodeError::TooLarge => {
                let detail = if self.limits.size <= self.sent.saturating_mul(self.limits.expansion).max(SMALL)
                {
                    format!("The decoded content is larger than {} bytes.", self.limits.size)
                } else {
                    let times = self.limits.expansion;
                    format!("The decoded content is more than {times} times as large as what was sent.")
                };
                Problem::new(ProblemType::ContentTooLarge).with_detail(detail)
            }
        };
        // The rest is not read.
        problem.close = true;
        problem
    }
}

impl<S> Stream for Decoded<S>
where
    S: Stream<Item = Result<Bytes, Problem>> + Unpin,
{
    type Item = Result<Bytes, Problem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.is_finished {
            if this.waiting.is_empty() {
                match ready!(Pin::new(&mut this.content).poll_next(context)) {
                    Some(Ok(chunk)) => this.waiting = chunk,
                    Some(Err(problem)) => return Poll::Ready(Some(Err(problem))),
                    None => {
                        this.is_finished = true;
                        let rest = this.decoder.finish(this.room());
                        return Poll::Ready(this.hand_on(rest));
                    }
                }
            }
            let step = this.waiting.split_to(this.waiting.len().min(STEP));
            this.sent += step.len() as u64;
            let decoded = this.decoder.push(&step, this.room());
            if let Some(item) = this.hand_on(decoded) {
                return Poll::Ready(Some(item));
            }
        }
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use flate2::{
        Compression,
        write::{GzEncoder, ZlibEncoder},
    };
    use futures_util::{StreamExt, stream};

    use super::*;

    const LIMITS: DecodedLimits = DecodedLimits {
        size: 1_000_000,
        expansion: 200,
    };

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(content: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    /// Decodes content that arrives in pieces of `size`.
    fn decode(coding: Coding, sent: &[u8], size: usize, limits: DecodedLimits) -> Result<Vec<u8>, u16> {
        let chunks: Vec<_> = sent
            .chunks(size)
            .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
            .collect();
        let mut decoded = Decoded::new(stream::iter(chunks), coding, limits);
        let mut whole = Vec::new();
        let waker = std::task::Waker::noop();
        let mut context = Context::from_waker(waker);
        while let Poll::Ready(Some(chunk)) = decoded.poll_next_unpin(&mut context) {
            whole.extend_from_slice(&chunk.map_err(|problem| problem.status)?);
        }
        Ok(whole)
    }

    #[test]
    fn decodes_content_however_it_arrives() {
        let content: Vec<u8> = (0..200_000u32)
            .flat_map(|number| (number % 7919).to_le_bytes())
            .collect();
        for size in [1, 100, 1 << 20] {
            assert_eq!(
                decode(Coding::Gzip, &gzip(&content), size, LIMITS).as_ref(),
                Ok(&content)
            );
            assert_eq!(
                decode(Coding::Deflate, &deflate(&content), size, LIMITS).as_ref(),
                Ok(&content)
            );
        }
        assert_eq!(decode(Coding::Gzip, &gzip(b""), 100, LIMITS), Ok(Vec::new()));
        assert_eq!(
            decode(Coding::Deflate, &deflate(b""), 100, LIMITS),
            Ok(Vec::new())
        );
    }

    #[test]
    fn joins_the_members_of_gzip() {
        let members = [gzip(b"a"), gzip(b"b")].concat();
        assert_eq!(decode(Coding::Gzip, &members, 3, LIMITS), Ok(b"ab".to_vec()));
    }

    #[test]
    fn refuses_what_does_not_fit_the_coding() {
        let (gzip, deflate) = (gzip(b"some content"), deflate(b"some content"));
        let mut flipped = gzip.clone();
        let checksum = flipped.len() - 8;
        flipped[checksum] ^= 1;
        for (coding, sent) in [
            (Coding::Gzip, &b"plain"[..]),
            (Coding::Gzip, &deflate),
            (Coding::Gzip, &flipped),
            (Coding::Gzip, &[&gzip[..], b"more"].concat()),
            (Coding::Deflate, b"plain"),
            (Coding::Deflate, &gzip),
            (Coding::Deflate, &[&deflate[..], b"more"].concat()),
            (Coding::Deflate, b""),
        ] {
            assert_eq!(decode(coding, sent, 4, LIMITS), Err(400), "{coding:?} {sent:?}");
        }
        for end in 1..gzip.len() {
            assert_eq!(decode(Coding::Gzip, &gzip[..end], 4, LIMITS), Err(400), "{end}");
        }
        for end in 1..deflate.len() {
            assert_eq!(
                decode(Coding::Deflate, &deflate[..end], 4, LIMITS),
                Err(400),
                "{end}"
            );
        }
    }

    #[test]
    fn bounds_what_is_decoded() {
        let zeros = vec![0; 900_000];
        for (coding, sent) in [(Coding::Gzip, gzip(&zeros)), (Coding::Deflate, deflate(&zeros))] {
            let limited = |size, expansion| decode(coding, &sent, 1 << 20, DecodedLimits { size, expansion });
            assert_eq!(limited(900_000, 2000).map(|whole| whole.len()), Ok(900_000));
            assert_eq!(limited(899_999, 2000), Err(413));
            assert_eq!(limited(900_000, 200), Err(413));
            assert_eq!(limited(u64::MAX, u64::MAX).map(|whole| whole.len()), Ok(900_000));
        }
        let few = vec![0; 60_000];
        let limits = DecodedLimits {
            size: 60_000,
            expansion: 1,
        };
        assert_eq!(
            decode(Coding::Gzip, &gzip(&few), 10, limits).map(|whole| whole.len()),
            Ok(60_000)
        );
    }
}
