//! Damage of every kind: whatever it is, the desk opens, every open decision is there, and the damaged file too.

use crate::file::{FILE, Left, named, open, options};
use greenroom::domain::{Delivery, Order};
use greenroom::store::{Rank, Store, Trouble};
use std::path::Path;

const PAGE: usize = 4096;

/// How the damage was met.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Met {
    /// It hit nothing that matters to the file.
    Sound,
    /// The file is aside.
    Aside,
}

/// A generator that needs no crate: the same numbers each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
}

/// Opens a hurt folder as the next start does, and once more where the damage is found only then.
#[track_caller]
fn survives(left: &Left, name: &str, bytes: &[u8], what: &str) -> Met {
    let dir = left.with(name, bytes);
    let store = Store::open(dir.path(), options()).unwrap_or_else(|trouble| panic!("{what}: {trouble}"));
    // What the desk does in the background after every start.
    let store = match store.reader().unwrap().check() {
        Ok(()) => store,
        Err(trouble) => {
            store.tell_damage(&trouble.to_string());
            drop(store);
            Store::open(dir.path(), options()).unwrap_or_else(|trouble| panic!("{what}, again: {trouble}"))
        }
    };
    let reader = store.reader().unwrap();
    let mended = reader.mended().unwrap();
    let aside = mended.as_ref().and_then(|mended| mended.aside.clone());
    let Some(aside) = aside else {
        assert_eq!(open(&store), left.open, "{what}");
        return Met::Sound;
    };
    assert_eq!(std::fs::read(&aside).unwrap().len(), bytes.len(), "{what}: it is kept as it was");
    assert_eq!(
        named(dir.path(), "desk-damaged").iter().filter(|path| is_database(path)).count(),
        1,
        "{what}"
    );
    let sites = reader.sites().unwrap();
    assert_eq!((sites.len(), sites[0].order, sites[0].hold_secs), (1, Order::Newest, 7), "{what}");
    let found = open(&store);
    assert_eq!(found, left.open, "{what}");
    let mended = mended.unwrap();
    assert_eq!(mended.decisions as usize, found.len(), "{what}");
    assert_eq!((mended.doubtful, mended.lost), (0, 0), "{what}");
    // Each is looked at before anything is sent: what may be on the wire still says so.
    for row in reader.open_rows(sites[0].id).unwrap() {
        assert!(row.unanswered || row.delivery == Delivery::Sending, "{what}: {row:?}");
    }
    // What was changed in the journal before it could be carried over still shows there.
    let journal = reader.verify_journal();
    assert!(journal.is_ok_and(|n| n >= found.len() as u64) || what.contains("flipped"), "{what}");
    store.write(Rank::Decision, |work| work.forget_mended()).unwrap();
    drop((reader, store));
    let store = Store::open(dir.path(), options()).unwrap();
    assert_eq!(open(&store), left.open, "{what}: the next start");
    assert_eq!(store.reader().unwrap().mended().unwrap(), None, "{what}");
    Met::Aside
}

fn is_database(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "sqlite")
}

#[test]
fn a_file_that_was_cut_anywhere_is_set_aside_and_every_open_decision_recovered() {
    let left = Left::closed();
    let whole = left.bytes(FILE);
    assert!(left.open.len() >= 15, "{}", left.open.len());
    let pages = whole.len() / PAGE;
    let mut met = Vec::new();
    for at in [0, 1, 15, 16, 50, 99, 100, 101, 512, PAGE - 1].into_iter().chain((1..pages).map(|n| n * PAGE))
    {
        for at in [at, at + PAGE / 2].into_iter().filter(|at| *at < whole.len()) {
            met.push(survives(&left, FILE, &whole[..at], &format!("cut at {at} of {}", whole.len())));
        }
    }
    assert!(met.iter().all(|met| *met == Met::Aside), "{} cuts", met.len());
}

#[test]
fn a_file_with_a_zeroed_page_is_met_whichever_page_it_is() {
    let left = Left::closed();
    let whole = left.bytes(FILE);
    let mut aside = 0;
    for page in 0..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        aside += usize::from(survives(&left, FILE, &bytes, &format!("page {page} is zero")) == Met::Aside);
    }
    assert!(aside * 10 > whole.len() / PAGE * 7, "{aside} of {}", whole.len() / PAGE);
}

#[test]
fn a_file_with_a_garbled_header_or_other_bytes_in_any_place_is_met() {
    let left = Left::closed();
    let whole = left.bytes(FILE);
    let mut dice = Dice(7);
    for at in 0..100 {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << dice.roll(8);
        let what = format!("byte {at} of the header");
        // A schema that is not ours yet is refused untouched: nobody can tell it from a newer Greenroom's.
        if (60..64).contains(&at) && is_newer(&left, &bytes) {
            continue;
        }
        survives(&left, FILE, &bytes, &what);
    }
    let mut bytes = whole.clone();
    bytes[..100].copy_from_slice(&[0x5a; 100]);
    assert_eq!(survives(&left, FILE, &bytes, "no header"), Met::Aside);
    for n in 0..150 {
        let mut bytes = whole.clone();
        let flips = 1 + dice.roll(60);
        for _ in 0..flips {
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
        }
        survives(&left, FILE, &bytes, &format!("{flips} flipped bits, {n}"));
    }
}

