//! Pictures of glyphs on a few textures. A glyph is drawn once for a face, a size and a quarter of a pixel; when all pages
//! are full, the one that was looked at longest ago is emptied.

use super::raster::{Picture, Raster, Wanted};
use super::shelf::Shelves;
use super::upload::{Upload, joined};
use egui::epaint::FontColorTransferFunction;
use egui::{ColorImage, Context, TextureHandle, TextureOptions};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

/// Pixels of a page's side.
const SIDE: usize = 1024;
/// Pages before one is emptied; each is 4 MiB.
const PAGES_MAX: usize = 6;
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
#[derive(Clone)]
pub struct Brush {
    pub font: parley::FontData,
    pub coords: Vec<i16>,
    /// Pixels.
    pub size: f32,
    /// The face has no weight as heavy as was asked for.
    pub heavier: bool,
}

impl Brush {
    /// How far to the right a glyph is drawn once more to make it heavier, in pixels; 0 where its face is heavy enough.
    pub fn heavier_by(&self) -> f32 {
        if self.heavier { self.size / 28.0 } else { 0.0 }
    }

    pub(super) fn key(&self, glyph: u32, bin: u8, coords: u64) -> GlyphKey {
        GlyphKey {
            font: self.font.data.id(),
            index: self.font.index,
            glyph,
            size: self.size.to_bits(),
            bin,
            heavier: self.heavier,
            coords,
        }
    }
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
    /// Made when it is first needed.
    raster: Option<Raster>,
    /// Glyphs that are to be drawn, and their keys.
    wanted: Vec<Wanted>,
    asked: HashSet<GlyphKey>,
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

    /// Keys of a run's glyphs, each with a pen that stands `x` pixels from a whole one, `0 <= x < 1`. Those without a
    /// picture have one after the next [`Self::draw`].
    pub fn want(
        &mut self,
        brush: Brush,
        glyphs: impl Iterator<Item = (u32, f32)>,
        frame: u64,
    ) -> Vec<GlyphKey> {
        let coords = self.hasher.hash_one(&brush.coords);
        let mut missing = Vec::new();
        let keys = glyphs.map(|(glyph, x)| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 3")]
            let bin = (x * BINS) as u8;
            let key = brush.key(glyph, bin, coords);
            match self.entries.get(&key) {
                Some(Some(entry)) => {
                    if let Some(page) = self.pages.get_mut(entry.page) {
                        page.seen_at = frame;
                    }
                }
                Some(None) => {}
                None if self.asked.insert(key) => missing.push((key, glyph, f32::from(bin) / BINS)),
                None => {}
            }
            key
        });
        let keys = keys.collect();
        if !missing.is_empty() {
            self.wanted.push(Wanted { brush, glyphs: missing });
        }
        keys
    }

    /// Draws what was wanted since the last call.
    pub fn draw(&mut self, ctx: &Context, frame: u64) {
        self.asked.clear();
        let wanted = std::mem::take(&mut self.wanted);
        if wanted.is_empty() {
            return;
        }
        let mut raster = std::mem::take(&mut self.raster);
        raster.get_or_insert_with(Raster::default).draw(&wanted, |key, picture| {
            let entry = picture.and_then(|picture| self.put(ctx, picture, frame));
            self.entries.insert(key, entry);
        });
        self.raster = raster;
    }

    /// The picture of a glyph, if it has one.
    pub fn entry(&self, key: &GlyphKey) -> Option<Entry> {
        self.entries.get(key).copied().flatten()
    }

    /// Puts the pictures that were drawn since the last call onto their textures, neighbours at once.
    pub fn upload(&mut self) {
        for Upload { page, at, image } in joined(std::mem::take(&mut self.waiting)) {
            if let Some(page) = self.pages.get_mut(page) {
                page.texture.set_partial(at, image, TextureOptions::NEAREST);
            }
        }
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

#[cfg(test)]
mod tests;
