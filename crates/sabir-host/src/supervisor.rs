//! What the supervisor of several processes that serve one address decides.
//!
//! It starts workers, replaces those that end, the later the more often it happens in a row, replaces all of them one by one
//! when it is asked to, each as soon as its successor serves, and stops them. Once all workers have served it never gives up.
//!
//! This is a state machine without processes, signals and clocks: a host tells it what has happened, and does what it answers.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    time::{Duration, Instant},
};

use sabir_core::SetupError;

/// How long after its end a worker is replaced; doubled each time its successor fails soon too.
pub const FIRST_DELAY: Duration = Duration::from_millis(100);

/// The longest time after which a worker is replaced.
pub const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// A worker that ended so soon after its start counts as a failure in a row.
pub const SOON: Duration = Duration::from_secs(10);

/// How much longer than it has said a worker may take to stop before it is killed.
pub const GRACE: Duration = Duration::from_secs(5);

/// Names a worker. No two of one supervisor have the same number.
pub type WorkerId = u32;

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The process of a worker has started.
    Started {
        /// The worker.
        worker: WorkerId,
        /// The id of its process.
        process: u32,
    },
    /// A worker serves.
    Ready {
        /// The worker.
        worker: WorkerId,
        /// How long its requests may take to finish.
        timeout: Duration,
    },
    /// A worker has ended, or could not be started.
    Ended {
        /// The worker.
        worker: WorkerId,
        /// How it has ended.
        end: End,
    },
    /// SIGINT or SIGTERM: stop; the second time at once.
    Stop,
    /// SIGHUP: replace all workers.
    Renew,
    /// The time of [`Supervisor::next_tick`] has come.
    Tick,
}

/// How a worker has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Code(i32),
    /// By the signal of this name.
    Signal(String),
    /// It could not be started, for this reason.
    Failure(String),
}

/// What the host has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Start the process of a worker.
    Start(WorkerId),
    /// Ask a worker to finish its requests and end (SIGTERM).
    Stop(WorkerId),
    /// End a worker (SIGKILL).
    Kill(WorkerId),
    /// Close the socket and take the address back: while one copy of the socket is open, new connections would wait for
    /// workers that accept none.
    Withdraw,
    /// Say that the address is served.
    Serving,
    /// Write a line for whoever runs the processes.
    Log(String),
    /// Return; with an error if there is a [`Supervisor::failure`].
    Exit,
}

/// The state of one supervisor.
#[derive(Debug)]
pub struct Supervisor {
    slots: Vec<Slot>,
    /// All that run, also those that have been asked to stop.
    workers: BTreeMap<WorkerId, Worker>,
    next: WorkerId,
    state: State,
    /// The slots whose workers are still to be replaced.
    outdated: VecDeque<usize>,
    /// What takes the first outdated slot, once it serves.
    successor: Option<WorkerId>,
    failure: Option<SetupError>,
    actions: Vec<Action>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not every worker has served yet.
    Starting,
    Serving,
    Stopping,
}

/// One of the N workers: the one that fills it now, and how those before it fared.
#[derive(Debug, Default)]
struct Slot {
    worker: Option<WorkerId>,
    failures: u32,
    /// When it is filled again.
    restart: Option<Instant>,
}

#[derive(Debug)]
struct Worker {
    process: Option<u32>,
    started: Instant,
    is_ready: bool,
    timeout: Duration,
    /// When it is killed, if it has been asked to stop.
    kill: Option<Instant>,
}

impl Supervisor {
    /// A supervisor of `count` workers.
    ///
    /// # Errors
    /// `count` is not 1 or more.
    pub fn new(count: i64) -> Result<Self, SetupError> {
        let Some(slots) = usize::try_from(count).ok().filter(|count| *count > 0) else {
            let problem = format!("{count} workers were asked for");
            return Err(SetupError::new("workers", problem, "ask for 1 or more").at("run"));
        };
        Ok(Self {
            slots: std::iter::repeat_with(Slot::default).take(slots).collect(),
            workers: BTreeMap::new(),
            next: 0,
            state: State::Starting,
            outdated: VecDeque::new(),
            successor: None,
            failure: None,
            actions: Vec::new(),
        })
    }

    /// Begins: what to do first.
    pub fn begin(&mut self, now: Instant) -> Vec<Action> {
        for slot in 0..self.slots.len() {
            self.fill(slot, now);
        }
        std::mem::take(&mut self.actions)
    }

    /// What to do now that `event` has happened.
    pub fn handle(&mut self, event: Event, now: Instant) -> Vec<Action> {
        match event {
            Event::Started { worker, process } => {
                if let Some(worker) = self.workers.get_mut(&worker) {
                    worker.process = Some(process);
                }
            }
            Event::Ready { worker, timeout } => self.ready(worker, timeout, now),
            Event::Ended { worker, end } => self.ended(worker, &end, now),
            Event::Stop if self.state == State::Stopping => {
                let all = self.workers.keys().map(|worker| Action::Kill(*worker));
                self.actions.extend(all);
            }
            Event::Stop => self.stop(now),
            Event::Renew => self.renew(now),
            Event::Tick => self.tick(now),
        }
        std::mem::take(&mut self.actions)
    }

    /// When [`Event::Tick`] is due; never while nothing has to be done by time.
    pub fn next_tick(&self) -> Option<Instant> {
        let restarts = self.slots.iter().filter_map(|slot| slot.restart);
        let kills = self.workers.values().filter_map(|worker| worker.kill);
        restarts.chain(kills).min()
    }

    /// Why the workers never served.
    pub fn failure(&self) -> Option<&SetupError> {
        self.failure.as_ref()
    }

