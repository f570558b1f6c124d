//! The outbox: what its lines say, and that reading it costs the same however much was ever decided.

use super::{Desk, told};
use greenroom::app::glance::Glance;
use greenroom::domain::{DecisionId, Delivery, Status, Verb};
use greenroom::store::{Source, Stumble};

/// What is said about a decision that is on its way.
fn said(desk: &Desk, id: DecisionId) -> Option<String> {
    let rows = Glance::open(desk._dir.path()).unwrap().outbox(10).unwrap();
    rows.into_iter().find(|(_, row)| row.id == id).unwrap().1.notice.map(|notice| notice.words)
}

#[test]
fn a_decision_waits_for_the_one_before_it_only_until_that_has_arrived() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    let now = desk.now;
    let (first, _) = desk.decide("1", Verb::Approve).decisions[0];
    desk.write(move |work| {
        work.release(&[first], now)?;
        work.sending(first, Some(Status::Pending), now)?;
        let lost = Stumble { may_have_left: true, counts: false, fault: "unanswered", why: String::new() };
        work.stumble(first, &lost, now)
    });
    let (second, _) = desk.decide("1", Verb::Spam).decisions[0];
    desk.write(move |work| work.release(&[second], now));
    let line = |id| desk.reader.line(id).unwrap().unwrap();
    assert_eq!((line(second).decision.after, line(second).blocked), (Some(first), true));
    assert_eq!(said(&desk, second).as_deref(), Some("Waits for the decision before it"));

    desk.write(move |work| {
        work.sending(first, Some(Status::Pending), now)?;
        work.deliver(first, true, now)
    });
    assert_eq!((line(second).delivery, line(second).blocked), (Delivery::Queued, false));
    assert_eq!(said(&desk, second), None);
    assert_eq!(desk.reader.line(DecisionId(99)).unwrap(), None);
}

/// What is on a desk after years.
fn with_settled(desk: &Desk, n: u32) {
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    let (site, comment) = (desk.site.0, desk.id("1").0);
    let db = rusqlite::Connection::open(desk._dir.path().join("desk.sqlite")).unwrap();
    db.execute_batch(&format!(
        "begin;
         with recursive n (i) as (select 1 union all select i + 1 from n where i < {n})
            insert into acts (at, kind, verb) select i, 'decide', 'approve' from n;
         insert into outbox (batch, site, comment, verb, seen, prior, moderator, made_at, hold_secs, key, delivery, since)
            select a.id, {site}, {comment}, 'approve', r.id, 'pending', '', a.at, 5, 'k' || a.id, 'delivered', a.at
            from acts a join revisions r;
         commit;"
    ))
    .unwrap();
}

#[test]
fn nothing_that_is_asked_often_reads_all_that_was_ever_decided() {
    let desk = Desk::new();
    with_settled(&desk, 200_000);
    assert_eq!(desk.reader.settled().unwrap(), 200_000);
    let (held, _) = desk.decide("1", Verb::Spam).decisions[0];
    let open = desk.reader.open_rows(desk.site).unwrap();
    assert_eq!(open.iter().map(|row| (row.id, row.in_bulk)).collect::<Vec<_>>(), [(held, false)]);
    let lines = desk.reader.outbox(200, 3).unwrap();
    assert_eq!((lines.len(), lines[0].decision.id), (4, held));
    for (sql, plan) in desk.reader.plans().unwrap() {
        for step in plan.iter().filter(|step| step.contains("SCAN")) {
            // The index of what is settled, from its newest end and no further than asked.
            let newest = step == "SCAN o USING INDEX outbox_settled" && sql.ends_with("desc limit ?");
            // All of an index that holds what is open and nothing else.
            let open = step.ends_with("INDEX outbox_open") || step.ends_with("INDEX outbox_unsettled");
            let made_here = step.starts_with("SCAN (subquery") || step == "SCAN CONSTANT ROW";
            assert!(newest || open || made_here, "{sql}\n{plan:#?}");
        }
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{sql}\n{plan:#?}");
    }
}

/// The plan of the statement that starts so.
fn plan(desk: &Desk, start: &str) -> Vec<String> {
    let mut plans = desk.reader.plans().unwrap().into_iter().filter(|(sql, _)| sql.contains(start));
    plans.next().unwrap().1
}

#[test]
fn what_is_open_is_found_among_what_is_open() {
    let desk = Desk::new();
    let open = plan(&desk, "b.batch = o.batch");
    assert_eq!(open[0], "SEARCH o USING INDEX outbox_open (site=?)");
    assert!(open.contains(&"SEARCH b USING COVERING INDEX outbox_batch (batch=?)".into()), "{open:#?}");
    let redoable = plan(&desk, "n.id > acts.id");
    let newer = "SEARCH n USING INTEGER PRIMARY KEY (rowid>?)";
    assert!(redoable.iter().any(|step| step == newer), "{redoable:#?}");
    for which in ["undoes = ? and delivery in", "undoes = ? and delivery not in"] {
        let inverse = plan(&desk, which);
        let found = inverse.iter().any(|step| step == "SEARCH outbox USING INDEX outbox_undoes (undoes=?)");
        assert!(found, "{inverse:#?}");
    }
}

#[test]
fn what_names_an_erased_row_is_found_by_index() {
    let desk = Desk::new();
    let db = desk.reader.db();
    let mut select = db
        .prepare(
            "select t.name, f.\"from\" from sqlite_master t, pragma_foreign_key_list(t.name) f
             where t.type = 'table' and f.\"table\" <> 'sites'",
        )
        .unwrap();
    let named: Vec<(String, String)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    assert!(named.len() > 8, "{named:?}");
    for (table, column) in named {
        let plan = desk.reader.steps_of(&format!("select 1 from {table} where {column} = ?")).unwrap();
        assert!(plan.iter().all(|step| step.starts_with("SEARCH")), "{table}.{column}: {plan:?}");
    }
}
