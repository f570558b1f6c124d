//! One function a task. Tasks that read open a glance beside whoever holds the desk; tasks that write take the desk.

use super::args::{DeskTask, ShelfArg, SitesTask, SystemArg, VerbArg};
use super::print::{self, CardJson, DecisionJson, ListJson, RowJson, SiteJson};
use super::{CONFLICT, DONE, FAILED, Opener, REFUSED, WAITING};
use crate::app::App;
use crate::app::command::{Command, Connect, Secret};
use crate::app::glance::Glance;
use crate::app::notice::{Notice, Tone};
use crate::app::script::Progress;
use crate::app::view::{OutboxRow, Place, Shelf};
use crate::app::words::{say, say_with};
use crate::domain::{Backend, CommentId, Delivery, Order, SiteId, Verb};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Longest wait for a site to answer a decision.
const DECIDE_MAX: Duration = Duration::from_secs(90);
/// Longest wait for a whole pull without any progress.
const STALL_MAX: Duration = Duration::from_secs(60);

type Code = Result<u8, String>;

pub fn run(task: DeskTask, dir: &Path, open: Opener<'_>) -> Code {
    match task {
        DeskTask::Sites { act } => sites(act, dir, open),
        DeskTask::Pull { json } => pull(&mut Session::open(open)?, json),
        DeskTask::List { json, site, shelf, search, newest, limit } => {
            let order = if newest { Order::Newest } else { Order::Oldest };
            list(dir, json, site.as_deref(), shelf, order, &search, limit)
        }
        DeskTask::Show { id, json } => show(dir, &id, json),
        DeskTask::Decide { verb, ids, hold, later, json } => {
            let handles = glance(dir)?;
            let found: Result<Vec<CommentId>, Notice> = ids.iter().map(|id| handles.comment(id)).collect();
            let found = found.map_err(|notice| notice.words)?;
            let hold = if later { hold } else { Some(hold.unwrap_or(0)) };
            decide(&mut Session::open(open)?, verb, &ids, &found, hold, later, json)
        }
        DeskTask::Undo { json } => undo(&mut Session::open(open)?, json),
        DeskTask::Outbox { json } => outbox(dir, json),
    }
}

fn glance(dir: &Path) -> Result<Glance, String> {
    Glance::open(dir).map_err(|notice| notice.words)
}

/// A desk that is held for one task, and closed with it.
struct Session {
    app: App,
    bell: Arc<(Mutex<bool>, Condvar)>,
}

impl Session {
    fn open(open: Opener<'_>) -> Result<Self, String> {
        let bell = Arc::new((Mutex::new(false), Condvar::new()));
        let rung = Arc::clone(&bell);
        let app = open(Arc::new(move || {
            *rung.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
            rung.1.notify_one();
        }))?;
        Ok(Self { app, bell })
    }

    /// Takes news in until `done` has an answer, the process is asked to end, or `most` has passed.
    fn wait<T>(&mut self, most: Duration, mut done: impl FnMut(&mut App) -> Option<T>) -> Option<T> {
        let until = self.app.monotonic().saturating_add(most);
        loop {
            self.app.frame();
            if let Some(value) = done(&mut self.app) {
                return Some(value);
            }
            if self.app.monotonic() >= until || self.app.is_ending() {
                return None;
            }
            let rung = self.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = self.bell.1.wait_timeout_while(rung, Duration::from_millis(200), |rung| !*rung);
            *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.app.close();
    }
}

fn sites(act: SitesTask, dir: &Path, open: Opener<'_>) -> Code {
    match act {
        SitesTask::Add { system, address, user, json } => {
            let secret = Secret::new(read_secret()?);
            let backend = match system {
                SystemArg::Wordpress => Backend::WordPress,
                SystemArg::Cmh => Backend::Cmh,
            };
            let connect = Connect { backend, address, account: user, secret };
            add_site(&mut Session::open(open)?, connect, dir, json)
        }
        SitesTask::List { json } => list_sites(dir, json),
        SitesTask::Check { json } => check_sites(&mut Session::open(open)?, json),
        SitesTask::Remove { site } => {
            let id = glance(dir)?.site(&site).map_err(|notice| notice.words)?.id;
            let mut session = Session::open(open)?;
            session.app.run(Command::RemoveSite(id));
            let gone = |app: &mut App| app.sites().iter().all(|row| row.id != id).then_some(());
            Ok(if session.wait(STALL_MAX, gone).is_some() { DONE } else { FAILED })
        }
    }
}

/// From the environment, else one line of standard input. Never from the command line, where others could read it.
fn read_secret() -> Result<String, String> {
    if let Ok(secret) = std::env::var("GREENROOM_SECRET") {
        return Ok(secret);
    }
    if std::io::stdin().is_terminal() {
        eprintln!("{}", say("cli-secret"));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() { Err(say("cli-no-secret")) } else { Ok(line.to_owned()) }
}

fn add_site(session: &mut Session, connect: Connect, dir: &Path, json: bool) -> Code {
    session.app.run(Command::Connect(connect));
    let ended = session.wait(STALL_MAX, |app| {
        let view = app.connect();
        (!view.busy).then_some(view.notice)
    });
    match ended {
        Some(None) => list_sites(dir, json),
        Some(Some(notice)) => Err(notice.words),
        None => Err(say("cli-no-answer")),
    }
}

fn list_sites(dir: &Path, json: bool) -> Code {
    let sites = glance(dir)?.sites().map_err(|notice| notice.words)?;
    if json {
        print::json(&sites.iter().map(SiteJson::from).collect::<Vec<_>>())?;
        return Ok(DONE);
    }
    for counted in &sites {
        let (site, counts) = (&counted.site, counted.counts);
        println!(
            "{:<24} {:<10} {:>8}  {}  {}",
            site.slug,
            site.backend.word(),
            counts.pending,
            site.name,
            site.base
        );
    }
    Ok(DONE)
}

/// A site and how it was found.
#[derive(serde::Serialize)]
struct Checked {
    site: String,
    answers: bool,
    notes: Vec<String>,
}

fn check_sites(session: &mut Session, json: bool) -> Code {
    let sites: Vec<(SiteId, String)> =
        session.app.sites().iter().map(|row| (row.id, row.slug.clone())).collect();
    let mut checked = Vec::new();
    for (id, slug) in sites {
        let found = session.wait(STALL_MAX, |app| match app.progress(id) {
            Progress::Working { total: None, .. } => None,
            progress => Some(progress),
        });
        let mut notes: Vec<String> = session.app.caveats(id).iter().map(|key| say(key)).collect();
        let answers = match found {
            Some(Progress::Stuck { why }) => {
                notes.insert(0, why);
                false
            }
            found => found.is_some(),
        };
        checked.push(Checked { site: slug, answers, notes });
    }
    if json {
        print::json(&checked)?;
    } else {
        for one in &checked {
            let word = if one.answers { say("cli-answers") } else { say("cli-silent") };
            println!("{:<24} {word}", one.site);
            one.notes.iter().for_each(|note| println!("{:<24} {note}", ""));
        }
    }
    Ok(if checked.iter().all(|one| one.answers) { DONE } else { REFUSED })
}

fn pull(session: &mut Session, json: bool) -> Code {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{pos} / {len} {wide_bar} {msg}") {
        bar.set_style(style);
    }
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
        println!("{handle:<24} {:<20} {}", row.author, row.excerpt);
    }
    eprintln!("{}", say_with("cli-pending", &[("n", count.into())]));
    Ok(DONE)
}

