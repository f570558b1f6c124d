//! Each fault below the meaning of an answer, once, through the transport alone: what it is taken for decides whether a
//! request may be repeated, and whether anything secret goes on.

use super::desk::{SHORT, Site};
use super::fault::{Scope, TRANSPORT};
use super::proxy::{Dialect, Proxy};
use greenroom::net::http::Http;
use greenroom::net::{BODY_MAX, Broken, Method, Request, Response, Transport};
use std::time::{Duration, Instant};

/// What the transport makes of each fault.
const TAKEN_FOR: [(&str, &str); 18] = [
    ("connection refused", "not sent: nothing answers at that address"),
    ("reset before the request", "no answer: the connection was cut"),
    ("reset after the request", "no answer: the connection was cut"),
    ("answer cut at a third", "no answer: the answer was cut short"),
    ("answer cut at two thirds", "no answer: the answer was cut short"),
    ("answer cut at its last byte", "no answer: the answer was cut short"),
    ("answer cut, length untold", "200"),
    ("silence before the answer", "no answer: no answer in time"),
    ("silence halfway", "no answer: no answer in time"),
    ("one byte a second", "no answer: no answer in time"),
    ("no HTTP", "no answer: what answers there is not a web server"),
    ("a header of a megabyte", "no answer: the headers of the answer are larger than any site needs"),
    ("10,000 headers", "no answer: the headers of the answer are larger than any site needs"),
    ("gzip bomb", "unusable: the answer is larger than 16 MiB"),
    ("a page of a gigabyte", "unusable: the answer is larger than 16 MiB"),
    ("redirect to another origin", "elsewhere"),
    ("redirect in a circle", "unusable: the site redirects in circles"),
    ("no body", "200"),
];

fn taken_for(result: &Result<Response, Broken>) -> String {
    let reason = |why: &str| why.split(": http").next().unwrap_or_default().to_owned();
    match result {
        Ok(answer) => answer.status.to_string(),
        Err(Broken::NotSent(why)) => format!("not sent: {}", reason(why)),
        Err(Broken::NoAnswer(why)) => format!("no answer: {}", reason(why)),
        Err(Broken::Unusable(why)) => format!("unusable: {}", reason(why)),
        Err(Broken::Elsewhere(_)) => "elsewhere".to_owned(),
        Err(Broken::Untrusted(why)) => format!("untrusted: {why}"),
    }
}

#[test]
fn every_transport_fault_is_taken_for_what_it_is() {
    let http = Http::with(SHORT).unwrap();
    let (site, mut wrong) = (Site::start(Dialect::Cmh), Vec::new());
    println!("| fault | the transport says | bytes taken | ms |\n|---|---|---|---|");
    for (kind, (name, wanted)) in TRANSPORT.iter().zip(TAKEN_FOR) {
        assert_eq!(kind.name, name);
        let proxy = Proxy::before(site.address(), Dialect::Cmh);
        proxy.begin(kind.how, Scope::All);
        std::thread::sleep(Duration::from_millis(20));
        let url = format!("http://{}/api/mod/comments?token=t0ken", proxy.address());
        let request =
            Request::new(Method::Get, url).header("authorization", format!("Bearer {}", site.secret()));
        let started = Instant::now();
        let result = http.send(request);
        let (took, poured) = (started.elapsed(), proxy.poured());
        let told = taken_for(&result);
        println!("| {name} | {told} | {poured} | {} |", took.as_millis());
        if told != wanted {
            wrong.push(format!("{name}: {told}, and not {wanted}: {result:?}"));
        }
        if took > SHORT.answer + Duration::from_secs(3) {
            wrong.push(format!("{name} took {took:?}"));
        }
        // What the system holds ready on both sides comes on top.
        if poured > BODY_MAX + (16 << 20) {
            wrong.push(format!("{name}: {poured} bytes were taken"));
        }
        let words = format!("{result:?}");
        if ["t0ken", &site.secret()].iter().any(|secret| words.contains(secret)) {
            wrong.push(format!("{name}: a secret is in {words}"));
        }
        if !proxy.trapped().is_empty() {
            wrong.push(format!("{name}: another origin heard {:?}", proxy.trapped()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_write_that_is_sent_on_goes_nowhere_else() {
    let http = Http::with(SHORT).unwrap();
    let site = Site::start(Dialect::Cmh);
    for kind in TRANSPORT.iter().filter(|kind| kind.name.starts_with("redirect")) {
        let proxy = Proxy::before(site.address(), Dialect::Cmh);
        proxy.begin(kind.how, Scope::All);
        let url = format!("http://{}/api/mod/comments/c1/decisions", proxy.address());
        let request =
            Request::new(Method::Post, url).header("authorization", "Bearer b3arer").json(b"{}".to_vec());
        let told = taken_for(&http.send(request));
        assert!(["elsewhere", "302"].contains(&told.as_str()), "{}: {told}", kind.name);
        assert_eq!(proxy.seen().len(), 1, "{}: it was sent again", kind.name);
        assert!(proxy.trapped().is_empty(), "{}", kind.name);
    }
}
