//! The evening of the demo site: that it can be repeated, that it is quiet at first, and that what is said
//! there is worth reading.

use chrono::{DateTime, Duration, Utc};
use greenroom::demo::{Call, Demo, Mischief, Nature, Options, SECOND_MODERATOR, Status, World};
use std::collections::{BTreeMap, HashMap, HashSet};

fn evening() -> DateTime<Utc> {
    "2025-11-07T19:30:00Z".parse().unwrap()
}

fn words(world: &World) -> Vec<(String, Status, String)> {
    world.comments().iter().map(|c| (c.id.clone(), c.status, c.source.clone())).collect()
}

#[test]
fn the_same_seed_is_the_same_evening_however_often_time_is_looked_at() {
    let run = |seed: u64, step_secs: i64| {
        let mut world = World::new(seed, 120, evening());
        world.set_pace(12.0, 60, Mischief { outages: true, ..Mischief::default() });
        let mut passed = 0;
        while passed < 1800 {
            passed += step_secs;
            world.step(evening() + Duration::seconds(passed));
        }
        (words(&world), world.decisions().to_vec())
    };
    assert_eq!(run(5, 1), run(5, 60));
    assert_ne!(run(5, 60), run(6, 60));
}

#[test]
fn exactly_as_many_wait_as_were_asked_for() {
    for count in [0, 1, 7, 40, 400, 5000] {
        let world = World::new(3, count, evening());
        assert_eq!(world.pending_ids().len(), count);
    }
}

#[test]
fn the_first_minute_is_quiet_and_then_things_happen() {
    let mut world = World::new(2, 200, evening());
    world.set_pace(30.0, 60, Mischief { edits_per_min: 6.0, deletions_per_min: 2.0, ..Mischief::default() });
    let before = (words(&world), world.head());
    world.step(evening() + Duration::seconds(60));
    assert_eq!((words(&world), world.head()), before);
    world.step(evening() + Duration::seconds(600));
    assert!(world.comments().len() > before.0.len() + 200, "{}", world.comments().len());
    assert!(world.decisions().iter().any(|d| d.by == SECOND_MODERATOR));
    assert!(world.comments().iter().any(|c| c.revision > 1));
    assert!(world.comments().iter().any(|c| c.status == Status::Deleted));
    assert!(world.comments().iter().all(|c| c.created <= world.now()));
}

#[test]
fn a_pause_moves_what_was_due() {
    let mut world = World::new(2, 20, evening());
    world.set_pace(30.0, 0, Mischief::none());
    world.set_paused(true);
    world.step(evening() + Duration::seconds(3600));
    assert_eq!(world.pending_ids().len(), 20);
    world.set_paused(false);
    world.step(evening() + Duration::seconds(3660));
    let came = world.pending_ids().len() - 20;
    assert!((10..120).contains(&came), "{came}");
}

#[test]
fn outages_end() {
    let mut world = World::new(2, 20, evening());
    world.set_pace(0.0, 0, Mischief { outages: true, outages_per_hour: 60.0, ..Mischief::none() });
    let seen: HashSet<u16> = (1..600)
        .map(|second| {
            world.step(evening() + Duration::seconds(second));
            world.handle(&Call::new("GET", "/api/mod/")).status
        })
        .collect();
    // Without a token the site answers 401 while it is up.
    assert_eq!(seen, HashSet::from([401, 429, 503]));
}

#[test]
fn no_two_ordinary_comments_are_equal_and_every_reply_comes_after_what_it_answers() {
    let world = World::new(9, 5000, evening());
    let mut said = HashSet::new();
    let mut replies = 0;
    for comment in world.comments().iter().filter(|c| c.nature != Nature::Spam) {
        assert!(said.insert(&comment.source), "said twice: {}", comment.source);
        if let Some(above) = comment.parent.map(|at| &world.comments()[at]) {
            replies += 1;
            assert!(above.created <= comment.created, "{}", comment.source);
            assert_eq!(above.status, Status::Approved, "a reply to what nobody can see: {}", above.source);
            assert_eq!(above.article, comment.article);
        }
    }
    assert!(replies > 700, "{replies}");
    assert!(world.comments().windows(2).all(|pair| pair[0].created <= pair[1].created));
}

#[test]
fn every_slot_is_filled() {
    let world = World::new(4, 5000, evening());
    for comment in world.comments().iter().filter(|c| c.nature != Nature::Hostile) {
        assert!(!comment.source.contains(['{', '}']), "{}", comment.source);
        assert!(!comment.source.trim().is_empty());
        assert!(!world.author_name(comment).is_empty());
    }
}

