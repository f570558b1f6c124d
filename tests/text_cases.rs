//! Every case that `text` answers for, in one table: the words that come out, with labels where something hid, and what
//! is said of them. Empty findings are a claim too: an ordinary comment in any script carries no mark.

use greenroom::backend::json::{self, Shape};
use greenroom::text::{
    Block, FINDINGS_MAX, Found, Markup, Oddity, RichText, findings, findings_in_line, fold, read, visible,
    words,
};
use std::time::{Duration, Instant};

/// One finding in short.
fn short(found: &Found) -> String {
    match found {
        Found::Hidden(label) => format!("hides {label}"),
        Found::Odd(Oddity::Lookalike { script, like }) => format!("{script} as {like}"),
        Found::Odd(Oddity::Mixed { scripts: [a, b] }) => format!("{a} and {b}"),
        Found::Elsewhere { host } => format!("elsewhere {host}"),
        Found::Named { host } => format!("named {host}"),
        Found::Scheme(scheme) => format!("scheme {scheme}"),
        Found::Unfinished => "unfinished".to_owned(),
    }
}

fn told(rich: &RichText) -> Vec<String> {
    findings(rich).iter().map(|finding| short(&finding.found)).collect()
}

/// Comments as people write them.
const ORDINARY: [&str; 35] = [
    "زه په کابل کې اوسېږم او ښه یم، مننه!",
    "من در کابل زندگی می\u{200C}کنم (۲۰۲۴) و خوبم.",
    "یہ خبر بہت اچھی ہے، شکریہ۔",
    "هذا الخبر [جيد] جدا: ٢٠٢٤",
    "מזל טוב! ראו Example (2024)",
    "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ",
    "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
    "زما iPhone ښه دی او WhatsAppکې لیکم",
    "यह ख़बर अच्छी है, क्\u{200D}ष",
    "এই খবরটি খুব ভালো",
    "இந்தச் செய்தி நன்று",
    "ข่าวนี้ดีมาก ที่นี่",
    "ဤသတင်းသည် ကောင်းသည်",
    "ដំណឹង\u{200B}នេះ\u{200B}ល្អ",
    "这条新闻很好，谢谢 BBC！",
    "このニュースはとても良いです。Tシャツとスマホ",
    "이 뉴스는 아주 좋습니다. iPhone은 비싸요",
    "Tin này rất hay, cảm ơn Việt Nam ệ ữ ẫ",
    "Dieser Straßenname gefällt mir nicht, naïve Größe",
    "Я люблю сахар, а хаос — нет. IT-специалист купил PDFку и CDшку",
    "Београд је леп, НАТО и NATO, Facebook-у пише Љубав",
    "Київ і Харків: сірка, хор, оса",
    "Българският текст със SMS-и",
    "Η τιμή του Facebook είναι 3 μm και 5 kΩ",
    "Այս iPhone-ը լավն է",
    "ეს iPhone-ის ფასია",
    "Это TNFα и PPARγ, σx и αβ",
    "👍🏽 🇦🇫 👨\u{200D}👩\u{200D}👧\u{200D}👦 ❤\u{FE0F}\u{200D}🔥 1\u{FE0F}\u{20E3} 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "See example.com and me@example.com, Node.js, README.md, 3.14",
    "https://example.org/пример?q=سلام",
    "10⁶ ≤ 2²⁰, ∑ x → ∞, ⟦x⟧ [y]",
    "ﷺ صلى الله عليه وسلم",
    "Ｆｕｌｌｗｉｄｔｈ と half",
    "“Quoted” «text» … — dash",
    "Hello",
];

#[test]
fn ordinary_words_come_out_as_written_and_unmarked() {
    for source in ORDINARY {
        for markup in [Markup::Plain, Markup::Html] {
            let rich = read(source, markup);
            assert_eq!(words(&rich), source, "{markup:?}");
            assert_eq!(told(&rich), [""; 0], "{source}");
        }
        assert_eq!(visible(source), source);
        assert_eq!(findings_in_line(source), [], "{source}");
    }
}

