//! Real sockets on this machine: what leaves, what comes back, and what is refused.

use super::*;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;

/// A server that gives each connection to `each`, with the request it read.
fn serve(each: impl Fn(String, TcpStream) + Send + Sync + 'static) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    let each = Arc::new(each);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, tell, each) = (stream.unwrap(), tell.clone(), Arc::clone(&each));
            thread::spawn(move || {
                let request = read_request(&mut stream);
                let _ = tell.send(request.clone());
                each(request, stream);
            });
        }
    });
    (address, told)
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).unwrap_or(0);
        all.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&all).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if length == 0 {
                return text;
            }
            continue;
        };
        let wanted = head.to_lowercase();
        let wanted = wanted.lines().find_map(|l| l.strip_prefix("content-length: "));
        if body.len() >= wanted.map_or(0, |n| n.parse().unwrap()) || length == 0 {
            return text;
        }
    }
}

fn answer(stream: &mut TcpStream, head: &str, body: &[u8]) {
    let _ = write!(stream, "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(body);
}

fn short() -> Http {
    let timeouts = Timeouts { answer: Duration::from_millis(400), idle: Duration::from_millis(400) };
    Http::with(timeouts).unwrap()
}

fn get(url: impl Into<String>) -> Request {
    Request::new(Method::Get, url)
}

#[test]
fn the_agent_is_honest_or_absent() {
    let (url, told) = serve(|_, mut s| answer(&mut s, "200 OK", b"[]"));
    let http = Http::new().unwrap();
    http.send(get(&url)).unwrap();
    let agent = format!("user-agent: greenroom/{}", env!("CARGO_PKG_VERSION"));
    let seen = told.recv().unwrap().to_lowercase();
    assert!(seen.contains(&agent), "{seen}");
    let mut request = Request::new(Method::Post, &url).json(b"{}".to_vec());
    request.without_agent = true;
    http.send(request).unwrap();
    let seen = told.recv().unwrap().to_lowercase();
    assert!(!seen.contains("user-agent"), "{seen}");
}

#[test]
fn a_redirect_stays_on_its_origin() {
    let (other, reached) = serve(|_, mut s| answer(&mut s, "200 OK", b"stolen"));
    let target = other.clone();
    let (url, _told) = serve(move |request, mut s| {
        let head = match request.split(' ').nth(1).unwrap() {
            "/near" => "302 Found\r\nlocation: /here?x=1".to_owned(),
            "/far" => format!("302 Found\r\nlocation: {target}/loot?token=1"),
            "/circle" => "302 Found\r\nlocation: /circle".to_owned(),
            _ => "200 OK".to_owned(),
        };
        answer(&mut s, &head, b"arrived");
    });
    let http = Http::new().unwrap();
    assert_eq!(http.send(get(format!("{url}/near"))).unwrap().body, b"arrived");
    let far = http.send(get(format!("{url}/far")).header("authorization", "Basic c2VjcmV0"));
    assert_eq!(far, Err(Broken::Elsewhere(format!("{other}/loot"))));
    assert!(reached.try_recv().is_err(), "the credentials went to another origin");
    assert!(matches!(http.send(get(format!("{url}/circle"))), Err(Broken::Unusable(_))));
}

#[test]
fn a_write_is_never_turned_into_a_read() {
    let (url, told) = serve(|_, mut s| answer(&mut s, "301 Moved\r\nlocation: /elsewhere", b""));
    let got = Http::new().unwrap().send(Request::new(Method::Post, url).json(b"{}".to_vec())).unwrap();
    assert_eq!(got.status, 301);
    assert!(told.recv().unwrap().starts_with("POST"));
    assert!(told.try_recv().is_err(), "it asked a second time");
}

#[test]
fn what_never_left_is_told_from_what_was_not_answered() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let http = short();
    assert!(matches!(http.send(get(format!("http://{closed}"))), Err(Broken::NotSent(_))));
    let (silent, _a) = serve(|_, s| {
        thread::sleep(Duration::from_secs(2));
        drop(s);
    });
    assert!(matches!(http.send(get(silent)), Err(Broken::NoAnswer(_))));
    let (hangs_up, _b) = serve(|_, s| drop(s));
    assert!(matches!(http.send(get(hangs_up)), Err(Broken::NoAnswer(_))));
    let (cut_short, _c) = serve(|_, mut s| {
        let _ = s.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
    });
    assert!(matches!(http.send(get(cut_short)), Err(Broken::NoAnswer(_))));
}

