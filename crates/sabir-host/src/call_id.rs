//! The ids of calls, and tables by them.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Names one call while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub(crate) u64);

/// A table by ids.
pub(crate) type CallMap<V> = HashMap<CallId, V, BuildHasherDefault<CallIdHasher>>;

impl CallId {
    /// The id as a number, for hosts whose own code names calls.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The id with this [`number`](Self::number).
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }
}

/// Spreads ids, which are numbered one after the other, over a table.
#[derive(Debug, Default)]
pub(crate) struct CallIdHasher(u64);

impl Hasher for CallIdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, id: u64) {
        // 2^64 divided by the golden ratio.
        self.0 = id.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
