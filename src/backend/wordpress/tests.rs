//! What a real 6.5.5 answered, replayed: the requests that leave, and what becomes of the answers.

use super::*;
use crate::backend::canned::{Canned, answer, fixture};
use crate::domain::{BatchId, CommentId, DecisionId, Private, RevisionId, SiteId, Verb};
use crate::net::{Broken, Method, Request, Response};
use std::time::Duration;

fn recorded(name: &str) -> Response {
    fixture(&format!("wordpress/{name}.json"))
}

fn backend() -> WordPress {
    let site = Site {
        id: SiteId(1),
        slug: "gazette".to_owned(),
        name: String::new(),
        backend: crate::domain::Backend::WordPress,
        base: "https://gazette.example/wp-json".to_owned(),
        account: "mod1".to_owned(),
        order: Order::Oldest,
        hold_secs: 5,
    };
    WordPress::new(&site, Secret::new("abcd efgh"))
}

fn decision(id: &NativeId, verb: Verb) -> Decision {
    Decision {
        id: DecisionId(1),
        batch: BatchId(1),
        site: SiteId(1),
        comment: CommentId(1),
        native_id: id.clone(),
        verb,
        seen: RevisionId(1),
        prior: Status::Pending,
        replaced: None,
        after: None,
        undoes: None,
        moderator: "Mona".to_owned(),
        made_at: chrono::DateTime::default(),
        hold_secs: 5,
        base_tag: None,
        reports_seen: None,
        key: String::new(),
    }
}

fn fresh(ip: &str, status: Status) -> Observed {
    let private = Private { email: None, ip: Some(ip.to_owned()), agent: Some("Mozilla".to_owned()) };
    let id = NativeId("4".to_owned());
    Observed { status: Some(status), private: Some(private), ..Observed::of(id) }
}

fn push(wire: &Canned, verb: Verb, fresh: &Observed) -> Result<Receipt, Fault> {
    backend().push(wire, &decision(&fresh.native_id, verb), fresh)
}

fn parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let query = request.url.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn ids(page: &Page) -> Vec<Option<u64>> {
    let ids = page.items.iter().map(|item| match item {
        Item::Read(here) => look::number(&here.native_id),
        Item::Unreadable(here) => here.native_id.as_ref().and_then(look::number),
    });
    ids.collect()
}

const APPROVED: &str = r#"{"id":4,"status":"approved","author_ip":"203.0.113.7","content":{"rendered":"x"}}"#;
const UNREAD: &str = r#"[{"id":11,"status":"hold","author_name":"A"},{"id":12,"status":["hold"]},
    {"id":13,"status":"hold","author_name":"\ud83d broken \u0041"},{"id":14,"status":"\x"},{"status":"hold","id":{}}]"#;

#[test]
fn a_page_is_slim_ordered_by_id_and_of_every_type() {
    let wire = Canned::new([recorded("pull-1")]);
    let queue = Queue { page_size: 12, ..Queue::pending(Order::Oldest) };
    let page = backend().pull(&wire, &queue, &Cursor::Start).unwrap();
    assert_eq!((page.items.len(), page.total), (12, Some(1000)));
    assert_eq!(page.next, Some(Cursor::Offset(7)), "pages overlap by five rows");
    assert_eq!(page.covers, Some(Covers { id_min: 2, id_max: 13 }));
    assert!(
        page.items
            .iter()
            .all(|item| matches!(item, Item::Read(here) if here.status == Some(Status::Pending)))
    );
    let asked = wire.asked().remove(0);
    let want = [
        ("status", "hold"),
        ("type", ""),
        ("orderby", "id"),
        ("order", "asc"),
        ("per_page", "12"),
        ("offset", "0"),
        ("context", "edit"),
    ];
    for (name, value) in want {
        assert_eq!(parameter(&asked, name), Some(value), "{name}");
    }
    let fields = parameter(&asked, "_fields").unwrap();
    assert!(
        fields.contains("%2Ccontent%2C") && !fields.contains("content.raw") && !fields.contains("_links")
    );
    assert!(asked.headers.contains(&("authorization".to_owned(), "Basic bW9kMTphYmNkIGVmZ2g=".to_owned())));
    assert!(!asked.without_agent);
}

