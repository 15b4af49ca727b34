//! The decisions of the command's supervisor.

use std::time::{Duration, Instant};

use napi::{Env, Result};
use napi_derive::napi;
use sabir_host::supervisor::{Action, End, Event, Supervisor, WorkerId, impossible_count};

use crate::error::setup;

/// Decides when which worker is started and stopped. Every method gives what is to be done now.
#[napi]
pub struct NativeSupervisor(Supervisor);

/// What the supervisor has to do.
#[napi(object)]
pub struct SupervisorAction {
    /// `start`, `stop`, `kill`, `withdraw`, `serving`, `log` or `exit`.
    pub name: String,
    /// The number of the worker that it is about.
    pub worker: Option<WorkerId>,
    /// The line to write.
    pub line: Option<String>,
}

impl NativeSupervisor {
    fn handle(&mut self, event: Event) -> Vec<SupervisorAction> {
        described(&self.0.handle(event, Instant::now()))
    }
}

#[napi]
impl NativeSupervisor {
    /// A supervisor of so many workers.
    #[napi(constructor)]
    pub fn new(env: Env, count: f64) -> Result<Self> {
        // The text of a number that is whole has its digits and nothing else.
        let supervisor = match count.to_string().parse() {
            Ok(count) => Supervisor::new(count),
            Err(_) => Err(impossible_count(count)),
        };
        supervisor.map(Self).map_err(|error| setup(env, &error))
    }

    /// Begins.
    #[napi]
    pub fn begin(&mut self) -> Vec<SupervisorAction> {
        described(&self.0.begin(Instant::now()))
    }

    /// The process of a worker has started.
    #[napi]
    pub fn started(&mut self, worker: WorkerId, process: u32) -> Vec<SupervisorAction> {
        self.handle(Event::Started { worker, process })
    }

    /// A worker serves, whose requests may take so many milliseconds to finish.
    #[napi]
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it comes from a setting, a whole number"
    )]
    pub fn ready(&mut self, worker: WorkerId, timeout_ms: f64) -> Vec<SupervisorAction> {
        let timeout = Duration::from_millis(timeout_ms as u64);
        self.handle(Event::Ready { worker, timeout })
    }

    /// A worker has ended with a code, or by the signal of a name.
    #[napi]
    pub fn ended(&mut self, worker: WorkerId, code: i32, signal: Option<String>) -> Vec<SupervisorAction> {
        let end = signal.map_or(End::Code(code), End::Signal);
        self.handle(Event::Ended { worker, end })
    }

    /// A worker could not be started.
    #[napi]
    pub fn failed(&mut self, worker: WorkerId, reason: String) -> Vec<SupervisorAction> {
        let end = End::Failure(reason);
        self.handle(Event::Ended { worker, end })
    }

    /// Stops, the second time at once.
    #[napi]
    pub fn stop(&mut self) -> Vec<SupervisorAction> {
        self.handle(Event::Stop)
    }

    /// Replaces all workers.
    #[napi]
    pub fn renew(&mut self) -> Vec<SupervisorAction> {
        self.handle(Event::Renew)
    }

    /// The time of the next tick has come.
    #[napi]
    pub fn tick(&mut self) -> Vec<SupervisorAction> {
        self.handle(Event::Tick)
    }

    /// The milliseconds until the next tick.
    #[napi]
    pub fn until_tick(&self) -> Option<f64> {
        let wait = self.0.until_tick(Instant::now())?;
        Some(wait.as_secs_f64() * 1000.0)
    }

    /// Throws what has kept the workers from serving.
    #[napi]
    pub fn check(&self, env: Env) -> Result<()> {
        match self.0.failure() {
            Some(failure) => Err(setup(env, failure)),
            None => Ok(()),
        }
    }
}

fn described(actions: &[Action]) -> Vec<SupervisorAction> {
    actions
        .iter()
        .map(|action| SupervisorAction {
            name: action.name().into(),
            worker: action.worker(),
            line: action.line().map(str::to_owned),
        })
        .collect()
}
