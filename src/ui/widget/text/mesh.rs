//! From laid words to triangles: glyphs out of the atlas, grounds and lines beside them. Built once for a layout, then
//! moved to where it is drawn, always onto whole pixels.

use super::atlas::{Atlas, Brush, Entry, GlyphKey};
use super::laid::{Engine, Ink, Laid};
use crate::ui::theme::{CLEAR, UNTINTED};
use egui::emath::GuiRounding as _;
use egui::{Color32, Mesh, Pos2, Rect, Shape, Ui, Vec2, pos2, vec2};
use parley::{Glyph, GlyphRun, PositionedLayoutItem};

/// How much of its ink a block that stands for a soft letter has.
const SOFT: f32 = 0.38;

/// What is drawn of a layout, around its own corner.
pub struct Meshes {
    generation: u64,
    grounds: Vec<(Rect, Color32)>,
    lines: Vec<(Rect, Color32)>,
    glyphs: Vec<(usize, Mesh)>,
}

/// Draws `laid` with its corner at `at`, moved to the nearest whole pixel.
pub fn paint(ui: &Ui, laid: &Laid, at: Pos2) {
    let ctx = ui.ctx();
    let frame = ctx.cumulative_frame_nr();
    let engine = Engine::of(ctx);
    let mut engine = engine.lock();
    engine.atlas.adapt(ui.visuals().text_options.color_transfer_function);
    let mut kept = laid.meshes.lock();
    let fresh = kept.as_ref().is_some_and(|meshes| meshes.generation == engine.atlas.generation());
    if !fresh {
        *kept = None;
    }
    let meshes = kept.get_or_insert_with(|| build(ctx, &mut engine.atlas, laid, frame));
    let by = at.round_to_pixels(laid.scale).to_vec2();
    for (rect, ground) in &meshes.grounds {
        ui.painter().rect_filled(rect.translate(by), 3.0, *ground);
    }
    for (page, mesh) in &meshes.glyphs {
        let Some(texture) = engine.atlas.look(*page, frame) else { continue };
        let mut mesh = mesh.clone();
        mesh.texture_id = texture;
        mesh.translate(by);
        ui.painter().add(Shape::mesh(mesh));
    }
    for (rect, ink) in &meshes.lines {
        ui.painter().rect_filled(rect.translate(by), 0.0, *ink);
    }
}

fn build(ctx: &egui::Context, atlas: &mut Atlas, laid: &Laid, frame: u64) -> Meshes {
    let mut keys = Vec::new();
    for run in runs(laid) {
        keys.push(atlas.want(
            brush(&run),
            inked(&run).map(|glyph| (glyph.id, glyph.x - glyph.x.floor())),
            frame,
        ));
    }
    atlas.draw(ctx, frame);
    // A page that was emptied under way held none of these: what a frame has looked at stays.
    let generation = atlas.generation();
    let mut meshes = Meshes { generation, grounds: Vec::new(), lines: Vec::new(), glyphs: Vec::new() };
    for (run, keys) in runs(laid).zip(keys) {
        beside(&mut meshes, &run, laid.scale);
        if run.style().brush.soft {
            soften(&mut meshes, &run, laid.scale);
        }
        glyphs(atlas, &mut meshes, &run, &keys, laid.scale);
    }
    atlas.upload();
    meshes
}

/// The ground behind a run and the lines through and under it.
fn beside(meshes: &mut Meshes, run: &GlyphRun<'_, Ink>, scale: f32) {
    let metrics = run.run().font_metrics();
    let (left, right) = (run.offset(), run.offset() + run.advance());
    let style = run.style();
    let across =
        |top: f32, bottom: f32| Rect::from_min_max(pos2(left, top) / scale, pos2(right, bottom) / scale);
    if style.brush.ground != CLEAR {
        let rect = across(run.baseline() - metrics.ascent, run.baseline() + metrics.descent);
        meshes.grounds.push((rect.expand2(vec2(1.0, 0.0)), style.brush.ground));
    }
    let thick = scale.round().max(1.0);
    let mut line = |y: f32| {
        let top = y.round();
        meshes.lines.push((across(top, top + thick), style.brush.ink));
    };
    if style.strikethrough.is_some() {
        line(run.baseline() - metrics.strikethrough_offset);
    }
    if style.underline.is_some() {
        line(run.baseline() + run.run().font_size() * 0.14);
    }
}

