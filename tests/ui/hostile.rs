//! Bodies that were made to hurt: no frame may wait for one of them, nothing may panic, and nothing may be fetched.

use crate::stage::spent;
use egui::{
    Context, Event, Key, Modifiers, OutputCommand, PointerButton, RawInput, Rect, ScrollArea, Ui, pos2, vec2,
};
use greenroom::text::{Markup, RichText, Softener, read, read_article, revealed, visible, visible_line};
use greenroom::ui::Desk;
use greenroom::ui::font::Face;
use greenroom::ui::theme::LIGHT;
use greenroom::ui::widget::rich_text::{Manner, plain, rich_text_ui};
use greenroom::ui::widget::said::{said_line_ui, said_ui};
use greenroom::ui::widget::soften::{self, Soft};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a frame may take of the thread that draws.
pub const FRAME: Duration = Duration::from_millis(50);
/// A build for tests checks every sum and inlines little, and the machine that runs it may be slow: the limit itself is
/// asserted where this is built for release.
pub const SLOWER: u32 = if cfg!(debug_assertions) { 3 } else { 1 };
const FRAMES: usize = 24;
/// The frame in which all of a text is taken, and the one in which it is copied.
const TAKEN: usize = 8;
const COPIED: usize = 12;

fn marked(text: &str, times: usize) -> (String, Markup) {
    (text.repeat(times), Markup::Html)
}

fn table(rows: usize, columns: usize) -> (String, Markup) {
    let row = format!("<tr>{}</tr>", "<td>سلام cell</td>".repeat(columns));
    (format!("<table>{}</table>", row.repeat(rows)), Markup::Html)
}

/// A table whose first row is as long as it may be, and whose others have one cell.
fn ragged() -> (String, Markup) {
    let rows = "<tr><td>one</td></tr>".repeat(8_000);
    (format!("<table><tr>{}</tr>{rows}</table>", "<td>cell</td>".repeat(8_000)), Markup::Html)
}

fn bomb() -> (String, Markup) {
    let mut out = String::from("<!DOCTYPE a [<!ENTITY a \"ha\">");
    for n in 0..30 {
        out.push_str(&format!("<!ENTITY a{n} \"&a{n};&a{n};&a{n};&a{n};\">"));
    }
    (out + "]>" + &"&a29;&amp&lt&#x41&#1114112;&#xD800;".repeat(20_000), Markup::Html)
}

pub fn bodies() -> Vec<(&'static str, (String, Markup))> {
    let bytes: Vec<u8> = (0..600_000_u32).map(|n| (n * 37 % 256) as u8).collect();
    let halves: Vec<u16> = (0..60_000_u16).map(|n| 0xD800 + n % 0x800).collect();
    let nested = |open: &str, close: &str| (open.repeat(200) + "deep" + &close.repeat(200), Markup::Html);
    vec![
        ("2 MB on one line", marked("word سلام ", 2_000_000 / 14)),
        ("plain 2 MB", ("word ".repeat(400_000), Markup::Plain)),
        ("markdown 2 MB", ("> * **word** `x` [a](http://b.example) ".repeat(50_000), Markup::Markdown)),
        ("nested quotations", nested("<blockquote>", "</blockquote>")),
        ("nested lists", nested("<ul><li>a", "</li></ul>")),
        ("nested tables", nested("<table><tr><td>", "</td></tr></table>")),
        ("10,000 breaks", marked("<br>a", 10_000)),
        ("unclosed tags", marked("<p><b><i><a href='http://a.example'><table><td><pre>x", 8_000)),
        ("entities", bomb()),
        ("no UTF-8", (String::from_utf8_lossy(&bytes).into_owned(), Markup::Html)),
        ("halves of characters", (String::from_utf16_lossy(&halves), Markup::Html)),
        ("a Latin word without end", marked("w", 40_000)),
        ("an Arabic word without end", marked("ب", 40_000)),
        ("a Thai word without end", marked("กา", 20_000)),
        ("stacked marks", (("Z".to_owned() + &"\u{301}".repeat(60)).repeat(5_000), Markup::Html)),
        ("a table of 100 by 200", table(100, 200)),
        ("a table of 5,000 by 4", table(5_000, 4)),
        ("a row without end", ragged()),
        ("20,000 items", marked("<li>item آیتم", 20_000)),
        ("5 MB of tags", marked("<b>", 5_000_000 / 3)),
        ("20,000 links", marked("<a href='https://a.example/x'>link</a> ", 20_000)),
        ("overrides", marked("\u{202e}a\u{200b}", 40_000)),
        ("a softened word beside each other one", marked("no x ", 400_000)),
        ("a script each letter", marked("aابक你กא한", 10_000)),
        ("emoji", marked("👩🏽‍🚀🇦🇫", 10_000)),
        ("code", (format!("<pre>{}</pre>", "let a = 1;\n".repeat(60_000)), Markup::Html)),
    ]
}

