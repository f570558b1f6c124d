//! Between the store and the wire: an engine that decides, and a driver that does what it says. Nothing here draws, and
//! nothing here makes a decision of its own.

pub mod conflict;
mod cover;
pub mod dispatch;
mod driver;
pub mod engine;
pub mod ingest;
pub mod news;
mod pace;
pub mod perform;

pub use driver::Sync;
pub use news::{News, Waker};
