//! An event as one line: when, how bad, where, in which thread, and what, made plain. Spans are not written.

use super::plain::{is_number, plain};
use crate::clock::Clock;
use std::fmt::Write as _;
use std::sync::Arc;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Makes lines of events and hands them on.
pub(super) struct Lines {
    clock: Arc<dyn Clock>,
    put: fn(&str),
}

impl Lines {
    pub fn new(clock: Arc<dyn Clock>, put: fn(&str)) -> Self {
        Self { clock, put }
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let about = event.metadata();
        let mut told = Told::default();
        event.record(&mut told);
        let time = self.clock.now().format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let line = head(&time.to_string(), &about.level().to_string(), about.target());
        (self.put)(&format!("{line}{}{}\n", told.message, told.fields));
    }
}

/// When, how bad, where and in which thread.
pub(super) fn head(time: &str, level: &str, target: &str) -> String {
    let thread = std::thread::current();
    // Threads are named by this program and by libraries, never after anything they work on.
    format!("{time} {level:>5} {target} [{}] ", thread.name().unwrap_or("-"))
}

/// Fields whose numbers are this desk's own.
const NUMBERED: [&str; 2] = ["site", "seq"];

/// What an event says, made plain.
#[derive(Default)]
struct Told {
    message: String,
    fields: String,
}

impl Told {
    fn text(&mut self, field: &Field, text: &str) {
        let is_own = match field.name() {
            "version" => text.split('.').all(is_number),
            name => NUMBERED.contains(&name) && is_number(text),
        };
        let said = if is_own { text.to_owned() } else { plain(text) };
        if field.name() == "message" {
            self.message = said;
            return;
        }
        self.put(field, format_args!("{said:?}"));
    }

    fn put(&mut self, field: &Field, value: std::fmt::Arguments<'_>) {
        // Where a library stands on this machine names its user.
        if field.name().starts_with("log.") {
            return;
        }
        // Writing to a string cannot fail.
        let _ = write!(self.fields, " {}={value}", field.name());
    }
}

impl Visit for Told {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, format_args!("{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, format_args!("{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, format_args!("{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, format_args!("{value}"));
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.put(field, format_args!("{} bytes", value.len()));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.text(field, &value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }
}
