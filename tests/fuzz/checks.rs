//! What must hold of whatever is read, said once: the fuzzer feeds it what it invents, `tests/fuzz_corpus.rs` what was kept.

use crate::text::{
    Block, Change, FINDINGS_MAX, Found, Markup, RichText, Span, changed_words, digest, excerpt, findings,
    findings_in_address, findings_in_line, fold, fold_query, labels, normal_form, read as read_comment,
    read_article, reading_minutes, visible, words,
};
use url::{Host, Url};

/// Containers inside containers, as `text/build.rs` limits them.
const DEPTH_MAX: usize = 24;
/// Bytes of an address that stays a link.
const ADDRESS_MAX: usize = 8 << 10;

/// Reads the bytes behind the first, which chooses the markup and the manner.
pub fn read(bytes: &[u8]) {
    let Some((choice, source)) = bytes.split_first() else { return };
    let source = String::from_utf8_lossy(source);
    let markup = [Markup::Html, Markup::Markdown, Markup::Plain][usize::from(choice % 3)];
    let rich = if choice & 0x80 == 0 { read_comment(&source, markup) } else { read_article(&source, markup) };
    holds(&rich, source.len());
    told(&rich);
    again(&words(&rich));
    assert_eq!(normal_form(&rich, &source, Some(&source)).matches('\u{1F}').count(), 4);
    let (name, form) = (visible(&source), fold(&source));
    shows_all(&name);
    assert_eq!(name.trim(), name);
    assert!(!name.contains('\n'));
    assert!(!form.bytes().any(|b| b.is_ascii_uppercase()), "{form}");
    let query = fold_query(&source);
    assert_eq!(query.matches('"').count() % 2, 0, "{query}");
    findings_in_line(&name).iter().for_each(|finding| shows_all(&finding.word));
}

/// The form of what was read: depth, size, addresses, nothing hidden.
fn holds(rich: &RichText, source: usize) {
    assert!(depth(&rich.blocks) <= DEPTH_MAX);
    each_text(&rich.blocks, &mut shows_all);
    each_span(&rich.blocks, &mut |span| {
        if let Some(link) = &span.link {
            follows(&link.url, &link.host);
        }
    });
    rich.refused.iter().for_each(|address| shows_all(address));
    let said = words(rich);
    // An image in a link says the link's host, which is the most that one tag can add.
    assert!(said.len() <= 300 * (source + 1), "{} bytes of {source}", said.len());
    for letters in [0, 1, 40] {
        let short = excerpt(rich, letters);
        assert!(short.chars().count() <= letters + 1 && !short.contains('\n'), "{short}");
    }
    assert!(reading_minutes(rich) >= 1);
    let form = normal_form(rich, "", None);
    assert_eq!(digest(&form), digest(&form));
    assert!(changed_words(&said, &said).iter().all(|change| matches!(change, Change::Same(_))));
}

/// Findings are bounded, can be read, and come the same twice.
fn told(rich: &RichText) {
    let found = findings(rich);
    assert!(found.len() <= FINDINGS_MAX + 1);
    assert!(!rich.cut || found.last().is_some_and(|last| last.found == Found::Unfinished));
    for finding in &found {
        shows_all(&finding.word);
        assert!(finding.times > 0 && finding.word.chars().count() <= 62, "{finding:?}");
    }
    assert_eq!(found, findings(rich));
    let mut hides = false;
    each_text(&rich.blocks, &mut |text| hides |= labels(text).next().is_some());
    let says = found.iter().any(|finding| matches!(finding.found, Found::Hidden(_) | Found::Unfinished));
    assert_eq!(hides, says && hides, "{found:?}");
}

/// Words that were read once change no more when they are read again, but for labels, which a writer cannot write.
fn again(said: &str) {
    let once = words(&read_comment(said, Markup::Plain));
    let twice = words(&read_comment(&once, Markup::Plain));
    assert_eq!(once, twice);
    assert!(
        !findings(&read_comment(&once, Markup::Plain)).iter().any(|f| matches!(f.found, Found::Hidden(_)))
    );
}

