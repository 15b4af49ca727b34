//! What a piece of work costs, held against the size of what it works on.
//!
//! Memory is the most that this thread holds at a time. Time is what this thread computes, in units that the same process
//! takes for a known piece of work in the same build, so that neither the machine nor its load nor a sanitizer decides.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::LazyLock,
    time::Duration,
};

use serde_json::Value as Json;

/// How much longer a byte may take than `serde_json` takes to read one of an array of small numbers. The targets need up
/// to three times as long, optimised or not.
const TIME_FACTOR: u32 = 20;

/// What any input may hold, and for how many bytes more it may take time: a problem has members of a fixed size, and
/// buffers have a smallest one.
const MEMORY_CONSTANT: usize = 64 * 1024;
const TIME_CONSTANT: usize = 16 * 1024;

/// How often a piece of work that seemed slow is done again before that is believed.
const ATTEMPTS: usize = 3;

thread_local! {
    // Constants without destructors: an allocator may use them whenever a thread runs.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, which counts for each thread what it holds and the most that it held.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(more: usize, less: usize) {
    // No allocation is larger than `isize::MAX` bytes.
    let held = HELD.get().wrapping_add_unsigned(more);
    // Both places of a moved allocation are held for a moment.
    MOST.set(MOST.get().max(held));
    HELD.set(held.wrapping_sub_unsigned(less));
}

#[allow(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller vouches for `layout`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller vouches for both.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: the caller vouches for all of them.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// How long this thread has computed: what others do on the machine does not count.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// What `serde_json` takes to read [`UNIT`] bytes: the shortest time of some, as it is with nothing in the way.
static PACE: LazyLock<Duration> = LazyLock::new(|| {
    let text = format!("[{}1]", "1,".repeat(UNIT / 2 - 1));
    let times = (0..20).map(|_| {
        let start = processor_time();
        let read = serde_json::from_str::<Json>(&text);
        let time = processor_time().saturating_sub(start);
        assert!(read.is_ok());
        time
    });
    times.min().unwrap_or_default()
});

const UNIT: usize = 16 * 1024;

/// Does `work` on an input of `size` bytes and returns its outcome. It may hold `memory` bytes for each of them.
///
/// # Panics
/// When it holds more, or takes longer than is permitted for its size.
#[track_caller]
pub(crate) fn watch<T>(size: usize, memory: usize, work: impl Fn() -> T) -> T {
    let units = (size + TIME_CONSTANT).div_ceil(UNIT);
    let permitted = *PACE * TIME_FACTOR * u32::try_from(units).unwrap_or(u32::MAX);
    let (outcome, held, mut time) = measure(&work);
    let most = MEMORY_CONSTANT + memory * size;
    assert!(
        held <= most,
        "{held} bytes are held for {size}, {most} are permitted"
    );
    for _ in 1..ATTEMPTS {
        // What takes many times as long needs no second look.
        if time > permitted && time < 10 * permitted {
            time = time.min(measure(&work).2);
        }
    }
    assert!(
        time <= permitted,
        "{time:?} are taken for {size} bytes, {permitted:?} are permitted"
    );
    outcome
}

/// The outcome of `work`, the most that it held over what was held before, and its time.
fn measure<T>(work: &impl Fn() -> T) -> (T, usize, Duration) {
    let before = HELD.get();
    MOST.set(before);
    let start = processor_time();
    let outcome = work();
    let time = processor_time().saturating_sub(start);
    let held = MOST.get().saturating_sub(before);
    (outcome, usize::try_from(held).unwrap_or(0), time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 64 * 1024;

    fn text(size: usize) -> String {
        format!("[{}1]", "1,".repeat(size / 2 - 1))
    }

    #[test]
    fn returns_what_the_work_returns() {
        let text = text(SIZE);
        let read = |text: &str| serde_json::from_str::<Vec<u8>>(text).map_or(0, |numbers| numbers.len());
        assert_eq!(watch(SIZE, 4, || read(&text)), SIZE / 2);
    }

    #[test]
    #[should_panic(expected = "bytes are held for 65536")]
    fn notices_memory_that_is_freed_again() {
        watch(SIZE, 4, || drop(vec![1u8; 8 * SIZE]));
    }

    #[test]
    #[should_panic(expected = "are taken for 65536 bytes")]
    fn notices_time() {
        // A tree of it takes many times what the text does.
        let text = text(SIZE);
        watch(SIZE, 128, || {
            for _ in 0..8 * TIME_FACTOR {
                assert!(serde_json::from_str::<Json>(&text).is_ok());
            }
        });
    }
}
