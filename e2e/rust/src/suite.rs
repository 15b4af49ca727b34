//! What the generated tests call.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use sabir_codegen::fixture;

use crate::{PATIENCE, Transport, run};

/// Where the fixtures are: beside the package that runs. The directory that it was compiled in may be another, when clones
/// share their builds.
pub fn data_directory() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR");
    let package = package.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).join("../../testing_data")
}

/// Fails unless the fixture at `path` passes; one that is listed in `known_failing.json` must fail.
///
/// # Panics
/// Says what differs.
#[track_caller]
pub fn check(path: &str, transport: Transport) {
    let outcome = fixture::load(&data_directory().join(path).with_extension("json"))
        .map_err(|error| error.to_string())
        .and_then(|fixture| run(&fixture, transport, PATIENCE).map_err(|failure| failure.to_string()));
    let listed: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../known_failing.json")).unwrap_or_default();
    match (outcome, listed.get(path)) {
        (Ok(()), None) | (Err(_), Some(_)) => {}
        (Err(difference), None) => fail(&format!("{path}: {difference}")),
        (Ok(()), Some(reason)) => {
            fail(&format!(
                "{path} passes, but known_failing.json says: {reason}. Take it off the list."
            ));
        }
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "this is how a test fails")]
fn fail(message: &str) {
    panic!("{message}");
}

/// Makes two tests of each fixture in `both`, and one over a socket of each in `socket`.
#[macro_export]
macro_rules! fixtures {
    ($category:literal both: [$($both:ident,)*] socket: [$($socket:ident,)*]) => {
        $(mod $both {
            #[test]
            fn in_memory() {
                $crate::check(concat!($category, "/", stringify!($both)), $crate::Transport::Memory);
            }
            #[test]
            fn over_a_socket() {
                $crate::check(concat!($category, "/", stringify!($both)), $crate::Transport::Socket);
            }
        })*
        $(mod $socket {
            #[test]
            fn over_a_socket() {
                $crate::check(concat!($category, "/", stringify!($socket)), $crate::Transport::Socket);
            }
        })*
    };
}
