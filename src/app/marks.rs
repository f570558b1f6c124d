//! What a comment hides or passes off, as marks in words: each says what was found and where, with the very word.

use super::view::{Badge, BadgeKind};
use super::words::{Value, say, say_with};
use crate::text::{self, Finding, Found, Oddity};

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Name,
    Address,
    Body,
}

/// The marks of a queue row, from what the row shows: its name and its first words.
pub fn of_row(author: &str, excerpt: &str) -> Vec<Badge> {
    let mut marks = told(&text::findings_in_line(author), Place::Name);
    for mark in told(&text::findings_in_line(excerpt), Place::Body) {
        if marks.iter().all(|known| known.kind != mark.kind) {
            marks.push(mark);
        }
    }
    marks
}

/// The marks of a card: those of the name, of the author's address, and of the words.
pub fn of_card(author: &str, address: Option<&str>, body: &[Finding]) -> Vec<Badge> {
    let mut marks = told(&text::findings_in_line(author), Place::Name);
    if let Some(address) = address {
        marks.extend(told(&text::findings_in_address(address), Place::Address));
    }
    marks.extend(told(body, Place::Body));
    marks
}

/// What is to be known before an address is followed: of the address, and of the words that lead there.
pub fn of_address<'f>(url: &str, found: impl Iterator<Item = &'f Finding>) -> Vec<String> {
    let elsewhere = |finding: &&Finding| matches!(finding.found, Found::Elsewhere { .. });
    let leads = found.filter(elsewhere).filter(|finding| finding.url.as_deref() == Some(url)).cloned();
    let mut all: Vec<Finding> = leads.collect();
    all.truncate(1);
    all.extend(text::findings_in_address(url));
    all.iter().map(|finding| sentence(finding, Place::Body)).collect()
}

/// One mark for each kind, which tells of the first and how many more there are.
fn told(found: &[Finding], place: Place) -> Vec<Badge> {
    let mut marks: Vec<Badge> = Vec::new();
    for (at, finding) in found.iter().enumerate() {
        let key = heading(&finding.found);
        if found[..at].iter().any(|before| heading(&before.found) == key) {
            continue;
        }
        let more = found[at + 1..].iter().filter(|other| heading(&other.found) == key).count();
        let mut why = sentence(finding, place);
        if more > 0 {
            let n = [("n", Value::from(more))];
            why = say_with("mark-more", &[("why", why.into()), ("more", say_with("mark-others", &n).into())]);
        }
        marks.push(Badge { kind: kind(&finding.found), label: say(key), why });
    }
    marks
}

fn kind(found: &Found) -> BadgeKind {
    match found {
        Found::Hidden(_) => BadgeKind::Hides,
        Found::Odd(_) => BadgeKind::Lookalike,
        Found::Elsewhere { .. } | Found::Named { .. } | Found::Scheme(_) => BadgeKind::Deceives,
        Found::Unfinished => BadgeKind::Unchecked,
    }
}

fn heading(found: &Found) -> &'static str {
    match found {
        Found::Hidden(label) if label == "marks" => "badge-stacked",
        Found::Hidden(_) => "badge-hides",
        Found::Odd(_) => "badge-lookalike",
        Found::Elsewhere { .. } | Found::Named { .. } => "badge-deceives",
        Found::Scheme(_) => "badge-scheme",
        Found::Unfinished => "badge-unchecked",
    }
}

