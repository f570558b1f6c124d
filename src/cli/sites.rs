//! The sites of a desk: adding, listing, checking and removing them.

use super::args::{SitesTask, SystemArg};
use super::print::{self, SecretJson, SiteJson};
use super::session::{STALL_MAX, Session};
use super::tasks::{Code, glance};
use super::{DONE, Opener, REFUSED, Sites};
use crate::app::command::{Command, Connect, Secret};
use crate::app::glance::Counted;
use crate::app::notice::Tone;
use crate::app::script::Progress;
use crate::app::words::{say, say_with};
use crate::domain::{Backend, SiteId};
use crate::text;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

pub fn sites(act: SitesTask, dir: &Path, open: Opener<'_>) -> Code {
    match act {
        SitesTask::Add { system, address, user, insecure_private_network, json } => {
            let secret = Secret::new(read_secret()?);
            let backend = match system {
                SystemArg::Wordpress => Backend::WordPress,
                SystemArg::Cmh => Backend::Cmh,
            };
            let connect = Connect { backend, address, account: user, secret };
            let command = if insecure_private_network { Command::ConnectInClear } else { Command::Connect };
            add(open, command(connect), dir, json)
        }
        SitesTask::List { json } => list(&known(dir)?, None, json),
        SitesTask::Check { json } => check(open, json),
        SitesTask::Remove { site, json } => remove(open, &site, dir, json),
    }
}

fn known(dir: &Path) -> Result<Vec<Counted>, String> {
    glance(dir)?.sites().map_err(|notice| notice.words)
}

/// From the environment, else one line of standard input. Never from the command line, where others could read it.
fn read_secret() -> Result<String, String> {
    if let Ok(secret) = std::env::var("GREENROOM_SECRET") {
        return Ok(secret);
    }
    if std::io::stdin().is_terminal() {
        print::note(say("cli-secret"));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() { Err(say("cli-no-secret")) } else { Ok(line.to_owned()) }
}

fn add(open: Opener<'_>, connect: Command, dir: &Path, json: bool) -> Code {
    let mut session = Session::open(open, Sites::AtRest)?;
    let before: Vec<SiteId> = session.app.sites().iter().map(|row| row.id).collect();
    session.app.run(connect);
    let ended = session.wait(STALL_MAX, |app| {
        let view = app.connect();
        (!view.busy).then_some(view.notice)
    });
    if let Some(notice) = ended.ok_or_else(|| say("cli-no-answer"))? {
        return Err(notice.words);
    }
    let added = session.app.sites().iter().map(|row| row.id).find(|id| !before.contains(id));
    let variable = added.and_then(|id| session.app.unkept_secret(id));
    list(&known(dir)?, added.map(|id| (id, variable)), json)
}

/// Prints the sites; of the one just added also the variable that must give its secret, where nothing keeps it.
fn list(sites: &[Counted], added: Option<(SiteId, Option<String>)>, json: bool) -> Code {
    let mut printed: Vec<SiteJson> = sites.iter().map(SiteJson::from).collect();
    if let Some((id, variable)) = added
        && let Some(at) = sites.iter().position(|counted| counted.site.id == id)
    {
        let name = text::visible(&sites[at].site.name);
        let words = variable.clone().map(|variable| {
            say_with("cli-secret-unkept", &[("site", name.into()), ("variable", variable.into())])
        });
        if let (Some(words), false) = (&words, json) {
            print::complain(words);
        }
        printed[at].secret =
            Some(SecretJson { secret_kept: variable.is_none(), secret_variable: variable, words });
    }
    if json {
        print::json(&printed)?;
        return Ok(DONE);
    }
    for counted in sites {
        let (site, counts) = (&counted.site, counted.counts);
        let (system, pending) = (site.backend.word(), counts.pending);
        print::line(format_args!(
            "{:<24} {system:<10} {pending:>8}  {}  {}",
            site.slug,
            text::visible(&site.name),
            site.base
        ))?;
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

fn check(open: Opener<'_>, json: bool) -> Code {
    let mut session = Session::open(open, Sites::AtWork)?;
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
            print::line(format_args!("{:<24} {word}", one.site))?;
            one.notes.iter().try_for_each(|note| print::line(format_args!("{:<24} {note}", "")))?;
        }
    }
    Ok(if checked.iter().all(|one| one.answers) { DONE } else { REFUSED })
}

fn remove(open: Opener<'_>, slug: &str, dir: &Path, json: bool) -> Code {
    let site = glance(dir)?.site(slug).map_err(|notice| notice.words)?.clone();
    let mut session = Session::open(open, Sites::AtRest)?;
    session.app.run(Command::RemoveSite(site.id));
    let ended = session.wait(STALL_MAX, |app| {
        if app.sites().iter().all(|row| row.id != site.id) {
            return Some(Ok(()));
        }
        let toast = app.toast().filter(|toast| toast.notice.tone == Tone::Error);
        toast.map(|toast| Err(toast.notice.words))
    });
    let name = || ("site", text::visible(&site.name).into());
    if let Err(why) = ended.unwrap_or_else(|| Err(say("cli-no-disk"))) {
        return Err(say_with("cli-not-removed", &[name(), ("why", why.into())]));
    }
    let words = say_with("cli-removed", &[name()]);
    if json {
        print::json(&serde_json::json!({ "site": slug, "removed": true, "words": words }))?;
    } else {
        print::line(words)?;
    }
    Ok(DONE)
}
