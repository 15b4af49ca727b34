//! The coding br (RFC 7932).

use std::io::{self, Write as _};

use ::brotli::{CompressorWriter, enc::BrotliEncoderParams};

/// The window of content whose length is not known, as a power of two: what a stream keeps in memory grows with it.
const STREAM_WINDOW: i32 = 17;

/// The largest that the format has.
const LARGEST_WINDOW: u32 = 22;

/// How much the encoder hands on at once.
const STEP: usize = 8 * 1024;

/// Encodes content that is made while it is sent.
pub(crate) struct Encoder {
    /// Absent when the content has ended.
    writer: Option<Box<CompressorWriter<Vec<u8>>>>,
    rest: Vec<u8>,
}

fn params(level: u32, window: i32, size: usize) -> BrotliEncoderParams {
    BrotliEncoderParams {
        quality: i32::try_from(level).unwrap_or(i32::MAX),
        lgwin: window,
        size_hint: size,
        ..BrotliEncoderParams::default()
    }
}

/// Encodes all of `content`.
pub(super) fn encode(level: u32, content: &[u8]) -> io::Result<Vec<u8>> {
    let window = usize::BITS - content.len().leading_zeros();
    let window = i32::try_from(window.clamp(10, LARGEST_WINDOW)).unwrap_or(STREAM_WINDOW);
    let made = Vec::with_capacity(content.len() / 2 + 64);
    let mut writer = CompressorWriter::with_params(made, STEP, &params(level, window, content.len()));
    writer.write_all(content)?;
    Ok(writer.into_inner())
}

impl Encoder {
    pub(super) fn new(level: u32) -> Self {
        let writer = CompressorWriter::with_params(Vec::new(), STEP, &params(level, STREAM_WINDOW, 0));
        Self {
            writer: Some(Box::new(writer)),
            rest: Vec::new(),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer
            .as_mut()
            .map_or(Ok(()), |writer| writer.write_all(bytes))
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), io::Write::flush)
    }

    #[allow(
        clippy::unnecessary_wraps,
        reason = "the encoders of all codings are used alike"
    )]
    pub(super) fn finish(&mut self) -> io::Result<()> {
        if let Some(writer) = self.writer.take() {
            self.rest = writer.into_inner();
        }
        Ok(())
    }

    pub(super) fn made(&self) -> &[u8] {
        self.writer.as_ref().map_or(&self.rest, |writer| writer.get_ref())
    }

    pub(super) fn made_mut(&mut self) -> &mut Vec<u8> {
        self.writer
            .as_mut()
            .map_or(&mut self.rest, |writer| writer.get_mut())
    }
}
