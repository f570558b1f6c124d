//! News and notes, taken in on the thread that draws: each touches only what it names.

use super::connect::is_in_clear;
use super::inbox::Note;
use super::notice::brief;
use super::notice::{self, Notice};
use super::view::Loadable;
use super::words::say_with;
use super::{App, Known};
use crate::domain::{CommentId, Moderator, Rejecting, SiteId};
use crate::store::Trouble;
use crate::sync::News;
use crate::sync::dispatch::NO_REJECTING;
use crate::sync::engine::{Link, Want};
use crate::text;
use chrono::{DateTime, Utc};

/// A site's clock may be off by fewer minutes than this.
const CLOCK_MINUTES_OFF: i64 = 5;

impl App {
    pub(super) fn take_note(&mut self, note: Note) {
        match note {
            Note::Queue { serial, keys } => self.take_queue(serial, keys),
            Note::Decided { verb, asked, unread, result } => self.take_decided(verb, &asked, unread, result),
            Note::Parked { parked, comments, result } => self.take_parked(parked, &comments, result),
            Note::Noted { comment, text, result } => self.take_noted(comment, text, result),
            Note::Undone { redo, result } => self.take_undone(redo, result),
            Note::Settled { comment, result } => {
                if let Err(trouble) = result {
                    self.show(notice::of_trouble(&trouble));
                }
                self.touched(comment.as_slice());
                self.tell_outboxes();
            }
            Note::Answered { mine, result } => self.take_answered(mine, result),
            Note::Connected(result) => self.take_connected(*result),
            Note::Desk(opened) => self.take_desk(*opened),
            Note::Secret { site, found } => self.take_secret(site, found),
            Note::SignedIn { site, result } => self.take_signed_in(site, result),
            Note::Removed { site, result } => self.take_removed(site, result),
            Note::Passage { key, passage } => self.take_passage(key, passage),
            Note::Words { id, words } => self.take_words(id, words),
            Note::Unasked(id) => self.bodies.let_go(id),
            Note::Article { place, generation, view } => self.take_article(place, generation, view),
            Note::Softener { serial, list } => self.take_softener(serial, list),
            Note::Checked(Ok(()) | Err(Trouble::Closed)) => {}
            Note::Checked(Err(trouble)) => self.show_trouble(&trouble),
            Note::Retained(Ok(0) | Err(Trouble::Closed)) => {}
            Note::Retained(Ok(_)) => {
                self.cache.clear();
                self.load_queue();
            }
            Note::Retained(Err(trouble)) => self.show_trouble(&trouble),
            Note::Derived(Ok(0)) | Note::Derived(Err(Trouble::Closed)) => {}
            Note::Derived(Ok(_)) => {
                self.cache.clear();
                self.load_queue();
            }
            Note::Fault(job) => self.show(notice::of_panic(job)),
            Note::Derived(Err(trouble)) => self.show_trouble(&trouble),
            Note::Written(result) => {
                if let Err(trouble) = result {
                    self.show_trouble(&trouble);
                }
            }
        }
    }

    fn take_queue(&mut self, serial: u64, keys: Result<Vec<(i64, CommentId)>, crate::store::Trouble>) {
        match keys {
            Ok(keys) => {
                if let Some(again) = self.queue.finish(serial, keys) {
                    let again: Vec<CommentId> = again.into_iter().collect();
                    self.touched(&again);
                }
            }
            Err(trouble) => self.show_trouble(&trouble),
        }
    }

