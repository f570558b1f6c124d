//! The desk's memory against its rules: what may write truth, what a queue is, what an undo does, and how it is read.

#[path = "store/acts.rs"]
mod acts;
#[path = "store/outbox.rs"]
mod outbox;

use chrono::{DateTime, TimeDelta, Utc};
use greenroom::domain::{
    ArticleKey, ArticleRef, AuthorKey, AuthorSeen, Backend, Body, CommentId, Format, LastDecision, NativeId,
    Observed, Order, Private, Site, SiteId, Status, Time, Unreadable, Verb,
};
use greenroom::store::{
    ActKind, Arrival, CommentRow, Derived, NewDecision, Options, Reader, Shelf, Source, Store, View,
};
use greenroom::text;

struct Desk {
    store: Store,
    reader: Reader,
    site: SiteId,
    now: DateTime<Utc>,
    _dir: tempfile::TempDir,
}

fn site() -> Site {
    Site {
        id: SiteId(0),
        slug: "gazette".into(),
        name: "Gazette".into(),
        backend: Backend::Cmh,
        base: "https://gazette.example/mod".into(),
        account: String::new(),
        order: Order::Oldest,
        hold_secs: 5,
    }
}

fn told(id: &str, status: Status, words: &str) -> Arrival {
    let at = DateTime::from_timestamp(1_760_000_000 + id.parse::<i64>().unwrap(), 0).unwrap();
    let observed = Observed {
        status: Some(status),
        created: Some(Time::second(at)),
        body: Some(Body { format: Format::Plain, source: words.into() }),
        author: Some(AuthorSeen {
            name: "Ana".into(),
            url: None,
            key: Some(AuthorKey::Email("ana@example.org".into())),
        }),
        private: Some(Private { email: Some("ana@example.org".into()), ip: None, agent: None }),
        article: Some(ArticleRef { key: ArticleKey("7".into()), title: Some("Ferry".into()), url: None }),
        ..Observed::of(NativeId(id.into()))
    };
    let derived = Derived { excerpt: words.into(), links: 0, form: text::fold(words) };
    Arrival { observed, derived: Some(derived) }
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Options::default()).unwrap();
        let site = store.write(greenroom::store::Rank::Decision, |work| work.add_site(&site())).unwrap();
        let reader = store.reader().unwrap();
        let now = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        Self { store, reader, site, now, _dir: dir }
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&greenroom::store::Work<'_>) -> Result<T, greenroom::store::Trouble> + Send + 'static,
    ) -> T {
        self.store.write(greenroom::store::Rank::Decision, work).unwrap()
    }

    fn ingest(&self, seq: u64, source: Source, arrivals: Vec<Arrival>) -> greenroom::store::Ingested {
        let (site, now) = (self.site, self.now);
        self.write(move |work| work.ingest(site, seq, source, now, &arrivals))
    }

    fn id(&self, native: &str) -> CommentId {
        self.reader.find(self.site, &NativeId(native.into())).unwrap().unwrap()
    }

    fn status(&self, native: &str) -> Status {
        self.reader.comment(self.id(native)).unwrap().unwrap().status
    }

    fn queue(&self, view: &View) -> Vec<i64> {
        self.reader.queue(view).unwrap().into_iter().map(|(_, id)| id.0).collect()
    }

    fn item(&self, native: &str, verb: Verb) -> NewDecision {
        let (comment, key) = (self.id(native), format!("{native}-{verb:?}"));
        NewDecision { comment, verb, keeps: false, seen: None, key, hold_secs: 5 }
    }

    fn decide(&self, native: &str, verb: Verb) -> greenroom::store::Made {
        let (item, now) = (self.item(native, verb), self.now);
        self.write(move |work| work.decide(ActKind::Decide, &[item], now))
    }

    fn receipt(&self, native: &str, status: Status, seq: u64, seq_now: u64) {
        let (site, now, id) = (self.site, self.now, NativeId(native.into()));
        let arrival = told(native, status, "words");
        self.write(move |work| {
            work.ingest(site, seq, Source::Receipt, now, &[arrival])?;
            work.receipt(site, &id, seq_now, now)
        });
    }
}

