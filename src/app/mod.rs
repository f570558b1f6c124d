//! The whole product without pixels.

pub mod command;
pub mod notice;
pub mod view;
