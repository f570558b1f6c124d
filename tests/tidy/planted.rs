//! Proof that each rule bites: a planted fault that it must find, and a near miss that it must let pass.

use crate::RULES;
use crate::screen;
use crate::source::Source;

/// Rule, path, text, how many findings.
const PLANTED: &[(&str, &str, &str, usize)] = &[
    ("arrows", "src/ui/view/queue.rs", "use crate::store::Store;", 1),
    ("arrows", "src/ui/view/queue.rs", "use crate::app::App; // crate::store\nlet x = \"crate::store\";", 0),
    ("arrows", "src/ui/mod.rs", "use crate::{app::{App, sync}, net, domain::Status};", 1),
    ("arrows", "src/ui/mod.rs", "use crate::{app::{App, sync}, text, domain::Status};", 0),
    ("arrows", "src/domain/id.rs", "fn f() { super::super::net::x() }", 1),
    ("arrows", "src/domain/id.rs", "fn f() { super::net::x(); super::super::domain::y() }", 0),
    ("arrows", "src/demo/cmh/session.rs", "use crate::backend::Fault;", 1),
    ("arrows", "src/demo/cmh/session.rs", "use super::super::super::domain::Status;", 1),
    ("arrows", "src/demo/cmh/session.rs", "use crate::clock::Clock; use crate::net::Request;", 0),
    ("arrows", "src/backend/cmh/mod.rs", "use greenroom::demo::World;", 1),
    ("arrows", "src/sync/driver.rs", "use crate::app::Command;", 1),
    ("arrows", "src/sync/driver.rs", "use crate::backend::Backend; use crate::apparatus::X;", 0),
    ("arrows", "src/cli/list.rs", "use crate::store::Store;", 1),
    ("arrows", "src/cli/list.rs", "use crate::app::App;", 0),
    ("arrows", "src/clock.rs", "use crate::domain::Time;", 1),
    ("arrows", "src/clock.rs", "use chrono::Utc;", 0),
    ("arrows", "src/triage/mod.rs", "fn f() {}", 1),
    ("arrows", "src/main.rs", "use greenroom::{ui, app, store, demo};", 0),
    ("arrows", "src/lib.rs", "pub use crate::store::Store;", 0),
    (
        "backends apart",
        "src/backend/cmh/mod.rs",
        "use super::super::wordpress::Wire; use super::wordpress::Wire;",
        2,
    ),
    ("backends apart", "src/backend/cmh/mod.rs", "use crate::backend::cmh::wire; use super::Fault;", 0),
    (
        "backends apart",
        "src/backend/mod.rs",
        "pub use self::wordpress::WordPress; use crate::backend::cmh;",
        0,
    ),
    ("widgets know nothing", "src/ui/widget/list.rs", "use crate::app::Command;", 1),
    (
        "widgets know nothing",
        "src/ui/widget/list.rs",
        "use crate::ui::view::queue;\nuse super::super::view::queue;",
        2,
    ),
    ("widgets know nothing", "src/ui/widget/list.rs", "use crate::text::RichText; use super::badge;", 0),
    ("widgets know nothing", "src/ui/card.rs", "use crate::app::Command;", 0),
    ("screens apart", "src/ui/view/queue.rs", "use super::outbox::row_ui;", 1),
    ("screens apart", "src/ui/view/queue.rs", "use crate::ui::view::{queue, outbox};", 1),
    ("screens apart", "src/ui/view/queue.rs", "use super::super::view::outbox;", 1),
    (
        "screens apart",
        "src/ui/view/queue.rs",
        "use super::super::widget::list; use super::Screen; use crate::app::view::Place;",
        0,
    ),
    (
        "screens apart",
        "src/ui/view/mod.rs",
        "pub use self::queue::queue_ui; fn f() { super::card::card_ui() }",
        0,
    ),
    ("egui in its place", "src/app/view.rs", "use egui::Color32;", 1),
    ("egui in its place", "src/app/view.rs", "/// Not egui.\nlet x = \"egui\"; my_egui();", 0),
    ("egui in its place", "src/ui/shell.rs", "use egui::Ui;", 0),
    ("egui in its place", "src/main.rs", "eframe::run_native();", 0),
    ("SQLite in its place", "src/app/read.rs", "use rusqlite::Connection;", 1),
    ("SQLite in its place", "src/store/read.rs", "use rusqlite::Connection;", 0),
    ("HTTP in its place", "src/net/mod.rs", "fn f(c: &reqwest::blocking::Client) {}", 1),
    ("HTTP in its place", "src/net/http.rs", "fn f(c: &reqwest::blocking::Client) {}", 0),
    ("the wall clock in its place", "src/sync/engine.rs", "let now = std::time::Instant::now();", 1),
    (
        "the wall clock in its place",
        "src/sync/engine.rs",
        "use std::time::SystemTime; let x = Utc::now();",
        2,
    ),
    (
        "the wall clock in its place",
        "src/sync/engine.rs",
        "fn f(now: Instant) {}\n#[cfg(test)] mod tests { fn g() { Instant::now(); } }",
        0,
    ),
    ("the wall clock in its place", "src/clock.rs", "let now = Utc::now();", 0),
    ("threads in their places", "src/sync/perform.rs", "std::thread::spawn(|| 1);", 1),
    ("threads in their places", "src/sync/perform.rs", "std::thread::sleep(x); command.spawn();", 0),
    ("threads in their places", "src/app/job.rs", "thread::Builder::new();", 0),
    ("the log in its place", "src/main.rs", "tracing_subscriber::fmt().init(); std::panic::set_hook(f);", 2),
    (
        "the log in its place",
        "src/main.rs",
        "tracing::warn!(\"x\"); log::start(&clock); self.set_hooks();",
        0,
    ),
    ("the log in its place", "src/log/mod.rs", "tracing_subscriber::registry();", 0),
    ("colours in their place", "src/ui/card.rs", "let c = Color32::from_rgb(1, 2, 3);", 1),
    ("colours in their place", "src/ui/card.rs", "fn f(c: Color32) { theme.ink }", 0),
    ("colours in their place", "src/ui/theme.rs", "let c = Color32::from_rgb(1, 2, 3);", 0),
    ("serde at the edges", "src/domain/comment.rs", "#[derive(Debug, serde::Serialize)] struct A;", 2),
    ("serde at the edges", "src/backend/cmh/convert.rs", "use serde::Deserialize;", 2),
    ("serde at the edges", "src/backend/cmh/wire.rs", "use serde::Deserialize;", 0),
    ("serde at the edges", "src/app/settings.rs", "use serde::Deserialize;", 0),
    ("JSON at the edges", "src/store/rows.rs", "serde_json::to_string(x);", 1),
    ("JSON at the edges", "src/backend/json.rs", "serde_json::from_str(x);", 0),
    ("first line", "src/app/mod.rs", "use x;\n//! Late and long enough.", 1),
    ("first line", "src/app/mod.rs", "//!\nuse x;", 1),
    ("first line", "src/app/mod.rs", "//! The whole product without pixels.\n", 0),
    ("file names", "src/app/util.rs", "", 1),
    ("file names", "tests/common/mod.rs", "", 1),
    ("file names", "src/app/utility.rs", "", 0),
    ("no unwrap", "src/app/read.rs", "let x = y\n    .unwrap();", 1),
    ("no unwrap", "src/app/read.rs", "y.unwrap_or(1); // .unwrap()\nlet s = \".unwrap()\";", 0),
    ("no unwrap", "src/app/read.rs", "#[cfg(test)]\nmod tests { fn f() { y.unwrap(); } }", 0),
    (
        "no unwrap",
        "src/app/read.rs",
        "#[cfg(test)]\nmod tests { fn f() { \"}\"; } }\nfn g() { y.unwrap(); }",
        1,
    ),
    ("no unwrap", "tests/flows.rs", "y.unwrap();", 0),
    ("no ignored tests", "tests/flows.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}", 1),
    ("no ignored tests", "tests/flows.rs", "#[cfg_attr(windows, ignore)]\nfn f() {}", 1),
    ("no ignored tests", "tests/flows.rs", "// #[ignore]\nfn ignore() { #[ignored_by] x }", 0),
    ("expect, never allow", "src/app/mod.rs", "#[allow(dead_code)]\nfn f() {}", 1),
    ("expect, never allow", "src/app/mod.rs", "#![allow(dead_code)]", 1),
    ("expect, never allow", "src/app/mod.rs", "#[expect(dead_code)]\nfn f() {}", 1),
    ("expect, never allow", "src/app/mod.rs", "#[expect(dead_code, reason = \"soon\")]\nfn allow() {}", 0),
    ("words in one file", "src/ui/card.rs", "ui.label(\"Two words\");", 1),
    ("words in one file", "src/app/notice.rs", "format!(\"{n} decisions\")", 1),
    ("words in one file", "src/app/notice.rs", "let x = r\"two words\";", 1),
    (
        "words in one file",
        "src/ui/card.rs",
        "say(\"two-words\"); format!(\"{a b} · {c}\"); // \"two words\"",
        0,
    ),
    ("words in one file", "src/ui/ago.rs", "f(\"%-d %b %Y, %H:%M\"); g(\"\\u{a0}· \"); h(\"{n:>4} {m}\")", 0),
    ("words in one file", "src/ui/ago.rs", "f(\"%H o'clock on %d\")", 1),
    (
        "words in one file",
        "src/app/job.rs",
        "tracing::warn!(why = %e, \"could not {}\", f(1)); x.expect(\"it was checked\");",
        0,
    ),
    ("words in one file", "src/app/job.rs", "tracing::warn!(\"one\"); ui.label(\"two words\");", 1),
    ("words in one file", "src/app/job.rs", "#[expect(dead_code, reason = \"two words\")]\nfn f() {}", 0),
    ("words in one file", "src/app/job.rs", "#[cfg(test)]\nmod tests { fn f() { g(\"two words\") } }", 0),
    ("words in one file", "src/net/mod.rs", "f(\"two words\")", 0),
];

