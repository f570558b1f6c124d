//! What tasks print: JSON with stable names for scripts, lines for people.

use crate::app::glance::Counted;
use crate::app::script::Outcome;
use crate::app::view::{CardView, OutboxRow, RowView};
use crate::app::words::{say, say_with};
use crate::domain::{Delivery, Status, Time, Verb};
use crate::text;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

#[derive(Serialize)]
pub struct SiteJson {
    site: String,
    name: String,
    system: &'static str,
    address: String,
    account: String,
    pending: u64,
    reported: u64,
    parked: u64,
    /// Told where it was found out: by `sites add`.
    #[serde(flatten)]
    pub secret: Option<SecretJson>,
}

/// Whether a secret will be found again, else how to give it.
#[derive(Serialize)]
pub struct SecretJson {
    pub secret_kept: bool,
    pub secret_variable: Option<String>,
    pub words: Option<String>,
}

impl From<&Counted> for SiteJson {
    fn from(Counted { site, counts }: &Counted) -> Self {
        Self {
            site: site.slug.clone(),
            name: site.name.clone(),
            system: site.backend.word(),
            address: site.base.clone(),
            account: site.account.clone(),
            pending: counts.pending,
            reported: counts.reported,
            parked: counts.parked,
            secret: None,
        }
    }
}

#[derive(Serialize)]
pub struct ListJson {
    pub count: usize,
    pub comments: Vec<RowJson>,
}

#[derive(Serialize)]
pub struct RowJson {
    id: String,
    site: String,
    author: String,
    article: String,
    created: Option<String>,
    excerpt: String,
    marks: Vec<String>,
}

impl RowJson {
    pub fn new(handle: String, row: RowView) -> Self {
        Self {
            id: handle,
            site: row.site,
            author: row.author,
            article: row.article,
            created: row.created.map(stamp),
            excerpt: row.excerpt,
            marks: row.badges.into_iter().map(|badge| badge.why).collect(),
        }
    }
}

#[derive(Serialize)]
pub struct CardJson {
    id: String,
    site: String,
    status: &'static str,
    author: String,
    article: String,
    created: Option<String>,
    words: String,
    source: String,
    marks: Vec<String>,
    replies_to: Vec<String>,
    reports: u64,
    /// What was noted on this desk.
    note: Option<NoteJson>,
    permalink: Option<String>,
}

#[derive(Serialize)]
pub struct NoteJson {
    text: String,
    at: String,
}

impl From<CardView> for CardJson {
    fn from(card: CardView) -> Self {
        Self {
            id: card.handle,
            site: card.site,
            status: status(card.status),
            author: card.author,
            article: card.article,
            created: card.created.map(stamp),
            words: text::words(&card.body),
            source: card.source.to_string(),
            marks: card.badges.into_iter().map(|badge| badge.why).collect(),
            replies_to: card.parents.iter().map(|parent| text::words(&parent.body)).collect(),
            reports: card.reports_total,
            note: card.note.map(|note| NoteJson { text: note.text, at: stamp(note.at) }),
            permalink: card.permalink,
        }
    }
}

#[derive(Serialize)]
pub struct DecisionJson {
    id: String,
    verb: &'static str,
    state: &'static str,
    tries: u32,
    hold_secs: Option<u32>,
    words: Option<String>,
}

impl DecisionJson {
    pub fn new(handle: String, row: &OutboxRow) -> Self {
        Self {
            id: handle,
            verb: verb(row.verb),
            state: delivery(row.delivery),
            tries: row.tries,
            hold_secs: row.leaves_in_secs,
            words: row.notice.as_ref().map(|notice| notice.words.clone()),
        }
    }

    /// What stands in a decision's place where there is none.
    pub fn without(handle: String, verb: Verb, outcome: Outcome) -> Self {
        let (state, words) = match outcome {
            Outcome::Standing => ("standing", Some(say("cli-standing"))),
            Outcome::Unreadable => ("unreadable", Some(say("cli-unreadable"))),
            Outcome::Withdrawn => ("withdrawn", None),
            Outcome::Theirs => ("theirs", Some(say("cli-theirs"))),
            Outcome::Stuck => ("stuck", Some(say("cli-stuck"))),
            Outcome::Gone | Outcome::Decided(_) | Outcome::Before(_) => ("gone", Some(say("cli-gone"))),
        };
        Self { id: handle, verb: self::verb(verb), state, tries: 0, hold_secs: None, words }
    }

    /// One line for a person.
    pub fn line(&self) -> String {
        let why =
            self.words.as_deref().map(|words| format!("  {}", text::visible(words))).unwrap_or_default();
        format!("{:<24} {:<8} {}{why}", text::visible(&self.id), self.verb, self.state)
    }
}

/// Fewer are awaited without a bar.
const BAR_FROM: usize = 6;

/// A bar with counts on standard error, where somebody sees it.
pub fn bar(of: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(of);
    if let Ok(style) = ProgressStyle::with_template("{pos} / {len} {wide_bar} {msg}") {
        bar.set_style(style);
    }
    bar
}

/// The same for what is awaited one by one; a handful needs none.
pub fn bar_of_many(n: usize) -> ProgressBar {
    if n < BAR_FROM { ProgressBar::hidden() } else { bar(n as u64) }
}

/// Prints a value as JSON on standard output.
pub fn json(value: &impl Serialize) -> Result<(), String> {
    write(&escaped(&serde_json::to_string_pretty(value).map_err(|error| error.to_string())?))
}

/// JSON whose strings command no terminal: serde escapes what is below U+0020 only.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '\u{7f}'..='\u{9f}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out
}

/// Prints a line for a person on standard output.
pub fn line(line: impl Display) -> Result<(), String> {
    write(&tame(line))
}

/// Who has closed standard output wants no more, and what was done is done.
fn write(text: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(say_with("cli-unprinted", &[("why", error.to_string().into())]))
        }
        _ => Ok(()),
    }
}

/// Tells a person something on standard error, if anybody listens.
pub fn note(words: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", tame(words));
}

/// A terminal obeys control characters, and whoever wrote these words is not to command it.
fn tame(words: impl Display) -> String {
    let shown = |c: char| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{FFFD}' } else { c };
    words.to_string().chars().map(shown).collect()
}

/// The same for what went wrong.
pub fn complain(why: impl Display) {
    note(format_args!("greenroom: {why}"));
}

/// A time as RFC 3339, in UTC.
pub fn stamp(time: Time) -> String {
    time.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

pub fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Approve => "approve",
        Verb::Reject => "reject",
        Verb::Spam => "spam",
        Verb::Restore => "restore",
    }
}

pub fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Held => "held",
        Delivery::Queued => "queued",
        Delivery::Sending => "sending",
        Delivery::Delivered => "delivered",
        Delivery::Withdrawn => "withdrawn",
        Delivery::Conflicted => "conflicted",
        Delivery::Refused => "refused",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Approved => "approved",
        Status::Rejected => "rejected",
        Status::Spam => "spam",
        Status::Deleted => "deleted",
        Status::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_commands_no_terminal_either() {
        let told = escaped(&serde_json::to_string("a\u{9b}31m\u{7f}é").unwrap());
        assert_eq!(told, r#""a\u009b31m\u007fé""#);
        assert_eq!(serde_json::from_str::<String>(&told).unwrap(), "a\u{9b}31m\u{7f}é");
    }
}
