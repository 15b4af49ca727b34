//! Masking (RFC 6455 §5.3).

/// Masks or unmasks `bytes`, which begin at `offset` of a frame's content.
pub(super) fn apply(bytes: &mut [u8], key: [u8; 4], offset: u64) {
    let mut key = u32::from_ne_bytes(key);
    #[allow(clippy::cast_possible_truncation, reason = "it is below 4")]
    let turn = 8 * (offset % 4) as u32;
    key = if cfg!(target_endian = "little") {
        key.rotate_right(turn)
    } else {
        key.rotate_left(turn)
    };
    let [a, b, c, d] = key.to_ne_bytes();
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, rest) = bytes.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip([a, b, c, d, a, b, c]) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_every_byte_with_its_own_key() {
        let key = [1, 2, 4, 8];
        for length in 0..40 {
            for offset in 0..9 {
                let mut bytes: Vec<u8> = (0..length).collect();
                apply(&mut bytes, key, offset);
                for (index, byte) in bytes.iter().enumerate() {
                    let place = usize::try_from(offset).unwrap() + index;
                    let expected = u8::try_from(index).unwrap() ^ key[place % 4];
                    assert_eq!(*byte, expected, "{length} {offset} {index}");
                }
            }
        }
    }
}
