//! What the desk's own client sends is what the public specification lets a client send, and what it is answered is what
//! the specification promises: recorded between the real client and a real demo site, over HTTP.

#[path = "spec/asked.rs"]
mod asked;
#[path = "spec/recorder.rs"]
mod recorder;
mod spec;

use greenroom::backend::{self, Backend, Change, Fault, Flow, Secret};
use greenroom::demo::{self, Demo, Mischief, Moderator, Options, SECOND_MODERATOR};
use greenroom::domain::{
    self, BatchId, CommentId, Cursor, Decision, DecisionId, Item, NativeId, Observed, Order, Page, Queue,
    Receipt, RevisionId, Sight, Site, SiteId, Status, Verb,
};
use greenroom::net::{Request, Response};
use recorder::Recorder;
use serde_json::{Value, json};
use spec::Of;
use std::collections::BTreeSet;
use std::time::Duration;

/// The client on one side, the demo on the other.
struct Call {
    demo: Demo,
    wire: Recorder,
    client: Box<dyn Backend>,
}

impl Call {
    fn open(comments: usize) -> Self {
        let options =
            Options { comments, rate_per_min: 0.0, mischief: Mischief::none(), ..Options::default() };
        let demo = Demo::start(options).unwrap();
        let wire = Recorder::new();
        let client = client(&demo, demo.token());
        Self { demo, wire, client }
    }

    fn pending(&self, number: usize) -> NativeId {
        NativeId(self.demo.with_world(|world| world.pending_ids()[number].clone()))
    }

    fn pull(&self, queue: &Queue, cursor: &Cursor) -> Page {
        self.client.pull(&self.wire, queue, cursor).unwrap()
    }

    fn look(&self, id: &NativeId) -> Observed {
        match self.client.look(&self.wire, std::slice::from_ref(id)).unwrap().remove(0) {
            Sight::Here(here) => here,
            other => panic!("{other:?}"),
        }
    }

    fn push(&self, on: &Observed, verb: Verb, reports_seen: Option<u64>) -> Result<Receipt, Fault> {
        self.client.push(&self.wire, &decision(on, verb, reports_seen), on)
    }

    /// Pushes what the site must carry out.
    fn done(&self, id: &NativeId, verb: Verb, reports_seen: Option<u64>) {
        let receipt = self.push(&self.look(id), verb, reports_seen).unwrap();
        assert_eq!((receipt.now.status, receipt.already), (Some(verb.wanted()), false));
    }

    /// Everything that was said, judged: both sides.
    fn judge(&self) {
        let heard = self.wire.heard();
        assert!(!heard.is_empty());
        for (request, answer) in &heard {
            check(&self.demo, request).unwrap();
            let (method, path) = (method(request), path(&self.demo, request));
            spec::check_answer(Of::Demo, &method, path, answer.status, &answer.headers, &answer.body)
                .unwrap();
        }
    }

    /// Which operations were called, and how they were answered.
    fn covered(&self) -> BTreeSet<String> {
        let base = self.demo.base();
        let one = |(request, answer): &(Request, Response)| {
            let path = request.url.split('?').next().unwrap_or_default();
            let below = path.strip_prefix(&base).unwrap_or("/.well-known");
            let parts = below.split('/').filter(|part| !part.is_empty()).enumerate();
            let parts: Vec<&str> = parts.map(|(at, part)| if at == 1 { "{id}" } else { part }).collect();
            let how = request.headers.iter().any(|(_, value)| value == "text/event-stream");
            let how = if how { "STREAM" } else { &method(request) };
            format!("{how} /{} {}", parts.join("/"), answer.status)
        };
        self.wire.heard().iter().map(one).collect()
    }
}

fn client(demo: &Demo, token: &str) -> Box<dyn Backend> {
    let site = Site {
        id: SiteId(1),
        slug: "lantern".to_owned(),
        name: String::new(),
        backend: domain::Backend::Cmh,
        base: demo.base(),
        account: String::new(),
        order: Order::Oldest,
        hold_secs: 5,
    };
    backend::open(&site, Secret::new(token)).unwrap()
}

