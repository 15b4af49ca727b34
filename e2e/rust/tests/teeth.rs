//! The fixtures notice when a stage of the pipeline is missing.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use sabir_codegen::fixture::load_all;
use sabir_e2e::{Transport, data_directory, run, stages};

/// Without its deadline a fixture's answer never comes: nothing is gained by waiting long for it.
const IMPATIENCE: Duration = Duration::from_secs(1);

#[test]
fn fixtures_fail_without_the_stage_that_they_test() {
    std::panic::set_hook(Box::new(|_| {}));
    let fixtures = load_all(&data_directory()).unwrap();
    let mut toothless = Vec::new();
    for stage in stages() {
        let mut count = 0;
        for fixture in fixtures.iter().filter(|fixture| (stage.is_needed_by)(fixture)) {
            let mut crippled = fixture.clone();
            (stage.switch_off)(&mut crippled);
            let transport = if fixture.needs_socket() {
                Transport::Socket
            } else {
                Transport::Memory
            };
            if run(&crippled, transport, IMPATIENCE).is_ok() {
                toothless.push(format!("{} passes without {}", fixture.path(), stage.name));
            }
            count += 1;
        }
        if count == 0 {
            toothless.push(format!("no fixture tests {}", stage.name));
        }
    }
    let _ = std::panic::take_hook();
    assert!(toothless.is_empty(), "{}", toothless.join("\n"));
}
