//! One call, in three strides: what is written before it leaves, the journey over the wire, what is written when it is
//! back. The strides are apart so that anything may happen between them.

use super::dispatch::{self, Moment};
use super::engine::{Answer, Call, Trip, Want};
use super::ingest::{arrival, take_page, take_sights, take_thread};
use super::news::News;
use crate::backend::{Backend, Fault};
use crate::domain::{
    Article, AuthorKey, Cursor, Decision, DecisionId, Delivery, Item, Moderator, NativeId, Observed, Page,
    Queue, Receipt, Record, Sight, SiteId,
};
use crate::net::Transport;
use crate::store::{Arrival, Stumble, Trouble, Work, is_unnamed};

/// A call with everything it needs for the journey.
#[derive(Debug, Clone)]
pub enum Parcel {
    Identify,
    Pull {
        queue: Queue,
        cursor: Cursor,
    },
    Look(Vec<NativeId>),
    Push(Box<(Decision, Observed)>),
    Articles(Vec<crate::domain::ArticleKey>),
    Thread(Box<Observed>),
    Record {
        who: AuthorKey,
        row_key: String,
    },
    /// There is nothing to do (any more).
    Nothing,
}

/// What came back.
#[derive(Debug, Clone)]
pub enum Brought {
    Identified(Moderator),
    Page(Page, Vec<Arrival>),
    Sights(Vec<Sight>, Vec<Arrival>),
    Pushed(Box<(Decision, Result<Receipt, Fault>)>),
    Articles(Vec<Article>),
    Thread(Vec<Sight>, Vec<Arrival>),
    Record(String, Record),
    Nothing,
    Failed(Fault),
}

/// First stride: inside a transaction, before anything leaves.
pub fn pack(work: &Work<'_>, call: &Call, moment: &mut Moment<'_>) -> Result<Parcel, Trouble> {
    Ok(match call {
        Call::Identify => Parcel::Identify,
        Call::Pull { queue, cursor, .. } => Parcel::Pull { queue: queue.clone(), cursor: cursor.clone() },
        // A site would say of an id that is not its own that it is gone.
        Call::Look { ids, .. } => Parcel::Look(ids.iter().filter(|id| !is_unnamed(id)).cloned().collect()),
        Call::Push { id, .. } => match dispatch::depart(work, *id, moment)? {
            Some(both) => Parcel::Push(Box::new(both)),
            None => Parcel::Nothing,
        },
        Call::Want(Want::Articles(keys)) => Parcel::Articles(keys.clone()),
        Call::Want(Want::Thread(id)) => match work.comment(*id)? {
            Some(row) if !is_unnamed(&row.native_id) => {
                let mut of = Observed::of(row.native_id.clone());
                of.parent = row.parent.clone();
                of.article =
                    row.article.clone().map(|key| crate::domain::ArticleRef { key, title: None, url: None });
                Parcel::Thread(Box::new(of))
            }
            _ => Parcel::Nothing,
        },
        Call::Want(Want::Record(id)) => record_parcel(work, *id)?,
        Call::Want(Want::Page { status, order, cursor }) => {
            Parcel::Pull { queue: Queue::of(*status, *order), cursor: cursor.clone() }
        }
    })
}

fn record_parcel(work: &Work<'_>, id: crate::domain::CommentId) -> Result<Parcel, Trouble> {
    let Some(row) = work.comment(id)? else { return Ok(Parcel::Nothing) };
    let Some(row_key) = row.author_key else { return Ok(Parcel::Nothing) };
    let who = match row_key.strip_prefix("a:") {
        Some(account) => AuthorKey::Account(account.to_owned()),
        None => match work.private(id)?.email {
            Some(email) => AuthorKey::Email(email),
            None => return Ok(Parcel::Nothing),
        },
    };
    Ok(Parcel::Record { who, row_key })
}

