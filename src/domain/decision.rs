//! What a moderator wants, as it travels from the key to the site.

use super::{BatchId, CommentId, DecisionId, NativeId, Observed, RevisionId, SiteId, Status};
use chrono::{DateTime, Utc};

/// What to do with a comment. Each of these sets a status; what a site cannot do is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    Approve,
    Reject,
    Spam,
    /// Back into the queue; the inverse of the others.
    Restore,
}

impl Verb {
    /// The status a comment has once the site has done this.
    pub fn wanted(self) -> Status {
        match self {
            Self::Approve => Status::Approved,
            Self::Reject => Status::Rejected,
            Self::Spam => Status::Spam,
            Self::Restore => Status::Pending,
        }
    }

    /// The verb that brings a comment back to `status`; `None` where no verb can.
    pub fn towards(status: Status) -> Option<Self> {
        match status {
            Status::Approved => Some(Self::Approve),
            Status::Rejected => Some(Self::Reject),
            Status::Spam => Some(Self::Spam),
            Status::Pending => Some(Self::Restore),
            Status::Deleted | Status::Other => None,
        }
    }
}

/// One decision on one comment, as the outbox holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub id: DecisionId,
    pub batch: BatchId,
    pub site: SiteId,
    pub comment: CommentId,
    pub native_id: NativeId,
    pub verb: Verb,
    /// The wording the moderator read.
    pub seen: RevisionId,
    /// The status the desk showed when it was made.
    pub prior: Status,
    /// The status the look just before our push found: what the inverse restores. `None` until pushed.
    pub replaced: Option<Status>,
    /// The decision that must be delivered before this one goes.
    pub after: Option<DecisionId>,
    /// The decision this one takes back.
    pub undoes: Option<DecisionId>,
    /// The moderator's name on the site.
    pub moderator: String,
    pub made_at: DateTime<Utc>,
    /// Seconds it is kept at home before it may leave.
    pub hold_secs: u32,
    /// The site's version token the decision stands on, where the site has one.
    pub base_tag: Option<String>,
    /// Only on a decision that keeps a published comment: how many reports the moderator saw, which it dismisses.
    pub reports_seen: Option<u64>,
    /// One per (decision, base tag): a repeat of the same request is recognised by it. A UUID.
    pub key: String,
}

/// What a site answered to a delivered decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The comment as the answer told it; its status is the wanted one, else the backend faults `Unconfirmed`.
    pub now: Observed,
    /// The site had it in the wanted state already.
    pub already: bool,
}