fn decision(on: &Observed, verb: Verb, reports_seen: Option<u64>) -> Decision {
    Decision {
        id: DecisionId(1),
        batch: BatchId(1),
        site: SiteId(1),
        comment: CommentId(1),
        native_id: on.native_id.clone(),
        verb,
        seen: RevisionId(1),
        prior: on.status.unwrap(),
        replaced: None,
        after: None,
        undoes: None,
        moderator: demo::MODERATOR.to_owned(),
        made_at: chrono::DateTime::default(),
        hold_secs: 5,
        base_tag: on.tag.clone(),
        reports_seen,
        key: uuid::Uuid::new_v4().to_string(),
    }
}

fn method(request: &Request) -> String {
    format!("{:?}", request.method).to_uppercase()
}

fn path<'a>(demo: &Demo, request: &'a Request) -> &'a str {
    request.url.strip_prefix(&demo.origin()).expect("nothing goes to another origin")
}

fn check(demo: &Demo, request: &Request) -> Result<(), String> {
    asked::check_request(&method(request), path(demo, request), &request.headers, &request.body)
}

fn items(page: &Page) -> Vec<&Observed> {
    let read = page.items.iter().map(|item| match item {
        Item::Read(here) => here,
        Item::Unreadable(here) => panic!("{here:?}"),
    });
    read.collect()
}

fn read_everything(call: &Call) {
    let found = backend::discover(&call.wire, &call.demo.origin()).unwrap();
    assert_eq!(found.base, call.demo.base());
    assert_eq!(call.client.identify(&call.wire).unwrap().name, demo::MODERATOR);

    let pending = Queue { page_size: 25, ..Queue::pending(Order::Oldest) };
    let (mut cursor, mut seen) = (Cursor::Start, 0);
    loop {
        let page = call.pull(&pending, &cursor);
        seen += page.items.len();
        let Some(next) = page.next else { break };
        cursor = next;
    }
    assert_eq!(seen, 60);
    let approved =
        call.pull(&Queue { page_size: 500, ..Queue::of(Status::Approved, Order::Newest) }, &Cursor::Start);
    assert!(!approved.items.is_empty());
    let reported = Queue { status: None, reported: true, ..Queue::pending(Order::Newest) };
    call.pull(&reported, &Cursor::Start);
    let first = items(&approved)[0].clone();
    let article = first.article.as_ref().unwrap().key.clone();
    call.pull(&Queue { article: Some(article.clone()), ..pending }, &Cursor::Start);

    assert!(
        !call
            .client
            .articles(&call.wire, &[article, domain::ArticleKey("no/such".into())])
            .unwrap()
            .is_empty()
    );
    call.client.author(&call.wire, first.author.as_ref().unwrap().key.as_ref().unwrap()).unwrap();
    let reply =
        items(&approved).into_iter().find(|here| matches!(here.parent, Some(domain::Parent::Reply(_))));
    assert!(!call.client.thread(&call.wire, reply.expect("somebody answers somebody")).unwrap().is_empty());
    let sights = call.client.look(&call.wire, &[first.native_id, NativeId("a/b é?#".into())]).unwrap();
    assert!(matches!(&sights[..], [Sight::Here(_), Sight::Gone(_)]), "{sights:?}");
}

