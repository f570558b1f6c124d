//! A source file as the rules look at it: code with comments and literals blanked out, so that no word in a sentence is
//! ever taken for code, and the literals themselves with where they stand.

const TESTS_ONLY: &str = "#[cfg(test)]";

/// One file.
pub struct Source {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub text: String,
    /// Same length as `text`; comments and the inside of literals are spaces.
    pub code: String,
    /// `code` with everything that only tests see blanked out too.
    pub live: String,
    pub literals: Vec<Literal>,
}

/// A string literal.
pub struct Literal {
    /// Where its first quotation mark stands.
    pub at: usize,
    /// As written, escapes and all.
    pub text: String,
}

/// What is wrong where.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub line: usize,
    pub what: String,
}

impl Source {
    pub fn of(path: &str, text: &str) -> Self {
        let (code, literals) = mask(text);
        let live = if is_test_path(path) { blank(&code, 0..code.len()) } else { without_tests(&code) };
        Self { path: path.to_owned(), text: text.to_owned(), code, live, literals }
    }

    /// The files that this one declares as seen by tests only: `#[cfg(test)] mod canned;`.
    pub fn test_modules(&self) -> Vec<String> {
        let folder = match self.path.rsplit_once('/') {
            Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder.to_owned(),
            _ => self.path.trim_end_matches(".rs").to_owned(),
        };
        let declared = |at: usize| {
            let rest = &self.code[at + TESTS_ONLY.len()..];
            let end = rest.find([';', '{']).filter(|end| rest[*end..].starts_with(';'))?;
            Some(format!("{folder}/{}.rs", rest[..end].split_once("mod ")?.1.trim()))
        };
        self.code.match_indices(TESTS_ONLY).filter_map(|(at, _)| declared(at)).collect()
    }

    /// The same file, known to be seen by tests only.
    pub fn for_tests(self) -> Self {
        let live = blank(&self.code, 0..self.code.len());
        Self { live, ..self }
    }

    /// The room a file of `src/` belongs to; `None` for `lib.rs` and `main.rs`, which stand above the rooms.
    pub fn room(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("src/")?;
        let room = rest.split('/').next()?.trim_end_matches(".rs");
        (!matches!(room, "lib" | "main")).then_some(room)
    }

    pub fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| {
            if place.ends_with('/') { self.path.starts_with(place) } else { self.path == *place }
        })
    }

    pub fn line_of(&self, at: usize) -> usize {
        self.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    pub fn finding(&self, at: usize, what: impl Into<String>) -> Finding {
        Finding { line: self.line_of(at), what: what.into() }
    }
}

fn is_test_path(path: &str) -> bool {
    path.starts_with("tests/") || path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// Where `word` stands alone, not as a part of a longer name.
pub fn words(code: &str, word: &str) -> Vec<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word)
        .filter(|(at, _)| !code[..*at].chars().next_back().is_some_and(part))
        .filter(|(at, _)| !code[at + word.len()..].chars().next().is_some_and(part))
        .map(|(at, _)| at)
        .collect()
}

/// The closing bracket that belongs to the opening one at `at`.
pub fn closing(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.as_bytes()[at..].iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + offset);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a body begins that was announced at `from`: its `{`, or `None` when a `;` comes first.
pub fn body(code: &str, from: usize) -> Option<usize> {
    let bytes = code.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'{' => return Some(at),
            b';' => return None,
            b'(' | b'[' => at = closing(code, at)?,
            _ => {}
        }
        at += 1;
    }
    None
}

fn blank(text: &str, range: std::ops::Range<usize>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in &mut bytes[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
    String::from_utf8(bytes).expect("whole characters were blanked")
}

fn without_tests(code: &str) -> String {
    let mut live = code.to_owned();
    while let Some(from) = live.find(TESTS_ONLY) {
        let mut item = from + TESTS_ONLY.len();
        // Further attributes of the same item.
        while live[item..].trim_start().starts_with("#[") {
            let open = item + live[item..].find('[').expect("just seen");
            item = closing(&live, open).map_or(live.len(), |end| end + 1);
        }
        let end = match body(&live, item) {
            Some(open) => closing(&live, open).map_or(live.len(), |end| end + 1),
            None => live[item..].find(';').map_or(live.len(), |end| item + end + 1),
        };
        live = blank(&live, from..end);
    }
    live
}

/// Blanks comments and literals; of a string only its first quotation mark stays.
fn mask(text: &str) -> (String, Vec<Literal>) {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let after_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let end = if rest.starts_with(b"//") {
            at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            comment_end(bytes, at)
        } else if let Some((quote, end)) = (!after_name).then(|| raw_string(bytes, at)).flatten() {
            literals.push(Literal { at: quote, text: inside(text, quote, end) });
            end
        } else if bytes[at] == b'"' {
            let end = string_end(bytes, at);
            literals.push(Literal { at, text: inside(text, at, end) });
            end
        } else if bytes[at] == b'\'' {
            char_end(text, at)
        } else {
            at += 1;
            continue;
        };
        for byte in out[at..end].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
        if let Some(literal) = literals.last().filter(|literal: &&Literal| (at..end).contains(&literal.at)) {
            out[literal.at] = b'"';
        }
        at = end;
    }
    (String::from_utf8(out).expect("whole characters were blanked"), literals)
}

