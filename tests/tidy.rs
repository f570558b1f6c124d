//! The architecture as a test: who may name whom, what stands where, how long things get. A rule that changes changes here
//! and in the crate docs in one commit, so that the rule and its reason never part.

#[path = "tidy/planted.rs"]
mod planted;
#[path = "tidy/room.rs"]
mod room;
#[path = "tidy/screen.rs"]
mod screen;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/source.rs"]
mod source;

use source::{Finding, Source};
use std::path::{Path, PathBuf};

/// One rule, and why it is one.
pub struct Rule {
    pub name: &'static str,
    pub why: &'static str,
    pub find: fn(&Source) -> Vec<Finding>,
}

pub const RULES: [Rule; 21] = [
    Rule {
        name: "arrows",
        why: "a room that names only the rooms below it can be read, tested and replaced alone",
        find: room::arrows,
    },
    Rule {
        name: "backends apart",
        why: "a backend that leans on another breaks when that other site's software changes",
        find: room::backends_apart,
    },
    Rule {
        name: "widgets know nothing",
        why: "a part that knows a screen or the app can be drawn in one place only",
        find: room::widgets_know_nothing,
    },
    Rule {
        name: "screens apart",
        why: "screens that name each other cannot be understood one at a time; what they share is a widget or a card",
        find: room::screens_apart,
    },
    Rule {
        name: "egui in its place",
        why: "the whole product runs without pixels as long as nothing below `ui` can draw",
        find: |source| room::in_place(source, &room::EGUI),
    },
    Rule {
        name: "SQLite in its place",
        why: "one room writes to disk, so one room answers for what is on it",
        find: |source| room::in_place(source, &room::SQLITE),
    },
    Rule {
        name: "HTTP in its place",
        why: "limits, timeouts and the refusal of strange redirects hold only if every request passes one file",
        find: |source| room::in_place(source, &room::HTTP),
    },
    Rule {
        name: "the wall clock in its place",
        why: "time that comes in as a value can be simulated; time that is asked for cannot",
        find: |source| room::in_place(source, &room::WALL_CLOCK),
    },
    Rule {
        name: "threads in their places",
        why: "threads started anywhere are stopped nowhere",
        find: |source| room::in_place(source, &room::THREADS),
    },
    Rule {
        name: "the log in its place",
        why: "no secret and no reader's words get into a log only if everything written there passes one room",
        find: |source| room::in_place(source, &room::LOG),
    },
    Rule {
        name: "colours in their place",
        why: "light, dark and high contrast are one file each way only if no other file has a colour",
        find: |source| room::in_place(source, &room::COLOURS),
    },
    Rule {
        name: "serde at the edges",
        why: "a domain type that is also a wire shape changes whenever somebody else's wire does",
        find: |source| room::in_place(source, &room::SERDE),
    },
    Rule {
        name: "JSON at the edges",
        why: "what came over a wire is decoded once, where the wire is",
        find: |source| room::in_place(source, &room::JSON),
    },
    Rule {
        name: "file length",
        why: "a file that cannot be read in one sitting hides more than one thing",
        find: shape::file_length,
    },
    Rule {
        name: "function length",
        why: "a function longer than a screen is read in pieces and changed by guess",
        find: shape::function_length,
    },
    Rule {
        name: "first line",
        why: "a file says first what it is for and what never happens in it",
        find: shape::first_line,
    },
    Rule {
        name: "file names",
        why: "a file named after nothing in particular collects everything in particular",
        find: shape::file_name,
    },
    Rule {
        name: "no unwrap",
        why: "a panic reachable from a site, a file or a person loses a moderator's work",
        find: shape::no_unwrap,
    },
    Rule {
        name: "no ignored tests",
        why: "a test that does not run proves nothing and looks as if it did",
        find: shape::no_ignore,
    },
    Rule {
        name: "expect, never allow",
        why: "an exception to a lint gives its reason and goes when it is needed no more",
        find: shape::no_allow,
    },
    Rule {
        name: "words in one file",
        why: "words on screen are translated, checked and kept consistent only where they stand together",
        find: screen::no_words_in_code,
    },
];

const WORDS: &str = "assets/words/en.ftl";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of `src/` and `tests/`.
fn sources() -> Vec<Source> {
    let mut out = Vec::new();
    for folder in ["src", "tests"] {
        walk(&root().join(folder), &mut out);
    }
    assert!(out.len() > 10, "found only {} files", out.len());
    let for_tests: Vec<String> = out.iter().flat_map(Source::test_modules).collect();
    out.into_iter()
        .map(|source| if for_tests.contains(&source.path) { source.for_tests() } else { source })
        .collect()
}

fn walk(folder: &Path, out: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).expect("source files are UTF-8");
            let path = path.strip_prefix(root()).expect("it is below the root");
            out.push(Source::of(&path.to_string_lossy().replace('\\', "/"), &text));
        }
    }
}

#[test]
fn the_house_is_tidy() {
    let sources = sources();
    let mut report = String::new();
    for rule in &RULES {
        let found: Vec<String> = sources
            .iter()
            .flat_map(|source| {
                (rule.find)(source).into_iter().map(|f| format!("  {}:{}: {}", source.path, f.line, f.what))
            })
            .collect();
        if !found.is_empty() {
            report += &format!("\n{}: {}\n{}\n", rule.name, rule.why, found.join("\n"));
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn every_word_on_screen_is_known_and_every_known_word_is_used() {
    let Ok(fluent) = std::fs::read_to_string(root().join(WORDS)) else {
        assert!(!root().join("src/app/words.rs").exists(), "words are said, and {WORDS} is missing");
        return;
    };
    let sources = sources();
    let keys = screen::keys(&fluent);
    let unknown: Vec<String> = sources
        .iter()
        .flat_map(|source| {
            screen::unknown_keys(source, &keys)
                .into_iter()
                .map(|f| format!("{}:{}: {}", source.path, f.line, f.what))
        })
        .collect();
    assert!(unknown.is_empty(), "a key without words is shown as the key\n{}", unknown.join("\n"));
    let unused = screen::unused_keys(&sources, &fluent);
    assert!(unused.is_empty(), "words that nothing says grow stale\n{unused:?}");
}
