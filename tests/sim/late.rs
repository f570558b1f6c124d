//! One comment, one request that nobody answered, and a server that carries it out much later: step by step, without dice.

use crate::site::{self, Comment, Errand, Face, Site};
use crate::wire::Mishap;
use chrono::{DateTime, TimeDelta, Utc};
use greenroom::backend::{self, Backend, Secret};
use greenroom::domain::{
    self, CommentId, Cursor, DecisionId, Delivery, NativeId, Order, Queue, SiteId, Status, Verb,
};
use greenroom::store::{ActKind, Back, Ledger, NewDecision, Trouble, Work};
use greenroom::sync::dispatch::{Moment, TRIES_MAX};
use greenroom::sync::engine::{Answer, Call, Purpose};
use greenroom::sync::perform::{Brought, Parcel, pack, travel, unpack};

struct Bench {
    site: Site,
    backend: Box<dyn Backend>,
    ledger: Ledger,
    id: SiteId,
    now: DateTime<Utc>,
    seq: u64,
    key: u64,
}

impl Bench {
    fn new(face: Face) -> Self {
        let mut row = site::known_as(face);
        let mut ledger = Ledger::in_memory().unwrap();
        row.id = ledger.write(|work| work.add_site(&row)).unwrap();
        let site = Site::new(face);
        site.state().comments.insert(1, Comment::new("words"));
        let backend = backend::open(&row, Secret::new("s")).unwrap();
        let mut bench = Self { site, backend, ledger, id: row.id, now: DateTime::UNIX_EPOCH, seq: 0, key: 0 };
        bench.call(Call::Pull { queue: Queue::pending(Order::Oldest), cursor: Cursor::Start, walk: true });
        bench
    }

    fn write<T>(&mut self, with: impl FnOnce(&Work<'_>, &mut Moment<'_>) -> Result<T, Trouble>) -> T {
        let key = &mut self.key;
        let mut new_key = || {
            *key += 1;
            format!("key-{key}")
        };
        let mut moment = Moment { now: self.now, new_key: &mut new_key };
        self.ledger.write(|work| with(work, &mut moment)).unwrap()
    }

    fn call(&mut self, call: Call) -> Answer {
        let under_way = self.begin(call);
        self.end(under_way)
    }

    /// A call as far as it is back, and nothing of it is written.
    fn begin(&mut self, call: Call) -> (u64, Call, Brought) {
        self.now += TimeDelta::seconds(1);
        self.site.state().now += 1_000;
        self.seq += 1;
        let parcel = self.write(|work, moment| pack(work, &call, moment));
        if let Parcel::Push(both) = &parcel {
            self.site.state().pushing = Some(Errand::of(both.0.id));
        }
        let brought = travel(&*self.backend, &self.site, parcel);
        self.site.state().pushing = None;
        self.site.state().mishap = None;
        (self.seq, call, brought)
    }

    fn end(&mut self, (seq, call, brought): (u64, Call, Brought)) -> Answer {
        let (id, seq_now) = (self.id, self.seq);
        self.write(|work, moment| unpack(work, id, (seq, seq_now), &call, brought, moment)).0
    }

    fn begin_push(&mut self, id: DecisionId) -> (u64, Call, Brought) {
        self.write(|work, moment| work.release(&[id], moment.now));
        self.begin(Call::Push { id, native_id: NativeId("1".into()) })
    }

    fn begin_look(&mut self) -> (u64, Call, Brought) {
        let ids = vec![NativeId("1".into())];
        self.begin(Call::Look { ids, purpose: Purpose::Refresh })
    }

    /// How it stands on the desk.
    fn here(&mut self) -> Status {
        self.write(|work, _| work.comment(CommentId(1))).unwrap().status
    }

    fn look(&mut self) {
        self.call(Call::Look { ids: vec![NativeId("1".into())], purpose: Purpose::Refresh });
    }

