//! Canned data for the stand-in.
use super::command::Command;
use super::notice::{Notice, Tone};
use super::view::*;
use crate::domain::*;
use crate::text::*;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

pub fn s(text: &str) -> Span {
    Span { text: text.into(), ..Span::default() }
}
fn strong(text: &str) -> Span {
    Span { strong: true, ..s(text) }
}
fn em(text: &str) -> Span {
    Span { emphasis: true, ..s(text) }
}
fn link(text: &str, url: &str, host: &str) -> Span {
    Span { link: Some(Link { url: url.into(), host: host.into() }), ..s(text) }
}
fn p(text: &str) -> Block {
    Block::Paragraph(vec![s(text)])
}
fn rich(blocks: Vec<Block>) -> Arc<RichText> {
    Arc::new(RichText { blocks, cut: false })
}
pub fn excerpt(text: &RichText) -> String {
    let mut out = String::new();
    for block in &text.blocks {
        if let Block::Paragraph(spans) = block {
            for span in spans {
                out.push_str(&span.text.replace('\n', " "));
            }
            out.push(' ');
        }
    }
    out.chars().take(180).collect()
}

const VOICES: &[(&str, &str)] = &[
    (
        "Farid K.",
        "They never said where the money went. Three ministers in a row promised an audit and the runway is still owned by a company nobody can name. Why does the article not ask the port authority directly?",
    ),
    (
        "مریم احمدی",
        "من در همان شهر زندگی می‌کنم. از سال ۲۰۲۴ تا امروز هیچ پروازی از این میدان نرفته است، ولی هر ماه برای آن پول می‌دهیم. لطفاً بپرسید چرا.",
    ),
    (
        "Ana Lúcia",
        "As someone who worked at the tower for nine years: the second paragraph is simply wrong. The instrument landing system was removed in 2019, not 2021.",
    ),
    ("ښاغلی وردک", "ښوونکي وايي چې د ۲۰۲۵ کال معاشونه لا هم نه دي ورکړل شوي. دا مقاله یوازې نیمه کیسه وايي."),
    (
        "bob_77",
        "lol imagine trusting anything this paper prints. you people would call water dry if the council paid you for it",
    ),
    ("李伟", "这篇文章很好，但是没有提到去年的审计报告。我希望记者能继续追踪下去，读者需要知道真相。"),
    (
        "Brigitte Hofmann",
        "Sachlich, ruhig, gut belegt. Genau dafür habe ich das Abo. Eine Frage bleibt: Wer haftet, wenn die Genehmigung rückwirkend fällt?",
    ),
    ("Rashmi", "यह लेख पढ़कर लगा कि आखिर किसी ने सही सवाल पूछा। हमारे गाँव की ज़मीन भी इसी परियोजना में गई थी।"),
    ("Deals4U", "Great post! I earn 4000 a week from home, see how at"),
    (
        "Jorge M.",
        "Mi abuelo vendió ese terreno en 1974 por nada. Me gustaría saber quién firmó por el ayuntamiento, porque el registro dice otra cosa.",
    ),
    ("דנה לוי", "הכתבה הזאת חשובה מאוד. אני לא מבינה איך אף אחד לא בדק את החוזה לפני שחתמו עליו."),
    ("สมชาย", "อ่านแล้วรู้สึกว่าข่าวนี้ยังไม่ครบ อยากให้ถามชาวบ้านในพื้นที่ด้วย"),
];

fn badge(kind: BadgeKind, label: &str, why: &str) -> Badge {
    Badge { kind, label: label.into(), why: why.into() }
}

pub fn cards(now: DateTime<Utc>) -> Vec<CardView> {
    (0..620).map(|n| card(n, now)).collect()
}

