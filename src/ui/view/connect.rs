//! Connecting a site, and signing in again. A secret is typed into a password field, handed over once and not kept.

use crate::app::command::{Command, Connect, Secret};
use crate::app::connect::could_be_in_clear;
use crate::app::view::Health;
use crate::app::words::{say, say_with};
use crate::domain::{Backend, SiteId};
use crate::ui::focus::Screen;
use crate::ui::font::{Face, caption, strong, words};
use crate::ui::hands::Stage;
use crate::ui::icon::Icon;
use crate::ui::keys::{self, Hand};
use crate::ui::notice::notice_ui;
use crate::ui::theme::{Palette, gap, size};
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use crate::ui::widget::said::{isolated, said_ui};
use egui::{Id, Key, Label, Margin, ScrollArea, Spinner, Stroke, TextEdit, Ui};

/// What is typed and not yet handed over.
#[derive(Debug)]
pub struct Form {
    backend: Backend,
    address: String,
    account: String,
    secret: Typed,
    /// A person says that this site may be spoken to without encryption.
    in_clear: bool,
    tried: bool,
    was_busy: bool,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            backend: Backend::WordPress,
            address: String::new(),
            account: String::new(),
            secret: Typed::default(),
            in_clear: false,
            tried: false,
            was_busy: false,
        }
    }
}

/// A secret while it is typed; never printed, emptied when handed over.
#[derive(Default)]
struct Typed(String);

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

impl Typed {
    fn take(&mut self) -> Secret {
        Secret::new(std::mem::take(&mut self.0))
    }
}

/// Draws the screen for a new site.
pub fn connect_ui(ui: &mut Ui, stage: &mut Stage<'_>, form: &mut Form) {
    if stage.app.is_demo() {
        return own_desk_ui(ui, stage);
    }
    let first = stage.app.sites().is_empty();
    let busy = stage.app.connect().busy;
    if !first {
        page_ui(ui, 460.0, |ui| {
            leave_ui(ui, stage);
            ui.label(strong(say("connect-title"), size::TITLE));
            ui.add_space(gap::SMALL);
            form_ui(ui, stage, form);
        });
    } else if ui.available_width() > 860.0 {
        page_ui(ui, 860.0, |ui| {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                column_ui(ui, 350.0, |ui| {
                    hero_ui(ui);
                    demo_ui(ui, stage, busy);
                });
                ui.add_space(80.0);
                column_ui(ui, 430.0, |ui| form_ui(ui, stage, form));
            });
        });
    } else {
        page_ui(ui, 460.0, |ui| {
            hero_ui(ui);
            demo_ui(ui, stage, busy);
            ui.add_space(gap::WIDE);
            form_ui(ui, stage, form);
        });
    }
}

fn column_ui(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = egui::vec2(gap::SMALL, gap::SMALL);
        add(ui);
    });
}

/// The form, how the last attempt ended, and the button.
fn form_ui(ui: &mut Ui, stage: &mut Stage<'_>, form: &mut Form) {
    let told = stage.app.connect();
    if form.was_busy && !told.busy && told.notice.is_none() {
        *form = Form::default();
        stage.focus.screen = Screen::Desk;
    }
    form.was_busy = told.busy;
    if stage.app.sites().is_empty() {
        ui.label(strong(say("connect-title"), size::SECTION));
    }
    kinds_ui(ui, form);
    ui.add_space(gap::SMALL);
    let mut go = fields_ui(ui, form);
    in_clear_ui(ui, form);
    if form.tried && !form.is_whole() {
        ui.label(words(say("connect-missing"), size::SMALL).color(Palette::of(ui).reject));
    }
    if let Some(notice) = &told.notice
        && !told.busy
        && let Some(command) = notice_ui(ui, notice)
    {
        stage.run(command);
    }
    ui.add_space(gap::TIGHT);
    go |= submit_ui(ui, &say("connect-submit"), told.busy);
    if !go || told.busy {
        return;
    }
    form.tried = true;
    if form.is_whole() {
        form.tried = false;
        let secret = form.secret.take();
        let (address, account) = (form.address.trim().to_owned(), form.account());
        let connect = Connect { backend: form.backend, address, account, secret };
        let in_clear = form.in_clear && could_be_in_clear(&form.address);
        stage.run(if in_clear { Command::ConnectInClear(connect) } else { Command::Connect(connect) });
    }
}