    /// Looks at the comment and sends a decision, as the engine does.
    fn send(&mut self, id: DecisionId, mishap: Option<Mishap>) {
        self.write(|work, moment| work.release(&[id], moment.now));
        self.look();
        self.site.state().mishap = mishap;
        self.call(Call::Push { id, native_id: NativeId("1".into()) });
    }

    fn decide(&mut self, verb: Verb) -> DecisionId {
        self.decide_held(verb, 0)
    }

    fn decide_held(&mut self, verb: Verb, hold_secs: u32) -> DecisionId {
        let made = self.write(|work, moment| {
            let key = (moment.new_key)();
            let comment = CommentId(1);
            let item = NewDecision { comment, verb, keeps: false, seen: None, key, hold_secs };
            work.decide(ActKind::Decide, &[item], moment.now)
        });
        made.decisions[0].0
    }

    /// A decision that was tried until the desk gave up on it; its last request is carried out late.
    fn refused(&mut self, verb: Verb) -> DecisionId {
        let id = self.decide(verb);
        for n in 1..=TRIES_MAX {
            let late = n == TRIES_MAX;
            self.send(id, Some(if late { Mishap::Late } else { Mishap::RequestLost }));
        }
        assert_eq!(self.delivery(id), Delivery::Refused);
        id
    }

    fn undo(&mut self) -> Back {
        self.write(|work, moment| work.undo(moment.now, moment.new_key)).unwrap().steps[0].1
    }

    fn delivery(&mut self, id: DecisionId) -> Delivery {
        self.write(|work, _| work.decision(id)).unwrap().1
    }

    fn colleague(&self, to: Status) {
        let mut state = self.site.state();
        let comment = state.comments.get_mut(&1).unwrap();
        (comment.status, comment.version) = (to, comment.version + 1);
        comment.last = Some(("Bo".into(), to, None));
    }

    fn status(&self) -> Status {
        self.site.state().comments[&1].status
    }

    fn open(&mut self) -> Vec<DecisionId> {
        let id = self.id;
        self.write(|work, _| work.open_rows(id)).into_iter().map(|row| row.id).collect()
    }

    fn send_open(&mut self) {
        for id in self.open() {
            self.send(id, None);
        }
    }

    /// The late request is carried out, and the desk looks, and sends what there is to be sent.
    fn haunt(&mut self) {
        self.site.haunt(0);
        self.look();
        self.send_open();
    }

    /// The newest decision on the comment waits for a person.
    fn asks(&mut self) -> bool {
        let unsettled = self.write(|work, _| work.unsettled(CommentId(1)));
        unsettled.last().is_some_and(|(_, delivery)| *delivery == Delivery::Conflicted)
    }
}

#[test]
fn undo_of_a_refused_decision_holds_though_its_request_is_carried_out_late() {
    for face in [Face::Cmh, Face::WordPress] {
        let mut bench = Bench::new(face);
        bench.refused(Verb::Approve);
        let Back::Inverse(inverse) = bench.undo() else { panic!("nothing takes back what may have left") };
        bench.send(inverse, None);
        assert_eq!(bench.delivery(inverse), Delivery::Delivered);
        bench.haunt();
        // WordPress does not say whose approval it is.
        let holds = bench.status() == Status::Pending || bench.asks();
        assert!(holds, "{face:?}: {:?} stands", bench.status());
        assert_eq!(bench.asks(), face == Face::WordPress);
    }
}

#[test]
fn theirs_are_kept_though_our_request_is_carried_out_late() {
    for face in [Face::Cmh, Face::WordPress] {
        let mut bench = Bench::new(face);
        let id = bench.decide(Verb::Approve);
        bench.send(id, Some(Mishap::Late));
        bench.colleague(Status::Spam);
        bench.look();
        assert_eq!(bench.delivery(id), Delivery::Conflicted);
        bench.write(|work, moment| work.keep_theirs(id, &(moment.new_key)(), moment.now));
        bench.send_open();
        assert_eq!(bench.status(), Status::Spam, "{face:?}: a guard changes nothing by itself");
        bench.haunt();
        assert!(bench.status() == Status::Spam || bench.asks(), "{face:?}: {:?} stands", bench.status());
    }
}

