//! From laid words to triangles: glyphs out of the atlas, grounds and lines beside them. Built once for a layout, then
//! moved to where it is drawn, always onto whole pixels.

use super::atlas::{Atlas, Brush, Entry};
use super::laid::{Engine, Ink, Laid};
use crate::ui::theme::{CLEAR, UNTINTED};
use egui::emath::GuiRounding as _;
use egui::{Color32, Mesh, Pos2, Rect, Shape, Ui, Vec2, pos2, vec2};
use parley::{GlyphRun, PositionedLayoutItem};

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
    let mut meshes =
        Meshes { generation: atlas.generation(), grounds: Vec::new(), lines: Vec::new(), glyphs: Vec::new() };
    for line in laid.layout.lines() {
        for item in line.items() {
            let PositionedLayoutItem::GlyphRun(run) = item else { continue };
            beside(&mut meshes, &run, laid.scale);
            glyphs(ctx, atlas, &mut meshes, &run, (laid.scale, frame));
        }
    }
    atlas.upload();
    // A page that was emptied under way held none of these: what a frame has looked at stays.
    meshes.generation = atlas.generation();
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

fn glyphs(
    ctx: &egui::Context,
    atlas: &mut Atlas,
    meshes: &mut Meshes,
    run: &GlyphRun<'_, Ink>,
    (scale, frame): (f32, u64),
) {
    let inner = run.run();
    let coords = inner.normalized_coords().iter().map(|c| c.to_bits()).collect::<Vec<i16>>();
    let brush = Brush {
        font: inner.font(),
        coords: &coords,
        size: inner.font_size(),
        heavier: inner.synthesis().embolden(),
    };
    for glyph in run.positioned_glyphs() {
        let whole = glyph.x.floor();
        let Some(entry) = atlas.glyph(ctx, &brush, glyph.id, glyph.x - whole, frame) else { continue };
        let corner = vec2(whole, glyph.y.round());
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
