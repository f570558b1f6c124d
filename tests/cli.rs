//! The command line as scripts use it: the real program, the demo site over real HTTP, exit codes and JSON.
// Only here is it known that no keyring answers, and `script` lends a terminal.
#![cfg(target_os = "linux")]

#[path = "cli/desk.rs"]
mod desk;
#[path = "cli/doctor.rs"]
mod doctor;

use desk::{Desk, SLUG, Served, VARIABLE, ask, each, native, pending_there, status_there};
use greenroom::demo::{Demo, Mischief, Options, Status};
use greenroom::domain::{NativeId, SiteId, Unreadable};
use greenroom::store::{self, Rank, Store};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// A demo site in this process, where a colleague can be played.
fn newsroom(comments: usize) -> Demo {
    let token = Some(desk::TOKEN.to_owned());
    let options =
        Options { comments, rate_per_min: 0.0, mischief: Mischief::none(), token, ..Options::default() };
    Demo::start(options).unwrap()
}

#[test]
fn a_site_is_added_checked_pulled_and_listed() {
    let site = Served::start(30);
    let mut desk = Desk::empty();
    assert_eq!(desk.run(&["list"]).code, 1, "there is no desk yet");
    desk.secret = None;
    let added = desk.run(&["sites", "add", "cmh", &site.origin, "--json"]).json(0);
    assert_eq!(each(&added, "site"), [SLUG]);
    assert_eq!((&added[0]["secret_kept"], &added[0]["secret_variable"]), (&false.into(), &VARIABLE.into()));
    assert!(added[0]["words"].as_str().unwrap().contains(VARIABLE), "{added}");

    let checked = desk.run(&["sites", "check", "--json"]).json(4);
    assert!(checked[0]["notes"][0].as_str().unwrap().contains(VARIABLE), "{checked}");
    desk.secret = Some(desk::TOKEN.to_owned());
    let checked = desk.run(&["sites", "check", "--json"]).json(0);
    assert_eq!((&checked[0]["site"], &checked[0]["answers"]), (&SLUG.into(), &true.into()));

    let pulled = desk.run(&["pull", "--json"]).json(0);
    let there = ask(&site.origin, "/comments?status=pending&limit=100");
    let there: BTreeSet<&str> = each(&there["items"], "id").into_iter().collect();
    assert_eq!((pulled["pending"].as_u64(), pending_there(&site.origin)), (Some(30), 30));
    let queue = desk.queue();
    assert_eq!(queue.iter().map(|handle| native(handle)).collect::<BTreeSet<_>>(), there);
    assert_eq!(desk.run(&["sites", "list", "--json"]).json(0)[0]["pending"], 30);
    assert_eq!(desk.run(&["pull", "--json"]).json(0)["pending"], 30, "a full desk is walked again");

    let shown = desk.run(&["show", &queue[0], "--json"]).json(0);
    assert_eq!((&shown["id"], &shown["status"]), (&queue[0].as_str().into(), &"pending".into()));
    assert!(!shown["words"].as_str().unwrap().is_empty());
}

#[test]
fn a_secret_that_nothing_keeps_is_said_to_be_so_and_one_that_is_given_is_not() {
    let site = newsroom(1);
    let mut desk = Desk::empty();
    let added = desk.run(&["sites", "add", "cmh", &site.origin(), "--json"]).json(0);
    assert_eq!((&added[0]["secret_kept"], &added[0]["words"]), (&true.into(), &serde_json::Value::Null));
    desk = Desk { secret: None, ..Desk::empty() };
    let added = desk.run(&["sites", "add", "cmh", &site.origin()]);
    assert!(added.code == 0 && added.err.contains(VARIABLE), "{added:?}");
    let again = desk.run(&["sites", "add", "cmh", &site.origin()]);
    assert!(again.code == 1 && !again.err.is_empty(), "{again:?}");
}

#[test]
fn what_was_not_understood_is_64_and_what_is_not_there_is_1() {
    let site = newsroom(1);
    let desk = Desk::on(&site.origin());
    for args in
        [&["decide", "approve"][..], &["decide", "bless", "1"], &["nonsense"], &["list", "--shelf", "x"]]
    {
        assert_eq!(desk.run(args).code, 64, "{args:?}");
    }
    for args in [&["show", "none:1"][..], &["decide", "approve", "none"], &["sites", "remove", "none"]] {
        let ran = desk.run(args);
        assert!(ran.code == 1 && ran.err.starts_with("greenroom: "), "{args:?}: {ran:?}");
    }
}

