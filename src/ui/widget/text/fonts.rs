//! The engine's fonts: the embedded faces first, so that every machine agrees, and the system's behind them for every
//! script that they lack.

use crate::ui::font::{self, Face};
use fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use parley::{FontContext, FontFamilyName, FontStyle, FontWeight, GenericFamily};
use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

/// Under these names no font of the system can come between.
const SANS: &str = "greenroom-sans";
const SERIF: &str = "greenroom-serif";
const CODE: &str = "greenroom-code";
const SCRIPTS: [&str; 4] = ["greenroom-arabic", "greenroom-hebrew", "greenroom-devanagari", "greenroom-thai"];

/// Families of one face.
const CHAIN: usize = 10;

static FONTS: OnceLock<FontContext> = OnceLock::new();

/// All fonts. The first call takes as long as the system needs to list its own.
pub fn ready() -> FontContext {
    FONTS.get_or_init(|| load(true)).clone()
}

/// The embedded fonts, and those of the system with `system_fonts`.
pub fn load(system_fonts: bool) -> FontContext {
    let collection = Collection::new(CollectionOptions { shared: false, system_fonts });
    let mut fonts = FontContext { collection, source_cache: SourceCache::default() };
    for (file, data) in font::definitions().font_data {
        let Some(family) = family_of(&file) else { continue };
        let named = FontInfoOverride { family_name: Some(family), ..FontInfoOverride::default() };
        fonts.collection.register_fonts(Blob::new(Arc::clone(&data.font)), Some(named));
    }
    fonts
}

/// The embedded fonts alone.
#[cfg(test)]
pub fn without_system() -> FontContext {
    load(false)
}

fn family_of(file: &str) -> Option<&'static str> {
    let starts = [
        ("Inter", SANS),
        ("SourceSerif", SERIF),
        ("Hack", CODE),
        ("NotoNaskhArabic", SCRIPTS[0]),
        ("NotoSansHebrew", SCRIPTS[1]),
        ("NotoSansDevanagari", SCRIPTS[2]),
        ("NotoSansThai", SCRIPTS[3]),
    ];
    starts.into_iter().find(|(start, _)| file.starts_with(start)).map(|(_, family)| family)
}

/// Where the bytes of the embedded Latin faces begin.
static LATIN: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let faces = font::definitions().font_data.into_iter();
    let latin = faces.filter(|(file, _)| family_of(file).is_some_and(|family| !SCRIPTS.contains(&family)));
    latin.map(|(_, face)| (*face.font).as_ref().as_ptr().addr()).collect()
});

/// Whether stems of a face are moved onto whole pixels. Latin letters, all of one height, gain by it; in faces of other
/// scripts the instructions for it take up to ten times as long as the drawing, and little is seen of them.
pub fn is_hinted(face: &[u8]) -> bool {
    LATIN.contains(&face.as_ptr().addr())
}

/// For signs that ask to be pictures, such as ❤️, of which a face of letters may have one without colours.
static PICTURE_CHAIN: [FontFamilyName<'static>; 3] = [
    FontFamilyName::Generic(GenericFamily::Emoji),
    FontFamilyName::named(SANS),
    FontFamilyName::Generic(GenericFamily::SansSerif),
];

/// The families that a picture is looked for in.
pub fn pictures() -> parley::FontFamily<'static> {
    parley::FontFamily::List(Cow::Borrowed(&PICTURE_CHAIN))
}

/// The families that a script without an embedded face is looked for in, before what the system has for that script. Not
/// the generic ones: they stand for dozens of faces, and each would be asked for each letter.
pub fn not_embedded() -> parley::FontFamily<'static> {
    parley::FontFamily::Single(FontFamilyName::named(SANS))
}

const fn chain(first: &'static str, second: FontFamilyName<'static>) -> [FontFamilyName<'static>; CHAIN] {
    [
        FontFamilyName::named(first),
        second,
        FontFamilyName::named(SCRIPTS[0]),
        FontFamilyName::named(SCRIPTS[1]),
        FontFamilyName::named(SCRIPTS[2]),
        FontFamilyName::named(SCRIPTS[3]),
        // Before the system's other faces, of which some have the same signs without their colours.
        FontFamilyName::Generic(GenericFamily::Emoji),
        FontFamilyName::named(CODE),
        // Signs of no script have no face that is looked up by script.
        FontFamilyName::Generic(GenericFamily::SansSerif),
        FontFamilyName::Generic(GenericFamily::Math),
    ]
}

static SANS_CHAIN: [FontFamilyName<'static>; CHAIN] = chain(SANS, FontFamilyName::named(SERIF));
static SERIF_CHAIN: [FontFamilyName<'static>; CHAIN] = chain(SERIF, FontFamilyName::named(SANS));
static CODE_CHAIN: [FontFamilyName<'static>; CHAIN] = chain(CODE, FontFamilyName::named(SANS));

/// The families that a face looks through, before the system's.
pub fn families(face: Face) -> parley::FontFamily<'static> {
    parley::FontFamily::List(Cow::Borrowed(match face {
        Face::Serif | Face::SerifStrong | Face::SerifItalic => &SERIF_CHAIN,
        Face::Code => &CODE_CHAIN,
        Face::Plain | Face::Strong | Face::Italic | Face::Icon => &SANS_CHAIN,
    }))
}

/// How heavy a face is, and whether it leans.
pub fn attributes(face: Face, slanted: bool) -> (FontWeight, FontStyle) {
    let weight = match face {
        // A little over what the embedded faces have, so that one without a strong cut is drawn heavier.
        Face::Strong | Face::SerifStrong => FontWeight::new(620.0),
        _ => FontWeight::NORMAL,
    };
    let leans = slanted || matches!(face, Face::Italic | Face::SerifItalic);
    (weight, if leans { FontStyle::Italic } else { FontStyle::Normal })
}
