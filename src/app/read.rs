//! Builds the plain structs that are drawn, for one comment or one screen at a time. Never reads more than a screen shows.

use super::bodies::{Bodies, Worded};
use super::command::Command;
use super::marks;
use super::notice::{self, Notice};
use super::view::{
    Act, Badge, BadgeKind, CardView, ConflictView, Loadable, NoteView, OutboxRow, RowView, ThreadRow,
    TwoWordings,
};
use super::words::{say, say_with};
use crate::domain::{
    ArticleKey, Capabilities, CommentId, Delivery, Parent, Record, Rejecting, Report, RevisionId, Site,
    SiteId, Status, Time, Verb,
};
use crate::store::{CommentRow, OutboxLine, Reader, Trouble};
use crate::text;
use std::collections::HashSet;
use std::sync::Arc;

/// Parents shown above a comment.
const PARENTS_MAX: usize = 20;

/// What everyone who builds a view needs.
pub struct Eyes<'a> {
    pub reader: &'a Reader,
    pub sites: &'a [Site],
    pub bodies: &'a Bodies,
}

/// A row with the parts a card needs and a queue row does not.
pub struct CardParts {
    pub row: CommentRow,
    pub shown: RevisionId,
    pub record: Loadable<Record>,
    pub can: Option<Capabilities>,
    pub edited_under_reader: bool,
    pub generation: u64,
}