#[test]
fn decisions_are_delivered_and_taken_back() {
    let site = Served::start(30);
    let desk = Desk::on(&site.origin);
    let queue = desk.queue();
    let (first, second) = (queue[0].as_str(), queue[1].as_str());
    let decided = desk.run(&["decide", "approve", first, second, first, "--json"]).json(0);
    assert_eq!(each(&decided, "id"), [first, second], "each once");
    assert_eq!(each(&decided, "state"), ["delivered"; 2]);
    for handle in [first, second] {
        assert_eq!(status_there(&site.origin, native(handle)), "approved");
    }
    assert_eq!((desk.queue().len() as u64, pending_there(&site.origin)), (28, 28));

    let undone = desk.run(&["undo", "--json"]).json(0);
    assert_eq!(each(&undone["decisions"], "id"), [first, second]);
    assert_eq!(each(&undone["decisions"], "verb"), ["restore"; 2]);
    assert_eq!(each(&undone["decisions"], "state"), ["delivered"; 2]);
    assert!(!undone["words"].as_str().unwrap().is_empty());
    assert_eq!((desk.queue().len() as u64, pending_there(&site.origin)), (30, 30));

    let outbox = desk.run(&["outbox", "--json"]).json(0);
    assert_eq!(each(&outbox, "state"), ["delivered"; 4]);
    let nothing = desk.run(&["undo", "--json"]).json(0);
    assert_eq!(nothing["decisions"], serde_json::json!([]));
}

#[test]
fn what_is_left_to_the_desk_is_not_sent() {
    let site = Served::start(30);
    let desk = Desk::on(&site.origin);
    let queue = desk.queue();
    let (long, later, again) = (queue[0].as_str(), queue[1].as_str(), queue[2].as_str());
    let left = |args: &[&str]| {
        let decided = desk.run(&[&["decide", "reject"], args, &["--json"]].concat()).json(5);
        assert_eq!(each(&decided, "state"), ["held"]);
        decided[0]["hold_secs"].as_u64().unwrap()
    };
    let is_pending = |handle| status_there(&site.origin, native(handle)) == "pending";
    assert_eq!(left(&[long, "--hold", "120"]), 120);
    desk.run(&["pull", "--json"]).json(0);
    assert!(is_pending(long), "another task that ends does not send it either");
    let undone = desk.run(&["undo", "--json"]).json(0);
    assert_eq!(each(&undone["decisions"], "id"), [long]);
    assert_eq!(each(&undone["decisions"], "state"), ["withdrawn"]);

    assert_eq!(left(&[later, "--later"]), 5);
    assert_eq!(left(&[again, "--hold", "300"]), 300);
    assert_eq!(left(&[again, "--later"]), 300, "decided already, and still here");
    assert!([long, later, again].into_iter().all(is_pending));
    let outbox = desk.run(&["outbox", "--json"]).json(0);
    assert_eq!(each(&outbox, "id"), [again, later, long]);
    assert_eq!(each(&outbox, "state"), ["held", "held", "withdrawn"]);
    // Who asks for it again and waits has it sent at once.
    let sent = desk.run(&["decide", "reject", again, "--json"]).json(0);
    assert_eq!(each(&sent, "state"), ["delivered"]);
    assert_eq!(status_there(&site.origin, native(again)), "rejected");
}

#[test]
fn many_are_held_first_and_an_interrupt_leaves_them_so() {
    let site = newsroom(25);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    let args: Vec<&str> =
        ["decide", "reject", "--json"].into_iter().chain(queue[..22].iter().map(String::as_str)).collect();
    let running = desk.start(&args);
    let until = Instant::now() + Duration::from_secs(10);
    while desk.run(&["outbox", "--json"]).json(0).as_array().unwrap().len() < 22 {
        assert!(Instant::now() < until, "they are not on disk");
    }
    assert_eq!(each(&running.interrupt().json(5), "state"), ["held"; 22]);
    let undone = desk.run(&["undo", "--json"]).json(0);
    assert_eq!(each(&undone["decisions"], "state"), ["withdrawn"; 22]);
    assert_eq!(pending_there(&site.origin()), 25);
}

