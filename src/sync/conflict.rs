//! One judge for every place where a decision meets what the site has.

use crate::domain::{Decision, Format, Status, Verb};
use crate::store::CommentRow;
use crate::text::{self, Markup};

/// What to do with a decision now that theirs is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stands as wanted already.
    Moot,
    /// Nothing that matters moved.
    CarryOn,
    /// A person decides.
    Ask,
}

/// Judges by status, by whether the words are still those that were seen and, where reports are dismissed, by how many
/// there are now.
pub fn judge(decision: &Decision, theirs: Status, words_changed: bool, reports: u64) -> Verdict {
    match decision.reports_seen {
        Some(_) if theirs == Status::Approved && reports == 0 => return Verdict::Moot,
        Some(seen) if reports > seen => return Verdict::Ask,
        None if theirs == decision.verb.wanted() => return Verdict::Moot,
        _ => {}
    }
    if theirs == Status::Deleted {
        let takes_down = matches!(decision.verb, Verb::Reject | Verb::Spam);
        return if takes_down { Verdict::Moot } else { Verdict::Ask };
    }
    if theirs != decision.prior {
        return Verdict::Ask;
    }
    // Back into the queue publishes nothing: whoever reads it next reads the new words.
    if words_changed && decision.verb != Verb::Restore {
        return Verdict::Ask;
    }
    Verdict::CarryOn
}

/// The markup a body is read with.
pub fn markup(format: Format) -> Markup {
    match format {
        Format::Html => Markup::Html,
        Format::Markdown => Markup::Markdown,
        Format::Plain => Markup::Plain,
    }
}

/// A wording as `store` keeps it: body, author's name, author's address on the web.
pub type Wording = (crate::domain::Body, String, Option<String>);

/// Whether two stored wordings say something else to a reader. Compared in today's normal form, so that a site
/// rewriting its own markup is no edit.
pub fn words_changed(seen: &Wording, theirs: &Wording) -> bool {
    let normal = |(body, name, url): &Wording| {
        text::normal_form(&text::read(&body.source, markup(body.format)), name, url.as_deref())
    };
    seen != theirs && normal(seen) != normal(theirs)
}

/// The wording a comment has now.
pub fn wording(row: &CommentRow) -> Option<Wording> {
    row.body.clone().map(|body| (body, row.author_name.clone(), row.author_url.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BatchId, CommentId, DecisionId, NativeId, RevisionId, SiteId};

    fn decision(verb: Verb, prior: Status) -> Decision {
        Decision {
            id: DecisionId(1),
            batch: BatchId(1),
            site: SiteId(1),
            comment: CommentId(1),
            native_id: NativeId("1".into()),
            verb,
            seen: RevisionId(1),
            prior,
            replaced: None,
            after: None,
            undoes: None,
            moderator: String::new(),
            made_at: chrono::DateTime::UNIX_EPOCH,
            hold_secs: 0,
            base_tag: None,
            reports_seen: None,
            key: String::new(),
        }
    }

    #[test]
    fn the_table_of_verdicts() {
        use Status::{Approved, Deleted, Pending, Rejected, Spam};
        let rows = [
            (Verb::Approve, Pending, Pending, false, Verdict::CarryOn),
            (Verb::Approve, Pending, Pending, true, Verdict::Ask),
            (Verb::Approve, Pending, Approved, true, Verdict::Moot),
            (Verb::Approve, Pending, Spam, false, Verdict::Ask),
            (Verb::Reject, Pending, Spam, false, Verdict::Ask),
            (Verb::Reject, Pending, Deleted, false, Verdict::Moot),
            (Verb::Approve, Pending, Deleted, false, Verdict::Ask),
            (Verb::Restore, Rejected, Rejected, true, Verdict::CarryOn),
            (Verb::Restore, Rejected, Pending, false, Verdict::Moot),
            (Verb::Restore, Approved, Spam, false, Verdict::Ask),
        ];
        for (verb, prior, theirs, changed, verdict) in rows {
            assert_eq!(
                judge(&decision(verb, prior), theirs, changed, 0),
                verdict,
                "{verb:?} on {prior:?}, theirs {theirs:?}, words changed: {changed}"
            );
        }
    }

    #[test]
    fn reports_are_dismissed_as_far_as_they_were_seen() {
        use Status::{Approved, Spam};
        let keep = Decision { reports_seen: Some(2), ..decision(Verb::Approve, Approved) };
        for (theirs, changed, reports, verdict) in [
            (Approved, false, 2, Verdict::CarryOn),
            (Approved, false, 0, Verdict::Moot),
            (Approved, false, 3, Verdict::Ask),
            (Approved, true, 2, Verdict::Ask),
            (Spam, false, 2, Verdict::Ask),
        ] {
            assert_eq!(judge(&keep, theirs, changed, reports), verdict, "{theirs:?}, {reports} reports");
        }
    }
}
