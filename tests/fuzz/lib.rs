//! The readers of other people's words and of sites' answers alone, and what must hold of them. By `#[path]`, because they
//! name little else of the desk: building all of it with counters would take a quarter of an hour and fuzz no faster.

#[cfg(feature = "wire")]
#[path = "../../src/backend/mod.rs"]
pub mod backend;
pub mod checks;
#[cfg(feature = "wire")]
#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[cfg(feature = "wire")]
#[path = "../../src/net/mod.rs"]
pub mod net;
pub mod packed;
#[path = "../../src/text/mod.rs"]
pub mod text;
#[cfg(feature = "wire")]
pub mod wire;
