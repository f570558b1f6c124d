//! `Transport` over reqwest.
