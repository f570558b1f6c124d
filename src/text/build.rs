//! Blocks under way: a stack of open containers that words fall into. It is never deeper than [`DEPTH_MAX`] and never
//! holds more than [`PARTS_MAX`] parts, whatever the markup does; what is over a limit keeps its words as long as
//! [`WORDS_BYTES_MAX`] lasts, and sets `cut`.

mod table;

use self::table::Row;
pub(super) use self::table::Table;
use super::apart;
use super::flow::{Effect, Marks, Run};
use super::rich::{Apart, Block, Link, RichText, Span};

/// Containers inside containers.
pub(super) const DEPTH_MAX: usize = 24;
/// Blocks, rows and cells of one text.
pub(super) const PARTS_MAX: usize = 20_000;
/// Bytes of words and addresses of one text.
pub(super) const WORDS_BYTES_MAX: usize = 4 << 20;

/// One open container.
#[derive(Debug)]
pub(super) enum Kind {
    Root,
    Quote {
        source: Option<Vec<Span>>,
        /// The address its markup gives, shown as its host where no words name a source.
        address: Option<Link>,
    },
    /// `implied`: no list element opened it, an item outside any list did.
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
        implied: bool,
    },
    Item,
    Table(Table),
    /// `wide` and `tall` are the columns and rows it takes.
    Cell {
        head: bool,
        wide: usize,
        tall: usize,
    },
    Caption,
    /// The source of a quotation.
    Source,
    Figure {
        caption: Option<Vec<Span>>,
    },
    Pre(String),
    /// Set apart from an article's text until `name` closes as often as it opened. Without a role it is kept only if its
    /// heading gives it one.
    Apart {
        role: Option<Apart>,
        name: String,
        open: usize,
    },
    /// Words inside are lost until `name` closes as often as it opened.
    Gone {
        name: String,
        open: usize,
    },
}

impl Kind {
    /// Whether words in it stay in one line of words.
    pub(super) fn in_line(&self) -> bool {
        matches!(self, Self::Cell { .. } | Self::Caption | Self::Source)
    }
}

/// A container and what fell into it.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    blocks: Vec<Block>,
    pub(super) run: Run,
    pub(super) heading: Option<u8>,
    /// A paragraph element is open in it.
    pub(super) in_paragraph: bool,
    /// Marks that were open before it.
    pub(super) marks_base: usize,
    /// Tables opened inside one line of words; their parts are mere line breaks.
    pub(super) tables_in_line: usize,
}

/// The text under way.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) stack: Vec<Frame>,
    pub(super) marks: Marks,
    bytes: usize,
    parts: usize,
    pub(super) cut: bool,
    /// Addresses that stay words.
    pub(super) refused: Vec<String>,
}

impl Builder {
    pub(super) fn new() -> Self {
        let mut builder = Self {
            stack: Vec::new(),
            marks: Marks::default(),
            bytes: 0,
            parts: 0,
            cut: false,
            refused: Vec::new(),
        };
        builder.push(Kind::Root);
        builder
    }

    /// The innermost container. The root is never closed, so there is one.
    pub(super) fn top(&mut self) -> &mut Frame {
        self.stack.last_mut().expect("the root stays open until `finish`")
    }

    fn push(&mut self, kind: Kind) {
        let marks_base = self.marks.count();
        self.stack.push(Frame {
            kind,
            blocks: Vec::new(),
            run: Run::default(),
            heading: None,
            in_paragraph: false,
            marks_base,
            tables_in_line: 0,
        });
    }

