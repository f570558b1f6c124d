//! One decision to WordPress. It has no version check and answers 200 to nearly everything, so what it returns is compared;
//! and it writes the caller's address over the reader's unless that is sent back.

use super::api::{self, Api};
use super::wire::{COMMENT_FIELDS, Change, ProblemData};
use super::{convert, look, xmlrpc};
use crate::backend::{Fault, json, json::Shape};
use crate::domain::{Decision, NativeId, Observed, Receipt, Sight, Status, Verb};
use crate::net::{Method, Response, Transport};
use std::net::IpAddr;

/// What WordPress itself writes where it knows no address.
const IP_UNKNOWN: &str = "127.0.0.1";

pub fn push(
    api: &Api,
    wire: &dyn Transport,
    decision: &Decision,
    fresh: &Observed,
) -> Result<Receipt, Fault> {
    let id = look::number(&decision.native_id)
        .ok_or_else(|| Fault::Refused { status: 404, why: "WordPress numbers its comments".to_owned() })?;
    if fresh.status == Some(decision.verb.wanted()) {
        return Ok(Receipt { now: fresh.clone(), already: true });
    }
    match convert::settable(decision.verb) {
        Some(word) => set(api, wire, id, word, decision, fresh),
        None => trash(api, wire, id, fresh),
    }
}

/// `DELETE` without `force`: to the trash or nothing. It leaves the reader's address and agent alone.
fn trash(api: &Api, wire: &dyn Transport, id: u64, fresh: &Observed) -> Result<Receipt, Fault> {
    let request =
        api.request(Method::Delete, &format!("/wp/v2/comments/{id}"), &[("_fields", COMMENT_FIELDS)]);
    let answer = wire.send(request)?;
    match answer.status {
        200 => confirm(&answer, id, Verb::Reject),
        410 => {
            let now = Observed { status: Some(Status::Rejected), ..fresh.clone() };
            Ok(Receipt { now, already: true })
        }
        501 => Err(Fault::Refused {
            status: 501,
            why: "this site's trash is switched off, so a rejected comment could not be brought back: reject is not \
                  offered here"
                .to_owned(),
        }),
        _ => Err(refused(api, wire, &answer, id)),
    }
}

fn set(
    api: &Api,
    wire: &dyn Transport,
    id: u64,
    word: &str,
    decision: &Decision,
    fresh: &Observed,
) -> Result<Receipt, Fault> {
    if let Some(ip) = stored_ip(api, wire, &decision.native_id, fresh)? {
        let answer = post(api, wire, id, word, &ip)?;
        match answer.status {
            200 => return confirm(&answer, id, decision.verb),
            // an address that WordPress stored and does not take back
            400 if complains_of_ip(&answer) => {}
            _ => return Err(refused(api, wire, &answer, id)),
        }
    }
    match without_ip(api, wire, id, word, decision)? {
        Some(receipt) => Ok(receipt),
        None => {
            let answer = post(api, wire, id, word, IP_UNKNOWN)?;
            if answer.status == 200 {
                confirm(&answer, id, decision.verb)
            } else {
                Err(refused(api, wire, &answer, id))
            }
        }
    }
}

/// Decides over XML-RPC, which leaves a missing address missing. `None` where it cannot be used: hosts block it, some by
/// hanging up.
fn without_ip(
    api: &Api,
    wire: &dyn Transport,
    id: u64,
    word: &str,
    decision: &Decision,
) -> Result<Option<Receipt>, Fault> {
    match xmlrpc::edit_status(api, wire, id, word) {
        Ok(xmlrpc::Called::Done) => {
            reread(api, wire, decision, None).map_err(|fault| carried_out(&fault).unwrap_or(fault)).map(Some)
        }
        Ok(xmlrpc::Called::Failed(why)) => reread(api, wire, decision, Some(why)).map(Some),
        Ok(xmlrpc::Called::Missing) => Err(look::missing(api, wire)),
        Ok(xmlrpc::Called::Unavailable) => Ok(None),
        Err(Fault::Unanswered { why }) => match reread(api, wire, decision, Some(why)) {
            Err(Fault::Failing { status: 500, .. }) => Ok(None),
            judged => judged.map_err(|fault| carried_out(&fault).unwrap_or(fault)).map(Some),
        },
        Err(fault) => Err(fault),
    }
}