#[test]
fn a_contradicted_decision_that_was_taken_back_on_its_way_stays_guarded() {
    let mut bench = Bench::new(Face::WordPress);
    let first = bench.decide(Verb::Approve);
    bench.send(first, Some(Mishap::Late));
    // The second request is on its way when it is taken back, and its answer tells that the comment is spam by now.
    bench.look();
    let call = Call::Push { id: first, native_id: NativeId("1".into()) };
    let Parcel::Push(both) = bench.write(|work, moment| pack(work, &call, moment)) else {
        panic!("nothing to send")
    };
    assert!(matches!(bench.undo(), Back::Inverse(_)));
    bench.colleague(Status::Spam);
    bench.seq += 1;
    let theirs = Box::new(bench.backend.look(&bench.site, &[NativeId("1".into())]).unwrap());
    let domain::Sight::Here(theirs) = theirs[0].clone() else { panic!("it is there") };
    let fault = greenroom::backend::Fault::Conflict { theirs: Box::new(theirs) };
    let brought = greenroom::sync::perform::Brought::Pushed(Box::new((both.0, Err(fault))));
    let (id, seq) = (bench.id, bench.seq);
    bench.write(|work, moment| unpack(work, id, (seq, seq), &call, brought, moment));
    assert_eq!(bench.delivery(first), Delivery::Withdrawn);
    bench.send_open();
    assert!(!bench.asks(), "theirs stand without a question");
    bench.haunt();
    assert!(bench.status() == Status::Spam || bench.asks(), "{:?} stands", bench.status());
}

#[test]
fn a_decision_that_overrules_holds_though_the_one_before_it_is_carried_out_late() {
    let mut bench = Bench::new(Face::WordPress);
    let first = bench.decide(Verb::Approve);
    bench.send(first, Some(Mishap::Late));
    bench.send(first, None);
    let second = bench.decide(Verb::Reject);
    bench.send(second, None);
    assert_eq!((bench.delivery(second), bench.status()), (Delivery::Delivered, Status::Rejected));
    bench.haunt();
    assert_eq!(bench.status(), Status::Approved);
    assert!(bench.asks(), "an approval that was overruled stands, and nobody is told");
}

#[test]
fn what_a_look_has_accounted_for_is_no_reason_to_doubt_a_colleague() {
    let mut bench = Bench::new(Face::WordPress);
    let id = bench.decide(Verb::Approve);
    bench.send(id, Some(Mishap::AnswerLost));
    bench.look();
    assert_eq!(bench.delivery(id), Delivery::Delivered);
    let Back::Inverse(inverse) = bench.undo() else { panic!("it was ours") };
    bench.send(inverse, None);
    assert_eq!(bench.status(), Status::Pending);
    bench.colleague(Status::Approved);
    bench.look();
    assert_eq!((bench.open(), bench.asks()), (vec![], false));
    assert_eq!(bench.status(), Status::Approved, "a colleague's approval stands");
}

#[test]
fn a_refused_decision_leaves_its_doubt_to_the_next() {
    let mut bench = Bench::new(Face::Cmh);
    bench.refused(Verb::Approve);
    let again = bench.decide(Verb::Approve);
    bench.site.haunt(0);
    bench.send(again, None);
    assert_eq!((bench.delivery(again), bench.status()), (Delivery::Delivered, Status::Approved));
    // What the first request did is ours to take back.
    let Back::Inverse(inverse) = bench.undo() else { panic!("it was ours") };
    bench.send(inverse, None);
    assert_eq!(bench.status(), Status::Pending);
}

