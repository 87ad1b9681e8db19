//! What the .docx reader costs, as ratios in one run: CPU against streaming the same zip parts through quick-xml with
//! no model (at most 3), peak memory over a table of 5,000 rows (under 40 MB), and what zip bombs cost until they are
//! stopped (a second, 100 MB).
//!
//! `cargo bench --bench docx [FILE…]`; without files, a made table and the seed reports where they exist.

// A benchmark has nobody to hand an error to.
#![allow(clippy::expect_used)]

use heshu::ingest::docx;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::hint::black_box;
use std::io::{BufReader, Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Parts that the reader reads, too.
const PARTS: [&str; 7] = [
    "_rels/.rels",
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "word/styles.xml",
    "word/numbering.xml",
    "word/footer1.xml",
    "word/header1.xml",
];

fn main() {
    let table = made_table(5_000);
    report_memory("5,000 rows", &table, |bytes| {
        drop(docx::read(bytes).expect("a whole document"))
    });
    let row = "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
    let cell = "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>";
    for (name, start, unit) in [
        ("bomb of text", "<w:p><w:r><w:t>", "9"),
        ("bomb of elements", "", "<w:x/>"),
        ("bomb of tables", "", row),
        ("bomb of cells", "<w:tbl><w:tr>", cell),
        ("bomb of paragraphs", "", "<w:p><w:r><w:t>1</w:t></w:r></w:p>"),
    ] {
        let bomb = package(
            &mut std::iter::once(start.to_owned()).chain((0..130).map(|_| unit.repeat((1 << 20) / unit.len()))),
        );
        report_memory(name, &bomb, |bytes| drop(docx::read(bytes).expect_err("a limit")));
    }
    report("5,000 rows", &table);
    let mut files: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .map(PathBuf::from)
        .collect();
    if files.is_empty() {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/reports");
        files.extend((0..5).map(|i| seeds.join(format!("seed00{i}.docx"))));
    }
    for file in files {
        match std::fs::read(&file) {
            Ok(bytes) => report(&file.file_name().unwrap_or_default().to_string_lossy(), &bytes),
            Err(error) => eprintln!("skipped {}: {error}", file.display()),
        }
    }
}

fn report(name: &str, bytes: &[u8]) {
    let rounds = if bytes.len() > 200_000 { 8 } else { 40 };
    // The two take turns, so that a busy machine slows both.
    let (mut stream, mut read) = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        stream = stream.min(timed(|| stream_parts(bytes)));
        read = read.min(timed(|| docx::read(bytes).expect("a whole document").blocks.len()));
    }
    let ratio = read.as_secs_f64() / stream.as_secs_f64();
    println!(
        "{name}: stream {:.2} ms, read {:.2} ms, ratio {ratio:.2}",
        ms(stream),
        ms(read)
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn stream_parts(bytes: &[u8]) -> usize {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut events = 0;
    let mut buffer = Vec::new();
    for part in PARTS {
        let Ok(file) = archive.by_name(part) else {
            continue;
        };
        let mut reader = Reader::from_reader(BufReader::with_capacity(32 << 10, file));
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).expect("well-formed XML") {
                Event::Eof => break,
                _ => events += 1,
            }
        }
    }
    events
}

/// Linux only: elsewhere the peak is not known.
fn report_memory(name: &str, bytes: &[u8], work: impl FnOnce(&[u8])) {
    let kilobytes = |key: &str| -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|l| l.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let reset = std::fs::write("/proc/self/clear_refs", "5");
    let before = kilobytes("VmRSS:");
    let time = timed(|| work(bytes));
    match (reset, before, kilobytes("VmHWM:")) {
        (Ok(()), Some(before), Some(peak)) => println!(
            "{name}: zip {} KB, {:.0} ms, peak {:.1} MB, of which the reader's {:.1} MB",
            bytes.len() >> 10,
            ms(time),
            peak as f64 / 1024.0,
            peak.saturating_sub(before) as f64 / 1024.0
        ),
        _ => eprintln!("peak memory not known here"),
    }
}

/// A report with one table of nine columns, formatted as Word formats it, with merges every fifth row.
fn made_table(rows: usize) -> Vec<u8> {
    let body = (0..rows).map(|row| {
        let cells = (0..9).map(|col| {
            let merge = match (col, row % 5) {
                (0, 0) => r#"<w:vMerge w:val="restart"/>"#,
                (0, _) => "<w:vMerge/>",
                _ => "",
            };
            let text = if merge == "<w:vMerge/>" { String::new() } else { format!("{}.{col:02} 万元", row * 37) };
            format!(
                r#"<w:tc><w:tcPr><w:tcW w:w="1100" w:type="dxa"/>{merge}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="360" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋_GB2312" w:hint="eastAsia"/><w:sz w:val="24"/><w:szCs w:val="24"/></w:rPr><w:t>{text}</w:t></w:r></w:p></w:tc>"#
            )
        });
        format!(r#"<w:tr><w:trPr><w:trHeight w:val="400"/></w:trPr>{}</w:tr>"#, cells.collect::<String>())
    });
    let start = std::iter::once("<w:tbl>".to_owned());
    let end = std::iter::once("</w:tbl><w:sectPr/></w:body></w:document>".to_owned());
    package(&mut start.chain(body).chain(end))
}

/// A package whose body is written piece by piece, so that the maker needs little memory itself.
fn package(body: &mut dyn Iterator<Item = String>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = format!(
        r#"<Relationships><Relationship Id="r" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>"#
    );
    let open = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;
    zip.start_file("_rels/.rels", options).expect("a new part");
    zip.write_all(rels.as_bytes()).expect("memory");
    zip.start_file("word/document.xml", options).expect("a new part");
    zip.write_all(open.as_bytes()).expect("memory");
    for piece in body {
        zip.write_all(piece.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}
