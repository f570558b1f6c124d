//! The demo site as a client on the network meets it.

use greenroom::demo::{Demo, Mischief, Options};
use serde_json::Value;

fn quiet(comments: usize) -> Demo {
    Demo::start(Options { comments, rate_per_min: 0.0, mischief: Mischief::none(), ..Options::default() })
        .unwrap()
}

fn client() -> reqwest::blocking::Client {
    reqwest::blocking::Client::new()
}

fn get(demo: &Demo, path: &str) -> Value {
    let answer = client().get(format!("{}{path}", demo.base())).bearer_auth(demo.token()).send().unwrap();
    serde_json::from_str(&answer.text().unwrap()).unwrap()
}

#[test]
fn a_comment_is_pulled_and_decided_over_the_wire() {
    let demo = quiet(40);
    let session = get(&demo, "/");
    assert_eq!(session["counts"]["pending"], 40);
    let page = get(&demo, "/comments?status=pending&limit=10");
    assert_eq!(page["total"], 40);
    let id = page["items"][0]["id"].as_str().unwrap().to_owned();
    let answer = client()
        .post(format!("{}/comments/{id}/decisions", demo.base()))
        .bearer_auth(demo.token())
        .header("idempotency-key", "\"one\"")
        .header("if-match", page["items"][0]["etag"].as_str().unwrap())
        .header("content-type", "application/json")
        .body(r#"{"action":"approve"}"#)
        .send()
        .unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().unwrap());
    assert_eq!(demo.with_world(|world| world.decisions().len()), 1);
    assert_eq!(get(&demo, "/")["counts"]["pending"], 39);
}
