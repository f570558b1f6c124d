//! The door as a whole: markup in, a short notation of what came out.

use super::build::{DEPTH_MAX, WORDS_BYTES_MAX};
mod article;

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Rich text in short: `¶` paragraph, `H2` heading, `Q(…~source)`, `L(…)` or `L3(…)`, `T1[a|b/c|d~caption]`, `C{code}`,
/// `F(alt@host~caption)`, `---`. In spans `*strong*`, `_emphasis_`, `` `code` ``, `-struck-`, `[words>address]`.
fn shown(rich: &RichText) -> String {
    format!("{}{}", blocks(&rich.blocks), if rich.cut { " CUT" } else { "" })
}

fn blocks(list: &[Block]) -> String {
    list.iter().map(block).collect::<Vec<_>>().join(" ")
}

fn block(block: &Block) -> String {
    let after = |spans: &Option<Vec<Span>>| spans.as_ref().map_or(String::new(), |s| format!("~{}", line(s)));
    match block {
        Block::Paragraph(spans) => format!("¶{}", line(spans)),
        Block::Heading { level, spans } => format!("H{level} {}", line(spans)),
        Block::Quote { blocks: inner, source } => format!("Q({}{})", blocks(inner), after(source)),
        Block::List { start, items } => {
            let items: Vec<String> = items.iter().map(|item| blocks(item)).collect();
            format!("L{}({})", start.map_or(String::new(), |n| n.to_string()), items.join(", "))
        }
        Block::Table { head_rows, rows, caption, .. } => {
            let row = |row: &Vec<Vec<Span>>| row.iter().map(|cell| line(cell)).collect::<Vec<_>>().join("|");
            format!("T{head_rows}[{}{}]", rows.iter().map(row).collect::<Vec<_>>().join("/"), after(caption))
        }
        Block::Code(code) => format!("C{{{code}}}"),
        Block::Figure { alt, host, caption } => {
            format!("F({alt}@{}{})", host.as_deref().unwrap_or("-"), after(caption))
        }
        Block::Rule => "---".to_owned(),
        Block::Apart { role, blocks: inner } => format!("{role:?}({})", blocks(inner)),
    }
}

fn line(spans: &[Span]) -> String {
    let mut out = String::new();
    for span in spans {
        let mut text = span.text.clone();
        for (on, sign) in [(span.code, "`"), (span.struck, "-"), (span.emphasis, "_"), (span.strong, "*")] {
            if on {
                text = format!("{sign}{text}{sign}");
            }
        }
        out += &span.link.as_ref().map_or(text.clone(), |link| format!("[{text}>{}]", link.url));
    }
    out
}

fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(shown(&read(source, Markup::Html)), *expected, "{source}");
    }
}

#[test]
fn words_in_a_line_keep_their_manner() {
    check(&[
        ("", ""),
        (" \n\t ", ""),
        ("Hello  <b>big</b>\tworld", "¶Hello *big* world"),
        ("<i>a<b>b</i>c</b>d", "¶_a_*_b_**c*d"),
        ("a<del>b</del><code>c &lt;p&gt;</code>", "¶a-b-`c <p>`"),
        ("never closed <b>bold<p>still", "¶never closed *bold* ¶*still*"),
        ("</b></p></div>stray", "¶stray"),
        ("say <q>so</q>", "¶say “so”"),
        ("10<sup>-6</sup> H<sub>2</sub>O 9<sup>th</sup>", "¶10⁻⁶ H₂O 9th"),
        ("&amp &eacute;&nbspx &#8217; &#x202E; &bogus; &lt", "¶& é\u{A0}x ’ ⟦RLO⟧ &bogus; <"),
        ("a\0b\u{1}", "¶a⟦U+0000⟧b⟦U+0001⟧"),
        ("1 < 2 <3 a<5", "¶1 < 2 <3 a<5"),
        ("می&zwnj;روم", "¶می\u{200C}روم"),
    ]);
}

