//! Design tokens: the only colours and sizes of the window. Nothing here draws.
//!
//! The look is that of a reading room: paper and ink, one evergreen accent, hairlines instead of boxes. Every pair of text
//! and ground that is drawn stands in the test below and meets WCAG AA.

use egui::{Color32, Ui};

/// Distances in points; nothing is ever placed by another number.
pub mod gap {
    pub const HAIR: f32 = 2.0;
    pub const TIGHT: f32 = 4.0;
    pub const SMALL: f32 = 8.0;
    pub const MEDIUM: f32 = 12.0;
    pub const LARGE: f32 = 16.0;
    pub const WIDE: f32 = 24.0;
    pub const HUGE: f32 = 40.0;
}

/// Type sizes in points.
pub mod size {
    pub const CAPTION: f32 = 12.0;
    pub const SMALL: f32 = 13.0;
    pub const BODY: f32 = 14.0;
    pub const READING: f32 = 16.0;
    pub const ARTICLE: f32 = 17.0;
    pub const SECTION: f32 = 19.0;
    pub const TITLE: f32 = 25.0;
    pub const HERO: f32 = 34.0;
}

/// Corners in points.
pub mod corner {
    pub const SMALL: u8 = 4;
    pub const MEDIUM: u8 = 7;
    pub const LARGE: u8 = 12;
}

/// Line height of text that is read, as a share of its size.
pub const LINE_HEIGHT: f32 = 1.5;
/// The widest a line of read text gets, in ems: about 70 characters.
pub const MEASURE_EMS: f32 = 34.0;
/// Points that the ground of a mark stands out at both sides, and its bar is wide.
pub const MARK_OUT: f32 = 12.0;
pub const MARK_BAR: f32 = 3.0;
/// Points of the status bar.
pub const STATUS_HEIGHT: f32 = 36.0;
/// No colour at all.
pub const CLEAR: Color32 = Color32::TRANSPARENT;
/// Under a picture that brings its own colours.
pub const UNTINTED: Color32 = Color32::WHITE;
/// Seconds that a thing takes to move.
pub const MOTION_SECS: f32 = 0.09;

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Frame of the window: side pane and status bar.
    pub canvas: Color32,
    /// Lists.
    pub surface: Color32,
    /// What is read.
    pub page: Color32,
    pub ink: Color32,
    /// Secondary words.
    pub soft: Color32,
    /// Ages, captions, key caps.
    pub faint: Color32,
    /// Hairlines between things.
    pub line: Color32,
    /// Outlines of what can be used; 3:1 against its ground.
    pub edge: Color32,
    pub accent: Color32,
    pub on_accent: Color32,
    /// The accent as a ground.
    pub accent_wash: Color32,
    /// Under the pointer.
    pub hover: Color32,
    pub selected: Color32,
    pub reject: Color32,
    pub reject_wash: Color32,
    pub spam: Color32,
    pub spam_wash: Color32,
    pub park: Color32,
    pub park_wash: Color32,
    pub code_wash: Color32,
    pub selection: Color32,
    /// Behind the words that a comment quotes.
    pub quoted: Color32,
    /// Over the desk while something asks.
    pub shade: Color32,
    /// Under what floats.
    pub shadow: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    let [_, r, g, b] = rgb.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// Paper.
pub const LIGHT: Palette = Palette {
    canvas: hex(0x00F1_EFE8),
    surface: hex(0x00F9_F8F4),
    page: hex(0x00FF_FEFC),
    ink: hex(0x001B_1E1B),
    soft: hex(0x004B_514C),
    faint: hex(0x005F_6660),
    line: hex(0x00E2_DFD5),
    edge: hex(0x0085_8A82),
    accent: hex(0x001C_6A4E),
    on_accent: hex(0x00FF_FFFF),
    accent_wash: hex(0x00DF_EDE5),
    hover: hex(0x00EC_EAE2),
    selected: hex(0x00DF_EDE5),
    reject: hex(0x00A1_3126),
    reject_wash: hex(0x00FA_E7E3),
    spam: hex(0x0079_4D00),
    spam_wash: hex(0x00F8_EBCB),
    park: hex(0x0036_527A),
    park_wash: hex(0x00E3_EAF4),
    code_wash: hex(0x00F2_F0E9),
    selection: hex(0x00C3_E2D2),
    quoted: hex(0x00FB_E6A2),
    shade: Color32::from_black_alpha(90),
    shadow: Color32::from_black_alpha(38),
};

