//! Any words with any address behind them: see `checks::link`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| greenroom_fuzz::checks::link(bytes));