    fn start(&mut self, now: Instant) -> WorkerId {
        let worker = self.next;
        self.next += 1;
        self.workers.insert(
            worker,
            Worker {
                process: None,
                started: now,
                is_ready: false,
                timeout: Duration::ZERO,
                kill: None,
            },
        );
        self.actions.push(Action::Start(worker));
        worker
    }

    fn fill(&mut self, slot: usize, now: Instant) {
        let worker = self.start(now);
        self.slots[slot].worker = Some(worker);
        self.slots[slot].restart = None;
    }

    fn ready(&mut self, id: WorkerId, timeout: Duration, now: Instant) {
        let Some(worker) = self.workers.get_mut(&id) else {
            return;
        };
        worker.is_ready = true;
        worker.timeout = timeout;
        if self.state == State::Serving && self.successor == Some(id) {
            self.successor = None;
            if let Some(slot) = self.outdated.pop_front() {
                let predecessor = self.slots[slot].worker;
                self.slots[slot] = Slot {
                    worker: Some(id),
                    ..Slot::default()
                };
                if let Some(predecessor) = predecessor {
                    self.retire(predecessor, now);
                }
            }
            self.renew_next(now);
        }
        let is_ready = |slot: &Slot| {
            let worker = slot.worker.and_then(|worker| self.workers.get(&worker));
            worker.is_some_and(|worker| worker.is_ready)
        };
        if self.state == State::Starting && self.slots.iter().all(is_ready) {
            self.state = State::Serving;
            self.actions.push(Action::Serving);
        }
    }

    fn ended(&mut self, id: WorkerId, end: &End, now: Instant) {
        let Some(worker) = self.workers.remove(&id) else {
            return;
        };
        if self.state == State::Stopping {
            return self.finish();
        }
        let process = worker
            .process
            .map_or_else(String::new, |process| format!(" {process}"));
        let what = format!("worker{process} {end}");
        if self.successor == Some(id) {
            self.successor = None;
            self.outdated.clear();
            self.log(format!("{what} before it served, the workers from before go on"));
        } else if let Some(slot) = self.slots.iter_mut().find(|slot| slot.worker == Some(id)) {
            slot.worker = None;
            if self.state == State::Starting {
                let problem = format!("{what} before all served");
                self.failure = Some(SetupError::new("workers", problem, "see what it wrote").at("run"));
                return self.stop(now);
            }
            let is_soon = now.duration_since(worker.started) < SOON;
            slot.failures = if is_soon {
                slot.failures.saturating_add(1)
            } else {
                1
            };
            slot.restart = Some(now + delay(slot.failures));
            self.log(format!("{what}, another one is started"));
        }
    }

    fn renew(&mut self, now: Instant) {
        if self.state != State::Serving {
            return;
        }
        let is_under_way = self.successor.is_some();
        // The one that starts now may have read what has changed since.
        self.outdated.truncate(usize::from(is_under_way));
        self.outdated.extend(0..self.slots.len());
        self.log("the workers are replaced".into());
        if !is_under_way {
            self.renew_next(now);
        }
    }

    /// Goes on with the replacement that was asked for.
    fn renew_next(&mut self, now: Instant) {
        if !self.outdated.is_empty() {
            self.successor = Some(self.start(now));
        }
    }

    /// Lets a worker finish its requests that fills no slot any more.
    fn retire(&mut self, id: WorkerId, now: Instant) {
        if let Some(worker) = self.workers.get_mut(&id) {
            worker.kill = Some(now + worker.timeout + GRACE);
            self.actions.push(Action::Stop(id));
        }
    }

    /// Lets all workers finish their requests.
    fn stop(&mut self, now: Instant) {
        self.state = State::Stopping;
        for slot in &mut self.slots {
            slot.restart = None;
        }
        self.actions.push(Action::Withdraw);
        let timeout = self.workers.values().map(|worker| worker.timeout).max();
        for (id, worker) in &mut self.workers {
            // One that has been asked already would take a second request for one to end at once.
            if worker.kill.is_none() {
                worker.kill = Some(now + timeout.unwrap_or_default() + GRACE);
                self.actions.push(Action::Stop(*id));
            }
        }
        self.finish();
    }

    fn finish(&mut self) {
        if self.workers.is_empty() {
            self.actions.push(Action::Exit);
        }
    }

    fn tick(&mut self, now: Instant) {
        for slot in 0..self.slots.len() {
            if self.slots[slot].restart.is_some_and(|restart| restart <= now) {
                self.fill(slot, now);
            }
        }
        for (id, worker) in &mut self.workers {
            if worker.kill.is_some_and(|kill| kill <= now) {
                worker.kill = Some(now + GRACE);
                self.actions.push(Action::Kill(*id));
            }
        }
    }

    fn log(&mut self, line: String) {
        self.actions.push(Action::Log(line));
    }
}

/// How long after the end of a worker that many in a row have failed.
fn delay(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    (FIRST_DELAY * (1 << doublings)).min(LONGEST_DELAY)
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "ended with code {code}"),
            Self::Signal(name) => write!(f, "was ended by {name}"),
            Self::Failure(reason) => write!(f, "failed: {reason}"),
        }
    }
}

impl Action {
    /// What hosts call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::Stop(_) => "stop",
            Self::Kill(_) => "kill",
            Self::Withdraw => "withdraw",
            Self::Serving => "serving",
            Self::Log(_) => "log",
            Self::Exit => "exit",
        }
    }

    /// The worker that it is about.
    pub fn worker(&self) -> Option<WorkerId> {
        match self {
            Self::Start(worker) | Self::Stop(worker) | Self::Kill(worker) => Some(*worker),
            Self::Withdraw | Self::Serving | Self::Log(_) | Self::Exit => None,
        }
    }

    /// The line to write.
    pub fn line(&self) -> Option<&str> {
        match self {
            Self::Log(line) => Some(line),
            _ => None,
        }
    }
}
