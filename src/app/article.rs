//! Articles as they are shown, each version read once: short ones where they are asked for, long ones off the thread that
//! draws. What was shown before stays until the new version is there.

use super::App;
use super::bodies::{AT_ONCE_BYTES, TRY_AGAIN};
use super::inbox::Note;
use super::notice::{self, Notice};
use super::view::{ArticleView, Loadable};
use super::words::{say, say_with};
use crate::domain::{Article, ArticleKey, CommentId, SiteId};
use crate::store::{Reader, Trouble};
use crate::sync::conflict::markup;
use crate::sync::engine::Want;
use crate::text::{self, RichText};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

/// An article of a site.
pub(super) type Place = (SiteId, ArticleKey);

/// Articles kept ready, and bytes of their sources. The one that was asked for last is kept beyond both.
const KEPT: usize = 50;
const KEPT_BYTES: usize = 16 << 20;

/// Where a version of an article is on its way to the screen.
enum Stage {
    Here(ArticleView),
    /// The site sent another since.
    Outdated(ArticleView),
    Reading {
        generation: u64,
        previous: Option<ArticleView>,
    },
    Failed {
        previous: Option<ArticleView>,
        notice: Notice,
        /// When, by the desk's clock.
        at: Duration,
    },
}

impl Stage {
    /// The version that is on screen.
    fn shown(&self) -> Option<&ArticleView> {
        match self {
            Self::Here(view) | Self::Outdated(view) => Some(view),
            Self::Reading { previous, .. } | Self::Failed { previous, .. } => previous.as_ref(),
        }
    }

    /// The version that is on screen, when the desk has another.
    fn outdated(self) -> Option<Self> {
        let (Self::Here(view)
        | Self::Outdated(view)
        | Self::Reading { previous: Some(view), .. }
        | Self::Failed { previous: Some(view), .. }) = self
        else {
            return None;
        };
        Some(Self::Outdated(view))
    }
}

struct Kept {
    stage: Stage,
    /// Of the source.
    bytes: usize,
    /// Counts up with whatever was asked for.
    asked: u64,
}

/// Articles that were shown.
#[derive(Default)]
pub(super) struct Articles {
    kept: HashMap<Place, Kept>,
    asked: u64,
}

impl Articles {
    /// The version that is on screen.
    pub fn shown(&self, site: SiteId, key: &ArticleKey) -> Option<&ArticleView> {
        self.kept.get(&(site, key.clone()))?.stage.shown()
    }

    /// The desk has another version.
    pub fn outdate(&mut self, site: SiteId, key: ArticleKey) {
        if let Entry::Occupied(kept) = self.kept.entry((site, key)) {
            let (place, Kept { stage, bytes, asked }) = kept.remove_entry();
            if let Some(stage) = stage.outdated() {
                self.kept.insert(place, Kept { stage, bytes, asked });
            }
        }
    }

    /// A site was removed.
    pub fn forget(&mut self, site: SiteId) {
        self.kept.retain(|(of, _), _| *of != site);
    }

    /// What could not be read is tried again when it is next asked for, however short ago it failed.
    pub fn try_again(&mut self) {
        let failed = |kept: &Kept| matches!(kept.stage, Stage::Failed { .. });
        let places: Vec<Place> =
            self.kept.iter().filter(|(_, kept)| failed(kept)).map(|(place, _)| place.clone()).collect();
        for (site, key) in places {
            self.outdate(site, key);
        }
    }

    /// What can be told without reading; `None` where a version waits to be read.
    fn told(&mut self, place: &Place, now: Duration) -> Option<Loadable<ArticleView>> {
        self.asked += 1;
        let kept = self.kept.get_mut(place)?;
        kept.asked = self.asked;
        match &kept.stage {
            Stage::Here(view) => Some(Loadable::Ready(view.clone())),
            Stage::Reading { previous, .. } => Some(Loadable::Loading { previous: previous.clone() }),
            Stage::Failed { previous, notice, at } if now < *at + TRY_AGAIN => {
                Some(Loadable::Failed { previous: previous.clone(), notice: notice.clone() })
            }
            Stage::Failed { .. } | Stage::Outdated(_) => None,
        }
    }

