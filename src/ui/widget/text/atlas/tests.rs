//! Which page a picture stands on, and which one goes when all are full.

use super::*;
use egui::Color32;
use parley::FontData;
use parley::fontique::Blob;
use std::sync::{Arc, LazyLock};

const INTER: &[u8] = include_bytes!("../../../../../assets/fonts/Inter-Regular.ttf");

static FONT: LazyLock<FontData> = LazyLock::new(|| FontData::new(Blob::new(Arc::new(INTER)), 0));

fn brush() -> Brush {
    Brush { font: FONT.clone(), coords: Vec::new(), size: 16.0, heavier: false }
}

/// The grey of a picture that brings no colours of its own, and of one that does.
const SHADE: u8 = 90;

/// Puts a picture into the atlas that fills more than half of a page.
fn filled(atlas: &mut Atlas, frame: u64, coloured: bool) -> Entry {
    let size = [600, 600];
    let picture = Picture { size, offset: [0, 0], coloured, rgba: vec![SHADE; size[0] * size[1] * 4] };
    atlas.put(&Context::default(), picture, frame).unwrap()
}

/// An atlas whose pages are full, each last looked at in the frame of its number.
fn full() -> Atlas {
    let mut atlas = Atlas::default();
    for page in 0..PAGES_MAX {
        let entry = filled(&mut atlas, page as u64, false);
        assert_eq!(entry.page, page);
        atlas.entries.insert(brush().key(page as u32, 0, 0), Some(entry));
    }
    atlas
}

#[test]
fn no_page_is_emptied_in_a_frame_that_looks_at_it() {
    let mut atlas = full();
    for page in 0..PAGES_MAX {
        assert!(atlas.look(page, 9).is_some());
    }
    assert_eq!((filled(&mut atlas, 9, false).page, atlas.generation()), (PAGES_MAX, 0), "one page more");
    for page in (0..=PAGES_MAX).filter(|page| *page != 2) {
        atlas.look(page, 10);
    }
    assert_eq!((filled(&mut atlas, 10, false).page, atlas.generation()), (2, 1), "nothing looks at it");
    assert_eq!(filled(&mut atlas, 10, false).page, PAGES_MAX + 1, "what was put onto it now is looked at");
}

#[test]
fn the_page_that_was_looked_at_longest_ago_goes_with_all_that_was_on_it() {
    let mut atlas = full();
    atlas.look(0, 20);
    let has = |atlas: &Atlas, page: u32| atlas.entry(&brush().key(page, 0, 0)).is_some();
    assert_eq!((filled(&mut atlas, 21, false).page, atlas.generation()), (1, 1));
    assert_eq!((0..PAGES_MAX as u32).map(|page| has(&atlas, page)).filter(|has| !has).count(), 1);
    assert!(!has(&atlas, 1));
}

#[test]
fn a_glyph_is_drawn_once_for_each_quarter_of_a_pixel_and_its_page_is_looked_at() {
    let (ctx, mut atlas) = (Context::default(), Atlas::default());
    let keys = atlas.want(brush(), [(40, 0.0), (40, 0.1), (40, 0.6)].into_iter(), 1);
    atlas.draw(&ctx, 1);
    assert!(keys[0] == keys[1] && keys[0] != keys[2]);
    let places: Vec<_> = keys.iter().map(|key| atlas.entry(key).unwrap().at).collect();
    assert!(places[0] == places[1] && places[0] != places[2], "{places:?}");
    assert_eq!(atlas.waiting.len(), 2);
    atlas.want(brush(), [(40, 0.0)].into_iter(), 7);
    assert!(atlas.wanted.is_empty(), "it has a picture");
    assert_eq!(atlas.pages[0].seen_at, 7);
}

#[test]
fn another_theme_draws_all_anew_and_leaves_the_colours_of_pictures_alone() {
    let (ctx, mut atlas) = (Context::default(), Atlas::default());
    let drawn = |atlas: &mut Atlas| {
        let key = atlas.want(brush(), [(40, 0.0)].into_iter(), 1)[0];
        atlas.draw(&ctx, 1);
        (key, std::mem::take(&mut atlas.waiting).len())
    };
    atlas.adapt(FontColorTransferFunction::Off);
    let before = atlas.generation();
    let (key, _) = drawn(&mut atlas);
    atlas.adapt(FontColorTransferFunction::Off);
    assert!(atlas.entry(&key).is_some() && atlas.generation() == before, "nothing changed");
    atlas.adapt(FontColorTransferFunction::DARK_MODE_DEFAULT);
    assert!(atlas.entry(&key).is_none() && atlas.generation() > before);
    assert_eq!(drawn(&mut atlas), (key, 1), "drawn again");
    let shades = [false, true].map(|coloured| {
        filled(&mut atlas, 2, coloured);
        std::mem::take(&mut atlas.waiting)[0].image.pixels[0]
    });
    let grey = Color32::from_rgba_premultiplied(SHADE, SHADE, SHADE, SHADE);
    assert!(shades[0] != grey && shades[1] == grey, "{shades:?}");
}
