//! A window without a screen, and the words that are drawn in it.

use crate::desk::Bench;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use egui::{Context, Event, Key, Modifiers, RawInput, Rect, Ui, pos2, vec2};
use greenroom::text::{Markup, RichText, read};
use greenroom::ui::Desk;
use greenroom::ui::widget::rich_text::{Manner, rich_text_ui};
use rustix::time::{ClockId, clock_gettime};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Points of a full window.
const SIZE: egui::Vec2 = vec2(1280.0, 1000.0);
/// Pixels in a point.
const SCALE: f32 = 1.5;

/// Processor time of this thread alone, told as time on a clock is.
pub struct Thread(pub WallTime);

impl Measurement for Thread {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        spent()
    }

    fn end(&self, before: Duration) -> Duration {
        spent() - before
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        self.0.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self.0.formatter()
    }
}

fn spent() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("time passes")
}

/// A window in which anything may be drawn.
pub struct Page(Context);

impl Page {
    /// A window that has drawn one frame.
    pub fn new() -> Self {
        let ctx = Context::default();
        Desk::install(&ctx);
        let page = Self(ctx);
        page.frame(|ui| drop(ui.label("a")));
        page
    }

    /// One frame, up to its triangles.
    pub fn frame(&self, add: impl FnMut(&mut Ui)) {
        draw(&self.0, Vec::new(), 0.0, add);
    }
}

fn draw(ctx: &Context, events: Vec<Event>, time: f64, add: impl FnMut(&mut Ui)) {
    let mut input = RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), SIZE)),
        time: Some(time),
        focused: true,
        events,
        ..RawInput::default()
    };
    if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
        viewport.native_pixels_per_point = Some(SCALE);
    }
    let mut output = ctx.run_ui(input, add);
    std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
    std::hint::black_box(&output.textures_delta);
    output.textures_delta.clear();
}

/// A desk whose every comment is in another script.
pub struct DeskPage {
    ctx: Context,
    desk: Desk,
    time: f64,
    /// It goes back up the queue.
    up: bool,
    _rest: (greenroom::demo::Demo, tempfile::TempDir),
}

impl DeskPage {
    pub fn mixed() -> Self {
        let Bench { mut app, demo, dir, .. } = Bench::connected(40);
        let texts = samples();
        let ids = app.queue().ids;
        let before: Vec<String> = ids.iter().filter_map(|id| Some(app.row(*id)?.excerpt)).collect();
        demo.with_world(|world| {
            for (at, id) in world.pending_ids().into_iter().enumerate() {
                assert!(world.edit(&id, &texts[at % texts.len()].1));
            }
        });
        let until = Instant::now() + Duration::from_secs(20);
        while app.queue().ids.iter().any(|id| app.row(*id).is_none_or(|row| before.contains(&row.excerpt))) {
            assert!(Instant::now() < until, "the edits have not come");
            app.frame();
            std::thread::sleep(Duration::from_millis(20));
        }
        let ctx = Context::default();
        Desk::install(&ctx);
        let mut page = Self { ctx, desk: Desk::new(app), time: 0.0, up: false, _rest: (demo, dir) };
        for _ in 0..60 {
            page.frame();
        }
        page
    }

    fn with(&mut self, events: Vec<Event>) {
        self.time += 0.016;
        self.desk.frame();
        let desk = &mut self.desk;
        draw(&self.ctx, events, self.time, |ui| desk.desk_ui(ui));
    }

    /// A frame in which nothing is new.
    pub fn frame(&mut self) {
        self.with(Vec::new());
    }

    /// A frame in which a key brings another comment, one that was seen before: down the queue and up again.
    pub fn next(&mut self) {
        let before = self.desk.open_comment();
        let towards = if self.up { Key::K } else { Key::J };
        let key = |pressed| Event::Key {
            key: towards,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        self.with(vec![key(true), key(false)]);
        if self.desk.open_comment() == before {
            self.up = !self.up;
        }
    }
}

/// Every text of the pictures with its language.
pub fn samples() -> Vec<(String, String)> {
    let file = include_str!("../fixtures/scripts.toml");
    let groups: toml::Table = toml::from_str(file).expect("the fixture can be read");
    let groups = groups["group"].as_array().expect("groups");
    let texts = groups.iter().flat_map(|group| group["texts"].as_array().expect("texts"));
    let word = |text: &toml::Value, key: &str| text[key].as_str().expect("words").to_owned();
    texts.map(|text| (word(text, "lang"), word(text, "html"))).collect()
}

/// The first text of a language as one paragraph of `chars` characters.
pub fn sample(lang: &str, chars: usize) -> String {
    let found = samples().into_iter().find(|(of, _)| of == lang).unwrap_or_else(|| panic!("{lang}"));
    let words = if lang == "en" { latin(0, 0) } else { found.1 };
    let words = words.trim_start_matches("<p>").split("</p>").next().unwrap_or_default().to_owned() + " ";
    words.chars().cycle().take(chars).collect()
}

/// 300 Latin characters that no other text has.
pub fn latin(n: usize, at: usize) -> String {
    let words = "Everyone has the right to freedom of opinion and expression; this right includes freedom to hold \
                 opinions without interference and to seek, receive and impart information and ideas through any media \
                 and regardless of frontiers. Nobody is held to be above the law, and every voice is heard in its turn, twice.";
    format!("{n} {at} {words}").chars().take(300).collect()
}

pub fn said(html: &str) -> Arc<RichText> {
    Arc::new(read(html, Markup::Html))
}

pub fn label(ui: &mut Ui, text: &Arc<RichText>) {
    ui.push_id(Arc::as_ptr(text), |ui| rich_text_ui(ui, text, &Manner::reader(), "text"));
}

pub fn small_label(ui: &mut Ui, text: &Arc<RichText>) {
    rich_text_ui(ui, text, &Manner { size: 13.0, ..Manner::reader() }, "text");
}

pub fn egui_label(ui: &mut Ui, text: &str) {
    ui.scope(|ui| {
        // As wide as a comment is.
        ui.set_max_width(34.0 * 16.0);
        ui.label(egui::RichText::new(text).font(egui::FontId::proportional(16.0)));
    });
}
