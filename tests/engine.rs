//! The engine as a value: one event in, effects out.

#[path = "engine/doubt.rs"]
mod doubt;
#[path = "engine/rest.rs"]
mod rest;
#[path = "engine/trouble.rs"]
mod trouble;
#[path = "engine/walks.rs"]
mod walks;

use greenroom::domain::{
    Capabilities, CommentId, Covers, Cursor, DecisionId, Delivery, NativeId, Order, Rejecting, SiteId, Verb,
};
use greenroom::store::OpenRow;
use greenroom::sync::engine::{Answer, Call, Effect, Engine, Event, Link, Pulled, Purpose, Trip, Want};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn can(refuses_stale: bool) -> Capabilities {
    Capabilities {
        rejecting: Rejecting::Reversible,
        spam: true,
        restore: true,
        reports: false,
        dismiss_reports: false,
        articles: true,
        thread: true,
        authors: true,
        refuses_stale,
        pages_by_offset: !refuses_stale,
        feed: false,
    }
}

struct Bench {
    engine: Engine,
    now: Duration,
    asked: Vec<(u64, Call)>,
    released: Vec<DecisionId>,
    said: Vec<Link>,
    absent: usize,
    walked: Vec<bool>,
    stumbled: Vec<DecisionId>,
    dropped: Vec<Want>,
    expired: Vec<(u64, NativeId)>,
}

impl Bench {
    fn new(refuses_stale: bool) -> Self {
        let engine = Engine::new(SiteId(1), can(refuses_stale), Order::Oldest, 0);
        Self {
            engine,
            now: SECOND,
            asked: Vec::new(),
            released: Vec::new(),
            said: Vec::new(),
            absent: 0,
            walked: Vec::new(),
            stumbled: Vec::new(),
            dropped: Vec::new(),
            expired: Vec::new(),
        }
    }

    fn tell(&mut self, event: Event) {
        for effect in self.engine.tick(self.now, event) {
            match effect {
                Effect::Call { seq, call } => self.asked.push((seq, call)),
                Effect::Release(ids) => self.released.extend(ids),
                Effect::FindAbsent { .. } => self.absent += 1,
                Effect::Walked { whole } => self.walked.push(whole),
                Effect::Say(link) => self.said.push(link),
                Effect::Stumble { id, .. } => self.stumbled.push(id),
                Effect::Drop(want) => self.dropped.push(want),
                Effect::Expire(ids) => {
                    self.expired.extend(ids.into_iter().map(|id| (self.now.as_secs(), id)))
                }
            }
        }
    }

    fn answer(&mut self, which: impl Fn(&Call) -> bool, answer: Answer) {
        let at = self.asked.iter().position(|(_, call)| which(call)).expect("that was asked");
        let (seq, _) = self.asked.remove(at);
        self.tell(Event::Answer { seq, answer });
    }

    /// Signed in, with an empty queue.
    fn up(refuses_stale: bool) -> Self {
        let mut bench = Self::new(refuses_stale);
        bench.tell(Event::Tick);
        bench.answer(|call| *call == Call::Identify, Answer::Identified(can(refuses_stale)));
        let nothing = Pulled { total: Some(0), ..Pulled::default() };
        bench.answer(|call| matches!(call, Call::Pull { .. }), Answer::Pulled(nothing));
        bench
    }

    fn pushes(&self) -> Vec<i64> {
        let pushed = self.asked.iter().filter_map(|(_, call)| match call {
            Call::Push { id, .. } => Some(id.0),
            _ => None,
        });
        pushed.collect()
    }
}

fn row(id: i64, delivery: Delivery) -> OpenRow {
    OpenRow {
        id: DecisionId(id),
        site: SiteId(1),
        comment: CommentId(id),
        native_id: NativeId(id.to_string()),
        verb: Verb::Approve,
        delivery,
        hold_secs: 5,
        in_bulk: false,
        tries: 0,
        unanswered: false,
        blocked: false,
    }
}

