//! What a script needs of the desk beyond what the window does: to know when something has ended, and how.

use super::inbox::Kept;
use super::notice::{self, Notice};
use super::secrets;
use super::view::OutboxRow;
use super::words::say;
use super::{App, Known};
use crate::domain::{CommentId, DecisionId, Delivery, Site, SiteId, Status, Verb};
use crate::store::{ActKind, Back, Made, OpenRow, Taken, Trouble};
use crate::sync::engine::Link;
use std::collections::BTreeMap;
use std::time::Duration;

/// How a site fares, for a script that waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    Working {
        here: u64,
        total: Option<u64>,
    },
    /// Its queues were walked from end to end.
    Walked,
    /// So many walks in a row left gaps, and none is under way. Another follows by itself.
    Gaps {
        walks: u32,
    },
    Stuck {
        why: String,
    },
}

/// A script does not wait for a site that asks for a longer rest.
const REST_MAX: Duration = Duration::from_secs(20);

impl Known {
    /// What was walked once is not undone by a site that goes away later.
    pub(super) fn progress(&self) -> Progress {
        match &self.link {
            _ if self.walked => Progress::Walked,
            Link::SignedOut { why } | Link::Down { why, .. } => {
                Progress::Stuck { why: notice::sentence(why) }
            }
            Link::Up { walking: Some((here, total)), .. } => Progress::Working { here: *here, total: *total },
            Link::Up { walking: None, .. } if self.gaps > 0 => Progress::Gaps { walks: self.gaps },
            Link::Resting { wait, .. } if *wait > REST_MAX => Progress::Stuck { why: say("cli-resting") },
            Link::Up { walking: None, .. } | Link::Starting | Link::Resting { .. } => {
                Progress::Working { here: 0, total: None }
            }
        }
    }
}

/// How the newest acts of this run ended on disk.
#[derive(Default)]
pub(super) struct Ended {
    pub made: Option<Result<Made, Notice>>,
    /// What was taken back, and what was said about it.
    pub taken: Option<Result<(Option<Taken>, String), Notice>>,
}

/// What an act did about one comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub comment: CommentId,
    pub outcome: Outcome,
}

/// See [`Step`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A new decision carries it: an act's own, or the inverse of one.
    Decided(DecisionId),
    /// An earlier decision wants the same and is on its way.
    Before(DecisionId),
    /// Nothing was decided: it stands as wanted.
    Standing,
    /// Nothing was decided: the site has it no more.
    Gone,
    /// Nothing was decided: its words could not be read.
    Unreadable,
    /// Taken back, and nothing need be sent for it.
    Withdrawn,
    /// Not taken back: a colleague had decided the same, and nothing of ours was sent.
    Theirs,
    /// Not taken back: what was sent cannot be.
    Stuck,
}

/// An act that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// What is said about it.
    pub words: String,
    /// `None` where nothing was decided on: comments were parked, or there was nothing to undo.
    pub verb: Option<Verb>,
    pub steps: Vec<Step>,
    /// How many cannot be called back.
    pub stuck: usize,
}

impl From<Back> for Outcome {
    fn from(back: Back) -> Self {
        match back {
            Back::Withdrawn | Back::Replaced => Self::Withdrawn,
            Back::Inverse(id) | Back::Again(Some(id)) => Self::Decided(id),
            Back::Theirs => Self::Theirs,
            Back::Stuck => Self::Stuck,
            Back::Again(None) => Self::Standing,
        }
    }
}

fn words(trouble: Trouble) -> Notice {
    notice::of_trouble(&trouble)
}

impl App {
    /// The desk's own monotonic clock.
    pub fn monotonic(&self) -> std::time::Duration {
        self.clock.monotonic()
    }

    pub fn progress(&self, site: SiteId) -> Progress {
        self.known.get(&site).map_or(Progress::Working { here: 0, total: None }, Known::progress)
    }

    /// Why a site lets nobody in, once that is known.
    pub fn locked_out(&self, site: SiteId) -> Option<String> {
        match &self.known.get(&site)?.link {
            Link::SignedOut { why } => Some(notice::sentence(why)),
            Link::Starting | Link::Up { .. } | Link::Down { .. } | Link::Resting { .. } => None,
        }
    }

    /// What a moderator of a site should know about it, as keys of the words file.
    pub fn caveats(&self, site: SiteId) -> &[&'static str] {
        self.known.get(&site).map_or(&[], |known| known.caveats.as_slice())
    }

