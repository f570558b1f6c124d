//! What a field holds between frames: the engine's editor, the way back, and how far it is scrolled. Knows no window.

use crate::ui::widget::text::{Ink, Laid, Style, Words, properties};
use egui::Vec2;
use egui::util::undoer::Undoer;
use parley::editing::{Generation, PlainEditor, PlainEditorDriver};
use parley::{FontContext, LayoutContext};
use std::sync::Arc;

/// What the engine lays out with.
pub type Tools<'a> = (&'a mut FontContext, &'a mut LayoutContext<Ink>);

/// How a field's words look and where they break.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dress {
    pub style: Style,
    /// Physical pixels in a point.
    pub scale: f32,
    /// Points after which a line breaks; `None` for one line that is as long as it is.
    pub width: Option<f32>,
}

/// A text to come back to. Where the caret was makes no other text of it.
#[derive(Debug, Clone)]
pub struct Step {
    text: String,
    /// Anchor and focus, in bytes.
    held: (usize, usize),
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// See the module.
pub struct State {
    pub editor: PlainEditor<Ink>,
    pub undoer: Undoer<Step>,
    /// Points that its words are moved by.
    pub scroll: Vec2,
    /// Not all that was typed or pasted had room.
    pub cut: bool,
    dress: Option<Dress>,
    laid: Option<(Generation, Arc<Laid>)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            editor: PlainEditor::new(0.0),
            undoer: Undoer::default(),
            scroll: Vec2::ZERO,
            cut: false,
            dress: None,
            laid: None,
        }
    }
}

impl State {
    /// Takes on a look, and a text that was changed elsewhere; the caret then stands at its end.
    pub fn dress(&mut self, dress: Dress, text: &str, tools: Tools<'_>) {
        if self.dress != Some(dress) {
            self.dress = Some(dress);
            self.editor.set_scale(dress.scale);
            self.editor.set_width(dress.width.map(|width| width * dress.scale));
            let styles = self.editor.edit_styles();
            for property in properties(&dress.style) {
                styles.insert(property);
            }
        }
        if self.editor.text() != text {
            self.editor.set_text(text);
            self.cut = false;
            self.driver(tools).move_to_byte(text.len());
        } else {
            self.editor.refresh_layout(tools.0, tools.1);
        }
    }

    /// The editor with what it lays out with.
    pub fn driver<'a>(&'a mut self, tools: Tools<'a>) -> PlainEditorDriver<'a, Ink> {
        self.editor.driver(tools.0, tools.1)
    }

    /// Its words in their places.
    pub fn laid(&mut self, tools: Tools<'_>) -> Arc<Laid> {
        self.editor.refresh_layout(tools.0, tools.1);
        let generation = self.editor.generation();
        if let Some((of, laid)) = &self.laid
            && *of == generation
        {
            return Arc::clone(laid);
        }
        let layout = self.editor.try_layout().cloned().unwrap_or_default();
        let laid = Arc::new(Laid::of(Arc::<Words>::default(), layout, self.editor.get_scale()));
        self.laid = Some((generation, Arc::clone(&laid)));
        laid
    }

    /// The text as it is now, without what an input method is still composing.
    pub fn step(&self) -> Step {
        let selection = self.editor.raw_selection();
        let held = (selection.anchor().index(), selection.focus().index());
        Step { text: self.editor.text().to_string(), held }
    }

    /// Remembers the text as it is now, for the way back. `now` in seconds.
    pub fn remember(&mut self, now: f64) {
        if !self.editor.is_composing() {
            let step = self.step();
            self.undoer.feed_state(now, &step);
        }
    }

    /// One step back, or forth again.
    pub fn go_back(&mut self, forth: bool, tools: Tools<'_>) {
        let here = self.step();
        let there = if forth { self.undoer.redo(&here) } else { self.undoer.undo(&here) };
        let Some(Step { text, held }) = there.cloned() else { return };
        self.editor.set_text(&text);
        self.cut = false;
        self.driver(tools).select_byte_range(held.0, held.1);
    }
}
