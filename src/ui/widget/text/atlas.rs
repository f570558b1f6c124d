//! Pictures of glyphs on a few textures. A glyph is drawn once for a face, a size and a quarter of a pixel; when all pages
//! are full, the one that was looked at longest ago is emptied.

use super::shelf::Shelves;
use super::upload::{Upload, joined};
use egui::epaint::FontColorTransferFunction;
use egui::{ColorImage, Context, TextureHandle, TextureOptions};
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use vello_cpu::color::palette::css::WHITE;
use vello_cpu::{Glyph, Pixmap, RenderContext, Resources};

/// Pixels of a page's side.
const SIDE: usize = 1024;
/// Pages before one is emptied; each is 4 MiB.
const PAGES_MAX: usize = 6;
/// A larger glyph is drawn in no size.
const GLYPH_PIXELS_MAX: f32 = 300.0;
/// Places between two pixels that are told apart.
const BINS: f32 = 4.0;

/// One glyph in one size at one place within a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlyphKey {
    font: u64,
    index: u32,
    glyph: u32,
    size: u32,
    bin: u8,
    heavier: bool,
    /// Of a face that is many: which of them.
    coords: u64,
}

/// A run's face in its size.
pub struct Brush<'a> {
    pub font: &'a parley::FontData,
    pub coords: &'a [i16],
    /// Pixels.
    pub size: f32,
    /// The face has no weight as heavy as was asked for.
    pub heavier: bool,
}

/// Where a glyph's picture is.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub page: usize,
    pub at: [usize; 2],
    pub size: [usize; 2],
    /// Pixels from the pen to the picture's corner.
    pub offset: [i32; 2],
    /// It brings its own colours.
    pub coloured: bool,
}

struct Page {
    texture: TextureHandle,
    shelves: Shelves,
    seen_at: u64,
}

/// All pages of a window.
#[derive(Default)]
pub struct Atlas {
    pages: Vec<Page>,
    entries: HashMap<GlyphKey, Option<Entry>>,
    /// What glyphs are drawn with and on, kept because making them takes longer than drawing.
    canvas: Option<(RenderContext, Pixmap)>,
    resources: Resources,
    /// Pictures that no texture has yet.
    waiting: Vec<Upload>,
    transfer: FontColorTransferFunction,
    generation: u64,
    hasher: RandomState,
}

impl Atlas {
    /// Changes whenever pictures went away.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Pixels of a page's side.
    pub fn side() -> usize {
        SIDE
    }

    /// Keeps to how the theme wants edges.
    pub fn adapt(&mut self, transfer: FontColorTransferFunction) {
        if self.transfer != transfer {
            self.transfer = transfer;
            self.entries.clear();
            self.pages.iter_mut().for_each(|page| page.shelves = Shelves::default());
            self.generation += 1;
        }
    }

    /// The texture of a page, which is looked at in `frame`.
    pub fn look(&mut self, page: usize, frame: u64) -> Option<egui::TextureId> {
        let page = self.pages.get_mut(page)?;
        page.seen_at = frame;
        Some(page.texture.id())
    }

    /// The picture of a glyph whose pen stands `x` pixels from a whole one, `0 <= x < 1`.
    pub fn glyph(&mut self, ctx: &Context, brush: &Brush<'_>, id: u32, x: f32, frame: u64) -> Option<Entry> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 3")]
        let bin = (x * BINS) as u8;
        let key = GlyphKey {
            font: brush.font.data.id(),
            index: brush.font.index,
            glyph: id,
            size: brush.size.to_bits(),
            bin,
            heavier: brush.heavier,
            coords: self.hasher.hash_one(brush.coords),
        };
        if let Some(entry) = self.entries.get(&key) {
            if let Some(page) = entry.and_then(|entry| self.pages.get_mut(entry.page)) {
                page.seen_at = frame;
            }
            return *entry;
        }
        let entry = self.draw(brush, id, f32::from(bin) / BINS).and_then(|drawn| self.put(ctx, drawn, frame));
        self.entries.insert(key, entry);
        entry
    }

    /// Puts the pictures that were drawn since the last call onto their textures, neighbours at once.
    pub fn upload(&mut self) {
        for Upload { page, at, image } in joined(std::mem::take(&mut self.waiting)) {
            if let Some(page) = self.pages.get_mut(page) {
                page.texture.set_partial(at, image, TextureOptions::NEAREST);
            }
        }
    }

