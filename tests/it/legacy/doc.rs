//! Word's binary format, by documents made for one behaviour each.

use super::maker::{Maker, Piece, compound};
use heshu::ReadOptions;
use heshu::error::ErrorKind;
use heshu::model::{Block, Document};
use heshu::pattern::Patterns;

fn document(bytes: &[u8]) -> heshu::error::Result<Document> {
    heshu::read(bytes, &Patterns::builtin().unwrap(), &ReadOptions::default())
}

/// Paragraphs and tables, one a line; cells with their spans.
fn drawn(maker: &Maker) -> String {
    let document = document(&maker.bytes()).unwrap();
    let lines = document.blocks.iter().map(|block| match block {
        Block::Paragraph(paragraph) => paragraph.text.clone(),
        Block::Table(table) => {
            let cell = |c: &heshu::model::Cell| format!("{}@{},{}+{}x{}", c.text, c.row, c.col, c.row_span, c.col_span);
            table.cells().iter().map(cell).collect::<Vec<_>>().join(" ")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

const DELETED: [u8; 3] = [0x00, 0x08, 1];
const HIDDEN: [u8; 3] = [0x3C, 0x08, 1];
const RAISED: [u8; 3] = [0x48, 0x2A, 1];

#[test]
fn deleted_and_hidden_text_is_gone_and_fields_give_their_results() {
    let mut maker = Maker::new("预算");
    maker
        .run("100", &DELETED)
        .run("200万元", &[])
        .run("内部说明", &HIDDEN)
        .run("，占\u{13} = 1 + 2 \u{14}98.82\u{15}", &[])
        .run("1", &RAISED)
        .run("%\u{1E}\u{1F}。\r", &[])
        .run("第一", &[])
        .run("\r", &DELETED)
        .run("段\u{B}次行\r", &[]);
    assert_eq!(drawn(&maker), "预算200万元，占98.82%-。\n第一段\n次行");
}

#[test]
fn symbols_are_what_they_show() {
    // sprmCSymbol: font 0, which is no symbol font here, so that the private area is that of Wingdings.
    let mut maker = Maker::new("是");
    maker
        .run("(", &[0x09, 0x6A, 0, 0, 0xFE, 0xF0])
        .run("否", &[])
        .run("(", &[0x09, 0x6A, 0, 0, 0xA8, 0xF0])
        .run("\r", &[]);
    assert_eq!(drawn(&maker), "是☑否☐");
}

#[test]
fn tables_have_the_merges_that_their_rows_state() {
    let mut maker = Maker::new("表\r");
    maker
        .row(&["一级项目", "金额"], &[0, 1000, 3000], &[0, 0])
        .row(&["扶持", "预算", "决算"], &[0, 1000, 2000, 3000], &[0x60, 0, 0])
        .row(&["", "200", "198"], &[0, 1000, 2000, 3000], &[0x20, 0, 0])
        // The first cell of a horizontal merge marked 1 (Word 97), then 2 (the specification).
        .row(&["合计", "", "398"], &[0, 1000, 2000, 3000], &[1, 2, 0])
        .row(&["总计", "", "400"], &[0, 1000, 2000, 3000], &[2, 1, 0])
        .paragraph("后文\r", &[]);
    assert_eq!(
        drawn(&maker),
        "表\n一级项目@0,0+1x1 金额@0,1+1x2 扶持@1,0+2x1 预算@1,1+1x1 决算@1,2+1x1 200@2,1+1x1 198@2,2+1x1 \
         合计@3,0+1x2 398@3,2+1x1 总计@4,0+1x2 400@4,2+1x1\n后文"
    );
}

#[test]
fn a_deleted_row_is_gone() {
    let mut maker = Maker::new("表\r");
    maker.row(&["甲", "1"], &[0, 1000, 2000], &[]);
    let start = 2 + 5;
    maker
        .row(&["乙", "2"], &[0, 1000, 2000], &[])
        .row(&["丙", "3"], &[0, 1000, 2000], &[]);
    maker.characters.push((start, start + 5, DELETED.to_vec()));
    assert_eq!(drawn(&maker), "表\n甲@0,0+1x1 1@0,1+1x1 丙@1,0+1x1 3@1,1+1x1");
}

#[test]
fn pieces_are_read_in_the_order_of_the_text() {
    let mut maker = Maker::new("预算金额");
    maker.pieces.push(Piece::Narrow(b" 200 caf\xE9 ".to_vec()));
    maker.pieces.push(Piece::Wide("万元。\r".to_owned()));
    maker.reversed = true;
    assert_eq!(drawn(&maker), "预算金额 200 café 万元。");
}

#[test]
fn bytes_that_are_gbk_are_read_as_such_and_said_so() {
    let mut maker = Maker::new("一、");
    let gbk = encoding_rs::GBK.encode("项目支出绩效自评200万元").0.into_owned();
    maker.pieces.push(Piece::Narrow(gbk));
    maker.pieces.push(Piece::Wide("\r".to_owned()));
    assert_eq!(drawn(&maker), "一、项目支出绩效自评200万元");
    let warnings = document(&maker.bytes()).unwrap().warnings;
    assert!(warnings.iter().any(|warning| warning.code == "encoding_guessed"));
}

#[test]
fn text_that_makes_no_sense_is_refused() {
    let bytes = encoding_rs::GBK
        .encode(&"项目支出绩效自评报告".repeat(8))
        .0
        .into_owned();
    // Chinese bytes, each as a wide character of its own.
    let garbled: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let error = document(&Maker::new(&format!("{garbled}\r")).bytes())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("cannot be decoded") && error.contains("--converter"),
        "{error}"
    );
}

#[test]
fn passwords_and_old_versions_are_named() {
    let mut maker = Maker::new("正文\r");
    maker.flags = 0x0100;
    assert!(matches!(
        document(&maker.bytes()).unwrap_err().kind,
        ErrorKind::Encrypted(_)
    ));
    let mut maker = Maker::new("正文\r");
    maker.version = 104;
    maker.magic = 0xA5DC;
    let error = document(&maker.bytes()).unwrap_err().to_string();
    assert!(
        error.contains("Word 95") && error.contains("--converter soffice"),
        "{error}"
    );
    let empty = document(&Maker::new("\r").bytes()).unwrap_err();
    assert_eq!(empty.kind, ErrorKind::Empty);
    let error = document(&compound(&[("WordDocument", b"short")]))
        .unwrap_err()
        .to_string();
    assert!(error.contains("damaged"), "{error}");
}
