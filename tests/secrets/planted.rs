//! A planted token after a whole evening: it is in the one header that carries it and nowhere else.

use crate::{Desk, TOKEN, VARIABLE, files, newsroom};
use greenroom::app::command::{Command, Connect, Secret};
use greenroom::domain::{Backend, SiteId};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Output;
use std::sync::{Arc, Mutex};

const NO_BUS: &str = "unix:path=/nonexistent/bus";

/// A road to the site that writes down everything the desk says.
pub struct Ear {
    pub address: SocketAddr,
    pub heard: Arc<Mutex<Vec<u8>>>,
}

impl Ear {
    fn towards(site: SocketAddr) -> Self {
        Self::towards_on(&Ipv4Addr::LOCALHOST.to_string(), site)
    }

    /// The same on an address that only the test's own network has.
    pub fn towards_on(address: &str, site: SocketAddr) -> Self {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let all = Arc::clone(&heard);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let all = Arc::clone(&all);
                std::thread::spawn(move || {
                    let Ok(site) = TcpStream::connect(site) else { return };
                    std::thread::scope(|both| {
                        both.spawn(|| carry(&caller, &site, Some(&all)));
                        carry(&site, &caller, None);
                    });
                });
            }
        });
        Self { address, heard }
    }
}

fn carry(mut from: &TcpStream, mut to: &TcpStream, heard: Option<&Mutex<Vec<u8>>>) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(n @ 1..) = from.read(&mut piece) {
        if let Some(heard) = heard {
            heard.lock().unwrap().extend_from_slice(&piece[..n]);
        }
        if to.write_all(&piece[..n]).is_err() {
            break;
        }
    }
    let _ = (to.shutdown(Shutdown::Write), from.shutdown(Shutdown::Read));
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

/// What a token looks like once somebody has coded it.
fn shapes() -> Vec<String> {
    let hex: String = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
    // The middle of its base64, whatever stands before it: 16 letters of each of the three ways to begin.
    let coded = ["cExhbnRlZC03ZjNhOWMt", "MYW50ZWQtN2YzYTljLXRP", "wTGFudGVkLTdmM2E5Yy10"];
    coded.into_iter().map(str::to_owned).chain([TOKEN.to_owned(), hex]).collect()
}

