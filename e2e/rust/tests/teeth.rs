//! The fixtures notice when a stage of the pipeline is missing.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sabir_codegen::fixture::load_all;
use sabir_e2e::{Transport, data_directory, run, stages};

#[test]
fn fixtures_fail_without_the_stage_that_they_test() {
    std::panic::set_hook(Box::new(|_| {}));
    let fixtures = load_all(&data_directory()).unwrap();
    let mut toothless = Vec::new();
    for stage in stages() {
        for fixture in fixtures.iter().filter(|fixture| (stage.is_needed_by)(fixture)) {
            let mut crippled = fixture.clone();
            (stage.switch_off)(&mut crippled);
            let transport = if fixture.needs_socket() {
                Transport::Socket
            } else {
                Transport::Memory
            };
            if run(&crippled, transport).is_ok() {
                toothless.push(format!("{} passes without {}", fixture.path(), stage.name));
            }
        }
    }
    let _ = std::panic::take_hook();
    assert!(toothless.is_empty(), "{}", toothless.join("\n"));
}
