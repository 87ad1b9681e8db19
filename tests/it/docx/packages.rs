//! Packages: other producers, damage, and hostile files.

use super::*;

/// The main part is found by its relationship, whatever the names, prefixes, namespaces and encodings.
#[test]
fn packages_of_other_producers() {
    let strict = r#"<x:document xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:body><x:p><x:r><x:t>甲</x:t></x:r></x:p></x:body></x:document>"#;
    let strict_rels = r#"<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document2.xml"/></Relationships>"#;
    let declared = |encoding: &str| {
        format!(
            r#"<?xml version="1.0" encoding="{encoding}"?><w:document {NAMESPACES}><w:body>{}</w:body></w:document>"#,
            p("甲")
        )
    };
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(declared("UTF-16").encode_utf16().flat_map(u16::to_le_bytes));
    let gbk = encoding_rs::GB18030.encode(&declared("GB18030")).0.into_owned();
    let plain = declared("UTF-8").into_bytes();
    let with_mark = [b"\xEF\xBB\xBF".as_slice(), &plain].concat();
    let rels = package_rels("word/document.xml").into_bytes();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        (
            "strict, absolute target",
            pack(&[("_rels/.rels", strict_rels), ("word/document2.xml", strict)]),
        ),
        ("utf-16", pack(&[("_rels/.rels", &rels), ("word/document.xml", &utf16)])),
        ("gb18030", pack(&[("_rels/.rels", &rels), ("word/document.xml", &gbk)])),
        (
            "byte order mark",
            pack(&[("_rels/.rels", &rels), ("word/document.xml", &with_mark)]),
        ),
        (
            "backslashes and case",
            pack(&[("_rels\\.rels", &rels), ("Word\\Document.xml", &plain)]),
        ),
    ];
    for (name, bytes) in cases {
        let document = docx::read(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(texts(&document.blocks), ["甲"], "{name}");
        assert_eq!(document.warnings, [], "{name}");
    }
}

