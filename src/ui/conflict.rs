//! A conflict: mine, theirs and the words that changed. Keeping theirs is the default, and reads as such.

use crate::app::command::Command;
use crate::app::view::{ConflictView, TwoWordings};
use crate::app::words::{say, say_with};
use crate::domain::DecisionId;
use crate::text::{Change, changed_words};
use crate::ui::ago::{self, count};
use crate::ui::font::{Face, strong, words};
use crate::ui::hands::Stage;
use crate::ui::theme::{CLEAR, Palette, corner, gap, size};
use crate::ui::verb;
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use crate::ui::widget::said::{Hand, block_ui, isolated, said_ui};
use crate::ui::widget::text::{Style, Words};
use egui::{CornerRadius, Frame, Id, Label, Margin, Stroke, Ui, vec2};
use std::sync::Arc;

/// Draws both sides and the two answers.
pub fn conflict_ui(ui: &mut Ui, stage: &mut Stage<'_>, decision: DecisionId, conflict: &ConflictView) {
    let told = ui.scope(|ui| told_ui(ui, stage, conflict));
    if told.inner {
        let (clip, now) = (ui.clip_rect(), ui.input(|input| input.time));
        stage.focus.looked.drew(conflict.compared(decision), told.response.rect, clip, now);
    }
    ui.horizontal_wrapped(|ui| {
        if push_ui(ui, &Push::new(&say("conflict-keep"), Weight::Primary)).clicked() {
            stage.run(Command::KeepTheirs(decision));
        }
        if conflict.is_gone() {
            ui.add(Label::new(words(say("conflict-gone"), size::SMALL)).wrap());
        } else if conflict.unreadable {
            ui.add(Label::new(words(say("conflict-unreadable"), size::SMALL)).wrap());
        } else if conflict.can_be_applied()
            && push_ui(ui, &Push::new(&say("conflict-apply"), Weight::Outlined(Meaning::Plain))).clicked()
        {
            stage.run(Command::ApplyMine(decision));
        }
    });
}

