//! Private notes: from the field to the disk, on this desk only.

use super::App;
use super::inbox::Note;
use super::notice::{self, Notice};
use super::words::say_with;
use crate::app::command::Command;
use crate::domain::CommentId;
use crate::store::{Rank, Trouble};

/// Characters of one note.
pub const NOTE_CHARS_MAX: usize = 4_000;

impl App {
    pub(super) fn write_note(&mut self, comment: CommentId, text: &str) {
        let text: String = text.trim().chars().take(NOTE_CHARS_MAX).collect();
        let now = self.clock.now();
        let (inbox, written) = (self.inbox.clone(), text.clone());
        self.store.submit(
            Rank::Decision,
            move |work| work.write_note(comment, &written, now),
            move |result| inbox.put(Note::Noted { comment, text, result }),
        );
    }

    pub(super) fn take_noted(&mut self, comment: CommentId, text: String, result: Result<bool, Trouble>) {
        let author = self.row(comment).map(|row| row.author).unwrap_or_default();
        match result {
            Ok(true) => {
                let key = if text.is_empty() { "done-unnote" } else { "done-note" };
                let words = say_with(key, &[("author", author.into())]);
                self.show(Notice::said(words, Some(Command::Undo)));
            }
            Ok(false) => self.unnoted.push((comment, None)),
            Err(trouble) => {
                let mut notice = notice::of_trouble(&trouble);
                notice.words = say_with("note-not-written", &[("why", notice.words.into())]);
                self.show(notice);
                self.unnoted.push((comment, Some(text)));
            }
        }
        self.touched(&[comment]);
    }

    /// Notes that were not written since the last call, and those that changed nothing (`None`): undo does not stand for
    /// them.
    pub fn take_unnoted(&mut self) -> Vec<(CommentId, Option<String>)> {
        std::mem::take(&mut self.unnoted)
    }
}