fn show(dir: &Path, handle: &str, json: bool) -> Code {
    let glance = glance(dir)?;
    let id = glance.comment(handle).map_err(|notice| notice.words)?;
    let card = glance.card(id).map_err(|notice| notice.words)?;
    let Some(card) = card else { return Ok(FAILED) };
    if json {
        print::json(&CardJson::from(card))?;
    } else {
        println!("{}  {}  {}", card.handle, card.author, card.created.map(print::stamp).unwrap_or_default());
        println!("{}\n", card.article);
        println!("{}", crate::text::words(&card.body));
    }
    Ok(DONE)
}

fn decide(
    session: &mut Session,
    verb: VerbArg,
    handles: &[String],
    ids: &[CommentId],
    hold: Option<u32>,
    later: bool,
    json: bool,
) -> Code {
    let verb = match verb {
        VerbArg::Approve => Verb::Approve,
        VerbArg::Reject => Verb::Reject,
        VerbArg::Spam => Verb::Spam,
        VerbArg::Restore => Verb::Restore,
    };
    session.app.decide_held(verb, ids.to_vec(), hold);
    let most = if later { STALL_MAX } else { DECIDE_MAX + Duration::from_secs(u64::from(hold.unwrap_or(0))) };
    session.wait(most, |app| {
        let rows = app.decisions_on(ids)?;
        (later || rows.iter().all(is_ended)).then_some(())
    });
    let rows = session.app.decisions_on(ids).unwrap_or_default();
    report(handles, ids, &rows, json)?;
    Ok(code(&rows))
}

fn is_ended(row: &OutboxRow) -> bool {
    !matches!(row.delivery, Delivery::Held | Delivery::Queued | Delivery::Sending)
}

fn report(handles: &[String], ids: &[CommentId], rows: &[OutboxRow], json: bool) -> Result<(), String> {
    let of = |row: &OutboxRow| {
        let at = ids.iter().position(|id| *id == row.comment);
        DecisionJson::new(at.map(|at| handles[at].clone()).unwrap_or_default(), row)
    };
    let decisions: Vec<DecisionJson> = rows.iter().map(of).collect();
    if json {
        return print::json(&decisions);
    }
    decisions.iter().for_each(|decision| println!("{}", decision.line()));
    Ok(())
}

/// The worst of them names the code.
fn code(rows: &[OutboxRow]) -> u8 {
    let any = |delivery: Delivery| rows.iter().any(|row| row.delivery == delivery);
    if any(Delivery::Conflicted) {
        CONFLICT
    } else if any(Delivery::Refused) {
        REFUSED
    } else if rows.iter().any(|row| !is_ended(row)) {
        WAITING
    } else {
        DONE
    }
}

fn undo(session: &mut Session, json: bool) -> Code {
    session.app.run(Command::Undo);
    let said = session.wait(STALL_MAX, |app| app.toast());
    let quiet = session.wait(DECIDE_MAX, |app| app.is_outbox_quiet().then_some(()));
    let notice = said.map(|toast| toast.notice);
    let words = notice.as_ref().map(|notice| notice.words.clone()).unwrap_or_default();
    if json {
        print::json(&serde_json::json!({ "words": words, "quiet": quiet.is_some() }))?;
    } else {
        println!("{words}");
    }
    Ok(match notice {
        Some(Notice { tone: Tone::Error, .. }) | None => FAILED,
        Some(_) if quiet.is_none() => WAITING,
        Some(_) => DONE,
    })
}

fn outbox(dir: &Path, json: bool) -> Code {
    let rows = glance(dir)?.outbox(200).map_err(|notice| notice.words)?;
    let decisions: Vec<DecisionJson> =
        rows.into_iter().map(|(handle, row)| DecisionJson::new(handle, &row)).collect();
    if json {
        print::json(&decisions)?;
    } else {
        decisions.iter().for_each(|decision| println!("{}", decision.line()));
    }
    Ok(DONE)
}