/// Everything the desk sends, and every way in which the demo does not do it.
fn decide_everything(call: &Call) {
    let ids: Vec<NativeId> = (0..8).map(|number| call.pending(number)).collect();
    for (verb, id) in [Verb::Approve, Verb::Reject, Verb::Spam].into_iter().zip(&ids) {
        call.done(id, verb, None);
        call.done(id, Verb::Restore, None);
    }
    let [_, _, _, kept, edited, superseded, agreed, gone] = &ids[..] else { panic!("eight") };
    call.done(kept, Verb::Approve, None);
    let report =
        |words: &str| assert!(call.demo.with_world(|world| world.report(&kept.0, "hate", words, "Ann")));
    report("This hurts");
    let seen = call.look(kept);
    report("So does this");
    assert!(matches!(call.push(&seen, Verb::Approve, Some(1)), Err(Fault::Conflict { .. })));
    call.done(kept, Verb::Approve, Some(2));

    let before: Vec<Observed> = [edited, superseded, agreed, gone].map(|id| call.look(id)).to_vec();
    call.demo.with_world(|world| {
        assert!(world.edit(&edited.0, "Other words"));
        assert!(world.approve_as(SECOND_MODERATOR, &superseded.0));
        assert!(world.approve_as(SECOND_MODERATOR, &agreed.0));
        assert!(world.delete(&gone.0));
    });
    assert!(matches!(call.push(&before[0], Verb::Approve, None), Err(Fault::Conflict { .. })));
    assert!(matches!(call.push(&before[1], Verb::Reject, None), Err(Fault::Conflict { .. })));
    assert!(call.push(&before[2], Verb::Approve, None).unwrap().already);
    assert_eq!(call.push(&before[3], Verb::Approve, None), Err(Fault::Gone));
    let waiting = call.look(edited);
    assert!(matches!(call.push(&waiting, Verb::Restore, None), Ok(receipt) if receipt.already));
    assert!(
        call.client.look(&call.wire, std::slice::from_ref(gone)).unwrap()[0] == Sight::Gone(gone.clone())
    );
}

/// Follows the changes from `since` until `n` were told.
fn follow(call: &Call, since: &Cursor, n: usize) -> Vec<Change> {
    let mut told = Vec::new();
    let end = call.client.feed(&call.wire, since, &mut |change| {
        told.push(change);
        if told.len() == n { Flow::Stop } else { Flow::GoOn }
    });
    assert_eq!(end.unwrap(), told.last().unwrap().cursor);
    told
}

/// By stream, and by long poll as on a site that has no stream.
fn follow_everything(call: &mut Call, start: &Cursor) {
    let streamed = follow(call, start, 9);
    let next = call.pending(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            call.demo.with_world(|world| world.approve_as(SECOND_MODERATOR, &next.0));
        });
        let live = follow(call, &Cursor::Start, 1);
        assert_eq!(
            (live[0].native_id.as_ref(), live[0].by.as_deref()),
            (Some(&next), Some(SECOND_MODERATOR))
        );
    });
    call.wire.streams = false;
    assert_eq!(follow(call, start, 9), streamed);
    for streams in [true, false] {
        call.wire.streams = streams;
        call.demo.with_world(|world| world.expire_feed());
        let end = call.client.feed(&call.wire, start, &mut |_| Flow::Stop);
        assert_eq!(end, Err(Fault::Expired));
    }
}

/// What was said, so that no call is left out of the judgement unseen.
const COVERED: [&str; 18] = [
    "GET / 200",
    "GET /.well-known 200",
    "GET /articles/{id} 200",
    "GET /articles/{id} 404",
    "GET /authors/{id} 200",
    "GET /changes 200",
    "GET /changes 410",
    "GET /comments 200",
    "GET /comments/{id} 200",
    "GET /comments/{id} 404",
    "GET /comments/{id} 410",
    "GET /comments/{id}/thread 200",
    "POST /comments/{id}/decisions 200",
    "POST /comments/{id}/decisions 201",
    "POST /comments/{id}/decisions 410",
    "POST /comments/{id}/decisions 412",
    "STREAM /changes 200",
    "STREAM /changes 410",
];

#[test]
fn all_that_the_client_says_and_hears_is_as_specified() {
    let mut call = Call::open(60);
    call.client.identify(&call.wire).unwrap();
    let session =
        call.wire.heard().into_iter().find(|(request, _)| request.url.ends_with("/mod/")).unwrap().1;
    let session: Value = serde_json::from_slice(&session.body).unwrap();
    let start = Cursor::Token(session["cursor"].as_str().unwrap().to_owned());
    read_everything(&call);
    decide_everything(&call);
    follow_everything(&mut call, &start);
    call.judge();
    assert_eq!(call.covered(), COVERED.map(str::to_owned).into());
    let problem = |(_, answer): (Request, Response)| serde_json::from_slice::<Value>(&answer.body).ok();
    let codes = call.wire.heard().into_iter().filter_map(problem);
    let codes: BTreeSet<String> = codes.filter_map(|body| Some(body["code"].as_str()?.to_owned())).collect();
    let refusals = ["cursor-expired", "edited", "gone", "not-found", "reports-changed", "superseded"];
    assert_eq!(codes, refusals.map(str::to_owned).into());
}

