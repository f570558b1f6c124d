//! The running WordPress: its accounts, its own database, and rows put back as they were.

use greenroom::backend::{Backend, Secret, open, wordpress};
use greenroom::domain::{
    self, BatchId, CommentId, Decision, DecisionId, NativeId, Observed, Order, RevisionId, Sight, Site,
    SiteId, Status, Verb,
};
use greenroom::net::http::Http;
use greenroom::net::{Broken, Request, Response, Transport};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, MutexGuard};

/// One server, and tests that change its settings: one at a time.
static ALONE: Mutex<()> = Mutex::new(());

pub struct Server {
    pub address: String,
    pub http: Http,
    _alone: MutexGuard<'static, ()>,
}

/// The server, or `None` after saying so where there is none and none is required.
pub fn server(test: &str) -> Option<Server> {
    let Ok(address) = std::env::var("GREENROOM_WORDPRESS") else {
        let required = std::env::var("GREENROOM_SITES").is_ok_and(|word| word == "require");
        assert!(!required, "GREENROOM_SITES=require, but GREENROOM_WORDPRESS names no server");
        // not `eprintln!`: the test harness would keep it to itself
        let words = "GREENROOM_WORDPRESS names no server (tests/sites/wordpress.sh start)";
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {words}");
        return None;
    };
    let alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    Some(Server { address, http: Http::new().unwrap(), _alone: alone })
}

pub fn script(arguments: &[&str]) -> String {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sites/wordpress.sh");
    let run = Command::new(script).args(arguments).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

/// Asks WordPress's own database; rows of columns.
pub fn sql(query: &str) -> Vec<Vec<String>> {
    script(&["sql", query]).lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

pub fn ids(condition: &str) -> Vec<NativeId> {
    let rows = sql(&format!("SELECT comment_ID FROM wp_comments WHERE {condition} ORDER BY comment_ID"));
    rows.into_iter().map(|row| NativeId(row[0].clone())).collect()
}

/// Sets an option, and puts the old value back at its end.
pub struct Setting {
    name: &'static str,
    before: Option<String>,
}

pub fn option(name: &'static str, value: &str) -> Setting {
    let rows = sql(&format!("SELECT HEX(option_value) FROM wp_options WHERE option_name='{name}'"));
    let before = rows.into_iter().next().map(|row| row.into_iter().next().unwrap_or_default());
    sql(&format!(
        "INSERT INTO wp_options (option_name, option_value, autoload) VALUES ('{name}', '{value}', 'yes') \
         ON DUPLICATE KEY UPDATE option_value='{value}'"
    ));
    Setting { name, before }
}

impl Drop for Setting {
    fn drop(&mut self) {
        match &self.before {
            Some(hex) => sql(&format!(
                "UPDATE wp_options SET option_value=UNHEX('{hex}') WHERE option_name='{}'",
                self.name
            )),
            None => sql(&format!("DELETE FROM wp_options WHERE option_name='{}'", self.name)),
        };
    }
}

/// One comment's row, byte for byte, put back at its end.
pub struct Row {
    pub id: NativeId,
    before: Stored,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub status: String,
    /// Hexadecimal, so that nothing on the way can change a byte unseen.
    pub ip: String,
    pub agent: String,
    pub content: String,
    pub kind: String,
    pub dates: String,
}

pub fn row(id: &NativeId) -> Row {
    Row { id: id.clone(), before: stored(id).unwrap() }
}

pub fn stored(id: &NativeId) -> Option<Stored> {
    let rows = sql(&format!(
        "SELECT comment_approved, HEX(comment_author_IP), HEX(comment_agent), HEX(comment_content), comment_type, \
         CONCAT(comment_date, comment_date_gmt) FROM wp_comments WHERE comment_ID={id}"
    ));
    let [status, ip, agent, content, kind, dates] = rows.into_iter().next()?.try_into().unwrap();
    Some(Stored { status, ip, agent, content, kind, dates })
}

impl Row {
    /// The reader's address and agent are what they were, and the status is this one.
    #[track_caller]
    pub fn is_only_changed_to(&self, status: &str) {
        let now = stored(&self.id).expect("the row is there");
        assert_eq!(now.status, status, "status of {}", self.id);
        assert_eq!(now.ip, self.before.ip, "IP of {} after {status}", self.id);
        assert_eq!(now.agent, self.before.agent, "agent of {} after {status}", self.id);
        assert_eq!(now.dates, self.before.dates, "dates of {} after {status}", self.id);
        assert_eq!(now.kind, self.before.kind, "type of {} after {status}", self.id);
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        let Stored { status, ip, agent, content, kind, dates: _ } = &self.before;
        sql(&format!(
            "UPDATE wp_comments SET comment_approved='{status}', comment_author_IP=UNHEX('{ip}'), \
             comment_agent=UNHEX('{agent}'), comment_content=UNHEX('{content}'), comment_type='{kind}' \
             WHERE comment_ID={id}; \
             DELETE FROM wp_commentmeta WHERE comment_id={id} AND '{status}' <> 'trash'",
            id = self.id
        ));
    }
}

impl Server {
    pub fn base(&self) -> String {
        format!("{}/wp-json", self.address)
    }

    pub fn site(&self, base: &str, login: &str) -> Site {
        Site {
            id: SiteId(1),
            slug: "gazette".to_owned(),
            name: "Harbour Gazette".to_owned(),
            backend: domain::Backend::WordPress,
            base: base.to_owned(),
            account: login.to_owned(),
            order: Order::Oldest,
            hold_secs: 0,
        }
    }

    pub fn backend_with(&self, login: &str, secret: Secret) -> Box<dyn Backend> {
        open(&self.site(&self.base(), login), secret).unwrap()
    }

    pub fn backend(&self, login: &str) -> Box<dyn Backend> {
        self.backend_with(login, password(login))
    }

    pub fn found(&self) -> greenroom::backend::Found {
        wordpress::discover(&self.http, &self.address).unwrap()
    }

    /// The comment as the backend sees it now.
    #[track_caller]
    pub fn here(&self, backend: &dyn Backend, id: &NativeId) -> Observed {
        match backend.look(&self.http, std::slice::from_ref(id)).unwrap().remove(0) {
            Sight::Here(here) => here,
            other => panic!("{id} is {other:?}"),
        }
    }
}

pub fn password(login: &str) -> Secret {
    let creds = std::env::var("GREENROOM_WORDPRESS_CREDS")
        .map_or_else(|_| script(&["creds"]), |file| std::fs::read_to_string(file).unwrap());
    let line = creds.lines().find_map(|line| line.strip_prefix(&format!("{login}:")));
    Secret::new(line.expect("the login is among the credentials"))
}

pub fn decision(id: &NativeId, verb: Verb) -> Decision {
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
        moderator: "Mona Moderator".to_owned(),
        made_at: Default::default(),
        hold_secs: 0,
        base_tag: None,
        reports_seen: None,
        key: "5a1d9a34-6c7e-4c67-9f0c-3a1f0a3f9f55".to_owned(),
    }
}

/// A wire that writes each answer down for the hermetic tests, when told to by `GREENROOM_RECORD`.
pub struct Recording<'a> {
    pub wire: &'a dyn Transport,
    pub name: &'static str,
    pub turn: Mutex<usize>,
}

