//! Words and colours of verbs, statuses, deliveries and remedies.

use super::widget::button::Meaning;
use crate::app::command::Command;
use crate::app::view::{BadgeKind, Shelf};
use crate::app::words::say;
use crate::domain::{Delivery, Status, Verb};

/// "Approve".
pub fn title(verb: Verb) -> String {
    say(match verb {
        Verb::Approve => "verb-approve",
        Verb::Reject => "verb-reject",
        Verb::Spam => "verb-spam",
        Verb::Restore => "verb-restore",
    })
}

/// The colour of a verb.
pub fn meaning(verb: Verb) -> Meaning {
    match verb {
        Verb::Approve => Meaning::Accent,
        Verb::Reject => Meaning::Reject,
        Verb::Spam => Meaning::Spam,
        Verb::Restore => Meaning::Plain,
    }
}

/// The colour of a mark.
pub fn meaning_of_badge(kind: BadgeKind) -> Meaning {
    match kind {
        BadgeKind::Reported | BadgeKind::Unreadable => Meaning::Reject,
        BadgeKind::Hides | BadgeKind::Lookalike | BadgeKind::Deceives => Meaning::Reject,
        BadgeKind::Links | BadgeKind::Held | BadgeKind::Unchecked => Meaning::Spam,
        BadgeKind::Parked | BadgeKind::Edited | BadgeKind::Noted => Meaning::Park,
        BadgeKind::FirstComment | BadgeKind::Pingback => Meaning::Plain,
    }
}

/// "Approved", as the site has it.
pub fn status(status: Status) -> String {
    say(match status {
        Status::Pending => "status-pending",
        Status::Approved => "status-approved",
        Status::Rejected => "status-rejected",
        Status::Spam => "status-spam",
        Status::Deleted => "status-deleted",
        Status::Other => "status-other",
    })
}

/// The key of a shelf's name.
pub fn shelf_key(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Pending => "shelf-pending",
        Shelf::Reported => "shelf-reported",
        Shelf::Parked => "shelf-parked",
        Shelf::Approved => "status-approved",
        Shelf::Rejected => "status-rejected",
        Shelf::Spam => "status-spam",
    }
}

/// "Held", "On its way".
pub fn delivery(delivery: Delivery) -> String {
    say(match delivery {
        Delivery::Held => "delivery-held",
        Delivery::Queued => "delivery-queued",
        Delivery::Sending => "delivery-sending",
        Delivery::Delivered => "delivery-delivered",
        Delivery::Withdrawn => "delivery-withdrawn",
        Delivery::Conflicted => "delivery-conflicted",
        Delivery::Refused => "delivery-refused",
    })
}

/// What a delivery state means, in a sentence.
pub fn delivery_why(delivery: Delivery) -> String {
    say(match delivery {
        Delivery::Held => "delivery-held.why",
        Delivery::Queued => "delivery-queued.why",
        Delivery::Sending => "delivery-sending.why",
        Delivery::Delivered => "delivery-delivered.why",
        Delivery::Withdrawn => "delivery-withdrawn.why",
        Delivery::Conflicted => "delivery-conflicted.why",
        Delivery::Refused => "delivery-refused.why",
    })
}

/// The words of a button that runs a remedy.
pub fn remedy(command: &Command) -> String {
    say(match command {
        Command::Undo => "hand-undo",
        Command::Redo => "hand-redo",
        Command::Release(_) => "remedy-release",
        Command::Retry(_) => "remedy-retry",
        Command::KeepTheirs(_) => "conflict-keep",
        Command::ApplyMine(_) => "conflict-apply",
        Command::KeepAll(_) => "conflict-keep",
        Command::ApplyAll(_) => "conflict-apply",
        Command::Refresh(_) => "remedy-refresh",
        Command::ShowArrived => "hand-arrived",
        Command::AskConnect | Command::Connect(_) | Command::ConnectInClear(_) => "remedy-connect",
        Command::AskSignIn(_) | Command::SignIn(..) => "remedy-sign-in",
        Command::ShowOutbox => "remedy-outbox",
        Command::OpenLink(_) => "remedy-open",
        Command::SwitchDesk => "connect-demo",
        Command::MendDesk => "remedy-mend",
        Command::Understood => "remedy-understood",
        Command::RemoveSite(_) => "remedy-remove",
        Command::Approve(_) => "verb-approve",
        Command::Reject(_) => "verb-reject",
        Command::Spam(_) => "verb-spam",
        Command::Restore(_) => "verb-restore",
        Command::Park(_) => "hand-park",
        Command::WriteNote(..) => "hand-note",
        Command::Go(_) => "remedy-show",
        Command::Search(_) => "remedy-search",
        Command::SetOrder(_) => "remedy-order",
        Command::ReadAnew(_) => "remedy-read-anew",
    })
}