#[test]
fn a_short_page_is_not_the_last_one() {
    let two = answer(200, r#"[{"id":5},{"id":9}]"#).with("x-wp-total", "250").with("x-wp-totalpages", "3");
    let queue = Queue::pending(Order::Newest);
    let pull = |offset: u64| {
        let wire = Canned::new([two.clone()]);
        let page = backend().pull(&wire, &queue, &Cursor::Offset(offset)).unwrap();
        assert_eq!(parameter(&wire.asked()[0], "order"), Some("desc"));
        page
    };
    assert_eq!(pull(0).next, Some(Cursor::Offset(95)));
    assert_eq!(pull(149).next, Some(Cursor::Offset(244)));
    // 150 + 100 rows reach the total of 250: the last one by the answer's own word
    assert_eq!(pull(150).next, None);
    assert_eq!(pull(150).covers, Some(Covers { id_min: 5, id_max: 9 }));
    let end = backend().pull(&Canned::new([recorded("pull-2")]), &queue, &Cursor::Offset(100_000)).unwrap();
    assert_eq!((end.items.len(), end.total, end.next, end.covers), (0, Some(1000), None, None));
    let untold = Canned::new([answer(200, "[]")]);
    assert!(matches!(backend().pull(&untold, &queue, &Cursor::Start), Err(Fault::Malformed { .. })));
}

#[test]
fn one_bad_comment_never_costs_a_page() {
    let wire = Canned::new([answer(200, UNREAD).with("x-wp-total", "5")]);
    let page = backend().pull(&wire, &Queue::pending(Order::Oldest), &Cursor::Start).unwrap();
    assert_eq!(ids(&page), [Some(11), Some(12), Some(13), Some(14), None]);
    let unreadable = |item: &Item| matches!(item, Item::Unreadable { .. });
    assert_eq!(page.items.iter().map(unreadable).collect::<Vec<_>>(), [false, true, false, true, true]);
    let Item::Unreadable(second) = &page.items[1] else { unreachable!() };
    assert_eq!(second.source, r#"{"id":12,"status":["hold"]}"#);
    let Item::Read(mended) = &page.items[2] else { unreachable!() };
    assert_eq!(mended.author.as_ref().unwrap().name, "\u{fffd} broken A");
    assert_eq!(page.covers, Some(Covers { id_min: 11, id_max: 14 }));
}

#[test]
fn stray_text_is_passed_over_and_pages_are_named() {
    let queue = Queue { page_size: 3, ..Queue::pending(Order::Oldest) };
    let pull = |name: &str| backend().pull(&Canned::new([recorded(name)]), &queue, &Cursor::Start);
    assert_eq!(pull("stray-1"), pull("pull-small-1"));
    assert_eq!(pull("stray-1").unwrap().items.len(), 3);
    let why = "a web page instead of data (“Are you human?”); a login page, a firewall or a plug-in may stand in between"
        .to_owned();
    assert_eq!(pull("html-1"), Err(Fault::Malformed { why }));
    assert!(matches!(pull("fatal-1"), Err(Fault::Failing { status: 500, .. })));
    let wait = Some(Duration::from_secs(600));
    assert!(matches!(pull("maintenance-1"), Err(Fault::Failing { status: 503, after, .. }) if after == wait));
    // a damaged table answers 200 and nothing: an empty page, and no more than that
    assert_eq!(pull("no-table-1").unwrap().items, []);
}

#[test]
fn signing_in_needs_the_right_to_moderate() {
    let wire = Canned::new([recorded("identify-1"), recorded("identify-2"), recorded("identify-3")]);
    let me = backend().identify(&wire).unwrap();
    assert_eq!((me.name.as_str(), me.site_name.as_str()), ("Mona Moderator", "Harbour Gazette"));
    assert_eq!(me.caveats, [CAVEAT_RACE]);
    assert!(wire.asked()[2].without_agent);
    let wrong = backend().identify(&Canned::new([recorded("wrong-password-1")]));
    assert!(
        matches!(&wrong, Err(Fault::Unauthorized { why }) if why.contains("application password")),
        "{wrong:?}"
    );
    let reader = backend().identify(&Canned::new([recorded("few-rights-1")]));
    assert!(matches!(reader, Err(Fault::Forbidden { .. })));
    // XML-RPC is blocked here
    let closed = Response { status: 405, headers: Vec::new(), body: Vec::new() };
    let wire = Canned::new([recorded("identify-1"), recorded("identify-2"), closed]);
    assert_eq!(backend().identify(&wire).unwrap().caveats, [CAVEAT_RACE, CAVEAT_EMPTY_IP]);
}

#[test]
fn a_look_asks_for_what_the_list_asks_for_and_keeps_the_order() {
    let wire = Canned::new([recorded("look-1")]);
    let asked = ["433", "99999999", "71"].map(|id| NativeId(id.to_owned()));
    let sights = backend().look(&wire, &asked).unwrap();
    let found: Vec<_> = sights.iter().map(|sight| matches!(sight, Sight::Here(_))).collect();
    assert_eq!(found, [true, false, true]);
    assert!(matches!(&sights[0], Sight::Here(here) if here.native_id == asked[0]));
    assert_eq!(sights[1], Sight::Missing(asked[1].clone()));
    let request = wire.asked().remove(0);
    assert_eq!(parameter(&request, "type"), Some(""));
    assert_eq!(parameter(&request, "status"), Some("any"));
    assert_eq!(parameter(&request, "per_page"), Some("100"));
    assert_eq!(parameter(&request, "include"), Some("433%2C99999999%2C71"));
}

#[test]
fn only_the_comments_own_address_proves_that_it_is_gone() {
    let id = [NativeId("99999999".to_owned())];
    let wire = Canned::new([recorded("look-gone-1"), recorded("look-gone-2"), recorded("look-gone-3")]);
    assert_eq!(backend().look(&wire, &id), Ok(vec![Sight::Gone(id[0].clone())]));
    assert_eq!(wire.asked().len(), 3);
    // the same words from a site that shows no comment at all prove nothing
    let wire = Canned::new([recorded("look-gone-1"), recorded("look-gone-2"), recorded("no-table-1")]);
    let denied = backend().look(&wire, &id).unwrap();
    assert!(matches!(&denied[..], [Sight::Denied { native_id, .. }] if *native_id == id[0]), "{denied:?}");
}

#[test]
fn a_decision_sends_the_readers_address_back_and_no_agent() {
    let wire = Canned::new([answer(200, APPROVED)]);
    let receipt = push(&wire, Verb::Approve, &fresh("203.0.113.7", Status::Pending)).unwrap();
    assert_eq!((receipt.now.status, receipt.already), (Some(Status::Approved), false));
    let request = wire.asked().remove(0);
    assert_eq!((request.method, request.without_agent), (Method::Post, true));
    assert!(request.url.starts_with("https://gazette.example/wp-json/wp/v2/comments/4?"));
    assert_eq!(request.body, br#"{"status":"approve","author_ip":"203.0.113.7"}"#);
}

#[test]
fn a_yes_that_did_nothing_is_unconfirmed() {
    let unchanged = r#"{"id":4,"status":"hold"}"#;
    let told =
        push(&Canned::new([answer(200, unchanged)]), Verb::Spam, &fresh("203.0.113.7", Status::Approved));
    assert!(matches!(told, Err(Fault::Unconfirmed { theirs }) if theirs.status == Some(Status::Pending)));
}

#[test]
fn reject_is_a_delete_that_can_be_taken_back() {
    let pending = fresh("203.0.113.7", Status::Pending);
    let wire = Canned::new([recorded("reject-1")]);
    let receipt = push(&wire, Verb::Reject, &pending).unwrap();
    assert_eq!(receipt.now.status, Some(Status::Rejected));
    let request = wire.asked().remove(0);
    assert_eq!(request.method, Method::Delete);
    assert!(!request.url.contains("force"));
    let again = push(&Canned::new([recorded("reject-again-1")]), Verb::Reject, &pending).unwrap();
    assert_eq!((again.already, again.now.status), (true, Some(Status::Rejected)));
    let no_trash = push(&Canned::new([recorded("no-trash-1")]), Verb::Reject, &pending);
    assert!(matches!(no_trash, Err(Fault::Refused { status: 501, .. })));
    let gone = push(&Canned::new([recorded("gone-1"), recorded("gone-2")]), Verb::Reject, &pending);
    assert_eq!(gone, Err(Fault::Gone));
    let nothing_to_do = push(&Canned::new([]), Verb::Reject, &fresh("", Status::Rejected)).unwrap();
    assert!(nothing_to_do.already);
}

#[test]
fn a_missing_address_stays_missing_where_xmlrpc_answers() {
    let done = answer(
        200,
        "<methodResponse><params><param><value><boolean>1</boolean></value></param></params></methodResponse>",
    );
    let list = format!("[{APPROVED}]");
    for ip in ["", "198.51.100.7, 10.0.0.1"] {
        let wire = Canned::new([done.clone(), answer(200, &list)]);
        let receipt = push(&wire, Verb::Approve, &fresh(ip, Status::Pending)).unwrap();
        assert_eq!(receipt.now.status, Some(Status::Approved));
        let request = wire.asked().remove(0);
        assert!(request.without_agent && request.url == "https://gazette.example/xmlrpc.php");
        let body = String::from_utf8(request.body).unwrap();
        assert!(
            body.contains("<methodName>wp.editComment<") && body.contains("<string>approve</string>"),
            "{body}"
        );
    }
    let wire = Canned::new([recorded("empty-ip-1"), recorded("empty-ip-2")]);
    let fifth = Observed { native_id: NativeId("5".to_owned()), ..fresh("", Status::Pending) };
    push(&wire, Verb::Approve, &fifth).unwrap();
    assert!(String::from_utf8_lossy(&wire.asked()[1].body).contains("127.0.0.1"));
}

#[test]
fn an_address_wordpress_does_not_take_back_goes_the_other_way() {
    let complaint = r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): author_ip","data":{"status":400,
        "params":{"author_ip":"author_ip is not a valid IP address."}}}"#;
    let done = answer(200, "<methodResponse><params/></methodResponse>");
    let wire = Canned::new([answer(400, complaint), done, answer(200, &format!("[{APPROVED}]"))]);
    assert!(push(&wire, Verb::Approve, &fresh("2001:db8::1", Status::Pending)).is_ok());
    assert_eq!(wire.asked().len(), 3);
}

