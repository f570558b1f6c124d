//! Articles: what is set apart, and what is read of a whole page.

use super::super::passage::{Index, Place};
use super::*;

fn article(source: &str) -> String {
    shown(&read_article(source, Markup::Html))
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(article(source), *expected, "{source}");
    }
}

#[test]
fn boxes_are_told_by_the_names_that_site_software_gives_them() {
    check(&[
        // WordPress's own blocks.
        (
            "<p>a</p><div class=\"wp-block-post-author\"><div class=\"wp-block-post-author__avatar\"><img src=https://x.example/a alt=Ana></div><div class=\"wp-block-post-author__content\"><p class=\"wp-block-post-author__name\">Ana</p><p>Writes.</p></div></div><p>b</p>",
            "¶a Author(¶Ana ¶Writes.) ¶b",
        ),
        (
            "<p>a</p><ul class=\"wp-block-latest-posts__list wp-block-latest-posts\"><li><a class=x href=https://x.example/1>One</a></li><li>Two</li></ul><p>b</p>",
            "¶a Related(L(¶[One>https://x.example/1], ¶Two)) ¶b",
        ),
        (
            "<p>Said<sup data-fn=q class=fn><a href=#q id=q-link>1</a></sup>.</p><ol class=wp-block-footnotes><li id=q>A note. <a href=#q-link aria-label='Jump to footnote reference 1'>↩\u{FE0E}</a></li></ol><p>b</p>",
            "¶Said¹. Footnotes(L1(¶A note.)) ¶b",
        ),
        // Jetpack: buttons, and a list that its script would have filled.
        (
            "<p>a</p><div class='sharedaddy sd-sharing-enabled'><div class='robots-nocontent sd-block'><h3 class=sd-title>Share this:</h3></div></div><div id='jp-relatedposts' class='jp-relatedposts'><h3 class='jp-relatedposts-headline'><em>Related</em></h3></div>",
            "¶a",
        ),
        (
            "<p>a</p><div class='yarpp yarpp-related yarpp-template-list'><h3>Related posts:</h3><ol><li><a href=https://x.example/1 rel=bookmark>One</a></li></ol></div>",
            "¶a Related(L1(¶[One>https://x.example/1]))",
        ),
        // Simple Author Box, Molongui, Starbox, PublishPress Authors.
        (
            "<p>a</p><div class=\"saboxplugin-wrap\" itemtype=\"http://schema.org/Person\"><div class=\"saboxplugin-authorname\"><a class=\"vcard author\" rel=\"author\">Ana</a></div><div class=\"saboxplugin-desc\"><div>Writes.</div></div></div>",
            "¶a Author(¶Ana ¶Writes.)",
        ),
        ("<p>a</p><div class=m-a-box><div class='m-a-box-content'>Ana</div></div>", "¶a Author(¶Ana)"),
        ("<p>a</p><div class=abh_box><p>Ana</p></div>", "¶a Author(¶Ana)"),
        (
            "<p>a</p><div class='pp-multiple-authors-boxes-wrapper'><h2>Author</h2><ul><li>Ana</ul></div>",
            "¶a Author(L(¶Ana))",
        ),
        // A theme's foot with several boxes in it.
        (
            "<p>a</p><footer class=entry-footer>Filed under: harbour<div class=author_box><div>Ana</div></div><section class=related_posts><h3>Read also</h3><article>One</article></section></footer>",
            "¶a Note(¶Filed under: harbour) Author(¶Ana) Related(¶One)",
        ),
        // A class that says what an element holds is not what it is.
        ("<div class='has-author-box with-related-posts'><p>a</p></div>", "¶a"),
        ("<p>a <span class=screen-reader-text>(opens in a new tab)</span>b</p>", "¶a b"),
        ("<p>by <span class=author-info>Ana</span> today</p>", "¶by Ana today"),
        // Unclosed, and a paragraph as a box.
        ("<p>a<p class=author-bio>Ana writes.<p>b", "¶a Author(¶Ana writes.) ¶b"),
        ("<p>a</p><div class=related-posts><p>One", "¶a Related(¶One)"),
    ]);
}