fn card(n: i64, now: DateTime<Utc>) -> CardView {
    let (author, words) = VOICES[n as usize % VOICES.len()];
    let mut blocks = vec![p(words)];
    let mut badges = Vec::new();
    if n == 0 {
        blocks.push(Block::Quote {
            blocks: vec![p("The field was leased in 2016 for a token rent.")],
            source: Some(vec![s("Marsh, third paragraph")]),
        });
        blocks.push(Block::Paragraph(vec![
            s("See "),
            link(
                "the register",
                "https://registry.example/parcels/1974-22?utm_source=comment",
                "registry.example",
            ),
            s(" and "),
            em("read it slowly"),
            s(". Two names appear "),
            strong("twice"),
            s("."),
        ]));
        badges.push(badge(BadgeKind::FirstComment, "first comment", "Their first comment on this site"));
        badges.push(badge(BadgeKind::Held, "held", "Held because the site holds every first comment"));
    }
    if n % 12 == 8 {
        blocks[0] = Block::Paragraph(vec![
            s(words),
            s(" "),
            link("this page", "https://earn-fast.example/?ref=4711", "earn-fast.example"),
            s(" or "),
            link("here", "https://earn-fast.example/b", "earn-fast.example"),
        ]);
        badges.push(badge(BadgeKind::Links, "2 links", "Held because the site found 2 links"));
    }
    if n % 12 == 4 {
        badges.push(badge(BadgeKind::Reported, "3 reports", "3 readers reported it"));
    }
    if n % 17 == 5 {
        badges.push(badge(BadgeKind::Edited, "edited", "Edited by its author 4 min after it was written"));
    }
    if n == 3 {
        for _ in 0..14 {
            blocks.push(p("Long comments happen: a reader who worked on the project for years sets out, in order, what was promised, what was signed, what was built, and what was paid for three times over, with dates and names, so that nobody can say later that it was not known."));
        }
    }
    let parents = if n % 3 == 1 {
        vec![
            ThreadRow {
                author: "Ana".into(),
                created: Some(Time::second(now - TimeDelta::hours(5))),
                status: Status::Approved,
                body: rich(vec![p(
                    "Does anyone know who owns the land under the eastern taxiway? The map in the article stops right before it.",
                )]),
            },
            ThreadRow {
                author: "Old Tom".into(),
                created: Some(Time::second(now - TimeDelta::hours(3))),
                status: Status::Pending,
                body: rich(vec![p("Same company as the hangars, look at the annex.")]),
            },
        ]
    } else {
        Vec::new()
    };
    let id = CommentId(n + 1);
    let source = format!(
        "<p>{words}</p>\n<p>See <a href=\"https://registry.example/parcels/1974-22?utm_source=comment\">the register</a></p>"
    );
    CardView {
        id,
        site: if n % 5 == 2 { "Harbour Post".into() } else { "The Gazette".into() },
        handle: format!("gazette:{}", 4100 + n),
        author: author.into(),
        author_url: (n % 4 == 0).then(|| "https://farid.example".into()),
        article: ["Who holds the runway?", "Night trains return", "The river and the mill"][n as usize % 3].into(),
        status: Status::Pending,
        created: Some(Time::second(now - TimeDelta::seconds(40 + n * 97))),
        edited: (n % 17 == 5).then(|| Time::second(now - TimeDelta::seconds(90))),
        body: rich(blocks),
        source: source.into(),
        reports: if n % 12 == 4 {
            vec![
                Report { code: "insult".into(), text: "Insults the author".into(), by: Some("Brigitte".into()), at: Some(Time::second(now - TimeDelta::minutes(8))) },
                Report { code: "off".into(), text: "Says nothing about the subject".into(), by: None, at: Some(Time::second(now - TimeDelta::minutes(3))) },
            ]
        } else {
            Vec::new()
        },
        reports_total: if n % 12 == 4 { 3 } else { 0 },
        badges,
        permalink: Some("https://gazette.example/runway#comment-4100".into()),
        parents,
        record: if n % 7 == 6 {
            Loadable::Loading { previous: None }
        } else {
            Loadable::Ready(Record { approved: Some(41), pending: Some(2), rejected: Some(3), spam: Some(0), since: Some(Time::second(now - TimeDelta::days(700))) })
        },
        decided: None,
        notice: (n == 5).then(|| Notice { tone: Tone::Warning, words: "Edited just now by its author. You are reading the new words.".into(), remedy: None }),
        acts: vec![
            Act { command: Command::Approve(vec![id]), not_offered: None },
            Act { command: Command::Reject(vec![id]), not_offered: (n % 5 == 2).then(|| "This site deletes rejected comments for good, so reject is not offered here. Spam can be undone.".into()) },
            Act { command: Command::Spam(vec![id]), not_offered: None },
            Act { command: Command::Park(vec![id]), not_offered: None },
        ],
        generation: 1,
    }
}

