//! One picture of each kind of message that a fault brings on screen: the site's line, the outbox, the form that connects a
//! site, what stands beside a comment; and some at twice the size. Written to the folder named, or to target/faults. Whether
//! a picture is right is for whoever looks.

#[path = "authority.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod authority;
#[path = "desk.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod desk;
#[path = "fault.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod fault;
#[path = "mangle.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod mangle;
#[path = "message.rs"]
mod message;
#[path = "proxy.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod proxy;
#[path = "wordpress.rs"]
mod wordpress;

use desk::Evening;
use egui::Key;
use egui_kittest::{Harness, wgpu::WgpuTestRenderer};
use fault::{Kind, MEANING, Scope, TRANSPORT};
use greenroom::app::command::Command;
use greenroom::app::{App, ThemeChoice};
use greenroom::ui::Desk;
use proxy::Dialect;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SIZE: [f32; 2] = [1024.0, 700.0];

/// Fault, what meets it, the system, and how many seconds pass before the picture.
const SHOWN: [(&str, Scope, Dialect, u64); 15] = [
    ("connection refused", Scope::All, Dialect::Cmh, 3),
    ("answer cut at two thirds", Scope::All, Dialect::Cmh, 3),
    ("silence before the answer", Scope::All, Dialect::WordPress, 6),
    ("gzip bomb", Scope::Beside, Dialect::WordPress, 4),
    ("redirect to another origin", Scope::All, Dialect::WordPress, 4),
    ("401", Scope::All, Dialect::WordPress, 3),
    ("403", Scope::All, Dialect::WordPress, 3),
    ("409", Scope::Writes, Dialect::WordPress, 4),
    ("429, Retry-After: 99999999999", Scope::All, Dialect::Cmh, 3),
    ("500", Scope::All, Dialect::WordPress, 4),
    ("503, Retry-After: 600", Scope::All, Dialect::Cmh, 4),
    ("a web page with 200", Scope::All, Dialect::WordPress, 4),
    ("a web page with 200", Scope::Beside, Dialect::Cmh, 4),
    ("fields missing", Scope::All, Dialect::Cmh, 4),
    ("410", Scope::Writes, Dialect::Cmh, 4),
];

fn kind(name: &str) -> &'static Kind {
    TRANSPORT.iter().chain(&MEANING).find(|kind| kind.name == name).expect("a fault of that name")
}

struct Drawn<'a> {
    folder: &'a Path,
    name: String,
}

impl Drawn<'_> {
    fn window(&self, mut app: App, size: [f32; 2], zoom: f32) -> Harness<'static, Desk> {
        app.set_theme(ThemeChoice::Light);
        app.set_zoom(zoom);
        Harness::builder()
            .with_size(size)
            .with_step_dt(0.03)
            .allow_missing_glyphs()
            .with_context_setup(Desk::install)
            .renderer(WgpuTestRenderer::new())
            .build_ui_state(
                |ui, desk: &mut Desk| {
                    desk.frame();
                    desk.desk_ui(ui);
                },
                Desk::new(app),
            )
    }

    fn save(&self, window: &mut Harness<'static, Desk>, which: &str) {
        let name = self.name.replace([' ', ',', ':'], "-");
        let file = self.folder.join(format!("{name}-{which}.png"));
        window.render().expect("a picture").save(&file).expect("a place for it");
        println!("{}", file.display());
    }
}

fn frames(window: &mut Harness<'static, Desk>, time: Duration) {
    let until = Instant::now() + time;
    while Instant::now() < until {
        window.step();
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn draw(folder: &Path, (name, scope, dialect, secs): (&str, Scope, Dialect, u64), size: [f32; 2], zoom: f32) {
    let mut evening = Evening::begin(dialect);
    evening.meet(kind(name), scope);
    let Evening { app, site, proxy, _dir: dir, .. } = evening;
    let drawn = Drawn { folder, name: format!("{name}-{dialect:?}-{scope:?}-{zoom}") };
    let mut window = drawn.window(app, size, zoom);
    frames(&mut window, Duration::from_secs(secs));
    drawn.save(&mut window, "desk");
    window.key_press(Key::L);
    frames(&mut window, Duration::from_millis(500));
    drawn.save(&mut window, "sites");
    window.key_press(Key::O);
    frames(&mut window, Duration::from_millis(700));
    drawn.save(&mut window, "outbox");
    drop((site, proxy, dir));
}

/// The form, after a site did not let itself be connected.
fn form(folder: &Path, name: &str, size: [f32; 2], zoom: f32, accept: Option<proxy::Accept>) {
    let site = desk::Site::start(Dialect::WordPress);
    let proxy = proxy::Proxy::before(site.address(), Dialect::WordPress);
    let scheme = if accept.is_some() { "https" } else { "http" };
    let address = format!("{scheme}://localhost:{}", proxy.address().port());
    match accept {
        Some(accept) => proxy.accept_by(accept),
        None => proxy.begin(kind(name).how, Scope::All),
    }
    std::thread::sleep(Duration::from_millis(50));
    let dir = tempfile::tempdir().expect("a folder");
    let mut app = desk::open(dir.path()).0;
    app.run(Command::Connect(site.connect(address)));
    let drawn = Drawn { folder, name: format!("{name}-{zoom}") };
    let mut window = drawn.window(app, size, zoom);
    frames(&mut window, Duration::from_secs(6));
    drawn.save(&mut window, "form");
}

fn main() {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/faults"), PathBuf::from);
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    for shown in SHOWN {
        draw(&folder, shown, SIZE, 1.0);
    }
    draw(&folder, ("a web page with 200", Scope::All, Dialect::WordPress, 4), [2048.0, 1400.0], 2.0);
    draw(&folder, ("403", Scope::All, Dialect::WordPress, 3), [1024.0, 700.0], 2.0);
    for name in ["connection refused", "401", "a web page with 200", "429, Retry-After: 99999999999", "500"] {
        form(&folder, name, SIZE, 1.0, None);
    }
    let authority = authority::Authority::new();
    for (zoom, size) in [(1.0, SIZE), (2.0, [1280.0, 900.0])] {
        form(&folder, "stranger", size, zoom, Some(authority.accept(authority::Flaw::SelfSigned)));
    }
}