#[test]
fn boxes_without_a_name_are_told_by_element_link_and_heading() {
    check(&[
        ("<p>a</p><aside><p>A fact.</p></aside><p>b</p>", "¶a Note(¶A fact.) ¶b"),
        ("<p>a</p><aside><p>Written by</p><p>Ana</p></aside>", "¶a Author(¶Ana)"),
        (
            "<p>a</p><aside><a rel=author href=https://x.example/ana>Ana</a> writes.</aside>",
            "¶a Author(¶[Ana>https://x.example/ana] writes.)",
        ),
        ("<p>a</p><div itemprop=author><b>Ana</b></div>", "¶a Author(¶*Ana*)"),
        (
            "<p>a</p><nav><p>Related</p><ul><li>One</ul></nav><nav><ul><li>Home</ul></nav>",
            "¶a Related(L(¶One))",
        ),
        (
            "<p>a</p><section role=doc-endnotes><hr><ol><li>N <a href=#f1>↩</a></ol></section>",
            "¶a Footnotes(--- L1(¶N))",
        ),
        ("<p>a</p><h3>Related articles:</h3><ul><li>One<li>Two</ul>", "¶a Related(L(¶One, ¶Two))"),
        (
            "<h3>Related</h3><p>a sentence that goes on and on, as a text about what is related to what in this town would</p>",
            "H3 Related ¶a sentence that goes on and on, as a text about what is related to what in this town would",
        ),
        ("<p>الف</p><h2>مطالب مرتبط</h2><ul><li>یک</ul>", "¶الف Related(L(¶یک))"),
    ]);
    let plain = |source: &str, markup| shown(&read_article(source, markup));
    assert_eq!(plain("a\n\n## Related\n\nb **c**", Markup::Markdown), "¶a Related(¶b *c*)");
    assert_eq!(plain("a\n\nAbout the author\n\n— b", Markup::Plain), "¶a ¶About the author ¶— b");
}

const MENU: &str =
    "<header class=site><a href=/>The Gazette</a><nav><ul><li>News<li>Sport</ul></nav></header>";
const FOOT: &str = "<footer>© The Gazette</footer><script>track()</script></body></html>";

#[test]
fn of_a_whole_page_the_article_alone_is_read() {
    let long = "The ferry was late again. ".repeat(20);
    let page = |inside: &str| {
        format!(
            "<!doctype html><html><head><title>T</title><style>p{{}}</style></head><body>{MENU}{inside}{FOOT}"
        )
    };
    let text = format!("<p>{long}</p><p>b</p>");
    let expected = format!("¶{} ¶b", long.trim_end());
    for (name, inside) in [
        ("main", format!("<aside><p>Weather</p></aside><main>{text}</main>")),
        (
            "article",
            format!("<p>Breaking</p><article><header><h1>T</h1><p>By Ana</p></header>{text}</article>"),
        ),
        (
            "main and article",
            format!("<main><p>You are here</p><article><h1>T</h1>{text}</article><p>Ads</p></main>"),
        ),
        (
            "itemprop",
            format!("<div><h1>T</h1><span>By</span><div itemprop=articleBody><div>{text}</div></div></div>"),
        ),
        (
            "a theme's class",
            format!("<main><article><h1>T</h1><div class='x entry-content'>{text}</div></article></main>"),
        ),
        ("role", format!("<div id=top>x</div><div role=main>{text}</div><div>y</div>")),
        (
            "cards beside",
            format!("<article>{text}</article><article>Another</article><article>And one</article>"),
        ),
        ("no element at all", format!("<div class=wrap>{text}</div>")),
    ] {
        assert_eq!(article(&page(&inside)), expected, "{name}");
    }
    let boxed = format!(
        "<main><article><div class=entry-content>{text}</div><div class=author-box><p>Ana</p></div></article><div class=related-posts><a href=https://x.example/1>One</a></div></main>"
    );
    assert_eq!(
        article(&page(&boxed)),
        format!("{expected} Author(¶Ana) Related(¶[One>https://x.example/1])")
    );
    let json = r#"<script type="application/ld+json">{"@type":"NewsArticle","articleBody" : "One \"two\"\nthree.\n\nF\u00e9ry \ud83d\ude00"}</script><div>loading</div>"#;
    assert_eq!(article(&page(json)), "¶One \"two\"\nthree. ¶Féry 😀");
}

#[test]
fn a_fragment_is_read_whole_whatever_elements_it_has() {
    check(&[
        (
            "<p>One long paragraph of the article.</p><article>A card</article>",
            "¶One long paragraph of the article. ¶A card",
        ),
        (
            "<p>a</p><div class=post-content>b</div><p>and much more of it here</p>",
            "¶a ¶b ¶and much more of it here",
        ),
    ]);
    assert_eq!(shown(&read("<body><nav>a</nav><main>b</main>", Markup::Html)), "¶a ¶b");
}

