//! The comment: who wrote it, what it replies to, the words as written, and every mark explained.

use crate::app::view::{CardView, Loadable, PrivateView, ThreadRow};
use crate::app::words::{Value, say, say_with};
use crate::domain::{Record, Status};
use crate::text::{RichText, revealed};
use crate::ui::ago::position;
use crate::ui::ago::{self, count};
use crate::ui::columns::Folded;
use crate::ui::deeds;
use crate::ui::font::{Face, caption, strong, words};
use crate::ui::hands::{Stage, Wish};
use crate::ui::icon::{self, Icon};
use crate::ui::keys::{self, Hand};
use crate::ui::note::note_ui;
use crate::ui::notice::notice_ui;
use crate::ui::theme::{MEASURE_EMS, Palette, gap, size};
use crate::ui::verb;
use crate::ui::verb::meaning_of_badge;
use crate::ui::widget::badge::badge_ui;
use crate::ui::widget::button::{Meaning, Push, Weight, focus_ring, icon_ui, push_ui};
use crate::ui::widget::empty::{Empty, empty_ui};
use crate::ui::widget::rich_text::{Manner, rich_text_ui};
use crate::ui::widget::said::{isolated, said_line_ui, said_ui};
use crate::ui::widget::soften;
use egui::{Button, Id, Label, Margin, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};
use std::sync::Arc;

/// A longer comment is folded after about this many characters.
const FOLD_CHARS: usize = 2_400;
/// A parent is shown up to about this many characters.
const PARENT_CHARS: usize = 420;

/// Between the parts of a line.
const DOT: &str = "\u{2002}·\u{2002}";
/// In a lower pane than this, in points, the words come before what is said about them.
const LOW: f32 = 400.0;

/// Draws the pane.
pub fn card_ui(ui: &mut Ui, stage: &mut Stage<'_>, folded: Folded) {
    let Some(id) = stage.focus.open else {
        nothing_ui(ui, stage, folded);
        return;
    };
    let Some(card) = stage.app.card(id) else {
        empty_ui(ui, &Empty { icon: Icon::Hourglass, title: &say("card-loading"), why: "", remedy: None });
        return;
    };
    let whole = ui.max_rect();
    let hint = stage.focus.hint.as_ref().map(|hint| hint.words());
    let foot = deeds::height(ui, &card, hint);
    stage.focus.foot = foot;
    let split = (whole.bottom() - foot).max(whole.top());
    let body = Rect::from_min_max(whole.min, pos2(whole.right(), split));
    let mut upper = ui.new_child(UiBuilder::new().id_salt("card-body").max_rect(body));
    upper.set_clip_rect(body.intersect(ui.clip_rect()));
    body_ui(&mut upper, stage, &card, folded);
    let bar = Rect::from_min_max(pos2(whole.left(), split), whole.max);
    let mut lower = ui.new_child(UiBuilder::new().id_salt("card-deeds").max_rect(bar));
    deeds::deeds_ui(&mut lower, stage, &card);
    stage.focus.card_drawn = true;
    // Only words that are on screen count as seen.
    if card.reading {
        stage.focus.seen_since = None;
    } else if stage.focus.seen_since.is_none() {
        stage.focus.seen_since = Some(ui.input(|input| input.time));
    }
}

fn nothing_ui(ui: &mut Ui, stage: &mut Stage<'_>, folded: Folded) {
    // The queue beside it says why there is nothing.
    if stage.focus.is_empty() && !folded.queue {
        return;
    }
    if folded.queue {
        panes_ui(ui, stage, folded);
    }
    let title = say("card-none");
    let why = say("card-none-why");
    empty_ui(ui, &Empty { icon: Icon::MessageSquare, title: &title, why: &why, remedy: None });
}

fn body_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView, folded: Folded) {
    let mut area = ScrollArea::vertical().id_salt("card-scroll").auto_shrink([false, false]);
    if stage.focus.seen_since.is_none() {
        area = area.vertical_scroll_offset(0.0);
    }
    let low = ui.available_height() < LOW;
    area.show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 20, right: 20, top: 14, bottom: 24 }).show(ui, |ui| {
            ui.set_max_width(ui.available_width().min(MEASURE_EMS * size::READING + 40.0));
            ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::SMALL);
            if folded.queue || folded.article {
                panes_ui(ui, stage, folded);
            }
            if let Some(notice) = &card.notice
                && let Some(command) = notice_ui(ui, notice)
            {
                stage.run(command);
            }
            state_ui(ui, card);
            author_ui(ui, stage, card);
            if low {
                words_ui(ui, stage, card);
            }
            badges_ui(ui, card);
            reports_ui(ui, stage, card);
            for (at, parent) in card.parents.iter().enumerate() {
                ui.push_id(("parent", at), |ui| parent_ui(ui, stage, parent));
            }
            if !low {
                ui.add_space(gap::TIGHT);
                words_ui(ui, stage, card);
            }
            ui.add_space(gap::SMALL);
            more_ui(ui, stage, card);
            note_ui(ui, stage, card);
        });
    });
}