#[test]
fn a_held_decision_is_released_when_its_time_has_passed_and_held_anew_after_a_restart() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Outbox(vec![row(1, Delivery::Held)]));
    bench.now += SECOND * 4;
    bench.tell(Event::Tick);
    assert!(bench.released.is_empty());
    let mut restarted = Bench::up(true);
    restarted.now = bench.now;
    restarted.tell(Event::Outbox(vec![row(1, Delivery::Held)]));
    restarted.now += SECOND * 4;
    restarted.tell(Event::Tick);
    assert!(restarted.released.is_empty(), "in full, not what was left of it");
    restarted.now += SECOND;
    restarted.tell(Event::Tick);
    assert_eq!(restarted.released, [DecisionId(1)]);
}

#[test]
fn the_engine_sleeps_until_a_hold_ends() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Outbox(vec![row(1, Delivery::Held)]));
    assert_eq!(bench.engine.wake_at(bench.now), bench.now + SECOND * 5);
}

#[test]
fn two_decisions_at_a_time_and_a_single_one_before_a_bulk() {
    let mut bench = Bench::up(true);
    let mut rows: Vec<OpenRow> =
        (1..=9).map(|id| OpenRow { in_bulk: true, ..row(id, Delivery::Queued) }).collect();
    rows.push(row(10, Delivery::Queued));
    bench.tell(Event::Outbox(rows));
    assert_eq!(bench.pushes(), [10, 1]);
}

#[test]
fn a_site_that_cannot_refuse_is_looked_at_first_and_a_sight_is_good_for_a_second() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
    assert!(bench.pushes().is_empty());
    let before = |call: &Call| matches!(call, Call::Look { purpose: Purpose::BeforePush, .. });
    bench.answer(before, Answer::Looked { missing: Vec::new() });
    assert_eq!(bench.pushes(), [1]);
    bench.tell(Event::Outbox((1..=4).map(|id| row(id, Delivery::Queued)).collect()));
    let push = |wanted: i64| move |call: &Call| matches!(call, Call::Push { id, .. } if id.0 == wanted);
    bench.answer(push(1), Answer::Done);
    bench.tell(Event::Outbox((2..=4).map(|id| row(id, Delivery::Queued)).collect()));
    bench.answer(before, Answer::Looked { missing: Vec::new() });
    assert_eq!(bench.pushes(), [2, 3]);
    bench.now += SECOND * 2;
    bench.tell(Event::Outbox((3..=4).map(|id| row(id, Delivery::Queued)).collect()));
    bench.answer(push(2), Answer::Done);
    assert_eq!(bench.pushes(), [3], "what was seen two seconds ago is seen again");
}

#[test]
fn a_look_from_before_a_decision_landed_is_no_sight_for_the_next_on_that_comment() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
    let before = |call: &Call| matches!(call, Call::Look { purpose: Purpose::BeforePush, .. });
    let refresh = |call: &Call| matches!(call, Call::Look { purpose: Purpose::Refresh, .. });
    bench.answer(before, Answer::Looked { missing: Vec::new() });
    assert_eq!(bench.pushes(), [1]);
    let next = OpenRow { native_id: NativeId("1".into()), ..row(2, Delivery::Queued) };
    let waits = OpenRow { blocked: true, ..next.clone() };
    bench.tell(Event::Outbox(vec![row(1, Delivery::Sending), waits]));
    // Two looks start while the first decision is on the wire: one comes back before it, one after.
    bench.tell(Event::Changed(vec![NativeId("1".into())]));
    bench.answer(refresh, Answer::Looked { missing: Vec::new() });
    bench.tell(Event::Changed(vec![NativeId("1".into())]));
    bench.tell(Event::Outbox(vec![next]));
    assert_eq!(bench.pushes(), [1], "one decision on a comment at a time");
    bench.answer(|call| matches!(call, Call::Push { .. }), Answer::Done);
    assert_eq!(bench.pushes(), [0; 0], "the first look started before the decision landed");
    bench.answer(refresh, Answer::Looked { missing: Vec::new() });
    assert_eq!(bench.pushes(), [0; 0], "so did the second");
    bench.answer(before, Answer::Looked { missing: Vec::new() });
    assert_eq!(bench.pushes(), [2]);
}

