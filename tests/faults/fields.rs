//! Every member of every answer, one at a time: left out, null, and of each other type. Nothing panics, every fault has its
//! words, and a bad comment never costs its page.

use super::desk::Site;
use super::proxy::Dialect;
use greenroom::backend::{self, Backend, Fault, Secret};
use greenroom::domain::{
    self, ArticleKey, AuthorKey, BatchId, CommentId, Cursor, Decision, DecisionId, Item, NativeId, Observed,
    Order, Queue, RevisionId, SiteId, Status, Verb,
};
use greenroom::net::http::Http;
use greenroom::net::{Broken, Request, Response, Transport};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// What is put in a member's place; `None` leaves it out.
fn changes() -> [Option<Value>; 7] {
    [
        None,
        Some(Value::Null),
        Some(json!(-7)),
        Some(json!(1e300)),
        Some(json!("7x")),
        Some(json!([[]])),
        Some(json!({"a": {"b": null}})),
    ]
}

/// Real HTTP with one member of every answer changed, and the members that answers had.
struct Bent {
    http: Http,
    at: Mutex<Option<(String, Option<Value>)>>,
    members: Mutex<BTreeSet<String>>,
}

impl Transport for Bent {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let mut answer = self.http.send(request)?;
        let Ok(mut told) = serde_json::from_slice::<Value>(&answer.body) else { return Ok(answer) };
        members(&told, "", &mut self.members.lock().unwrap());
        if let Some((pointer, change)) = &*self.at.lock().unwrap() {
            bend(&mut told, pointer, change.as_ref());
            answer.body = told.to_string().into_bytes();
        }
        Ok(answer)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        self.http.stream(request, sink)
    }
}

/// Where everything in an answer is; of a list, its first element.
fn members(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    found.insert(at.to_owned());
    match value {
        Value::Object(inside) => inside.iter().for_each(|(name, member)| {
            members(member, &format!("{at}/{}", name.replace('/', "~1")), found);
        }),
        Value::Array(items) => {
            if let Some(first) = items.first() {
                members(first, &format!("{at}/0"), found);
            }
        }
        _ => {}
    }
}

fn bend(told: &mut Value, pointer: &str, change: Option<&Value>) {
    let Some(change) = change else {
        let (above, name) = pointer.rsplit_once('/').unwrap_or_default();
        if let Some(Value::Object(members)) = told.pointer_mut(above) {
            members.remove(&name.replace("~1", "/"));
        }
        return;
    };
    if let Some(member) = told.pointer_mut(pointer) {
        *member = change.clone();
    }
}

fn decision(id: &NativeId) -> Decision {
    Decision {
        id: DecisionId(1),
        batch: BatchId(1),
        site: SiteId(1),
        comment: CommentId(1),
        native_id: id.clone(),
        verb: Verb::Approve,
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
        key: "k".to_owned(),
    }
}

/// What a call brought: how many items, where it brings some.
type Brought = Result<Option<usize>, Fault>;

struct Asker<'a> {
    backend: &'a dyn Backend,
    wire: &'a Bent,
    first: Observed,
    second: NativeId,
}

impl Asker<'_> {
    fn ask(&self, call: &str) -> Brought {
        let (wire, id) = (self.wire, &self.first.native_id);
        match call {
            "identify" => self.backend.identify(wire).map(|_| None),
            "pull" => {
                let queue = Queue::pending(Order::Oldest);
                self.backend.pull(wire, &queue, &Cursor::Start).map(|page| Some(page.items.len()))
            }
            "look at one" => {
                self.backend.look(wire, std::slice::from_ref(id)).map(|sights| Some(sights.len()))
            }
            "look at two" => {
                let ids = [id.clone(), self.second.clone()];
                self.backend.look(wire, &ids).map(|sights| Some(sights.len()))
            }
            "thread" => self.backend.thread(wire, &self.first).map(|_| None),
            "articles" => {
                let key = self.first.article.as_ref().map_or(ArticleKey("1".to_owned()), |a| a.key.clone());
                self.backend.articles(wire, &[key]).map(|_| None)
            }
            "author" => {
                let key = self.first.author.as_ref().and_then(|author| author.key.clone());
                let key = key.unwrap_or(AuthorKey::Email("reader1@example.test".to_owned()));
                self.backend.author(wire, &key).map(|_| None)
            }
            _ => {
                let fresh = Observed { status: Some(Status::Pending), ..self.first.clone() };
                self.backend.push(wire, &decision(id), &fresh).map(|_| None)
            }
        }
    }
}

const CALLS: [&str; 8] =
    ["identify", "pull", "look at one", "look at two", "thread", "articles", "author", "push"];

fn open(site: &Site) -> Box<dyn Backend> {
    let (kind, base) = match site {
        Site::Cmh(demo) => (domain::Backend::Cmh, demo.base()),
        Site::WordPress(site) => (domain::Backend::WordPress, format!("http://{}/wp-json", site.address)),
    };
    let configured = domain::Site {
        id: SiteId(1),
        slug: "gazette".to_owned(),
        name: String::new(),
        backend: kind,
        base,
        account: "mod1".to_owned(),
        order: Order::Oldest,
        hold_secs: 5,
    };
    backend::open(&configured, Secret::new(site.secret())).unwrap()
}

#[test]
fn no_member_of_any_answer_is_needed_so_much_that_its_loss_is_not_told() {
    for dialect in [Dialect::Cmh, Dialect::WordPress] {
        let site = Site::start(dialect);
        let backend = open(&site);
        let wire = Bent { http: Http::new().unwrap(), at: Mutex::default(), members: Mutex::default() };
        let page = backend.pull(&wire, &Queue::pending(Order::Oldest), &Cursor::Start).unwrap();
        let read: Vec<Observed> = page
            .items
            .into_iter()
            .filter_map(|item| if let Item::Read(here) = item { Some(here) } else { None })
            .collect();
        let asker = Asker {
            backend: &*backend,
            wire: &wire,
            second: read[1].native_id.clone(),
            first: read[0].clone(),
        };
        let mut tried = 0;
        for call in CALLS {
            wire.members.lock().unwrap().clear();
            *wire.at.lock().unwrap() = None;
            let clean = asker.ask(call).unwrap_or_else(|fault| panic!("{dialect:?} {call}: {fault}"));
            let members = wire.members.lock().unwrap().clone();
            assert!(members.len() > 1, "{dialect:?} {call}");
            for pointer in members {
                for change in changes() {
                    *wire.at.lock().unwrap() = Some((pointer.clone(), change.clone()));
                    let place = || format!("{dialect:?} {call} {pointer} {change:?}");
                    tried += 1;
                    match asker.ask(call) {
                        Ok(brought) => {
                            // A member of one comment costs that comment's words, never the page's other rows.
                            let inside = pointer.contains("/0/");
                            assert!(brought == clean || !inside, "{}: {brought:?} of {clean:?}", place());
                        }
                        Err(fault) => {
                            let page_costs = call == "pull" && pointer.contains("/0/");
                            assert!(!page_costs, "{}: {fault}", place());
                            assert!(fault.to_string().len() > 8, "{}: {fault:?}", place());
                        }
                    }
                }
            }
        }
        println!("{dialect:?}: {tried} changed answers");
        assert!(tried > 500, "{dialect:?}: {tried}");
    }
}
