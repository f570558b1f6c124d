//! Every kind of text that a moderator must be able to trust, with the order in which it stands on screen, read off the
//! places of the letters. No installed font is needed: order is decided before any glyph.

use super::*;
use crate::text::visible;
use unicode_segmentation::UnicodeSegmentation;

struct Case {
    what: &'static str,
    text: &'static str,
    /// From left to right; what stands in braces is spelt as it is read and runs from right to left.
    shown: &'static str,
    rtl: bool,
}

const fn ltr(what: &'static str, text: &'static str, shown: &'static str) -> Case {
    Case { what, text, shown, rtl: false }
}

const fn rtl(what: &'static str, text: &'static str, shown: &'static str) -> Case {
    Case { what, text, shown, rtl: true }
}

const CASES: [Case; 53] = [
    rtl("Pashto", "ښوونکي وايي چې", "{چې} {وايي} {ښوونکي}"),
    rtl("Dari", "من این را می‌خوانم", "{می‌خوانم} {را} {این} {من}"),
    rtl("Urdu", "ٹھیک ہے، ڈاکٹر صاحب", "{صاحب} {ڈاکٹر} {،}{ہے} {ٹھیک}"),
    rtl("Arabic", "قرأت هذا المقال؟", "{؟}{المقال} {هذا} {قرأت}"),
    rtl("pointed Arabic", "بِسْمِ ٱللَّهِ", "{ٱللَّهِ} {بِسْمِ}"),
    rtl("Hebrew", "שלום עולם!", "!{עולם} {שלום}"),
    rtl("pointed Hebrew", "בְּרֵאשִׁית", "{בְּרֵאשִׁית}"),
    rtl("Pashto with English", "د BBC Pashto خبر", "{خبر} BBC Pashto {د}"),
    rtl("Dari with English", "من iPhone 15 دارم", "{دارم} iPhone 15 {من}"),
    rtl("Urdu with English", "یہ Google Maps ہے", "{ہے} Google Maps {یہ}"),
    rtl("Arabic with English", "قال (John Smith) نعم", "{نعم} (John Smith) {قال}"),
    rtl("Hebrew with English", "אחת new york שתים", "{שתים} new york {אחת}"),
    ltr("English with Pashto", "he said سلام دنیا twice", "he said {دنیا} {سلام} twice"),
    ltr("English with Hebrew", "say שלום עולם now", "say {עולם} {שלום} now"),
    rtl("a year in Pashto", "په ۲۰۲۴ کې", "{کې} ۲۰۲۴ {په}"),
    rtl("a year in Arabic", "سنة ٢٠٢٤ جيدة", "{جيدة} ٢٠٢٤ {سنة}"),
    rtl("a European year", "سال 2024 بود", "{بود} 2024 {سال}"),
    ltr("a year alone", "۲۰۲۴", "۲۰۲۴"),
    ltr("a year in English", "in ۲۰۲۴ it was", "in ۲۰۲۴ it was"),
    rtl("a date", "نیټه ۱۲/۳/۲۰۲۴ وه", "{وه} ۱۲/۳/۲۰۲۴ {نیټه}"),
    rtl("a sum", "مبلغ 1,250.50 بود", "{بود} 1,250.50 {مبلغ}"),
    rtl("a share", "زیاتوالی ۱۵٪ دی", "{دی} ٪۱۵ {زیاتوالی}"),
    rtl("two numbers", "از 10 تا 20 نفر", "{نفر} 20 {تا} 10 {از}"),
    rtl("a number first", "۱۲ کسان", "{کسان} ۱۲"),
    rtl("a time", "ساعت ۱۲:۳۰ بیا", "{بیا} ۱۲:۳۰ {ساعت}"),
    rtl("brackets round Hebrew", "אחת (שתים)", "({שתים}) {אחת}"),
    rtl("brackets round English", "کابل (Kabul) ښار", "{ښار} (Kabul) {کابل}"),
    ltr("brackets in English", "Kabul (کابل) city", "Kabul ({کابل}) city"),
    rtl("square brackets", "یو [دوه] درې", "{درې} [{دوه}] {یو}"),
    rtl("quotation marks", "هغه «سلام» وویل", "{وویل} «{سلام}» {هغه}"),
    rtl("a mail address", "ایمیل a.b@c.example دی", "{دی} a.b@c.example {ایمیل}"),
    rtl("an address", "وګوره https://a.example/x?y=1 دلته", "{دلته} https://a.example/x?y=1 {وګوره}"),
    ltr("Hindi", "यह सच्ची बात है।", "यह सच्ची बात है।"),
    ltr("Bengali", "এটা সত্যি কথা।", "এটা সত্যি কথা।"),
    ltr("Tamil", "இது உண்மை", "இது உண்மை"),
    ltr("Thai", "นี่คือความจริง", "นี่คือความจริง"),
    ltr("Burmese", "ဒါ အမှန်ပါ။", "ဒါ အမှန်ပါ။"),
    ltr("Khmer", "នេះជាការពិត", "នេះជាការពិត"),
    ltr("Chinese", "这是真的（对）。", "这是真的（对）。"),
    ltr("Japanese", "これは「本当」です。", "これは「本当」です。"),
    ltr("Korean", "이것은 사실이다.", "이것은 사실이다."),
    ltr("Vietnamese", "Đây là sự thật", "Đây là sự thật"),
    ltr("taken apart", "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t", "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t"),
    ltr("stacked marks", "q\u{323}\u{307}\u{301} n\u{303}\u{304}", "q\u{323}\u{307}\u{301} n\u{303}\u{304}"),
    ltr("emoji", "👍🏽 👨‍👩‍👧 🇦🇫 ❤️", "👍🏽 👨‍👩‍👧 🇦🇫 ❤️"),
    rtl("emoji in Dari", "سلام 👍🏽 دوست", "{دوست} 👍🏽 {سلام}"),
    ltr("an override in a name", "Ali\u{202E}nimda", "Ali⟦RLO⟧nimda"),
    ltr("an override in a file name", "invoice\u{202E}fdp.exe", "invoice⟦RLO⟧fdp.exe"),
    ltr("an isolate", "a \u{2067}b c\u{2069} d", "a ⟦RLI⟧b c⟦PDI⟧ d"),
    ltr("joiners in a word", "c\u{200D}as\u{200B}ino", "c⟦ZWJ⟧as⟦ZWSP⟧ino"),
    rtl("an override in Dari", "نام \u{202D}دوست", "{دوست}⟦LRO⟧ {نام}"),
    ltr("nothing", "", ""),
    ltr("only spaces", " \u{a0}\u{3000} ", ""),
];