#[test]
fn nothing_to_decide_is_said_for_each() {
    let site = newsroom(10);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    let (stands, gone, garbled) = (queue[0].as_str(), queue[1].as_str(), queue[2].as_str());
    assert_eq!(desk.run(&["decide", "approve", stands]).code, 0);
    let again = desk.run(&["decide", "approve", stands]);
    assert!(again.code == 0 && again.out.contains("standing"), "{again:?}");
    let undone = desk.run(&["undo", "--json"]).json(0);
    assert_eq!(each(&undone["decisions"], "id"), [stands], "what decided nothing is not what is taken back");
    assert_eq!(desk.run(&["decide", "approve", stands]).code, 0);

    site.with_world(|world| world.delete(native(gone)));
    assert_eq!(each(&desk.run(&["decide", "approve", gone, "--json"]).json(3), "state"), ["conflicted"]);
    let store = Store::open(&desk.data(), store::Options::default()).unwrap();
    let item = Unreadable {
        native_id: Some(NativeId(native(garbled).to_owned())),
        status: None,
        source: "{".to_owned(),
        why: "cut".to_owned(),
    };
    let now = chrono::Utc::now();
    let keep = move |work: &store::Work<'_>| {
        let seq = work.seq_max(SiteId(1))? + 1;
        work.keep_unreadable(SiteId(1), seq, store::Source::Look, now, &[item])
    };
    store.write(Rank::Ingest, keep).unwrap();
    drop(store);

    let asked = ["decide", "approve", stands, gone, garbled, "--later", "--json"];
    let decided = desk.run(&asked).json(4);
    assert_eq!(each(&decided, "id"), [stands, gone, garbled]);
    assert_eq!(each(&decided, "state"), ["standing", "gone", "unreadable"]);
    assert!(each(&decided, "words").iter().all(|words| words.contains(' ')), "{decided}");
}

#[test]
fn a_colleague_who_was_first_makes_3() {
    let site = newsroom(10);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    site.with_world(|world| world.approve_as("Bo", native(&queue[0])));
    let decided = desk.run(&["decide", "reject", &queue[0], &queue[1], "--json"]).json(3);
    assert_eq!(each(&decided, "state"), ["conflicted", "delivered"]);
    assert!(!decided[0]["words"].as_str().unwrap().is_empty());
    assert_eq!(status_there(&site.origin(), native(&queue[0])), "approved");

    site.with_world(|world| world.approve_as("Bo", native(&queue[3])));
    let same = desk.run(&["decide", "approve", &queue[3], "--json"]).json(0);
    assert_eq!(each(&same, "state"), ["delivered"]);
    let undone = desk.run(&["undo", "--json"]).json(0);
    assert_eq!(each(&undone["decisions"], "state"), ["theirs"]);
    assert!(undone["words"].as_str().unwrap().starts_with("Nothing to take back"), "{undone}");

    assert_eq!(desk.run(&["decide", "spam", &queue[2]]).code, 0);
    site.with_world(|world| world.approve_as("Bo", native(&queue[2])));
    let undone = desk.run(&["undo", "--json"]).json(3);
    assert_eq!(each(&undone["decisions"], "state"), ["conflicted"]);
    assert_eq!(status_there(&site.origin(), native(&queue[2])), "approved");
}

#[test]
fn what_cannot_leave_for_want_of_a_secret_is_not_waited_for() {
    let site = newsroom(10);
    let mut desk = Desk::on(&site.origin());
    let queue = desk.queue();
    assert_eq!(desk.run(&["decide", "reject", &queue[0]]).code, 0);
    desk.secret = None;
    let asked = Instant::now();
    let undone = desk.run(&["undo", "--json"]);
    assert!(undone.err.contains(VARIABLE), "{undone:?}");
    assert!(["held", "queued"].contains(&each(&undone.json(5)["decisions"], "state")[0]));
    let decided = desk.run(&["decide", "reject", &queue[1]]);
    assert!(decided.code == 5 && decided.err.contains(VARIABLE), "{decided:?}");
    assert!(asked.elapsed() < Duration::from_secs(60), "after {:?}", asked.elapsed());
}

#[test]
fn reports_that_were_dismissed_cannot_be_called_back() {
    let site = newsroom(10);
    let desk = Desk::on(&site.origin());
    let first = desk.queue()[0].clone();
    assert_eq!(desk.run(&["decide", "approve", &first]).code, 0);
    site.with_world(|world| world.report(native(&first), "insult", "Rude", "A reader"));
    desk.run(&["pull"]);
    assert_eq!(desk.run(&["list", "--shelf", "reported", "--json"]).json(0)["comments"][0]["id"], first);
    assert_eq!(each(&desk.run(&["decide", "approve", &first, "--json"]).json(0), "state"), ["delivered"]);
    let undone = desk.run(&["undo", "--json"]).json(4);
    assert_eq!(each(&undone["decisions"], "state"), ["stuck"]);
}

