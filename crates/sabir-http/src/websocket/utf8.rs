//! Text that arrives in pieces.

use super::frame::Failure;

/// Checks UTF-8 piece by piece (RFC 6455 §8.1). What can no longer become a character is refused at once, not at the end of the
/// message.
#[derive(Debug, Default)]
pub(super) struct Utf8Checker {
    /// The beginning of a character.
    partial: [u8; 4],
    length: usize,
}

const INVALID: Failure = Failure::payload("the text is not UTF-8");

impl Utf8Checker {
    /// Checks the next piece.
    pub(super) fn check(&mut self, mut piece: &[u8]) -> Result<(), Failure> {
        while self.length > 0 {
            let Some((&byte, rest)) = piece.split_first() else {
                return Ok(());
            };
            piece = rest;
            self.partial[self.length] = byte;
            self.length += 1;
            match std::str::from_utf8(&self.partial[..self.length]) {
                Ok(_) => self.length = 0,
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(INVALID),
            }
        }
        let Err(error) = std::str::from_utf8(piece) else {
            return Ok(());
        };
        if error.error_len().is_some() {
            return Err(INVALID);
        }
        let rest = &piece[error.valid_up_to()..];
        self.partial[..rest.len()].copy_from_slice(rest);
        self.length = rest.len();
        Ok(())
    }

    /// Checks that the text does not end in the middle of a character.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        if self.length == 0 { Ok(()) } else { Err(INVALID) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_text_at_every_split() {
        let text = "aé€😀\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}z".as_bytes();
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let mut checker = Utf8Checker::default();
                for piece in [&text[..first], &text[first..second], &text[second..]] {
                    checker.check(piece).unwrap();
                }
                checker.finish().unwrap();
            }
        }
    }

    #[test]
    fn refuses_at_the_first_byte_that_fits_nothing() {
        // An overlong form, a surrogate, beyond the last character, a stray continuation, a cut character, a byte of no use.
        let texts: [(&[u8], usize); 7] = [
            (b"a\xc0\xaf", 1),
            (b"a\xe0\x80\xaf", 2),
            (b"a\xed\xa0\x80", 2),
            (b"a\xf4\x90\x80\x80", 2),
            (b"a\x80b", 1),
            (b"a\xe2\x82b", 3),
            (b"a\xff", 1),
        ];
        for (text, place) in texts {
            let mut checker = Utf8Checker::default();
            let refused = (0..text.len()).find(|index| checker.check(&text[*index..=*index]).is_err());
            assert_eq!(refused, Some(place), "{text:x?}");
            // In one piece it is refused as well.
            assert!(Utf8Checker::default().check(text).is_err());
        }
    }

    #[test]
    fn refuses_text_that_ends_within_a_character() {
        let mut checker = Utf8Checker::default();
        checker.check("€".as_bytes().split_at(2).0).unwrap();
        assert!(checker.finish().is_err());
    }
}