fn found(rule: &str, path: &str, text: &str) -> Vec<crate::Finding> {
    let rule = RULES.iter().find(|known| known.name == rule).expect("a planted fault names a rule");
    (rule.find)(&Source::of(path, text))
}

#[test]
fn planted_faults_are_found_and_near_misses_pass() {
    for (rule, path, text, count) in PLANTED {
        let found = found(rule, path, text);
        assert_eq!(found.len(), *count, "{rule}, {path}: {text}\n{found:?}");
    }
}

#[test]
fn every_rule_was_seen_to_bite_and_to_let_pass() {
    for rule in RULES.iter().filter(|rule| !rule.name.ends_with("length")) {
        for bites in [true, false] {
            let seen = PLANTED.iter().any(|(name, _, _, count)| *name == rule.name && (*count > 0) == bites);
            assert!(
                seen,
                "{}: nothing planted that it should {}",
                rule.name,
                if bites { "find" } else { "pass" }
            );
        }
        assert!(rule.why.split(' ').count() > 5, "{} needs a reason", rule.name);
    }
}

#[test]
fn long_files_and_functions_are_found_at_the_line() {
    for (lines, count) in [(500, 0), (501, 1)] {
        assert_eq!(found("file length", "src/a.rs", &"x\n".repeat(lines)).len(), count, "{lines} lines");
    }
    for (lines, count) in [(68, 0), (69, 1)] {
        // Braces in literals and comments are no braces; a lifetime opens no literal.
        let body = "    f(\"{\", '}', '\\'', \"\\\"{\"); // {\n".repeat(lines);
        let text = format!(
            "struct A {{ f: fn(u8) -> u8 }}\nfn long<'a>(x: &'a str) -> [u8; 2] {{\n{body}}}\nfn next() {{}}\n"
        );
        let found = found("function length", "src/a.rs", &text);
        assert_eq!(found.len(), count, "{lines} lines: {found:?}");
        assert!(found.iter().all(|f| f.line == 2 && f.what == format!("`long` has {} lines", lines + 2)));
    }
    let trait_only = format!("trait T {{ fn a(&self);\n{} }}", "// x\n".repeat(100));
    assert!(found("function length", "src/a.rs", &trait_only).is_empty());
}

