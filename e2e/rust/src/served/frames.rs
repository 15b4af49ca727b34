//! Frames of WebSocket (RFC 6455 §5.2), as a client writes and reads them.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// A client masks what it sends; any key will do.
const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A last block of nothing: what the end of a compressed message leaves out (RFC 7692 §7.2.2), and a last block after that.
const TAIL: [u8; 9] = [0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff];

/// A masked frame that is all of a message.
pub(super) fn frame(opcode: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80 | opcode];
    match (u8::try_from(content.len()), u16::try_from(content.len())) {
        (Ok(length), _) if length < 126 => bytes.push(0x80 | length),
        (_, Ok(length)) => {
            bytes.push(0x80 | 0x7e);
            bytes.extend(length.to_be_bytes());
        }
        _ => {
            bytes.push(0x80 | 0x7f);
            bytes.extend((content.len() as u64).to_be_bytes());
        }
    }
    bytes.extend(KEY);
    bytes.extend(
        content
            .iter()
            .zip(KEY.iter().cycle())
            .map(|(byte, key)| byte ^ key),
    );
    bytes
}

/// Reads the opcode and the content of a frame, which a server neither masks nor cuts; `exactly` gives the next bytes.
pub(super) fn read(
    mut exactly: impl FnMut(usize) -> Result<Vec<u8>, String>,
) -> Result<(u8, Vec<u8>), String> {
    let head = exactly(2)?;
    let (first, second) = (head[0], head[1]);
    if first & 0xb0 != 0x80 || second > 127 {
        return Err(format!("no server begins a frame with {first:02x} {second:02x}"));
    }
    let length = match second {
        126 => number(&exactly(2)?),
        127 => number(&exactly(8)?),
        short => usize::from(short),
    };
    let mut content = exactly(length)?;
    if first & 0x40 != 0 {
        content.extend(TAIL);
        let mut inflated = Vec::new();
        DeflateDecoder::new(&content[..])
            .read_to_end(&mut inflated)
            .map_err(|error| error.to_string())?;
        content = inflated;
    }
    Ok((first & 0xf, content))
}

fn number(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | usize::from(*byte))
}