#[test]
fn a_quotation_has_the_source_that_stands_with_it() {
    check(&[
        ("<blockquote><p>q</p><p>– An analyst</p></blockquote>", "Q(¶q~An analyst)"),
        (
            "<blockquote><p>q</p></blockquote>\n<p>— <strong>Ana</strong>, mayor</p><p>b</p>",
            "Q(¶q~*Ana*, mayor) ¶b",
        ),
        ("<blockquote>q<br>— Ana</blockquote>", "Q(¶q~Ana)"),
        ("<blockquote><p>one<br>two<br>— <em>Ana</em></p></blockquote>", "Q(¶one\ntwo~Ana)"),
        (
            "<figure class=wp-block-pullquote><blockquote><p>q</p><cite>Ana</cite></blockquote></figure>",
            "Q(¶q~Ana)",
        ),
        (
            "<figure><blockquote><p>q</p></blockquote><figcaption>— Ana, <cite>Letters</cite></figcaption></figure>",
            "Q(¶q~— Ana, _Letters_)",
        ),
        ("<blockquote><p>q</p><p><cite>Ana Marsh</cite></p></blockquote>", "Q(¶q~Ana Marsh)"),
        (
            "<blockquote><p>q</p><p><em>And he never came back.</em></p></blockquote>",
            "Q(¶q ¶_And he never came back._)",
        ),
        // Speech that begins with a dash, and a quotation that has a source already.
        (
            "<blockquote><p>q</p></blockquote><p>— I never said that, he told us.</p>",
            "Q(¶q) ¶— I never said that, he told us.",
        ),
        ("<blockquote><p>q</p><cite>Ana</cite></blockquote><p>— Bo</p>", "Q(¶q~Ana) ¶— Bo"),
        ("<blockquote><p>— Ana</p></blockquote>", "Q(¶— Ana)"),
    ]);
    let comment = read("<blockquote><p>q</p><p>– Ana</p></blockquote>", Markup::Html);
    assert_eq!(shown(&comment), "Q(¶q ¶– Ana)", "a reader's words stay as they are");
}

#[test]
fn merged_cells_keep_their_columns() {
    let table = |source: &str| match read(source, Markup::Html).blocks.swap_remove(0) {
        Block::Table { rows, merged, .. } => {
            let row = |row: &Vec<Vec<Span>>| row.iter().map(|cell| line(cell)).collect::<Vec<_>>().join("|");
            let merged = merged.iter().map(|m| (m.row, m.column, m.wide, m.tall)).collect::<Vec<_>>();
            (rows.iter().map(row).collect::<Vec<_>>().join("/"), merged)
        }
        other => panic!("{other:?}"),
    };
    let tall = "<table><tr><th rowspan=2>A<th>B<th>C<tr><td>1<td>2<tr><td>3<td>4<td>5</table>";
    assert_eq!(table(tall), ("A|B|C/|1|2/3|4|5".to_owned(), vec![(0, 0, 1, 2)]));
    let both = "<table><tr><td>a<td rowspan=2 colspan=2>b<tr><td>c<tr><td>d<td>e<td>f</table>";
    assert_eq!(table(both), ("a|b|/c/d|e|f".to_owned(), vec![(0, 1, 2, 2)]));
    let beyond = "<table><tr></tr><tr><td rowspan=90>a<td>b<tr><td>c</table>";
    assert_eq!(table(beyond), ("a|b/|c".to_owned(), vec![(0, 0, 1, 2)]));
    let hostile =
        format!("<table><tr>{}{}", "<td rowspan=1000 colspan=20>x".repeat(400), "<tr><td>y".repeat(9_000));
    let begun = Instant::now();
    let cells: usize = match &read(&hostile, Markup::Html).blocks[0] {
        Block::Table { rows, .. } => rows.iter().map(Vec::len).sum(),
        other => panic!("{other:?}"),
    };
    assert!((9_400..40_000).contains(&cells) && begun.elapsed() < TOOK_MAX, "{cells} cells");
}

#[test]
fn boxes_take_no_time_to_read_and_nobody_speaks_about_them() {
    let body = "word ".repeat(230);
    let boxes = format!("<aside class=author-box>{body}</aside><div class=related-posts><p>{body}</p></div>");
    let rich = read_article(&format!("<p>{body}</p>{boxes}"), Markup::Html);
    assert_eq!(reading_minutes(&rich), 1);
    let note = read_article(&format!("<p>{body}</p><aside>{body}</aside>"), Markup::Html);
    assert_eq!(reading_minutes(&note), 2);

    let said = "Ana Tamarin keeps eleven goats in a lighthouse near Saxby";
    let find = |source: &str| {
        let body = read_article(source, Markup::Html);
        Index::of("", &body).find(&read(said, Markup::Plain)).map(|passage| passage.place)
    };
    let text = "<p>The harbour plan was voted down on Monday night.</p><p>Nobody had read it.</p>";
    for class in ["author-box", "related-posts"] {
        assert_eq!(find(&format!("{text}<div class={class}><p>{said}.</p></div>")), None, "{class}");
    }
    let noted = find(&format!("{text}<aside><p>First.</p><p>{said}.</p></aside>"));
    assert_eq!(noted, Some(Place::Block { block: 2, part: 1 }), "a fact box may be quoted");
}
