//! The document lets a site leave members out and add members and words. The demo does neither: made from the document by
//! rule, so that what it tells beyond it, or keeps back, is found.

use super::METHODS;
use serde_json::{Map, Value, json};

/// What a client sends is closed in the document itself.
const ASKED: [&str; 2] = ["DecisionAsked", "ReplyAsked"];
/// A part of every problem, each of which is closed as a whole.
const PART: &str = "ProblemBase";

/// Members of a schema that the demo does not serve.
const NOT_SERVED: [(&str, &str); 2] = [("Comment", "claimed_by"), ("CommentAuthor", "sanction")];
/// Members that depend on who asks.
const NOT_ALWAYS: [&str; 2] = ["email", "ip"];
/// Headers that depend on what is asked.
const HEADERS_NOT_ALWAYS: [&str; 3] = ["Link", "Preference-Applied", "Retry-After"];

/// Where the demo has fewer words than the document.
const WORDS: [(&str, &[&str]); 4] = [
    ("/components/schemas/Comment/properties/status", &["pending", "approved", "rejected", "spam"]),
    ("/components/schemas/Action", &["approve", "reject", "spam", "restore", "dismiss_reports"]),
    ("/components/schemas/Capability", &["articles", "thread", "authors", "replies", "changes", "pii"]),
    ("/components/schemas/EventKind", &["created", "edited", "status", "reported", "deleted"]),
];

/// The document as the demo keeps it.
pub fn to_the_demo(mut document: Value) -> Value {
    for (pointer, words) in WORDS {
        *place(&mut document, pointer) = json!({ "enum": words });
    }
    *place(&mut document, "/components/schemas/Author/properties/sanction") = json!({"type": "null"});
    for (schema, member) in NOT_SERVED {
        let members = place(&mut document, &format!("/components/schemas/{schema}/properties"));
        members.as_object_mut().unwrap().remove(member).expect("a member of the document");
    }
    for (name, schema) in place(&mut document, "/components/schemas").as_object_mut().unwrap() {
        if !ASKED.contains(&name.as_str()) {
            close(schema, name == PART);
        }
    }
    let paths = document["paths"].as_object_mut().unwrap();
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        let operations = item.iter_mut().filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.for_each(|(_, operation)| need_headers(&mut operation["responses"]));
    }
    need_headers(place(&mut document, "/components/responses"));
    document
}

fn place<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    document.pointer_mut(pointer).unwrap_or_else(|| panic!("the document has no {pointer}"))
}

/// Every member is told and none besides, every word is a known one.
fn close(schema: &mut Value, is_part: bool) {
    let known = match schema["anyOf"].as_array().map(Vec::as_slice) {
        Some([known, any]) if known.get("enum").is_some() && *any == json!({"type": "string"}) => {
            Some(known.clone())
        }
        _ => None,
    };
    if let Some(known) = known {
        *schema = known;
        return;
    }
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(members) = schema.get("properties").and_then(Value::as_object) {
        let told = members.keys().filter(|name| !NOT_ALWAYS.contains(&name.as_str())).cloned();
        let told: Vec<String> = told.collect();
        schema.insert("required".to_owned(), json!(told));
        if !is_part {
            schema.insert("unevaluatedProperties".to_owned(), json!(false));
        }
    }
    for inner in parts(schema) {
        close(inner, false);
    }
}

/// The schemas inside a schema that say what its parts are.
fn parts(schema: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (keyword, inner) in schema {
        match (keyword.as_str(), inner) {
            ("properties", Value::Object(members)) => found.extend(members.values_mut()),
            ("oneOf" | "anyOf" | "allOf", Value::Array(choices)) => found.extend(choices),
            ("items", inner) => found.push(inner),
            _ => {}
        }
    }
    found
}

fn need_headers(responses: &mut Value) {
    for response in responses.as_object_mut().unwrap().values_mut() {
        for (name, header) in response.get_mut("headers").and_then(Value::as_object_mut).into_iter().flatten()
        {
            if !HEADERS_NOT_ALWAYS.contains(&name.as_str()) {
                header["required"] = json!(true);
            }
        }
    }
}