#[test]
fn links_are_http_with_an_ascii_host_and_the_rest_stays_words() {
    check(&[
        ("<a href='https://example.org/x?a=1&amp;b=2'>x</a>", "¶[x>https://example.org/x?a=1&b=2]"),
        ("<a href=HTTP://EXAMPLE.org>x</a>", "¶[x>http://example.org/]"),
        ("<a href='//example.org/p'>x</a>", "¶[x>https://example.org/p]"),
        ("<a href='https://bücher.example/ü'>x</a>", "¶[x>https://xn--bcher-kva.example/%C3%BC]"),
        ("<a href='https://google.com@evil.example/'>x</a>", "¶[x>https://google.com@evil.example/]"),
        ("<a href='java\nscript:alert(1)'>x</a><a href=data:text/html,y>y</a>", "¶xy"),
        ("<a href='javascript://a.example/%0aalert(1)'>x</a><a href=ftp://a.example/>y</a>", "¶xy"),
        (
            "<a href='file:///etc/passwd'>x</a> <a href=/rel>y</a> <a>z</a> <a href=mailto:a@b.c>m</a>",
            "¶x y z m",
        ),
        (
            "<a href=https://a.example/>x<a href=https://b.example/>y",
            "¶[x>https://a.example/][y>https://b.example/]",
        ),
        ("<a href=https://a.example/>x<p>y</p></a>z", "¶[x>https://a.example/] ¶[y>https://a.example/] ¶z"),
        (
            "<a href=https://a.example/><img src=https://b.example/i.png></a>",
            "F(@b.example~[a.example>https://a.example/])",
        ),
    ]);
    let user = read("<a href='https://google.com@evil.example/'>x</a>", Markup::Html);
    let Block::Paragraph(spans) = &user.blocks[0] else { panic!("a paragraph") };
    assert_eq!(spans[0].link.as_ref().map(|link| link.host.as_str()), Some("evil.example"));
}

#[test]
fn scripts_styles_comments_and_templates_lose_their_words() {
    check(&[
        ("a<script>b</script>c<style>d</style><!-- e -->f<template>g<p>h</p></template>i", "¶acfi"),
        ("<head><title>t</title><meta x></head><body>words", "¶words"),
        ("<!DOCTYPE html><?php echo 1 ?>a<![CDATA[x]]>", "¶a"),
        (
            "<noscript>kept</noscript><object>fall</object><font color=red>font</font><x-y>own</x-y>",
            "¶kept F(@-) ¶fallfontown",
        ),
        ("<textarea><b>raw</b></textarea><select><option>one<option>two</select>", "¶<b>raw</b> ¶one ¶two"),
        ("<iframe src=https://video.example/1 title=Clip><p>x</p></iframe>a", "F(Clip@video.example) ¶a"),
    ]);
}

#[test]
fn nothing_is_hidden_where_a_browser_would_show_it() {
    check(&[
        ("<svg><title/></svg>shown", "¶shown"),
        ("<svg><style><p>shown</p></style></svg>", "¶shown"),
        ("<svg><style>.a{}</style><text>shown</text></svg>", "¶shown"),
        ("<math><mi>x</mi><mo>=</mo><mn>2</mn></math> after", "¶x=2 after"),
        ("<p style='display:none'>shown</p><div hidden>too</div>", "¶shown ¶too"),
        ("<p>a<head>shown</head>b", "¶a ¶shown ¶b"),
        ("a<template>never closed", "¶a CUT"),
        ("a<!-- never closed", "¶a CUT"),
        ("a <b never closed", "¶a CUT"),
    ]);
}

