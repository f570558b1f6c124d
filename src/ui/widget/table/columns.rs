//! How wide the columns of a table are: no word is broken as long as breaking between words is enough. Arithmetic on
//! measured words; nothing is drawn here.

use crate::ui::widget::text::Laid;

/// No column asks for more than this many points.
const COLUMN_MAX: f32 = 280.0;
/// Share of the whole that a single word may keep for itself: an address without end is broken.
const WORD_SHARE_MAX: f32 = 0.5;

/// What a column wants, in points.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Want {
    /// Its longest word.
    pub least: f32,
    /// Its longest line.
    pub most: f32,
}

impl Want {
    /// Room for a cell as it is laid out on one line.
    pub fn cell(laid: &Laid) -> Self {
        // A width of exactly that much may be a rounding too little.
        let least = longest_word(laid).ceil() + 1.0;
        Self { least, most: (laid.size().x.ceil() + 1.0).min(COLUMN_MAX.max(least)) }
    }

    /// What suits both.
    pub fn and(self, other: Self) -> Self {
        Self { least: self.least.max(other.least), most: self.most.max(other.most) }
    }
}

/// Points that the longest stretch takes that a line must not break.
fn longest_word(laid: &Laid) -> f32 {
    let text = laid.words.text();
    let (mut longest, mut word) = (0.0_f32, 0.0_f32);
    for line in laid.layout.lines() {
        word = 0.0;
        for run in line.runs() {
            for cluster in run.clusters() {
                let letters = text.get(cluster.text_range()).unwrap_or_default();
                let before = text.get(..cluster.text_range().start).unwrap_or_default();
                let unspaced = before.chars().next_back().is_some_and(|c| c >= '\u{0E00}');
                if unspaced && cluster.is_word_boundary() {
                    word = 0.0;
                }
                if letters.chars().all(char::is_whitespace) {
                    word = 0.0;
                    continue;
                }
                word += cluster.advance();
                longest = longest.max(word);
                if letters.ends_with(['-', '–', '—', '\u{200B}']) {
                    word = 0.0;
                }
            }
        }
    }
    longest.max(word) / laid.scale
}

/// The widths of columns in `available` points; `None` where even their longest words do not fit side by side.
pub fn fit(wants: &[Want], available: f32) -> Option<Vec<f32>> {
    let wanted: f32 = wants.iter().map(|want| want.most).sum();
    if wanted <= available {
        return Some(wants.iter().map(|want| want.most).collect());
    }
    let word_max = available * WORD_SHARE_MAX;
    let least = |want: &Want| want.least.min(word_max).min(want.most);
    let needed: f32 = wants.iter().map(least).sum();
    if needed > available {
        return None;
    }
    let share = (available - needed) / (wanted - needed);
    Some(wants.iter().map(|want| least(want) + (want.most - least(want)) * share).collect())
}

/// The widths of columns that need not fit.
pub fn free(wants: &[Want]) -> Vec<f32> {
    wants.iter().map(|want| want.most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn want(least: f32, most: f32) -> Want {
        Want { least, most }
    }

    #[test]
    fn columns_that_fit_keep_their_width() {
        assert_eq!(fit(&[want(20.0, 50.0), want(30.0, 100.0)], 200.0), Some(vec![50.0, 100.0]));
    }

    #[test]
    fn squeezed_columns_fill_the_width_and_keep_their_longest_word() {
        let wants = [want(40.0, 40.0), want(120.0, 280.0), want(60.0, 280.0)];
        let widths = fit(&wants, 400.0).unwrap();
        assert!((widths.iter().sum::<f32>() - 400.0).abs() < 0.1, "{widths:?}");
        for (width, want) in widths.iter().zip(wants) {
            assert!(*width >= want.least - 0.1 && *width <= want.most + 0.1, "{widths:?}");
        }
    }

    #[test]
    fn words_that_cannot_stand_side_by_side_do_not_fit() {
        assert_eq!(fit(&[want(90.0, 200.0); 5], 400.0), None);
    }

    #[test]
    fn one_word_without_end_does_not_take_the_table() {
        let widths = fit(&[want(900.0, 900.0), want(40.0, 80.0)], 400.0).unwrap();
        assert!(widths[1] >= 40.0 && widths[0] >= 200.0, "{widths:?}");
    }
}