/// Buttons to the panes that have no room.
fn panes_ui(ui: &mut Ui, stage: &mut Stage<'_>, folded: Folded) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::LARGE + gap::TIGHT;
        if folded.queue {
            let title = say("pane-queue");
            if push_ui(ui, &Push::new(&title, Weight::Quiet).icon(Icon::List)).clicked() {
                stage.focus.asked.queue = true;
                stage.focus.asked.focus = false;
            }
        }
        if folded.article {
            let title = say("pane-article");
            let cap = keys::shown(Hand::Article);
            if push_ui(ui, &Push::new(&title, Weight::Quiet).icon(Icon::Newspaper).cap(&cap)).clicked() {
                stage.hand(Hand::Article);
            }
        }
    });
}

/// The open decision on it, or a status that is not *pending*.
fn state_ui(ui: &mut Ui, card: &CardView) {
    if let Some((_, made, delivery)) = card.decided {
        let label = say_with(
            "row-decided",
            &[("verb", verb::title(made).into()), ("state", verb::delivery(delivery).into())],
        );
        badge_ui(ui, icon::of_delivery(delivery), &label, &verb::delivery_why(delivery), verb::meaning(made));
    } else if card.status != Status::Pending {
        let label = say_with(
            "card-status",
            &[("status", verb::status(card.status).into()), ("site", isolated(&card.site).into())],
        );
        badge_ui(ui, Icon::Globe, &label, "", Meaning::Plain);
    }
}

fn author_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView) {
    let palette = Palette::of(ui);
    let now = stage.app.now();
    let place = stage.focus.position().map(|(at, of)| position(at, of)).unwrap_or_default();
    ui.spacing_mut().item_spacing.y = 3.0;
    let place_width = 110.0_f32.min(ui.available_width() * 0.4);
    let top = ui.cursor().min;
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() - place_width);
        said_ui(ui, &card.author, Face::Strong, size::SECTION, palette.ink);
    });
    let corner = pos2(top.x + ui.available_width(), top.y + 4.0);
    ui.painter().text(corner, egui::Align2::RIGHT_TOP, place, Face::Plain.at(size::CAPTION), palette.faint);
    if let Some(url) = &card.author_url {
        link_ui(ui, stage, &crate::text::address(url).0, url);
    }
    ui.add(Label::new(caption(record_words(&card.record)).color(palette.soft)).wrap());
    let mut parts: Vec<String> = card.created.map(|at| ago::ago(at, now)).into_iter().collect();
    if let Some(edited) = card.edited {
        parts.push(say_with("card-edited", &[("age", ago::ago(edited, now).into())]));
    }
    parts.push(card.handle.clone());
    parts.push(say_with("card-on", &[("article", isolated(&card.article).into())]));
    let response = said_ui(ui, &parts.join(DOT), Face::Plain, size::CAPTION, palette.soft);
    if let Some(created) = card.created {
        response.on_hover_text(ago::exact(created));
    }
    ui.add_space(gap::TIGHT);
    ui.spacing_mut().item_spacing.y = gap::SMALL;
}

fn record_words(record: &Loadable<Record>) -> String {
    let Some(told) = record.latest() else {
        return match record {
            Loadable::Absent(why) => why.clone(),
            Loadable::Failed { notice, .. } => notice.words.clone(),
            _ => say("record-loading"),
        };
    };
    let mut parts: Vec<String> = [
        (told.approved, "record-approved"),
        (told.rejected, "record-rejected"),
        (told.spam, "record-spam"),
        (told.pending, "record-pending"),
    ]
    .into_iter()
    .filter_map(|(n, key)| {
        n.filter(|n| *n > 0 || key == "record-approved")
            .map(|n| say_with(key, &[("n", Value::from(n)), ("shown", count(n).into())]))
    })
    .collect();
    if let Some(since) = told.since {
        parts.push(say_with("record-since", &[("date", ago::date(since).into())]));
    }
    // What belongs together is not torn apart at the end of a line.
    let parts: Vec<_> = parts.iter().map(|part| part.replace(' ', "\u{a0}")).collect();
    if parts.is_empty() { say("record-none") } else { parts.join(DOT) }
}