/// The decision may have been carried out, and reading the comment again failed: that it never left would be untrue.
fn carried_out(fault: &Fault) -> Option<Fault> {
    let told = matches!(fault, Fault::Gone | Fault::Unconfirmed { .. });
    (!told).then(|| Fault::Unanswered { why: fault.to_string() })
}

/// The reader's address as stored, `None` where there is none that can be sent back.
fn stored_ip(
    api: &Api,
    wire: &dyn Transport,
    id: &NativeId,
    fresh: &Observed,
) -> Result<Option<String>, Fault> {
    let told = fresh.private.as_ref().and_then(|private| private.ip.clone());
    let ip = match told {
        Some(ip) => Some(ip),
        None => match look::one(api, wire, id)? {
            Sight::Here(now) => now.private.and_then(|private| private.ip),
            // whatever address stands there must not be written over
            Sight::Unreadable(now) => return Err(Fault::Refused { status: 422, why: now.why }),
            Sight::Missing(_) | Sight::Gone(_) => return Err(Fault::Gone),
            Sight::Denied { why, .. } => return Err(Fault::Malformed { why }),
        },
    };
    Ok(ip.filter(|ip| ip.parse::<IpAddr>().is_ok()))
}

/// No `User-Agent` on this request: WordPress would store it as the reader's.
fn post(api: &Api, wire: &dyn Transport, id: u64, word: &str, ip: &str) -> Result<Response, Fault> {
    let change = json::encode(&Change { status: word, author_ip: ip })?;
    let path = format!("/wp/v2/comments/{id}");
    let mut request = api.request(Method::Post, &path, &[("_fields", COMMENT_FIELDS)]).json(change);
    request.without_agent = true;
    Ok(wire.send(request)?)
}

fn complains_of_ip(answer: &Response) -> bool {
    api::problem(answer).is_some_and(|problem| {
        let named =
            matches!(&problem.data, ProblemData::Known { params } if params.contains_key("author_ip"));
        problem.code == "rest_invalid_param" && named
    })
}

fn refused(api: &Api, wire: &dyn Transport, answer: &Response, id: u64) -> Fault {
    match api::problem(answer) {
        Some(problem) if problem.code == "rest_comment_invalid_id" => look::missing(api, wire),
        Some(problem) if problem.code == "rest_post_invalid_id" => Fault::Refused {
            status: answer.status,
            why: format!("the article of comment {id} is gone, and WordPress decides nothing without it"),
        },
        _ => api::fault(answer).of_write(),
    }
}

fn confirm(answer: &Response, id: u64, verb: Verb) -> Result<Receipt, Fault> {
    let text = json::text(&answer.body, Shape::Object)?;
    let now = convert::observed(json::decode(&text)?);
    if look::number(&now.native_id) != Some(id) {
        return Err(Fault::Malformed { why: "the answer is about another comment".to_owned() });
    }
    judged(now, verb)
}

fn judged(now: Observed, verb: Verb) -> Result<Receipt, Fault> {
    if now.status == Some(verb.wanted()) {
        Ok(Receipt { now, already: false })
    } else {
        Err(Fault::Unconfirmed { theirs: Box::new(now) })
    }
}

/// XML-RPC answers only yes or no, so the comment is read again.
fn reread(
    api: &Api,
    wire: &dyn Transport,
    decision: &Decision,
    failed: Option<String>,
) -> Result<Receipt, Fault> {
    let now = match look::one(api, wire, &decision.native_id)? {
        Sight::Here(now) => now,
        Sight::Unreadable(now) => now.observed(decision.native_id.clone()),
        Sight::Missing(_) | Sight::Gone(_) => return Err(Fault::Gone),
        Sight::Denied { why, .. } => return Err(Fault::Malformed { why }),
    };
    match (judged(now, decision.verb), failed) {
        (Err(_), Some(why)) => Err(Fault::Failing { status: 500, why, after: None }),
        (judged, _) => judged,
    }
}
