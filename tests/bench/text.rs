//! What other people's words cost the thread that draws the window, measured as that thread's own processor time, with a
//! limit for each. `cargo bench --bench text`; it fails where a limit is missed. Nothing is drawn on a graphics adapter:
//! what is counted ends with triangles and textures.

#[path = "../desk/mod.rs"]
#[expect(dead_code, reason = "the flows use the rest of it")]
mod desk;
mod stage;
mod verdict;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkId, Criterion};
use stage::{Page, Thread, label, said, sample, samples};
use std::time::Duration;

/// In which every script is drawn at once.
const COLUMNS: usize = 4;

type Bench = Criterion<Thread>;

fn cached(criterion: &mut Bench) {
    let mut group = criterion.benchmark_group("cached");
    let blank = {
        let page = Page::new();
        move || page.frame(|_| ())
    };
    group.bench_function("nothing", |bencher| bencher.iter(&blank));
    for script in ["ps", "en", "zh-Hans"] {
        let page = Page::new();
        let text = said(&sample(script, 300));
        page.frame(|ui| label(ui, &text));
        group.bench_function(BenchmarkId::new("paragraph", script), |bencher| {
            bencher.iter(|| page.frame(|ui| label(ui, &text)));
        });
    }
    group.finish();
}

/// Each time in a window that has drawn some of the script in another size, so that its faces are there and no glyph is.
fn first_layout(criterion: &mut Bench) {
    let mut group = criterion.benchmark_group("warm script");
    for script in ["en", "ps", "ar", "he", "hi", "bn", "ta", "th", "my", "km", "zh-Hans", "ja", "ko", "vi"] {
        let (few, text) = (said(&sample(script, 30)), said(&sample(script, 300)));
        let warm = || {
            let page = Page::new();
            page.frame(|ui| stage::small_label(ui, &few));
            page
        };
        group.bench_function(BenchmarkId::new("300 characters", script), |bencher| {
            bencher.iter_batched_ref(warm, |page| page.frame(|ui| label(ui, &text)), BatchSize::PerIteration);
        });
    }
    group.finish();
}

/// The same in a window that has drawn nothing yet.
fn first_use(criterion: &mut Bench) {
    let mut group = criterion.benchmark_group("first use");
    for script in ["en", "ps", "hi", "th", "bn", "zh-Hans", "ko"] {
        let text = said(&sample(script, 300));
        group.bench_function(BenchmarkId::new("300 characters", script), |bencher| {
            bencher.iter_batched_ref(
                Page::new,
                |page| page.frame(|ui| label(ui, &text)),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn window(criterion: &mut Bench) {
    let mut group = criterion.benchmark_group("window");
    let page = Page::new();
    let texts: Vec<_> = samples().iter().map(|(_, html)| said(html)).collect();
    // Side by side, so that the window has room for all of them.
    let all = |ui: &mut egui::Ui| {
        ui.columns(COLUMNS, |columns| {
            for (at, text) in texts.iter().enumerate() {
                label(&mut columns[at % COLUMNS], text);
            }
        });
    };
    page.frame(all);
    group.bench_function("every script", |bencher| bencher.iter(|| page.frame(all)));
    let mut desk = stage::DeskPage::mixed();
    group.bench_function("desk", |bencher| bencher.iter(|| desk.frame()));
    group.bench_function("desk, next comment, seen before", |bencher| bencher.iter(|| desk.next()));
    group.finish();
}

fn beside_egui(criterion: &mut Bench) {
    let mut group = criterion.benchmark_group("uncached Latin");
    let mut n = 0;
    let mut new = || {
        n += 1;
        (0..10).map(|at| stage::latin(n, at)).collect::<Vec<String>>()
    };
    let page = Page::new();
    group.bench_function("ours", |bencher| {
        bencher.iter_batched(
            || new().iter().map(|text| said(&format!("<p>{text}</p>"))).collect::<Vec<_>>(),
            |texts| page.frame(|ui| texts.iter().for_each(|text| label(ui, text))),
            BatchSize::SmallInput,
        );
    });
    let page = Page::new();
    group.bench_function("egui", |bencher| {
        bencher.iter_batched(
            &mut new,
            |texts| page.frame(|ui| texts.iter().for_each(|text| stage::egui_label(ui, text))),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn main() {
    let since = std::time::SystemTime::now();
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .with_measurement(Thread(WallTime))
        .configure_from_args();
    for bench in [cached, first_layout, first_use, window, beside_egui] {
        bench(&mut criterion);
    }
    criterion.final_summary();
    verdict::tell(since);
}