#[test]
fn a_log_that_was_cut_anywhere_loses_no_decision_that_was_acknowledged() {
    let left = Left::crashed();
    let log = left.bytes("desk.sqlite-wal");
    assert!(log.len() > 20 * PAGE, "{}", log.len());
    let mut dice = Dice(11);
    let cuts: Vec<usize> = (0..40).map(|_| dice.roll(log.len())).chain([0, 1, 31, 32, 56]).collect();
    for at in cuts {
        survives_log(&left, &log[..at], &format!("the log is cut at {at} of {}", log.len()));
    }
    for n in 0..40 {
        let mut bytes = log.clone();
        let at = dice.roll(bytes.len());
        bytes[at] ^= 1 << dice.roll(8);
        survives_log(&left, &bytes, &format!("a flipped bit of the log at {at}, {n}"));
    }
}

#[test]
fn what_was_just_being_taken_back_when_the_file_broke_waits_for_a_persons_word() {
    let left = Left::closed();
    let copy = String::from_utf8(left.bytes("desk.carbon")).unwrap();
    let (before, last) = copy.trim_end().rsplit_once('\n').unwrap();
    assert!(last.contains("done"), "{last}");
    let dir = left.with("desk.carbon", format!("{before}\n").as_bytes());
    std::fs::write(dir.path().join(FILE), [0x5a; 8192]).unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let mended = store.reader().unwrap().mended().unwrap().unwrap();
    assert_eq!((mended.doubtful, mended.lost), (1, 0));
    let lines = crate::file::lines(&store);
    assert_eq!(lines.len(), left.open.len() + 1);
    let doubtful: Vec<_> = lines.iter().filter(|line| line.fault.as_deref() == Some("doubtful")).collect();
    assert_eq!((doubtful.len(), doubtful[0].delivery), (1, Delivery::Refused));
    assert_eq!(doubtful[0].decision.native_id.0, "c30", "the newest act was its undo");
}

#[test]
fn a_copy_that_is_damaged_too_gives_what_can_be_read_of_it_and_says_that_there_was_more() {
    let left = Left::closed();
    let whole = left.bytes("desk.carbon");
    let mut dice = Dice(3);
    for n in 0..40 {
        let mut bytes = whole.clone();
        for _ in 0..1 + n % 4 {
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
        }
        let dir = left.with("desk.carbon", &bytes);
        std::fs::write(dir.path().join(FILE), [0x5a; 8192]).unwrap();
        let store = Store::open(dir.path(), options()).unwrap_or_else(|trouble| panic!("{n}: {trouble}"));
        let mended = store.reader().unwrap().mended().unwrap().unwrap();
        assert!(mended.lost > 0, "{n}");
        let found = open(&store);
        assert!(found.len() + 12 >= left.open.len(), "{n}: {} of {}", found.len(), left.open.len());
        // Nothing of it leaves unlooked at, and nothing is taken back without a trace.
        let site = store.reader().unwrap().sites().unwrap();
        for row in site.iter().flat_map(|site| store.reader().unwrap().open_rows(site.id).unwrap()) {
            assert!(row.unanswered || row.delivery == Delivery::Sending, "{n}: {row:?}");
        }
        let kept = named(dir.path(), "desk-damaged")
            .into_iter()
            .find(|path| path.extension().is_some_and(|end| end == "carbon"));
        assert_eq!(std::fs::read(kept.unwrap()).unwrap(), bytes, "{n}: the copy is kept as it was");
    }
}

fn is_newer(left: &Left, bytes: &[u8]) -> bool {
    let dir = left.with(FILE, bytes);
    let is_newer = matches!(Store::open(dir.path(), options()), Err(Trouble::Newer { .. }));
    if is_newer {
        assert_eq!(std::fs::read(dir.path().join(FILE)).unwrap(), bytes);
    }
    is_newer
}

/// A log that is cut leaves an older file, sound or not: what was open is there, where it stood or a step before.
fn survives_log(left: &Left, log: &[u8], what: &str) {
    let dir = left.with("desk.sqlite-wal", log);
    std::fs::remove_file(dir.path().join("desk.sqlite-shm")).unwrap();
    let store = Store::open(dir.path(), options()).unwrap_or_else(|trouble| panic!("{what}: {trouble}"));
    assert_eq!(open(&store), left.open, "{what}");
}
