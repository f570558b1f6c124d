//! What a site sent, on its way into the store: read once, judged against what waits to go out, in one transaction.

use super::conflict::markup;
use super::dispatch::{Moment, judge_open};
use super::engine::Pulled;
use super::news::News;
use crate::domain::{Body, Item, NativeId, Observed, Page, Sight, SiteId};
use crate::store::{Arrival, Derived, Source, Trouble, Work};
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
        excerpt: text::visible(&text::excerpt(&rich, EXCERPT_CHARS)),
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
        Block::Quote { blocks, .. } => links(blocks),
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
    let done = work.ingest(site, seq, Source::List, moment.now, arrivals)?;
    for item in page.items.iter().filter(|item| matches!(item, Item::Unreadable { .. })) {
        work.keep_unreadable(site, seq, moment.now, item)?;
    }
    let moved = judge_open(work, &done.changed, moment)?;
    tell_moved(work, &moved, news)?;
    if !done.new.is_empty() {
        news.push(News::Arrived(site, done.new));
    }
    if !done.changed.is_empty() {
        news.push(News::Changed(site, done.changed));
    }
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
    arrivals: &[Arrival],
    moment: &mut Moment<'_>,
    news: &mut Vec<News>,
) -> Result<(), Trouble> {
    take_sights(work, site, seq, (&[], arrivals), moment, news).map(drop)
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
    let done = work.ingest(site, seq, Source::Look, moment.now, arrivals)?;
    let of = |wanted: fn(&Sight) -> Option<&NativeId>| -> Vec<NativeId> {
        sights.iter().filter_map(wanted).cloned().collect()
    };
    let gone = of(|sight| if let Sight::Gone(id) = sight { Some(id) } else { None });
    let missing = of(|sight| if let Sight::Missing(id) = sight { Some(id) } else { None });
    let buried = work.bury(site, seq, moment.now, &gone)?;
    let mut looked: Vec<_> = Vec::new();
    for arrival in arrivals {
        looked.extend(work.find(site, &arrival.observed.native_id)?);
    }
    for id in &gone {
        looked.extend(work.find(site, id)?);
    }
    let moved = judge_open(work, &looked, moment)?;
    tell_moved(work, &moved, news)?;
    if !done.new.is_empty() {
        news.push(News::Arrived(site, done.new));
    }
    let changed: Vec<_> = done.changed.into_iter().chain(buried).collect();
    if !changed.is_empty() {
        news.push(News::Changed(site, changed));
    }
    Ok(missing)
}

fn tell_moved(
    work: &Work<'_>,
    moved: &[crate::domain::DecisionId],
    news: &mut Vec<News>,
) -> Result<(), Trouble> {
    for id in moved {
        if let Some((decision, _)) = work.decision(*id)? {
            news.push(News::Moved(*id, decision.comment));
        }
    }
    Ok(())
}
