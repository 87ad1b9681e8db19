//! The same report in every format and shape: where a record differs from that of the Word file it lacks something and
//! says so; it never has another figure.

use super::facts::{Fact, of_record};
use super::generate::Document;
use super::in_parallel;
use super::sheet::{Grid, Piece, Slot};
use super::write::{FORMATS, Format};
use crate::corpus::root;
use heshu::ingest::{ReadOptions, read};
use heshu::model::{Block, Report, Table};
use heshu::pattern::Patterns;
use std::env::var;
use std::path::PathBuf;

/// A table's cells as the writers take them.
fn grid(table: &Table) -> Grid {
    let mut rows = vec![vec![Slot::Right; table.cols()]; table.rows()];
    for cell in table.cells() {
        let (rows_down, cols) = (cell.row_span, cell.col_span);
        for row in &mut rows[cell.row..cell.row + rows_down] {
            row[cell.col] = Slot::Below { cols };
        }
        rows[cell.row][cell.col] = Slot::Cell {
            text: cell.text.clone(),
            rows: rows_down,
            cols,
        };
    }
    Grid { rows, header: 0 }
}

/// The reports of the corpus as pieces, by name.
fn reports(patterns: &Patterns) -> Vec<(String, Document)> {
    let folder = var("HESHU_META_REPORTS").map_or_else(|_| root().join("corpus/reports"), PathBuf::from);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".docx"))
        .collect();
    names.sort();
    let document = |name: String| {
        let bytes = std::fs::read(folder.join(&name)).unwrap();
        let blocks = read(&bytes, patterns, &ReadOptions::default()).unwrap().blocks;
        let pieces = blocks.iter().map(|block| match block {
            Block::Paragraph(paragraph) => Piece::Paragraph(paragraph.text.clone()),
            Block::Table(table) => Piece::Table(grid(table)),
        });
        let document = Document {
            pieces: pieces.collect(),
            ..Document::default()
        };
        (name.trim_end_matches(".docx").to_owned(), document)
    };
    names.into_iter().map(document).collect()
}

fn told(fact: &Fact) -> String {
    let yuan = fact.yuan.as_ref().map_or(String::new(), |y| format!(" ({y}元)"));
    format!("{} {} = {}{yuan}", fact.name, fact.what, fact.value)
}

/// What a record lacks of the facts of another, and what it has besides.
fn differences(wanted: &Report, got: &Report) -> (Vec<String>, Vec<String>) {
    let texts = |report: &Report| of_record(report).facts.iter().map(told).collect::<Vec<_>>();
    let mut more = texts(got);
    let lacks = texts(wanted).into_iter().filter(|fact| {
        let found = more.iter().position(|other| other == fact);
        found.map(|at| more.remove(at)).is_none()
    });
    (lacks.collect(), more)
}

/// What records lack of the facts of the Word file, and what they have that the Word file has not: `REPORT as FORMAT lacks:
/// FACT`. What is had besides is a wrong figure, to be mended; PDF without rulings alone has any. `HESHU_META_KEEP` keeps the
/// files, `HESHU_META_REPORTS` is another folder of Word files, whose differences are printed only.
const DIFFERENCES: &str = include_str!("differences.txt");

#[test]
fn a_report_says_the_same_in_every_format() {
    let patterns = Patterns::builtin().unwrap();
    let formats: Vec<Format> = FORMATS.into_iter().chain([Format::PdfBare]).collect();
    let reports = reports(&patterns);
    let jobs: Vec<(usize, Format)> = (0..reports.len())
        .flat_map(|index| formats.iter().map(move |format| (index, *format)))
        .collect();
    let records = in_parallel(&jobs, |(index, format)| {
        let (name, document) = &reports[*index];
        let bytes = format.write(document, 0);
        if let Ok(folder) = var("HESHU_META_KEEP") {
            let file = format!("{folder}/{name}.{}.{}", format.name(), format.file());
            std::fs::write(file, &bytes).unwrap();
        }
        heshu::extract(&bytes, format.file(), &patterns).unwrap()
    });
    let word: Vec<&Report> = jobs
        .iter()
        .zip(&records)
        .filter(|(job, _)| job.1 == Format::Docx)
        .map(|(_, r)| r)
        .collect();
    let mut found: Vec<String> = Vec::new();
    for ((index, format), record) in jobs.iter().zip(&records) {
        let (lacks, more) = differences(word[*index], record);
        let name = format!("{} as {}", reports[*index].0, format.name());
        found.extend(lacks.iter().map(|fact| format!("{name} lacks: {fact}")));
        found.extend(more.iter().map(|fact| format!("{name} has: {fact}")));
    }
    found.sort();
    if var("HESHU_META_REPORTS").is_ok() {
        println!("{}", found.join("\n"));
        return;
    }
    let known: Vec<&str> = DIFFERENCES.lines().collect();
    assert!(
        found.iter().eq(known.iter()),
        "what differs is not what tests/it/metamorphic/differences.txt says, which should be:\n{}",
        found.join("\n")
    );
}
