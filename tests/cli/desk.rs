//! A desk that is run by commands alone: its folder, the secret it is given, and what a command printed.

use greenroom::net::http::Http;
use greenroom::net::{Method, Request, Transport as _};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The demo site's short name on a desk, and the variable that gives its secret.
pub const SLUG: &str = "the-brackwater-gazette";
pub const VARIABLE: &str = "GREENROOM_SECRET_THE_BRACKWATER_GAZETTE";
pub const TOKEN: &str = "t";

/// The demo site as a process of its own, which ends with this.
pub struct Served {
    child: Child,
    pub origin: String,
}

impl Served {
    pub fn start(comments: usize) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_greenroom"))
            .args(["demo", "--serve-only", "--port", "0", "--token", TOKEN, "--alone", "--rate", "0"])
            .args(["--comments", &comments.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let origin = line.split([' ', ',']).find(|word| word.starts_with("http://")).unwrap().to_owned();
        Self { child, origin }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the site itself says over HTTP.
pub fn ask(origin: &str, path: &str) -> Value {
    let request = Request::new(Method::Get, format!("{origin}/api/mod{path}"))
        .header("authorization", format!("Bearer {TOKEN}"));
    let answer = Http::new().unwrap().send(request).unwrap();
    assert_eq!(answer.status, 200, "{path}");
    serde_json::from_slice(&answer.body).unwrap()
}

pub fn pending_there(origin: &str) -> u64 {
    ask(origin, "")["counts"]["pending"].as_u64().unwrap()
}

/// `native` as the site has it.
pub fn status_there(origin: &str, native: &str) -> String {
    ask(origin, &format!("/comments/{native}"))["status"].as_str().unwrap().to_owned()
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The JSON it printed, once it ended with `code`.
    #[track_caller]
    pub fn json(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A command that has not ended.
pub struct Running(Child);

impl Running {
    /// Ctrl+C.
    pub fn interrupt(self) -> Ran {
        let sent = Command::new("/bin/kill").args(["-INT", &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
        Ran::of(self.0.wait_with_output().unwrap())
    }
}

/// One of the values of every entry of a list, in order.
#[track_caller]
pub fn each<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|entry| entry[name].as_str().unwrap()).collect()
}

pub struct Desk {
    pub dir: tempfile::TempDir,
    /// What [`VARIABLE`] says; `None` where nobody set it.
    pub secret: Option<String>,
}

impl Desk {
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), secret: Some(TOKEN.to_owned()) }
    }

    /// A desk with the site on it and its queue pulled.
    pub fn on(origin: &str) -> Self {
        let desk = Self::empty();
        assert_eq!(desk.run(&["sites", "add", "cmh", origin]).code, 0);
        desk.run(&["pull", "--json"]).json(0);
        desk
    }

    pub fn data(&self) -> std::path::PathBuf {
        self.dir.path().join("desk")
    }

    /// A program in an environment where no keyring answers and nothing of this machine's owner is found.
    pub fn program(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .env_clear()
            .env("HOME", self.dir.path())
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .env("GREENROOM_SECRET", TOKEN)
            .stdin(Stdio::null());
        if let Some(secret) = &self.secret {
            command.env(VARIABLE, secret);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        let mut command = self.program(env!("CARGO_BIN_EXE_greenroom"));
        Ran::of(command.arg("--data").arg(self.data()).args(args).output().unwrap())
    }

    /// Runs it with more in its environment.
    pub fn run_with(&self, more: &[(&str, &str)], args: &[&str]) -> Ran {
        let mut command = self.program(env!("CARGO_BIN_EXE_greenroom"));
        command.envs(more.iter().copied());
        Ran::of(command.arg("--data").arg(self.data()).args(args).output().unwrap())
    }

    /// Runs it with nobody reading what it prints.
    pub fn run_unread(&self, args: &[&str]) -> i32 {
        let mut running = self.start(args).0;
        drop((running.stdout.take(), running.stderr.take()));
        running.wait().unwrap().code().unwrap()
    }

    /// Runs it where what it prints finds no room.
    pub fn run_onto_a_full_disk(&self, args: &[&str]) -> Ran {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = self.program(env!("CARGO_BIN_EXE_greenroom"));
        let child = command.arg("--data").arg(self.data()).args(args).stdout(full).stderr(Stdio::piped());
        Ran::of(child.spawn().unwrap().wait_with_output().unwrap())
    }

    pub fn start(&self, args: &[&str]) -> Running {
        let mut command = self.program(env!("CARGO_BIN_EXE_greenroom"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.arg("--data").arg(self.data()).args(args).spawn().unwrap())
    }

    /// Runs it with a terminal to print on; everything it printed is in `out`.
    pub fn run_on_terminal(&self, args: &[&str]) -> Ran {
        let data = self.data();
        let words = [env!("CARGO_BIN_EXE_greenroom"), "--data", data.to_str().unwrap()];
        let line: Vec<String> = words.iter().chain(args).map(|word| format!("'{word}'")).collect();
        let mut command = self.program("/usr/bin/script");
        command.env("TERM", "xterm").args(["-qec", &line.join(" "), "/dev/null"]);
        Ran::of(command.output().unwrap())
    }

    /// The queue as `list` gives it: the handles of its comments.
    pub fn queue(&self) -> Vec<String> {
        let listed = self.run(&["list", "--json"]).json(0);
        assert_eq!(listed["count"].as_u64().unwrap() as usize, listed["comments"].as_array().unwrap().len());
        each(&listed["comments"], "id").into_iter().map(str::to_owned).collect()
    }
}

/// The site's own id in a handle.
pub fn native(handle: &str) -> &str {
    handle.split_once(':').unwrap().1
}
