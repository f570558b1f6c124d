//! The matcher on small articles: what counts as a quotation, what as a likeness, and what as neither.

use super::*;
use crate::text::{Markup, read, read_article};
use std::time::{Duration, Instant};

const TITLE: &str = "Why the town keeps its old swimming pool";

const ARTICLE: &str = "\
<p>The pool in Harrow Street opened in 1936 and closed last autumn, when a pipe under the deep end burst.</p>\
<h2>What a pipe costs when nobody looks at it</h2>\
<p>Engineer Ilse Brandt says that the concrete was sound and that the pump house was not. \
She asked for 85,000 and was given a padlock.</p>\
<ul><li>Swimming lessons moved to the barracks, where the changing rooms have no doors.</li>\
<li>The lifeguards were sent home on half their wages until further notice.</li></ul>\
<table><caption>Visitors in a year</caption><tr><th>Year</th><th>Tickets sold</th></tr>\
<tr><td>2019</td><td>41,220 of them before the chlorine leak in the boiler room</td></tr></table>\
<blockquote><p>I learned to float here and I mean to sink here too.</p><footer>Old Mr Tamm</footer></blockquote>\
<p>The council meets on the ninth. Nobody on the council can swim, as the mayor likes to say.</p>";

fn index() -> Index {
    Index::of(TITLE, &read_article(ARTICLE, Markup::Html))
}

/// The place in short: `title`, `2` for the one text of a block, `3.1` for a later one.
fn shown(passage: Option<&Passage>) -> String {
    let Some(passage) = passage else { return "none".to_owned() };
    let why = if passage.why == Why::Quotation { "quoted" } else { "alike" };
    match passage.place {
        Place::Title => format!("title {why}"),
        Place::Block { block, part: 0 } => format!("{block} {why}"),
        Place::Block { block, part } => format!("{block}.{part} {why}"),
    }
}

fn check(index: &Index, rows: &[(&str, &str)]) {
    for (comment, place) in rows {
        let found = index.find(&read(comment, Markup::Plain));
        assert_eq!(shown(found.as_ref()), *place, "{comment}");
    }
}

#[test]
fn every_kind_of_text_can_be_quoted() {
    check(
        &index(),
        &[
            ("“why the town keeps its OLD swimming pool” they ask", "title quoted"),
            ("Tell me what a pipe costs when nobody looks at it!", "1 quoted"),
            ("the concrete was sound and that's that", "2 quoted"),
            ("> where the changing rooms have no doors\n\nShame.", "3 quoted"),
            ("sent home on half their wages, and the manager?", "3.1 quoted"),
            ("before the chlorine leak in the boiler room. Sure.", "4.4 quoted"),
            ("I mean to sink here too", "5 quoted"),
        ],
    );
}

#[test]
fn a_quotation_is_five_words_in_a_row_and_may_slip_beside_them() {
    check(
        &index(),
        &[
            ("a padlock, was given a padlock", "none"),
            ("she askd for 85000 and was given a padlock", "2 quoted"),
            ("nobody on the council can sing as the mayor likes to say", "6 quoted"),
            // Four of one paragraph and three of the next are one quotation of seven.
            ("the deep end burst What a pipe", "0 quoted"),
            ("", "none"),
            ("…!? 🙂", "none"),
        ],
    );
}

#[test]
fn of_two_quotations_the_longer_wins_and_of_two_places_the_likelier() {
    check(
        &index(),
        &[
            ("“I mean to sink here too” says he, and “a pipe under the deep end burst”", "0 quoted"),
            (
                "“mean to sink here too” says he, “the concrete was sound and that the pump house was not”",
                "2 quoted",
            ),
        ],
    );
    let twice = "<p>Nobody had been told about the key, said the porter.</p>\
        <p>The choir left.</p><p>Nobody had been told about the key, said the organist with the cough.</p>";
    let twice = Index::of("", &read_article(twice, Markup::Html));
    check(
        &twice,
        &[
            ("“nobody had been told about the key” and that organist coughs", "2 quoted"),
            ("nobody had been told about the key", "0 quoted"),
        ],
    );
}

#[test]
fn words_that_only_hold_sentences_together_are_no_quotation() {
    let article =
        "<p>It is what it is, and that is all there is to it, she said to the plumber.</p><p>He left.</p>";
    let index = Index::of("", &read_article(article, Markup::Html));
    check(&index, &[("It is what it is. And that is all.", "none")]);
}

