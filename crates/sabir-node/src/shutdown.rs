//! The end of the process after a signal, also while a handler keeps the event loop from seeing it.
//!
//! The engine delivers signals on its loop. A handler that computes for ever would make the process deaf to them, where one
//! without listeners dies. So this stands in front of the engine's own handling: it passes the first signal on, and ends the
//! process at the second, or when the time for the shutdown is over.

#![allow(unsafe_code, reason = "the standard library knows no signals")]

use std::{
    io::{Read, Write},
    os::{fd::AsRawFd, unix::net::UnixStream},
    ptr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use napi::Result;
use napi_derive::napi;

use crate::error::misuse;

const SIGNALS: [i32; 2] = [libc::SIGINT, libc::SIGTERM];

/// How much longer than the loop, which ends the process in an orderly way, the thread beside it waits.
const LOOP_GRACE: Duration = Duration::from_millis(500);

/// How many applications want signals watched, and where the thread that waits is told of them.
static WATCHERS: Mutex<(usize, Option<UnixStream>)> = Mutex::new((0, None));
/// The descriptor of that place, for the handler, which must not take locks.
static NOTIFY: AtomicI32 = AtomicI32::new(-1);
/// The longest time that an application asked for.
static TIMEOUT_MS: AtomicU64 = AtomicU64::new(0);
/// The signals that came since the watch began.
static RECEIVED: AtomicU32 = AtomicU32::new(0);
/// Whose signals these are. A child that was forked a moment ago shares the handler, and must not tell the parent's thread.
static PROCESS: AtomicI32 = AtomicI32::new(0);
/// Whether a shutdown has begun; it is never taken back.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

/// What handled each of [`SIGNALS`] before. Never freed: the handler may be about to read it.
static PREVIOUS: [AtomicPtr<libc::sigaction>; 2] =
    [AtomicPtr::new(ptr::null_mut()), AtomicPtr::new(ptr::null_mut())];

/// Watches SIGINT and SIGTERM for an application that stops within `timeout_ms`. The engine's listeners have to be there.
#[napi]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it comes from a setting, a whole number"
)]
pub fn watch_signals(timeout_ms: f64) -> Result<()> {
    let mut watchers = WATCHERS.lock().unwrap_or_else(PoisonError::into_inner);
    TIMEOUT_MS.fetch_max(timeout_ms as u64, Ordering::SeqCst);
    if watchers.1.is_none() {
        watchers.1 = Some(start_thread().map_err(|error| misuse(error.to_string()))?);
    }
    let notify = watchers.1.as_ref().map_or(-1, AsRawFd::as_raw_fd);
    watchers.0 += 1;
    if watchers.0 > 1 {
        return Ok(());
    }
    NOTIFY.store(notify, Ordering::SeqCst);
    RECEIVED.store(0, Ordering::SeqCst);
    PROCESS.store(i32::try_from(std::process::id()).unwrap_or(-1), Ordering::SeqCst);
    for (signal, previous) in SIGNALS.into_iter().zip(&PREVIOUS) {
        stand_before(signal, previous);
    }
    Ok(())
}

/// Ends a watch. After a signal nothing changes: the process is on its way out.
#[napi]
pub fn unwatch_signals() {
    let mut watchers = WATCHERS.lock().unwrap_or_else(PoisonError::into_inner);
    watchers.0 = watchers.0.saturating_sub(1);
    if watchers.0 > 0 || IS_ENDING.load(Ordering::SeqCst) || RECEIVED.load(Ordering::SeqCst) > 0 {
        return;
    }
    TIMEOUT_MS.store(0, Ordering::SeqCst);
    for (signal, previous) in SIGNALS.into_iter().zip(&PREVIOUS) {
        step_aside(signal, previous);
    }
}

/// Begins a shutdown that no signal asked for.
#[napi]
pub fn begin_shutdown() {
    let watchers = WATCHERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(mut notify) = watchers.1.as_ref()
        && !IS_ENDING.swap(true, Ordering::SeqCst)
    {
        // The socket is full when many have told the thread already.
        let _ = notify.write(&[0]);
    }
}

