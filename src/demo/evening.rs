//! What is said on the evening: the queue as the moderator finds it, and the parts every comment is made of.

use super::stock::{Nature, Written};
use super::world::{Comment, Report, Status, World};
use super::{held, pen};
use chrono::{DateTime, Duration, SubsecRound, Utc};

/// A comment before it has a place in the world. `parent` counts drafts, or comments once the evening runs.
pub(super) struct Draft {
    pub(super) at: DateTime<Utc>,
    pub(super) article: usize,
    pub(super) author: usize,
    pub(super) written: Written,
    pub(super) status: Status,
    pub(super) parent: Option<usize>,
}

/// Share of the queue that is written by hand, as far as the stock lasts.
const SHARE_WRITTEN: f64 = 0.74;
/// Share of the stock that is kept back for later in the evening.
const SHARE_KEPT_BACK: f64 = 0.12;
/// Share of the queue that comes in spam waves.
const SHARE_SPAM: f64 = 0.09;
/// How often a wording is tried again before the comment is given up.
const TRIES_MAX: usize = 40;

/// Fills the queue with `pending` comments and the pages with what was decided before.
pub(super) fn fill(world: &mut World, pending: usize) {
    let mut drafts = Vec::new();
    let mut waiting = from_stock(world, pending, &mut drafts);
    decided_before(world, pending / 3 + 6, &mut drafts);
    let seen = Seen::of(world, &drafts);
    let spam = (pending as f64 * SHARE_SPAM) as usize;
    let until = pending.min(waiting + spam);
    let mut failed = 0;
    while waiting < until && failed < TRIES_MAX {
        let sent = wave(world, until - waiting, Status::Pending, &mut drafts);
        waiting += sent;
        failed += usize::from(sent == 0);
    }
    while waiting < pending && failed < TRIES_MAX {
        match generated(world, Status::Pending, &seen, &mut drafts) {
            true => waiting += 1,
            false => failed += 1,
        }
    }
    settle(world, drafts);
}

/// Sends the written stock in, with what it answers to. Returns how many wait.
fn from_stock(world: &mut World, pending: usize, drafts: &mut Vec<Draft>) -> usize {
    let mut pool: Vec<(usize, Written)> = Vec::new();
    for (at, piece) in world.stock.articles.iter().enumerate() {
        pool.extend(piece.comments.iter().map(|written| (at, written.clone())));
    }
    let english: Vec<usize> = (0..world.stock.articles.len())
        .filter(|at| world.stock.articles.get(*at).is_some_and(|piece| piece.field("lang") == "en"))
        .collect();
    let mut remarks = world.stock.remarks.clone();
    world.chance.shuffle(&mut remarks);
    for written in remarks {
        let at = world.chance.pick(&english).copied().unwrap_or(0);
        pool.push((at, written));
    }
    world.chance.shuffle(&mut pool);
    pool.sort_by_key(|(_, written)| written.nature != Nature::Hostile);
    let kept_back = (pool.len() as f64 * SHARE_KEPT_BACK) as usize;
    let wanted = (pending as f64 * SHARE_WRITTEN).ceil() as usize;
    let mut waiting = 0;
    let mut taken = std::collections::HashMap::new();
    let mut hostile = 0;
    let (mut used, mut left) = (vec![false; pool.len()], pool.len());
    for at in 0..pool.len() {
        let is_hostile = pool.get(at).is_some_and(|(_, w)| w.nature == Nature::Hostile);
        if waiting >= wanted || left <= kept_back || (is_hostile && hostile * 25 >= pending) {
            continue;
        }
        hostile += usize::from(is_hostile);
        take(world, &pool, at, false, &mut taken, drafts, &mut waiting);
        if let Some(flag) = used.get_mut(at) {
            *flag = true;
        }
        left -= 1;
    }
    let rest = pool.into_iter().zip(used).filter(|((_, w), used)| !used && !taken.contains_key(&w.key));
    world.drawer =
        rest.map(|(entry, _)| entry).filter(|(_, w)| !w.approved && w.reports.is_empty()).collect();
    waiting
}

/// Takes one written comment and, before it, what it answers. Readers can only answer what they see, so that
/// is approved.
fn take(
    world: &mut World,
    pool: &[(usize, Written)],
    at: usize,
    seen: bool,
    taken: &mut std::collections::HashMap<String, usize>,
    drafts: &mut Vec<Draft>,
    waiting: &mut usize,
) -> Option<usize> {
    let (article, written) = pool.get(at)?;
    if let Some(place) = taken.get(&written.key).copied() {
        let draft = drafts.get_mut(place)?;
        if seen && draft.status == Status::Pending {
            draft.status = Status::Approved;
            *waiting -= 1;
        }
        return Some(place);
    }
    let parent = written.answers.as_ref().and_then(|key| {
        let above = pool.iter().position(|(_, w)| w.key == *key)?;
        take(world, pool, above, true, taken, drafts, waiting)
    });
    let status = if seen || written.approved || !written.reports.is_empty() {
        Status::Approved
    } else {
        *waiting += 1;
        Status::Pending
    };
    let now = world.now;
    let author = world.cast.named(&written.author, &mut world.chance, now);
    let above = parent.and_then(|at| drafts.get(at)).map(|draft| (draft.article, draft.at));
    let article = above.map_or(*article, |(article, _)| article);
    let time = moment(world, article, above.map(|(_, at)| at));
    world.said.insert(written.text.clone());
    drafts.push(Draft { at: time, article, author, written: written.clone(), status, parent });
    taken.insert(written.key.clone(), drafts.len() - 1);
    Some(drafts.len() - 1)
}

