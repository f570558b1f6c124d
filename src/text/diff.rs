//! Words changed between two texts.

use std::collections::HashMap;

/// Words compared one by one; of longer texts what lies between their equal ends counts as replaced.
const WORDS_MAX: usize = 2_000;

/// A stretch of words that stayed, went or came. White space is folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Same(String),
    Gone(String),
    New(String),
}

/// What became of `before` in `after`, in reading order; of neighbours what went stands before what came.
pub fn changed_words(before: &str, after: &str) -> Vec<Change> {
    let (before, after) =
        (before.split_whitespace().collect::<Vec<_>>(), after.split_whitespace().collect::<Vec<_>>());
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let mut out = Vec::new();
    add(&mut out, Change::Same, &before[..head]);
    if old.len() > WORDS_MAX || new.len() > WORDS_MAX {
        add(&mut out, Change::Gone, old);
        add(&mut out, Change::New, new);
    } else {
        walk(&mut out, old, new);
    }
    add(&mut out, Change::Same, &before[before.len() - tail..]);
    out
}

/// The longest common subsequence, written out as stretches.
fn walk(out: &mut Vec<Change>, old_words: &[&str], new_words: &[&str]) {
    // Numbers are compared millions of times where words would be.
    let mut numbers = HashMap::new();
    let mut number = |word| {
        let next = numbers.len();
        *numbers.entry(word).or_insert(next)
    };
    let old: Vec<usize> = old_words.iter().map(|word| number(*word)).collect();
    let new: Vec<usize> = new_words.iter().map(|word| number(*word)).collect();
    let wide = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * wide];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            longest[a * wide + b] = if old[a] == new[b] {
                longest[(a + 1) * wide + b + 1] + 1
            } else {
                longest[(a + 1) * wide + b].max(longest[a * wide + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let (mut gone_from, mut new_from) = (0, 0);
    while a < old.len() && b < new.len() {
        if old[a] != new[b] {
            if longest[(a + 1) * wide + b] >= longest[a * wide + b + 1] {
                a += 1
            } else {
                b += 1
            }
            continue;
        }
        add(out, Change::Gone, &old_words[gone_from..a]);
        add(out, Change::New, &new_words[new_from..b]);
        let same = old[a..].iter().zip(&new[b..]).take_while(|(x, y)| x == y).count();
        add(out, Change::Same, &old_words[a..a + same]);
        (a, b) = (a + same, b + same);
        (gone_from, new_from) = (a, b);
    }
    add(out, Change::Gone, &old_words[gone_from..]);
    add(out, Change::New, &new_words[new_from..]);
}

fn add(out: &mut Vec<Change>, kind: fn(String) -> Change, words: &[&str]) {
    if !words.is_empty() {
        out.push(kind(words.join(" ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let show = |change: Change| match change {
            Change::Same(words) => words,
            Change::Gone(words) => format!("[-{words}-]"),
            Change::New(words) => format!("[+{words}+]"),
        };
        changed_words(before, after).into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_that_went_and_came_are_told() {
        for (before, after, expected) in [
            ("a b c", "a b c", "a b c"),
            ("a b c", "a x c", "a [-b-] [+x+] c"),
            ("a b c d", "b c", "[-a-] b c [-d-]"),
            ("", "new", "[+new+]"),
            ("old", "", "[-old-]"),
            ("", "", ""),
            ("one two three four", "one 2 three for", "one [-two-] [+2+] three [-four-] [+for+]"),
            ("a b", "x p a y q b z", "[+x p+] a [+y q+] b [+z+]"),
            ("a  b\nc", "a b c", "a b c"),
            (
                "the cat sat on the mat",
                "the dog sat on a mat",
                "the [-cat-] [+dog+] sat on [-the-] [+a+] mat",
            ),
        ] {
            assert_eq!(shown(before, after), expected, "{before} → {after}");
        }
    }

    #[test]
    fn long_texts_are_compared_at_their_ends() {
        let old = "x ".repeat(WORDS_MAX + 1);
        let changes = changed_words(&format!("head {old} tail"), "head tail");
        assert_eq!(changes.len(), 3);
        assert!(matches!(&changes[1], Change::Gone(words) if words.starts_with("x x")));
    }
}
