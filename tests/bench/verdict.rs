//! The limits, and whether the last run kept them.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a measurement may take, in milliseconds of the thread that draws.
const LIMITS: [(&str, f64); 4] =
    [("cached/paragraph", 0.1), ("warm script", 3.0), ("first use", 10.0), ("window", 4.0)];

/// Says for each measurement made after `since` whether its limit is kept; ends the program where one is missed.
pub fn tell(since: SystemTime) {
    let told = measured(since);
    let mut missed = 0;
    println!();
    for (name, millis) in &told {
        let Some((_, limit)) = LIMITS.iter().find(|(start, _)| name.starts_with(start)) else { continue };
        missed += usize::from(millis > limit);
        let word = if millis > limit { "MISSED" } else { "kept" };
        println!("{name:40} {millis:8.3} ms of {limit} ms  {word}");
    }
    let of = |name: &str| told.iter().find(|(of, _)| of == name).map(|(_, millis)| *millis);
    if let (Some(ours), Some(egui)) = (of("uncached Latin/ours"), of("uncached Latin/egui")) {
        let share = ours / egui;
        missed += usize::from(share > 2.0);
        let word = if share > 2.0 { "MISSED" } else { "kept" };
        println!("{:40} {share:8.2} of 2 times egui's own  {word}", "uncached Latin");
    }
    if missed > 0 {
        println!("{missed} limits missed");
        std::process::exit(1);
    }
}

/// The medians by name, in milliseconds.
fn measured(since: SystemTime) -> Vec<(String, f64)> {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("criterion");
    let mut found = Vec::new();
    walk(&root, since, &mut found);
    found.sort_by(|a: &(String, f64), b| a.0.cmp(&b.0));
    found
}

fn walk(folder: &Path, since: SystemTime, found: &mut Vec<(String, f64)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()) {
        if path.file_name().is_some_and(|name| name == "new") {
            found.extend(estimate(&path, since));
        } else {
            walk(&path, since, found);
        }
    }
}

fn estimate(folder: &Path, since: SystemTime) -> Option<(String, f64)> {
    let written = std::fs::metadata(folder.join("estimates.json")).ok()?.modified().ok()?;
    if written < since {
        return None;
    }
    let json = |file: &str| -> Option<serde_json::Value> {
        serde_json::from_slice(&std::fs::read(folder.join(file)).ok()?).ok()
    };
    let name = json("benchmark.json")?["full_id"].as_str()?.to_owned();
    let nanos = json("estimates.json")?["median"]["point_estimate"].as_f64()?;
    Some((name, nanos / 1e6))
}
