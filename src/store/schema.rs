//! Applies `migrations/*.sql` in order, all that a file lacks or none. The statements of a migration that has landed are never
//! edited, and a file that has anything on it is copied before it is changed.

use super::Trouble;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::{Path, PathBuf};

const MIGRATIONS: [&str; 5] = [
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
];

/// The schema that this program writes.
pub const OURS: i64 = MIGRATIONS.len() as i64;
/// Copies of older files that are kept, newest first.
const BACKUPS_MAX: usize = 3;
/// Above any number that a Greenroom will ever write: such a header is damaged.
const SCHEMA_MAX: i64 = 1_000;

/// Brings a file to this program's schema. One that an older program wrote is copied first; a step that fails leaves it as
/// it was.
pub fn bring_up_to_date(db: &mut Connection, path: &Path, now: Option<DateTime<Utc>>) -> Result<(), Trouble> {
    bring_up_by(db, &MIGRATIONS, path, now)
}

fn bring_up_by(
    db: &mut Connection,
    migrations: &[&str],
    path: &Path,
    now: Option<DateTime<Utc>>,
) -> Result<(), Trouble> {
    let file = version(db)?;
    if file == 0 || file >= migrations.len() as i64 {
        return migrate_by(db, migrations);
    }
    let copy = back_up(db, path, file, now)?;
    migrate_by(db, migrations).map_err(|trouble| match trouble {
        Trouble::Wrong(why) | Trouble::Sql(why) => Trouble::Unmigrated { why, copy },
        other => other,
    })
}

fn version(db: &Connection) -> Result<i64, Trouble> {
    let file = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = db.query_row("select count(*) from sqlite_master", [], |row| row.get(0))?;
    match file {
        0 if tables == 0 => Ok(0),
        1..=SCHEMA_MAX if tables > 0 => Ok(file),
        _ => Err(Trouble::Corrupt(format!("its header tells of schema {file}"))),
    }
}

/// Brings a file to this program's schema, all steps in one transaction.
pub fn migrate(db: &mut Connection) -> Result<(), Trouble> {
    migrate_by(db, &MIGRATIONS)
}

fn migrate_by(db: &mut Connection, migrations: &[&str]) -> Result<(), Trouble> {
    let ours = migrations.len() as i64;
    let file = version(db)?;
    if file > ours {
        return Err(Trouble::Newer { file, ours });
    }
    if file == ours {
        return Ok(());
    }
    let steps = db.transaction()?;
    for (number, sql) in (1..).zip(migrations).skip(usize::try_from(file).unwrap_or(0)) {
        steps.execute_batch(sql)?;
        steps.pragma_update(None, "user_version", number)?;
    }
    steps.commit()?;
    Ok(())
}

/// The folder of copies made before a migration.
pub fn backups(path: &Path) -> PathBuf {
    path.with_file_name("backups")
}

/// Copies a file whole before it is changed; only the newest few copies are kept.
fn back_up(db: &Connection, path: &Path, file: i64, now: Option<DateTime<Utc>>) -> Result<PathBuf, Trouble> {
    let folder = backups(path);
    super::make_private_folder(&folder)?;
    let date = now.map_or_else(|| "undated".to_owned(), |now| now.format("%Y-%m-%d-%H%M%S").to_string());
    let copy = folder.join(format!("desk-schema{file}-{date}.sqlite"));
    let failed = |error: std::io::Error| Trouble::of_io(&copy, &error);
    // What an earlier try left half done.
    if copy.exists() {
        std::fs::remove_file(&copy).map_err(failed)?;
    }
    // SQLite fills an empty file and leaves its mode alone.
    drop(super::private_file(&copy).map_err(failed)?);
    db.execute("vacuum into ?", [copy.to_string_lossy()]).map_err(|error| {
        let _ = std::fs::remove_file(&copy);
        Trouble::from(error)
    })?;
    std::fs::File::open(&copy).and_then(|file| file.sync_all()).map_err(failed)?;
    super::sync_folder(&copy).map_err(failed)?;
    forget_oldest(&folder)?;
    Ok(copy)
}

/// Forgets copies made before a moment: what is erased from the desk does not stay in them.
pub fn forget_before(path: &Path, before: DateTime<Utc>) -> Result<(), Trouble> {
    let folder = backups(path);
    let failed = |error: std::io::Error| Trouble::of_io(&folder, &error);
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let written = entry.metadata().and_then(|meta| meta.modified()).map_err(failed)?;
        if DateTime::<Utc>::from(written) < before {
            std::fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

fn forget_oldest(folder: &Path) -> Result<(), Trouble> {
    let failed = |error: std::io::Error| Trouble::of_io(folder, &error);
    let mut copies = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let written = entry.metadata().and_then(|meta| meta.modified()).map_err(failed)?;
        copies.push((written, entry.file_name(), entry.path()));
    }
    copies.sort();
    let many = copies.len().saturating_sub(BACKUPS_MAX);
    copies.iter().take(many).try_for_each(|(_, _, path)| std::fs::remove_file(path)).map_err(failed)
}

/// What every connection is told first.
pub fn configure(db: &Connection) -> Result<(), Trouble> {
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // A decision that was acknowledged survives a power cut.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // What is erased is overwritten, and not only forgotten.
    db.pragma_update(None, "secure_delete", true)?;
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
        db.execute_batch("create table facts (name text)").unwrap();
        db.pragma_update(None, "user_version", 999).unwrap();
        assert_eq!(migrate(&mut db), Err(Trouble::Newer { file: 999, ours: OURS }));
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
    fn a_step_that_fails_leaves_the_file_as_it_was_and_a_copy_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.sqlite");
        let mut db = Connection::open(&path).unwrap();
        configure(&db).unwrap();
        migrate_by(&mut db, &MIGRATIONS[..2]).unwrap();
        db.execute("insert into facts values ('kept', x'01')", []).unwrap();
        let tables = |db: &Connection| -> i64 {
            db.query_row("select count(*) from sqlite_master", [], |row| row.get(0)).unwrap()
        };
        let before = tables(&db);
        let broken = [MIGRATIONS[0], MIGRATIONS[1], MIGRATIONS[2], "create table sites (id)"];
        let Err(Trouble::Unmigrated { why, copy }) = bring_up_by(&mut db, &broken, &path, None) else {
            panic!("it was brought up to date");
        };
        assert!(why.contains("sites"), "{why}");
        assert_eq!((version(&db).unwrap(), tables(&db)), (2, before));
        let copied = Connection::open(copy).unwrap();
        assert_eq!((version(&copied).unwrap(), tables(&copied)), (2, before));
        let kept = "select count(*) from facts where name = 'kept'";
        assert_eq!(copied.query_row(kept, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        bring_up_by(&mut db, &MIGRATIONS, &path, None).unwrap();
        assert_eq!(version(&db).unwrap(), OURS);
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        assert_eq!(migrate(&mut db), Ok(()));
    }
}
