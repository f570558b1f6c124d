//! One table of everything the hands can do: its words, its keys, its place in the key sheet. Keys never reach the desk by
//! another way, so a remapping needs to change only this table.

use egui::{Context, Event, Key, Modifiers};

/// What a hand wants. The words are `hand-<id>` in the words file, with `.spoken` for screen readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hand {
    Next,
    Previous,
    First,
    Last,
    Approve,
    Reject,
    Spam,
    Park,
    Note,
    Restore,
    Undo,
    Redo,
    PageDown,
    PageUp,
    Article,
    Focus,
    Sites,
    Search,
    Outbox,
    Arrived,
    Refresh,
    Connect,
    Source,
    Private,
    Reveal,
    Soften,
    Keys,
    Theme,
    Larger,
    Smaller,
    Actual,
    Leave,
}

/// Where a hand stands in the key sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    Decide,
    Move,
    Read,
    Desk,
}

impl Group {
    /// All of them in the order of the sheet.
    pub const ALL: [Self; 4] = [Self::Decide, Self::Move, Self::Read, Self::Desk];

    /// The key of its heading in the words file.
    pub fn title(self) -> &'static str {
        match self {
            Self::Decide => "keys-decide",
            Self::Move => "keys-move",
            Self::Read => "keys-read",
            Self::Desk => "keys-desk",
        }
    }
}

/// A key with what is held beside it. `command` is Ctrl, or ⌘ on a Mac.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    pub key: Key,
    pub command: bool,
    pub shift: bool,
}

const fn key(key: Key) -> Chord {
    Chord { key, command: false, shift: false }
}

const fn shift(key: Key) -> Chord {
    Chord { key, command: false, shift: true }
}

const fn command(key: Key) -> Chord {
    Chord { key, command: true, shift: false }
}

/// Keeps what is written in a field of several lines.
pub const ENTER: Chord = command(Key::Enter);

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub hand: Hand,
    pub id: &'static str,
    pub group: Group,
    /// The first is the one shown.
    pub chords: &'static [Chord],
    /// Decides, or takes back: a key held down does it once.
    pub once: bool,
}

const fn entry(hand: Hand, id: &'static str, group: Group, chords: &'static [Chord]) -> Entry {
    Entry { hand, id, group, chords, once: false }
}

const fn deciding(hand: Hand, id: &'static str, chords: &'static [Chord]) -> Entry {
    Entry { hand, id, group: Group::Decide, chords, once: true }
}

/// The preset *Desk*.
pub const TABLE: &[Entry] = &[
    deciding(Hand::Approve, "approve", &[key(Key::A)]),
    deciding(Hand::Reject, "reject", &[key(Key::R)]),
    deciding(Hand::Spam, "spam", &[key(Key::S)]),
    deciding(Hand::Park, "park", &[key(Key::P)]),
    deciding(Hand::Note, "note", &[key(Key::N)]),
    deciding(Hand::Restore, "restore", &[key(Key::B)]),
    deciding(Hand::Undo, "undo", &[command(Key::Z)]),
    deciding(Hand::Redo, "redo", &[Chord { key: Key::Z, command: true, shift: true }, command(Key::Y)]),
    entry(Hand::Next, "next", Group::Move, &[key(Key::J), key(Key::ArrowDown)]),
    entry(Hand::Previous, "previous", Group::Move, &[key(Key::K), key(Key::ArrowUp)]),
    entry(Hand::First, "first", Group::Move, &[key(Key::Home)]),
    entry(Hand::Last, "last", Group::Move, &[key(Key::End)]),
    entry(Hand::Arrived, "arrived", Group::Move, &[key(Key::Period)]),
    entry(Hand::Search, "search", Group::Move, &[key(Key::Slash), command(Key::F)]),
    entry(Hand::PageDown, "page-down", Group::Read, &[key(Key::Space), key(Key::PageDown)]),
    entry(Hand::PageUp, "page-up", Group::Read, &[shift(Key::Space), key(Key::PageUp)]),
    entry(Hand::Article, "article", Group::Read, &[key(Key::G)]),
    entry(Hand::Focus, "focus", Group::Read, &[key(Key::F)]),
    entry(Hand::Source, "source", Group::Read, &[key(Key::V)]),
    entry(Hand::Private, "private", Group::Read, &[key(Key::I)]),
    entry(Hand::Reveal, "reveal", Group::Read, &[key(Key::H)]),
    entry(Hand::Soften, "soften", Group::Desk, &[shift(Key::H)]),
    entry(Hand::Outbox, "outbox", Group::Desk, &[key(Key::O)]),
    entry(Hand::Sites, "sites", Group::Desk, &[key(Key::L)]),
    entry(Hand::Refresh, "refresh", Group::Desk, &[key(Key::F5), command(Key::R)]),
    entry(Hand::Connect, "connect", Group::Desk, &[command(Key::N)]),
    entry(Hand::Theme, "theme", Group::Desk, &[command(Key::D)]),
    entry(Hand::Larger, "larger", Group::Desk, &[command(Key::Plus), command(Key::Equals)]),
    entry(Hand::Smaller, "smaller", Group::Desk, &[command(Key::Minus)]),
    entry(Hand::Actual, "actual", Group::Desk, &[command(Key::Num0)]),
    entry(Hand::Keys, "keys", Group::Desk, &[key(Key::Questionmark), key(Key::F1)]),
    entry(Hand::Leave, "leave", Group::Desk, &[key(Key::Escape)]),
];