#[test]
fn an_answer_that_started_before_a_receipt_writes_nothing() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    // Request 2 decides; 3 is a look that started meanwhile and comes back last.
    desk.receipt("1", Status::Approved, 2, 3);
    desk.ingest(3, Source::Look, vec![told("1", Status::Pending, "words")]);
    assert_eq!(desk.status("1"), Status::Approved);
    desk.ingest(4, Source::Look, vec![told("1", Status::Pending, "words")]);
    assert_eq!(desk.status("1"), Status::Pending, "a look that started later is believed");
}

#[test]
fn a_list_that_contradicts_a_fresh_receipt_is_only_a_reason_to_look() {
    let mut desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    desk.receipt("1", Status::Approved, 2, 2);
    let done = desk.ingest(3, Source::List, vec![told("1", Status::Pending, "words")]);
    assert_eq!(done.contested, [NativeId("1".into())]);
    assert_eq!(desk.status("1"), Status::Approved);
    desk.now += TimeDelta::seconds(61);
    let done = desk.ingest(4, Source::List, vec![told("1", Status::Pending, "words")]);
    assert!(done.contested.is_empty());
    assert_eq!(desk.status("1"), Status::Pending);
}

#[test]
fn what_could_not_be_read_is_kept_apart_and_leaves_when_it_is_decided_elsewhere() {
    let desk = Desk::new();
    let source = r#"{"id":9,"author_email":"ana@example.org","content":7}"#;
    let item = Unreadable {
        native_id: Some(NativeId("9".into())),
        status: None,
        source: source.into(),
        why: "content is no text".into(),
    };
    let (site, now) = (desk.site, desk.now);
    desk.write(move |work| work.keep_unreadable(site, 4, Source::List, now, &[item]));
    let row = desk.reader.comment(desk.id("9")).unwrap().unwrap();
    assert_eq!((row.status, row.unreadable.as_deref()), (Status::Pending, Some("content is no text")));
    assert!(!format!("{row:?}").contains("example.org"), "no reader's address stands with the comment");
    assert_eq!(desk.reader.source(row.id).unwrap().as_deref(), Some(source));
    assert_eq!(desk.reader.unseen_since(site, 4).unwrap(), [], "this walk met it");
    assert_eq!(desk.reader.unseen_since(site, 5).unwrap(), [NativeId("9".into())], "the next did not");
    let only = Observed { status: Some(Status::Approved), ..Observed::of(NativeId("9".into())) };
    desk.ingest(6, Source::Look, vec![Arrival { observed: only, derived: None }]);
    let row = desk.reader.comment(desk.id("9")).unwrap().unwrap();
    assert_eq!(row.status, Status::Approved);
    assert!(row.unreadable.is_some(), "no words were told");
    desk.ingest(7, Source::Look, vec![told("9", Status::Approved, "now it can be read")]);
    assert!(desk.reader.comment(desk.id("9")).unwrap().unwrap().unreadable.is_none());
}

#[test]
fn a_colleagues_decision_does_not_go_under_our_key() {
    let desk = Desk::new();
    let by = |who: &str, key: Option<&str>| {
        let mut arrival = told("1", Status::Approved, "words");
        let (by, key) = (Some(who.to_owned()), key.map(str::to_owned));
        arrival.observed.last_decision = Some(LastDecision { by, status: None, at: None, key });
        arrival
    };
    desk.ingest(1, Source::List, vec![by("Mona", Some("ours"))]);
    desk.ingest(2, Source::List, vec![told("1", Status::Approved, "words")]);
    let row = desk.reader.comment(desk.id("1")).unwrap().unwrap();
    assert_eq!(row.last_key.as_deref(), Some("ours"), "nothing was told");
    desk.ingest(3, Source::List, vec![by("Bo", None)]);
    let row = desk.reader.comment(desk.id("1")).unwrap().unwrap();
    assert_eq!((row.last_by.as_deref(), row.last_key), (Some("Bo"), None));
}

#[test]
fn what_was_not_told_is_not_written() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "the words")]);
    let only = Observed { status: Some(Status::Spam), ..Observed::of(NativeId("1".into())) };
    desk.ingest(2, Source::Look, vec![Arrival { observed: only, derived: None }]);
    let row = desk.reader.comment(desk.id("1")).unwrap().unwrap();
    assert_eq!((row.status, row.body.unwrap().source.as_str()), (Status::Spam, "the words"));
    assert_eq!((row.author_name.as_str(), row.article_title.as_deref()), ("Ana", Some("Ferry")));
}

