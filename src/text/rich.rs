//! `RichText`: all that may be drawn of other people's words. It cannot express a script, a style, a remote image or an
//! instruction to the desk.

/// A text as a list of blocks, in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RichText {
    pub blocks: Vec<Block>,
    /// Set when a limit cut the text: what is missing can be seen in its source.
    pub cut: bool,
    /// Beginnings of addresses that stay words because following them would run or open something: `javascript:…`.
    pub refused: Vec<String>,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Span>),
    /// `level` is 1 to 6.
    Heading {
        level: u8,
        spans: Vec<Span>,
    },
    /// A quotation, with its source where the markup names one.
    Quote {
        blocks: Vec<Block>,
        source: Option<Vec<Span>>,
    },
    /// `start` is set for a numbered list.
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    /// Rows of cells, a cell being its spans; the first `head_rows` are headings.
    Table {
        head_rows: usize,
        /// Every place of the grid: one that a merged cell reaches into has no spans.
        rows: Vec<Vec<Vec<Span>>>,
        caption: Option<Vec<Span>>,
        /// Cells that take more than one place.
        merged: Vec<Merged>,
    },
    /// Kept line by line as written.
    Code(String),
    /// An image or other medium as words: never fetched.
    Figure {
        alt: String,
        host: Option<String>,
        caption: Option<Vec<Span>>,
    },
    Rule,
    /// What stands with an article and is not its text.
    Apart {
        role: Apart,
        blocks: Vec<Block>,
    },
}

/// What is set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Apart {
    /// Who wrote it.
    Author,
    /// Other articles.
    Related,
    Footnotes,
    /// A fact box, a remark at the foot.
    Note,
}

/// A cell that reaches over others: where it begins, and how many columns and rows it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    pub row: usize,
    pub column: usize,
    pub wide: usize,
    pub tall: usize,
}

/// A run of words in one manner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    /// The words; a line break is `\n`.
    pub text: String,
    pub strong: bool,
    pub emphasis: bool,
    pub code: bool,
    pub struck: bool,
    /// Where it leads, `http` and `https` only; any other scheme stays words.
    pub link: Option<Link>,
}

/// A link as it may be followed: after its whole address was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The whole address, host in ASCII.
    pub url: String,
    /// The real host as it is shown: in Unicode where that can be read for what it is, else in ASCII (`xn--…`).
    pub host: String,
}
