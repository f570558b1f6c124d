//! One evening: a site that answers slowly, a desk run by commands, and commands killed in the middle.

use super::compare::{self, Row};
use super::desk::{Desk, TOKEN, native};
use super::relay::Relay;
use greenroom::demo::{Decided, Demo, Mischief, Options, Status};
use greenroom::store::Store;
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const COMMENTS: usize = 30;
const SIGKILL: i32 = 9;
/// Each way of the road to the site takes this long at most.
const DELAY_MS_MAX: usize = 25;
/// A command that runs on for so long hangs.
const HANG: Duration = Duration::from_secs(200);

/// Seeded numbers (SplitMix64).
struct Luck(u64);

impl Luck {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.draw() % end as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Where a command was when it was killed, as the disk and the site show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fell {
    /// Nothing it was to write is on disk.
    Before,
    /// Something is on disk and waits at home.
    Waiting,
    /// A request was under way and the site had not carried it out.
    Sending,
    /// The site had carried a request out and the desk does not know.
    Unanswered,
    /// All that the command was for is on disk.
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Decide,
    Later,
    Undo,
    Pull,
}

/// One command as it is run.
struct Act {
    kind: Kind,
    verb: &'static str,
    /// Handles of the comments it decides.
    handles: Vec<String>,
}

impl Act {
    fn args(&self) -> Vec<&str> {
        let handles = self.handles.iter().map(String::as_str);
        match self.kind {
            Kind::Decide => ["decide", self.verb, "--json"].into_iter().chain(handles).collect(),
            Kind::Later => {
                ["decide", self.verb, "--hold", "0", "--json"].into_iter().chain(handles).collect()
            }
            Kind::Undo => vec!["undo", "--json"],
            Kind::Pull => vec!["pull", "--json"],
        }
    }

    fn comments(&self) -> Vec<&str> {
        self.handles.iter().map(|handle| native(handle)).collect()
    }
}

/// How an evening ended.
#[derive(Debug, Default)]
pub struct Told {
    pub fell: BTreeMap<Fell, usize>,
    /// Commands that were let run to their end.
    pub finished: usize,
    pub decisions: usize,
    pub arrived: usize,
}

pub struct Evening {
    site: Demo,
    relay: Relay,
    desk: Desk,
    handles: Vec<String>,
    luck: Luck,
    /// How long a command of each kind takes when nobody kills it.
    usual: BTreeMap<Kind, Duration>,
    rows: Vec<Row>,
    told: Told,
}

impl Evening {
    pub fn begin(seed: u64) -> Self {
        let mut luck = Luck(seed);
        let token = Some(TOKEN.to_owned());
        let mischief = Mischief::none();
        let options =
            Options { seed, comments: COMMENTS, rate_per_min: 0.0, mischief, token, ..Options::default() };
        let site = Demo::start(options).unwrap();
        let relay = Relay::towards(site.address(), Duration::from_millis(luck.below(DELAY_MS_MAX) as u64));
        site.with_world(|world| world.set_origin(&relay.origin()));
        let desk = Desk::on(&relay.origin());
        let is_plain = |handle: &String| {
            site.with_world(|world| world.comment(native(handle)).is_some_and(|of| of.reports.is_empty()))
        };
        let handles: Vec<String> = desk.queue().into_iter().filter(is_plain).collect();
        assert!(handles.len() > COMMENTS / 2, "{handles:?}");
        let (rows, told) = (Vec::new(), Told::default());
        Self { site, relay, desk, handles, luck, usual: BTreeMap::new(), rows, told }
    }

    /// Runs commands until `kills` of them were killed, then lets everything arrive. An error is what was found wrong.
    pub fn run(mut self, kills: usize) -> Result<Told, String> {
        for kind in [Kind::Decide, Kind::Later, Kind::Pull, Kind::Undo] {
            let act = self.act(kind);
            self.perform(&act, None)?;
        }
        let killed = |told: &Told| told.fell.values().sum::<usize>();
        let mut tries = 0;
        while killed(&self.told) < kills {
            tries += 1;
            if tries > 10 * kills + 20 {
                return Err("commands end before they can be killed".to_owned());
            }
            let kind = match self.luck.below(20) {
                0..9 => Kind::Decide,
                9..12 => Kind::Later,
                12..17 => Kind::Undo,
                _ => Kind::Pull,
            };
            let act = self.act(kind);
            // A little longer than usual: some end first.
            let kill_after = self.usual[&kind].mul_f64(self.luck.unit() * 1.1);
            let spared = self.luck.below(6) == 0;
            self.perform(&act, (!spared).then_some(kill_after))?;
        }
        self.rest()
    }

    /// Decides what was decided otherwise before, if it was.
    fn act(&mut self, kind: Kind) -> Act {
        let verb = ["approve", "reject", "spam"][self.luck.below(3)];
        let mut handles = Vec::new();
        if matches!(kind, Kind::Decide | Kind::Later) {
            for _ in 0..1 + self.luck.below(3) {
                let handle = self.handles[self.luck.below(self.handles.len())].clone();
                let of_it = |row: &&Row| row.comment == native(&handle) && row.delivery != "withdrawn";
                let last = self.rows.iter().rev().find(of_it).map_or("restore", |row| row.verb.as_str());
                if last != verb && !handles.contains(&handle) {
                    handles.push(handle);
                }
            }
        }
        if handles.is_empty() && matches!(kind, Kind::Decide | Kind::Later) {
            return self.act(kind);
        }
        Act { kind, verb, handles }
    }

