//! Fetching what waits, with counts.

use super::print;
use super::session::{STALL_MAX, Session};
use super::tasks::Code;
use super::{DONE, Opener, Sites, WAITING};
use crate::app::script::Progress;
use crate::app::words::{say, say_with};
use crate::domain::SiteId;
use std::time::Duration;

pub fn pull(open: Opener<'_>, json: bool) -> Code {
    let mut session = Session::open(open, Sites::AtWork)?;
    let bar = print::bar(0);
    let sites: Vec<SiteId> = session.app.sites().iter().map(|row| row.id).collect();
    let (mut newest, mut moved_at) = (0, session.app.monotonic());
    let stuck = session.wait(Duration::MAX, |app| {
        let states: Vec<Progress> = sites.iter().map(|id| app.progress(*id)).collect();
        let here: u64 = app.sites().iter().map(|row| row.pending).sum();
        let expected = states.iter().filter_map(|state| match state {
            Progress::Working { total, .. } => *total,
            Progress::Walked | Progress::Stuck { .. } => None,
        });
        bar.set_length(expected.sum::<u64>().max(here));
        bar.set_position(here);
        if here != newest {
            (newest, moved_at) = (here, app.monotonic());
        }
        let working = states.iter().any(|state| matches!(state, Progress::Working { .. }));
        if working && app.monotonic().saturating_sub(moved_at) < STALL_MAX {
            return None;
        }
        let stuck = states.into_iter().filter_map(|state| match state {
            Progress::Stuck { why } => Some(why),
            Progress::Working { .. } => Some(say("cli-no-answer")),
            Progress::Walked => None,
        });
        Some(stuck.collect::<Vec<_>>())
    });
    bar.finish_and_clear();
    let pending: u64 = session.app.sites().iter().map(|row| row.pending).sum();
    if json {
        print::json(&serde_json::json!({ "pending": pending }))?;
    } else {
        println!("{}", say_with("cli-pending", &[("n", pending.into())]));
    }
    match stuck {
        Some(stuck) if stuck.is_empty() => Ok(DONE),
        stuck => {
            stuck.unwrap_or_default().iter().for_each(|why| eprintln!("greenroom: {why}"));
            Ok(WAITING)
        }
    }
}
