//! A few pictures, where a graphics adapter is found (a software one will do): screens whose words do not depend on the
//! hour. `UPDATE_SNAPSHOTS=1` draws them anew.

use egui_kittest::{Harness, wgpu::WgpuTestRenderer};
use greenroom::app::secrets::Secrets;
use greenroom::app::{App, ThemeChoice};
use greenroom::ui::Desk;
use std::time::Duration;

/// A machine without any adapter draws no pictures and says so; CI has one.
pub fn renderer() -> Option<WgpuTestRenderer> {
    let found = std::panic::catch_unwind(WgpuTestRenderer::new).ok();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI must draw the pictures");
        eprintln!("SKIPPED: no graphics adapter, so no picture was compared");
    }
    found
}

fn picture(name: &str, theme: ThemeChoice, size: [f32; 2], zoom: f32, key: Option<egui::Key>) {
    let Some(renderer) = renderer() else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut app: App = crate::desk::open(dir.path(), Secrets::in_memory(), Duration::ZERO);
    app.set_theme(theme);
    app.set_zoom(zoom);
    let mut window = Harness::builder()
        .with_size(size)
        .with_step_dt(0.03)
        .allow_missing_glyphs()
        .with_context_setup(Desk::install)
        .renderer(renderer)
        .build_ui_state(
            |ui, desk: &mut Desk| {
                desk.frame();
                desk.desk_ui(ui);
            },
            Desk::new(app),
        );
    window.run_steps(20);
    if let Some(key) = key {
        window.key_press(key);
        window.run_steps(20);
    }
    window.snapshot(name);
}

#[test]
fn the_first_start_in_light() {
    picture("first-start-light", ThemeChoice::Light, [1024.0, 700.0], 1.0, None);
}

#[test]
fn the_first_start_in_dark() {
    picture("first-start-dark", ThemeChoice::Dark, [1024.0, 700.0], 1.0, None);
}

#[test]
fn the_first_start_at_twice_the_size() {
    picture("first-start-large", ThemeChoice::Light, [1280.0, 900.0], 2.0, None);
}

#[test]
fn the_key_sheet() {
    picture("key-sheet", ThemeChoice::Light, [1024.0, 700.0], 1.0, Some(egui::Key::Questionmark));
}
