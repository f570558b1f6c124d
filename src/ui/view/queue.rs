//! The queue pane: search, order, what arrived, and the list.

use crate::app::command::Command;
use crate::app::view::{Health, QueueView, RowView, Shelf};
use crate::app::words::{Value, say, say_with};
use crate::domain::Order;
use crate::ui::ago::{self, count};
use crate::ui::columns::Folded;
use crate::ui::field::field_ui;
use crate::ui::font::{Face, caption, strong};
use crate::ui::hands::{Stage, Wish};
use crate::ui::icon::{self, Icon};
use crate::ui::keys::{Hand, shown};
use crate::ui::theme::{Palette, gap, size};
use crate::ui::verb;
use crate::ui::widget::badge;
use crate::ui::widget::button::{Meaning, Push, Weight, icon_ui, push_ui};
use crate::ui::widget::empty::{Empty, empty_ui};
use crate::ui::widget::entry::Entry;
use crate::ui::widget::list::{self, list_ui};
use crate::ui::widget::said::{self, lay};
use crate::ui::widget::soften;
use egui::{Align2, Id, Margin, Rect, Response, Stroke, Ui, pos2, vec2};

/// Points of one row.
pub const ROW: f32 = 98.0;
/// Characters of one search.
const SEARCH_CHARS_MAX: usize = 200;

/// Draws the pane.
pub fn queue_ui(ui: &mut Ui, stage: &mut Stage<'_>, folded: Folded) {
    let queue = stage.app.queue();
    ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::TIGHT);
    egui::Frame::new().inner_margin(Margin { left: 14, right: 10, top: 12, bottom: 6 }).show(ui, |ui| {
        head_ui(ui, stage, &queue, folded);
        search_ui(ui, stage);
    });
    if queue.arrived > 0 {
        arrived_ui(ui, stage, queue.arrived);
    }
    let palette = Palette::of(ui);
    let top = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), top, Stroke::new(1.0, palette.line));
    if queue.ids.is_empty() {
        stage.focus.rows.clear();
        nothing_ui(ui, stage, &queue);
        return;
    }
    rows_ui(ui, stage, &queue);
}

fn head_ui(ui: &mut Ui, stage: &mut Stage<'_>, queue: &QueueView, folded: Folded) {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        if folded.sites
            && icon_ui(ui, Icon::PanelLeft, &with_key(Hand::Sites, "hand-sites"), stage.focus.asked.sites)
                .clicked()
        {
            stage.hand(Hand::Sites);
        }
        let place = stage.app.place();
        let title = say(verb::shelf_key(place.shelf));
        let room = ui.available_width() - 70.0;
        ui.scope(|ui| {
            ui.set_max_width(room);
            ui.label(strong(title, size::SECTION));
            let here = u64::try_from(queue.ids.len()).unwrap_or(u64::MAX);
            let counted = match queue.total.filter(|total| *total > here) {
                Some(total) => {
                    say_with("queue-part", &[("here", count(here).into()), ("total", count(total).into())])
                }
                None => count(here),
            };
            if here > 0 {
                ui.label(caption(counted).color(palette.faint));
            }
            if queue.reading {
                ui.label(caption(say("queue-reading")).color(palette.faint));
            }
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if icon_ui(ui, Icon::RefreshCw, &with_key(Hand::Refresh, "hand-refresh"), false).clicked() {
                stage.hand(Hand::Refresh);
            }
            let (sign, key, other) = match stage.app.order() {
                Order::Oldest => (Icon::ArrowDownNarrowWide, "order-oldest", Order::Newest),
                Order::Newest => (Icon::ArrowUpNarrowWide, "order-newest", Order::Oldest),
            };
            if icon_ui(ui, sign, &say(key), false).clicked() {
                stage.run(Command::SetOrder(other));
            }
        });
    });
}

fn with_key(hand: Hand, key: &str) -> String {
    say_with("control-with-key", &[("name", Value::from(say(key))), ("key", Value::from(shown(hand)))])
}

fn search_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let id = Id::unique("search");
    let hint = say_with("search-hint", &[("key", Value::from(shown(Hand::Search)))]);
    let name = say("hand-search");
    let entry =
        Entry { id, name: &name, hint: &hint, size: size::BODY, rows: (1, 1), chars_max: SEARCH_CHARS_MAX };
    let response = field_ui(ui, &entry, &mut stage.focus.search).response;
    if response.changed() {
        stage.wishes.push(Wish::Run(Command::Search(stage.focus.search.clone())));
    }
    if std::mem::take(&mut stage.focus.search_wanted) {
        response.request_focus();
    }
}

