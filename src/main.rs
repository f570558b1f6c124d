//! Composition root: arguments, paths, and the rooms wired together. Nothing else happens here.

use clap::Parser as _;
use greenroom::app::command::{Connect, Secret};
use greenroom::app::notice::Notice;
use greenroom::app::secrets::Secrets;
use greenroom::app::{App, OtherDesk, Plant, Ports, Waker, words};
use greenroom::cli::{self, Args, DemoArgs, Task};
use greenroom::clock::{Clock, System};
use greenroom::demo::{Demo, Mischief, Options};
use greenroom::domain::Backend;
use greenroom::log;
use greenroom::net::http::Http;
use greenroom::store::Store;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
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
    let clock: Arc<dyn Clock> = Arc::new(System::start());
    log::start(&clock);
    // The hook has written down what happened, and on the way here everything was closed.
    let ran = std::panic::catch_unwind(|| run(args)).unwrap_or_else(|_| Err(words::say("cli-fault")));
    match ran {
        Ok(code) => ExitCode::from(code),
        Err(why) => {
            cli::complain(why);
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<u8, String> {
    match args.task {
        Some(Task::Demo(demo)) => run_demo(demo, args.data),
        Some(Task::Desk(task)) => {
            let dir = data_dir(args.data)?;
            let open = |waker, sites| {
                let open = match sites {
                    cli::Sites::AtWork => App::open,
                    cli::Sites::AtRest => App::open_at_rest,
                };
                open_logged(&dir, waker, Manner::own(None), open).map_err(|notice| notice.words)
            };
            Ok(cli::run(task, &dir, System::start().now(), &open))
        }
        None => {
            let dir = data_dir(args.data)?;
            window(move |waker| own_desk(dir, waker))?;
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

/// How one of the two desks differs from the other.
struct Manner {
    secrets: Secrets,
    other: Option<OtherDesk>,
    demo: Option<Demo>,
}

impl Manner {
    fn own(other: Option<OtherDesk>) -> Self {
        Self { secrets: Secrets::of_system(), other, demo: None }
    }
}

fn open_app(dir: &Path, waker: Waker, manner: Manner) -> Result<App, Notice> {
    open_logged(dir, waker, manner, App::open)
}

/// Opens a desk, which writes its log into its own folder from now on. A folder that is not there yet is the store's to make.
fn open_logged(
    dir: &Path,
    waker: Waker,
    manner: Manner,
    open: fn(&Path, Ports) -> Result<App, Notice>,
) -> Result<App, Notice> {
    let fault_before = log::before(dir);
    let before = log::into_folder(dir);
    let opened = ports(waker, manner).and_then(|ports| open(dir, Ports { fault_before, ..ports }));
    // A desk that stays because another could not be opened goes on writing into its own folder.
    log::into_folder(before.as_deref().filter(|_| opened.is_err()).unwrap_or(dir));
    tracing::info!(version = env!("CARGO_PKG_VERSION"), opened = opened.is_ok(), "desk");
    opened
}

/// Faults are planted in builds for tests only.
fn plant() -> Plant {
    match std::env::var_os("GREENROOM_PLANT") {
        Some(folder) if cfg!(debug_assertions) => Plant::in_folder(folder.into()),
        _ => Plant::default(),
    }
}

fn ports(waker: Waker, manner: Manner) -> Result<Ports, Notice> {
    let wire = Http::new().map_err(|broken| {
        Notice::error(words::say_with("cli-no-wire", &[("why", broken.to_string().into())]), None)
    })?;
    let ending = Arc::new(AtomicBool::new(false));
    watch_signals(&ending, &waker);
    let Manner { secrets, other, demo } = manner;
    Ok(Ports {
        clock: Arc::new(System::start()),
        wire: Arc::new(wire),
        secrets,
        waker,
        other,
        is_demo: demo.is_some(),
        company: demo.map(|demo| Box::new(demo) as Box<dyn Send>),
        ending,
        commit_delay: Duration::ZERO,
        fault_before: None,
        plant: plant(),
    })
}

#[cfg(not(unix))]
fn watch_signals(_: &Arc<AtomicBool>, _: &Waker) {}

/// `SIGTERM` and `SIGINT` close a window as its button does: what is held goes out first. A task ends and leaves it.
#[cfg(unix)]
fn watch_signals(ending: &Arc<AtomicBool>, waker: &Waker) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGTERM, SIGINT]) else { return };
    let (ending, waker) = (Arc::clone(ending), Arc::clone(waker));
    std::thread::spawn(move || {
        for _ in signals.forever() {
            ending.store(true, std::sync::atomic::Ordering::Relaxed);
            waker();
        }
    });
}

fn window(make: impl FnOnce(Waker) -> Result<App, Notice>) -> Result<(), String> {
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

fn run_demo(args: DemoArgs, data: Option<PathBuf>) -> Result<u8, String> {
    if args.serve_only {
        let demo = start_demo(&args).map_err(|notice| notice.words)?;
        println!(
            "{}",
            words::say_with(
                "cli-demo-serves",
                &[("address", demo.origin().into()), ("token", demo.token().to_owned().into())]
            )
        );
        loop {
            std::thread::park();
        }
    }
    window(move |waker| demo_desk(&args, data, data_dir(None).ok(), waker))?;
    Ok(0)
}

fn start_demo(args: &DemoArgs) -> Result<Demo, Notice> {
    Demo::start(options(args)).map_err(|error| {
        Notice::error(words::say_with("demo-failed", &[("why", error.to_string().into())]), None)
    })
}

/// A person's own desk, from which the demo's is a button away.
fn own_desk(dir: PathBuf, waker: Waker) -> Result<App, Notice> {
    let (own, woken) = (dir.clone(), Arc::clone(&waker));
    let demo: OtherDesk = Arc::new(move || {
        let args = DemoArgs::default();
        demo_desk(&args, None, Some(own.clone()), Arc::clone(&woken))
    });
    open_app(&dir, waker, Manner::own(Some(demo)))
}

/// The demo's desk on a demo site that lives as long as it. From here one's own, in `own`, is a button away.
fn demo_desk(
    args: &DemoArgs,
    data: Option<PathBuf>,
    own: Option<PathBuf>,
    waker: Waker,
) -> Result<App, Notice> {
    let demo = start_demo(args)?;
    let dir = match data {
        Some(dir) => dir,
        None => demo_dir()?,
    };
    let connect = invitation(&demo);
    let other = own.map(|own| {
        let woken = Arc::clone(&waker);
        Arc::new(move || own_desk(own.clone(), Arc::clone(&woken))) as OtherDesk
    });
    let manner = Manner { secrets: Secrets::in_memory(), other, demo: Some(demo) };
    let mut app = open_app(&dir, waker, manner)?;
    app.join(connect);
    Ok(app)
}

/// The demo's own folder is this user's, and starts empty each time.
fn demo_dir() -> Result<PathBuf, Notice> {
    let dirs = directories::ProjectDirs::from("", "", "greenroom")
        .ok_or_else(|| Notice::error(words::say("cli-no-home"), None))?;
    let dir = dirs.cache_dir().join("demo");
    Store::erase(&dir).map_err(|trouble| greenroom::app::notice::of_trouble(&trouble))?;
    Ok(dir)
}
