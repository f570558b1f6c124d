//! What a site sent, on its way into the store: read once, judged against what waits to go out, in one transaction.

use super::conflict::markup;
use super::dispatch::{Moment, judge_open};
use super::engine::Pulled;
use super::news::News;
use crate::domain::{Body, CommentId, DecisionId, Item, NativeId, Observed, Page, Sight, SiteId, Unreadable};
use crate::store::{Arrival, Derived, Ingested, Source, Trouble, Work};
use crate::text::{self, Block};

/// Letters of a comment in a queue row.
const EXCERPT_CHARS: usize = 200;

/// Reads a comment's words once, off the writer's thread.
pub fn arrival(observed: Observed) -> Arrival {
    let derived = observed.body.as_ref().map(|body| {
        let name = observed.author.as_ref().map_or("", |author| author.name.as_str());
        derive(body, name)
    });
    Arrival { observed, derived }
}

/// What is computed from a comment's words for the queue and for search.
pub fn derive(body: &Body, name: &str) -> Derived {
    let rich = text::read(&body.source, markup(body.format));
    let words = text::words(&rich);
    Derived {
        excerpt: text::excerpt(&rich, EXCERPT_CHARS),
        links: links(&rich.blocks),
        form: text::fold(&format!("{words} {name}")),
    }
}

fn links(blocks: &[Block]) -> u32 {
    blocks.iter().map(links_in).sum()
}

fn links_in(block: &Block) -> u32 {
    let count = |spans: &[text::Span]| spans.iter().filter(|span| span.link.is_some()).count() as u32;
    match block {
        Block::Paragraph(spans) | Block::Heading { spans, .. } => count(spans),
        Block::Quote { blocks, .. } | Block::Apart { blocks, .. } => links(blocks),
        Block::List { items, .. } => items.iter().map(|item| links(item)).sum(),
        Block::Table { rows, .. } => rows.iter().flatten().map(|cell| count(cell)).sum(),
        Block::Code(_) | Block::Figure { .. } | Block::Rule => 0,
    }
}

/// Takes in one page of a queue.
pub fn take_page(
    work: &Work<'_>,
    site: SiteId,
    seq: u64,
    (page, arrivals): (&Page, &[Arrival]),
    moment: &mut Moment<'_>,
    news: &mut Vec<News>,
) -> Result<Pulled, Trouble> {
    let read = work.ingest(site, seq, Source::List, moment.now, arrivals)?;
    let unreadable: Vec<Unreadable> = page.items.iter().filter_map(unread).cloned().collect();
    let unread = work.keep_unreadable(site, seq, Source::List, moment.now, &unreadable)?;
    let done = together(read, unread);
    let moved = judge_open(work, &done.changed, moment)?;
    tell_moved(work, &moved, news)?;
    tell_rows(site, done.new, done.changed, news);
    Ok(Pulled {
        rows: page.items.len() as u64,
        total: page.total,
        next: page.next.clone(),
        covers: page.covers,
        here: work.pending(site)?,
        contested: done.contested,
    })
}

/// Takes in what stands around a comment: truth like any other.
pub fn take_thread(
    work: &Work<'_>,
    site: SiteId,
    seq: u64,
    around: (&[Sight], &[Arrival]),
    moment: &mut Moment<'_>,
    news: &mut Vec<News>,
) -> Result<(), Trouble> {
    take_sights(work, site, seq, around, moment, news).map(drop)
}

/// Takes in a look. Returns the ids that were not there.
pub fn take_sights(
    work: &Work<'_>,
    site: SiteId,
    seq: u64,
    (sights, arrivals): (&[Sight], &[Arrival]),
    moment: &mut Moment<'_>,
    news: &mut Vec<News>,
) -> Result<Vec<NativeId>, Trouble> {
    let read = work.ingest(site, seq, Source::Look, moment.now, arrivals)?;
    let unreadable = sights.iter().filter_map(|sight| match sight {
        Sight::Unreadable(item) => Some(item.clone()),
        Sight::Here(_) | Sight::Missing(_) | Sight::Gone(_) | Sight::Denied { .. } => None,
    });
    let unreadable: Vec<Unreadable> = unreadable.collect();
    let unread = work.keep_unreadable(site, seq, Source::Look, moment.now, &unreadable)?;
    let done = together(read, unread);
    let of = |wanted: fn(&Sight) -> Option<&NativeId>| -> Vec<NativeId> {
        sights.iter().filter_map(wanted).cloned().collect()
    };
    let gone = of(|sight| if let Sight::Gone(id) = sight { Some(id) } else { None });
    let missing = of(|sight| if let Sight::Missing(id) = sight { Some(id) } else { None });
    let buried = work.bury(site, seq, moment.now, &gone)?;
    let mut looked: Vec<_> = Vec::new();
    let ids = arrivals.iter().map(|arrival| &arrival.observed.native_id).chain(&gone);
    for id in ids.chain(unreadable.iter().filter_map(|item| item.native_id.as_ref())) {
        looked.extend(work.find(site, id)?);
    }
    let moved = judge_open(work, &looked, moment)?;
    tell_moved(work, &moved, news)?;
    tell_rows(site, done.new, done.changed.into_iter().chain(buried).collect(), news);
    Ok(missing)
}