#[test]
fn a_site_whose_looks_are_slow_gets_its_decisions_all_the_same() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Outbox((1..=3).map(|id| row(id, Delivery::Queued)).collect()));
    let before = |call: &Call| matches!(call, Call::Look { purpose: Purpose::BeforePush, .. });
    bench.now += SECOND * 2;
    bench.answer(before, Answer::Looked { missing: Vec::new() });
    assert_eq!(bench.pushes(), [1, 2], "as many as leave at once");
}

#[test]
fn one_comment_on_which_a_site_fails_is_found_and_set_aside() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Outbox((1..=5).map(|id| row(id, Delivery::Queued)).collect()));
    let poisoned = NativeId("1".into());
    for _ in 0..40 {
        let Some(at) = bench.asked.iter().position(|(_, call)| {
            matches!(call, Call::Identify | Call::Look { purpose: Purpose::BeforePush, .. })
        }) else {
            break;
        };
        let (seq, call) = bench.asked.remove(at);
        let answer = match call {
            Call::Look { ids, .. } if ids.contains(&poisoned) => {
                Answer::Failed(Trip::Failing { why: "500".into(), after: None })
            }
            Call::Look { .. } => Answer::Looked { missing: Vec::new() },
            _ => Answer::Identified(can(false)),
        };
        bench.tell(Event::Answer { seq, answer });
        bench.now += SECOND * 3;
        bench.tell(Event::Tick);
        if !bench.pushes().is_empty() {
            break;
        }
    }
    assert_eq!(bench.stumbled, [DecisionId(1)]);
    assert!(!bench.pushes().is_empty() && !bench.pushes().contains(&1), "{:?}", bench.pushes());
    assert!(!bench.said.iter().any(|link| matches!(link, Link::Down { .. })), "the site itself is well");
}

#[test]
fn a_page_that_always_fails_does_not_stop_the_others() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Refresh);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..60 {
        bench.now += SECOND * 10;
        bench.tell(Event::Tick);
        while let Some((seq, call)) = bench.asked.pop() {
            let answer = match call {
                Call::Pull { cursor: Cursor::Offset(190), .. } => {
                    Answer::Failed(Trip::Failing { why: "500".into(), after: None })
                }
                Call::Pull { cursor, .. } => {
                    let offset = if let Cursor::Offset(offset) = cursor { offset } else { 0 };
                    seen.insert(offset);
                    let next = (offset + 100 < 1_000).then_some(Cursor::Offset(offset + 95));
                    let covers = Some(Covers { id_min: offset + 1, id_max: offset + 100 });
                    Answer::Pulled(Pulled {
                        rows: 100,
                        total: Some(1_000),
                        next,
                        covers,
                        ..Pulled::default()
                    })
                }
                Call::Identify => Answer::Identified(can(false)),
                _ => Answer::Looked { missing: Vec::new() },
            };
            bench.tell(Event::Answer { seq, answer });
        }
    }
    assert!(seen.contains(&285) && seen.contains(&950), "{seen:?}");
    assert_eq!(bench.absent, 1, "a walk with a hole proves nothing");
}

#[test]
fn what_a_failed_look_was_about_is_looked_at_again() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Changed(vec![NativeId("7".into())]));
    let look = |call: &Call| matches!(call, Call::Look { purpose: Purpose::Refresh, .. });
    bench.answer(look, Answer::Failed(Trip::Unreachable("no route".into())));
    bench.now += SECOND * 60;
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(false)));
    assert!(bench.asked.iter().any(|(_, call)| look(call)));
}