#[test]
fn what_a_client_is_refused_is_as_specified_too() {
    let call = Call::open(10);
    let here = call.look(&call.pending(0));
    let wrong = client(&call.demo, "wrong");
    assert!(matches!(wrong.identify(&call.wire), Err(Fault::Unauthorized { .. })));
    let trainee = Moderator { id: "m9".into(), name: "Trainee".into(), writes: false, sees_private: false };
    call.demo.with_world(|world| world.admit("trainee", trainee));
    let trainee = client(&call.demo, "trainee");
    assert!(matches!(trainee.identify(&call.wire), Err(Fault::Forbidden { .. })));
    let refused = trainee.push(&call.wire, &decision(&here, Verb::Approve, None), &here);
    assert!(matches!(refused, Err(Fault::Forbidden { .. })));
    call.demo.with_world(|world| world.throttle_for(30));
    assert!(matches!(call.push(&here, Verb::Approve, None), Err(Fault::Throttled { after: Some(_) })));
    call.demo.with_world(|world| world.fail_for(30));
    assert!(matches!(call.client.identify(&call.wire), Err(Fault::Failing { status: 503, .. })));
    call.judge();
}

/// The request by which the real client approves.
fn approval(call: &Call, reports_seen: Option<u64>) -> Request {
    let here = call.look(&call.pending(0));
    // Whether the demo does it is another test's question.
    let _ = call.push(&here, Verb::Approve, reports_seen);
    let request = call.wire.heard().pop().unwrap().0;
    check(&call.demo, &request).unwrap();
    request
}

