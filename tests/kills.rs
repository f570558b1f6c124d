//! Real kills: the real program against the demo site over real HTTP, killed at random moments (SIGKILL), started again, and
//! compared. No decision that was on disk is lost, none arrives twice, and at rest desk and site agree.
//!
//! `KILLS=n` sets how many, 25 otherwise; `KILL_SEED=n` plays one evening again: the same commands, killed at the same share
//! of their usual time, which is as near to the same moment as a machine comes. SIGKILL is the death of a process and not of
//! a machine: what guards against a power cut is read back in `src/store/mod.rs`.
// Only here is it known that no keyring answers.
#![cfg(target_os = "linux")]

#[path = "kills/compare.rs"]
mod compare;
#[path = "cli/desk.rs"]
#[expect(dead_code, reason = "the command line's own tests use the rest of it")]
mod desk;
#[path = "kills/evening.rs"]
mod evening;
#[path = "kills/relay.rs"]
mod relay;

use compare::{Row, at_rest, steps, touched};
use desk::Desk;
use evening::{Evening, Fell, Told};
use greenroom::demo::{Decided, Demo, Mischief, Options, Status};
use relay::Relay;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// Kills of one evening, which has a site, a desk and a seed of its own.
const EVENING: usize = 25;
/// Of so many kills some fell at every moment that is told apart.
const ENOUGH: usize = 200;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

#[test]
fn what_was_on_disk_arrives_once_whenever_the_desk_is_killed() {
    let kills = number("KILLS").unwrap_or(25) as usize;
    let (begun, mut all, mut evening) = (Instant::now(), Told::default(), 0);
    while all.fell.values().sum::<usize>() < kills {
        let seed = number("KILL_SEED").unwrap_or(evening);
        evening += 1;
        let left = kills - all.fell.values().sum::<usize>();
        let told = Evening::begin(seed).run(left.min(EVENING));
        let told = told.unwrap_or_else(|why| panic!("KILL_SEED={seed}: {why}"));
        for (fell, n) in told.fell {
            *all.fell.entry(fell).or_default() += n;
        }
        all.finished += told.finished;
        all.decisions += told.decisions;
        all.arrived += told.arrived;
    }
    let secs = begun.elapsed().as_secs_f64();
    // Past the harness, which shows nothing of a test that passes.
    writeln!(std::io::stderr(), "{kills} kills on {evening} evenings in {secs:.0} s: {all:?}").unwrap();
    for fell in [Fell::Before, Fell::Waiting, Fell::Sending, Fell::Unanswered, Fell::After] {
        assert!(kills < ENOUGH || all.fell.contains_key(&fell), "no kill fell {fell:?}");
    }
}

#[test]
fn what_a_killed_command_left_on_the_wire_goes_with_one_pull() {
    let token = Some(desk::TOKEN.to_owned());
    let options =
        Options { comments: 20, rate_per_min: 0.0, mischief: Mischief::none(), token, ..Options::default() };
    let site = Demo::start(options).unwrap();
    // Each of them is looked at by itself, which takes longer than the walk that tells what waits.
    let relay = Relay::towards(site.address(), Duration::from_millis(20));
    site.with_world(|world| world.set_origin(&relay.origin()));
    let desk = Desk::on(&relay.origin());
    let queue = desk.queue();
    let names = queue.iter().take(15).map(String::as_str);
    let decide: Vec<&str> = ["decide", "reject", "--hold", "0"].into_iter().chain(names).collect();
    assert_eq!(desk.run(&decide).code, 5);
    let db = rusqlite::Connection::open(desk.data().join("desk.sqlite")).unwrap();
    db.execute_batch("update outbox set delivery = 'sending', left_home = 1, replaced = 'pending'").unwrap();
    drop(db);
    assert_eq!(desk.run(&["pull", "--json"]).json(0)["pending"], queue.len() - 15);
    let arrived = site.with_world(|world| {
        world.decisions().iter().filter(|of| of.key.is_some() && of.to == Status::Rejected).count()
    });
    assert_eq!(arrived, 15);
}

