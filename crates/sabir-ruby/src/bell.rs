//! What fibers wait for, while their scheduler runs others of the same thread. `sabir/bell.rb` adds the waiting.

use std::{
    io,
    os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
    sync::Arc,
};

use magnus::{Error, Module, Object, RModule, Ruby, function, method, rb_sys::AsRawValue};
use sabir_host::Wake;

use crate::{class, error};

/// An event counter of the kernel; readable once it has been rung.
#[derive(Clone)]
#[magnus::wrap(class = "Sabir::Bell", free_immediately)]
pub(crate) struct Bell(Arc<OwnedFd>);

impl Bell {
    #[allow(unsafe_code)]
    fn new(ruby: &Ruby) -> Result<Self, Error> {
        // SAFETY: `eventfd` takes no pointers.
        let descriptor = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
        if descriptor < 0 {
            return Err(error::system(ruby, &io::Error::last_os_error(), "eventfd"));
        }
        // SAFETY: the call above returned a descriptor that nobody else owns.
        Ok(Self(Arc::new(unsafe { OwnedFd::from_raw_fd(descriptor) })))
    }

    fn descriptor(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    /// Has the descriptor be readable no longer.
    #[allow(unsafe_code)]
    fn clear(&self) {
        let mut count = 0u64;
        // SAFETY: the buffer is 8 bytes long, as an eventfd demands, and lives across the call. The descriptor does not block, so
        // an empty counter is an error that needs no handling.
        unsafe { libc::read(self.descriptor(), (&raw mut count).cast(), 8) };
    }
}

impl Wake for Bell {
    #[allow(unsafe_code)]
    fn wake(&self) {
        let one = 1u64;
        // SAFETY: the buffer is 8 bytes long and lives across the call. The write fails only when the counter is full, and then
        // it has been rung already.
        unsafe { libc::write(self.descriptor(), (&raw const one).cast(), 8) };
    }
}

/// Whether this fiber has a scheduler, so that it must not keep the thread when it waits.
#[allow(unsafe_code)]
pub(crate) fn is_scheduled(ruby: &Ruby) -> bool {
    // SAFETY: this thread has the interpreter's lock, as whoever has a `Ruby`; the function neither raises nor allocates.
    let scheduler = unsafe { rb_sys::rb_fiber_scheduler_current() };
    scheduler != ruby.qnil().as_raw()
}

pub(crate) fn define(ruby: &Ruby, sabir: RModule) -> Result<(), Error> {
    let class = class::define::<Bell>(ruby, sabir, "Bell")?;
    class.define_singleton_method("new", function!(Bell::new, 0))?;
    class.define_method("ring", method!(Bell::wake, 0))?;
    class.define_private_method("descriptor", method!(Bell::descriptor, 0))?;
    class.define_private_method("clear", method!(Bell::clear, 0))
}
