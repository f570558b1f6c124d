//! The site's face as WordPress shows it: the last writer wins, and nobody is named.

use super::{Comment, Face, Site, answer, query, wanted, word};
use greenroom::domain::Status;
use greenroom::net::{Method, Request, Response};
use serde_json::{Value, json};

impl Site {
    pub(super) fn wordpress(&self, request: &Request, path: &str) -> Response {
        let id = path.rsplit('/').next().and_then(|id| id.parse::<u64>().ok());
        if path.ends_with("/users/me") {
            return answer(
                200,
                &json!({"id": 1, "name": "Mona", "capabilities": {"moderate_comments": true}}),
            );
        }
        if path.ends_with("/wp-json/") {
            return answer(200, &json!({"name": "Sim"}));
        }
        if path.ends_with("xmlrpc.php") {
            return answer(404, &json!({}));
        }
        match (request.method, id) {
            (Method::Get, None) => self.wordpress_list(&request.url),
            (Method::Get, Some(id)) => self.wordpress_one(id),
            (Method::Delete, Some(id)) => self.wordpress_set(id, Status::Rejected),
            (Method::Post, Some(id)) => {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                assert_eq!(body["author_ip"], "203.0.113.9", "the reader's address goes back as it was");
                assert!(request.without_agent, "the desk's agent must not become the reader's");
                self.wordpress_set(id, wanted(body["status"].as_str().unwrap()).unwrap())
            }
            _ => answer(404, &json!({"code": "rest_no_route", "message": ""})),
        }
    }

    fn wordpress_list(&self, url: &str) -> Response {
        let query = query(url);
        let state = self.state();
        let mut found: Vec<(u64, &Comment)> = state
            .comments
            .iter()
            .filter(|(_, c)| !c.gone)
            .filter(|(id, _)| {
                query.get("include").is_none_or(|ids| ids.split(',').any(|i| i == id.to_string()))
            })
            .filter(|(_, c)| match query["status"].as_str() {
                "any" => true,
                asked => word(self.face, c.status) == asked,
            })
            .map(|(id, c)| (*id, c))
            .collect();
        if query.get("order").is_some_and(|order| order == "desc") {
            found.reverse();
        }
        let total = found.len();
        let offset = query.get("offset").map_or(0, |o| o.parse().unwrap());
        let rows: Vec<Value> = found
            .into_iter()
            .skip(offset)
            .take(query["per_page"].parse().unwrap())
            .map(wordpress_json)
            .collect();
        let mut response = answer(200, &Value::Array(rows));
        response.headers.push(("x-wp-total".into(), total.to_string()));
        response
    }

    fn wordpress_one(&self, id: u64) -> Response {
        match self.state().comments.get(&id).filter(|c| !c.gone) {
            Some(comment) => answer(200, &wordpress_json((id, comment))),
            None => {
                answer(404, &json!({"code": "rest_comment_invalid_id", "message": "Invalid comment ID."}))
            }
        }
    }

    fn wordpress_set(&self, id: u64, to: Status) -> Response {
        let trashed = self.state().comments.get(&id).is_some_and(|c| !c.gone && c.status == Status::Rejected);
        if trashed && to == Status::Rejected {
            return answer(410, &json!({"code": "rest_already_trashed", "message": ""}));
        }
        self.apply(id, to, None);
        self.wordpress_one(id)
    }
}

fn wordpress_json((id, comment): (u64, &Comment)) -> Value {
    json!({
        "id": id, "post": 1, "parent": 0, "author": 0, "author_name": "Ana", "author_email": "ana@example.test",
        "author_url": "", "author_ip": "203.0.113.9", "author_user_agent": "x", "date_gmt": "2026-11-01T10:00:00",
        "content": {"raw": comment.body, "rendered": format!("<p>{}</p>\n", comment.body)},
        "status": word(Face::WordPress, comment.status), "link": "", "type": "comment"
    })
}
