//! The decisions of `sabir.workers`.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use pyo3::{prelude::*, types::PyInt};
use sabir_host::supervisor::{Action, End, Event, Supervisor, WorkerId, impossible_count};

use crate::error;

/// The name of an action, the number of the worker and the line that it is about.
type NativeAction = (&'static str, Option<WorkerId>, Option<String>);

/// Decides when which worker is started and stopped. Every method gives what is to be done now.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeSupervisor(Mutex<Supervisor>);

impl NativeSupervisor {
    fn lock(&self) -> MutexGuard<'_, Supervisor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, event: Event) -> Vec<NativeAction> {
        described(&self.lock().handle(event, Instant::now()))
    }
}

#[pymethods]
impl NativeSupervisor {
    #[new]
    fn new(count: &Bound<'_, PyInt>) -> PyResult<Self> {
        // An integer of Python has any number of digits.
        let supervisor = match count.extract() {
            Ok(count) => Supervisor::new(count),
            Err(_) => Err(impossible_count(count)),
        };
        Ok(Self(Mutex::new(supervisor.map_err(error::setup)?)))
    }

    fn begin(&self) -> Vec<NativeAction> {
        described(&self.lock().begin(Instant::now()))
    }

    fn started(&self, worker: WorkerId, process: u32) -> Vec<NativeAction> {
        self.handle(Event::Started { worker, process })
    }

    /// A worker serves, whose requests may take so many milliseconds to finish.
    fn ready(&self, worker: WorkerId, timeout_ms: u64) -> Vec<NativeAction> {
        let timeout = Duration::from_millis(timeout_ms);
        self.handle(Event::Ready { worker, timeout })
    }

    /// A worker has ended with a code, or by the signal of a name.
    fn ended(&self, worker: WorkerId, code: i32, signal: Option<String>) -> Vec<NativeAction> {
        let end = signal.map_or(End::Code(code), End::Signal);
        self.handle(Event::Ended { worker, end })
    }

    /// A worker could not be started.
    fn failed(&self, worker: WorkerId, reason: String) -> Vec<NativeAction> {
        let end = End::Failure(reason);
        self.handle(Event::Ended { worker, end })
    }

    fn stop(&self) -> Vec<NativeAction> {
        self.handle(Event::Stop)
    }

    /// Whether workers are being stopped, so that another request to stop would kill them.
    fn is_stopping(&self) -> bool {
        self.lock().is_stopping()
    }

    fn renew(&self) -> Vec<NativeAction> {
        self.handle(Event::Renew)
    }

    fn tick(&self) -> Vec<NativeAction> {
        self.handle(Event::Tick)
    }

    /// The seconds until the next tick.
    fn until_tick(&self) -> Option<f64> {
        let wait = self.lock().until_tick(Instant::now())?;
        Some(wait.as_secs_f64())
    }

    /// Raises what has kept the workers from serving.
    fn check(&self) -> PyResult<()> {
        match self.lock().failure() {
            Some(failure) => Err(error::setup(failure.clone())),
            None => Ok(()),
        }
    }
}

fn described(actions: &[Action]) -> Vec<NativeAction> {
    actions
        .iter()
        .map(|action| (action.name(), action.worker(), action.line().map(str::to_owned)))
        .collect()
}
