//! The command line. Its own words stand here, where clap reads them.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Decide on reader comments, with or without a window
#[derive(Debug, Parser)]
#[command(name = "greenroom", version, after_help = AFTER)]
pub struct Args {
    /// Folder of the desk, instead of the system's default place
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[command(subcommand)]
    pub task: Option<Task>,
}

const AFTER: &str = "Without a command the window opens.\n\n\
    Exit codes: 0 delivered or nothing to do, 1 failed, 3 conflict, 4 refused or not possible,\n\
    5 still waiting, 64 usage.\n\
    A site's secret is read from GREENROOM_SECRET_<SITE> first, then from the system keyring.";

#[derive(Debug, Subcommand)]
pub enum Task {
    /// Open the desk on a demo site that lives inside this program
    Demo(DemoArgs),
    #[command(flatten)]
    Desk(DeskTask),
}

#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// The same seed gives the same evening
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many comments wait at the start
    #[arg(long, default_value_t = 400)]
    pub comments: usize,
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Comments that arrive each minute, after a quiet first minute
    #[arg(long, default_value_t = 4.0)]
    pub rate: f64,
    /// Outages too, not only a second moderator, edits and deletions
    #[arg(long)]
    pub mischief: bool,
    /// Nobody but you: no second moderator, no edits, no deletions
    #[arg(long, conflicts_with = "mischief")]
    pub alone: bool,
    /// Only serve the site; prints its address and token
    #[arg(long)]
    pub serve_only: bool,
    /// The token that signs in, instead of one made up
    #[arg(long)]
    pub token: Option<String>,
}

impl Default for DemoArgs {
    /// What the command without arguments means.
    fn default() -> Self {
        let bare = Bare::parse_from([""]);
        bare.demo
    }
}

#[derive(Debug, Parser)]
struct Bare {
    #[command(flatten)]
    demo: DemoArgs,
}

#[derive(Debug, Subcommand)]
pub enum DeskTask {
    /// Add, list, check or remove sites
    Sites {
        #[command(subcommand)]
        act: SitesTask,
    },
    /// Fetch what waits, with counts, and send what an earlier command left
    Pull {
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// List a queue; reads only, also beside an open window
    List {
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
        /// Only this site
        #[arg(long)]
        site: Option<String>,
        /// Which queue
        #[arg(long, value_enum, default_value_t = ShelfArg::Pending)]
        shelf: ShelfArg,
        /// Only comments with these words
        #[arg(long, default_value = "")]
        search: String,
        /// Newest first, instead of oldest first
        #[arg(long)]
        newest: bool,
        /// At most so many rows; the counts are always whole
        #[arg(long, default_value_t = 1_000_000)]
        limit: usize,
    },
    /// Show one comment whole, such as gazette:123
    Show {
        /// As list prints it
        id: String,
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// Decide on comments and wait until the site has them; more than 20 are held for 15 s first
    Decide {
        /// What to do; restore puts them back into the queue
        #[arg(value_enum)]
        verb: VerbArg,
        /// As list prints them
        #[arg(required = true)]
        ids: Vec<String>,
        /// Leave sending to the desk, which keeps them at home for so many seconds first
        #[arg(long, value_name = "SECS")]
        hold: Option<u32>,
        /// Leave sending to the desk: they go out when it is next open
        #[arg(long)]
        later: bool,
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// Take back the newest decision
    Undo {
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// Decisions that need you or are on their way, then the newest that are done
    Outbox {
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
        /// At most so many that are done; the others are always all shown
        #[arg(long, default_value_t = 200)]
        limit: u32,
    },
    /// Look the desk over, also where it cannot be opened, and print a report that can be shared
    Doctor {
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
        /// Name the sites and the data folder too; do not share that
        #[arg(long)]
        full: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum SitesTask {
    /// Connect a site; its secret is read from GREENROOM_SECRET or from standard input
    Add {
        /// What the site runs on
        #[arg(value_enum)]
        system: SystemArg,
        /// Address of the site
        address: String,
        /// User name, for WordPress
        #[arg(long, default_value = "")]
        user: String,
        /// For an http address on a private network: everybody on it can read the secret and every comment
        #[arg(long)]
        insecure_private_network: bool,
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// List the sites with their counts
    List {
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// Sign in to every site and say what was found
    Check {
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// Erase a site, what was read from it, and its secret
    Remove {
        /// Its short name, as sites list prints it
        site: String,
        /// Print JSON instead of lines
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SystemArg {
    Wordpress,
    Cmh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShelfArg {
    Pending,
    Reported,
    Parked,
    /// As far as this desk has read it
    Approved,
    /// As far as this desk has read it
    Rejected,
    /// As far as this desk has read it
    Spam,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerbArg {
    Approve,
    Reject,
    Spam,
    Restore,
}