/// What hands do in a frame: they click into the text and reach it by keyboard, so that something of it is selected from
/// then on, take all of it, and copy that.
fn hands(frame: usize) -> Vec<Event> {
    let at = pos2(60.0, 300.0);
    let button = |pressed| {
        let modifiers = Modifiers::NONE;
        Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers }
    };
    let key =
        |key, modifiers| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    match frame {
        2 => vec![Event::PointerMoved(at), button(true)],
        3 => vec![button(false)],
        5 => vec![key(Key::Tab, Modifiers::NONE)],
        TAKEN => vec![key(Key::A, Modifiers::COMMAND)],
        COPIED => vec![Event::Copy],
        _ => Vec::new(),
    }
}

/// Draws frames in which the page is scrolled through and worked by hand; the longest of them.
fn longest(mut add: impl FnMut(&mut Ui)) -> Duration {
    worked(&mut add).0
}

/// The longest frame, and how many bytes were copied.
fn worked(mut add: impl FnMut(&mut Ui)) -> (Duration, usize) {
    let ctx = Context::default();
    Desk::install(&ctx);
    ctx.enable_accesskit();
    // What a window has drawn before it draws this.
    let (mut first, _) = draw(&ctx, 0, |ui| drop(ui.label("a سلام क 你 ก א 한 👩🏽‍🚀")));
    let (mut longest, mut copied) = (Duration::ZERO, 0);
    for frame in 0..FRAMES {
        let before = spent();
        let bytes;
        (first, bytes) = draw(&ctx, frame, &mut add);
        copied += bytes;
        longest = longest.max(spent() - before);
    }
    assert!(first > 0, "nothing was drawn");
    (longest, copied)
}

/// One frame: how many meshes it drew, and how many bytes it copied.
fn draw(ctx: &Context, frame: usize, mut add: impl FnMut(&mut Ui)) -> (usize, usize) {
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(700.0, 900.0))),
        time: Some(frame as f64 / 60.0),
        events: hands(frame),
        ..RawInput::default()
    };
    let mut output = ctx.run_ui(input, |ui| {
        let area = ScrollArea::vertical().vertical_scroll_offset((frame * frame * 40) as f32);
        area.show(ui, |ui| add(ui));
    });
    output.textures_delta.clear();
    let text =
        |command: &OutputCommand| if let OutputCommand::CopyText(text) = command { text.len() } else { 0 };
    let copied = output.platform_output.commands.iter().map(text).sum();
    (ctx.tessellate(output.shapes, output.pixels_per_point).len(), copied)
}

fn page(text: &Arc<RichText>, manner: &Manner) -> Duration {
    let (longest, copied) = worked(|ui| drop(rich_text_ui(ui, text, manner, "text")));
    assert_eq!(copied > 0, !plain(text).trim().is_empty(), "all of it was copied");
    longest
}

fn softened(text: &Arc<RichText>, manner: &Manner, soft: &Soft) -> Duration {
    longest(|ui| {
        soften::set(ui.ctx(), Some(soft.clone()));
        drop(rich_text_ui(ui, text, manner, "text"));
    })
}

#[test]
fn no_hostile_body_holds_a_frame_up() {
    let whole = Manner::reader();
    let folded = Manner { chars_max: Some(2_400), ..whole.clone() };
    let soft = Soft {
        list: Arc::new(Softener::new("word\nسلام\nlink\nกา\nno\n")), said: "(softened)".into()
    };
    let mut told = Vec::new();
    let mut missed = Vec::new();
    for (name, (body, markup)) in bodies() {
        let started = spent();
        let comment = Arc::new(read(&body, markup));
        let reading = spent() - started;
        let article = Arc::new(read_article(&body, markup));
        // A limit cuts; it never hides all that somebody wrote.
        assert_ne!(plain(&comment).trim().is_empty(), name != "5 MB of tags", "{name}");
        let source = Arc::new(revealed(&body));
        let times = [
            page(&comment, &folded),
            page(&comment, &whole),
            page(&article, &Manner::paper()),
            page(&source, &Manner { softens: false, ..whole.clone() }),
            softened(&comment, &whole, &soft),
        ];
        told.push(format!("{name}: read {reading:?}; folded, whole, article, source, softened: {times:?}"));
        if times.iter().any(|time| *time > FRAME * SLOWER) {
            missed.push(name);
        }
    }
    eprintln!("{}", told.join("\n"));
    assert!(missed.is_empty(), "over {:?} a frame: {missed:?}\n{}", FRAME * SLOWER, told.join("\n"));
}

