//! Runs fixtures by name, without generating tests: `cargo run -p sabir-e2e -- query_params`.

use std::process::ExitCode;

use sabir_codegen::fixture::load_all;
use sabir_e2e::{TIMEOUT, Transport, data_directory, run};

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let fixtures = match load_all(&data_directory()) {
        Ok(fixtures) => fixtures,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    // A handler that fails on purpose says so by panicking; the runtime's answer is what counts.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut passed, mut failed) = (0, 0);
    for fixture in &fixtures {
        let path = fixture.path();
        if !wanted.is_empty() && !wanted.iter().any(|part| path.contains(part.as_str())) {
            continue;
        }
        for transport in Transport::all_of(fixture) {
            match run(fixture, *transport, TIMEOUT) {
                Ok(()) => passed += 1,
                Err(failure) => {
                    failed += 1;
                    println!("{path} ({transport:?}): {failure}");
                }
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