/// HTML with what comes out and what is said of it.
const ODD: [(&str, &str, &[&str]); 35] = [
    ("", "", &[]),
    (" \t \n\n  \u{A0} ", "", &[]),
    ("Maryam\u{202E}gro", "Maryam⟦RLO⟧gro", &["hides RLO"]),
    ("invoice\u{202E}fdp.exe", "invoice⟦RLO⟧fdp.exe", &["hides RLO"]),
    ("a\u{2066}b\u{2069} c", "a⟦LRI⟧b⟦PDI⟧ c", &["hides LRI", "hides PDI"]),
    ("\u{200E}\u{200F}\u{61C}x", "⟦LRM⟧⟦RLM⟧⟦ALM⟧x", &["hides LRM", "hides RLM", "hides ALM"]),
    ("c\u{200D}a\u{200D}sino", "c⟦ZWJ⟧a⟦ZWJ⟧sino", &["hides ZWJ"]),
    ("cas\u{200B}\u{200B}ino", "cas⟦ZWSP×2⟧ino", &["hides ZWSP"]),
    ("x\u{E0041}\u{E0042}", "x⟦TAG×2⟧", &["hides TAG"]),
    ("\u{E000}\u{F0000}", "⟦U+E000⟧⟦U+F0000⟧", &["hides U+E000", "hides U+F0000"]),
    ("\u{378}", "⟦U+0378⟧", &["hides U+0378"]),
    ("x\u{FEFF}\u{AD}\u{2060}", "x⟦BOM⟧⟦SHY⟧⟦WJ⟧", &["hides BOM", "hides SHY", "hides WJ"]),
    ("\u{3164}\u{2800}", "⟦FILLER⟧⟦BLANK⟧", &["hides FILLER", "hides BLANK"]),
    ("&#x202E;x &#8203 y", "⟦RLO⟧x ⟦ZWSP⟧ y", &["hides RLO", "hides ZWSP"]),
    (
        "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}algo",
        "z\u{300}\u{301}\u{302}\u{303}\u{304}⟦marks×3⟧algo",
        &["hides marks"],
    ),
    (
        "z\u{300}<b>\u{301}\u{302}</b>\u{303}<i>\u{304}\u{305}</i>algo",
        "z\u{300}\u{301}\u{302}\u{303}\u{304}⟦marks⟧algo",
        &["hides marks"],
    ),
    ("می<b>\u{200C}خواهم</b>", "می\u{200C}خواهم", &[]),
    ("⟦RLO⟧ typed", "⟦ RLO⟧ typed", &[]),
    ("раура1.com", "раура1.com", &["Cyrl as Latn"]),
    ("buy at раура now", "buy at раура now", &["Cyrl as Latn"]),
    ("pаy\u{200D}pаl", "pаy⟦ZWJ⟧pаl", &["hides ZWJ", "Cyrl as Latn"]),
    ("a &ltb&gt &ampx &copy 2024 &notit;", "a <b> &x © 2024 ¬it;", &[]),
    ("a<b>b<i>c", "abc", &[]),
    ("a <b never closed", "a", &["unfinished"]),
    ("<a href='javascript:alert(1)'>x</a>", "x", &["scheme javascript"]),
    ("<a href=' JAVA\nSCRIPT:alert(1)'>x</a>", "x", &["scheme javascript"]),
    ("<a href='data:text/html,y'>x</a>", "x", &["scheme data"]),
    ("<a href='file:///etc/passwd'>x</a>", "x", &["scheme file"]),
    ("<a href='mailto:a@b.c'>m</a> <a href=/rel>r</a> <a href='tel:1'>t</a>", "m r t", &[]),
    ("<a href='https://evil.example/'>pay<b>pal.com</b></a>", "paypal.com", &["elsewhere evil.example"]),
    ("<a href='https://paypal.com@evil.example/'>x</a>", "x", &["named evil.example"]),
    ("<a href='https://paypal.com/'>www.paypal.com</a>", "www.paypal.com", &[]),
    ("<a href='https://раура1.com/'>x</a>", "x", &["Cyrl as Latn"]),
    ("<a href='https://münchen.example/'>münchen.example</a>", "münchen.example", &[]),
    ("<img alt='a\u{202E}b' src=x>", "a⟦RLO⟧b", &["hides RLO"]),
];

#[test]
fn whatever_hides_or_deceives_is_labelled_and_told() {
    for (source, expected, marks) in ODD {
        let rich = read(source, Markup::Html);
        assert_eq!(words(&rich), expected, "{source:?}");
        assert_eq!(told(&rich), marks, "{source:?}");
    }
}