#[test]
fn the_words_of_a_quotation_are_told() {
    let body = read_article(ARTICLE, Markup::Html);
    let index = Index::of(TITLE, &body);
    let words = crate::text::words(&RichText { blocks: vec![body.blocks[2].clone()], ..RichText::default() });
    for (comment, quoted) in [
        ("SHE asked for 85,000 and was given a lock", "She asked for 85,000 and was given a"),
        (
            "Brandt says that concrete was round and that the pump house, eh",
            "Brandt says that the concrete was sound and that the pump house",
        ),
        (
            "the concrete was round, and that the pump house was not",
            "the concrete was sound and that the pump house was not",
        ),
    ] {
        let found = index.find(&read(comment, Markup::Plain)).unwrap();
        assert_eq!(found.place, Place::Block { block: 2, part: 0 });
        assert_eq!(&words[found.words.unwrap()], quoted, "{comment}");
    }
}

#[test]
fn letter_forms_and_hidden_characters_do_not_stand_between() {
    let article = "<p>د کلي مشران وايي چې کارېز له څلوېښتو کلونو راهيسې وچ شوی دی.</p>\
        <p>كتب المدير أنّ العقد وُقِّع لعشرين سنة ولم يُنشر.</p>\
        <p>صنف‌ها در زمستان گذشته بسته شدند و کسی نمی‌داند چرا ۳۱۲ نامه رسید.</p>\
        <p>東京都の水道料金は来年の春から二割ほど上がる見込みだ。</p><p>市長はまだ何も言っていない。</p>";
    let index = Index::of("", &read_article(article, Markup::Html));
    check(
        &index,
        &[
            ("«كاريز له څلوېښتو كلونو راهیسې وچ شوی» ريښتيا ده", "0 quoted"),
            ("«كارېز له څلوېښتو كلونو راهیسې وچ شوی» ريښتيا ده", "0 quoted"),
            ("العقد وقع لعشرین سنة ولم ینشر!", "1 quoted"),
            ("در زمستان گذشته بسته شدند و كسي نمى\u{200C}داند", "2 quoted"),
            ("312 نامه در زمستان رسید، پس صنف‌ها را باز کنید", "2 alike"),
            ("水道料金は来年の春から上がるって本当？", "3 quoted"),
            ("水道の料金、二割も？", "3 alike"),
        ],
    );
}

#[test]
fn rare_words_point_where_common_ones_do_not() {
    check(
        &index(),
        &[
            ("Brandt knew about the pump years ago. An engineer, and they bought a padlock!", "2 alike"),
            ("My kids have lessons in those barracks. Not one door on the changing room.", "3 alike"),
            ("Lifeguards on half wages, well done.", "3.1 alike"),
            ("Tickets fell after the chlorine leaked. 41220 is a lie", "4.3 alike"),
            ("The mayor can't swim? The whole council?", "6 alike"),
            ("The pool is the heart of the town. Save the pool!", "none"),
            ("Does anybody know a good engineer?", "none"),
            ("When will you write about the buses?", "none"),
            ("85 000 she asked for. A padlock she got.", "2 alike"),
            ("Lifeguards without wages, and lessons in barracks without doors", "3 alike"),
            // As much of one as of the other.
            ("Brandt got a padlock and the lifeguards got half wages", "none"),
            ("https://example.org/engineer-padlock-concrete-pump", "none"),
        ],
    );
}

#[test]
fn an_article_of_one_paragraph_or_of_none_is_only_quoted() {
    check(
        &Index::of("", &RichText::default()),
        &[("anything at all that is said here", "none"), ("", "none")],
    );
    let one =
        Index::of("", &read_article("<p>The goat ate the ballot papers in Lower Saxby.</p>", Markup::Html));
    check(&one, &[("goat ballot papers Saxby", "none"), ("the goat ate the ballot", "0 quoted")]);
}

#[test]
fn a_number_is_known_however_it_is_written() {
    let article = "<p>At night there are thirty-eight patients on the ward.</p><p>The others are thirty.</p>\
        <p>There are eight beds left.</p><p>Ask the porter.</p>";
    let index = Index::of("", &read_article(article, Markup::Html));
    check(
        &index,
        &[
            ("38 patients", "0 alike"),
            ("Achtunddreißig Patienten!", "0 alike"),
            ("trente-huit malades", "0 alike"),
            ("۳۸ مریض", "0 alike"),
            ("thirty visitors, eight wards", "none"),
        ],
    );
}

#[test]
fn a_name_is_not_the_word_that_it_begins_like() {
    let article = "<p>The piano was sold by young Ferrer, and the choir paid Ferrer for it.</p>\
        <p>The bridge was closed at noon.</p><p>The winter was long, and the mill is for sale.</p>";
    let index = Index::of("", &read_article(article, Markup::Html));
    check(&index, &[("A boat, and a piano.", "none"), ("Ferrer and a piano!", "0 alike")]);
}

