//! A field driven by events alone, with the embedded fonts: what stands in it, and where on screen its caret is.

use super::hands::{Did, Rules, take};
use super::state::{Dress, State};
use crate::ui::font::Face;
use crate::ui::theme::LIGHT;
use crate::ui::widget::text::{Ink, Style, fonts_for_tests};
use egui::{Event, ImeEvent, Key, Modifiers};
use parley::{FontContext, LayoutContext};

mod drawn;

const LINE: Rules = Rules { multiline: false, chars_max: 4_000, mac: false };
const PAGE: Rules = Rules { multiline: true, ..LINE };
const MIXED: &str = "ښه abc 123";

struct Field {
    state: State,
    fonts: FontContext,
    shaper: LayoutContext<Ink>,
    rules: Rules,
    now: f64,
}

fn field(rules: Rules, text: &str) -> Field {
    let mut field = Field {
        state: State::default(),
        fonts: fonts_for_tests(),
        shaper: LayoutContext::new(),
        rules,
        now: 0.0,
    };
    let style = Style::new(Face::Plain, 16.0, 24.0, LIGHT.ink);
    let dress = Dress { style, scale: 1.0, width: rules.multiline.then_some(300.0) };
    field.state.dress(dress, text, (&mut field.fonts, &mut field.shaper));
    field
}

impl Field {
    fn take(&mut self, event: Event) -> Did {
        self.now += 0.1;
        self.state.remember(self.now);
        let did = take(&mut self.state, (&mut self.fonts, &mut self.shaper), &[event], self.rules);
        self.state.remember(self.now);
        did
    }

    fn typed(&mut self, text: &str) {
        for letter in text.chars() {
            self.take(Event::Text(letter.to_string()));
        }
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) -> Did {
        self.take(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers })
    }

    fn key(&mut self, key: Key) {
        self.press(Modifiers::NONE, key);
    }

    fn paste(&mut self, text: &str) {
        self.take(Event::Paste(text.to_owned()));
    }

    /// So long that what stands there is a step of its own.
    fn rests(&mut self) {
        self.now += 2.0;
        self.state.remember(self.now);
    }

    fn text(&self) -> String {
        self.state.editor.text().to_string()
    }

    fn caret(&self) -> f64 {
        self.state.editor.cursor_geometry(0.0).unwrap().x0
    }

    fn index(&self) -> usize {
        self.state.editor.raw_selection().focus().index()
    }

    fn copied(&mut self) -> String {
        self.take(Event::Copy).copied.unwrap_or_default()
    }

    /// From the left to the right of the screen: each letter with its left and right edge.
    fn seen(&mut self) -> Vec<(String, f64, f64)> {
        let laid = self.state.laid((&mut self.fonts, &mut self.shaper));
        let text = self.state.editor.raw_text().to_owned();
        let line = laid.layout.lines().next().unwrap();
        let mut x = f64::from(line.metrics().offset);
        let mut seen = Vec::new();
        for cluster in line.runs().flat_map(|run| run.visual_clusters().collect::<Vec<_>>()) {
            let wide = f64::from(cluster.advance());
            seen.push((text[cluster.text_range()].to_owned(), x, x + wide));
            x += wide;
        }
        seen
    }

    fn edges(&mut self, letter: &str) -> (f64, f64) {
        let (_, left, right) = self.seen().into_iter().find(|(seen, ..)| seen == letter).unwrap();
        (left, right)
    }
}

#[track_caller]
fn same(a: f64, b: f64) {
    assert!((a - b).abs() < 1.5, "{a} is not {b}");
}

#[test]
fn what_is_typed_in_two_directions_stands_as_it_will_be_sent() {
    let mut field = field(LINE, "");
    field.typed("ښه");
    let (left, _) = field.edges("ه");
    same(field.caret(), left);
    field.typed(" abc");
    let (_, right) = field.edges("c");
    same(field.caret(), right);
    field.typed(" 123");
    let (_, right) = field.edges("3");
    same(field.caret(), right);
    assert_eq!(field.text(), MIXED);
    let order: String = field.seen().into_iter().map(|(letter, ..)| letter).collect();
    assert_eq!(order, "abc 123 هښ");
    assert!(field.state.laid((&mut field.fonts, &mut field.shaper)).rtl());
    field.typed(" ۲۰");
    let (_, right) = field.edges("۰");
    assert!(field.caret() <= right + 1.5, "digits of the script run on to the left of what was there");
}

