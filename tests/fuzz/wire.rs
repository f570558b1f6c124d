//! What must hold of whatever a site answers, said once: the fuzzer feeds it what it invents, `tests/fuzz_corpus.rs` what was
//! kept. An input is a call, a choice, and the answers in turn, parted by [`PART`]; when they end, so does the connection.

use crate::backend::{self, Backend, Change, Fault, Flow, Secret};
use crate::domain::{
    self, ArticleKey, AuthorKey, BatchId, CommentId, Cursor, Decision, DecisionId, Item, NativeId, Observed,
    Order, Page, Parent, Queue, RevisionId, Sight, Site, SiteId, Status, Verb,
};
use crate::net::{Broken, Method, Request, Response, Transport};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

/// Between two answers (ASCII's record separator, which stands in no JSON).
const PART: u8 = 0x1E;
/// More requests than one call can need: 20 types of article, each asked for twice, and what leads there.
const REQUESTS_MAX: usize = 60;
/// Bytes of a sentence about a fault, at most: it is shown in one line.
const WHY_MAX: usize = 2_000;
const BASE: &str = "https://gazette.example/api";
const SECRET: &str = "5up3r-5ecret-t0ken";
/// What the first byte of an answer chooses.
const STATUSES: [u16; 24] = [
    200, 200, 200, 200, 201, 204, 206, 302, 400, 401, 403, 404, 405, 409, 410, 412, 415, 422, 429, 500, 501,
    502, 503, 599,
];

/// One input against WordPress.
pub fn wordpress(bytes: &[u8]) {
    twice(domain::Backend::WordPress, bytes);
}

/// One input against a CMH site.
pub fn cmh(bytes: &[u8]) {
    twice(domain::Backend::Cmh, bytes);
}

/// The same answers are understood in the same way, however a stream is cut.
fn twice(which: domain::Backend, bytes: &[u8]) {
    let Some((&[call, choice], answers)) = bytes.split_first_chunk() else { return };
    let (one, other) = (Wire::new(answers, 1), Wire::new(answers, 4096));
    let (said, again) = (play(which, call, choice, &one), play(which, call, choice, &other));
    assert_eq!(said, again);
    // A site may repeat what it was sent, or ask for it; the desk itself says it nowhere.
    if !answers.windows(SECRET.len()).any(|heard| heard == SECRET.as_bytes()) {
        assert!(!said.contains(SECRET), "{said}");
        one.each(|request| assert!(!request.url.contains(SECRET), "{}", request.url));
    }
}

/// Plays one call and returns all that it brought, for comparing.
fn play(which: domain::Backend, call: u8, choice: u8, wire: &Wire) -> String {
    if call % 9 == 8 {
        let found = backend::discover(wire, "gazette.example/blog");
        if let Ok(found) = &found {
            assert!(crate::net::http::is_allowed(&found.base).is_ok(), "{}", found.base);
        }
        wire.each(|request| assert!(!request.headers.iter().any(|(name, _)| name == "authorization")));
        return told(&found);
    }
    let Ok(backend) = backend::open(&site(which), Secret::new(SECRET)) else { panic!("it does not open") };
    let said = ask(&*backend, call, choice, wire);
    wire.each(|request| stays_home(request, which));
    said
}