impl<'a> Recording<'a> {
    pub fn new(wire: &'a dyn Transport, name: &'static str) -> Self {
        Self { wire, name, turn: Mutex::new(0) }
    }
}

/// Headers that mean something to a backend; the rest would only differ from run to run.
const KEPT: [&str; 7] =
    ["content-type", "x-wp-total", "x-wp-totalpages", "link", "retry-after", "allow", "location"];

impl Transport for Recording<'_> {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let asked = format!("{:?} {}", request.method, request.url);
        let answer = self.wire.send(request)?;
        if std::env::var("GREENROOM_RECORD").is_ok() {
            let turn = {
                let mut turn = self.turn.lock().unwrap();
                *turn += 1;
                *turn
            };
            let headers: Vec<_> =
                answer.headers.iter().filter(|(name, _)| KEPT.contains(&name.as_str())).collect();
            let port = asked.split('/').nth(2).unwrap_or_default();
            let text = serde_json::to_string_pretty(&serde_json::json!({
                "asked": asked,
                "status": answer.status,
                "headers": headers,
                "body": String::from_utf8_lossy(&answer.body),
            }));
            let text = text.unwrap().replace(port, "gazette.example").replace("http://", "https://");
            let text = text.replace("http:\\\\/\\\\/", "https:\\\\/\\\\/");
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wordpress");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{}-{turn}.json", self.name)), text + "\n").unwrap();
        }
        Ok(answer)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        self.wire.stream(request, sink)
    }
}
