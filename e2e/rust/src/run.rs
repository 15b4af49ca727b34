//! Running one fixture.

use std::{error::Error, fmt, time::Duration};

use sabir_codegen::fixture::{Exchange, Expectation, Fixture};

use crate::{
    app::Calls,
    client::{Answer, Transport},
    core_alone, expect,
};

/// Why a fixture failed.
#[derive(Debug)]
pub struct Failure {
    /// The exchange, counted from 0; `None` when the application could not be set up.
    pub exchange: Option<usize>,
    /// What differs.
    pub differences: Vec<String>,
}

impl Failure {
    /// The application could not be set up.
    pub(crate) fn of_the_application(error: impl Into<Box<dyn Error>>) -> Self {
        Self {
            exchange: None,
            differences: vec![error.into().to_string()],
        }
    }
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
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends every request of `fixture` through `transport` and compares the answers. `timeout` is how long to wait for more
/// of an answer that is due.
///
/// # Errors
/// The first exchange that differs from what the fixture expects.
pub fn run(fixture: &Fixture, transport: Transport, timeout: Duration) -> Result<(), Failure> {
    match transport {
        Transport::Core => core_alone::run(fixture),
        #[cfg(not(target_family = "wasm"))]
        transport => crate::served::run(fixture, transport, timeout),
        #[cfg(target_family = "wasm")]
        _ => Err(Failure::of_the_application(format!(
            "there is no server to wait {timeout:?} for"
        ))),
    }
}

/// Sends with `send`, which gives the answers and whether the connection was closed after them.
pub(crate) fn check_all(
    fixture: &Fixture,
    calls: &Calls,
    mut send: impl FnMut(&Exchange) -> Result<(Vec<Answer>, bool), String>,
) -> Result<(), Failure> {
    for (index, exchange) in fixture.content.exchanges.iter().enumerate() {
        let expected = exchange.expect.all();
        let differences = match send(exchange) {
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

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
    use sabir_codegen::fixture::Expect;
    use serde::Deserialize;

    use super::*;
    use crate::files::{self, data_directory};

    /// One row of the table that the comparisons of all languages are held to.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        about: String,
        expect: Expect,
        passes: Vec<Brought>,
        fails: Vec<Brought>,
    }

    /// What one exchange brought.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Brought {
        #[serde(default = "once")]
        calls: u64,
        #[serde(default)]
        closed: bool,
        #[serde(default)]
        breaks_off: bool,
        answers: Option<Vec<Came>>,
        status: Option<u16>,
        headers: Option<Vec<(String, String)>>,
        text: Option<String>,
        base64: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Came {
        status: Option<u16>,
        text: Option<String>,
    }

    fn once() -> u64 {
        1
    }

    impl Brought {
        fn answers(&self) -> Vec<Answer> {
            let answer = |status: Option<u16>, headers, body| Answer {
                status: status.unwrap_or(200),
                headers,
                body,
                breaks_off: self.breaks_off,
            };
            if let Some(answers) = &self.answers {
                let answers = answers.iter();
                return answers
                    .map(|came| {
                        answer(
                            came.status,
                            Vec::new(),
                            came.text.clone().unwrap_or_default().into(),
                        )
                    })
                    .collect();
            }
            let body = match &self.base64 {
                Some(text) => BASE64.decode(text).unwrap(),
                None => self.text.clone().unwrap_or_default().into(),
            };
            vec![answer(
                self.status,
                self.headers.clone().unwrap_or_default(),
                body,
            )]
        }
    }

    #[test]
    fn answers_are_compared_as_in_every_language() {
        let path = data_directory().join("../e2e/comparisons.json");
        let rows: Vec<Row> = serde_json::from_str(&files::read(&path).unwrap()).unwrap();
        let mut wrong = Vec::new();
        let mut count = 0;
        for row in &rows {
            for (brought, passes) in [(&row.passes, true), (&row.fails, false)] {
                for brought in brought {
                    let found = compare(
                        row.expect.all(),
                        &brought.answers(),
                        brought.closed,
                        brought.calls,
                    );
                    if found.is_empty() != passes {
                        wrong.push(format!(
                            "{}: {brought:?} should {}: {found:?}",
                            row.about,
                            if passes { "pass" } else { "fail" }
                        ));
                    }
                    count += 1;
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count >= 300, "only {count} comparisons");
    }
}