    fn put(&mut self, place: Place, stage: Stage, bytes: usize) {
        self.kept.insert(place, Kept { stage, bytes, asked: self.asked });
        let mut sum: usize = self.kept.values().map(|kept| kept.bytes).sum();
        while self.kept.len() > 1 && (self.kept.len() > KEPT || sum > KEPT_BYTES) {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.asked).map(|(place, _)| place.clone());
            sum -= oldest.and_then(|place| self.kept.remove(&place)).map_or(0, |kept| kept.bytes);
        }
    }

    /// The next stage of an article whose version was being read.
    fn end_reading(&mut self, place: Place, stage: Stage) {
        if let Some(kept) = self.kept.get_mut(&place) {
            kept.stage = stage;
        }
    }
}

impl App {
    /// The article a comment stands under.
    pub fn article(&mut self, id: CommentId) -> Loadable<ArticleView> {
        let Some(row) = self.reader.head(id).ok().flatten() else {
            return Loadable::Absent(String::new());
        };
        let Some(key) = row.article else { return Loadable::Absent(say("article-none")) };
        let can = self.known.get(&row.site).and_then(|known| known.can);
        if can.is_some_and(|can| !can.articles) {
            return Loadable::Absent(say("article-unavailable"));
        }
        let want = Want::Articles(vec![key.clone()]);
        self.want(row.site, want.clone());
        let place = (row.site, key);
        let now = self.clock.monotonic();
        if let Some(told) = self.articles.told(&place, now) {
            return told;
        }
        match self.reader.article_bytes(place.0, &place.1) {
            Ok(Some(bytes)) => return self.read_article(place, bytes, row.article_url),
            Err(trouble) => return self.miss_article(place, notice::of_trouble(&trouble)),
            Ok(None) => {}
        }
        let previous = self.articles.shown(place.0, &place.1).cloned();
        let away = self.away(row.site);
        match away.as_ref().or(self.refused.get(&(row.site, want))) {
            Some(why) => {
                let words = say_with("article-failed", &[("why", why.clone().into())]);
                Loadable::Failed { previous, notice: Notice::warning(words, None) }
            }
            None => Loadable::Loading { previous },
        }
    }

    fn read_article(&mut self, place: Place, bytes: usize, url: Option<String>) -> Loadable<ArticleView> {
        self.generation += 1;
        let generation = self.generation;
        let previous = self.articles.shown(place.0, &place.1).cloned();
        if bytes <= AT_ONCE_BYTES {
            return match view_of(&self.reader, &place, url, generation) {
                Ok(Some(view)) => {
                    let view = settled(previous, view);
                    self.articles.put(place, Stage::Here(view.clone()), bytes);
                    Loadable::Ready(view)
                }
                Ok(None) => Loadable::Loading { previous },
                Err(trouble) => self.miss_article(place, notice::of_trouble(&trouble)),
            };
        }
        let stage = Stage::Reading { generation, previous: previous.clone() };
        self.articles.put(place.clone(), stage, bytes);
        let (store, before) = (Arc::clone(&self.store), previous.clone());
        let fault =
            Note::Article { place: place.clone(), generation, view: Err(notice::of_panic("article")) };
        self.reading.run_or("article", fault, move || {
            let view = store.reader().and_then(|reader| view_of(&reader, &place, url, generation));
            let view = view.map(|view| view.map(|view| settled(before, view)));
            let view = view.map_err(|trouble| notice::of_trouble(&trouble));
            Note::Article { place, generation, view }
        });
        Loadable::Loading { previous }
    }

    /// A version could not be read; what was shown before stays.
    fn miss_article(&mut self, place: Place, notice: Notice) -> Loadable<ArticleView> {
        let (previous, at) = (self.articles.shown(place.0, &place.1).cloned(), self.clock.monotonic());
        let stage = Stage::Failed { previous: previous.clone(), notice: notice.clone(), at };
        let bytes = self.articles.kept.get(&place).map_or(0, |kept| kept.bytes);
        self.articles.put(place, stage, bytes);
        Loadable::Failed { previous, notice }
    }

    pub(super) fn take_article(
        &mut self,
        place: Place,
        generation: u64,
        view: Result<Option<ArticleView>, Notice>,
    ) {
        match self.articles.kept.get(&place).map(|kept| &kept.stage) {
            Some(Stage::Reading { generation: wanted, .. }) if *wanted == generation => {}
            // Another version came in while this one was read, or nobody looks at it any more.
            _ => return,
        }
        match view {
            Ok(Some(view)) => self.articles.end_reading(place, Stage::Here(view)),
            Ok(None) => self.articles.outdate(place.0, place.1),
            Err(notice) => _ = self.miss_article(place, notice),
        }
    }
}

