//! Codes to characters: fixes A, B and C for the interpreter, and what cannot be decoded.

use super::writer::{Writer, hex, one_page, text};
use super::{codes, fixture, paragraphs, read, rows, tables};
use heshu::ReadOptions;
use heshu::error::ErrorKind;

#[test]
fn fonts_that_are_not_embedded() {
    for name in [
        "reportlab_unigb.pdf",
        "gbk_not_embedded.pdf",
        "encrypted_empty_password.pdf",
    ] {
        let document = read(&fixture(name));
        assert_eq!(
            paragraphs(&document),
            ["长期执行率为93.68％"],
            "{name}: full width stays as written"
        );
        let expected = [
            ["项目", "预算数", "执行数"],
            ["道路养护", "120.00", "118.25"],
            ["门诊补贴", "200.50", "182.00"],
            ["合计", "320.50", "300.25"],
        ];
        assert_eq!(rows(tables(&document)[0]), expected, "{name}");
    }
}

#[test]
fn codes_are_decoded_by_the_encoding_where_tounicode_is_missing() {
    assert_eq!(
        paragraphs(&read(&fixture("gbk_without_tounicode.pdf"))),
        ["专项资金绩效自评"]
    );
}

#[test]
fn what_cannot_be_decoded_is_marked_and_counted() {
    // The same file, its encoding and collection made meaningless.
    let bytes = String::from_utf8_lossy(&fixture("gbk_without_tounicode.pdf")).into_owned();
    assert!(
        bytes.contains("/GBK-EUC-H") && bytes.contains("(GB1)"),
        "the fixture is written plainly"
    );
    let mut bytes = fixture("gbk_without_tounicode.pdf");
    for (from, to) in [(&b"/GBK-EUC-H"[..], &b"/Identity-H"[..]), (b"(GB1)", b"(XY1)")] {
        let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
        bytes.splice(at..at + from.len(), to.iter().copied());
    }
    let document = read(&bytes);
    assert_eq!(paragraphs(&document), ["\u{fffd}".repeat(8)]);
    assert_eq!(codes(&document), ["undecodable_text"]);
    assert!(
        document.warnings[0].message.contains("8个"),
        "{}",
        document.warnings[0].message
    );
}

#[test]
fn filled_and_stroked_text_is_read_once() {
    let content = format!(
        "0.3 w BT /F 10 Tf 2 Tr 1 0 0 1 30 300 Tm <{}> Tj ET\n",
        hex("一、基本情况")
    );
    assert_eq!(paragraphs(&read(&one_page(&content))), ["一、基本情况"]);
    // Shadow or bold by drawing twice with a small shift.
    let twice = text(30.0, 300.0, "合计100.00") + &text(30.3, 300.0, "合计100.00");
    assert_eq!(paragraphs(&read(&one_page(&twice))), ["合计100.00"]);
}

#[test]
fn stroked_text_alone_is_read() {
    let content = format!("0.3 w BT /F 10 Tf 1 Tr 1 0 0 1 30 300 Tm <{}> Tj ET\n", hex("空心标题"));
    assert_eq!(paragraphs(&read(&one_page(&content))), ["空心标题"]);
}

#[test]
fn actual_text_and_radicals() {
    let span = |actual: &str, drawn: &str| {
        format!(
            "/Span<</ActualText<feff{}>>>BDC {}EMC\n",
            hex(actual),
            text(30.0, 300.0, drawn)
        )
    };
    assert_eq!(
        paragraphs(&read(&one_page(&span("长期为民", "⻓期为⺠")))),
        ["长期为民"]
    );
    assert_eq!(
        paragraphs(&read(&one_page(&span("合计", "合")))),
        ["合计"],
        "one glyph for two characters"
    );
    assert_eq!(
        paragraphs(&read(&one_page(&text(30.0, 300.0, "⾦额")))),
        ["金额"],
        "radical without /ActualText"
    );
}

#[test]
fn an_invisible_layer_is_text_of_lower_trust() {
    let content = format!("3 Tr {}", text(30.0, 300.0, "识别出的文字"));
    let document = read(&one_page(&content));
    assert_eq!(paragraphs(&document), ["识别出的文字"]);
    assert_eq!(codes(&document), ["invisible_text"]);
}

#[test]
fn passwords() {
    let bytes = fixture("encrypted_password.pdf");
    let open = |password: Option<&str>| {
        let options = ReadOptions {
            password: password.map(str::to_owned),
            ..ReadOptions::default()
        };
        heshu::ingest::pdf::read(&bytes, &options)
    };
    let missing = open(None).unwrap_err();
    assert!(
        matches!(missing.kind, ErrorKind::Encrypted(_)) && missing.to_string().contains("--password"),
        "{missing}"
    );
    assert!(matches!(open(Some("wrong")).unwrap_err().kind, ErrorKind::Encrypted(_)));
    assert_eq!(open(Some("secret")).unwrap().blocks.len(), 2);
}

#[test]
fn scanned_pages() {
    let image = |writer: &mut Writer| {
        writer.stream(
            "/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8",
            &[0, 255, 255, 0],
        )
    };
    let scan = "q 300 0 0 400 0 0 cm /I Do Q";
    let mut writer = Writer::new();
    let number = image(&mut writer);
    let resources = format!("/XObject<</I {number} 0 R>>");
    let bytes = writer.page(scan, "", &resources).bytes();
    let error = heshu::ingest::pdf::read(&bytes, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Scanned(_)), "{error}");
    let bytes = writer.page(&text(30.0, 300.0, "有文字的一页"), "", "").bytes();
    let document = read(&bytes);
    assert_eq!(
        (codes(&document), paragraphs(&document)),
        (vec!["scanned_page"], vec!["有文字的一页"])
    );
}

#[test]
fn a_glyph_that_draws_nothing_is_a_space() {
    let document = read(&fixture("space_without_character.pdf"));
    assert_eq!(paragraphs(&document), ["Budget 120 000 and 118 yuan"]);
    assert!(codes(&document).is_empty());
}

#[test]
fn a_digit_of_two_forms_is_no_digit() {
    // The file says that 3 and 8 are both 8.
    let document = read(&fixture("digits_of_two_forms.pdf"));
    let found = rows(tables(&document)[0]);
    assert_eq!(found[2][4], "\u{fffd}71.20");
    assert_eq!(found[4][2], "1500.00", "digits that are not in doubt stay");
    assert_eq!(codes(&document), ["undecodable_text"]);
    let warning = &document.warnings[0];
    assert!(warning.message.contains("不可信"), "{}", warning.message);
    assert!(warning.source.bbox.is_some());
}

#[test]
fn a_text_layer_in_a_wrong_encoding_is_told() {
    let garbled = text(30.0, 300.0, "ЖДЛНПРСТУФХЦЧШ") + &text(30.0, 280.0, "120.00");
    assert!(codes(&read(&one_page(&garbled))).contains(&"garbled_text"));
    let fair = text(30.0, 300.0, "单价±0.5×2·合计§1，≥90%，②③，α系数") + &text(30.0, 280.0, "120.00");
    assert!(codes(&read(&one_page(&fair))).is_empty());
}