#[test]
fn what_took_the_place_of_a_refused_decision_is_withdrawn_while_it_is_held() {
    for undo in [false, true] {
        let mut bench = Bench::new(Face::WordPress);
        let first = bench.refused(Verb::Approve);
        let second = bench.decide_held(Verb::Spam, 5);
        assert_eq!(bench.delivery(first), Delivery::Withdrawn);
        if undo {
            assert!(matches!(bench.undo(), Back::Inverse(_)), "the first may still be carried out");
        } else {
            bench.decide(Verb::Reject);
        }
        assert_eq!(bench.delivery(second), Delivery::Withdrawn, "it never left");
        bench.send_open();
        bench.haunt();
        assert!(bench.asks(), "{:?} stands", bench.status());
    }
}

#[test]
fn what_guards_theirs_asks_before_it_overrules_another_colleague() {
    let mut bench = Bench::new(Face::Cmh);
    let id = bench.decide(Verb::Approve);
    bench.send(id, Some(Mishap::RequestLost));
    bench.colleague(Status::Spam);
    bench.look();
    bench.write(|work, moment| work.keep_theirs(id, &(moment.new_key)(), moment.now));
    bench.colleague(Status::Approved);
    bench.send_open();
    assert_eq!((bench.status(), bench.asks()), (Status::Approved, true));
    // Whoever insists has seen whose it is.
    let guard = bench.write(|work, _| work.unsettled(CommentId(1))).pop().unwrap().0.id;
    bench.write(|work, moment| {
        let says = work.comment(CommentId(1))?.and_then(|row| row.revision);
        work.insist(guard, says, &(moment.new_key)(), moment.now)
    });
    bench.send(guard, None);
    assert_eq!(bench.status(), Status::Spam);
}

#[test]
fn what_was_carried_out_and_put_back_by_a_colleague_is_not_sent_again_unasked() {
    let mut bench = Bench::new(Face::Cmh);
    let id = bench.decide(Verb::Approve);
    bench.send(id, Some(Mishap::AnswerLost));
    bench.colleague(Status::Pending);
    bench.send(id, None);
    assert_eq!((bench.status(), bench.asks()), (Status::Pending, true));
}

#[test]
fn a_colleagues_decision_is_not_ours_because_another_of_ours_went_unanswered() {
    let mut bench = Bench::new(Face::WordPress);
    let first = bench.decide(Verb::Approve);
    bench.send(first, Some(Mishap::RequestLost));
    bench.colleague(Status::Spam);
    bench.look();
    let agrees = bench.decide(Verb::Spam);
    bench.send(agrees, None);
    assert_eq!(bench.delivery(agrees), Delivery::Delivered);
    assert_eq!(bench.undo(), Back::Theirs);
}

#[test]
fn what_was_lost_long_ago_comes_no_more() {
    let mut bench = Bench::new(Face::WordPress);
    let first = bench.decide(Verb::Approve);
    bench.send(first, Some(Mishap::RequestLost));
    bench.send(first, None);
    let site = bench.id;
    bench.write(|work, _| work.expect_no_more(site, &[NativeId("1".into())]));
    let second = bench.decide(Verb::Restore);
    bench.send(second, None);
    bench.colleague(Status::Approved);
    bench.look();
    assert!(!bench.asks(), "a colleague approved it");
}

#[test]
fn a_page_from_before_a_look_does_not_unsettle_what_the_look_has_settled() {
    let mut bench = Bench::new(Face::Cmh);
    let first = bench.decide(Verb::Spam);
    // A page is read by the site before the decision gets there, and comes back last of all.
    let queue = Queue::pending(Order::Oldest);
    let page = Call::Pull { queue, cursor: Cursor::Start, walk: false };
    let parcel = bench.write(|work, moment| pack(work, &page, moment));
    let brought = travel(&*bench.backend, &bench.site, parcel);
    bench.send(first, Some(Mishap::AnswerLost));
    let back = bench.decide(Verb::Restore);
    bench.look();
    assert_eq!(bench.delivery(first), Delivery::Delivered);
    bench.seq += 1;
    let (id, seq) = (bench.id, bench.seq);
    bench.write(|work, moment| unpack(work, id, (seq, seq), &page, brought, moment));
    assert!(!bench.delivery(back).is_settled(), "it is spam still");
    bench.send(back, None);
    assert_eq!((bench.delivery(back), bench.status()), (Delivery::Delivered, Status::Pending));
}