#[test]
fn a_lost_answer_is_told_from_a_request_that_never_left() {
    let fresh = fresh("203.0.113.7", Status::Pending);
    let lost = push(&Canned::breaking(Broken::NoAnswer("cut".into())), Verb::Approve, &fresh);
    assert_eq!(lost, Err(Fault::Unanswered { why: "cut".into() }));
    let unsent = push(&Canned::breaking(Broken::NotSent("dns".into())), Verb::Approve, &fresh);
    assert_eq!(unsent, Err(Fault::Unreachable { why: "dns".into() }));
    let moved =
        push(&Canned::breaking(Broken::Elsewhere("https://b.example/".into())), Verb::Approve, &fresh);
    assert!(matches!(moved, Err(Fault::Malformed { why }) if why.contains("https://b.example/")));
}

#[test]
fn articles_are_read_from_wherever_they_live() {
    let wire = Canned::new((1..=7).map(|turn| recorded(&format!("articles-{turn}"))));
    let keys = ["8", "48", "49", "54", "99999999"].map(|id| ArticleKey(id.to_owned()));
    let found = backend().articles(&wire, &keys).unwrap();
    let mut seen: Vec<_> = found.iter().map(|article| article.key.0.as_str()).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["48", "49", "54", "8"]);
    assert!(found.iter().all(|article| article.title.ends_with(" & more") && article.byline.is_some()));
    assert!(found.iter().all(|article| article.body.is_some() && article.withheld.is_none()));
}

