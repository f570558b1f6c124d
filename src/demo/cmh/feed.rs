//! The change feed: thin events in one total order, told again to whoever resumes from an older place.

use super::super::exchange::{Answer, Call};
use super::super::world::{Event, World};
use super::{Problem, shape};
use serde_json::{Value, json};

/// Events an answer.
const EVENTS_MAX: usize = 500;

/// The place after an event; it names this run of the site, so another run's is told apart.
pub(super) fn cursor(world: &World, number: u64) -> String {
    format!("w{:x}-{number}", world.born.timestamp_millis())
}

/// The number a cursor stands for, or why the client must read everything again.
fn number(world: &World, cursor: &str) -> Result<u64, Problem> {
    let read = cursor.strip_prefix('w').and_then(|rest| {
        let (run, number) = rest.split_once('-')?;
        Some((i64::from_str_radix(run, 16).ok()?, number.parse::<u64>().ok()?))
    });
    let (run, number) = read.ok_or_else(|| Problem::bad_query("since", "was not given out by this site"))?;
    let oldest = world.events.front().map_or(world.head, |event| event.number.saturating_sub(1));
    if run != world.born.timestamp_millis() || number < oldest || number > world.head {
        let detail = "This place in the feed is no longer kept: read everything again";
        return Err(Problem::new(410, "cursor-expired", "Too long ago", detail));
    }
    Ok(number)
}

fn event(world: &World, event: &Event) -> Value {
    json!({
        "cursor": cursor(world, event.number),
        "at": shape::time(event.at),
        "kind": event.kind,
        "comment": event.comment,
        "status": event.status.word(),
        "etag": event.etag,
        "by": event.by,
    })
}

/// Where a request resumes: `Last-Event-ID` before `since`, neither is now.
fn since(world: &World, call: &Call) -> Result<u64, Problem> {
    let last = call.told("last-event-id").map(str::to_owned);
    match last.or_else(|| call.param("since")).filter(|text| !text.is_empty()) {
        Some(text) => number(world, &text),
        None => Ok(world.head),
    }
}

/// What changed since a place, without waiting.
pub(super) fn changes(world: &World, call: &Call) -> Result<Answer, Problem> {
    let since = since(world, call)?;
    let after: Vec<&Event> = world.events.iter().filter(|e| e.number > since).take(EVENTS_MAX + 1).collect();
    let more = after.len() > EVENTS_MAX;
    let told: Vec<Value> = after.iter().take(EVENTS_MAX).map(|e| event(world, e)).collect();
    let last = after.iter().take(EVENTS_MAX).next_back().map_or(since, |e| e.number);
    let answer = Answer::json(200, &json!({"events": told, "next": cursor(world, last), "more": more}));
    let answer = answer.header("cache-control", "no-store");
    Ok(match call.wait_secs() {
        Some(secs) => answer.header("preference-applied", &format!("wait={}", secs.min(WAIT_SECS_MAX))),
        None => answer,
    })
}

/// A long poll is answered after that many seconds whatever was asked.
pub const WAIT_SECS_MAX: u64 = 60;

/// The same as server-sent events.
pub mod sse {
    use super::{EVENTS_MAX, Problem, event, since};
    use crate::demo::exchange::{Answer, Call};
    use crate::demo::world::World;

    pub use super::WAIT_SECS_MAX;

    /// How often an idle stream says that it lives.
    pub const HEARTBEAT_SECS: u64 = 15;

    /// The start of a stream: the place it resumes at and its first lines, or the answer that refuses it.
    pub fn open(world: &World, call: &Call) -> Result<(u64, String), Answer> {
        let start = world.moderator(call).and_then(|_| since(world, call));
        let start = start.map_err(|problem: Problem| problem.answer(&call.path))?;
        Ok((start, "retry: 3000\n\n".to_owned()))
    }

    /// All that is to tell after `told`, and the new place. `None` where the feed has forgotten something in
    /// between: the stream ends, and who resumes it is told that.
    pub fn after(world: &World, told: u64) -> Option<(u64, String)> {
        let mut lines = String::new();
        let mut last = told;
        let oldest = world.events.front().map_or(world.head, |e| e.number.saturating_sub(1));
        if told < oldest {
            return None;
        }
        for next in world.events.iter().filter(|e| e.number > told).take(EVENTS_MAX) {
            let id = super::cursor(world, next.number);
            lines.push_str(&format!("id: {id}\nevent: {}\ndata: {}\n\n", next.kind, event(world, next)));
            last = next.number;
        }
        Some((last, lines))
    }
}
