//! What a moderator does: decisions that never overwrite what was not seen, and replies that are never sent
//! twice.

use super::super::exchange::{Answer, Call};
use super::super::stock::Nature;
use super::super::world::{Comment, Decision, Kept, Moderator, Status, World};
use super::{ACTIONS, Problem, REASONS, list, shape};
use serde_json::{Value, json};

/// Runs a POST under its idempotency key: the key is looked up before anything else, so that a repeat after a
/// lost answer is given the first answer. Only answers that did something are kept.
fn once(
    world: &mut World,
    call: &Call,
    who: &Moderator,
    act: impl FnOnce(&mut World, &str) -> Result<Answer, Problem>,
) -> Result<Answer, Problem> {
    if !who.writes {
        return Err(Problem::new(
            403,
            "forbidden",
            "Not allowed",
            "This token may read only (mod:write is missing)",
        ));
    }
    let key = key(call)?;
    let body = String::from_utf8_lossy(&call.body);
    let base = call.told("if-match").unwrap_or_default();
    let fingerprint = format!("{}\n{}\n{base}\n{body}", call.method, call.path);
    let slot = (who.id.clone(), key.clone());
    if let Some(kept) = world.kept.get(&slot) {
        if kept.fingerprint == fingerprint {
            return Ok(kept.answer.clone());
        }
        let detail = "This key was used with another request";
        return Err(Problem::new(422, "key-reused", "Key used twice", detail));
    }
    let answer = act(world, &key)?;
    world.kept.insert(slot, Kept { at: world.now, fingerprint, answer: answer.clone() });
    Ok(answer)
}

/// The key inside its quotes: the header is a structured-field string.
fn key(call: &Call) -> Result<String, Problem> {
    let refuse = |code, detail: &str| Problem::new(400, code, "An idempotency key is needed", detail);
    let told = call.told("idempotency-key");
    let told = told.ok_or_else(|| refuse("key-missing", "Send Idempotency-Key with a new UUID in quotes"))?;
    let inside = told.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let fits =
        |key: &&str| (1..=200).contains(&key.len()) && key.chars().all(|c| c.is_ascii_graphic() && c != '"');
    inside.filter(fits).map(str::to_owned).ok_or_else(|| {
        refuse("key-malformed", "The key is a string in double quotes, at most 200 characters")
    })
}

fn body(call: &Call) -> Result<Value, Problem> {
    let kind = call.told("content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Problem::new(415, "media-type", "Not JSON", "Send the body as application/json"));
    }
    serde_json::from_slice::<Value>(&call.body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| Problem::new(400, "malformed", "Unreadable", "The body is not a JSON object"))
}

/// What is asked for, checked.
struct Asked {
    action: &'static str,
    reason: Option<(String, String)>,
    reports_seen: Option<u64>,
}

fn asked(body: &Value) -> Result<Asked, Problem> {
    let word = body.get("action").and_then(Value::as_str).unwrap_or_default();
    let known = ACTIONS.into_iter().find(|action| *action == word);
    let action = known.ok_or_else(|| {
        Problem::invalid(&[("/action", format!("\"{word}\" is none of this site's actions"))])
    })?;
    let reports_seen = body.get("reports_seen").and_then(Value::as_u64);
    if action == "dismiss_reports" && reports_seen.is_none() {
        return Err(Problem::invalid(&[(
            "/reports_seen",
            "How many reports were seen is needed".to_owned(),
        )]));
    }
    Ok(Asked { action, reason: reason(body.get("reason"))?, reports_seen })
}

fn reason(told: Option<&Value>) -> Result<Option<(String, String)>, Problem> {
    let Some(told) = told.filter(|value| !value.is_null()) else { return Ok(None) };
    let code = told.get("code").and_then(Value::as_str).unwrap_or_default();
    let text = told.get("text").and_then(Value::as_str).unwrap_or_default();
    let Some((_, label, needs_text)) = REASONS.into_iter().find(|(known, ..)| *known == code) else {
        return Err(Problem::invalid(&[(
            "/reason/code",
            format!("\"{code}\" is none of this site's reasons"),
        )]));
    };
    if needs_text && text.trim().is_empty() {
        return Err(Problem::invalid(&[("/reason/text", format!("\"{label}\" needs words"))]));
    }
    Ok(Some((code.to_owned(), text.to_owned())))
}

fn wanted(action: &str, stands: Status) -> Status {
    match action {
        "approve" => Status::Approved,
        "reject" => Status::Rejected,
        "spam" => Status::Spam,
        "restore" => Status::Pending,
        _ => stands,
    }
}

/// `POST comments/{id}/decisions`
pub(super) fn decisions(
    world: &mut World,
    call: &Call,
    id: &str,
    who: &Moderator,
) -> Result<Answer, Problem> {
    once(world, call, who, |world, key| decide(world, call, id, who, key))
}