    pub(super) fn take_news(&mut self, news: News) {
        self.rows_stale = true;
        match news {
            News::Arrived(site, ids) => {
                let walking = self
                    .known
                    .get(&site)
                    .is_some_and(|known| matches!(known.link, Link::Up { walking: Some(_), .. }));
                self.patch(&ids, walking);
            }
            News::Changed(_, ids) => {
                self.touched(&ids);
                if let Some(open) = &self.open
                    && ids.contains(&open.id)
                {
                    self.generation += 1;
                }
            }
            News::Moved(_, comment) => {
                self.touched(&[comment]);
                self.remember_rejecting();
            }
            News::Article(site, key) => {
                self.refused.remove(&(site, Want::Articles(vec![key.clone()])));
                self.articles.outdate(site, key);
                // Rows are named after their articles.
                self.cache.clear();
            }
            News::Fetched(site, want) => self.take_fetched(site, want),
            News::Dropped(site, want) => self.forget_want(site, &want),
            News::Page { site, shelf, total, next } => self.take_page(site, shelf, total, next),
            News::Wanting(site, Want::Page { status, order, .. }, why) => {
                self.miss_page(site, (status, order), brief(&why));
            }
            News::Wanting(site, want, why) => {
                let why = brief(&why);
                if let Want::Record(id) = &want {
                    let notice =
                        Notice::warning(say_with("record-failed", &[("why", why.clone().into())]), None);
                    self.records.insert(*id, Loadable::Failed { previous: None, notice });
                }
                self.refused.insert((site, want), why);
            }
            News::Link(site, link) => self.take_link(site, link),
            News::Synced(site) => {
                let now = self.clock.now();
                if let Some(known) = self.known.get_mut(&site) {
                    known.synced_at = Some(now);
                    known.trouble = None;
                }
            }
            News::Walked { site, whole } => self.take_walk(site, whole),
            News::Identified(site, moderator) => self.take_moderator(site, moderator),
            News::Panicked(_) => self.show(notice::of_panic("site")),
            News::Stopped(site) => self.take_stopped(site),
            News::Trouble(site, why) => {
                if let Some(known) = self.known.get_mut(&site) {
                    known.trouble = Some(why);
                }
            }
        }
    }

    fn take_moderator(&mut self, site: SiteId, moderator: Moderator) {
        self.compare_clocks(site, moderator.clock);
        if let Some(known) = self.known.get_mut(&site) {
            known.can = Some(moderator.can);
            known.caveats = moderator.caveats;
            let is_in_clear = self.sites.iter().any(|of| of.id == site && is_in_clear(of));
            known.caveats.extend(is_in_clear.then_some("caveat-in-clear"));
        }
        self.remember_rejecting();
        self.generation += 1;
    }

    /// A site whose clock is far from this computer's is named once: its ages are then wrong.
    fn compare_clocks(&mut self, site: SiteId, theirs: Option<DateTime<Utc>>) {
        let off = theirs.map_or(0, |theirs| (theirs - self.clock.now()).num_minutes());
        let name = self.sites.iter().find(|known| known.id == site).map(|site| text::visible(&site.name));
        let (Some(known), Some(name)) = (self.known.get_mut(&site), name) else { return };
        if off.abs() < CLOCK_MINUTES_OFF || std::mem::replace(&mut known.clock_said, true) {
            return;
        }
        let key = if off > 0 { "clock-ahead" } else { "clock-behind" };
        let off = notice::span(off.abs() * 60);
        let args = [("site", text::isolated(&name).into()), ("off", off.into())];
        self.show(Notice::warning(say_with(key, &args), None));
    }

    /// Reject is not offered where the site once said that it would delete for good.
    fn remember_rejecting(&mut self) {
        for (site, known) in &mut self.known {
            let off = self.reader.cursor(*site, NO_REJECTING).ok().flatten().is_some();
            if let (true, Some(can)) = (off, &mut known.can) {
                can.rejecting = Rejecting::Unavailable;
            }
        }
    }

    fn take_fetched(&mut self, site: SiteId, want: Want) {
        if let Want::Record(id) = want {
            let key = self.reader.head(id).ok().flatten().and_then(|row| row.author_key);
            let record = key.and_then(|key| self.reader.record(site, &key).ok().flatten());
            if let Some((record, _)) = record {
                self.records.insert(id, Loadable::Ready(record));
            }
        }
        self.generation += 1;
    }

    fn take_link(&mut self, site: SiteId, link: Link) {
        let now = self.clock.now();
        if self.known.get_mut(&site).is_some_and(|known| known.take_link(link, now)) {
            // What could not be had while the site was away is asked for again.
            self.forget_wants(site);
        }
    }