impl Eyes<'_> {
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }

    fn site_name(&self, id: SiteId) -> String {
        self.site(id).map(|site| text::visible(&site.name)).unwrap_or_default()
    }

    /// Two lines of the queue.
    pub fn row(&self, id: CommentId, saving: bool) -> Result<Option<RowView>, Trouble> {
        let Some(row) = self.reader.head(id)? else { return Ok(None) };
        let decided = self.reader.decided(id)?.map(|(_, verb, delivery)| (verb, delivery));
        let author = author_of(&row);
        let mut badges = marks::of_row(&author, &row.excerpt);
        badges.extend(self::badges(&row, false));
        once_each(&mut badges);
        Ok(Some(RowView {
            id,
            author,
            site: self.site_name(row.site),
            article: article_of(&row),
            created: row.created,
            excerpt: if row.excerpt.is_empty() { say("comment-empty") } else { row.excerpt.clone() },
            badges,
            decided,
            saving,
        }))
    }

    /// The card, with the wording it showed first.
    pub fn card(&self, parts: CardParts) -> Result<CardView, Trouble> {
        let CardParts { row, shown, record, can, edited_under_reader, generation } = parts;
        let worded = self.bodies.get(self.reader, shown)?;
        let source = match &worded {
            Worded::Here(words) => Arc::clone(&words.source),
            Worded::Reading => Arc::default(),
            Worded::Missing => Arc::from(self.reader.source(row.id)?.unwrap_or_default()),
        };
        let (author, author_url) = match worded.here() {
            Some(words) => (name_of(&words.name), words.url.clone()),
            None => (author_of(&row), row.author_url.clone()),
        };
        let author_url = author_url.filter(|url| !url.is_empty());
        let found = worded.here().map(|words| words.findings()).unwrap_or_default();
        let mut badges = marks::of_card(&author, author_url.as_deref(), found);
        let handle = match self.site(row.site) {
            Some(site) => format!("{}:{}", site.slug, row.native_id),
            None => row.native_id.to_string(),
        };
        let first = record.latest().is_some_and(|r| r.approved == Some(0) && r.rejected.unwrap_or(0) == 0);
        badges.extend(self::badges(&row, first));
        Ok(CardView {
            id: row.id,
            site: self.site_name(row.site),
            handle,
            author,
            author_url,
            article: article_of(&row),
            status: row.status,
            created: row.created,
            edited: row.edited,
            body: worded.rich(),
            reading: worded.is_reading(),
            source,
            badges,
            note: self.reader.note(row.id)?.map(|(text, at)| NoteView { text, at: Time::second(at) }),
            reports: self.reader.reports(row.id)?.into_iter().map(readable).collect(),
            reports_total: row.reports_total,
            permalink: row.permalink.clone(),
            parents: self.parents(&row)?,
            record,
            decided: self.reader.decided(row.id)?,
            notice: card_notice(&row, edited_under_reader),
            acts: acts(&row, can, worded.is_reading()),
            generation,
        })
    }

    /// What a comment replies to, outermost first, as far as the desk has it.
    fn parents(&self, row: &CommentRow) -> Result<Vec<ThreadRow>, Trouble> {
        let mut parents = Vec::new();
        let mut next = row.parent.clone();
        while let Some(Parent::Reply(native_id)) = next
            && parents.len() < PARENTS_MAX
        {
            let Some(id) = self.reader.find(row.site, &native_id)? else { break };
            let Some(parent) = self.reader.head(id)? else { break };
            let worded = match parent.revision {
                Some(revision) => self.bodies.get(self.reader, revision)?,
                None => Worded::Missing,
            };
            parents.push(ThreadRow {
                author: author_of(&parent),
                created: parent.created,
                status: parent.status,
                body: worded.rich(),
                reading: worded.is_reading(),
            });
            next = parent.parent;
        }
        parents.reverse();
        Ok(parents)
    }

    /// Whether the desk lacks a comment that this one replies to.
    pub fn lacks_parent(&self, row: &CommentRow) -> Result<bool, Trouble> {
        match &row.parent {
            Some(Parent::Reply(native_id)) => Ok(self.reader.find(row.site, native_id)?.is_none()),
            Some(Parent::Top) | None => Ok(false),
        }
    }

    /// One line of the outbox pane.
    pub fn outbox_row(
        &self,
        line: &OutboxLine,
        leaves_in_secs: Option<u32>,
    ) -> Result<Option<OutboxRow>, Trouble> {
        let decision = &line.decision;
        let Some(row) = self.reader.head(decision.comment)? else { return Ok(None) };
        let conflict = match &line.theirs {
            // The other side as it is by now: it may have moved on since the desk began to ask.
            Some(_) if line.delivery == Delivery::Conflicted => Some(ConflictView {
                mine: decision.verb,
                theirs: row.status,
                by: row.last_by.as_deref().map(text::visible_line),
                at: row.last_at.map(Time::second),
                words: self.two_wordings(decision.seen, row.revision)?,
                now: row.revision,
                reports: decision
                    .reports_seen
                    .filter(|seen| row.reports_total > *seen)
                    .map(|seen| (seen, row.reports_total)),
                unreadable: row.unreadable.is_some(),
            }),
            _ => None,
        };
        Ok(Some(OutboxRow {
            id: decision.id,
            act: decision.batch,
            comment: decision.comment,
            site: self.site_name(decision.site),
            author: author_of(&row),
            excerpt: row.excerpt.clone(),
            verb: decision.verb,
            delivery: line.delivery,
            since: Time::second(line.since),
            leaves_in_secs: leaves_in_secs.filter(|_| line.delivery == Delivery::Held),
            tries: line.tries,
            notice: match &conflict {
                Some(conflict) if conflict.unreadable => Some(notice::of_unreadable()),
                _ => notice::of_line(line, decision.site),
            },
            conflict,
        }))
    }

    fn two_wordings(&self, seen: RevisionId, now: Option<RevisionId>) -> Result<TwoWordings, Trouble> {
        let Some(now) = now.filter(|now| *now != seen) else { return Ok(TwoWordings::Same) };
        let (seen, now) = (self.bodies.get(self.reader, seen)?, self.bodies.get(self.reader, now)?);
        Ok(match (seen, now) {
            (Worded::Here(seen), Worded::Here(now)) if !seen.differ(&now) => TwoWordings::Same,
            (Worded::Here(seen), Worded::Here(now)) => {
                TwoWordings::Differ { read: Arc::clone(seen.told()), now: Arc::clone(now.told()) }
            }
            // What was read is stored no more: all that is there now may be new.
            (Worded::Missing, Worded::Here(now)) => {
                TwoWordings::Differ { read: Arc::from(""), now: Arc::clone(now.told()) }
            }
            (_, Worded::Missing) => TwoWordings::Same,
            (Worded::Reading, _) | (_, Worded::Reading) => TwoWordings::Reading,
        })
    }
}

fn author_of(row: &CommentRow) -> String {
    name_of(&row.author_name)
}

fn name_of(name: &str) -> String {
    if name.trim().is_empty() { say("author-nameless") } else { text::visible_line(name) }
}

fn article_of(row: &CommentRow) -> String {
    match (&row.article_title, &row.article) {
        (Some(title), _) if !title.is_empty() => text::visible_line(title),
        (_, Some(ArticleKey(key))) => say_with("article-untitled", &[("key", key.clone().into())]),
        _ => String::new(),
    }
}

/// What a reader said in a report, as it can be shown.
fn readable(report: Report) -> Report {
    let by = report.by.as_deref().map(text::visible_line);
    Report { text: text::visible_line(&report.text), by, ..report }
}

/// The card says why of each; a line of the queue has the first of each kind.
fn once_each(badges: &mut Vec<Badge>) {
    let mut seen = HashSet::new();
    badges.retain(|badge| seen.insert(badge.kind));
}

