//! Who may name whom, and what stands in one place only.

use crate::source::{Finding, Source, words};

/// Every room with the rooms it may name. What is absent is forbidden.
const ARROWS: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("text", &[]),
    ("net", &[]),
    ("clock", &[]),
    ("log", &["clock"]),
    ("store", &["domain"]),
    ("backend", &["net", "domain"]),
    ("sync", &["backend", "store", "net", "text", "clock", "domain"]),
    ("app", &["sync", "store", "backend", "net", "text", "log", "clock", "domain"]),
    ("ui", &["app", "domain", "text"]),
    ("cli", &["app", "domain", "text"]),
    ("demo", &["net", "clock"]),
];

/// The systems that `src/backend/` speaks to, each in a folder of its own.
const BACKENDS: [&str; 6] = ["wordpress", "cmh", "ghost", "isso", "waline", "coral"];

pub fn arrows(source: &Source) -> Vec<Finding> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some((_, may)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        return vec![source.finding(0, format!("`{room}` is no room of this house"))];
    };
    named_rooms(source)
        .into_iter()
        .filter(|(_, named)| named != room && !may.contains(&named.as_str()))
        .map(|(at, named)| source.finding(at, format!("`{room}` names `{named}`")))
        .collect()
}

/// Every room a file names, through `crate::`, `greenroom::` or a chain of `super::`.
fn named_rooms(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for root in ["crate", "greenroom"] {
        for at in words(&source.code, root) {
            found.extend(first_names(&source.code, at + root.len()));
        }
    }
    let depth = module_depth(&source.path);
    for at in words(&source.code, "super") {
        let chain = source.code[at..].split("::").take_while(|part| part.trim() == "super").count();
        let begins = !source.code[..at].trim_end().ends_with("::");
        if begins && chain >= depth {
            let end =
                at + source.code[at..].match_indices("super").nth(chain - 1).map_or(0, |(o, s)| o + s.len());
            found.extend(first_names(&source.code, end));
        }
    }
    found.retain(|(_, name)| ARROWS.iter().any(|(room, _)| room == name));
    found
}

/// The names that follow `::` at `at`, one or a group in braces.
fn first_names(code: &str, at: usize) -> Vec<(usize, String)> {
    let Some(rest) = code[at..].trim_start().strip_prefix("::") else { return Vec::new() };
    let rest = rest.trim_start();
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![(at, name(rest))] };
    let (mut names, mut depth, mut begins) = (Vec::new(), 0, true);
    for (offset, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && depth == 0 && !c.is_whitespace() => {
                names.push((at, name(&group[offset..])));
                begins = false;
            }
            _ => {}
        }
    }
    names
}

/// How many `super` lead from a file to the root of the crate.
fn module_depth(path: &str) -> usize {
    let parts = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    parts.split('/').count()
}

pub fn backends_apart(source: &Source) -> Vec<Finding> {
    let Some(own) = source.path.strip_prefix("src/backend/").and_then(|rest| rest.split_once('/')) else {
        return Vec::new();
    };
    let others = BACKENDS.iter().filter(|name| **name != own.0);
    let paths = others.flat_map(|name| [format!("backend::{name}"), format!("super::{name}")]);
    paths
        .flat_map(|path| words(&source.code, &path).into_iter().map(move |at| (at, path.clone())))
        .map(|(at, path)| source.finding(at, format!("`{}` names `{path}`", own.0)))
        .collect()
}

pub fn widgets_know_nothing(source: &Source) -> Vec<Finding> {
    if !source.path.starts_with("src/ui/widget/") {
        return Vec::new();
    }
    let mut found: Vec<Finding> = named_rooms(source)
        .into_iter()
        .filter(|(_, room)| room == "app")
        .map(|(at, _)| source.finding(at, "a widget names `app`"))
        .collect();
    for screen in ["ui::view", "super::view"] {
        found.extend(
            words(&source.code, screen).into_iter().map(|at| source.finding(at, "a widget names a screen")),
        );
    }
    found
}