/// The row of `hand`.
pub fn row(hand: Hand) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.hand == hand)
}

/// The key of `hand` as it is shown: `A`, `Ctrl Z`, `⌘Z`.
pub fn shown(hand: Hand) -> String {
    row(hand).and_then(|entry| entry.chords.first()).map(|chord| chord_shown(*chord)).unwrap_or_default()
}

/// A chord as it is printed on a key cap.
pub fn chord_shown(chord: Chord) -> String {
    let mac = cfg!(target_os = "macos");
    let mut parts = Vec::new();
    if chord.command {
        parts.push(if mac { "⌘" } else { "Ctrl" }.to_owned());
    }
    if chord.shift {
        parts.push("Shift".to_owned());
    }
    parts.push(match chord.key {
        Key::ArrowDown => "↓".to_owned(),
        Key::ArrowUp => "↑".to_owned(),
        Key::Escape => "Esc".to_owned(),
        Key::PageDown => "PgDn".to_owned(),
        Key::PageUp => "PgUp".to_owned(),
        Key::Slash => "/".to_owned(),
        Key::Questionmark => "?".to_owned(),
        Key::Period => ".".to_owned(),
        Key::Plus => "+".to_owned(),
        Key::Equals => "=".to_owned(),
        Key::Minus => "−".to_owned(),
        other => other.name().to_owned(),
    });
    parts.join("+")
}

/// A hand that the keyboard asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pressed {
    pub hand: Hand,
    /// The key is held down and repeats.
    pub repeated: bool,
}

/// Takes out of `ctx`'s input what the table knows. Single keys are left alone while a text field has the focus, and the
/// keys that work the focused widget while any widget has it. A text that is read is worked by none that turn a page.
pub fn take(ctx: &Context, list_focused: bool, text_focused: bool) -> Vec<Pressed> {
    let mut writing = ctx.text_edit_focused();
    let widget_focused = !list_focused && ctx.memory(|memory| memory.focused().is_some());
    let mut pressed = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Some((entry, chord, repeated)) = meant(event) else { return true };
            let plain =
                !chord.command && chord.key != Key::Escape && chord.key != Key::F1 && chord.key != Key::F5;
            let works_widget = matches!(
                chord.key,
                Key::Space
                    | Key::ArrowDown
                    | Key::ArrowUp
                    | Key::Home
                    | Key::End
                    | Key::PageDown
                    | Key::PageUp
            );
            let edits = matches!(chord.key, Key::Z | Key::Y) && chord.command;
            let turns_page = matches!(entry.hand, Hand::PageDown | Hand::PageUp);
            let kept = widget_focused && works_widget && !(text_focused && turns_page);
            if (writing && (plain || edits)) || kept {
                return true;
            }
            pressed.push(Pressed { hand: entry.hand, repeated });
            // What comes after it in the same frame is meant for the field that is about to have the focus.
            writing |= matches!(entry.hand, Hand::Search | Hand::Note);
            false
        });
    });
    pressed
}

/// Whether a key of `hand` is held down, and nobody writes.
pub fn holds(ctx: &Context, hand: Hand) -> bool {
    let chords = row(hand).map(|entry| entry.chords).unwrap_or_default();
    let down = ctx.input(|input| {
        let Modifiers { alt, shift, command, .. } = input.modifiers;
        let held = |chord: &Chord| {
            input.key_down(chord.key) && (chord.command, chord.shift, false) == (command, shift, alt)
        };
        chords.iter().any(held)
    });
    down && !ctx.text_edit_focused()
}