pub fn sites(scene: &str, now: DateTime<Utc>) -> Vec<SiteRow> {
    let row = |id, name: &str, pending, reported, parked, health| SiteRow {
        id: SiteId(id),
        slug: name.to_lowercase(),
        name: name.into(),
        pending,
        reported,
        parked,
        has_reports: id == 1,
        health,
        secret_note: None,
    };
    let at = Time::second(now - TimeDelta::seconds(12));
    match scene {
        "empty" => vec![row(1, "The Gazette", 0, 0, 0, Health::Synced { at })],
        "offline" => vec![
            row(
                1,
                "The Gazette",
                361,
                19,
                3,
                Health::Offline {
                    since: at,
                    next: Time::second(now + TimeDelta::seconds(38)),
                    why: "Cannot be reached".into(),
                },
            ),
            row(
                2,
                "Harbour Post",
                32,
                0,
                0,
                Health::SignedOut { why: "The password does not work any more".into() },
            ),
        ],
        _ => vec![
            row(1, "The Gazette", 361, 19, 3, Health::Synced { at }),
            row(2, "Harbour Post", 32, 0, 0, Health::Pulling { here: 18_400, total: Some(100_212) }),
        ],
    }
}

pub fn outbox(now: DateTime<Utc>) -> Vec<OutboxRow> {
    let row = |id: i64, author: &str, verb, delivery, secs: i64| OutboxRow {
        id: DecisionId(id),
        comment: CommentId(id),
        site: "The Gazette".into(),
        author: author.into(),
        excerpt: "They never said where the money went. Three ministers in a row promised an audit.".into(),
        verb,
        delivery,
        since: Time::second(now - TimeDelta::seconds(secs)),
        leaves_in_secs: (delivery == Delivery::Held).then_some(4),
        tries: 0,
        notice: None,
        conflict: None,
    };
    let old =
        rich(vec![p("The mayor knew nothing of the lease, and nobody told the council before the vote.")]);
    let new =
        rich(vec![p("The old mayor knew of the lease, and somebody told the council before the vote.")]);
    vec![
        OutboxRow {
            conflict: Some(ConflictView { mine: Verb::Spam, theirs: Status::Approved, by: Some("Bo".into()), at: Some(Time::second(now - TimeDelta::seconds(12))), words: Some((old, new)) }),
            ..row(1, "Ana Lúcia", Verb::Spam, Delivery::Conflicted, 12)
        },
        OutboxRow {
            notice: Some(Notice { tone: Tone::Error, words: "The Gazette refused: trash is disabled on this site, so nothing can be rejected there. Mark it as spam instead.".into(), remedy: Some(Command::Retry(DecisionId(2))) }),
            tries: 8,
            ..row(2, "bob_77", Verb::Reject, Delivery::Refused, 340)
        },
        row(3, "Farid K.", Verb::Approve, Delivery::Held, 1),
        OutboxRow { tries: 3, notice: Some(Notice { tone: Tone::Warning, words: "Waits until The Gazette can be reached. Next try in 38 s.".into(), remedy: None }), ..row(4, "مریم احمدی", Verb::Approve, Delivery::Queued, 95) },
        row(5, "Jorge M.", Verb::Reject, Delivery::Sending, 2),
        row(6, "李伟", Verb::Approve, Delivery::Delivered, 60),
        row(7, "Rashmi", Verb::Restore, Delivery::Withdrawn, 4000),
    ]
}

