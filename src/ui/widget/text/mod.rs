//! Other people's words, laid out by a text engine: every script in its order, with the letters it was written in. What
//! is copied, searched and read aloud is always the text as it was written; only the drawing knows the order on screen.

mod atlas;
mod fonts;
mod laid;
mod mesh;
mod raster;
mod select;
mod shelf;
mod stretch;
mod upload;
mod words;

pub use fonts::ready;
#[cfg(test)]
pub use fonts::without_system as fonts_for_tests;
pub use laid::{Engine, Ink, Laid, Room, lay, properties};
pub use mesh::paint;
pub use select::{Page, Part, Seen, Unit, reach_ui, rects, select_ui};
pub use words::{Base, Style, Words, cut, starts_rtl, word_end, written};
