//! A WordPress on loopback that answers with what a real 6.5.5 answered: its recorded comments, articles and refusals under
//! `tests/fixtures/wordpress`, and the statuses that decisions have given them.

use super::message::{Asked, Told, read_request};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Comments served: those whose reader's address WordPress knows.
const COMMENTS: usize = 6;

/// One change that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub id: u64,
    pub status: String,
}

struct World {
    comments: Vec<Value>,
    article: Value,
    done: Vec<Done>,
}

pub struct WordPress {
    world: Arc<Mutex<World>>,
    pub address: SocketAddr,
}

/// What was recorded, body and headers.
fn recorded(name: &str) -> Value {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wordpress");
    let text = std::fs::read_to_string(file.join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The recorded body as text.
pub fn body(name: &str) -> String {
    recorded(name)["body"].as_str().unwrap().to_owned()
}

fn list(name: &str) -> Vec<Value> {
    serde_json::from_str(&body(name)).unwrap()
}

impl WordPress {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let known =
            |comment: &Value| comment["author_ip"].as_str().unwrap().parse::<std::net::IpAddr>().is_ok();
        let mut comments: Vec<Value> = list("pull-1").into_iter().filter(known).take(COMMENTS).collect();
        // One of them replies to the first, so that there is a thread.
        comments[2]["parent"] = comments[0]["id"].clone();
        let world = World { comments, article: list("articles-1").remove(0), done: Vec::new() };
        let world = Arc::new(Mutex::new(world));
        let serving = Arc::clone(&world);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(asked) = read_request(&mut stream) else { continue };
                let told = lock(&serving).answer(&asked);
                let _ = told.write(&mut stream);
            }
        });
        Self { world, address }
    }

    pub fn done(&self) -> Vec<Done> {
        lock(&self.world).done.clone()
    }

    pub fn status_of(&self, id: u64) -> String {
        let world = lock(&self.world);
        let found = world.comments.iter().find(|comment| comment["id"] == id).unwrap();
        found["status"].as_str().unwrap().to_owned()
    }

    pub fn pending(&self) -> usize {
        lock(&self.world).comments.iter().filter(|comment| comment["status"] == "hold").count()
    }
}

fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listed(items: Vec<Value>) -> Told {
    let total = items.len().to_string();
    Told::json(200, &Value::from(items).to_string()).with("x-wp-total", &total).with("x-wp-totalpages", "1")
}

impl World {
    fn answer(&mut self, asked: &Asked) -> Told {
        let path = asked.path_only().trim_start_matches("/wp-json");
        match path {
            "/" | "" if asked.path.starts_with("/wp-json") => Told::json(200, &body("identify-2")),
            "/" => Told::page(200, "Harbour Gazette").with("link", "</wp-json/>; rel=\"https://api.w.org/\""),
            "/wp/v2/users/me" => Told::json(200, &body("identify-1")),
            "/xmlrpc.php" => Told::json(200, &body("identify-3")).with("content-type", "text/xml"),
            "/wp/v2/comments" => self.comments(asked),
            "/wp/v2/posts" => self.articles(asked),
            "/wp/v2/pages" => listed(Vec::new()),
            "/wp/v2/users" => listed(vec![json!({"id": 1, "name": "Ana Author"})]),
            _ => match path.strip_prefix("/wp/v2/comments/").and_then(|id| id.parse().ok()) {
                Some(id) => self.one(asked, id),
                None => {
                    Told::json(404, r#"{"code":"rest_no_route","message":"No route","data":{"status":404}}"#)
                }
            },
        }
    }

    fn comments(&self, asked: &Asked) -> Told {
        let status = asked.parameter("status").unwrap_or_default();
        let status = if status == "approve" { "approved".to_owned() } else { status };
        let named = asked.parameter("include");
        let named: Option<Vec<u64>> =
            named.map(|ids| ids.split(',').filter_map(|id| id.parse().ok()).collect());
        if asked.parameter("author_email").is_some() {
            return Told::json(200, &body("author-1")).with("x-wp-total", "1");
        }
        let parents = asked.parameter("parent");
        let parents: Option<Vec<u64>> =
            parents.map(|ids| ids.split(',').filter_map(|id| id.parse().ok()).collect());
        let fits = |comment: &&Value| {
            let id = comment["id"].as_u64().unwrap();
            (status == "any" || comment["status"] == status)
                && named.as_ref().is_none_or(|ids| ids.contains(&id))
                && parents.as_ref().is_none_or(|ids| ids.contains(&comment["parent"].as_u64().unwrap()))
        };
        let mut found: Vec<Value> = self.comments.iter().filter(fits).cloned().collect();
        if asked.parameter("order").as_deref() == Some("desc") {
            found.reverse();
        }
        let offset: usize = asked.parameter("offset").and_then(|offset| offset.parse().ok()).unwrap_or(0);
        let total = found.len().to_string();
        listed(found.into_iter().skip(offset).collect()).with("x-wp-total", &total)
    }

    /// Every article that is asked for is the recorded one under that number.
    fn articles(&self, asked: &Asked) -> Told {
        let ids = asked.parameter("include").unwrap_or_default();
        let ids = ids.split(',').filter_map(|id| id.parse::<u64>().ok());
        listed(
            ids.map(|id| {
                let mut article = self.article.clone();
                article["id"] = id.into();
                article
            })
            .collect(),
        )
    }

    fn one(&mut self, asked: &Asked, id: u64) -> Told {
        let Some(comment) = self.comments.iter_mut().find(|comment| comment["id"] == id) else {
            return Told::json(404, &body("look-gone-2"));
        };
        let wanted = match asked.method.as_str() {
            "DELETE" => "trash".to_owned(),
            "POST" => {
                let told: Value = serde_json::from_slice(&asked.body).unwrap();
                told["status"].as_str().unwrap().to_owned()
            }
            _ => return Told::json(200, &comment.to_string()),
        };
        let wanted = if wanted == "approve" { "approved".to_owned() } else { wanted };
        comment["status"] = wanted.clone().into();
        let told = Told::json(200, &comment.to_string());
        self.done.push(Done { id, status: wanted });
        told
    }
}
