//! The change feed: server-sent events, or long polling where a site has none.

use super::api::{self, Api};
use super::convert;
use crate::backend::{Change, Fault, Flow, headers, json};
use crate::domain::Cursor;
use crate::net::{Broken, Method, Transport};

/// Longest line of an event stream, and longest event, in bytes; events are thin.
const LINE_MAX: usize = 64 * 1024;
/// Polls in one call, so that a caller is asked whether to go on.
const POLLS_MAX: usize = 10;

pub fn follow(
    api: &Api,
    wire: &dyn Transport,
    since: &Cursor,
    sink: &mut dyn FnMut(Change) -> Flow,
) -> Result<Cursor, Fault> {
    let since = match since {
        Cursor::Token(token) => token.clone(),
        Cursor::Start => {
            super::session(api, wire)?.cursor.filter(|cursor| !cursor.is_empty()).ok_or_else(|| {
                Fault::Malformed { why: "the session names no place in the change feed".to_owned() }
            })?
        }
        Cursor::Offset(_) => return Err(Fault::Expired),
    };
    match stream(api, wire, &since, sink)? {
        Some(cursor) => Ok(cursor),
        None => poll(api, wire, since, sink),
    }
}

/// Where the stream ended; `None` where the site does not stream.
fn stream(
    api: &Api,
    wire: &dyn Transport,
    since: &str,
    sink: &mut dyn FnMut(Change) -> Flow,
) -> Result<Option<Cursor>, Fault> {
    let path = format!("/changes?{}", headers::query(&[("since", since)]));
    let mut request = api.request(Method::Get, &path).header("last-event-id", since);
    request.headers.retain(|(name, _)| name != "accept");
    let request = request.header("accept", "text/event-stream");
    let mut reader = Reader { last: since.to_owned(), ..Reader::default() };
    let end = wire.stream(request, &mut |piece| reader.take(piece, sink));
    let here = Cursor::Token(reader.last);
    match end {
        Ok(head) if head.status == 200 => {
            let kind = head.header("content-type").unwrap_or_default();
            match reader.broken {
                _ if !kind.starts_with("text/event-stream") => Ok(None),
                Some(why) => Err(Fault::Malformed { why }),
                None => Ok(Some(here)),
            }
        }
        Ok(head) if matches!(head.status, 400 | 404..=406 | 415 | 501) => Ok(None),
        Ok(head) => Err(api::fault(&head)),
        // a stream ends some day; what was told until then is kept
        Err(Broken::NoAnswer(_)) if reader.has_told => Ok(Some(here)),
        Err(broken) => Err(broken.into()),
    }
}

fn poll(
    api: &Api,
    wire: &dyn Transport,
    mut since: String,
    sink: &mut dyn FnMut(Change) -> Flow,
) -> Result<Cursor, Fault> {
    for _ in 0..POLLS_MAX {
        let path = format!("/changes?{}", headers::query(&[("since", &since)]));
        let answer = wire.send(api.request(Method::Get, &path).header("prefer", "wait=25"))?;
        if answer.status != 200 {
            return Err(api::fault(&answer));
        }
        let text = api::object(&answer)?;
        let mut stopped = false;
        for event in json::elements(json::member(&text, "events").unwrap_or("[]"))? {
            // one event that cannot be read never costs the others
            let Some(change) = convert::change(event, Some(since.clone())) else { continue };
            if let Cursor::Token(token) = &change.cursor {
                since.clone_from(token);
            }
            if sink(change) == Flow::Stop {
                stopped = true;
                break;
            }
        }
        if stopped {
            break;
        }
        let next = json::member(&text, "next").and_then(|next| json::decode::<String>(next).ok());
        let moved = next.filter(|next| !next.is_empty());
        if let Some(next) = moved {
            since = next;
        }
        let has_more = json::member(&text, "more") == Some("true");
        let waited = answer.header("preference-applied").is_some_and(|applied| applied.contains("wait"));
        if !has_more && !waited {
            // this site answers at once: asking again is the caller's to pace
            break;
        }
    }
    Ok(Cursor::Token(since))
}

/// Cuts a stream into events (WHATWG HTML, 9.2).
#[derive(Default)]
struct Reader {
    line: Vec<u8>,
    data: String,
    id: Option<String>,
    /// The last cursor told.
    last: String,
    has_told: bool,
    broken: Option<String>,
}

