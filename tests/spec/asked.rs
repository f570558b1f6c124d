//! The public specification as a judge of what a client sends.

use crate::spec::{Headers, Of, at, check_value, operation, resolved, told};
use serde_json::json;

/// Headers that HTTP itself lets a client send with any request.
const HEADERS_USUAL: [&str; 3] = ["accept", "content-type", "authorization"];

/// Is this a request that the specification knows? `path` may carry a query; a base other than the document's
/// is cut off by the caller.
pub fn check_request(method: &str, path: &str, headers: Headers, body: &[u8]) -> Result<(), String> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let name = format!("{method} {path}");
    let (served, pointer) = operation(method, path).ok_or(format!("{name}: not in the specification"))?;
    if !served {
        return Err(format!("{name}: not with this method"));
    }
    check_token(&pointer, headers).map_err(|e| format!("{name}: {e}"))?;
    check_parameters(&pointer, query, headers).map_err(|e| format!("{name}: {e}"))?;
    match at(&pointer).get("requestBody") {
        None if body.is_empty() => Ok(()),
        None => Err(format!("{name}: takes no body")),
        Some(_) => {
            if !told(headers, "content-type").is_some_and(|v| v.starts_with("application/json")) {
                return Err(format!("{name}: the body is not declared as JSON"));
            }
            let value = serde_json::from_slice(body).map_err(|e| format!("{name}: {e}"))?;
            let schema = format!("{pointer}/requestBody/content/application~1json/schema");
            check_value(Of::AnySite, &schema, &value).map_err(|e| format!("{name}: {e}"))
        }
    }
}

/// A token goes where one is asked for, and nowhere else.
fn check_token(pointer: &str, headers: Headers) -> Result<(), String> {
    let is_open = at(pointer).get("security").is_some_and(|schemes| *schemes == json!([]));
    match told(headers, "authorization") {
        Some(_) if is_open => Err("a token is sent where none is asked for".to_owned()),
        None if is_open => Ok(()),
        Some(token) if token.strip_prefix("Bearer ").is_some_and(|token| !token.is_empty()) => Ok(()),
        _ => Err("no bearer token".to_owned()),
    }
}

/// Every parameter that is sent is known, fits and is sent once; every one that is needed is sent.
fn check_parameters(pointer: &str, query: &str, headers: Headers) -> Result<(), String> {
    let mut asked: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut sent: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    sent.retain(|(name, _)| !HEADERS_USUAL.contains(&name.as_str()));
    for (number, _) in at(pointer)["parameters"].as_array().into_iter().flatten().enumerate() {
        let place = resolved(&format!("{pointer}/parameters/{number}"));
        let name = text(&place, "name");
        let given = match text(&place, "in").as_str() {
            "header" => take(&mut sent, &name.to_lowercase()),
            "query" => take(&mut asked, &name),
            _ => continue,
        };
        match given {
            None if at(&place)["required"] == true => return Err(format!("{name} is missing")),
            None => {}
            Some(given) => {
                let schema = resolved(&format!("{place}/schema"));
                let plain = matches!(at(&schema)["type"].as_str(), Some("integer" | "boolean"));
                let value =
                    if plain { serde_json::from_str(&given).unwrap_or(json!(given)) } else { json!(given) };
                check_value(Of::AnySite, &schema, &value).map_err(|e| format!("{name}: {e}"))?;
            }
        }
    }
    match (asked.first(), sent.first()) {
        (Some((name, _)), _) => Err(format!("the query has an unknown {name}, or has it twice")),
        (None, Some((name, _))) => Err(format!("there is an unknown header {name}, or it is there twice")),
        (None, None) => Ok(()),
    }
}

fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = pairs.iter().position(|(n, _)| n == name)?;
    Some(pairs.remove(at).1)
}

fn text(pointer: &str, member: &str) -> String {
    at(pointer)[member].as_str().unwrap_or_default().to_owned()
}