fn ask(backend: &dyn Backend, call: u8, choice: u8, wire: &Wire) -> String {
    let ids = [NativeId("4".to_owned()), NativeId("9".to_owned()), NativeId("c1".to_owned())];
    let mut of = Observed::of(ids[usize::from(choice % 3)].clone());
    of.status = Some(Status::Pending);
    match call % 9 {
        0 => told(&backend.identify(wire)),
        1 => {
            let (queue, cursor) = asked(choice, backend.capabilities().pages_by_offset);
            let page = backend.pull(wire, &queue, &cursor);
            if let Ok(page) = &page {
                goes_on(page, &cursor);
            }
            told(&page)
        }
        2 => {
            let asked = &ids[..1 + usize::from(choice % 3)];
            let sights = backend.look(wire, asked);
            if let Ok(sights) = &sights {
                let seen: Vec<_> = sights.iter().map(of_whom).collect();
                assert_eq!(seen, asked.iter().map(Some).collect::<Vec<_>>());
            }
            told(&sights)
        }
        3 => push(backend, choice, of, wire),
        4 => {
            of.parent = (choice & 4 != 0).then(|| Parent::Reply(NativeId("3".to_owned())));
            let thread = backend.thread(wire, &of);
            if let Ok(items) = &thread {
                let known: Vec<_> = items.iter().filter_map(Item::native_id).collect();
                let single: BTreeSet<_> = known.iter().collect();
                assert_eq!(known.len(), single.len(), "a comment stands in the thread twice");
                assert!(!known.contains(&&of.native_id), "a comment stands in its own thread");
            }
            told(&thread)
        }
        5 => {
            let (account, email) =
                (AuthorKey::Account("7".to_owned()), AuthorKey::Email("r@x.example".to_owned()));
            told(&backend.author(wire, if choice & 1 == 0 { &account } else { &email }))
        }
        6 => {
            let keys = [ArticleKey("12".to_owned()), ArticleKey("a1".to_owned()), ArticleKey("7".to_owned())];
            let keys = &keys[..1 + usize::from(choice % 3)];
            let articles = backend.articles(wire, keys);
            if let Ok(articles) = &articles {
                let found: BTreeSet<_> = articles.iter().map(|article| &article.key).collect();
                assert_eq!(found.len(), articles.len(), "an article is told twice");
                assert!(found.iter().all(|key| keys.contains(key)), "nobody asked for {found:?}");
            }
            told(&articles)
        }
        _ => {
            let since = if choice & 1 == 0 { Cursor::Start } else { Cursor::Token("c100".to_owned()) };
            let mut changes: Vec<Change> = Vec::new();
            let end = backend.feed(wire, &since, &mut |change| {
                changes.push(change);
                if changes.len() == usize::from(choice >> 1) { Flow::Stop } else { Flow::GoOn }
            });
            format!("{changes:?} {}", told(&end))
        }
    }
}

/// A receipt is about the comment that was decided on and says what was wanted; a conflict shows that comment.
fn push(backend: &dyn Backend, choice: u8, mut fresh: Observed, wire: &Wire) -> String {
    let verb = [Verb::Approve, Verb::Reject, Verb::Spam, Verb::Restore][usize::from(choice / 3 % 4)];
    let ip =
        [None, Some(String::new()), Some("203.0.113.7".to_owned())][usize::from(choice / 12 % 3)].clone();
    fresh.private = (choice & 0x80 == 0).then(|| domain::Private { ip, ..domain::Private::default() });
    fresh.tag = (choice & 0x40 == 0).then(|| "\"r1\"".to_owned());
    let decision = decision(verb, &fresh.native_id);
    let done = backend.push(wire, &decision, &fresh);
    match &done {
        Ok(receipt) => {
            assert_eq!(receipt.now.native_id, decision.native_id);
            assert_eq!(receipt.now.status, Some(verb.wanted()));
        }
        Err(Fault::Conflict { theirs } | Fault::Unconfirmed { theirs }) => {
            assert_eq!(theirs.native_id, decision.native_id);
        }
        Err(_) => {}
    }
    told(&done)
}

/// A walk moves on, and what a page says it covers is what it holds.
fn goes_on(page: &Page, from: &Cursor) {
    assert_ne!(page.next.as_ref(), Some(from));
    if let (Some(Cursor::Offset(next)), Cursor::Offset(at)) = (&page.next, from) {
        assert!(next > at);
    }
    for item in &page.items {
        assert!(item.native_id().is_none_or(|id| !id.0.is_empty()));
    }
    if let Some(covers) = page.covers {
        assert!(covers.id_min <= covers.id_max && !page.items.is_empty());
    }
}

fn of_whom(sight: &Sight) -> Option<&NativeId> {
    match sight {
        Sight::Here(here) => Some(&here.native_id),
        Sight::Unreadable(here) => here.native_id.as_ref(),
        Sight::Missing(id) | Sight::Gone(id) | Sight::Denied { native_id: id, .. } => Some(id),
    }
}

