//! Every answer of the demo site is what the public specification says: driven over real HTTP, error answers
//! too.

mod spec;

use greenroom::demo::{Demo, Mischief, Moderator, Options, SECOND_MODERATOR, Status};
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use spec::Of;
use std::io::Read as _;
use std::time::Duration;

struct Site {
    demo: Demo,
    client: Client,
    key: std::cell::Cell<u32>,
}

struct Got {
    status: u16,
    headers: Vec<(String, String)>,
    body: Value,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }
}

impl Site {
    fn open(comments: usize) -> Self {
        let options =
            Options { comments, rate_per_min: 0.0, mischief: Mischief::none(), ..Options::default() };
        Self { demo: Demo::start(options).unwrap(), client: Client::new(), key: std::cell::Cell::new(0) }
    }

    /// Sends a request and has the answer judged. `path` starts below the base.
    fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Got {
        let url = if path.starts_with("/.well") {
            format!("{}{path}", self.demo.origin())
        } else {
            format!("{}{path}", self.demo.base())
        };
        let mut request = self.client.request(method.clone(), &url);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.bearer_auth(self.demo.token());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        let answer = request.send().unwrap();
        let status = answer.status().as_u16();
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(n, v)| (n.as_str().to_owned(), v.to_str().unwrap().to_owned()))
            .collect();
        let bytes = answer.bytes().unwrap();
        let path = url.strip_prefix(&self.demo.origin()).unwrap();
        spec::check_answer(Of::Demo, method.as_str(), path, status, &headers, &bytes).unwrap();
        Got { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    fn get(&self, path: &str) -> Got {
        self.send(Method::GET, path, &[], None)
    }

    fn decide(&self, id: &str, etag: &str, key: &str, body: &Value) -> Got {
        let key = format!("\"{key}\"");
        let headers = [("if-match", etag), ("idempotency-key", &key), ("content-type", "application/json")];
        self.send(Method::POST, &format!("/comments/{id}/decisions"), &headers, Some(&body.to_string()))
    }

    fn act(&self, id: &str, action: &str) -> Got {
        let etag = self.get(&format!("/comments/{id}")).header("etag").to_owned();
        self.key.set(self.key.get() + 1);
        self.decide(id, &etag, &format!("act-{}", self.key.get()), &json!({"action": action}))
    }

    fn pending(&self, number: usize) -> String {
        self.demo.with_world(|world| world.pending_ids()[number].clone())
    }
}

#[test]
fn what_can_be_read_is_as_specified() {
    let site = Site::open(150);
    assert_eq!(site.get("/.well-known/comment-moderation").body["base"], site.demo.base());
    assert_eq!(site.get("/").body["counts"]["pending"], 150);
    assert_eq!(site.get("").status, 200);
    let mut seen = std::collections::HashSet::new();
    for status in ["pending", "approved", "rejected", "spam", "deleted"] {
        let mut path = format!("/comments?status={status}&limit=60");
        loop {
            let page = site.get(&path);
            for item in page.body["items"].as_array().unwrap() {
                assert_eq!(item["status"], status);
                assert!(seen.insert(item["id"].clone()), "told twice");
            }
            let Some(next) = page.body["next"].as_str() else { break };
            assert!(page.header("link").contains("rel=\"next\""));
            path = format!("/comments?status={status}&limit=60&cursor={next}");
        }
    }
    assert_eq!(seen.len(), site.demo.with_world(|world| world.comments().len()));
    for id in site.demo.with_world(|w| w.comments().iter().map(|c| c.id.clone()).collect::<Vec<_>>()) {
        let thread = site.get(&format!("/comments/{id}/thread"));
        assert_eq!(thread.status, 200);
        let item = site.get(&format!("/comments/{id}"));
        assert_eq!(item.header("etag"), item.body["etag"].as_str().unwrap());
    }
    let item = &site.get("/comments?order=newest&limit=1").body["items"][0];
    let (author, article) =
        (item["attributedTo"]["id"].as_str().unwrap(), item["article"]["id"].as_str().unwrap());
    assert_eq!(site.get(&format!("/articles/{article}")).status, 200);
    assert_eq!(site.get(&format!("/authors/{author}")).status, 200);
    assert!(site.get(&format!("/authors/{author}/comments")).body["total"].as_u64().unwrap() > 0);
    assert!(
        site.get(&format!("/comments?article={article}&author={author}")).body["total"].as_u64().unwrap() > 0
    );
}

#[test]
fn an_unchanged_list_costs_nothing() {
    let site = Site::open(20);
    let page = site.get("/comments?status=pending");
    let tag = page.header("etag").to_owned();
    let same = site.send(Method::GET, "/comments?status=pending", &[("if-none-match", &tag)], None);
    assert_eq!(same.status, 304);
    let id = site.pending(3);
    site.demo.with_world(|world| world.approve_as(SECOND_MODERATOR, &id));
    let other = site.send(Method::GET, "/comments?status=pending", &[("if-none-match", &tag)], None);
    assert_eq!((other.status, &other.body["total"]), (200, &json!(19)));
}

#[test]
fn a_page_never_skips_or_repeats_while_others_decide() {
    let site = Site::open(60);
    let before = site.demo.with_world(|world| world.pending_ids());
    let first = site.get("/comments?status=pending&limit=20");
    let told: Vec<String> = ids(&first.body);
    site.demo.with_world(|world| {
        for id in told.iter().take(10).chain(&before[30..35]) {
            assert!(world.approve_as(SECOND_MODERATOR, id));
        }
    });
    let next = first.body["next"].as_str().unwrap();
    let rest = site.get(&format!("/comments?status=pending&limit=100&cursor={next}"));
    let mut wanted = before[20..].to_vec();
    wanted.retain(|id| !before[30..35].contains(id));
    assert_eq!(ids(&rest.body), wanted);
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn errors_are_problems() {
    let site = Site::open(10);
    let nobody = site.send(Method::GET, "/", &[("authorization", "Bearer wrong")], None);
    assert_eq!(nobody.code(), (401, "unauthorized"));
    assert!(nobody.header("www-authenticate").contains("invalid_token"));
    for path in [
        "/comments?status=odd",
        "/comments?limit=0",
        "/comments?limit=x",
        "/comments?cursor=zz",
        "/comments?order=up",
        "/comments?reported=maybe",
        "/changes?since=zz",
    ] {
        assert_eq!(site.get(path).code(), (400, "bad-query"), "{path}");
    }
    for path in ["/comments/c1", "/comments/c1/thread", "/articles/none", "/authors/none", "/nothing"] {
        assert_eq!(site.get(path).code(), (404, "not-found"), "{path}");
    }
    assert_eq!(site.send(Method::DELETE, "/comments", &[], None).header("allow"), "GET");
    assert_eq!(site.send(Method::GET, "/comments/c1/decisions", &[], None).header("allow"), "POST");
    let (id, other) = (site.pending(0), site.pending(1));
    site.demo.with_world(|world| world.delete(&other));
    assert_eq!(site.get(&format!("/comments/{other}")).code(), (410, "gone"));
    assert_eq!(site.decide(&other, "\"r1.s0\"", "k1", &json!({"action": "approve"})).code(), (410, "gone"));
    assert_eq!(
        site.decide("c1", "\"r1.s0\"", "k1", &json!({"action": "approve"})).code(),
        (404, "not-found")
    );
    for body in [
        json!({"action": "delete"}),
        json!({"action": "reject", "reason": {"code": "mood"}}),
        json!({"action": "reject", "reason": {"code": "other", "text": " "}}),
        json!({"action": "dismiss_reports"}),
    ] {
        assert_eq!(site.decide(&id, "\"r1.s0\"", "k2", &body).code(), (422, "invalid"), "{body}");
    }
    let post = |headers: &[(&str, &str)], body: &str| {
        site.send(Method::POST, &format!("/comments/{id}/decisions"), headers, Some(body))
    };
    let json = ("content-type", "application/json");
    let approve = r#"{"action":"approve"}"#;
    assert_eq!(post(&[json, ("if-match", "\"r1.s0\"")], approve).code(), (400, "key-missing"));
    assert_eq!(post(&[json, ("idempotency-key", "bare")], approve).code(), (400, "key-malformed"));
    assert_eq!(post(&[json, ("idempotency-key", "\"k3\"")], approve).code(), (428, "if-match-missing"));
    assert_eq!(post(&[json, ("idempotency-key", "\"k3\"")], "{").code(), (400, "malformed"));
    assert_eq!(post(&[("idempotency-key", "\"k3\"")], approve).code(), (415, "media-type"));
    assert_eq!(post(&[json], &"x".repeat(70_000)).code(), (413, "too-large"));
    assert_eq!(post(&[json], &"x".repeat(700_000)).code(), (413, "too-large"));
    site.demo.with_world(|world| world.fail_for(30));
    let down = site.get("/comments");
    assert_eq!(down.code(), (503, "unavailable"));
    assert!(down.body["retryable"].as_bool().unwrap());
    site.demo.with_world(|world| world.throttle_for(30));
    assert_eq!(site.get("/comments").code(), (429, "throttled"));
}

#[test]
fn decisions_follow_the_table() {
    let site = Site::open(30);
    let id = site.pending(0);
    for (action, status) in
        [("approve", "approved"), ("reject", "rejected"), ("spam", "spam"), ("restore", "pending")]
    {
        let done = site.act(&id, action);
        assert_eq!((done.status, done.body["comment"]["status"].as_str()), (201, Some(status)), "{action}");
        assert_eq!(done.header("etag"), done.body["comment"]["etag"].as_str().unwrap());
        assert_eq!(site.act(&id, action).body["outcome"], "already");
    }
    let key = site.demo.with_world(|world| world.decisions().last().unwrap().key.clone()).unwrap();
    assert_eq!(site.get(&format!("/comments/{id}")).body["last_decision"]["key"], json!(key));
}

#[test]
fn a_repeat_is_given_the_first_answer_and_errors_are_not_kept() {
    let site = Site::open(10);
    let (id, etag, approve) = (site.pending(0), "\"r1.s0\"", json!({"action": "approve"}));
    let wrong = site.decide(&id, etag, "k", &json!({"action": "fly"}));
    assert_eq!(wrong.status, 422);
    let first = site.decide(&id, etag, "k", &approve);
    let second = site.decide(&id, etag, "k", &approve);
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(site.demo.with_world(|world| world.decisions().len()), 1);
    assert_eq!(site.decide(&id, "\"r1.s1\"", "k", &approve).code(), (422, "key-reused"));
    assert_eq!(site.decide(&id, etag, "k", &json!({"action": "spam"})).code(), (422, "key-reused"));
}

#[test]
fn what_was_not_seen_is_not_overwritten() {
    let site = Site::open(10);
    let [same, other, edited, forced, both] = [0, 1, 2, 3, 4].map(|n| site.pending(n));
    site.demo.with_world(|world| {
        assert!(world.approve_as(SECOND_MODERATOR, &same));
        assert!(world.approve_as(SECOND_MODERATOR, &other));
        assert!(world.edit(&edited, "Other words"));
        assert!(world.edit(&forced, "Other words"));
        assert!(world.edit(&both, "Other words"));
        assert!(world.approve_as(SECOND_MODERATOR, &both));
    });
    let base = "\"r1.s0\"";
    let agreed = site.decide(&same, base, "a", &json!({"action": "approve"}));
    assert_eq!((agreed.status, agreed.body["outcome"].as_str()), (200, Some("already")));
    assert_eq!(agreed.body["last_decision"]["by"], SECOND_MODERATOR);
    let late = site.decide(&other, base, "b", &json!({"action": "reject"}));
    assert_eq!(late.code(), (412, "superseded"));
    assert_eq!(late.body["current"]["status"], "approved");
    let unread = site.decide(&edited, base, "c", &json!({"action": "approve"}));
    assert_eq!(unread.code(), (412, "edited"));
    assert_eq!(unread.body["current"]["body"]["source"], "Other words");
    // They agree on the status, but not on words that only one of them has read.
    let agreed = site.decide(&both, base, "e", &json!({"action": "approve"}));
    assert_eq!(agreed.code(), (412, "edited"));
    assert_eq!(agreed.body["last_decision"]["by"], SECOND_MODERATOR);
    assert_eq!(site.decide(&forced, "*", "d", &json!({"action": "approve"})).status, 201);
    let stands = |id: &str| site.demo.with_world(|world| world.status_of(id));
    assert_eq!(stands(&other), Some(Status::Approved));
    assert_eq!(stands(&edited), Some(Status::Pending));
}

#[test]
fn reports_are_dismissed_only_as_far_as_they_were_seen() {
    let site = Site::open(10);
    let id = site.pending(0);
    site.act(&id, "approve");
    let etag = site.get(&format!("/comments/{id}")).header("etag").to_owned();
    let nothing = site.decide(&id, &etag, "r0", &json!({"action": "dismiss_reports", "reports_seen": 0}));
    assert_eq!(nothing.body["outcome"], "already");
    site.demo.with_world(|world| {
        world.report(&id, "insult", "Rude", "Ann");
        world.report(&id, "hate", "Worse", "Bob");
    });
    let now = site.get(&format!("/comments/{id}"));
    assert_eq!((now.header("etag"), &now.body["reports"]["total"]), (etag.as_str(), &json!(2)));
    let early = site.decide(&id, &etag, "r1", &json!({"action": "dismiss_reports", "reports_seen": 1}));
    assert_eq!(early.code(), (412, "reports-changed"));
    let done = site.decide(&id, &etag, "r2", &json!({"action": "dismiss_reports", "reports_seen": 2}));
    assert_eq!((done.status, &done.body["comment"]["reports"]["total"]), (201, &json!(0)));
    site.demo.with_world(|world| world.report(&id, "hate", "Again", "Bob"));
    let kept = site.act(&id, "approve");
    assert_eq!((kept.status, &kept.body["comment"]["reports"]["total"]), (201, &json!(0)));
}

#[test]
fn a_moderator_answers_what_readers_see() {
    let site = Site::open(10);
    let id = site.pending(0);
    let reply = |key: &str, body: &Value| {
        let headers = [("idempotency-key", key), ("content-type", "application/json")];
        site.send(Method::POST, &format!("/comments/{id}/replies"), &headers, Some(&body.to_string()))
    };
    let words = json!({"body": {"format": "plain", "text": "Thank you, corrected."}});
    assert_eq!(reply("\"a\"", &words).code(), (409, "not-allowed"));
    site.act(&id, "approve");
    let told = reply("\"a\"", &words);
    assert_eq!((told.status, told.body["inReplyTo"]["id"].as_str()), (201, Some(id.as_str())));
    assert_eq!(reply("\"a\"", &words).body, told.body);
    assert_eq!(reply("\"b\"", &json!({"body": {"format": "rtf", "text": "x"}})).status, 422);
    assert!(told.header("location").ends_with(told.body["id"].as_str().unwrap()));
    assert!(
        ids(&json!({"items": site.get(&format!("/comments/{id}/thread")).body["replies"]}))
            .contains(&told.body["id"].as_str().unwrap().to_owned())
    );
}

#[test]
fn a_token_does_only_what_it_may() {
    let site = Site::open(10);
    let reader = Moderator { id: "m9".into(), name: "Trainee".into(), writes: false, sees_private: false };
    site.demo.with_world(|world| world.admit("trainee", reader));
    let id = site.pending(0);
    let auth = ("authorization", "Bearer trainee");
    let session = site.send(Method::GET, "/", &[auth], None);
    assert_eq!(session.body["actions"], json!([]));
    let seen = site.send(Method::GET, &format!("/comments/{id}"), &[auth], None);
    assert_eq!(seen.body["attributedTo"].get("email"), None);
    assert!(site.get(&format!("/comments/{id}")).body["attributedTo"]["email"].is_string());
    let headers =
        [auth, ("idempotency-key", "\"k\""), ("if-match", "\"r1.s0\""), ("content-type", "application/json")];
    let path = format!("/comments/{id}/decisions");
    assert_eq!(site.send(Method::POST, &path, &headers, Some("{\"action\":\"approve\"}")).status, 403);
}

#[test]
fn changes_are_told_in_order_by_poll_and_by_stream() {
    let site = Site::open(10);
    let start = site.get("/").body["cursor"].as_str().unwrap().to_owned();
    let [a, b, c] = [0, 1, 2].map(|n| site.pending(n));
    site.act(&a, "approve");
    site.demo.with_world(|world| {
        world.edit(&b, "New words");
        world.report(&a, "hate", "", "Ann");
        world.delete(&c);
    });
    let told = site.get(&format!("/changes?since={start}"));
    let kinds: Vec<&str> =
        told.body["events"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["status", "edited", "reported", "deleted"]);
    let second = told.body["events"][1]["cursor"].as_str().unwrap();
    assert_eq!(site.get(&format!("/changes?since={second}")).body["events"].as_array().unwrap().len(), 2);

    let stream = site
        .client
        .get(format!("{}/changes", site.demo.base()))
        .bearer_auth(site.demo.token())
        .header("accept", "text/event-stream")
        .header("last-event-id", second);
    let mut stream = stream.send().unwrap();
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    while bytes.windows(6).filter(|w| w == b"event:").count() < 2 {
        let count = stream.read(&mut piece).unwrap();
        bytes.extend_from_slice(&piece[..count]);
    }
    site.demo.with_world(|world| world.approve_as(SECOND_MODERATOR, &b));
    while !String::from_utf8_lossy(&bytes).contains("Bo Lindqvist") {
        let count = stream.read(&mut piece).unwrap();
        bytes.extend_from_slice(&piece[..count]);
    }
    assert!(bytes.starts_with(b"retry: 3000\n\n"));
    spec::check_events(Of::Demo, &bytes).unwrap();
    site.demo.with_world(|world| world.expire_feed());
    assert_eq!(site.get(&format!("/changes?since={start}")).code(), (410, "cursor-expired"));
    assert_eq!(site.get("/changes?since=w1-1").code(), (410, "cursor-expired"));
}

#[test]
fn a_long_poll_ends_when_something_happens_and_when_nothing_does() {
    let site = Site::open(10);
    let silent = site.send(Method::GET, "/changes", &[("prefer", "wait=1")], None);
    assert_eq!(silent.body["events"], json!([]));
    assert_eq!(silent.header("preference-applied"), "wait=1");
    let id = site.pending(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(200));
            site.demo.with_world(|world| world.approve_as(SECOND_MODERATOR, &id));
        });
        let waited = Client::new()
            .get(format!("{}/changes", site.demo.base()))
            .bearer_auth(site.demo.token())
            .header("prefer", "wait=30")
            .timeout(Duration::from_secs(10))
            .send()
            .unwrap();
        let body: Value = serde_json::from_str(&waited.text().unwrap()).unwrap();
        assert_eq!(body["events"][0]["by"], SECOND_MODERATOR);
    });
}

