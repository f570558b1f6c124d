//! Errors named by what mends them: one variant for each answer there is to give.

use crate::domain::Observed;
use crate::net::{Broken, Distrust};
use std::time::Duration;

/// Why a site did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The request never left. Safe to repeat.
    Unreachable { why: String },
    /// The request never left: who answers there could not prove to be the site. Somebody else must mend it.
    Untrusted { why: Distrust },
    /// The request left and the answer was lost: look at the comment before anything else.
    Unanswered { why: String },
    /// The site said yes and did not do it. Judged like a conflict.
    Unconfirmed { theirs: Box<Observed> },
    /// Sign in again.
    Unauthorized { why: String },
    /// Signed in, but this account may not do that.
    Forbidden { why: String },
    /// Too many requests; `after` is the site's own word, where it gave one.
    Throttled { after: Option<Duration> },
    /// Somebody was first, or the words changed.
    Conflict { theirs: Box<Observed> },
    /// The comment is gone for good.
    Gone,
    /// The site understood, and will not. `status` is the HTTP status.
    Refused { status: u16, why: String },
    /// The site failed (5xx) in a way that says so; the request was not carried out as far as it knows.
    Failing { status: u16, why: String, after: Option<Duration> },
    /// The answer is not what this API answers: HTML instead of JSON, a field of another type.
    Malformed { why: String },
    /// A feed's cursor is too old: read everything again.
    Expired,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable { why } => write!(f, "it cannot be reached: {why}"),
            Self::Untrusted { why } => write!(f, "it is not trusted: {why}"),
            Self::Unanswered { why } => f.write_str(why),
            Self::Unconfirmed { .. } => f.write_str("the site said yes but did not do it"),
            Self::Unauthorized { why } => write!(f, "the site does not let you in: {why}"),
            Self::Forbidden { why } => write!(f, "this account may not do that: {why}"),
            Self::Throttled { .. } => f.write_str("the site asks for fewer requests"),
            Self::Conflict { .. } => f.write_str("somebody else was first"),
            Self::Gone => f.write_str("the site has it no more"),
            Self::Refused { status, why } => write!(f, "the site refused ({status}): {why}"),
            Self::Failing { status, why, .. } => write!(f, "the site failed ({status}): {why}"),
            Self::Malformed { why } => write!(f, "no usable answer: {why}"),
            Self::Expired => f.write_str("the place in the change feed is too old"),
        }
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// The same for a write: behind a gateway that gave up, the site may still carry it out.
    #[must_use]
    pub fn of_write(self) -> Self {
        match self {
            Self::Failing { status: 502 | 504 | 520 | 522 | 524, .. } => {
                Self::Unanswered { why: self.to_string() }
            }
            other => other,
        }
    }

    /// A status that no API gives to what was asked: below 400, and no success.
    pub fn of_status(status: u16, why: &str) -> Self {
        let why = match status {
            300..400 => format!(
                "the site sends the request on to another address ({status}), as for a login page or a new name"
            ),
            _ => format!("{why} (status {status})"),
        };
        Self::Malformed { why }
    }
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::NotSent(why) => Self::Unreachable { why },
            Broken::NoAnswer(why) => Self::Unanswered { why },
            Broken::Untrusted(why) => Self::Untrusted { why },
            // something came, and nobody can say what was done
            Broken::Unusable(why) => Self::Malformed { why },
            Broken::Elsewhere(_) => Self::Malformed { why: broken.to_string() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_that_gave_up_leaves_a_write_unanswered() {
        let failing = |status: u16| Fault::Failing { status, why: String::new(), after: None };
        let why = failing(504).to_string();
        assert_eq!(failing(504).of_write(), Fault::Unanswered { why });
        assert_eq!(failing(503).of_write(), failing(503));
        assert_eq!(Fault::Gone.of_write(), Fault::Gone);
    }
}