/// The choice to do without encryption, where the address could be on a private network, and what it means in red.
fn in_clear_ui(ui: &mut Ui, form: &mut Form) {
    if !could_be_in_clear(&form.address) {
        form.in_clear = false;
        return;
    }
    let palette = Palette::of(ui);
    ui.checkbox(&mut form.in_clear, words(say("connect-in-clear"), size::BODY).color(palette.ink));
    let why = words(say("connect-in-clear-why"), size::SMALL).color(palette.reject);
    ui.add(Label::new(why).wrap());
    ui.add_space(gap::TIGHT);
}

/// Draws the screen for a site whose secret does not work any more.
pub fn sign_in_ui(ui: &mut Ui, stage: &mut Stage<'_>, form: &mut Form, site: SiteId) {
    let Some(row) = stage.app.sites().iter().find(|row| row.id == site).cloned() else {
        stage.focus.screen = Screen::Desk;
        return;
    };
    page_ui(ui, 460.0, |ui| {
        leave_ui(ui, stage);
        let palette = Palette::of(ui);
        let title = say_with("sign-in-title", &[("site", isolated(&row.name).into())]);
        said_ui(ui, &title, Face::Strong, size::TITLE, palette.ink);
        ui.add(Label::new(words(say("sign-in-why"), size::BODY).color(palette.soft)).wrap());
        ui.add_space(gap::MEDIUM);
        let told = stage.app.connect();
        if form.was_busy && !told.busy && told.notice.is_none() {
            stage.focus.screen = Screen::Desk;
        }
        form.was_busy = told.busy;
        if let Health::SignedOut { why } = &row.health {
            ui.add(Label::new(words(why, size::BODY).color(palette.reject)).wrap());
        }
        if let Some(notice) = &told.notice
            && !told.busy
        {
            let _ = notice_ui(ui, notice);
        }
        if ui.memory(|memory| memory.focused().is_none()) && !told.busy {
            ui.memory_mut(|memory| memory.request_focus(secret_id()));
        }
        let mut go = field_ui(ui, "connect-secret", &mut form.secret.0, "", true);
        ui.add_space(gap::SMALL);
        go |= submit_ui(ui, &say("sign-in-submit"), told.busy);
        if go && !told.busy && !form.secret.0.is_empty() {
            let secret = form.secret.take();
            stage.run(Command::SignIn(site, secret));
        }
    });
}

impl Form {
    fn account(&self) -> String {
        match self.backend {
            Backend::WordPress => self.account.trim().to_owned(),
            Backend::Cmh => String::new(),
        }
    }

    fn is_whole(&self) -> bool {
        let named = self.backend == Backend::Cmh || !self.account.trim().is_empty();
        named && !self.address.trim().is_empty() && !self.secret.0.is_empty()
    }
}

fn page_ui(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let width = width.min(ui.available_width() - gap::LARGE * 2.0);
        let side = ((ui.available_width() - width) / 2.0).max(gap::LARGE);
        let above = (ui.ctx().content_rect().height() * 0.07).clamp(gap::LARGE, 90.0);
        ui.add_space(above);
        ui.horizontal_top(|ui| {
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = gap::SMALL;
                add(ui);
                ui.add_space(gap::HUGE);
            });
        });
    });
}

fn leave_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let cap = keys::shown(Hand::Leave);
    if push_ui(ui, &Push::new(&say("outbox-back"), Weight::Quiet).icon(Icon::ArrowLeft).cap(&cap)).clicked() {
        stage.hand(Hand::Leave);
    }
    ui.add_space(gap::MEDIUM);
}

fn hero_ui(ui: &mut Ui) {
    let palette = Palette::of(ui);
    let name =
        egui::RichText::new(say("app-name")).font(Face::SerifStrong.at(size::HERO)).color(palette.accent);
    ui.label(name);
    let promise = words(say("app-promise"), size::READING).color(palette.soft).line_height(Some(25.0));
    ui.add(Label::new(promise).wrap());
}

