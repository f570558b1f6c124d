//! `wp.editComment` over XML-RPC: the one road that leaves a missing reader's address missing. Used for nothing else.

use super::api::Api;
use crate::backend::Fault;
use crate::net::{Method, Request, Response, Transport};

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Called {
    Done,
    /// The comment is not there (fault 404).
    Missing,
    /// XML-RPC is switched off, blocked, or takes no application passwords: nothing was done.
    Unavailable,
    /// It was tried and failed inside WordPress (fault 500); it says so too when there was nothing to change.
    Failed(String),
}

/// Sets a status (`approve`, `hold`, `spam`) and nothing else.
pub fn edit_status(api: &Api, wire: &dyn Transport, id: u64, status: &str) -> Result<Called, Fault> {
    let change = format!(
        "<struct><member><name>status</name><value><string>{status}</string></value></member></struct>"
    );
    call(api, wire, "wp.editComment", &[format!("<int>{id}</int>"), change])
}

/// Whether calls are answered for this account.
pub fn is_available(api: &Api, wire: &dyn Transport) -> Result<bool, Fault> {
    Ok(call(api, wire, "wp.getProfile", &[])? == Called::Done)
}

fn call(api: &Api, wire: &dyn Transport, name: &str, rest: &[String]) -> Result<Called, Fault> {
    let mut values = vec![
        "<int>1</int>".to_owned(),
        format!("<string>{}</string>", escape(&api.account)),
        format!("<string>{}</string>", escape(api.secret().reveal())),
    ];
    values.extend_from_slice(rest);
    let params: String = values.iter().map(|v| format!("<param><value>{v}</value></param>")).collect();
    let body = format!(
        "<?xml version=\"1.0\"?><methodCall><methodName>{name}</methodName><params>{params}</params></methodCall>"
    );
    let mut request = Request::new(Method::Post, api.xmlrpc_url()).header("content-type", "text/xml");
    request.body = body.into_bytes();
    request.without_agent = true;
    read(&wire.send(request)?)
}

fn read(answer: &Response) -> Result<Called, Fault> {
    let text = String::from_utf8_lossy(&answer.body);
    if matches!(answer.status, 429 | 503) {
        return Err(super::api::fault(answer));
    }
    if answer.status != 200 || !text.contains("<methodResponse>") {
        return Ok(Called::Unavailable);
    }
    let Some(fault) = text.split_once("<fault>").map(|(_, fault)| fault) else { return Ok(Called::Done) };
    let code = between(fault, "<int>", "</int>").and_then(|code| code.trim().parse::<u32>().ok());
    let words = between(fault, "<string>", "</string>").unwrap_or_default().trim().to_owned();
    Ok(match code {
        Some(404) => Called::Missing,
        Some(500) => Called::Failed(words),
        _ => Called::Unavailable,
    })
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.split_once(open)?.1.split_once(close).map(|(inside, _)| inside)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: u32) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<methodResponse><fault><value><struct><member><name>faultCode</name>\
             <value><int>{code}</int></value></member><member><name>faultString</name><value><string>No.</string>\
             </value></member></struct></value></fault></methodResponse>"
        )
    }

    #[test]
    fn only_a_plain_answer_counts_as_done() {
        let check = |status: u16, body: &str, called: Called| {
            let answer = Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
            assert_eq!(read(&answer), Ok(called), "{status} {body}");
        };
        let yes = "<methodResponse><params><param><value><boolean>1</boolean></value></param></params></methodResponse>";
        check(200, yes, Called::Done);
        check(200, &fault(404), Called::Missing);
        check(200, &fault(405), Called::Unavailable);
        check(200, &fault(403), Called::Unavailable);
        check(200, &fault(500), Called::Failed("No.".to_owned()));
        check(200, "<html><title>Log in</title></html>", Called::Unavailable);
        check(405, "", Called::Unavailable);
        check(200, "", Called::Unavailable);
    }

    #[test]
    fn a_password_cannot_break_out_of_its_element() {
        assert_eq!(escape("a<b>&</b>"), "a&lt;b&gt;&amp;&lt;/b&gt;");
    }
}
