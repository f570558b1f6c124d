//! What a failing request does to its own comment, and what to the whole site.

use super::*;

fn failing() -> Answer {
    Answer::Failed(Trip::Failing { why: "500".into(), after: None })
}

fn ids(names: std::ops::RangeInclusive<i64>) -> Vec<NativeId> {
    names.map(|id| NativeId(id.to_string())).collect()
}

fn is_down(bench: &Bench) -> bool {
    matches!(bench.said.last(), Some(Link::Down { .. }))
}

fn before(call: &Call) -> bool {
    matches!(call, Call::Look { purpose: Purpose::BeforePush, .. })
}

fn alone(id: &str) -> impl Fn(&Call) -> bool {
    let id = NativeId(id.into());
    move |call| matches!(call, Call::Look { ids, purpose: Purpose::Missing } if *ids == [id.clone()])
}

#[test]
fn a_probe_that_comes_to_nothing_is_asked_again_after_a_rest() {
    let mut bench = Bench::new(true);
    bench.tell(Event::Tick);
    for secs in [2, 4, 8] {
        bench.answer(|call| *call == Call::Identify, Answer::Failed(Trip::Local));
        assert!(bench.asked.is_empty(), "not at once");
        assert!(
            matches!(bench.said.last(), Some(Link::Down { why, .. }) if !why.is_empty()),
            "{:?}",
            bench.said
        );
        assert_eq!(bench.engine.wake_at(bench.now), bench.now + SECOND * secs);
        bench.now += SECOND * secs;
        bench.tell(Event::Tick);
    }
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(true)));
    assert!(matches!(bench.said.last(), Some(Link::Up { .. })));
}

#[test]
fn one_comment_that_fails_by_itself_takes_neither_its_site_down_nor_the_others_with_it() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Absent(ids(1..=3)));
    bench.answer(|call| matches!(call, Call::Look { .. }), Answer::Looked { missing: ids(1..=3) });
    bench.answer(alone("1"), failing());
    assert!(!is_down(&bench));
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(false)));
    assert!(!is_down(&bench));
    for other in ["2", "3"] {
        bench.now += SECOND * 2;
        bench.tell(Event::Tick);
        bench.answer(alone(other), Answer::Looked { missing: Vec::new() });
    }
    bench.now += SECOND * 60;
    bench.tell(Event::Tick);
    let again = |call: &Call| matches!(call, Call::Look { ids, .. } if *ids == [NativeId("1".into())]);
    assert!(bench.asked.iter().any(|(_, call)| again(call)), "it is looked at again");
}

#[test]
fn one_comment_that_never_answers_does_not_keep_the_others_waiting() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Absent(ids(1..=2)));
    bench.answer(|call| matches!(call, Call::Look { .. }), Answer::Looked { missing: ids(1..=2) });
    bench.answer(alone("1"), Answer::Failed(Trip::Unreachable("timed out".into())));
    bench.now += SECOND * 2;
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(false)));
    assert!(bench.asked.iter().any(|(_, call)| alone("2")(call)), "{:?}", bench.asked);
}

#[test]
fn a_decision_on_a_comment_that_fails_by_itself_is_tried_less_and_less() {
    let mut bench = Bench::up(false);
    for tries in 0..8 {
        bench.tell(Event::Outbox(vec![OpenRow { tries, ..row(1, Delivery::Queued) }]));
        bench.now += SECOND * 300;
        bench.tell(Event::Tick);
        while let Some(at) = bench.asked.iter().position(|(_, call)| !before(call)) {
            let (seq, call) = bench.asked.remove(at);
            let answer = match call {
                Call::Pull { .. } => Answer::Pulled(Pulled { total: Some(0), ..Pulled::default() }),
                Call::Identify => Answer::Identified(can(false)),
                _ => Answer::Looked { missing: Vec::new() },
            };
            bench.tell(Event::Answer { seq, answer });
        }
        bench.answer(before, Answer::Looked { missing: ids(1..=1) });
        bench.answer(alone("1"), failing());
        assert_eq!(
            bench.stumbled.len() as u32,
            tries + 1,
            "each counts, so that a person is asked in the end"
        );
    }
    assert!(!bench.said.iter().any(|link| matches!(link, Link::Down { .. })), "{:?}", bench.said);
}

#[test]
fn a_look_that_comes_to_nothing_of_its_own_is_not_asked_again_at_once() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
    bench.answer(before, Answer::Failed(Trip::Local));
    assert!(!bench.asked.iter().any(|(_, call)| before(call)), "{:?}", bench.asked);
    assert_eq!(bench.stumbled, [DecisionId(1)]);
    bench.now += SECOND * 2;
    bench.tell(Event::Tick);
    assert!(bench.asked.iter().any(|(_, call)| before(call)));
}

#[test]
fn a_look_of_many_that_comes_to_nothing_is_made_smaller() {
    for purpose in [Purpose::BeforePush, Purpose::Refresh] {
        let mut bench = Bench::up(false);
        match purpose {
            Purpose::BeforePush => {
                bench.tell(Event::Outbox((1..=8).map(|id| row(id, Delivery::Queued)).collect()));
            }
            _ => bench.tell(Event::Changed(ids(1..=8))),
        }
        let look = |call: &Call| matches!(call, Call::Look { purpose: of, .. } if *of == purpose);
        bench.answer(look, Answer::Failed(Trip::Local));
        bench.now += SECOND * 2;
        bench.tell(Event::Tick);
        let fewer = |call: &Call| matches!(call, Call::Look { ids, .. } if ids.len() == 4);
        assert!(bench.asked.iter().any(|(_, call)| look(call) && fewer(call)), "{purpose:?}");
    }
}

#[test]
fn many_comments_on_which_a_site_fails_are_not_asked_for_at_once() {
    let mut bench = Bench::up(false);
    bench.tell(Event::Changed(ids(1..=50)));
    let mut looks = 0;
    for _ in 0..1_000 {
        let Some((seq, call)) = bench.asked.pop() else { break };
        let answer = match call {
            Call::Identify => Answer::Identified(can(false)),
            _ => {
                looks += 1;
                failing()
            }
        };
        bench.tell(Event::Answer { seq, answer });
    }
    assert_eq!(looks, 1, "then it rests");
    let mut secs = 0;
    while looks < 50 + 6 && secs < 1_000 {
        let wake = bench.engine.wake_at(bench.now);
        secs += (wake - bench.now).as_secs();
        bench.now = wake;
        bench.tell(Event::Tick);
        while let Some((seq, call)) = bench.asked.pop() {
            let answer = match call {
                Call::Identify => Answer::Identified(can(false)),
                Call::Pull { .. } => Answer::Pulled(Pulled { total: Some(0), ..Pulled::default() }),
                _ => {
                    looks += 1;
                    failing()
                }
            };
            bench.tell(Event::Answer { seq, answer });
        }
    }
    assert!(secs >= 100, "{looks} looks in {secs} s");
}

#[test]
fn a_late_answer_does_not_lift_a_site_that_is_down() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Changed(ids(1..=1)));
    bench.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
    let push = |call: &Call| matches!(call, Call::Push { .. });
    bench.answer(push, Answer::Failed(Trip::Unreachable("no route".into())));
    assert!(is_down(&bench));
    bench.answer(|call| matches!(call, Call::Look { .. }), Answer::Looked { missing: Vec::new() });
    assert!(is_down(&bench), "nobody is signed in: {:?}", bench.said.last());
}