fn badges(row: &CommentRow, first: bool) -> Vec<Badge> {
    let mut badges = Vec::new();
    let mut add = |kind, label: String, why: String| badges.push(Badge { kind, label, why });
    if row.unreadable.is_some() {
        add(BadgeKind::Unreadable, say("badge-unreadable"), say("badge-unreadable.why"));
    }
    if first {
        add(BadgeKind::FirstComment, say("badge-first"), say("badge-first.why"));
    }
    if row.reports_total > 0 {
        let n = [("n", row.reports_total.into())];
        add(BadgeKind::Reported, say_with("badge-reported", &n), say_with("badge-reported.why", &n));
    }
    for held in &row.held {
        let detail = if held.detail.is_empty() { held.code.clone() } else { held.detail.clone() };
        let detail = text::visible_line(&detail);
        add(BadgeKind::Held, say("badge-held"), say_with("badge-held.why", &[("detail", detail.into())]));
    }
    if row.links > 0 {
        let n = [("n", row.links.into())];
        add(BadgeKind::Links, say_with("badge-links", &n), say_with("badge-links.why", &n));
    }
    if row.edited.is_some() {
        add(BadgeKind::Edited, say("badge-edited"), say("badge-edited.why"));
    }
    if matches!(row.kind.as_deref(), Some("pingback" | "trackback")) {
        add(BadgeKind::Pingback, say("badge-pingback"), say("badge-pingback.why"));
    }
    if row.parked {
        add(BadgeKind::Parked, say("badge-parked"), say("badge-parked.why"));
    }
    if row.noted {
        add(BadgeKind::Noted, say("badge-noted"), say("badge-noted.why"));
    }
    badges
}

fn card_notice(row: &CommentRow, edited_under_reader: bool) -> Option<Notice> {
    if edited_under_reader {
        return Some(Notice::warning(say("card-edited-now"), Some(Command::ReadAnew(row.id))));
    }
    if row.unreadable.is_some() {
        return Some(Notice::error(say("card-unreadable"), None));
    }
    if row.status != Status::Pending
        && let Some(by) = &row.last_by
    {
        return Some(Notice::said(
            say_with("card-decided-by", &[("by", text::visible_line(by).into())]),
            None,
        ));
    }
    None
}

/// The buttons, in their order. What a site cannot do says why; what makes no sense now is left out.
fn acts(row: &CommentRow, can: Option<Capabilities>, reading: bool) -> Vec<Act> {
    let one = || vec![row.id];
    let park = || Act { command: Command::Park(one()), not_offered: None, keeps: false };
    // Nobody decides on words that nobody has told.
    if row.unreadable.is_some() || row.revision.is_none() {
        return vec![park()];
    }
    let mut acts = Vec::new();
    for verb in [Verb::Approve, Verb::Reject, Verb::Spam, Verb::Restore] {
        let keeps = verb == Verb::Approve && row.status == Status::Approved && row.reports_total > 0;
        if verb.wanted() == row.status && !keeps {
            continue;
        }
        let (command, refusal) = match verb {
            Verb::Approve => {
                let off = keeps && can.is_some_and(|can| !can.dismiss_reports);
                (Command::Approve(one()), off.then_some("act-keep-unavailable"))
            }
            Verb::Reject => {
                let off = can.is_some_and(|can| can.rejecting == Rejecting::Unavailable);
                (Command::Reject(one()), off.then_some("act-reject-unavailable"))
            }
            Verb::Spam => {
                (Command::Spam(one()), can.is_some_and(|can| !can.spam).then_some("act-spam-unavailable"))
            }
            Verb::Restore => (
                Command::Restore(one()),
                can.is_some_and(|can| !can.restore).then_some("act-restore-unavailable"),
            ),
        };
        acts.push(Act { command, not_offered: refusal.map(say), keeps });
    }
    if reading {
        // Whatever is decided on a comment is decided on the words that were shown.
        for act in &mut acts {
            act.not_offered.get_or_insert_with(|| say("act-unread"));
        }
    }
    if row.status == Status::Pending {
        acts.push(park());
    }
    acts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_each_kind_of_mark_once() {
        let badge = |kind, why: &str| Badge { kind, label: String::new(), why: why.to_owned() };
        let (hides, lookalike) = (badge(BadgeKind::Hides, "first"), badge(BadgeKind::Lookalike, "it"));
        let mut badges = vec![hides.clone(), lookalike.clone(), badge(BadgeKind::Hides, "second")];
        once_each(&mut badges);
        assert_eq!(badges, [hides, lookalike]);
    }
}
