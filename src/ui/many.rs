//! Several conflicts, answered together: theirs kept for all, or mine applied to those that were looked at.

use super::ago::count;
use super::font::{caption, strong, words};
use super::hands::Stage;
use super::icon::{Icon, icon};
use super::theme::{Palette, corner, gap, size};
use super::verb;
use super::widget::button::{Meaning, Push, Weight, push_ui};
use crate::app::command::{Command, Compared};
use crate::app::view::{ConflictView, OutboxRow};
use crate::app::words::{say, say_with};
use crate::domain::{BatchId, DecisionId};
use egui::{CornerRadius, Frame, Label, Margin, Ui, vec2};

/// Which conflicts a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    /// Those of one act.
    OfAct,
}

/// The conflicts among some rows.
pub fn conflicts<'a>(rows: &[&'a OutboxRow]) -> Vec<&'a OutboxRow> {
    rows.iter().copied().filter(|row| row.conflict.is_some()).collect()
}

/// Acts with several conflicts, unless one act has all of them.
pub fn acts(conflicts: &[&OutboxRow]) -> Vec<BatchId> {
    let of = |act: BatchId| conflicts.iter().filter(|row| row.act == act).count();
    let mut acts: Vec<BatchId> = Vec::new();
    for row in conflicts {
        if !acts.contains(&row.act) && of(row.act) > 1 && of(row.act) < conflicts.len() {
            acts.push(row.act);
        }
    }
    acts
}

/// Draws the question above the conflicts that it is about.
pub fn many_ui(ui: &mut Ui, stage: &mut Stage<'_>, which: Which, conflicts: &[&OutboxRow]) {
    let palette = Palette::of(ui);
    let frame = Frame::new()
        .fill(palette.spam_wash)
        .corner_radius(CornerRadius::same(corner::LARGE))
        .inner_margin(Margin::symmetric(16, 12));
    let title = title(which, conflicts);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::SMALL);
        ui.horizontal(|ui| {
            ui.label(icon(Icon::TriangleAlert, 17.0).color(palette.spam));
            ui.add(Label::new(strong(title.as_str(), size::BODY)).wrap());
        });
        if which == Which::All {
            ui.add(Label::new(words(say("conflict-many-why"), size::SMALL).color(palette.soft)).wrap());
        }
        answers_ui(ui, stage, &title, conflicts);
    });
    ui.add_space(gap::TIGHT);
}

fn title(which: Which, conflicts: &[&OutboxRow]) -> String {
    let mut args = vec![("n", conflicts.len().into()), ("shown", count(conflicts.len() as u64).into())];
    let verb = conflicts.first().map(|row| row.verb);
    let is_one_verb = conflicts.iter().all(|row| Some(row.verb) == verb);
    match (which, verb.filter(|_| is_one_verb)) {
        (Which::All, _) => say_with("conflict-many", &args),
        (Which::OfAct, Some(verb)) => {
            args.push(("verb", verb::title(verb).into()));
            say_with("conflict-many-act", &args)
        }
        (Which::OfAct, None) => say_with("conflict-many-mixed", &args),
    }
}

fn answers_ui(ui: &mut Ui, stage: &mut Stage<'_>, title: &str, conflicts: &[&OutboxRow]) {
    let palette = Palette::of(ui);
    let now = ui.input(|input| input.time);
    let applicable: Vec<Compared> = conflicts
        .iter()
        .filter(|row| row.conflict.as_ref().is_some_and(ConflictView::can_be_applied))
        .filter_map(|row| compared(row))
        .collect();
    let seen: Vec<Compared> =
        applicable.iter().copied().filter(|what| stage.focus.looked.has_seen(*what, now)).collect();
    let shown = |of: usize| [("n", of.into()), ("shown", count(of as u64).into())];
    ui.horizontal_wrapped(|ui| {
        let keep = say_with("conflict-keep-all", &shown(conflicts.len()));
        let spoken = format!("{keep}, {title}");
        if push_ui(ui, &Push::new(&keep, Weight::Primary).spoken(&spoken)).clicked() {
            let ids: Vec<DecisionId> = conflicts.iter().map(|row| row.id).collect();
            stage.run(Command::KeepAll(ids));
        }
        if !seen.is_empty() {
            let is_all = seen.len() == conflicts.len();
            let key = if is_all { "conflict-apply-all" } else { "conflict-apply-some" };
            let apply = say_with(key, &shown(seen.len()));
            let spoken = format!("{apply}, {title}");
            let push = Push::new(&apply, Weight::Outlined(Meaning::Plain)).spoken(&spoken);
            if push_ui(ui, &push).clicked() {
                stage.run(Command::ApplyAll(seen.clone()));
            }
        }
    });
    let beyond = |row: &&&OutboxRow| row.conflict.as_ref().is_some_and(|c| c.unreadable || c.is_gone());
    let beyond = conflicts.iter().filter(beyond).count();
    let unseen = conflicts.len() - beyond - seen.len();
    for (n, key) in [(unseen, "conflict-unseen"), (beyond, "conflict-not-applicable")] {
        if n > 0 {
            ui.add(Label::new(caption(say_with(key, &shown(n))).color(palette.soft)).wrap());
        }
    }
}

/// A row's conflict as it stands there.
pub fn compared(row: &OutboxRow) -> Option<Compared> {
    row.conflict.as_ref().map(|conflict| conflict.compared(row.id))
}
