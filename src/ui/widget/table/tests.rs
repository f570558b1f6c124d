//! A table as it is laid out in a narrow pane: no word is broken that need not be, nothing is cut off.

use super::*;
use crate::text::Softener;
use crate::ui::theme::LIGHT;
use crate::ui::widget::rich_text::Manner;
use crate::ui::widget::text::Laid;
use egui::{Id, Pos2};
use egui_kittest::Harness;

const LEFT: f32 = 40.0;
/// An article's pane of 420 points without its margins.
const NARROW: f32 = 372.0;

fn table(head_rows: usize, rows: &[&[&str]], merged: &[Merged]) -> Table {
    parts(head_rows, rows, merged).remove(0)
}

fn parts(head_rows: usize, rows: &[&[&str]], merged: &[Merged]) -> Vec<Table> {
    parts_in(look(), head_rows, rows, merged)
}

fn parts_in(look: Look, head_rows: usize, rows: &[&[&str]], merged: &[Merged]) -> Vec<Table> {
    let cell = |text: &&str| vec![Span { text: (*text).to_owned(), ..Span::default() }];
    let rows: Vec<Vec<Vec<Span>>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    Table::parts(head_rows, &rows, look, merged, 0.0)
}

fn look() -> Look {
    let ink = Ink { size: 15.0, leading: 20.0 / 15.0, ..Ink::of(&Manner::paper(), &LIGHT) };
    Look { head: ink, base: ink, soft: None }
}

#[derive(Default)]
struct Shown {
    cells: Vec<(Unit, Pos2, Arc<Laid>)>,
    height: f32,
}

impl Shown {
    fn rect(&self, row: usize, column: usize) -> Rect {
        let (_, at, laid) =
            self.cells.iter().find(|(unit, ..)| (unit.row, unit.column) == (row, column)).unwrap();
        let inner = (0..laid.layout.len()).filter_map(|n| laid.layout.get(n));
        let left = inner.map(|line| line.metrics().offset).fold(f32::INFINITY, f32::min);
        Rect::from_min_size(*at + vec2(left, 0.0), laid.size())
    }
}

fn shown(table: &Table, width: f32) -> Shown {
    let table = table.clone();
    let mut harness = Harness::builder().with_size(vec2(900.0, 1600.0)).build_ui_state(
        move |ui, shown: &mut Shown| {
            let mut page = Page::new(ui.ctx(), Id::unique("table"));
            let unit = Some(Unit { piece: table.part, ..Unit::default() });
            let pen = Pen { at: pos2(LEFT, 20.0), id: Id::unique("at"), draws: true, unit };
            shown.height = table_ui(ui, &table, &pen, width, &mut page).0;
            shown.cells = page.seen.iter().map(|seen| (seen.unit, seen.at, Arc::clone(&seen.laid))).collect();
        },
        Shown::default(),
    );
    harness.run_steps(2);
    std::mem::take(harness.state_mut())
}

#[track_caller]
fn reads_well(shown: &Shown, width: f32) {
    for (unit, at, laid) in &shown.cells {
        assert_eq!(unit.piece, 0, "every part is of the one table");
        let text = laid.words.text();
        let ends: Vec<usize> = laid.layout.lines().map(|line| line.text_range().end).collect();
        for end in ends.iter().take(ends.len().saturating_sub(1)) {
            let before = &text[..*end];
            assert!(before.ends_with([' ', '-', '\n']), "{unit:?}: “{text}” is broken after “{before}”");
        }
        let rect = shown.rect(unit.row, unit.column);
        assert!(rect.left() >= LEFT - 0.6 && rect.right() <= LEFT + width + 0.6, "{text}: {rect:?}");
        assert!(rect.bottom() <= 20.0 + shown.height, "{text} is cut off below");
        for (other, ..) in shown.cells.iter().filter(|(other, ..)| other != unit) {
            let theirs = shown.rect(other.row, other.column).shrink(0.6);
            assert!(!theirs.intersects(rect.shrink(0.6)), "{text} at {at:?} lies over {other:?}");
        }
    }
}

