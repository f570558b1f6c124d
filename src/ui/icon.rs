//! Icons as text of the embedded icon font. Each stands beside words or carries an accessible name.

use super::font::Face;
use crate::app::view::BadgeKind;
use crate::domain::{Delivery, Verb};
pub use lucide_icons::Icon;

/// An icon in a size.
pub fn icon(icon: Icon, points: f32) -> egui::RichText {
    egui::RichText::new(icon.unicode()).font(Face::Icon.at(points))
}

/// The icon of a verb.
pub fn of_verb(verb: Verb) -> Icon {
    match verb {
        Verb::Approve => Icon::Check,
        Verb::Reject => Icon::X,
        Verb::Spam => Icon::OctagonX,
        Verb::Restore => Icon::Undo2,
    }
}

/// The icon of a mark.
pub fn of_badge(kind: BadgeKind) -> Icon {
    match kind {
        BadgeKind::FirstComment => Icon::UserPlus,
        BadgeKind::Links => Icon::Link,
        BadgeKind::Reported => Icon::Flag,
        BadgeKind::Held => Icon::ShieldAlert,
        BadgeKind::Edited => Icon::Pencil,
        BadgeKind::Pingback => Icon::Webhook,
        BadgeKind::Unreadable => Icon::TriangleAlert,
        BadgeKind::Parked => Icon::Bookmark,
        BadgeKind::Noted => Icon::NotebookPen,
        BadgeKind::Hides => Icon::EyeOff,
        BadgeKind::Lookalike => Icon::VenetianMask,
        BadgeKind::Deceives => Icon::Unlink,
        BadgeKind::Unchecked => Icon::ScanText,
    }
}

/// The icon of a place on the road.
pub fn of_delivery(delivery: Delivery) -> Icon {
    match delivery {
        Delivery::Held => Icon::Hourglass,
        Delivery::Queued => Icon::Inbox,
        Delivery::Sending => Icon::Send,
        Delivery::Delivered => Icon::CircleCheck,
        Delivery::Withdrawn => Icon::Undo2,
        Delivery::Conflicted => Icon::GitCompare,
        Delivery::Refused => Icon::CircleAlert,
    }
}