#[test]
fn a_host_is_drawn_as_what_it_is() {
    let host = |source: &str| {
        let rich = read(source, Markup::Html);
        let Block::Paragraph(spans) = &rich.blocks[0] else { panic!("{rich:?}") };
        spans[0].link.clone().map(|link| link.host).unwrap_or_default()
    };
    assert_eq!(host("<a href='https://xn--mnchen-3ya.example/'>x</a>"), "münchen.example");
    assert_eq!(host("<a href='https://раура1.com/'>x</a>"), "xn--1-7sba6dbr.com");
    assert_eq!(host("<a href='https://paypal.com@evil.example/'>x</a>"), "evil.example");
}

#[test]
fn a_joiner_inside_a_word_does_not_hide_it_from_the_search() {
    let rich = read("c\u{200D}as\u{200B}ino", Markup::Html);
    assert_eq!(fold(&words(&rich)), "casino");
}

#[test]
fn bytes_that_are_no_utf_8_and_halves_of_a_pair_become_one_sign() {
    let body = |bytes: &[u8]| {
        let text = json::text(bytes, Shape::Object).unwrap();
        let told: std::collections::BTreeMap<String, String> = json::decode(&text).unwrap();
        words(&read(&told["body"], Markup::Html))
    };
    assert_eq!(body(b"{\"body\": \"a\xFF\xFEb\"}"), "a\u{FFFD}\u{FFFD}b");
    assert_eq!(body(br#"{"body": "a\ud800b\udc00"}"#), "a\u{FFFD}b\u{FFFD}");
    assert_eq!(body(br#"{"body": "\ud83d\ude00 \u202ex"}"#), "😀 ⟦RLO⟧x");
}

#[test]
fn what_is_too_deep_or_too_long_is_read_as_far_as_it_goes_and_says_so() {
    let deep =
        read(&format!("{}deep{}", "<blockquote>".repeat(200), "</blockquote>".repeat(200)), Markup::Html);
    assert_eq!((words(&deep).as_str(), told(&deep)), ("deep", vec!["unfinished".to_owned()]));
    let long = read(&"word ".repeat(400_000), Markup::Plain);
    assert!(words(&long).len() > 500_000);
    assert_eq!(told(&long), ["unfinished"]);
    let word = "w".repeat(40_000);
    assert_eq!((words(&read(&word, Markup::Html)), told(&read(&word, Markup::Html))), (word, vec![]));
    let breaks = read(&"a<br>".repeat(10_000), Markup::Html);
    assert_eq!((words(&breaks).matches('a').count(), told(&breaks).len()), (10_000, 0));
    let bomb = read(&"&lt;".repeat(100_000), Markup::Html);
    assert_eq!((words(&bomb).len(), told(&bomb).len()), (100_000, 0));
    let many: String = (0..500).map(|n| format!("a\u{202E}{n} ")).collect();
    let found = findings(&read(&many, Markup::Plain));
    assert_eq!((found.len(), &found[FINDINGS_MAX].found), (FINDINGS_MAX + 1, &Found::Unfinished));
}

/// The least of five, since other work shares the machine.
fn took(source: &str, markup: Markup) -> Duration {
    let once = || {
        let begun = Instant::now();
        let rich = read(source, markup);
        std::hint::black_box((findings(&rich), words(&rich)));
        begun.elapsed()
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

/// What is quadratic takes sixteen times as long for four times as much.
#[test]
fn four_times_as_much_takes_about_four_times_as_long() {
    let link = "<a href='https://evil.example/'>pay<b>pal.com</b></a> ";
    for (name, piece) in [
        ("words", "word слово "),
        ("one word", "x"),
        ("one word of lookalikes", "а"),
        ("one token of lookalikes", "pаypаl-"),
        ("links", link),
        ("one host", "а."),
        ("breaks", "a<br>"),
        ("quotes", "<blockquote>q"),
        ("entities", "&amp;&#x202E;"),
        ("labels in one word", "a\u{202E}"),
        ("typed labels", "⟦RLO⟧⟦"),
        ("marks", "\u{301}"),
        ("unclosed", "<b><i>x"),
        ("angles", "<"),
        ("links without end", "<a href='https://a.example/'>x"),
    ] {
        for markup in [Markup::Html, Markup::Markdown, Markup::Plain] {
            let of = |bytes: usize| took(&piece.repeat(bytes / piece.len()), markup);
            let (once, four) = (of(60_000), of(240_000));
            let bound = once * 8 + Duration::from_millis(60);
            assert!(four < bound, "{name}, {markup:?}: {once:?}, then {four:?}");
        }
    }
}
