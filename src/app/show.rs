//! What the window asks each frame. Every answer is bounded by the screen and comes at once; what is missing is asked for
//! in the background.

use super::bodies::Worded;
use super::command::Command;
use super::inbox::Kept;
use super::notice::{self, Notice, brief};
use super::read::{CardParts, Eyes};
use super::view::{
    CardView, ConnectView, Health, Loadable, OUTBOX_LINES, OutboxRow, Place, PrivateView, QueueView, RowView,
    SiteRow, StatusView, Toast,
};
use super::words::{Value, say, say_with};
use super::{App, Known, Open, ROWS_MAX, Settings, ThemeChoice};
use crate::domain::{CommentId, Delivery, Record, Rejecting, RevisionId, Site, SiteId, Time};
use crate::store::{CommentRow, OutboxLine};
use crate::sync::engine::{Event, Link, Want};
use crate::text;
use chrono::{DateTime, Local, NaiveTime, TimeZone as _, Utc};
use std::time::Duration;

/// A record or article is asked for again after this long.
const STALE_SECS: i64 = 600;

impl App {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn sites(&self) -> &[SiteRow] {
        &self.rows
    }

    pub fn place(&self) -> Place {
        self.place
    }

    pub fn search(&self) -> &str {
        &self.search
    }

    pub fn toast(&self) -> Option<Toast> {
        self.toast.clone()
    }

    pub fn connect(&self) -> ConnectView {
        self.connect.clone()
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn can_undo(&self) -> bool {
        self.ways_back.0
    }

    pub fn can_redo(&self) -> bool {
        self.ways_back.1
    }

    pub fn set_theme(&mut self, theme: ThemeChoice) {
        self.settings.theme = theme;
        self.settings_file.write(self.settings);
    }

    pub fn set_zoom(&mut self, zoom: f32) {
        self.settings.zoom = zoom;
        self.settings_file.write(self.settings);
    }

    pub(super) fn eyes(&self) -> Eyes<'_> {
        Eyes { reader: &self.reader, sites: &self.sites, bodies: &self.bodies }
    }

    /// The queue pane.
    pub fn queue(&mut self) -> QueueView {
        let total = self
            .known
            .iter()
            .filter(|(id, _)| self.place.site.is_none_or(|site| site == **id))
            .filter_map(|(_, known)| known.total)
            .reduce(|a, b| a + b);
        let view = self.queue.view(total);
        self.with_reading(view)
    }

    /// Whether a decision that is still under way takes it off the queue.
    pub fn decided(&mut self, id: CommentId) -> bool {
        self.saving.contains(&id)
            || self.row(id).is_some_and(|row| {
                matches!(row.decided, Some((_, Delivery::Held | Delivery::Queued | Delivery::Sending)))
            })
    }

    /// Two lines of the queue.
    pub fn row(&mut self, id: CommentId) -> Option<RowView> {
        let saving = self.saving.contains(&id);
        if let Some(row) = self.cache.get(&id) {
            return Some(RowView { saving, ..row.clone() });
        }
        let row = self.eyes().row(id, saving).ok()??;
        if self.cache.len() >= ROWS_MAX {
            self.cache.clear();
        }
        self.cache.insert(id, row.clone());
        Some(row)
    }

    /// The card. Its wording is the one first shown, until the moderator lets the new one in.
    pub fn card(&mut self, id: CommentId) -> Option<CardView> {
        let row = self.reader.head(id).ok()??;
        let newest = row.revision.unwrap_or(RevisionId(0));
        let shown = match &self.open {
            Some(open) if open.id == id => open.shown,
            _ => newest,
        };
        if self.open.as_ref().is_none_or(|open| open.id != id) {
            self.open = Some(Open { id, shown });
            self.generation += 1;
            self.bodies.try_again();
            self.articles.try_again();
        }
        if self.eyes().lacks_parent(&row).unwrap_or(false) {
            self.want(row.site, Want::Thread(id));
        }
        let parts = CardParts {
            record: self.record(&row),
            can: self.known.get(&row.site).and_then(|known| known.can),
            edited_under_reader: shown != newest && self.words_differ(shown, newest),
            generation: self.generation,
            shown,
            row,
        };
        self.eyes().card(parts).ok()
    }

