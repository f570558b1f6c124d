//! Pictures of glyphs, many at a time: to begin and to end a drawing takes longer than a glyph does.

use super::atlas::{Brush, GlyphKey};
use super::fonts;
use skrifa::instance::{LocationRef, NormalizedCoord, Size};
use skrifa::outline::{
    DrawSettings, Engine, HintingInstance, HintingOptions, OutlinePen, SmoothMode, Target,
};
use skrifa::raw::TableProvider as _;
use skrifa::{FontRef, GlyphId, MetadataProvider as _, OutlineGlyphCollection};
use std::collections::HashMap;
use vello_cpu::color::palette::css::WHITE;
use vello_cpu::kurbo::{Affine, BezPath, Rect, Shape as _};
use vello_cpu::{Glyph, PixmapMut, RenderContext, Resources};

/// Pixels of a canvas's side at most.
const SIDE_MAX: u16 = 1024;
/// A face larger than this is not drawn.
const SIZE_MAX: f32 = 300.0;
/// Pixels left free around a glyph.
const AROUND: f64 = 1.0;
/// Faces whose instructions are kept, each in one size.
const HINTED_MAX: usize = 32;
/// Stems are moved onto whole pixels up and down only, so that widths stay as they were laid out.
const HINTING: HintingOptions = HintingOptions {
    engine: Engine::AutoFallback,
    target: Target::Smooth {
        mode: SmoothMode::Lcd,
        symmetric_rendering: false,
        preserve_linear_metrics: true,
    },
};

/// Glyphs of one face and size that are to be drawn.
pub struct Wanted {
    pub brush: Brush,
    /// With the pen's place between two pixels.
    pub glyphs: Vec<(GlyphKey, u32, f32)>,
}

/// One glyph as pixels.
pub struct Picture {
    pub size: [usize; 2],
    /// Pixels from the pen to the picture's corner.
    pub offset: [i32; 2],
    /// It brings its own colours.
    pub coloured: bool,
    pub rgba: Vec<u8>,
}

/// Where a glyph stands on the canvas.
struct Cell {
    key: GlyphKey,
    corner: [u16; 2],
    size: [u16; 2],
    /// From the corner, on whole pixels.
    pen: [i32; 2],
}

impl Cell {
    fn rect(&self) -> Rect {
        let [left, top] = self.corner.map(f64::from);
        Rect::new(left, top, left + f64::from(self.size[0]), top + f64::from(self.size[1]))
    }
}

/// A face in one size, whose instructions are kept.
#[derive(PartialEq, Eq, Hash)]
struct HintedKey {
    font: u64,
    index: u32,
    size: u32,
    coords: Vec<i16>,
}

impl HintedKey {
    fn of(brush: &Brush) -> Self {
        let Brush { font, coords, size, .. } = brush;
        Self { font: font.data.id(), index: font.index, size: size.to_bits(), coords: coords.clone() }
    }
}

/// What glyphs are drawn with and on, kept because making it takes longer than drawing.
pub struct Raster {
    context: RenderContext,
    resources: Resources,
    pixels: Vec<u8>,
    cells: Vec<Cell>,
    /// Where the next cell goes, how high its row is, and how wide the widest.
    next: [u16; 2],
    row: u16,
    width: u16,
    outline: Outline,
    hinted: HashMap<HintedKey, HintingInstance>,
}

impl Default for Raster {
    fn default() -> Self {
        Self {
            context: RenderContext::new(SIDE_MAX, SIDE_MAX),
            resources: Resources::default(),
            pixels: Vec::new(),
            cells: Vec::new(),
            next: [0, 0],
            row: 0,
            width: 0,
            outline: Outline::default(),
            hinted: HashMap::new(),
        }
    }
}

impl Raster {
    /// Draws what is wanted and gives each picture away; none for a glyph without ink.
    pub fn draw(&mut self, wanted: &[Wanted], mut take: impl FnMut(GlyphKey, Option<Picture>)) {
        for Wanted { brush, glyphs } in wanted {
            let face = FontRef::from_index(brush.font.data.data(), brush.font.index).ok();
            let size = (1.0..=SIZE_MAX).contains(&brush.size);
            match face.filter(|_| size) {
                None => glyphs.iter().for_each(|(key, ..)| take(*key, None)),
                Some(face) if has_pictures(&face) => self.pictures(brush, glyphs, &mut take),
                Some(face) => self.outlines(brush, &face, glyphs, &mut take),
            }
        }
        self.finish(&mut take);
    }

