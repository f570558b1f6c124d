//! Walks through whole queues: when one counts as complete, and when the next one begins.

use super::*;

fn walk(call: &Call) -> bool {
    matches!(call, Call::Pull { walk: true, .. })
}

fn is_walking(bench: &Bench) -> bool {
    bench.asked.iter().any(|(_, call)| walk(call))
}

/// A page of a list that goes on by token.
fn token(next: Option<&str>) -> Answer {
    let next = next.map(|token| Cursor::Token(token.to_owned()));
    Answer::Pulled(Pulled { rows: 100, total: Some(300), next, ..Pulled::default() })
}

/// Page after page of a list of 300 in this order.
fn page(offset: u64, order: Order) -> Answer {
    let (low, high) = (offset + 1, (offset + 100).min(300));
    let covers = match order {
        Order::Oldest => Covers { id_min: low, id_max: high },
        Order::Newest => Covers { id_min: 301 - high, id_max: 301 - low },
    };
    let next = (offset + 100 < 300).then_some(Cursor::Offset(offset + 95));
    Answer::Pulled(Pulled { rows: 100, total: Some(300), next, covers: Some(covers), ..Pulled::default() })
}

fn offset_of(call: &Call) -> u64 {
    match call {
        Call::Pull { cursor: Cursor::Offset(offset), .. } => *offset,
        _ => 0,
    }
}

fn order_of(call: &Call) -> Order {
    match call {
        Call::Pull { queue, .. } => queue.order,
        _ => Order::Oldest,
    }
}

/// Answers every page that is asked for, and says how the walk ended.
fn walked(bench: &mut Bench, answer: impl Fn(u64) -> Answer) -> Vec<bool> {
    while let Some(at) = bench.asked.iter().position(|(_, call)| walk(call)) {
        let (seq, call) = bench.asked.remove(at);
        bench.tell(Event::Answer { seq, answer: answer(offset_of(&call)) });
    }
    std::mem::take(&mut bench.walked)
}

#[test]
fn a_walk_is_complete_when_its_last_page_is_here_and_not_before() {
    let mut bench = Bench::new(true);
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(true)));
    bench.answer(walk, token(Some("b")));
    assert!(bench.walked.is_empty());
    bench.answer(walk, token(None));
    assert_eq!(bench.walked, [true]);
}

#[test]
fn a_walk_that_lost_its_place_is_not_complete_and_begins_anew() {
    let mut bench = Bench::new(true);
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(true)));
    for _ in 0..2 {
        bench.answer(walk, token(Some("b")));
        bench.answer(walk, Answer::Failed(Trip::Local));
        assert!(!is_walking(&bench));
        bench.now += SECOND * 4;
        bench.tell(Event::Tick);
    }
    assert!(bench.walked.is_empty());
    bench.answer(walk, token(Some("b")));
    bench.answer(walk, token(None));
    assert_eq!(bench.walked, [true]);
}

#[test]
fn a_list_whose_places_never_last_is_walked_less_and_less_often() {
    let mut bench = Bench::new(true);
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(true)));
    let mut rests = Vec::new();
    for _ in 0..6 {
        bench.answer(walk, token(Some("b")));
        bench.answer(walk, Answer::Failed(Trip::Local));
        let dropped = bench.now;
        while !is_walking(&bench) {
            bench.now = bench.engine.wake_at(bench.now);
            bench.tell(Event::Tick);
            let polled = Pulled { total: Some(300), ..Pulled::default() };
            while let Some(at) = bench.asked.iter().position(|(_, call)| !walk(call)) {
                let (seq, _) = bench.asked.remove(at);
                bench.tell(Event::Answer { seq, answer: Answer::Pulled(polled.clone()) });
            }
        }
        rests.push((bench.now - dropped).as_secs());
    }
    assert_eq!(rests, [2, 4, 8, 16, 32, 64]);
}

#[test]
fn a_walk_with_a_gap_proves_nothing_and_is_made_again_soon() {
    let mut bench = Bench::new(false);
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(false)));
    // The site leaves rows out of every page that should close the gap.
    let gap = |offset: u64| {
        let (id_min, id_max) = if offset >= 95 { (200, 300) } else { (1, 100) };
        let next = (offset < 95).then_some(Cursor::Offset(95));
        let covers = Some(Covers { id_min, id_max });
        Answer::Pulled(Pulled { rows: 100, total: Some(190), next, covers, ..Pulled::default() })
    };
    assert_eq!(walked(&mut bench, gap), [false]);
    assert_eq!(bench.absent, 0, "nobody is called absent");
    bench.now += SECOND * 299;
    bench.tell(Event::Tick);
    assert!(!is_walking(&bench));
    bench.now += SECOND;
    bench.tell(Event::Tick);
    assert!(is_walking(&bench), "after five minutes, not after half an hour");
    assert_eq!(walked(&mut bench, |offset| page(offset, Order::Oldest)), [true]);
    assert_eq!(bench.absent, 1);
    bench.asked.clear();
    bench.now += SECOND * 301;
    bench.tell(Event::Tick);
    assert!(!is_walking(&bench), "what is proved is walked again after half an hour");
}