/// Which glyphs of a soft run are drawn: the first letter's, with its marks.
fn first_letter(run: &GlyphRun<'_, Ink>) -> std::ops::Range<usize> {
    let advances: Vec<f32> = run.glyphs().map(|glyph| glyph.advance).collect();
    let marks = |glyphs: &mut dyn Iterator<Item = &f32>| glyphs.take_while(|wide| **wide == 0.0).count();
    if run.run().is_rtl() {
        let last = advances.len().saturating_sub(1);
        last - marks(&mut advances[..last].iter().rev())..advances.len()
    } else {
        0..1 + marks(&mut advances.iter().skip(1))
    }
}

/// What stands for the letters of a soft run: a block each, as wide as its letter, so that nothing moves when they show.
fn soften(meshes: &mut Meshes, run: &GlyphRun<'_, Ink>, scale: f32) {
    let kept = first_letter(run);
    let size = run.run().font_size();
    let ground = run.style().brush.ink.gamma_multiply(SOFT);
    let (top, bottom) = (run.baseline() - size * 0.52, run.baseline() + size * 0.02);
    for (at, glyph) in run.positioned_glyphs().enumerate() {
        if !kept.contains(&at) && glyph.advance > 0.0 {
            let (left, right) = (glyph.x + size * 0.04, glyph.x + glyph.advance - size * 0.04);
            let corners = (pos2(left, top) / scale, pos2(right.max(left + 1.0), bottom) / scale);
            meshes.grounds.push((Rect::from_min_max(corners.0, corners.1), ground));
        }
    }
}

fn runs(laid: &Laid) -> impl Iterator<Item = GlyphRun<'_, Ink>> {
    laid.layout.lines().flat_map(|line| line.items()).filter_map(|item| match item {
        PositionedLayoutItem::GlyphRun(run) => Some(run),
        PositionedLayoutItem::InlineBox(_) => None,
    })
}

fn brush(run: &GlyphRun<'_, Ink>) -> Brush {
    let inner = run.run();
    Brush {
        font: inner.font().clone(),
        coords: inner.normalized_coords().iter().map(|coord| coord.to_bits()).collect(),
        size: inner.font_size(),
        heavier: inner.synthesis().embolden(),
    }
}

/// The glyphs that are drawn.
fn inked(run: &GlyphRun<'_, Ink>) -> impl Iterator<Item = Glyph> {
    let drawn = if run.style().brush.soft { first_letter(run) } else { 0..usize::MAX };
    run.positioned_glyphs().enumerate().filter(move |(at, _)| drawn.contains(at)).map(|(_, glyph)| glyph)
}

fn glyphs(atlas: &Atlas, meshes: &mut Meshes, run: &GlyphRun<'_, Ink>, keys: &[GlyphKey], scale: f32) {
    for (glyph, key) in inked(run).zip(keys) {
        let Some(entry) = atlas.entry(key) else { continue };
        let corner = vec2(glyph.x.floor(), glyph.y.round());
        let tint = if entry.coloured { UNTINTED } else { run.style().brush.ink };
        let (rect, uv) = places(&entry, corner, scale);
        page_mesh(meshes, entry.page).add_rect_with_uv(rect, uv, tint);
    }
}

fn page_mesh(meshes: &mut Meshes, page: usize) -> &mut Mesh {
    let at = match meshes.glyphs.iter().position(|(of, _)| *of == page) {
        Some(at) => at,
        None => {
            meshes.glyphs.push((page, Mesh::default()));
            meshes.glyphs.len() - 1
        }
    };
    &mut meshes.glyphs[at].1
}

/// Where a glyph stands on screen, in points, and on its page.
#[expect(clippy::cast_precision_loss, reason = "pixels of a page")]
fn places(entry: &Entry, corner: Vec2, scale: f32) -> (Rect, Rect) {
    let size = vec2(entry.size[0] as f32, entry.size[1] as f32);
    let min = corner + vec2(entry.offset[0] as f32, entry.offset[1] as f32);
    let side = Atlas::side() as f32;
    let uv = Rect::from_min_size(pos2(entry.at[0] as f32, entry.at[1] as f32) / side, size / side);
    (Rect::from_min_size(min.to_pos2() / scale, size / scale), uv)
}