/// What of an item is to be kept apart.
pub fn unread(item: &Item) -> Option<&Unreadable> {
    match item {
        Item::Read(_) => None,
        Item::Unreadable(item) => Some(item),
    }
}

fn together(mut read: Ingested, unread: Ingested) -> Ingested {
    read.new.extend(unread.new);
    read.changed.extend(unread.changed);
    read.contested.extend(unread.contested);
    read
}

fn tell_rows(site: SiteId, new: Vec<CommentId>, changed: Vec<CommentId>, news: &mut Vec<News>) {
    if !new.is_empty() {
        news.push(News::Arrived(site, new));
    }
    if !changed.is_empty() {
        news.push(News::Changed(site, changed));
    }
}

fn tell_moved(work: &Work<'_>, moved: &[DecisionId], news: &mut Vec<News>) -> Result<(), Trouble> {
    for id in moved {
        if let Some((decision, _)) = work.decision(*id)? {
            news.push(News::Moved(*id, decision.comment));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Status;
    use crate::domain::{Delivery, Verb};
    use crate::store::sample::{desk, told};
    use crate::store::{ActKind, Ledger, NewDecision};
    use chrono::{DateTime, Utc};

    fn bad(id: &str, status: Option<Status>) -> Unreadable {
        let native_id = Some(NativeId(id.into()));
        Unreadable { native_id, status, source: "{".into(), why: "no text".into() }
    }

    /// What a page or a look of one comment made known.
    fn take(
        desk: &mut Ledger,
        (site, now): (SiteId, DateTime<Utc>),
        seq: u64,
        sight: Sight,
        looked: bool,
    ) -> Vec<News> {
        let arrivals: Vec<Arrival> = match &sight {
            Sight::Here(here) => vec![arrival(here.clone())],
            _ => Vec::new(),
        };
        let mut news = Vec::new();
        desk.write(|work| {
            let mut moment = Moment { now, new_key: &mut || "key".to_owned() };
            if looked {
                take_sights(work, site, seq, (&[sight], &arrivals), &mut moment, &mut news).map(drop)
            } else {
                let items = match sight {
                    Sight::Here(here) => vec![Item::Read(here)],
                    Sight::Unreadable(here) => vec![Item::Unreadable(here)],
                    Sight::Missing(_) | Sight::Gone(_) | Sight::Denied { .. } => Vec::new(),
                };
                let page = Page { items, ..Page::default() };
                take_page(work, site, seq, (&page, &arrivals), &mut moment, &mut news).map(drop)
            }
        })
        .unwrap();
        news
    }

    #[test]
    fn what_cannot_be_read_is_news_however_it_is_met() {
        for looked in [false, true] {
            let (mut desk, site, now) = desk();
            let row = CommentId(1);
            let unread = || Sight::Unreadable(bad("1", Some(Status::Spam)));
            let news = take(&mut desk, (site, now), 1, unread(), looked);
            assert_eq!(news, [News::Arrived(site, vec![row])]);
            let kept = desk.write(|work| work.comment(row)).unwrap().unwrap();
            assert_eq!((kept.status, kept.unreadable.as_deref()), (Status::Spam, Some("no text")));
            assert_eq!(take(&mut desk, (site, now), 2, unread(), looked), []);
            let read = Observed { status: Some(Status::Spam), ..told("1", "words").observed };
            let news = take(&mut desk, (site, now), 3, Sight::Here(read), looked);
            assert_eq!(news, [News::Changed(site, vec![row])]);
            let news = take(&mut desk, (site, now), 4, unread(), looked);
            assert_eq!(news, [News::Changed(site, vec![row])]);
        }
    }

    fn decided(desk: &mut Ledger, (site, now): (SiteId, DateTime<Utc>), verb: Verb) -> DecisionId {
        let status = if verb == Verb::Restore { Status::Spam } else { Status::Pending };
        let read = Observed { status: Some(status), ..told("1", "words").observed };
        take(desk, (site, now), 1, Sight::Here(read), true);
        let item = NewDecision {
            comment: CommentId(1),
            verb,
            keeps: false,
            seen: None,
            key: "k".into(),
            hold_secs: 5,
        };
        desk.write(|work| work.decide(ActKind::Decide, &[item], now)).unwrap().decisions[0].0
    }

    #[test]
    fn a_decision_asks_before_it_goes_to_words_that_cannot_be_read() {
        for looked in [false, true] {
            for (verb, status, end) in [
                (Verb::Approve, Some(Status::Pending), Delivery::Conflicted),
                (Verb::Reject, None, Delivery::Conflicted),
                (Verb::Approve, Some(Status::Approved), Delivery::Delivered),
                (Verb::Restore, Some(Status::Spam), Delivery::Held),
            ] {
                let (mut desk, site, now) = desk();
                let id = decided(&mut desk, (site, now), verb);
                let news = take(&mut desk, (site, now), 2, Sight::Unreadable(bad("1", status)), looked);
                let (_, delivery) = desk.write(|work| work.decision(id)).unwrap().unwrap();
                assert_eq!(delivery, end, "{verb:?}, {status:?}, looked at: {looked}");
                let moved = news.contains(&News::Moved(id, CommentId(1)));
                assert_eq!(moved, end != Delivery::Held, "{verb:?}, {status:?}, looked at: {looked}");
            }
        }
    }
}
