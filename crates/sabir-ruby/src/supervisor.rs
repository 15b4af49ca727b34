//! The decisions of `Sabir::Workers`.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use magnus::{Error, Integer, Module, Object, RArray, RModule, Ruby, function, method};
use sabir_host::supervisor::{Action, End, Event, Supervisor, WorkerId, impossible_count};

use crate::{class, error};

/// Decides when which worker is started and stopped. Every method gives what is to be done now: arrays of the name of an action,
/// the number of the worker and the line that it is about.
#[magnus::wrap(class = "Sabir::Native::Supervisor", free_immediately)]
pub(crate) struct NativeSupervisor(Mutex<Supervisor>);

impl NativeSupervisor {
    fn new(ruby: &Ruby, count: Integer) -> Result<Self, Error> {
        // An Integer of Ruby has any number of digits.
        let supervisor = match count.to_i64() {
            Ok(count) => Supervisor::new(count),
            Err(_) => Err(impossible_count(count)),
        };
        let supervisor = supervisor.map_err(|error| error::setup(ruby, error))?;
        Ok(Self(Mutex::new(supervisor)))
    }

    fn lock(&self) -> MutexGuard<'_, Supervisor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, ruby: &Ruby, event: Event) -> RArray {
        described(ruby, self.lock().handle(event, Instant::now()))
    }

    fn begin(ruby: &Ruby, this: &Self) -> RArray {
        described(ruby, this.lock().begin(Instant::now()))
    }

    fn started(ruby: &Ruby, this: &Self, worker: WorkerId, process: u32) -> RArray {
        this.handle(ruby, Event::Started { worker, process })
    }

    /// A worker serves, whose requests may take so many milliseconds to finish.
    fn ready(ruby: &Ruby, this: &Self, worker: WorkerId, timeout_ms: u64) -> RArray {
        let timeout = Duration::from_millis(timeout_ms);
        this.handle(ruby, Event::Ready { worker, timeout })
    }

    /// A worker has ended with a code, or by the signal of a name.
    fn ended(ruby: &Ruby, this: &Self, worker: WorkerId, code: i32, signal: Option<String>) -> RArray {
        let end = signal.map_or(End::Code(code), End::Signal);
        this.handle(ruby, Event::Ended { worker, end })
    }

    /// A worker could not be started.
    fn failed(ruby: &Ruby, this: &Self, worker: WorkerId, reason: String) -> RArray {
        let end = End::Failure(reason);
        this.handle(ruby, Event::Ended { worker, end })
    }

    fn stop(ruby: &Ruby, this: &Self) -> RArray {
        this.handle(ruby, Event::Stop)
    }

    /// Whether workers are being stopped, so that another request to stop would kill them.
    fn is_stopping(&self) -> bool {
        self.lock().is_stopping()
    }

    fn renew(ruby: &Ruby, this: &Self) -> RArray {
        this.handle(ruby, Event::Renew)
    }

    fn tick(ruby: &Ruby, this: &Self) -> RArray {
        this.handle(ruby, Event::Tick)
    }

    /// The seconds until the next tick.
    fn until_tick(&self) -> Option<f64> {
        let wait = self.lock().until_tick(Instant::now())?;
        Some(wait.as_secs_f64())
    }

    /// Raises what has kept the workers from serving.
    fn check(ruby: &Ruby, this: &Self) -> Result<(), Error> {
        match this.lock().failure() {
            Some(failure) => Err(error::setup(ruby, failure.clone())),
            None => Ok(()),
        }
    }
}

fn described(ruby: &Ruby, actions: Vec<Action>) -> RArray {
    let described = |action: Action| {
        let line = action.line().map(str::to_owned);
        (ruby.to_symbol(action.name()), action.worker(), line)
    };
    ruby.ary_from_iter(actions.into_iter().map(described))
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = class::define::<NativeSupervisor>(ruby, native, "Supervisor")?;
    class.define_singleton_method("new", function!(NativeSupervisor::new, 1))?;
    class.define_method("begin", method!(NativeSupervisor::begin, 0))?;
    class.define_method("started", method!(NativeSupervisor::started, 2))?;
    class.define_method("ready", method!(NativeSupervisor::ready, 2))?;
    class.define_method("ended", method!(NativeSupervisor::ended, 3))?;
    class.define_method("failed", method!(NativeSupervisor::failed, 2))?;
    class.define_method("stop", method!(NativeSupervisor::stop, 0))?;
    class.define_method("stopping?", method!(NativeSupervisor::is_stopping, 0))?;
    class.define_method("renew", method!(NativeSupervisor::renew, 0))?;
    class.define_method("tick", method!(NativeSupervisor::tick, 0))?;
    class.define_method("until_tick", method!(NativeSupervisor::until_tick, 0))?;
    class.define_method("check", method!(NativeSupervisor::check, 0))
}