#[test]
fn a_member_too_many_and_one_too_few_in_a_request_are_caught() {
    let call = Call::open(10);
    for (reports_seen, needed) in [(None, &["action"][..]), (Some(2), &["action", "reports_seen"])] {
        let request = approval(&call, reports_seen);
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let judge = |change: &dyn Fn(&mut Value)| {
            let mut body = body.clone();
            change(&mut body);
            check(&call.demo, &Request { body: body.to_string().into_bytes(), ..request.clone() })
        };
        judge(&|_| ()).unwrap();
        assert!(judge(&|body| body["surplus"] = json!(1)).unwrap_err().contains("surplus"));
        assert!(judge(&|body| body["action"] = json!("fly")).unwrap_err().contains("fly"));
        for member in needed {
            let fewer = judge(&|body| drop(body.as_object_mut().unwrap().remove(*member)));
            assert!(fewer.unwrap_err().contains(member), "{member}");
        }
    }
    // The desk has no key for it; the document knows it.
    let request = approval(&call, None);
    check(&call.demo, &Request { body: br#"{"action":"delete"}"#.to_vec(), ..request }).unwrap();
}

#[test]
fn a_header_too_many_and_one_too_few_are_caught() {
    let call = Call::open(10);
    let request = approval(&call, None);
    for (name, said) in [
        ("authorization", "token"),
        ("if-match", "If-Match is missing"),
        ("idempotency-key", "Idempotency-Key is missing"),
        ("content-type", "JSON"),
    ] {
        let mut fewer = request.clone();
        fewer.headers.retain(|(n, _)| n != name);
        assert_eq!(fewer.headers.len(), request.headers.len() - 1, "{name}");
        assert!(check(&call.demo, &fewer).unwrap_err().contains(said), "{name}");
    }
    for (name, value) in [("x-surplus", "1"), ("if-match", "\"r2.s2\"")] {
        check(&call.demo, &request.clone().header(name, value)).unwrap_err();
    }
    for (name, value) in [("if-match", "r1.s0"), ("idempotency-key", "bare"), ("authorization", "Basic eDp5")]
    {
        let mut wrong = request.clone();
        wrong.headers.iter_mut().filter(|(n, _)| n == name).for_each(|(_, v)| value.clone_into(v));
        check(&call.demo, &wrong).unwrap_err();
    }
}

#[test]
fn an_address_that_is_not_in_the_document_is_caught() {
    let call = Call::open(10);
    call.pull(&Queue { page_size: 5, ..Queue::pending(Order::Oldest) }, &Cursor::Start);
    let request = call.wire.heard().pop().unwrap().0;
    let at = |url: String| check(&call.demo, &Request { url, ..request.clone() });
    at(format!("{}&cursor=k1", request.url)).unwrap();
    for (from, to) in [
        ("/comments", "/remarks"),
        ("limit=5", "limit=500"),
        ("limit=5", "page=5"),
        ("limit=5", "limit=5&limit=6"),
        ("status=pending", "status=quarantined"),
        ("order=oldest", "order=up"),
    ] {
        let url = request.url.replace(from, to);
        assert_ne!(url, request.url);
        assert!(at(url).is_err(), "{to}");
    }
    let method = greenroom::net::Method::Post;
    check(&call.demo, &Request { method, ..request.clone() }).unwrap_err();
    let discovery = format!("{}/.well-known/comment-moderation", call.demo.origin());
    assert!(at(discovery).unwrap_err().contains("token"), "no token goes where none is asked for");
}

/// Answers that the client is tested with, and what called them forth.
const FIXTURES: [(&str, &str, &str); 16] = [
    ("already", "POST", "/comments/c1/decisions"),
    ("article", "GET", "/articles/a1"),
    ("author", "GET", "/authors/u7"),
    ("changes", "GET", "/changes"),
    ("comment", "GET", "/comments/c1"),
    ("comments", "GET", "/comments"),
    ("decided", "POST", "/comments/c1/decisions"),
    ("edited", "POST", "/comments/c1/decisions"),
    ("expired", "GET", "/changes"),
    ("gone", "GET", "/comments/c1"),
    ("not-allowed", "POST", "/comments/c1/decisions"),
    ("session", "GET", "/"),
    ("superseded", "POST", "/comments/c1/decisions"),
    ("thread", "GET", "/comments/c1/thread"),
    ("unauthorized", "GET", "/"),
    ("well-known", "GET", "/.well-known/comment-moderation"),
];

type Mend = fn(&mut Value);

/// Where a fixture departs from the document because the client is to bear it, and how it would be right.
const DEPARTURES: [(&str, Mend); 3] = [
    // One comment that cannot be read.
    ("comments", |body| drop(body["items"].as_array_mut().unwrap().remove(1))),
    // Replies as a page of their own.
    ("thread", |body| body["replies"] = body["replies"]["items"].take()),
    // Moderators as persons instead of names.
    ("superseded", |body| {
        body["last_decision"]["by"] = json!("Bo");
        body["current"]["last_decision"]["by"] = json!("Bo");
    }),
];

#[test]
fn answers_that_the_client_is_tested_with_are_as_specified() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cmh");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), FIXTURES.len());
    for (name, method, path) in FIXTURES {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let mut fixture: Value = serde_json::from_str(&text).unwrap();
        let status = u16::try_from(fixture["status"].as_u64().unwrap()).unwrap();
        let headers: Vec<(String, String)> = serde_json::from_value(fixture["headers"].take()).unwrap();
        let judge = |body: &Value| {
            let body = body.to_string();
            spec::check_answer(Of::AnySite, method, path, status, &headers, body.as_bytes())
        };
        if let Some((_, mend)) = DEPARTURES.iter().find(|(departs, _)| *departs == name) {
            judge(&fixture["body"]).unwrap_err();
            mend(&mut fixture["body"]);
        }
        judge(&fixture["body"]).unwrap();
    }
}
