//! Numbers (RFC 8259 §6).

use super::{Read, Reader};
use crate::{
    Value,
    json::number::{is_double, is_too_long, number},
};

impl<const KEEP: bool> Reader<'_, KEEP> {
    pub(super) fn number(&mut self) -> Read<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(self.unexpected("a digit")),
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            whole = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        if is_too_long(text, whole, self.limits.digits) {
            self.at = start;
            let limit = self.limits.digits;
            return Err(self.fault(&format!("the number has more than {limit} digits")));
        }
        if KEEP {
            return Ok(number(text, whole));
        }
        self.index.has_only_doubles &= is_double(text, whole);
        Ok(Value::Null)
    }

    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            Err(self.unexpected("a digit"))
        } else {
            Ok(())
        }
    }
}