/// Starts the thread that ends the process when the time is over, and gives the place where it is told of a signal.
fn start_thread() -> std::io::Result<UnixStream> {
    let (notify, mut notified) = UnixStream::pair()?;
    notify.set_nonblocking(true)?;
    std::thread::Builder::new()
        .name("sabir-signals".into())
        .spawn(move || {
            let mut signal = [0];
            if notified.read_exact(&mut signal).is_err() {
                return;
            }
            let timeout = Duration::from_millis(TIMEOUT_MS.load(Ordering::SeqCst));
            std::thread::sleep(timeout.saturating_add(LOOP_GRACE));
            let _ = std::io::stderr().write_all(
                b"sabir: a handler still computes after the shutdown; the process ends without it\n",
            );
            end(match signal[0] {
                0 => libc::SIGTERM,
                signal => signal.into(),
            });
        })?;
    Ok(notify)
}

/// Puts [`handle`] before what handles `signal`.
fn stand_before(signal: i32, previous: &AtomicPtr<libc::sigaction>) {
    // SAFETY: all zeros is a valid `sigaction`, which the calls below fill in; the pointers are to it and to nothing else.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(signal, ptr::null(), &raw mut action) != 0 {
            return;
        }
        previous.store(Box::into_raw(Box::new(action)), Ordering::SeqCst);
        let handler: extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void) = handle;
        action.sa_sigaction = handler as libc::sighandler_t;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART | (action.sa_flags & libc::SA_ONSTACK);
        libc::sigaction(signal, &raw const action, ptr::null_mut());
    }
}

/// Restores what handled `signal` before, unless somebody else has taken it over meanwhile.
fn step_aside(signal: i32, previous: &AtomicPtr<libc::sigaction>) {
    let previous = previous.load(Ordering::SeqCst);
    let handler: extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void) = handle;
    // SAFETY: as above; `previous` is null or was made by `stand_before` and is never freed.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        let is_known = libc::sigaction(signal, ptr::null(), &raw mut action) == 0;
        if is_known && action.sa_sigaction == handler as libc::sighandler_t && !previous.is_null() {
            libc::sigaction(signal, previous, ptr::null_mut());
        }
    }
}

/// Handles a signal; it calls nothing that may not be called in a handler (POSIX.1-2024, XSH 2.4.3).
extern "C" fn handle(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: `getpid`, `write` and what `end` calls are safe in handlers. `previous` is null or points to an action that is
    // never freed, whose function the system would have called with the same arguments.
    unsafe {
        if libc::getpid() == PROCESS.load(Ordering::SeqCst) {
            if RECEIVED.fetch_add(1, Ordering::SeqCst) > 0 {
                end(signal);
            }
            IS_ENDING.store(true, Ordering::SeqCst);
            let number = u8::try_from(signal).unwrap_or_default();
            let error = errno();
            let before = *error;
            libc::write(NOTIFY.load(Ordering::SeqCst), (&raw const number).cast(), 1);
            *error = before;
        }
        let Some(index) = SIGNALS.iter().position(|known| *known == signal) else {
            return;
        };
        let Some(previous) = PREVIOUS[index].load(Ordering::SeqCst).as_ref() else {
            return;
        };
        match previous.sa_sigaction {
            libc::SIG_DFL => end(signal),
            libc::SIG_IGN => {}
            function if previous.sa_flags & libc::SA_SIGINFO != 0 => {
                let function: extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void) =
                    std::mem::transmute(function);
                function(signal, info, context);
            }
            function => {
                let function: extern "C" fn(i32) = std::mem::transmute(function);
                function(signal);
            }
        }
    }
}

/// Ends the process as `signal` does where nobody handles it.
fn end(signal: i32) {
    // SAFETY: the set is initialised before it is used, and all of these may be called in a handler.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, ptr::null_mut());
        libc::kill(libc::getpid(), signal);
        libc::raise(signal);
        libc::_exit(128 + signal);
    }
}

#[cfg(target_os = "linux")]
fn errno() -> *mut i32 {
    // SAFETY: it takes nothing and is safe in handlers.
    unsafe { libc::__errno_location() }
}

#[cfg(not(target_os = "linux"))]
fn errno() -> *mut i32 {
    // SAFETY: as above.
    unsafe { libc::__error() }
}