const WORDY: [&[&str]; 3] = [
    &["Stakeholder", "Objective", "Challenge"],
    &["Harbour board", "Reclaim the northern quay for passenger traffic", "The council’s firm refusal"],
    &["Fishermen", "Keep the counterweight of trade", "Ongoing responsibilities abroad"],
];

#[test]
fn columns_share_a_narrow_pane_without_breaking_a_word() {
    let payments: &[&[&str]] = &[
        &["Year", "Western rent", "Northern credits", "Spent on the base itself"],
        &["2008", "63", "0", "41"],
        &["2024", "44", "210", "2"],
    ];
    let uneven: &[&[&str]] = &[
        &["a", "One cell has many more words than all of the others that stand around it, and wraps"],
        &["b", "c"],
    ];
    let joined: &[&[&str]] = &[&["Well-known-by-all", "Mother-of-pearl-inlay", "Happy-go-lucky-fishermen"]];
    for rows in [&WORDY[..], payments, uneven, joined] {
        for width in [NARROW, 420.0, 300.0, 520.0] {
            let shown = shown(&table(1, rows, &[]), width);
            reads_well(&shown, width);
        }
    }
    let wide = shown(&table(1, &WORDY, &[]), NARROW);
    assert_eq!(wide.rect(0, 0).top(), wide.rect(0, 2).top(), "side by side");
    assert_eq!(
        wide.rect(0, 0).bottom() - wide.rect(0, 0).top(),
        20.0,
        "a heading of one word stays on one line"
    );
}

#[test]
fn where_words_do_not_fit_side_by_side_rows_name_their_columns() {
    let rows: &[&[&str]] = &[
        &["Bundesministerium", "Zuständigkeit", "Haushaltsansatz", "Berichterstatterin", "Verantwortlich"],
        &["Verkehrsministerium", "Wasserstraßen", "Achthundertfünfzig", "Oberregierungsrätin", "niemand"],
    ];
    let shown = shown(&table(1, rows, &[]), NARROW);
    reads_well(&shown, NARROW);
    assert!(shown.rect(1, 1).top() > shown.rect(1, 0).bottom() - 1.0, "below each other");
    assert!(shown.rect(1, 0).left() > LEFT + 100.0, "beside the names of the columns");
    assert!(shown.cells.iter().all(|(unit, ..)| unit.row == 1), "the names are no row of their own");
    let narrow = self::shown(&table(1, rows, &[]), 260.0);
    reads_well(&narrow, 260.0);
    assert!(narrow.rect(1, 0).left() < LEFT + 1.0, "below the names, which take more than half");
    assert!(narrow.rect(1, 0).top() >= 40.0, "{:?}", narrow.rect(1, 0));
}

#[test]
fn many_columns_move_sideways_and_none_is_squeezed() {
    let row: Vec<String> = (0..14).map(|n| format!("Monthnumber{n}")).collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let shown = shown(&table(1, &[&row, &row], &[]), NARROW);
    assert_eq!(shown.rect(0, 0).top(), shown.rect(0, 13).top());
    assert!(shown.rect(0, 13).right() > LEFT + NARROW, "further than the pane");
    assert!(shown.cells.iter().all(|(.., laid)| laid.layout.len() == 1));
    assert!(shown.height < 120.0, "{}", shown.height);
    let row: Vec<String> = (0..14).map(|n| format!("د{n}میاشتېپیسې")).collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let shown = self::shown(&table(1, &[&row, &row], &[]), NARROW);
    assert!(shown.rect(0, 13).left() < LEFT, "further than the pane");
    assert!(shown.rect(0, 0).right() <= LEFT + NARROW, "its first column, at the right, is in view");
}