    /// Whether a reader would notice. While one of the two is being read it is not told.
    fn words_differ(&self, shown: RevisionId, newest: RevisionId) -> bool {
        let get = |id| self.bodies.get(&self.reader, id);
        match (get(shown), get(newest)) {
            (Ok(Worded::Here(shown)), Ok(Worded::Here(newest))) => shown.differ(&newest),
            (Ok(Worded::Reading), _) | (_, Ok(Worded::Reading)) => false,
            _ => true,
        }
    }

    fn record(&mut self, row: &CommentRow) -> Loadable<Record> {
        let Some(key) = &row.author_key else { return Loadable::Absent(say("record-nobody")) };
        let can = self.known.get(&row.site).and_then(|known| known.can);
        if can.is_some_and(|can| !can.authors) {
            return Loadable::Absent(say("record-unavailable"));
        }
        let stored = self.reader.record(row.site, key).ok().flatten();
        match stored {
            Some((record, at)) if (self.now() - at).num_seconds() < STALE_SECS => Loadable::Ready(record),
            stale => {
                self.want(row.site, Want::Record(row.id));
                match (self.records.get(&row.id), self.away(row.site)) {
                    (Some(failed @ Loadable::Failed { .. }), None) => failed.clone(),
                    (_, Some(why)) => {
                        let words = say_with("record-failed", &[("why", why.into())]);
                        let previous = stale.map(|(record, _)| record);
                        Loadable::Failed { previous, notice: Notice::warning(words, None) }
                    }
                    _ => Loadable::Loading { previous: stale.map(|(record, _)| record) },
                }
            }
        }
    }

    /// Why nothing can be had from a site now.
    pub(super) fn away(&self, site: SiteId) -> Option<String> {
        match &self.known.get(&site)?.link {
            Link::Down { why, .. } => Some(brief(why)),
            Link::SignedOut { .. } => Some(say("away-signed-out")),
            Link::Resting { .. } => Some(say("away-resting")),
            Link::Starting | Link::Up { .. } => None,
        }
    }

    /// Asks a site for something once, and again when it has grown old.
    pub(super) fn want(&mut self, site: SiteId, want: Want) {
        let now = self.now();
        let asked = self.asked.get(&(site, want.clone()));
        if asked.is_none_or(|at| (now - *at).num_seconds() >= STALE_SECS) {
            self.asked.insert((site, want.clone()), now);
            self.sync.tell(site, Event::Want(want));
        }
    }

    /// What is to be known before an address is followed, one sentence each.
    pub fn about_address(&self, url: &str) -> Vec<String> {
        self.bodies.about_address(url)
    }

    /// What is shown on demand only.
    pub fn private(&mut self, id: CommentId) -> Option<PrivateView> {
        let private = self.reader.private(id).ok()?;
        let plain =
            |text: Option<String>| text.filter(|text| !text.is_empty()).map(|text| text::visible_line(&text));
        Some(PrivateView { email: plain(private.email), ip: plain(private.ip), agent: plain(private.agent) })
    }

    /// The outbox pane: what needs a person, what is on its way, then the newest that is settled. Of each group at most
    /// as much as anybody looks through; [`App::status`] has how much there is.
    pub fn outbox(&mut self) -> Vec<OutboxRow> {
        let second = self.now().timestamp();
        if let Some((_, rows)) = self.outbox_at.as_ref().filter(|(at, _)| *at == second) {
            return rows.clone();
        }
        let rows = self.read_outbox();
        self.outbox_at = Some((second, rows.clone()));
        rows
    }

    fn read_outbox(&self) -> Vec<OutboxRow> {
        let now = self.now();
        let Ok(lines) = self.reader.outbox(OUTBOX_LINES, OUTBOX_LINES) else { return Vec::new() };
        let eyes = self.eyes();
        let rows = lines.iter().filter_map(|line| {
            let known = self.known.get(&line.decision.site);
            // A hold counts from when the site was put to work in this run; before that it has not begun.
            let left = known.and_then(|known| known.started).and_then(|started| {
                let passed = (now - line.since.max(started)).num_seconds().max(0);
                u32::try_from(i64::from(line.decision.hold_secs).saturating_sub(passed).max(0)).ok()
            });
            let mut row = eyes.outbox_row(line, left).ok().flatten()?;
            if row.notice.is_none() && matches!(row.delivery, Delivery::Held | Delivery::Queued) {
                row.notice = known.and_then(|known| waits_for(&known.link, line));
            }
            Some(row)
        });
        rows.collect()
    }