#[test]
fn the_second_queue_follows_at_once_and_only_its_end_is_the_end() {
    let mut bench = Bench::new(false);
    bench.tell(Event::Tick);
    let can = Capabilities { reports: true, ..can(false) };
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can));
    let nothing = || Answer::Pulled(Pulled { total: Some(0), ..Pulled::default() });
    bench.answer(walk, nothing());
    assert_eq!((bench.absent, bench.walked.len()), (1, 0));
    let reported = |call: &Call| matches!(call, Call::Pull { queue, walk: true, .. } if queue.reported);
    bench.answer(reported, nothing());
    assert_eq!((bench.absent, &bench.walked[..]), (1, &[true][..]));
}

#[test]
fn pages_in_two_orders_prove_nothing_together() {
    let mut bench = Bench::new(false);
    bench.tell(Event::Tick);
    bench.answer(|call| *call == Call::Identify, Answer::Identified(can(false)));
    bench.answer(walk, page(0, Order::Oldest));
    let late: Vec<(u64, Call)> = std::mem::take(&mut bench.asked);
    assert!(late.len() >= 2);
    bench.tell(Event::Order(Order::Newest));
    for (seq, call) in late {
        bench.tell(Event::Answer { seq, answer: page(offset_of(&call), Order::Oldest) });
    }
    assert!(bench.walked.is_empty());
    assert!(bench.asked.iter().all(|(_, call)| order_of(call) == Order::Newest));
    // This time a part of the list is held back; what came in the other order does not stand in for it.
    let held_back = |offset| {
        let covers = Some(Covers { id_min: 201, id_max: 206 });
        match page(offset, Order::Newest) {
            Answer::Pulled(page) if offset == 95 => Answer::Pulled(Pulled { covers, ..page }),
            page => page,
        }
    };
    assert_eq!(walked(&mut bench, held_back), [false]);
    bench.tell(Event::Refresh);
    assert_eq!(walked(&mut bench, |offset| page(offset, Order::Newest)), [true]);
}

#[test]
fn a_list_that_never_ends_is_not_followed_for_ever() {
    let endless: [fn(u64) -> Pulled; 2] = [
        |n| Pulled {
            rows: 100,
            total: Some(300),
            next: Some(Cursor::Token((n % 2).to_string())),
            ..Pulled::default()
        },
        |n| Pulled {
            rows: 0,
            total: Some(300),
            next: Some(Cursor::Token(n.to_string())),
            ..Pulled::default()
        },
    ];
    for answer in endless {
        let mut bench = Bench::new(true);
        bench.tell(Event::Tick);
        bench.answer(|call| *call == Call::Identify, Answer::Identified(can(true)));
        let mut pages = 0;
        while is_walking(&bench) {
            pages += 1;
            assert!(pages < 50, "a queue of 300");
            bench.answer(walk, Answer::Pulled(answer(pages)));
        }
        assert_eq!((&bench.walked[..], bench.absent), (&[false][..], 0), "it proves nothing");
    }
}

#[test]
fn what_is_asked_for_while_a_walk_is_under_way_is_another_walk() {
    for event in [Event::Missed, Event::Refresh] {
        let mut bench = Bench::new(true);
        bench.tell(Event::Tick);
        bench.answer(|call| *call == Call::Identify, Answer::Identified(can(true)));
        bench.answer(walk, token(Some("b")));
        bench.tell(event.clone());
        bench.answer(walk, token(None));
        assert_eq!(bench.walked, [true]);
        assert!(is_walking(&bench), "{event:?}: the first page was read before");
        bench.answer(walk, token(None));
        assert_eq!(bench.walked, [true, true]);
        assert!(!is_walking(&bench));
    }
}

#[test]
fn a_feed_that_lost_its_place_shortens_no_rest() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Refresh);
    bench.answer(walk, Answer::Failed(Trip::Unreachable("no route".into())));
    let asked = bench.asked.len();
    bench.tell(Event::Missed);
    assert_eq!(bench.asked.len(), asked, "the site is away, and is asked when its rest is over");
}