fn arrived_ui(ui: &mut Ui, stage: &mut Stage<'_>, arrived: u64) {
    let said = say_with("queue-arrived", &[("n", Value::from(arrived)), ("shown", count(arrived).into())]);
    let cap = shown(Hand::Arrived);
    ui.horizontal(|ui| {
        ui.add_space(14.0);
        let width = ui.available_width() - 10.0;
        let push =
            Push::new(&said, Weight::Outlined(Meaning::Accent)).icon(Icon::ArrowUp).cap(&cap).width(width);
        if push_ui(ui, &push).clicked() {
            stage.hand(Hand::Arrived);
        }
    });
    ui.add_space(gap::TIGHT);
}

fn rows_ui(ui: &mut Ui, stage: &mut Stage<'_>, queue: &QueueView) {
    let id = Id::unique("queue-list");
    let name = say_with("queue-spoken", &[("n", Value::from(queue.ids.len()))]);
    let look = list::Look { id, name: &name, row_height: ROW, selected: stage.focus.open };
    let mut place = std::mem::take(&mut stage.focus.list);
    let (len, open) = (queue.ids.len(), stage.focus.open);
    let all_sites = stage.app.place().site.is_none() && stage.app.sites().len() > 1;
    let app = &mut *stage.app;
    let now = app.now();
    let answer = list_ui(ui, &mut place, &look, |ui, id, index, response| match app.row(id) {
        Some(row) => {
            row_ui(ui, &row, response, &Beside { open: open == Some(id), all_sites, now });
            spoken(ui, &row, index, len)
        }
        None => {
            hollow_ui(ui);
            say("queue-row-loading")
        }
    });
    stage.focus.list = place;
    stage.focus.list_focused = answer.focused;
    stage.focus.rows = answer.shown;
    if let Some(id) = answer.clicked {
        stage.focus.asked.queue = false;
        stage.wishes.push(Wish::Open(id));
    }
}

/// What a row is told beside itself.
struct Beside {
    open: bool,
    all_sites: bool,
    now: chrono::DateTime<chrono::Utc>,
}

fn spoken(ui: &Ui, row: &RowView, index: usize, len: usize) -> String {
    let place = ago::position(index, len);
    let marks: Vec<_> = row.badges.iter().map(|badge| badge.label.as_str()).collect();
    let soft = soften::of(ui);
    let heard = |text: &str| soften::spoken(soft.as_ref(), text);
    let (author, excerpt) = (heard(&row.author), heard(&row.excerpt));
    [place.as_str(), &author, &excerpt, &marks.join(",\u{20}")].join(".\u{20}")
}

fn row_ui(ui: &mut Ui, row: &RowView, response: &Response, beside: &Beside) {
    let palette = Palette::of(ui);
    let rect = ui.max_rect();
    let gone = row.decided.is_some() || row.saving;
    let ground = if beside.open {
        palette.selected
    } else if response.hovered() {
        palette.hover
    } else {
        palette.surface
    };
    ui.painter().rect_filled(rect, 0.0, ground);
    if beside.open {
        ui.painter().rect_filled(
            Rect::from_min_size(rect.min, vec2(3.0, rect.height())),
            0.0,
            palette.accent,
        );
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, palette.line));
    let inner = Rect::from_min_max(
        pos2(rect.left() + 14.0, rect.top() + 10.0),
        pos2(rect.right() - 14.0, rect.bottom() - 8.0),
    );
    let ink = if gone { palette.faint } else { palette.ink };
    let plain = |points: f32, ink| said::Hand { face: Face::Plain, points, ink };
    let age = row.created.map(|time| ago::short(time, beside.now)).unwrap_or_default();
    let age = lay(ui, &age, plain(size::CAPTION, palette.faint), 120.0, 1);
    let age_width = age.size().x;
    said::paint(ui, &age, inner.right() - age_width, inner.top() + 1.5);
    let author = said::Hand { face: Face::Strong, points: size::BODY, ink };
    let author = lay(ui, &row.author, author, inner.width() - age_width - gap::SMALL, 1);
    said::paint(ui, &author, inner.left(), inner.top());
    let words = lay(
        ui,
        &row.excerpt,
        plain(size::SMALL, if gone { palette.faint } else { palette.soft }),
        inner.width(),
        2,
    );
    let words_top = inner.top() + 21.0;
    said::paint(ui, &words, inner.left(), words_top);
    marks_ui(ui, row, beside, Rect::from_min_max(pos2(inner.left(), inner.bottom() - 20.0), inner.max));
}

