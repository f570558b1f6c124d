//! Two looks at a source before the tokenizer reads it. Neither decides what is shown, only how and how far it is read.

/// Attributes of one tag. The tokenizer compares each with all before it, so a tag of 100,000 would take minutes.
pub(super) const ATTRIBUTES_MAX: usize = 256;

/// Elements that say that line ends mean nothing.
const PARAGRAPHS: [&str; 15] = [
    "p", "br", "div", "section", "article", "main", "table", "h1", "h2", "h3", "h4", "h5", "h6", "body",
    "html",
];

/// Whether the markup parts its own paragraphs.
pub(super) fn has_paragraphs(source: &str) -> bool {
    source.split('<').skip(1).any(|tag| {
        let name = &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())];
        PARAGRAPHS.iter().any(|paragraph| paragraph.eq_ignore_ascii_case(name))
    })
}

/// Where the first tag with too many attributes begins.
pub(super) fn attribute_flood(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(next) = find(bytes, at, b'<') {
        let rest = &bytes[next + 1..];
        at = if rest.starts_with(b"!--") {
            next + 4 + source.get(next + 4..)?.find("-->")?
        } else if let Some(end) = raw_end(rest) {
            after(source, next + 1, end)?
        } else if rest.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/') {
            match tag_end(bytes, next + 1) {
                Ok(end) => end,
                Err(()) => return Some(next),
            }
        } else {
            next + 1
        };
    }
    None
}

fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|b| *b == byte).map(|at| from + at)
}

/// What ends a script or a style sheet, when one begins here.
fn raw_end(rest: &[u8]) -> Option<&'static str> {
    [("script", "</script"), ("style", "</style")]
        .into_iter()
        .find(|(name, _)| {
            rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
        })
        .map(|(_, end)| end)
}

/// Where `end` stands, in any case.
fn after(source: &str, from: usize, end: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = from;
    loop {
        at = find(bytes, at, b'<')?;
        if bytes.get(at..at + end.len()).is_some_and(|found| found.eq_ignore_ascii_case(end.as_bytes())) {
            return Some(at + 1);
        }
        at += 1;
    }
}

/// The byte after a tag, or an error when its attributes are too many. A tag that never ends goes to the end.
fn tag_end(bytes: &[u8], from: usize) -> Result<usize, ()> {
    let (mut at, mut count, mut parted, mut valued) = (from, 0, false, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return Ok(at + 1),
            b'"' | b'\'' if valued => {
                at = find(bytes, at + 1, *byte).unwrap_or(bytes.len());
                (parted, valued) = (true, false);
            }
            b'=' => valued = true,
            byte if byte.is_ascii_whitespace() || *byte == b'/' => parted = !valued,
            _ => {
                count += usize::from(parted);
                (parted, valued) = (false, false);
            }
        }
        if count > ATTRIBUTES_MAX {
            return Err(());
        }
        at += 1;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_attributes_is_found_where_its_tag_begins() {
        let flood = format!("<p a b=c>word<a{}>", " x='1 2 3'".repeat(ATTRIBUTES_MAX + 1));
        assert_eq!(attribute_flood(&flood), Some(13));
        assert_eq!(attribute_flood(&format!("x<a{}>", "/y".repeat(ATTRIBUTES_MAX + 1))), Some(1));
    }

    #[test]
    fn long_values_scripts_and_comments_are_no_flood() {
        let many = " a".repeat(ATTRIBUTES_MAX + 9);
        for source in [
            format!("<img src=\"data:{many}\">"),
            format!("<script>if (a<b {many})</SCRIPT><p>"),
            format!("<!-- <b {many} --><p>"),
            format!("1 < 2 {many}"),
            format!("<a{}>", " x=1".repeat(ATTRIBUTES_MAX)),
            "<a href=\"".to_owned(),
            "<".to_owned(),
        ] {
            assert_eq!(attribute_flood(&source), None, "{source}");
        }
    }

    #[test]
    fn line_ends_mean_something_only_without_paragraph_elements() {
        for (source, expected) in [
            ("a\n\nb", false),
            ("a <b>b</b>\n", false),
            ("<P class=x>a", true),
            ("a<br/>b", true),
            ("<pre>", false),
        ] {
            assert_eq!(has_paragraphs(source), expected, "{source}");
        }
    }
}
