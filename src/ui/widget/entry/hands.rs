//! What keyboard, clipboard and input method do to a field. The arrows move over the screen: Left is left whichever way
//! the words run, as in the field's neighbours on most systems. Backspace takes the last mark off its letter and an emoji
//! as a whole; Delete takes a letter with its marks.

use super::state::{State, Tools};
use crate::ui::widget::text::Ink;
use egui::{Event, ImeEvent, Key, Modifiers};
use parley::editing::PlainEditorDriver;
use std::borrow::Cow;
use std::num::NonZeroUsize;
use unicode_segmentation::UnicodeSegmentation as _;

/// What a field takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    pub multiline: bool,
    /// Characters; what is over is left out and said.
    pub chars_max: usize,
    /// Words are jumped over with Alt, lines with ⌘.
    pub mac: bool,
}

/// What came of a frame's events beside the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Did {
    /// Enter in a field of one line, Ctrl and Enter in any.
    pub entered: bool,
    /// For the clipboard.
    pub copied: Option<String>,
}

/// Takes in a frame's events.
pub fn take(state: &mut State, tools: Tools<'_>, events: &[Event], rules: Rules) -> Did {
    let (fonts, shaper) = tools;
    let mut did = Did::default();
    for event in events {
        match event {
            Event::Copy => did.copied = state.editor.selected_text().map(str::to_owned).or(did.copied),
            Event::Cut => {
                if let Some(chosen) = state.editor.selected_text().map(str::to_owned) {
                    did.copied = Some(chosen);
                    state.cut = false;
                    state.driver((fonts, shaper)).delete_selection();
                }
            }
            Event::Paste(text) => insert(state, (fonts, shaper), text, rules),
            // A line break comes as a key.
            Event::Text(text) if text != "\n" && text != "\r" => insert(state, (fonts, shaper), text, rules),
            Event::Ime(event) => compose(state, (fonts, shaper), event, rules),
            Event::Key { key, pressed: true, modifiers, .. } => {
                did.entered |= press(state, (fonts, shaper), *key, *modifiers, rules);
            }
            _ => {}
        }
    }
    did
}

/// Puts a text in place of what is selected, as far as there is room.
pub fn insert(state: &mut State, tools: Tools<'_>, text: &str, rules: Rules) {
    let text = cleaned(text, rules.multiline);
    if text.is_empty() {
        return;
    }
    let chosen = state.editor.selected_text().map_or(0, |chosen| chosen.chars().count());
    let stays = state.editor.text().chars().count() - chosen;
    let part = beginning(&text, rules.chars_max.saturating_sub(stays));
    state.cut = part.len() < text.len();
    if !part.is_empty() {
        state.driver(tools).insert_or_replace_selection(part);
    }
}

/// Line breaks of every make become one; in a field of one line, a space.
fn cleaned(text: &str, multiline: bool) -> Cow<'_, str> {
    let breaks = ['\r', '\n', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    if !text.contains(breaks) {
        return Cow::Borrowed(text);
    }
    let one = if multiline { "\n" } else { "\u{20}" };
    Cow::Owned(text.replace("\r\n", one).replace(breaks, one))
}

/// At most `chars_max` characters, cut between letters, never between a letter and its marks.
fn beginning(text: &str, chars_max: usize) -> &str {
    let mut chars = 0;
    let mut end = 0;
    for (at, letter) in text.grapheme_indices(true) {
        chars += letter.chars().count();
        if chars > chars_max {
            break;
        }
        end = at + letter.len();
    }
    &text[..end]
}

fn compose(state: &mut State, tools: Tools<'_>, event: &ImeEvent, rules: Rules) {
    let composing = state.editor.is_composing();
    match event {
        ImeEvent::Preedit { text, active_range_chars } if !text.is_empty() => {
            let byte = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
            let active = active_range_chars.as_ref().map(|range| (byte(range.start), byte(range.end)));
            let end = (text.len(), text.len());
            state.driver(tools).set_compose(text, Some(active.unwrap_or(end)));
        }
        ImeEvent::Preedit { .. } if composing => state.driver(tools).clear_compose(),
        ImeEvent::Commit(text) => {
            let (fonts, shaper) = tools;
            if composing {
                state.driver((fonts, shaper)).clear_compose();
            }
            if text != "\n" && text != "\r" {
                insert(state, (fonts, shaper), text, rules);
            }
        }
        ImeEvent::DeleteSurrounding { before_chars, after_chars } => {
            let chosen = state.editor.raw_selection().text_range();
            let raw = state.editor.raw_text();
            let before = raw[..chosen.start].chars().rev().take(*before_chars).map(char::len_utf8).sum();
            let after = raw[chosen.end..].chars().take(*after_chars).map(char::len_utf8).sum();
            let mut driver = state.driver(tools);
            if let Some(after) = NonZeroUsize::new(after) {
                driver.delete_bytes_after_selection(after);
            }
            if let Some(before) = NonZeroUsize::new(before) {
                driver.delete_bytes_before_selection(before);
            }
        }
        _ => {}
    }
}