    fn log(&self) -> Vec<Decided> {
        self.site.with_world(|world| {
            world.decisions().iter().filter(|entry| entry.key.is_some()).cloned().collect()
        })
    }

    fn on_disk(&self) -> Vec<Row> {
        compare::rows(&Store::peek(&self.desk.data()).unwrap())
    }

    /// Runs one command, kills it where asked, and looks at the disk before anything else opens it.
    fn perform(&mut self, act: &Act, kill_after: Option<Duration>) -> Result<(), String> {
        let mut command = self.desk.program(env!("CARGO_BIN_EXE_greenroom"));
        command.arg("--data").arg(self.desk.data()).args(act.args());
        let begun = Instant::now();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = end(child, kill_after)?;
        let took = begun.elapsed();
        let (after, log) = (self.on_disk(), self.log());
        let said = || {
            format!(
                "{:?} {:?} ended {:?}",
                act.args(),
                String::from_utf8_lossy(&output.stderr),
                output.status
            )
        };
        let fail = |why: Vec<String>| Err(format!("{}\n  {}", said(), why.join("\n  ")));

        let named = act.comments();
        let decided = (act.kind != Kind::Undo).then_some(named.as_slice());
        let wrong = compare::steps(&self.rows, &after, decided);
        if !wrong.is_empty() {
            return fail(wrong);
        }
        let touched = compare::touched(&self.rows, &after, &named);
        if touched != 0 && touched != named.len() {
            return fail(vec![format!("half an act is on disk: {touched} of {}", named.len())]);
        }
        if output.status.signal() == Some(SIGKILL) {
            *self.told.fell.entry(fell(&self.rows, &after, &log)).or_default() += 1;
        } else {
            let due = if act.kind == Kind::Later { 5 } else { 0 };
            if output.status.code() != Some(due) {
                return fail(vec![String::from_utf8_lossy(&output.stdout).into_owned()]);
            }
            if touched != named.len() {
                return fail(vec!["it ended, and is not on disk".to_owned()]);
            }
            let new = after.iter().filter(|row| row.id > self.rows.last().map_or(0, |last| last.id));
            let waits: Vec<String> = new.filter(|row| row.is_open()).map(|row| format!("{row:?}")).collect();
            if matches!(act.kind, Kind::Decide | Kind::Undo) && !waits.is_empty() {
                return fail(waits);
            }
            self.told.finished += 1;
            if kill_after.is_none() {
                self.usual.insert(act.kind, took);
            }
        }
        self.rows = after;
        Ok(())
    }

    /// Lets everything arrive, and compares.
    fn rest(mut self) -> Result<Told, String> {
        self.relay.drain();
        let pull = Act { kind: Kind::Pull, verb: "", handles: Vec::new() };
        // The second walk brings home how the site stands after the first has sent what waited.
        for _ in 0..2 {
            self.perform(&pull, None)?;
        }
        self.relay.drain();
        let (reader, log) = (Store::peek(&self.desk.data()).unwrap(), self.log());
        let there: BTreeMap<String, Status> = self.site.with_world(|world| {
            let of = |handle: &String| Some((native(handle).to_owned(), world.status_of(native(handle))?));
            self.handles.iter().filter_map(of).collect()
        });
        let mut wrong = compare::at_rest(&self.rows, &log, &compare::standing(&reader), &there);
        wrong.extend(compare::told_twice(&reader).iter().map(|of| format!("the journal says twice: {of:?}")));
        wrong.extend(compare::unsound(&reader));
        (self.told.decisions, self.told.arrived) = (self.rows.len(), log.len());
        if wrong.is_empty() { Ok(self.told) } else { Err(wrong.join("\n")) }
    }
}

/// Waits for a command to end, or kills it after a while.
fn end(mut child: Child, kill_after: Option<Duration>) -> Result<std::process::Output, String> {
    match kill_after {
        Some(while_) => {
            std::thread::sleep(while_);
            // Where it ended first there is nobody to kill: its status tells.
            let _ = child.kill();
        }
        None => {
            let until = Instant::now() + HANG;
            while child.try_wait().unwrap().is_none() {
                if Instant::now() > until {
                    let _ = child.kill();
                    return Err(format!("a command hangs: {:?}", child.wait_with_output()));
                }
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }
    Ok(child.wait_with_output().unwrap())
}

fn fell(before: &[Row], after: &[Row], log: &[Decided]) -> Fell {
    let is_sending = |row: &&Row| row.delivery == "sending";
    let carried_out =
        |row: &Row| log.iter().any(|entry| entry.key.as_ref().is_some_and(|key| row.keys.contains(key)));
    if after.iter().filter(is_sending).any(carried_out) {
        Fell::Unanswered
    } else if after.iter().any(|row| is_sending(&row)) {
        Fell::Sending
    } else if before == after {
        Fell::Before
    } else if after.iter().any(Row::is_open) {
        Fell::Waiting
    } else {
        Fell::After
    }
}
