//! Words as they were written, with how each stretch of them is to look. Nothing here knows a width or a screen.

use crate::text::Link;
use crate::ui::font::Face;
use crate::ui::theme::{CLEAR, Palette};
use egui::Color32;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

/// Bytes before a place where the end of a word is near enough to cut there.
const NEAR: usize = 200;
/// Stretches of one block that are drawn soft, each with a look of its own; where there are more, those nearest to each
/// other are drawn as one, with the letters between them.
const SOFT_MAX: usize = 80;

/// How a stretch of words looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub face: Face,
    /// Points.
    pub size: f32,
    /// Points from one line to the next.
    pub line: f32,
    pub ink: Color32,
    /// Behind the words; [`CLEAR`] for none.
    pub ground: Color32,
    pub struck: bool,
    /// Marked as something that leads elsewhere.
    pub underlined: bool,
    /// Both strong and emphasised.
    pub slanted: bool,
    /// Only the first letter is drawn; what it says is as it is.
    pub soft: bool,
}

impl Style {
    /// Plain words of one look.
    pub fn new(face: Face, size: f32, line: f32, ink: Color32) -> Self {
        Self {
            face,
            size,
            line,
            ink,
            ground: CLEAR,
            struck: false,
            underlined: false,
            slanted: false,
            soft: false,
        }
    }
}

impl Style {
    /// What stands for a hidden character among words that look like `among`.
    pub fn label(among: Self, palette: &Palette) -> Self {
        Self {
            face: Face::Plain,
            size: (among.size * 0.8).round(),
            line: (among.line * 0.8).round(),
            ink: palette.spam,
            ground: palette.spam_wash,
            ..among
        }
    }
}

impl Hash for Style {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { face, size, line, ink, ground, struck, underlined, slanted, soft } = self;
        (face, size.to_bits(), line.to_bits(), ink, ground, struck, underlined, slanted, soft).hash(state);
    }
}

/// Which way a block starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Base {
    /// As its first letter that has a direction.
    #[default]
    FirstStrong,
    LeftToRight,
    RightToLeft,
}

/// One block of words: its direction is its own, whatever stands around it.
#[derive(Debug, Clone, Default)]
pub struct Words {
    text: String,
    runs: Vec<(Range<usize>, Style)>,
    links: Vec<(Range<usize>, Link)>,
    base: Base,
    key: OnceLock<u64>,
}