pub(super) fn lang_of(world: &World, article: usize) -> String {
    world.stock.articles.get(article).map_or("en", |piece| piece.field("lang")).to_owned()
}

/// When something was said: after its article and what it answers, more often lately than long ago.
fn moment(world: &mut World, article: usize, after: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let hours = world.stock.articles.get(article).map_or(6, |piece| piece.number("hours_ago", 6));
    let earliest = world.now - Duration::minutes(hours * 60 - 4);
    let start = after.unwrap_or(earliest).max(earliest);
    let span = (world.now - start).num_seconds().max(2);
    let ago = (world.chance.unit().powi(2) * (span - 1) as f64) as i64;
    (world.now - Duration::seconds(ago + 1)).trunc_subsecs(0)
}

/// An article, those that people fight about more often.
pub(super) fn somewhere(world: &mut World) -> usize {
    let heat: Vec<u32> =
        world.stock.articles.iter().map(|p| u32::try_from(p.number("heat", 3)).unwrap_or(3)).collect();
    world.chance.pick_weighted(&heat)
}

/// A wording that nobody has used yet.
fn unheard(world: &mut World, mut word: impl FnMut(&mut World) -> Option<String>) -> Option<String> {
    for tries in 0..TRIES_MAX {
        let mut text = word(world)?;
        // Where the short ones are used up, people begin to ramble.
        for _ in 0..tries / 12 {
            text = format!("{text}\n\n{}", word(world)?);
        }
        if world.said.insert(text.clone()) {
            return Some(text);
        }
    }
    None
}

/// An ordinary remark or, where something can be answered, a reply. `above` is (author's name, words).
pub(super) fn wording(
    world: &mut World,
    article: usize,
    author: usize,
    above: Option<(String, String)>,
) -> Option<String> {
    let (name, habit) = world.cast.reader(author).map(|r| (r.name.clone(), author as u64 * 7919))?;
    unheard(world, |world| {
        let World { stock, chance, .. } = world;
        let piece = stock.articles.get(article)?;
        let text = match &above {
            Some((to, said)) => pen::reply(stock, piece, to, said, chance),
            None => pen::remark(stock, piece, habit, chance),
        }?;
        Some(pen::manner(text, &name, habit))
    })
}

/// The drafts that readers can see and answer, by article.
struct Seen(Vec<Vec<usize>>);

impl Seen {
    fn of(world: &World, drafts: &[Draft]) -> Self {
        let mut lists = vec![Vec::new(); world.stock.articles.len()];
        for (at, draft) in drafts.iter().enumerate() {
            let answerable = draft.status == Status::Approved && draft.written.nature == Nature::Ordinary;
            if let Some(list) = lists.get_mut(draft.article).filter(|_| answerable) {
                list.push(at);
            }
        }
        Self(lists)
    }

    fn under(&self, article: usize) -> &[usize] {
        self.0.get(article).map_or(&[], Vec::as_slice)
    }
}

/// Makes one comment up. False where no new wording was found.
fn generated(world: &mut World, status: Status, seen: &Seen, drafts: &mut Vec<Draft>) -> bool {
    let article = somewhere(world);
    let lang = lang_of(world, article);
    let Some(author) = world.cast.somebody(&lang, &mut world.chance) else { return false };
    let rude = world.chance.happens(if status == Status::Rejected { 0.9 } else { 0.04 });
    let candidates = seen.under(article);
    let parent = if world.chance.happens(0.3) { world.chance.pick(candidates).copied() } else { None };
    let above = parent.and_then(|at| drafts.get(at)).map(|draft| {
        let name = world.cast.reader(draft.author).map(|r| r.name.clone()).unwrap_or_default();
        (draft.at, name, draft.written.text.clone())
    });
    let at = moment(world, article, above.as_ref().map(|(at, ..)| *at));
    let text = if rude {
        rude_wording(world, article)
    } else {
        wording(world, article, author, above.map(|(_, name, said)| (name, said)))
    };
    let Some(text) = text else { return false };
    let nature = if rude { Nature::Rude } else { Nature::Ordinary };
    let parent = if rude { None } else { parent };
    drafts.push(Draft {
        at,
        article,
        author,
        written: Written { text, nature, ..Written::default() },
        status,
        parent,
    });
    true
}

pub(super) fn rude_wording(world: &mut World, article: usize) -> Option<String> {
    unheard(world, |world| {
        let World { stock, chance, .. } = world;
        pen::rude(stock, stock.articles.get(article)?, chance)
    })
}

