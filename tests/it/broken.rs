//! fixtures/broken/: small files that must fail cleanly, or be read all the same; for each what must come of it.
//!
//! The files are committed; `HESHU_WRITE_FIXTURES=1 cargo test --test it broken::` makes them anew.

use crate::cli::{GOOD, heshu, stderr};
use crate::corpus::root;
use crate::docx::{document, p, pack, package_rels};
use crate::pdf::{deflated_page, fixture, one_page, text};
use heshu::batch::{self, Outcome};
use heshu::model::Limits;
use heshu::pattern::Patterns;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use zip::write::{SimpleFileOptions, ZipWriter};

/// What comes of a file.
enum Comes {
    /// So many records, and nothing that fails.
    Records(usize),
    /// One line with these words, and so many records beside it.
    Line(&'static str, usize),
}
use Comes::{Line, Records};

/// Whether the files are made anew.
fn writes() -> bool {
    std::env::var_os("HESHU_WRITE_FIXTURES").is_some()
}

/// A Word package around a main part.
fn word(main: impl AsRef<[u8]>) -> Vec<u8> {
    let rels = package_rels("word/document.xml");
    pack(&[("_rels/.rels", rels.as_bytes()), ("word/document.xml", main.as_ref())])
}

fn compound(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(content).unwrap();
    file.into_inner().into_inner()
}

/// A zip with a member of so many MB of one byte; further members first. Takes long, so only made to be written.
fn bomb(name: &str, start: &[u8], byte: u8, megabytes: usize, others: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let megabytes = if writes() { megabytes } else { 0 };
    let options = SimpleFileOptions::default();
    for (name, bytes) in others {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.start_file(name, options).unwrap();
    zip.write_all(start).unwrap();
    let chunk = vec![byte; 1 << 20];
    (0..megabytes).for_each(|_| zip.write_all(&chunk).unwrap());
    zip.finish().unwrap().into_inner()
}

/// The last central directory record of a zip, for damage.
fn last_record(zip: &[u8]) -> usize {
    zip.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap()
}

fn patched(mut bytes: Vec<u8>, at: usize, patch: &[u8]) -> Vec<u8> {
    bytes[at..at + patch.len()].copy_from_slice(patch);
    bytes
}

fn tables_in_each_other(depth: usize) -> String {
    let open = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>预算</w:t></w:r></w:p>".repeat(depth);
    document(&format!("{open}{}", "<w:p/></w:tc></w:tr></w:tbl>".repeat(depth)))
}

fn word_cases() -> Vec<(&'static str, Vec<u8>, Comes)> {
    let rels = package_rels("word/document.xml");
    let whole = document(&p(GOOD.trim()));
    let good = word(&whole);
    let declared = {
        // The uncompressed size of the main part, in its central record: 10 GB is said with what 32 bits hold.
        let at = last_record(&good);
        patched(good.clone(), at + 24, &0xFFFF_FFF0u32.to_le_bytes())
    };
    let mut utf16 = vec![0xFF, 0xFE];
    let stated = whole.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    utf16.extend(stated.encode_utf16().flat_map(u16::to_le_bytes));
    let many = {
        let at = good.windows(4).rposition(|w| w == b"PK\x05\x06").unwrap();
        patched(good.clone(), at + 8, &[0xFE, 0xFF, 0xFE, 0xFF])
    };
    let wide = r#"<w:tr><w:trPr><w:gridBefore w:val="1024"/></w:trPr><w:tc/></w:tr>"#.repeat(5_000);
    let start = &whole[..whole.find("<w:p>").unwrap()];
    let others: Vec<(&str, &[u8])> = vec![("_rels/.rels", rels.as_bytes())];
    let with_main: Vec<(&str, &[u8])> = vec![
        ("_rels/.rels", rels.as_bytes()),
        ("word/document.xml", whole.as_bytes()),
    ];
    let odd = r#"<w:tbl><w:tr><w:tc><w:tcPr><w:tcW w:w=""/></w:tcPr><w:p><w:bookmarkStart w:id="x1" w:name="a"/><w:r><w:t>预算200万元</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"#;
    vec![
        ("empty.docx", Vec::new(), Line("empty", 0)),
        ("truncated.docx", good[..good.len() / 2].to_vec(), Line("damaged", 0)),
        (
            "xml_ends_inside_an_element.docx",
            word(&whole[..whole.len() - 30]),
            Line("damaged", 0),
        ),
        ("tables_200_deep.docx", word(tables_in_each_other(200)), Records(1)),
        (
            "tables_2000_deep.docx",
            word(tables_in_each_other(2_000)),
            Line("nesting of elements", 0),
        ),
        ("declares_4_gb.docx", declared, Records(1)),
        (
            "bomb_in_the_text.docx",
            bomb("word/document.xml", start.as_bytes(), b'9', 100, &others),
            Line("refused", 0),
        ),
        (
            "bomb_in_a_picture.docx",
            bomb("word/media/image1.png", b"\x89PNG", 0, 100, &with_main),
            Records(1),
        ),
        ("widths_and_ids_without_numbers.docx", word(document(odd)), Records(1)),
        (
            "without_relationships.docx",
            pack(&[("word/document.xml", whole.as_str())]),
            Records(1),
        ),
        ("utf16_part.docx", word(&utf16), Records(1)),
        (
            "dtd.docx",
            word(whole.replace("<w:document", "<!DOCTYPE a [<!ENTITY b \"c\">]><w:document")),
            Line("document type definition", 0),
        ),
        (
            "unknown_entity.docx",
            word(document(&p("&a;"))),
            Line("unknown entity", 0),
        ),
        (
            "declares_65534_files.docx",
            many,
            Line("refused: the number of files", 0),
        ),
        (
            "wide_grid.docx",
            word(document(&format!("<w:tbl>{wide}</w:tbl>"))),
            Line("refused", 0),
        ),
        (
            "without_main_part.docx",
            pack(&[("_rels/.rels", rels.as_str())]),
            Line("main part is missing", 0),
        ),
        (
            "plain_zip.docx",
            pack(&[("a.txt", "x")]),
            Line("zip archive that is no Word document", 0),
        ),
        (
            "encrypted.docx",
            compound("/EncryptedPackage", &[7; 5000]),
            Line("encrypted", 0),
        ),
        (
            "presentation.docx",
            pack(&[("ppt/presentation.xml", "<p/>")]),
            Line("PowerPoint", 0),
        ),
        (
            "error_page.docx",
            b"<html><body><h1>502 Bad Gateway</h1></body></html>".to_vec(),
            Line("an HTML page under the name .docx", 0),
        ),
        (
            "film.docx",
            [b"\0\0\0\x18ftypmp42".as_slice(), &[0; 2000]].concat(),
            Line("a video", 0),
        ),
        (
            "picture.doc",
            b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(),
            Line("a JPEG picture", 0),
        ),
        (
            "archive.doc",
            b"Rar!\x1A\x07\x01\0\x33\x92".to_vec(),
            Line("a RAR archive", 0),
        ),
        ("garbage.doc", compound("/WordDocument", &[0xEE; 5000]), Line("", 0)),
        ("nothing_in_it.doc", compound("/Other", b"x"), Line("OLE", 0)),
        (
            "presentation.ppt",
            compound("/PowerPoint Document", b"x"),
            Line("PowerPoint", 0),
        ),
        ("garbage.xls", compound("/Workbook", &[0xEE; 5000]), Line("", 0)),
        (
            "truncated.xlsx",
            pack(&[("xl/workbook.xml", "<workbook><sheets>")]),
            Line("", 0),
        ),
        (
            "database.xls",
            [b"SQLite format 3\0".as_slice(), &[1; 100]].concat(),
            Line("a SQLite database", 0),
        ),
    ]
}

fn other_cases() -> Vec<(&'static str, Vec<u8>, Comes)> {
    let pdf = one_page(&text(50.0, 350.0, "预算200万元"));
    let tree = String::from_utf8_lossy(&pdf)
        .replace("/Kids[", "/Kids[2 0 R ")
        .into_bytes();
    let one = |name: &str, bytes: &[u8]| pack(&[(name, bytes)]);
    let good = one("甲.txt", GOOD.as_bytes());
    let two = pack(&[("a.txt", GOOD), ("b.txt", GOOD)]);
    let last = last_record(&two);
    let nested = (0..7).fold(good.clone(), |inner, _| one("in.zip", &inner));
    let zeros = bomb("zeros.txt", b"", b'\n', 400, &[]);
    let gbk = encoding_rs::GB18030.encode("自评.txt").0.into_owned();
    let mut named = one("abcd.txt", GOOD.as_bytes());
    for at in 0..named.len() - gbk.len() {
        if &named[at..at + gbk.len()] == b"abcd.txt" {
            named[at..at + gbk.len()].copy_from_slice(&gbk);
        }
    }
    let mht = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: ";
    let broken_text = {
        let mut bytes = GOOD.repeat(3).into_bytes();
        bytes[30] = 0xFF;
        bytes
    };
    vec![
        ("truncated.pdf", pdf[..pdf.len() / 3].to_vec(), Line("", 0)),
        ("tree_that_names_itself.pdf", tree, Records(1)),
        (
            "bomb.pdf",
            deflated_page(&vec![b' '; if writes() { 128 << 20 } else { 0 }]),
            Line("refused", 0),
        ),
        ("password.pdf", fixture("encrypted_password.pdf"), Line("encrypted", 0)),
        (
            "not_found.pdf",
            b"File not found".to_vec(),
            Line("plain text under the name .pdf", 0),
        ),
        ("broken_byte.txt", broken_text, Line("damaged", 0)),
        // Was read in time that grew with the cube of the line's length.
        (
            "one_line_of_tags.txt",
            "<b x=1><i y=2>".repeat(1_500).into_bytes(),
            Records(1),
        ),
        (
            "binary.txt",
            (0..4000u32).map(|i| (i * i % 251 * 7 % 256) as u8).collect(),
            Line("binary", 0),
        ),
        ("blank.txt", b"\xEF\xBB\xBF \r\n\xE3\x80\x80".to_vec(), Line("empty", 0)),
        (
            "divs_in_each_other.html",
            "<div>".repeat(20_000).into_bytes(),
            Line("refused: nesting", 0),
        ),
        (
            "huge_spans.html",
            b"<table border=1><tr><td rowspan=65535 colspan=1000>1<td>2<tr><td>3</table>".to_vec(),
            Records(1),
        ),
        (
            "wide.html",
            format!("<table><tr>{}", "<td colspan=1000>1".repeat(1_000)).into_bytes(),
            Line("refused", 0),
        ),
        (
            "open_formats.html",
            format!("<html>{}{}", "<b x=1><i y=2>".repeat(3_000), "<p>1".repeat(3_000)).into_bytes(),
            Line("refused", 0),
        ),
        (
            "frames.html",
            b"<html><frameset><frame src=a></frameset></html>".to_vec(),
            Line("frames", 0),
        ),
        (
            "without_page.mht",
            format!("{mht}image/png\r\n\r\nx\r\n--x--").into_bytes(),
            Line("without a page", 0),
        ),
        (
            "cut_off.mht",
            format!("{mht}text/html; charset=utf-8\r\n\r\n<p>{GOOD}").into_bytes(),
            Records(1),
        ),
        (
            "cut_off.rtf",
            b"{\\rtf1\\ansi\\pard 95\\par\\trowd\\cellx100\\intbl a\\cell b".to_vec(),
            Records(1),
        ),
        (
            "groups_in_each_other.rtf",
            format!("{{\\rtf1 {}", "{".repeat(50_000)).into_bytes(),
            Line("refused: nesting", 0),
        ),
        ("empty.rtf", b"{\\rtf1\\ansi\\pard\\par}".to_vec(), Line("empty", 0)),
        ("truncated.zip", good[..good.len() - 30].to_vec(), Line("damaged", 0)),
        (
            "password.zip",
            patched(two.clone(), last + 8, &[1]),
            Line("encrypted", 1),
        ),
        (
            "overlap.zip",
            patched(two.clone(), last + 42, &[0; 4]),
            Line("overlap", 0),
        ),
        (
            "over_the_end.zip",
            patched(two.clone(), last + 20, &[0xFF, 0xFF, 0xFF, 0x7F]),
            Line("over the end", 1),
        ),
        (
            "wrong_checksum.zip",
            patched(two, last + 16, &[1, 2, 3, 4]),
            Line("damaged", 1),
        ),
        ("archives_in_each_other.zip", nested, Line("in each other", 0)),
        (
            "bomb_in_an_archive.zip",
            one("in.zip", &zeros),
            Line("--max-inflated", 0),
        ),
        ("names_in_gbk.zip", named, Records(1)),
        (
            "names_that_lead_out.zip",
            pack(&[("../../a.txt", GOOD), ("/etc/b.txt", GOOD)]),
            Records(2),
        ),
        ("nothing_in_it.zip", pack::<&str>(&[]), Line("without reports", 0)),
    ]
}

fn cases() -> Vec<(&'static str, Vec<u8>, Comes)> {
    let mut all = word_cases();
    all.extend(other_cases());
    all
}

fn folder() -> PathBuf {
    root().join("fixtures/broken")
}

#[test]
fn each_broken_file_comes_out_as_it_should() {
    let patterns = Patterns::builtin().unwrap();
    let options = heshu::ReadOptions::default();
    let mut faults = Vec::new();
    for (name, bytes, comes) in cases() {
        let path = folder().join(name);
        if writes() {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        let committed = std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        if committed.len() > 200 << 10 {
            faults.push(format!("{name}: {} bytes", committed.len()));
        }
        let inputs = batch::collect(&[path], std::io::empty(), &Limits::default());
        let mut lines: Vec<String> = inputs.problems.iter().map(|p| p.error.to_string()).collect();
        let mut records = 0;
        for input in &inputs.files {
            let Outcome { result, .. } = batch::process(input, &patterns, &options);
            match result {
                Ok(_) => records += 1,
                Err(error) => lines.push(error.to_string()),
            }
        }
        let right = match comes {
            Records(n) => records == n && lines.is_empty(),
            Line(word, n) => records == n && matches!(lines.as_slice(), [line] if line.contains(word)),
        };
        let clear = lines
            .iter()
            .all(|l| !l.contains("internal failure") && !l.contains('\n'));
        if !right || !clear {
            faults.push(format!("{name}: {records} records, {lines:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// All of them in one folder with good neighbours: a line each, the neighbours' records, exit code 2.
#[test]
fn good_neighbours_come_through() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), GOOD).unwrap();
    std::fs::write(dir.path().join("z.txt"), format!("{GOOD}二〇二三年")).unwrap();
    let output = heshu()
        .args(["extract", "a.txt", folder().to_str().unwrap(), "z.txt"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let messages = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{messages}");
    assert!(
        !messages.contains("internal failure") && !messages.contains("panicked"),
        "{messages}"
    );
    let records = String::from_utf8(output.stdout).unwrap();
    for name in ["a.txt", "z.txt"] {
        assert!(records.contains(&format!("\"path\":\"{name}\"")), "{name} is missing");
    }
    for (name, _, comes) in cases() {
        let start = format!("{}/{name}", folder().display());
        let lines = messages.lines().filter(|line| line.starts_with(&start)).count();
        let expected = matches!(comes, Line(..));
        assert_eq!(lines, usize::from(expected), "{name}\n{messages}");
    }
}