/// The version before where the new one says the same: whoever reads it stays where they are.
fn settled(previous: Option<ArticleView>, view: ArticleView) -> ArticleView {
    match previous {
        Some(previous) if previous == (ArticleView { generation: previous.generation, ..view.clone() }) => {
            previous
        }
        _ => view,
    }
}

/// Reads the stored version of an article; `url` is where its comments say it is.
fn view_of(
    reader: &Reader,
    (site, key): &Place,
    url: Option<String>,
    generation: u64,
) -> Result<Option<ArticleView>, Trouble> {
    let Some((article, _)) = reader.article(*site, key)? else { return Ok(None) };
    let body = read(&article);
    Ok(Some(ArticleView {
        title: text::visible_line(&article.title),
        byline: article.byline.as_deref().map(text::visible_line),
        published: article.published,
        reading_minutes: text::reading_minutes(&body).max(1),
        url: article.url.or(url),
        withheld: article.withheld.map(|why| withheld(&why)),
        body: Arc::new(body),
        generation,
    }))
}

fn read(article: &Article) -> RichText {
    let body = article.body.as_ref();
    body.map(|body| text::read_article(&body.source, markup(body.format))).unwrap_or_default()
}

/// Why an article has no text, in words; a site's own reason is shown as it is.
fn withheld(why: &str) -> String {
    match why {
        "protected" => say("withheld-protected"),
        "deleted" => say("withheld-deleted"),
        "untold" => say("withheld-untold"),
        other => text::visible_line(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(title: &str, generation: u64) -> ArticleView {
        ArticleView {
            title: title.to_owned(),
            byline: None,
            published: None,
            reading_minutes: 1,
            url: None,
            body: Arc::default(),
            withheld: None,
            generation,
        }
    }

    fn place(n: usize) -> Place {
        (SiteId(1), ArticleKey(n.to_string()))
    }

    fn here(n: usize) -> Stage {
        Stage::Here(view(&n.to_string(), 1))
    }

    #[test]
    fn the_same_version_keeps_its_generation() {
        assert_eq!(settled(Some(view("Ferry", 1)), view("Ferry", 2)), view("Ferry", 1));
        assert_eq!(settled(Some(view("Ferry", 1)), view("Ferry stays", 2)), view("Ferry stays", 2));
    }

    #[test]
    fn what_was_asked_for_longest_ago_goes_first_and_what_is_asked_for_stays() {
        let mut articles = Articles::default();
        for n in 0..=KEPT {
            articles.told(&place(n), Duration::ZERO);
            articles.put(place(n), here(n), 1);
            assert!(articles.told(&place(0), Duration::ZERO).is_some());
        }
        assert_eq!(articles.kept.len(), KEPT);
        assert!(articles.shown(SiteId(1), &place(1).1).is_none(), "the oldest");
        articles.told(&place(KEPT + 1), Duration::ZERO);
        articles.put(place(KEPT + 1), here(KEPT + 1), 2 * KEPT_BYTES);
        assert_eq!(articles.kept.len(), 1);
        assert!(articles.shown(SiteId(1), &place(KEPT + 1).1).is_some(), "it is on screen");
        articles.forget(SiteId(2));
        assert_eq!(articles.kept.len(), 1);
        articles.forget(SiteId(1));
        assert!(articles.kept.is_empty());
    }

    #[test]
    fn what_failed_is_read_again_later_and_what_was_shown_stays() {
        let mut articles = Articles::default();
        let notice = Notice::warning(String::new(), None);
        let failed = |previous| Stage::Failed { previous, notice: notice.clone(), at: Duration::ZERO };
        articles.put(place(1), failed(Some(view("Ferry", 1))), 1);
        articles.put(place(2), failed(None), 1);
        assert!(matches!(articles.told(&place(1), Duration::ZERO), Some(Loadable::Failed { .. })));
        assert!(articles.told(&place(1), TRY_AGAIN).is_none());
        articles.try_again();
        assert!(articles.told(&place(1), Duration::ZERO).is_none());
        assert!(articles.told(&place(2), Duration::ZERO).is_none());
        assert_eq!(articles.shown(SiteId(1), &place(1).1), Some(&view("Ferry", 1)));
    }
}