fn sentence(finding: &Finding, place: Place) -> String {
    let place = match place {
        Place::Name => "name",
        Place::Address => "address",
        Place::Body => "body",
    };
    let word = text::isolated(&finding.word);
    let mut parts: Vec<(&str, Value<'_>)> = vec![("place", place.into()), ("word", word.into())];
    let key = match &finding.found {
        Found::Hidden(label) if label == "marks" => "mark-stacked",
        Found::Hidden(label) => {
            parts.push(("what", say_with("mark-character", &[("label", label.as_str().into())]).into()));
            "mark-hidden"
        }
        Found::Odd(Oddity::Lookalike { script, like }) => {
            parts.push(("script", script_name(script).into()));
            parts.push(("like", script_name(like).into()));
            if *script == "Zyyy" { "mark-symbols" } else { "mark-lookalike" }
        }
        Found::Odd(Oddity::Mixed { scripts: [a, b] }) => {
            parts.push(("script", script_name(a).into()));
            parts.push(("like", script_name(b).into()));
            "mark-mixed"
        }
        Found::Elsewhere { host } => {
            parts.push(("host", text::isolated(host).into()));
            "mark-elsewhere"
        }
        Found::Named { host } => {
            parts.push(("host", text::isolated(host).into()));
            "mark-named"
        }
        Found::Scheme(scheme) => {
            parts.push(("scheme", scheme.as_str().into()));
            "mark-scheme"
        }
        Found::Unfinished => "mark-unchecked",
    };
    say_with(key, &parts)
}

fn script_name(code: &str) -> String {
    say_with("script-name", &[("code", code.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Markup, read};

    fn said(marks: Vec<Badge>) -> Vec<String> {
        marks.into_iter().map(|mark| mark.why.replace(['\u{2068}', '\u{2069}'], "")).collect()
    }

    #[test]
    fn each_mark_says_what_was_found_and_where() {
        for (body, expected) in [
            ("buy at раура1.com", "“раура1.com” is written with Cyrillic letters that look like Latin ones"),
            ("Росcия", "“Росcия” is written with Latin letters that look like Cyrillic ones"),
            ("𝓬𝓪𝓼𝓲𝓷𝓸", "“𝓬𝓪𝓼𝓲𝓷𝓸” is written with symbols that look like Latin letters"),
            ("cкaзкaz", "“cкaзкaz” mixes Latin and Cyrillic letters"),
            (
                "invoice\u{202E}fdp.exe",
                "“invoice⟦RLO⟧fdp.exe” hides a character that turns words from right to left",
            ),
            ("c\u{200B}asino a\u{200B}b", "“c⟦ZWSP⟧asino” hides a space of no width. 1 more like it"),
            ("a\u{E000}", "“a⟦U+E000⟧” hides a character that no font can show honestly (U+E000)"),
            (
                "z\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
                "“z\u{301}\u{301}\u{301}\u{301}\u{301}⟦marks×2⟧” piles marks on one letter",
            ),
            (
                "<a href=https://evil.example/>paypal.com</a>",
                "The words of a link say “paypal.com”, and it leads to evil.example",
            ),
            (
                "<a href=https://paypal.com@evil.example/>x</a>",
                "An address begins with “paypal.com”, and it leads to evil.example",
            ),
            (
                "<a href='javascript:alert(1)'>x</a>",
                "A link was taken out: “javascript:alert(1)” would run a program",
            ),
            (
                "<a href='data:text/html,x'>x</a>",
                "A link was taken out: “data:text/html,x” brings its own page",
            ),
            (
                "<a href='file:///etc/passwd'>x</a>",
                "A link was taken out: “file:///etc/passwd” opens a file of this machine",
            ),
            (
                "a<template>never closed",
                "Limits were reached, so not all of it was checked. Its source shows the rest",
            ),
        ] {
            let found = text::findings(&read(body, Markup::Html));
            assert_eq!(said(of_card("Maryam", None, &found)), [expected], "{body}");
        }
        for ordinary in ["Я люблю сахар", "وروسته به می\u{200C}روم", "A <a href=https://x.example/>link</a>"]
        {
            let found = text::findings(&read(ordinary, Markup::Html));
            assert_eq!(said(of_card("Сара", Some("https://example.org"), &found)), [""; 0], "{ordinary}");
        }
    }

    #[test]
    fn a_name_and_an_address_have_marks_of_their_own() {
        let name = text::visible("Аdmin\u{202E}");
        let marks = said(of_card(&name, Some("https://bank.example@evil.example"), &[]));
        assert_eq!(
            marks,
            [
                "The name “Аdmin⟦RLO⟧” hides a character that turns words from right to left",
                "The name “Аdmin” is written with Cyrillic letters that look like Latin ones",
                "The author’s address begins with “bank.example”, and it leads to evil.example",
            ]
        );
        let labels: Vec<_> = of_row(&name, "c⟦ZWSP⟧asino").into_iter().map(|mark| mark.label).collect();
        assert_eq!(labels, ["Hidden characters", "Lookalike letters"]);
    }

    #[test]
    fn whoever_is_about_to_follow_a_link_is_told_what_its_words_said() {
        let body = "<a href=https://evil.example/>paypal.com</a> <a href=https://b.example/>b.example</a>";
        let found = text::findings(&read(body, Markup::Html));
        assert_eq!(of_address("https://b.example/", found.iter()), [""; 0]);
        assert_eq!(of_address("https://evil.example/", found.iter()).len(), 1);
        assert_eq!(of_address("https://a@раура1.com/", found.iter()).len(), 2);
    }
}
