//! The window. Each frame reads views from `app`, draws them, and runs the commands that were wished for afterwards. Nothing
//! here touches a store, a site or a clock.

mod ago;
mod columns;
mod conflict;
mod deeds;
mod field;
mod focus;
pub mod font;
mod hands;
mod icon;
mod keys;
mod keysheet;
mod looked;
mod many;
mod mishap;
mod note;
mod notice;
pub mod refusal;
mod shell;
mod style;
pub mod theme;
mod toast;
pub mod verb;
mod view;
pub mod widget;

use crate::app::command::Command;
use crate::app::words::say;
use crate::app::{App, ThemeChoice, Waker};
use egui::{Context, ThemePreference, Ui};
use focus::{Focus, Screen};
use hands::{Stage, Wish};
use keys::Hand;
use refusal::Refusal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use widget::soften::Soft;

/// Opens the window and stays until it is closed. `make` gets what wakes the window from other threads. The error is a
/// sentence for a person.
pub fn open(make: impl FnOnce(Waker) -> Result<App, String>) -> Result<(), String> {
    let title = say("app-name");
    let viewport = egui::ViewportBuilder::default()
        .with_title(&title)
        .with_app_id("greenroom")
        .with_inner_size([1240.0, 740.0])
        .with_min_inner_size([480.0, 340.0]);
    font::warm_up();
    let options = eframe::NativeOptions { viewport, centered: true, ..eframe::NativeOptions::default() };
    let refused = Arc::new(OnceLock::new());
    let told = Arc::clone(&refused);
    let run = || {
        let create: eframe::AppCreator<'_> = Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            style::install(&ctx);
            let woken = Arc::new(AtomicBool::new(false));
            let wakes = Arc::clone(&woken);
            let waker = Arc::new(move || {
                wakes.store(true, Ordering::Relaxed);
                ctx.request_repaint();
            });
            Ok(match make(waker) {
                Ok(app) => Box::new(Desk::new(app)) as Box<dyn eframe::App>,
                // The desk itself could not be opened; its words name the remedy.
                Err(why) => Box::new(Refusal::new(told.get_or_init(|| why).clone(), woken)),
            })
        });
        eframe::run_native(&title, options, create)
    };
    // A fault outside of our own frames, in the toolkit or a driver, takes the window down, and nothing else with it.
    let ended = catch_unwind(AssertUnwindSafe(run)).map_err(|_| say("window-fault"))?;
    ended.map_err(|error| no_window(&error))?;
    refused.get().cloned().map_or(Ok(()), Err)
}

fn no_window(error: &eframe::Error) -> String {
    crate::app::words::say_with("no-window", &[("why", error.to_string().into())])
}

/// The window's contents.
pub struct Desk {
    app: App,
    focus: Focus,
    connect: view::connect::Form,
    toast: toast::Shown,
    shown_settings: Option<(ThemeChoice, f32)>,
    site_count: usize,
    /// Which of the program's desks the rest belongs to.
    turns: u32,
    /// A fault of the window itself is told instead of drawing the desk.
    page: Option<mishap::Page>,
    /// When the window went on after one, on the desk's monotonic clock.
    went_on_at: Option<Duration>,
}

impl Desk {
    /// A desk on `app`, with nothing open yet.
    pub fn new(mut app: App) -> Self {
        Self {
            page: app.mishap_before().map(mishap::Page::before),
            went_on_at: None,
            app,
            focus: Focus::new(),
            connect: view::connect::Form::default(),
            toast: toast::Shown::default(),
            shown_settings: None,
            site_count: 0,
            turns: 0,
        }
    }

    /// Puts fonts and style into a context that `open` did not make.
    pub fn install(ctx: &Context) {
        style::install(ctx);
    }

    /// The comment that is open.
    pub fn open_comment(&self) -> Option<crate::domain::CommentId> {
        self.focus.open
    }

    /// What it stands on.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Takes news in. Also runs while the window is hidden.
    pub fn frame(&mut self) {
        if self.page.is_none() {
            self.guarded(Self::take_in);
        }
    }

    fn take_in(&mut self) {
        self.app.frame();
        // Another desk is in the window: nothing of what was open, typed or scrolled belongs to it.
        if self.app.turns() != self.turns {
            self.turns = self.app.turns();
            self.focus = Focus::new();
            self.connect = view::connect::Form::default();
            self.toast = toast::Shown::default();
            self.shown_settings = None;
            self.site_count = 0;
        }
    }

    /// One frame: keys, drawing, commands. A fault in it is told from the next pass on.
    pub fn desk_ui(&mut self, ui: &mut Ui) {
        if self.page.is_some() {
            return self.page_ui(ui);
        }
        self.guarded(|desk| desk.drawn_ui(ui));
        if self.page.is_some() {
            // What was drawn of it is half a frame.
            ui.ctx().request_discard("fault");
            ui.ctx().request_repaint();
        }
    }

