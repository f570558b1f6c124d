//! The public specification (`assets/cmh-openapi.json`) as a judge of requests and answers. It knows nothing
//! of either side's code.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Headers as they were sent.
pub type Headers<'a> = &'a [(String, String)];

/// The document.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(include_str!("../../assets/cmh-openapi.json")).unwrap())
}

/// Is this value what the schema at that pointer of the document says?
pub fn check_value(pointer: &str, value: &Value) -> Result<(), String> {
    let validator = validator(pointer)?;
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).take(4).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{pointer}: {}", errors.join("; "))) }
}

/// Building one takes far longer than using it.
fn validator(pointer: &str) -> Result<Arc<jsonschema::Validator>, String> {
    static BUILT: Mutex<BTreeMap<String, Arc<jsonschema::Validator>>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = built.get(pointer) {
        return Ok(Arc::clone(validator));
    }
    let mut schema = document().clone();
    schema["$ref"] = json!(format!("#{}", pointer.replace('{', "%7B").replace('}', "%7D")));
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| format!("{pointer}: {error}"))?;
    let validator = Arc::new(validator);
    built.insert(pointer.to_owned(), Arc::clone(&validator));
    Ok(validator)
}

/// Is this a request that the specification knows? `path` may carry a query; a base other than the document's
/// is cut off by the caller.
pub fn check_request(method: &str, path: &str, headers: Headers, body: &[u8]) -> Result<(), String> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (_, pointer) = operation(method, path).ok_or(format!("{method} {path}: not in the specification"))?;
    let op = at(&pointer);
    if op.get("security").is_none()
        && !told(headers, "authorization").is_some_and(|v| v.starts_with("Bearer "))
    {
        return Err(format!("{method} {path}: no bearer token"));
    }
    let mut known = Vec::new();
    for (number, _) in op["parameters"].as_array().into_iter().flatten().enumerate() {
        let place = resolved(&format!("{pointer}/parameters/{number}"));
        let (name, within) = (text(&place, "name"), text(&place, "in"));
        let given = match within.as_str() {
            "header" => told(headers, &name.to_lowercase()).map(str::to_owned),
            "query" => {
                known.push(name.clone());
                url::form_urlencoded::parse(query.as_bytes())
                    .find(|(n, _)| *n == name)
                    .map(|(_, v)| v.into_owned())
            }
            _ => continue,
        };
        match given {
            None if at(&place)["required"] == true => {
                return Err(format!("{method} {path}: {name} is missing"));
            }
            None => {}
            Some(given) => {
                let schema = resolved(&format!("{place}/schema"));
                let plain = matches!(at(&schema)["type"].as_str(), Some("integer" | "boolean"));
                let value =
                    if plain { serde_json::from_str(&given).unwrap_or(json!(given)) } else { json!(given) };
                check_value(&schema, &value).map_err(|e| format!("{method} {path}: {name}: {e}"))?;
            }
        }
    }
    for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
        if !known.iter().any(|k| *k == name) {
            return Err(format!("{method} {path}: the query has an unknown {name}"));
        }
    }
    match op.get("requestBody") {
        None if body.is_empty() => Ok(()),
        None => Err(format!("{method} {path}: takes no body")),
        Some(_) => {
            if !told(headers, "content-type").is_some_and(|v| v.starts_with("application/json")) {
                return Err(format!("{method} {path}: the body is not declared as JSON"));
            }
            let value = serde_json::from_slice(body).map_err(|e| format!("{method} {path}: {e}"))?;
            check_value(&format!("{pointer}/requestBody/content/application~1json/schema"), &value)
                .map_err(|e| format!("{method} {path}: {e}"))
        }
    }
}

