//! The protocol's answers, as its specification words them, on a wire that records what was asked.

use super::*;
use crate::backend::canned::{Canned, answer, fixture};
use crate::domain::{BatchId, CommentId, DecisionId, Format, Parent, RevisionId, SiteId, Status, Verb};
use crate::net::{Broken, Request};
use std::time::Duration;

const KEY: &str = "5a1d9a34-6c7e-4c67-9f0c-3a1f0a3f9f55";

fn canned(names: &[&str]) -> Canned {
    Canned::new(names.iter().map(|name| fixture(&format!("cmh/{name}.json"))))
}

fn backend() -> Cmh {
    let site = Site {
        id: SiteId(1),
        slug: "news".to_owned(),
        name: String::new(),
        backend: crate::domain::Backend::Cmh,
        base: "https://news.example/api/mod/".to_owned(),
        account: String::new(),
        order: Order::Oldest,
        hold_secs: 5,
    };
    Cmh::new(&site, Secret::new("t0ken"))
}

fn id(text: &str) -> NativeId {
    NativeId(text.to_owned())
}

fn decision(verb: Verb, base_tag: Option<&str>) -> Decision {
    Decision {
        id: DecisionId(1),
        batch: BatchId(1),
        site: SiteId(1),
        comment: CommentId(1),
        native_id: id("c1"),
        verb,
        seen: RevisionId(1),
        prior: Status::Pending,
        replaced: None,
        after: None,
        undoes: None,
        moderator: "Mona".to_owned(),
        made_at: chrono::DateTime::default(),
        hold_secs: 5,
        base_tag: base_tag.map(str::to_owned),
        reports_seen: None,
        key: KEY.to_owned(),
    }
}