/// An address that can be asked for.
fn link_ui(ui: &mut Ui, stage: &mut Stage<'_>, title: &str, url: &str) {
    let palette = Palette::of(ui);
    let button =
        Button::new(words(title, size::SMALL).color(palette.accent).underline()).frame(false).truncate();
    let response = ui.add(button);
    focus_ring(ui, &response, response.rect);
    if response.on_hover_text(title).clicked() {
        stage.wishes.push(Wish::Link(url.to_owned()));
    }
}

/// Every mark with its reason in words beside it, so that nothing needs a hover.
fn badges_ui(ui: &mut Ui, card: &CardView) {
    let palette = Palette::of(ui);
    ui.spacing_mut().item_spacing.y = gap::TIGHT;
    for mark in &card.badges {
        ui.horizontal_top(|ui| {
            badge_ui(ui, icon::of_badge(mark.kind), &mark.label, &mark.why, meaning_of_badge(mark.kind));
            if mark.why != mark.label {
                said_ui(ui, &mark.why, Face::Plain, size::SMALL, palette.soft);
            }
        });
    }
    if !card.badges.is_empty() {
        ui.add_space(gap::TIGHT);
    }
    ui.spacing_mut().item_spacing.y = gap::SMALL;
}

fn reports_ui(ui: &mut Ui, stage: &Stage<'_>, card: &CardView) {
    if card.reports.is_empty() {
        return;
    }
    let palette = Palette::of(ui);
    let now = stage.app.now();
    egui::Frame::new()
        .fill(palette.reject_wash)
        .corner_radius(7.0)
        .inner_margin(Margin::symmetric(12, 9))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = gap::TIGHT;
            let title = say_with(
                "reports-title",
                &[("n", Value::from(card.reports_total)), ("shown", count(card.reports_total).into())],
            );
            ui.label(strong(title, size::SMALL).color(palette.reject));
            for report in &card.reports {
                let by = report.by.clone().unwrap_or_else(|| say("reports-someone"));
                let age = report.at.map(|at| ago::ago(at, now)).unwrap_or_default();
                let line = say_with(
                    "reports-line",
                    &[
                        ("by", isolated(&by).into()),
                        ("text", isolated(&report.text).into()),
                        ("age", age.into()),
                    ],
                );
                said_ui(ui, &line, Face::Plain, size::SMALL, palette.ink);
            }
        });
}

fn parent_ui(ui: &mut Ui, stage: &mut Stage<'_>, parent: &ThreadRow) {
    let palette = Palette::of(ui);
    let now = stage.app.now();
    let drawn =
        egui::Frame::new().inner_margin(Margin { left: 14, right: 0, top: 2, bottom: 2 }).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = gap::HAIR;
            let age = parent.created.map(|at| ago::ago(at, now)).unwrap_or_default();
            let title =
                say_with("parent-title", &[("author", isolated(&parent.author).into()), ("age", age.into())]);
            let title = if parent.status == Status::Approved {
                title
            } else {
                let state = say_with("parent-state", &[("status", verb::status(parent.status).into())]);
                [title, state].join("\u{2002}")
            };
            said_line_ui(ui, &title, Face::Strong, size::SMALL, palette.soft);
            let manner =
                Manner { size: size::BODY, quiet: true, chars_max: Some(PARENT_CHARS), ..Manner::reader() };
            if parent.reading {
                ui.label(words(say("parent-reading"), size::BODY).color(palette.soft));
                return;
            }
            let heard = soften::spoken(soften::of(ui).as_ref(), &title);
            let told = rich_text_ui(ui, &parent.body, &manner, &heard);
            stage.focus.text_focused |= told.focused;
            if told.folded {
                ui.label(words("…", size::BODY).color(palette.soft));
            }
            if let Some(link) = told.clicked {
                stage.wishes.push(Wish::Link(link.url));
            }
        });
    let rect = drawn.response.rect;
    ui.painter().vline(rect.left() + 1.5, rect.y_range(), Stroke::new(3.0, palette.line));
}