fn row(id: i64, verb: &str, delivery: &str) -> Row {
    Row {
        id,
        batch: id,
        comment: "c1".into(),
        verb: verb.into(),
        delivery: delivery.into(),
        undoes: None,
        beside: None,
        keys: vec![format!("k{id}")],
    }
}

fn entry(key: &str, action: &str, from: Status, to: Status) -> Decided {
    let at = chrono::DateTime::from_timestamp(1_770_000_000, 0).unwrap();
    let (id, comment, by) = ("d1".to_owned(), "c1".to_owned(), "Robin".to_owned());
    Decided { id, comment, action: action.into(), from, to, by, at, key: Some(key.into()), reason: None }
}

fn wrong(rows: &[Row], log: &[Decided], here: &str, there: Status) -> String {
    let here = BTreeMap::from([("c1".to_owned(), here.to_owned())]);
    at_rest(rows, log, &here, &BTreeMap::from([("c1".to_owned(), there)])).join("\n")
}

#[test]
fn a_planted_loss_and_a_planted_double_are_seen() {
    let (rows, approved) = ([row(1, "approve", "delivered")], Status::Approved);
    let once = entry("k1", "approve", Status::Pending, approved);
    assert_eq!(wrong(&rows, std::slice::from_ref(&once), "approved", approved), "");
    assert!(wrong(&rows, &[], "approved", Status::Pending).contains("lost"));
    assert!(wrong(&rows, &[], "approved", approved).contains("lost"), "whoever did it");
    let again = entry("k1", "approve", approved, approved);
    let twice = wrong(&rows, &[once.clone(), again], "approved", approved);
    assert!(twice.contains("doubled, 2") && twice.contains("stood already"), "{twice}");
    let other = entry("k9", "approve", Status::Pending, approved);
    assert!(wrong(&rows, &[once.clone(), other], "approved", approved).contains("what 0 decisions"));
    assert!(wrong(&rows, std::slice::from_ref(&once), "pending", approved).contains("pending here"));
    let back = [row(1, "approve", "withdrawn")];
    assert!(wrong(&back, &[once], "approved", approved).contains("though taken back"));
    assert!(wrong(&[row(1, "approve", "sending")], &[], "pending", Status::Pending).contains("still waits"));
    assert_eq!(wrong(&back, &[], "pending", Status::Pending), "");
}

#[test]
fn a_planted_step_that_nobody_took_is_seen() {
    let before = [row(1, "approve", "held"), row(2, "spam", "delivered")];
    let seen = |after: &[Row], decided: Option<&[&str]>| steps(&before, after, decided).join("\n");
    assert_eq!(seen(&before, Some(&[])), "");
    assert!(seen(&before[1..], Some(&[])).contains("forgotten"));
    let back = [row(1, "approve", "withdrawn"), before[1].clone()];
    assert!(seen(&back, Some(&[])).contains("by nobody"));
    assert_eq!((seen(&back, Some(&["c1"])), seen(&back, None)), (String::new(), String::new()));
    assert!(seen(&[row(1, "reject", "held"), before[1].clone()], Some(&[])).contains("another decision"));
    assert!(seen(&[before[0].clone(), row(2, "spam", "queued")], Some(&[])).contains("settled and moved"));
    let both = [row(1, "approve", "queued"), row(2, "spam", "queued")];
    let gone = both.clone().map(|of| Row { delivery: "withdrawn".into(), ..of });
    assert!(steps(&both, &gone, None).join("\n").contains("took back the acts"));
    let after = [before.as_slice(), &[row(3, "reject", "held")]].concat();
    assert_eq!((touched(&before, &after, &["c1", "c2"]), touched(&before, &before, &["c1"])), (1, 0));
}
