//! What a moderator has read, as bytes to compare. A site rewriting its own markup must not look like an edit, and an
//! edit must not look like nothing.

use super::plain::gather;
use super::policy;
use super::rich::{Block, RichText, Span};
use super::visible::visible;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Parts the fields of a [`normal_form`]. It is a control character, so no field can contain it: inside words it has become a label.
pub const FIELD: char = '\u{1F}';

/// The visible words, the link targets, the author's name and address: NFC, entities decoded, white space folded. Of a
/// text over the limits ([`RichText::cut`]) this is what was shown, not what was left out.
pub fn normal_form(rich: &RichText, author: &str, url: Option<&str>) -> String {
    let mut words = String::new();
    gather(&rich.blocks, &mut |text| words.push_str(text));
    let mut targets = Vec::new();
    gather_targets(&rich.blocks, &mut targets);
    let url = url.unwrap_or_default().trim();
    let url = policy::link(url).map_or_else(|| visible(url), |link| link.url);
    let mut out = String::with_capacity(words.len() + author.len() + url.len() + 3);
    for field in [words, targets.join(" "), visible(author), url] {
        let mut gap = "";
        for word in field.split_whitespace() {
            out.push_str(gap);
            out.extend(word.nfc());
            gap = " ";
        }
        out.push(FIELD);
    }
    out
}

/// The fingerprint of a normal form.
pub fn digest(normal: &str) -> [u8; 32] {
    Sha256::digest(normal.as_bytes()).into()
}

/// Where the words lead and where images come from, in reading order, a link once however many spans it has.
fn gather_targets(blocks: &[Block], targets: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) | Block::Heading { spans, .. } => in_line(spans, targets),
            Block::Quote { blocks, source } => {
                gather_targets(blocks, targets);
                source.iter().for_each(|spans| in_line(spans, targets));
            }
            Block::Apart { blocks, .. } => gather_targets(blocks, targets),
            Block::List { items, .. } => items.iter().for_each(|item| gather_targets(item, targets)),
            Block::Table { rows, caption, .. } => {
                caption.iter().for_each(|spans| in_line(spans, targets));
                rows.iter().flatten().for_each(|cell| in_line(cell, targets));
            }
            Block::Figure { host, caption, .. } => {
                targets.extend(host.clone());
                caption.iter().for_each(|spans| in_line(spans, targets));
            }
            Block::Code(_) | Block::Rule => {}
        }
    }
}

fn in_line(spans: &[Span], targets: &mut Vec<String>) {
    let mut last = None;
    for span in spans {
        let target = span.link.as_ref().map(|link| &link.url);
        if target != last {
            targets.extend(target.cloned());
        }
        last = target;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Markup, read};
    use super::*;

    fn of(html: &str) -> String {
        normal_form(&read(html, Markup::Html), "Farid K.", None)
    }

    #[test]
    fn a_site_rewriting_its_own_markup_changes_nothing() {
        for (before, after) in [
            ("Salt & pepper", "Salt &amp; pepper"),
            ("1 &lt; 2 &#8217; &eacute;", "1 < 2 ’ é"),
            ("one\n\ntwo\nthree", "<p>one</p>\n<p>two<br />\nthree</p>\n"),
            (
                "see <a href=\"https://example.org/a?b=1&c=2\">this</a>",
                "<p>see <a href=\"https://example.org/a?b=1&#038;c=2\" rel=\"nofollow ugc\">this</a></p>",
            ),
            ("a <b>bold</b> word", "a <strong class=\"x\">bold</strong>  word "),
            ("cafe\u{301}", "café"),
            ("a&nbsp;b", "a b"),
            ("<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->", "<p>x</p>"),
            ("<blockquote>q</blockquote>a", "<blockquote><p>q</p></blockquote><p>a</p>"),
        ] {
            assert_eq!(of(before), of(after), "{before}");
        }
    }

    #[test]
    fn an_edit_changes_it() {
        let link = |to: &str| format!("see <a href=\"{to}\">this</a>");
        for (before, after) in [
            ("I like it", "I like that"),
            ("now here", "nowhere"),
            ("Yes", "yes"),
            (&link("https://example.org/a"), &link("https://example.org/b")),
            (&link("https://example.org/a"), "see this"),
            ("abc", "a\u{202E}bc"),
            ("abc", "a\u{200B}bc"),
            ("x<img src=https://a.example/1.png>", "x<img src=https://b.example/1.png>"),
            ("10<sup>6</sup>", "106"),
        ] {
            assert_ne!(of(before), of(after), "{before} and {after}");
        }
    }

    #[test]
    fn the_name_and_its_address_count() {
        let rich = read("Hello", Markup::Html);
        let mine = normal_form(&rich, "Farid K.", Some("https://example.org"));
        assert_eq!(mine, normal_form(&rich, " Farid  K. ", Some("https://example.org/")));
        assert_ne!(mine, normal_form(&rich, "Farid L.", Some("https://example.org")));
        assert_ne!(mine, normal_form(&rich, "Farid K.", Some("https://example.net")));
        assert_ne!(mine, normal_form(&rich, "Farid K.", None));
        assert_ne!(
            normal_form(&rich, "https://example.org", None),
            normal_form(&rich, "", Some("https://example.org"))
        );
    }

    #[test]
    fn a_digest_is_sha_256() {
        assert_eq!(digest("abc")[..4], [0xBA, 0x78, 0x16, 0xBF]);
    }
}
