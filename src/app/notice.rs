//! The only place where an error becomes words, each with what mends it.

use super::command::Command;

/// How a notice weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    Said,
    Warning,
    Error,
}

/// A sentence for a person, with the command that mends it where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub words: String,
    pub remedy: Option<Command>,
}