fn words_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView) {
    if card.reading {
        ui.label(words(say("card-reading"), size::READING).color(Palette::of(ui).soft));
        return;
    }
    if stage.focus.source_of == Some(card.id) {
        let manner = Manner { size: size::BODY, softens: false, ..Manner::reader() };
        let source = stage.app.source(card.id).unwrap_or_else(|| source_text(ui, card));
        ui.push_id("source", |ui| rich_text_ui(ui, &source, &manner, &say("hand-source")));
        if source.cut {
            ui.label(caption(say("card-source-cut")).color(Palette::of(ui).spam));
        }
        return;
    }
    let whole = stage.focus.whole_of == Some(card.id);
    let manner = Manner { chars_max: (!whole).then_some(FOLD_CHARS), ..Manner::reader() };
    let told = ui.push_id(card.id, |ui| rich_text_ui(ui, &card.body, &manner, &say("card-text"))).inner;
    stage.focus.text_focused |= told.focused;
    if let Some(link) = told.clicked {
        stage.wishes.push(Wish::Link(link.url));
    }
    if told.folded {
        let title = say("card-whole");
        if push_ui(ui, &Push::new(&title, Weight::Outlined(Meaning::Plain)).icon(Icon::ChevronDown)).clicked()
        {
            stage.focus.whole_of = Some(card.id);
        }
    }
    if card.body.cut {
        ui.label(caption(say("card-cut")).color(Palette::of(ui).spam));
    }
}

/// What the site sent for a comment that could not be read; the one that was shown last is kept.
fn source_text(ui: &Ui, card: &CardView) -> Arc<RichText> {
    let key = Id::unique("card-source");
    let kept = ui.data(|data| data.get_temp::<(Arc<str>, Arc<RichText>)>(key));
    if let Some((_, text)) = kept.filter(|(source, _)| *source == card.source) {
        return text;
    }
    let text = Arc::new(revealed(&card.source));
    ui.data_mut(|data| data.insert_temp(key, (Arc::clone(&card.source), Arc::clone(&text))));
    text
}

/// What is there on demand: source, private data, the comment on its site.
fn more_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView) {
    let source = stage.focus.source_of == Some(card.id);
    let private = stage.focus.private_of == Some(card.id);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::LARGE + gap::TIGHT, 0.0);
        let title = say(if source { "card-source-hide" } else { "hand-source" });
        let cap = keys::shown(Hand::Source);
        if push_ui(ui, &Push::new(&title, Weight::Quiet).icon(Icon::Code).cap(&cap)).clicked() {
            stage.hand(Hand::Source);
        }
        let title = say(if private { "card-private-hide" } else { "hand-private" });
        let cap = keys::shown(Hand::Private);
        let sign = if private { Icon::EyeOff } else { Icon::Eye };
        if push_ui(ui, &Push::new(&title, Weight::Quiet).icon(sign).cap(&cap)).clicked() {
            stage.hand(Hand::Private);
        }
        let title = say("hand-note");
        let cap = keys::shown(Hand::Note);
        let spoken = say("hand-note.spoken");
        let push = Push::new(&title, Weight::Quiet).icon(Icon::NotebookPen).cap(&cap).spoken(&spoken);
        if push_ui(ui, &push).clicked() {
            stage.hand(Hand::Note);
        }
        if let Some(url) = &card.permalink {
            let title = say("card-open");
            if push_ui(ui, &Push::new(&title, Weight::Quiet).icon(Icon::ExternalLink)).clicked() {
                stage.wishes.push(Wish::Link(url.clone()));
            }
        }
        if !card.reading && icon_ui(ui, Icon::Copy, &say("card-copy"), false).clicked() {
            ui.ctx().copy_text(crate::ui::widget::rich_text::plain(&card.body));
        }
    });
    if private {
        private_ui(ui, stage.app.private(card.id));
    }
}

fn private_ui(ui: &mut Ui, told: Option<PrivateView>) {
    let palette = Palette::of(ui);
    egui::Frame::new()
        .fill(palette.code_wash)
        .corner_radius(7.0)
        .inner_margin(Margin::symmetric(12, 9))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let Some(told) = told else {
                ui.label(words(say("private-none"), size::SMALL));
                return;
            };
            let lines =
                [("private-email", told.email), ("private-ip", told.ip), ("private-agent", told.agent)];
            for (key, value) in lines {
                let value = value.unwrap_or_else(|| say("private-untold"));
                ui.horizontal_top(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(76.0, 18.0), egui::Sense::hover());
                    let font = Face::Plain.at(size::SMALL);
                    ui.painter().text(rect.left_top(), egui::Align2::LEFT_TOP, say(key), font, palette.soft);
                    said_ui(ui, &value, Face::Plain, size::SMALL, palette.ink);
                });
            }
        });
}
