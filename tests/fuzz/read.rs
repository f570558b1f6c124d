//! Any bytes, read as any markup in either manner: see `checks::read`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| greenroom_fuzz::checks::read(bytes));
