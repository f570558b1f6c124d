//! A stand-in for the app with canned data, so that the window can be drawn and looked at.

pub mod command;
pub mod notice;
mod scene;
pub mod view;
pub mod words;

use crate::domain::*;
use chrono::{DateTime, TimeDelta, Utc};
use command::Command;
use notice::{Notice, Tone};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use view::*;

pub type Waker = Arc<dyn Fn() + Send + Sync>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThemeChoice {
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    pub theme: ThemeChoice,
    pub zoom: f32,
}

struct Made {
    id: DecisionId,
    comment: CommentId,
    verb: Verb,
    at: DateTime<Utc>,
    parked: bool,
}

pub struct App {
    scene: String,
    pub settings: Settings,
    sites: Vec<SiteRow>,
    queue: QueueView,
    place: Place,
    order: Order,
    search: String,
    cards: HashMap<CommentId, CardView>,
    articles: Vec<ArticleView>,
    made: Vec<Made>,
    undone: Vec<Made>,
    toast: Option<Toast>,
    connect: ConnectView,
    busy_until: Option<DateTime<Utc>>,
    all: Vec<CommentId>,
    outbox_extra: Vec<OutboxRow>,
    pub ran: Vec<Command>,
    bodies: BTreeMap<i64, ()>,
}

impl App {
    pub fn scene(_waker: Waker) -> Self {
        let theme = match std::env::var("THEME").as_deref() {
            Ok("dark") => ThemeChoice::Dark,
            _ => ThemeChoice::Light,
        };
        let zoom = std::env::var("ZOOM").ok().and_then(|z| z.parse().ok()).unwrap_or(1.0);
        Self::canned(&std::env::var("SCENE").unwrap_or_default(), Settings { theme, zoom })
    }

    pub fn canned(scene: &str, settings: Settings) -> Self {
        let now = Utc::now();
        let cards = if scene == "first" || scene == "empty" { Vec::new() } else { scene::cards(now) };
        let all: Vec<_> = cards.iter().map(|card| card.id).collect();
        let first = scene == "first";
        let connect = if first && std::env::var("WRONG").is_ok() {
            ConnectView {
                busy: false,
                notice: Some(Notice {
                    tone: Tone::Error,
                    words: "The Gazette does not accept this user name and application password. Application passwords are made under Users, Profile; the login password does not work here.".into(),
                    remedy: None,
                }),
            }
        } else {
            ConnectView::default()
        };
        Self {
            sites: if first { Vec::new() } else { scene::sites(scene, now) },
            queue: QueueView {
                ids: Arc::new(all.clone()),
                generation: 1,
                total: (!all.is_empty()).then_some(100_212),
                loading: false,
                arrived: if all.is_empty() { 0 } else { 12 },
            },
            scene: scene.to_owned(),
            settings,
            place: Place::default(),
            order: Order::Oldest,
            search: String::new(),
            cards: cards.into_iter().map(|card| (card.id, card)).collect(),
            articles: scene::articles(now),
            made: Vec::new(),
            undone: Vec::new(),
            toast: None,
            connect,
            busy_until: None,
            all,
            outbox_extra: if first || scene == "empty" { Vec::new() } else { scene::outbox(now) },
            ran: Vec::new(),
            bodies: BTreeMap::new(),
        }
    }

    pub fn frame(&mut self) {
        let now = Utc::now();
        if self.busy_until.is_some_and(|until| now > until) {
            self.busy_until = None;
            self.connect = ConnectView {
                busy: false,
                notice: Some(Notice {
                    tone: Tone::Error,
                    words: "This address did not answer. Check it for a typing mistake.".into(),
                    remedy: None,
                }),
            };
        }
        let gone: Vec<_> = self
            .made
            .iter()
            .filter(|m| now - m.at > TimeDelta::milliseconds(900))
            .map(|m| m.comment)
            .collect();
        let ids: Vec<_> = self
            .all
            .iter()
            .copied()
            .filter(|id| !gone.contains(id))
            .filter(|id| {
                self.search.is_empty()
                    || self.cards[id].author.to_lowercase().contains(&self.search.to_lowercase())
            })
            .collect();
        if *self.queue.ids != ids {
            self.queue.ids = Arc::new(ids);
            self.queue.generation += 1;
        }
    }

    pub fn run(&mut self, command: Command) {
        self.ran.push(command.clone());
        let verb = match &command {
            Command::Approve(_) => Verb::Approve,
            Command::Reject(_) => Verb::Reject,
            Command::Spam(_) => Verb::Spam,
            _ => Verb::Restore,
        };
        match command {
            Command::Approve(ids) | Command::Reject(ids) | Command::Spam(ids) | Command::Restore(ids) => {
                self.make(ids[0], verb, false)
            }
            Command::Park(ids) => self.make(ids[0], Verb::Restore, true),
            Command::Undo => {
                if let Some(made) = self.made.pop() {
                    self.say(
                        format!("Taken back: {}", self.cards[&made.comment].author),
                        Some(Command::Redo),
                    );
                    self.undone.push(made);
                }
            }
            Command::Redo => {
                if let Some(made) = self.undone.pop() {
                    self.make(made.comment, made.verb, made.parked);
                }
            }
            Command::Go(place) => self.place = place,
            Command::SetOrder(order) => {
                self.order = order;
                self.all.reverse();
            }
            Command::Search(text) => self.search = text,
            Command::ShowArrived => self.queue.arrived = 0,
            Command::Connect(_) | Command::SignIn(..) => {
                self.connect.busy = true;
                self.busy_until = Some(Utc::now() + TimeDelta::seconds(2));
            }
            Command::TryDemo => *self = Self::canned("", self.settings),
            _ => {}
        }
    }