#[test]
fn a_comment_pulled_from_two_queues_is_one_row() {
    let desk = Desk::new();
    let first = desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    let again = desk.ingest(2, Source::List, vec![told("1", Status::Pending, "words")]);
    assert_eq!((first.new.len(), again.new.len(), again.changed.len()), (1, 0, 0));
    assert_eq!(desk.queue(&View::default()).len(), 1);
}

#[test]
fn every_wording_is_kept_once() {
    let desk = Desk::new();
    for (seq, words) in (1..).zip(["one", "two", "one"]) {
        desk.ingest(seq, Source::Look, vec![told("1", Status::Pending, words)]);
    }
    let row = desk.reader.comment(desk.id("1")).unwrap().unwrap();
    assert_eq!(row.body.unwrap().source, "one");
    let n: i64 = desk.reader.db().query_row("select count(*) from revisions", [], |row| row.get(0)).unwrap();
    assert_eq!(n, 2);
}

#[test]
fn counts_are_what_a_count_would_say() {
    let desk = Desk::new();
    let arrivals = (1..=9).map(|n| told(&n.to_string(), Status::Pending, "words")).collect();
    desk.ingest(1, Source::List, arrivals);
    desk.decide("1", Verb::Approve);
    let (parked, now) = (vec![desk.id("2"), desk.id("3")], desk.now);
    desk.write(move |work| work.park(&parked, true, now));
    desk.ingest(2, Source::Look, vec![told("4", Status::Spam, "words")]);
    let counts = desk.reader.counts(desk.site).unwrap();
    assert_eq!((counts.pending, counts.parked), (5, 2));
    assert_eq!(desk.queue(&View::default()).len(), 5);
    assert_eq!(desk.queue(&View { shelf: Shelf::Parked, ..View::default() }).len(), 2);
}

#[test]
fn the_journal_chains_and_holds_no_words() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "very secret words")]);
    desk.decide("1", Verb::Approve);
    let lines: Vec<(String, Option<Vec<u8>>, Vec<u8>)> = {
        let mut select =
            desk.reader.db().prepare("select what, digest, chain from journal order by id").unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].0, "approve");
    assert_eq!((lines[0].1.as_ref().unwrap().len(), lines[0].2.len()), (32, 32));
    let plain = text::digest("very secret words");
    assert_ne!(lines[0].1.as_deref(), Some(&plain[..]), "salted");
}

#[test]
fn an_address_stands_in_one_table_only() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    for table in ["comments", "revisions", "articles", "journal", "outbox"] {
        let mut select = desk.reader.db().prepare(&format!("select * from {table}")).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let text = format!("{:?}", row.get_ref(column).unwrap());
                assert!(!text.contains("ana@example.org"), "{table}");
            }
        }
    }
    assert_eq!(desk.reader.private(desk.id("1")).unwrap().email.as_deref(), Some("ana@example.org"));
}

#[test]
fn search_folds_scripts_and_cases_on_both_sides() {
    let desk = Desk::new();
    let bodies =
        ["The Ferry timetable", "كتاب عن الميناء", "کتابی دربارهٔ بندر", "渡轮时刻表", "café am Hafen"];
    let arrivals = (1..).zip(bodies).map(|(n, body)| told(&n.to_string(), Status::Pending, body)).collect();
    desk.ingest(1, Source::List, arrivals);
    for (query, found) in [
        ("ferry", vec![1]),
        ("كتاب", vec![2, 3]),
        ("کتاب", vec![2, 3]),
        ("时刻", vec![4]),
        ("CAFE", vec![5]),
        ("tram", vec![]),
    ] {
        let view = View { search: Some(text::fold_query(query)), ..View::default() };
        assert_eq!(desk.queue(&view), found, "{query}");
        let alone = |id: &i64| desk.reader.belongs(&view, CommentId(*id)).unwrap().is_some();
        assert_eq!((1..=5).filter(alone).collect::<Vec<_>>(), found, "{query}, one by one");
    }
}

