//! The reader of other people's words alone, and what must hold of it. By `#[path]`, because the reader names nothing else
//! of the desk: building the whole desk with counters would take a quarter of an hour and fuzz no faster.

pub mod checks;
pub mod packed;
#[path = "../../src/text/mod.rs"]
pub mod text;
