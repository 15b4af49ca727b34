//! The decisions of a supervisor, with a clock of the test's own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use sabir_host::supervisor::{
    Action, End, Event, FIRST_DELAY, GRACE, LONGEST_DELAY, LONGEST_WAIT, MOST_WORKERS, SOON, Supervisor,
    WorkerId,
};

const TIMEOUT: Duration = Duration::from_secs(3);

struct Trial {
    supervisor: Supervisor,
    now: Instant,
}

impl Trial {
    /// A supervisor whose workers all serve.
    fn serving(count: u32) -> Self {
        let mut trial = Self {
            supervisor: Supervisor::new(i64::from(count)).unwrap(),
            now: Instant::now(),
        };
        let first = trial.supervisor.begin(trial.now);
        let workers = 0..count;
        assert_eq!(first, workers.clone().map(Action::Start).collect::<Vec<_>>());
        for worker in workers {
            let actions = trial.ready(worker);
            let is_last = worker == count - 1;
            assert_eq!(actions, if is_last { vec![Action::Serving] } else { vec![] });
        }
        trial
    }

    fn handle(&mut self, event: Event) -> Vec<Action> {
        self.supervisor.handle(event, self.now)
    }

    fn ready(&mut self, worker: WorkerId) -> Vec<Action> {
        let process = 100 + worker;
        assert_eq!(self.handle(Event::Started { worker, process }), []);
        self.handle(Event::Ready {
            worker,
            timeout: TIMEOUT,
        })
    }

    fn ended(&mut self, worker: WorkerId) -> Vec<Action> {
        let end = End::Code(1);
        self.handle(Event::Ended { worker, end })
    }

    /// How long until the next tick.
    fn delay(&self) -> Option<Duration> {
        self.supervisor.until_tick(self.now)
    }

    /// Lets the time of the next tick come.
    fn tick(&mut self) -> Vec<Action> {
        self.now += self.delay().unwrap();
        self.handle(Event::Tick)
    }
}

fn log(line: &str) -> Action {
    Action::Log(line.into())
}

#[test]
fn refuses_to_keep_no_worker_or_too_many() {
    let most = i64::try_from(MOST_WORKERS).unwrap();
    assert!(Supervisor::new(1).is_ok() && Supervisor::new(most).is_ok());
    for count in [0, -1, i64::MIN, most + 1, i64::MAX] {
        let error = Supervisor::new(count).unwrap_err().to_string();
        let expected = format!("run: workers: {count} workers were asked for; ask for 1 to 1024");
        assert_eq!(error, expected);
    }
}

#[test]
fn gives_up_when_a_worker_ends_before_all_served() {
    let mut trial = Trial {
        supervisor: Supervisor::new(2).unwrap(),
        now: Instant::now(),
    };
    trial.supervisor.begin(trial.now);
    assert_eq!(trial.ready(0), []);
    let process = 101;
    trial.handle(Event::Started { worker: 1, process });
    assert_eq!(trial.ended(1), [Action::Withdraw, Action::Stop(0)]);
    assert_eq!(trial.ended(0), [Action::Exit]);
    let failure = trial.supervisor.failure().unwrap().to_string();
    assert_eq!(
        failure,
        "run: workers: worker 101 ended with code 1 before all served; see what it wrote"
    );
}

#[test]
fn replaces_a_worker_later_the_more_often_it_fails_in_a_row() {
    let mut trial = Trial::serving(1);
    let said = |worker: u32| {
        log(&format!(
            "worker {} ended with code 1, another one is started",
            100 + worker
        ))
    };
    let mut expected = FIRST_DELAY;
    for worker in 0..20 {
        assert_eq!(trial.ended(worker), [said(worker)]);
        assert_eq!(trial.delay(), Some(expected));
        assert_eq!(trial.tick(), [Action::Start(worker + 1)]);
        assert_eq!(trial.delay(), None);
        assert_eq!(trial.ready(worker + 1), []);
        expected = (expected * 2).min(LONGEST_DELAY);
    }
    trial.now += SOON;
    assert_eq!(trial.ended(20), [said(20)]);
    assert_eq!(trial.delay(), Some(FIRST_DELAY));
}

#[test]
fn tells_how_a_worker_has_ended() {
    let mut trial = Trial::serving(3);
    let ends = [
        (End::Signal("SIGKILL".into()), "was ended by SIGKILL"),
        (End::Failure("no memory".into()), "failed: no memory"),
        (End::Code(0), "ended with code 0"),
    ];
    for (worker, (end, how)) in (0..).zip(ends) {
        let line = format!("worker {} {how}, another one is started", 100 + worker);
        assert_eq!(trial.handle(Event::Ended { worker, end }), [log(&line)]);
    }
}

