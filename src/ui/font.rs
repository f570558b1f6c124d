//! The embedded faces, so that every machine shows the same, and their names. The system's own fonts stand behind them
//! for every other script.

use super::theme::size;
use super::widget::text;
use egui::{FontData, FontDefinitions, FontFamily, FontId};
use std::sync::Arc;

/// The faces of the desk. Chrome and readers' comments speak in a sans, articles in a serif: whose words are read is seen
/// before they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    Plain,
    Strong,
    Italic,
    Serif,
    SerifStrong,
    SerifItalic,
    Code,
    Icon,
}

impl Face {
    /// The family as egui knows it.
    pub fn family(self) -> FontFamily {
        let name = match self {
            Self::Plain => return FontFamily::Proportional,
            Self::Code => return FontFamily::Monospace,
            Self::Strong => "strong",
            Self::Italic => "italic",
            Self::Serif => "serif",
            Self::SerifStrong => "serif-strong",
            Self::SerifItalic => "serif-italic",
            Self::Icon => "icon",
        };
        FontFamily::Name(name.into())
    }

    /// This face in a size.
    pub fn at(self, points: f32) -> FontId {
        FontId::new(points, self.family())
    }
}

macro_rules! font {
    ($file:literal) => {
        ($file, include_bytes!(concat!("../../assets/fonts/", $file, ".ttf")).as_slice())
    };
}

/// One copy of each in the program: a face is known by where its bytes begin.
static FONTS: [(&str, &[u8]); 11] = [
    font!("Inter-Regular"),
    font!("Inter-SemiBold"),
    font!("Inter-Italic"),
    font!("SourceSerif4-Regular"),
    font!("SourceSerif4-SemiBold"),
    font!("SourceSerif4-Italic"),
    font!("NotoNaskhArabic-Regular"),
    font!("NotoNaskhArabic-Bold"),
    font!("NotoSansHebrew-Regular"),
    font!("NotoSansDevanagari-Regular"),
    font!("NotoSansThai-Regular"),
];

/// Faces for the scripts that the Latin ones lack.
const SCRIPTS: [&str; 4] = [
    "NotoNaskhArabic-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular",
];

/// Lets the text engine list the system's fonts while the desk is opened, so that the first frame need not wait for it.
pub fn warm_up() {
    let started = std::thread::Builder::new().name("fonts".to_owned()).spawn(|| drop(text::ready()));
    if let Err(error) = started {
        tracing::debug!(%error, "the first frame lists the fonts");
    }
}

/// All faces, ready for egui.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in FONTS {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let icons = Arc::new(FontData::from_static(lucide_icons::LUCIDE_FONT_BYTES));
    fonts.font_data.insert("lucide".to_owned(), icons);
    let families = [
        (Face::Plain, "Inter-Regular"),
        (Face::Strong, "Inter-SemiBold"),
        (Face::Italic, "Inter-Italic"),
        (Face::Serif, "SourceSerif4-Regular"),
        (Face::SerifStrong, "SourceSerif4-SemiBold"),
        (Face::SerifItalic, "SourceSerif4-Italic"),
    ];
    for (face, first) in families {
        let bold = first.ends_with("SemiBold").then_some("NotoNaskhArabic-Bold");
        let chain = std::iter::once(first).chain(bold).chain(SCRIPTS).chain(["egui-icons"]);
        fonts.families.insert(face.family(), chain.map(str::to_owned).collect());
    }
    let code = ["Hack", "Inter-Regular"].into_iter().chain(SCRIPTS).map(str::to_owned).collect();
    fonts.families.insert(Face::Code.family(), code);
    fonts.families.insert(Face::Icon.family(), vec!["lucide".to_owned()]);
    fonts
}

/// Chrome words in a size.
pub fn words(text: impl Into<String>, points: f32) -> egui::RichText {
    egui::RichText::new(text).font(Face::Plain.at(points))
}

/// Emphasised chrome words in a size.
pub fn strong(text: impl Into<String>, points: f32) -> egui::RichText {
    egui::RichText::new(text).font(Face::Strong.at(points))
}

/// A caption.
pub fn caption(text: impl Into<String>) -> egui::RichText {
    words(text, size::CAPTION)
}
