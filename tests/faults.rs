//! Faults on the wire, met by the transport alone and by a whole desk: what a moderator reads of each and what mends it,
//! and that nothing is lost, nothing is done twice and nothing is asked for without end. `cargo test --test faults --
//! --nocapture` prints the table; `FAULTS=gzip` plays the rows of that name.
// Resets, descriptors and the size of a process are read as Linux has them.
#![cfg(target_os = "linux")]

#[path = "faults/authority.rs"]
mod authority;
#[path = "faults/bounds.rs"]
mod bounds;
#[path = "faults/desk.rs"]
mod desk;
#[path = "faults/fault.rs"]
mod fault;
#[path = "faults/fields.rs"]
mod fields;
#[path = "faults/mangle.rs"]
mod mangle;
#[path = "faults/message.rs"]
mod message;
#[path = "faults/program.rs"]
mod program;
#[path = "faults/proxy.rs"]
mod proxy;
#[path = "faults/table.rs"]
mod table;
#[path = "faults/trust.rs"]
mod trust;
#[path = "faults/wire.rs"]
mod wire;
#[path = "faults/wordpress.rs"]
mod wordpress;

use desk::{Evening, Met, REQUESTS_MAX};
use fault::{Kind, MEANING, Scope, TRANSPORT};
use proxy::Dialect;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use table::Key;

/// Desks at work at any moment: they wait far more than they work.
const DESKS: usize = 12;

fn rows() -> Vec<(Kind, Scope, Dialect)> {
    let only = std::env::var("FAULTS").unwrap_or_default();
    let kinds = TRANSPORT.iter().chain(&MEANING).filter(|kind| kind.name.contains(&only));
    let rows = kinds.flat_map(|kind| {
        kind.scopes.iter().flat_map(|scope| [Dialect::Cmh, Dialect::WordPress].map(|d| (*kind, *scope, d)))
    });
    rows.collect()
}

#[test]
fn every_fault_is_named_and_nothing_is_lost() {
    let (rows, wanted) = (rows(), table::wanted());
    let anew = std::env::var_os("UPDATE_FAULTS").is_some();
    let (next, met) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..DESKS {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    let Some((kind, meets, dialect)) = rows.get(at) else { return };
                    let key = Key::of(kind.name, *meets, *dialect);
                    let place = (key.fault.clone(), key.met_by.to_owned(), key.system.to_owned());
                    let wish = wanted.get(&place).filter(|_| !anew);
                    let played = Evening::begin(*dialect).play(kind, *meets, wish);
                    met.lock().unwrap().push((at, key, wish.cloned(), played));
                }
            });
        }
    });
    let mut met = met.into_inner().unwrap();
    met.sort_by_key(|(at, ..)| *at);
    let (mut lines, mut wrong, mut most) = (Vec::new(), Vec::new(), 0);
    for (_, key, wish, played) in &met {
        match played {
            Ok(Met { screen, requests, took }) => {
                let line = table::row(key, screen);
                println!("{line} {requests} requests, {:.1} s", took.as_secs_f32());
                most = most.max(*requests);
                if !anew && wish.as_ref() != Some(screen) {
                    let wish = wish.as_ref().map(|wish| table::row(key, wish));
                    wrong.push(format!("on screen {line}\n   wanted {}", wish.unwrap_or_default()));
                }
                lines.push(line);
            }
            Err(why) => wrong.push(format!("{key:?}: {why}")),
        }
    }
    println!("{} rows; at most {most} requests in one, of {REQUESTS_MAX}", met.len());
    if anew && std::env::var_os("FAULTS").is_none() {
        table::write(&lines);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), met.len(), wrong.join("\n"));
}