fn decide(world: &mut World, call: &Call, id: &str, who: &Moderator, key: &str) -> Result<Answer, Problem> {
    let at = list::find(world, id)?;
    let asked = asked(&body(call)?)?;
    let base = call.told("if-match").map(str::trim).filter(|tag| !tag.is_empty());
    let base = base.ok_or_else(|| {
        let detail = "Say in If-Match which state of the comment was seen";
        Problem::new(428, "if-match-missing", "If-Match is needed", detail)
    })?;
    let Some(comment) = world.comments.get(at).cloned() else { return Err(Problem::missing("comment")) };
    let to = wanted(asked.action, comment.status);
    let matches = base == "*" || base.split(',').any(|tag| tag.trim() == comment.etag());
    let judges_reports = asked.action == "dismiss_reports" || !comment.reports.is_empty();
    if !matches {
        return stale(world, at, &comment, base, &asked, to, who);
    }
    if asked.reports_seen.is_some_and(|seen| seen < comment.reports.len() as u64) {
        return Err(Problem::new(
            412,
            "reports-changed",
            "More reports came in",
            "Look at the new reports first",
        )
        .with("current", shape::comment(world, at, who))
        .with("last_decision", last(world, &comment)));
    }
    if to == comment.status && !(judges_reports && matches!(asked.action, "approve" | "dismiss_reports")) {
        return Ok(already(world, at, &comment, who));
    }
    if asked.action == "dismiss_reports" && comment.reports.is_empty() {
        return Ok(already(world, at, &comment, who));
    }
    if !shape::actions(&comment, who).contains(&asked.action) {
        return Err(Problem::new(
            409,
            "not-allowed",
            "Not possible in this state",
            format!("A comment that is {} cannot {}", comment.status.word(), asked.action),
        )
        .with("actions", json!(shape::actions(&comment, who))));
    }
    let decision = Decision { action: asked.action, by: &who.name, key: Some(key), reason: asked.reason };
    world.apply(at, to, &decision);
    let etag = world.comments.get(at).map(Comment::etag).unwrap_or_default();
    let decision = world.decided.last().map_or(Value::Null, shape::decision);
    let body = json!({"outcome": "applied", "decision": decision, "comment": shape::comment(world, at, who)});
    Ok(Answer::json(201, &body).header("etag", &etag))
}

fn last(world: &World, comment: &Comment) -> Value {
    comment.last.and_then(|number| world.decided.get(number)).map_or(Value::Null, shape::decision)
}

/// Somebody wanted the same and was first: no error.
fn already(world: &World, at: usize, comment: &Comment, who: &Moderator) -> Answer {
    let body = json!({
        "outcome": "already",
        "comment": shape::comment(world, at, who),
        "last_decision": last(world, comment),
    });
    Answer::json(200, &body).header("etag", &comment.etag())
}

/// The state that was seen is no longer the comment's: the words changed, or somebody decided.
fn stale(
    world: &World,
    at: usize,
    comment: &Comment,
    base: &str,
    asked: &Asked,
    to: Status,
    who: &Moderator,
) -> Result<Answer, Problem> {
    let seen = base.trim_matches('"').split_once('.').map_or("", |(revision, _)| revision);
    let same_words = seen == format!("r{}", comment.revision);
    if same_words && comment.status == to && asked.action != "dismiss_reports" {
        return Ok(already(world, at, comment, who));
    }
    let (code, title, detail) = if same_words {
        ("superseded", "Somebody else was first", "It was decided since it was read")
    } else {
        ("edited", "The words changed", "It was edited since it was read")
    };
    Err(Problem::new(412, code, title, detail)
        .with("current", shape::comment(world, at, who))
        .with("last_decision", last(world, comment)))
}

/// `POST comments/{id}/replies`
pub(super) fn replies(world: &mut World, call: &Call, id: &str, who: &Moderator) -> Result<Answer, Problem> {
    once(world, call, who, |world, _| reply(world, call, id, who))
}

fn reply(world: &mut World, call: &Call, id: &str, who: &Moderator) -> Result<Answer, Problem> {
    let parent = list::find(world, id)?;
    let body = body(call)?;
    let told = |name: &str| body.pointer(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let format = match told("/body/format").as_str() {
        "plain" => "plain",
        "markdown" => "markdown",
        _ => return Err(Problem::invalid(&[("/body/format", "is plain or markdown".to_owned())])),
    };
    let text = told("/body/text");
    if text.trim().is_empty() {
        return Err(Problem::invalid(&[("/body/text", "A reply needs words".to_owned())]));
    }
    let Some(above) = world.comments.get(parent).cloned() else { return Err(Problem::missing("comment")) };
    if above.status != Status::Approved {
        let detail = "Only what readers can see can be answered";
        return Err(Problem::new(409, "not-allowed", "Not possible in this state", detail)
            .with("actions", json!(shape::actions(&above, who))));
    }
    let now = world.now;
    let author = world.cast.named(&who.name, &mut world.chance, now);
    let at = world.place(Comment {
        id: String::new(),
        status: Status::Approved,
        revision: 1,
        turn: 0,
        created: now,
        edited: None,
        source: text,
        format,
        author,
        article: above.article,
        parent: Some(parent),
        children: Vec::new(),
        reports: Vec::new(),
        held: Vec::new(),
        likes: 0,
        nature: Nature::Ordinary,
        last: None,
    });
    let (id, etag) = world.comments.get(at).map(|c| (c.id.clone(), c.etag())).unwrap_or_default();
    let place = format!("{}{}/comments/{id}", world.origin, super::BASE);
    let answer = Answer::json(201, &shape::comment(world, at, who));
    Ok(answer.header("etag", &etag).header("location", &place))
}