    fn outlines(
        &mut self,
        brush: &Brush,
        face: &FontRef<'_>,
        glyphs: &[(GlyphKey, u32, f32)],
        take: &mut impl FnMut(GlyphKey, Option<Picture>),
    ) {
        let outlines = face.outline_glyphs();
        let coords: Vec<_> = brush.coords.iter().map(|coord| NormalizedCoord::from_bits(*coord)).collect();
        let by = fonts::is_hinted(brush.font.data.data()).then(|| HintedKey::of(brush));
        let hinted = by.as_ref().and_then(|by| {
            let kept = self.hinted.remove(by);
            let size = Size::new(brush.size);
            kept.or_else(|| HintingInstance::new(&outlines, size, coords.as_slice(), HINTING).ok())
        });
        let again = f64::from(brush.heavier_by());
        let mut outline = std::mem::take(&mut self.outline);
        for &(key, id, x) in glyphs {
            let moved = hinted.as_ref().map(|by| DrawSettings::hinted(by, false));
            let plain = || DrawSettings::unhinted(Size::new(brush.size), LocationRef::new(&coords));
            // Instructions that fail leave the letter as it was designed.
            let bounds = moved.and_then(|by| outline.draw(&outlines, id, by));
            let bounds = bounds.or_else(|| outline.draw(&outlines, id, plain()));
            // Between two pixels it takes one more.
            let bounds = bounds.map(|bounds| Rect { x1: bounds.x1 + 1.0 + again, ..bounds });
            let Some([left, top]) = bounds.and_then(|bounds| self.room(key, bounds, take)) else {
                take(key, None);
                continue;
            };
            let left = left + f64::from(x);
            self.context.set_paint(WHITE);
            for left in std::iter::once(left).chain((again > 0.0).then_some(left + again)) {
                self.context.set_transform(Affine::translate((left, top)));
                self.context.fill_path(&outline.path);
            }
        }
        self.outline = outline;
        if self.hinted.len() >= HINTED_MAX {
            self.hinted.clear();
        }
        self.hinted.extend(by.zip(hinted));
    }

    /// Glyphs that may bring colours of their own. What their face says of their size is not always what is drawn.
    fn pictures(
        &mut self,
        brush: &Brush,
        glyphs: &[(GlyphKey, u32, f32)],
        take: &mut impl FnMut(GlyphKey, Option<Picture>),
    ) {
        let size = f64::from(brush.size.ceil());
        for &(key, id, x) in glyphs {
            let Some([left, top]) = self.room(key, Rect::new(-size, -2.0 * size, 2.0 * size, size), take)
            else {
                take(key, None);
                continue;
            };
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a canvas")]
            let glyph = |x: f32| Glyph { id, x: left as f32 + x, y: top as f32 };
            let again = (brush.heavier_by() > 0.0).then(|| glyph(x + brush.heavier_by()));
            self.context.set_transform(Affine::IDENTITY);
            // What reaches out of its cell would stand in another's.
            if let Some(cell) = self.cells.last() {
                self.context.push_clip_path(&cell.rect().to_path(0.1));
            }
            self.context.set_paint(WHITE);
            self.context
                .glyph_run(&mut self.resources, &brush.font)
                .font_size(brush.size)
                .hint(false)
                .normalized_coords(&brush.coords)
                .fill_glyphs(std::iter::once(glyph(x)).chain(again));
            self.context.pop_clip_path();
        }
    }

