//! PDF: time a page against the bare glyph-and-path pass of the interpreter, and against `pdftotext -layout`.
//!
//! ```text
//! cargo bench --bench pdf [FILE.pdf …]
//! ```
//! Without arguments: the corpus of the repository and, where it exists, ../shared/corpus. Targets: at most 2.5 times
//! the bare pass, less than pdftotext. Also prints the growth of memory over a long document.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, font::GlyphRun, interpret_page,
};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Takes the text and position of each glyph and the transformed bounds of each path, and keeps nothing.
struct Bare;

impl<'a> Device<'a> for Bare {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        use hayro_interpret::kurbo::Shape;
        black_box((props.transform * path.clone()).bounding_box());
    }
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            black_box((glyph.as_unicode(), props.transform * glyph.transform()));
        }
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn bare(bytes: &[u8]) -> usize {
    let Ok(pdf) = Pdf::new(bytes.to_vec()) else { return 0 };
    let cache = InterpreterCache::new();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let transform = Affine::new(page.initial_transform(true).as_coeffs());
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context = Context::new(transform, bounds, &cache, pdf.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, &mut Bare);
    }
    pdf.pages().len()
}

/// The shortest of several runs.
fn best(runs: usize, mut work: impl FnMut()) -> Duration {
    let one = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(one).min().unwrap_or_default()
}

fn files() -> Vec<PathBuf> {
    let named: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .map(PathBuf::from)
        .collect();
    if !named.is_empty() {
        return named;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["corpus/reports", "../shared/corpus/reports"] {
        let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        files.extend(
            entries
                .map(|e| e.path())
                .filter(|p| p.extension().is_some_and(|e| e == "pdf")),
        );
    }
    files.sort();
    files
}

fn resident_kb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or_default()
}

fn main() {
    let options = heshu::ReadOptions::default();
    let (mut pages, mut own_time, mut bare_time, mut other_time) = (0, Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let startup = best(5, || {
        drop(Command::new("pdftotext").arg("-v").stderr(Stdio::null()).status())
    });
    let mut largest: Option<(usize, Vec<u8>)> = None;
    for path in files() {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let count = bare(&bytes);
        pages += count;
        own_time += best(7, || drop(black_box(heshu::ingest::pdf::read(&bytes, &options))));
        bare_time += best(7, || {
            black_box(bare(&bytes));
        });
        let text = || {
            drop(
                Command::new("pdftotext")
                    .arg("-layout")
                    .arg(&path)
                    .arg("/dev/null")
                    .stderr(Stdio::null())
                    .status(),
            )
        };
        other_time += best(5, text).saturating_sub(startup);
        if largest.as_ref().is_none_or(|(most, _)| count > *most) {
            largest = Some((count, bytes));
        }
    }
    let a_page = |time: Duration| time.as_secs_f64() * 1000.0 / pages.max(1) as f64;
    println!(
        "{pages} pages: {:.2} ms a page; bare pass {:.2} ms; pdftotext -layout {:.2} ms",
        a_page(own_time),
        a_page(bare_time),
        a_page(other_time)
    );
    println!(
        "ratio to the bare pass     {:.2} (target: at most 2.5)",
        own_time.as_secs_f64() / bare_time.as_secs_f64()
    );
    println!(
        "ratio to pdftotext -layout {:.2} (target: below 1)",
        own_time.as_secs_f64() / other_time.as_secs_f64()
    );
    if let Some((count, bytes)) = largest {
        let before = resident_kb();
        let document = heshu::ingest::pdf::read(&bytes, &options).ok();
        let blocks = document.as_ref().map_or(0, |d| d.blocks.len());
        println!(
            "largest: {count} pages, {blocks} blocks, peak memory {} → {} kB",
            before,
            resident_kb()
        );
    }
}