#[test]
fn a_member_too_many_and_one_too_few_are_both_caught() {
    let site = Site::open(10);
    let page = site.get("/comments?limit=2").body;
    let judge = |body: &Value| {
        let headers = [
            ("content-type", "application/json"),
            ("etag", "\"l1\""),
            ("cache-control", "private, no-cache"),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()));
        let body = body.to_string();
        spec::check_answer(Of::Demo, "GET", "/api/mod/comments", 200, &headers, body.as_bytes())
    };
    judge(&page).unwrap();
    for place in ["", "/items/0", "/items/0/attributedTo", "/items/0/body", "/items/1/reports"] {
        let mut extra = page.clone();
        extra.pointer_mut(place).unwrap()["surplus"] = json!(1);
        assert!(judge(&extra).unwrap_err().contains("surplus"), "{place}");
        let members: Vec<String> =
            page.pointer(place).unwrap().as_object().unwrap().keys().cloned().collect();
        for member in members.iter().filter(|m| !matches!(m.as_str(), "email" | "ip")) {
            let mut fewer = page.clone();
            fewer.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(member);
            assert!(judge(&fewer).unwrap_err().contains(member), "{place}/{member}");
        }
    }
    let mut gone = site.get("/articles/none").body;
    gone["surplus"] = json!(1);
    assert!(spec::check_value(Of::Demo, "/components/schemas/NotFound", &gone).is_err());
}