#[test]
fn no_hostile_name_holds_a_frame_up() {
    for (what, (name, _)) in bodies() {
        // As it comes, and as the desk shows it.
        let whole = visible(&name);
        let time = longest(|ui| {
            for name in [&whole, &visible_line(&name)] {
                said_line_ui(ui, name, Face::Plain, 14.0, LIGHT.ink);
                said_ui(ui, name, Face::Strong, 19.0, LIGHT.ink);
            }
        });
        assert!(time < FRAME * SLOWER, "{what}: {time:?}");
    }
}

/// Everything that makes a browser ask, all of it pointing at `at`.
fn asking(at: &str) -> String {
    format!(
        r#"<base href="http://{at}/"><link rel=stylesheet href="http://{at}/a.css"><link rel=prefetch href="http://{at}/b">
        <link rel=preload as=font href="http://{at}/f.woff2"><meta http-equiv=refresh content="0;url=http://{at}/m">
        <style>@import url(http://{at}/i.css); p {{ background: url("http://{at}/g.png") }}</style>
        <script src="http://{at}/s.js"></script><p style="background:url(http://{at}/p.png)">words سلام</p>
        <img src="http://{at}/1.png" srcset="http://{at}/2.png 2x" alt="one"><img src="//{at}/3.png" alt="two">
        <picture><source srcset="http://{at}/4.webp"><img src="http://{at}/5.png"></picture>
        <iframe src="http://{at}/6"></iframe><video src="http://{at}/7.mp4" poster="http://{at}/8.png"></video>
        <audio src="http://{at}/9.ogg"></audio><embed src="http://{at}/10"><object data="http://{at}/11"></object>
        <svg><image href="http://{at}/12.png"/><use xlink:href="http://{at}/13.svg#a"/></svg>
        <input type=image src="http://{at}/14.png"><body background="http://{at}/15.png"><table background="http://{at}/16.png">
        <tr><td>cell</td></tr></table><a href="http://{at}/17" ping="http://{at}/18">link {at}</a>
        <?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "http://{at}/19">]>&x;
        ![a](http://{at}/20.png) [b]: http://{at}/21"#
    )
}

/// Connections that came while `work` went on and a while after.
fn connections(work: impl FnOnce(&str)) -> usize {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    work(&listener.local_addr().unwrap().to_string());
    let until = Instant::now() + Duration::from_millis(700);
    let mut came = 0;
    while Instant::now() < until {
        came += usize::from(listener.accept().is_ok());
        std::thread::sleep(Duration::from_millis(5));
    }
    came
}

#[test]
fn nothing_in_a_body_is_ever_fetched() {
    for markup in [Markup::Html, Markup::Markdown, Markup::Plain] {
        let came = connections(|at| {
            let body = asking(at);
            for (text, manner) in [
                (Arc::new(read(&body, markup)), Manner::reader()),
                (Arc::new(read_article(&body, markup)), Manner::paper()),
            ] {
                assert!(!text.blocks.is_empty());
                page(&text, &manner);
            }
        });
        assert_eq!(came, 0, "{markup:?}");
    }
}

/// The listener hears: what asks once is counted once.
#[test]
fn a_fetch_would_be_heard() {
    let came = connections(|at| drop(std::net::TcpStream::connect(at).unwrap()));
    assert_eq!(came, 1);
}

/// What a moderator wrote down to be softened, as long as it may be.
#[test]
fn a_list_of_words_without_end_holds_no_frame_up() {
    for (what, line) in
        [("words", "word1 word2 سلام idiot"), ("a script without spaces", "馬鹿กา馬鹿กา馬鹿กา")]
    {
        let own = (0..20_000).fold(String::new(), |own, n| own + line + &n.to_string() + "\n");
        let list = Softener::new(&own);
        let text = line.repeat(200);
        let before = spent();
        assert!(!list.find(&text).is_empty(), "{what}");
        let time = spent() - before;
        assert!(time < FRAME * SLOWER, "{what}: {time:?}");
    }
}
