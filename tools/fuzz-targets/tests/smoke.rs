//! Runs every target over its seeds and over mutations of them, so that the ordinary suite notices what a fuzzer would
//! find soon. The mutations are the same in each run.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    panic::{RefUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
};

mod mutation;

use mutation::Mutator;
use sabir_fuzz_targets::{json_schema, multipart, parameter_decoding, path_matching};

/// Inputs per target: a few seconds of an unoptimised build.
const INPUTS: usize = 20_000;

/// JSON texts are small, and most of their mutations are refused early.
const JSON_INPUTS: usize = 300_000;

/// Long inputs per target.
const LONG_INPUTS: usize = 60;

fn run(name: &str, inputs: usize, dictionary: &[&str], target: impl Fn(&[u8]) + RefUnwindSafe) {
    let seeds = seeds(name);
    let checked = |data: &[u8]| {
        if let Err(panic) = catch_unwind(|| target(data)) {
            eprintln!("{name} failed on b\"{}\"", data.escape_ascii());
            resume_unwind(panic);
        }
    };
    for seed in &seeds {
        checked(seed);
    }
    let mut mutator = Mutator::new(seeds, dictionary);
    for _ in 0..inputs {
        checked(&mutator.next_input());
    }
    for _ in 0..LONG_INPUTS {
        checked(&mutator.next_long_input());
    }
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("seeds")
        .join(name);
    let mut paths: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    // The order of a directory is not defined, but the mutations depend on it.
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn paths_match_what_patterns_build() {
    let dictionary = [
        "/",
        "//",
        "{",
        "}",
        "{a}",
        "{b:int}",
        "{c:path}",
        "{d:x|y}",
        "{e:float}",
        ":",
        "|",
        "-",
        ".",
        "..",
        "%2F",
        "%2e",
        "%",
        "%C3%A9",
        "é",
        "\n",
        "\n\n",
        "0",
        "-1",
        "\\",
    ];
    run("path_matching", INPUTS, &dictionary, path_matching);
}

#[test]
fn parameters_decode_or_blame_the_client() {
    let dictionary = [
        "&",
        "=",
        ",",
        ";",
        ".",
        "|",
        "[a]",
        "[",
        "]",
        "%2C",
        "%7C",
        "%20",
        "%zz",
        "%ff",
        "+",
        "\n",
        ": ",
        "\"",
        "null",
        "true",
        "1",
        "-0",
        "1e400",
        "99999999999999999999",
        "query-o-deepObject-true[a]=",
        "a=",
        "b=",
        "header-a-simple-true: ",
        "cookie-o-form-true=",
        "query-r=",
    ];
    run("parameter_decoding", INPUTS, &dictionary, parameter_decoding);
}

#[test]
fn multipart_bodies_keep_to_their_limits() {
    let dictionary = [
        "\r\n",
        "\r\n\r\n",
        "--b",
        "--b--",
        "\r\n--b\r\n",
        "Content-Disposition: form-data; name=\"a\"",
        "; filename=\"f\"",
        "; filename*=utf-8''x",
        "Content-Type: application/json",
        "Content-Type: text/plain",
        "; charset=latin1",
        "name=\"a[b]\"",
        "[]",
        "[0]",
        "\"",
        ";",
        "\0",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];
    run("multipart", INPUTS, &dictionary, multipart);
}

#[test]
fn json_texts_are_read_as_others_read_them() {
    let dictionary = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u00e9",
        "\\ud83d",
        "\\ude00",
        "null",
        "true",
        "false",
        "-",
        "0",
        "1e400",
        "1E-5",
        ".5",
        "18446744073709551615",
        "-9223372036854775809",
        "0.1000000000000000055",
        "\"a\":",
        "\"left\":",
        "\u{feff}",
        "é",
        " ",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];
    run("json_schema", JSON_INPUTS, &dictionary, json_schema);
}