/// Is this an answer that the specification promises for that request?
pub fn check_response(
    method: &str,
    path: &str,
    status: u16,
    headers: Headers,
    body: &[u8],
) -> Result<(), String> {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let name = format!("{method} {path} {status}");
    let pointer = match operation(method, path) {
        Some((_, pointer)) => resolved(&format!("{pointer}/responses/{status}")),
        // An address that does not exist, or not with this method, has the answers that say so.
        None if status == 404 => "/components/responses/NotFound".to_owned(),
        None if status == 405 => "/components/responses/WrongMethod".to_owned(),
        None if status == 401 => "/components/responses/Unauthorized".to_owned(),
        None => return Err(format!("{name}: not in the specification")),
    };
    let promised =
        document().pointer(&pointer).ok_or(format!("{name}: this status is not in the specification"))?;
    for (header, rule) in promised["headers"].as_object().into_iter().flatten() {
        match told(headers, &header.to_lowercase()) {
            None if rule["required"] == true => return Err(format!("{name}: {header} is missing")),
            None => {}
            Some(given) => {
                let schema = resolved(&format!("{pointer}/headers/{header}/schema"));
                let number = at(&schema)["type"] == "integer";
                let value =
                    if number { serde_json::from_str(given).unwrap_or(json!(given)) } else { json!(given) };
                check_value(&schema, &value).map_err(|e| format!("{name}: {header}: {e}"))?;
            }
        }
    }
    let Some(content) = promised.get("content") else {
        return if body.is_empty() { Ok(()) } else { Err(format!("{name}: has a body")) };
    };
    let kind = told(headers, "content-type").unwrap_or_default();
    if content.get(kind).is_none() {
        return Err(format!("{name}: is {kind}"));
    }
    if kind == "text/event-stream" {
        return check_events(body).map_err(|e| format!("{name}: {e}"));
    }
    let value: Value = serde_json::from_slice(body).map_err(|e| format!("{name}: {e}"))?;
    if status >= 400 && value["status"] != status {
        return Err(format!("{name}: the problem says {}", value["status"]));
    }
    let pointer = format!("{pointer}/content/{}/schema", kind.replace('/', "~1"));
    check_value(&pointer, &value).map_err(|e| format!("{name}: {e}"))
}

/// Every whole event of a stream: its data, and id and kind that agree with them.
pub fn check_events(stream: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(stream).map_err(|e| e.to_string())?;
    for event in text.split_inclusive("\n\n").filter(|event| event.ends_with("\n\n")) {
        let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let Some(data) = line("data") else { continue };
        let data: Value = serde_json::from_str(data).map_err(|e| e.to_string())?;
        check_value("/components/schemas/Event", &data)?;
        if line("id") != data["cursor"].as_str() || line("event") != data["kind"].as_str() {
            return Err(format!("an event's lines differ from its data: {event}"));
        }
    }
    Ok(())
}

/// The operation of a request: its path as the document has it, and a pointer to it.
fn operation(method: &str, path: &str) -> Option<(&'static str, String)> {
    let below = path.strip_prefix(document()["servers"][0]["url"].as_str()?).unwrap_or(path);
    let below = if below.is_empty() { "/" } else { below };
    let parts: Vec<&str> = below.split('/').collect();
    document()["paths"].as_object()?.iter().find_map(|(template, item)| {
        let names: Vec<&str> = template.split('/').collect();
        let fits = names.len() == parts.len()
            && names.iter().zip(&parts).all(|(n, p)| n == p || (n.starts_with('{') && !p.is_empty()));
        // A method that the path does not take is judged by the path's own operation.
        let method = method.to_lowercase();
        let method =
            if item.get(&method).is_some() { method } else { item.as_object()?.keys().next_back()?.clone() };
        let pointer = format!("/paths/{}/{method}", template.replace('~', "~0").replace('/', "~1"));
        fits.then_some((template.as_str(), pointer))
    })
}

fn at(pointer: &str) -> &'static Value {
    document().pointer(pointer).unwrap_or(&Value::Null)
}

/// The place a pointer leads to, references followed.
fn resolved(pointer: &str) -> String {
    match at(pointer)["$ref"].as_str() {
        Some(target) => resolved(target.trim_start_matches('#')),
        None => pointer.to_owned(),
    }
}

fn text(pointer: &str, member: &str) -> String {
    at(pointer)[member].as_str().unwrap_or_default().to_owned()
}

fn told<'a>(headers: Headers<'a>, name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
}
