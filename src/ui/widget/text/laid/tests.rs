//! The order on screen of every kind of text, read from the layout itself; nothing is drawn here.

use super::*;
use crate::ui::font::Face;
use crate::ui::theme::LIGHT;
use parley::PositionedLayoutItem;

mod cases;

fn engine() -> Engine {
    Engine { fonts: fonts::load(false), ..Engine::new() }
}

fn words(text: &str) -> Arc<Words> {
    Arc::new(Words::of(text, Style::new(Face::Plain, 16.0, 24.0, LIGHT.ink)))
}

fn laid(text: &str, width: f32) -> Laid {
    engine().whole(words(text), width, 1.0)
}

/// The letters from the left to the right of the screen, lines apart.
fn seen(laid: &Laid) -> String {
    let text = laid.words.text();
    let mut shown = Vec::new();
    for line in laid.layout.lines() {
        let mut letters = String::new();
        for run in line.runs() {
            for cluster in run.visual_clusters() {
                let letter = &text[cluster.text_range()];
                letters.push_str(&if cluster.is_rtl() { mirrored(letter) } else { letter.to_owned() });
            }
        }
        shown.push(letters.trim().to_owned());
    }
    shown.join("\n")
}

/// As the glyph that stands there looks; that it does is tested apart.
fn mirrored(letter: &str) -> String {
    let pairs = ["()", "[]", "{}", "<>", "«»", "⟦⟧"];
    let pair = pairs.iter().find(|pair| pair.contains(letter));
    pair.map_or_else(|| letter.to_owned(), |pair| pair.replace(letter, ""))
}

fn rev(text: &str) -> String {
    text.chars().rev().collect()
}

#[track_caller]
fn check(text: &str, expect: &str, rtl: bool) {
    let laid = laid(text, f32::INFINITY);
    assert_eq!(seen(&laid), expect, "{text}");
    assert_eq!(laid.rtl(), rtl, "{text}");
}

#[test]
fn words_from_right_to_left_stand_in_their_order() {
    for text in ["ښوونکي وايي چې", "من این را خواندم", "میں نے یہ پڑھا", "قرأت هذا المقال", "שלום עולם"]
    {
        check(text, &rev(text), true);
    }
}

#[test]
fn numbers_are_never_turned_round() {
    for year in ["۲۰۲۴", "٢٠٢٤", "2024"] {
        let text = format!("سال {year} بود");
        check(&text, &format!("{} {year} {}", rev("بود"), rev("سال")), true);
    }
    check("۲۰۲۴", "۲۰۲۴", false);
    check("Kabul ۲۰۲۴", "Kabul ۲۰۲۴", false);
    check("نیټه ۱۲/۳/۲۰۲۴ وه", &format!("{} ۱۲/۳/۲۰۲۴ {}", rev("وه"), rev("نیټه")), true);
    check("مبلغ 1,250.50 بود", &format!("{} 1,250.50 {}", rev("بود"), rev("مبلغ")), true);
}

#[test]
fn another_language_inside_keeps_its_own_order() {
    check("אחת new york שתים", &format!("{} new york {}", rev("שתים"), rev("אחת")), true);
    check("say שלום עולם now", &format!("say {} now", rev("שלום עולם")), false);
    check("د BBC Pashto خبر", &format!("{} BBC Pashto {}", rev("خبر"), rev("د")), true);
    let address = "https://a.example/x?y=1";
    check(&format!("وګوره {address} دلته"), &format!("{} {address} {}", rev("دلته"), rev("وګوره")), true);
}

#[test]
fn brackets_open_towards_what_they_hold() {
    check("אחת (שתים)", &format!("({}) {}", rev("שתים"), rev("אחת")), true);
    check("کابل (Kabul) ښار", &format!("{} (Kabul) {}", rev("ښار"), rev("کابل")), true);
    check("Kabul (کابل) city", &format!("Kabul ({}) city", rev("کابل")), false);
    check("«سلام»", &format!("«{}»", rev("سلام")), true);
}