/// As a name is shown: what hides or turns is labelled first.
fn shown(case: &Case) -> Laid {
    laid(&visible(case.text), f32::INFINITY)
}

/// The letters in the order of their places, each with its marks.
fn by_place(laid: &Laid) -> String {
    let text = laid.words.text();
    let mut letters = Vec::new();
    for line in laid.layout.lines() {
        for cluster in line.runs().flat_map(|run| run.clusters().collect::<Vec<_>>()) {
            let letter = &text[cluster.text_range()];
            let look = if cluster.is_rtl() { mirrored(letter) } else { letter.to_owned() };
            let place = cluster.visual_offset().expect("it has a place");
            // The letters of a ligature may share their place; they are still read in their direction.
            let at = i64::try_from(letters.len()).unwrap_or_default();
            letters.push((place, if cluster.is_rtl() { -at } else { at }, look));
        }
    }
    letters.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    letters.into_iter().map(|(.., look)| look).collect()
}

/// What is expected from left to right.
fn expected(shown: &str) -> String {
    let mut out = String::new();
    let mut rest = shown;
    while let Some((before, word)) = rest.split_once('{') {
        let (word, after) = word.split_once('}').expect("braces come in pairs");
        out.push_str(before);
        out.extend(word.graphemes(true).rev());
        rest = after;
    }
    out + rest
}

