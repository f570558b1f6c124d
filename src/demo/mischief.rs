//! What happens by itself after the quiet time: comments come in, a colleague decides, readers edit, report
//! and delete, and the site fails now and then. All of it by a seed; the time of each event does not depend
//! on who asks when.

use super::chance::Chance;
use super::pen;
use super::stock::Nature;
use super::world::{Status, World};
use super::{arrival, evening};
use chrono::{DateTime, Duration, Utc};

/// What may go wrong, and how often. A rate counts only where its flag is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mischief {
    /// A colleague named Bo Lindqvist sometimes decides first.
    pub second_moderator: bool,
    /// Readers edit what waits, report what is published, and delete what they regret.
    pub edits: bool,
    /// The site answers 503 or 429 for some seconds.
    pub outages: bool,
    pub decisions_per_min: f64,
    pub edits_per_min: f64,
    pub reports_per_min: f64,
    pub deletions_per_min: f64,
    pub outages_per_hour: f64,
    pub outage_secs: i64,
}

impl Default for Mischief {
    fn default() -> Self {
        Self {
            second_moderator: true,
            edits: true,
            outages: false,
            decisions_per_min: 1.5,
            edits_per_min: 0.5,
            reports_per_min: 0.4,
            deletions_per_min: 0.1,
            outages_per_hour: 6.0,
            outage_secs: 12,
        }
    }
}

impl Mischief {
    /// None at all: only the moderators that a test moves do anything.
    pub fn none() -> Self {
        Self { second_moderator: false, edits: false, outages: false, ..Self::default() }
    }
}

/// The colleague's name.
pub const SECOND_MODERATOR: &str = "Bo Lindqvist";

/// How many of the oldest waiting comments the colleague chooses from.
const COLLEAGUE_REACH: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happening {
    Arrival,
    Decision,
    Edit,
    Report,
    Deletion,
    Outage,
}

#[derive(Debug, Clone)]
struct Line {
    what: Happening,
    per_min: f64,
    next: Option<DateTime<Utc>>,
    chance: Chance,
}

/// When what happens next.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    seed: u64,
    lines: Vec<Line>,
    paused: bool,
    outage_secs: i64,
}

impl Schedule {
    /// Nothing ever happens.
    pub(super) fn still(seed: u64) -> Self {
        Self { seed, lines: Vec::new(), paused: false, outage_secs: 12 }
    }

    /// The first event at or before `now`, taken off; its line goes on from there.
    fn due(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Happening)> {
        let line = self.lines.iter_mut().filter(|l| l.next.is_some()).min_by_key(|l| l.next)?;
        let at = line.next.filter(|at| *at <= now)?;
        line.next = line.chance.wait_ms(line.per_min).map(|ms| at + Duration::milliseconds(ms));
        Some((at, line.what))
    }

    fn shift(&mut self, by: Duration) {
        for line in &mut self.lines {
            line.next = line.next.map(|at| at + by);
        }
    }
}

impl World {
    /// From now on comments come in at that rate and mischief happens, after `quiet_secs` in which nothing
    /// does.
    pub fn set_pace(&mut self, rate_per_min: f64, quiet_secs: u64, mischief: Mischief) {
        let on = |flag: bool, rate: f64| if flag { rate } else { 0.0 };
        let rates = [
            (Happening::Arrival, rate_per_min),
            (Happening::Decision, on(mischief.second_moderator, mischief.decisions_per_min)),
            (Happening::Edit, on(mischief.edits, mischief.edits_per_min)),
            (Happening::Report, on(mischief.edits, mischief.reports_per_min)),
            (Happening::Deletion, on(mischief.edits, mischief.deletions_per_min)),
            (Happening::Outage, on(mischief.outages, mischief.outages_per_hour / 60.0)),
        ];
        let start =
            self.now + Duration::seconds(i64::try_from(quiet_secs).unwrap_or(i64::MAX / 4000).min(1 << 40));
        let seed = self.schedule.seed;
        let lines = rates.into_iter().zip(10..).map(|((what, per_min), stream)| {
            let mut chance = Chance::new(seed, stream);
            let next = chance.wait_ms(per_min).map(|ms| start + Duration::milliseconds(ms));
            Line { what, per_min, next, chance }
        });
        self.schedule = Schedule {
            seed,
            lines: lines.collect(),
            paused: false,
            outage_secs: mischief.outage_secs.max(1),
        };
    }

