//! What each hand does: moves what the window shows, or wishes for a command. The one place where a key, a button and a
//! menu become the same thing.

use super::focus::{Focus, Screen};
use super::keys::{self, Hand};
use crate::app::command::Command;
use crate::app::words::{say, say_with};
use crate::app::{App, ThemeChoice};
use crate::domain::CommentId;
use egui::Context;

/// What a frame collected, to be done after drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    Hand(Hand),
    Run(Command),
    Open(CommentId),
    /// Show an address before following it.
    Link(String),
}

/// What the screens draw from and write their wishes to.
pub struct Stage<'a> {
    pub app: &'a mut App,
    pub focus: &'a mut Focus,
    pub wishes: &'a mut Vec<Wish>,
}

impl Stage<'_> {
    /// Wishes for a command.
    pub fn run(&mut self, command: Command) {
        self.wishes.push(Wish::Run(command));
    }

    /// Wishes for a hand.
    pub fn hand(&mut self, hand: Hand) {
        self.wishes.push(Wish::Hand(hand));
    }
}

/// The hand that a card's command belongs to.
pub fn hand_of(command: &Command) -> Option<Hand> {
    match command {
        Command::Approve(_) => Some(Hand::Approve),
        Command::Reject(_) => Some(Hand::Reject),
        Command::Spam(_) => Some(Hand::Spam),
        Command::Restore(_) => Some(Hand::Restore),
        Command::Park(_) => Some(Hand::Park),
        _ => None,
    }
}

/// Does what `hand` means. `by_key` tells a key from a button.
pub fn hand(stage: &mut Stage<'_>, ctx: &Context, hand: Hand, by_key: bool) {
    let now = ctx.input(|input| input.time);
    match hand {
        Hand::Approve | Hand::Reject | Hand::Spam | Hand::Park | Hand::Restore => {
            decide(stage, hand, now, by_key);
        }
        Hand::Undo => undo(stage, now),
        Hand::Redo => redo(stage, now),
        Hand::Refresh => stage.run(Command::Refresh(stage.app.place().site)),
        Hand::Arrived => stage.run(Command::ShowArrived),
        Hand::Theme => {
            let next = match stage.app.settings().theme {
                ThemeChoice::System => ThemeChoice::Light,
                ThemeChoice::Light => ThemeChoice::Dark,
                ThemeChoice::Dark => ThemeChoice::System,
            };
            stage.app.set_theme(next);
        }
        Hand::Soften => soften(stage, now),
        // As long as it is held; only that there is nothing to show is said.
        Hand::Reveal if !stage.app.settings().soften => {
            let key = keys::shown(Hand::Soften);
            stage.focus.say(say_with("hint-nothing-soft", &[("key", key.into())]), now);
        }
        Hand::Larger => zoom(stage, 0.1),
        Hand::Smaller => zoom(stage, -0.1),
        Hand::Actual => stage.app.set_zoom(1.0),
        _ => look(stage, ctx, hand),
    }
}

/// Hands that only change what is shown.
fn look(stage: &mut Stage<'_>, ctx: &Context, hand: Hand) {
    let focus = &mut *stage.focus;
    match hand {
        Hand::Next => focus.step(1),
        Hand::Previous => focus.step(-1),
        Hand::First => focus.go(0),
        Hand::Last => focus.go(focus.last()),
        Hand::PageDown => focus.pages += 1,
        Hand::PageUp => focus.pages -= 1,
        Hand::Article => focus.asked.article = !focus.asked.article,
        Hand::Sites => focus.asked.sites = !focus.asked.sites,
        Hand::Focus => {
            focus.asked.focus = !focus.asked.focus;
            focus.screen = Screen::Desk;
        }
        Hand::Search => {
            focus.screen = Screen::Desk;
            focus.asked.focus = false;
            focus.asked.queue = true;
            focus.search_wanted = true;
        }
        // Only on what is on screen.
        Hand::Note if focus.screen == Screen::Desk && focus.seen_since.is_some() => {
            focus.note_of = focus.open;
            focus.note_wanted = true;
        }
        Hand::Outbox => {
            focus.screen = if focus.screen == Screen::Outbox { Screen::Desk } else { Screen::Outbox }
        }
        Hand::Connect => focus.screen = Screen::Connect,
        Hand::Source => focus.source_of = if focus.source_of.is_some() { None } else { focus.open },
        Hand::Private => focus.private_of = if focus.private_of.is_some() { None } else { focus.open },
        Hand::Keys => focus.keys_open = !focus.keys_open,
        Hand::Leave => leave(stage, ctx),
        _ => {}
    }
}

