//! The fixtures notice when a part of the pipeline is switched off, and those that are not about it do not mind.
//!
//! Switches hold for the whole process, so this is one test in a file of its own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sabir_codegen::fixture::{Fixture, load_all};
use sabir_core::{Switch, switch::switch_off};
use sabir_e2e::{TIMEOUT, Transport, data_directory, needs, run};

/// Fixtures wait for timers more than they compute.
const THREADS: usize = 32;

/// Without its deadline a fixture's answer never comes: nothing is gained by waiting long for it.
const IMTIMEOUT: Duration = Duration::from_secs(1);

/// How many percent of the fixtures that are not about a part must pass without it.
const PRECISION: usize = 85;

#[test]
fn fixtures_fail_without_the_part_that_they_are_about() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut fixtures = load_all(&data_directory()).unwrap();
    // Those that wait for timers come first, so that the others are done meanwhile.
    fixtures.sort_by_key(|fixture| !fixture.needs_socket());
    let mut faults = Vec::new();
    let whole = failing(&fixtures, TIMEOUT);
    faults.extend(
        whole
            .iter()
            .map(|path| format!("{path} fails although everything is on")),
    );
    let mut sensitive = BTreeSet::new();
    for switch in Switch::ALL {
        switch_off(Some(*switch));
        let failed = failing(&fixtures, IMTIMEOUT);
        switch_off(None);
        faults.extend(judge(&fixtures, *switch, &failed));
        // That a problem is well written is not what a refusal is about.
        if *switch != Switch::ProblemFormat {
            sensitive.extend(failed);
        }
        sensitive.extend(exceptions(*switch).into_keys());
    }
    for fixture in fixtures.iter().filter(|fixture| is_refused(fixture)) {
        if !sensitive.contains(&fixture.path()) {
            faults.push(format!(
                "{} expects a refusal that no switch prevents",
                fixture.path()
            ));
        }
    }
    let _ = std::panic::take_hook();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Holds the fixtures that failed without `switch` against those that have to.
fn judge(fixtures: &[Fixture], switch: Switch, failed: &BTreeSet<String>) -> Vec<String> {
    let exceptions = exceptions(switch);
    let (mut needed, mut others, mut astray) = (0, 0, Vec::new());
    let mut faults = Vec::new();
    for fixture in fixtures {
        let path = fixture.path();
        let has_failed = failed.contains(&path);
        let is_exception = exceptions.contains_key(&path);
        if needs(fixture, switch) {
            needed += 1;
            if has_failed == is_exception {
                faults.push(if has_failed {
                    format!("{path} fails without {switch:?}; take it out of insensitive.json")
                } else {
                    format!("{path} passes without {switch:?}")
                });
            }
        } else {
            others += 1;
            if is_exception {
                faults.push(format!(
                    "{path} is not about {switch:?}; take it out of insensitive.json"
                ));
            }
            if has_failed {
                astray.push(path);
            }
        }
    }
    println!(
        "{switch:?}: {needed} fixtures are about it; {} of {others} others fail: {}",
        astray.len(),
        astray.join(" ")
    );
    // What a log has is on no wire: `crates/sabir-http/tests/access_log.rs` sees to it.
    if needed == exceptions.len() && switch != Switch::AccessLog {
        faults.push(format!("no fixture is about {switch:?}"));
    }
    if (others - astray.len()) * 100 < others * PRECISION {
        faults.push(format!(
            "{} of {others} fixtures that are not about {switch:?} fail without it",
            astray.len()
        ));
    }
    faults
}

/// The fixtures that need `switch` by what they say, and nevertheless pass without it, with the reasons.
fn exceptions(switch: Switch) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(include_str!("../insensitive.json")).unwrap();
    all.remove(&format!("{switch:?}")).unwrap_or_default()
}

/// Whether the runtime itself is expected to refuse a request.
fn is_refused(fixture: &Fixture) -> bool {
    let exchanges = fixture.content.exchanges.iter();
    let mut expectations = exchanges.flat_map(|exchange| exchange.expect.all());
    expectations.any(|expectation| expectation.status >= 400 && expectation.handler_calls == Some(0))
}

/// Runs all fixtures and returns the paths of those that fail.
fn failing(fixtures: &[Fixture], timeout: Duration) -> BTreeSet<String> {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(fixture) = fixtures.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if !passes(fixture, timeout) {
                        failed.lock().unwrap().insert(fixture.path());
                    }
                }
            });
        }
    });
    failed.into_inner().unwrap()
}

fn passes(fixture: &Fixture, timeout: Duration) -> bool {
    let transport = if fixture.needs_socket() {
        Transport::Socket
    } else {
        Transport::Memory
    };
    // A pipeline that lacks a part may do anything.
    let outcome = catch_unwind(AssertUnwindSafe(|| run(fixture, transport, timeout)));
    matches!(outcome, Ok(Ok(())))
}