/// Second stride: only the wire, no store. Reading other people's words happens here, off the writer's thread.
pub fn travel(backend: &dyn Backend, wire: &dyn Transport, parcel: Parcel) -> Brought {
    match parcel {
        Parcel::Nothing => Brought::Nothing,
        Parcel::Identify => backend.identify(wire).map_or_else(Brought::Failed, Brought::Identified),
        Parcel::Pull { queue, cursor } => match backend.pull(wire, &queue, &cursor) {
            Ok(mut page) => {
                let mut arrivals = Vec::new();
                for item in &mut page.items {
                    match item {
                        Item::Read(observed) => arrivals.push(arrival(observed.clone())),
                        // It stands where it was asked for, unless it says otherwise.
                        Item::Unreadable(unread) => unread.status = unread.status.or(queue.status),
                    }
                }
                Brought::Page(page, arrivals)
            }
            Err(fault) => Brought::Failed(fault),
        },
        Parcel::Look(ids) => match backend.look(wire, &ids) {
            Ok(sights) => {
                let arrivals = here(&sights);
                Brought::Sights(sights, arrivals)
            }
            Err(fault) => Brought::Failed(fault),
        },
        Parcel::Push(both) => {
            let (decision, fresh) = *both;
            let result = backend.push(wire, &decision, &fresh);
            Brought::Pushed(Box::new((decision, result)))
        }
        Parcel::Articles(keys) => {
            backend.articles(wire, &keys).map_or_else(Brought::Failed, Brought::Articles)
        }
        Parcel::Thread(of) => match backend.thread(wire, &of) {
            Ok(thread) => {
                let sights: Vec<Sight> = thread.into_iter().map(Sight::from).collect();
                let arrivals = here(&sights);
                Brought::Thread(sights, arrivals)
            }
            Err(fault) => Brought::Failed(fault),
        },
        Parcel::Record { who, row_key } => match backend.author(wire, &who) {
            Ok(record) => Brought::Record(row_key, record),
            Err(fault) => Brought::Failed(fault),
        },
    }
}

fn here(sights: &[Sight]) -> Vec<Arrival> {
    let here = sights.iter().filter_map(|sight| match sight {
        Sight::Here(observed) => Some(arrival(observed.clone())),
        Sight::Unreadable(_) | Sight::Missing(_) | Sight::Gone(_) | Sight::Denied { .. } => None,
    });
    here.collect()
}

/// Third stride: inside a transaction, what came back becomes truth.
pub fn unpack(
    work: &Work<'_>,
    site: SiteId,
    (seq, seq_now): (u64, u64),
    call: &Call,
    brought: Brought,
    moment: &mut Moment<'_>,
) -> Result<(Answer, Vec<News>), Trouble> {
    let mut news = Vec::new();
    let answer = match brought {
        Brought::Nothing => Answer::Done,
        Brought::Failed(fault) => return Ok(failed(site, call, &fault)),
        Brought::Identified(moderator) => {
            work.set_cursor(site, "moderator", &moderator.name)?;
            let can = moderator.can;
            news.push(News::Identified(site, moderator));
            Answer::Identified(can)
        }
        Brought::Page(page, arrivals) => {
            let pulled = take_page(work, site, seq, (&page, &arrivals), moment, &mut news)?;
            news.push(match call {
                Call::Want(Want::Page { status, order, .. }) => News::Page {
                    site,
                    shelf: (*status, *order),
                    total: pulled.total,
                    // A page without rows ends the shelf, whatever the site says of a next one.
                    next: pulled.next.clone().filter(|_| pulled.rows > 0),
                },
                _ => News::Synced(site),
            });
            Answer::Pulled(pulled)
        }
        Brought::Sights(sights, arrivals) => {
            let missing = take_sights(work, site, seq, (&sights, &arrivals), moment, &mut news)?;
            looked(sights, missing)
        }
        Brought::Pushed(both) => {
            let (decision, result) = *both;
            news.push(News::Moved(decision.id, decision.comment));
            dispatch::arrive(work, site, (seq, seq_now), &decision, result, moment)?
        }
        Brought::Articles(articles) => {
            for article in &articles {
                work.keep_article(site, article, moment.now)?;
                news.push(News::Article(site, article.key.clone()));
            }
            if let (true, Call::Want(want)) = (articles.is_empty(), call) {
                news.push(News::Wanting(site, want.clone(), Fault::Gone.to_string()));
            }
            Answer::Done
        }
        Brought::Thread(sights, arrivals) => {
            take_thread(work, site, seq, (&sights, &arrivals), moment, &mut news)?;
            fetched(site, call, &mut news);
            Answer::Done
        }
        Brought::Record(row_key, record) => {
            work.keep_record(site, &row_key, &record, moment.now)?;
            fetched(site, call, &mut news);
            Answer::Done
        }
    };
    Ok((answer, news))
}

