//! Columns that are computed from a comment's words, and computed anew when the way to do so changes.

use super::rows::format_of;
use super::{Derived, Trouble, Work};
use crate::domain::{Body, CommentId, RevisionId};
use rusqlite::{OptionalExtension as _, params};

/// Bumped when [`Derived`] is computed differently.
const DERIVED_VERSION: i64 = 2;

/// A wording whose derived columns are an older version's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Underived {
    pub comment: CommentId,
    pub revision: RevisionId,
    pub body: Body,
    pub name: String,
}

impl Work<'_> {
    /// Comments whose derived columns were computed by an older version, at most `limit`, with their words.
    pub fn underived(&self, limit: u32) -> Result<Vec<Underived>, Trouble> {
        let mut select = self.tx.prepare_cached(
            "select c.id, r.id, r.format, r.body, r.name from comments c join revisions r on r.id = c.revision
             where c.derived_version < ? and c.revision is not null limit ?",
        )?;
        let rows = select.query_map(params![DERIVED_VERSION, limit], |row| {
            Ok(Underived {
                comment: CommentId(row.get(0)?),
                revision: RevisionId(row.get(1)?),
                body: Body { format: format_of(&row.get::<_, String>(2)?)?, source: row.get(3)? },
                name: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes derived columns anew, unless other words came since `of` was read: those brought their own.
    pub fn derive_again(&self, of: &Underived, derived: &Derived) -> Result<(), Trouble> {
        let still: Option<i64> = self
            .tx
            .prepare_cached("select id from comments where id = ? and revision = ? and derived_version < ?")?
            .query_row(params![of.comment.0, of.revision.0, DERIVED_VERSION], |row| row.get(0))
            .optional()?;
        match still {
            Some(id) => self.write_derived(id, false, derived),
            None => Ok(()),
        }
    }

    pub(super) fn write_derived(&self, id: i64, is_new: bool, derived: &Derived) -> Result<(), Trouble> {
        self.tx
            .prepare_cached("update comments set excerpt = ?, links = ?, derived_version = ? where id = ?")?
            .execute(params![derived.excerpt, derived.links, DERIVED_VERSION, id])?;
        if !is_new {
            self.tx.prepare_cached("delete from words where rowid = ?")?.execute([id])?;
        }
        self.tx
            .prepare_cached("insert into words (rowid, form) values (?, ?)")?
            .execute(params![id, derived.form])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{desk, told};
    use super::*;
    use crate::store::{Source, Work};

    #[test]
    fn words_that_came_meanwhile_keep_what_was_computed_from_them() {
        let (mut desk, site, now) = desk();
        let old = |work: &Work<'_>| Ok(work.tx.execute("update comments set derived_version = 0", [])?);
        desk.write(|work| work.ingest(site, 1, Source::List, now, &[told("1", "old"), told("2", "calm")]))
            .unwrap();
        desk.write(old).unwrap();
        let read = desk.write(|work| work.underived(10)).unwrap();
        desk.write(|work| work.ingest(site, 2, Source::Look, now, &[told("1", "new")])).unwrap();
        desk.write(|work| {
            let anew = |of: &Underived| Derived {
                excerpt: format!("{}, anew", of.body.source),
                ..Derived::default()
            };
            read.iter().try_for_each(|of| work.derive_again(of, &anew(of)))
        })
        .unwrap();
        let excerpt = |work: &Work<'_>, id| Ok(work.comment(CommentId(id))?.map(|row| row.excerpt));
        assert_eq!(desk.write(|work| excerpt(work, 1)).unwrap().as_deref(), Some("new"));
        assert_eq!(desk.write(|work| excerpt(work, 2)).unwrap().as_deref(), Some("calm, anew"));
        assert_eq!(desk.write(|work| work.underived(10)).unwrap(), []);
        // the same words, derived by this version already: computed twice at once, the second has nothing to write
        desk.write(|work| work.derive_again(&read[1], &Derived::default())).unwrap();
        assert_eq!(desk.write(|work| excerpt(work, 2)).unwrap().as_deref(), Some("calm, anew"));
        // other words that an older version has derived wait for their own turn
        desk.write(old).unwrap();
        desk.write(|work| work.derive_again(&read[0], &Derived::default())).unwrap();
        assert_eq!(desk.write(|work| excerpt(work, 1)).unwrap().as_deref(), Some("new"));
        assert_eq!(desk.write(|work| work.underived(10)).unwrap().len(), 2);
    }
}
