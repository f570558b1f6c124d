//! A fault of the window itself: it is caught at the frame, told on a plain page, and gone on from. What was decided is on
//! disk before this page is drawn, and the sites are worked with behind it.

use super::focus::Focus;
use super::font::{Face, strong, words};
use super::icon::{Icon, icon};
use super::theme::{Palette, corner, gap, size};
use super::widget::button::{Meaning, Push, Weight, push_ui};
use super::{Desk, toast, view};
use crate::app::Mishap;
use crate::app::command::Command;
use crate::app::words::say;
use egui::accesskit::Live;
use egui::{CornerRadius, Frame, Label, Margin, RichText, Role, ScrollArea, Ui, ViewportCommand, vec2};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// A fault that comes back so soon after the window went on would come back for ever.
const AGAIN: Duration = Duration::from_secs(10);

/// The page that is on screen.
pub(super) struct Page {
    mishap: Mishap,
    /// Going on did not help.
    again: bool,
    copied: bool,
}

impl Page {
    /// The page of a fault that ended the desk when it was last open.
    pub fn before(mishap: Mishap) -> Self {
        Self { mishap, again: false, copied: false }
    }
}

/// What was asked for on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    GoOn,
    Copy,
    Close,
}

impl Desk {
    /// Does a part of a frame. Where it panics the page is shown from the next pass on.
    pub(super) fn guarded(&mut self, part: impl FnOnce(&mut Self)) {
        // Whatever the frame left half done is thrown away before the window goes on; what counts is on disk.
        if catch_unwind(AssertUnwindSafe(|| part(self))).is_ok() {
            return;
        }
        let mishap = self.app.mishap();
        let again = self.went_on_at.is_some_and(|at| self.app.monotonic().saturating_sub(at) < AGAIN);
        self.page = Some(Page { mishap, again, copied: false });
    }

    /// Draws the page, if there is one, and does what was asked on it.
    pub(super) fn page_ui(&mut self, ui: &mut Ui) {
        self.app.plant("page");
        self.apply_settings(ui.ctx());
        let Some(page) = &mut self.page else { return };
        let answer = page_ui(ui, page);
        let ctx = ui.ctx().clone();
        match answer {
            Some(Answer::GoOn) => {
                self.go_on();
                ctx.request_repaint();
            }
            Some(Answer::Copy) => {
                ctx.copy_text(page.mishap.report.clone());
                page.copied = true;
            }
            Some(Answer::Close) => {
                self.app.mishap_told();
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            None => {}
        }
        // A request to end the process is still heard.
        ctx.request_repaint_after(Duration::from_secs(1));
    }

    /// The window as it is after a start, with what was written and not kept.
    fn go_on(&mut self) {
        self.app.mishap_told();
        let left = std::mem::replace(&mut self.focus, Focus::new());
        self.focus.drafts = left.drafts;
        // A screen that broke down again at once is left.
        if !self.page.as_ref().is_some_and(|page| page.again) {
            self.focus.screen = left.screen;
        }
        if !self.app.search().is_empty() {
            self.app.run(Command::Search(String::new()));
        }
        self.connect = view::connect::Form::default();
        self.toast = toast::Shown::default();
        self.shown_settings = None;
        self.app.refresh_views();
        self.page = None;
        self.went_on_at = Some(self.app.monotonic());
    }
}

fn page_ui(ui: &mut Ui, page: &Page) -> Option<Answer> {
    let palette = Palette::of(ui);
    let whole = ui.max_rect();
    ui.painter().rect_filled(whole, 0.0, palette.page);
    let mut answer = None;
    ScrollArea::vertical().id_salt("mishap").auto_shrink([false, false]).show(ui, |ui| {
        let side = ((whole.width() - 600.0) / 2.0).clamp(20.0, 400.0);
        #[expect(clippy::cast_possible_truncation, reason = "between 20 and 400")]
        let side = side as i8;
        let side = side.max(20);
        Frame::new().inner_margin(Margin { left: side, right: side, top: 40, bottom: 40 }).show(ui, |ui| {
            ui.set_max_width(ui.available_width().min(600.0));
            ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::MEDIUM);
            told_ui(ui, page);
            answer = answers_ui(ui, page);
            report_ui(ui, page);
        });
    });
    answer
}

fn told_ui(ui: &mut Ui, page: &Page) {
    let palette = Palette::of(ui);
    let title = say(if page.mishap.before { "mishap-before-title" } else { "mishap-title" });
    let why = say(match (page.mishap.before, page.again) {
        (true, _) => "mishap-before-why",
        (false, true) => "mishap-again-why",
        (false, false) => "mishap-why",
    });
    let head = ui.horizontal_top(|ui| {
        ui.label(icon(Icon::TriangleAlert, 24.0).color(palette.spam));
        ui.add(Label::new(strong(title.as_str(), size::TITLE)).wrap());
    });
    ui.ctx().accesskit_node_builder(head.response.id, |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Assertive);
        node.set_label(title);
    });
    for said in [say("mishap-safe"), why] {
        ui.add(Label::new(words(said, size::READING)).wrap());
    }
}

fn answers_ui(ui: &mut Ui, page: &Page) -> Option<Answer> {
    let mut answer = None;
    let (go_on, close) = (say("mishap-go-on"), say("mishap-close"));
    let copy = say(if page.copied { "mishap-copied" } else { "mishap-copy" });
    let secondary = Weight::Outlined(Meaning::Plain);
    let mut offered = vec![(&go_on, Answer::GoOn), (&copy, Answer::Copy), (&close, Answer::Close)];
    if page.again {
        offered.rotate_right(1);
    }
    ui.horizontal_wrapped(|ui| {
        for (at, (title, what)) in offered.into_iter().enumerate() {
            let weight = if at == 0 { Weight::Primary } else { secondary };
            let button = push_ui(ui, &Push::new(title, weight));
            if button.clicked() {
                answer = Some(what);
            }
            if at == 0 && ui.memory(|memory| memory.focused().is_none()) {
                button.request_focus();
            }
        }
    });
    answer
}

fn report_ui(ui: &mut Ui, page: &Page) {
    let palette = Palette::of(ui);
    ui.add(Label::new(words(say("mishap-report"), size::SMALL).color(palette.soft)).wrap());
    let block = Frame::new()
        .fill(palette.code_wash)
        .corner_radius(CornerRadius::same(corner::MEDIUM))
        .inner_margin(Margin::same(12));
    block.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let report = RichText::new(page.mishap.report.trim_end()).font(Face::Code.at(size::SMALL));
        ui.add(Label::new(report.color(palette.ink)).wrap());
    });
}
