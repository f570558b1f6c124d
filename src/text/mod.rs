//! The one door for other people's words: bytes of any markup in, [`RichText`] out. Nothing here fetches anything.

mod rich;

pub use rich::{Block, Link, RichText, Span};
