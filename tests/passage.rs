//! The passage a comment speaks about, measured on four sets of pairs. One was written before there was a matcher, the
//! second before it learnt that different words can mean the same; half of each was held out while it was made, by the
//! SHA-256 of the ids. On the third, and on the other halves of the two, its weights and bounds were chosen; on the fourth
//! nothing was.

use greenroom::text::passage::{Index, Passage, Place};
use greenroom::text::{self, Markup};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One pair of an article and a comment.
struct Pair {
    id: String,
    kind: String,
    article: String,
    comment: String,
    /// Letters that stand in the right block and in no other; none where no block is right.
    passage: Option<String>,
}

/// How often the matcher was right on the pairs of one kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Score {
    right: usize,
    wrong: usize,
    none: usize,
}

const KINDS: [&str; 3] = ["quotation", "paraphrase", "unrelated"];
const FIRST: &str = include_str!("fixtures/passages.toml");
const SECOND: &str = include_str!("fixtures/passages-second.toml");
const THIRD: &str = include_str!("fixtures/passages-third.toml");
const FOURTH: &str = include_str!("fixtures/passages-fourth.toml");

fn pairs(set: &str) -> Vec<Pair> {
    let table: toml::Table = set.parse().unwrap();
    let list = table.values().find_map(toml::Value::as_array).unwrap();
    let text = |pair: &toml::Value, name: &str| pair.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    list.iter()
        .map(|pair| Pair {
            id: text(pair, "id").unwrap(),
            kind: text(pair, "kind").unwrap(),
            article: text(pair, "article").unwrap(),
            comment: text(pair, "comment").unwrap(),
            passage: text(pair, "passage"),
        })
        .collect()
}

/// The half of each kind that was held out, and the other.
fn halves(set: &str) -> (Vec<Pair>, Vec<Pair>) {
    let hash = |pair: &Pair| -> String {
        Sha256::digest(pair.id.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    };
    let (mut held_out, mut open) = (Vec::new(), Vec::new());
    let mut all = pairs(set);
    for kind in KINDS {
        let (mut of_kind, rest): (Vec<Pair>, Vec<Pair>) = all.into_iter().partition(|pair| pair.kind == kind);
        of_kind.sort_by_key(hash);
        open.extend(of_kind.split_off(of_kind.len() / 2));
        held_out.extend(of_kind);
        all = rest;
    }
    assert!(all.is_empty(), "a kind without a name");
    (held_out, open)
}

fn demo(name: &str) -> String {
    std::fs::read_to_string(format!("{}/assets/demo/articles/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The article's index and the words of its blocks.
fn article(stem: &str) -> (Index, Vec<String>) {
    let body = text::read_article(&demo(&format!("{stem}.html")), Markup::Html);
    let head = demo(&format!("{stem}.txt"));
    let title = head.lines().find_map(|line| line.strip_prefix("title: ")).unwrap();
    let words = body.blocks.iter().map(|block| {
        text::words(&text::RichText { blocks: vec![block.clone()], ..text::RichText::default() })
    });
    (Index::of(title, &body), words.collect())
}

fn score(pair: &Pair, blocks: &[String], found: Option<&Passage>) -> Score {
    let one = |right, wrong, none| Score { right, wrong, none };
    let right = |part: &str| match found.map(|passage| passage.place) {
        Some(Place::Block { block, .. }) => blocks[block].contains(part),
        Some(Place::Title) | None => false,
    };
    match (&pair.passage, found) {
        (None, None) => one(1, 0, 0),
        (None, Some(_)) => one(0, 1, 0),
        (Some(_), None) => one(0, 0, 1),
        (Some(part), Some(_)) if right(part) => one(1, 0, 0),
        (Some(_), Some(_)) => one(0, 1, 0),
    }
}

/// Scores by kind; of the single pairs nothing is told.
fn measure(pairs: &[Pair]) -> BTreeMap<String, Score> {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for pair in pairs {
        let (index, blocks) = article(&pair.article);
        let found = index.find(&text::read(&pair.comment, Markup::Markdown));
        let one = score(pair, &blocks, found.as_ref());
        let sum = scores.entry(pair.kind.clone()).or_default();
        *sum =
            Score { right: sum.right + one.right, wrong: sum.wrong + one.wrong, none: sum.none + one.none };
    }
    scores
}

#[test]
fn the_halves_are_halves() {
    for set in [FIRST, SECOND] {
        let (held_out, open) = halves(set);
        assert_eq!((held_out.len(), open.len()), (30, 30));
    }
}

#[test]
fn every_passage_stands_in_one_block_of_its_article() {
    for pair in [FIRST, SECOND, THIRD, FOURTH].into_iter().flat_map(pairs) {
        let (_, blocks) = article(&pair.article);
        let standing =
            pair.passage.as_ref().map(|part| blocks.iter().filter(|b| b.contains(part.as_str())).count());
        assert!(standing.is_none_or(|n| n == 1), "{}: {standing:?}", pair.id);
    }
}

/// At least so many right of so many, and at most so many wrong.
fn holds(scores: &BTreeMap<String, Score>, kind: &str, (right_min, of): (usize, usize), wrong_max: usize) {
    let score = scores[kind];
    assert_eq!(score.right + score.wrong + score.none, of, "{kind}");
    assert!(score.right >= right_min && score.wrong <= wrong_max, "{kind}: {score:?}");
}

#[test]
fn a_quotation_is_always_found_and_nothing_is_found_where_nothing_is_meant() {
    let (held_out, open) = halves(FIRST);
    let (second_held_out, second_open) = halves(SECOND);
    let rows = [
        (held_out, (10, 10), (10, 10)),
        (open, (10, 10), (9, 10)),
        (second_held_out, (5, 5), (6, 7)),
        (second_open, (5, 5), (7, 7)),
    ];
    for (half, quotations, unrelated) in rows {
        let scores = measure(&half);
        holds(&scores, "quotation", quotations, 0);
        holds(&scores, "unrelated", unrelated, unrelated.1 - unrelated.0);
    }
}

#[test]
fn nothing_is_found_where_the_article_as_a_whole_is_meant() {
    for (set, unrelated) in [(THIRD, (53, 55)), (FOURTH, (24, 24))] {
        holds(&measure(&pairs(set)), "unrelated", unrelated, unrelated.1 - unrelated.0);
    }
}

#[test]
fn what_is_said_in_other_words_is_found_half_the_time_and_never_mistaken() {
    // The target is six of ten, and where nothing was chosen it is missed: 42 of 84. On the fourth set the likeliest part is
    // the right one under two of three comments, but under every third of these no clearer than under one on no part.
    let (held_out, open) = halves(FIRST);
    let (second_held_out, second_open) = halves(SECOND);
    for (half, right) in [
        (held_out, (5, 10)),
        (open, (7, 10)),
        (second_held_out, (10, 18)),
        (second_open, (15, 18)),
        (pairs(THIRD), (90, 118)),
        (pairs(FOURTH), (27, 56)),
    ] {
        holds(&measure(&half), "paraphrase", right, 0);
    }
}
