//! Greenroom.
pub mod app;
pub mod backend;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod domain;
pub mod net;
pub mod store;
pub mod sync;
pub mod text;
pub mod ui;
