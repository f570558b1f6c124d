//! Why the site holds a comment, in its own codes and words. What it says is true of the comment.

use super::cast::Reader;
use super::stock::{Nature, Written};
use super::world::World;
use chrono::{DateTime, Duration, Utc};

/// How far back a reader's other comments are looked for.
const LATELY: usize = 80;
/// Words for which the site holds a comment.
const WORDS_LISTED: [&str; 10] =
    ["idiot", "clown", "liar", "coward", "pathetic", "scum", "sheep", "vermin", "savages", "schwachköpfe"];

/// Why the site holds it.
pub(super) fn reasons(
    world: &World,
    at: DateTime<Utc>,
    author: usize,
    article: usize,
    written: &Written,
) -> Vec<(String, String)> {
    let mut held: Vec<(String, String)> = Vec::new();
    for code in &written.held {
        match code.split_once(' ') {
            Some((code, detail)) => say(&mut held, code, detail),
            None => say(&mut held, code, ""),
        }
    }
    let links = written.text.matches("http").count() + written.text.matches("](").count();
    let explained = held.iter().any(|(code, _)| code == "link");
    if links == 1 && !explained {
        say(&mut held, "link", "1 link");
    } else if links > 1 && !explained {
        say(&mut held, "link", &format!("{links} links"));
    }
    if written.nature == Nature::Spam {
        say(&mut held, "spam-score", "Looks like 3 or more comments of the last hour");
    }
    if written.nature == Nature::Rude && held.is_empty() {
        let text = written.text.to_lowercase();
        match WORDS_LISTED.iter().find(|word| text.contains(*word)) {
            Some(word) => say(&mut held, "words", word),
            None => say(&mut held, "tone", "The filter is not sure about the tone"),
        }
    }
    let lately = world.comments.iter().rev().take(LATELY).filter(|c| c.author == author);
    if lately.filter(|c| at - c.created < Duration::minutes(10)).count() > 1 {
        say(&mut held, "quick", "Third comment by this reader within ten minutes");
    }
    if world.cast.reader(author).is_some_and(|r| r.approved == 0) {
        say(&mut held, "first", "First comment by this reader");
    }
    let premod = world.stock.articles.get(article).is_some_and(|p| p.field("premod") == "yes");
    if held.is_empty() && premod {
        say(&mut held, "premod", "Every comment on this article is read first");
    }
    if held.is_empty() {
        let days = |reader: &Reader| reader.registered.map(|since| (world.now - since).num_days());
        let young = world.cast.reader(author).and_then(days).is_some_and(|days| days < 7);
        if young {
            say(&mut held, "new-account", "Account is younger than a week");
        } else {
            say(&mut held, "sample", "One comment in ten is read before it is published");
        }
    }
    held
}

fn say(held: &mut Vec<(String, String)>, code: &str, detail: &str) {
    held.push((code.to_owned(), detail.to_owned()));
}