/// The secret goes to the site's own origin, in its header and nowhere else; nothing is asked for that cannot be undone.
fn stays_home(request: &Request, which: domain::Backend) {
    assert!(request.url.starts_with("https://gazette.example/"), "{}", request.url);
    assert!(!request.url.contains('@'), "{}", request.url);
    let header =
        |name: &str| request.headers.iter().find(|(told, _)| told == name).map(|(_, value)| value.as_str());
    let open = if which == domain::Backend::Cmh { "/.well-known/" } else { "/xmlrpc.php" };
    assert!(header("authorization").is_some() || request.url.contains(open), "{}", request.url);
    assert_ne!(header("if-match"), Some("*"));
    assert!(request.method != Method::Delete || !request.url.contains("force"), "{}", request.url);
    let body = String::from_utf8_lossy(&request.body);
    assert!(!body.contains("trash"), "{body}");
    let writes_comment = request.method == Method::Post && request.url.contains("/wp/v2/comments/");
    assert!(!writes_comment || request.without_agent, "the reader's agent would be written over");
}

fn told<T: std::fmt::Debug>(result: &Result<T, Fault>) -> String {
    if let Err(fault) = result {
        let why = fault.to_string();
        assert!(why.len() <= WHY_MAX, "{} bytes of {why}", why.len());
    }
    format!("{result:?}")
}

fn asked(choice: u8, by_offset: bool) -> (Queue, Cursor) {
    let order = if choice & 1 == 0 { Order::Oldest } else { Order::Newest };
    let mut queue = Queue::pending(order);
    queue.page_size = [100, 12, 2, 1][usize::from(choice / 2 % 4)];
    queue.reported = choice & 0x10 != 0 && !by_offset;
    queue.article = (choice & 0x20 != 0).then(|| ArticleKey("12".to_owned()));
    let cursor = match (choice & 0x40 != 0, by_offset) {
        (false, _) => Cursor::Start,
        (true, true) => Cursor::Offset(200),
        (true, false) => Cursor::Token("p2".to_owned()),
    };
    (queue, cursor)
}

fn site(backend: domain::Backend) -> Site {
    Site {
        id: SiteId(1),
        slug: "gazette".to_owned(),
        name: String::new(),
        backend,
        base: BASE.to_owned(),
        account: "mona".to_owned(),
        order: Order::Oldest,
        hold_secs: 5,
    }
}

fn decision(verb: Verb, of: &NativeId) -> Decision {
    Decision {
        id: DecisionId(1),
        batch: BatchId(1),
        site: SiteId(1),
        comment: CommentId(1),
        native_id: of.clone(),
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
        key: "k1".to_owned(),
    }
}

/// Gives the input's answers in turn, then hangs up.
struct Wire {
    answers: Mutex<VecDeque<Response>>,
    asked: Mutex<Vec<Request>>,
    /// Bytes of a stream handed over at once.
    piece: usize,
}

impl Wire {
    fn new(bytes: &[u8], piece: usize) -> Self {
        let answers = bytes.split(|&byte| byte == PART).map(answer).collect();
        Self { answers: Mutex::new(answers), asked: Mutex::default(), piece }
    }

    fn each(&self, check: impl Fn(&Request)) {
        if let Ok(asked) = self.asked.lock() {
            asked.iter().for_each(check);
        }
    }

    fn next(&self, request: Request) -> Result<Response, Broken> {
        let (Ok(mut answers), Ok(mut asked)) = (self.answers.lock(), self.asked.lock()) else {
            panic!("an earlier call broke off")
        };
        asked.push(request);
        assert!(asked.len() <= REQUESTS_MAX, "one call asks without end");
        answers.pop_front().ok_or_else(|| Broken::NoAnswer("hung up".to_owned()))
    }
}

impl Transport for Wire {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        self.next(request)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        let mut answer = self.next(request)?;
        if answer.status == 200 {
            let body = std::mem::take(&mut answer.body);
            body.chunks(self.piece).all(sink);
        }
        Ok(answer)
    }
}

/// A status by its first byte, headers to the first empty line, the rest is its body.
fn answer(bytes: &[u8]) -> Response {
    let Some((&status, rest)) = bytes.split_first() else {
        return Response { status: 200, headers: Vec::new(), body: Vec::new() };
    };
    let status = STATUSES[usize::from(status) % STATUSES.len()];
    let (head, body) = match rest.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (&rest[..at], &rest[at + 2..]),
        None => (&b""[..], rest),
    };
    let head = String::from_utf8_lossy(head);
    let headers = head.lines().filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    Response { status, headers: headers.collect(), body: body.to_vec() }
}
