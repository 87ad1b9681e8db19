//! Every box holds what it is said to hold.

use super::{fixture, read};
use heshu::ReadOptions;
use heshu::ingest::pdf::page_glyphs;
use heshu::model::{BBox, Block, Document, PagePlace};
use std::collections::BTreeMap;

type Glyphs = Vec<(char, BBox)>;

/// Characters whose middle stands in a box, sorted; one that is drawn twice at one place counts once.
fn inside(glyphs: &Glyphs, place: &PagePlace) -> Vec<char> {
    let b = place.bbox;
    let mut seen: Vec<(char, f64, f64)> = Vec::new();
    for (ch, g) in glyphs.iter().filter(|(ch, _)| !ch.is_whitespace()) {
        let (x, y) = ((g.x0 + g.x1) / 2.0, (g.y0 + g.y1) / 2.0);
        // Punctuation that a printer squeezes reaches with its empty half under the next character.
        let within = x > b.x0 + 0.3 && x < b.x1 - 0.3 && y > b.y0 - 0.1 && y < b.y1 + 0.1;
        let twice = |s: &(char, f64, f64)| s.0 == *ch && (s.1 - x).abs() < 1.0 && (s.2 - y).abs() < 1.0;
        if within && !seen.iter().any(twice) {
            seen.push((*ch, x, y));
        }
    }
    let mut chars: Vec<char> = seen.into_iter().map(|s| s.0).collect();
    chars.sort_unstable();
    chars
}

fn letters(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    chars.sort_unstable();
    chars
}

/// Clauses of a paragraph: what a statement is taken from.
fn clauses(text: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (at, ch) in text.char_indices().filter(|(_, ch)| "，。；、：".contains(*ch)) {
        ranges.push((start, at));
        start = at + ch.len_utf8();
    }
    ranges.push((start, text.len()));
    ranges.retain(|(a, b)| a < b);
    ranges
}

/// Counts what was compared and names what differs.
fn compare(document: &Document, pages: &BTreeMap<u32, Glyphs>) -> (usize, Vec<String>) {
    let mut count = 0;
    let mut faults = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Table(table) => {
                for cell in table.cells().iter().filter(|c| !c.text.is_empty()) {
                    let mut found: Vec<char> = cell.places.iter().flat_map(|p| inside(&pages[&p.page], p)).collect();
                    found.sort_unstable();
                    count += 1;
                    let mut own = letters(&cell.text);
                    let whole = own.clone();
                    own.dedup();
                    // A label that is repeated on the next page stands in both boxes.
                    let repeated = cell.places.len() > 1 && found.iter().filter(|c| **c == own[0]).count() > 1;
                    if found != whole && !repeated {
                        faults.push(format!(
                            "cell {:?} at {:?}: {}",
                            cell.text,
                            cell.places,
                            found.iter().collect::<String>()
                        ));
                    }
                }
            }
            Block::Paragraph(paragraph) => {
                for (start, end) in clauses(&paragraph.text) {
                    let places = paragraph.places(start, end);
                    let tops: Vec<f64> = paragraph
                        .lines
                        .iter()
                        .filter(|l| l.start < end && l.end > start)
                        .map(|l| l.place.bbox.y1)
                        .collect();
                    let low = tops.iter().copied().fold(f64::INFINITY, f64::min);
                    let one_line = places.len() == 1 && tops.iter().all(|t| t - low < 4.0);
                    let mut found: Vec<char> = places.iter().flat_map(|p| inside(&pages[&p.page], p)).collect();
                    found.sort_unstable();
                    let own = letters(&paragraph.text[start..end]);
                    count += 1;
                    let mut rest = found.clone();
                    let held = own
                        .iter()
                        .all(|c| rest.iter().position(|r| r == c).map(|at| rest.remove(at)).is_some());
                    if !held || (one_line && found != own) {
                        faults.push(format!(
                            "text {:?} at {places:?}: {}",
                            &paragraph.text[start..end],
                            found.iter().collect::<String>()
                        ));
                    }
                }
            }
        }
    }
    (count, faults)
}

fn check(name: &str, bytes: &[u8]) {
    let document = read(bytes);
    let options = ReadOptions::default();
    let pages = (1..=document.pages.unwrap())
        .map(|p| (p, page_glyphs(bytes, &options, p).unwrap()))
        .collect();
    let (count, faults) = compare(&document, &pages);
    assert!(count > 0, "{name}: nothing compared");
    assert!(
        faults.is_empty(),
        "{name}: {} of {count} boxes do not spell their text, first {:#?}",
        faults.len(),
        &faults[..faults.len().min(5)]
    );
}

#[test]
fn glyphs_inside_each_box_spell_its_text() {
    for name in [
        "chromium_torn_row.pdf",
        "chromium_rulings.pdf",
        "libreoffice_torn_row.pdf",
        "ghostscript.pdf",
        "reportlab_unigb.pdf",
    ] {
        check(name, &fixture(name));
    }
}

#[test]
fn glyphs_inside_each_box_spell_its_text_over_the_corpus() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/reports");
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("not run: no {folder}");
        return;
    };
    let mut paths: Vec<_> = entries
        .filter_map(|e| e.ok())
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "pdf"))
        .collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            continue; // kept for the first-sight measurement
        }
        check(&name, &std::fs::read(&path).unwrap());
    }
}
