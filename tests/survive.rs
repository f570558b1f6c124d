//! The desk's file is torn, filled, locked, older and newer: what was open is there afterwards, and nothing is deleted.
// Mounts, and commands where no keyring answers, are known here only.
#![cfg(target_os = "linux")]

#[path = "cli/desk.rs"]
#[expect(dead_code, reason = "the command line's own tests use the rest of it")]
mod commands;
#[path = "survive/copy.rs"]
mod copy;
#[expect(dead_code, reason = "the flows use the rest of it")]
mod desk;
#[path = "survive/disk.rs"]
mod disk;
#[path = "survive/erased.rs"]
mod erased;
#[path = "survive/file.rs"]
mod file;
#[path = "survive/mended.rs"]
mod mended;
#[path = "survive/older.rs"]
mod older;
#[path = "survive/torn.rs"]
mod torn;
