//! Waking an asyncio loop: an eventfd that the loop watches.

use std::{
    io,
    os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
    sync::Arc,
};

use sabir_host::Wake;

/// An event counter of the kernel; readable while a wake is pending.
#[derive(Debug, Clone)]
pub(crate) struct EventFd(Arc<OwnedFd>);

impl EventFd {
    #[allow(unsafe_code)]
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: `eventfd` takes no pointers.
        let fd = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call above returned a descriptor that nobody else owns.
        Ok(Self(Arc::new(unsafe { OwnedFd::from_raw_fd(fd) })))
    }

    pub(crate) fn descriptor(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    /// Takes the pending wake, so that the descriptor is no longer readable.
    #[allow(unsafe_code)]
    pub(crate) fn clear(&self) {
        let mut count = 0u64;
        // SAFETY: the buffer is 8 bytes long, as an eventfd demands, and lives across the call. The descriptor does
        // not block, so an empty counter is an error that needs no handling.
        unsafe { libc::read(self.descriptor(), (&raw mut count).cast(), 8) };
    }
}

impl Wake for EventFd {
    #[allow(unsafe_code)]
    fn wake(&self) {
        let one = 1u64;
        // SAFETY: the buffer is 8 bytes long and lives across the call. The write fails only when the counter is full,
        // and then a wake is pending already.
        unsafe { libc::write(self.descriptor(), (&raw const one).cast(), 8) };
    }
}