#[test]
fn keys_without_words_and_words_without_use_are_found() {
    let fluent = "# comment = no\nqueue-empty = Nothing here\ncount =\n    { $n ->\n        [one] one = 1\n       *[other] { brand }\n    }\nbrand = Greenroom\n    .why = Because\nstale = Old\n-term = x\nhand-next = Next\n    .spoken = Next comment\nhand-old = Old\n";
    let keys = screen::keys(fluent);
    let expected = "brand brand.why count hand-next hand-next.spoken hand-old queue-empty stale";
    assert_eq!(keys.iter().map(String::as_str).collect::<Vec<_>>().join(" "), expected);
    let source = Source::of(
        "src/ui/a.rs",
        "say(\"queue-empty\"); words::say_with(\n    \"count\", &[]); say(\"missing\"); essay(\"other\"); say(key); // say(\"x\")
        say(\"brand.why\"); say(\"brand.how\"); say(&format!(\"hand-{}\", \"next\")); say(&format!(\"{key}.spoken\"));",
    );
    let unknown = screen::unknown_keys(&source, &keys);
    let unknown: Vec<&str> = unknown.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(unknown, ["no words for `missing`", "no words for `brand.how`"]);
    assert_eq!(screen::unused_keys(&[source], fluent).into_iter().collect::<Vec<_>>(), ["hand-old", "stale"]);
}
