//! An article of every kind of part, as WordPress itself renders it, and what the reader makes of it.

use crate::wordpress::{server, sql};
use greenroom::domain::ArticleKey;
use greenroom::text::{Apart, Block, Markup, Span, read_article};

const ARTICLE: &str = include_str!("article.html");
const FOOTNOTES: &str =
    r#"[{"content":"Minutes of the board, <em>page 4</em>.","id":"5f2c6a1e-0b7d-4c1f-9a55-1d2e3f405162"}]"#;

/// A post that goes again, with what its author says of themselves.
struct Post(String);

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

impl Post {
    fn new(content: &str) -> Self {
        let id = &sql(&format!(
            "INSERT INTO wp_posts (post_author, post_date, post_date_gmt, post_modified, post_modified_gmt, \
             post_content, post_title, post_excerpt, to_ping, pinged, post_content_filtered, post_name) VALUES \
             (1, '2026-01-02 03:04:05', '2026-01-01 22:34:05', '2026-01-02 03:04:05', '2026-01-01 22:34:05', \
             UNHEX('{}'), 'The lamp', '', '', '', '', 'the-lamp-of-shapes'); SELECT LAST_INSERT_ID()",
            hex(content)
        ))[0][0];
        sql(&format!(
            "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES ({id}, 'footnotes', UNHEX('{}')); \
             DELETE FROM wp_usermeta WHERE user_id=1 AND meta_key='description'; \
             INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (1, 'description', 'Ana of shapes')",
            hex(FOOTNOTES)
        ));
        Self(id.clone())
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let id = &self.0;
        sql(&format!(
            "DELETE FROM wp_posts WHERE ID={id}; DELETE FROM wp_postmeta WHERE post_id={id}; \
             UPDATE wp_usermeta SET meta_value='' WHERE meta_value='Ana of shapes'"
        ));
    }
}

fn words(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

fn kind(block: &Block) -> String {
    let all = |blocks: &[Block]| blocks.iter().map(kind).collect::<Vec<_>>().join(", ");
    match block {
        Block::Paragraph(_) => "paragraph".to_owned(),
        Block::Heading { level, spans } => format!("heading {level}: {}", words(spans)),
        Block::Quote { source, .. } => format!("quote by {}", words(source.as_deref().unwrap_or_default())),
        Block::List { start, items } => {
            let nested = items.iter().flatten().filter(|block| matches!(block, Block::List { .. })).count();
            format!("list from {start:?} of {}, {nested} nested", items.len())
        }
        Block::Table { head_rows, rows, caption, .. } => {
            let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
            let caption = words(caption.as_deref().unwrap_or_default());
            format!("table of {columns}×{}, {head_rows} head: {caption}", rows.len())
        }
        Block::Code(code) => format!("{} lines kept", code.lines().count()),
        Block::Figure { alt, caption, .. } => {
            format!("figure {alt}: {}", words(caption.as_deref().unwrap_or_default()))
        }
        Block::Rule => "rule".to_owned(),
        Block::Apart { role: Apart::Related, .. } => "Related".to_owned(),
        Block::Apart { role, blocks } => format!("{role:?} ({})", all(blocks)),
    }
}

#[test]
fn every_part_of_an_article_is_read_as_wordpress_renders_it() {
    let Some(server) = server("every_part_of_an_article_is_read_as_wordpress_renders_it") else { return };
    let (_, body) = ARTICLE.split_once("</h1>").unwrap();
    let post = Post::new(body);
    let found = server.backend("mod1").articles(&server.http, &[ArticleKey(post.0.clone())]).unwrap();
    let source = &found[0].body.as_ref().unwrap().source;
    assert!(source.contains("wp-block-latest-posts"), "the site's own blocks are rendered");
    let rich = read_article(source, Markup::Html);
    let kinds: Vec<String> = rich.blocks.iter().map(kind).collect();
    let expected = [
        "paragraph",
        "heading 2: What the board decided",
        "paragraph",
        "list from Some(1) of 3, 1 nested",
        "quote by Retired pilot",
        "heading 3: Who wants what",
        "table of 3×4, 1 head: As told to the Gazette between Monday and Thursday",
        "quote by Harbour master of the neighbouring port",
        "figure A white lamp house on a black rock: The lamp on Tuesday. Photograph by the author",
        "list from None of 2, 0 nested",
        "4 lines kept",
        "quote by Retired pilot",
        "paragraph",
        "Footnotes (list from Some(1) of 1, 0 nested)",
        "Author (paragraph, paragraph)",
        "Related",
    ];
    assert_eq!(kinds, expected);
    let Some(Block::Paragraph(first)) = rich.blocks.first() else { panic!("{:?}", rich.blocks.first()) };
    assert!(words(first).contains("light it.¹ Nobody"), "{}", words(first));
    let Some(Block::Apart { blocks, .. }) = rich.blocks.get(13) else { panic!() };
    let [Block::List { items, .. }] = blocks.as_slice() else { panic!("{blocks:?}") };
    let [Block::Paragraph(note)] = items[0].as_slice() else { panic!("{items:?}") };
    assert_eq!(words(note), "Minutes of the board, page 4.", "without the way back");
    assert!(!rich.cut);
}