    fn drawn_ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.apply_settings(&ctx);
        self.soften(&ctx);
        self.follow();
        let mut wishes = Vec::new();
        let mut stage = Stage { app: &mut self.app, focus: &mut self.focus, wishes: &mut wishes };
        for pressed in keys::take(&ctx, stage.focus.list_focused, stage.focus.text_focused) {
            let once = keys::row(pressed.hand).is_some_and(|entry| entry.once);
            let sheet = stage.focus.keys_open || stage.focus.link.is_some();
            let rests = sheet && !matches!(pressed.hand, Hand::Leave | Hand::Keys);
            if rests || (pressed.repeated && once) {
                continue;
            }
            hands::hand(&mut stage, &ctx, pressed.hand, true);
        }
        stage.focus.card_drawn = false;
        shell::shell_ui(ui, &mut stage, &mut self.connect, &mut self.toast);
        // A key decides only on what is on screen.
        if !stage.focus.card_drawn {
            stage.focus.seen_since = None;
        }
        let (open, rows) = (self.focus.open, std::mem::take(&mut self.focus.rows));
        self.app.on_screen(open, &rows);
        self.focus.rows = rows;
        self.grant(&ctx, wishes);
        self.repaint_later(&ctx);
    }

    fn apply_settings(&mut self, ctx: &Context) {
        let settings = self.app.settings();
        let wanted = (settings.theme, settings.zoom.clamp(0.8, 2.0));
        if self.shown_settings == Some(wanted) {
            return;
        }
        self.shown_settings = Some(wanted);
        ctx.set_theme(match wanted.0 {
            ThemeChoice::System => ThemePreference::System,
            ThemeChoice::Light => ThemePreference::Light,
            ThemeChoice::Dark => ThemePreference::Dark,
        });
        ctx.set_zoom_factor(wanted.1);
    }

    /// Tells what is softened, which is nothing while the key is held that shows it.
    fn soften(&mut self, ctx: &Context) {
        let list = self.app.softener().filter(|_| !keys::holds(ctx, Hand::Reveal));
        let soft = list.map(|list| Soft { list, said: say("soft-spoken").into() });
        widget::soften::set(ctx, soft);
    }

    /// Lets the open comment, the list and the screen follow what the app now has.
    fn follow(&mut self) {
        let queue = self.app.queue();
        let place = self.app.place();
        self.focus.sift(self.app.order(), self.app.search());
        for id in self.app.take_undecided() {
            self.focus.forget(id);
        }
        for _ in 0..self.app.take_unanswered() {
            self.focus.forget_answer();
        }
        for (id, text) in self.app.take_unnoted() {
            self.focus.unnoted(id, text);
        }
        let app = &mut self.app;
        self.focus.follow(&queue, place, |id| app.decided(id));
        let sites = self.app.sites().len();
        if sites == 0 {
            self.focus.screen = Screen::Connect;
        } else if sites > self.site_count && self.focus.screen == Screen::Connect {
            self.focus.screen = Screen::Desk;
        }
        self.site_count = sites;
    }

    /// Does what the frame wished for.
    fn grant(&mut self, ctx: &Context, wishes: Vec<Wish>) {
        let mut wishes = std::collections::VecDeque::from(wishes);
        while let Some(wish) = wishes.pop_front() {
            ctx.request_repaint();
            let mut more = Vec::new();
            let mut stage = Stage { app: &mut self.app, focus: &mut self.focus, wishes: &mut more };
            match wish {
                Wish::Hand(hand) => hands::hand(&mut stage, ctx, hand, false),
                Wish::Run(command) => self.run(ctx, command),
                Wish::Open(id) => self.focus.click(id),
                Wish::Link(url) => self.focus.link = Some(url),
            }
            wishes.extend(more);
        }
    }

    /// Commands that only change what the window shows end here; all others go to the app.
    fn run(&mut self, ctx: &Context, command: Command) {
        match command {
            Command::AskConnect => self.focus.screen = Screen::Connect,
            Command::AskSignIn(site) => self.focus.screen = Screen::SignIn(site),
            Command::ShowOutbox => self.focus.screen = Screen::Outbox,
            Command::OpenLink(url) => {
                let is_web = url.starts_with("https://") || url.starts_with("http://");
                if is_web && crate::text::may_be_followed(&url) {
                    ctx.open_url(egui::OpenUrl::new_tab(url));
                }
            }
            Command::Go(place) => {
                self.focus.screen = Screen::Desk;
                self.focus.asked.sites = false;
                if !self.focus.search.is_empty() {
                    self.focus.search.clear();
                    self.app.run(Command::Search(String::new()));
                }
                self.app.run(Command::Go(place));
            }
            other => {
                if matches!(other, Command::KeepTheirs(_) | Command::KeepAll(_) | Command::ApplyAll(_)) {
                    self.focus.answered();
                }
                self.app.run(other);
            }
        }
    }

    /// Ages on screen must not stand still, and an idle desk must not work.
    fn repaint_later(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        let mut secs = if ctx.input(|input| input.focused) { 1.0 } else { 5.0 };
        if let Some(left) = self.focus.age_hint(now) {
            secs = left.min(secs);
        }
        ctx.request_repaint_after(Duration::from_secs_f64(secs.clamp(0.05, 5.0)));
    }
}

impl Drop for Desk {
    /// Where a fault takes the window down, what waits for the disk is written all the same; what is held stays held.
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A second panic would end the process before that.
            let _ = catch_unwind(AssertUnwindSafe(|| self.app.leave()));
        }
    }
}

impl eframe::App for Desk {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.frame();
        if self.app.is_ending() {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.app.close();
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.desk_ui(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