/// Near-copies within minutes, each from an account of its own. Returns how many.
pub(super) fn wave(world: &mut World, most: usize, status: Status, drafts: &mut Vec<Draft>) -> usize {
    let names: Vec<String> = world.stock.waves.keys().filter(|k| k.starts_with("wave_")).cloned().collect();
    let Some(name) = world.chance.pick(&names).cloned() else { return 0 };
    let count = (3 + world.chance.below(12)).min(most);
    let before = drafts.len();
    let article = somewhere(world);
    let start = moment(world, article, None);
    for number in 0..count {
        let article = if world.chance.happens(0.7) { article } else { somewhere(world) };
        let at = (start + Duration::seconds(number as i64 * 23)).min(world.now - Duration::seconds(1));
        if let Some((author, text)) = spam_message(world, &name) {
            let written = Written { text, nature: Nature::Spam, ..Written::default() };
            drafts.push(Draft { at: at.trunc_subsecs(0), article, author, written, status, parent: None });
        }
    }
    drafts.len() - before
}

fn spam_message(world: &mut World, wave: &str) -> Option<(usize, String)> {
    let World { stock, chance, cast, now, .. } = world;
    let text = pen::spam(stock, wave, chance)?;
    let name = chance.pick(stock.waves.get("spammers")?)?.clone();
    let name =
        format!("{name}{}", if chance.happens(0.5) { chance.below(1000).to_string() } else { String::new() });
    let author = cast.named(&name, chance, *now);
    Some((author, text))
}

/// What moderators have done earlier: published, rejected, thrown out as spam.
fn decided_before(world: &mut World, count: usize, drafts: &mut Vec<Draft>) {
    let seen = Seen::of(world, drafts);
    for _ in 0..count {
        let status = [Status::Approved, Status::Approved, Status::Approved, Status::Rejected, Status::Spam]
            [world.chance.below(5)];
        if status == Status::Spam {
            wave(world, 1, status, drafts);
        } else {
            generated(world, status, &seen, drafts);
        }
    }
}

/// Puts the drafts into the world in the order of time.
fn settle(world: &mut World, drafts: Vec<Draft>) {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|at| (drafts.get(*at).map(|d| d.at), *at));
    let mut places: Vec<Option<usize>> = vec![None; drafts.len()];
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    for at in order {
        let Some(mut draft) = drafts.get_mut(at).and_then(Option::take) else { continue };
        draft.parent = draft.parent.and_then(|parent| places.get(parent).copied().flatten());
        let place = publish(world, draft);
        if let Some(slot) = places.get_mut(at) {
            *slot = Some(place);
        }
    }
}

/// A draft becomes a comment of the site.
pub(super) fn publish(world: &mut World, draft: Draft) -> usize {
    let Draft { at, article, author, written, status, parent } = draft;
    let held = if status == Status::Pending {
        held::reasons(world, at, author, article, &written)
    } else {
        Vec::new()
    };
    let seen = status == Status::Approved;
    let likes = if seen { (world.chance.unit().powi(3) * 60.0) as u32 } else { 0 };
    let mut reports = Vec::new();
    for (code, text) in &written.reports {
        let by = world.cast.somebody("en", &mut world.chance).and_then(|r| world.cast.reader(r));
        let by = by.map(|r| r.name.clone()).unwrap_or_default();
        reports.push(Report {
            code: code.clone(),
            text: text.clone(),
            by,
            at: at.max(world.now - Duration::hours(1)),
        });
    }
    if seen && reports.is_empty() && written.nature == Nature::Ordinary && world.chance.happens(0.03) {
        reports.extend(complaint(world, article, at));
    }
    let key = written.key.clone();
    let place = world.place(Comment {
        id: String::new(),
        status,
        revision: 1,
        turn: 0,
        created: at,
        edited: None,
        source: written.text,
        format: written.format.unwrap_or("markdown"),
        author,
        article,
        parent,
        children: Vec::new(),
        reports,
        held,
        likes,
        nature: written.nature,
        last: None,
    });
    if !key.is_empty() {
        world.by_key.insert(key, place);
    }
    place
}

/// What a reader says who reports a comment.
pub(super) fn complaint(world: &mut World, article: usize, since: DateTime<Utc>) -> Option<Report> {
    let World { stock, chance, cast, now, .. } = world;
    let lang = stock.articles.get(article)?.field("lang");
    let line = chance.pick(stock.frames.get("reports").filter(|_| lang == "en")?)?;
    let (code, text) = line.split_once(' ').unwrap_or((line, ""));
    let by = cast.reader(cast.somebody("en", chance)?)?.name.clone();
    let span = (*now - since).num_seconds().max(1);
    let at = *now - Duration::seconds(chance.below(usize::try_from(span).unwrap_or(1)) as i64);
    Some(Report { code: code.to_owned(), text: text.to_owned(), by, at: at.trunc_subsecs(0) })
}
