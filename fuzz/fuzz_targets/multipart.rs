//! `multipart` for libFuzzer.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| sabir_fuzz_targets::multipart(data));