/// A paragraph of fifty words out of some thousands, the same each time.
fn long_article() -> String {
    let mut seed = 7_u32;
    let mut next = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    let mut page = String::new();
    for _ in 0..2_000 {
        page.push_str("<p>");
        for at in 0..40 {
            let word = if at % 3 == 0 { "the".to_owned() } else { format!("w{}x{}", next(70), next(60)) };
            page.push_str(&word);
            page.push(' ');
        }
        page.push_str("</p>");
    }
    page
}

#[test]
fn two_thousand_paragraphs_are_no_wait() {
    let body = read_article(&long_article(), Markup::Html);
    assert!(body.blocks.len() > 1_500);
    let quoted =
        crate::text::words(&RichText { blocks: vec![body.blocks[1_200].clone()], ..RichText::default() });
    let comment = read(&format!("{} and more of it", &quoted[..100]), Markup::Plain);
    let best = |work: &dyn Fn()| {
        let times = (0..5).map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        });
        times.min().unwrap_or_default()
    };
    let index = Index::of(TITLE, &body);
    let built = best(&|| drop(Index::of(TITLE, &body)));
    let found = best(&|| assert!(index.find(&comment).is_some()));
    println!("built in {built:?}, found in {found:?}");
    assert_eq!(shown(index.find(&comment).as_ref()), "1200 quoted");
    // A busy machine and a build for tests: the bounds are wide, a loop too many goes over them.
    assert!(built < Duration::from_millis(250), "{built:?}");
    assert!(found < Duration::from_millis(20), "{found:?}");
}

#[test]
fn a_hostile_comment_is_no_wait_either() {
    let article = format!("<p>{}</p>", "the key ".repeat(20_000));
    let index = Index::of("", &read_article(&article, Markup::Html));
    let comment = read(&"the key ".repeat(20_000), Markup::Plain);
    let start = Instant::now();
    let _ = index.find(&comment);
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
}

#[test]
fn another_word_of_the_same_sense_points_too() {
    check(
        &index(),
        &[
            // English, German, Spanish, Dari, Arabic.
            ("Half salary for the guards? And who got sent away first?", "3.1 alike"),
            ("Das Schwimmen wird verlegt, in ein Zimmer ohne Türen", "3 alike"),
            ("La ingeniera pidió dinero y le dieron un candado para la bomba", "2 alike"),
            ("انجنیر گفت کانکریت و پمپ خوب بود، آخرش یک قفل دادند", "2 alike"),
            ("Die Stadt hat ein Problem.", "none"),
        ],
    );
}

#[test]
fn a_name_is_known_in_another_script() {
    let article = "<p>The letter was sent by Zarmina Haidari, who lives beside the old mill.</p>\
        <p>Nobody in Bagram has answered it, said Turyalai Wardak on his doorstep.</p>\
        <p>The winter was long.</p><p>The mill is for sale.</p>";
    let index = Index::of("", &read_article(article, Markup::Html));
    check(
        &index,
        &[
            ("زرمینه حیدری راست می‌گوید", "0 alike"),
            ("توریالی وردک د بګرام", "1 alike"),
            // Two names of two paragraphs point at neither.
            ("زرمینه او توریالی", "none"),
            ("وردک وايي چې بګرام کې څوک نشته", "1 alike"),
        ],
    );
    let back =
        "<p>زرمینه حیدری نامه را فرستاد.</p><p>توریالی وردک در بگرام جواب نداد.</p><p>زمستان دراز بود.</p>";
    let index = Index::of("", &read_article(back, Markup::Html));
    check(
        &index,
        &[
            ("Zarmina Haidari is right", "0 alike"),
            ("Wardak of Bagram!", "1 alike"),
            // Only a capital letter makes a name.
            ("Some zarmina, some haidari", "none"),
        ],
    );
}

#[test]
fn many_words_of_one_sense_are_no_wait() {
    let page = "<p>The ferry is a boat, a ship, a vessel and a barge, and the ships wait for boats.</p>"
        .repeat(2_000);
    let index = Index::of("", &read_article(&page, Markup::Html));
    let comment = read(
        &"boat ferry ship vessel barge Boot Fähre Schiff barco buque کشتی سفينة ".repeat(100),
        Markup::Plain,
    );
    let start = Instant::now();
    let _ = index.find(&comment);
    println!("found in {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
}
