//! Where the words stand that something else speaks about.

use super::*;
use crate::text::{Markup, read_article};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable};

#[derive(Default)]
struct Told {
    quoted: Option<Rect>,
    marked: Option<Rect>,
}

const WIDTH: f32 = 420.0;

fn told(source: &str, block: usize, part: usize, words: Range<usize>) -> Told {
    let text = Arc::new(read_article(source, Markup::Html));
    let manner = Manner { marked: Some(Mark { block, words: Some((part, words)) }), ..Manner::paper() };
    let mut harness = Harness::builder().with_size(vec2(WIDTH, 600.0)).build_ui_state(
        move |ui, told: &mut Told| {
            egui::ScrollArea::vertical().show(ui, |ui| {
                let drawn = rich_text_ui(ui, &text, &manner, "text");
                *told = Told { quoted: drawn.quoted, marked: drawn.marked };
            });
        },
        Told::default(),
    );
    harness.run_steps(60);
    std::mem::take(harness.state_mut())
}

/// Bytes of `words` in `text`.
fn within(text: &str, words: &str) -> Range<usize> {
    let at = text.find(words).unwrap();
    at..at + words.len()
}

#[track_caller]
fn one_line(told: &Told) -> Rect {
    let (quoted, marked) = (told.quoted.unwrap(), told.marked.unwrap());
    assert!(marked.expand(1.0).contains_rect(quoted), "{quoted:?} in {marked:?}");
    assert!(quoted.height() > 12.0 && quoted.height() < 30.0, "{quoted:?}");
    assert!(quoted.width() > 10.0 && quoted.width() < 200.0, "{quoted:?}");
    quoted
}

#[test]
fn words_of_a_paragraph_are_marked_where_they_stand() {
    let text = "One two three four five.";
    let source = format!("<p>{text}</p>");
    let first = one_line(&told(&source, 0, 0, within(text, "One two")));
    let last = one_line(&told(&source, 0, 0, within(text, "four five")));
    assert!(first.right() < last.left() && (first.top() - last.top()).abs() < 1.0);
    let marked = told(&source, 0, 0, within(text, "One two")).marked.unwrap();
    assert!((first.left() - marked.left() - MARK_OUT).abs() < 2.0);
}

#[test]
fn words_from_right_to_left_are_marked_at_the_right() {
    let text = "یو دوه درې څلور پنځه";
    let source = format!("<p>{text}</p>");
    let told_first = told(&source, 0, 0, within(text, "یو دوه"));
    let first = one_line(&told_first);
    let last = one_line(&told(&source, 0, 0, within(text, "پنځه")));
    assert!(first.left() > last.right(), "{first:?} {last:?}");
    assert!((first.right() + MARK_OUT - told_first.marked.unwrap().right()).abs() < 2.0);
}

#[test]
fn words_of_an_item_a_cell_a_quotation_and_its_source_are_marked() {
    let list = "<ul><li>one</li><li>two three</li></ul>";
    let item = one_line(&told(list, 0, 1, 4..9));
    assert!(item.top() > one_line(&told(list, 0, 0, 0..3)).bottom() - 8.0, "the second item");

    let quote = "<blockquote><p>said words</p><cite>Ana Marsh</cite></blockquote>";
    let words = one_line(&told(quote, 0, 0, 5..10));
    let source = one_line(&told(quote, 0, 1, 4..9));
    assert!(source.top() > words.bottom() - 2.0);
    let whole = one_line(&told(quote, 0, 1, 0..9));
    assert!((source.right() - whole.right()).abs() < 1.0 && whole.left() < source.left() - 10.0);
    assert!(whole.left() > one_line(&told(quote, 0, 0, 0..4)).left() + 10.0, "the dash is none of it");

    let picture = "<figure><img src=https://a.example/x.png alt='one two'></figure>";
    let told_alt = told(picture, 0, 0, 0..3);
    let left = one_line(&told_alt).left() - told_alt.marked.unwrap().left() - MARK_OUT;
    assert!(left > gap::MEDIUM + 15.0, "the sign of a picture is none of its words: {left}");

    let table = "<table><caption>cap tion</caption><tr><th>A a</th><th>B b</th></tr><tr><td>c c</td><td>dd ee</td></tr></table>";
    let caption = one_line(&told(table, 0, 0, 0..8));
    let cell = one_line(&told(table, 0, 4, 0..2));
    let beside = one_line(&told(table, 0, 3, 0..3));
    assert!(cell.left() > beside.right() && caption.top() > cell.bottom());
    let head = one_line(&told(table, 0, 2, 0..3));
    assert!(head.bottom() < cell.top() + 2.0);
}

