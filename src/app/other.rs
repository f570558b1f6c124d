//! The two desks of one program: a person's own, and the demo's, which keeps nothing. One of them is in the window; the
//! other is opened when it is asked for, in a folder of its own.

use super::App;
use super::inbox::Note;
use super::notice::{self, Notice};
use super::words::say;
use std::sync::{Arc, PoisonError};

/// Opens the desk that is not in the window. Blocks.
pub type OtherDesk = Arc<dyn Fn() -> Result<App, Notice> + Send + Sync>;

impl App {
    /// Whether this is the demo's desk.
    pub fn is_demo(&self) -> bool {
        self.is_demo
    }

    /// How often the desk in this window changed.
    pub fn turns(&self) -> u32 {
        self.turns
    }

    pub(super) fn switch_desk(&mut self) {
        let Some(open) = self.other.clone() else {
            self.connect.notice = Some(Notice::error(say("demo-none"), None));
            return;
        };
        if std::mem::replace(&mut self.connect.busy, true) {
            return;
        }
        self.connect.notice = None;
        let closing = Arc::clone(&self.closing);
        let fault = Note::Desk(Box::new(Err(notice::of_panic("desk"))));
        self.jobs.run_or("desk", fault, move || {
            // The desk that left the window last may still hold its folder.
            let _closed = closing.lock().unwrap_or_else(PoisonError::into_inner);
            Note::Desk(Box::new(open()))
        });
    }

    /// The other desk takes this one's place; this one lets go of what it holds and ends.
    pub(super) fn take_desk(&mut self, opened: Result<App, Notice>) {
        self.connect.busy = false;
        match opened {
            Ok(mut app) => {
                app.turns = self.turns + 1;
                app.closing = Arc::clone(&self.closing);
                if app.is_demo {
                    app.settings = self.settings;
                }
                let mut old = std::mem::replace(self, app);
                let closing = Arc::clone(&self.closing);
                self.jobs.run("close", move || {
                    let _closing = closing.lock().unwrap_or_else(PoisonError::into_inner);
                    old.close();
                    drop(old);
                    Note::Written(Ok(()))
                });
            }
            Err(notice) if std::mem::take(&mut self.mending.is_under_way) => self.show(notice),
            Err(notice) => self.connect.notice = Some(notice),
        }
    }
}
