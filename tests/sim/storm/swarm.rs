//! Which winds blow in one seed: each is off, mild or wild, so that every fault is met alone, in every company, and in its
//! absence.

use super::dice::Dice;

/// What may go wrong, or happen, beside the moderator's own decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wind {
    /// Requests and answers are lost.
    Lost,
    /// What went unanswered is carried out much later.
    Late,
    /// A request arrives twice.
    Echo,
    /// The server fails before or after it has done what it was asked, or something between answers for it.
    Broken,
    /// The site signs the desk out.
    SignedOut,
    /// Requests and answers take long.
    Slow,
    /// Requests and answers overtake each other.
    Disorder,
    /// The process dies: before a commit, after it, or at any other moment.
    Crash,
    /// The site is put to work anew while requests are under way.
    Restart,
    /// The clock on the wall jumps.
    Clock,
    /// The disk is full for a while, or the file refuses a row for good.
    Disk,
    /// A second moderator agrees, disagrees, undoes.
    Colleague,
    /// Readers edit and delete.
    Readers,
    Undo,
    /// One act decides on several comments.
    Bulk,
    /// Decisions are held for seconds.
    Hold,
    /// The moderator looks around: other shelves, the open comment, another order.
    Reading,
}

const WINDS: [Wind; 17] = [
    Wind::Lost,
    Wind::Late,
    Wind::Echo,
    Wind::Broken,
    Wind::SignedOut,
    Wind::Slow,
    Wind::Disorder,
    Wind::Crash,
    Wind::Restart,
    Wind::Clock,
    Wind::Disk,
    Wind::Colleague,
    Wind::Readers,
    Wind::Undo,
    Wind::Bulk,
    Wind::Hold,
    Wind::Reading,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Off,
    Mild,
    Wild,
}

/// The levels of one seed.
#[derive(Clone)]
pub struct Swarm([Level; WINDS.len()]);

impl Swarm {
    pub fn new(dice: &mut Dice) -> Self {
        Self(WINDS.map(|_| dice.pick(&[Level::Off, Level::Mild, Level::Wild])))
    }

    pub fn level(&self, wind: Wind) -> Level {
        self.0[wind as usize]
    }

    pub fn at_least(&mut self, wind: Wind, level: Level) {
        self.0[wind as usize] = self.level(wind).max(level);
    }

    /// One of three by the level of a wind.
    pub fn by<T>(&self, wind: Wind, off: T, mild: T, wild: T) -> T {
        match self.level(wind) {
            Level::Off => off,
            Level::Mild => mild,
            Level::Wild => wild,
        }
    }
}

impl std::fmt::Display for Swarm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for level in [Level::Wild, Level::Mild, Level::Off] {
            let names: Vec<String> =
                WINDS.iter().filter(|wind| self.level(**wind) == level).map(|w| format!("{w:?}")).collect();
            write!(f, "{level:?}: {}; ", names.join(" "))?;
        }
        Ok(())
    }
}