impl Reader {
    /// Whether the stream goes on.
    fn take(&mut self, piece: &[u8], sink: &mut dyn FnMut(Change) -> Flow) -> bool {
        for &byte in piece {
            if byte != b'\n' && byte != b'\r' {
                self.line.push(byte);
                if self.line.len() > LINE_MAX {
                    self.broken = Some("a line of the change feed is too long".to_owned());
                    return false;
                }
                continue;
            }
            // the second half of a CRLF ends an empty line, and that would end the event too soon
            let line = std::mem::take(&mut self.line);
            if byte == b'\r' {
                self.line = line;
                continue;
            }
            if self.end_line(&String::from_utf8_lossy(&line), sink) == Flow::Stop {
                return false;
            }
        }
        true
    }

    fn end_line(&mut self, line: &str, sink: &mut dyn FnMut(Change) -> Flow) -> Flow {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" if self.data.len() + value.len() > LINE_MAX => {
                self.broken = Some("an event of the change feed is too long".to_owned());
                return Flow::Stop;
            }
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            // an empty one names no place to resume from
            "id" => self.id = Some(value.to_owned()).filter(|id| !id.is_empty()),
            "" if line.is_empty() => return self.end_event(sink),
            // comments (heartbeats), `event`, `retry`: an event's data says all that is used
            _ => {}
        }
        Flow::GoOn
    }

    fn end_event(&mut self, sink: &mut dyn FnMut(Change) -> Flow) -> Flow {
        let data = std::mem::take(&mut self.data);
        let id = self.id.take();
        if let Some(id) = &id {
            self.last.clone_from(id);
            self.has_told = true;
        }
        let Some(change) = convert::change(&data, Some(self.last.clone())) else { return Flow::GoOn };
        if let Cursor::Token(token) = &change.cursor {
            self.last.clone_from(token);
        }
        self.has_told = true;
        sink(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str], stop_after: usize) -> (Vec<String>, Reader, bool) {
        let mut reader = Reader::default();
        let mut seen = Vec::new();
        let mut goes_on = true;
        for piece in pieces {
            goes_on = reader.take(piece.as_bytes(), &mut |change| {
                let id = change.native_id.map_or_else(|| "-".to_owned(), |id| id.0);
                seen.push(format!("{id}@{:?}", change.cursor));
                if seen.len() == stop_after { Flow::Stop } else { Flow::GoOn }
            });
            if !goes_on {
                break;
            }
        }
        (seen, reader, goes_on)
    }

    #[test]
    fn events_are_cut_out_of_any_pieces() {
        let text = "retry: 3000\n: hb\n\nid: 7\nevent: status\ndata: {\"comment\":\"a\",\ndata: \"status\":\"spam\"}\n\n\
                    data: {\"cursor\":\"8\",\"kind\":\"sanction\"}\n\nid: 9\ndata: broken\n\n: hb\n\nid: 10\ndata: {\"comm";
        let want = ["a@Token(\"7\")", "-@Token(\"8\")"];
        let (seen, reader, _) = read(&[text], 0);
        assert_eq!((seen, reader.last.as_str()), (want.map(str::to_owned).to_vec(), "9"));
        let pieces: Vec<String> = text.replace('\n', "\r\n").chars().map(String::from).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let (seen, reader, goes_on) = read(&pieces, 0);
        assert_eq!((seen, reader.last.as_str(), goes_on), (want.map(str::to_owned).to_vec(), "9", true));
    }

    #[test]
    fn a_reader_stops_when_told_and_when_a_line_never_ends() {
        let one = "id: 1\ndata: {\"comment\":\"a\"}\n\n";
        let (seen, reader, goes_on) = read(&[one, one], 1);
        assert_eq!((seen.len(), reader.last.as_str(), goes_on), (1, "1", false));
        let (_, reader, goes_on) = read(&[&"x".repeat(LINE_MAX + 1)], 0);
        assert!(!goes_on && reader.broken.is_some());
        let line = format!("data: {}\n", "x".repeat(LINE_MAX / 2));
        let (_, reader, goes_on) = read(&[&line, &line, &line], 0);
        assert!(!goes_on && reader.broken.is_some(), "nor an event");
    }

    #[test]
    fn an_event_without_a_place_leaves_the_last_one_standing() {
        let (seen, reader, _) =
            read(&["id: 7\ndata: {\"comment\":\"a\"}\n\nid:\ndata: {\"comment\":\"b\"}\n\n"], 0);
        assert_eq!((seen.join(" "), reader.last.as_str()), ("a@Token(\"7\") b@Token(\"7\")".to_owned(), "7"));
    }
}
