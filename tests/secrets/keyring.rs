//! A real Secret Service: gnome-keyring on a bus of its own. `GREENROOM_KEYRING=require` makes its absence a failure.

use crate::{Desk, SLUG, TOKEN, files, newsroom};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A bus with a keyring that is unlocked.
struct Keyring {
    bus: String,
    children: Vec<Child>,
    _home: tempfile::TempDir,
}

impl Keyring {
    fn start() -> Option<Self> {
        let started = Self::try_start();
        if started.is_none() {
            let required = std::env::var("GREENROOM_KEYRING").is_ok_and(|value| value == "require");
            assert!(!required, "no Secret Service here: install dbus and gnome-keyring");
            // Past the harness, which shows nothing of a test that passes.
            let mut past = std::io::stderr().lock();
            writeln!(past, "NOT TESTED: no Secret Service here (dbus-daemon, gnome-keyring-daemon)").unwrap();
        }
        started
    }

    fn try_start() -> Option<Self> {
        let home = tempfile::tempdir().unwrap();
        let of = |program: &str| {
            let mut command = Command::new(program);
            command.env("HOME", home.path()).env("XDG_RUNTIME_DIR", home.path()).env_remove("DISPLAY");
            command.env_remove("XDG_DATA_HOME").env_remove("XDG_CONFIG_HOME").stderr(Stdio::null());
            command
        };
        let mut daemon = of("dbus-daemon");
        let mut daemon = daemon
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut bus = String::new();
        BufReader::new(daemon.stdout.take()?).read_line(&mut bus).ok()?;
        let bus = bus.trim().to_owned();
        let mut started = Self { bus: bus.clone(), children: vec![daemon], _home: home };
        let home = started._home.path().to_owned();
        let mut keyring = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("HOME", &home)
            .env("XDG_RUNTIME_DIR", &home)
            .env("DBUS_SESSION_BUS_ADDRESS", &bus)
            .env_remove("DISPLAY")
            .env_remove("XDG_DATA_HOME")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        // The password of a new keyring: an empty one.
        keyring.stdin.take()?.write_all(b"\n").ok()?;
        started.children.push(keyring);
        let until = Instant::now() + Duration::from_secs(20);
        while !started.is_open() {
            if Instant::now() > until {
                return None;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(started)
    }

    /// What it answers to one call, if it answers.
    fn ask(&self, path: &str, call: &[&str]) -> Option<String> {
        let asked = Command::new("dbus-send")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", path])
            .args(call)
            .output()
            .ok()?;
        asked.status.success().then(|| String::from_utf8_lossy(&asked.stdout).into_owned())
    }

    /// Whether it takes secrets: it answers a while before the keyring that it was unlocked for is there.
    fn is_open(&self) -> bool {
        const SERVICE: &str = "/org/freedesktop/secrets";
        let told = self.ask(SERVICE, &["org.freedesktop.Secret.Service.ReadAlias", "string:default"]);
        let told = told.unwrap_or_default();
        let Some(path) = told.split('"').nth(1).filter(|path| *path != "/") else { return false };
        let locked = ["string:org.freedesktop.Secret.Collection", "string:Locked"];
        let locked = self.ask(path, &[&["org.freedesktop.DBus.Properties.Get"][..], &locked].concat());
        locked.is_some_and(|told| told.contains("boolean false"))
    }

    /// How many secrets of this program it keeps.
    fn entries(&self) -> Option<usize> {
        let search = ["org.freedesktop.Secret.Service.SearchItems", "dict:string:string:service,greenroom"];
        let told = self.ask("/org/freedesktop/secrets", &search)?;
        Some(told.matches("object path").count())
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn a_secret_goes_to_the_keyring_is_found_by_the_next_start_and_erased_with_its_site() {
    let Some(keyring) = Keyring::start() else { return };
    let site = newsroom(12);
    let desk = Desk::new(&keyring.bus);
    assert_eq!(keyring.entries(), Some(0));
    let added = desk.run_with_input(&["sites", "add", "cmh", &site.origin(), "--json"], TOKEN);
    let told: serde_json::Value =
        serde_json::from_slice(&added.stdout).unwrap_or_else(|_| panic!("{added:?}"));
    assert_eq!(told[0]["secret_kept"], true, "{told}");
    assert_eq!(keyring.entries(), Some(1));

    // Nothing but the keyring knows it now.
    let pulled = desk.run(&["pull", "--json"]);
    let told: serde_json::Value =
        serde_json::from_slice(&pulled.stdout).unwrap_or_else(|_| panic!("{pulled:?}"));
    assert_eq!((pulled.status.code(), &told["pending"]), (Some(0), &12.into()), "{pulled:?}");
    for file in files(&desk.data()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes()), "{}", file.display());
    }

    let removed = desk.run(&["sites", "remove", SLUG]);
    assert_eq!(removed.status.code(), Some(0), "{removed:?}");
    assert_eq!(keyring.entries(), Some(0), "it is erased with the site");
}

#[test]
fn a_keyring_that_goes_away_is_said_and_the_variable_named() {
    let Some(keyring) = Keyring::start() else { return };
    let site = newsroom(3);
    let desk = Desk::new(&keyring.bus);
    assert!(desk.run_with_input(&["sites", "add", "cmh", &site.origin()], TOKEN).status.success());
    drop(keyring);
    let pulled = desk.run(&["pull"]);
    let said = String::from_utf8(pulled.stderr).unwrap();
    assert!(pulled.status.code() == Some(5) && said.contains(crate::VARIABLE), "{said}");
}