/// The lowest line of a row: what became of it, else its marks, and where it stands.
fn marks_ui(ui: &Ui, row: &RowView, beside: &Beside, rect: Rect) {
    let palette = Palette::of(ui);
    let mut x = rect.left();
    if row.saving {
        badge::paint(ui, rect.min, Icon::Hourglass, &say("row-saving"), Meaning::Plain);
        return;
    }
    if let Some((made, delivery)) = row.decided {
        let label = say_with(
            "row-decided",
            &[("verb", verb::title(made).into()), ("state", verb::delivery(delivery).into())],
        );
        badge::paint(ui, rect.min, icon::of_delivery(delivery), &label, verb::meaning(made));
        return;
    }
    for mark in &row.badges {
        let width = badge::width_of(ui, &mark.label);
        if x + width > rect.right() {
            break;
        }
        x += badge::paint(
            ui,
            pos2(x, rect.top()),
            icon::of_badge(mark.kind),
            &mark.label,
            verb::meaning_of_badge(mark.kind),
        ) + gap::TIGHT;
    }
    let rest = rect.right() - x - gap::TIGHT;
    if rest > 70.0 {
        let place = if beside.all_sites {
            [said::isolated(&row.site), said::isolated(&row.article)].join("\u{a0}·\u{a0}")
        } else {
            row.article.clone()
        };
        let at = if row.badges.is_empty() { x } else { x + gap::TIGHT };
        let hand = said::Hand { face: Face::Plain, points: size::CAPTION, ink: palette.faint };
        let line = lay(ui, &place, hand, rect.right() - at, 1);
        let top = rect.center().y - line.size().y / 2.0;
        said::paint(ui, &line, at, top);
    }
}

/// A row that is still being read from disk.
fn hollow_ui(ui: &Ui) {
    let palette = Palette::of(ui);
    let rect = ui.max_rect();
    ui.painter().text(
        pos2(rect.left() + 14.0, rect.center().y),
        Align2::LEFT_CENTER,
        "…",
        Face::Plain.at(size::BODY),
        palette.faint,
    );
}

/// Why there is nothing, and since when that is known.
fn nothing_ui(ui: &mut Ui, stage: &mut Stage<'_>, queue: &QueueView) {
    let (title, why) = if queue.loading {
        (say("queue-loading"), String::new())
    } else if !stage.app.search().is_empty() {
        (say("search-nothing"), say_with("search-nothing-why", &[("text", stage.app.search().into())]))
    } else {
        empty_words(stage, queue)
    };
    let again = say("remedy-refresh");
    let remedy = (!queue.loading && stage.app.search().is_empty()).then_some(again.as_str());
    let sign = if queue.loading { Icon::Hourglass } else { Icon::CircleCheck };
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() - gap::LARGE);
        if empty_ui(ui, &Empty { icon: sign, title: &title, why: &why, remedy }) {
            stage.hand(Hand::Refresh);
        }
    });
}

/// A shelf that is read through is empty, still on its way, or could not be had.
fn through_words(queue: &QueueView) -> (String, String) {
    match &queue.unread {
        Some(why) => (say("empty-unread"), why.clone()),
        None if queue.reading => (say("empty-pulling-title"), String::new()),
        None => (say("empty-through"), String::new()),
    }
}

fn empty_words(stage: &mut Stage<'_>, queue: &QueueView) -> (String, String) {
    let now = stage.app.now();
    let place = stage.app.place();
    let title = match place.shelf {
        Shelf::Pending => say("empty-pending"),
        Shelf::Reported => say("empty-reported"),
        Shelf::Parked => return (say("empty-parked"), say("empty-parked-why")),
        Shelf::Approved | Shelf::Rejected | Shelf::Spam => return through_words(queue),
    };
    let next = stage.app.status().next_check;
    let mine: Vec<_> =
        stage.app.sites().iter().filter(|row| place.site.is_none_or(|id| id == row.id)).collect();
    let synced =
        mine.iter().filter_map(|row| if let Health::Synced { at } = &row.health { Some(*at) } else { None });
    if mine.iter().any(|row| !matches!(row.health, Health::Synced { .. })) {
        let pulling = mine.iter().any(|row| matches!(row.health, Health::Starting | Health::Pulling { .. }));
        let key = if pulling { "empty-pulling" } else { "empty-unknown" };
        return (if pulling { say("empty-pulling-title") } else { title }, say(key));
    }
    let Some(oldest) = synced.min_by_key(|time| time.at) else { return (title, String::new()) };
    let age = Value::from(ago::ago(oldest, now));
    let why = match next {
        Some(next) => {
            say_with("empty-checked-next", &[("age", age), ("secs", Value::from(ago::until(next, now)))])
        }
        None => say_with("empty-checked", &[("age", age)]),
    };
    (title, why)
}
