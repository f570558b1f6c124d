//! A body to JSON text, whatever stands around it or is broken in it. Values are cut apart here and decoded one by one, so
//! that one bad element never costs its neighbours.

use super::Fault;
use serde::{Serialize, de::DeserializeOwned};
use std::borrow::Cow;

/// What an answer should be at its outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    List,
    Object,
}

/// Bytes of a page quoted in a fault.
const QUOTED_MAX: usize = 120;

/// The JSON of a body. Lone surrogates and bytes that are not UTF-8 become U+FFFD; text that a site's plugin printed
/// before the JSON is skipped. A web page, or JSON that ends too early, is `Malformed`.
pub fn text(body: &[u8], shape: Shape) -> Result<String, Fault> {
    let whole = String::from_utf8_lossy(body);
    let trimmed = whole.trim_start_matches('\u{feff}').trim();
    let found = start(trimmed, shape).ok_or_else(|| Fault::Malformed { why: not_json(trimmed) })?;
    Ok(mend_surrogates(&trimmed[found..]).into_owned())
}

/// Decodes a whole value, or says where it broke.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::Malformed { why: unquoted(&error.to_string()) })
}

/// An error without the value that it quotes: that may be a reader's address, or as long as a comment.
fn unquoted(error: &str) -> String {
    let quoted = error.find(['"', '`']).zip(error.rfind(", expected "));
    match quoted.filter(|(from, to)| from < to) {
        Some((from, to)) => format!("{}{}", error[..from].trim_end(), &error[to..]),
        None => error.to_owned(),
    }
}

/// The largest number that JSON is sure to carry whole.
const COUNT_MAX: u64 = 1 << 53;

/// A count as a site tells it; one beyond all reason is none.
pub fn count(told: u64) -> Option<u64> {
    (told <= COUNT_MAX).then_some(told)
}

/// A body to send.
pub fn encode(value: &impl Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(value).map_err(|error| Fault::Malformed { why: error.to_string() })
}

/// Elements read of one list. Fifty times what is asked of a page; a site that gives more gives something else.
const ELEMENTS_MAX: usize = 5_000;

/// The elements of a list, each as its own text. A list beyond all reason is `Malformed`.
pub fn elements(list: &str) -> Result<Vec<&str>, Fault> {
    let bytes = list.as_bytes();
    let unreadable = || Fault::Malformed { why: "a list is cut short".to_owned() };
    let mut at = skip_space(bytes, 0);
    if bytes.get(at) != Some(&b'[') {
        return Err(Fault::Malformed { why: "a list was expected".to_owned() });
    }
    let mut found = Vec::new();
    loop {
        at = skip_space(bytes, at + 1);
        if bytes.get(at) == Some(&b']') && found.is_empty() {
            return Ok(found);
        }
        let end = skip_value(bytes, at).ok_or_else(unreadable)?;
        found.push(&list[at..end]);
        if found.len() > ELEMENTS_MAX {
            let why = format!("a list of more than {ELEMENTS_MAX}, where at most 100 were asked for");
            return Err(Fault::Malformed { why });
        }
        at = skip_space(bytes, end);
        match bytes.get(at) {
            Some(b',') => {}
            Some(b']') => return Ok(found),
            _ => return Err(unreadable()),
        }
    }
}

/// The text of one member of an object, `None` where it has none of that name.
pub fn member<'t>(object: &'t str, name: &str) -> Option<&'t str> {
    let bytes = object.as_bytes();
    let mut at = skip_space(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    loop {
        at = skip_space(bytes, at + 1);
        let key_end = skip_value(bytes, at).filter(|_| bytes.get(at) == Some(&b'"'))?;
        let key = &object[at + 1..key_end - 1];
        at = skip_space(bytes, key_end);
        at = skip_space(bytes, (bytes.get(at) == Some(&b':')).then_some(at + 1)?);
        let end = skip_value(bytes, at)?;
        if key == name {
            return Some(&object[at..end]);
        }
        at = skip_space(bytes, end);
        (bytes.get(at) == Some(&b',')).then_some(())?;
    }
}

/// Where the JSON begins: at once, or behind stray text if it then reaches to the end.
fn start(text: &str, shape: Shape) -> Option<usize> {
    let bytes = text.as_bytes();
    let open = if shape == Shape::List { b'[' } else { b'{' };
    if bytes.first() == Some(&open) {
        return (skip_value(bytes, 0)? == bytes.len()).then_some(0);
    }
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != open || !plausible(bytes, at) {
            at += 1;
            continue;
        }
        // the real thing, cut short, ends the search: a list inside it must not be taken for it
        let end = skip_value(bytes, at)?;
        if end == bytes.len() {
            return Some(at);
        }
        at = end;
    }
    None
}

