//! The demo site: a newspaper of its own on the loopback interface, with a queue to moderate. It speaks CMH/1
//! over real HTTP, so the desk cannot tell it from a site far away. It never names `backend` or `domain`: the
//! wire is written down twice on purpose.

mod arrival;
mod cast;
mod chance;
mod cmh;
mod evening;
mod exchange;
mod held;
mod mischief;
mod page;
mod pen;
mod server;
mod stock;
mod world;

pub use exchange::{Answer, Call};
pub use mischief::{Mischief, SECOND_MODERATOR};
pub use page::SITE_NAME;
pub use stock::Nature;
pub use world::{Comment, Decided, Event, Moderator, Report, Status, World};

use crate::clock::{Clock, System};
use std::net::SocketAddr;
use std::sync::Arc;

/// What kind of evening it shall be.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub seed: u64,
    /// How many wait at the start.
    pub comments: usize,
    /// 0 takes a free one.
    pub port: u16,
    /// How many come in, after the quiet time.
    pub rate_per_min: f64,
    /// Nothing happens by itself for that long.
    pub quiet_secs: u64,
    pub mischief: Mischief,
    /// What gets a moderator in; made up where there is none.
    pub token: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            comments: 400,
            port: 0,
            rate_per_min: 4.0,
            quiet_secs: 60,
            mischief: Mischief::default(),
            token: None,
        }
    }
}

/// The name of the moderator whom the token lets in.
pub const MODERATOR: &str = "Robin Ashdown";

/// A running demo site. It closes when this is dropped.
pub struct Demo {
    stage: Arc<server::Stage>,
    server: server::Server,
    token: String,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Demo at {}", self.server.address)
    }
}

impl Demo {
    /// Opens the site. Fails where the port is taken or no thread can be had.
    pub fn start(options: Options) -> std::io::Result<Self> {
        let listener = server::bind(options.port)?;
        let clock = System::start();
        let mut world = World::new(options.seed, options.comments, clock.now());
        world.set_origin(&format!("http://{}", listener.local_addr()?));
        world.set_pace(options.rate_per_min, options.quiet_secs, options.mischief);
        let token = options.token.unwrap_or_else(|| format!("demo-{}", uuid::Uuid::new_v4().simple()));
        let moderator =
            Moderator { id: "m1".to_owned(), name: MODERATOR.to_owned(), writes: true, sees_private: true };
        world.admit(&token, moderator);
        let stage = Arc::new(server::Stage::new(world, Box::new(clock)));
        let server = server::serve(listener, Arc::clone(&stage))?;
        Ok(Self { stage, server, token })
    }

    /// Where its API answers: `http://127.0.0.1:PORT/api/mod`.
    pub fn base(&self) -> String {
        format!("http://{}{}", self.server.address, cmh::BASE)
    }

    /// Where the newspaper itself is: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// What gets a moderator in.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Does something with the world; who follows its changes hears of it.
    pub fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.stage.with(act)
    }

    /// Nothing happens by itself until [`Demo::resume`].
    pub fn pause(&self) {
        self.with_world(|world| world.set_paused(true));
    }

    /// What happens by itself goes on where it stopped.
    pub fn resume(&self) {
        self.with_world(|world| world.set_paused(false));
    }
}