#[test]
fn a_release_that_the_disk_refused_is_made_again() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Outbox(vec![row(1, Delivery::Held)]));
    bench.now += SECOND * 5;
    bench.tell(Event::Tick);
    bench.tell(Event::Unreleased(vec![DecisionId(1)]));
    assert_eq!(bench.released.len(), 1);
    bench.now = bench.engine.wake_at(bench.now);
    bench.tell(Event::Tick);
    assert_eq!(bench.released, [DecisionId(1), DecisionId(1)]);
}

#[test]
fn what_a_site_counts_beyond_the_desk_twice_is_a_reason_to_walk() {
    let mut bench = Bench::up(true);
    bench.now += SECOND * 301;
    let poll = |bench: &mut Bench, total: u64, here: u64| {
        bench.now += SECOND * 301;
        bench.tell(Event::Tick);
        let page = Pulled { total: Some(total), here, ..Pulled::default() };
        bench.answer(|call| matches!(call, Call::Pull { walk: false, .. }), Answer::Pulled(page));
    };
    poll(&mut bench, 9, 9);
    poll(&mut bench, 3, 9);
    assert!(!bench.asked.iter().any(|(_, call)| matches!(call, Call::Pull { walk: true, .. })));
    poll(&mut bench, 3, 9);
    assert!(bench.asked.iter().any(|(_, call)| matches!(call, Call::Pull { walk: true, .. })));
}

#[test]
fn what_is_wanted_beyond_measure_is_said_to_be_dropped() {
    let mut bench = Bench::new(true);
    for id in 0..70 {
        bench.tell(Event::Want(Want::Record(CommentId(id))));
    }
    assert!(bench.dropped.contains(&Want::Record(CommentId(0))));
}

#[test]
fn what_went_unanswered_is_looked_at_even_where_the_site_refuses_stale_decisions() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Outbox(vec![OpenRow { unanswered: true, ..row(1, Delivery::Queued) }]));
    assert!(bench.pushes().is_empty());
    assert!(
        bench.asked.iter().any(|(_, call)| matches!(call, Call::Look { purpose: Purpose::BeforePush, .. }))
    );
}

#[test]
fn what_may_be_carried_out_late_is_looked_at_until_nobody_expects_it_any_more() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Doubtful(vec![NativeId("1".into())]));
    let refresh = |call: &Call| matches!(call, Call::Look { purpose: Purpose::Refresh, ids } if ids == &[NativeId("1".into())]);
    bench.answer(refresh, Answer::Looked { missing: Vec::new() });
    let started = bench.now;
    let mut looked = Vec::new();
    while bench.now < started + SECOND * 700 {
        bench.now = bench.engine.wake_at(bench.now);
        bench.tell(Event::Tick);
        while let Some((_, call)) = bench.asked.first().cloned() {
            let is_look = refresh(&call);
            if is_look {
                looked.push((bench.now - started).as_secs());
            }
            let pulled = Answer::Pulled(Pulled { total: Some(0), ..Pulled::default() });
            let answer = if is_look { Answer::Looked { missing: Vec::new() } } else { pulled };
            bench.answer(|asked| *asked == call, answer);
        }
    }
    assert_eq!(looked, [60, 180, 420, 590]);
    assert_eq!(bench.expired, [(started.as_secs() + 590, NativeId("1".into()))]);
}

#[test]
fn a_dependent_decision_waits() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Outbox(vec![OpenRow { blocked: true, ..row(2, Delivery::Queued) }]));
    assert!(bench.pushes().is_empty());
}

#[test]
fn one_comment_that_fails_does_not_stop_the_others_but_a_failing_probe_does() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Outbox((1..=3).map(|id| row(id, Delivery::Queued)).collect()));
    let failing = || Answer::Failed(Trip::Failing { why: "500".into(), after: None });
    bench.answer(|call| matches!(call, Call::Push { id, .. } if id.0 == 1), failing());
    assert_eq!(bench.pushes(), [2, 3], "the third takes the place of the first");
    bench.answer(|call| *call == Call::Identify, failing());
    assert!(matches!(bench.said.last(), Some(Link::Down { .. })));
    bench.answer(|call| matches!(call, Call::Push { id, .. } if id.0 == 2), failing());
    assert_eq!(bench.pushes(), [3], "nothing new is sent to a site that is down");
}

