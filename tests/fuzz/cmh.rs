//! Any answers of a CMH site to any call: see `wire::cmh`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| greenroom_fuzz::wire::cmh(bytes));