    /// The status bar.
    pub fn status(&mut self) -> StatusView {
        let second = self.now().timestamp();
        if let Some((_, status)) = self.status_at.as_ref().filter(|(at, _)| *at == second) {
            return status.clone();
        }
        let status = self.read_status();
        self.status_at = Some((second, status.clone()));
        status
    }

    fn read_status(&self) -> StatusView {
        let (held, waiting, needs_help) = self.reader.outbox_counts().unwrap_or_default();
        let local = self.now().with_timezone(&Local);
        let midnight = Local.from_local_datetime(&local.date_naive().and_time(NaiveTime::MIN)).earliest();
        let midnight = midnight.map_or(self.now(), |at| at.with_timezone(&Utc));
        let (sync, trouble) = self.sync_words();
        StatusView {
            sync,
            trouble,
            held,
            waiting,
            needs_help,
            decided_today: self.reader.decided_since(midnight).unwrap_or(0),
            next_check: self.next_check(),
        }
    }

    fn next_check(&self) -> Option<Time> {
        let sites = self.known.iter().filter(|(id, _)| self.place.site.is_none_or(|site| site == **id));
        let next = sites.filter_map(|(_, known)| match &known.link {
            Link::Up { next, .. } | Link::Down { next, .. } | Link::Resting { next, .. } => Some(*next),
            Link::Starting | Link::SignedOut { .. } => None,
        });
        Some(self.wall(next.min()?))
    }

    fn sync_words(&self) -> (String, bool) {
        let wrong = |row: &&SiteRow| !matches!(row.health, Health::Synced { .. } | Health::Pulling { .. });
        let Some(row) = self.rows.iter().find(wrong).or(self.rows.first()) else {
            return (say("status-no-site"), false);
        };
        let name = || ("site", Value::from(text::isolated(&row.name)));
        match &row.health {
            Health::Starting => (say_with("status-starting", &[name()]), false),
            Health::Pulling { here, total: Some(total) } => {
                let args = [name(), ("here", here.to_string().into()), ("total", total.to_string().into())];
                (say_with("status-pulling", &args), false)
            }
            Health::Pulling { here, total: None } => {
                (say_with("status-pulling-some", &[name(), ("here", here.to_string().into())]), false)
            }
            Health::Synced { at } => {
                let secs = (self.now() - at.at).num_seconds().max(0);
                let args = [name(), ("secs", secs.into()), ("mins", (secs / 60).into())];
                let key = if secs < 60 { "status-synced-secs" } else { "status-synced-mins" };
                (super::words::say_with(key, &args), false)
            }
            Health::Offline { why, .. } => {
                (say_with("status-offline", &[name(), ("why", notice::sentence(why).into())]), true)
            }
            Health::Resting { .. } => (say_with("status-resting", &[name()]), true),
            Health::SignedOut { .. } => (say_with("status-signed-out", &[name()]), true),
            Health::Troubled { notice } => (notice.words.clone(), true),
        }
    }

    /// Tells what a person looks at, so that it is kept fresh; an empty screen tells that nobody does.
    pub fn on_screen(&mut self, open: Option<CommentId>, rows: &[CommentId]) {
        self.read_on_near_end(rows);
        let watching: Vec<CommentId> = open.into_iter().chain(rows.iter().copied()).take(100).collect();
        if watching == self.watching {
            return;
        }
        self.want_titles(&watching);
        let mut by_site = std::collections::BTreeMap::<SiteId, Vec<_>>::new();
        for id in &watching {
            if let Ok(Some(row)) = self.reader.head(*id) {
                by_site.entry(row.site).or_default().push(row.native_id);
            }
        }
        for site in &self.sites {
            self.sync.tell(site.id, Event::Watching(by_site.remove(&site.id).unwrap_or_default()));
        }
        self.watching = watching;
    }

    /// Articles of the rows on screen that have no title yet, together and once.
    fn want_titles(&mut self, rows: &[CommentId]) {
        let mut untitled = std::collections::BTreeMap::<SiteId, std::collections::BTreeSet<_>>::new();
        for id in rows {
            if let Ok(Some(row)) = self.reader.head(*id)
                && let (None, Some(key)) = (row.article_title, row.article)
                && self.asked_titles.insert((row.site, key.clone()))
            {
                untitled.entry(row.site).or_default().insert(key);
            }
        }
        for (site, keys) in untitled {
            self.sync.tell(site, Event::Want(Want::Articles(keys.into_iter().collect())));
        }
    }