/// Its queues and, for one comment, whether it belongs to one: in both orders, on all sites and on one.
fn plans(desk: &Desk, shelf: Shelf, site: bool, search: bool, only: bool) -> [Vec<String>; 2] {
    [Order::Oldest, Order::Newest].map(|order| {
        let (site, search) = (site.then_some(desk.site), search.then(|| text::fold_query("ferry")));
        let only = only.then_some(CommentId(7));
        desk.reader.plan_of(&View { site, shelf, order, search }, only).unwrap()
    })
}

#[test]
fn a_queue_is_walked_in_its_order_through_its_index() {
    let desk = Desk::new();
    let open = ["CORRELATED SCALAR SUBQUERY 1", "SEARCH o USING INDEX outbox_comment (comment=?)"];
    let shelf = Shelf::Of(Status::Approved);
    for (shelf, site, walk) in [
        (Shelf::Pending, false, "SEARCH c USING COVERING INDEX comments_queue (status=? AND parked=?)"),
        (
            Shelf::Pending,
            true,
            "SEARCH c USING COVERING INDEX comments_site_queue (site=? AND status=? AND parked=?)",
        ),
        (Shelf::Parked, false, "SEARCH c USING COVERING INDEX comments_queue (status=? AND parked=?)"),
        (
            Shelf::Parked,
            true,
            "SEARCH c USING COVERING INDEX comments_site_queue (site=? AND status=? AND parked=?)",
        ),
        // All of that index, which holds what was reported and nothing else.
        (Shelf::Reported, false, "SCAN c USING INDEX comments_reported_anywhere"),
        (Shelf::Reported, true, "SEARCH c USING INDEX comments_reported (site=?)"),
        (shelf, false, "SEARCH c USING COVERING INDEX comments_shelf (status=?)"),
        (shelf, true, "SEARCH c USING COVERING INDEX comments_site_shelf (site=? AND status=?)"),
    ] {
        for plan in plans(&desk, shelf, site, false, false) {
            assert_eq!(plan, [&[walk][..], &open].concat(), "{shelf:?}");
        }
        for plan in plans(&desk, shelf, site, true, false) {
            assert_eq!(plan[0], walk, "{shelf:?}, searched");
            assert_eq!(plan[1..3], ["LIST SUBQUERY 1", "SCAN words VIRTUAL TABLE INDEX 0:M1"], "found once");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
        }
    }
}

#[test]
fn whether_one_comment_belongs_is_asked_of_that_comment_alone() {
    let desk = Desk::new();
    let row = "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)";
    let open = "SEARCH o USING INDEX outbox_comment (comment=?)";
    for shelf in [Shelf::Pending, Shelf::Reported, Shelf::Parked, Shelf::Of(Status::Approved)] {
        for site in [false, true] {
            for plan in plans(&desk, shelf, site, false, true) {
                assert_eq!(plan, [row, "CORRELATED SCALAR SUBQUERY 1", open], "{shelf:?}");
            }
            for plan in plans(&desk, shelf, site, true, true) {
                // `=` is the row, `M` the words: only this row's are matched, and no list is made.
                let words = "SCAN words EXISTS VIRTUAL TABLE INDEX 0:=M1";
                assert_eq!(plan, [row, "CORRELATED SCALAR SUBQUERY 2", open, words], "{shelf:?}");
            }
        }
    }
}

#[test]
fn a_head_has_no_words_and_a_wording_is_as_long_as_all_that_came_with_it() {
    let desk = Desk::new();
    let mut arrival = told("1", Status::Pending, "words");
    if let Some(author) = &mut arrival.observed.author {
        author.url = Some("https://ana.example".into());
    }
    desk.ingest(1, Source::List, vec![arrival, told("2", Status::Pending, "words")]);
    let row = |native| desk.reader.comment(desk.id(native)).unwrap().unwrap();
    assert_eq!(row("1").body.as_ref().unwrap().source, "words");
    let head = desk.reader.head(desk.id("1")).unwrap().unwrap();
    assert_eq!(head, CommentRow { body: None, ..row("1") });
    let bytes = |native| desk.reader.revision_bytes(row(native).revision.unwrap()).unwrap().unwrap();
    assert_eq!(bytes("1"), "words".len() + "Ana".len() + "https://ana.example".len());
    assert_eq!(bytes("2"), "words".len() + "Ana".len());
}
