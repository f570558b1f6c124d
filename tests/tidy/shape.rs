//! How a file looks: its length, its first line, its name, what it may not contain.

use crate::source::{Finding, Source, body, closing, words};

pub const FILE_LINES_MAX: usize = 500;
pub const FUNCTION_LINES_MAX: usize = 70;

const FORBIDDEN_NAMES: [&str; 12] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "types", "type", "models",
    "model",
];

pub fn file_length(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().count();
    if lines > FILE_LINES_MAX {
        vec![Finding { line: lines, what: format!("{lines} lines") }]
    } else {
        Vec::new()
    }
}

pub fn function_length(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in words(&source.code, "fn") {
        let name: String = source.code[at + 2..]
            .trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        // Without a name it is a function pointer's type.
        let Some(open) = body(&source.code, at).filter(|_| !name.is_empty()) else { continue };
        let end = closing(&source.code, open).unwrap_or(source.code.len() - 1);
        let lines = source.line_of(end) - source.line_of(at) + 1;
        if lines > FUNCTION_LINES_MAX {
            found.push(source.finding(at, format!("`{name}` has {lines} lines")));
        }
    }
    found
}

pub fn first_line(source: &Source) -> Vec<Finding> {
    let opens = source.text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 12);
    if opens { Vec::new() } else { vec![source.finding(0, "no `//!` in the first line")] }
}

pub fn file_name(source: &Source) -> Vec<Finding> {
    let parts = source.path.trim_end_matches(".rs").split('/');
    parts
        .filter(|part| FORBIDDEN_NAMES.contains(part))
        .map(|part| source.finding(0, format!("called `{part}`")))
        .collect()
}

pub fn no_unwrap(source: &Source) -> Vec<Finding> {
    words(&source.live, "unwrap")
        .into_iter()
        .filter(|at| source.live[..*at].trim_end().ends_with('.'))
        .filter(|at| source.live[at + "unwrap".len()..].starts_with("()"))
        .map(|at| source.finding(at, "`.unwrap()`"))
        .collect()
}

pub fn no_ignore(source: &Source) -> Vec<Finding> {
    attributes(source, "ignore").into_iter().map(|(at, _)| source.finding(at, "`#[ignore]`")).collect()
}

pub fn no_allow(source: &Source) -> Vec<Finding> {
    let allowed = attributes(source, "allow").into_iter().map(|(at, _)| source.finding(at, "`#[allow]`"));
    let bare = attributes(source, "expect")
        .into_iter()
        .filter(|(_, inside)| words(inside, "reason").is_empty())
        .map(|(at, _)| source.finding(at, "`#[expect]` without a reason"));
    allowed.chain(bare).collect()
}

/// Every attribute that contains a call of this name, or is it, with its inside.
fn attributes<'a>(source: &'a Source, name: &str) -> Vec<(usize, &'a str)> {
    let opens = source.code.match_indices("#[").map(|(at, _)| at + 1);
    let inner = source.code.match_indices("#![").map(|(at, _)| at + 2);
    opens
        .chain(inner)
        .filter_map(|at| closing(&source.code, at).map(|end| (at, &source.code[at + 1..end])))
        .filter(|(_, inside)| {
            let cfg_attr = inside.trim_start().starts_with("cfg_attr");
            let first = inside.trim_start().starts_with(name) && !words(inside, name).is_empty();
            first || (cfg_attr && !words(inside, name).is_empty())
        })
        .collect()
}