#[test]
fn paragraphs_lists_and_quotes_come_out_as_blocks() {
    check(&[
        ("<p>a<p>b</p>c<div>d<div>e</div></div>", "¶a ¶b ¶c ¶d ¶e"),
        ("<p>a<br>b<br/><br />c<br></p>", "¶a\nb ¶c"),
        ("<h2>T <em>i</em></h2><h7>x</h7><h1>u<p>v</p></h1>w", "H2 T _i_ ¶x H1 u H1 v ¶w"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e", "L(¶a, ¶b L(¶c), ¶d) ¶e"),
        ("<ol start=3><li><p>a</p><p>b</p></li></ol><ol><li>x</ol>", "L3(¶a ¶b) L1(¶x)"),
        ("<li>a<li>b</li>after<ul>loose<li>x</ul>", "L(¶a, ¶b) ¶after L(¶loose, ¶x)"),
        ("<dl><dt>t<dd>m<dd>n<dt>u</dl>v", "L(¶*t* ¶m ¶n, ¶*u*) ¶v"),
        ("<blockquote><p>q</p><cite>— S</cite></blockquote>", "Q(¶q~S)"),
        (
            "<blockquote>q<footer>– <a href=https://s.example/>S</a></footer></blockquote>",
            "Q(¶q~[S>https://s.example/])",
        ),
        ("<blockquote cite=https://s.example/x>q</blockquote>", "Q(¶q~[s.example>https://s.example/x])"),
        ("<blockquote><p>in <cite>Book</cite> it says</p></blockquote>", "Q(¶in _Book_ it says)"),
        ("<blockquote><blockquote>b</blockquote>a</blockquote>", "Q(Q(¶b) ¶a)"),
        ("<blockquote>open<ul><li>x</blockquote>out", "Q(¶open L(¶x)) ¶out"),
        ("a<hr>b<hr/>", "¶a --- ¶b ---"),
        ("<pre>\n  a\n\n  <b>b</b>&lt;<br>c </pre>d", "C{  a\n\n  b<\nc} ¶d"),
        ("<pre><code class=x>fn main() {}\n</code></pre>", "C{fn main() {}}"),
        ("<details><summary>s</summary>t</details>", "¶s ¶t"),
    ]);
}

#[test]
fn tables_and_figures_keep_their_parts() {
    check(&[
        (
            "<table><caption>c</caption><thead><tr><th>A<th>B</thead><tbody><tr><td>1<td>2<tr><td><p>3</p><p>x</p></td></table>z",
            "T1[A|B/1|2/3\nx~c] ¶z",
        ),
        ("<table><tr><th>A</th><td>1</td></tr></table>", "T0[A|1]"),
        ("<table><tr><th>A<th>B<tr><td colspan=2>1<tr><td>2<td>3</table>", "T1[A|B/1|/2|3]"),
        ("<table>stray<tr><td><b>a<td>b</table>c", "¶stray T0[*a*|b] ¶c"),
        ("<table><tr><td>a<table><tr><td>b<td>c</table>d<td>e</table>f", "T0[a\nb c\nd|e] ¶f"),
        ("<td>a</td><td>b</td>", "¶a ¶b"),
        ("<b><table><tr><td>x</b>y<td><i>z</table>b", "T0[*xy*|*_z_*] ¶*b*"),
        ("<table><tr><td><ul><li>x<li>y</ul><img alt=I src=x></table>", "T0[x\ny\nI]"),
        (
            "<figure><img src=https://i.example/1.png alt=' A cat '><figcaption>c <b>d</b></figcaption></figure>",
            "F(A cat@i.example~c *d*)",
        ),
        (
            "<figure class=wp-block-table><table><tr><td>1</table><figcaption>c</figcaption></figure>",
            "T0[1~c]",
        ),
        ("<figure><blockquote><p>q</p></blockquote><figcaption>s</figcaption></figure>", "Q(¶q~s)"),
        (
            "<figure><figure><img src=https://a.example/ alt=a></figure><figure><img alt=b></figure><figcaption>g</figcaption></figure>",
            "F(a@a.example) F(b@-) ¶g",
        ),
        ("a<img src=data:x alt=b>c <img class=emoji alt=😀 src=https://s.w.org/x>", "¶a F(b@-) ¶c 😀"),
        (
            "<img src=data:x data-src=https://l.example/1><noscript><img src=https://l.example/1></noscript>",
            "F(@l.example)",
        ),
        ("<video src=https://v.example/a.mp4>fallback</video>", "F(@v.example) ¶fallback"),
    ]);
}

#[test]
fn wordpress_markup_comes_out_right() {
    check(&[
        (
            "<!-- wp:heading {\"level\":3} -->\n<h3 class=\"wp-block-heading\">T</h3>\n<!-- /wp:heading -->\n\n<!-- wp:paragraph -->\n<p>One<br>two</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:quote -->\n<blockquote class=\"wp-block-quote\"><!-- wp:paragraph -->\n<p>Q</p>\n<!-- /wp:paragraph --><cite>S</cite></blockquote>\n<!-- /wp:quote -->",
            "H3 T ¶One\ntwo Q(¶Q~S)",
        ),
        ("<p>one<br />\ntwo</p>\n<p>three</p>\n", "¶one\ntwo ¶three"),
        ("one\ntwo\n\nthree <b>x</b>\n", "¶one\ntwo ¶three *x*"),
        ("one\r\n\r\n<blockquote>q\nr</blockquote>\n\nt", "¶one Q(¶q\nr) ¶t"),
    ]);
}

#[test]
fn markdown_and_plain_text_pass_the_same_door() {
    let markdown = |source: &str| shown(&read(source, Markup::Markdown));
    assert_eq!(markdown("a *b* **c** ~~d~~ `e`\n\n> q\n\n3. x\n4. y"), "¶a _b_ *c* -d- `e` Q(¶q) L3(¶x, ¶y)");
    assert_eq!(markdown("[x](https://a.example) [y](javascript:alert(1))"), "¶[x>https://a.example/] y");
    assert_eq!(markdown("a<script>b</script>c <b>d</b>\n\n<div onclick=x>e</div>"), "¶ac *d* ¶e");
    assert_eq!(
        markdown("|A|B|\n|-|-|\n|1|2|\n\n```\nfn x()\n```\n![i](https://p.example/1)"),
        "T1[A|B/1|2] C{fn x()} F(i@p.example)"
    );
    assert_eq!(markdown("one\ntwo  \nthree"), "¶one two\nthree");
    let plain = |source: &str| shown(&read(source, Markup::Plain));
    assert_eq!(plain("a <b>\r\nc\n \n\n  d\u{202E}"), "¶a <b>\nc ¶d⟦RLO⟧");
    assert_eq!(plain("  \n"), "");
    // A bracket that may become a label stands apart from what follows, but at an end nothing does.
    assert_eq!(plain("a⟦\n\nRLO⟧"), "¶a⟦ ¶RLO⟧");
}

#[test]
fn an_article_is_told_from_what_stands_beside_it() {
    let article = |source: &str| shown(&read_article(source, Markup::Html));
    for (source, expected) in [
        ("<nav><ul><li>Menu</ul></nav><p>a</p><form><p>x<button>y</button></form>", "¶a"),
        ("<p>a</p><div class='x sharedaddy'><div>Share</div><p>on</p></div><p>b</p>", "¶a ¶b"),
        ("<p>a</p><aside><h4>Box</h4><p>b</p></aside><p>c</p>", "¶a Note(H4 Box ¶b) ¶c"),
        (
            "<p>a</p><div class=author-box><div>Who</div><div>What</div></div><p>c</p>",
            "¶a Author(¶Who ¶What) ¶c",
        ),
        ("<p>a</p><footer>Tags</footer>", "¶a Note(¶Tags)"),
        ("<blockquote>q<footer>S</footer></blockquote>", "Q(¶q~S)"),
        ("<nav>never closed<p>a", " CUT"),
    ] {
        assert_eq!(article(source), expected, "{source}");
    }
    assert_eq!(shown(&read("<nav>a</nav><form>b</form>", Markup::Html)), "¶a ¶b");
}

#[test]
fn words_excerpt_and_reading_time_come_from_what_is_shown() {
    let rich =
        read("<h1>T</h1><p>a <b>b</b>c</p><table><tr><td>1<td>2</table><img alt=I src=x>", Markup::Html);
    assert_eq!(words(&rich), "T\na bc\n1\t2\nI");
    assert_eq!(excerpt(&rich, 80), "T a bc 1 2 I");
    assert_eq!(excerpt(&rich, 6), "T a bc…");
    assert_eq!(excerpt(&rich, 0), "…");
    assert_eq!(excerpt(&RichText::default(), 5), "");
    for (text, minutes) in [
        (String::new(), 1),
        ("word ".repeat(230), 1),
        ("don't ".repeat(231), 2),
        ("word ".repeat(1380), 6),
        ("字".repeat(400), 1),
        ("字".repeat(1201), 4),
    ] {
        assert_eq!(reading_minutes(&read(&text, Markup::Plain)), minutes, "{} bytes", text.len());
    }
}

fn depth(list: &[Block]) -> usize {
    let inner = list.iter().map(|block| match block {
        Block::Quote { blocks, .. } => depth(blocks),
        Block::List { items, .. } => items.iter().map(|item| depth(item)).max().unwrap_or(0),
        _ => 0,
    });
    1 + inner.max().unwrap_or(0)
}

/// Bounds an unoptimised build on a busy machine; what is quadratic takes minutes.
const TOOK_MAX: Duration = Duration::from_secs(20);

/// Texts made to hurt, by name.
fn hostile() -> Vec<(&'static str, String)> {
    let address = format!("https://a.example/{}", "x".repeat(8000));
    vec![
        ("one line of 2 MB", "word ".repeat(400_000)),
        ("one word of 2 MB", "x".repeat(2_000_000)),
        ("quotes 200 deep", format!("{}deep{}", "<blockquote>".repeat(200), "</blockquote>".repeat(200))),
        ("quotes 80,000 deep", "<blockquote>".repeat(80_000)),
        ("lists 100,000 deep", "<ul><li>".repeat(100_000)),
        ("tables 100,000 deep", "<table><tr><td>".repeat(60_000)),
        ("10,000 breaks", "a<br>".repeat(10_000)),
        ("a million line ends", "a\n\n".repeat(400_000)),
        ("unclosed marks", "<b><i>x".repeat(150_000)),
        ("unclosed links", format!("<a href={address}>").repeat(120)),
        ("a long link in many spans", format!("<a href={address}>{}", "<b>x</b>y".repeat(100_000))),
        (
            "a flood of attributes",
            format!("<a{}>", (0..200_000).map(|n| format!(" a{n}")).collect::<String>()),
        ),
        (
            "floods just below the limit",
            format!("<a{}>", (0..250).map(|n| format!(" a{n}")).collect::<String>()).repeat(700),
        ),
        ("entities", "&amp;&lt;&notit;&#x202E;&CounterClockwiseContourIntegral;".repeat(15_000)),
        ("ampersands", "&".repeat(1_000_000)),
        ("angle brackets", "<".repeat(1_000_000)),
        ("wide cells", format!("<table><tr>{}", "<td colspan=1000>".repeat(60_000))),
        ("controls", "\u{202E}a".repeat(250_000)),
        ("marks on one letter", format!("a{}", "\u{301}".repeat(500_000))),
    ]
}

#[test]
fn hostile_texts_are_read_within_their_limits() {
    for (name, source) in hostile() {
        for markup in [Markup::Html, Markup::Plain] {
            let begun = Instant::now();
            let rich = read(&source, markup);
            let took = begun.elapsed();
            assert!(depth(&rich.blocks) <= DEPTH_MAX, "{name}");
            assert!(words(&rich).len() <= WORDS_BYTES_MAX * 5, "{name}");
            println!("{name}, {markup:?}: {took:?}");
            assert!(took < TOOK_MAX, "{name} took {took:?}");
        }
    }
}

#[test]
fn hostile_markdown_is_read_within_its_limits() {
    let cases = hostile().into_iter().chain([
        ("quotes", "> ".repeat(50_000)),
        ("brackets", "[".repeat(100_000)),
        ("brackets and links", "[a](".repeat(50_000)),
        ("emphasis", "*a **b ".repeat(50_000)),
        ("references", format!("[a]: https://a.example/{}\n\n{}", "x".repeat(5000), "[a]".repeat(50_000))),
        ("backticks", (1..700).map(|n| format!("{}x", "`".repeat(n))).collect()),
        ("list", "- ".repeat(5_000)),
        ("tables", "|a".repeat(20_000) + "\n" + &"|-".repeat(20_000) + "\n" + &"|b\n".repeat(2_000)),
    ]);
    for (name, source) in cases {
        let begun = Instant::now();
        let rich = read(&source, Markup::Markdown);
        println!("{name}: {:?}", begun.elapsed());
        assert!(depth(&rich.blocks) <= DEPTH_MAX, "{name}");
        assert!(begun.elapsed() < TOOK_MAX, "{name} took {:?}", begun.elapsed());
    }
}

#[test]
fn what_a_limit_cuts_is_said_and_words_stay() {
    let deep = format!("{}deep{}after", "<blockquote>".repeat(200), "</blockquote>".repeat(200));
    let rich = read(&deep, Markup::Html);
    assert!(rich.cut && words(&rich) == "deep\nafter");
    let long = read(&"x".repeat(SOURCE_BYTES_MAX + 1), Markup::Plain);
    assert!(long.cut && words(&long).len() == SOURCE_BYTES_MAX);
    assert!(!read(&"x".repeat(SOURCE_BYTES_MAX), Markup::Plain).cut);
    let far = format!("<a href=https://a.example/{}>x</a>", "y".repeat(policy::LINK_BYTES_MAX));
    assert_eq!(shown(&read(&far, Markup::Html)), "¶x CUT");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let source = String::from_utf8_lossy(&bytes);
        for markup in [Markup::Html, Markup::Markdown, Markup::Plain] {
            let rich = read(&source, markup);
            prop_assert!(depth(&rich.blocks) <= DEPTH_MAX);
            let _ = (read_article(&source, markup), normal_form(&rich, &source, Some(&source)), excerpt(&rich, 20));
            let _ = (fold_query(&source), reading_minutes(&rich), changed_words(&source, &words(&rich)));
        }
    }

    #[test]
    fn tag_soup_keeps_every_word(parts in proptest::collection::vec(
        (0..SOUP.len(), any::<bool>(), "[a-z]{1,3}"), 0..120
    )) {
        let mut source = String::new();
        let mut said = String::new();
        for (at, closes, word) in parts {
            source += &format!("<{}{}>{word} ", if closes { "/" } else { "" }, SOUP[at]);
            said += &word;
        }
        let rich = read(&source, Markup::Html);
        prop_assert!(depth(&rich.blocks) <= DEPTH_MAX);
        let mut shown: Vec<char> = words(&rich).chars().filter(|c| c.is_ascii_lowercase()).collect();
        let mut said: Vec<char> = said.chars().collect();
        // A table's stray words and a quotation's source move, as browsers move them; none is lost.
        shown.sort_unstable();
        said.sort_unstable();
        prop_assert_eq!(shown, said, "{}", source);
    }
}

const SOUP: [&str; 30] = [
    "p",
    "div",
    "b",
    "i",
    "a href=https://a.example/",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "td",
    "th",
    "caption",
    "thead",
    "figure",
    "figcaption",
    "blockquote",
    "cite",
    "footer",
    "h2",
    "pre",
    "code",
    "br",
    "svg",
    "math",
    "nav",
    "x-y",
];

#[test]
fn cells_beyond_the_limit_do_not_widen_the_last_row() {
    let row = format!("<tr>{}</tr>", "<td>x</td>".repeat(4));
    let rich = read(&format!("<table>{}</table>", row.repeat(6_000)), Markup::Html);
    let [Block::Table { rows, .. }] = rich.blocks.as_slice() else { panic!("{} blocks", rich.blocks.len()) };
    assert!(rich.cut && rows.len() > 3_000 && rows.iter().all(|row| row.len() <= 4));
}