    fn take_walk(&mut self, site: SiteId, whole: bool) {
        if let Some(known) = self.known.get_mut(&site) {
            known.take_walk(whole);
        }
    }

    /// Whatever was asked of a site is asked for again when it is next on screen.
    pub(super) fn forget_wants(&mut self, site: SiteId) {
        self.asked.retain(|(of, _), _| *of != site);
        self.refused.retain(|(of, _), _| *of != site);
        self.asked_titles.retain(|(of, _)| *of != site);
        self.watching.clear();
        self.forget_pages(site);
    }

    fn forget_want(&mut self, site: SiteId, want: &Want) {
        self.asked.remove(&(site, want.clone()));
        match want {
            Want::Articles(keys) => keys.iter().for_each(|key| {
                self.asked_titles.remove(&(site, key.clone()));
            }),
            Want::Page { status, order, .. } => self.forget_page((site, *status, *order)),
            Want::Thread(_) | Want::Record(_) => {}
        }
    }

    /// These comments are not as they were: their rows are read anew and the list is patched. What a person takes back
    /// returns to its place.
    pub(super) fn touched(&mut self, ids: &[CommentId]) {
        self.patch(ids, true);
        self.ways_back = self.reader.ways_back().unwrap_or(self.ways_back);
    }

    fn patch(&mut self, ids: &[CommentId], free: bool) {
        self.rows_stale = true;
        let view = self.queue.view.clone();
        for id in ids {
            self.cache.remove(id);
            match self.reader.belongs(&view, *id) {
                Ok(belongs) => self.queue.patch(*id, belongs, free),
                Err(trouble) => tracing::error!(%trouble, "could not read a queue row"),
            }
        }
    }
}

impl Known {
    /// Whether the site is back.
    fn take_link(&mut self, link: Link, now: DateTime<Utc>) -> bool {
        let is_back = self.down_since.is_some() && matches!(link, Link::Up { .. });
        self.down_since = match &link {
            Link::Down { .. } | Link::Resting { .. } => Some(self.down_since.unwrap_or(now)),
            // A person asks it now: until it answers it is away.
            Link::Starting => self.down_since,
            Link::Up { .. } | Link::SignedOut { .. } => None,
        };
        if let Link::Up { walking, .. } = &link {
            self.total = walking.and_then(|(_, total)| total);
        }
        self.link = link;
        is_back
    }

    fn take_walk(&mut self, whole: bool) {
        self.walked |= whole;
        self.gaps = if whole { 0 } else { self.gaps + 1 };
    }

    /// A site of which nothing is known yet.
    pub(super) fn starting() -> Self {
        Self {
            link: Link::Starting,
            can: None,
            kept: None,
            synced_at: None,
            down_since: None,
            total: None,
            trouble: None,
            walked: false,
            gaps: 0,
            caveats: Vec::new(),
            clock_said: false,
            started: None,
            stopped: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::Progress;
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_site_is_walked_when_its_walk_has_ended_without_a_gap_and_not_when_none_is_under_way() {
        let mut known = Known::starting();
        let up = |known: &mut Known, walking| {
            known.take_link(Link::Up { walking, next: Duration::ZERO }, DateTime::UNIX_EPOCH);
            known.progress()
        };
        let begun = Progress::Working { here: 0, total: None };
        assert_eq!(up(&mut known, None), begun);
        assert_eq!(up(&mut known, Some((95, Some(300)))), Progress::Working { here: 95, total: Some(300) });
        assert_eq!(up(&mut known, None), begun, "it lost its place");
        known.take_walk(false);
        assert_eq!(up(&mut known, None), Progress::Gaps { walks: 1 });
        assert_eq!(up(&mut known, Some((0, None))), begun);
        known.take_walk(true);
        assert_eq!(up(&mut known, None), Progress::Walked);
        assert_eq!(up(&mut known, Some((95, Some(300)))), Progress::Walked);
    }
}
