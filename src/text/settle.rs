//! What an article's markup leaves unsaid and its blocks show: whose words a quotation is, and where the list of other
//! articles at the end begins.

use super::apart::headed;
use super::rich::{Apart, Block, Span};

/// Words of the longest line that is read as a source.
const SOURCE_WORDS_MAX: usize = 14;

/// Settles the blocks of an article.
pub(super) fn settle(blocks: &mut Vec<Block>) {
    sources(blocks);
    related_tail(blocks);
}

fn sources(blocks: &mut Vec<Block>) {
    for block in blocks.iter_mut() {
        match block {
            Block::Quote { blocks, source } => {
                sources(blocks);
                if source.is_none() {
                    *source = own_source(blocks);
                }
            }
            Block::List { items, .. } => items.iter_mut().for_each(sources),
            Block::Apart { blocks, .. } => sources(blocks),
            _ => {}
        }
    }
    let mut at = 1;
    while at < blocks.len() {
        let (before, after) = blocks.split_at_mut(at);
        let (Some(Block::Quote { source: free @ None, .. }), Some(Block::Paragraph(spans))) =
            (before.last_mut(), after.first())
        else {
            at += 1;
            continue;
        };
        match dashed(spans) {
            Some(source) => {
                *free = Some(source);
                blocks.remove(at);
            }
            None => at += 1,
        }
    }
}

/// The source that a quotation ends with: a paragraph or a last line that begins with a dash.
fn own_source(blocks: &mut Vec<Block>) -> Option<Vec<Span>> {
    let more = blocks.len() > 1;
    let Some(Block::Paragraph(spans)) = blocks.last_mut() else { return None };
    if more && let Some(source) = dashed(spans).or_else(|| cited(spans)) {
        blocks.pop();
        return Some(source);
    }
    let at = spans.iter().rposition(|span| span.text.contains('\n'))?;
    let (said, line) = spans[at].text.rsplit_once('\n')?;
    let (said, line) = (said.trim_end().to_owned(), line.to_owned());
    let mut last = vec![Span { text: line, ..spans[at].clone() }];
    last.extend_from_slice(&spans[at + 1..]);
    let source = dashed(&last)?;
    spans.truncate(at + 1);
    spans[at].text = said;
    Some(source)
}

/// A paragraph that is a title or a name and no sentence: WordPress wraps a `cite` into a paragraph.
fn cited(spans: &[Span]) -> Option<Vec<Span>> {
    let emphasised = spans.iter().all(|span| span.emphasis || span.text.trim().is_empty());
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    (emphasised && is_name(text.trim())).then(|| level(spans.to_vec()))
}

/// Short, on one line, and not a sentence.
fn is_name(text: &str) -> bool {
    let ends = text.ends_with(['.', '?', '!', '…', '؟', '۔', ',', ':', ';', '”', '»']);
    let words = text.split_whitespace().count();
    (1..=SOURCE_WORDS_MAX).contains(&words) && !ends && !text.contains('\n')
}

/// Emphasis that all of it has says nothing.
fn level(mut spans: Vec<Span>) -> Vec<Span> {
    if spans.iter().all(|span| span.emphasis) {
        spans.iter_mut().for_each(|span| span.emphasis = false);
    }
    spans
}

/// The words after the dash of a line like “— Name, who that is”; speech that begins with a dash is a sentence.
fn dashed(spans: &[Span]) -> Option<Vec<Span>> {
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let text = text.trim();
    let name = text.strip_prefix("--").or_else(|| text.strip_prefix(['—', '–', '―']))?.trim();
    if !is_name(name) {
        return None;
    }
    let mut source = spans.to_vec();
    while let Some(first) = source.first_mut() {
        let dash = |c: char| matches!(c, '—' | '–' | '―' | '-') || c.is_whitespace();
        first.text = first.text.trim_start_matches(dash).to_owned();
        if !first.text.is_empty() {
            break;
        }
        source.remove(0);
    }
    Some(level(source))
}

/// “Related articles” and nothing below it but links.
fn related_tail(blocks: &mut Vec<Block>) {
    let Some(at) = blocks.iter().rposition(|block| matches!(block, Block::Heading { .. })) else { return };
    let Block::Heading { spans, .. } = &blocks[at] else { return };
    if headed(spans) != Some(Apart::Related) || !blocks[at + 1..].iter().all(only_leads_elsewhere) {
        return;
    }
    let below = blocks.split_off(at + 1);
    blocks.pop();
    let (mut own, mut apart) = (Vec::new(), Vec::new());
    for block in below {
        if matches!(block, Block::Apart { .. }) { apart.push(block) } else { own.push(block) }
    }
    if !own.is_empty() {
        blocks.push(Block::Apart { role: Apart::Related, blocks: own });
    }
    blocks.extend(apart);
}

fn only_leads_elsewhere(block: &Block) -> bool {
    match block {
        Block::List { items, .. } => items.iter().flatten().all(only_leads_elsewhere),
        // An address within the site is no link here, so a short line counts as one.
        Block::Paragraph(spans) => {
            let words: usize = spans.iter().map(|span| span.text.split_whitespace().count()).sum();
            words <= SOURCE_WORDS_MAX || spans.iter().all(|s| s.link.is_some() || s.text.trim().is_empty())
        }
        Block::Apart { .. } | Block::Figure { .. } | Block::Rule => true,
        _ => false,
    }
}