/// Which system the site runs.
fn kinds_ui(ui: &mut Ui, form: &mut Form) {
    ui.horizontal(|ui| {
        for (backend, key) in [(Backend::WordPress, "connect-wordpress"), (Backend::Cmh, "connect-cmh")] {
            let chosen = form.backend == backend;
            let weight = if chosen { Weight::Outlined(Meaning::Accent) } else { Weight::Quiet };
            let title = say(key);
            let mut push = Push::new(&title, weight);
            if chosen {
                push = push.icon(Icon::Check);
            }
            let response = push_ui(ui, &push);
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(chosen));
            if response.clicked() {
                form.backend = backend;
            }
        }
    });
}

fn fields_ui(ui: &mut Ui, form: &mut Form) -> bool {
    match form.backend {
        Backend::WordPress => {
            let mut go = field_ui(ui, "connect-address", &mut form.address, "connect-address-why", false);
            go |= field_ui(ui, "connect-account", &mut form.account, "connect-account-why", false);
            go | field_ui(ui, "connect-password", &mut form.secret.0, "connect-password-why", true)
        }
        Backend::Cmh => {
            let go = field_ui(ui, "connect-address", &mut form.address, "connect-cmh-address-why", false);
            go | field_ui(ui, "connect-token", &mut form.secret.0, "connect-token-why", true)
        }
    }
}

/// One field with its label; true when Enter was pressed in it.
fn field_ui(ui: &mut Ui, key: &str, text: &mut String, why: &str, secret: bool) -> bool {
    let palette = Palette::of(ui);
    let label = ui.label(strong(say(key), size::SMALL));
    let stroke = Stroke::new(1.0, palette.edge);
    ui.visuals_mut().widgets.inactive.bg_stroke = stroke;
    let id = if secret { secret_id() } else { ui.auto_id_with(key) };
    let edit = TextEdit::singleline(text).id(id).password(secret).char_limit(2_000);
    let edit = edit.margin(Margin::symmetric(10, 8)).desired_width(f32::INFINITY);
    let response = ui.add(edit).labelled_by(label.id);
    if !why.is_empty() {
        ui.add(Label::new(caption(say(why)).color(palette.faint)).wrap());
    }
    ui.add_space(gap::TIGHT);
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// The one password field of a screen.
fn secret_id() -> Id {
    Id::unique("secret")
}

fn submit_ui(ui: &mut Ui, title: &str, busy: bool) -> bool {
    ui.horizontal(|ui| {
        let clicked =
            push_ui(ui, &Push::new(title, Weight::Primary).icon(Icon::LogIn).enabled(!busy)).clicked();
        if busy {
            ui.add(Spinner::new().size(16.0));
            ui.label(words(say("connect-busy"), size::BODY));
        }
        clicked
    })
    .inner
}

fn demo_ui(ui: &mut Ui, stage: &mut Stage<'_>, busy: bool) {
    let palette = Palette::of(ui);
    ui.add_space(gap::WIDE);
    ui.label(strong(say("connect-demo-title"), size::BODY));
    let why = words(say("connect-demo-why"), size::BODY).color(palette.soft).line_height(Some(21.0));
    ui.add(Label::new(why).wrap());
    ui.add_space(gap::TIGHT);
    let title = say("connect-demo");
    if push_ui(ui, &Push::new(&title, Weight::Primary).icon(Icon::Sparkles).enabled(!busy)).clicked() {
        stage.run(Command::SwitchDesk);
    }
}

/// On the demo's desk: nothing that is connected there would stay, so one's own desk is offered instead.
fn own_desk_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let told = stage.app.connect();
    let opening = stage.app.sites().is_empty() && told.notice.is_none();
    page_ui(ui, 460.0, |ui| {
        if opening {
            ui.horizontal(|ui| {
                ui.add(Spinner::new().size(16.0));
                ui.label(words(say("connect-demo-opening"), size::BODY));
            });
            return;
        }
        if !stage.app.sites().is_empty() {
            leave_ui(ui, stage);
        }
        ui.label(strong(say("connect-own-title"), size::TITLE));
        let why =
            words(say("connect-own-why"), size::BODY).color(Palette::of(ui).soft).line_height(Some(21.0));
        ui.add(Label::new(why).wrap());
        ui.add_space(gap::MEDIUM);
        if let Some(notice) = &told.notice {
            let _ = notice_ui(ui, notice);
        }
        let title = say("connect-own");
        let push = Push::new(&title, Weight::Primary).icon(Icon::LogIn).enabled(!told.busy);
        if push_ui(ui, &push).clicked() {
            stage.run(Command::SwitchDesk);
        }
    });
}