#[test]
fn parts_of_one_table_do_not_move_sideways_each_on_its_own() {
    let row: Vec<String> = (0..20).map(|n| format!("Monthnumber{n}")).collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let parts = parts(0, &vec![row.as_slice(); 13], &[]);
    assert!(parts.len() > 3);
    for part in [&parts[0], &parts[3]] {
        let shown = shown(part, NARROW);
        assert_eq!(shown.cells.len(), 20);
        reads_well(&shown, NARROW);
    }
}

#[test]
fn a_row_of_several_parts_ends_with_its_last() {
    let row: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let below = parts(0, &[row.as_slice(); 7], &[]).into_iter().take(2).map(|part| {
        let shown = shown(&part, NARROW);
        let (unit, ..) = shown.cells.last().unwrap();
        20.0 + shown.height - shown.rect(unit.row, unit.column).bottom()
    });
    let below: Vec<f32> = below.collect();
    assert!(below[0] + gap::MEDIUM < below[1] + 1.0, "{below:?}");
}

#[test]
fn a_table_in_a_script_from_the_right_runs_from_the_right() {
    let rows: &[&[&str]] =
        &[&["سال", "پرداخت", "یادداشت"], &["۲۰۲۴", "44", "هیچ کس نپرسید"], &["۲۰۲۵", "63", "Kabul"]];
    let shown = shown(&table(1, rows, &[]), NARROW);
    reads_well(&shown, NARROW);
    for row in 0..3 {
        assert!(shown.rect(row, 0).left() > shown.rect(row, 1).right(), "row {row}");
        assert!(shown.rect(row, 1).left() > shown.rect(row, 2).right(), "row {row}");
    }
    assert!((shown.rect(0, 0).right() - (LEFT + NARROW - PAD.x)).abs() < 2.0, "{:?}", shown.rect(0, 0));
    for column in 0..3 {
        let edges: Vec<f32> = (0..3).map(|row| shown.rect(row, column).right()).collect();
        assert!(edges.iter().all(|edge| (edge - edges[0]).abs() < 2.0), "column {column}: {edges:?}");
    }
    let latin = shown_latin();
    assert!(latin.rect(0, 0).right() < latin.rect(0, 1).left());
}

fn shown_latin() -> Shown {
    shown(&table(0, &[&["Kabul", "کابل"], &["1", "two"]], &[]), NARROW)
}

#[test]
fn a_merged_cell_takes_the_room_of_all_its_columns() {
    let merged =
        [Merged { row: 0, column: 1, wide: 2, tall: 1 }, Merged { row: 1, column: 0, wide: 1, tall: 2 }];
    let rows: &[&[&str]] = &[
        &["", "Payments in millions, at last year’s prices", ""],
        &["Harbour", "63", "41"],
        &["", "44", "2"],
    ];
    let made = table(1, rows, &merged);
    let shown = shown(&made, NARROW);
    reads_well(&shown, NARROW);
    assert!(shown.rect(0, 1).right() > shown.rect(1, 2).left(), "over both columns");
    assert!(made.whole.goes_down(1, 0) && !made.whole.goes_down(2, 0) && !made.whole.goes_down(1, 1));
}

#[test]
fn the_parts_of_a_table_are_small_and_all_of_it() {
    let cell = |r: usize, c: usize| vec![Span { text: format!("{r}.{c}"), ..Span::default() }];
    for (rows, columns) in [(100, 200), (2_000, 1), (10, 33), (80, 4)] {
        let made: Vec<Vec<_>> = (0..rows).map(|r| (0..columns).map(|c| cell(r, c)).collect()).collect();
        let parts = Table::parts(1, &made, look(), &[], 9.0);
        let units: Vec<_> = parts.iter().enumerate().map(|(at, part)| part.units(7 + at)).collect();
        assert!(units.iter().all(|part| (1..=PART_CELLS).contains(&part.len())), "{rows} by {columns}");
        assert!(units.iter().zip(&parts).enumerate().all(|(at, (units, part))| {
            units.iter().all(|(unit, _)| part.holds(7 + at, *unit) && unit.piece == 7)
        }));
        let holding =
            |unit: Unit| parts.iter().enumerate().filter(|(at, part)| part.holds(7 + at, unit)).count();
        assert!(units.iter().flatten().step_by(97).all(|(unit, _)| holding(*unit) == 1));
        let told = units.into_iter().flatten().map(|(unit, text)| (unit.row, unit.column, text.into_owned()));
        let all = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c, format!("{r}.{c}"))));
        assert!(told.eq(all), "{rows} by {columns}");
        assert_eq!(parts.iter().filter(|part| part.plain().is_some()).count(), 1);
        assert!(parts[0].before > 0.0 && parts.iter().skip(1).all(|part| part.before == 0.0));
    }
}