    /// A cell for what stands within `bounds` of its pen, and where the pen stands on the canvas; what is drawn already is
    /// given away when the canvas is full. `None` for what is larger than a canvas.
    fn room(
        &mut self,
        key: GlyphKey,
        bounds: Rect,
        take: &mut impl FnMut(GlyphKey, Option<Picture>),
    ) -> Option<[f64; 2]> {
        let bounds = bounds.inflate(AROUND, AROUND).expand();
        let side = f64::from(SIDE_MAX);
        if !(1.0..=side).contains(&bounds.width()) || !(1.0..=side).contains(&bounds.height()) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most a canvas's side"
        )]
        let size = [bounds.width() as u16, bounds.height() as u16];
        let corner = self.place(size).or_else(|| {
            self.finish(take);
            self.place(size)
        })?;
        #[expect(clippy::cast_possible_truncation, reason = "a cell that far from its pen is drawn nowhere")]
        let pen = [-bounds.x0 as i32, -bounds.y0 as i32];
        self.cells.push(Cell { key, corner, size, pen });
        Some([f64::from(corner[0]) - bounds.x0, f64::from(corner[1]) - bounds.y0])
    }

    /// A free corner of the canvas, rows filled from the left.
    fn place(&mut self, [width, height]: [u16; 2]) -> Option<[u16; 2]> {
        if self.next[0] + width > SIDE_MAX {
            self.next = [0, self.next[1] + self.row];
            self.row = 0;
        }
        let corner = self.next;
        if corner[1] + height > SIDE_MAX {
            return None;
        }
        self.next[0] += width;
        self.row = self.row.max(height);
        self.width = self.width.max(self.next[0]);
        Some(corner)
    }

    /// Renders the canvas, cuts the pictures out of it and begins anew.
    fn finish(&mut self, take: &mut impl FnMut(GlyphKey, Option<Picture>)) {
        let (width, height) = (self.width, self.next[1] + self.row);
        (self.next, self.row, self.width) = ([0, 0], 0, 0);
        self.pixels.resize(usize::from(width) * usize::from(height) * 4, 0);
        self.context.flush();
        if let Some(canvas) = PixmapMut::new(width, height, &mut self.pixels).filter(|_| width > 0) {
            self.context.render(canvas, &mut self.resources);
        }
        self.context.reset();
        for cell in self.cells.drain(..) {
            take(cell.key, cut(&self.pixels, usize::from(width), &cell));
        }
    }
}

/// Whether glyphs of the face may be pictures.
fn has_pictures(face: &FontRef<'_>) -> bool {
    face.colr().is_ok() || face.cbdt().is_ok() || face.sbix().is_ok() || face.svg().is_ok()
}

/// A glyph's lines, downwards, its pen at the origin.
#[derive(Default)]
struct Outline {
    path: BezPath,
}

impl Outline {
    /// Where it stands; `None` where it has no ink.
    fn draw(&mut self, of: &OutlineGlyphCollection<'_>, id: u32, settings: DrawSettings<'_>) -> Option<Rect> {
        self.path.truncate(0);
        of.get(GlyphId::new(id))?.draw(settings, self).ok()?;
        let bounds = self.path.control_box();
        (bounds.width() > 0.0 && bounds.height() > 0.0).then_some(bounds)
    }
}

impl OutlinePen for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(down(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(down(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(down(cx, cy), down(x, y));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path.curve_to(down(ax, ay), down(bx, by), down(x, y));
    }

    fn close(&mut self) {
        self.path.close_path();
    }
}

/// A face counts upwards, a canvas downwards.
fn down(x: f32, y: f32) -> (f64, f64) {
    (f64::from(x), -f64::from(y))
}

/// The part of a cell that is not empty.
fn cut(rgba: &[u8], canvas: usize, cell: &Cell) -> Option<Picture> {
    let [x, y] = cell.corner.map(usize::from);
    let [width, height] = cell.size.map(usize::from);
    let line = |row: usize| &rgba[4 * ((y + row) * canvas + x)..4 * ((y + row) * canvas + x + width)];
    let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
    let mut coloured = false;
    for row in 0..height {
        for (at, pixel) in line(row).chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] != 0) {
            (left, right) = (left.min(at), right.max(at + 1));
            (top, bottom) = (top.min(row), row + 1);
            coloured |= pixel[..3].iter().any(|part| *part != pixel[3]);
        }
    }
    if right <= left {
        return None;
    }
    let rows = (top..bottom).flat_map(|row| &line(row)[4 * left..4 * right]);
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "pixels of a canvas")]
    let offset = [left as i32 - cell.pen[0], top as i32 - cell.pen[1]];
    Some(Picture { size: [right - left, bottom - top], offset, coloured, rgba: rows.copied().collect() })
}

#[cfg(test)]
mod tests {
    use super::super::fonts;
    use super::*;
    use parley::fontique::Blob;

    const NASKH: &str = "greenroom-arabic";
    const INTER: &str = "greenroom-sans";

