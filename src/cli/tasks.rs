//! One function a task. Tasks that read open a glance beside whoever holds the desk; tasks that write take the desk.

use super::args::{DeskTask, ShelfArg};
use super::print::{self, CardJson, DecisionJson, ListJson, RowJson};
use super::{DONE, Opener, decide, doctor, pull, sites};
use crate::app::glance::Glance;
use crate::app::view::{Place, Shelf};
use crate::app::words::say_with;
use crate::domain::Order;
use crate::text;
use chrono::{DateTime, Utc};
use std::path::Path;

/// An exit code, or why the task failed.
pub type Code = Result<u8, String>;

pub fn run(task: DeskTask, dir: &Path, now: DateTime<Utc>, open: Opener<'_>) -> Code {
    match task {
        DeskTask::Sites { act } => sites::sites(act, dir, open),
        DeskTask::Pull { json } => pull::pull(open, json),
        DeskTask::List { json, site, shelf, search, newest, limit } => {
            let order = if newest { Order::Newest } else { Order::Oldest };
            list(dir, json, site.as_deref(), shelf, order, &search, limit)
        }
        DeskTask::Show { id, json } => show(dir, &id, json),
        DeskTask::Decide { verb, ids, hold, later, json } => {
            decide::decide(&decide::Asked { verb, ids, hold, later, json }, dir, open)
        }
        DeskTask::Undo { json } => decide::undo(dir, open, json),
        DeskTask::Outbox { json, limit } => outbox(dir, json, limit),
        DeskTask::Doctor { json, full } => doctor::doctor(dir, now, json, full),
    }
}

pub fn glance(dir: &Path) -> Result<Glance, String> {
    Glance::open(dir).map_err(|notice| notice.words)
}

fn list(
    dir: &Path,
    json: bool,
    site: Option<&str>,
    shelf: ShelfArg,
    order: Order,
    search: &str,
    limit: usize,
) -> Code {
    let glance = glance(dir)?;
    let site =
        site.map(|slug| glance.site(slug).map(|site| site.id)).transpose().map_err(|notice| notice.words)?;
    let shelf = match shelf {
        ShelfArg::Pending => Shelf::Pending,
        ShelfArg::Reported => Shelf::Reported,
        ShelfArg::Parked => Shelf::Parked,
        ShelfArg::Approved => Shelf::Approved,
        ShelfArg::Rejected => Shelf::Rejected,
        ShelfArg::Spam => Shelf::Spam,
    };
    let (rows, count) =
        glance.list(Place { site, shelf }, order, search, limit).map_err(|notice| notice.words)?;
    if json {
        let comments = rows.into_iter().map(|(handle, row)| RowJson::new(handle, row)).collect();
        print::json(&ListJson { count, comments })?;
        return Ok(DONE);
    }
    for (handle, row) in rows {
        print::line(format_args!("{:<24} {:<20} {}", text::visible(&handle), row.author, row.excerpt))?;
    }
    let words = match () {
        () if shelf.read_through().is_some() => "cli-through",
        () if !search.is_empty() => "cli-found",
        () => "cli-pending",
    };
    print::note(say_with(words, &[("n", count.into())]));
    Ok(DONE)
}

fn show(dir: &Path, handle: &str, json: bool) -> Code {
    let glance = glance(dir)?;
    let id = glance.comment(handle).map_err(|notice| notice.words)?;
    let card = glance.card(id).map_err(|notice| notice.words)?;
    let missing = || say_with("cli-no-comment", &[("handle", handle.to_owned().into())]);
    let card = card.ok_or_else(missing)?;
    if json {
        print::json(&CardJson::from(card))?;
    } else {
        let created = card.created.map(print::stamp).unwrap_or_default();
        print::line(format_args!("{}  {}  {created}", text::visible(&card.handle), card.author))?;
        print::line(format_args!("{}\n", card.article))?;
        print::line(text::words(&card.body))?;
        if let Some(note) = card.note {
            let (text, at) = (text::reveal(&note.text), print::stamp(note.at));
            print::line(format_args!("\n{}\n{text}", say_with("cli-note", &[("at", at.into())])))?;
        }
    }
    Ok(DONE)
}

fn outbox(dir: &Path, json: bool, limit: u32) -> Code {
    let glance = glance(dir)?;
    let rows = glance.outbox(limit).map_err(|notice| notice.words)?;
    let decisions: Vec<DecisionJson> =
        rows.into_iter().map(|(handle, row)| DecisionJson::new(handle, &row)).collect();
    if json {
        print::json(&decisions)?;
    } else {
        decisions.iter().try_for_each(|decision| print::line(decision.line()))?;
    }
    let all = glance.settled().map_err(|notice| notice.words)?;
    let more = all.saturating_sub(u64::from(limit));
    if more > 0 {
        print::note(say_with("cli-outbox-more", &[("n", more.into()), ("all", all.to_string().into())]));
    }
    Ok(DONE)
}