/// A list of objects or nothing, an object with a member or nothing: brackets in a notice seldom look so.
fn plausible(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(skip_space(bytes, at + 1));
    matches!((bytes[at], next), (b'[', Some(b'{' | b']')) | (b'{', Some(b'"' | b'}')))
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The end of the value that begins at `at`, by its quotes and brackets alone; `None` where it does not end.
fn skip_value(bytes: &[u8], mut at: usize) -> Option<usize> {
    let begin = at;
    let mut open: Vec<u8> = Vec::new();
    loop {
        match *bytes.get(at)? {
            b'"' => at = skip_string(bytes, at)?,
            b'[' => {
                open.push(b']');
                at += 1;
            }
            b'{' => {
                open.push(b'}');
                at += 1;
            }
            close @ (b']' | b'}') => {
                (open.pop()? == close).then_some(())?;
                at += 1;
            }
            _ if open.is_empty() => return skip_word(bytes, begin),
            _ => at += 1,
        }
        if open.is_empty() {
            return Some(at);
        }
    }
}

fn skip_string(bytes: &[u8], begin: usize) -> Option<usize> {
    let mut at = begin + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

fn skip_word(bytes: &[u8], begin: usize) -> Option<usize> {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b',' | b']' | b'}' | b':' | b'"');
    let length = bytes[begin..].iter().position(ends).unwrap_or(bytes.len() - begin);
    (length > 0).then_some(begin + length)
}

/// Replaces escapes of half a surrogate pair, which no decoder takes, by the escape of U+FFFD.
fn mend_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut mended: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match (escaped_unit(bytes, at), escaped_unit(bytes, at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 12,
            (Some(0xd800..=0xdfff), _) => {
                let copy = mended.get_or_insert_with(|| bytes.to_vec());
                copy[at + 2..at + 6].copy_from_slice(b"fffd");
                at += 6;
            }
            _ => at += 2,
        }
    }
    match mended.map(String::from_utf8) {
        Some(Ok(mended)) => Cow::Owned(mended),
        _ => Cow::Borrowed(text),
    }
}

fn escaped_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6).filter(|e| e.starts_with(b"\\u"))?;
    let digits = std::str::from_utf8(&escape[2..]).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

/// What came instead of JSON, in words: a page by its title, anything else by its beginning. JSON itself is never quoted:
/// it may hold a reader's address.
pub fn not_json(text: &str) -> String {
    let (before, json) = text.split_at(text.find(['{', '[']).unwrap_or(text.len()));
    let is_cut = skip_value(json.as_bytes(), 0).is_none();
    let (before, lower) = (before.trim(), text.to_ascii_lowercase());
    if before.is_empty() {
        return match (json.is_empty(), is_cut) {
            (true, _) => "an empty answer instead of data",
            (false, true) => "data that is cut short",
            (false, false) => "other data than was asked for",
        }
        .to_owned();
    }
    // Only a page from its first letter on has a title of its own: behind a notice, a title may be a comment's words.
    let is_page = lower.starts_with("<!doctype") || lower.starts_with("<html");
    let searched = if is_page { &lower[..] } else { &lower[..before.len()] };
    if let Some(from) = searched.find("<title").and_then(|at| Some(at + searched[at..].find('>')? + 1)) {
        let until = searched[from..].find("</title").map_or(searched.len(), |at| from + at);
        return page(beginning(text[from..until].trim()));
    }
    if lower.starts_with('<') {
        return page(beginning(before));
    }
    format!("text instead of data (“{}”)", beginning(before))
}

