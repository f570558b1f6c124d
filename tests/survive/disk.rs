//! A disk without room, a folder that may only be read, and a second desk on the same folder.

use crate::commands::Desk;
use crate::desk::{demo_site, open as open_desk, until};
use crate::file::{self, decide, fill, options};
use greenroom::app::command::{Command, Connect, Secret};
use greenroom::app::secrets::Secrets;
use greenroom::demo;
use greenroom::domain::{Backend, CommentId, Delivery, Verb};
use greenroom::store::{ActKind, NewDecision, Options, Rank, Store, Trouble};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A small disk in memory, gone with this.
struct Disk {
    dir: tempfile::TempDir,
}

impl Disk {
    /// `None`, loudly, where mounting is not allowed.
    fn of(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        if mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "greenroom-test"], dir.path()) {
            return Some(Self { dir });
        }
        // Past the harness, which shows nothing of a test that passes.
        let mut past = std::io::stderr().lock();
        writeln!(past, "NOT TESTED: no disk of {size} can be mounted here").unwrap();
        None
    }

    fn desk(&self) -> PathBuf {
        self.dir.path().join("desk")
    }

    /// Takes all the room there is.
    fn fill(&self) -> PathBuf {
        let ballast = self.dir.path().join("ballast");
        let mut file = std::fs::File::create(&ballast).unwrap();
        for size in [65_536, 4_096, 512, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
        ballast
    }

    fn read_only(&self) {
        assert!(mount(&["-o", "remount,ro"], self.dir.path()));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("--lazy").arg(self.dir.path()).status();
    }
}

fn mount(args: &[&str], at: &Path) -> bool {
    std::process::Command::new("mount").args(args).arg(at).status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_takes_a_decision_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let before = fill(&store).len();
    drop(store);
    let pages = std::fs::metadata(dir.path().join(file::FILE)).unwrap().len() / 4096;
    let tight = Options { pages_max: Some(u32::try_from(pages).unwrap() + 1), ..options() };
    let store = Store::open(dir.path(), tight).unwrap();
    let (mut made, mut refused) = (0, 0);
    for n in 40..110 {
        let item = NewDecision {
            comment: CommentId(n + 1),
            verb: Verb::Spam,
            keeps: false,
            seen: None,
            key: format!("{n} {}", "long ".repeat(200)),
            hold_secs: 5,
        };
        match store.write(Rank::Decision, move |work| work.decide(ActKind::Decide, &[item], file::at(0))) {
            Ok(_) => made += 1,
            Err(trouble) => {
                assert_eq!(trouble, Trouble::Full);
                refused += 1;
            }
        }
    }
    assert!(refused > 20, "{made} {refused}");
    assert_eq!(file::open(&store).len(), before + made);
    drop(store);
    // With room again nothing is lost, nothing is there twice, and the copy agrees.
    let store = Store::open(dir.path(), options()).unwrap();
    assert_eq!(store.reader().unwrap().mended().unwrap(), None);
    assert_eq!(file::open(&store).len(), before + made);
    let _ = decide(&store, 111, Verb::Spam);
    drop(store);
    std::fs::write(dir.path().join(file::FILE), b"").unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    assert_eq!(file::open(&store).len(), before + made + 1, "what was refused is not in the copy either");
}

#[test]
fn a_decision_waits_for_room_on_the_disk_and_goes_on_by_itself() {
    let Some(disk) = Disk::of("3m") else { return };
    let site = demo_site(30);
    let mut app = open_desk(&disk.desk(), Secrets::in_memory(), Duration::ZERO);
    app.run(Command::Connect(Connect {
        backend: Backend::Cmh,
        address: site.origin(),
        account: String::new(),
        secret: Secret::new(site.token()),
    }));
    until(&mut app, "the first pull is complete", |app| app.queue().ids.len() == 30);
    let (first, second) = (app.queue().ids[0], app.queue().ids[1]);
    app.run(Command::Approve(vec![first]));
    until(&mut app, "it is on disk", |app| app.outbox().len() == 1);
    let ballast = disk.fill();

    app.run(Command::Reject(vec![second]));
    until(&mut app, "it is put back, with the remedy", |app| {
        let said =
            app.toast().is_some_and(|toast| toast.notice.words.contains("The disk is full. Free some"));
        said && app.queue().ids.contains(&second)
    });
    assert_eq!(app.outbox().len(), 1);
    let id = app.outbox()[0].id;
    app.run(Command::Release(id));
    for _ in 0..300 {
        app.frame();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(app.outbox()[0].delivery != Delivery::Delivered, "there is no room for its receipt");
    std::fs::remove_file(ballast).unwrap();
    app.run(Command::Release(id));
    until(&mut app, "it goes on", |app| app.outbox()[0].delivery == Delivery::Delivered);
    app.run(Command::Reject(vec![second]));
    until(&mut app, "the other is taken now", |app| app.outbox().len() == 2);
    let sent =
        site.with_world(|world| world.decisions().iter().filter(|of| of.by == demo::MODERATOR).count());
    assert_eq!(sent, 1, "once");
    app.leave();
}

#[test]
fn a_folder_that_may_only_be_read_is_read_and_otherwise_refused_with_the_remedy() {
    let Some(disk) = Disk::of("16m") else { return };
    let dir = disk.desk();
    let store = Store::open(&dir, options()).unwrap();
    let open = fill(&store);
    drop(store);
    disk.read_only();
    assert_eq!(Store::open(&dir, options()).err(), Some(Trouble::ReadOnly(dir.clone())));
    let reader = Store::peek(&dir).unwrap();
    assert_eq!(reader.outbox(1_000, 0).unwrap().len(), open.len());
    let run = |args: &[&str]| {
        let mut command = Desk::empty().program(env!("CARGO_BIN_EXE_greenroom"));
        let ran = command.arg("--data").arg(&dir).args(args).output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    assert_eq!(run(&["list", "--json"]).0, Some(0));
    let (code, said) = run(&["pull"]);
    assert!(
        code == Some(1) && said.contains("may be read and not written") && said.contains("--data"),
        "{said}"
    );
    assert!(said.contains(dir.to_str().unwrap()), "{said}");
}

#[test]
fn a_second_desk_on_the_same_folder_is_told_who_has_it_and_reads_beside_it() {
    let desk = Desk::empty();
    let store = Store::open(&desk.data(), options()).unwrap();
    fill(&store);
    let refused = desk.run(&["pull"]);
    let process = std::process::id().to_string();
    assert!(
        refused.code == 1 && refused.err.contains(&process) && refused.err.contains("--data"),
        "{refused:?}"
    );
    assert_eq!(desk.run(&["list"]).code, 0);
}
