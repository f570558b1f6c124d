//! Two megabytes in a comment, in what it replies to and in its article: the window waits for none of them, and nobody
//! decides on words that are not on screen yet.

use crate::desk::{Bench, Swollen, demo_site};
use crate::hostile::{FRAME, SLOWER, bodies};
use crate::stage::{Window, of, spent};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WIDE: [f32; 2] = [1600.0, 900.0];
const READING: &str = "The words of this comment are being read";
const UNREAD: &str = "Nothing was done: the words of this comment are not on screen yet";
const TOO_SOON: &str = "Nothing was done: this comment had only just come on screen";

/// Words at the beginning of each text, by which it is found on screen.
const FIRST: &str = "the first words of it";

/// A window on a desk with comments that say these things in markup, and where each stands in the list. So says the last
/// of them in every article.
fn window(texts: &[String]) -> (Window, Vec<usize>) {
    let demo = demo_site(40);
    let places = demo.with_world(|world| {
        let pending = world.pending_ids();
        // The first is open before anything is measured.
        let in_markup = |at: &usize| world.comment(&pending[*at]).unwrap().format != "plain";
        let places: Vec<usize> = (1..pending.len()).filter(in_markup).take(texts.len()).collect();
        for (at, text) in places.iter().zip(texts) {
            assert!(world.edit(&pending[*at], text));
        }
        places
    });
    assert_eq!(places.len(), texts.len());
    let article = texts.last().unwrap().clone();
    let wire = Swollen::saying(article);
    (of(WIDE, Bench::on(demo, Arc::new(wire), Duration::ZERO)), places)
}

/// Puts a key into the next frame, beside what is there already.
fn press(window: &mut Window, key: Key, modifiers: Modifiers) {
    for pressed in [true, false] {
        let event = Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
        window.harness.input_mut().events.push(event);
    }
}

/// The longest frame and what was done in it.
#[derive(Default)]
struct Longest(Duration, &'static str);

impl Longest {
    /// One frame.
    fn frame(&mut self, window: &mut Window, what: &'static str) {
        let before = spent();
        window.harness.step();
        let took = spent() - before;
        if took > self.0 {
            *self = Self(took, what);
        }
    }

    fn frames(&mut self, window: &mut Window, what: &'static str) {
        (0..12).for_each(|_| self.frame(window, what));
    }

    /// Frames until something is on screen; how many it took.
    fn until(&mut self, window: &mut Window, what: &'static str, holds: impl Fn(&Window) -> bool) -> usize {
        let until = Instant::now() + Duration::from_secs(20);
        for n in 0.. {
            if holds(window) {
                return n;
            }
            assert!(Instant::now() < until, "{what}: not within 20 s");
            std::thread::sleep(Duration::from_millis(2));
            self.frame(window, what);
        }
        unreachable!()
    }
}

fn shows(window: &Window, words: &str) -> bool {
    window.harness.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn no_long_text_holds_the_desk_up_or_is_decided_on_unseen() {
    let mut bodies = bodies();
    bodies.retain(|(name, _)| {
        ["2 MB on one line", "markdown 2 MB", "entities", "a table of 5,000 by 4"].contains(name)
    });
    let texts: Vec<String> = bodies.iter().map(|(_, (body, _))| format!("{FIRST}\n\n{body}")).collect();
    let (mut window, places) = window(&texts);
    let mut missed = Vec::new();
    let mut stands = 0;
    for ((name, _), place) in bodies.iter().zip(places) {
        let mut longest = Longest::default();
        for _ in stands + 1..place {
            press(&mut window, Key::J, Modifiers::NONE);
            longest.frames(&mut window, "on the way there");
        }
        stands = place;
        let before = window.open();
        press(&mut window, Key::J, Modifiers::NONE);
        press(&mut window, Key::A, Modifiers::NONE);
        longest.frame(&mut window, "opening it");
        assert_ne!(window.open(), before, "{name}");
        assert!(shows(&window, READING), "{name}: it was read while a frame waited");
        assert!(shows(&window, UNREAD), "{name}: the key was not told why");
        let open = window.open();
        press(&mut window, Key::A, Modifiers::NONE);
        longest.until(&mut window, "until its words come", |window| !shows(window, READING));
        press(&mut window, Key::A, Modifiers::NONE);
        longest.frame(&mut window, "its words");
        assert!(shows(&window, TOO_SOON) && window.open() == open, "{name}: decided on before it was seen");
        longest.until(&mut window, "its first words", |window| shows(window, FIRST));
        longest.frames(&mut window, "reading on");
        press(&mut window, Key::V, Modifiers::NONE);
        longest.frames(&mut window, "its source");
        press(&mut window, Key::V, Modifiers::NONE);
        longest.frames(&mut window, "its words again");
        window.harness.get_by_label("Show all of it").click();
        longest.frames(&mut window, "all of it");
        press(&mut window, Key::H, Modifiers::SHIFT);
        longest.frames(&mut window, "softened");
        press(&mut window, Key::H, Modifiers::SHIFT);
        longest.frames(&mut window, "no more softened");
        window.harness.get_by_label("Copy the comment").click();
        longest.frames(&mut window, "copied");
        assert!(window.outbox().is_empty(), "{name}");
        eprintln!("{name}: {:?} at {}", longest.0, longest.1);
        if longest.0 > FRAME * SLOWER {
            missed.push(format!("{name}: {:?} at {}", longest.0, longest.1));
        }
    }
    assert!(missed.is_empty(), "over {:?} a frame: {missed:#?}", FRAME * SLOWER);
    press(&mut window, Key::A, Modifiers::NONE);
    let open = window.open();
    assert_eq!(window.decided(1)[0].comment, open, "what was seen can be decided on");
}

#[test]
fn no_long_article_holds_the_desk_up() {
    let wanted = ["2 MB on one line", "unclosed tags", "a table of 5,000 by 4", "20,000 links"];
    for (name, (body, _)) in bodies().into_iter().filter(|(name, _)| wanted.contains(name)) {
        let (mut window, _) = window(&[format!("<p>{FIRST}</p>{body}")]);
        let mut longest = Longest::default();
        let before = window.open();
        // To a comment under another article, which is fetched, read and laid out while frames go on.
        press(&mut window, Key::End, Modifiers::NONE);
        longest.frame(&mut window, "opening a comment");
        assert_ne!(window.open(), before);
        let waited = longest.until(&mut window, "until the article comes", |window| {
            let mut found = window.harness.query_all_by_label(FIRST);
            found.next().is_some()
        });
        assert!(waited > 1, "{name}: the article was on screen before");
        for _ in 0..12 {
            press(&mut window, Key::Space, Modifiers::NONE);
            longest.frame(&mut window, "leafing on");
        }
        eprintln!("{name}: {:?} at {}", longest.0, longest.1);
        assert!(longest.0 < FRAME * SLOWER, "{name}: {:?} at {}", longest.0, longest.1);
    }
}