fn push(wire: &Canned) -> Result<Receipt, Fault> {
    let fresh = Observed { tag: Some("\"fresh\"".to_owned()), ..Observed::of(id("c1")) };
    backend().push(wire, &decision(Verb::Approve, Some("\"r3.s7\"")), &fresh)
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

#[test]
fn a_session_says_who_and_what() {
    let me = backend().identify(&canned(&["session", "well-known"])).unwrap();
    assert_eq!((me.name.as_str(), me.site_name.as_str()), ("Mona", "Example News"));
    assert!(me.can.feed && me.can.spam && me.can.reports && me.can.refuses_stale && !me.can.pages_by_offset);
    let wrong = backend().identify(&canned(&["unauthorized"]));
    assert!(matches!(wrong, Err(Fault::Unauthorized { why }) if why.contains("not valid")));
    let idle = answer(200, r#"{"me":{"id":"m1","name":"Mona"},"actions":[]}"#);
    assert!(matches!(backend().identify(&Canned::new([idle])), Err(Fault::Forbidden { .. })));
}

#[test]
fn a_page_is_asked_by_token_and_read_item_by_item() {
    let wire = canned(&["comments"]);
    let queue = Queue { reported: true, page_size: 500, ..Queue::pending(Order::Newest) };
    let page = backend().pull(&wire, &queue, &Cursor::Token("k 1".to_owned())).unwrap();
    assert_eq!((page.total, page.next, page.covers), (Some(123), Some(Cursor::Token("k2".to_owned())), None));
    let asked = wire.asked().remove(0);
    let query = "order=newest&limit=100&status=pending&reported=true&cursor=k+1";
    assert_eq!(asked.url, format!("https://news.example/api/mod/comments?{query}"));
    assert_eq!(header(&asked, "authorization"), Some("Bearer t0ken"));
    let [Item::Read(first), Item::Unreadable(second), Item::Read(third)] = &page.items[..] else {
        panic!("{:?}", page.items)
    };
    assert_eq!(second.native_id, Some(id("c2")));
    assert_eq!((first.tag.as_deref(), &first.parent), (Some("\"r3.s7\""), &Some(Parent::Top)));
    assert_eq!(first.body.as_ref().unwrap().format, Format::Html);
    assert_eq!(first.created.unwrap().at.to_rfc3339(), "2026-11-23T19:00:00+00:00");
    assert_eq!(first.reports.as_ref().unwrap().total, 3);
    assert_eq!(first.private.as_ref().unwrap().ip.as_deref(), Some("203.0.113.7"));
    assert_eq!((third.status, &third.parent), (Some(Status::Other), &Some(Parent::Reply(id("c1")))));
}

#[test]
fn the_token_never_follows_a_link_to_another_origin() {
    let queue = Queue::pending(Order::Oldest);
    let pull = |answer| backend().pull(&Canned::new([answer]), &queue, &Cursor::Start);
    let page = r#"{"items":[],"next":"k2","total":null}"#;
    let elsewhere = answer(200, page).with("link", "<https://evil.example/comments>; rel=next");
    assert!(matches!(pull(elsewhere), Err(Fault::Malformed { .. })));
    for next in ["https://evil.example/x", "http://news.example/api/mod/comments", "//evil.example/x"] {
        let body = format!(r#"{{"items":[],"next":"{next}"}}"#);
        assert!(matches!(pull(answer(200, &body)), Err(Fault::Malformed { .. })), "{next}");
    }
    let end = pull(answer(200, r#"{"items":[],"next":null,"total":0}"#)).unwrap();
    assert_eq!((end.next, end.total), (None, Some(0)));
    assert!(matches!(pull(answer(200, r#"{"next":null}"#)), Err(Fault::Malformed { .. })));
}

#[test]
fn a_look_tells_here_from_gone() {
    let never = answer(404, r#"{"type":"about:blank","title":"Not found","status":404}"#);
    let wire = Canned::new([fixture("cmh/comment.json"), fixture("cmh/gone.json"), never]);
    let ids = ["c1", "a/b é", "c9"].map(id);
    let sights = backend().look(&wire, &ids).unwrap();
    assert!(matches!(&sights[0], Sight::Here(here) if here.status == Some(Status::Pending)));
    assert_eq!(sights[1..], [Sight::Gone(ids[1].clone()), Sight::Gone(ids[2].clone())]);
    assert_eq!(wire.asked()[1].url, "https://news.example/api/mod/comments/a%2Fb%20%C3%A9");
    // a page instead of a problem is no word about the comment
    let page = answer(404, "<html><title>Not here</title></html>");
    assert!(matches!(backend().look(&Canned::new([page]), &ids[..1]), Err(Fault::Malformed { .. })));
    assert!(matches!(backend().look(&Canned::new([]), &[id("..")]), Err(Fault::Refused { .. })));
}

#[test]
fn what_cannot_be_read_is_seen_as_that() {
    let bad = r#"{"id":"c1","status":"approved","body":7}"#;
    let sights =
        backend().look(&Canned::new([answer(200, bad), fixture("cmh/gone.json")]), &["c1", "c2"].map(id));
    let [Sight::Unreadable(here), Sight::Gone(_)] = &sights.unwrap()[..] else { panic!("it was read") };
    assert_eq!(
        (&here.native_id, here.status, here.source.as_str()),
        (&Some(id("c1")), Some(Status::Approved), bad)
    );
    // it has no id of its own: the one that was asked for
    let sights = backend().look(&Canned::new([answer(200, r#"{"status":7}"#)]), &[id("c1")]).unwrap();
    assert!(matches!(&sights[0], Sight::Unreadable(here) if here.native_id == Some(id("c1"))));
    let other = backend().look(&Canned::new([answer(200, r#"{"id":"c2"}"#)]), &[id("c1")]);
    assert!(matches!(other, Err(Fault::Malformed { .. })), "{other:?}");
    // a thread tells it too
    let thread =
        format!(r#"{{"ancestors":[{bad},{bad}],"replies":{{"items":[{{"id":"c3"}},{{"id":[]}},7]}}}}"#);
    let thread = backend().thread(&Canned::new([answer(200, &thread)]), &Observed::of(id("c2"))).unwrap();
    assert!(matches!(&thread[..], [Item::Unreadable(_), Item::Read(_)]), "{thread:?}");
}

#[test]
fn nothing_is_decided_on_a_version_that_cannot_be_read() {
    let bad = |status: &str| {
        answer(200, &format!(r#"{{"id":"c1","status":"{status}","etag":"\"new\"","body":7}}"#))
    };
    // without a base of its own its version is asked for, and not taken from what cannot be read
    let told = backend().push(
        &Canned::new([bad("pending")]),
        &decision(Verb::Approve, None),
        &Observed::of(id("c1")),
    );
    assert!(matches!(told, Err(Fault::Refused { .. })), "{told:?}");
    let wire =
        Canned::new([answer(412, r#"{"type":"x/superseded","current":{"id":"c1","body":7}}"#), bad("spam")]);
    let Err(Fault::Conflict { theirs }) = push(&wire) else { panic!("no conflict") };
    assert_eq!((theirs.status, theirs.tag), (Some(Status::Spam), None));
    // a yes that shows another comment says nothing about this one
    let wire = Canned::new([answer(201, r#"{"comment":{"id":"c2","status":"approved"}}"#), bad("approved")]);
    let receipt = push(&wire).unwrap();
    assert_eq!((receipt.now.native_id, receipt.now.status), (id("c1"), Some(Status::Approved)));
}

#[test]
fn a_page_never_leads_to_itself_and_never_counts_beyond_reason() {
    let pull = |next: &str, total: &str| {
        let body = format!(r#"{{"items":[],"next":{next},"total":{total}}}"#);
        let cursor = Cursor::Token("k1".to_owned());
        backend().pull(&Canned::new([answer(200, &body)]), &Queue::pending(Order::Oldest), &cursor)
    };
    assert!(matches!(pull(r#""k1""#, "1"), Err(Fault::Malformed { .. })));
    assert_eq!(pull("\"\"", "1").unwrap().next, None);
    for total in ["18446744073709551615", "9223372036854775808", "1e30", "-1", "\"7\"", "null"] {
        assert_eq!(pull("null", total).unwrap().total, None, "{total}");
    }
}

#[test]
fn a_decision_names_its_base_and_its_key() {
    let wire = canned(&["decided"]);
    let receipt = push(&wire).unwrap();
    assert_eq!((receipt.now.status, receipt.already), (Some(Status::Approved), false));
    assert_eq!(receipt.now.tag.as_deref(), Some("\"r3.s8\""));
    let asked = wire.asked().remove(0);
    assert_eq!(asked.url, "https://news.example/api/mod/comments/c1/decisions");
    assert_eq!(header(&asked, "if-match"), Some("\"r3.s7\""));
    assert_eq!(header(&asked, "idempotency-key"), Some(format!("\"{KEY}\"").as_str()));
    assert_eq!(asked.body, br#"{"action":"approve","notify_author":false}"#);
    // without a base of its own the newest look is the base; without either the comment is read first, never `*`
    let wire = canned(&["decided"]);
    let fresh = Observed { tag: Some("\"fresh\"".to_owned()), ..Observed::of(id("c1")) };
    backend().push(&wire, &decision(Verb::Approve, None), &fresh).unwrap();
    assert_eq!(header(&wire.asked()[0], "if-match"), Some("\"fresh\""));
    let wire = canned(&["comment", "decided"]);
    backend().push(&wire, &decision(Verb::Approve, None), &Observed::of(id("c1"))).unwrap();
    assert_eq!(header(&wire.asked()[1], "if-match"), Some("\"r3.s7\""));
}

#[test]
fn two_who_agree_are_no_conflict() {
    assert!(push(&canned(&["already"])).unwrap().already);
}

#[test]
fn a_decision_of_ours_that_was_carried_out_is_delivered() {
    let theirs = String::from_utf8(fixture("cmh/superseded.json").body).unwrap();
    let body = theirs
        .replace(r#""status": "rejected""#, r#""status": "approved""#)
        .replace(r#""other""#, &format!("\"{KEY}\""));
    let receipt = push(&Canned::new([answer(412, &body)])).unwrap();
    assert_eq!((receipt.now.status, receipt.already), (Some(Status::Approved), false));
}

#[test]
fn whoever_was_first_is_told() {
    let Err(Fault::Conflict { theirs }) = push(&canned(&["superseded"])) else { panic!("no conflict") };
    assert_eq!(theirs.status, Some(Status::Rejected));
    assert_eq!(theirs.last_decision.unwrap().by.as_deref(), Some("Bo"));
    let Err(Fault::Conflict { theirs }) = push(&canned(&["edited"])) else { panic!("no conflict") };
    assert_eq!((theirs.tag.as_deref(), theirs.edited.is_some()), (Some("\"r4.s7\""), true));
    // they agree, but on words that changed since: still a person's to decide
    let agreed = String::from_utf8(fixture("cmh/edited.json").body).unwrap();
    let agreed = agreed.replace(r#""status": "pending""#, r#""status": "approved""#);
    let Err(Fault::Conflict { theirs }) = push(&Canned::new([answer(412, &agreed)])) else {
        panic!("no conflict")
    };
    assert_eq!(theirs.status, Some(Status::Approved));
    // a bare 412 is read after
    let wire = Canned::new([answer(412, r#"{"type":"x/superseded"}"#), fixture("cmh/comment.json")]);
    assert!(matches!(push(&wire), Err(Fault::Conflict { theirs }) if theirs.status == Some(Status::Pending)));
}

#[test]
fn every_refusal_has_its_fault() {
    let problem = |status: u16| answer(status, r#"{"type":"about:blank","title":"No","status":400}"#);
    let refused = |status: u16| Err(Fault::Refused { status, why: "No".to_owned() });
    for status in [400, 409, 422, 428] {
        assert_eq!(push(&Canned::new([problem(status)])), refused(status));
    }
    assert!(matches!(push(&canned(&["not-allowed"])), Err(Fault::Refused { status: 409, .. })));
    assert_eq!(push(&canned(&["gone"])), Err(Fault::Gone));
    assert_eq!(push(&Canned::new([problem(403)])), Err(Fault::Forbidden { why: "No".to_owned() }));
    let after = Some(Duration::from_secs(9));
    for status in [409, 429] {
        let answer = problem(status).with("retry-after", "9");
        assert_eq!(push(&Canned::new([answer])), Err(Fault::Throttled { after }), "{status}");
    }
    let failing = Fault::Failing { status: 503, why: "No".to_owned(), after };
    assert_eq!(push(&Canned::new([problem(503).with("retry-after", "9")])), Err(failing));
    let other = answer(201, r#"{"comment":{"id":"c1","status":"pending"}}"#);
    assert!(matches!(push(&Canned::new([other])), Err(Fault::Unconfirmed { .. })));
}

#[test]
fn context_is_read_from_its_own_addresses() {
    let wire = canned(&["thread"]);
    let thread = backend().thread(&wire, &Observed::of(id("c1"))).unwrap();
    let ids: Vec<_> = thread.iter().map(|here| here.native_id().unwrap().0.as_str()).collect();
    assert_eq!(ids, ["c0", "c9", "c5", "c6"]);
    let record = backend().author(&canned(&["author"]), &AuthorKey::Account("u7".to_owned())).unwrap();
    assert_eq!((record.approved, record.pending, record.rejected), (Some(4), None, Some(1)));
    let keys = ["a1", "a2"].map(|key| ArticleKey(key.to_owned()));
    let articles = backend().articles(&canned(&["article", "gone"]), &keys).unwrap();
    assert_eq!((articles.len(), articles[0].byline.as_deref()), (1, Some("Ana")));
    assert_eq!(articles[0].body.as_ref().unwrap().source, "<p>Ferries.</p>");
}

#[test]
fn an_article_that_cannot_be_read_costs_no_other() {
    let bad = || answer(200, r#"{"id":7}"#);
    let keys = ["a0", "..", "a1"].map(|key| ArticleKey(key.to_owned()));
    let articles = backend().articles(&Canned::new([bad(), fixture("cmh/article.json")]), &keys).unwrap();
    assert_eq!(articles.len(), 1);
    assert!(matches!(backend().articles(&Canned::new([bad()]), &keys[..1]), Err(Fault::Malformed { .. })));
}

#[test]
fn a_session_without_a_place_in_the_feed_says_so() {
    for cursor in ["null", "\"\""] {
        let session = answer(200, &format!(r#"{{"me":"Mona","cursor":{cursor}}}"#));
        let (seen, end) = follow(&Canned::new([session]), &Cursor::Start);
        assert!(seen.is_empty() && matches!(end, Err(Fault::Malformed { .. })), "{cursor}: {end:?}");
    }
}

fn follow(wire: &Canned, since: &Cursor) -> (Vec<Change>, Result<Cursor, Fault>) {
    let mut seen = Vec::new();
    let end = backend().feed(wire, since, &mut |change| {
        seen.push(change);
        Flow::GoOn
    });
    (seen, end)
}

#[test]
fn a_feed_streams_from_where_the_session_stands() {
    let events = "retry: 3000\n\n: hb\n\nid: c101\nevent: status\ndata: {\"comment\":\"c1\",\"status\":\"spam\",\"by\":\"Bo\"}\n\n";
    let mut stream = answer(200, events);
    stream.headers = vec![("content-type".to_owned(), "text/event-stream".to_owned())];
    let wire = Canned::new([fixture("cmh/session.json"), stream]);
    let (seen, end) = follow(&wire, &Cursor::Start);
    let change = Change {
        cursor: Cursor::Token("c101".to_owned()),
        native_id: Some(id("c1")),
        status: Some(Status::Spam),
        by: Some("Bo".to_owned()),
    };
    assert_eq!((seen, end), (vec![change], Ok(Cursor::Token("c101".to_owned()))));
    let asked = wire.asked().remove(1);
    assert_eq!(asked.url, "https://news.example/api/mod/changes?since=c100");
    assert_eq!(
        (header(&asked, "accept"), header(&asked, "last-event-id")),
        (Some("text/event-stream"), Some("c100"))
    );
}

#[test]
fn a_site_without_a_stream_is_polled() {
    let since = Cursor::Token("c100".to_owned());
    let quiet = answer(200, r#"{"events":[],"next":"c103","more":false}"#);
    for refusal in [answer(406, "{}"), answer(200, r#"{"events":[],"next":"c100"}"#)] {
        let wire = Canned::new([refusal, fixture("cmh/changes.json"), quiet.clone()]);
        let (seen, end) = follow(&wire, &since);
        assert_eq!((seen.len(), end), (2, Ok(Cursor::Token("c103".to_owned()))));
        let asked = wire.asked();
        assert_eq!(header(&asked[1], "prefer"), Some("wait=25"));
        assert_eq!(asked[2].url, "https://news.example/api/mod/changes?since=c103");
    }
}

#[test]
fn a_poll_loses_no_comment_that_it_names() {
    let events = r#"{"events":[{"comment":"c1","by":7},{"comment":"c2","cursor":"c9","status":["?"]},7],"next":"","more":false}"#;
    let wire = Canned::new([answer(406, "{}"), answer(200, events)]);
    let (seen, end) = follow(&wire, &Cursor::Token("c8".to_owned()));
    let seen: Vec<_> = seen.into_iter().filter_map(|change| change.native_id).collect();
    assert_eq!((seen, end), (["c1", "c2"].map(id).to_vec(), Ok(Cursor::Token("c9".to_owned()))));
}

#[test]
fn a_feed_that_fell_too_far_behind_says_so() {
    let (seen, end) = follow(&canned(&["expired"]), &Cursor::Token("c1".to_owned()));
    assert_eq!((seen.len(), end), (0, Err(Fault::Expired)));
    let wire = Canned::breaking(Broken::NoAnswer("silent".into()));
    assert_eq!(
        follow(&wire, &Cursor::Token("c1".to_owned())).1,
        Err(Fault::Unanswered { why: "silent".into() })
    );
}

#[test]
fn a_site_is_found_by_its_well_known_address() {
    let wire = canned(&["well-known"]);
    let found = discover(&wire, "news.example/some/page").unwrap();
    assert_eq!((found.base.as_str(), found.name.as_str()), ("https://news.example/api/mod", "Example News"));
    let asked = wire.asked().remove(0);
    assert_eq!(asked.url, "https://news.example/.well-known/comment-moderation");
    assert_eq!(header(&asked, "authorization"), None);
    let page = answer(200, "<head><link rel='comment-moderation' href='/api/known'></head>");
    let wire = Canned::new([answer(404, "<html>"), page, fixture("cmh/well-known.json")]);
    assert!(discover(&wire, "news.example").is_ok());
    assert_eq!(wire.asked()[2].url, "https://news.example/api/known");
    for base in ["http://127.0.0.1:9/api", "http://news.example/api", "ftp://news.example"] {
        let answer = answer(200, &format!(r#"{{"cmh":"1","base":"{base}","name":"x"}}"#));
        assert!(discover(&Canned::new([answer]), "news.example").is_err(), "{base}");
    }
    let newer = answer(200, r#"{"cmh":"2","base":"/api"}"#);
    assert!(matches!(discover(&Canned::new([newer]), "news.example"), Err(Fault::Refused { .. })));
}
