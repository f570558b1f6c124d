//! Which conflicts a person has had on screen, from their first line to their last: mine is applied to many of them only as
//! far as that. What has changed since is another conflict, and has not been looked at.

use super::focus::SEEN_SECS;
use crate::app::command::Compared;
use egui::{Rangef, Rect};
use std::collections::HashMap;

/// Since when the two ends of a conflict have been on screen, in seconds of egui's time.
#[derive(Debug, Default)]
struct Ends {
    top: Option<f64>,
    bottom: Option<f64>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Looked {
    ends: HashMap<Compared, Ends>,
}

impl Looked {
    /// A conflict was drawn in `rect`, of which `clip` was on screen.
    pub fn drew(&mut self, what: Compared, rect: Rect, clip: Rect, now: f64) {
        let on_screen = Rangef::new(clip.top(), clip.bottom());
        let ends = self.ends.entry(what).or_default();
        if on_screen.contains(rect.top()) {
            ends.top.get_or_insert(now);
        }
        if on_screen.contains(rect.bottom()) {
            ends.bottom.get_or_insert(now);
        }
    }

    /// Whether all of it has been on screen long enough to be read as what it is.
    pub fn has_seen(&self, what: Compared, now: f64) -> bool {
        let since = self.ends.get(&what).and_then(|ends| Some(ends.top?.max(ends.bottom?)));
        since.is_some_and(|since| now - since >= SEEN_SECS)
    }

    /// Forgets whatever is no conflict any more.
    pub fn keep(&mut self, shown: &[Compared]) {
        self.ends.retain(|what, _| shown.contains(what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{DecisionId, RevisionId, Status};
    use egui::pos2;

    fn compared(now: i64) -> Compared {
        Compared { id: DecisionId(1), theirs: Status::Pending, now: Some(RevisionId(now)), reports: None }
    }

    fn rows(top: f32, bottom: f32) -> Rect {
        Rect::from_min_max(pos2(0.0, top), pos2(100.0, bottom))
    }

    #[test]
    fn both_ends_have_to_have_been_on_screen_for_a_moment() {
        let (mut looked, screen) = (Looked::default(), rows(0.0, 500.0));
        let long = compared(1);
        looked.drew(long, rows(100.0, 900.0), screen, 1.0);
        assert!(!looked.has_seen(long, 9.0), "its end was not");
        looked.drew(long, rows(-500.0, 300.0), screen, 10.0);
        assert!(!looked.has_seen(long, 10.1), "not long enough");
        assert!(looked.has_seen(long, 10.2));
    }

    #[test]
    fn what_says_something_else_by_now_was_not_looked_at() {
        let (mut looked, screen) = (Looked::default(), rows(0.0, 500.0));
        looked.drew(compared(1), rows(0.0, 90.0), screen, 1.0);
        assert!(looked.has_seen(compared(1), 2.0) && !looked.has_seen(compared(2), 2.0));
        looked.keep(&[compared(2)]);
        assert!(!looked.has_seen(compared(1), 2.0));
    }
}