#[test]
fn what_the_desk_adds_to_a_text_does_not_move_the_mark() {
    let text = "a link and some words";
    let linked = "<p>a <a href=https://hidden.example/x>link</a> and some words</p>";
    let plain = one_line(&told(&format!("<p>{text}</p>"), 0, 0, within(text, "some words")));
    let moved = one_line(&told(linked, 0, 0, within(text, "some words")));
    assert!((plain.width() - moved.width()).abs() < 2.0, "{plain:?} {moved:?}");
    assert!(moved.left() > plain.left() + 40.0, "behind the host that was added");
    let beside = "<p>a <a href=https://hidden.example/x>link</a>and</p>";
    for words in ["link", "and"] {
        let plain = one_line(&told("<p>a linkand</p>", 0, 0, within("a linkand", words)));
        let moved = one_line(&told(beside, 0, 0, within("a linkand", words)));
        assert!((plain.width() - moved.width()).abs() < 2.0, "{words}: {plain:?} {moved:?}");
    }
}

#[test]
fn the_words_are_found_in_a_block_far_below_and_longer_than_the_view() {
    let long = "word ".repeat(3_000);
    let source = format!("<p>{}</p><p>{long}here it is</p>", "above ".repeat(900));
    let told = told(&source, 1, 0, 15_000..15_004);
    let (quoted, marked) = (one_line(&told), told.marked.unwrap());
    assert!(marked.height() > 2_000.0);
    assert!(quoted.bottom() > marked.bottom() - 60.0, "at its end: {quoted:?} in {marked:?}");
}

#[test]
fn a_box_stands_smaller_under_a_heading_that_says_what_it_is() {
    let source =
        "<p>text</p><div class=author-box><p>Ana writes.</p></div><div class=related-posts><p>One</p></div>";
    let text = Arc::new(read_article(source, Markup::Html));
    let headings =
        Headings { author: "Who".to_owned(), related: "More".to_owned(), footnotes: String::new() };
    let manner = Manner { headings, ..Manner::paper() };
    let mut harness = Harness::builder().with_size(vec2(WIDTH, 600.0)).build_ui(move |ui| {
        rich_text_ui(ui, &text, &manner, "text");
    });
    harness.run_steps(2);
    let heading = |name| harness.get_by_role_and_label(Role::Heading, name).rect();
    let words = |name| harness.get_by_role_and_label(Role::Label, name).rect();
    let order = [words("text"), heading("Who"), words("Ana writes."), heading("More"), words("One")];
    assert!(order.windows(2).all(|pair| pair[0].bottom() <= pair[1].top() + 0.5), "{order:?}");
    assert!(order[2].height() < order[0].height(), "smaller");
}

/// What is drawn of a text, the words of each label; with whether something was left out, and points that it takes.
fn drawn_of(source: &str, chars_max: Option<usize>) -> (Vec<String>, bool, f32) {
    let text = Arc::new(crate::text::read(source, Markup::Html));
    let manner = Manner { quiet: true, chars_max, ..Manner::reader() };
    let mut harness = Harness::builder().with_size(vec2(600.0, 800.0)).build_ui_state(
        move |ui, told: &mut (bool, f32)| {
            let top = ui.cursor().top();
            told.0 = rich_text_ui(ui, &text, &manner, "text").folded;
            told.1 = ui.cursor().top() - top;
        },
        (false, 0.0),
    );
    harness.run_steps(2);
    let labels = harness.query_all_by_role(Role::Label).filter_map(|node| node.accesskit_node().value());
    (labels.collect(), harness.state().0, harness.state().1)
}

#[test]
fn what_is_shown_in_short_is_one_run_of_whole_words_of_at_most_so_many_characters() {
    let check = |source: &str, words: &str, chars: usize| {
        let (labels, folded, tall) = drawn_of(source, Some(420));
        assert!(folded && labels.len() == 1 && tall < 260.0, "{tall} {labels:?}");
        assert!(words.starts_with(&labels[0]), "{}", labels[0]);
        assert_eq!(labels[0].chars().count(), chars);
        assert!(words[labels[0].len()..].starts_with(char::is_whitespace), "a word is torn");
    };
    // 17 characters each in two writings, 24 of which are 408, and 18 in one, 23 of which are 414.
    for (unit, count, chars) in
        [("words and سلامت, ", 300, 417), ("words and سلامت, ", 36, 417), ("ښوونکي او زده کړه ", 60, 420)]
    {
        let text = unit.repeat(count);
        check(&text, &text, chars);
        check(&format!("<pre>{text}</pre>"), &text, chars);
    }
}