#[test]
fn a_protected_article_is_said_to_be() {
    let shut = r#"[{"id":8,"title":{"rendered":"T"},"content":{"rendered":"","protected":true},"status":"publish"}]"#;
    let forbidden = answer(403, r#"{"code":"rest_forbidden_context","message":"No"}"#);
    let wire = Canned::new([forbidden, answer(200, shut), answer(200, "[]"), answer(200, "{}")]);
    let keys = ["8", "9"].map(|id| ArticleKey(id.to_owned()));
    let found = backend().articles(&wire, &keys).unwrap();
    assert_eq!(
        (found.len(), found[0].body.as_ref(), found[0].withheld.as_deref()),
        (1, None, Some("protected"))
    );
    assert!(!wire.asked()[1].url.contains("context=edit"));
}

#[test]
fn an_article_that_cannot_be_had_costs_no_other() {
    let post = || {
        answer(200, r#"[{"id":8,"title":{"rendered":"T"},"content":{"rendered":"x"}},{"id":9,"title":7}]"#)
    };
    let keys = ["8", "9"].map(|id| ArticleKey(id.to_owned()));
    let types = r#"{"odd":{"rest_base":false},"ten":[],"book":{"rest_base":"books"}}"#;
    let books = answer(200, r#"[{"id":9,"content":{"rendered":"y"}}]"#);
    let wire = Canned::new([post(), answer(200, "[]"), answer(200, types), books]);
    assert_eq!(backend().articles(&wire, &keys).unwrap().len(), 2);
    let closed = || answer(401, r#"{"code":"rest_cannot_view","message":"No"}"#);
    for closed in [answer(403, r#"{"code":"rest_cannot_view","message":"No"}"#), answer(200, "[]")] {
        let wire = Canned::new([post(), answer(200, "[]"), closed]);
        assert_eq!(backend().articles(&wire, &keys).unwrap().len(), 1);
    }
    let wire = Canned::new([post(), answer(200, "[]"), closed()]);
    assert!(matches!(backend().articles(&wire, &keys), Err(Fault::Unauthorized { .. })));
}

#[test]
fn a_record_is_four_counts_and_the_first_date() {
    let wire = Canned::new((1..=4).map(|turn| recorded(&format!("author-{turn}"))));
    let who = AuthorKey::Email("reader129@example.test".to_owned());
    let record = backend().author(&wire, &who).unwrap();
    assert!([record.approved, record.pending, record.rejected, record.spam].iter().all(Option::is_some));
    assert!(record.since.is_some());
    let asked = wire.asked();
    let statuses: Vec<_> = asked.iter().map(|request| parameter(request, "status").unwrap()).collect();
    assert_eq!(statuses, ["approve", "hold", "trash", "spam"]);
    assert_eq!(parameter(&asked[0], "per_page"), Some("1"));
}

#[test]
fn a_thread_that_bites_its_tail_ends() {
    let reply = |id: u64, parent: u64| answer(200, &format!(r#"[{{"id":{id},"parent":{parent}}}]"#));
    let of = Observed {
        parent: Some(crate::domain::Parent::Reply(NativeId("2".to_owned()))),
        ..Observed::of(NativeId("1".to_owned()))
    };
    let wire =
        Canned::new([reply(2, 3), reply(3, 2), answer(200, r#"[{"id":1},{"id":4,"parent":1},{"id":2}]"#)]);
    let thread = backend().thread(&wire, &of).unwrap();
    let ids: Vec<_> = thread.iter().map(|here| here.native_id().unwrap().0.as_str()).collect();
    assert_eq!(ids, ["3", "2", "4"]);
}

#[test]
fn an_answer_about_another_comment_is_no_answer() {
    let other = r#"{"id":5,"status":"approved","content":{"rendered":"x"}}"#;
    let told =
        push(&Canned::new([answer(200, other)]), Verb::Approve, &fresh("203.0.113.7", Status::Pending));
    assert!(matches!(told, Err(Fault::Malformed { .. })), "{told:?}");
    let id = [NativeId("4".to_owned())];
    let told = backend().look(&Canned::new([answer(200, "[]"), answer(200, other)]), &id);
    assert!(matches!(told, Err(Fault::Malformed { .. })), "{told:?}");
}

#[test]
fn what_cannot_be_read_is_seen_as_that() {
    let bad = r#"{"id":4,"status":"approved","content":7,"author_ip":"203.0.113.7"}"#;
    let ids = ["4", "5"].map(|id| NativeId(id.to_owned()));
    let unreadable = |sight: &Sight| match sight {
        Sight::Unreadable(here) => {
            assert_eq!((&here.native_id, here.status), (&Some(ids[0].clone()), Some(Status::Approved)));
            assert_eq!(here.source, bad);
        }
        other => panic!("{other:?}"),
    };
    let list = answer(200, &format!(r#"[{bad},{{"id":5}},{{"id":{{}}}}]"#));
    let sights = backend().look(&Canned::new([list]), &ids).unwrap();
    unreadable(&sights[0]);
    assert!(matches!(&sights[1], Sight::Here(_)));
    let wire = Canned::new([answer(200, "[]"), answer(200, bad)]);
    unreadable(&backend().look(&wire, &ids[..1]).unwrap()[0]);
    // nor does it hide from a thread, or end it
    let of = Observed {
        parent: Some(crate::domain::Parent::Reply(ids[0].clone())),
        ..Observed::of(ids[1].clone())
    };
    let wire = Canned::new([answer(200, &format!("[{bad}]")), answer(200, r#"[{"id":6},{"id":[]}]"#)]);
    let thread = backend().thread(&wire, &of).unwrap();
    assert!(matches!(&thread[..], [Item::Unreadable(_), Item::Read(_)]), "{thread:?}");
}

#[test]
fn a_decision_on_what_cannot_be_read_writes_nothing_and_buries_nothing() {
    let bad = |status: &str| answer(200, &format!(r#"[{{"id":4,"status":"{status}","content":7}}]"#));
    let untold = Observed { status: Some(Status::Pending), ..Observed::of(NativeId("4".to_owned())) };
    let told = push(&Canned::new([bad("hold")]), Verb::Approve, &untold);
    assert!(matches!(told, Err(Fault::Refused { .. })), "{told:?}");
    // carried out by XML-RPC, and read again: its status is told all the same
    let done = || answer(200, "<methodResponse><params/></methodResponse>");
    let pending = fresh("", Status::Pending);
    assert!(push(&Canned::new([done(), bad("approved")]), Verb::Approve, &pending).is_ok());
    let told = push(&Canned::new([done(), bad("spam")]), Verb::Approve, &pending);
    assert!(matches!(told, Err(Fault::Unconfirmed { .. })), "{told:?}");
}

#[test]
fn a_page_of_what_cannot_be_read_still_says_what_it_spans() {
    let pull = |body: &str, total: &str| {
        let wire = Canned::new([answer(200, body).with("x-wp-total", total)]);
        backend().pull(&wire, &Queue::pending(Order::Oldest), &Cursor::Start)
    };
    let page = pull(r#"[{"id":{}},{"id":"07","status":7},{"id":9,"content":null},{"id":9},7]"#, "5").unwrap();
    assert_eq!((page.items.len(), page.covers), (5, Some(Covers { id_min: 7, id_max: 9 })));
    let page = pull(r#"[{"id":{}},null]"#, "2").unwrap();
    assert_eq!((page.items.len(), page.covers, page.next), (2, None, None));
    let page = pull(r#"[{"id":18446744073709551615}]"#, "1").unwrap();
    assert_eq!(page.covers, Some(Covers { id_min: u64::MAX, id_max: u64::MAX }));
    for total in ["18446744073709551615", "-1", "many", ""] {
        assert!(matches!(pull("[]", total), Err(Fault::Malformed { .. })), "{total}");
    }
}

#[test]
fn a_host_that_hangs_up_on_xmlrpc_is_worked_around() {
    let lost = || Err(Broken::NoAnswer("hung up".into()));
    let pending = r#"[{"id":4,"status":"hold"}]"#;
    let wire = Canned::of([lost(), Ok(answer(200, pending)), Ok(answer(200, APPROVED))]);
    assert!(push(&wire, Verb::Approve, &fresh("", Status::Pending)).is_ok());
    assert!(String::from_utf8_lossy(&wire.asked()[2].body).contains("127.0.0.1"));
    // the answer alone was lost: nothing is written over what XML-RPC has kept
    let wire = Canned::of([lost(), Ok(answer(200, &format!("[{APPROVED}]")))]);
    assert!(push(&wire, Verb::Approve, &fresh("", Status::Pending)).is_ok());
    assert_eq!(wire.asked().len(), 2);
}

#[test]
fn a_site_is_found_through_its_move_without_credentials() {
    let moved = Err(Broken::Elsewhere("https://www.gazette.example/".into()));
    let home = answer(200, "").with("link", "<https://www.gazette.example/api/>; rel=\"https://api.w.org/\"");
    let index = answer(200, r#"{"name":"Bread &amp; Gazette"}"#);
    let wire = Canned::of([moved, Ok(home), Ok(index)]);
    let found = discover(&wire, "gazette.example").unwrap();
    assert_eq!(
        (found.base.as_str(), found.name.as_str()),
        ("https://www.gazette.example/api", "Bread & Gazette")
    );
    let bare = |request: &Request| request.headers.iter().all(|(name, _)| name != "authorization");
    assert!(wire.asked().iter().all(bare));
    // no header names it: the usual places are tried
    let page = || Ok(answer(200, "<html><title>News</title></html>"));
    let index = Ok(answer(200, r#"{"name":"G"}"#));
    let wire = Canned::of([page(), page(), page(), index]);
    assert_eq!(
        discover(&wire, "gazette.example/wp-admin/").unwrap().base,
        "https://gazette.example/?rest_route="
    );
}
