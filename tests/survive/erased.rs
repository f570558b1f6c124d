//! Readers' words and addresses go once they are not needed any more: out of every file, while decisions and journal stay.

use crate::desk::{demo_site, open as open_desk, until};
use crate::file::{at, decide, folder, options, site, told, write};
use chrono::{DateTime, TimeDelta, Utc};
use greenroom::app::command::{Command, Connect, Secret};
use greenroom::app::secrets::Secrets;
use greenroom::app::{App, Plant, Ports};
use greenroom::clock::{Clock, System};
use greenroom::domain::{
    AuthorKey, AuthorSeen, Backend, Body, CommentId, Format, NativeId, Observed, Private, Report, Reports,
    Status, Verb,
};
use greenroom::net::http::Http;
use greenroom::store::{Arrival, Derived, Source, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

/// Words like no others, each for one place where a reader's data is kept.
const PLANTED: [&str; 7] = [
    "zqplantedbody",
    "zqplantedname",
    "zqplanted@mail.example",
    "203.0.113.77",
    "zqplantedagent",
    "zqplantedreport",
    "zqplantednote",
];

fn planted(n: usize) -> Arrival {
    let body = format!("Ferry {} at the pier {n}", PLANTED[0]);
    let mut arrival = told(n);
    arrival.observed = Observed {
        status: Some(Status::Pending),
        body: Some(Body { format: Format::Plain, source: body.clone() }),
        author: Some(AuthorSeen {
            name: PLANTED[1].into(),
            url: Some(format!("https://{}.example", PLANTED[1])),
            key: Some(AuthorKey::Email(PLANTED[2].into())),
        }),
        private: Some(Private {
            email: Some(PLANTED[2].into()),
            ip: Some(PLANTED[3].into()),
            agent: Some(PLANTED[4].into()),
        }),
        reports: Some(Reports {
            total: 1,
            items: vec![Report { code: "rude".into(), text: PLANTED[5].into(), by: None, at: None }],
        }),
        ..Observed::of(NativeId(format!("c{n}")))
    };
    arrival.derived = Some(Derived { excerpt: body.clone(), links: 0, form: body });
    arrival
}

/// Which of the planted words are anywhere in a folder.
fn found(dir: &Path) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (name, bytes) in folder(dir) {
        for word in PLANTED {
            if bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())) {
                found.push((word, name.clone()));
            }
        }
    }
    found
}

/// A copy of an older file with all of the planted words, as a migration leaves it.
fn backup(dir: &Path) -> PathBuf {
    let path = dir.join("backups/desk-schema1-2026-01-01-000000.sqlite");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, PLANTED.join(" ")).unwrap();
    path
}

#[test]
fn what_readers_wrote_is_out_of_every_file_once_it_is_old_and_the_journal_still_holds() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let of = write(&store, |work| work.add_site(&site()));
    write(&store, move |work| {
        let arrivals: Vec<Arrival> = (0..60).map(|n| if n == 3 { planted(n) } else { told(n) }).collect();
        work.ingest(of, 1, Source::List, at(0), &arrivals)
    });
    write(&store, |work| work.write_note(CommentId(4), PLANTED[6], at(5)));
    let id = decide(&store, 3, Verb::Approve);
    let held = decide(&store, 5, Verb::Spam);
    write(&store, move |work| {
        work.release(&[id], at(10))?;
        work.sending(id, Some(Status::Pending), at(10))?;
        let mut now = planted(3);
        now.observed.status = Some(Status::Approved);
        work.ingest(of, 2, Source::Receipt, at(11), &[now])?;
        work.deliver(id, true, at(11))
    });
    assert!(
        PLANTED.iter().all(|word| found(dir.path()).iter().any(|(has, _)| has == word)),
        "{:?}",
        found(dir.path())
    );
    let before = store.reader().unwrap().verify_journal().unwrap();

    let backup = backup(dir.path());
    assert_eq!(store.retain(at(11)).unwrap(), 0, "it is not older than that");
    assert!(backup.exists(), "nothing was erased, and it is not older either");
    assert_eq!(store.retain(at(12)).unwrap(), 1);
    assert!(!backup.exists(), "what was erased stood in it too");
    assert_eq!(found(dir.path()), [], "while the desk is open");
    let reader = store.reader().unwrap();
    assert_eq!(reader.verify_journal().unwrap(), before);
    let line = reader.line(id).unwrap().unwrap();
    assert_eq!((line.decision.verb, line.decision.native_id.0.as_str()), (Verb::Approve, "c3"));
    // What is pending, and what is open, is needed still.
    for n in [4, 5] {
        let row = reader.comment(CommentId(n + 1)).unwrap().unwrap();
        assert!(row.body.unwrap().source.contains("the ferry was late"), "{n}");
    }
    assert!(reader.line(held).unwrap().is_some());
    assert_eq!(store.retain(at(12)).unwrap(), 0, "once");
    drop(reader);
    drop(store);
    assert_eq!(found(dir.path()), [], "and after it was closed");
    let store = Store::open(dir.path(), options()).unwrap();
    assert_eq!(store.reader().unwrap().mended().unwrap(), None);
}