#[cfg(test)]
mod tests {
    use super::super::laid::Room;
    use super::super::words::{Style, Words};
    use super::*;
    use crate::ui::font::Face;
    use crate::ui::theme::LIGHT;
    use std::sync::Arc;

    fn laid(text: &str, soft: &[std::ops::Range<usize>]) -> Arc<Laid> {
        let words = Words::of(text, Style::new(Face::Plain, 16.0, 24.0, LIGHT.ink)).softened(soft);
        let engine = Engine::of(&egui::Context::default());
        engine.lock().lay(&Arc::new(words), Room::wide(f32::INFINITY), 1.0, 0)
    }

    /// Of each soft run: its glyphs, and those that are drawn.
    fn drawn(laid: &Laid) -> Vec<(usize, std::ops::Range<usize>)> {
        let mut found = Vec::new();
        for item in laid.layout.lines().flat_map(|line| line.items().collect::<Vec<_>>()) {
            if let PositionedLayoutItem::GlyphRun(run) = item
                && run.style().brush.soft
            {
                found.push((run.glyphs().count(), first_letter(&run)));
            }
        }
        found
    }

    #[test]
    fn of_a_soft_word_the_first_letter_is_drawn_on_whichever_side_it_stands() {
        for (text, soft, expect) in [
            ("you idiot!", 4..9, (5, 0..1)),
            ("כלב שמן", 0..6, (3, 2..3)),
            ("you q\u{323}uit", 4..10, (5, 0..2)),
        ] {
            assert_eq!(drawn(&laid(text, &[soft])), [expect], "{text}");
        }
        assert_eq!(drawn(&laid("you idiot!", &[])), []);
    }

    #[test]
    fn a_soft_word_is_as_wide_as_it_is_and_has_a_block_for_each_letter_that_is_not_drawn() {
        for (text, soft) in [("you idiot!", 4..9), ("ته خو سپیه یې", 10..18)] {
            let (plain, soft) = (laid(text, &[]), laid(text, &[soft]));
            assert!((plain.size() - soft.size()).length() < 0.5, "{text}");
            let blocks = |laid: &Laid| {
                let atlas = &mut Atlas::default();
                build(&egui::Context::default(), atlas, laid, 0).grounds.len()
            };
            let letters: usize = drawn(&soft).iter().map(|(all, kept)| all - kept.len()).sum();
            assert!(letters > 0);
            assert_eq!((blocks(&plain), blocks(&soft)), (0, letters), "{text}");
        }
    }
    #[test]
    fn marks_stacked_on_a_letter_are_drawn_each_at_its_height() {
        let laid = laid("q\u{323}\u{301}\u{301}\u{301}", &[]);
        let meshes = build(&egui::Context::default(), &mut Atlas::default(), &laid, 0);
        let quads = meshes.glyphs.iter().flat_map(|(_, mesh)| mesh.vertices.chunks_exact(4));
        let mut tops: Vec<f32> = quads.map(|quad| quad[0].pos.y).collect();
        assert_eq!(tops.len(), 5, "{tops:?}");
        tops.sort_by(f32::total_cmp);
        assert!(tops.windows(2).all(|pair| pair[1] - pair[0] >= 1.0), "{tops:?}");
    }

    #[test]
    fn a_layout_is_drawn_anew_once_its_pictures_went_away() {
        let laid = laid("abc", &[]);
        let shown = Arc::clone(&laid);
        let draw = move |ui: &mut Ui| paint(ui, &shown, pos2(10.0, 10.0));
        let mut harness = egui_kittest::Harness::builder().build_ui(draw);
        let engine = Engine::of(&harness.ctx);
        let generations = || {
            let drawn = laid.meshes.lock().as_ref().map(|meshes| meshes.generation);
            (drawn, Some(engine.lock().atlas.generation()))
        };
        let (before, now) = generations();
        assert_eq!(before, now);
        engine.lock().atlas.adapt(egui::epaint::FontColorTransferFunction::Gamma(0.3));
        harness.step();
        let (drawn, now) = generations();
        assert!(drawn == now && drawn > before, "{drawn:?} of {now:?}, {before:?} before");
    }
}