/// Keyed afresh in each run, so that nobody can write two texts that are taken for one.
static KEYED: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl Words {
    /// Words of one look.
    pub fn of(text: impl Into<String>, style: Style) -> Self {
        let mut words = Self::default();
        words.push(&text.into(), style);
        words
    }

    /// Starts from the left or the right whatever the letters.
    pub fn based(mut self, base: Base) -> Self {
        self.base = base;
        self.key = OnceLock::new();
        self
    }

    /// Adds a stretch.
    pub fn push(&mut self, text: &str, style: Style) {
        let start = self.text.len();
        self.text.push_str(text);
        self.runs.push((start..self.text.len(), style));
        self.key = OnceLock::new();
    }

    /// Adds a stretch in which labels such as `⟦RLO⟧`, which stand for hidden characters, look like `label`.
    pub fn push_labelled(&mut self, text: &str, style: Style, label: Style) {
        let mut from = 0;
        for at in crate::text::labels(text) {
            if at.start > from {
                self.push(&text[from..at.start], style);
            }
            self.push(&text[at.clone()], label);
            from = at.end;
        }
        if from < text.len() {
            self.push(&text[from..], style);
        }
    }

    /// Whatever was added since the text had `start` bytes leads somewhere.
    pub fn link(&mut self, start: usize, link: Link) {
        self.links.push((start..self.text.len(), link));
    }

    /// The text as it was written, without what keeps names in a sentence apart.
    pub fn written(&self) -> Cow<'_, str> {
        written(&self.text)
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Stretches, in bytes of the text.
    pub fn runs(&self) -> &[(Range<usize>, Style)] {
        &self.runs
    }

    /// Links, in bytes of the text.
    pub fn links(&self) -> &[(Range<usize>, Link)] {
        &self.links
    }

    /// Which way it starts.
    pub fn base(&self) -> Base {
        self.base
    }

    /// The same way, whatever its first letter is.
    pub fn started(&self) -> Base {
        if self.is_rtl() { Base::RightToLeft } else { Base::LeftToRight }
    }

    /// Whether its lines start at the right.
    pub fn is_rtl(&self) -> bool {
        match self.base {
            Base::RightToLeft => true,
            Base::LeftToRight => false,
            Base::FirstStrong => starts_rtl(self.text.chars()),
        }
    }

    /// A number that no other words of this run of the program have.
    pub fn key(&self) -> u64 {
        *self.key.get_or_init(|| KEYED.hash_one((&self.text, &self.runs, self.base)))
    }

    /// The words between two places, looks and links kept.
    pub fn part(&self, range: Range<usize>) -> Self {
        Self {
            text: self.text.get(range.clone()).unwrap_or_default().to_owned(),
            runs: within(&self.runs, &range),
            links: within(&self.links, &range),
            base: self.base,
            key: OnceLock::new(),
        }
    }

    /// These words with the stretches at `ranges` drawn soft.
    pub fn softened(self, ranges: &[Range<usize>]) -> Self {
        let ranges = &few(ranges, SOFT_MAX);
        let cuts = || ranges.iter().flat_map(|range| [range.start, range.end]);
        let mut runs = Vec::with_capacity(self.runs.len() + ranges.len() * 2);
        for (run, style) in &self.runs {
            let inside = cuts().filter(|cut| run.start < *cut && *cut < run.end);
            let mut from = run.start;
            for to in inside.chain([run.end]) {
                let soft = ranges.iter().any(|range| range.start <= from && to <= range.end);
                runs.push((from..to, Style { soft, ..*style }));
                from = to;
            }
        }
        Self { runs, key: OnceLock::new(), ..self }
    }

    /// The stretches that are drawn soft, in bytes.
    pub fn soft(&self) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for (run, _) in self.runs.iter().filter(|(_, style)| style.soft) {
            match found.last_mut() {
                Some(before) if before.end == run.start => before.end = run.end,
                _ => found.push(run.clone()),
            }
        }
        found
    }

    /// Blocks of about `bytes_max` bytes, cut between words where there are any; all start the way the first one does.
    pub fn split(self, bytes_max: usize) -> Vec<Self> {
        if self.text.len() <= bytes_max {
            return vec![self];
        }
        let base = self.started();
        let mut parts = Vec::new();
        let mut from = 0;
        while from < self.text.len() {
            let to = from + cut(&self.text[from..], bytes_max);
            parts.push(self.part(from..to).based(base));
            from = to;
        }
        parts
    }
}

/// At most so many ranges that hold all of these, which stand in order: the nearest ones are joined.
fn few(ranges: &[Range<usize>], most: usize) -> Cow<'_, [Range<usize>]> {
    let many = ranges.len().saturating_sub(most);
    let gap = |at: usize| ranges[at].start.saturating_sub(ranges[at - 1].end);
    let mut nearest: Vec<usize> = (1..ranges.len()).collect();
    if many == 0 {
        return Cow::Borrowed(ranges);
    }
    nearest.sort_by_key(|at| gap(*at));
    let joined: HashSet<usize> = nearest.into_iter().take(many).collect();
    let mut few: Vec<Range<usize>> = Vec::with_capacity(most);
    for (at, range) in ranges.iter().enumerate() {
        match few.last_mut() {
            Some(before) if joined.contains(&at) => before.end = range.end,
            _ => few.push(range.clone()),
        }
    }
    Cow::Owned(few)
}

