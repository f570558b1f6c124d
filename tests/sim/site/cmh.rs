//! The site's face in the protocol: what is stale is refused, a request that comes twice is carried out once.

use super::{Comment, Face, Site, Stale, answer, header, query, wanted, word};
use greenroom::domain::Status;
use greenroom::net::{Method, Request, Response};
use serde_json::{Value, json};

impl Site {
    pub(super) fn cmh(&self, request: &Request, path: &str) -> Response {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (request.method, parts.as_slice()) {
            (Method::Get, ["mod"]) => answer(
                200,
                &json!({"me": {"id": "m", "name": "Mona"}, "capabilities": ["thread"],
                        "actions": ["approve", "reject", "spam", "restore"]}),
            ),
            (Method::Get, ["mod", "comments"]) => self.cmh_list(&request.url),
            (Method::Get, ["mod", "comments", id]) => self.cmh_one(id.parse().unwrap()),
            (Method::Post, ["mod", "comments", id, "decisions"]) => {
                self.cmh_decide(request, id.parse().unwrap())
            }
            _ => answer(404, &json!({"type": "about:blank"})),
        }
    }

    fn cmh_list(&self, url: &str) -> Response {
        let query = query(url);
        let state = self.state();
        let asked = query.get("status").map(String::as_str);
        let newest = query.get("order").is_some_and(|order| order == "newest");
        let mut found: Vec<(u64, &Comment)> = state
            .comments
            .iter()
            .filter(|(_, c)| !c.gone && asked.is_none_or(|asked| word(self.face, c.status) == asked))
            .map(|(id, c)| (*id, c))
            .collect();
        if newest {
            found.reverse();
        }
        let total = found.len();
        // A small page, so that a walk has many steps for others to step into.
        let after: Option<u64> = query.get("cursor").map(|cursor| cursor.parse().unwrap());
        let behind = |id: u64| after.is_none_or(|after| if newest { id < after } else { id > after });
        let page: Vec<(u64, &Comment)> = found.into_iter().filter(|(id, _)| behind(*id)).take(4).collect();
        let next = (page.len() == 4).then(|| page.last().unwrap().0.to_string());
        let items: Vec<Value> = page.into_iter().map(cmh_json).collect();
        answer(200, &json!({"items": items, "total": total, "next": next}))
    }

    fn cmh_one(&self, id: u64) -> Response {
        match self.state().comments.get(&id) {
            Some(comment) if !comment.gone => answer(200, &cmh_json((id, comment))),
            _ => answer(410, &json!({"type": "https://cmh.example/problems/gone", "title": "Gone"})),
        }
    }

    fn note_stale(&self, changed_at: u64) {
        let mut state = self.state();
        let how = state.how;
        if let Some(errand) = state.pushing.clone() {
            state.stale.push(Stale { errand, changed_at, how });
        }
    }

    fn cmh_decide(&self, request: &Request, id: u64) -> Response {
        let key = header(request, "idempotency-key").unwrap().trim_matches('"').to_owned();
        let tag = header(request, "if-match").unwrap().to_owned();
        let print = format!("{tag}{}", String::from_utf8_lossy(&request.body));
        let known = self.state().keys.get(&key).cloned();
        if let Some((known, stored, at)) = known {
            assert_eq!(known, print, "one key, one request");
            self.state().replayed_at = Some(at);
            return stored;
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let to = wanted(body["action"].as_str().unwrap()).unwrap();
        let Some(comment) = self.state().comments.get(&id).filter(|c| !c.gone).cloned() else {
            return self.cmh_one(id);
        };
        let current = cmh_json((id, &comment));
        if current["etag"] != tag.as_str() {
            let revision = tag.trim_matches('"').split('.').next().unwrap() == comment.body;
            if revision && comment.status == to {
                return answer(200, &json!({"outcome": "already", "comment": current}));
            }
            self.note_stale(comment.changed_at());
            let kind = if revision { "superseded" } else { "edited" };
            let last = &current["last_decision"];
            return answer(412, &json!({"type": kind, "current": current, "last_decision": last}));
        }
        self.apply(id, to, Some(key.clone()));
        let now = self.state().comments[&id].clone();
        let done = answer(201, &json!({"comment": cmh_json((id, &now))}));
        let mut state = self.state();
        let at = state.beat;
        state.keys.insert(key, (print, done.clone(), at));
        done
    }
}

fn cmh_json((id, comment): (u64, &Comment)) -> Value {
    let last = comment.last.as_ref().map(|(by, status, key)| {
        let action = match status {
            Status::Approved => "approve",
            Status::Rejected => "reject",
            Status::Spam => "spam",
            _ => "restore",
        };
        json!({"by": {"id": by, "name": by}, "action": action, "key": key})
    });
    json!({
        "id": id.to_string(), "type": "Note", "status": word(Face::Cmh, comment.status),
        "etag": format!("\"{}.{}\"", comment.body, comment.version), "created": "2026-11-01T10:00:00Z",
        "body": {"format": "plain", "source": comment.body}, "attributedTo": {"id": "a", "name": "Ana"},
        "article": {"id": "1"}, "inReplyTo": null, "last_decision": last
    })
}