#[test]
fn a_site_with_more_abilities_than_the_demo_keeps_to_the_document_too() {
    let site = Site::open(10);
    let comment = &site.get("/comments?limit=1").body["items"][0];
    let start = site.get("/").body["cursor"].as_str().unwrap().to_owned();
    site.act(&site.pending(0), "approve");
    let event = &site.get(&format!("/changes?since={start}")).body["events"][0];
    let author = site.get(&format!("/authors/{}", comment["attributedTo"]["id"].as_str().unwrap())).body;
    let ban = json!({"kind": "ban", "until": null, "reason": "Spam", "hide_existing": true});
    for (schema, told, place, more) in [
        ("Session", &site.get("/").body, "/capabilities/0", json!("claims")),
        ("Session", &site.get("/").body, "/capabilities/0", json!("telepathy")),
        ("Session", &site.get("/").body, "/statuses/0", json!("quarantined")),
        ("Session", &site.get("/").body, "/actions/0", json!("delete")),
        ("Session", &site.get("/").body, "/actions/0", json!("pin")),
        ("Comment", comment, "/actions/0", json!("delete")),
        ("Comment", comment, "/status", json!("quarantined")),
        ("Comment", comment, "/body/format", json!("bbcode")),
        ("Comment", comment, "/claimed_by", json!("Mona")),
        ("Comment", comment, "/attributedTo/sanction", ban.clone()),
        ("Comment", comment, "/mood", json!("sour")),
        ("Author", &author, "/sanction", ban),
        ("Event", event, "/kind", json!("claim")),
    ] {
        let schema = format!("/components/schemas/{schema}");
        let (within, member) = place.rsplit_once('/').unwrap();
        spec::check_value(Of::Demo, &schema, told).unwrap();
        let mut told = told.clone();
        match told.pointer_mut(within).unwrap() {
            Value::Array(list) => list.push(more),
            inner => inner[member] = more,
        }
        spec::check_value(Of::AnySite, &schema, &told).unwrap();
        assert!(spec::check_value(Of::Demo, &schema, &told).is_err(), "the demo would not say {place}");
    }
    let thin = json!({"cursor": "w1-1", "at": "2026-11-23T20:05:00Z", "kind": "sanction"});
    spec::check_value(Of::AnySite, "/components/schemas/Event", &thin).unwrap();
    let mut fewer = comment.clone();
    fewer.as_object_mut().unwrap().remove("etag");
    assert!(spec::check_value(Of::AnySite, "/components/schemas/Comment", &fewer).is_err());
}
