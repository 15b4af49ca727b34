//! Threads of Ruby that leave the interpreter's lock, and what a fork leaves of them.

use std::{
    ffi::c_void,
    mem::ManuallyDrop,
    ops::Deref,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    ptr::{from_mut, from_ref, null_mut},
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

/// How many forks lie between this process and the one that loaded the module.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// The number of this process among its ancestors: it costs no system call, unlike the process id.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// In a forked child, where only the thread that forked goes on.
pub(crate) fn after_fork() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
}

/// A value of the runtime that is dropped in the process alone that has made it. In a fork, the threads that had locked something
/// are not there to unlock it.
pub(crate) struct Local<T> {
    value: ManuallyDrop<T>,
    process: u32,
}

impl<T> Local<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            value: ManuallyDrop::new(value),
            process: generation(),
        }
    }
}

impl<T> Deref for Local<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Drop for Local<T> {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        if self.process == generation() {
            // SAFETY: it is not used again.
            unsafe { ManuallyDrop::drop(&mut self.value) };
        }
    }
}

struct Region<F, T> {
    work: Option<F>,
    result: Option<thread::Result<T>>,
}

/// Runs `work`, which uses nothing of Ruby, while other threads of Ruby run. `interrupt` has it return soon; another thread
/// calls it when this one is to be killed, has something raised in it, or is to look after something else, such as a signal. `None`
/// when that was so before the work began. Whoever calls this [checks](Ruby::thread_check_ints) afterwards what it was interrupted for,
/// and goes on where that raises nothing.
#[allow(unsafe_code)]
pub(crate) fn without_lock<T>(work: impl FnOnce() -> T, interrupt: &(dyn Fn() + Sync)) -> Option<T> {
    unsafe extern "C" fn run<F: FnOnce() -> T, T>(region: *mut c_void) -> *mut c_void {
        // SAFETY: it is the region below, which lives until this has returned, and which nobody else uses meanwhile.
        let region = unsafe { &mut *region.cast::<Region<F, T>>() };
        if let Some(work) = region.work.take() {
            region.result = Some(catch_unwind(AssertUnwindSafe(work)));
        }
        null_mut()
    }

    unsafe extern "C" fn unblock(interrupt: *mut c_void) {
        // SAFETY: it is the reference below, which Ruby forgets before the call there returns.
        let interrupt = unsafe { *interrupt.cast::<&(dyn Fn() + Sync)>() };
        // A panic here would cross the frames of Ruby.
        let _ = catch_unwind(AssertUnwindSafe(interrupt));
    }

    fn call<F: FnOnce() -> T, T>(region: &mut Region<F, T>, interrupt: &&(dyn Fn() + Sync)) {
        let interrupt = from_ref(interrupt).cast_mut().cast();
        // SAFETY: this thread has the lock, as every function that Ruby calls; both pointers are valid until it returns. This
        // variant raises nothing, so that no frame of Rust is skipped.
        unsafe {
            rb_sys::rb_thread_call_without_gvl2(
                Some(run::<F, T>),
                from_mut(region).cast(),
                Some(unblock),
                interrupt,
            )
        };
    }

    let mut region = Region {
        work: Some(work),
        result: None,
    };
    call(&mut region, &interrupt);
    region
        .result
        .map(|result| result.unwrap_or_else(|panic| resume_unwind(panic)))
}
