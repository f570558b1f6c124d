//! The article beside the comment: the whole text, in the paper's own voice.

use crate::app::passage::Sought;
use crate::app::view::{ArticleView, Loadable};
use crate::app::words::{Value, say, say_with};
use crate::domain::CommentId;
use crate::text::passage::{Passage, Place};
use crate::ui::ago;
use crate::ui::columns::Folded;
use crate::ui::font::{Face, caption};
use crate::ui::hands::{Stage, Wish};
use crate::ui::icon::Icon;
use crate::ui::keys::{self, Hand};
use crate::ui::notice::notice_ui;
use crate::ui::theme::{LINE_HEIGHT, MEASURE_EMS, Palette, gap, size};
use crate::ui::widget::button::{Push, Weight, icon_ui, push_ui};
use crate::ui::widget::empty::{Empty, empty_ui};
use crate::ui::widget::rich_text::{Headings, Manner, Mark, rich_text_ui};
use crate::ui::widget::said::{Hand as Look, isolated, marked_ui, said_ui};
use egui::style::ScrollAnimation;
use egui::{Align, Id, Margin, Rect, ScrollArea, Ui, vec2};
use std::ops::Range;

/// Points kept beside the byline for the icon that opens the site.
const ICON_ROOM: f32 = 44.0;

/// Draws the pane.
pub fn article_ui(ui: &mut Ui, stage: &mut Stage<'_>, folded: Folded) {
    let pages = std::mem::take(&mut stage.focus.pages);
    let Some(id) = stage.focus.open else {
        if stage.focus.is_empty() {
            return;
        }
        empty_ui(ui, &Empty { icon: Icon::Newspaper, title: &say("article-none"), why: "", remedy: None });
        return;
    };
    let loaded = stage.app.article(id);
    match &loaded {
        Loadable::Absent(why) => {
            back_ui(ui, stage, folded);
            empty_ui(ui, &Empty { icon: Icon::Newspaper, title: &say("article-absent"), why, remedy: None });
        }
        Loadable::Loading { previous: None } => {
            empty_ui(
                ui,
                &Empty { icon: Icon::Hourglass, title: &say("article-loading"), why: "", remedy: None },
            );
        }
        Loadable::Failed { previous: None, notice } => {
            egui::Frame::new().inner_margin(20).show(ui, |ui| {
                if let Some(command) = notice_ui(ui, notice) {
                    stage.run(command);
                }
            });
        }
        Loadable::Ready(article) => page_ui(ui, stage, article, folded, pages),
        Loadable::Loading { previous: Some(article) } => page_ui(ui, stage, article, folded, pages),
        Loadable::Failed { previous: Some(article), notice } => {
            if let Some(command) = notice_ui(ui, notice) {
                stage.run(command);
            }
            page_ui(ui, stage, article, folded, pages);
        }
    }
}

/// Back to the comment where the article took its place.
fn back_ui(ui: &mut Ui, stage: &mut Stage<'_>, _folded: Folded) {
    if stage.focus.asked.article {
        let cap = keys::shown(Hand::Article);
        if push_ui(ui, &Push::new(&say("article-back"), Weight::Quiet).icon(Icon::ArrowLeft).cap(&cap))
            .clicked()
        {
            stage.hand(Hand::Article);
        }
    }
}

