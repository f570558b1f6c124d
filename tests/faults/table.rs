//! The table of faults: what is on screen of each, as `words.md` has it and as a desk showed it.

use super::desk::{Screen, Words};
use super::fault::Scope;
use super::proxy::Dialect;
use std::collections::BTreeMap;
use std::path::PathBuf;

const HEAD: &str = "| fault | met by | system | the site’s line | remedy | the decision’s line | remedy | beside the \
                    comment | passing | unreadable |\n|---|---|---|---|---|---|---|---|---|---|\n";

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub fault: String,
    pub met_by: &'static str,
    pub system: &'static str,
}

impl Key {
    pub fn of(fault: &str, scope: Scope, dialect: Dialect) -> Self {
        let met_by = match scope {
            Scope::All => "everything",
            Scope::Writes => "the decision",
            Scope::Pages => "pages",
            Scope::Beside => "what stands beside",
        };
        let system = match dialect {
            Dialect::Cmh => "CMH",
            Dialect::WordPress => "WordPress",
        };
        Self { fault: fault.to_owned(), met_by, system }
    }
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults/words.md")
}

/// One row as it is written.
pub fn row(key: &Key, screen: &Screen) -> String {
    let Screen { site, outbox, beside, toast, unreadable } = screen;
    let unreadable = if *unreadable == 0 { String::new() } else { unreadable.to_string() };
    let cells = [
        &key.fault,
        key.met_by,
        key.system,
        &site.words,
        &site.remedy,
        &outbox.words,
        &outbox.remedy,
        &beside.words,
        toast,
        &unreadable,
    ];
    let cells = cells.map(|cell| cell.replace('|', "/").trim().to_owned());
    format!("| {} |", cells.join(" | "))
}

/// What is wanted of each row.
pub fn wanted() -> BTreeMap<(String, String, String), Screen> {
    let text = std::fs::read_to_string(file()).unwrap_or_default();
    let rows = text.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = rows.filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [fault, met_by, system, site, mend, outbox, retry, beside, toast, unreadable] = cells[..] else {
            panic!("{line}");
        };
        let words = |words: &str, remedy: &str| Words { words: words.to_owned(), remedy: remedy.to_owned() };
        let screen = Screen {
            site: words(site, mend),
            outbox: words(outbox, retry),
            beside: words(beside, ""),
            toast: toast.to_owned(),
            unreadable: unreadable.parse().unwrap_or(0),
        };
        Some(((fault.to_owned(), met_by.to_owned(), system.to_owned()), screen))
    });
    rows.collect()
}

/// Writes the table anew from what was met.
pub fn write(rows: &[String]) {
    let why = "What a moderator reads while a fault lasts, as `tests/faults.rs` holds it. `UPDATE_FAULTS=1` writes it anew: \
               read every changed line.\n\n";
    std::fs::write(file(), format!("{why}{HEAD}{}\n", rows.join("\n"))).unwrap();
}
