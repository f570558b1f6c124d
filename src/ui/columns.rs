//! Which panes stand side by side, and how wide: arithmetic only. Panes fold in a fixed order as the window narrows: sites,
//! then the article (to a key), then the queue.

use egui::Rangef;

/// A pane of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pane {
    Sites,
    Queue,
    Card,
    Article,
}

/// What the hand pulled the splitters to, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Widths {
    pub sites: f32,
    pub queue: f32,
    /// Share of what card and article have together.
    pub article_share: f32,
}

impl Default for Widths {
    fn default() -> Self {
        Self { sites: 196.0, queue: 300.0, article_share: 0.5 }
    }
}

/// What was asked for beyond what the width gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Only the comment and its article.
    pub focus: bool,
    /// Sites, though there is no room beside the rest.
    pub sites: bool,
    /// The article, though there is no room beside the rest; or, where there is, that it be put away.
    pub article: bool,
    /// The queue, though there is no room beside the card.
    pub queue: bool,
}

/// Which panes have no room now and are behind a button.
#[derive(Debug, Clone, Copy)]
pub struct Folded {
    pub sites: bool,
    pub article: bool,
    pub queue: bool,
}

/// At least this wide, in points, each pane stands on its own.
const SITES_FROM: f32 = 1180.0;
const ARTICLE_FROM: f32 = 920.0;
const QUEUE_FROM: f32 = 620.0;
/// The narrowest that a comment or an article is read well.
const READ_MIN: f32 = 330.0;

/// The panes that a width has room for, in order, each with its place.
pub fn columns(width: f32, widths: &Widths, asked: Asked) -> Vec<(Pane, Rangef)> {
    let panes = panes(width, asked);
    let has = |pane| panes.contains(&pane);
    let reading = if has(Pane::Card) && has(Pane::Article) { READ_MIN * 2.0 } else { READ_MIN };
    let sites = if has(Pane::Sites) { widths.sites.clamp(150.0, 320.0) } else { 0.0 };
    let queue_most = (width - sites - reading).max(220.0);
    let queue = match panes.as_slice() {
        [Pane::Queue] => width,
        _ if has(Pane::Queue) => widths.queue.clamp(220.0, queue_most.min(560.0)),
        _ => 0.0,
    };
    let rest = (width - sites - queue).max(0.0);
    let article = match (has(Pane::Card), has(Pane::Article)) {
        (_, false) => 0.0,
        (false, true) => rest,
        (true, true) => {
            let least = READ_MIN.min(rest / 2.0);
            (rest * widths.article_share).clamp(least, rest - least)
        }
    };
    let mut x = 0.0;
    let mut placed = Vec::new();
    for pane in panes {
        let wide = match pane {
            Pane::Sites => sites,
            Pane::Queue => queue,
            Pane::Card => rest - article,
            Pane::Article => article,
        };
        let wide = wide.round();
        placed.push((pane, Rangef::new(x, x + wide)));
        x += wide;
    }
    if let Some((_, last)) = placed.last_mut() {
        last.max = width;
    }
    placed
}

fn panes(width: f32, asked: Asked) -> Vec<Pane> {
    if asked.focus {
        return match (width >= QUEUE_FROM, asked.article) {
            (true, false) => vec![Pane::Card, Pane::Article],
            (true, true) => vec![Pane::Card],
            (false, _) => narrow(asked),
        };
    }
    if width >= ARTICLE_FROM {
        let mut panes = vec![Pane::Queue, Pane::Card];
        if width >= SITES_FROM || asked.sites {
            panes.insert(0, Pane::Sites);
        }
        if !asked.article && (width >= SITES_FROM || !asked.sites) {
            panes.push(Pane::Article);
        }
        return panes;
    }
    if width >= QUEUE_FROM {
        return match (asked.sites, asked.article) {
            (true, _) => vec![Pane::Sites, Pane::Queue],
            (_, true) => vec![Pane::Card, Pane::Article],
            _ => vec![Pane::Queue, Pane::Card],
        };
    }
    narrow(asked)
}

fn narrow(asked: Asked) -> Vec<Pane> {
    vec![match (asked.sites, asked.article, asked.queue) {
        (true, ..) => Pane::Sites,
        (_, true, _) => Pane::Article,
        (_, _, true) => Pane::Queue,
        _ => Pane::Card,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: f32) -> Vec<Pane> {
        columns(width, &Widths::default(), Asked::default()).into_iter().map(|(pane, _)| pane).collect()
    }

    #[test]
    fn panes_fold_in_their_order() {
        assert_eq!(shown(1280.0), [Pane::Sites, Pane::Queue, Pane::Card, Pane::Article]);
        assert_eq!(shown(1024.0), [Pane::Queue, Pane::Card, Pane::Article]);
        assert_eq!(shown(640.0), [Pane::Queue, Pane::Card]);
        assert_eq!(shown(512.0), [Pane::Card]);
    }

    #[test]
    fn panes_fill_the_window_at_any_width() {
        let wild = [
            Widths::default(),
            Widths { sites: 9000.0, queue: 9000.0, article_share: 0.99 },
            Widths { sites: 0.0, queue: 0.0, article_share: 0.0 },
        ];
        let asks = [
            Asked::default(),
            Asked { focus: true, ..Asked::default() },
            Asked { sites: true, ..Asked::default() },
            Asked { article: true, ..Asked::default() },
            Asked { focus: true, article: true, ..Asked::default() },
        ];
        for width in (200..4000).step_by(17) {
            for (widths, asked) in wild.iter().flat_map(|w| asks.iter().map(move |a| (w, *a))) {
                #[expect(clippy::cast_precision_loss, reason = "a small number")]
                let width = width as f32;
                let placed = columns(width, widths, asked);
                let mut x = 0.0;
                for (pane, range) in &placed {
                    assert!((range.min - x).abs() < 0.01, "{width} {pane:?}");
                    assert!(range.span() >= 140.0_f32.min(width), "{width} {pane:?} {range:?}");
                    x = range.max;
                }
                assert!((x - width).abs() < 0.01);
            }
        }
    }

    #[test]
    fn what_is_read_is_never_squeezed_where_it_stands_side_by_side() {
        let widths = Widths { queue: 560.0, article_share: 0.9, ..Widths::default() };
        let placed = columns(1280.0, &widths, Asked::default());
        for (pane, range) in placed {
            if matches!(pane, Pane::Card | Pane::Article) {
                assert!(range.span() >= 325.0, "{pane:?} {range:?}");
            }
        }
    }

    #[test]
    fn the_article_is_put_away_where_it_stands_and_brought_where_it_does_not() {
        let shows = |width: f32, asked: Asked| {
            columns(width, &Widths::default(), asked).iter().any(|(pane, _)| *pane == Pane::Article)
        };
        let asked = Asked { article: true, ..Asked::default() };
        for (width, before) in [(1280.0, true), (1024.0, true), (640.0, false), (512.0, false)] {
            assert_eq!((shows(width, Asked::default()), shows(width, asked)), (before, !before), "{width}");
        }
    }

    #[test]
    fn focus_leaves_the_comment_and_its_article() {
        let asked = Asked { focus: true, ..Asked::default() };
        let placed = columns(1280.0, &Widths::default(), asked);
        assert_eq!(placed.iter().map(|(pane, _)| *pane).collect::<Vec<_>>(), [Pane::Card, Pane::Article]);
    }
}
