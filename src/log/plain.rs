//! What may be written down of any text: words of a fixed list, and numbers that say which error it was. Everything else is
//! left out, so that nobody has to know what a message of a site, a library or a reader may hold.

use std::collections::HashSet;
use std::sync::LazyLock;

/// One word a line; `#` begins a remark.
const LIST: &str = include_str!("../../assets/words/plain.txt");

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    LIST.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Words behind which a number says which one it was.
const COUNTED: [&str; 11] =
    ["error", "code", "status", "line", "column", "http", "schema", "index", "site", "version", "len"];

/// Digits of a number that is kept.
const DIGITS_MAX: usize = 4;

/// Characters of a text that are looked at.
const CHARS_MAX: usize = 2_000;

/// What stands for all that is left out.
const LEFT_OUT: &str = "…";

/// The text with everything left out that is not known to be harmless: quotations, addresses, numbers. It ends where a
/// plain word is not known, for that is somebody's sentence, and between its small words one could guess.
pub fn plain(text: &str) -> String {
    let short = text.char_indices().nth(CHARS_MAX).map_or(text, |(end, _)| &text[..end]);
    let unquoted = unquoted(short);
    let (mut said, mut counted) = (String::new(), false);
    for token in unquoted.split_whitespace() {
        let bare = token.trim_matches(|c: char| c.is_ascii_punctuation());
        let is_kept = is_known(bare) || (counted && is_number(bare));
        // "the len is 3"
        counted =
            is_kept && (COUNTED.contains(&bare.to_ascii_lowercase().as_str()) || (counted && bare == "is"));
        let word = if is_kept { bare } else { LEFT_OUT };
        if is_kept || !said.ends_with(LEFT_OUT) {
            said.push_str(if said.is_empty() { "" } else { " " });
            said.push_str(word);
        }
        if is_kept {
            said.extend(token.chars().next_back().filter(|last| matches!(last, ':' | ';' | ',')));
        } else if bare.chars().all(char::is_alphabetic) && !bare.is_empty() {
            break;
        }
    }
    said
}

/// The text without what stands between double quotes or backticks: that is quoted from somewhere.
fn unquoted(text: &str) -> String {
    let (mut said, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(['"', '`']) {
        let (before, quoted) = rest.split_at(at);
        said.push_str(before);
        said.push_str(LEFT_OUT);
        let mark = quoted.chars().next().unwrap_or('"');
        // What is not closed is all quoted.
        rest = quoted[1..].split_once(mark).map_or("", |(_, rest)| rest);
    }
    said + rest
}

/// Whether each part of a word is on the list: letters only, with `-` and `_` between them.
fn is_known(word: &str) -> bool {
    !word.is_empty()
        && word.split(['-', '_']).all(|part| {
            part.bytes().all(|byte| byte.is_ascii_alphabetic())
                && WORDS.contains(part.to_ascii_lowercase().as_str())
        })
}

pub(super) fn is_number(word: &str) -> bool {
    (1..=DIGITS_MAX).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_said_and_nothing_that_stood_beside_them() {
        for (text, kept) in [
            ("connection refused (os error 111)", "connection refused os error 111"),
            (
                "error sending request for url (https://news.example/wp-json/wp/v2/comments?author_email=ana%40mail.example)",
                "error sending request for url …",
            ),
            (
                r#"invalid type: string "I love the ferry", expected a map at line 3 column 14"#,
                "invalid type: string … expected a map at line 3 column 14",
            ),
            (
                "byte index 5 is not a char boundary; it is inside 'é' (bytes 4..6) of `liebe Grüße`",
                "byte index 5 is not a char boundary; it is inside …",
            ),
            ("called `Option::unwrap()` on a `None` value", "called … on a … value"),
            (
                "index out of bounds: the len is 3 but the index is 5",
                "index out of bounds: the len is 3 but the index is 5",
            ),
            ("Authorization: Basic bW9uYTpodXNoLWh1c2g=", "…"),
            ("ana@mail.example 192.0.2.7 +49 30 901820", "…"),
            ("HTTP status 403", "HTTP status 403"),
            ("database disk image is malformed", "database disk image is malformed"),
            ("The ferry was late and the mayor said that it was not his fault", "The …"),
            ("", ""),
        ] {
            assert_eq!(plain(text), kept, "{text}");
        }
    }

    #[test]
    fn the_list_is_words_in_small_letters_each_once() {
        let mut seen = HashSet::new();
        for word in LIST.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
            assert!(seen.insert(word), "{word} twice");
        }
    }

    #[test]
    fn what_this_program_logs_by_itself_is_written_whole() {
        fn walk(folder: &std::path::Path, check: &mut impl FnMut(&str)) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, check);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    check(&std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        let mut found = 0;
        walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |source| {
            for level in ["error", "warn", "info", "debug", "trace"] {
                for (at, call) in source.match_indices(&format!("tracing::{level}!(")) {
                    let args = &source[at + call.len()..];
                    let args = &args[..args.find(");").or(args.find(")\n")).unwrap_or(args.len())];
                    let Some(message) = args.rsplit('"').nth(1) else { continue };
                    assert_eq!(plain(message), message, "a word is not in assets/words/plain.txt");
                    found += 1;
                }
            }
        });
        assert!(found > 10, "{found}");
    }
}