/// The first line is an address, the rest the words that lead there.
pub fn link(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    let (address, said) = source.split_once('\n').unwrap_or((&source, "x"));
    findings_in_address(address).iter().for_each(|finding| shows_all(&finding.word));
    let page = format!("<p><a href=\"{}\">{}</a></p>", escaped(address), escaped(said));
    let rich = read_comment(&page, Markup::Html);
    holds(&rich, page.len());
    told(&rich);
    let mut links = Vec::new();
    each_span(&rich.blocks, &mut |span| links.extend(span.link.clone()));
    let Some(link) = links.first() else { return };
    let Ok(url) = Url::parse(&link.url) else { panic!("no address: {}", link.url) };
    let found = findings(&rich);
    let named = found.iter().any(|finding| matches!(finding.found, Found::Named { .. }));
    assert_eq!(named, !url.username().is_empty() || url.password().is_some(), "{found:?}");
    if let Some(named) = plain_host(said)
        && psl::domain(named.as_bytes()) != psl::domain(url.host_str().unwrap_or_default().as_bytes())
    {
        let elsewhere = |finding: &crate::text::Finding| matches!(finding.found, Found::Elsewhere { .. });
        assert!(found.iter().any(elsewhere), "{said} leads to {}", link.url);
    }
    // Whoever copies the address and sends it again sends the same.
    let second = read_comment(&format!("<a href=\"{}\">x</a>", escaped(&link.url)), Markup::Html);
    let mut after = Vec::new();
    each_span(&second.blocks, &mut |span| after.extend(span.link.clone()));
    assert_eq!(after.first(), Some(link));
}

/// The host that words name when they are nothing but an address of the plainest kind.
fn plain_host(said: &str) -> Option<&str> {
    let host = said.strip_prefix("https://")?;
    let plain = host
        .split('.')
        .all(|label| !label.is_empty() && label.len() < 60 && label.bytes().all(|b| b.is_ascii_lowercase()));
    (plain && host.contains('.') && host.len() < 200 && !host.contains("xn--")).then_some(host)
}

/// An address that may be followed, and a host that is its own.
fn follows(address: &str, host: &str) {
    let Ok(url) = Url::parse(address) else { panic!("no address: {address}") };
    assert!(matches!(url.scheme(), "http" | "https"), "{address}");
    assert!(address.is_ascii() && address.len() <= ADDRESS_MAX, "{address}");
    shows_all(host);
    let real = url.host_str().unwrap_or_default();
    let same = host == real || Host::parse(host).is_ok_and(|shown| shown.to_string() == real);
    assert!(same && !host.is_empty(), "{host} is shown for {address}");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Nothing that hides, turns words round or has no name; what a script needs between its letters may stay.
fn shows_all(text: &str) {
    for c in text.chars() {
        let hidden = match u32::from(c) {
            0x0A | 0x09 => false,
            0x00..=0x1F
            | 0x7F..=0x9F
            | 0xAD
            | 0x034F
            | 0x061C
            | 0x115F
            | 0x1160
            | 0x17B4
            | 0x17B5
            | 0x180E => true,
            0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xFEFF | 0xFFA0 => true,
            0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFFF9..=0xFFFB | 0xE0000..=0xE001F | 0xF0000.. => true,
            point => point & 0xFFFE == 0xFFFE,
        };
        assert!(!hidden, "U+{:04X} in {text:?}", u32::from(c));
    }
}

fn depth(blocks: &[Block]) -> usize {
    let inner = blocks.iter().map(|block| match block {
        Block::Quote { blocks, .. } | Block::Apart { blocks, .. } => depth(blocks),
        Block::List { items, .. } => items.iter().map(|item| depth(item)).max().unwrap_or(0),
        _ => 0,
    });
    1 + inner.max().unwrap_or(0)
}

fn each_text(blocks: &[Block], tell: &mut dyn FnMut(&str)) {
    each_span(blocks, &mut |span| tell(&span.text));
    for block in blocks {
        match block {
            Block::Quote { blocks, .. } | Block::Apart { blocks, .. } => each_text(blocks, &mut *tell),
            Block::List { items, .. } => items.iter().for_each(|item| each_text(item, &mut *tell)),
            Block::Code(code) => tell(code),
            Block::Figure { alt, host, .. } => {
                tell(alt);
                tell(host.as_deref().unwrap_or_default());
            }
            _ => {}
        }
    }
}

fn each_span(blocks: &[Block], tell: &mut dyn FnMut(&Span)) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) | Block::Heading { spans, .. } => spans.iter().for_each(&mut *tell),
            Block::Apart { blocks, .. } => each_span(blocks, &mut *tell),
            Block::Quote { blocks, source } => {
                each_span(blocks, &mut *tell);
                source.iter().flatten().for_each(&mut *tell);
            }
            Block::List { items, .. } => items.iter().for_each(|item| each_span(item, &mut *tell)),
            Block::Table { rows, caption, .. } => {
                rows.iter().flatten().flatten().for_each(&mut *tell);
                caption.iter().flatten().for_each(&mut *tell);
            }
            Block::Figure { caption, .. } => caption.iter().flatten().for_each(&mut *tell),
            Block::Code(_) | Block::Rule => {}
        }
    }
}