    /// The variable that must give a site's secret from the next run on, where only this run knows it.
    pub fn unkept_secret(&self, site: SiteId) -> Option<String> {
        let kept = self.known.get(&site)?.kept?;
        let slug = &self.sites.iter().find(|known| known.id == site)?.slug;
        (kept == Kept::Memory && !secrets::is_given(slug)).then(|| secrets::variable(slug))
    }

    /// Decides with another hold than the site's own.
    pub fn decide_held(&mut self, verb: Verb, ids: Vec<CommentId>, hold_secs: Option<u32>) {
        if let Some(hold_secs) = hold_secs {
            for site in &mut self.sites {
                site.hold_secs = hold_secs;
            }
        }
        self.decide(verb, ids);
    }

    /// What the newest decision did about each of these comments; `None` until it is on disk. Told once. An error is
    /// that it was not written, or that the desk's file cannot be read.
    pub fn decided_steps(&mut self, verb: Verb, asked: &[CommentId]) -> Option<Result<Vec<Step>, Notice>> {
        let made = self.ended.made.take()?;
        Some(made.and_then(|made| {
            let new: BTreeMap<CommentId, DecisionId> =
                made.decisions.iter().map(|(id, comment)| (*comment, *id)).collect();
            let steps = asked.iter().map(|comment| {
                let outcome = match new.get(comment) {
                    Some(id) => Outcome::Decided(*id),
                    None => self.undecided(verb, *comment)?,
                };
                Ok(Step { comment: *comment, outcome })
            });
            steps.collect::<Result<_, _>>().map_err(words)
        }))
    }

    /// Why an act made no decision on a comment.
    fn undecided(&self, verb: Verb, comment: CommentId) -> Result<Outcome, Trouble> {
        if let Some((id, wanted, delivery)) = self.reader.decided(comment)?
            && wanted == verb
            && delivery.is_open()
        {
            return Ok(Outcome::Before(id));
        }
        Ok(match self.reader.head(comment)? {
            None => Outcome::Gone,
            Some(row) if row.status == Status::Deleted => Outcome::Gone,
            Some(row) if row.unreadable.is_some() || row.revision.is_none() => Outcome::Unreadable,
            Some(_) => Outcome::Standing,
        })
    }

    /// What the newest undo did; `None` until it is on disk. Told once. An error is that it was not written.
    pub fn taken_back(&mut self) -> Option<Result<TakenBack, Notice>> {
        let taken = self.ended.taken.take()?;
        Some(taken.map(|(taken, words)| {
            let Some(taken) = taken else {
                return TakenBack { words, verb: None, steps: Vec::new(), stuck: 0 };
            };
            let stuck = taken.stuck();
            let decides = taken.verb.is_some() || taken.kind == ActKind::Decide;
            let steps = if decides { taken.steps } else { Vec::new() };
            let steps = steps.into_iter().map(|(comment, back)| Step { comment, outcome: back.into() });
            TakenBack { words, verb: taken.verb, steps: steps.collect(), stuck }
        }))
    }

    /// Those of these decisions that may still move by themselves, each with its site.
    pub fn still_open(&self, ids: &[DecisionId]) -> Vec<(DecisionId, SiteId)> {
        let open = |id: &DecisionId| {
            let (decision, delivery) = self.reader.decision(*id).ok()??;
            delivery.is_open().then_some((*id, decision.site))
        };
        ids.iter().filter_map(open).collect()
    }

    /// The site of each decision that nothing here keeps from leaving: it is not held and waits for no other.
    pub fn may_leave(&self) -> Vec<SiteId> {
        let is_free = |row: &OpenRow| !row.blocked && (row.delivery != Delivery::Held || row.hold_secs == 0);
        let of = |site: &Site| self.reader.open_rows(site.id).unwrap_or_default();
        let rows = self.sites.iter().flat_map(of);
        rows.filter(is_free).map(|row| row.site).collect()
    }

    /// These decisions as the outbox shows them. Fails where the desk's file cannot be read.
    pub fn decision_rows(&self, ids: &[DecisionId]) -> Result<BTreeMap<DecisionId, OutboxRow>, Notice> {
        let mut rows = BTreeMap::new();
        for id in ids {
            let Some(line) = self.reader.line(*id).map_err(words)? else { continue };
            let row = self.eyes().outbox_row(&line, Some(line.decision.hold_secs)).map_err(words)?;
            rows.extend(row.map(|row| (*id, row)));
        }
        Ok(rows)
    }

    /// Whether the process was asked to end.
    pub fn is_ending(&self) -> bool {
        self.ending.load(std::sync::atomic::Ordering::Relaxed)
    }
}