/// Damage beside the main part costs what stood there, and a warning says so.
#[test]
fn damage_beside_the_main_part_is_a_warning() {
    let main = document(&format!(
        r#"{}<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>"#,
        item(1, 0, "甲")
    ));
    let rels = package_rels("word/document.xml");
    let related = |kinds: &[&str]| {
        let rows: String = kinds
            .iter()
            .map(|k| format!(r#"<Relationship Id="{k}" Type="{REL}/{k}" Target="{k}.xml"/>"#))
            .collect();
        format!("<Relationships>{rows}</Relationships>")
    };
    let numbering = format!(
        r#"<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="1">{}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>"#,
        level(0, "decimal", "%1.", "")
    );
    let all = related(&["styles", "numbering", "footnotes"]);
    let cut = &numbering[..numbering.len() - 30];
    let broken = [
        ("_rels/.rels", rels.as_str()),
        ("word/document.xml", &main),
        ("word/_rels/document.xml.rels", &all),
        ("word/styles.xml", "<w:styles><w:style>"),
        ("word/numbering.xml", cut),
        ("word/footnotes.xml", "<!DOCTYPE x><w:footnotes/>"),
    ];
    let document = docx::read(&pack(&broken)).unwrap();
    assert_eq!(texts(&document.blocks), ["甲"]);
    let codes: Vec<&str> = document.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["styles_unreadable", "numbering_unreadable", "notes_unreadable"]);

    let no_rels = [
        ("_rels/.rels", rels.as_str()),
        ("word/document.xml", &main),
        ("word/numbering.xml", &numbering),
    ];
    let document = docx::read(&pack(&no_rels)).unwrap();
    assert_eq!(texts(&document.blocks), ["1. 甲"]);
    assert_eq!(document.warnings[0].code, "relationships_missing");

    let nothing_but_main = [("word/document.xml", main.as_str())];
    let document = docx::read(&pack(&nothing_but_main)).unwrap();
    assert_eq!(document.warnings[0].code, "relationships_missing");
}

/// Broken and hostile packages: each fails with its own message, in bounded time.
#[test]
fn bad_packages_fail_cleanly() {
    let rels = package_rels("word/document.xml");
    let with_main = |main: &[u8]| pack(&[("_rels/.rels", rels.as_bytes()), ("word/document.xml", main)]);
    let whole = document(&p("甲"));
    let good = with_main(whole.as_bytes());
    let deep = format!("<w:document><w:body>{}", "<w:x>".repeat(100_000));
    let deep_tables = format!("<w:document><w:body>{}", "<w:tbl><w:tr><w:tc>".repeat(2_000));
    let wide = format!(
        r#"<w:document><w:body><w:tbl>{}"#,
        r#"<w:tr><w:trPr><w:gridBefore w:val="1024"/></w:trPr><w:tc/></w:tr>"#.repeat(2_000)
    );
    let wide = document(&format!("{}</w:tbl>", &wide["<w:document><w:body>".len()..]));
    let invalid = whole
        .replace('甲', "\u{1}")
        .into_bytes()
        .iter()
        .map(|b| if *b == 1 { 0xFF } else { *b })
        .collect::<Vec<u8>>();
    let many: Vec<(String, &str)> = (0..10_001).map(|i| (format!("f{i}"), "")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, c)| (n.as_str(), *c)).collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("no zip", b"PK\x03\x04 nothing".to_vec(), "damaged: broken zip"),
        ("truncated zip", good[..good.len() / 2].to_vec(), "damaged: broken zip"),
        (
            "cut-off main part",
            with_main(&whole.as_bytes()[..whole.len() - 20]),
            "damaged",
        ),
        (
            "cut between elements",
            with_main(b"<w:document><w:body><w:p>"),
            "3 elements are still open",
        ),
        (
            "mismatched tags",
            with_main(b"<w:document><w:body></w:document></w:body>"),
            "not well-formed",
        ),
        ("no xml", with_main(b""), "without any XML"),
        (
            "dtd",
            with_main(b"<!DOCTYPE x [<!ENTITY a \"b\">]><w:document/>"),
            "document type definition",
        ),
        (
            "unknown entity",
            with_main(document(&p("&a;")).as_bytes()),
            "unknown entity &a;",
        ),
        ("invalid utf-8", with_main(&invalid), "no text in the part's encoding"),
        ("other root", with_main(b"<w:glossary/>"), "no Word document"),
        (
            "100,000 levels",
            with_main(deep.as_bytes()),
            "nesting of elements exceeds",
        ),
        (
            "2,000 tables in each other",
            with_main(deep_tables.as_bytes()),
            "nesting of elements exceeds",
        ),
        (
            "a grid of a million squares",
            with_main(wide.as_bytes()),
            "exceeds the limit",
        ),
        ("too many files", pack(&many), "number of files in the package exceeds"),
        (
            "excel",
            pack(&[
                ("_rels/.rels", &package_rels("xl/workbook.xml")),
                ("xl/workbook.xml", &"<workbook/>".to_owned()),
            ]),
            "Excel workbook",
        ),
        ("powerpoint", pack(&[("ppt/presentation.xml", "<p/>")]), "PowerPoint"),
        (
            "odt",
            pack(&[
                ("mimetype", "application/vnd.oasis.opendocument.text"),
                ("content.xml", "<x/>"),
            ]),
            "OpenDocument",
        ),
        ("ofd", pack(&[("OFD.xml", "<x/>")]), "OFD"),
        (
            "plain zip",
            pack(&[("a.txt", "x")]),
            "zip archive that is no Word document",
        ),
        (
            "missing main part",
            pack(&[("_rels/.rels", rels.as_str())]),
            "main part is missing",
        ),
    ];
    for (name, bytes, expected) in cases {
        let error = docx::read(&bytes).expect_err(name);
        assert!(error.to_string().contains(expected), "{name}: {error}");
    }
    let error = docx::read(&with_main(&whole.as_bytes()[..whole.len() - 20])).unwrap_err();
    assert_eq!(error.origin.part.as_deref(), Some("word/document.xml"));
    assert!(error.origin.byte.is_some_and(|b| b > 100), "{error}");
}

/// Zip bombs of several shapes meet a limit; none needs its declared size.
#[test]
fn bombs_are_stopped() {
    let rels = package_rels("word/document.xml");
    let start = format!("<w:document {NAMESPACES}><w:body>");
    let bomb = |unit: &str, part: &str| {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        zip.start_file("_rels/.rels", options).unwrap();
        zip.write_all(rels.as_bytes()).unwrap();
        if part != "word/document.xml" {
            zip.start_file("word/document.xml", options).unwrap();
            zip.write_all(document(&p("甲")).as_bytes()).unwrap();
        }
        zip.start_file(part, options).unwrap();
        zip.write_all(start.as_bytes()).unwrap();
        let chunk = unit.repeat((1 << 20) / unit.len());
        for _ in 0..130 {
            zip.write_all(chunk.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let row = r#"<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"#;
    for (name, unit) in [
        ("text", "9"),
        ("elements", "<w:x/>"),
        ("cells", row),
        ("paragraphs", "<w:p><w:r><w:t>1</w:t></w:r></w:p>"),
    ] {
        let error = docx::read(&bomb(unit, "word/document.xml")).expect_err(name);
        assert!(matches!(error.kind, ErrorKind::Limit { .. }), "{name}: {error}");
    }
    // A bomb that nobody needs to read does no harm; one in the styles costs the styles.
    assert!(docx::read(&bomb("9", "word/media/image1.png")).is_ok());
    let document = docx::read(&bomb("<w:x/>", "word/styles.xml")).unwrap();
    assert!(
        document.warnings.iter().any(|w| w.code == "styles_unreadable"),
        "{:?}",
        document.warnings
    );
}
