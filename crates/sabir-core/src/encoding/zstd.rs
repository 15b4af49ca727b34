//! The coding zstd (RFC 8878).

use std::{
    cell::Cell,
    io::{self, Write as _},
};

use ::zstd::{bulk::Compressor, stream::raw::CParameter, stream::write};

/// The window of content whose length is not known, as a power of two: what a stream keeps in memory grows with it. Clients
/// have room for windows of up to 8 MiB (RFC 9659 §3), which no level that is permitted exceeds.
const STREAM_WINDOW: u32 = 17;

thread_local! {
    /// The tables of the last encoder on this thread, and its level.
    static KEPT: Cell<Option<(u32, Compressor<'static>)>> = const { Cell::new(None) };
}

/// Encodes content that is made while it is sent.
pub(crate) struct Encoder(write::Encoder<'static, Vec<u8>>);

fn level_of(level: u32) -> i32 {
    i32::try_from(level).unwrap_or(i32::MAX)
}

/// Encodes all of `content`.
pub(super) fn encode(level: u32, content: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressor = match KEPT.take() {
        Some((kept, compressor)) if kept == level => compressor,
        _ => Compressor::new(level_of(level))?,
    };
    let made = compressor.compress(content)?;
    KEPT.set(Some((level, compressor)));
    Ok(made)
}

impl Encoder {
    pub(super) fn new(level: u32) -> io::Result<Self> {
        let mut encoder = write::Encoder::new(Vec::new(), level_of(level))?;
        encoder.set_parameter(CParameter::WindowLog(STREAM_WINDOW))?;
        Ok(Self(encoder))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.0.do_finish()
    }

    pub(super) fn made(&self) -> &[u8] {
        self.0.get_ref()
    }

    pub(super) fn made_mut(&mut self) -> &mut Vec<u8> {
        self.0.get_mut()
    }
}