#[test]
fn a_bracket_from_right_to_left_is_the_mirrored_glyph() {
    let glyphs = |text: &str| {
        let laid = laid(text, f32::INFINITY);
        let lines = laid.layout.lines();
        let runs = lines.flat_map(|line| line.runs().collect::<Vec<_>>());
        runs.flat_map(|run| {
            run.visual_clusters()
                .flat_map(|c| c.glyphs().map(|g| g.id).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        })
        .collect::<Vec<_>>()
    };
    let (open, close) = (glyphs("a(")[1], glyphs("a)")[1]);
    let told = glyphs("(א)");
    assert_eq!((told[0], told[2]), (open, close), "{told:?}");
}

#[test]
fn scripts_from_left_to_right_stay_as_they_are() {
    for text in
        ["यह सच है", "এটা সত্য", "இது உண்மை", "นี่คือความจริง", "这是真的", "これは本当です", "Đây là sự thật"]
    {
        check(text, text, false);
    }
    check("👍🏽 👨‍👩‍👧 🇦🇫", "👍🏽 👨‍👩‍👧 🇦🇫", false);
}

#[test]
fn lines_begin_with_the_first_words() {
    let text = "یو دوه درې څلور پنځه شپږ اووه اته";
    let laid = laid(text, 110.0);
    assert!(laid.layout.len() > 1);
    let first = seen(&laid).lines().next().unwrap().to_owned();
    assert!(first.ends_with(&rev("یو دوه")), "{first}");
    for line in laid.layout.lines() {
        let covered = super::super::select::rects(&laid, line.text_range());
        let right = covered.iter().map(|rect| rect.right()).fold(0.0, f32::max);
        assert!(right > 100.0, "a line ends at {right} of 110");
    }
}

#[test]
fn a_bare_machine_has_the_letters_of_five_scripts() {
    // The last are what hidden characters and pictures are shown with.
    let texts = ["Ĝi ñ ẞ", "ښځې ټول ډېر څوک ګډ ۲۰۲۴ پچژگ ٹڈڑے", "שלום", "हिन्दी", "ภาษาไทย", "⟦⟧▣•…"];
    for text in texts {
        for face in [Face::Plain, Face::Strong, Face::Serif, Face::Code] {
            let style = Style::new(face, 16.0, 24.0, LIGHT.ink);
            let laid = engine().whole(Arc::new(Words::of(text, style)), f32::INFINITY, 1.0);
            for line in laid.layout.lines() {
                for item in line.items() {
                    let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                    assert!(run.glyphs().all(|glyph| glyph.id != 0), "{text} in {face:?}");
                }
            }
        }
    }
}

#[test]
fn stacked_marks_are_all_drawn() {
    let count = |text: &str| {
        let laid = laid(text, f32::INFINITY);
        let runs = laid.layout.lines().flat_map(|line| line.runs().collect::<Vec<_>>());
        runs.map(|run| run.clusters().map(|c| c.glyphs().count()).sum::<usize>()).sum::<usize>()
    };
    assert!(count("e\u{323}\u{306}\u{301}") >= 2);
    assert_eq!(count("x\u{334}\u{335}\u{336}\u{337}\u{338}"), 6);
}

#[test]
fn what_has_no_room_is_cut_and_says_so() {
    for text in ["one two three four five six seven", "یو دوه درې څلور پنځه شپږ اووه اته"]
    {
        let cut = engine().within(&words(text), Room { width: 120.0, rows_max: 1 }, 1.0);
        assert_eq!(cut.layout.len(), 1);
        let kept = cut.words.text().strip_suffix('…').unwrap();
        assert!(text.starts_with(kept) && kept.trim_end() == kept, "{kept}…");
        let told = seen(&cut);
        assert!(if words(text).is_rtl() { told.starts_with('…') } else { told.ends_with('…') }, "{told}");
        assert!(cut.size().x > 70.0, "{}", cut.size().x);
    }
    let whole = engine().within(&words("one two"), Room { width: 120.0, rows_max: 1 }, 1.0);
    assert_eq!(whole.words.text(), "one two");
    let endless = engine().within(&words(&"w".repeat(40_000)), Room { width: 120.0, rows_max: 2 }, 1.0);
    assert_eq!(endless.layout.len(), 2);
}

#[test]
fn a_text_is_laid_out_once_and_forgotten_when_there_are_too_many() {
    let mut engine = engine();
    let text = words("سلام");
    let first = engine.lay(&text, Room::wide(100.0), 1.0, 1);
    assert!(Arc::ptr_eq(&first, &engine.lay(&words("سلام"), Room::wide(100.0), 1.0, 2)));
    for (width, rows_max, scale) in [(90.0, usize::MAX, 1.0), (100.0, 1, 1.0), (100.0, usize::MAX, 2.0)] {
        assert!(!Arc::ptr_eq(&first, &engine.lay(&text, Room { width, rows_max }, scale, 2)));
    }
    for n in 0..LAID_MAX as u64 * 2 {
        engine.lay(&words(&n.to_string()), Room::wide(100.0), 1.0, 3 + n);
    }
    assert!(engine.kept.len() <= LAID_MAX, "{}", engine.kept.len());
}

#[test]
fn what_is_on_screen_is_not_forgotten_for_what_passes_by() {
    let mut engine = engine();
    let text = words("سلام");
    let first = engine.lay(&text, Room::wide(100.0), 1.0, 1);
    for n in 0..LAID_MAX as u64 * 2 {
        // A frame looks at a hundred others.
        let frame = 2 + n / 100;
        engine.lay(&words(&n.to_string()), Room::wide(100.0), 1.0, frame);
        assert!(Arc::ptr_eq(&first, &engine.lay(&text, Room::wide(100.0), 1.0, frame)), "in frame {frame}");
    }
    for n in 0..LAID_MAX as u64 {
        engine.lay(&words(&format!("all in one frame {n}")), Room::wide(100.0), 1.0, 9_000);
    }
    assert!(!engine.kept.values().any(|kept| Arc::ptr_eq(&kept.laid, &first)), "out of sight, it goes");
}

#[test]
fn words_without_spaces_between_them_are_not_torn() {
    let laid = laid("ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอน", 120.0);
    let ends: Vec<usize> = laid.layout.lines().map(|line| line.text_range().end).collect();
    let words = ["ภาษา", "ไทย", "เป็น", "ภาษา", "ที่", "มี", "ระดับ", "เสียง", "ของ", "คำ", "แน่นอน"];
    let mut at = 0;
    let bounds: Vec<usize> = words
        .iter()
        .map(|word| {
            at += word.len();
            at
        })
        .collect();
    assert!(ends.len() > 1 && ends.iter().all(|end| bounds.contains(end)), "{ends:?} of {bounds:?}");
}

#[test]
fn a_word_without_end_is_broken() {
    let laid = laid(&"ab".repeat(500), 200.0);
    assert!(laid.layout.len() > 20 && laid.size().x <= 200.0);
}

#[test]
fn a_name_in_a_sentence_turns_nothing_around() {
    use crate::text::isolated;
    let text = format!("reply to {}, 12 h ago", isolated("أحمد"));
    let told = seen(&laid(&text, f32::INFINITY));
    let told = super::super::words::written(&told).into_owned();
    assert_eq!(told, format!("reply to {}, 12 h ago", rev("أحمد")));
}

#[test]
fn a_control_that_slipped_through_is_not_obeyed() {
    let told = seen(&laid("evil \u{202e}gpj.exe", f32::INFINITY));
    assert_eq!(told, "evil \u{202e}gpj.exe");
    for text in ["\u{2067}ab cd!", "\u{200f}abc!", "\u{202b}abc!", "abc \u{200f}!", "\u{61c}abc!"] {
        check(text, text, false);
    }
    check("\u{200e}سلام!", &rev("\u{200e}سلام!"), true);
}

#[test]
fn words_start_at_the_side_they_are_told_whatever_their_letters() {
    for (base, text, expect) in [
        (Base::LeftToRight, "שלום abc!", format!("{} abc!", rev("שלום"))),
        (Base::RightToLeft, "abc שלום!", format!("!{} abc", rev("שלום"))),
    ] {
        let told = words(text).as_ref().clone().based(base);
        let is_rtl = told.is_rtl();
        let laid = engine().whole(Arc::new(told), f32::INFINITY, 1.0);
        assert_eq!((seen(&laid), laid.rtl()), (expect, is_rtl), "{text}");
    }
}