/// One key; true when the field was entered.
fn press(state: &mut State, tools: Tools<'_>, key: Key, modifiers: Modifiers, rules: Rules) -> bool {
    // While an input method composes, its keys are not ours.
    if state.editor.is_composing() {
        return false;
    }
    let redoes = key == Key::Y || (key == Key::Z && modifiers.shift);
    match key {
        Key::Enter if modifiers.command || !rules.multiline => return true,
        Key::Enter => insert(state, tools, "\n", rules),
        Key::Z | Key::Y if modifiers.command => state.go_back(redoes, tools),
        Key::A if modifiers.command => state.driver(tools).select_all(),
        Key::Backspace | Key::Delete => {
            state.cut = false;
            erase(&mut state.driver(tools), key, modifiers, rules);
        }
        _ => travel(&mut state.driver(tools), key, modifiers, rules),
    }
    false
}

fn by_word(modifiers: Modifiers, rules: Rules) -> bool {
    if rules.mac { modifiers.alt } else { modifiers.ctrl }
}

fn erase(driver: &mut PlainEditorDriver<'_, Ink>, key: Key, modifiers: Modifiers, rules: Rules) {
    match (key, by_word(modifiers, rules)) {
        (Key::Backspace, false) => backspace(driver),
        (Key::Backspace, true) => driver.backdelete_word(),
        // Shift and Delete is cutting, which comes as such.
        _ if modifiers.shift => {}
        (_, false) => driver.delete(),
        (_, true) => driver.delete_word(),
    }
}

/// The engine takes flags and key caps, which are an emoji by their second half, apart.
fn backspace(driver: &mut PlainEditorDriver<'_, Ink>) {
    let selection = driver.editor.raw_selection();
    let before = driver.editor.raw_text().get(..selection.focus().index()).unwrap_or_default();
    let letter = before.graphemes(true).next_back().filter(|_| selection.is_collapsed()).unwrap_or_default();
    let is_flag = |c: char| ('\u{1F1E6}'..='\u{1F1FF}').contains(&c) || c == '\u{20E3}';
    match NonZeroUsize::new(letter.len()) {
        Some(long) if letter.contains(is_flag) => driver.delete_bytes_before_selection(long),
        _ => driver.backdelete(),
    }
}

fn travel(driver: &mut PlainEditorDriver<'_, Ink>, key: Key, modifiers: Modifiers, rules: Rules) {
    let (extend, word) = (modifiers.shift, by_word(modifiers, rules));
    let edge = rules.mac && modifiers.mac_cmd;
    let whole = modifiers.command;
    driver.refresh_layout();
    let here = *driver.editor.raw_selection();
    let Some(layout) = driver.editor.try_layout() else { return };
    let there = match key {
        Key::ArrowLeft if edge && layout.is_rtl() => here.line_end(layout, extend),
        Key::ArrowLeft if edge => here.line_start(layout, extend),
        Key::ArrowRight if edge && layout.is_rtl() => here.line_start(layout, extend),
        Key::ArrowRight if edge => here.line_end(layout, extend),
        Key::ArrowLeft if word => here.previous_visual_word(layout, extend),
        Key::ArrowLeft => here.previous_visual(layout, extend),
        Key::ArrowRight if word => here.next_visual_word(layout, extend),
        Key::ArrowRight => here.next_visual(layout, extend),
        Key::ArrowUp if edge => here.move_lines(layout, isize::MIN, extend),
        Key::ArrowDown if edge => here.move_lines(layout, isize::MAX, extend),
        Key::ArrowUp => here.previous_line(layout, extend),
        Key::ArrowDown => here.next_line(layout, extend),
        Key::Home if whole => here.move_lines(layout, isize::MIN, extend),
        Key::Home => here.line_start(layout, extend),
        Key::End if whole => here.move_lines(layout, isize::MAX, extend),
        Key::End => here.line_end(layout, extend),
        _ => return,
    };
    driver.set_selection(there);
}
