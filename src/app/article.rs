//! Articles as they are shown, each version read once: short ones where they are asked for, long ones off the thread that
//! draws. What was shown before stays until the new version is there.

use super::App;
use super::bodies::AT_ONCE_BYTES;
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
use std::sync::Arc;

/// An article of a site.
pub(super) type Place = (SiteId, ArticleKey);

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
    },
}

/// Articles that were shown.
#[derive(Default)]
pub(super) struct Articles(HashMap<Place, Stage>);

impl Articles {
    /// The version that is on screen.
    pub fn shown(&self, site: SiteId, key: &ArticleKey) -> Option<&ArticleView> {
        match self.0.get(&(site, key.clone()))? {
            Stage::Here(view) | Stage::Outdated(view) => Some(view),
            Stage::Reading { previous, .. } | Stage::Failed { previous, .. } => previous.as_ref(),
        }
    }

    /// The desk has another version.
    pub fn outdate(&mut self, site: SiteId, key: ArticleKey) {
        if let Some(shown) = self.shown(site, &key).cloned() {
            self.0.insert((site, key), Stage::Outdated(shown));
        } else {
            self.0.remove(&(site, key));
        }
    }

    /// What can be told without reading; `None` where a version waits to be read.
    fn told(&self, place: &Place) -> Option<Loadable<ArticleView>> {
        match self.0.get(place)? {
            Stage::Here(view) => Some(Loadable::Ready(view.clone())),
            Stage::Reading { previous, .. } => Some(Loadable::Loading { previous: previous.clone() }),
            Stage::Failed { previous, notice } => {
                Some(Loadable::Failed { previous: previous.clone(), notice: notice.clone() })
            }
            Stage::Outdated(_) => None,
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
        if let Some(told) = self.articles.told(&place) {
            return told;
        }
        if let Some(bytes) = self.reader.article_bytes(place.0, &place.1).ok().flatten() {
            return self.read_article(place, bytes, row.article_url);
        }
        let away = self.away(row.site);
        match self.refused.get(&(row.site, want)).or(away.as_ref()) {
            Some(why) => {
                let words = say_with("article-failed", &[("why", why.clone().into())]);
                Loadable::Failed { previous: None, notice: Notice::warning(words, None) }
            }
            None => Loadable::Loading { previous: None },
        }
    }

    fn read_article(&mut self, place: Place, bytes: usize, url: Option<String>) -> Loadable<ArticleView> {
        self.generation += 1;
        let generation = self.generation;
        if bytes <= AT_ONCE_BYTES {
            let Ok(Some(view)) = view_of(&self.reader, &place, url, generation) else {
                return Loadable::Loading { previous: None };
            };
            self.articles.0.insert(place, Stage::Here(view.clone()));
            return Loadable::Ready(view);
        }
        let previous = self.articles.shown(place.0, &place.1).cloned();
        let stage = Stage::Reading { generation, previous: previous.clone() };
        self.articles.0.insert(place.clone(), stage);
        let store = Arc::clone(&self.store);
        self.jobs.run("article", move || {
            let view = store.reader().and_then(|reader| view_of(&reader, &place, url, generation));
            Note::Article { place, generation, view }
        });
        Loadable::Loading { previous }
    }

    pub(super) fn take_article(
        &mut self,
        place: Place,
        generation: u64,
        view: Result<Option<ArticleView>, Trouble>,
    ) {
        let previous = match self.articles.0.get(&place) {
            Some(Stage::Reading { generation: wanted, previous }) if *wanted == generation => {
                previous.clone()
            }
            // Another version came in while this one was read.
            _ => return,
        };
        match view {
            Ok(Some(view)) => self.articles.0.insert(place, Stage::Here(view)),
            Ok(None) => self.articles.0.remove(&place),
            Err(trouble) => {
                let notice = notice::of_trouble(&trouble);
                self.articles.0.insert(place, Stage::Failed { previous, notice })
            }
        };
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