#[test]
fn a_signed_out_site_is_left_alone_until_it_is_started_with_another_secret() {
    let mut bench = Bench::new(true);
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Failed(Trip::SignedOut("401".into())));
    bench.now += SECOND * 3600;
    bench.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
    bench.tell(Event::Refresh);
    assert!(bench.asked.is_empty());
    let mut again = Bench::new(true);
    again.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
    assert_eq!(again.asked.len(), 1);
}

#[test]
fn an_empty_list_asks_who_is_absent_and_nobody_is_believed_gone_without_being_asked_for() {
    let mut bench = Bench::up(false);
    assert_eq!(bench.absent, 1, "the walk was complete");
    let ids: Vec<NativeId> = (1..=10).map(|id| NativeId(id.to_string())).collect();
    bench.tell(Event::Absent(ids.clone()));
    bench.answer(|call| matches!(call, Call::Look { .. }), Answer::Looked { missing: ids });
    let one = |call: &Call| matches!(call, Call::Look { ids, purpose: Purpose::Missing } if ids.len() == 1);
    // The site says that its table is damaged: it rests, and the comment is asked for again later.
    bench.answer(one, Answer::Failed(Trip::Broken("no comment at all".into())));
    assert!(matches!(bench.said.last(), Some(Link::Down { why, .. }) if why == "no comment at all"));
    bench.now += SECOND * 29;
    bench.tell(Event::Tick);
    assert!(!bench.asked.iter().any(|(_, call)| *call == Call::Identify), "it rests");
    bench.now += SECOND * 31;
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(false)));
    assert!(bench.asked.iter().any(|(_, call)| one(call)));
}

#[test]
fn a_few_that_are_missing_are_asked_for_one_by_one() {
    let mut bench = Bench::up(false);
    let ids: Vec<NativeId> = (1..=10).map(|id| NativeId(id.to_string())).collect();
    bench.tell(Event::Absent(ids.clone()));
    bench.answer(|call| matches!(call, Call::Look { .. }), Answer::Looked { missing: ids[..2].to_vec() });
    let one = |call: &Call| matches!(call, Call::Look { ids, purpose: Purpose::Missing } if ids.len() == 1);
    assert!(bench.asked.iter().any(|(_, call)| one(call)));
}

#[test]
fn a_throttled_site_gets_one_request_at_a_time() {
    let mut bench = Bench::new(false);
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Failed(Trip::Throttled(Some(SECOND * 30))));
    bench.now += SECOND * 29;
    bench.tell(Event::Tick);
    assert!(bench.asked.is_empty());
    bench.now += SECOND * 2;
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(false)));
    let page = Pulled { total: Some(1_000), next: Some(Cursor::Offset(95)), rows: 100, ..Pulled::default() };
    bench.answer(|call| matches!(call, Call::Pull { .. }), Answer::Pulled(page));
    assert_eq!(bench.asked.len(), 1);
}

#[test]
fn nobody_waits_in_a_busy_loop() {
    let mut bench = Bench::up(true);
    for _ in 0..1_000 {
        let wake = bench.engine.wake_at(bench.now);
        assert!(wake > bench.now, "{:?}", bench.engine);
        bench.now = wake;
        bench.tell(Event::Tick);
        while let Some((seq, call)) = bench.asked.pop() {
            let answer = match call {
                Call::Pull { .. } => Answer::Pulled(Pulled { total: Some(0), ..Pulled::default() }),
                _ => Answer::Done,
            };
            bench.tell(Event::Answer { seq, answer });
        }
    }
    assert!(bench.now > SECOND * 1_000 * 10, "a thousand wakes last hours: {:?}", bench.now);
}
