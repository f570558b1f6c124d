//! Columns to domain and back: the only place where they meet. An unknown word from disk is an error, never a default.

use crate::domain::{
    AuthorKey, Backend, Delivery, Format, HeldReason, Order, Status, Time, TimePrecision, Verb,
};
use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use sha2::{Digest as _, Sha256};

macro_rules! words {
    ($to:ident, $of:ident, $kind:ty, $($variant:path => $word:literal),+ $(,)?) => {
        pub fn $to(value: $kind) -> &'static str {
            match value { $($variant => $word),+ }
        }

        pub fn $of(word: &str) -> rusqlite::Result<$kind> {
            match word {
                $($word => Ok($variant),)+
                other => Err(unknown(stringify!($kind), other)),
            }
        }
    };
}

words!(status_word, status_of, Status,
    Status::Pending => "pending", Status::Approved => "approved", Status::Rejected => "rejected",
    Status::Spam => "spam", Status::Deleted => "deleted", Status::Other => "other");
words!(verb_word, verb_of, Verb,
    Verb::Approve => "approve", Verb::Reject => "reject", Verb::Spam => "spam", Verb::Restore => "restore");
words!(delivery_word, delivery_of, Delivery,
    Delivery::Held => "held", Delivery::Queued => "queued", Delivery::Sending => "sending",
    Delivery::Delivered => "delivered", Delivery::Withdrawn => "withdrawn",
    Delivery::Conflicted => "conflicted", Delivery::Refused => "refused");
words!(format_word, format_of, Format,
    Format::Html => "html", Format::Markdown => "markdown", Format::Plain => "plain");
words!(order_word, order_of, Order, Order::Oldest => "oldest", Order::Newest => "newest");

pub fn backend_of(word: &str) -> rusqlite::Result<Backend> {
    Backend::of_word(word).ok_or_else(|| unknown("Backend", word))
}

fn unknown(kind: &str, word: &str) -> rusqlite::Error {
    let why = format!("the desk's file holds an unknown {kind}, {word:?}");
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(FromSqlError::Other(why.into())))
}

/// Milliseconds since 1970.
pub fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The inverse of [`millis`]; out of chrono's range only in a damaged file, and then the epoch.
pub fn instant(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

pub fn precision_number(precision: TimePrecision) -> i64 {
    match precision {
        TimePrecision::Second => 0,
        TimePrecision::Minute => 1,
        TimePrecision::About => 2,
    }
}

/// Reads a time from two neighbouring columns.
pub fn time_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Time>> {
    let (ms, precision): (Option<i64>, Option<i64>) = (row.get(column)?, row.get(column + 1)?);
    let precision = match precision {
        Some(1) => TimePrecision::Minute,
        Some(2) => TimePrecision::About,
        _ => TimePrecision::Second,
    };
    Ok(ms.map(|ms| Time { at: instant(ms), precision }))
}

/// What a decision carries beside its verb, in one column: the reports it dismisses.
pub fn payload_word(reports_seen: Option<u64>) -> Option<String> {
    reports_seen.map(|seen| format!("{REPORTS}{seen}"))
}

/// The inverse of [`payload_word`].
pub fn payload_of(word: Option<&str>) -> rusqlite::Result<Option<u64>> {
    let Some(word) = word else { return Ok(None) };
    let seen = word.strip_prefix(REPORTS).and_then(|seen| seen.parse().ok());
    seen.map(Some).ok_or_else(|| unknown("payload", word))
}

const REPORTS: &str = "reports ";

/// A stored author key names a person without holding an address: e-mails stand in `persons` only.
pub fn author_key_word(key: &AuthorKey, salt: &[u8]) -> String {
    match key {
        AuthorKey::Account(id) => format!("a:{id}"),
        AuthorKey::Email(email) => {
            let digest = salted(salt, email.trim().to_lowercase().as_bytes());
            let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
            format!("e:{hex}")
        }
    }
}

/// A digest that tells nothing to whoever lacks the desk's salt.
pub fn salted(salt: &[u8], bytes: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(bytes).finalize().into()
}

/// Held reasons in one column, one a line: `code<TAB>detail`.
pub fn held_word(reasons: &[HeldReason]) -> String {
    let plain = |text: &str| text.replace(['\t', '\n'], " ");
    reasons.iter().map(|r| format!("{}\t{}", plain(&r.code), plain(&r.detail))).collect::<Vec<_>>().join("\n")
}

/// The inverse of [`held_word`].
pub fn held_of(word: &str) -> Vec<HeldReason> {
    word.lines()
        .map(|line| {
            let (code, detail) = line.split_once('\t').unwrap_or((line, ""));
            HeldReason { code: code.to_owned(), detail: detail.to_owned() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_comes_back_and_an_unknown_one_is_an_error() {
        for status in [Status::Pending, Status::Approved, Status::Rejected, Status::Spam, Status::Deleted] {
            assert_eq!(status_of(status_word(status)).unwrap(), status);
        }
        assert!(status_of("aproved").unwrap_err().to_string().contains("aproved"));
        assert!(delivery_of("").is_err());
    }

    #[test]
    fn an_author_key_does_not_show_the_address() {
        let key = AuthorKey::Email("Ana@Example.org".into());
        let word = author_key_word(&key, b"salt");
        assert!(!word.contains("ana"));
        assert_eq!(word, author_key_word(&AuthorKey::Email(" ana@example.org".into()), b"salt"));
        assert_ne!(word, author_key_word(&key, b"other"));
    }
}
