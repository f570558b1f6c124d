//! Times and numbers as people read them. Relative while it helps, a date afterwards, always in local time.

use crate::app::words::{Value, say, say_with};
use crate::domain::{Time, TimePrecision};
use chrono::{DateTime, Local, Utc};

/// How long ago, in short: "12 s", "4 min", "3 h", "2 d", else the date.
pub fn short(time: Time, now: DateTime<Utc>) -> String {
    let secs = (now - time.at).num_seconds();
    if secs < 0 && secs > -5 {
        return say("age-now");
    }
    let (key, n) = match secs {
        0..60 => ("age-seconds", secs),
        60..3_600 => ("age-minutes", secs / 60),
        3_600..86_400 => ("age-hours", secs / 3_600),
        86_400..1_209_600 => ("age-days", secs / 86_400),
        _ => return date(time),
    };
    say_with(key, &[("n", Value::from(n))])
}

/// The same with "ago" where it is a distance.
pub fn ago(time: Time, now: DateTime<Utc>) -> String {
    let secs = (now - time.at).num_seconds();
    if (0..1_209_600).contains(&secs) {
        say_with("age-ago", &[("age", Value::from(short(time, now)))])
    } else {
        short(time, now)
    }
}

/// The day: "14 Nov 2026".
pub fn date(time: Time) -> String {
    local(time).format("%-d\u{a0}%b\u{a0}%Y").to_string()
}

/// The whole instant, as exact as the site told it.
pub fn exact(time: Time) -> String {
    let format = match time.precision {
        TimePrecision::Second => "%-d\u{a0}%b\u{a0}%Y,\u{a0}%H:%M:%S",
        TimePrecision::Minute => "%-d\u{a0}%b\u{a0}%Y,\u{a0}%H:%M",
        TimePrecision::About => return say_with("age-about", &[("date", Value::from(date(time)))]),
    };
    local(time).format(format).to_string()
}

fn local(time: Time) -> DateTime<Local> {
    time.at.with_timezone(&Local)
}

/// Seconds from now until `time`, not less than 0.
pub fn until(time: Time, now: DateTime<Utc>) -> i64 {
    (time.at - now).num_seconds().max(0)
}

/// A count with its thousands apart: 100,212.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A place in a list: "4 of 1,000". `at` counts from 0.
pub fn position(at: usize, of: usize) -> String {
    say_with("queue-row-place", &[("n", count(at as u64 + 1).into()), ("of", count(of as u64).into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn aged(secs: i64) -> String {
        let now = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap();
        short(Time::second(now - TimeDelta::seconds(secs)), now)
    }

    #[test]
    fn ages_are_told_in_the_largest_unit_that_fits() {
        let told: Vec<_> = [12, 59, 60, 3_599, 3_600, 90_000].into_iter().map(aged).collect();
        assert_eq!(told, ["12 s", "59 s", "1 min", "59 min", "1 h", "1 d"]);
    }

    #[test]
    fn long_ago_and_the_future_are_dates() {
        assert!(aged(1_300_000).ends_with("2026") || aged(1_300_000).ends_with("2027"));
        assert!(aged(-86_400).contains('\u{a0}'));
    }

    #[test]
    fn thousands_stand_apart() {
        let told: Vec<_> = [0, 412, 1_000, 100_212].into_iter().map(count).collect();
        assert_eq!(told, ["0", "412", "1,000", "100,212"]);
    }
}
