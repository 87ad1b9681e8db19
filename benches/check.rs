//! What checking costs, as ratios in one run: CPU against reading the same .docx (at most 1), and 5,000 rows and 2,000
//! sentences against a quarter of them (about 4 where nothing is quadratic).
//!
//! `cargo bench --bench check [FILE…]`; without files, the project's own reports and the seed reports where they exist.

// A benchmark has nobody to hand an error to.
#![allow(clippy::expect_used)]

use heshu::model::{Block, Document, DocumentInfo, Format, Paragraph, Report, Table};
use heshu::pattern::Patterns;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn main() {
    let patterns = Patterns::builtin().expect("built-in patterns");
    let mut total = (Duration::ZERO, Duration::ZERO);
    for path in files() {
        let bytes = std::fs::read(&path).expect("a file that can be read");
        let options = heshu::ReadOptions::default();
        let Ok(document) = heshu::read(&bytes, &patterns, &options) else {
            continue;
        };
        let report = report_of(document, &patterns);
        let read = fastest(|| drop(black_box(heshu::read(&bytes, &patterns, &options))));
        let check = fastest(|| drop(black_box(heshu::check::run(&report, &patterns))));
        total = (total.0 + read, total.1 + check);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        println!(
            "{name:34} read {read:>10.2?}  check {check:>10.2?}  ratio {:.2}",
            ratio(check, read)
        );
    }
    println!(
        "{:34} read {:>10.2?}  check {:>10.2?}  ratio {:.2}",
        "all",
        total.0,
        total.1,
        ratio(total.1, total.0)
    );
    for (name, make) in [
        ("rows", table as fn(usize) -> Document),
        ("hierarchy", hierarchy),
        ("sentences", prose),
    ] {
        let most = if name == "sentences" { 2_000 } else { 5_000 };
        let time = |n: usize| {
            let report = report_of(make(n), &patterns);
            fastest(|| drop(black_box(heshu::check::run(&report, &patterns))))
        };
        let (quarter, whole) = (time(most / 4), time(most));
        println!(
            "{most} {name}: {whole:.2?}, a quarter of them {quarter:.2?}, ratio {:.1}",
            ratio(whole, quarter)
        );
    }
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(1e-9)
}

/// The fastest of a few runs: what the machine's other work cannot make shorter.
fn fastest(mut work: impl FnMut()) -> Duration {
    let once = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    std::iter::repeat_with(once).take(7).min().unwrap_or_default()
}

fn files() -> Vec<PathBuf> {
    let named: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    if !named.is_empty() {
        return named;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in [root.join("corpus/reports"), root.join("../shared/corpus/reports")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".docx") && !name.starts_with(|c: char| c.is_ascii_digit()) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

fn report_of(document: Document, patterns: &Patterns) -> Report {
    let document = heshu::recognize::join::join(document, patterns);
    let tables = heshu::recognize::recognize(&document, patterns);
    let info = DocumentInfo {
        sha256: String::new(),
        path: String::new(),
        format: document.format,
        bytes: 0,
        pages: None,
        extractor: String::new(),
    };
    heshu::normalize::assemble(&document, &tables, info, patterns)
}

/// One table of many lines and a total.
fn table(rows: usize) -> Document {
    let mut cells = vec![vec![
        "项目".to_owned(),
        "预算金额".to_owned(),
        "实际支出金额".to_owned(),
    ]];
    cells.extend((0..rows).map(|n| vec![format!("第{n}号项目经费"), format!("{n}.25"), format!("{n}.20")]));
    cells.push(vec!["合计".to_owned(), "1".to_owned(), "1".to_owned()]);
    of_table(&cells)
}

/// The same with a subtotal after every ten lines.
fn hierarchy(rows: usize) -> Document {
    let mut cells = vec![vec![
        "项目".to_owned(),
        "预算金额".to_owned(),
        "实际支出金额".to_owned(),
    ]];
    for n in 0..rows {
        let name = if n % 10 == 9 {
            "小计".to_owned()
        } else {
            format!("第{n}号项目经费")
        };
        cells.push(vec![name, format!("{n}.25"), format!("{n}.20")]);
    }
    cells.push(vec!["合计".to_owned(), "1".to_owned(), "1".to_owned()]);
    of_table(&cells)
}

fn of_table(cells: &[Vec<String>]) -> Document {
    let mut document = Document::new(Format::Docx);
    document.blocks.push(Block::Paragraph(Paragraph::body(
        "专项资金预算安排及使用情况表（单位：万元）",
    )));
    document
        .blocks
        .push(Block::Table(Table::from_rows(cells).expect("a grid")));
    document
}

/// Sentences with lists, rates, shares and growth, ten in a paragraph, and the lines that they name.
fn prose(sentences: usize) -> Document {
    let mut document = table(sentences);
    let sentence = |n: usize| {
        format!(
            "第{n}号项目经费实际支出{n}.20万元，包括：培训费1.5万元、评估费2万元；支出率达98.82%，占资金总额的{}%，较上年（{n}万元）增长5%。",
            n % 90
        )
    };
    let all: Vec<String> = (0..sentences).map(sentence).collect();
    for paragraph in all.chunks(10) {
        document
            .blocks
            .push(Block::Paragraph(Paragraph::body(paragraph.concat())));
    }
    document
}
