//! Workbooks, by packages made for one behaviour each.

use heshu::ReadOptions;
use heshu::error::ErrorKind;
use heshu::model::{Block, Document};
use heshu::pattern::Patterns;
use std::io::{Cursor, Write};

/// A package of parts.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const RELATIONS: &str =
    r#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK_RELATIONS: &str = r#"<Relationships><Relationship Id="s1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="s2" Type="x/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="st" Type="x/styles" Target="styles.xml"/>
<Relationship Id="ss" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
/// 0 plain, 1 bordered, 2 bordered percent, 3 bordered amount, 4 bordered date.
const STYLES: &str = r##"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>
<borders><border/><border><left style="thin"/><right style="thin"/></border></borders>
<cellStyleXfs><xf numFmtId="0" borderId="1"/></cellStyleXfs>
<cellXfs><xf numFmtId="0" borderId="0"/><xf numFmtId="0" borderId="1"/><xf numFmtId="10" borderId="1"/><xf numFmtId="4" borderId="1"/><xf numFmtId="170" borderId="1"/></cellXfs></styleSheet>"##;
const STRINGS: &str = r#"<sst><si><t>项目</t></si><si><r><t>执行</t></r><r><t>率</t></r><rPh><t>x</t></rPh></si><si/><si><t>合计_x000D_
数</t></si></sst>"#;

