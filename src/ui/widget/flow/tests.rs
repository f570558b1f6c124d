//! Pieces that blocks become, and where their texts stand.

use super::*;
use crate::text::{Link, Softener};
use crate::ui::theme::LIGHT;

fn span(text: &str) -> Span {
    Span { text: text.to_owned(), ..Span::default() }
}

fn linked(text: &str, host: &str) -> Span {
    let link = Link { url: format!("https://{host}/x"), host: host.to_owned() };
    Span { link: Some(link), ..span(text) }
}

fn pieces(blocks: Vec<Block>) -> Vec<Piece> {
    let text = RichText { blocks, ..RichText::default() };
    flow(&text, &Manner::reader(), &LIGHT, None).pieces
}

#[test]
fn each_block_knows_its_first_piece() {
    let line = |text: &str| Block::Paragraph(vec![span(text)]);
    let items = vec![vec![line("one")], vec![line("two")]];
    let blocks = vec![line("a"), Block::List { start: None, items }, Block::Rule, line("b")];
    let flat = flow(&RichText { blocks, ..RichText::default() }, &Manner::reader(), &LIGHT, None);
    assert_eq!((flat.pieces.len(), flat.starts), (5, vec![0, 1, 3, 4]));
}

#[test]
fn a_link_that_hides_its_host_shows_it() {
    let made = pieces(vec![Block::Paragraph(vec![linked("cheap pills", "www.evil.example")])]);
    let Piece::Text(piece) = &made[0] else { panic!() };
    assert!(piece.words.text().ends_with("[evil.example]"), "{}", piece.words.text());
    assert_eq!(piece.words.links()[0].0, 0..11);
}

#[test]
fn a_link_that_names_its_host_is_left_alone() {
    let made = pieces(vec![Block::Paragraph(vec![linked("https://Good.example/x", "good.example")])]);
    let Piece::Text(piece) = &made[0] else { panic!() };
    assert_eq!(piece.words.text(), "https://Good.example/x");
}

#[test]
fn links_keep_their_place_after_one_that_grew() {
    let spans = vec![linked("aa", "one.example"), span(" "), linked("bb", "two.example")];
    let made = pieces(vec![Block::Paragraph(spans)]);
    let Piece::Text(piece) = &made[0] else { panic!() };
    let (range, _) = &piece.words.links()[1];
    assert_eq!(&piece.words.text()[range.clone()], "bb");
}

#[test]
fn lists_count_from_where_they_start() {
    let items = vec![vec![Block::Paragraph(vec![span("a")])], vec![Block::Paragraph(vec![span("b")])]];
    let made = pieces(vec![Block::List { start: Some(9), items }]);
    let markers: Vec<_> =
        made.iter().map(|p| if let Piece::Text(t) = p { t.marker.clone() } else { None }).collect();
    assert_eq!(markers, vec![Some("9.".to_owned()), Some("10.".to_owned())]);
}

#[test]
fn quotes_nested_without_end_stop_moving_in() {
    let mut block = Block::Paragraph(vec![span("deep")]);
    for _ in 0..40 {
        block = Block::Quote { blocks: vec![block], source: None };
    }
    let made = pieces(vec![block]);
    let Piece::Text(piece) = &made[0] else { panic!() };
    assert!(piece.indent <= 80.0, "{}", piece.indent);
}

#[test]
fn a_paragraph_of_many_looks_is_laid_out_in_parts_and_loses_nothing() {
    let spans: Vec<Span> = (0..2_000)
        .map(|n| Span { strong: n % 2 == 0, ..span(if n % 7 == 0 { "ود، " } else { "wo" }) })
        .collect();
    let whole: String = spans.iter().map(|span| span.text.as_str()).collect();
    let made = pieces(vec![Block::Paragraph(spans)]);
    let texts: Vec<&TextPiece> =
        made.iter().map(|piece| if let Piece::Text(text) = piece { text } else { panic!() }).collect();
    assert!(texts.len() > 10 && texts.iter().all(|text| text.words.runs().len() <= 2 * PIECE_RUNS_MAX));
    assert_eq!(texts.iter().map(|text| text.words.text()).collect::<String>(), whole);
    let broken = texts.iter().take(texts.len() - 1).filter(|text| !text.words.text().ends_with(' ')).count();
    assert_eq!(broken, 0, "cut inside a word");
    assert!(texts.iter().all(|text| text.words.is_rtl()), "all of a paragraph starts at one side");
}

#[test]
fn what_is_softened_is_found_where_a_paragraph_is_cut() {
    let soft =
        Soft { list: Arc::new(Softener::new("kill yourself\nidiot\n馬鹿")), said: "(softened)".into() };
    let told = |before: usize, joint: &str, words: &str| {
        let text =
            format!("{}{words}{}", format!("x{joint}").repeat(before), format!("{joint}x").repeat(200));
        let spans =
            text.char_indices().map(|(at, c)| Span { strong: at.is_multiple_of(2), ..span(&c.to_string()) });
        let blocks = vec![Block::Paragraph(spans.collect())];
        let text = RichText { blocks, ..RichText::default() };
        let flat = flow(&text, &Manner::reader(), &LIGHT, Some(&soft));
        (0..flat.pieces.len()).for_each(|at| flat.soften(at, &soft));
        let mut found = Vec::new();
        for (at, piece) in flat.pieces.iter().enumerate() {
            let Piece::Text(text) = piece else { panic!() };
            found
                .extend(text.drawn().soft().into_iter().map(|soft| (at, text.words.text()[soft].to_owned())));
        }
        found
    };
    let found = |parts: &[(usize, &str)]| -> Vec<_> {
        parts.iter().map(|(at, words)| (*at, (*words).to_owned())).collect()
    };
    assert_eq!(told(78, ",", "idiot"), found(&[(1, "idiot")]), "not torn: the word before it ends near");
    assert_eq!(told(77, ",", "kill,yourself"), found(&[(0, "kill,"), (1, "yourself")]));
    assert_eq!(told(159, "", "馬鹿"), found(&[(0, "馬"), (1, "鹿")]));
    assert_eq!(told(150, ",", "ill,yourself"), found(&[]));
}
