//! A window on a real desk: the demo site over real HTTP behind it, keys and frames before it.

use crate::desk::{Bench, open};
use crate::picture::renderer;
use egui::Key;
use egui_kittest::Harness;
use greenroom::app::App;
use greenroom::app::glance::Glance;
use greenroom::app::secrets::Secrets;
use greenroom::app::view::OutboxRow;
use greenroom::demo::Demo;
use greenroom::domain::CommentId;
use greenroom::ui::Desk;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub struct Window {
    pub harness: Harness<'static, Desk>,
    pub dir: TempDir,
    pub demo: Option<Demo>,
}

/// A desk with forty comments, all here.
pub fn moderated(size: [f32; 2]) -> Window {
    on_disk(size, Duration::ZERO)
}

/// The same on a disk whose every commit takes `commit_delay` longer.
pub fn on_disk(size: [f32; 2], commit_delay: Duration) -> Window {
    of(size, Bench::slow(40, commit_delay))
}

/// A window on a desk, its first comment open.
pub fn of(size: [f32; 2], bench: Bench) -> Window {
    let Bench { app, demo, dir, .. } = bench;
    let mut window = Window { harness: harness(app, size), dir, demo: Some(demo) };
    window.until("a comment is open", |window| window.harness.state().open_comment().is_some());
    window.settle();
    window
}

/// A desk nobody has connected anything to.
pub fn first_start(size: [f32; 2]) -> Window {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), Secrets::in_memory(), Duration::ZERO);
    let mut window = Window { harness: harness(app, size), dir, demo: None };
    window.settle();
    window
}

fn harness(app: App, size: [f32; 2]) -> Harness<'static, Desk> {
    let builder = Harness::builder();
    // Pictures to look at are drawn only when somebody wants them.
    let builder = match looks().and_then(|_| renderer()) {
        Some(renderer) => builder.renderer(renderer),
        None => builder,
    };
    builder
        .with_size(size)
        .with_max_steps(8)
        .with_step_dt(0.03)
        .allow_missing_glyphs()
        .with_context_setup(Desk::install)
        .build_ui_state(
            |ui, desk: &mut Desk| {
                desk.frame();
                desk.desk_ui(ui);
            },
            Desk::new(app),
        )
}

/// Where `LOOK=folder` wants pictures.
fn looks() -> Option<PathBuf> {
    std::env::var_os("LOOK").map(PathBuf::from)
}

impl Window {
    /// A window on a desk, as it comes up.
    pub fn before_a_comment(size: [f32; 2], bench: Bench) -> Self {
        let Bench { app, demo, dir, .. } = bench;
        let mut window = Self { harness: harness(app, size), dir, demo: Some(demo) };
        window.settle();
        window
    }

    /// Saves what is on screen, where that is wanted.
    pub fn look(&mut self, name: &str) {
        if let Some(folder) = looks() {
            std::fs::create_dir_all(&folder).unwrap();
            self.harness.render().unwrap().save(folder.join(format!("{name}.png"))).unwrap();
        }
    }

    /// Half a second of frames: what is on screen has then been seen.
    pub fn settle(&mut self) {
        self.harness.run_steps(20);
    }

    pub fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.settle();
    }

    #[track_caller]
    pub fn open(&self) -> CommentId {
        self.harness.state().open_comment().expect("a comment is open")
    }

    /// The site's own id of a comment.
    pub fn native(&self, id: CommentId) -> String {
        let card = Glance::open(self.dir.path()).unwrap().card(id).unwrap().unwrap();
        card.handle.split_once(':').unwrap().1.to_owned()
    }

    pub fn outbox(&self) -> Vec<OutboxRow> {
        outbox(self.dir.path())
    }

    #[track_caller]
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let until = Instant::now() + Duration::from_secs(20);
        while !holds(self) {
            assert!(Instant::now() < until, "{what}: not within 20 s");
            std::thread::sleep(Duration::from_millis(5));
            self.harness.step();
        }
    }

    /// Waits until so many decisions are on disk.
    #[track_caller]
    pub fn decided(&mut self, n: usize) -> Vec<OutboxRow> {
        self.until("the decisions are on disk", |window| window.outbox().len() >= n);
        self.settle();
        self.outbox()
    }
}

fn outbox(dir: &Path) -> Vec<OutboxRow> {
    Glance::open(dir).unwrap().outbox(200).unwrap().into_iter().map(|(_, row)| row).collect()
}

/// Processor time of this thread, where the system tells it; else time on the clock.
#[cfg(unix)]
pub fn spent() -> Duration {
    let told = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(told).unwrap()
}

/// Processor time of this thread, where the system tells it; else time on the clock.
#[cfg(not(unix))]
pub fn spent() -> Duration {
    std::time::UNIX_EPOCH.elapsed().unwrap()
}
