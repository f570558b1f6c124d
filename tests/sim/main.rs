//! The storm: no decision lost, doubled, applied to words other than those seen, or sent after a withdrawal; at rest the
//! desk's truth is the site's. `STORM_SEEDS=n` sets how many seeds, `STORM_SEED=n` replays one.

mod late;
mod site;
mod storm;

use site::Face;
use storm::{Plant, Storm};

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    match number("STORM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("STORM_SEEDS").unwrap_or(2_000),
    }
}

fn storm(face: Face, plant: Plant, seeds: std::ops::Range<u64>) -> Vec<String> {
    let mut found = Vec::new();
    for seed in seeds {
        if let Err(why) = Storm::new(seed, face, plant).run(120) {
            found.push(format!("STORM_SEED={seed} on {face:?}: {why}"));
            if found.len() == if plant == Plant::None { 10 } else { 1 } {
                break;
            }
        }
    }
    found
}

fn half(seeds: std::ops::Range<u64>) -> std::ops::Range<u64> {
    if seeds.end - seeds.start == 1 {
        seeds
    } else {
        seeds.start..seeds.start + (seeds.end - seeds.start) / 2
    }
}

#[test]
fn a_site_that_refuses_stale_decisions_never_gets_one_wrong() {
    let found = storm(Face::Cmh, Plant::None, half(seeds()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_site_that_cannot_refuse_is_looked_at_first() {
    let found = storm(Face::WordPress, Plant::None, half(seeds()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_storm_catches_an_undo_that_only_forgets() {
    let found = storm(Face::WordPress, Plant::UndoWithoutInverse, 0..1_000);
    assert!(!found.is_empty(), "the planted fault went unseen");
}

#[test]
fn the_storm_catches_a_crash_that_forgets_what_was_on_the_wire() {
    let found = storm(Face::WordPress, Plant::ForgetSending, 0..1_000);
    assert!(!found.is_empty(), "the planted fault went unseen");
}

#[test]
fn the_storm_catches_a_decision_that_lands_on_words_nobody_read() {
    let found = storm(Face::Cmh, Plant::SendUnjudged, 0..1_000);
    assert!(!found.is_empty(), "the planted fault went unseen");
}