/// Ink.
pub const DARK: Palette = Palette {
    canvas: hex(0x0014_1715),
    surface: hex(0x0019_1D1A),
    page: hex(0x001E_2320),
    ink: hex(0x00EC_EAE3),
    soft: hex(0x00BE_C1B8),
    faint: hex(0x009F_A49B),
    line: hex(0x002E_3530),
    edge: hex(0x0078_8079),
    accent: hex(0x0075_CBA6),
    on_accent: hex(0x000B_1F16),
    accent_wash: hex(0x0020_372C),
    hover: hex(0x0025_2B27),
    selected: hex(0x0020_372C),
    reject: hex(0x00F3_9A8D),
    reject_wash: hex(0x003A_2420),
    spam: hex(0x00E6_BC6A),
    spam_wash: hex(0x0035_2C18),
    park: hex(0x009F_BDE6),
    park_wash: hex(0x0021_2C3C),
    code_wash: hex(0x0028_2E2A),
    selection: hex(0x002F_5643),
    quoted: hex(0x0040_361A),
    shade: Color32::from_black_alpha(150),
    shadow: Color32::from_black_alpha(110),
};

impl Palette {
    /// The colours in force where `ui` draws.
    pub fn of(ui: &Ui) -> &'static Self {
        Self::dark(ui.visuals().dark_mode)
    }

    /// The colours of one theme.
    pub fn dark(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of text and ground that is drawn anywhere.
    fn pairs(palette: &Palette) -> Vec<(&'static str, Color32, Color32)> {
        let mut pairs = Vec::new();
        let grounds = [palette.canvas, palette.surface, palette.page, palette.hover, palette.selected];
        for ground in grounds {
            for text in [palette.ink, palette.soft, palette.faint, palette.accent] {
                pairs.push(("text", text, ground));
            }
        }
        for ground in [palette.canvas, palette.surface, palette.page] {
            for text in [palette.reject, palette.spam, palette.park] {
                pairs.push(("meaning", text, ground));
            }
        }
        pairs.extend([
            ("accent button", palette.on_accent, palette.accent),
            ("accent chip", palette.accent, palette.accent_wash),
            ("reject chip", palette.reject, palette.reject_wash),
            ("spam chip", palette.spam, palette.spam_wash),
            ("park chip", palette.park, palette.park_wash),
            ("warning", palette.ink, palette.spam_wash),
            ("error", palette.ink, palette.reject_wash),
            ("calm", palette.ink, palette.park_wash),
            ("code", palette.ink, palette.code_wash),
            ("key cap", palette.soft, palette.code_wash),
            ("selection", palette.ink, palette.selection),
            ("quoted", palette.ink, palette.quoted),
            ("quoted, quiet", palette.soft, palette.quoted),
            ("quoted source", palette.faint, palette.quoted),
            ("quoted link", palette.accent, palette.quoted),
            ("marked source", palette.faint, palette.accent_wash),
        ]);
        pairs
    }

    fn luminance(color: Color32) -> f64 {
        let channel = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn black_on_white_is_21_to_1() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    }

    #[test]
    fn every_text_meets_aa_on_its_ground() {
        for palette in [LIGHT, DARK] {
            for (what, text, ground) in pairs(&palette) {
                let ratio = contrast(text, ground);
                assert!(ratio >= 4.5, "{what}: {text:?} on {ground:?} is {ratio:.2}");
            }
        }
    }

    #[test]
    fn outlines_of_what_can_be_used_are_seen() {
        for palette in [LIGHT, DARK] {
            for ground in [palette.canvas, palette.surface, palette.page] {
                for edge in [palette.edge, palette.accent] {
                    let ratio = contrast(edge, ground);
                    assert!(ratio >= 3.0, "{edge:?} on {ground:?} is {ratio:.2}");
                }
            }
        }
    }
}
