//! Hashes that are filled at once.

use std::ffi::c_long;

use magnus::{RHash, Ruby, Value, rb_sys::AsRawValue};
use rb_sys::VALUE;

/// A Hash that names and values are inserted into many at a time: that costs a third of inserting them one by one. `ROOM` of them lie on the
/// stack, where the garbage collector sees them; it is an even number.
pub(crate) struct Filling<const ROOM: usize> {
    hash: RHash,
    values: [VALUE; ROOM],
    count: usize,
}

impl<const ROOM: usize> Filling<ROOM> {
    /// An empty one.
    pub(crate) fn new(ruby: &Ruby) -> Self {
        Self {
            hash: ruby.hash_new(),
            values: [ruby.qnil().as_raw(); ROOM],
            count: 0,
        }
    }

    /// Adds a name, which is no string that may change, and a value.
    pub(crate) fn add(&mut self, name: Value, value: Value) {
        if self.count == ROOM {
            self.insert();
        }
        self.values[self.count] = name.as_raw();
        self.values[self.count + 1] = value.as_raw();
        self.count += 2;
    }

    #[allow(unsafe_code)]
    fn insert(&mut self) {
        let Ok(count) = c_long::try_from(self.count) else {
            return;
        };
        // SAFETY: the first `count` values are objects, names and values in turn, and the hash is one that nobody else knows. It
        // raises only where there is no memory left.
        unsafe { rb_sys::rb_hash_bulk_insert(count, self.values.as_ptr(), self.hash.as_raw()) };
        self.count = 0;
    }

    /// The Hash.
    pub(crate) fn finish(mut self) -> RHash {
        self.insert();
        self.hash
    }
}