/// The table's row that a key press means.
fn meant(event: &Event) -> Option<(&'static Entry, Chord, bool)> {
    let Event::Key { key, physical_key, pressed: true, repeat, modifiers } = event else { return None };
    if modifiers.alt {
        return None;
    }
    let chord = chord_of(*key, *physical_key, *modifiers);
    let entry = TABLE.iter().find(|entry| entry.chords.contains(&chord))?;
    Some((entry, chord, *repeat))
}

/// What was pressed, whatever the layout. The logical key counts where it is a Latin letter or a digit; for symbols Shift
/// is part of the key, not of the chord. On layouts without Latin letters the windowing layer already reports the
/// physical key as the logical one; a symbol found there (Russian has `.` on the key of `/`) yields to the physical one.
fn chord_of(key: Key, physical: Option<Key>, modifiers: Modifiers) -> Chord {
    let known = |key: Key| TABLE.iter().flat_map(|entry| entry.chords).any(|chord| chord.key == key);
    let mut key = key;
    if let Some(physical) = physical
        && !known(key)
        && known(physical)
    {
        key = physical;
    }
    let mut shift = modifiers.shift;
    if key == Key::Slash && shift && physical == Some(Key::Slash) {
        key = Key::Questionmark;
    }
    let symbol =
        matches!(key, Key::Slash | Key::Questionmark | Key::Period | Key::Plus | Key::Equals | Key::Minus);
    if symbol {
        shift = false;
    }
    Chord { key, command: modifiers.command, shift }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::words;

    fn press(key: Key, physical: Option<Key>, modifiers: Modifiers) -> Option<Hand> {
        let event = Event::Key { key, physical_key: physical, pressed: true, repeat: false, modifiers };
        meant(&event).map(|(entry, _, _)| entry.hand)
    }

    #[test]
    fn every_hand_has_its_words() {
        for entry in TABLE {
            for key in [format!("hand-{}", entry.id), format!("hand-{}.spoken", entry.id)] {
                assert!(words::knows(&key), "{key}");
            }
        }
        for group in Group::ALL {
            assert!(words::knows(group.title()));
        }
    }

    #[test]
    fn no_key_means_two_things() {
        let mut seen = std::collections::HashSet::new();
        for chord in TABLE.iter().flat_map(|entry| entry.chords) {
            assert!(seen.insert(*chord), "{chord:?}");
        }
    }

    #[test]
    fn letters_decide_and_move() {
        assert_eq!(press(Key::A, Some(Key::A), Modifiers::NONE), Some(Hand::Approve));
        assert_eq!(press(Key::J, None, Modifiers::NONE), Some(Hand::Next));
        assert_eq!(press(Key::A, Some(Key::A), Modifiers::SHIFT), None);
        assert_eq!(press(Key::A, Some(Key::A), Modifiers::ALT), None);
    }

    #[test]
    fn a_latin_letter_counts_by_its_letter_on_any_layout() {
        // On Dvorak the key of A is A, the key of S is O.
        assert_eq!(press(Key::O, Some(Key::S), Modifiers::NONE), Some(Hand::Outbox));
    }

    #[test]
    fn keys_of_layouts_without_latin_letters_count_by_their_place() {
        // Russian: the windowing layer reports a key that no table knows, or the physical one.
        assert_eq!(press(Key::A, Some(Key::A), Modifiers::NONE), Some(Hand::Approve));
        assert_eq!(press(Key::Backtick, Some(Key::R), Modifiers::NONE), Some(Hand::Reject));
    }

    #[test]
    fn the_question_mark_is_found_however_it_is_made() {
        assert_eq!(press(Key::Questionmark, Some(Key::Slash), Modifiers::SHIFT), Some(Hand::Keys));
        assert_eq!(press(Key::Slash, Some(Key::Slash), Modifiers::SHIFT), Some(Hand::Keys));
        // German: Shift and 7 make a slash.
        assert_eq!(press(Key::Slash, Some(Key::Num7), Modifiers::SHIFT), Some(Hand::Search));
    }

    #[test]
    fn undo_and_redo_are_told_apart() {
        assert_eq!(press(Key::Z, Some(Key::Z), Modifiers::COMMAND), Some(Hand::Undo));
        let both = Modifiers { shift: true, ..Modifiers::COMMAND };
        assert_eq!(press(Key::Z, Some(Key::Z), both), Some(Hand::Redo));
    }
}
