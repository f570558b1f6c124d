//! What a plug-in, an update or a careless hand does to JSON.

use super::message::{Asked, Told};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Comments on the page that is far too long.
const MANY: usize = 8_000;

fn leaves(value: &mut Value, key: &str, change: &mut dyn FnMut(&str, &mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| leaves(item, key, change)),
        Value::Object(members) => members.iter_mut().for_each(|(key, member)| leaves(member, key, change)),
        leaf => change(key, leaf),
    }
}

/// Every list of comments in an answer: the answer itself, or its items.
fn lists(value: &mut Value, change: &mut dyn FnMut(&mut Vec<Value>)) {
    match value {
        Value::Array(items) => change(items),
        Value::Object(members) => {
            for (name, member) in members {
                if let (true, Value::Array(items)) = (is_list(name), &mut *member) {
                    change(items);
                }
                if let (true, Value::Object(_)) = (is_list(name), &mut *member) {
                    lists(member, change);
                }
            }
        }
        _ => {}
    }
}

fn is_list(name: &str) -> bool {
    ["items", "ancestors", "siblings", "replies", "events"].contains(&name)
}

/// A notice of PHP before the answer.
pub fn stray(mut told: Told) -> Told {
    let notice = b"<br />\n<b>Notice</b>: Undefined index: [colour] {x} [] in <b>/var/www/a.php</b><br />\n";
    told.body = [&notice[..], &told.body].concat();
    told
}

pub fn retype(value: &mut Value) {
    leaves(value, "", &mut |_, leaf| {
        *leaf = match leaf {
            Value::String(_) => 7.into(),
            Value::Number(_) => "7x".into(),
            Value::Bool(_) => "yes".into(),
            _ => json!({"a": []}),
        }
    });
}

/// Nothing is left of each object but its id.
pub fn thin(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(thin),
        Value::Object(members) => {
            members.retain(|name, member| name == "id" || member.is_array() || member.is_object());
            members.values_mut().for_each(thin);
        }
        _ => {}
    }
}

pub fn extend(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(extend),
        Value::Object(members) => {
            members.values_mut().for_each(extend);
            members.insert("x_plugin".to_owned(), json!({"deep": [{"id": null, "status": 7}], "n": -1e300}));
            members.insert("\u{202e}x".to_owned(), "\u{0}".into());
        }
        _ => {}
    }
}

pub fn nullify(value: &mut Value) {
    leaves(value, "", &mut |_, leaf| *leaf = Value::Null);
}

pub fn empty(told: Told) -> Told {
    let had_total = told.headers.iter().any(|(name, _)| name == "x-wp-total");
    let told = told.change(|value| {
        lists(value, &mut Vec::clear);
        if let Some(total) = value.get_mut("total") {
            *total = 0.into();
        }
    });
    if had_total { told.with("x-wp-total", "0") } else { told }
}

/// A page of so many comments where at most a hundred were asked for.
pub fn multiply(value: &mut Value) {
    lists(value, &mut |items| {
        let Some(first) = items.iter().find(|item| item.get("status").is_some()).cloned() else { return };
        let copies = (0..MANY).map(|n| {
            let mut copy = first.clone();
            copy["id"] =
                if first["id"].is_number() { (1_000_000 + n).into() } else { format!("many-{n}").into() };
            copy
        });
        items.extend(copies);
    });
}

/// The first comment of each list says so many bytes.
pub fn swell(value: &mut Value, bytes: usize) {
    let words = "word ".repeat(bytes / 5);
    lists(value, &mut |items| {
        let Some(first) = items.first_mut() else { return };
        match first.get_mut("content") {
            Some(content) => {
                content["rendered"] = words.clone().into();
                content["raw"] = "".into();
            }
            None => first["body"] = json!({"format": "plain", "source": words}),
        }
    });
}

pub fn double(value: &mut Value) {
    lists(value, &mut |items| {
        let again = items.clone();
        items.extend(again);
    });
}

pub fn tomorrow(told: Told) -> Told {
    let date = (chrono::Utc::now() + chrono::Duration::days(1)).format("%a, %d %b %Y %H:%M:%S GMT");
    told.with("date", &date.to_string())
}

pub fn retype_ids(value: &mut Value) {
    leaves(value, "", &mut |key, leaf| {
        if ["id", "post", "parent", "author"].contains(&key) {
            *leaf = match leaf {
                Value::String(text) => text.len().into(),
                Value::Number(number) => number.to_string().into(),
                _ => return,
            }
        }
    });
}

/// The next page is on another origin, by the answer's own word and by its `Link`.
pub fn lead_away(told: Told, trap: SocketAddr) -> Told {
    let next = format!("http://{trap}/loot");
    let link = format!("<{next}>; rel=\"next\"");
    told.change(|value| {
        if value.get("items").is_some() {
            value["next"] = next.into();
        }
    })
    .with("link", &link)
}

/// There is always one page more, each of another name.
pub fn lead_on(asked: &Asked, told: Told) -> Told {
    let had_total = told.headers.iter().any(|(name, _)| name == "x-wp-total");
    let next = format!("page-{}", asked.parameter("cursor").map_or(1, |cursor| cursor.len() + 1));
    let next = format!("{next}{}", "x".repeat(next.len()));
    let told = told.change(|value| {
        if value.get("items").is_some() {
            value["next"] = next.into();
            value["total"] = 1_000_000_000_u64.into();
        }
    });
    if had_total { told.with("x-wp-total", "1000000000") } else { told }
}