/// The last place up to `most` bytes where `text` may be cut: behind white space or a word that ends near it, else behind
/// a letter with all its marks. Never 0 where there is a letter that is no longer than that.
pub fn cut(text: &str, most: usize) -> usize {
    let most = text.floor_char_boundary(most);
    let letter = || {
        let mut cursor = GraphemeCursor::new(most, text.len(), true);
        let is_whole = cursor.is_boundary(text, 0) == Ok(true);
        let mut before = || cursor.prev_boundary(text, 0).ok().flatten().filter(|at| *at > 0);
        if is_whole { Some(most) } else { before() }
    };
    word_end(text, most).or_else(letter).unwrap_or(most)
}

/// The last place up to `most` bytes behind white space or a word, where there is one near it.
pub fn word_end(text: &str, most: usize) -> Option<usize> {
    let most = text.floor_char_boundary(most);
    if most == text.len() {
        return Some(most);
    }
    let near = text.floor_char_boundary(most.saturating_sub(NEAR));
    let gap = text[near..most].char_indices().rfind(|(_, c)| c.is_whitespace());
    let word = || {
        let around = &text[near..text.ceil_char_boundary(most + NEAR)];
        // What is seen from the middle of a letter is no end of a word.
        let unsure = 1 + usize::from(near > 0);
        let starts = around.split_word_bound_indices().map(|(at, _)| near + at).skip(unsure);
        starts.take_while(|at| *at <= most).last()
    };
    gap.map(|(at, c)| near + at + c.len_utf8()).or_else(word)
}

/// The stretches in `range`, counted from its start. They stand in order, of which a long text has very many.
fn within<T: Clone>(stretches: &[(Range<usize>, T)], range: &Range<usize>) -> Vec<(Range<usize>, T)> {
    let first = stretches.partition_point(|(at, _)| at.end <= range.start);
    let inside = stretches[first..].iter().take_while(|(at, _)| at.start < range.end);
    inside
        .filter_map(|(at, what)| {
            let (from, to) = (at.start.max(range.start), at.end.min(range.end));
            (from < to).then(|| (from - range.start..to - range.start, what.clone()))
        })
        .collect()
}

/// A text without what [`crate::text::isolated`] added. Nothing of this kind is left in what other people wrote.
pub fn written(text: &str) -> Cow<'_, str> {
    let sets_apart = |c: char| matches!(c, '\u{2068}' | '\u{2069}');
    if text.contains(sets_apart) { Cow::Owned(text.replace(sets_apart, "")) } else { Cow::Borrowed(text) }
}

