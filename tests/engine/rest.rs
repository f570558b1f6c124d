//! A site that asks to be left alone, a person who asks all the same, and a site whose list cannot be read.

use super::*;

fn push(call: &Call) -> bool {
    matches!(call, Call::Push { .. })
}

fn pull(call: &Call) -> bool {
    matches!(call, Call::Pull { .. })
}

fn queued(tries: u32) -> Event {
    Event::Outbox(vec![OpenRow { tries, ..row(1, Delivery::Queued) }])
}

#[test]
fn a_site_that_asks_for_fewer_requests_is_told_as_resting_until_a_person_asks() {
    let mut bench = Bench::up(true);
    bench.tell(queued(0));
    bench.answer(|call| matches!(call, Call::Look { .. }), Answer::Looked { missing: Vec::new() });
    bench.answer(push, Answer::Failed(Trip::Throttled(Some(SECOND * 99_999))));
    let hour = SECOND * 3600;
    let resting = Link::Resting { next: bench.now + hour, wait: hour };
    assert_eq!(bench.said.last(), Some(&resting), "however long it asks for");
    bench.tell(queued(1));
    bench.now += SECOND * 60;
    bench.tell(Event::Tick);
    assert!(bench.asked.is_empty(), "{:?}", bench.asked);
    bench.tell(Event::Refresh);
    assert!(matches!(bench.said.last(), Some(Link::Up { .. })), "{:?}", bench.said);
    assert_eq!(bench.pushes(), [1], "the decision goes first, and alone");
    assert_eq!(bench.asked.len(), 1);
}

#[test]
fn a_decision_waits_as_long_as_its_site_says_and_no_longer_than_a_person_wants() {
    let mut bench = Bench::up(true);
    bench.tell(queued(0));
    let failing = Trip::Failing { why: "503".into(), after: Some(SECOND * 600) };
    bench.answer(push, Answer::Failed(failing));
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(true)));
    bench.tell(queued(1));
    bench.now += SECOND * 590;
    bench.tell(Event::Tick);
    assert!(bench.pushes().is_empty());
    bench.tell(Event::Refresh);
    assert_eq!(bench.pushes(), [1]);
}

#[test]
fn a_list_that_cannot_be_read_is_told_once_though_looks_go_on() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Refresh);
    bench.walked.clear();
    for _ in 0..5 {
        bench.answer(pull, Answer::Failed(Trip::Failing { why: "no list".into(), after: None }));
        bench.tell(Event::Changed(vec![NativeId("7".into())]));
        while let Some((seq, call)) =
            bench.asked.iter().position(|(_, call)| !pull(call)).map(|at| bench.asked.remove(at))
        {
            let answer = match call {
                Call::Identify => Answer::Identified(can(true)),
                _ => Answer::Looked { missing: Vec::new() },
            };
            bench.tell(Event::Answer { seq, answer });
        }
        bench.now += SECOND * 300;
        bench.tell(Event::Tick);
    }
    assert_eq!(bench.walked, [false]);
    assert!(!bench.said.iter().any(|link| matches!(link, Link::Down { .. })), "decisions still go out");
}

#[test]
fn a_place_in_the_list_that_is_always_refused_is_given_up() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Refresh);
    let page = Pulled { rows: 5, here: 5, next: Some(Cursor::Token("lost".into())), ..Pulled::default() };
    bench.answer(pull, Answer::Pulled(page));
    for _ in 0..3 {
        let lost = |call: &Call| matches!(call, Call::Pull { cursor: Cursor::Token(_), .. });
        bench.answer(lost, Answer::Failed(Trip::Failing { why: "400".into(), after: None }));
        bench.now += SECOND * 60;
        bench.tell(Event::Tick);
        if let Some(at) = bench.asked.iter().position(|(_, call)| *call == Call::Identify) {
            let (seq, _) = bench.asked.remove(at);
            bench.tell(Event::Answer { seq, answer: Answer::Identified(can(true)) });
        }
    }
    let anew = |(_, call): &(u64, Call)| matches!(call, Call::Pull { cursor: Cursor::Start, walk: true, .. });
    assert!(bench.asked.iter().any(anew), "{:?}", bench.asked);
}

#[test]
fn a_site_that_always_has_one_page_more_is_not_followed_whatever_it_counts() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Refresh);
    bench.walked.clear();
    let mut pages = 0_u64;
    while bench.walked.is_empty() {
        pages += 1;
        assert!(pages < 100, "it is followed for ever");
        let next = Some(Cursor::Token(pages.to_string()));
        let page = Pulled { rows: 100, here: 100, total: Some(1_000_000_000), next, ..Pulled::default() };
        bench.answer(pull, Answer::Pulled(page));
    }
    assert_eq!(bench.walked, [false], "and nothing is called absent");
}
