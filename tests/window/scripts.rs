//! One picture for each group of texts in tests/fixtures/scripts.toml, light and dark and at twice the size, drawn by the
//! widgets of the desk on a graphics adapter (a software one will do). Whether a picture is right is for whoever looks.

use egui::{CentralPanel, Frame, Theme, Ui};
use egui_kittest::{Harness, wgpu::WgpuTestRenderer};
use greenroom::text::{Markup, RichText, read, visible};
use greenroom::ui::Desk;
use greenroom::ui::font::Face;
use greenroom::ui::theme::Palette;
use greenroom::ui::widget::rich_text::{Manner, plain, rich_text_ui};
use greenroom::ui::widget::said::{said_line_ui, said_ui};
use std::path::Path;
use std::sync::Arc;

type Group = (String, Vec<Arc<RichText>>);

fn groups() -> Vec<Group> {
    let file = include_str!("../fixtures/scripts.toml");
    let table: toml::Table = toml::from_str(file).expect("the fixture can be read");
    let groups = table["group"].as_array().expect("groups");
    let word = |value: &toml::Value, key: &str| value[key].as_str().expect("words").to_owned();
    groups
        .iter()
        .map(|group| {
            let texts = group["texts"].as_array().expect("texts").iter();
            let read = |text| Arc::new(read(&word(text, "html"), Markup::Html));
            (word(group, "name"), texts.map(read).collect())
        })
        .collect()
}

/// Each text as a comment and as an article, between a name and a line of the queue.
fn group_ui(ui: &mut Ui, texts: &[Arc<RichText>]) {
    let ink = Palette::of(ui).ink;
    ui.columns(2, |columns| {
        for (at, text) in texts.iter().enumerate() {
            let line = visible(&plain(text));
            columns[0].push_id(at, |ui| {
                said_line_ui(ui, &line, Face::Strong, 14.0, ink);
                rich_text_ui(ui, text, &Manner::reader(), "comment");
                ui.add_space(8.0);
            });
            columns[1].push_id(at, |ui| {
                said_ui(ui, &line.chars().take(40).collect::<String>(), Face::SerifStrong, 19.0, ink);
                rich_text_ui(ui, text, &Manner::paper(), "article");
                ui.add_space(8.0);
            });
        }
    });
}

fn picture(folder: &Path, (name, texts): &Group, theme: Theme, scale: f32) -> Result<(), String> {
    let mut harness = Harness::builder()
        .with_size([1100.0, 900.0])
        .with_pixels_per_point(scale)
        .allow_missing_glyphs()
        .with_context_setup(Desk::install)
        .with_theme(theme)
        .renderer(WgpuTestRenderer::new())
        .build_ui(|ui| {
            let frame = Frame::new().fill(Palette::of(ui).page).inner_margin(16.0);
            CentralPanel::default().frame(frame).show(ui, |ui| group_ui(ui, texts));
        });
    harness.run_steps(4);
    let look = if theme == Theme::Dark { "dark" } else { "light" };
    let file = folder.join(format!("{name}-{look}-{scale}.png"));
    harness.render()?.save(&file).map_err(|error| format!("{}: {error}", file.display()))
}

fn main() -> Result<(), String> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/window/scripts".to_owned());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let looks = [(Theme::Light, 1.0), (Theme::Dark, 1.0), (Theme::Light, 2.0)];
    for group in groups() {
        for (theme, scale) in looks {
            picture(folder, &group, theme, scale)?;
        }
    }
    Ok(())
}
