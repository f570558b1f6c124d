//! How the carbon copy is written down: one record a line, each with a checksum of its own, so that damage costs the lines
//! it hit and no others. Text, so that a person can read it with any editor.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Hex digits of a line's checksum.
const SUM_CHARS: usize = 16;

/// One record: what kind it is, and its columns by name. An absent value is SQL's null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub kind: String,
    pub fields: BTreeMap<String, Option<String>>,
}

impl Record {
    pub fn new(kind: &str) -> Self {
        Self { kind: kind.to_owned(), fields: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.fields.insert(name.to_owned(), Some(value.to_string()));
        self
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_deref()
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// The record as a line, with its end.
    pub fn line(&self) -> String {
        let mut line = escaped(&self.kind);
        for (name, value) in &self.fields {
            line.push('\t');
            line.push_str(&escaped(name));
            if let Some(value) = value {
                line.push('=');
                line.push_str(&escaped(value));
            }
        }
        format!("{}\t{line}\n", sum(&line))
    }

    /// The inverse of [`Record::line`], without its end; `None` for a line that is damaged.
    pub fn of_line(line: &str) -> Option<Self> {
        let (told, rest) = line.split_once('\t')?;
        if told != sum(rest) {
            return None;
        }
        let mut parts = rest.split('\t');
        let mut record = Self::new(&plain(parts.next()?));
        for part in parts {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name, Some(plain(value))),
                None => (part, None),
            };
            record.fields.insert(plain(name), value);
        }
        Some(record)
    }
}

fn sum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(SUM_CHARS / 2).map(|byte| format!("{byte:02x}")).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// What one transaction changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub seq: i64,
    /// The database is known to have taken it. Only the last block may lack that.
    pub done: bool,
    pub records: Vec<Record>,
}

/// A carbon copy as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// Which desk's it is.
    pub desk: String,
    /// The schema of the file it was made of.
    pub schema: Option<i64>,
    pub blocks: Vec<Block>,
    /// Lines that could not be read.
    pub damaged: usize,
    /// Bytes up to the end of the last block that is done.
    pub length: u64,
}

impl Copied {
    /// Reads what a file holds. What was torn off while it was written was never on the desk and is no damage.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut copied = Self::default();
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        let torn = lines.pop().filter(|tail| !tail.is_empty());
        let mut at = 0;
        for line in lines {
            at += line.len() as u64 + 1;
            let record = std::str::from_utf8(line).ok().and_then(Record::of_line);
            match record {
                Some(record) => {
                    let ends = record.kind == "done";
                    copied.take(record);
                    copied.length = if ends { at } else { copied.length };
                }
                None => copied.damaged += 1,
            }
        }
        // It was not on disk whole, so the database never got to hear of it; unless it is the end that is torn, which is
        // written once the database has it.
        if let (Some(tail), Some(last)) = (torn, copied.blocks.last()) {
            let end = Record::new("done").with("seq", last.seq).line();
            if !last.done && !end.as_bytes().starts_with(tail) {
                copied.blocks.pop();
            }
        }
        copied
    }

    fn take(&mut self, record: Record) {
        match (record.kind.as_str(), self.blocks.last_mut()) {
            ("desk", _) => {
                self.desk = record.text("id").unwrap_or_default().to_owned();
                self.schema = record.number("schema");
            }
            ("begin", last) => {
                // Two blocks in a row: the line that ended the first is damaged. The second would not be there had it failed.
                if let Some(last) = last {
                    last.done = true;
                }
                let seq = record.number("seq").unwrap_or_default();
                self.blocks.push(Block { seq, done: false, records: Vec::new() });
            }
            ("done", Some(last)) => last.done = true,
            (_, Some(last)) => last.records.push(record),
            (_, None) => self.damaged += 1,
        }
    }

    /// The newest transaction that it tells of, if that is known to be on disk.
    pub fn seq_done(&self) -> i64 {
        self.blocks.iter().filter(|block| block.done).map(|block| block.seq).max().unwrap_or_default()
    }

    /// Every record of what is known to be on disk.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.blocks.iter().filter(|block| block.done).flat_map(|block| &block.records)
    }

    /// Whether it tells of any site or decision.
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(|block| block.records.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_whatever_is_in_it() {
        let mut record =
            Record::new("open").with("id", 7).with("body", "a\tb\\n\nc=d\r\u{85}é").with("url", "");
        record.fields.insert("fault".to_owned(), None);
        let line = record.line();
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(Record::of_line(line.trim_end_matches('\n')), Some(record));
    }

    #[test]
    fn damage_costs_the_line_it_hit_and_no_other() {
        let lines: Vec<String> = [
            Record::new("desk").with("id", "d"),
            Record::new("begin").with("seq", 1),
            Record::new("open").with("id", 1),
            Record::new("open").with("id", 2),
            Record::new("done").with("seq", 1),
        ]
        .iter()
        .map(Record::line)
        .collect();
        let whole = lines.concat();
        assert_eq!(Copied::of_bytes(whole.as_bytes()).blocks[0].records.len(), 2);
        let start = lines[..2].concat().len();
        for at in 0..lines[2].len() {
            let mut bytes = whole.clone().into_bytes();
            bytes[start + at] ^= 0x41;
            let copied = Copied::of_bytes(&bytes);
            assert!(copied.damaged > 0, "{at}");
            assert!(copied.blocks[0].records.iter().all(|record| record.number("id") != Some(1)), "{at}");
            if at + 1 < lines[2].len() {
                assert_eq!(copied.blocks[0].records.len(), 1, "{at}");
            }
        }
    }

    #[test]
    fn a_block_that_was_torn_while_it_was_written_was_never_on_the_desk() {
        let first =
            [Record::new("begin").with("seq", 1), Record::new("open").with("id", 1), Record::new("done")];
        let second = [Record::new("begin").with("seq", 2), Record::new("open").with("id", 2)];
        let first: String = first.iter().map(Record::line).collect();
        let second: String = second.iter().map(Record::line).collect();
        let cut = |n: usize| Copied::of_bytes(&[first.as_bytes(), &second.as_bytes()[..n]].concat());
        assert_eq!(cut(second.len()).blocks.len(), 2, "whole, and nobody knows whether it was taken");
        assert!(!cut(second.len()).blocks[1].done);
        assert_eq!(cut(second.len() - 1).blocks.len(), 1);
        assert_eq!(cut(second.len() - 1).damaged, 0);
    }

    #[test]
    fn a_block_whose_end_alone_was_torn_may_have_been_taken() {
        let block = [Record::new("begin").with("seq", 2), Record::new("open").with("id", 2)];
        let block: String = block.iter().map(Record::line).collect();
        let end = Record::new("done").with("seq", 2).line();
        for n in 1..end.len() {
            let copied = Copied::of_bytes(&[block.as_bytes(), &end.as_bytes()[..n]].concat());
            assert_eq!((copied.blocks.len(), copied.damaged), (1, 0), "{n}");
            assert!(!copied.blocks[0].done && copied.blocks[0].records.len() == 1, "{n}");
        }
    }
}
