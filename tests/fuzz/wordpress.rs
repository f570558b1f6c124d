//! Any answers of WordPress to any call: see `wire::wordpress`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| greenroom_fuzz::wire::wordpress(bytes));
