//! Words on screen: all of them in one file, and all of that file on screen.

use crate::source::{Finding, Source, words};
use std::collections::BTreeSet;

/// Calls whose words are for whoever develops or runs the desk.
const NOT_ON_SCREEN: [&str; 20] = [
    "trace!",
    "debug!",
    "info!",
    "warn!",
    "error!",
    "span!",
    "trace_span!",
    "debug_span!",
    "info_span!",
    "event!",
    "panic!",
    "unreachable!",
    "assert!",
    "assert_eq!",
    "assert_ne!",
    "debug_assert!",
    "debug_assert_eq!",
    "expect",
    "expect_err",
    "instrument",
];

pub fn no_words_in_code(source: &Source) -> Vec<Finding> {
    if !source.is_in(&["src/ui/", "src/app/"]) {
        return Vec::new();
    }
    source
        .literals
        .iter()
        .filter(|literal| source.live.as_bytes().get(literal.at) == Some(&b'"'))
        .filter(|literal| says_something(&literal.text) && !is_exempt(&source.live, literal.at))
        .map(|literal| source.finding(literal.at, format!("\"{}\"", literal.text)))
        .collect()
}

/// A space and a letter, when escapes and what stands in for values or parts of a date are left out.
fn says_something(literal: &str) -> bool {
    let (mut depth, mut skips) = (0_usize, false);
    let mut plain = String::new();
    for c in literal.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '\\' | '%' => skips = true,
            '-' if skips => {}
            _ if skips => skips = false,
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain.contains(' ') && plain.contains(char::is_alphabetic)
}

/// Whether a literal is an argument of a call that is not for the screen, or part of an attribute.
fn is_exempt(code: &str, at: usize) -> bool {
    let mut depth = 0_usize;
    for (offset, byte) in code.as_bytes()[..at].iter().enumerate().rev() {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
            b'{' | b';' if depth == 0 => return false,
            b'(' => {
                let before = code[..offset].trim_end();
                let name = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '!')).next();
                if name.is_some_and(|name| NOT_ON_SCREEN.contains(&name)) {
                    return true;
                }
            }
            b'[' if code[..offset].ends_with('#') || code[..offset].ends_with("#!") => return true,
            _ => {}
        }
    }
    false
}

/// The keys of a Fluent file: messages, and their attributes as `message.attribute`. Terms are no keys.
pub fn keys(fluent: &str) -> BTreeSet<String> {
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let mut keys = BTreeSet::new();
    let mut message = "";
    for (key, _) in fluent.lines().filter_map(|line| line.split_once('=')) {
        let name = key.trim();
        if let Some(attribute) = name.strip_prefix('.').filter(|_| key.starts_with(' ')) {
            keys.insert(format!("{message}.{attribute}"));
        } else if key.starts_with(|c: char| c.is_ascii_alphabetic()) && is_name(name) {
            message = name;
            keys.insert(name.to_owned());
        }
    }
    keys
}

/// Keys said in the code that the file does not have.
pub fn unknown_keys(source: &Source, keys: &BTreeSet<String>) -> Vec<Finding> {
    let mut found = Vec::new();
    for say in ["say", "say_with"] {
        for at in words(&source.live, say) {
            let rest = &source.live[at + say.len()..];
            let gap = rest.len() - rest.trim_start_matches(['(', ' ', '\n', '&']).len();
            let literal = source.literals.iter().find(|literal| literal.at == at + say.len() + gap);
            if let Some(literal) =
                literal.filter(|literal| rest.starts_with('(') && !keys.contains(&literal.text))
            {
                found.push(source.finding(at, format!("no words for `{}`", literal.text)));
            }
        }
    }
    found
}

/// Keys of the file that neither the code nor another message names. A key may be put together: `"hand-{}"` uses
/// `hand-next` where `"next"` is a literal too.
pub fn unused_keys(sources: &[Source], fluent: &str) -> BTreeSet<String> {
    let mut left = keys(fluent);
    left.retain(|key| !fluent.contains(&format!("{{ {key} }}")) && !fluent.contains(&format!("{{{key}}}")));
    let mut said: BTreeSet<String> = sources
        .iter()
        .filter(|source| source.path.starts_with("src/"))
        .flat_map(|source| source.literals.iter().map(|literal| literal.text.clone()))
        .collect();
    let patterns: Vec<(String, String)> = said
        .iter()
        .filter_map(|literal| Some((literal.split_once('{')?.0, literal.rsplit_once('}')?.1)))
        .filter(|(before, after)| before.ends_with('-') || after.starts_with('.') || after.starts_with('-'))
        .map(|(before, after)| (before.to_owned(), after.to_owned()))
        .collect();
    let is_put_together = |key: &str, said: &BTreeSet<String>| {
        patterns.iter().any(|(before, after)| {
            let middle = key.strip_prefix(before.as_str()).and_then(|rest| rest.strip_suffix(after.as_str()));
            middle.is_some_and(|middle| said.contains(middle))
        })
    };
    // What is put together may itself be a part of what is put together.
    for _ in 0..3 {
        let more: Vec<String> = left.iter().filter(|key| is_put_together(key, &said)).cloned().collect();
        said.extend(more);
    }
    left.retain(|key| !said.contains(key));
    left
}