/// What a site says is gone, and says of every comment, tells of the site and not of the comment.
fn looked(sights: Vec<Sight>, missing: Vec<NativeId>) -> Answer {
    let denied = sights.into_iter().find_map(|sight| match sight {
        Sight::Denied { why, .. } => Some(why),
        Sight::Here(_) | Sight::Unreadable(_) | Sight::Missing(_) | Sight::Gone(_) => None,
    });
    match denied {
        Some(why) => Answer::Failed(Trip::Broken(why)),
        None => Answer::Looked { missing },
    }
}

fn fetched(site: SiteId, call: &Call, news: &mut Vec<News>) {
    if let Call::Want(want) = call {
        news.push(News::Fetched(site, want.clone()));
    }
}

fn failed(site: SiteId, call: &Call, fault: &Fault) -> (Answer, Vec<News>) {
    let mut news = Vec::new();
    let failing = || Trip::Failing { why: fault.to_string(), after: None };
    let trip = match (call, fault) {
        // An article that cannot be had is no reason to rest from the queue.
        (
            Call::Want(_),
            Fault::Refused { .. } | Fault::Malformed { .. } | Fault::Forbidden { .. } | Fault::Gone,
        ) => Trip::Local,
        // One comment that this account may not see; the probe tells whether it may still see any.
        (Call::Look { .. }, Fault::Forbidden { .. }) => failing(),
        // The address itself is no more.
        (Call::Identify | Call::Pull { cursor: Cursor::Start, .. }, Fault::Gone) => {
            Trip::Failing { why: "the site knows no moderation at this address".to_owned(), after: None }
        }
        (Call::Identify, Fault::Conflict { .. } | Fault::Unconfirmed { .. } | Fault::Expired) => failing(),
        _ => dispatch::trip(fault),
    };
    if let Call::Want(want) = call {
        news.push(News::Wanting(site, want.clone(), fault.to_string()));
    }
    (Answer::Failed(trip), news)
}

