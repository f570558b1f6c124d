//! A desk opened for reading only, beside the process that holds it: for scripts that list and show.

use super::bodies::Bodies;
use super::notice::{self, Notice};
use super::read::{CardParts, Eyes};
use super::shelf::stored;
use super::view::{CardView, Loadable, OutboxRow, Place, RowView};
use super::words::say_with;
use crate::domain::{CommentId, NativeId, Order, RevisionId, Site};
use crate::store::{self, Counts, Reader, Store, Trouble};
use std::path::Path;

/// What is on a desk now.
pub struct Glance {
    reader: Reader,
    sites: Vec<Site>,
    bodies: Bodies,
}

/// A site and its true counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub site: Site,
    pub counts: Counts,
}

fn words(trouble: Trouble) -> Notice {
    notice::of_trouble(&trouble)
}

impl Glance {
    pub fn open(dir: &Path) -> Result<Self, Notice> {
        let reader = Store::peek(dir).map_err(words)?;
        let sites = reader.sites().map_err(words)?;
        Ok(Self { reader, sites, bodies: Bodies::default() })
    }

    fn eyes(&self) -> Eyes<'_> {
        Eyes { reader: &self.reader, sites: &self.sites, bodies: &self.bodies }
    }

    pub fn sites(&self) -> Result<Vec<Counted>, Notice> {
        let counted = self
            .sites
            .iter()
            .map(|site| Ok(Counted { site: site.clone(), counts: self.reader.counts(site.id)? }));
        counted.collect::<Result<_, _>>().map_err(words)
    }

    /// A site by its short name.
    pub fn site(&self, slug: &str) -> Result<&Site, Notice> {
        let found = self.sites.iter().find(|site| site.slug == slug);
        found.ok_or_else(|| Notice::error(say_with("cli-no-site", &[("slug", slug.to_owned().into())]), None))
    }

    /// `gazette:123`, or `123` where there is one site only.
    pub fn comment(&self, handle: &str) -> Result<CommentId, Notice> {
        let missing =
            || Notice::error(say_with("cli-no-comment", &[("handle", handle.to_owned().into())]), None);
        let (site, native_id) = match (handle.split_once(':'), self.sites.as_slice()) {
            (Some((slug, native_id)), _) => (self.site(slug)?, native_id),
            (None, [only]) => (only, handle),
            (None, _) => return Err(missing()),
        };
        let found = self.reader.find(site.id, &NativeId(native_id.to_owned())).map_err(words)?;
        found.ok_or_else(missing)
    }

    /// The first `limit` rows of a queue, with their handles, and how many there are.
    pub fn list(
        &self,
        place: Place,
        order: Order,
        search: &str,
        limit: usize,
    ) -> Result<(Vec<(String, RowView)>, usize), Notice> {
        let shelf = stored(place.shelf);
        let search = Some(crate::text::fold_query(search)).filter(|query| !query.is_empty());
        let keys =
            self.reader.queue(&store::View { site: place.site, shelf, order, search }).map_err(words)?;
        let mut rows = Vec::new();
        for (_, id) in keys.iter().take(limit) {
            let row = self.eyes().row(*id, false).map_err(words)?;
            rows.extend(row.map(|row| (self.handle(*id), row)));
        }
        Ok((rows, keys.len()))
    }

    /// `gazette:123`, as [`Glance::comment`] finds it.
    pub fn handle(&self, id: CommentId) -> String {
        let Ok(Some(row)) = self.reader.head(id) else { return id.to_string() };
        let slug = self.sites.iter().find(|site| site.id == row.site).map_or("", |site| site.slug.as_str());
        format!("{slug}:{}", row.native_id)
    }

    /// One comment as its card shows it.
    pub fn card(&self, id: CommentId) -> Result<Option<CardView>, Notice> {
        let Some(row) = self.reader.head(id).map_err(words)? else { return Ok(None) };
        let parts = CardParts {
            shown: row.revision.unwrap_or(RevisionId(0)),
            record: Loadable::Loading { previous: None },
            can: None,
            edited_under_reader: false,
            generation: 0,
            row,
        };
        self.eyes().card(parts).map(Some).map_err(words)
    }

    /// How many decisions are settled.
    pub fn settled(&self) -> Result<u64, Notice> {
        self.reader.settled().map_err(words)
    }

    /// All decisions that are open, and the newest `settled` ones.
    pub fn outbox(&self, settled: u32) -> Result<Vec<(String, OutboxRow)>, Notice> {
        let lines = self.reader.outbox(u32::MAX, settled).map_err(words)?;
        let mut rows = Vec::new();
        for line in &lines {
            let row = self.eyes().outbox_row(line, Some(line.decision.hold_secs)).map_err(words)?;
            rows.extend(row.map(|row| (self.handle(line.decision.comment), row)));
        }
        Ok(rows)
    }
}