/// A workbook of one or two sheets.
pub fn workbook(sheets: &[(&str, &str)], state: &str) -> Vec<u8> {
    let sheet = |(index, (name, _)): (usize, &(&str, &str))| {
        let state = if index > 0 { state } else { "" };
        format!(r#"<sheet name="{name}" sheetId="{0}" r:id="s{0}" {state}/>"#, index + 1)
    };
    let list: String = sheets.iter().enumerate().map(sheet).collect();
    let book = format!("<workbook><sheets>{list}</sheets></workbook>");
    let mut parts = vec![
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", STRINGS),
    ];
    let names = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"];
    parts.extend(sheets.iter().zip(names).map(|((_, text), name)| (name, *text)));
    package(&parts)
}

pub fn document(bytes: &[u8]) -> heshu::error::Result<Document> {
    heshu::read(bytes, &Patterns::builtin().unwrap(), &ReadOptions::default())
}

fn drawn(document: &Document) -> String {
    let lines = document.blocks.iter().map(|block| match block {
        Block::Paragraph(paragraph) => paragraph.text.clone(),
        Block::Table(table) => {
            let cell = |c: &heshu::model::Cell| format!("{}@{},{}+{}x{}", c.text, c.row, c.col, c.row_span, c.col_span);
            table.cells().iter().map(cell).collect::<Vec<_>>().join(" ")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

const TABLE: &str = r#"<worksheet><dimension ref="A1:XFD1048576"/><cols><col min="3" max="3" hidden="1"/></cols><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>2022年项目支出情况表</t></is></c></row>
<row r="2"><c r="C2" t="inlineStr"><is><t>单位：万元</t></is></c></row>
<row r="3"><c r="A3" s="1" t="s"><v>0</v></c><c r="B3" s="1" t="s"><v>1</v></c><c r="C3" s="1" t="inlineStr"><is><t>金额</t></is></c></row>
<row r="4" hidden="1"><c r="A4" s="1" t="inlineStr"><is><t>扶持</t></is></c><c r="B4" s="2"><v>0.98819999999999997</v></c><c r="C4" s="3"><v>7040.8049999999994</v></c></row>
<row r="5"><c r="A5" s="1"/><c r="B5" s="4"><v>44658</v></c><c r="C5" s="3"><f>SUM(C4:C4)</f><v>0.30000000000000004</v></c></row>
<row r="6"><c r="A6" s="1" t="s"><v>3</v></c><c r="B6" s="1" t="e"><v>#REF!</v></c><c r="C6" s="1"><v>1E3</v></c></row>
<row r="7"><c r="A7" s="1"/><c r="B7" s="1"/><c r="C7" s="1"/></row>
<row r="9"><c r="A9" t="inlineStr"><is><t>注：数据来自决算。</t></is></c></row>
</sheetData><mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A4:A5"/></mergeCells></worksheet>"#;

#[test]
fn a_sheet_is_read_as_it_shows() {
    let document = document(&workbook(&[("Sheet1", TABLE)], "")).unwrap();
    assert_eq!(
        drawn(&document),
        "2022年项目支出情况表\n单位：万元\n项目@0,0+1x1 执行率@0,1+1x1 金额@0,2+1x1 扶持@1,0+2x1 98.82%@1,1+1x1 7,040.81@1,2+1x1 \
         2022年4月7日@2,1+1x1 0.30@2,2+1x1 合计\n数@3,0+1x1 #REF!@3,1+1x1 1000@3,2+1x1\n注：数据来自决算。"
    );
    let codes: Vec<&str> = document.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["hidden_cells", "rounded_by_format"]);
    assert!(
        document.warnings[0].message.contains("1行、1列"),
        "{}",
        document.warnings[0].message
    );
}

#[test]
fn hidden_sheets_are_read_and_named_and_macro_sheets_are_not_read() {
    let text = |text: &str| {
        format!(
            r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>"#
        )
    };
    let (first, second) = (text("甲"), text("乙"));
    let sheets = [("自评表", first.as_str()), ("附表", second.as_str())];
    let hidden = document(&workbook(&sheets, r#"state="hidden""#)).unwrap();
    assert_eq!(drawn(&hidden), "自评表\n甲\n附表\n乙");
    assert_eq!(hidden.warnings[0].code, "hidden_sheet");
    let very = document(&workbook(&sheets, r#"state="veryHidden""#)).unwrap();
    assert_eq!(drawn(&very), "自评表\n甲");
    assert_eq!(very.warnings[0].code, "sheet_not_read");
}

#[test]
fn tables_without_borders_are_split_by_empty_rows_and_by_sentences() {
    let cell = |place: &str, text: &str| format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let row = |n: u32, texts: &[&str]| {
        let cells = texts
            .iter()
            .zip(["A", "B"])
            .map(|(text, col)| cell(&format!("{col}{n}"), text));
        format!(r#"<row r="{n}">{}</row>"#, cells.collect::<String>())
    };
    let rows = [
        row(1, &["收入表"]),
        row(2, &["项目", "决算数"]),
        row(3, &["其中："]),
        row(4, &["拨款", "5"]),
        row(5, &["二、支出情况"]),
        row(6, &["本年支出共8万元，具体情况见下表。"]),
        row(7, &["项目", "决算数"]),
        row(8, &["教育", "8"]),
        row(10, &["项目", "决算数"]),
        row(11, &["交通", "9"]),
    ];
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.concat());
    let document = document(&workbook(&[("Sheet1", &sheet)], "")).unwrap();
    let rows: Vec<String> = document
        .blocks
        .iter()
        .map(|b| b.table().map_or("text".to_owned(), |t| t.rows().to_string()))
        .collect();
    assert_eq!(rows, ["text", "3", "text", "text", "2", "2"]);
}

#[test]
fn an_ods_shows_its_own_text() {
    let content = r#"<office:document-content><office:automatic-styles><style:style style:name="b"><style:table-cell-properties fo:border="1pt solid"/></style:style></office:automatic-styles>
<office:body><table:table table:name="Sheet1"><table:table-row><table:table-cell table:style-name="b" table:number-columns-spanned="2"><text:p>项目</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:style-name="b"><text:p>金额</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:style-name="b" office:value-type="float" office:value="-3.5"><text:p>(3.50)</text:p></table:table-cell><table:table-cell table:style-name="b" office:value-type="percentage" office:value="0.9882"><text:p>98.82%</text:p></table:table-cell><table:table-cell table:style-name="b" office:value-type="date" office:date-value="2022-04-07"><text:p>07/04/22</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:body></office:document-content>"#;
    let bytes = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content),
    ]);
    let document = document(&bytes).unwrap();
    assert_eq!(
        drawn(&document),
        "项目@0,0+1x2 金额@0,2+1x1 -3.50@1,0+1x1 98.82%@1,1+1x1 2022-04-07@1,2+1x1 -3.50@2,0+1x1 98.82%@2,1+1x1 2022-04-07@2,2+1x1"
    );
}

#[test]
fn far_cells_and_many_cells_are_refused_and_not_allocated() {
    let far = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>
<row r="1048576"><c r="XFD1048576"><v>2</v></c><c r="A1048576"><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>"#;
    // Two small tables far apart are two small tables.
    let read = document(&workbook(
        &[("Sheet1", &far.replace("<mergeCell ref=\"A1:XFD1048576\"/>", ""))],
        "",
    ));
    assert!(read.unwrap().blocks.len() <= 3);
    let _ = document(&workbook(&[("Sheet1", far)], ""));
    let row = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell></table:table-row>"#;
    let content = format!(r#"<o><table:table table:name="a">{row}</table:table></o>"#);
    let bytes = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
    ]);
    let error = document(&bytes).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Limit { .. }), "{error}");
}

#[test]
fn what_is_no_workbook_that_we_read_is_named() {
    let error = document(&package(&[("xl/workbook.bin", "x")])).unwrap_err().to_string();
    assert!(error.contains(".xlsb"), "{error}");
    let bad = workbook(
        &[(
            "Sheet1",
            r#"<worksheet><sheetData><row><c t="s"><v>99</v></c></row></sheetData></worksheet>"#,
        )],
        "",
    );
    assert!(document(&bad).unwrap_err().to_string().contains("does not have"));
    // FilePass right after the beginning of the globals.
    let mut stream = vec![0x09, 0x08, 16, 0, 0, 6, 5, 0];
    stream.extend([0; 12]);
    stream.extend([0x2F, 0, 2, 0, 1, 0, 0x0A, 0, 0, 0]);
    let error = document(&super::maker::compound(&[("Workbook", &stream)])).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Encrypted(_)), "{error}");
}
