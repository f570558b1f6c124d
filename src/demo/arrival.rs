//! What comes in while the evening goes on: one comment at a time, now and then a burst of spam.

use super::evening::{Draft, lang_of, publish, rude_wording, somewhere, wave, wording};
use super::stock::{Nature, Written};
use super::world::{Status, World};
use chrono::SubsecRound;

/// One more comment comes in; sometimes a few, where it is spam.
pub(super) fn arrive(world: &mut World) {
    let dice = world.chance.below(100);
    let mut drafts = Vec::new();
    match dice {
        0..=3 => {
            wave(world, 4, Status::Pending, &mut drafts);
        }
        4..=44 if !world.drawer.is_empty() => drafts.extend(from_drawer(world)),
        _ => drafts.extend(made_up(world)),
    }
    let now = world.now.trunc_subsecs(0);
    for mut draft in drafts {
        draft.at = now;
        publish(world, draft);
    }
}

/// A written comment whose parent, if it answers one, can be seen by now.
fn from_drawer(world: &mut World) -> Option<Draft> {
    let start = world.chance.below(world.drawer.len());
    let count = world.drawer.len();
    let at = (0..count).map(|step| (start + step) % count).find(|at| {
        let Some((_, written)) = world.drawer.get(*at) else { return false };
        written.answers.as_ref().is_none_or(|key| parent_seen(world, key).is_some())
    })?;
    let (article, written) = world.drawer.swap_remove(at);
    let parent = written.answers.as_ref().and_then(|key| parent_seen(world, key));
    let article = parent.and_then(|at| world.comments.get(at)).map_or(article, |above| above.article);
    let now = world.now;
    let author = world.cast.named(&written.author, &mut world.chance, now);
    world.said.insert(written.text.clone());
    Some(Draft { at: now, article, author, written, status: Status::Pending, parent })
}

fn parent_seen(world: &World, key: &str) -> Option<usize> {
    let at = *world.by_key.get(key)?;
    world.comments.get(at).filter(|c| c.status == Status::Approved).map(|_| at)
}

fn made_up(world: &mut World) -> Option<Draft> {
    let article = somewhere(world);
    let lang = lang_of(world, article);
    let author = world.cast.somebody(&lang, &mut world.chance)?;
    let parent = world.chance.happens(0.35).then(|| answerable(world, article)).flatten();
    let above = parent
        .and_then(|at| world.comments.get(at))
        .map(|c| (world.author_name(c).to_owned(), c.source.clone()));
    let (text, nature, parent) = if world.chance.happens(0.05) {
        (rude_wording(world, article)?, Nature::Rude, None)
    } else {
        (wording(world, article, author, above)?, Nature::Ordinary, parent)
    };
    let written = Written { text, nature, ..Written::default() };
    Some(Draft { at: world.now, article, author, written, status: Status::Pending, parent })
}

/// A recent published comment on that article.
fn answerable(world: &mut World, article: usize) -> Option<usize> {
    let seen: Vec<usize> = (0..world.comments.len())
        .rev()
        .filter(|at| {
            world.comments.get(*at).is_some_and(|c| {
                c.article == article && c.status == Status::Approved && c.nature == Nature::Ordinary
            })
        })
        .take(30)
        .collect();
    world.chance.pick(&seen).copied()
}