#[test]
fn replaces_all_workers_one_by_one_each_when_its_successor_serves() {
    let mut trial = Trial::serving(2);
    assert_eq!(
        trial.handle(Event::Renew),
        [log("the workers are replaced"), Action::Start(2)]
    );
    assert_eq!(trial.ready(2), [Action::Stop(0), Action::Start(3)]);
    assert_eq!(trial.ended(0), [], "it was asked to");
    assert_eq!(trial.ready(3), [Action::Stop(1)]);
    assert_eq!(trial.delay(), Some(TIMEOUT + GRACE));
    assert_eq!(trial.tick(), [Action::Kill(1)]);
    assert_eq!(trial.ended(1), []);
    assert_eq!(trial.delay(), None);
}

#[test]
fn begins_anew_with_those_replaced_already_when_asked_again() {
    let mut trial = Trial::serving(2);
    trial.handle(Event::Renew);
    assert_eq!(trial.handle(Event::Renew), [log("the workers are replaced")]);
    assert_eq!(trial.ready(2), [Action::Stop(0), Action::Start(3)]);
    assert_eq!(trial.ready(3), [Action::Stop(2), Action::Start(4)]);
    assert_eq!(trial.ready(4), [Action::Stop(1)]);
}

#[test]
fn goes_on_with_the_workers_from_before_when_a_successor_fails() {
    let mut trial = Trial::serving(2);
    trial.handle(Event::Renew);
    trial.handle(Event::Started {
        worker: 2,
        process: 102,
    });
    let line = "worker 102 ended with code 1 before it served, the workers from before go on";
    assert_eq!(trial.ended(2), [log(line)]);
    assert_eq!(
        trial.handle(Event::Renew),
        [log("the workers are replaced"), Action::Start(3)]
    );
}

#[test]
fn a_successor_fills_a_slot_whose_worker_has_ended() {
    let mut trial = Trial::serving(1);
    trial.handle(Event::Renew);
    assert_eq!(trial.ended(0).len(), 1);
    assert_eq!(trial.ready(1), []);
    assert_eq!(trial.delay(), None, "the slot is filled");
}

#[test]
fn lets_workers_finish_and_kills_those_that_take_too_long() {
    let mut trial = Trial::serving(2);
    assert_eq!(
        trial.handle(Event::Stop),
        [Action::Withdraw, Action::Stop(0), Action::Stop(1)]
    );
    assert_eq!(trial.ended(0), []);
    assert_eq!(trial.delay(), Some(TIMEOUT + GRACE));
    assert_eq!(trial.tick(), [Action::Kill(1)]);
    assert_eq!(trial.ended(1), [Action::Exit]);
    assert!(trial.supervisor.failure().is_none());
}

#[test]
fn never_waits_longer_than_the_timers_of_a_host_can() {
    let mut trial = Trial::serving(1);
    let timeout = Duration::from_millis(u64::MAX);
    trial.handle(Event::Ready { worker: 0, timeout });
    assert_eq!(trial.handle(Event::Stop), [Action::Withdraw, Action::Stop(0)]);
    assert_eq!(trial.delay(), Some(LONGEST_WAIT));
    assert_eq!(trial.tick(), [], "it has much more time");
    assert_eq!(trial.delay(), Some(LONGEST_WAIT));
}

#[test]
fn the_second_request_to_stop_kills_all() {
    let mut trial = Trial::serving(2);
    trial.handle(Event::Stop);
    assert_eq!(trial.handle(Event::Stop), [Action::Kill(0), Action::Kill(1)]);
}

#[test]
fn does_not_ask_a_worker_twice_to_stop() {
    let mut trial = Trial::serving(1);
    trial.handle(Event::Renew);
    assert_eq!(trial.ready(1), [Action::Stop(0)]);
    assert_eq!(
        trial.handle(Event::Stop),
        [Action::Withdraw, Action::Stop(1)],
        "a worker takes the second request for one to end at once"
    );
}

#[test]
fn starts_nothing_while_it_stops() {
    let mut trial = Trial::serving(2);
    trial.ended(0);
    assert_eq!(trial.handle(Event::Stop), [Action::Withdraw, Action::Stop(1)]);
    assert_eq!(trial.handle(Event::Renew), []);
    trial.now += LONGEST_DELAY;
    assert_eq!(trial.handle(Event::Tick), []);
    assert_eq!(trial.ended(1), [Action::Exit]);
}