#[test]
fn a_site_that_was_removed_is_out_of_every_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let of = write(&store, |work| work.add_site(&site()));
    write(&store, move |work| work.ingest(of, 1, Source::List, at(0), &[planted(0)]));
    write(&store, |work| {
        let item = greenroom::store::NewDecision {
            comment: CommentId(1),
            verb: Verb::Spam,
            keeps: false,
            seen: None,
            key: "k".into(),
            hold_secs: 5,
        };
        work.decide(greenroom::store::ActKind::Decide, &[item], at(0))
    });
    let copy = || String::from_utf8(std::fs::read(dir.path().join("desk.carbon")).unwrap()).unwrap();
    assert!(copy().contains(PLANTED[0]));
    let backup = backup(dir.path());
    store.remove_site(of).unwrap();
    assert!(!backup.exists());
    assert_eq!(found(dir.path()), []);
    assert!(!copy().contains(PLANTED[0]) && !copy().contains("gazette"), "{}", copy());
}

/// A clock that can be put forward.
struct Moved {
    clock: System,
    days: AtomicI64,
}

impl Clock for Moved {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now() + TimeDelta::days(self.days.load(Ordering::Relaxed))
    }

    fn monotonic(&self) -> Duration {
        let days = u64::try_from(self.days.load(Ordering::Relaxed)).unwrap();
        self.clock.monotonic() + Duration::from_secs(days * 86_400)
    }
}

#[test]
fn a_desk_that_stays_open_erases_after_ninety_days_or_as_its_settings_say() {
    for (days, settings) in [(90, None), (10, Some("retention_days = 10\n"))] {
        let dir = tempfile::tempdir().unwrap();
        let demo = demo_site(12);
        let clock = Arc::new(Moved { clock: System::start(), days: AtomicI64::new(0) });
        if let Some(settings) = settings {
            std::fs::write(dir.path().join("settings.toml"), settings).unwrap();
        }
        let ports = Ports {
            clock: clock.clone(),
            wire: Arc::new(Http::new().unwrap()),
            secrets: Secrets::in_memory(),
            waker: Arc::new(|| ()),
            other: None,
            is_demo: false,
            company: None,
            ending: Arc::new(AtomicBool::new(false)),
            commit_delay: Duration::ZERO,
            fault_before: None,
            plant: Plant::default(),
        };
        let mut app = App::open(dir.path(), ports).unwrap();
        let secret = Secret::new(demo.token());
        let (backend, address, account) = (Backend::Cmh, demo.origin(), String::new());
        app.run(Command::Connect(Connect { backend, address, account, secret }));
        until(&mut app, "the first pull is complete", |app| app.queue().ids.len() == 12);
        let first = app.queue().ids[0];
        app.run(Command::Approve(vec![first]));
        until(&mut app, "it is on disk", |app| app.outbox().len() == 1);
        let id = app.outbox()[0].id;
        app.run(Command::Release(id));
        until(&mut app, "it is delivered", |app| {
            app.outbox()[0].leaves_in_secs.is_none() && !app.queue().ids.contains(&first)
        });
        until(&mut app, "it is settled", |app| app.outbox()[0].delivery.is_settled());
        let store = Store::peek(dir.path()).unwrap();
        let body = || store.comment(first).unwrap().unwrap().body.unwrap().source;
        clock.days.store(days - 1, Ordering::Relaxed);
        let until_then = std::time::Instant::now() + Duration::from_millis(800);
        while std::time::Instant::now() < until_then {
            app.frame();
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(!body().is_empty(), "not before {days} days");
        clock.days.store(days + 1, Ordering::Relaxed);
        until(&mut app, "its words are erased", |_| body().is_empty());
        assert_eq!(app.outbox().len(), 1, "the decision stays");
        app.leave();
        drop(open_desk(dir.path(), Secrets::in_memory(), Duration::ZERO));
    }
}