#[test]
fn quoted_passages_stand_in_the_article() {
    let mut world = World::new(8, 1500, evening());
    world.admit("t", moderator());
    let mut checked = 0;
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let items = all(&mut world);
    for item in items {
        let source = item["body"]["source"].as_str().unwrap();
        let Some(quote) = source.strip_prefix("> ").and_then(|rest| rest.lines().next()) else { continue };
        if !item["inReplyTo"].is_null() || source.starts_with("> >") {
            continue;
        }
        let id = item["article"]["id"].as_str().unwrap().to_owned();
        let body = bodies.entry(id.clone()).or_insert_with(|| {
            let answer = ask(&mut world, &format!("/api/mod/articles/{id}"));
            plain(answer["body"]["text"].as_str().unwrap())
        });
        if ["ferry has crossed", "It lies at 1,450"].iter().any(|loose| quote.contains(loose)) {
            continue;
        }
        assert!(body.contains(quote), "not in {id}: {quote}");
        checked += 1;
    }
    assert!(checked > 60, "{checked}");
}

fn moderator() -> greenroom::demo::Moderator {
    greenroom::demo::Moderator { id: "m".into(), name: "M".into(), writes: true, sees_private: false }
}

fn ask(world: &mut World, target: &str) -> serde_json::Value {
    world.handle(&Call::new("GET", target).header("authorization", "Bearer t")).value()
}

fn all(world: &mut World) -> Vec<serde_json::Value> {
    let mut items = Vec::new();
    let mut target = "/api/mod/comments?limit=100".to_owned();
    loop {
        let page = ask(world, &target);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { return items };
        target = format!("/api/mod/comments?limit=100&cursor={next}");
    }
}

fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn the_newsroom_is_a_mixed_one() {
    let mut world = World::new(1, 400, evening());
    world.admit("t", moderator());
    let mut articles: HashMap<String, usize> = HashMap::new();
    let mut scripts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut reported, mut held) = (0, HashSet::new());
    for item in all(&mut world) {
        *articles.entry(item["article"]["id"].as_str().unwrap().to_owned()).or_default() += 1;
        let text = item["body"]["source"].as_str().unwrap();
        for (name, range) in [
            ("Arabic", '\u{600}'..='\u{6ff}'),
            ("Devanagari", '\u{900}'..='\u{97f}'),
            ("Han", '\u{4e00}'..='\u{9fff}'),
            ("Latin", 'a'..='z'),
        ] {
            *scripts.entry(name).or_default() += usize::from(text.chars().any(|c| range.contains(&c)));
        }
        reported += usize::from(item["reports"]["total"] != 0);
        for reason in item["held_because"].as_array().unwrap() {
            held.insert(reason["code"].as_str().unwrap().to_owned());
        }
    }
    assert!(articles.len() >= 12, "{articles:?}");
    assert!(scripts["Arabic"] > 30 && scripts["Devanagari"] > 3 && scripts["Han"] > 3, "{scripts:?}");
    assert!(reported >= 10, "{reported}");
    for code in ["first", "link", "premod", "sample", "spam-score", "words"] {
        assert!(held.contains(code), "{code}: {held:?}");
    }
    let count = |nature| world.comments().iter().filter(|c| c.nature == nature).count();
    assert!(count(Nature::Spam) > 30 && count(Nature::Rude) > 15 && count(Nature::Hostile) >= 10);
}

#[test]
fn the_long_analysis_has_every_kind_of_block() {
    let mut world = World::new(1, 10, evening());
    world.admit("t", moderator());
    let body = ask(&mut world, "/api/mod/articles/a-runway")["body"]["text"].as_str().unwrap().to_owned();
    for tag in [
        "<h2>",
        "<h3>",
        "<ul>",
        "<ol>",
        "<blockquote",
        "<table>",
        "<caption>",
        "<pre><code>",
        "<figure>",
        "<figcaption>",
        "<aside>",
        "<hr>",
        "<strong>",
        "<em>",
    ] {
        assert!(body.contains(tag), "{tag}");
    }
    assert!(plain(&body).split_whitespace().count() >= 1200);
}

#[test]
fn open_on_the_site_shows_the_article_and_says_where_it_is_moderated() {
    let options =
        Options { comments: 20, rate_per_min: 0.0, mischief: Mischief::none(), ..Options::default() };
    let demo = Demo::start(options).unwrap();
    let url = demo.with_world(|world| {
        world.admit("t", moderator());
        ask(world, "/api/mod/comments?limit=1")["items"][0]["permalink"].as_str().unwrap().to_owned()
    });
    let page = reqwest::blocking::get(&url).unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let html = page.text().unwrap();
    assert!(html.contains(&format!("<link rel=\"comment-moderation\" href=\"{}\">", demo.base())));
    assert!(html.contains("<article>"));
}

#[test]
fn the_port_is_free_again_once_the_site_has_closed() {
    let options = Options { comments: 5, mischief: Mischief::none(), ..Options::default() };
    let demo = Demo::start(options.clone()).unwrap();
    let address = demo.address();
    assert!(address.ip().is_loopback());
    assert!(Demo::start(Options { port: address.port(), ..options.clone() }).is_err());
    drop(demo);
    Demo::start(Options { port: address.port(), ..options }).unwrap();
}
