//! What the generated tests call.

use std::collections::BTreeMap;

use sabir_codegen::fixture::{self, Fixture};

use crate::{
    TIMEOUT, Transport,
    files::{self, data_directory},
    run,
};

/// Fails unless the fixture at `path` passes; one that is listed in `known_failing.json` must fail.
///
/// # Panics
/// Says what differs.
#[track_caller]
pub fn check(path: &str, transport: Transport) {
    let outcome = load(path)
        .and_then(|fixture| run(&fixture, transport, TIMEOUT).map_err(|failure| failure.to_string()));
    if let Err(message) = judge(path, outcome, known_failing().get(path)) {
        fail(&message);
    }
}

fn load(path: &str) -> Result<Fixture, String> {
    let file = data_directory().join(path).with_extension("json");
    fixture::parse(&file, &files::read(&file)?).map_err(|error| error.to_string())
}

/// The fixtures that fail, with the reasons.
fn known_failing() -> BTreeMap<String, String> {
    match serde_json::from_str(include_str!("../known_failing.json")) {
        Ok(listed) => listed,
        Err(error) => fail(&format!("known_failing.json: {error}")),
    }
}

/// A fixture must pass, or fail when it is listed for a reason.
fn judge(path: &str, outcome: Result<(), String>, listed: Option<&String>) -> Result<(), String> {
    match (outcome, listed) {
        (Ok(()), None) | (Err(_), Some(_)) => Ok(()),
        (Err(difference), None) => Err(format!("{path}: {difference}")),
        (Ok(()), Some(reason)) => Err(format!(
            "{path} passes, but known_failing.json says: {reason}. Take it off the list."
        )),
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "this is how a test fails")]
fn fail(message: &str) -> ! {
    panic!("{message}");
}

/// Makes a test of each fixture for each way on which it can be sent: those in `every` over HTTP/2 too, those in `both` not. Those in
/// `served` and `of_http1` are the same without the core alone, and those in `socket` are sent over a connection of HTTP/1.1 only.
#[cfg(not(target_family = "wasm"))]
#[macro_export]
macro_rules! fixtures {
    ($category:literal every: [$($every:ident,)*] both: [$($both:ident,)*]
     served: [$($served:ident,)*] of_http1: [$($of_http1:ident,)*] socket: [$($socket:ident,)*]) => {
        $(mod $every {
            $crate::fixture_test!(in_the_core Core $category $every);
            $crate::fixture_test!(in_memory Memory $category $every);
            $crate::fixture_test!(over_a_socket Socket $category $every);
            $crate::fixture_test!(in_segments Segments $category $every);
            $crate::fixture_test!(over_http2 Http2 $category $every);
        })*
        $(mod $both {
            $crate::fixture_test!(in_the_core Core $category $both);
            $crate::fixture_test!(in_memory Memory $category $both);
            $crate::fixture_test!(over_a_socket Socket $category $both);
            $crate::fixture_test!(in_segments Segments $category $both);
        })*
        $(mod $served {
            $crate::fixture_test!(in_memory Memory $category $served);
            $crate::fixture_test!(over_a_socket Socket $category $served);
            $crate::fixture_test!(in_segments Segments $category $served);
            $crate::fixture_test!(over_http2 Http2 $category $served);
        })*
        $(mod $of_http1 {
            $crate::fixture_test!(in_memory Memory $category $of_http1);
            $crate::fixture_test!(over_a_socket Socket $category $of_http1);
            $crate::fixture_test!(in_segments Segments $category $of_http1);
        })*
        $(mod $socket {
            $crate::fixture_test!(over_a_socket Socket $category $socket);
        })*
    };
}

/// Makes a test of each fixture that needs nothing but the core.
#[cfg(target_family = "wasm")]
#[macro_export]
macro_rules! fixtures {
    ($category:literal every: [$($every:ident,)*] both: [$($both:ident,)*]
     served: [$($served:ident,)*] of_http1: [$($of_http1:ident,)*] socket: [$($socket:ident,)*]) => {
        $(mod $every {
            $crate::fixture_test!(in_the_core Core $category $every);
        })*
        $(mod $both {
            $crate::fixture_test!(in_the_core Core $category $both);
        })*
    };
}

/// One test of [`fixtures`].
#[macro_export]
macro_rules! fixture_test {
    ($test:ident $transport:ident $category:literal $name:ident) => {
        #[test]
        fn $test() {
            $crate::check(
                concat!($category, "/", stringify!($name)),
                $crate::Transport::$transport,
            );
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_fixture_that_passes_fails_the_suite() {
        let reason = String::from("not yet");
        assert!(judge("a/b", Ok(()), None).is_ok());
        assert!(judge("a/b", Err("differs".into()), None).is_err());
        assert!(judge("a/b", Err("differs".into()), Some(&reason)).is_ok());
        assert!(
            judge("a/b", Ok(()), Some(&reason))
                .unwrap_err()
                .contains("not yet")
        );
    }

    #[test]
    fn every_listed_fixture_exists() {
        for path in known_failing().keys() {
            assert!(load(path).is_ok(), "{path}");
        }
    }
}