#[test]
fn words_from_the_right_start_at_the_right_edge_of_a_field() {
    let inner = egui::Rect::from_min_size(egui::pos2(20.0, 0.0), egui::vec2(300.0, 72.0));
    for rules in [LINE, PAGE] {
        for (text, edge) in
            [("ښه", inner.right()), ("ښه ورځ but check 12 مهم", inner.right()), ("abc", inner.left())]
        {
            let mut field = field(rules, text);
            field.press(Modifiers::COMMAND, Key::Home);
            let laid = field.state.laid((&mut field.fonts, &mut field.shaper));
            let corner = super::corner_of(&laid, inner, egui::Vec2::ZERO, rules.multiline);
            same(f64::from(corner.x) + field.caret(), f64::from(edge));
        }
    }
}

#[test]
fn arrows_move_over_the_screen_and_never_back() {
    for text in [MIXED, "abc ښه def", "שלום 12", "ښوونکي وايي"] {
        let mut field = field(LINE, text);
        let start =
            if field.state.laid((&mut field.fonts, &mut field.shaper)).rtl() { Key::End } else { Key::Home };
        field.key(start);
        for _ in 0..40 {
            field.key(Key::ArrowLeft);
        }
        let mut stops = vec![field.caret()];
        for _ in 0..40 {
            field.key(Key::ArrowRight);
            let at = field.caret();
            assert!(at + 0.01 >= *stops.last().unwrap(), "{text}: {at} after {stops:?}");
            if at > stops.last().unwrap() + 0.01 {
                stops.push(at);
            }
        }
        assert_eq!(stops.len(), field.seen().len() + 1, "{text}: every letter has its place: {stops:?}");
    }
}

#[test]
fn left_is_on_in_a_text_from_the_right() {
    let mut field = field(LINE, "ښه ورځ");
    field.key(Key::Home);
    let right = field.caret();
    field.key(Key::ArrowLeft);
    assert_eq!(field.index(), "ښ".len());
    assert!(field.caret() < right);
    field.key(Key::End);
    same(field.caret(), 0.0);
}

#[test]
fn backspace_takes_an_emoji_whole_and_the_last_mark_off_its_letter() {
    for (text, left) in [
        ("a👨\u{200D}👩\u{200D}👧", "a"),
        ("a🇦🇫", "a"),
        ("🇦🇫🇩🇪", "🇦🇫"),
        ("a1\u{FE0F}\u{20E3}", "a"),
        ("a👍🏽", "a"),
        ("ae\u{301}", "ae"),
        ("مُ", "م"),
        ("a\nb\n", "a\nb"),
        ("می\u{200C}ر", "می\u{200C}"),
    ] {
        let mut field = field(PAGE, text);
        field.key(Key::Backspace);
        assert_eq!(field.text(), left, "{text:?}");
    }
    let mut field = field(LINE, "e\u{301}x");
    field.key(Key::Home);
    field.key(Key::Delete);
    assert_eq!(field.text(), "x");
}

