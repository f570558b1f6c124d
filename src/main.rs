//! The composition root: wires the rooms together and hands the window to `ui`. Nothing is decided here.

fn main() {}
