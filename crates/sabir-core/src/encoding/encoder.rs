//! Content of any coding.

use std::{fmt, io};

#[cfg(feature = "zstd")]
use super::zstd;
use super::{Coding, brotli, flate};

/// Encodes content that is made while it is sent. What it has made waits until it is [taken](Self::take).
pub(crate) enum Encoder {
    Brotli(brotli::Encoder),
    Flate(flate::Encoder),
    #[cfg(feature = "zstd")]
    Zstd(zstd::Encoder),
}

/// Encodes all of `content`, which is at hand.
///
/// # Errors
/// There is no room, or the build does not have the coding.
pub(crate) fn encode(coding: Coding, level: u32, content: &[u8]) -> io::Result<Vec<u8>> {
    match coding {
        #[cfg(feature = "zstd")]
        Coding::Zstd => zstd::encode(level, content),
        #[cfg(not(feature = "zstd"))]
        Coding::Zstd => Err(io::ErrorKind::Unsupported.into()),
        Coding::Brotli => brotli::encode(level, content),
        Coding::Gzip => flate::encode(flate::Format::Gzip, level, content),
        Coding::Deflate => flate::encode(flate::Format::Zlib, level, content),
    }
}

impl Encoder {
    /// # Errors
    /// There is no room, or the build does not have the coding.
    pub(crate) fn new(coding: Coding, level: u32) -> io::Result<Self> {
        Ok(match coding {
            #[cfg(feature = "zstd")]
            Coding::Zstd => Self::Zstd(zstd::Encoder::new(level)?),
            #[cfg(not(feature = "zstd"))]
            Coding::Zstd => return Err(io::ErrorKind::Unsupported.into()),
            Coding::Brotli => Self::Brotli(brotli::Encoder::new(level)),
            Coding::Gzip => Self::Flate(flate::Encoder::new(flate::Format::Gzip, level)),
            Coding::Deflate => Self::Flate(flate::Encoder::new(flate::Format::Zlib, level)),
        })
    }

    /// Takes some content.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Brotli(encoder) => encoder.write(bytes),
            Self::Flate(encoder) => encoder.write(bytes),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    /// Makes all that was written readable.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Brotli(encoder) => encoder.flush(),
            Self::Flate(encoder) => encoder.flush(),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.flush(),
        }
    }

    /// Ends the content.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Brotli(encoder) => encoder.finish(),
            Self::Flate(encoder) => encoder.finish(),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.finish(),
        }
    }

    /// How many bytes wait.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Brotli(encoder) => encoder.made().len(),
            Self::Flate(encoder) => encoder.made.len(),
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.made().len(),
        }
    }

    /// The bytes that wait.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(match self {
            Self::Brotli(encoder) => encoder.made_mut(),
            Self::Flate(encoder) => &mut encoder.made,
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => encoder.made_mut(),
        })
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encoder")
    }
}