#[test]
fn all_are_told_of_however_many_they_are() {
    let site = newsroom(250);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    let decide = |verb, ids: &[String], more: &[&'static str]| {
        let ids = ids.iter().map(String::as_str);
        let args: Vec<&str> = ["decide", verb].into_iter().chain(ids).chain(more.iter().copied()).collect();
        desk.run(&args)
    };
    assert_eq!(each(&decide("reject", &queue, &["--later", "--json"]).json(5), "state"), ["held"; 250]);
    let undone = desk.run(&["undo", "--json"]).json(0);
    assert_eq!(each(&undone["decisions"], "state"), ["withdrawn"; 250]);
    decide("spam", &queue, &["--later", "--json"]).json(5);
    let sent = decide("spam", &queue, &["--json"]).json(0);
    assert_eq!(each(&sent, "state"), ["delivered"; 250]);
    assert_eq!(pending_there(&site.origin()), 0);
    let is_spam =
        |handle: &String| site.with_world(|world| world.status_of(native(handle))) == Some(Status::Spam);
    assert!(queue.iter().all(is_spam));
}

#[test]
fn many_that_are_awaited_are_counted_on_a_terminal() {
    let site = newsroom(20);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    let decide = |ids: &[String]| {
        let ids = ids.iter().map(String::as_str);
        let args: Vec<&str> = ["decide", "reject"].into_iter().chain(ids).collect();
        desk.run_on_terminal(&args)
    };
    let many = decide(&queue[..12]);
    assert!(many.code == 0 && many.out.contains(" / 12"), "{many:?}");
    let undone = desk.run_on_terminal(&["undo"]);
    assert!(undone.code == 0 && undone.out.contains(" / 12"), "{undone:?}");
    let few = decide(&queue[12..15]);
    assert!(few.code == 0 && !few.out.contains(" / 3"), "{few:?}");
}

#[test]
fn what_the_outbox_leaves_out_is_said_and_what_is_open_never_is() {
    let site = newsroom(20);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    let names: Vec<&str> = queue.iter().map(String::as_str).collect();
    assert_eq!(desk.run(&[&["decide", "approve"], &names[..5]].concat()).code, 0);
    assert_eq!(desk.run(&[&["decide", "reject", "--later"], &names[5..8]].concat()).code, 5);
    let all = desk.run(&["outbox", "--json"]);
    assert_eq!((all.json(0).as_array().unwrap().len(), all.err.as_str()), (8, ""));
    let some = desk.run(&["outbox", "--json", "--limit", "2"]);
    assert_eq!(each(&some.json(0), "state"), ["held", "held", "held", "delivered", "delivered"]);
    assert!(some.err.starts_with("3 ") && some.err.contains("--limit 5"), "{some:?}");
    let some = desk.run(&["outbox", "--limit", "4"]);
    assert_eq!((some.out.lines().count(), some.err.starts_with("1 ")), (7, true), "{some:?}");
    assert_eq!(desk.run(&["outbox", "--limit", "5"]).err, "");
}

#[test]
fn what_nobody_reads_is_no_failure_and_what_could_not_be_written_is() {
    let site = newsroom(20);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    for args in [&["list"][..], &["list", "--json"], &["sites", "list"], &["show", &queue[0]], &["outbox"]] {
        assert_eq!(desk.run_unread(args), 0, "{args:?}");
    }
    assert_eq!(desk.run_unread(&["show", "none:1"]), 1);
    assert_eq!(desk.run_unread(&["decide", "approve", &queue[0]]), 0);
    assert_eq!(status_there(&site.origin(), native(&queue[0])), "approved");
    assert_eq!(desk.run_unread(&["decide", "reject", "--later", &queue[1]]), 5);
    assert_eq!(desk.run_unread(&["undo"]), 0);
    let full = desk.run_onto_a_full_disk(&["list"]);
    assert!(
        full.code == 1 && full.err.starts_with("greenroom: ") && full.err.lines().count() == 1,
        "{full:?}"
    );
}

