//! The written part of the demo world, read from `assets/demo` into plain values. Nothing is made up here.
//!
//! A stock file is plain text: `name: value` lines, then sections that start with `@name`. A comment starts
//! with a line `#key>parent Author [marks]` and ends where the next one starts.

use std::collections::BTreeMap;

/// What a comment is like; moderators and mischief of the demo go by it, no answer ever tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    #[default]
    Ordinary,
    /// Rude or cruel enough that many a moderator takes it down.
    Rude,
    Spam,
    /// Made to break the desk that shows it.
    Hostile,
}

/// One comment as written.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub key: String,
    /// The key of the comment it answers.
    pub answers: Option<String>,
    pub author: String,
    /// `markdown` unless marked otherwise.
    pub format: Option<&'static str>,
    pub text: String,
    pub nature: Nature,
    /// Readers saw it from the start.
    pub approved: bool,
    /// (code, words) of readers who reported it.
    pub reports: Vec<(String, String)>,
    /// The site's own reasons for holding it, as codes.
    pub held: Vec<String>,
}

/// One article with what is said under it.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    pub fields: BTreeMap<String, String>,
    pub html: &'static str,
    pub facts: BTreeMap<String, Vec<String>>,
    pub comments: Vec<Written>,
}

impl Piece {
    /// A field of the head; empty where the file has none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// A number of the head.
    pub fn number(&self, name: &str, otherwise: i64) -> i64 {
        self.field(name).parse().unwrap_or(otherwise)
    }
}

/// Everything that was written for the demo.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    pub articles: Vec<Piece>,
    /// Remarks that fit under any article, and the hostile ones.
    pub remarks: Vec<Written>,
    /// Frames of sentences with `{slots}`, by section.
    pub frames: BTreeMap<String, Vec<String>>,
    /// Names and characters, by section.
    pub cast: BTreeMap<String, Vec<String>>,
    /// Spam waves: each a list of lines, `{slots}` inside.
    pub waves: BTreeMap<String, Vec<String>>,
}

macro_rules! articles {
    ($($name:literal),+ $(,)?) => {
        [$((
            include_str!(concat!("../../assets/demo/articles/", $name, ".txt")),
            include_str!(concat!("../../assets/demo/articles/", $name, ".html")),
        )),+]
    };
}

impl Stock {
    /// Reads all of it.
    pub fn read() -> Self {
        let written = articles!(
            "ferry", "runway", "school", "hotel", "courts", "stadium", "cycling", "election", "agua",
            "klinik", "radio", "khobz", "karez",
        );
        let articles = written.into_iter().map(|(text, html)| piece(text, html)).collect();
        let remarks = piece(include_str!("../../assets/demo/remarks.txt"), "").comments;
        let frames = piece(include_str!("../../assets/demo/frames.txt"), "").facts;
        let cast = piece(include_str!("../../assets/demo/cast.txt"), "").facts;
        let waves = piece(include_str!("../../assets/demo/waves.txt"), "").facts;
        Self { articles, remarks, frames, cast, waves }
    }
}

/// Reads one stock file. Any text is readable; what does not fit the form is left out.
fn piece(text: &str, html: &'static str) -> Piece {
    let mut piece = Piece { html, ..Piece::default() };
    let mut section: Option<String> = None;
    for line in text.lines() {
        let in_comments = section.as_deref() == Some("comments");
        if let Some(name) = line.strip_prefix('@').filter(|name| is_word(name.trim())) {
            section = Some(name.trim().to_owned());
        } else if let Some(head) = line.strip_prefix('#').filter(|_| in_comments).and_then(comment_head) {
            piece.comments.push(head);
        } else if in_comments {
            if let Some(open) = piece.comments.last_mut() {
                open.text.push_str(line);
                open.text.push('\n');
            }
        } else if let Some(name) = &section {
            if !line.trim().is_empty() {
                piece.facts.entry(name.clone()).or_default().push(line.trim().to_owned());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            piece.fields.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }
    for comment in &mut piece.comments {
        comment.text = escaped(comment.text.trim_matches('\n'));
    }
    piece
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// `f2>f1 Maren Holt [rude, report:insult it calls me a liar]` without its `#`.
fn comment_head(line: &str) -> Option<Written> {
    let (keys, rest) = line.split_once(' ')?;
    let (name, marks) = match rest.split_once('[') {
        Some((name, marks)) => (name, marks.trim_end().strip_suffix(']')?),
        None => (rest, ""),
    };
    let (key, answers) = match keys.split_once('>') {
        Some((key, parent)) => (key, Some(parent.to_owned())),
        None => (keys, None),
    };
    if !is_word(key) {
        return None;
    }
    let mut written = Written { key: key.to_owned(), answers, ..Written::default() };
    written.author = escaped(name.trim());
    for mark in marks.split('|').map(str::trim) {
        if let Some(report) = mark.strip_prefix("report:") {
            let (code, words) = report.split_once(' ').unwrap_or((report, ""));
            written.reports.push((code.to_owned(), words.to_owned()));
        } else if let Some(code) = mark.strip_prefix("held:") {
            written.held.push(code.to_owned());
        } else {
            match mark {
                "rude" => written.nature = Nature::Rude,
                "spam" => written.nature = Nature::Spam,
                "hostile" => written.nature = Nature::Hostile,
                "approved" => written.approved = true,
                "html" => written.format = Some("html"),
                "plain" => written.format = Some("plain"),
                _ => {}
            }
        }
    }
    Some(written)
}

/// `\u{202e}` becomes that character: hidden characters stand visibly in the files.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(hex, tail)| {
            Some((u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?, tail))
        });
        if let Some((c, tail)) = found {
            out.push(c);
            rest = tail;
        } else {
            out.push_str("\\u{");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_keeps_its_marks_and_hidden_characters_stand_visibly() {
        let text = concat!(
            "id: x\n@people\nA\n@comments\n#a Ann [rude|report:insult says: liar]\nHello\\u{202e}\n\nagain\n",
            "#b>a Bo\n#1 is a number\n",
        );
        let piece = piece(text, "");
        assert_eq!(piece.field("id"), "x");
        assert_eq!(piece.facts["people"], ["A"]);
        let [a, b, ..] = piece.comments.as_slice() else { panic!("{:?}", piece.comments) };
        assert_eq!((a.author.as_str(), a.nature), ("Ann", Nature::Rude));
        assert_eq!(a.text, "Hello\u{202e}\n\nagain");
        assert_eq!(a.reports, [("insult".to_owned(), "says: liar".to_owned())]);
        assert_eq!(b.answers.as_deref(), Some("a"));
    }
}