    /// The face as the engine has it, so that it is hinted where the engine hints it.
    fn face(family: &str) -> Blob<u8> {
        let mut fonts = fonts::without_system();
        let info = fonts.collection.family_by_name(family).unwrap();
        info.default_font().unwrap().load(Some(&mut fonts.source_cache)).unwrap()
    }

    fn brush(family: &str, size: f32, heavier: bool) -> Brush {
        Brush { font: parley::FontData::new(face(family), 0), coords: Vec::new(), size, heavier }
    }

    fn wanted(brush: Brush, ids: std::ops::Range<u32>) -> Wanted {
        let glyphs = ids.map(|id| (brush.key(id, 1, 0), id, 0.25)).collect();
        Wanted { brush, glyphs }
    }

    /// Its size, its place and its pixels.
    type Told = ([usize; 2], [i32; 2], Vec<u8>);
    type Seen = (GlyphKey, Option<Told>);

    /// Sums of fractions end in another last bit elsewhere on a canvas.
    fn alike(one: Option<&Told>, other: Option<&Told>) -> bool {
        match (one, other) {
            (Some((size, place, one)), Some((other_size, other_place, other))) => {
                (size, place) == (other_size, other_place)
                    && one.iter().zip(other).all(|(one, other)| one.abs_diff(*other) <= 2)
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    fn drawn(wanted: &[Wanted]) -> Vec<Seen> {
        let mut seen = Vec::new();
        Raster::default().draw(wanted, |key, picture| {
            seen.push((key, picture.map(|picture| (picture.size, picture.offset, picture.rgba))));
        });
        seen
    }

    #[test]
    fn a_glyph_is_the_same_among_others_as_alone() {
        for (size, heavier) in [(16.0, false), (24.0, true)] {
            let all =
                [wanted(brush(NASKH, size, heavier), 100..300), wanted(brush(INTER, size, heavier), 30..90)];
            let together = drawn(&all);
            assert!(together.iter().filter(|(_, picture)| picture.is_some()).count() > 200);
            for Wanted { brush, glyphs } in &all {
                for (key, id, _) in glyphs.iter().step_by(7) {
                    let alone = drawn(&[wanted(brush.clone(), *id..*id + 1)]);
                    let among = together.iter().find(|(of, _)| of == key).unwrap();
                    assert!(alike(among.1.as_ref(), alone[0].1.as_ref()), "{id}");
                }
            }
        }
    }

    #[test]
    fn more_than_a_canvas_holds_is_drawn_on_several() {
        let all = wanted(brush(INTER, 200.0, false), 30..130);
        let seen = drawn(std::slice::from_ref(&all));
        assert_eq!(seen.len(), 100);
        assert!(seen.iter().filter(|(_, picture)| picture.is_some()).count() > 80);
        for (key, id, _) in all.glyphs.iter().rev().step_by(11) {
            let (_, among) = seen.iter().find(|(of, _)| of == key).unwrap();
            let alone = drawn(&[wanted(all.brush.clone(), *id..*id + 1)]);
            assert!(alike(among.as_ref(), alone[0].1.as_ref()), "{id}");
        }
    }

    #[test]
    fn what_has_no_ink_or_no_size_has_no_picture() {
        let inter = face(INTER);
        let space = skrifa::FontRef::new(inter.data()).unwrap().charmap().map(' ').unwrap().to_u32();
        for (id, size) in [(space, 16.0), (40, 0.0), (40, 5_000.0), (4_000_000, 16.0)] {
            assert_eq!(drawn(&[wanted(brush(INTER, size, false), id..id + 1)])[0].1, None, "{id} {size}");
        }
        let half = Blob::new(std::sync::Arc::new(inter.data()[..200].to_vec()));
        let broken = Brush { font: parley::FontData::new(half, 0), ..brush(INTER, 16.0, false) };
        assert_eq!(drawn(&[wanted(broken, 40..41)])[0].1, None);
    }

    #[test]
    fn only_the_embedded_latin_faces_are_hinted() {
        let of = |family| fonts::is_hinted(face(family).data());
        let families = ["greenroom-sans", "greenroom-serif", "greenroom-code", "greenroom-arabic"];
        assert_eq!(families.map(of), [true, true, true, false]);
    }
}
