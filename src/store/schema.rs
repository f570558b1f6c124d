//! Applies `migrations/*.sql` in order. The statements of a migration that has landed are never edited.

use super::Trouble;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

const MIGRATIONS: [&str; 5] = [
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
];

/// The schema that this program writes.
pub fn ours() -> i64 {
    MIGRATIONS.len() as i64
}

/// Brings a file to this program's schema, each step in a transaction of its own.
pub fn migrate(db: &mut Connection) -> Result<(), Trouble> {
    let ours = MIGRATIONS.len() as i64;
    let file: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if file > ours {
        return Err(Trouble::Newer { file, ours });
    }
    for (number, sql) in (1..).zip(MIGRATIONS).skip(usize::try_from(file).unwrap_or(0)) {
        let step = db.transaction()?;
        step.execute_batch(sql)?;
        step.pragma_update(None, "user_version", number)?;
        step.commit()?;
    }
    Ok(())
}

/// What every connection is told first.
pub fn configure(db: &Connection) -> Result<(), Trouble> {
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // A decision that was acknowledged survives a power cut.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    plan_once(db)
}

/// Plans depend on the schema only, never on what is bound: a prepared statement is then never prepared again, and the
/// plans that tests pin are those that run.
pub fn plan_once(db: &Connection) -> Result<(), Trouble> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(256);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_file_is_refused_untouched() {
        let mut db = Connection::open_in_memory().unwrap();
        db.pragma_update(None, "user_version", 999).unwrap();
        assert_eq!(migrate(&mut db), Err(Trouble::Newer { file: 999, ours: MIGRATIONS.len() as i64 }));
    }

    #[test]
    fn what_could_not_be_read_moves_to_where_addresses_stand() {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch(MIGRATIONS[0]).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
        db.execute_batch(
            "insert into sites (slug, name, backend, base, account, sort, hold_secs)
                values ('g', 'G', 'cmh', 'https://g.example', '', 'oldest', 5);
             insert into comments (site, native_id, unreadable, first_seen)
                values (1, '9', 'no text' || char(10) || '{\"id\":9}', 0), (1, '8', null, 0);",
        )
        .unwrap();
        migrate(&mut db).unwrap();
        let found: (String, String) = db
            .query_row(
                "select c.unreadable, p.source from comments c join persons p on p.comment = c.id",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(found, ("no text".to_owned(), r#"{"id":9}"#.to_owned()));
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        assert_eq!(migrate(&mut db), Ok(()));
    }
}
