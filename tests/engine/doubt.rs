//! What may be carried out late, and what may be known better already: looked at again, and for how long.

use super::{Bench, SECOND, row};
use greenroom::domain::{Delivery, NativeId};
use greenroom::sync::engine::{Answer, Call, Event, Purpose, Trip};

fn one() -> NativeId {
    NativeId("1".into())
}

fn is_refresh(call: &Call) -> bool {
    matches!(call, Call::Look { ids, purpose: Purpose::Refresh } if ids.as_slice() == [one()])
}

fn is_push(call: &Call) -> bool {
    matches!(call, Call::Push { .. })
}

impl Bench {
    /// Answers every look that is asked for, and says how many there were.
    fn look_all(&mut self) -> usize {
        let mut looks = 0;
        while self.asked.iter().any(|(_, call)| is_refresh(call)) {
            self.answer(is_refresh, Answer::Looked { missing: Vec::new() });
            looks += 1;
        }
        looks
    }

    fn wait(&mut self, secs: u32) -> usize {
        self.now += SECOND * secs;
        self.tell(Event::Tick);
        self.look_all()
    }
}

#[test]
fn a_request_that_goes_unanswered_later_keeps_the_doubt_alive() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Doubtful(vec![one()]));
    bench.look_all();
    bench.wait(500);
    bench.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
    bench.look_all();
    bench.answer(is_push, Answer::Failed(Trip::Local));
    bench.tell(Event::Outbox(Vec::new()));
    assert_eq!(bench.wait(100), 1, "590 s after the first");
    assert_eq!(bench.expired, [], "the newer request is awaited still");
    assert_eq!(bench.wait(500), 1, "600 s after the second");
    assert_eq!(bench.expired, [(1 + 500 + 100 + 500, one())]);
}

#[test]
fn a_look_that_fails_is_not_the_last() {
    let mut bench = Bench::up(true);
    bench.tell(Event::Doubtful(vec![one()]));
    bench.look_all();
    bench.now += SECOND * 600;
    bench.tell(Event::Tick);
    bench.answer(is_refresh, Answer::Failed(Trip::Local));
    assert_eq!(bench.expired, []);
    assert_eq!(bench.wait(60), 1);
    assert_eq!(bench.expired, [(1 + 600 + 60, one())]);
}

#[test]
fn a_comment_whose_receipt_was_overtaken_is_looked_at_again() {
    for (answer, looks) in [(Answer::Done, 0), (Answer::Overtaken, 1)] {
        let mut bench = Bench::up(true);
        bench.tell(Event::Outbox(vec![row(1, Delivery::Queued)]));
        bench.look_all();
        bench.answer(is_push, answer);
        bench.tell(Event::Outbox(Vec::new()));
        assert_eq!(bench.look_all(), looks);
    }
}