#[test]
fn an_answer_over_the_cap_is_refused() {
    let (told_length, _a) = serve(|_, mut s| {
        let _ = write!(s, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", BODY_MAX + 1);
    });
    assert!(matches!(Http::new().unwrap().send(get(told_length)), Err(Broken::Unusable(_))));
    let (written, pieces) = mpsc::channel();
    let (endless, _b) = serve(move |_, mut s| {
        let _ = s.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let piece = vec![b' '; 1 << 20];
        while s.write_all(&piece).is_ok() && written.send(()).is_ok() {}
    });
    let got = Http::new().unwrap().send(get(endless));
    assert!(matches!(&got, Err(Broken::Unusable(why)) if why.contains("16 MiB")), "{got:?}");
    let read_mib = pieces.try_iter().count();
    assert!(read_mib < 32, "{read_mib} MiB were read of an answer over the cap");
}

#[test]
fn the_cap_counts_what_an_answer_unfolds_to() {
    let small = include_bytes!("../../../tests/fixtures/http/unfolds.gz");
    assert!(small.len() < 32 * 1024);
    let (url, told) = serve(|_, mut s| answer(&mut s, "200 OK\r\ncontent-encoding: gzip", small));
    let got = Http::new().unwrap().send(get(url));
    assert!(matches!(&got, Err(Broken::Unusable(why)) if why.contains("16 MiB")), "{got:?}");
    assert!(told.recv().unwrap().to_lowercase().contains("accept-encoding: gzip"));
}

#[test]
fn errors_name_no_secret() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://mona:passw0rd@{closed}/a?token=t0ken&author_email=r%40x");
    let error = short().send(get(&url).header("authorization", "Bearer b3arer")).unwrap_err();
    let words = format!("{error:?} {:?}", get(&url));
    for secret in ["passw0rd", "t0ken", "b3arer", "r%40x"] {
        assert!(!words.contains(secret), "{words}");
    }
    let error = short().send(get("http://127.0.0.1:1/").header("x-key", "ke\ny")).unwrap_err();
    assert_eq!(error, Broken::NotSent("the header x-key cannot be sent".to_owned()));
}

#[test]
fn only_https_leaves_this_machine() {
    for good in ["https://news.example/x", "http://127.0.0.1:8471", "http://[::1]/", "http://localhost:1/"] {
        assert_eq!(is_allowed(good), Ok(()), "{good}");
    }
    for bad in [
        "http://news.example",
        "http://192.168.0.2",
        "http://localhost.evil.example",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "news.example",
        "",
    ] {
        assert!(is_allowed(bad).is_err(), "{bad}");
        assert!(matches!(Http::new().unwrap().send(get(bad)), Err(Broken::NotSent(_))), "{bad}");
    }
}

#[test]
fn in_clear_nothing_leaves_the_private_network() {
    let http = Http::new().unwrap();
    let in_clear = |url: &str| http.send(Request { in_clear: true, ..get(url) });
    for bad in ["http://news.example/", "http://8.8.8.8/", "http://192.169.0.1/"] {
        let Err(Broken::NotSent(why)) = in_clear(bad) else { panic!("{bad}") };
        assert!(why.contains("private network"), "{why}");
    }
    // without having been let through, the same address is refused as ever
    assert!(matches!(http.send(get("http://192.168.0.2/")), Err(Broken::NotSent(_))));
}

#[test]
fn a_name_that_leads_out_of_the_private_network_is_no_name() {
    let resolve = |name: &str| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(PrivateNames.resolve(name.parse().unwrap())).map(Iterator::count)
    };
    assert!(resolve("localhost").unwrap() > 0);
    let why = resolve("192.0.2.9").unwrap_err().to_string();
    assert!(why.contains("nothing was sent"), "{why}");
    assert!(resolve("10.1.2.3").unwrap() == 1);
}

#[test]
fn a_stream_comes_piece_by_piece_and_ends_when_it_falls_silent() {
    let (url, _told) = serve(|request, mut s| {
        if request.starts_with("GET /no") {
            return answer(&mut s, "410 Gone", b"too old");
        }
        let _ = s.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        for piece in ["one", "two", "three"] {
            let _ = s.write_all(piece.as_bytes());
            thread::sleep(Duration::from_millis(250));
        }
        thread::sleep(Duration::from_secs(3));
    });
    let http = short();
    let mut all = String::new();
    let end = http.stream(get(&url), &mut |piece| {
        all.push_str(&String::from_utf8_lossy(piece));
        true
    });
    // longer than the idle limit in all, and no single silence as long as it until the last
    assert_eq!(all, "onetwothree");
    assert!(matches!(end, Err(Broken::NoAnswer(_))), "{end:?}");
    let stopped = http.stream(get(&url), &mut |_| false).unwrap();
    assert_eq!((stopped.status, stopped.body.len()), (200, 0));
    let refused = http.stream(get(format!("{url}/no")), &mut |_| true).unwrap();
    assert_eq!((refused.status, refused.body), (410, b"too old".to_vec()));
}
