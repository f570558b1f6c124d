//! Where secrets are, and where they never are: a real keyring, a token that is planted and looked for everywhere, and the
//! network that may carry it.
// The keyring's own daemon and `/proc` are known here only.
#![cfg(target_os = "linux")]

#[path = "secrets/keyring.rs"]
mod keyring;
#[path = "secrets/network.rs"]
mod network;
#[path = "secrets/planted.rs"]
mod planted;

use greenroom::demo::{Demo, Mischief, Options};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A token like no other text.
pub const TOKEN: &str = "pLanted-7f3a9c-tOken-Zq81x";
/// The demo site's short name on a desk, and the variable that gives its secret.
pub const SLUG: &str = "the-brackwater-gazette";
pub const VARIABLE: &str = "GREENROOM_SECRET_THE_BRACKWATER_GAZETTE";

pub fn newsroom(comments: usize) -> Demo {
    let token = Some(TOKEN.to_owned());
    let options =
        Options { comments, rate_per_min: 0.0, mischief: Mischief::none(), token, ..Options::default() };
    Demo::start(options).unwrap()
}

/// Commands on one desk, in an environment that has nothing but what is named here.
pub struct Desk {
    pub home: tempfile::TempDir,
    pub bus: String,
}

impl Desk {
    pub fn new(bus: &str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), bus: bus.to_owned() }
    }

    pub fn data(&self) -> PathBuf {
        self.home.path().join("desk")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .arg("--data")
            .arg(self.data())
            .args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs it with a secret on standard input.
    pub fn run_with_input(&self, args: &[&str], secret: &str) -> Output {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{secret}\n").as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}