#[test]
fn what_is_selected_on_screen_is_copied_as_written() {
    let mut field = field(LINE, MIXED);
    field.press(Modifiers::COMMAND, Key::A);
    assert_eq!(field.copied(), MIXED);
    field.key(Key::Home);
    field.press(Modifiers::SHIFT, Key::ArrowLeft);
    field.press(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(field.copied(), "ښه");
    assert_eq!(field.take(Event::Cut).copied.as_deref(), Some("ښه"));
    assert_eq!(field.text(), " abc 123");
    assert_eq!(field.copied(), "", "nothing is selected any more");
}

#[test]
fn words_are_jumped_over_and_taken_whole() {
    let mut field = field(LINE, "one two ښه");
    field.press(Modifiers::CTRL, Key::Backspace);
    assert_eq!(field.text(), "one two ");
    field.key(Key::Home);
    field.press(Modifiers::CTRL, Key::ArrowRight);
    field.typed("|");
    assert_eq!(field.text(), "one| two ");
    field.press(Modifiers::CTRL | Modifiers::SHIFT, Key::ArrowLeft);
    assert!(field.copied().contains('|'));
}

#[test]
fn line_breaks_of_every_make_are_one() {
    let pasted = "a\r\nb\rc\u{2028}d";
    let mut page = field(PAGE, "");
    page.paste(pasted);
    assert_eq!(page.text(), "a\nb\nc\nd");
    page.key(Key::Enter);
    page.take(Event::Text("\n".to_owned()));
    assert_eq!(page.text(), "a\nb\nc\nd\n");
    let mut line = field(LINE, "");
    line.paste(pasted);
    assert_eq!(line.text(), "a b c d");
    assert!(line.press(Modifiers::NONE, Key::Enter).entered);
    assert_eq!(line.text(), "a b c d");
    assert!(page.press(Modifiers::COMMAND | Modifiers::CTRL, Key::Enter).entered);
    assert_eq!(page.text(), "a\nb\nc\nd\n", "Ctrl and Enter is no line break");
}

#[test]
fn what_is_composed_counts_once_it_is_chosen() {
    let preedit =
        |text: &str| Event::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None });
    let mut field = field(LINE, "ab");
    field.key(Key::ArrowLeft);
    field.take(preedit("nihao"));
    assert_eq!((field.text().as_str(), field.state.editor.raw_text()), ("ab", "anihaob"));
    assert_eq!(field.state.editor.raw_compose(), &Some(1..6));
    field.rests();
    for key in [Key::Backspace, Key::ArrowLeft, Key::Enter] {
        assert!(!field.press(Modifiers::NONE, key).entered);
    }
    assert_eq!(field.state.editor.raw_text(), "anihaob", "its keys are not ours");
    field.take(Event::Ime(ImeEvent::Commit("你好".to_owned())));
    assert_eq!(field.text(), "a你好b");
    field.take(preedit("x"));
    field.take(preedit(""));
    assert_eq!((field.text().as_str(), field.index()), ("a你好b", "a你好".len()));
    field.take(Event::Ime(ImeEvent::DeleteSurrounding { before_chars: 1, after_chars: 1 }));
    assert_eq!(field.text(), "a你");
    field.take(Event::Ime(ImeEvent::Commit(String::new())));
    field.take(preedit(""));
    assert_eq!(field.text(), "a你", "nothing was composed");
    for _ in 0..6 {
        field.press(Modifiers::COMMAND, Key::Z);
        assert!(!field.text().contains(['x', 'n']), "{}", field.text());
    }
    assert_eq!(field.text(), "ab");
}

#[test]
fn over_the_limit_is_left_out_between_letters_and_said() {
    let mut short = field(Rules { chars_max: 5, ..LINE }, "abc");
    short.paste("xe\u{301}");
    assert_eq!((short.text().as_str(), short.state.cut), ("abcx", true), "no letter without its mark");
    let mut field = field(Rules { chars_max: 6, ..LINE }, "abc");
    field.paste("xe\u{301}e\u{301}");
    assert_eq!((field.text().as_str(), field.state.cut), ("abcxe\u{301}", true));
    field.typed("y");
    assert_eq!((field.text().as_str(), field.state.cut), ("abcxe\u{301}", true));
    field.key(Key::Backspace);
    assert!(!field.state.cut);
    field.press(Modifiers::COMMAND, Key::A);
    field.paste("123456");
    assert_eq!((field.text().as_str(), field.state.cut), ("123456", false), "what is replaced makes room");
}

#[test]
fn what_was_typed_is_taken_back_and_done_again() {
    let mut field = field(LINE, "");
    field.typed("ښه");
    field.rests();
    field.typed(" abc");
    field.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(field.text(), "ښه");
    field.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(field.text(), MIXED.trim_end_matches(" 123"));
    field.press(Modifiers::COMMAND, Key::Z);
    field.press(Modifiers::COMMAND, Key::Z);
    assert_eq!(field.text(), "");
    field.press(Modifiers::COMMAND, Key::Y);
    assert_eq!(field.text(), "ښه");
}

#[test]
fn the_way_back_leads_the_caret_to_where_it_stood() {
    let mut field = field(LINE, "");
    field.typed("abcd");
    field.rests();
    field.key(Key::Home);
    field.typed("xy");
    field.press(Modifiers::COMMAND, Key::Z);
    assert_eq!((field.text().as_str(), field.index()), ("abcd", 4));
}

#[test]
fn a_text_changed_elsewhere_is_taken_over() {
    let mut field = field(LINE, "abc");
    let style = Style::new(Face::Plain, 16.0, 24.0, LIGHT.ink);
    let dress = Dress { style, scale: 1.0, width: None };
    field.state.dress(dress, "ښه", (&mut field.fonts, &mut field.shaper));
    field.typed("!");
    assert_eq!(field.text(), "ښه!");
}
