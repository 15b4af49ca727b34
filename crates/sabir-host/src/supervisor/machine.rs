//! The state and the decisions.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    time::{Duration, Instant},
};

use sabir_core::SetupError;

use super::{Action, End, Event, WorkerId};

/// How long after its end a worker is replaced; doubled each time its successor fails soon too.
pub const FIRST_DELAY: Duration = Duration::from_millis(100);

/// The longest time after which a worker is replaced.
pub const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// A worker that ended so soon after its start counts as a failure in a row.
pub const SOON: Duration = Duration::from_secs(10);

/// How much longer than it has said a worker may take to stop before it is killed.
pub const GRACE: Duration = Duration::from_secs(5);

/// The longest time that a host is told to wait. Timers of some hosts hold no more than 31 bits of milliseconds, and a worker
/// may take any time that its settings say.
pub const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The most workers: more than any machine has use for, and fewer than would exhaust it before they are refused.
pub const MOST_WORKERS: usize = 1024;

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
    /// `count` is not within 1 and [`MOST_WORKERS`].
    pub fn new(count: i64) -> Result<Self, SetupError> {
        let is_possible = |count: &usize| (1..=MOST_WORKERS).contains(count);
        let Some(slots) = usize::try_from(count).ok().filter(is_possible) else {
            return Err(impossible_count(count));
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

    /// How long to wait for [`Event::Tick`], at most [`LONGEST_WAIT`]; for ever while nothing has to be done by time.
    pub fn until_tick(&self, now: Instant) -> Option<Duration> {
        let restarts = self.slots.iter().filter_map(|slot| slot.restart);
        let kills = self.workers.values().filter_map(|worker| worker.kill);
        let next = restarts.chain(kills).min()?;
        Some(next.saturating_duration_since(now).min(LONGEST_WAIT))
    }

    /// Whether all workers have been asked to stop, so that [`Event::Stop`] would kill them.
    pub fn is_stopping(&self) -> bool {
        self.state == State::Stopping
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

/// Why there cannot be `count` workers, which a host may hold in a larger type than [`Supervisor::new`] takes.
pub fn impossible_count(count: impl fmt::Display) -> SetupError {
    let problem = format!("{count} workers were asked for");
    let remedy = format!("ask for 1 to {MOST_WORKERS}");
    SetupError::new("workers", problem, remedy).at("run")
}

/// How long after the end of a worker that many in a row have failed.
fn delay(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    (FIRST_DELAY * (1 << doublings)).min(LONGEST_DELAY)
}