    fn make(&mut self, comment: CommentId, verb: Verb, parked: bool) {
        let id = DecisionId(1000 + self.made.len() as i64);
        self.made.push(Made { id, comment, verb, at: Utc::now(), parked });
        let word = if parked {
            "Parked"
        } else {
            match verb {
                Verb::Approve => "Approved",
                Verb::Reject => "Rejected",
                Verb::Spam => "Marked as spam",
                Verb::Restore => "Put back",
            }
        };
        self.say(format!("{word}: {}", self.cards[&comment].author), Some(Command::Undo));
    }

    fn say(&mut self, words: String, remedy: Option<Command>) {
        let serial = self.toast.as_ref().map_or(1, |t| t.serial + 1);
        self.toast = Some(Toast { serial, notice: Notice { tone: Tone::Said, words, remedy } });
    }

    pub fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
    pub fn sites(&self) -> &[SiteRow] {
        &self.sites
    }
    pub fn queue(&mut self) -> QueueView {
        self.queue.clone()
    }
    pub fn place(&self) -> Place {
        self.place
    }
    pub fn order(&self) -> Order {
        self.order
    }
    pub fn search(&self) -> &str {
        &self.search
    }
    pub fn row(&mut self, id: CommentId) -> Option<RowView> {
        let card = self.cards.get(&id)?;
        let made = self.made.iter().rfind(|m| m.comment == id);
        let young = made.is_some_and(|m| Utc::now() - m.at < TimeDelta::milliseconds(250));
        Some(RowView {
            id,
            author: card.author.clone(),
            site: card.site.clone(),
            article: card.article.clone(),
            created: card.created,
            excerpt: scene::excerpt(&card.body),
            badges: card.badges.clone(),
            decided: made.filter(|_| !young).map(|m| (m.verb, Delivery::Held)),
            saving: young,
        })
    }
    pub fn card(&mut self, id: CommentId) -> Option<CardView> {
        self.bodies.insert(id.0, ());
        let made = self.made.iter().rfind(|m| m.comment == id).map(|m| (m.id, m.verb, Delivery::Held));
        let mut card = self.cards.get(&id)?.clone();
        if made.is_some() {
            card.decided = made;
        }
        Some(card)
    }
    pub fn private(&mut self, _id: CommentId) -> Option<PrivateView> {
        Some(PrivateView {
            email: Some("farid.k@example.org".into()),
            ip: Some("203.0.113.77".into()),
            agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0".into()),
        })
    }
    pub fn article(&mut self, id: CommentId) -> Loadable<ArticleView> {
        match id.0 % 9 {
            7 => Loadable::Loading { previous: None },
            8 => Loadable::Absent(
                "This comment stands under a page that the site does not show to this account.".into(),
            ),
            n => Loadable::Ready(self.articles[(n as usize) % self.articles.len()].clone()),
        }
    }
    pub fn outbox(&mut self) -> Vec<OutboxRow> {
        let now = Utc::now();
        let mine = self.made.iter().rev().map(|m| {
            let card = &self.cards[&m.comment];
            OutboxRow {
                id: m.id,
                comment: m.comment,
                site: card.site.clone(),
                author: card.author.clone(),
                excerpt: scene::excerpt(&card.body),
                verb: m.verb,
                delivery: Delivery::Held,
                since: Time::second(m.at),
                leaves_in_secs: Some((5 - (now - m.at).num_seconds()).max(0) as u32),
                tries: 0,
                notice: None,
                conflict: None,
            }
        });
        mine.chain(self.outbox_extra.clone()).collect()
    }
    pub fn status(&mut self) -> StatusView {
        let trouble = self.scene == "offline";
        StatusView {
            sync: if self.sites.is_empty() {
                String::new()
            } else if trouble {
                "Gazette cannot be reached. Decisions wait here".into()
            } else {
                "Gazette synced 12 s ago".into()
            },
            trouble,
            held: self.made.len() as u32,
            waiting: if trouble { 4 } else { 0 },
            needs_help: if self.outbox_extra.is_empty() { 0 } else { 2 },
            decided_today: 128,
            next_check: Some(Time::second(Utc::now() + TimeDelta::seconds(8))),
        }
    }
    pub fn toast(&self) -> Option<Toast> {
        self.toast.clone()
    }
    pub fn connect(&self) -> ConnectView {
        self.connect.clone()
    }
    pub fn decided(&mut self, id: CommentId) -> bool {
        self.made.iter().any(|m| m.comment == id)
    }
    pub fn on_screen(&mut self, _open: Option<CommentId>, _rows: &[CommentId]) {}
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
    pub fn set_theme(&mut self, theme: ThemeChoice) {
        self.settings.theme = theme;
    }
    pub fn set_zoom(&mut self, zoom: f32) {
        self.settings.zoom = zoom;
    }
    pub fn can_undo(&self) -> bool {
        !self.made.is_empty()
    }
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}
