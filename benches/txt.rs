//! What the text reader costs: MB/s in each shape (at least 20 on one core), as a ratio to decoding and splitting the
//! same bytes into lines with no model, and the growth of the time when a file gets ten times as long (about 10; a
//! quadratic reader would show 100).
//!
//! `cargo bench --bench txt [FILE…]`; without files, made texts and the seed reports where they exist.

// A benchmark has nobody to hand an error to.
#![allow(clippy::expect_used)]

use heshu::ReadOptions;
use heshu::pattern::Patterns;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;

fn main() {
    let patterns = Patterns::builtin().expect("built-in patterns");
    println!(
        "{:<34} {:>9} {:>9} {:>8} {:>10}",
        "", "MB", "MB/s", "ratio", "×10 lines"
    );
    for (name, unit) in shapes() {
        let small = unit.repeat(20_000 / unit.lines().count().max(1));
        let large = small.repeat(10);
        let growth = seconds(&large, &patterns) / seconds(&small, &patterns);
        report(name, large.as_bytes(), &patterns, Some(growth));
    }
    let mut files: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .map(PathBuf::from)
        .collect();
    if files.is_empty() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/reports");
        for encoding in ["utf8", "gbk"] {
            files.extend((0..5).map(|i| seeds.join(format!("seed00{i}.{encoding}.txt"))));
        }
    }
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match std::fs::read(&file) {
            Ok(bytes) => report(&name, &bytes, &patterns, None),
            Err(error) => println!("skipped: {}: {error}", file.display()),
        }
    }
}

/// Texts in the shapes that archives hold, and the ones that a careless reader is slow on.
fn shapes() -> Vec<(&'static str, String)> {
    let heading = [
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
    ];
    let row = ["产出指标", "数量指标", "养护里程", "≥80公里", "82公里", "10", "9.5"];
    let table = |cell: &str, end: &str| -> String {
        let rows = std::iter::once(&heading).chain(std::iter::repeat_n(&row, 20));
        rows.map(|r| r.join(cell) + end).collect::<String>() + "\n二、存在问题\n预算编制不够细，需要改进。\n\n\n\n"
    };
    let prose = "2022年县级财政安排养护资金120万元，实际支出118.5万元，支出率98.75%，全年养护农村道路82公里。\n";
    vec![
        ("prose", prose.to_owned()),
        ("dump with tabs", table("\n\t", "\n\n\t").replacen("一级", "\t一级", 1)),
        (
            "Markdown",
            format!("| {}", table(" | ", " |\n| ")).replace("| \n二", "\n二"),
        ),
        ("tabs in lines", table("\t", "\n")),
        ("one row a line", table(" ", "\n")),
        ("one cell a line", table("\n", "\n")),
        ("one cell a line, rows parted", table("\n", "\n\n")),
        ("headings only", heading.join("\n") + "\n"),
        ("labels only", "项目名称\n主管部门：\n".to_owned()),
        ("heading lines only", heading.join(" ") + "\n"),
        ("tabs and blank lines only", "\t\n\n\n甲\n".to_owned()),
        ("pipes only", "| 甲\n|\n".to_owned()),
        ("orphans", "项目名称 甲\n乙\n丙\n".to_owned()),
    ]
}

fn seconds(text: &str, patterns: &Patterns) -> f64 {
    best(|| {
        drop(black_box(
            heshu::read(text.as_bytes(), patterns, &ReadOptions::default()).expect("a text"),
        ))
    })
    .as_secs_f64()
}

fn report(name: &str, bytes: &[u8], patterns: &Patterns, growth: Option<f64>) {
    let read = best(|| {
        drop(black_box(
            heshu::read(bytes, patterns, &ReadOptions::default()).expect("a text"),
        ))
    });
    let bare = best(|| {
        let (text, _) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
        let text = std::str::from_utf8(bytes).map_or(text.as_ref(), |text| text);
        black_box(text.lines().map(str::len).sum::<usize>());
    });
    let mb = bytes.len() as f64 / 1e6;
    println!(
        "{name:<34} {mb:>9.2} {:>9.1} {:>8.1} {:>10}",
        mb / read.as_secs_f64(),
        read.as_secs_f64() / bare.as_secs_f64(),
        growth.map(|g| format!("{g:.1}")).unwrap_or_default(),
    );
}

/// The quickest of several rounds.
fn best(mut run: impl FnMut()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}
