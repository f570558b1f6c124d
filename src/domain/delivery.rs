//! The life of a decision between the key and the site: one table, and every move that is not in it is an error.

/// Where a decision is on its road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// Kept at home so that it can be taken back without a trace.
    Held,
    /// May leave when the site can be reached.
    Queued,
    /// The request may have left. Written before it does, so a crash here is *unanswered*.
    Sending,
    /// The site has said what became of it.
    Delivered,
    /// Taken back before anything left.
    Withdrawn,
    /// Somebody else was first, or the words changed: a person decides.
    Conflicted,
    /// The site will not do it; it waits for a person, and blocks nobody.
    Refused,
}

/// What may happen to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// The hold passed, or it was sent at once.
    Release,
    /// The request is about to leave.
    Send,
    /// Nothing left, or what left is known not to have been done: it may be tried again.
    Retry,
    /// The site confirms.
    Confirm,
    /// Taken back while at home.
    Withdraw,
    /// Theirs differs.
    Contradict,
    /// The site refuses, or it was tried too often.
    Refuse,
    /// A person keeps what the site has.
    KeepTheirs,
    /// A person wants it all the same.
    Insist,
}

/// A move that the table does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Illegal {
    pub from: Delivery,
    pub by: Move,
}

impl std::fmt::Display for Illegal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a decision that is {:?} cannot {:?}", self.from, self.by)
    }
}

impl std::error::Error for Illegal {}

impl Delivery {
    /// The next place, or why there is none.
    pub fn next(self, by: Move) -> Result<Self, Illegal> {
        use Delivery::{Conflicted, Delivered, Held, Queued, Refused, Sending, Withdrawn};
        match (self, by) {
            (Held, Move::Release) | (Sending, Move::Retry) => Ok(Queued),
            (Queued, Move::Send) => Ok(Sending),
            (Held | Queued | Sending, Move::Confirm) => Ok(Delivered),
            (Held | Queued | Conflicted | Refused, Move::Withdraw) => Ok(Withdrawn),
            (Held | Queued | Sending, Move::Contradict) => Ok(Conflicted),
            (Queued | Sending, Move::Refuse) => Ok(Refused),
            (Conflicted | Refused, Move::KeepTheirs) => Ok(Withdrawn),
            (Conflicted | Refused, Move::Insist) => Ok(Queued),
            (from, by) => Err(Illegal { from, by }),
        }
    }

    /// It may still move by itself.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Held | Self::Queued | Self::Sending)
    }

    /// Nothing more will happen to it by itself or by anyone.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Delivered | Self::Withdrawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_left_is_never_withdrawn() {
        assert_eq!(
            Delivery::Sending.next(Move::Withdraw),
            Err(Illegal { from: Delivery::Sending, by: Move::Withdraw })
        );
        assert!(Delivery::Delivered.next(Move::Withdraw).is_err());
    }

    #[test]
    fn the_straight_road() {
        let road = [Move::Release, Move::Send, Move::Confirm];
        let end = road.into_iter().try_fold(Delivery::Held, Delivery::next);
        assert_eq!(end, Ok(Delivery::Delivered));
        assert!(Delivery::Delivered.is_settled());
    }

    #[test]
    fn settled_stays_settled() {
        let all = [
            Move::Release,
            Move::Send,
            Move::Retry,
            Move::Confirm,
            Move::Withdraw,
            Move::Contradict,
            Move::Refuse,
            Move::KeepTheirs,
            Move::Insist,
        ];
        for by in all {
            assert!(Delivery::Delivered.next(by).is_err(), "{by:?}");
            assert!(Delivery::Withdrawn.next(by).is_err(), "{by:?}");
        }
    }
}