fn inside(text: &str, quote: usize, end: usize) -> String {
    text[quote + 1..end].trim_end_matches('#').strip_suffix('"').unwrap_or_default().to_owned()
}

fn comment_end(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// The quotation mark and the end of `r"…"`, `br#"…"#` and their kin, when one begins here.
fn raw_string(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let prefix = [&b"br"[..], b"cr", b"r"].into_iter().find(|prefix| bytes[at..].starts_with(prefix))?;
    let hashes = bytes[at + prefix.len()..].iter().take_while(|b| **b == b'#').count();
    let quote = at + prefix.len() + hashes;
    if bytes.get(quote) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let end = bytes[quote + 1..].windows(close.len()).position(|window| window == close.as_slice());
    Some((quote, end.map_or(bytes.len(), |end| quote + 1 + end + close.len())))
}

fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of a character literal; of a lifetime only its mark.
fn char_end(text: &str, at: usize) -> usize {
    let rest = &text[at + 1..];
    let mut chars = rest.char_indices();
    match chars.next() {
        Some((_, '\\')) => {
            rest.char_indices().skip(2).find(|(_, c)| *c == '\'').map_or(text.len(), |(o, _)| at + o + 2)
        }
        Some(_) if chars.next().is_some_and(|(_, c)| c == '\'') => {
            at + 2 + rest.chars().next().map_or(0, char::len_utf8)
        }
        _ => at + 1,
    }
}

#[test]
fn comments_and_literals_are_no_code() {
    for (text, code) in [
        ("a // b.unwrap()\nc", "a c"),
        ("a /* b /* c */ d */ e", "a e"),
        ("x(\"a \\\" b\", 1)", "x(\" , 1)"),
        ("x(r#\"a \" b\"#, 1)", "x( \" , 1)"),
        ("['{', 'a', '\\'', '\\u{7B}', '…', <'a>]", "[ , , , , , < a>]"),
        ("b'\"' + b\"x\" + \"y\"", "b + b\" + \""),
        ("r#type + for_r\"x\"", "r#type + for_r\""),
    ] {
        let masked = mask(text).0;
        assert_eq!(masked.len(), text.len(), "{text}");
        assert_eq!(masked.split_whitespace().collect::<Vec<_>>().join(" "), code, "{text}");
    }
    let literals = mask("f(\"one\", r#\"two \"q\" \"#, 'x', \"\\\"\")").1;
    let literals: Vec<&str> = literals.iter().map(|literal| literal.text.as_str()).collect();
    assert_eq!(literals, ["one", "two \"q\" ", "\\\""]);
}

#[test]
fn what_only_tests_see_is_not_live() {
    let source = Source::of(
        "src/a.rs",
        "fn a() {}\n#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\nfn b() {}\n#[cfg(test)]\nmod t { fn c() { '}'; } }\nfn d() {}",
    );
    for (name, live) in
        [("fn a", true), ("fn b", true), ("fn c", false), ("fn d", true), ("mod tests", false)]
    {
        assert_eq!(source.live.contains(name), live, "{name}");
    }
    assert!(Source::of("src/a/tests.rs", "fn a() {}").live.trim().is_empty());
    for (path, text, declared) in [
        ("src/backend/mod.rs", "#[cfg(test)]\npub(crate) mod canned;", &["src/backend/canned.rs"][..]),
        ("src/a/b.rs", "#[cfg(test)] mod c; mod d; #[cfg(test)] mod e {}", &["src/a/b/c.rs"]),
        ("src/lib.rs", "#[cfg(test)] fn f() { x; }", &[]),
    ] {
        assert_eq!(Source::of(path, text).test_modules(), declared, "{text}");
    }
}