/// What came back for a decision cannot be written, nor can what was to leave. Whether its request left is known, and what
/// it did is not: the comment is looked at before it is sent again, and after enough tries a person is asked.
pub fn lose(work: &Work<'_>, id: DecisionId, why: &str, moment: &mut Moment<'_>) -> Result<(), Trouble> {
    if let Some((_, Delivery::Sending)) = work.decision(id)? {
        let lost = Stumble { may_have_left: true, counts: false, fault: "unanswered", why: why.to_owned() };
        work.stumble(id, &lost, moment.now)?;
        if work.has_inverse(id)? {
            return work.give_up(id, moment.now);
        }
    }
    dispatch::stumble(work, id, "unwritten", why, moment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::{self, Secret};
    use crate::domain::{Order, Status};
    use crate::net::{Broken, Request, Response};
    use crate::store::sample::desk;
    use crate::sync::engine::Purpose;

    /// A wire that gives one answer to everything.
    struct Always(&'static str);

    impl Transport for Always {
        fn send(&self, _: Request) -> Result<Response, Broken> {
            let headers = vec![("x-wp-total".to_owned(), "3".to_owned())];
            Ok(Response { status: 200, headers, body: self.0.as_bytes().to_vec() })
        }

        fn stream(&self, request: Request, _: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
            self.send(request)
        }
    }

    #[test]
    fn what_cannot_be_read_stands_on_the_shelf_it_was_asked_of() {
        for (kind, body) in [
            (
                crate::domain::Backend::WordPress,
                r#"[{"id":1,"status":7},{"id":2,"status":"hold","content":7},{}]"#,
            ),
            (
                crate::domain::Backend::Cmh,
                r#"{"items":[{"id":"1","status":7},{"id":"2","status":"pending","body":7},{}]}"#,
            ),
        ] {
            let (mut desk, id, now) = desk();
            let site =
                desk.write(|work| Ok(crate::domain::Site { backend: kind, ..work.site(id)? })).unwrap();
            let backend = backend::open(&site, Secret::new("s")).unwrap();
            let page = Want::Page { status: Status::Spam, order: Order::Newest, cursor: Cursor::Start };
            let call = Call::Want(page);
            let news = desk
                .write(|work| {
                    let mut moment = Moment { now, new_key: &mut || "key".to_owned() };
                    let parcel = pack(work, &call, &mut moment)?;
                    let brought = travel(&*backend, &Always(body), parcel);
                    Ok(unpack(work, id, (1, 1), &call, brought, &mut moment)?.1)
                })
                .unwrap();
            let ids = [1, 2, 3].map(crate::domain::CommentId);
            assert_eq!(news[0], News::Arrived(id, ids.to_vec()), "{kind:?}");
            let rows = ids.map(|id| desk.write(|work| work.comment(id)).unwrap().unwrap());
            assert!(rows.iter().all(|row| row.unreadable.is_some()), "{kind:?}");
            assert_eq!(rows.map(|row| row.status), [Status::Spam, Status::Pending, Status::Spam], "{kind:?}");
        }
    }

    #[test]
    fn an_id_that_was_made_up_is_never_asked_for() {
        let (mut desk, _, now) = desk();
        let ids = ["1", "unreadable-00", "2"].map(|id| NativeId(id.into())).to_vec();
        let call = Call::Look { ids, purpose: Purpose::Refresh };
        let parcel =
            desk.write(|work| pack(work, &call, &mut Moment { now, new_key: &mut || "key".to_owned() }));
        let Parcel::Look(asked) = parcel.unwrap() else { panic!("no look") };
        assert_eq!(asked, ["1", "2"].map(|id| NativeId(id.into())));
    }

    fn is_failing(trip: &Trip) -> bool {
        matches!(trip, Trip::Failing { why, .. } if !why.is_empty())
    }

    #[test]
    fn what_a_fault_means_for_the_site_depends_on_what_was_asked() {
        let told = |call: &Call, fault: Fault| match failed(SiteId(1), call, &fault).0 {
            Answer::Failed(trip) => trip,
            answer => panic!("{answer:?}"),
        };
        let forbidden = || Fault::Forbidden { why: "not this one".into() };
        let look = Call::Look { ids: vec![NativeId("1".into())], purpose: Purpose::Missing };
        let page = |cursor| Call::Pull { queue: Queue::pending(Order::Oldest), cursor, walk: true };
        let shelf = Want::Page { status: Status::Spam, order: Order::Newest, cursor: Cursor::Start };
        assert!(matches!(told(&Call::Identify, forbidden()), Trip::SignedOut(_)));
        assert!(matches!(told(&page(Cursor::Start), forbidden()), Trip::SignedOut(_)));
        assert!(is_failing(&told(&look, forbidden())), "one comment on a private page signs nobody out");
        assert_eq!(told(&Call::Want(shelf), forbidden()), Trip::Local);
        for call in [Call::Identify, page(Cursor::Start)] {
            assert!(is_failing(&told(&call, Fault::Gone)), "{call:?}");
        }
        assert!(is_failing(&told(&Call::Identify, Fault::Expired)));
        assert_eq!(told(&page(Cursor::Token("b".into())), Fault::Expired), Trip::Local);
    }

    #[test]
    fn a_site_that_denies_every_comment_is_broken_and_one_that_misses_some_is_not() {
        let (one, why) = (NativeId("1".into()), "no comment at all".to_owned());
        let denied = Sight::Denied { native_id: one.clone(), why: why.clone() };
        assert_eq!(looked(vec![denied], Vec::new()), Answer::Failed(Trip::Broken(why)));
        let gone = vec![Sight::Gone(NativeId("2".into())), Sight::Missing(one.clone())];
        assert_eq!(looked(gone, vec![one.clone()]), Answer::Looked { missing: vec![one] });
    }
}
