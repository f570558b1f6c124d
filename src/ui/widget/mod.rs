//! Parts that know no screen and no `app`: they draw what they are given and say what was asked of them.

pub mod badge;
pub mod button;
pub mod empty;
pub mod entry;
mod flow;
pub mod list;
mod paint;
pub mod rich_text;
pub mod said;
pub mod soften;
mod table;
pub mod text;