pub fn screens_apart(source: &Source) -> Vec<Finding> {
    let Some(screen) = source.path.strip_prefix("src/ui/view/") else { return Vec::new() };
    let own = screen.trim_end_matches(".rs").trim_end_matches("/mod");
    if own == "mod" {
        return Vec::new();
    }
    let own = own.split('/').next().unwrap_or(own);
    let inside = screen.trim_end_matches("/mod.rs").contains('/');
    let mut found = Vec::new();
    for path in ["ui::view", "super::view", "super"] {
        if path == "super" && inside {
            continue;
        }
        for at in words(&source.code, path) {
            if path == "super" && source.code[..at].trim_end().ends_with("::") {
                continue;
            }
            for (at, name) in first_names(&source.code, at + path.len()) {
                let tail = &source.code[at..];
                let is_module = path != "super" || tail.contains(&format!("{name}::"));
                let lower = name.chars().next().is_some_and(char::is_lowercase);
                if lower && is_module && !matches!(name.as_str(), "super" | "self") && name != own {
                    found.push(source.finding(at, format!("the screen `{own}` names `{name}`")));
                }
            }
        }
    }
    found
}

/// A crate or a call that stands in one place only.
pub struct Place {
    pub names: &'static [&'static str],
    pub only_in: &'static [&'static str],
    /// Tests may name it too.
    pub tests_may: bool,
}

pub const EGUI: Place =
    Place { names: &["egui", "eframe", "winit"], only_in: &["src/ui/", "src/main.rs"], tests_may: false };
pub const SQLITE: Place = Place { names: &["rusqlite"], only_in: &["src/store/"], tests_may: false };
pub const HTTP: Place = Place { names: &["reqwest"], only_in: &["src/net/http.rs"], tests_may: false };
pub const WALL_CLOCK: Place = Place {
    names: &["Utc::now", "Local::now", "Instant::now", "SystemTime"],
    only_in: &["src/clock.rs"],
    tests_may: true,
};
pub const THREADS: Place = Place {
    names: &[
        "thread::spawn",
        "thread::Builder",
        "thread::scope",
        "spawn_blocking",
        "tokio::spawn",
        "runtime::Builder",
    ],
    only_in: &[
        "src/sync/driver.rs",
        "src/store/writer.rs",
        "src/app/job.rs",
        "src/demo/server.rs",
        "src/main.rs",
        "src/ui/font.rs",
    ],
    tests_may: true,
};
pub const LOG: Place = Place {
    names: &["tracing_subscriber", "set_hook", "take_hook"],
    only_in: &["src/log/"],
    tests_may: true,
};
pub const COLOURS: Place =
    Place { names: &["Color32::", "Rgba::", "Hsva::"], only_in: &["src/ui/theme.rs"], tests_may: true };
pub const SERDE: Place = Place {
    names: &["serde", "Serialize", "Deserialize"],
    only_in: &[
        "src/demo/",
        "src/backend/json.rs",
        "src/cli/",
        "src/app/settings.rs",
        "src/app/export.rs",
        "src/ui/focus.rs",
    ],
    tests_may: false,
};
pub const JSON: Place = Place {
    names: &["serde_json"],
    only_in: &[
        "src/demo/",
        "src/cli/",
        "src/backend/",
        "src/app/settings.rs",
        "src/app/export.rs",
        "src/ui/focus.rs",
    ],
    tests_may: true,
};

pub fn in_place(source: &Source, place: &Place) -> Vec<Finding> {
    if !source.path.starts_with("src/") || source.is_in(place.only_in) || is_wire(source, place) {
        return Vec::new();
    }
    let code = if place.tests_may { &source.live } else { &source.code };
    let stands = |name: &&str| match name.strip_suffix("::") {
        Some(name) => {
            words(code, name).into_iter().filter(|at| code[at + name.len()..].starts_with("::")).collect()
        }
        None => words(code, name),
    };
    place
        .names
        .iter()
        .flat_map(|name| stands(name).into_iter().map(move |at| (at, name)))
        .map(|(at, name)| source.finding(at, format!("`{name}` stands only in {}", place.only_in.join(", "))))
        .collect()
}

/// `src/backend/*/wire.rs` and `src/backend/*/wire/`: a site's own shapes.
fn is_wire(source: &Source, place: &Place) -> bool {
    let in_backend = source.path.strip_prefix("src/backend/").and_then(|rest| rest.split_once('/'));
    place.names.contains(&"serde")
        && in_backend.is_some_and(|(_, file)| file == "wire.rs" || file.starts_with("wire/"))
}
