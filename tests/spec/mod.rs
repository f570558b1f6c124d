//! The public specification (`assets/cmh-openapi.json`) as a judge of answers, and of requests
//! (`asked.rs`, where a client is at hand). It knows nothing of either side's code.

pub mod narrow;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Headers as they were sent.
pub type Headers<'a> = &'a [(String, String)];

/// Whose answers are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// Anyone who keeps to the document: with members and words of its own.
    AnySite,
    /// The demo, which tells all that is described for what it serves, and nothing else.
    Demo,
}

const METHODS: [&str; 7] = ["get", "head", "post", "put", "patch", "delete", "options"];

/// The document, as far as it binds them.
pub fn document(of: Of) -> &'static Value {
    static PUBLIC: OnceLock<Value> = OnceLock::new();
    static DEMO: OnceLock<Value> = OnceLock::new();
    match of {
        Of::AnySite => PUBLIC
            .get_or_init(|| serde_json::from_str(include_str!("../../assets/cmh-openapi.json")).unwrap()),
        Of::Demo => DEMO.get_or_init(|| narrow::to_the_demo(document(Of::AnySite).clone())),
    }
}

/// Is this value what the schema at that pointer of the document says?
pub fn check_value(of: Of, pointer: &str, value: &Value) -> Result<(), String> {
    let validator = validator(of, pointer)?;
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).take(4).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{pointer}: {}", errors.join("; "))) }
}

/// Building one takes far longer than using it.
fn validator(of: Of, pointer: &str) -> Result<Arc<jsonschema::Validator>, String> {
    type Built = BTreeMap<(Of, String), Arc<jsonschema::Validator>>;
    static BUILT: Mutex<Built> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (of, pointer.to_owned());
    if let Some(validator) = built.get(&key) {
        return Ok(Arc::clone(validator));
    }
    let mut schema = document(of).clone();
    schema["$ref"] = json!(format!("#{}", pointer.replace('{', "%7B").replace('}', "%7D")));
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| format!("{pointer}: {error}"))?;
    let validator = Arc::new(validator);
    built.insert(key, Arc::clone(&validator));
    Ok(validator)
}

/// Is this an answer that the specification promises for that request?
pub fn check_answer(
    of: Of,
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
        // An address that does not exist has the answers that say so.
        None if status == 404 => "/components/responses/NotFound".to_owned(),
        None if status == 405 => "/components/responses/WrongMethod".to_owned(),
        None if status == 401 => "/components/responses/Unauthorized".to_owned(),
        None => return Err(format!("{name}: not in the specification")),
    };
    let promised =
        document(of).pointer(&pointer).ok_or(format!("{name}: this status is not in the specification"))?;
    for (header, rule) in promised["headers"].as_object().into_iter().flatten() {
        match told(headers, header) {
            None if rule["required"] == true => return Err(format!("{name}: {header} is missing")),
            None => {}
            Some(given) => {
                let schema = resolved(&format!("{pointer}/headers/{header}/schema"));
                let number = at(&schema)["type"] == "integer";
                let value =
                    if number { serde_json::from_str(given).unwrap_or(json!(given)) } else { json!(given) };
                check_value(of, &schema, &value).map_err(|e| format!("{name}: {header}: {e}"))?;
            }
        }
    }
    let Some(content) = promised.get("content") else {
        return if body.is_empty() { Ok(()) } else { Err(format!("{name}: has a body")) };
    };
    let kind = told(headers, "content-type").unwrap_or_default();
    let kind = kind.split_once(';').map_or(kind, |(kind, _)| kind);
    if content.get(kind).is_none() {
        return Err(format!("{name}: is {kind}"));
    }
    if kind == "text/event-stream" {
        return check_events(of, body).map_err(|e| format!("{name}: {e}"));
    }
    let value: Value = serde_json::from_slice(body).map_err(|e| format!("{name}: {e}"))?;
    if status >= 400 && value["status"] != status {
        return Err(format!("{name}: the problem says {}", value["status"]));
    }
    let pointer = format!("{pointer}/content/{}/schema", kind.replace('/', "~1"));
    check_value(of, &pointer, &value).map_err(|e| format!("{name}: {e}"))
}

/// Every whole event of a stream: its data, and id and kind that agree with them.
pub fn check_events(of: Of, stream: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(stream).map_err(|e| e.to_string())?;
    for event in text.split_inclusive("\n\n").filter(|event| event.ends_with("\n\n")) {
        let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let Some(data) = line("data") else { continue };
        let data: Value = serde_json::from_str(data).map_err(|e| e.to_string())?;
        check_value(of, "/components/schemas/Event", &data)?;
        if line("id") != data["cursor"].as_str() || line("event") != data["kind"].as_str() {
            return Err(format!("an event's lines differ from its data: {event}"));
        }
    }
    Ok(())
}

/// The operation of a request: whether the path is served with that method (else it is another operation of
/// the path, which has the answers that say so), and a pointer to it.
pub fn operation(method: &str, path: &str) -> Option<(bool, String)> {
    let document = document(Of::AnySite);
    let below = path.strip_prefix(document["servers"][0]["url"].as_str()?).unwrap_or(path);
    let below = if below.is_empty() { "/" } else { below };
    let parts: Vec<&str> = below.split('/').collect();
    document["paths"].as_object()?.iter().find_map(|(template, item)| {
        let names: Vec<&str> = template.split('/').collect();
        let fits = names.len() == parts.len()
            && names.iter().zip(&parts).all(|(n, p)| n == p || (n.starts_with('{') && !p.is_empty()));
        let method = method.to_lowercase();
        let served = item.get(&method).is_some();
        let method =
            if served { method } else { METHODS.into_iter().find(|m| item.get(m).is_some())?.to_owned() };
        let pointer = format!("/paths/{}/{method}", template.replace('~', "~0").replace('/', "~1"));
        fits.then_some((served, pointer))
    })
}

pub fn at(pointer: &str) -> &'static Value {
    document(Of::AnySite).pointer(pointer).unwrap_or(&Value::Null)
}

/// The place a pointer leads to, references followed.
pub fn resolved(pointer: &str) -> String {
    match at(pointer)["$ref"].as_str() {
        Some(target) => resolved(target.trim_start_matches('#')),
        None => pointer.to_owned(),
    }
}

pub fn told<'a>(headers: Headers<'a>, name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
}
