//! `parameter_decoding` for libFuzzer.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| sabir_fuzz_targets::parameter_decoding(data));
