//! Which elements mean something here, and which addresses may be followed. Everything not named keeps its words and
//! loses its tag.

use super::host;
use super::rich::Link;
use super::visible::visible;
use url::Url;

/// Longest address that stays a link.
pub(super) const LINK_BYTES_MAX: usize = 8 << 10;

/// What an element does to the words in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing: its words stay in the line.
    Words,
    /// Starts and ends a paragraph.
    Break,
    Heading(u8),
    Quote,
    /// A list; `true` when numbered.
    List(bool),
    Terms,
    Item,
    Term,
    Meaning,
    Table,
    TableHead,
    TableBody,
    Row,
    /// A cell; `true` for a heading cell.
    Cell(bool),
    /// Caption of a table or a figure.
    Caption,
    Figure,
    Image,
    /// A medium that only a request could show.
    Medium,
    Pre,
    /// A source where a quotation has one, else a title in a sentence.
    Cite,
    Footer,
    Aside,
    LineBreak,
    Rule,
    Link,
    Strong,
    Emphasis,
    Code,
    Struck,
    Raised,
    Lowered,
    Quoted,
    /// Loses its words too.
    Gone,
    /// Loses its words in an article.
    GoneInArticle,
    Menu,
}

impl Role {
    /// Whether it ends the paragraph before it.
    pub(super) fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Words
                | Self::Image
                | Self::Cite
                | Self::LineBreak
                | Self::Link
                | Self::Strong
                | Self::Emphasis
                | Self::Code
                | Self::Struck
                | Self::Raised
                | Self::Lowered
                | Self::Quoted
                | Self::Gone
        )
    }
}

/// What the element of this name does.
pub(super) fn role(name: &str) -> Role {
    match name {
        "p" | "div" | "section" | "article" | "main" | "header" | "hgroup" | "address" | "center"
        | "fieldset" | "legend" | "details" | "summary" | "dialog" | "search" | "option" | "optgroup"
        | "textarea" | "head" | "body" | "html" | "multicol" => Role::Break,
        "h1" => Role::Heading(1),
        "h2" => Role::Heading(2),
        "h3" => Role::Heading(3),
        "h4" => Role::Heading(4),
        "h5" => Role::Heading(5),
        "h6" => Role::Heading(6),
        "blockquote" => Role::Quote,
        "ul" | "menu" | "dir" => Role::List(false),
        "ol" => Role::List(true),
        "dl" => Role::Terms,
        "li" => Role::Item,
        "dt" => Role::Term,
        "dd" => Role::Meaning,
        "table" => Role::Table,
        "thead" => Role::TableHead,
        "tbody" | "tfoot" => Role::TableBody,
        "tr" => Role::Row,
        "td" => Role::Cell(false),
        "th" => Role::Cell(true),
        "caption" | "figcaption" => Role::Caption,
        "figure" => Role::Figure,
        "img" | "image" => Role::Image,
        "iframe" | "video" | "audio" | "embed" | "object" => Role::Medium,
        "pre" | "listing" | "xmp" | "plaintext" => Role::Pre,
        "cite" => Role::Cite,
        "footer" => Role::Footer,
        "aside" => Role::Aside,
        "br" => Role::LineBreak,
        "hr" => Role::Rule,
        "a" => Role::Link,
        "b" | "strong" => Role::Strong,
        "em" | "i" | "var" | "dfn" => Role::Emphasis,
        "code" | "kbd" | "samp" | "tt" => Role::Code,
        "del" | "s" | "strike" => Role::Struck,
        "sup" => Role::Raised,
        "sub" => Role::Lowered,
        "q" => Role::Quoted,
        "script" | "style" | "template" | "title" | "svg" | "noembed" | "noframes" => Role::Gone,
        "nav" => Role::Menu,
        "form" | "button" => Role::GoneInArticle,
        _ => Role::Words,
    }
}

/// Refused addresses that a text keeps.
pub(super) const REFUSED_MAX: usize = 20;

/// Characters kept of a refused address.
const REFUSED_CHARS_MAX: usize = 60;

/// The beginning of an address that must not be followed, what hides in it labelled: a scheme that runs or opens
/// something here. Relative addresses and those to write or call to are nothing to tell.
pub(super) fn refused(address: &str) -> Option<String> {
    let address = &address[..address.floor_char_boundary(LINK_BYTES_MAX)];
    let url = Url::parse(address.trim()).ok()?;
    let harmless = matches!(url.scheme(), "http" | "https" | "mailto" | "tel" | "sms");
    (!harmless).then(|| visible(url.as_str()).chars().take(REFUSED_CHARS_MAX).collect())
}

/// The address as it may be followed: whole, `http` or `https`, its host in ASCII. Relative addresses and every other
/// scheme give `None`.
pub(super) fn link(address: &str) -> Option<Link> {
    let address = address.trim();
    if address.len() > LINK_BYTES_MAX {
        return None;
    }
    let address = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let url = Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
    let host = host::shown(&host);
    let url = String::from(url);
    (url.len() <= LINK_BYTES_MAX).then_some(Link { url, host })
}