#[test]
fn every_case_stands_in_its_order() {
    let mut wrong = Vec::new();
    for case in &CASES {
        let laid = shown(case);
        let told = by_place(&laid);
        if told != expected(case.shown) || [laid.rtl(), laid.words.is_rtl()] != [case.rtl; 2] {
            wrong.push(format!(
                "{}: {told:?}, not {:?}; rtl {}",
                case.what,
                expected(case.shown),
                laid.rtl()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_line_ends_inside_a_letter() {
    for case in CASES.iter().filter(|case| !case.text.trim().is_empty()) {
        let text = format!("{0} {0} {0}", visible(case.text));
        let ends: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        for width in [1.0, 20.0, 45.0, 70.0, 110.0] {
            let laid = laid(&text, width);
            for line in laid.layout.lines() {
                let at = line.text_range().end;
                assert!(ends.contains(&at), "{} at {width}: a line ends at {at}", case.what);
            }
        }
    }
}

/// Words without spaces between them, told apart by `|`.
const UNSPACED: [(&str, &str); 6] = [
    ("Thai", "ภาษา|ไทย|เป็น|ภาษา|ที่|มี|ระดับ|เสียง|ของ|คำ|แน่นอน"),
    ("Khmer", "ខ្ញុំ|ចង់|ទៅ|សាលារៀន|ជាមួយ|មិត្ត|របស់|ខ្ញុំ"),
    ("Burmese", "မြန်မာ|နိုင်ငံ|သည်|အာရှ|တွင်|ရှိ|သည်"),
    ("Lao", "ພາສາ|ລາວ|ເປັນ|ພາສາ|ທາງ|ການ"),
    ("Chinese", "这|是|一|个|很|长|的|句|子"),
    ("Japanese", "こ|れ|は|長|い|文|で|す"),
];

#[test]
fn lines_end_between_words_that_have_no_spaces() {
    for (what, marked) in UNSPACED {
        // No embedded face has most of these letters; a word must have room for what stands for them, and a line must not.
        let wider = match what {
            "Khmer" | "Burmese" | "Lao" => 80.0,
            "Chinese" | "Japanese" => -60.0,
            _ => 0.0,
        };
        let text = marked.replace('|', "");
        let mut at = 0;
        let bounds: Vec<usize> = marked
            .split('|')
            .map(|word| {
                at += word.len();
                at
            })
            .collect();
        let mut broken = 0;
        for width in [100.0, 150.0, 190.0, 230.0].map(|width| width + wider) {
            let laid = laid(&text, width);
            for line in laid.layout.lines() {
                let end = line.text_range().end;
                assert!(bounds.contains(&end), "{what} at {width}: a line ends at {end} of {bounds:?}");
            }
            broken += laid.layout.len() - 1;
        }
        assert!(broken > 0, "{what} was never broken");
    }
}

#[test]
fn an_emoji_of_many_signs_is_one_letter() {
    for emoji in ["👍🏽", "🇦🇫", "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "❤️"]
    {
        let text = format!("a{emoji}b");
        let laid = laid(&text, f32::INFINITY);
        let start = parley::Cursor::from_byte_index(&laid.layout, 1, parley::Affinity::Downstream);
        let next = parley::Selection::from(start).next_visual(&laid.layout, false).focus().index();
        assert_eq!(next, 1 + emoji.len(), "the cursor stops inside {emoji}");
    }
}

#[test]
fn every_bracket_between_letters_from_right_to_left_is_mirrored() {
    let glyph = |text: &str, at: usize| {
        let laid = laid(text, f32::INFINITY);
        let cluster = parley::Cluster::from_byte_index(&laid.layout, at).expect("a letter");
        (cluster.is_rtl(), cluster.glyphs().next().expect("a glyph").id)
    };
    for pair in [['(', ')'], ['[', ']'], ['{', '}'], ['«', '»'], ['‹', '›'], ['<', '>'], ['⟦', '⟧']]
    {
        for (here, there) in [(pair[0], pair[1]), (pair[1], pair[0])] {
            let plain = |c: char| glyph(&format!("a{c}a"), 1);
            let (turned, mirror) = glyph(&format!("א{here}א"), "א".len());
            assert!(turned && mirror != plain(here).1, "{here} stands as it is");
            assert_eq!((false, mirror), plain(there), "{here} is not drawn as {there}");
        }
    }
}

#[test]
fn a_sign_that_asks_to_be_a_picture_asks_with_all_that_is_joined_to_it() {
    let told =
        |text: &str| stretch::pictures(text).into_iter().map(|at| text[at].to_owned()).collect::<Vec<_>>();
    assert_eq!(told("I ❤️ it, ❤ and ✔️!"), ["❤️", "✔️"]);
    assert_eq!(told("🏳️‍🌈 1️⃣ ❤️‍🔥"), ["🏳️‍🌈", "1️⃣", "❤️‍🔥"]);
    assert_eq!(told("👩‍❤️‍👨 👍🏽 a"), Vec::<String>::new());
    assert_eq!(told("\u{FE0F}"), Vec::<String>::new());
}

#[test]
fn strong_words_are_heavier_in_every_embedded_script() {
    for text in ["שלום", "सत्य", "ไทย"] {
        let style = Style::new(Face::Strong, 16.0, 24.0, LIGHT.ink);
        let laid = engine().whole(Arc::new(Words::of(text, style)), f32::INFINITY, 1.0);
        let lines = laid.layout.lines();
        let runs: Vec<_> = lines.flat_map(|line| line.runs().collect::<Vec<_>>()).collect();
        assert!(!runs.is_empty() && runs.iter().all(|run| run.synthesis().embolden()), "{text}");
    }
}