/// Whether the first letter that has a direction runs from right to left.
pub fn starts_rtl(letters: impl IntoIterator<Item = char>) -> bool {
    use unicode_bidi::BidiClass::{AL, L, R};
    let strong = letters.into_iter().map(unicode_bidi::bidi_class).find(|class| matches!(class, L | R | AL));
    matches!(strong, Some(R | AL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::LIGHT;

    fn style() -> Style {
        Style::new(Face::Plain, 16.0, 24.0, LIGHT.ink)
    }

    #[test]
    fn a_split_loses_nothing_and_keeps_the_direction() {
        let text = "سلام hello ".repeat(900);
        let parts = Words::of(text.clone(), style()).split(1_000);
        assert!(parts.len() > 9 && parts.iter().all(|part| part.text().len() <= 1_000));
        assert!(parts.iter().all(|part| part.base() == Base::RightToLeft));
        assert_eq!(parts.iter().map(Words::text).collect::<String>(), text);
    }

    #[test]
    fn a_word_without_end_is_cut_between_letters() {
        let parts = Words::of("ښ".repeat(40_000), style()).split(999);
        assert!(parts.iter().all(|part| part.text().len() <= 999 && !part.text().is_empty()));
    }

    #[test]
    fn a_cut_is_behind_a_word_that_ends_near_or_else_behind_a_letter_with_its_marks() {
        let long = "a".repeat(NEAR + 9);
        let marks = "e\u{301}".repeat(NEAR);
        let sided = |text: &str, most| {
            let at = cut(text, most);
            (text[..at].chars().count(), text[at..].chars().count())
        };
        assert_eq!(sided("one two three", 9), (8, 5));
        assert_eq!(sided("one,two,three", 9), (8, 5));
        assert_eq!(sided("one two", 7), (7, 0));
        assert_eq!(sided("你好 你好你好", 15), (3, 4));
        assert_eq!(sided(&format!("a {long}"), NEAR + 5), (NEAR + 5, 6), "the white space is far");
        assert_eq!(sided(&marks, 301), (200, 200), "never between a letter and its mark");
        assert_eq!(sided(&format!("e{}", "\u{301}".repeat(NEAR)), 5), (3, NEAR - 2));
    }

    #[test]
    fn a_link_that_is_cut_leads_on_in_both_parts() {
        let mut words = Words::of("ab ", style());
        let link = Link { url: "https://a.example/".to_owned(), host: "a.example".to_owned() };
        words.push("cd ef", style());
        words.link(3, link);
        let parts = words.split(6);
        assert_eq!(parts[0].links()[0].0, 3..6);
        assert_eq!(parts[1].links()[0].0, 0..2);
    }

    #[test]
    fn labels_of_hidden_characters_look_like_labels() {
        let mut words = Words::default();
        let label = Style { size: 12.0, ..style() };
        words.push_labelled("a⟦RLO⟧b⟦ZWSP×2⟧ ⟦x⟧", style(), label);
        let told: Vec<_> =
            words.runs().iter().map(|(at, style)| (&words.text()[at.clone()], style.size)).collect();
        assert_eq!(told, [("a", 16.0), ("⟦RLO⟧", 12.0), ("b", 16.0), ("⟦ZWSP×2⟧", 12.0), (" ⟦x⟧", 16.0)]);
    }

    #[test]
    fn soft_words_are_soft_across_looks_and_say_what_they_said() {
        let mut words = Words::of("you idi", style());
        words.push("ot, you", Style { slanted: true, ..style() });
        let before = words.key();
        let soft = words.softened(&[Range { start: 4, end: 9 }]);
        assert_eq!(soft.text(), "you idiot, you");
        assert_eq!(soft.soft(), [Range { start: 4, end: 9 }]);
        let told: Vec<_> = soft
            .runs()
            .iter()
            .map(|(at, style)| (&soft.text()[at.clone()], style.soft, style.slanted))
            .collect();
        let expect =
            [("you ", false, false), ("idi", true, false), ("ot", true, true), (", you", false, true)];
        assert_eq!(told, expect);
        assert_ne!(soft.key(), before);
        assert_eq!(soft.part(2..7).soft(), [Range { start: 2, end: 5 }]);
    }

    #[test]
    fn of_soft_stretches_without_end_the_nearest_become_one_and_none_is_left_out() {
        let text = format!("{}{}", "no x ".repeat(700), "no and many words ".repeat(40));
        let ranges: Vec<_> = text.match_indices("no").map(|(at, no)| at..at + no.len()).collect();
        let soft = Words::of(text.clone(), style()).softened(&ranges);
        assert!(soft.runs().len() <= 2 * SOFT_MAX + 1, "{}", soft.runs().len());
        let held = soft.soft();
        assert!(ranges.iter().all(|range| held.iter().any(|h| h.start <= range.start && range.end <= h.end)));
        let last: Vec<&str> = held.iter().rev().take(39).map(|range| &text[range.clone()]).collect();
        assert_eq!(last, ["no"; 39], "those that stand apart stay apart");
        let few = Words::of(text, style()).softened(&ranges[..SOFT_MAX]);
        assert_eq!(few.soft(), ranges[..SOFT_MAX]);
    }

    #[test]
    fn another_look_is_another_key() {
        let dark = Style { ink: crate::ui::theme::DARK.ink, ..style() };
        assert_ne!(Words::of("a", style()).key(), Words::of("a", dark).key());
        assert_eq!(Words::of("a", style()).key(), Words::of("a", style()).key());
        let mut grown = Words::of("a", style());
        let before = grown.key();
        grown.push("b", style());
        assert_ne!(grown.key(), before);
        assert_ne!(Words::of("a", style()).based(Base::RightToLeft).key(), before);
    }
}
