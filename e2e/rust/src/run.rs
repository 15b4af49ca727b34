//! Running one fixture.

use std::{fmt, time::Duration};

use sabir_codegen::fixture::{Expectation, Fixture, Send};
use sabir_http::{Address, Server};

use crate::{
    app::{self, Calls},
    client::{Answer, Memory, Socket, Transport},
    expect,
};

/// Why a fixture failed.
#[derive(Debug)]
pub struct Failure {
    /// The exchange, counted from 0; `None` when the application could not be set up.
    pub exchange: Option<usize>,
    /// What differs.
    pub differences: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exchange {
            Some(index) => write!(f, "exchanges[{index}]: ")?,
            None => f.write_str("app: ")?,
        }
        f.write_str(&self.differences.join("; "))
    }
}

/// How long an answer may take where the runtime is whole.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Sends every request of `fixture` through `transport` and compares the answers. `patience` is how long to wait for more
/// of an answer that is due.
///
/// # Errors
/// The first exchange that differs from what the fixture expects.
pub fn run(fixture: &Fixture, transport: Transport, patience: Duration) -> Result<(), Failure> {
    let broken = |error: String| Failure {
        exchange: None,
        differences: vec![error],
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| broken(error.to_string()))?;
    let calls = Calls::default();
    let application = &fixture.content.app;
    let service = app::build(application, &calls).map_err(|error| broken(error.to_string()))?;
    match transport {
        Transport::Memory => {
            let client = Memory(service);
            check_all(fixture, &calls, |send, _| match send {
                Send::Request(request) => Ok((vec![runtime.block_on(client.send(request))?], false)),
                Send::Raw(_) => Err("raw bytes need a socket".to_owned()),
            })
        }
        Transport::Socket => {
            let settings = app::settings(application).map_err(|error| broken(error.to_string()))?;
            let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0), settings);
            let server = server.map_err(|error| broken(error.to_string()))?;
            let mut client = Socket::new(server.local_address(), patience);
            let handle = server.serve(service).map_err(|error| broken(error.to_string()))?;
            let outcome = check_all(fixture, &calls, |send, expected| {
                let expects_end = expected.last().is_some_and(|expectation| expectation.closed);
                let received = match send {
                    Send::Request(request) => client.send(request, expects_end)?,
                    Send::Raw(bytes) => client.send_raw(bytes, expected.len(), expects_end)?,
                };
                Ok((received.answers, received.is_closed))
            });
            handle.stop();
            outcome
        }
    }
}

/// Sends with `send`, which gives the answers and whether the connection was closed after them.
fn check_all(
    fixture: &Fixture,
    calls: &Calls,
    mut send: impl FnMut(&Send, &[Expectation]) -> Result<(Vec<Answer>, bool), String>,
) -> Result<(), Failure> {
    for (index, exchange) in fixture.content.exchanges.iter().enumerate() {
        let expected = exchange.expect.all();
        let differences = match send(&exchange.send, expected) {
            Ok((answers, is_closed)) => compare(expected, &answers, is_closed, calls.take()),
            Err(error) => vec![error],
        };
        if !differences.is_empty() {
            return Err(Failure {
                exchange: Some(index),
                differences,
            });
        }
    }
    Ok(())
}

fn compare(expected: &[Expectation], answers: &[Answer], is_closed: bool, calls: u64) -> Vec<String> {
    if answers.len() != expected.len() {
        return vec![format!("{} answers came, not {}", answers.len(), expected.len())];
    }
    let mut differences: Vec<String> = expected
        .iter()
        .zip(answers)
        .flat_map(|(expectation, answer)| {
            let mut found = expect::differences(expectation, answer);
            if !found.is_empty() {
                found.push(format!(
                    "the answer was {:?}",
                    String::from_utf8_lossy(&answer.body)
                ));
            }
            found
        })
        .collect();
    let due: Option<u64> = expected
        .iter()
        .filter_map(|expectation| expectation.handler_calls)
        .reduce(|sum, calls| sum + calls);
    if due.is_some_and(|due| due != calls) {
        differences.push(format!("handlers ran {calls} times"));
    }
    if expected.iter().any(|expectation| expectation.closed) && !is_closed {
        differences.push("the connection was not closed".to_owned());
    }
    differences
}
