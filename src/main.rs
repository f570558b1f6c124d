//! Composition root: arguments, paths, and the rooms wired together. Nothing else happens here.

use clap::Parser as _;
use greenroom::app::command::{Connect, Secret};
use greenroom::app::secrets::Secrets;
use greenroom::app::{App, DemoStarter, Ports, Waker, words};
use greenroom::cli::{self, Args, DemoArgs, Task};
use greenroom::clock::System;
use greenroom::demo::{Demo, Mischief, Options};
use greenroom::domain::Backend;
use greenroom::net::http::Http;
use greenroom::store::Store;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are printed where they belong; a pipe that is closed is nobody's fault.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { cli::USAGE } else { 0 });
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("GREENROOM_LOG"))
        .with_writer(std::io::stderr)
        .init();
    match run(args) {
        Ok(code) => ExitCode::from(code),
        Err(why) => {
            eprintln!("greenroom: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<u8, String> {
    match args.task {
        Some(Task::Demo(demo)) => run_demo(&demo, args.data),
        Some(Task::Desk(task)) => {
            let dir = data_dir(args.data)?;
            let open = |waker| open_app(&dir, waker, Secrets::of_system(), None).map_err(|notice| notice.words);
            Ok(cli::run(task, &dir, &open))
        }
        None => {
            let dir = data_dir(args.data)?;
            window(move |waker| open_app(&dir, waker, Secrets::of_system(), Some(demo_starter())))?;
            Ok(0)
        }
    }
}

/// The default place by the system's own rules; `--data` overrides it.
fn data_dir(asked: Option<PathBuf>) -> Result<PathBuf, String> {
    if let Some(dir) = asked {
        return Ok(dir);
    }
    let dirs = directories::ProjectDirs::from("", "", "greenroom");
    dirs.map(|dirs| dirs.data_dir().to_owned()).ok_or_else(|| words::say("cli-no-home"))
}

fn open_app(
    dir: &Path,
    waker: Waker,
    secrets: Secrets,
    demo: Option<DemoStarter>,
) -> Result<App, greenroom::app::notice::Notice> {
    let wire = Http::new().map_err(|broken| {
        let why = format!("{broken:?}");
        greenroom::app::notice::Notice::error(words::say_with("cli-no-wire", &[("why", why.into())]), None)
    })?;
    let ending = Arc::new(AtomicBool::new(false));
    watch_signals(&ending, &waker);
    let ports = Ports {
        clock: Arc::new(System::start()),
        wire: Arc::new(wire),
        secrets,
        waker,
        demo,
        ending,
        commit_delay: Duration::ZERO,
    };
    App::open(dir, ports)
}

/// `SIGTERM` and `SIGINT` close the desk as its window's button does: what is held goes out first.
fn watch_signals(ending: &Arc<AtomicBool>, waker: &Waker) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGTERM, SIGINT]) else { return };
    let (ending, waker) = (Arc::clone(ending), Arc::clone(waker));
    std::thread::spawn(move || {
        for _ in signals.forever() {
            ending.store(true, Ordering::Relaxed);
            waker();
        }
    });
}

fn window(make: impl FnOnce(Waker) -> Result<App, greenroom::app::notice::Notice>) -> Result<(), String> {
    greenroom::ui::open(|waker| make(waker).map_err(|notice| notice.words))
}

fn options(demo: &DemoArgs) -> Options {
    let mischief = match (demo.alone, demo.mischief) {
        (true, _) => Mischief::none(),
        (false, outages) => Mischief { outages, ..Mischief::default() },
    };
    Options {
        seed: demo.seed,
        comments: demo.comments,
        port: demo.port,
        rate_per_min: demo.rate,
        mischief,
        token: demo.token.clone(),
        ..Options::default()
    }
}

fn invitation(demo: &Demo) -> Connect {
    Connect {
        backend: Backend::Cmh,
        address: demo.origin(),
        account: String::new(),
        secret: Secret::new(demo.token()),
    }
}

fn run_demo(args: &DemoArgs, data: Option<PathBuf>) -> Result<u8, String> {
    let demo = Demo::start(options(args))
        .map_err(|error| words::say_with("demo-failed", &[("why", error.to_string().into())]))?;
    if args.serve_only {
        println!("{}", words::say_with("cli-demo-serves", &[("address", demo.origin().into()), ("token", demo.token().to_owned().into())]));
        loop {
            std::thread::park();
        }
    }
    let dir = match data {
        Some(dir) => dir,
        None => demo_dir()?,
    };
    let connect = invitation(&demo);
    window(move |waker| {
        let mut app = open_app(&dir, waker, Secrets::in_memory(), None)?;
        app.join(connect);
        Ok(app)
    })?;
    drop(demo);
    Ok(0)
}

/// The demo's own folder is this user's, and starts empty each time.
fn demo_dir() -> Result<PathBuf, String> {
    let dirs =
        directories::ProjectDirs::from("", "", "greenroom").ok_or_else(|| words::say("cli-no-home"))?;
    let dir = dirs.cache_dir().join("demo");
    Store::erase(&dir).map_err(|trouble| greenroom::app::notice::of_trouble(&trouble).words)?;
    Ok(dir)
}

/// The button *Try the demo site*: the site lives as long as the desk.
fn demo_starter() -> DemoStarter {
    let running: Mutex<Option<Demo>> = Mutex::new(None);
    Box::new(move || {
        let demo = Demo::start(Options::default()).map_err(|error| error.to_string())?;
        let connect = invitation(&demo);
        *running.lock().unwrap_or_else(PoisonError::into_inner) = Some(demo);
        Ok(connect)
    })
}