pub fn articles(now: DateTime<Utc>) -> Vec<ArticleView> {
    vec![
        ArticleView {
            title: "Who holds the runway?".into(),
            byline: Some("Sarah Marsh".into()),
            published: Some(Time::second(now - TimeDelta::days(2))),
            reading_minutes: 6,
            url: Some("https://gazette.example/runway".into()),
            body: rich(long()),
            withheld: None,
            generation: 1,
        },
        ArticleView {
            title: "ښوونځی بېرته پرانیستل شو".into(),
            byline: Some("نجیب".into()),
            published: Some(Time::second(now - TimeDelta::days(9))),
            reading_minutes: 1,
            url: None,
            body: rich(vec![
                p(
                    "د ولایت لوی ښوونځی د درېیو کلونو وروسته بېرته پرانیستل شو. سیمه‌ییز خلک وایي چې دا د ټولو لپاره ښه خبر دی.",
                ),
                Block::List {
                    start: Some(1), items: vec![vec![p("لومړی ټولګی")], vec![p("دویم ټولګی")]]
                },
            ]),
            withheld: None,
            generation: 2,
        },
        ArticleView {
            title: "Night trains return to the coast after eleven years of waiting".into(),
            byline: None,
            published: None,
            reading_minutes: 1,
            url: Some("https://gazette.example/trains".into()),
            body: rich(Vec::new()),
            withheld: Some("This article is protected by a password on the site.".into()),
            generation: 3,
        },
    ]
}

fn long() -> Vec<Block> {
    let mut blocks = vec![
        Block::Paragraph(vec![s("For eleven years the airfield at Lower Marsh has been open on paper and closed in fact. This week the council will vote, again, on who pays for it. The question that nobody at the table can answer is older than any of them: "), em("who holds the runway?")]),
        Block::Figure { alt: "The airfield from the north, with the flooded eastern taxiway".into(), host: Some("gazette.example".into()), caption: Some(vec![s("The eastern taxiway after the storm of 2019. Photograph: N. Idris")]) },
        Block::Heading { level: 2, spans: vec![s("What was promised")] },
        p("The lease of 2016 names three parties. Two of them no longer exist, and the third has moved its seat four times. Letters sent to its last address come back with a stamp that the post office stopped using in 2018."),
        Block::List { start: None, items: vec![
            vec![Block::Paragraph(vec![strong("An audit"), s(" within one year of the signature, paid by the operator.")])],
            vec![p("A public register of every flight, updated monthly."), Block::List { start: Some(1), items: vec![vec![p("by aircraft")], vec![p("by operator")]] }],
            vec![p("The return of the eastern field to its former owners.")],
        ] },
        Block::Quote { blocks: vec![p("We signed because the alternative was to close the road. Nobody read the annex. I am not proud of it, but there it is.")], source: Some(vec![s("A former councillor, in March")]) },
        Block::Heading { level: 2, spans: vec![s("What was paid")] },
        p("The accounts are public, in the sense that they can be looked at for an hour on the second Tuesday of a month. The Gazette did so five times. The sums below are rounded to thousands."),
        Block::Table {
            head_rows: 1,
            rows: vec![
                vec![vec![s("Year")], vec![s("Paid by the council")], vec![s("Paid by the operator")], vec![s("Remarks")]],
                vec![vec![s("2016")], vec![s("412,000")], vec![s("90,000")], vec![s("Lease signed in November")]],
                vec![vec![s("2019")], vec![s("655,000")], vec![s("0")], vec![s("Storm damage; insurance refused because the tower was unmanned")]],
                vec![vec![s("2024")], vec![s("701,000")], vec![s("0")], vec![s("Audit announced")]],
            ],
            caption: Some(vec![s("Payments for the airfield. Source: council accounts")]),
        },
        Block::Heading { level: 3, spans: vec![s("How we counted")] },
        Block::Paragraph(vec![s("Each invoice was matched by number. The script is short enough to print, and "), link("the data is here", "https://data.gazette.example/runway.csv", "data.gazette.example"), s("; the field "), Span { code: true, ..s("payer_id") }, s(" is ours.")]),
        Block::Code("for invoice in ledger:\n    if invoice.payer == COUNCIL:\n        total[invoice.year] += invoice.amount\n\nprint(total)".into()),
        Block::Rule,
        Block::Heading { level: 2, spans: vec![s("What comes now")] },
    ];
    for _ in 0..12 {
        blocks.push(p("The vote is on Thursday. Whatever its outcome, the lease runs until 2031, and the company that holds it has until then to be found. A spokesman for the council said that the search was going well; asked where it was taking place, he asked for the question in writing."));
    }
    blocks
}