    fn draw(&mut self, brush: &Brush<'_>, id: u32, x: f32) -> Option<Picture> {
        let size = brush.size;
        if !(1.0..=GLYPH_PIXELS_MAX).contains(&size) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 901")]
        let side = (3.0 * size).ceil() as u16 + 1;
        let pen = [size.ceil(), (2.0 * size).ceil()];
        let make = || (RenderContext::new(side, side), Pixmap::new(side, side));
        let (context, pixmap) = self.canvas.get_or_insert_with(make);
        if pixmap.width() == side {
            context.reset();
        } else {
            context.reset_and_resize(side, side);
            *pixmap = Pixmap::new(side, side);
        }
        context.set_paint(WHITE);
        let glyph = |x: f32| Glyph { id, x, y: pen[1] };
        let first = pen[0] + x;
        let again = brush.heavier.then(|| glyph(first + size / 28.0));
        context
            .glyph_run(&mut self.resources, brush.font)
            .font_size(size)
            .hint(true)
            .normalized_coords(brush.coords)
            .fill_glyphs(std::iter::once(glyph(first)).chain(again));
        context.flush();
        context.render(&mut *pixmap, &mut self.resources);
        Picture::cropped(pixmap.data_as_u8_slice(), usize::from(side), pen)
    }

    fn put(&mut self, ctx: &Context, picture: Picture, frame: u64) -> Option<Entry> {
        let Picture { size, offset, coloured, rgba } = picture;
        if size.iter().any(|length| *length + 1 > SIDE) {
            return None;
        }
        let mut placed = None;
        for (index, page) in self.pages.iter_mut().enumerate() {
            if let Some(at) = page.shelves.place(size, SIDE) {
                placed = Some((index, at));
                break;
            }
        }
        let (page, at) = match placed {
            Some(found) => found,
            None => {
                let index = self.empty_page(ctx, frame);
                (index, self.pages[index].shelves.place(size, SIDE)?)
            }
        };
        let mut image = ColorImage::from_rgba_premultiplied(size, &rgba);
        if !coloured {
            image.pixels.iter_mut().for_each(|pixel| *pixel = self.transfer.to_atlas_color(*pixel));
        }
        self.waiting.push(Upload { page, at, image });
        self.pages[page].seen_at = frame;
        Some(Entry { page, at, size, offset, coloured })
    }

    /// A new page, or an old one that nothing on screen looks at.
    fn empty_page(&mut self, ctx: &Context, frame: u64) -> usize {
        let oldest = (0..self.pages.len()).min_by_key(|index| self.pages[*index].seen_at);
        if let Some(index) = oldest
            && self.pages.len() >= PAGES_MAX
            && self.pages[index].seen_at < frame
        {
            self.pages[index].shelves = Shelves::default();
            self.entries.retain(|_, entry| entry.is_none_or(|entry| entry.page != index));
            self.generation += 1;
            return index;
        }
        let blank = ColorImage::filled([SIDE, SIDE], crate::ui::theme::CLEAR);
        let texture = ctx.load_texture("glyphs", blank, TextureOptions::NEAREST);
        self.pages.push(Page { texture, shelves: Shelves::default(), seen_at: frame });
        self.pages.len() - 1
    }
}

/// One glyph as pixels.
struct Picture {
    size: [usize; 2],
    offset: [i32; 2],
    coloured: bool,
    rgba: Vec<u8>,
}

impl Picture {
    /// The part of a drawing that is not empty.
    fn cropped(rgba: &[u8], side: usize, pen: [f32; 2]) -> Option<Self> {
        let (mut left, mut top, mut right, mut bottom) = (side, side, 0, 0);
        let mut coloured = false;
        for (at, pixel) in rgba.chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] != 0) {
            let (x, y) = (at % side, at / side);
            (left, right) = (left.min(x), right.max(x + 1));
            (top, bottom) = (top.min(y), bottom.max(y + 1));
            coloured |= pixel[..3].iter().any(|part| *part != pixel[3]);
        }
        if right <= left {
            return None;
        }
        let rows = (top..bottom).flat_map(|y| &rgba[4 * (y * side + left)..4 * (y * side + right)]);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_possible_wrap,
            reason = "at most 901 pixels, and the pen stands on a whole one"
        )]
        let offset = [left as i32 - pen[0] as i32, top as i32 - pen[1] as i32];
        Some(Self { size: [right - left, bottom - top], offset, coloured, rgba: rows.copied().collect() })
    }
}