#[test]
fn a_receipt_that_comes_after_a_newer_look_is_no_last_word() {
    for face in [Face::Cmh, Face::WordPress] {
        let mut bench = Bench::new(face);
        let id = bench.decide(Verb::Approve);
        let push = bench.begin_push(id);
        bench.colleague(Status::Spam);
        bench.look();
        assert_eq!(bench.end(push), Answer::Overtaken, "{face:?}: it is looked at again");
        assert_eq!(bench.delivery(id), Delivery::Delivered);
        bench.look();
        assert_eq!(bench.here(), Status::Spam);
    }
}

#[test]
fn a_stored_answer_that_is_given_again_is_no_last_word() {
    let mut bench = Bench::new(Face::Cmh);
    let id = bench.decide(Verb::Approve);
    bench.site.state().mishap = Some(Mishap::AnswerLost);
    let push = bench.begin_push(id);
    bench.end(push);
    bench.colleague(Status::Spam);
    let again = bench.begin_push(id);
    assert_eq!(bench.end(again), Answer::Overtaken);
}

#[test]
fn what_a_refusal_tells_is_not_overwritten_by_what_was_read_before() {
    for gone in [false, true] {
        let mut bench = Bench::new(Face::Cmh);
        let id = bench.decide(Verb::Approve);
        let push = Call::Push { id, native_id: NativeId("1".into()) };
        bench.write(|work, moment| work.release(&[id], moment.now));
        let parcel = bench.write(|work, moment| pack(work, &push, moment));
        let look = bench.begin_look();
        bench.colleague(Status::Spam);
        bench.site.state().comments.get_mut(&1).unwrap().gone = gone;
        let brought = travel(&*bench.backend, &bench.site, parcel);
        bench.end((look.0, push, brought));
        let refused = bench.here();
        bench.end(look);
        assert_eq!(refused, if gone { Status::Deleted } else { Status::Spam });
        assert_eq!(bench.here(), refused);
    }
}

#[test]
fn an_answer_from_before_the_site_was_put_to_work_anew_is_taken_in() {
    for mishap in [None, Some(Mishap::AnswerLost)] {
        let mut bench = Bench::new(Face::WordPress);
        let id = bench.decide(Verb::Approve);
        bench.site.state().mishap = mishap;
        let push = bench.begin_push(id);
        let (site, now) = (bench.id, bench.now);
        bench.write(|work, _| work.recover(site, now));
        bench.send(id, None);
        assert_eq!(bench.delivery(id), Delivery::Delivered);
        bench.end(push);
        assert_eq!((bench.delivery(id), bench.here()), (Delivery::Delivered, Status::Approved));
    }
}

#[test]
fn what_is_withdrawn_stays_doubtful_though_its_answer_comes_after_all() {
    let mut bench = Bench::new(Face::Cmh);
    let id = bench.decide(Verb::Approve);
    let push = Call::Push { id, native_id: NativeId("1".into()) };
    bench.write(|work, moment| work.release(&[id], moment.now));
    let parcel = bench.write(|work, moment| pack(work, &push, moment));
    // It is on its way while the site is put to work anew and it is taken back.
    let Back::Inverse(inverse) = bench.undo() else { panic!("it may have left") };
    let (site, now) = (bench.id, bench.now);
    bench.write(|work, _| work.recover(site, now));
    bench.look();
    assert_eq!((bench.delivery(id), bench.delivery(inverse)), (Delivery::Withdrawn, Delivery::Delivered));
    bench.site.state().pushing = Some(Errand::of(id));
    let brought = travel(&*bench.backend, &bench.site, parcel);
    bench.site.state().pushing = None;
    bench.end((bench.seq, push, brought));
    assert_eq!(bench.status(), Status::Approved);
    bench.send_open();
    assert_eq!(bench.status(), Status::Pending, "it was taken back");
}
