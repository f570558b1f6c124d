//! The real program before a proxy: what it prints, how much memory it takes and how many files it holds open.

use super::desk::Site;
use super::proxy::{Dialect, Proxy};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The most that a command took.
#[derive(Debug, Default, Clone, Copy)]
pub struct Peak {
    pub mib: u64,
    pub files: usize,
}

/// A desk's folder, its site and the proxy between them.
pub struct Program {
    pub site: Site,
    pub proxy: Proxy,
    dir: tempfile::TempDir,
    origin: String,
    roots: Option<PathBuf>,
}

impl Program {
    /// Where `roots` is given the site is asked by https, by the name `localhost`.
    pub fn before(dialect: Dialect, roots: Option<PathBuf>) -> Self {
        let site = Site::start(dialect);
        let proxy = Proxy::before(site.address(), dialect);
        let origin = match roots {
            Some(_) => format!("https://localhost:{}", proxy.address().port()),
            None => format!("http://{}", proxy.address()),
        };
        site.stand_at(&origin);
        Self { site, proxy, dir: tempfile::tempdir().unwrap(), origin, roots }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command
            .env_clear()
            .env("HOME", self.dir.path())
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .env("GREENROOM_SECRET", self.site.secret());
        // No keyring keeps it, so every later command is given it.
        for slug in ["THE_BRACKWATER_GAZETTE", "HARBOUR_GAZETTE"] {
            command.env(format!("GREENROOM_SECRET_{slug}"), self.site.secret());
        }
        if let Some(roots) = &self.roots {
            command.env("SSL_CERT_FILE", roots);
        }
        command.arg("--data").arg(self.dir.path().join("desk")).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        ran(self.command(args).output().unwrap())
    }

    pub fn add(&self) -> Ran {
        match self.site {
            Site::Cmh(_) => self.run(&["sites", "add", "cmh", &self.origin]),
            Site::WordPress(_) => self.run(&["sites", "add", "wordpress", &self.origin, "--user", "mod1"]),
        }
    }

    /// Runs a command and measures it; one that goes on for longer than `most` is ended.
    pub fn measure(&self, args: &[&str], most: Duration) -> (Ran, Peak) {
        let mut child = self.command(args).spawn().unwrap();
        let (until, mut peak) = (Instant::now() + most, Peak::default());
        while child.try_wait().unwrap().is_none() {
            peak = grown(peak, &child);
            if Instant::now() > until {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        (ran(child.wait_with_output().unwrap()), peak)
    }
}

fn grown(peak: Peak, child: &Child) -> Peak {
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    // For a moment it is still a copy of this process, with all that this one has open.
    let runs = std::fs::read_link(process.join("exe"));
    if runs.is_ok_and(|runs| runs != Path::new(env!("CARGO_BIN_EXE_greenroom"))) {
        return peak;
    }
    let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
    // The most that was ever in memory at once, in kB.
    let told = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = told.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    let files = std::fs::read_dir(process.join("fd")).map_or(0, Iterator::count);
    Peak { mib: peak.mib.max(kib.unwrap_or(0) >> 10), files: peak.files.max(files) }
}

fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}
