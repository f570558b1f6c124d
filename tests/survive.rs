//! The desk's file is torn, filled, locked, older and newer: what was open is there afterwards, and nothing is deleted.

#[path = "survive/file.rs"]
mod file;
#[path = "survive/torn.rs"]
mod torn;
