//! `greenroom doctor`, and what a whole run leaves in its log: states and numbers, and nothing of anybody.

use crate::desk::{Desk, SLUG, TOKEN, VARIABLE};
use greenroom::demo::{Demo, Mischief, Options};
use greenroom::net::http::Http;
use greenroom::net::{Method, Request, Transport as _};
use greenroom::store::{self, Store};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

const SECRET: &str = "zaunkoenig-5f3a9b7c";
const WORDS: &str = "Quastenflosser haben im Hafenbecken nichts verloren";

fn newsroom(token: &str) -> Demo {
    let token = Some(token.to_owned());
    let options =
        Options { comments: 30, rate_per_min: 0.0, mischief: Mischief::none(), token, ..Options::default() };
    Demo::start(options).unwrap()
}

fn findings(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|found| found["words"].as_str().unwrap()).collect()
}

#[test]
fn a_desk_that_works_is_told_without_naming_anything() {
    let site = newsroom(TOKEN);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    assert_eq!(desk.run(&["decide", "reject", &queue[0], &queue[1]]).code, 0);
    desk.run(&["decide", "approve", &queue[2], "--later", "--json"]).json(5);
    let ran = desk.run(&["doctor", "--json"]);
    let report = ran.json(0);
    assert_eq!(report["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&report["folder"]["exists"], &report["folder"]["private"]), (&true.into(), &true.into()));
    let bytes = |of| report["folder"][of].as_u64().unwrap();
    assert!(bytes("desk_bytes") + bytes("journal_bytes") > 10_000 && bytes("log_bytes") > 0, "{report}");
    assert_eq!((&report["desk"]["damage"], &report["desk"]["journal"]), (&0.into(), &"wal".into()));
    assert_eq!(report["desk"]["schema"], report["desk"]["schema_known"]);
    let decisions = report["desk"]["decisions"].as_array().unwrap();
    let n = |state| decisions.iter().find(|row| row["state"] == state).map(|row| row["n"].as_u64().unwrap());
    assert_eq!((n("delivered"), n("held")), (Some(2), Some(1)));
    assert_eq!(report["desk"]["sites"][0]["number"], 1);
    assert_eq!(report["desk"]["sites"][0]["secret_variable_set"], true);
    assert_eq!((&report["keyring"], &report["held_by"]), (&"unreachable".into(), &Value::Null));
    assert_eq!(findings(&report).len(), 1, "no keyring answers here");

    let lines = desk.run(&["doctor"]);
    assert_eq!((lines.code, lines.err.as_str()), (0, ""));
    let home = desk.dir.path().to_str().unwrap();
    for told in [&ran.out, &lines.out] {
        for name in [SLUG, "Brackwater", "127.0.0.1", home, &queue[2]] {
            assert!(!told.contains(name), "{name}: {told}");
        }
    }
    let full = desk.run(&["doctor", "--full"]);
    assert!(
        full.out.contains(SLUG) && full.out.contains("127.0.0.1") && full.out.contains(home),
        "{}",
        full.out
    );
}

#[test]
fn a_desk_that_somebody_holds_is_looked_over_beside_them() {
    let site = newsroom(TOKEN);
    let desk = Desk::on(&site.origin());
    let held = Store::open(&desk.data(), store::Options::default()).unwrap();
    let report = desk.run(&["doctor", "--json"]).json(0);
    assert_eq!(report["held_by"], std::process::id().to_string());
    assert_eq!(report["desk"]["damage"], 0);
    drop(held);
    // What another test starts at this moment has the lock for as long as it takes to become another program.
    let until = Instant::now() + Duration::from_secs(10);
    while desk.run(&["doctor", "--json"]).json(0)["held_by"] != Value::Null {
        assert!(Instant::now() < until, "it is let go");
    }
}

#[test]
fn a_desk_that_cannot_be_opened_is_told_with_what_mends_it() {
    let desk = Desk::empty();
    let none = desk.run(&["doctor", "--json"]).json(1);
    assert!(findings(&none)[0].contains("greenroom sites add"), "{none}");
    assert!(!desk.data().exists(), "looking makes nothing");

    let site = newsroom(TOKEN);
    let desk = Desk::on(&site.origin());
    let file = desk.data().join("desk.sqlite");
    let db = rusqlite::Connection::open(&file).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    let newer = desk.run(&["doctor", "--json"]).json(1);
    assert!(findings(&newer)[0].contains("newer Greenroom"), "{newer}");
    db.pragma_update(None, "user_version", newer["desk"]["schema_known"].as_i64().unwrap_or(5)).unwrap();
    drop(db);

    std::fs::set_permissions(desk.data(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let open = desk.run(&["doctor", "--json"]).json(1);
    assert!(findings(&open).iter().any(|words| words.contains("Others on this machine")), "{open}");

    for beside in ["desk.sqlite-wal", "desk.sqlite-shm"] {
        let _ = std::fs::remove_file(desk.data().join(beside));
    }
    std::fs::write(&file, "no file of SQLite, ".repeat(4_000)).unwrap();
    let damaged = desk.run(&["doctor", "--json"]);
    let report = damaged.json(1);
    assert!(findings(&report)[0].contains("is damaged"), "{report}");
    assert!(!damaged.out.contains(desk.dir.path().to_str().unwrap()), "{report}");
    assert_eq!(desk.run(&["doctor"]).code, 1);
}

/// Every file of the log, and what it says.
fn logged(desk: &Desk) -> String {
    let files = std::fs::read_dir(desk.data().join("logs")).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

/// What the site tells of its readers: e-mail addresses, IPs and names.
fn told_of_readers(origin: &str) -> Vec<String> {
    let request = Request::new(Method::Get, format!("{origin}/api/mod/comments?status=pending&limit=100"))
        .header("authorization", format!("Bearer {SECRET}"));
    let answer = Http::new().unwrap().send(request).unwrap();
    let page: Value = serde_json::from_slice(&answer.body).unwrap();
    let items = page["items"].as_array().unwrap();
    let told = items.iter().flat_map(|item| ["email", "ip"].map(|key| &item["attributedTo"][key]));
    let told: Vec<String> = told.filter_map(Value::as_str).map(str::to_owned).collect();
    assert!(told.len() >= 40, "{page}");
    told
}

#[test]
fn a_whole_run_at_the_finest_level_logs_nothing_of_anybody() {
    let site = newsroom(SECRET);
    let native = site.with_world(|world| {
        let first = world.pending_ids()[0].clone();
        assert!(world.edit(&first, WORDS));
        first
    });
    let mut never = told_of_readers(&site.origin());
    never.extend([SECRET, "Bearer", "?status", &site.origin()].map(str::to_owned));
    never.extend(WORDS.split(' ').filter(|word| word.len() > 5).map(str::to_owned));
    let desk = Desk { secret: Some(SECRET.to_owned()), ..Desk::empty() };
    let run = |args: &[&str], codes: &[i32]| {
        let ran = desk.run_with(&[("GREENROOM_LOG", "trace"), ("GREENROOM_SECRET", SECRET)], args);
        assert!(codes.contains(&ran.code), "{args:?}: {}", ran.code);
        ran.err
    };
    let mut err = run(&["sites", "add", "cmh", &site.origin()], &[0]);
    err += &run(&["pull"], &[0]);
    let handle = format!("{SLUG}:{native}");
    err += &run(&["decide", "approve", &handle], &[0]);
    err += &run(&["undo"], &[0]);
    site.with_world(|world| world.fail_for(2));
    err += &run(&["pull"], &[0, 5]);
    let wrong = [("GREENROOM_LOG", "trace"), (VARIABLE, "wrong-zaunkoenig-0000")];
    err += &desk.run_with(&wrong, &["sites", "check"]).err;
    never.push("wrong-zaunkoenig-0000".to_owned());

    // The site's own name is said to a person on standard error, and its address where it cannot be reached; a log line
    // begins with its time.
    let is_log = |line: &&str| line.starts_with("20") && line.contains('Z');
    let err: String = err.lines().filter(is_log).collect::<Vec<_>>().join("\n");
    let log = logged(&desk);
    for (name, said) in [("the log", &log), ("standard error", &err)] {
        assert!(said.matches("TRACE").count() > 100, "{name} has little to say");
        assert!(said.contains("greenroom::sync::driver") && said.contains("hyper"), "{name}");
        for word in &never {
            assert!(!said.contains(word), "{name} has {word}: {:?}", said.lines().find(|l| l.contains(word)));
        }
    }
    let folder = desk.data().join("logs");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("greenroom.log"))), (0o700, 0o600));
}

#[test]
fn a_fault_ends_a_command_in_words_and_is_found_by_the_doctor() {
    let site = newsroom(TOKEN);
    let desk = Desk::on(&site.origin());
    let plants = desk.dir.path().join("plants");
    std::fs::create_dir(&plants).unwrap();
    std::fs::write(plants.join("frame"), format!("{SECRET} ana@mail.example {WORDS}")).unwrap();
    let ran = desk.run_with(&[("GREENROOM_PLANT", plants.to_str().unwrap())], &["pull"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("A fault of the program ended this") && ran.err.contains("src/app/mishap.rs:"));
    assert!(ran.err.contains("a fault planted in the frame"), "{}", ran.err);
    let doctor = desk.run(&["doctor", "--json"]);
    let report = doctor.json(0);
    assert!(report["fault"].as_str().unwrap().contains("src/app/mishap.rs:"), "{report}");
    let kinds = report["log"].as_array().unwrap();
    assert!(
        kinds.iter().any(|kind| kind["words"].as_str().unwrap().starts_with("greenroom::fault panicked"))
    );
    for said in [ran.err, doctor.out, logged(&desk)] {
        for word in [SECRET, "ana@", "Quastenflosser", "Hafenbecken"] {
            assert!(!said.contains(word), "{word}: {said}");
        }
    }
    assert_eq!(desk.run(&["pull"]).code, 0, "the desk is free again, and works");
}
