//! Greenroom: a desk where reader comments wait before they go on stage. This page is the architecture document; what it
//! says is held by `tests/tidy.rs`, so that a rule and its reason change in one commit or not at all.
//!
//! A moderator faces thousands of comments on several sites. Three promises shape everything below: *nothing to wait for*
//! (a key moves on in the next frame, whatever disk and site do), *nothing to lose* (a decision is on disk before its row
//! leaves the queue, and is sent once, to the words that were read), *nothing to look up elsewhere* (the thread, the
//! author's record and the article stand beside the comment).
//!
//! # Seven ideas
//!
//! 1. **Truth and intent never share a column.** `comments` holds the site's last word, `outbox` what the moderator wants;
//!    the window shows truth overlaid by open decisions. So there is no optimistic write and no rollback, and being offline
//!    is not a mode.
//! 2. **One door out.** Every change is a [`app::command::Command`], becomes a [`domain::Decision`], becomes an outbox row.
//!    Only [`sync::perform`] ever calls [`backend::Backend::push`].
//! 3. **The engine is a value.** [`sync::engine::Engine::tick`] takes an event and the time and returns effects: no clock,
//!    no thread, no randomness. The driver that performs them is dull, so `tests/sim` plays thousands of evenings through
//!    the production code with nothing replaced but the wire.
//! 4. **Errors are named by the remedy.** [`backend::Fault`] has one variant for each answer there is to give; words for
//!    people are made in `app/notice.rs`, each with the command that mends it.
//! 5. **Data first, paint second.** [`app`] answers with plain structs, [`ui`] draws them and returns commands. The whole
//!    product runs headless, which is how [`cli`] and most tests use it.
//! 6. **Other people's text has one door**, [`text::read`], and comes out as [`text::RichText`], which cannot express a
//!    script, a remote image or an instruction to the desk.
//! 7. **The architecture is a test.** Layers without one leak.
//!
//! # Rooms, lowest first
//!
//! | room | what it is for | may name |
//! |---|---|---|
//! | [`domain`] | the words: comments, decisions, the table of deliveries | nobody |
//! | [`text`] | other people's words, read, folded for search, compared | nobody |
//! | [`net`] | one port, `Transport`, and reqwest behind it | nobody |
//! | [`clock`] | the only reader of clocks | nobody |
//! | [`log`] | what the program writes down about itself, made harmless first; panics | `clock` |
//! | [`store`] | SQLite: one writer thread, readers that never wait | `domain` |
//! | [`backend`] | one folder a system: WordPress, CMH | `net`, `domain` |
//! | [`sync`] | engine, dispatch, conflicts, and the driver's threads | `backend`, `store`, `net`, `text`, `clock`, `domain` |
//! | [`app`] | commands in, views out | all of the above |
//! | [`cli`] | the desk for scripts | `app`, `domain`, `text` |
//! | [`ui`] | the desk in a window | `app`, `domain`, `text` |
//! | [`demo`] | a newspaper inside the program, over real HTTP | `net`, `clock` |
//!
//! Everything absent is forbidden. `demo` and `backend` do not know each other: the wire is written down twice, because a
//! shared struct would make every mistake in it invisible. `egui` stands only in `ui`, `rusqlite` only in `store`,
//! `reqwest` only in `net/http.rs`, colours only in `ui/theme.rs`, words on screen only in `assets/words/en.ftl`.
//!
//! # Seven flows
//!
//! **A comment arrives.** The engine asks for a page; a worker packs the call ([`sync::perform::pack`]), carries it over the
//! wire ([`sync::perform::travel`], where words are read too, off the writer's thread) and unpacks it in one transaction
//! ([`sync::perform::unpack`]). Every request has a number taken when it starts; an answer may write a row only if its
//! request started after the last receipt for that comment arrived, so late answers cannot turn time back. A walk over a
//! queue that others shorten is proved by intervals of ids (`sync/cover.rs`). What is pending here and was not met is looked
//! at, never purged; an empty list proves nothing. What is not mirrored (approved, rejected, spam) is read through a page at
//! a time, as far as somebody looks. News names what changed by id; the window reads it anew.
//!
//! **A decision goes out.** A key becomes a row `Held`, on disk before it leaves the queue. When the hold has passed it
//! is `Queued`. Where a site cannot refuse a stale write, the comment is looked at first and that sight is good for one
//! second, or for as long as the site took to answer it; what remains of the race is told to the moderator, not hidden.
//! [`sync::dispatch::depart`] judges it against the words the moderator read and writes `Sending` before the request
//! leaves; [`sync::dispatch::arrive`] has an answer for every fault. After a lost answer the comment is looked at
//! before anything is sent again. A window that closes lets go of what is held; a script that ends leaves it.
//!
//! **Undo.** The newest act is taken back as a whole (`store/undo.rs`): what never left is withdrawn; what may have left gets
//! its inverse behind it. There is no timer in memory and no undo stack, so it survives quitting. A request that a slow
//! server carries out after it was taken back is found at the next look and taken back again.
//!
//! **A conflict.** [`sync::conflict::judge`] is the only judge, for what a push answers, what a pull brings and what a look
//! finds: *moot* (they did the same), *carry on*, or *ask*. Words are compared in a normal form, so a site that rewrites its
//! own markup is no edit. The open card never changes its words under the reader.
//!
//! **An article is shown.** The card asks each frame, which is cheap; the answer is [`app::view::Loadable`], in which what we
//! had stays on screen while the new comes or fails.
//!
//! **A fault of the program.** A panic is written down by one hook ([`log`]), made harmless first, and caught where work is
//! handed out: a write is told as not written, a job and a request as failed, a site's engine is begun anew, and a frame of
//! the window gives way to a page from which the window goes on. What was decided was on disk before any of it.
//!
//! **The desk's own file breaks.** Every site and every open decision stands once more in a text file beside the database
//! (`store/carbon.rs`), on disk before the transaction it belongs to. A damaged file is set aside and never deleted
//! (`store/recover.rs`); what was open is brought back onto a new one and looked at before anything is sent. A file that an
//! older program wrote is copied before it is changed.
//!
//! # Where to look
//!
//! `rg -l outbox src` prints a noun's story in layer order: `queue`, `thread`, `article`, `outbox`, `conflict` and `site` name
//! a file in each room they pass through. Threads stand in `store/writer.rs`, `sync/driver.rs`, `app/job.rs`,
//! `demo/server.rs` and `main.rs`, and nowhere else. `tests/sim` is the storm, `tests/flows.rs` the flows without pixels,
//! `tests/cli.rs` the program as scripts run it, `tests/ui` the window by role and label, `tests/sites` real servers, `tests/tidy.rs` this page,
//! `tests/bench` what words cost the window.

pub mod app;
pub mod backend;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod domain;
pub mod log;
pub mod net;
pub mod store;
pub mod sync;
pub mod text;
pub mod ui;