    /// Stops or resumes all that happens by itself; what was due moves by the length of the pause.
    pub fn set_paused(&mut self, paused: bool) {
        self.schedule.paused = paused;
    }

    /// Time goes on to `now`; it never goes back.
    pub fn step(&mut self, now: DateTime<Utc>) {
        if now <= self.now {
            return;
        }
        if self.schedule.paused {
            self.schedule.shift(now - self.now);
        } else {
            while let Some((at, what)) = self.schedule.due(now) {
                self.now = at.max(self.now);
                self.happen(what);
            }
        }
        self.now = now;
        self.forget_keys();
    }

    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Arrival => arrival::arrive(self),
            Happening::Decision => self.colleague_decides(),
            Happening::Edit => self.reader_edits(),
            Happening::Report => self.reader_reports(),
            Happening::Deletion => self.reader_deletes(),
            Happening::Outage if self.chance.happens(0.3) => self.throttle_for(self.schedule.outage_secs),
            Happening::Outage => self.fail_for(self.schedule.outage_secs),
        }
    }

    fn colleague_decides(&mut self) {
        let oldest: Vec<(String, Nature)> = self
            .comments
            .iter()
            .filter(|c| c.status == Status::Pending)
            .take(COLLEAGUE_REACH)
            .map(|c| (c.id.clone(), c.nature))
            .collect();
        let Some((id, nature)) = self.chance.pick(&oldest).cloned() else { return };
        match nature {
            Nature::Spam => self.spam_as(SECOND_MODERATOR, &id),
            Nature::Hostile => self.reject_as(SECOND_MODERATOR, &id),
            Nature::Rude if self.chance.happens(0.8) => self.reject_as(SECOND_MODERATOR, &id),
            Nature::Ordinary if self.chance.happens(0.1) => self.reject_as(SECOND_MODERATOR, &id),
            Nature::Ordinary | Nature::Rude => self.approve_as(SECOND_MODERATOR, &id),
        };
    }

    /// One comment of that status by somebody who means what they say.
    fn any(&mut self, status: Status) -> Option<usize> {
        let found: Vec<usize> = (0..self.comments.len())
            .filter(|at| {
                self.comments.get(*at).is_some_and(|c| c.status == status && c.nature == Nature::Ordinary)
            })
            .collect();
        self.chance.pick(&found).copied()
    }

    fn reader_edits(&mut self) {
        let Some(at) = self.any(Status::Pending) else { return };
        let Some(comment) = self.comments.get(at) else { return };
        let (id, source, article) = (comment.id.clone(), comment.source.clone(), comment.article);
        let World { stock, chance, .. } = self;
        let Some(piece) = stock.articles.get(article) else { return };
        let more = if chance.happens(0.25) {
            pen::rude(stock, piece, chance)
        } else {
            let section = format!("{}_edit", piece.field("lang"));
            stock.frames.get(&section).and_then(|lines| chance.pick(lines)).cloned()
        };
        if let Some(more) = more {
            self.edit(&id, &format!("{source}\n\n{more}"));
        }
    }

    fn reader_reports(&mut self) {
        let Some(at) = self.any(Status::Approved) else { return };
        let now = self.now;
        let Some((id, article)) = self.comments.get(at).map(|c| (c.id.clone(), c.article)) else { return };
        let Some(report) = evening::complaint(self, article, now) else { return };
        self.report(&id, &report.code, &report.text, &report.by);
    }

    fn reader_deletes(&mut self) {
        let Some(at) = self.any(Status::Pending) else { return };
        let Some(id) = self.comments.get(at).map(|c| c.id.clone()) else { return };
        self.delete(&id);
    }
}