    pub(super) fn refresh_rows(&mut self) {
        let rows = self.sites.iter().map(|site| self.site_row(site)).collect();
        self.rows = rows;
    }

    fn site_row(&self, site: &Site) -> SiteRow {
        let counts = self.reader.counts(site.id).unwrap_or_default();
        let known = self.known.get(&site.id);
        let can = known.and_then(|known| known.can);
        SiteRow {
            id: site.id,
            slug: site.slug.clone(),
            name: text::visible(&site.name),
            pending: counts.pending,
            reported: counts.reported,
            parked: counts.parked,
            // Until the site has said what it can do, what is on the desk tells, and nothing is taken away.
            has_reports: can.map_or(counts.reported > 0, |can| can.reports),
            has_rejected: can.is_none_or(|can| can.rejecting == Rejecting::Reversible),
            has_spam: can.is_none_or(|can| can.spam),
            health: known.map_or(Health::Starting, |known| match known.stopped {
                true => Health::Troubled { notice: super::mishap::stopped(site.id) },
                false => self.health(site.id, known, counts.pending),
            }),
            caveats: known
                .map(|known| known.caveats.iter().map(|key| say(key)).collect())
                .unwrap_or_default(),
            secret_note: known.and_then(|known| known.kept).and_then(|kept| match kept {
                Kept::Keyring => None,
                Kept::Environment => Some(say("secret-environment")),
                Kept::Memory => Some(say("secret-memory")),
            }),
        }
    }

    /// A moment of the clock for waiting, on the wall.
    fn wall(&self, at: Duration) -> Time {
        Time::second(self.now() + wait(at.saturating_sub(self.clock.monotonic())))
    }

    fn health(&self, site: SiteId, known: &Known, pending: u64) -> Health {
        if let Some(trouble) = &known.trouble {
            let words = say_with("trouble-other", &[("why", trouble.clone().into())]);
            return Health::Troubled { notice: Notice::error(words, None) };
        }
        match &known.link {
            Link::Starting => Health::Starting,
            Link::SignedOut { why } => Health::SignedOut { why: why.clone() },
            Link::Resting { next, .. } => Health::Resting { next: self.wall(*next) },
            Link::Down { next, why } => Health::Offline {
                since: Time::second(known.down_since.unwrap_or(self.now())),
                next: self.wall(*next),
                why: brief(why),
            },
            Link::Up { .. } if known.gaps > 0 => {
                let ask = Some(Command::Refresh(Some(site)));
                Health::Troubled { notice: Notice::warning(say("health-gaps"), ask) }
            }
            Link::Up { walking: Some((_, total)), .. }
                if known.synced_at.is_none() || total.is_none_or(|t| t > pending) =>
            {
                Health::Pulling { here: pending, total: *total }
            }
            Link::Up { .. } => match known.synced_at {
                Some(at) => Health::Synced { at: Time::second(at) },
                None => Health::Starting,
            },
        }
    }
}

/// What a decision that is still at home waits for, beside its own hold.
fn waits_for(link: &Link, line: &OutboxLine) -> Option<Notice> {
    let site = line.decision.site;
    match link {
        Link::SignedOut { .. } => {
            Some(Notice::warning(say("outbox-signed-out"), Some(Command::AskSignIn(site))))
        }
        Link::Down { why, .. } if line.delivery == Delivery::Queued => {
            let words = say_with("outbox-offline", &[("why", notice::sentence(why).into())]);
            Some(Notice::warning(words, Some(Command::Refresh(Some(site)))))
        }
        Link::Resting { .. } if line.delivery == Delivery::Queued => {
            Some(Notice::warning(say("outbox-throttled"), Some(Command::Refresh(Some(site)))))
        }
        Link::Down { .. } | Link::Resting { .. } | Link::Starting | Link::Up { .. } => None,
    }
}

fn wait(duration: Duration) -> chrono::Duration {
    chrono::Duration::from_std(duration).unwrap_or(chrono::Duration::zero())
}
