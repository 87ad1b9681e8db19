//! Bad input: an error in one line or what could be read, never a panic, never without end.

use super::fixture;
use super::writer::{Writer, one_page, table, text};
use heshu::ReadOptions;
use heshu::error::{Error, ErrorKind};
use heshu::model::Document;

fn read(bytes: &[u8]) -> Result<Document, Error> {
    let result = heshu::ingest::pdf::read(bytes, &ReadOptions::default());
    if let Err(error) = &result {
        assert!(!error.to_string().contains('\n'), "{error}");
        assert!(!matches!(error.kind, ErrorKind::Internal(_)), "{error}");
    }
    result
}

fn good() -> Vec<u8> {
    one_page(&(table(50.0, 300.0, &[&["项目", "金额"], &["教育", "1.00"]]) + &text(50.0, 350.0, "好的文件")))
}

#[test]
fn truncated_at_every_place() {
    let bytes = good();
    for length in (0..bytes.len()).step_by(7) {
        let _ = read(&bytes[..length]);
    }
}

#[test]
fn junk_before_the_header_and_a_cut_cross_reference() {
    let bytes = good();
    let junk = [b"junk\n".repeat(200), bytes.clone()].concat();
    assert_eq!(read(&junk).unwrap().blocks.len(), 2);
    let xref = bytes.windows(5).rposition(|w| w == b"xref\n").unwrap();
    assert_eq!(read(&bytes[..xref + 8]).unwrap().blocks.len(), 2);
}

#[test]
fn a_page_tree_that_names_itself() {
    let bytes = String::from_utf8_lossy(&good())
        .replace("/Kids[", "/Kids[2 0 R ")
        .into_bytes();
    assert_eq!(read(&bytes).unwrap().pages, Some(1));
}

#[test]
fn forms_that_draw_themselves_or_double_at_each_level() {
    let mut writer = Writer::new();
    let form =
        |next: usize| format!("/Type/XObject/Subtype/Form/BBox[0 0 300 400]/Resources<</XObject<</X {next} 0 R>>>>");
    // Object 5 is the first form; each draws the next twice, the last itself.
    for level in 0..40 {
        writer.stream(
            &form(if level == 39 { 44 } else { 6 + level }),
            b"/X Do /X Do 0 0 m 5 5 l S",
        );
    }
    let bytes = writer
        .page(&(text(50.0, 350.0, "文字") + "/X Do"), "", "/XObject<</X 5 0 R>>")
        .bytes();
    let document = read(&bytes).unwrap();
    assert_eq!(document.warnings[0].code, "page_too_dense");
}

#[test]
fn bombs_are_refused() {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![b' '; 1 << 20];
    (0..300).for_each(|_| encoder.write_all(&block).unwrap());
    let bomb = encoder.finish().unwrap();
    let mut writer = Writer::new();
    writer.stream("/Filter/FlateDecode", &bomb);
    let bytes = writer.page("", "", "").bytes();
    assert!(matches!(read(&bytes).unwrap_err().kind, ErrorKind::Limit { .. }));
}

#[test]
fn huge_coordinates() {
    let far = "9".repeat(30);
    let huge = format!("q {far} 0 0 {far} {far} {far} cm 0 0 m {far} 0 l S Q {far} {far} m 5 5 l S 0 0 {far} 1 re f\n");
    let document = read(&one_page(&(huge + &text(50.0, 350.0, "文字")))).unwrap();
    assert_eq!(document.blocks.len(), 1);
    let page = Writer::new()
        .page(&text(50.0, 350.0, "文字"), "/MediaBox[0 0 1000000000 1000000000]", "")
        .bytes();
    let _ = read(&page);
}

#[test]
fn mutations() {
    // A fixed sequence, so that a failure can be repeated.
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let sources = [
        good(),
        fixture("reportlab_unigb.pdf"),
        fixture("ghostscript.pdf"),
        fixture("chromium_rulings.pdf"),
    ];
    for round in 0..600 {
        let mut bytes = sources[round % sources.len()].clone();
        for _ in 0..=random() % 12 {
            let at = (random() % bytes.len() as u64) as usize;
            match random() % 4 {
                0 => bytes[at] = random() as u8,
                1 => bytes[at] ^= 1 << (random() % 8),
                2 => drop(bytes.drain(at..(at + 1 + (random() % 30) as usize).min(bytes.len()))),
                _ => {
                    let piece: Vec<u8> = bytes[at..(at + 20).min(bytes.len())].to_vec();
                    let to = (random() % bytes.len() as u64) as usize;
                    bytes.splice(to..to, piece);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let _ = read(&bytes);
    }
}