/// Esc: leaves the innermost thing that is open.
fn leave(stage: &mut Stage<'_>, ctx: &Context) {
    let focus = &mut *stage.focus;
    if focus.keys_open {
        focus.keys_open = false;
    } else if focus.link.take().is_some() {
    } else if focus.note_of.take().is_some() {
        ctx.memory_mut(|memory| memory.stop_text_input());
    } else if ctx.text_edit_focused() || !focus.search.is_empty() {
        ctx.memory_mut(|memory| memory.stop_text_input());
        if !focus.search.is_empty() {
            focus.search.clear();
            stage.wishes.push(Wish::Run(Command::Search(String::new())));
        }
    } else if focus.screen != Screen::Desk {
        focus.screen = Screen::Desk;
    } else if focus.asked != super::columns::Asked::default() {
        focus.asked = super::columns::Asked::default();
    } else {
        ctx.memory_mut(|memory| {
            if let Some(id) = memory.focused() {
                memory.surrender_focus(id);
            }
        });
    }
}

fn soften(stage: &mut Stage<'_>, now: f64) {
    let on = !stage.app.settings().soften;
    stage.app.set_soften(on);
    let key = keys::shown(Hand::Reveal);
    let words = if on { say_with("hint-soft", &[("key", key.into())]) } else { say("hint-not-soft") };
    stage.focus.say(words, now);
}

fn zoom(stage: &mut Stage<'_>, by: f32) {
    let zoom = ((stage.app.settings().zoom + by) * 10.0).round() / 10.0;
    stage.app.set_zoom(zoom.clamp(0.8, 2.0));
}

fn decide(stage: &mut Stage<'_>, hand: Hand, now: f64, by_key: bool) {
    let Some(id) = stage.focus.open else { return };
    if stage.focus.screen != Screen::Desk {
        return;
    }
    let Some(card) = stage.app.card(id) else { return };
    if !card.reading && !stage.focus.seen(now, by_key) {
        stage.focus.say(say("hint-too-soon"), now);
        return;
    }
    let Some(act) = card.acts.into_iter().find(|act| hand_of(&act.command) == Some(hand)) else {
        stage.focus.say(say("hint-not-offered"), now);
        return;
    };
    if let Some(why) = act.not_offered {
        stage.focus.say(why, now);
        return;
    }
    // At once: by the time wishes are granted the next card is drawn, and the words decided on would be forgotten.
    stage.app.run(act.command);
    let app = &mut *stage.app;
    stage.focus.decided(|next| app.decided(next));
}

fn undo(stage: &mut Stage<'_>, now: f64) {
    if stage.app.can_undo() {
        // At once, as a decision: what fails later in this frame must not take it along.
        stage.app.run(Command::Undo);
        stage.focus.undone();
    } else {
        stage.focus.say(say("hint-nothing-to-undo"), now);
    }
}

fn redo(stage: &mut Stage<'_>, now: f64) {
    if stage.app.can_redo() {
        stage.app.run(Command::Redo);
        let app = &mut *stage.app;
        stage.focus.redone(|next| app.decided(next));
    } else {
        stage.focus.say(say("hint-nothing-to-redo"), now);
    }
}
