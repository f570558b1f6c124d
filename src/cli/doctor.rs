//! `greenroom doctor`: a report that can be shared, of a desk that works or does not.

use super::print;
use super::tasks::Code;
use super::{DONE, FAILED};
use crate::app::checkup::{Checkup, Keyring, SiteFacts};
use crate::app::words::{say, say_with};
use crate::text;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::path::Path;

pub fn doctor(dir: &Path, now: DateTime<Utc>, as_json: bool, full: bool) -> Code {
    let checkup = Checkup::of(dir, now, full);
    if as_json {
        print::json(&report(&checkup))?;
    } else {
        lines(&checkup).into_iter().try_for_each(print::line)?;
    }
    Ok(if checkup.is_bad() { FAILED } else { DONE })
}

fn keyring(keyring: Keyring) -> &'static str {
    match keyring {
        Keyring::Answers => "answers",
        Keyring::Unreachable => "unreachable",
        Keyring::Silent => "silent",
    }
}

/// Where a window would open, as far as the environment tells; names only, no values.
fn screen() -> Vec<&'static str> {
    ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().filter(|name| std::env::var_os(name).is_some()).collect()
}

fn report(of: &Checkup) -> Value {
    let desk = of.desk.as_ref().map(|desk| {
        json!({
            "schema": desk.file.schema.0,
            "schema_known": desk.file.schema.1,
            "sqlite": desk.file.sqlite,
            "journal": desk.file.journal,
            "damage": desk.file.damage.len(),
            "comments": desk.comments,
            "decisions": desk.decisions.iter().map(|row| {
                json!({ "state": row.delivery, "fault": row.fault, "n": row.n })
            }).collect::<Vec<_>>(),
            "sites": desk.sites.iter().map(site_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "machine": std::env::consts::ARCH,
        "at": of.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "utc_offset_minutes": of.offset_min,
        "folder": {
            "exists": of.folder.is_there,
            "private": of.folder.is_private,
            "desk_bytes": of.folder.desk,
            "journal_bytes": of.folder.journal,
            "log_bytes": of.folder.logs,
            "path": of.folder.path,
        },
        "held_by": of.held_by,
        "desk": desk.ok(),
        "keyring": keyring(of.keyring),
        "screen": screen(),
        "log": of.log.iter().map(|kind| {
            json!({ "last": kind.last, "level": kind.level, "words": kind.words, "n": kind.n })
        }).collect::<Vec<_>>(),
        "fault": of.fault,
        "findings": of.findings.iter().map(|found| {
            json!({ "bad": found.is_bad, "words": found.words })
        }).collect::<Vec<_>>(),
    })
}

fn site_json(site: &SiteFacts) -> Value {
    json!({
        "number": site.number,
        "system": site.system,
        "encrypted_or_local": site.is_safe,
        "pending": site.pending,
        "reported": site.reported,
        "hold_secs": site.hold_secs,
        "rejects": site.rejects,
        "secret_variable_set": site.has_variable,
        "site": site.named.as_ref().map(|(slug, _)| slug),
        "address": site.named.as_ref().map(|(_, address)| address),
    })
}

fn yes(is: bool) -> String {
    say(if is { "doctor-yes" } else { "doctor-no" })
}

/// The report as lines: a name, and what is known.
fn lines(of: &Checkup) -> Vec<String> {
    let mut lines = Vec::new();
    let mut put = |key: &str, told: String| lines.push(format!("{:<12}{}", say(key), text::visible(&told)));
    let platform = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    put("doctor-version", format!("{} ({platform})", env!("CARGO_PKG_VERSION")));
    let at = of.at.to_rfc3339_opts(SecondsFormat::Secs, true);
    put("doctor-clock", say_with("doctor-clock-told", &[("at", at.into()), ("n", of.offset_min.into())]));
    let folder = &of.folder;
    let sizes = [("desk", folder.desk), ("journal", folder.journal), ("logs", folder.logs)];
    let args = sizes.map(|(name, bytes)| (name, kilobytes(bytes).into()));
    put("doctor-data", if folder.is_there { say_with("doctor-sizes", &args) } else { say("doctor-missing") });
    if let Some(is_private) = folder.is_private {
        put("doctor-private", yes(is_private));
    }
    if let Some(path) = &folder.path {
        put("doctor-path", path.clone());
    }
    put(
        "doctor-held",
        match &of.held_by {
            Some(process) => say_with("doctor-process", &[("process", process.clone().into())]),
            None => say("doctor-nobody"),
        },
    );
    put("doctor-keyring", say(&format!("doctor-keyring-{}", keyring(of.keyring))));
    let screen = screen();
    put("doctor-screen", if screen.is_empty() { say("doctor-none") } else { screen.join(", ") });
    if let Ok(desk) = &of.desk {
        let (file, ours) = desk.file.schema;
        let args = [
            ("file", file.to_string().into()),
            ("ours", ours.to_string().into()),
            ("sqlite", desk.file.sqlite.clone().into()),
            ("journal", desk.file.journal.clone().into()),
        ];
        put("doctor-schema", say_with("doctor-schema-told", &args));
        put("doctor-sound", yes(desk.file.damage.is_empty()));
        put("doctor-comments", desk.comments.to_string());
        for row in &desk.decisions {
            let fault = row.fault.as_ref().map(|fault| format!(" ({fault})")).unwrap_or_default();
            put("doctor-decisions", format!("{} {}{fault}", row.n, row.delivery));
        }
        desk.sites.iter().for_each(|site| put("doctor-site", site_line(site)));
    }
    for kind in &of.log {
        put("doctor-log", format!("{} {} ×{} {}", kind.last, kind.level, kind.n, kind.words));
    }
    if let Some(fault) = &of.fault {
        put("doctor-last", fault.lines().skip(2).collect::<Vec<_>>().join("; "));
    }
    lines.push(String::new());
    if of.findings.is_empty() {
        lines.push(say("doctor-well"));
    }
    lines.extend(of.findings.iter().map(|finding| {
        let mark = if finding.is_bad { "✗" } else { "!" };
        format!("{mark} {}", text::visible(&finding.words))
    }));
    lines
}

fn site_line(site: &SiteFacts) -> String {
    let args = [
        ("n", site.number.to_string().into()),
        ("system", site.system.into()),
        ("pending", site.pending.to_string().into()),
        ("reported", site.reported.to_string().into()),
        ("hold", site.hold_secs.into()),
        ("rejects", yes(site.rejects).into()),
        ("variable", yes(site.has_variable).into()),
    ];
    let named = site.named.as_ref().map(|(slug, address)| format!("; {slug}, {address}")).unwrap_or_default();
    format!("{}{named}", say_with("doctor-site-told", &args))
}

fn kilobytes(bytes: u64) -> String {
    bytes.div_ceil(1024).to_string()
}