fn page(called: &str) -> String {
    format!(
        "a web page instead of data (“{called}”); a login page, a firewall or a plug-in may stand in between"
    )
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(QUOTED_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(body: &str) -> Result<String, Fault> {
        text(body.as_bytes(), Shape::List)
    }

    #[test]
    fn stray_text_before_the_json_is_skipped() {
        let notice = "<br />\n<b>Notice</b>: Undefined index: [colour] {x} [] in a.php<br />\n";
        for json in ["[]", r#"[{"id":1,"a":["[","{"]}]"#, " [ {\"a\":\"\\\"]\"} ] "] {
            assert_eq!(list(&format!("{notice}{json}")).unwrap(), json.trim(), "{json}");
            assert_eq!(list(json).unwrap(), json.trim());
        }
        let object = r#"{"id":1}"#;
        assert_eq!(text(format!("{notice}{object}").as_bytes(), Shape::Object).unwrap(), object);
        assert_eq!(list("\u{feff}[]").unwrap(), "[]");
    }

    #[test]
    fn a_cut_answer_is_never_read_as_a_smaller_one() {
        for cut in [
            r#"[{"id":1},{"id":2"#,
            r#"[{"id":1,"tags":[{"a":1}]"#,
            r#"<b>Notice</b> [{"id":1,"tags":[{"a":1}]"#,
            r#"{"id":1}"#,
            "",
            "[] trailing",
        ] {
            assert!(matches!(list(cut), Err(Fault::Malformed { .. })), "{cut}");
        }
    }

    #[test]
    fn a_web_page_is_named_as_one() {
        let page = "<!DOCTYPE html><HTML><head><title>\nAre you human? </title><script>var a=[{}];</script></head></html>";
        let why = super::page("Are you human?");
        assert_eq!(list(page), Err(Fault::Malformed { why }));
        let page = "<html><style>a{b:c}</style><title>Maintenance</title>";
        let why = super::page("Maintenance");
        assert_eq!(list(page), Err(Fault::Malformed { why }));
        let why = "text instead of data (“no”)".to_owned();
        assert_eq!(list("no"), Err(Fault::Malformed { why }));
        assert!(list(&"é".repeat(500)).is_err());
    }

    #[test]
    fn json_that_cannot_be_used_is_named_and_never_quoted() {
        let cut = r#"[{"id":1,"author_name":"Ana","author_email":"ana@example.org","content":"<title>ana"#;
        for (body, told) in [
            (cut.to_owned(), "data that is cut short".to_owned()),
            (format!("\u{feff} {cut}"), "data that is cut short".to_owned()),
            (format!("<b>Notice</b> in a.php {cut}"), super::page("<b>Notice</b> in a.php")),
            (format!("Notice: in a.php {cut}"), "text instead of data (“Notice: in a.php”)".to_owned()),
            (r#"{"email":"ana@example.org"}"#.to_owned(), "other data than was asked for".to_owned()),
            (format!("{cut}\"}}] ana"), "other data than was asked for".to_owned()),
            (String::new(), "an empty answer instead of data".to_owned()),
        ] {
            assert_eq!(list(&body), Err(Fault::Malformed { why: told }), "{body}");
        }
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_kept() {
        let check = |from: &str, to: &str| assert_eq!(mend_surrogates(from), to);
        check(r#""\ud83d\ude00""#, r#""\ud83d\ude00""#);
        check(r#""\ud83d!""#, r#""\ufffd!""#);
        check(r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#);
        check(r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#);
        check(r#""\\ud83d""#, r#""\\ud83d""#);
        check(r#""\uD8""#, r#""\uD8""#);
    }

    #[test]
    fn elements_are_cut_apart_even_where_one_is_broken() {
        let text = r#" [ {"a":"],["} , {"b":\x} ,3, "s" , [ ] ] "#;
        let found = elements(text).unwrap();
        assert_eq!(found, [r#"{"a":"],["}"#, r#"{"b":\x}"#, "3", r#""s""#, "[ ]"]);
        assert_eq!(elements("[]").unwrap(), Vec::<&str>::new());
        for broken in ["", "{}", "[1", "[1,]", "[,]", "[1 2]", "[\"a]", "[{]}]"] {
            assert!(elements(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_quoting_it() {
        let why = |text: &str| match decode::<Vec<u64>>(text) {
            Err(Fault::Malformed { why }) => why,
            other => panic!("{other:?}"),
        };
        for text in [r#"["ana@example.org"]"#, r#"["ana, expected \"b\" at"]"#, "[-4711]", "[4711.5]"] {
            let why = why(text);
            assert!(why.contains("expected u64 at line 1"), "{why}");
            assert!(!why.contains("ana") && !why.contains("4711"), "{why}");
        }
        assert!(why(r#"[1 2]"#).contains("expected `,`"), "{}", why("[1 2]"));
    }

    #[test]
    fn members_are_found_at_the_outermost_level_only() {
        let object = r#"{ "a" : {"items":1}, "items" : [1, 2] ,"z":null}"#;
        assert_eq!(member(object, "items"), Some("[1, 2]"));
        assert_eq!(member(object, "z"), Some("null"));
        assert_eq!(member(object, "nothing"), None);
        assert_eq!(member("[]", "items"), None);
        assert_eq!(member(r#"{"a" 1}"#, "a"), None);
    }
}