#[test]
fn nothing_is_left_out_of_a_text_within_its_limit_and_paragraphs_count_together() {
    let unit = "ښوونکي او زده ";
    let whole = unit.repeat(30);
    let (labels, folded, _) = drawn_of(&whole, Some(420));
    assert_eq!((labels.concat(), folded), (whole.trim_end().to_owned(), false), "more bytes than characters");
    let parts = format!("<p>{}</p><p>one two</p><p>three</p>", "w".repeat(413));
    let told = |most| {
        let (labels, folded, _) = drawn_of(&parts, Some(most));
        (labels[1..].join("|"), folded)
    };
    let expect = |words: &str, folded| (words.to_owned(), folded);
    assert_eq!(told(425), expect("one two|three", false));
    assert_eq!(told(424), expect("one two", true));
    assert_eq!(told(418), expect("one", true));
    assert_eq!(told(415), expect("", true));
    assert_eq!(drawn_of(&parts, Some(400)).0, ["w".repeat(400)], "a word without end is cut");
    let (_, folded, tall) = drawn_of(&"word سلام ".repeat(2_000), None);
    assert!(!folded && tall > 4_000.0, "{tall}");
}

#[test]
fn a_table_that_moves_sideways_is_moved_by_keyboard_while_its_text_has_it() {
    let row: String = (0..14).map(|n| format!("<td>Monthnumber{n}</td>")).collect();
    let text = Arc::new(read_article(&format!("<table><tr>{row}</tr></table>"), Markup::Html));
    let mut harness = Harness::builder().with_size(vec2(WIDTH, 300.0)).build_ui(move |ui| {
        rich_text_ui(ui, &text, &Manner::paper(), "text");
    });
    harness.run_steps(2);
    let mut left = |key| {
        harness.key_press_modifiers(Modifiers::ALT, key);
        harness.run_steps(60);
        let first = harness.get_by_role_and_label(Role::Label, "Monthnumber0").rect().left();
        if key == Key::Home {
            harness.get_by_role(Role::Document).focus();
            harness.run_steps(2);
        }
        first
    };
    let start = left(Key::ArrowRight);
    assert_eq!(left(Key::Home), start, "the text has no keyboard yet");
    let moved = left(Key::ArrowRight);
    assert!((start - moved - WIDTH / 2.0).abs() < 30.0, "half a pane: from {start} to {moved}");
    assert!((left(Key::ArrowLeft) - start).abs() < 1.0, "and back");
    assert!((left(Key::ArrowLeft) - start).abs() < 1.0, "it begins there");
    for _ in 0..20 {
        left(Key::ArrowRight);
    }
    let last = harness.get_by_role_and_label(Role::Label, "Monthnumber13").rect();
    assert!(last.left() > 0.0 && last.left() < WIDTH, "its last column is in view: {last:?}");
}

#[test]
fn of_several_tables_in_view_the_first_that_can_still_be_moved_is_moved() {
    let table = |name: &str| {
        let row: String = (0..14).map(|n| format!("<td>{name}number{n}</td>")).collect();
        format!("<table><tr>{row}</tr></table>")
    };
    let source = format!("{}<p>between</p>{}", table("One"), table("Two"));
    let text = Arc::new(read_article(&source, Markup::Html));
    let mut harness = Harness::builder().with_size(vec2(WIDTH, 300.0)).build_ui(move |ui| {
        rich_text_ui(ui, &text, &Manner::paper(), "text");
    });
    harness.run_steps(2);
    harness.get_by_role(Role::Document).focus();
    harness.run_steps(2);
    let left = |harness: &Harness<'_>, cell| harness.get_by_role_and_label(Role::Label, cell).rect().left();
    let mut moved = |key| {
        let before = [left(&harness, "Onenumber0"), left(&harness, "Twonumber0")];
        harness.key_press_modifiers(Modifiers::ALT, key);
        harness.run_steps(60);
        let after = [left(&harness, "Onenumber0"), left(&harness, "Twonumber0")];
        [0, 1].map(|at| (after[at] - before[at]).abs() > 1.0)
    };
    assert_eq!(moved(Key::ArrowLeft), [false, false], "both begin there");
    let mut steps: Vec<[bool; 2]> = (0..30).map(|_| moved(Key::ArrowRight)).collect();
    steps.dedup();
    assert_eq!(steps, [[true, false], [false, true], [false, false]]);
    assert_eq!(moved(Key::ArrowLeft), [true, false], "and back");
}