/// Mine, theirs and what changed; whether all of it is there.
fn told_ui(ui: &mut Ui, stage: &Stage<'_>, conflict: &ConflictView) -> bool {
    let now = stage.app.now();
    let age = conflict.at.map(|at| ago::ago(at, now)).unwrap_or_default();
    let mut args = vec![("status", verb::status(conflict.theirs).into()), ("age", age.into())];
    let theirs = match &conflict.by {
        Some(by) => {
            args.push(("by", isolated(by).into()));
            say_with("conflict-theirs", &args)
        }
        None => say_with("conflict-theirs-unnamed", &args),
    };
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
    match &conflict.words {
        TwoWordings::Same => true,
        TwoWordings::Reading => {
            ui.add(Label::new(words(say("conflict-reading"), size::BODY)).wrap());
            false
        }
        TwoWordings::Differ { read, now } => changed_ui(ui, read, now),
    }
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

/// The words as they are now, with what went struck and what came marked; whether they are there.
fn changed_ui(ui: &mut Ui, read: &Arc<str>, current: &Arc<str>) -> bool {
    let palette = Palette::of(ui);
    ui.label(strong(say("conflict-changed"), size::SMALL).color(palette.soft));
    let Some(changes) = compared(ui, read, current) else {
        ui.ctx().request_repaint();
        return false;
    };
    let mut words = Words::default();
    let look = |ink| Hand { face: Face::Plain, points: size::BODY, ink }.style();
    for change in changes.iter() {
        let (said, ink, ground, struck) = match change {
            Change::Same(said) => (said, palette.ink, CLEAR, false),
            Change::Gone(said) => (said, palette.reject, palette.reject_wash, true),
            Change::New(said) => (said, palette.accent, palette.accent_wash, false),
        };
        words.push(said, Style { ground, struck, ..look(ink) });
        words.push("\u{20}", look(ink));
    }
    Frame::new()
        .fill(palette.page)
        .inner_margin(vec2(0.0, gap::TIGHT))
        .show(ui, |ui| block_ui(ui, &Arc::new(words)));
    true
}

/// Two texts that were compared, and what came out.
#[derive(Clone)]
struct Compared {
    read: Arc<str>,
    current: Arc<str>,
    changes: Arc<[Change]>,
    seen_at: u64,
}

/// Comparisons kept at least; more only as long as they are drawn.
const KEPT: usize = 20;

/// What changed between two texts, compared once as long as it is looked at, and one comparison in a frame: `None` until
/// it is its turn.
fn compared(ui: &Ui, read: &Arc<str>, current: &Arc<str>) -> Option<Arc<[Change]>> {
    let id = Id::unique("conflict-compared");
    let frame = ui.ctx().cumulative_frame_nr();
    let (mut kept, compared_at) =
        ui.data(|data| data.get_temp::<(Vec<Compared>, u64)>(id)).unwrap_or_default();
    let known =
        kept.iter_mut().find(|one| Arc::ptr_eq(&one.read, read) && Arc::ptr_eq(&one.current, current));
    let (found, compared_at) = match known {
        Some(one) => {
            one.seen_at = frame;
            (Arc::clone(&one.changes), compared_at)
        }
        None if compared_at == frame => return None,
        None => {
            let changes: Arc<[Change]> = shortened(changed_words(read, current)).into();
            if kept.len() >= KEPT {
                kept.retain(|one| one.seen_at + 1 >= frame);
            }
            let (read, current) = (Arc::clone(read), Arc::clone(current));
            kept.push(Compared { read, current, changes: Arc::clone(&changes), seen_at: frame });
            (changes, frame)
        }
    };
    ui.data_mut(|data| data.insert_temp(id, (kept, compared_at)));
    Some(found)
}

/// Words that stayed, kept on each side of what changed.
const AROUND: usize = 60;
/// Words kept of what went or came in one place, and words kept in all.
const CHANGED_MAX: usize = 400;
const WORDS_MAX: usize = 2_000;
/// Characters of a stretch, in scripts without spaces too.
const CHARS_MAX: usize = 4_000;

/// The changes as they can be looked through: an ellipsis stands for what is left out.
fn shortened(changes: Vec<Change>) -> Vec<Change> {
    let last = changes.len().saturating_sub(1);
    let mut left = WORDS_MAX;
    let mut kept = Vec::new();
    for (at, change) in changes.into_iter().enumerate() {
        if left == 0 {
            kept.push(Change::Same("…".to_owned()));
            break;
        }
        let cut = match change {
            Change::Same(said) => {
                let (head, tail) = (if at == 0 { 0 } else { AROUND }, if at == last { 0 } else { AROUND });
                Change::Same(ends(&said, head, tail))
            }
            Change::Gone(said) => Change::Gone(ends(&said, CHANGED_MAX, 0)),
            Change::New(said) => Change::New(ends(&said, CHANGED_MAX, 0)),
        };
        let (Change::Same(said) | Change::Gone(said) | Change::New(said)) = &cut;
        left = left.saturating_sub(said.split_whitespace().count());
        kept.push(cut);
    }
    kept
}

/// The first `head` and the last `tail` words, where there are more.
fn ends(said: &str, head: usize, tail: usize) -> String {
    let words: Vec<&str> = said.split_whitespace().collect();
    if words.len() <= head + tail {
        return match said.char_indices().nth(CHARS_MAX) {
            Some((end, _)) => format!("{}…", &said[..end]),
            None => said.to_owned(),
        };
    }
    let parts = [words[..head].join("\u{20}"), "…".to_owned(), words[words.len() - tail..].join("\u{20}")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\u{20}")
}

#[cfg(test)]
mod tests {
    use super::{Change, shortened};
    use crate::text::changed_words;

    fn shown(old: &str, new: &str) -> Vec<Change> {
        shortened(changed_words(old, new))
    }

    #[test]
    fn only_the_words_that_changed_are_marked() {
        assert_eq!(
            shown("the mayor knew nothing", "the old mayor knew it"),
            [
                Change::Same("the".into()),
                Change::New("old".into()),
                Change::Same("mayor knew".into()),
                Change::Gone("nothing".into()),
                Change::New("it".into()),
            ]
        );
    }

    #[test]
    fn a_change_far_down_a_long_text_is_shown_with_the_words_around_it() {
        let long = "so ".repeat(30_000);
        let told = shown(&format!("{long}yes {long}"), &format!("{long}no {long}"));
        let around = "so ".repeat(60);
        assert_eq!(
            told,
            [
                Change::Same(format!("… {}", around.trim())),
                Change::Gone("yes".into()),
                Change::New("no".into()),
                Change::Same(format!("{}…", around)),
            ]
        );
    }

    #[test]
    fn words_without_spaces_are_shown_in_short_too() {
        let told = shown("", &"東京".repeat(20_000));
        assert_eq!(told.len(), 1);
        let Some(Change::New(words)) = told.first() else { panic!("{told:?}") };
        assert_eq!(words.chars().count(), super::CHARS_MAX + 1);
    }

    #[test]
    fn what_is_left_out_is_said() {
        let told = shown("", &"new ".repeat(100_000));
        let Some(Change::New(words)) = told.last() else { panic!("{}", told.len()) };
        assert!(words.ends_with("new …") && words.split(' ').count() == 401);
        let (old, new) = ("a b ".repeat(900), "a c ".repeat(900));
        assert_eq!(shown(&old, &new).last(), Some(&Change::Same("…".into())));
    }
}