fn page_ui(ui: &mut Ui, stage: &mut Stage<'_>, article: &ArticleView, folded: Folded, pages: i32) {
    let shown = Id::unique("article-shown");
    let before = ui.data_mut(|data| data.get_temp::<u64>(shown));
    ui.data_mut(|data| data.insert_temp(shown, article.generation));
    let mut area = ScrollArea::vertical().id_salt("article-scroll").auto_shrink([false, false]);
    if before != Some(article.generation) {
        area = area.vertical_scroll_offset(0.0);
    }
    let view = ui.available_height();
    let sought = stage.focus.open.map_or(Sought::NotYet, |id| stage.app.passage(id));
    // Where there are no words, none are missed.
    let nowhere = sought == Sought::Nowhere && !article.body.blocks.is_empty();
    let (mut marked, mut titled) = (None, None);
    if let Sought::Here(Passage { place, words, .. }) = sought {
        match place {
            Place::Block { block, part } => {
                marked = Some(Mark { block, words: words.map(|words| (part, words)) });
            }
            Place::Title => titled = Some(words.unwrap_or_default()),
        }
    }
    area.show(ui, |ui| {
        if pages != 0 {
            #[expect(clippy::cast_precision_loss, reason = "a few pages")]
            let by = -(view - (size::ARTICLE * LINE_HEIGHT).round()) * pages as f32;
            ui.scroll_with_delta_animation(vec2(0.0, by), ScrollAnimation::duration(0.12));
        }
        let measure = MEASURE_EMS * size::ARTICLE;
        let side = ((ui.available_width() - measure) / 2.0).clamp(24.0, 120.0);
        #[expect(clippy::cast_possible_truncation, reason = "between 24 and 120")]
        let side = side as i8;
        egui::Frame::new().inner_margin(Margin { left: side, right: side, top: 18, bottom: 60 }).show(
            ui,
            |ui| {
                ui.set_max_width(ui.available_width().min(measure));
                ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::SMALL);
                back_ui(ui, stage, folded);
                if let Some(rect) = head_ui(ui, stage, article, (titled, nowhere)) {
                    reveal(ui, stage.focus.open, article.generation, rect);
                }
                ui.add_space(gap::MEDIUM);
                if let Some(why) = &article.withheld {
                    said_ui(ui, why, Face::Plain, size::BODY, Palette::of(ui).ink);
                }
                let told = ui
                    .push_id(article.generation, |ui| {
                        let headings = Headings {
                            author: say("article-author"),
                            related: say("article-related"),
                            footnotes: say("article-footnotes"),
                        };
                        let manner = Manner { marked, headings, ..Manner::paper() };
                        rich_text_ui(ui, &article.body, &manner, &say("article-text"))
                    })
                    .inner;
                stage.focus.text_focused |= told.focused;
                if let Some(rect) = told.quoted.or(told.marked) {
                    reveal(ui, stage.focus.open, article.generation, rect);
                }
                if let Some(link) = told.clicked {
                    stage.wishes.push(Wish::Link(link.url));
                }
                if article.body.cut {
                    ui.add_space(gap::MEDIUM);
                    ui.label(caption(say("article-cut")));
                }
            },
        );
    });
}

/// Goes to the passage once for a comment: from then on the article is where the reader leaves it. At once, for a way that
/// is shown would lead on through the article of whoever leafs faster.
fn reveal(ui: &Ui, open: Option<CommentId>, generation: u64, passage: Rect) {
    let key = Id::unique("article-revealed");
    let now = (open, generation);
    let before = ui.data_mut(|data| data.get_temp::<(Option<CommentId>, u64)>(key));
    if before != Some(now) {
        ui.data_mut(|data| data.insert_temp(key, now));
        ui.scroll_to_rect_animation(passage, Some(Align::Center), ScrollAnimation::none());
    }
}

/// Title and byline; tells where the title stands when it is what the comment speaks about, in `spoken` bytes of it. With
/// `nowhere` it says that the comment speaks about no passage.
fn head_ui(
    ui: &mut Ui,
    stage: &mut Stage<'_>,
    article: &ArticleView,
    (spoken, nowhere): (Option<Range<usize>>, bool),
) -> Option<Rect> {
    let palette = Palette::of(ui);
    let look = Look { face: Face::SerifStrong, points: size::TITLE, ink: palette.ink };
    let (drawn, place) = marked_ui(ui, &article.title, look, spoken);
    ui.ctx().accesskit_node_builder(drawn.id, |node| {
        node.set_role(egui::Role::Heading);
        node.set_level(1);
    });
    let mut parts = Vec::new();
    if let Some(by) = &article.byline {
        parts.push(say_with("article-by", &[("by", isolated(by).into())]));
    }
    if let Some(at) = article.published {
        parts.push(ago::date(at));
    }
    parts.push(say_with("article-minutes", &[("n", Value::from(article.reading_minutes))]));
    if nowhere {
        parts.push(say("article-no-passage"));
    }
    ui.horizontal(|ui| {
        // The icon stays beside the last words, however narrow the pane is.
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width() - ICON_ROOM);
            said_ui(ui, &parts.join("\u{2002}·\u{2002}"), Face::Plain, size::SMALL, palette.soft);
        });
        if let Some(url) = &article.url
            && icon_ui(ui, Icon::ExternalLink, &say("article-open"), false).clicked()
        {
            stage.wishes.push(Wish::Link(url.clone()));
        }
    });
    place
}