#[test]
fn a_planted_token_is_nowhere_but_in_the_header_that_carries_it() {
    let site = newsroom(14);
    let ear = Ear::towards(site.address());
    let origin = format!("http://{}", ear.address);
    site.with_world(|world| world.set_origin(&origin));
    let desk = Desk::new(NO_BUS);
    let mut said: Vec<(String, Output)> = Vec::new();
    let mut run = |args: &[&str]| {
        let mut command = desk.command(args);
        let output = command.env(VARIABLE, TOKEN).env("GREENROOM_LOG", "trace").output().unwrap();
        said.push((args.join(" "), output.clone()));
        output
    };
    assert!(desk.run_with_input(&["sites", "add", "cmh", &origin], TOKEN).status.success());
    assert!(run(&["pull"]).status.success());
    let listed = run(&["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let id = |n: usize| listed["comments"][n]["id"].as_str().unwrap().to_owned();
    assert!(run(&["decide", "approve", &id(0)]).status.success());
    assert!(run(&["decide", "reject", &id(1)]).status.success());
    assert!(run(&["undo"]).status.success());
    for args in [&["show", &id(2)][..], &["outbox"], &["sites", "check"], &["sites", "list"]] {
        assert!(run(args).status.success(), "{args:?}");
    }
    // What goes wrong with it in hand: another account, an address that is none, a token that no header can carry.
    let mut fails = |args: &[&str], secret: &str| {
        let mut command = desk.command(args);
        command.env("GREENROOM_SECRET", secret).env("GREENROOM_LOG", "trace");
        let output = command.output().unwrap();
        assert!(!output.status.success(), "{args:?}");
        said.push((args.join(" "), output));
    };
    fails(&["sites", "add", "wordpress", &origin, "--user", "robin"], TOKEN);
    fails(&["sites", "add", "cmh", &origin], &format!("{TOKEN}-wrong"));
    fails(&["sites", "add", "cmh", &origin], &format!("{TOKEN}\u{7}"));
    fails(&["sites", "add", "cmh", "http://127.0.0.1:9/"], TOKEN);
    fails(&["sites", "add", "cmh", "ftp://news.example"], TOKEN);

    for (args, output) in &said {
        for shape in shapes() {
            let (out, err) = (has(&output.stdout, &shape), has(&output.stderr, &shape));
            assert!(
                !out && !err,
                "{shape} is printed by: {args}\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
    let noisy = said.iter().map(|(_, output)| output.stderr.len()).sum::<usize>();
    assert!(noisy > 20_000, "the log was looked through at its loudest: {noisy} bytes");
    let kept = files(desk.home.path());
    assert!(kept.iter().any(|file| file.ends_with("desk.carbon")) && kept.len() >= 3, "{kept:?}");
    for file in kept {
        let bytes = std::fs::read(&file).unwrap();
        assert!(shapes().iter().all(|shape| !has(&bytes, shape)), "{}", file.display());
    }
    let heard = String::from_utf8_lossy(&ear.heard.lock().unwrap()).into_owned();
    let lines: Vec<&str> = heard.lines().filter(|line| line.contains(TOKEN)).collect();
    assert!(lines.len() > 10, "{}", lines.len());
    for line in lines {
        let is_header = line.to_ascii_lowercase().starts_with("authorization: bearer ");
        assert!(is_header, "the token left in: {line}");
    }
    assert!(heard.lines().filter(|line| line.contains(" HTTP/1.1")).all(|line| !line.contains(TOKEN)));
}

#[test]
fn a_running_command_shows_its_token_to_no_process_list() {
    let site = newsroom(6);
    let desk = Desk::new(NO_BUS);
    let mut command = desk.command(&["sites", "add", "cmh", &site.origin()]);
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(TOKEN.as_bytes()).unwrap();
    input.flush().unwrap();
    // It waits for the end of the line, with the token in hand.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let of = |name: &str| std::fs::read(format!("/proc/{}/{name}", child.id())).unwrap();
    let (line, environment) = (of("cmdline"), of("environ"));
    assert!(has(&line, "sites") && !has(&line, TOKEN), "{}", String::from_utf8_lossy(&line));
    assert!(!environment.is_empty() && !has(&environment, TOKEN));
    input.write_all(b"\n").unwrap();
    drop(input);
    assert!(child.wait_with_output().unwrap().status.success());
}

#[test]
fn no_argument_takes_a_secret() {
    let desk = Desk::new(NO_BUS);
    for args in [&["--help"][..], &["sites", "add", "--help"], &["decide", "--help"]] {
        let help = String::from_utf8(desk.run(args).stdout).unwrap().to_lowercase();
        for word in ["--token", "--password", "--secret"] {
            assert!(!help.contains(word), "{args:?}: {word}");
        }
    }
}

#[test]
fn what_holds_a_secret_does_not_print_it_even_in_a_panic() {
    let secret = || Secret::new(TOKEN);
    let connect = Connect {
        backend: Backend::Cmh,
        address: "https://news.example".into(),
        account: "Robin".into(),
        secret: secret(),
    };
    let said = [
        format!("{:?}", secret()),
        format!("{connect:?}"),
        format!("{:?}", Command::Connect(connect.clone())),
        format!("{:?}", Command::SignIn(SiteId(1), secret())),
    ];
    for text in said {
        assert!(!text.contains(TOKEN), "{text}");
    }
    let panicked: Result<(), _> = std::panic::catch_unwind(|| {
        panic!("what was asked could not be done: {connect:?}");
    });
    let words = panicked.unwrap_err();
    let words = words.downcast_ref::<String>().unwrap();
    assert!(words.contains("news.example") && !words.contains(TOKEN), "{words}");
}
