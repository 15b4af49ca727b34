//! The codings gzip (RFC 1952) and deflate (RFC 1950).

use std::{cell::Cell, io};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// What `gzip` begins with: no name, no time, an unknown system (RFC 1952 §2.3).
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// How much room is made at once.
const STEP: usize = 8 * 1024;

thread_local! {
    /// The tables of the last encoder on this thread, which take longer to make than small content takes to encode.
    static KEPT: Cell<Option<Kept>> = const { Cell::new(None) };
}

struct Kept {
    compress: Compress,
    format: Format,
    level: u32,
}

/// What stands around the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Gzip,
    Zlib,
}

/// Encodes content that is made while it is sent.
pub(crate) struct Encoder {
    compress: Compress,
    /// Of what was written, where the format ends with it.
    checksum: Option<Crc>,
    pub(super) made: Vec<u8>,
}

fn compress(format: Format, level: u32) -> Compress {
    // The head and the checksum of gzip are written here: not every backend of flate2 has them.
    Compress::new(Compression::new(level), format == Format::Zlib)
}

/// Encodes all of `content`.
pub(super) fn encode(format: Format, level: u32, content: &[u8]) -> io::Result<Vec<u8>> {
    let kept = KEPT
        .take()
        .filter(|kept| (kept.format, kept.level) == (format, level));
    let mut kept = kept.unwrap_or_else(|| Kept {
        compress: compress(format, level),
        format,
        level,
    });
    kept.compress.reset();
    // What most content becomes at most.
    let mut made = Vec::with_capacity(content.len() / 2 + 64);
    if format == Format::Gzip {
        made.extend_from_slice(&GZIP_HEAD);
    }
    run(&mut kept.compress, content, FlushCompress::Finish, &mut made)?;
    if format == Format::Gzip {
        let mut checksum = Crc::new();
        checksum.update(content);
        end(&checksum, &mut made);
    }
    KEPT.set(Some(kept));
    Ok(made)
}

/// Hands `content` on, and whatever `flush` asks for, until nothing is left to say.
fn run(
    compress: &mut Compress,
    mut content: &[u8],
    flush: FlushCompress,
    made: &mut Vec<u8>,
) -> io::Result<()> {
    loop {
        if made.len() == made.capacity() {
            made.reserve(STEP);
        }
        let before = compress.total_in();
        let status = compress.compress_vec(content, made, flush)?;
        let read = usize::try_from(compress.total_in() - before).unwrap_or(usize::MAX);
        content = content.get(read..).unwrap_or_default();
        let has_room = made.len() < made.capacity();
        if status == Status::StreamEnd || has_room && content.is_empty() && flush != FlushCompress::Finish {
            return Ok(());
        }
    }
}

/// The checksum and the length.
fn end(checksum: &Crc, made: &mut Vec<u8>) {
    made.extend_from_slice(&checksum.sum().to_le_bytes());
    made.extend_from_slice(&checksum.amount().to_le_bytes());
}

impl Encoder {
    pub(super) fn new(format: Format, level: u32) -> Self {
        let is_gzip = format == Format::Gzip;
        Self {
            compress: compress(format, level),
            checksum: is_gzip.then(Crc::new),
            made: if is_gzip { GZIP_HEAD.to_vec() } else { Vec::new() },
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(checksum) = &mut self.checksum {
            checksum.update(bytes);
        }
        run(&mut self.compress, bytes, FlushCompress::None, &mut self.made)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        run(&mut self.compress, &[], FlushCompress::Sync, &mut self.made)
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        run(&mut self.compress, &[], FlushCompress::Finish, &mut self.made)?;
        if let Some(checksum) = &self.checksum {
            end(checksum, &mut self.made);
        }
        Ok(())
    }
}