    /// Whether words here stay in one line: in a cell, a caption, a source.
    pub(super) fn is_flat(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.kind.in_line())
    }

    /// Opens a container; over the depth limit it is a mere paragraph break.
    pub(super) fn open(&mut self, kind: Kind) {
        self.break_block();
        if self.stack.len() >= DEPTH_MAX {
            self.cut = true;
            return;
        }
        self.push(kind);
    }

    /// From here words are lost. It is the innermost container by nature, so depth does not matter.
    pub(super) fn open_gone(&mut self, name: &str) {
        self.push(Kind::Gone { name: name.to_owned(), open: 1 });
    }

    pub(super) fn open_mark(&mut self, name: &str, effect: Effect) {
        self.cut |= !self.marks.open(name, effect);
    }

    /// Closes the innermost container that `wanted` names, and all inside it, unless `barrier` comes first.
    pub(super) fn close(&mut self, wanted: fn(&Kind) -> bool, barrier: fn(&Kind) -> bool) -> bool {
        for depth in (1..self.stack.len()).rev() {
            if wanted(&self.stack[depth].kind) {
                while self.stack.len() > depth {
                    self.close_top();
                }
                return true;
            }
            if barrier(&self.stack[depth].kind) {
                break;
            }
        }
        false
    }

    /// The box around is about the author: it names one.
    pub(super) fn is_about_author(&mut self) {
        let around = self.stack.iter_mut().rev().find_map(|frame| match &mut frame.kind {
            Kind::Apart { role: role @ Some(Apart::Note), .. } => Some(role),
            _ => None,
        });
        if let Some(role) = around {
            *role = Some(Apart::Author);
        }
    }

    /// Nothing stands in it yet.
    pub(super) fn is_empty(&self) -> bool {
        self.stack.iter().all(|frame| frame.blocks.is_empty() && frame.run.is_blank())
    }

    /// Closes everything that opened after the first `count` containers.
    pub(super) fn close_to(&mut self, count: usize) {
        while self.stack.len() > count.max(1) {
            self.close_top();
        }
    }

    /// Ends the paragraph under way; in a cell or caption, ends the line.
    pub(super) fn break_block(&mut self) {
        if self.is_flat() {
            if !self.top().run.at_line_start() {
                self.line();
            }
            return;
        }
        let frame = self.top();
        frame.in_paragraph = false;
        let spans = frame.run.take();
        if spans.is_empty() {
            return;
        }
        let block = match frame.heading {
            Some(level) => Block::Heading { level, spans },
            None => Block::Paragraph(spans),
        };
        self.keep(block);
    }

    /// Puts a whole block where the words are now.
    pub(super) fn put(&mut self, block: Block) {
        if self.has_room() {
            self.keep(block);
        }
    }

    /// Puts a block whose words came while there was room: a text that is full since then does not lose them.
    fn keep(&mut self, block: Block) {
        self.parts += 1;
        let frame = self.top();
        match &mut frame.kind {
            Kind::List { items, .. } => match items.last_mut() {
                Some(item) => item.push(block),
                None => items.push(vec![block]),
            },
            // A lazily loaded image comes twice, the second time for readers without scripts.
            _ if matches!(block, Block::Figure { .. }) && frame.blocks.last() == Some(&block) => {}
            _ => frame.blocks.push(block),
        }
    }

    /// Words as they are.
    pub(super) fn words(&mut self, text: &str) {
        if self.has_room() {
            let cost = match &mut self.stack.last_mut() {
                Some(Frame { kind: Kind::Pre(code), .. }) => {
                    code.push_str(text);
                    text.len()
                }
                Some(frame) => frame.run.push(text, &self.marks),
                None => 0,
            };
            self.bytes += cost;
        }
    }

    pub(super) fn space(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            self.bytes += frame.run.space(&self.marks);
        }
    }

    pub(super) fn line(&mut self) {
        if !self.has_room() {
            return;
        }
        match self.stack.last_mut() {
            Some(Frame { kind: Kind::Pre(code), .. }) => code.push('\n'),
            Some(frame) => self.bytes += frame.run.line(&self.marks),
            None => {}
        }
    }

    fn has_room(&mut self) -> bool {
        let room = self.bytes < WORDS_BYTES_MAX && self.parts < PARTS_MAX;
        self.cut |= !room;
        room
    }

    /// The table that the next cell, row or caption belongs to: the innermost, and only when nothing stands between.
    pub(super) fn table(&mut self) -> Option<&mut Table> {
        match self.stack.last_mut() {
            Some(Frame { kind: Kind::Table(table), .. }) => Some(table),
            _ => None,
        }
    }

    pub(super) fn open_row(&mut self) {
        self.break_block();
        if !self.has_room() {
            return;
        }
        self.parts += 1;
        if let Some(table) = self.table() {
            table.row_open = true;
            table.rows.push(Row { in_head: table.in_head, ..Row::default() });
        }
    }

    pub(super) fn open_cell(&mut self, head: bool, wide: usize, tall: usize) {
        if self.table().is_some_and(|table| !table.row_open || table.rows.is_empty()) {
            self.open_row();
        }
        // A cell without room for its words would only widen the row before it.
        if !self.has_room() {
            return;
        }
        self.parts += 1;
        self.open(Kind::Cell { head, wide, tall });
    }

    pub(super) fn close_row(&mut self) {
        if let Some(table) = self.table() {
            table.row_open = false;
        }
    }

    /// Closes the innermost container and hands what it became to the one around it.
    fn close_top(&mut self) {
        if !self.is_flat() {
            self.break_block();
        }
        let Some(mut frame) = self.stack.pop() else { return };
        match frame.kind {
            Kind::Root | Kind::Gone { .. } => {}
            Kind::Quote { source, address } => {
                let blocks = frame.blocks;
                let host =
                    |link: Link| vec![Span { text: link.host.clone(), link: Some(link), ..Span::default() }];
                let source = source.or(address.map(host));
                if !blocks.is_empty() || source.is_some() {
                    self.keep(Block::Quote { blocks, source });
                }
            }
            Kind::Apart { role, .. } => {
                apart::closed(role, frame.blocks).into_iter().for_each(|block| self.keep(block));
            }
            Kind::List { start, items, .. } => {
                if !items.is_empty() {
                    self.keep(Block::List { start, items });
                }
            }
            Kind::Item => {
                if let Kind::List { items, .. } = &mut self.top().kind
                    && !frame.blocks.is_empty()
                {
                    items.push(frame.blocks);
                }
            }
            Kind::Table(table) => self.put_table(table, frame.blocks),
            Kind::Cell { head, wide, tall } => {
                self.marks.cut_to(frame.marks_base);
                let spans = frame.run.take();
                if let Some(table) = self.table() {
                    table.place(spans, head, wide, tall);
                }
            }
            Kind::Caption => {
                self.marks.cut_to(frame.marks_base);
                self.put_caption(frame.run.take());
            }
            Kind::Source => self.put_source(frame.run.take()),
            Kind::Figure { caption } => self.put_figure(frame.blocks, caption),
            Kind::Pre(code) => {
                let code = super::visible::reveal(code.trim_end_matches([' ', '\n', '\t']));
                if !code.trim().is_empty() {
                    self.keep(Block::Code(code));
                }
            }
        }
    }

    /// Words that stood in a table but in no cell come before it, as browsers show them.
    fn put_table(&mut self, table: Table, stray: Vec<Block>) {
        for block in stray {
            self.keep(block);
        }
        let mut table = table;
        let caption = table.caption.take();
        let (rows, merged) = table.done();
        if rows.is_empty() {
            caption.into_iter().for_each(|spans| self.keep(Block::Paragraph(spans)));
            return;
        }
        let head_rows = rows.iter().take_while(|row| row.in_head || !row.has_plain_cell).count();
        let rows = rows.into_iter().map(|row| row.cells).collect();
        self.keep(Block::Table { head_rows, rows, caption, merged });
    }

    fn put_caption(&mut self, spans: Vec<Span>) {
        if spans.is_empty() {
            return;
        }
        match &mut self.top().kind {
            Kind::Table(Table { caption: caption @ None, .. }) | Kind::Figure { caption: caption @ None } => {
                *caption = Some(spans);
            }
            _ => self.keep(Block::Paragraph(spans)),
        }
    }

    fn put_source(&mut self, mut spans: Vec<Span>) {
        if let Some(first) = spans.first_mut() {
            // The dash before a name is drawn by whoever draws the quotation.
            first.text = first.text.trim_start_matches(['—', '–', '―', '-', ' ', '\u{A0}']).to_owned();
        }
        spans.retain(|span| !span.text.is_empty());
        if spans.is_empty() {
            return;
        }
        match &mut self.top().kind {
            Kind::Quote { source: source @ None, .. } => *source = Some(spans),
            _ => self.keep(Block::Paragraph(spans)),
        }
    }

    /// A figure's caption goes to the one thing it holds; a gallery keeps its own as a paragraph after it.
    fn put_figure(&mut self, mut blocks: Vec<Block>, caption: Option<Vec<Span>>) {
        let mut left = caption;
        if let [
            Block::Figure { caption: free @ None, .. }
            | Block::Table { caption: free @ None, .. }
            | Block::Quote { source: free @ None, .. },
        ] = blocks.as_mut_slice()
        {
            *free = left.take();
        }
        for block in blocks {
            self.keep(block);
        }
        if let Some(spans) = left {
            self.keep(Block::Paragraph(spans));
        }
    }

    /// Closes everything.
    pub(super) fn finish(mut self) -> RichText {
        while self.stack.len() > 1 {
            // What an unclosed element swallowed is missing, and a reader of this text must know.
            self.cut |= matches!(self.top().kind, Kind::Gone { .. } | Kind::Apart { role: None, .. });
            self.close_top();
        }
        self.break_block();
        let blocks = self.stack.pop().map(|root| root.blocks).unwrap_or_default();
        RichText { blocks, cut: self.cut, refused: self.refused }
    }
}
