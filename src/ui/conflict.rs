//! A conflict: mine, theirs and the words that changed. Keeping theirs is the default, and reads as such.

use crate::app::command::Command;
use crate::app::view::ConflictView;
use crate::app::words::{say, say_with};
use crate::domain::DecisionId;
use crate::text::RichText;
use crate::ui::ago::{self, count};
use crate::ui::font::{Face, strong, words};
use crate::ui::hands::Stage;
use crate::ui::theme::{CLEAR, Palette, corner, gap, size};
use crate::ui::verb;
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use crate::ui::widget::rich_text::plain;
use crate::ui::widget::said::{Hand, apart, block_ui, said_ui};
use crate::ui::widget::text::{Style, Words};
use egui::{CornerRadius, Frame, Label, Margin, Stroke, Ui, vec2};
use std::sync::Arc;

/// Words compared at most, on each side.
const WORDS_MAX: usize = 800;

/// Draws both sides and the two answers.
pub fn conflict_ui(ui: &mut Ui, stage: &mut Stage<'_>, decision: DecisionId, conflict: &ConflictView) {
    let now = stage.app.now();
    let by = conflict.by.clone().unwrap_or_else(|| say("conflict-someone"));
    let age = conflict.at.map(|at| ago::ago(at, now)).unwrap_or_default();
    let theirs = say_with(
        "conflict-theirs",
        &[("by", apart(&by).into()), ("status", verb::status(conflict.theirs).into()), ("age", age.into())],
    );
    let mine = say_with("conflict-mine", &[("verb", verb::title(conflict.mine).into())]);
    let wide = ui.available_width() > 520.0;
    let sides = [(say("conflict-mine-title"), mine), (say("conflict-theirs-title"), theirs)];
    if wide {
        ui.columns(2, |columns| {
            for (column, (title, said)) in columns.iter_mut().zip(&sides) {
                side_ui(column, title, said);
            }
        });
    } else {
        sides.iter().for_each(|(title, said)| side_ui(ui, title, said));
    }
    if let Some((seen, current)) = conflict.reports {
        let args = [("seen", count(seen).into()), ("now", count(current).into())];
        ui.add(Label::new(words(say_with("conflict-reports", &args), size::BODY)).wrap());
    }
    if let Some((read, current)) = &conflict.words {
        changed_ui(ui, read, current);
    }
    ui.horizontal(|ui| {
        if push_ui(ui, &Push::new(&say("conflict-keep"), Weight::Primary)).clicked() {
            stage.run(Command::KeepTheirs(decision));
        }
        if conflict.unreadable {
            ui.add(Label::new(words(say("conflict-unreadable"), size::SMALL)).wrap());
        } else if push_ui(ui, &Push::new(&say("conflict-apply"), Weight::Outlined(Meaning::Plain))).clicked()
        {
            stage.run(Command::ApplyMine(decision));
        }
    });
}

fn side_ui(ui: &mut Ui, title: &str, said: &str) {
    let palette = Palette::of(ui);
    let frame = Frame::new()
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(CornerRadius::same(corner::MEDIUM))
        .inner_margin(Margin::symmetric(12, 9));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(strong(title, size::CAPTION).color(palette.faint));
        said_ui(ui, said, Face::Plain, size::BODY, palette.ink);
    });
}

/// The words as they are now, with what went struck and what came marked.
fn changed_ui(ui: &mut Ui, read: &RichText, current: &RichText) {
    let palette = Palette::of(ui);
    ui.label(strong(say("conflict-changed"), size::SMALL).color(palette.soft));
    let (old, new) = (plain(read), plain(current));
    let old: Vec<&str> = old.split_whitespace().take(WORDS_MAX).collect();
    let new: Vec<&str> = new.split_whitespace().take(WORDS_MAX).collect();
    let mut words = Words::default();
    let look = |ink| Hand { face: Face::Plain, points: size::BODY, ink }.style();
    for change in changes(&old, &new) {
        let (word, ink, ground, struck) = match change {
            Change::Same(word) => (word, palette.ink, CLEAR, false),
            Change::Gone(word) => (word, palette.reject, palette.reject_wash, true),
            Change::Come(word) => (word, palette.accent, palette.accent_wash, false),
        };
        words.push(word, Style { ground, struck, ..look(ink) });
        words.push("\u{20}", look(ink));
    }
    Frame::new()
        .fill(palette.page)
        .inner_margin(vec2(0.0, gap::TIGHT))
        .show(ui, |ui| block_ui(ui, &Arc::new(words)));
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change<'a> {
    Same(&'a str),
    Gone(&'a str),
    Come(&'a str),
}

/// The longest common words stay, the rest went or came.
fn changes<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Change<'a>> {
    let columns = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * columns];
    for (i, before) in old.iter().enumerate().rev() {
        for (j, after) in new.iter().enumerate().rev() {
            longest[i * columns + j] = if before == after {
                longest[(i + 1) * columns + j + 1] + 1
            } else {
                longest[(i + 1) * columns + j].max(longest[i * columns + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::with_capacity(old.len().max(new.len()));
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            found.push(Change::Same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || (i < old.len() && longest[(i + 1) * columns + j] >= longest[i * columns + j + 1])
        {
            found.push(Change::Gone(old[i]));
            i += 1;
        } else {
            found.push(Change::Come(new[j]));
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Change, changes};

    #[test]
    fn only_the_words_that_changed_are_marked() {
        let old: Vec<_> = "the mayor knew nothing".split(' ').collect();
        let new: Vec<_> = "the old mayor knew it".split(' ').collect();
        let told = changes(&old, &new);
        assert_eq!(
            told,
            [
                Change::Same("the"),
                Change::Come("old"),
                Change::Same("mayor"),
                Change::Same("knew"),
                Change::Gone("nothing"),
                Change::Come("it"),
            ]
        );
    }

    #[test]
    fn nothing_to_something_has_all_come() {
        assert_eq!(changes(&[], &["a", "b"]), [Change::Come("a"), Change::Come("b")]);
    }
}
