//! The thread that follows a site's feed. What it tells is a reason to look, never truth; where it fails the site is polled
//! all the same.

use super::{Msg, Post};
use crate::backend::{Change, Fault, Flow};
use crate::domain::Cursor;
use crate::sync::engine::Event;
use crate::sync::news::News;
use crate::sync::pace::wait_after;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::Duration;

/// A feed that ended as feeds do is followed again after this long.
const FOLLOW_AGAIN: Duration = Duration::from_secs(1);

/// Follows a site's changes from where its feed stood at sign-in, before the first page was read, for as long as the site is
/// at work. A full walk at every start covers what happened before.
pub(super) fn follow(post: &Arc<Post>, tx: &Sender<Msg>, mut cursor: Cursor) {
    let mut failures = 0;
    while !post.stopping.load(Ordering::Relaxed) {
        let mut change = |change: Change| {
            failures = 0;
            let told = tx.send(Msg::Event(Event::Changed(change.native_id.into_iter().collect())));
            if told.is_err() || post.stopping.load(Ordering::Relaxed) { Flow::Stop } else { Flow::GoOn }
        };
        let feed = || post.backend.feed(&*post.wire, &cursor, &mut change);
        match catch_unwind(AssertUnwindSafe(feed)) {
            Err(_) => {
                failures += 1;
                post.tell(News::Panicked(post.site));
            }
            Ok(Ok(next)) => cursor = next,
            Ok(Err(Fault::Expired)) => {
                // Where places never last, the rest grows: each of them is a walk.
                failures += 1;
                cursor = Cursor::Start;
                let _ = tx.send(Msg::Event(Event::Missed));
            }
            Ok(Err(fault)) => {
                failures += 1;
                tracing::info!(site = %post.site, %fault, "feed");
            }
        }
        let mut rest = if failures == 0 { FOLLOW_AGAIN } else { wait_after(failures) };
        while !rest.is_zero() && !post.stopping.load(Ordering::Relaxed) {
            let nap = rest.min(Duration::from_millis(200));
            std::thread::sleep(nap);
            rest -= nap;
        }
    }
}
