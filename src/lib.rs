//! Greenroom.
pub mod app;
pub mod backend;
pub mod domain;
pub mod net;
pub mod text;
pub mod ui;