#[test]
fn a_cell_says_the_same_before_its_words_are_made_and_after() {
    let host = "hidden.example".to_owned();
    let link = crate::text::Link { url: format!("https://{host}/x"), host };
    let linked = Span { text: "ښه link".to_owned(), link: Some(link), ..Span::default() };
    let long = Span { text: "سلام ".repeat(900), ..Span::default() };
    let part = &Table::parts(0, &[vec![vec![linked.clone()], vec![long, linked]]], look(), &[], 0.0)[0];
    let told = || part.units(0).into_iter().map(|(_, text)| text.into_owned()).collect::<Vec<_>>();
    let before = told();
    assert!(before[0].ends_with("[hidden.example]") && before[1].ends_with('…'), "{before:?}");
    let made: Vec<String> =
        part.cells().flat_map(|(_, row)| row).map(|(_, words)| words.text().to_owned()).collect();
    assert_eq!(before, made);
    assert_eq!(told(), made);
}

#[test]
fn a_cell_counts_as_much_as_is_drawn_of_it() {
    let cell = |bytes: usize| vec![Span { text: "w".repeat(bytes), ..Span::default() }];
    let parts = Table::parts(0, &[vec![cell(9), cell(3 * PIECE_BYTES_MAX)]], look(), &[], 0.0);
    assert_eq!(parts[0].bytes(), 9 + PIECE_BYTES_MAX);
}

#[test]
fn one_row_without_end_makes_no_other_row_longer() {
    let row = |n: usize| vec![vec![Span { text: "x".to_owned(), ..Span::default() }]; n];
    let rows: Vec<Vec<Vec<Span>>> = std::iter::once(row(5_000)).chain((0..5_000).map(|_| row(1))).collect();
    let parts = Table::parts(0, &rows, look(), &[], 0.0);
    assert_eq!(parts.len(), 5_000_usize.div_ceil(PART_CELLS) + 5_000);
    assert_eq!(parts.iter().filter(|part| part.is_last).count(), rows.len());
}

#[test]
fn a_softened_table_keeps_its_parts_and_its_merged_cells() {
    let soft = Soft { list: Arc::new(Softener::new("mild")), said: "(softened)".into() };
    let row: Vec<String> = (0..4).map(|n| format!("mild {n}")).collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let merged = [Merged { row: 1, column: 0, wide: 2, tall: 2 }];
    let rows = vec![row.as_slice(); 80];
    let plain = parts(1, &rows, &merged);
    let softened = parts_in(Look { soft: Some(soft), ..look() }, 1, &rows, &merged);
    assert_eq!(plain.len(), softened.len());
    let cells = |part: &Table| {
        let units = part.units(part.part).into_iter();
        units.map(|(unit, text)| (unit, text.into_owned())).collect::<Vec<_>>()
    };
    for (was, is) in plain.iter().zip(&softened) {
        assert_eq!(cells(was), cells(is));
        assert_eq!(
            (was.whole.reach(1, 0), was.whole.goes_down(1, 1)),
            (is.whole.reach(1, 0), is.whole.goes_down(1, 1))
        );
        assert!(is.cells().flat_map(|(_, row)| row).all(|(_, words)| words.soft().len() == 1));
    }
}