#[test]
fn no_words_of_others_command_the_terminal() {
    let site = newsroom(20);
    let desk = Desk::on(&site.origin());
    let n = desk.queue().len();
    let db = rusqlite::Connection::open(desk.data().join("desk.sqlite")).unwrap();
    db.execute_batch(
        "update sites set name = 'Red' || char(27) || '[31m' || char(10) || 'Gazette';
         update comments set native_id = native_id || char(27, 155) || '[2J' || char(10) || 'x'",
    )
    .unwrap();
    let hostile = desk.queue()[0].clone();
    assert!(hostile.contains('\u{1b}'), "scripts get it as it is");
    let listed = desk.run(&["list"]);
    assert_eq!(listed.out.lines().count(), n);
    assert_eq!(desk.run(&["sites", "list"]).out.lines().count(), 1);
    let tame = |ran: desk::Ran, code: i32| {
        let seen = format!("{}{}", ran.out, ran.err);
        assert!(ran.code == code && !seen.contains(|c: char| c.is_control() && c != '\n'), "{ran:?}");
    };
    tame(listed, 0);
    tame(desk.run(&["sites", "list"]), 0);
    tame(desk.run(&["show", &hostile]), 0);
    tame(desk.run(&["decide", "reject", "--later", &hostile]), 5);
    tame(desk.run(&["outbox"]), 0);
    tame(desk.run(&["show", "x\u{1b}[31m:1"]), 1);
    tame(desk.run(&["sites", "remove", SLUG]), 0);
}

#[test]
fn a_site_that_takes_nothing_is_named_with_why() {
    let site = Served::start(10);
    let desk = Desk::on(&site.origin);
    let first = desk.queue()[0].clone();
    drop(site);
    let running = desk.start(&["decide", "approve", &first]);
    std::thread::sleep(Duration::from_secs(2));
    let ended = running.interrupt();
    assert!(ended.code == 5 && ended.out.contains("queued"), "{ended:?}");
    assert!(ended.err.starts_with("greenroom: ") && ended.err.contains("nothing answers"), "{ended:?}");
}

#[test]
fn a_list_says_of_what_it_is() {
    let site = newsroom(20);
    let desk = Desk::on(&site.origin());
    let said = |args: &[&str]| desk.run(&[&["list"], args].concat()).err;
    assert_eq!(said(&[]), "20 comments wait\n");
    assert_eq!(said(&["--search", "zzz-no-such-word"]), "0 comments found\n");
    for shelf in ["approved", "rejected", "spam"] {
        let said = said(&["--shelf", shelf]);
        assert!(said.ends_with(", as far as this desk has read\n"), "{shelf}: {said}");
    }
}

/// Rows that belong to a site or a comment, in every table that has any; the journal keeps its lines.
fn rows_of_sites(desk: &Desk) -> Vec<(String, u64)> {
    let db = rusqlite::Connection::open(desk.data().join("desk.sqlite")).unwrap();
    let mut tables = db
        .prepare(
            "select distinct t.name from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'
             and (t.name = 'sites' or c.name in ('site', 'comment')) and t.name <> 'journal' order by t.name",
        )
        .unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(names.len() > 8, "{names:?}");
    let count =
        |name: &String| db.query_row(&format!("select count(*) from {name}"), [], |row| row.get(0)).unwrap();
    names.iter().map(|name| (name.clone(), count(name))).filter(|(_, n)| *n > 0).collect()
}

#[test]
fn a_removed_site_leaves_nothing_behind() {
    let site = newsroom(10);
    let desk = Desk::on(&site.origin());
    let first = desk.queue()[0].clone();
    assert_eq!(desk.run(&["decide", "approve", &first]).code, 0);
    assert!(rows_of_sites(&desk).len() > 4, "{:?}", rows_of_sites(&desk));

    let db = rusqlite::Connection::open(desk.data().join("desk.sqlite")).unwrap();
    db.execute_batch("create trigger worn before delete on sites begin select raise(abort, 'worn out'); end")
        .unwrap();
    let refused = desk.run(&["sites", "remove", SLUG, "--json"]);
    assert!(refused.code == 1 && refused.err.contains("worn out"), "{refused:?}");
    assert_eq!(desk.queue().len(), 9, "nothing is half removed");
    db.execute_batch("drop trigger worn").unwrap();
    drop(db);

    let removed = desk.run(&["sites", "remove", SLUG, "--json"]).json(0);
    assert_eq!((&removed["site"], &removed["removed"]), (&SLUG.into(), &true.into()));
    assert_eq!(rows_of_sites(&desk), []);
    assert_eq!(desk.run(&["sites", "list", "--json"]).json(0), serde_json::json!([]));
    assert_eq!(desk.queue().len(), 0);
    assert_eq!(desk.run(&["outbox", "--json"]).json(0), serde_json::json!([]));
    assert_eq!(desk.run(&["show", &first]).code, 1);
    assert_eq!(desk.run(&["sites", "remove", SLUG]).code, 1);
}
