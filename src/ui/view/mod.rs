//! The screens. None knows another; the shell puts them side by side.

pub mod article;
pub mod card;
pub mod connect;
pub mod link;
pub mod outbox;
pub mod queue;
pub mod sites;
pub mod status;
