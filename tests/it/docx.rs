//! The .docx reader: one small package a behaviour, hostile packages, random trees, and the seed reports.

use heshu::error::{ErrorKind, Result};
use heshu::ingest::docx;
use heshu::model::{Block, Document, ParagraphKind, Table};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::{SimpleFileOptions, ZipWriter};

const NAMESPACES: &str = concat!(
    r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" "#,
    r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" "#,
    r#"xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" "#,
    r#"xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" "#,
    r#"xmlns:v="urn:schemas-microsoft-com:vml" "#,
    r#"xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" "#,
    r#"xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml""#
);
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A zip of named parts.
fn pack<B: AsRef<[u8]>>(parts: &[(&str, B)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_ref()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn package_rels(target: &str) -> String {
    format!(r#"<Relationships><Relationship Id="rId1" Type="{REL}/officeDocument" Target="{target}"/></Relationships>"#)
}

fn document(body: &str) -> String {
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"#)
}

/// A package with further parts next to the main one; each is related under its file name's stem.
fn package(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let mut relationships = String::new();
    let mut all = vec![
        ("_rels/.rels".to_owned(), package_rels("word/document.xml")),
        ("word/document.xml".to_owned(), document(body)),
    ];
    for (stem, content) in parts {
        let kind = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        relationships.push_str(&format!(
            r#"<Relationship Id="{stem}" Type="{REL}/{kind}" Target="{stem}.xml"/>"#
        ));
        let root = match kind {
            "styles" => "styles",
            "numbering" => "numbering",
            "footnotes" => "footnotes",
            "endnotes" => "endnotes",
            "header" => "hdr",
            _ => "ftr",
        };
        all.push((
            format!("word/{stem}.xml"),
            format!("<w:{root} {NAMESPACES}>{content}</w:{root}>"),
        ));
    }
    all.push((
        "word/_rels/document.xml.rels".to_owned(),
        format!("<Relationships>{relationships}</Relationships>"),
    ));
    let all: Vec<(&str, &[u8])> = all.iter().map(|(n, c)| (n.as_str(), c.as_bytes())).collect();
    pack(&all)
}

fn read_body(body: &str) -> Result<Document> {
    docx::read(&package(body, &[]))
}

fn p(text: &str) -> String {
    format!(r#"<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#)
}

fn texts(blocks: &[Block]) -> Vec<String> {
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(p) => p.text.clone(),
            Block::Table(t) => grid(t).join("/"),
        })
        .collect()
}

/// Rows of a table: each cell once, as `text@col+col_span×row_span`, spans of 1 left out.
fn grid(table: &Table) -> Vec<String> {
    (0..table.rows())
        .map(|row| {
            let own = table.row_cells(row).filter(|c| c.row == row);
            let cells: Vec<String> = own
                .map(|c| {
                    let spans = match (c.col_span, c.row_span) {
                        (1, 1) => String::new(),
                        (c, 1) => format!("+{c}"),
                        (c, r) => format!("+{c}×{r}"),
                    };
                    format!("{}{spans}", c.text)
                })
                .collect();
            cells.join("|")
        })
        .collect()
}

fn only_table(body: &str) -> Table {
    let document = read_body(body).unwrap();
    let tables: Vec<Table> = document.blocks.iter().filter_map(Block::table).cloned().collect();
    assert_eq!(tables.len(), 1, "{:?}", document.blocks);
    tables.into_iter().next().unwrap()
}

/// Every square is covered by exactly one cell.
fn assert_tiles(table: &Table) {
    let area: usize = table.cells().iter().map(|c| c.row_span * c.col_span).sum();
    assert_eq!(area, table.rows() * table.cols());
    for row in 0..table.rows() {
        assert_eq!(table.row_cells(row).map(|c| c.col_span).sum::<usize>(), table.cols());
    }
}

/// Pitfalls of running text: body XML and the texts that must come out.
#[test]
fn running_text() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "entities",
            "<w:p><w:r><w:t>a&lt;b&#8805;5&#x4E07;&amp;</w:t></w:r></w:p>",
            &["a<b≥5万&"],
        ),
        ("cdata", "<w:p><w:r><w:t><![CDATA[1<2]]></w:t></w:r></w:p>", &["1<2"]),
        (
            "comment inside a text",
            "<w:p><w:r><w:t>20<!-- x -->22</w:t></w:r></w:p>",
            &["2022"],
        ),
        (
            "tabs, breaks, hyphens",
            r#"<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t><w:noBreakHyphen/><w:t>5</w:t><w:softHyphen/><w:t>6</w:t></w:r></w:p>"#,
            &["a\tb\nc\nd-56"],
        ),
        (
            "white space counts only when preserved",
            "<w:p><w:r><w:t>\n 95 \n</w:t></w:r><w:r><w:t xml:space=\"preserve\"> 分</w:t></w:r></w:p>",
            &["95 分"],
        ),
        (
            "tracked changes are accepted",
            r#"<w:p><w:del><w:r><w:delText>100</w:delText></w:r></w:del><w:ins><w:r><w:t>200</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo></w:p>"#,
            &["200新"],
        ),
        (
            "a deleted paragraph mark joins two paragraphs",
            r#"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>预算</w:t></w:r></w:p><w:p><w:r><w:t>200万元</w:t></w:r></w:p>"#,
            &["预算200万元"],
        ),
        (
            "a deleted paragraph mark with no paragraph after it loses nothing",
            r#"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>"#,
            &["甲", "1\n2", "乙"],
        ),
        (
            "old properties do not count",
            r#"<w:p><w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>在</w:t></w:r></w:p>"#,
            &["在"],
        ),
        (
            "hidden text",
            r#"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t><w:tab/></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>明</w:t></w:r></w:p>"#,
            &["明"],
        ),
        (
            "a hidden paragraph mark hides no text",
            r#"<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>明</w:t></w:r></w:p>"#,
            &["明"],
        ),
        (
            "check box symbols",
            r#"<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>优</w:t><w:sym w:font="Wingdings 2" w:char="F0A3"/><w:t>良</w:t></w:r><w:r><w:rPr><w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r><w:r><w:t>中</w:t></w:r></w:p>"#,
            &["☑优☐良☑中"],
        ),
        (
            "comparison signs of the Symbol font",
            r#"<w:p><w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r></w:p>"#,
            &["≥95%"],
        ),
        (
            "check box content controls",
            r#"<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/><w14:checkedState w14:val="0052"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>R</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>优</w:t></w:r><w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent/></w:sdt><w:r><w:t>良</w:t></w:r></w:p>"#,
            &["☑优☐良"],
        ),
        (
            "form fields",
            r#"<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>是</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#,
            &["☑是良"],
        ),
        (
            "a field's result without its instruction",
            r#"<w:p><w:r><w:t>共</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>项</w:t></w:r><w:fldSimple><w:r><w:t>3</w:t></w:r></w:fldSimple></w:p>"#,
            &["共12项3"],
        ),
        (
            "a field that never ends loses nothing",
            r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>乙</w:t></w:r></w:p>"#,
            &["甲", "乙"],
        ),
        (
            "wrappers at every level",
            r#"<w:sdt><w:sdtContent><w:customXml><w:p><w:smartTag><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink></w:smartTag><w:sdt><w:sdtContent><w:r><w:t>乙</w:t></w:r></w:sdtContent></w:sdt></w:p></w:customXml></w:sdtContent></w:sdt>"#,
            &["甲乙"],
        ),
        (
            "ruby and its base",
            "<w:p><w:r><w:ruby><w:rt><w:r><w:t>jiang</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>江</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
            &["江"],
        ),
        (
            "formulas in linear form",
            "<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:r><m:t>×</m:t></m:r><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>",
            &["1/2×10^4"],
        ),
        (
            "a raised figure is not glued onto a figure",
            r#"<w:p><w:r><w:t>98.82</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r><w:r><w:t>m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p>"#,
            &["98.82¹m2"],
        ),
        (
            "fallback only where no choice was taken",
            r#"<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:t>新</w:t></mc:Choice><mc:Choice Requires="x"><w:t>又</w:t></mc:Choice><mc:Fallback><w:t>旧</w:t></mc:Fallback></mc:AlternateContent><mc:AlternateContent><mc:Fallback><w:t>旧</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"#,
            &["新旧"],
        ),
        (
            "empty paragraphs are no blocks",
            "<w:p/><w:p><w:r><w:t xml:space=\"preserve\"> \u{3000}</w:t></w:r></w:p><w:p><w:r><w:t>甲</w:t></w:r></w:p>",
            &["甲"],
        ),
    ];
    for (name, body, expected) in cases {
        let document = read_body(body).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(texts(&document.blocks), *expected, "{name}");
        assert_eq!(document.warnings, [], "{name}");
    }
}

#[test]
fn text_boxes_come_once_and_after_their_paragraph() {
    let inner = format!("<w:txbxContent>{}</w:txbxContent>", p("附件1"));
    let body = format!(
        r#"<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{inner}</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent><w:t>正文</w:t></w:r></w:p><w:p><w:r><w:t>前</w:t><w:pict><v:textbox>{inner}</v:textbox></w:pict><w:t>后</w:t></w:r></w:p>"#
    );
    let document = read_body(&body).unwrap();
    assert_eq!(texts(&document.blocks), ["正文", "附件1", "前后", "附件1"]);
    let kinds: Vec<ParagraphKind> = document
        .blocks
        .iter()
        .filter_map(|b| Some(b.paragraph()?.kind))
        .collect();
    use ParagraphKind::{Body, TextBox};
    assert_eq!(kinds, [Body, TextBox, Body, TextBox]);
}

#[test]
fn notes_follow_the_body_and_their_marks_touch_no_figure() {
    let body = r#"<w:p><w:r><w:t>支出98.82</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>万元</w:t></w:r><w:r><w:footnoteReference w:id="3" w:customMarkFollows="1"/><w:t>1</w:t></w:r><w:r><w:t>。</w:t></w:r><w:r><w:endnoteReference w:id="1"/></w:r></w:p>"#;
    let footnotes = format!(
        r#"<w:footnote w:type="separator" w:id="0">{}</w:footnote><w:footnote w:id="3">{}</w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>含上年结转</w:t></w:r></w:p></w:footnote><w:footnote w:id="9">{}</w:footnote>"#,
        p("—"),
        p("按年末数"),
        p("无引用")
    );
    let endnotes = format!(r#"<w:endnote w:id="1">{}</w:endnote>"#, p("完"));
    let bytes = package(body, &[("footnotes", &footnotes), ("endnotes", &endnotes)]);
    let document = docx::read(&bytes).unwrap();
    assert_eq!(
        texts(&document.blocks),
        ["支出98.82万元。", "含上年结转", "按年末数", "完"]
    );
    assert!(
        document.blocks[1..]
            .iter()
            .all(|b| b.paragraph().unwrap().kind == ParagraphKind::Note)
    );
}

#[test]
fn headers_and_footers_are_furniture() {
    let body = format!(
        r#"<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr></w:pPr></w:p>{}<w:sectPr><w:headerReference r:id="header2"/><w:footerReference r:id="footer1"/><w:footerReference r:id="gone"/></w:sectPr>"#,
        p("正文")
    );
    let (one, two, three) = (p("首节页眉"), p("页眉"), p("第1页"));
    let bytes = package(&body, &[("header1", &one), ("header2", &two), ("footer1", &three)]);
    let document = docx::read(&bytes).unwrap();
    assert_eq!(texts(&document.blocks), ["正文"]);
    assert_eq!(texts(&document.furniture), ["首节页眉", "页眉", "第1页"]);
}

#[test]
fn headings_by_outline_and_by_style_chain() {
    let styles = r#"<w:style w:type="paragraph" w:styleId="a"><w:name w:val="Heading 2"/></w:style>
        <w:style w:type="paragraph" w:styleId="b"><w:name w:val="报告二级"/><w:basedOn w:val="a"/></w:style>
        <w:style w:type="paragraph" w:styleId="c"><w:name w:val="标题 3"/></w:style>
        <w:style w:type="paragraph" w:styleId="d"><w:name w:val="条"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="e"><w:name w:val="loop"/><w:basedOn w:val="f"/></w:style>
        <w:style w:type="paragraph" w:styleId="f"><w:name w:val="loop2"/><w:basedOn w:val="e"/></w:style>"#;
    let styled = |id: &str, more: &str| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{id}"/>{more}</w:pPr><w:r><w:t>{id}</w:t></w:r></w:p>"#)
    };
    let body: String = ["a", "b", "c", "d", "e", "Heading4"]
        .iter()
        .map(|id| styled(id, ""))
        .collect();
    let body = body + &styled("a", r#"<w:outlineLvl w:val="9"/>"#);
    let document = docx::read(&package(&body, &[("styles", styles)])).unwrap();
    let kinds: Vec<ParagraphKind> = document
        .blocks
        .iter()
        .filter_map(|b| Some(b.paragraph()?.kind))
        .collect();
    use ParagraphKind::{Body, Heading};
    assert_eq!(
        kinds,
        [Heading(2), Heading(2), Heading(3), Heading(1), Body, Heading(4), Body]
    );
}

fn level(i: usize, format: &str, text: &str, more: &str) -> String {
    format!(
        r#"<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>"#
    )
}

fn item(num: i64, level: i64, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
    )
}

#[test]
fn automatic_numbers() {
    let nothing = r#"<w:suff w:val="nothing"/>"#;
    let levels = [
        level(0, "chineseCounting", "%1、", nothing),
        level(1, "chineseCountingThousand", "（%2）", nothing),
        level(2, "decimal", "%3.", r#"<w:suff w:val="tab"/>"#),
        level(3, "decimal", "%1.%2.%4", r#"<w:isLgl/><w:suff w:val="space"/>"#),
        level(4, "lowerLetter", "%5)", r#"<w:lvlRestart w:val="0"/>"#),
    ]
    .concat();
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum><w:abstractNum w:abstractNumId="2">{}</w:abstractNum><w:abstractNum w:abstractNumId="3">{}</w:abstractNum><w:abstractNum w:abstractNumId="4">{}</w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
        <w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>
        <w:num w:numId="5"><w:abstractNumId w:val="4"/></w:num>
        <w:num w:numId="6"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimalEnclosedCircle"/><w:suff w:val="nothing"/><w:lvlText w:val="%1"/></w:lvl></w:lvlOverride></w:num>"#,
        level(0, "bullet", "-", ""),
        level(0, "decimal", "%1.", nothing),
        level(0, "thaiLetters", "%1.", ""),
    );
    let styles = r#"<w:style w:type="paragraph" w:styleId="n"><w:name w:val="n"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="m"><w:name w:val="m"/><w:basedOn w:val="n"/></w:style>"#;
    let body = [
        item(1, 0, "甲"),
        item(1, 1, "乙"),
        item(1, 2, "丙"),
        item(1, 2, "丁"),
        item(1, 3, "戊"),
        item(1, 4, "a"),
        item(1, 0, "己"),
        item(1, 1, "庚"),
        item(1, 4, "b"),
        item(2, 0, "另"),
        item(2, 0, "另"),
        item(1, 0, "续"),
        item(3, 0, "5"),
        item(4, 0, "5亿元"),
        item(5, 0, "泰"),
        item(6, 0, "圈"),
        item(0, 0, "无"),
        item(77, 0, "未定义"),
        r#"<w:p><w:pPr><w:pStyle w:val="m"/></w:pPr><w:r><w:t>样式</w:t></w:r></w:p>"#.to_owned(),
    ]
    .concat();
    let document = docx::read(&package(&body, &[("numbering", &numbering), ("styles", styles)])).unwrap();
    assert_eq!(
        texts(&document.blocks),
        [
            "一、甲",
            "（一）乙",
            "1. 丙",
            "2. 丁",
            "1.1.1 戊",
            "a) a",
            "二、己",
            "（一）庚",
            "b) b",
            "五、另",
            "六、另",
            "七、续",
            "5",
            "1. 5亿元",
            "1. 泰",
            "⑧圈",
            "无",
            "未定义",
            "（一）样式",
        ]
    );
    let codes: Vec<&str> = document.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["numbering_format_unknown"]);
}

#[test]
fn numbers_by_style_link_and_in_cells() {
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="1">{}{}</w:abstractNum><w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="L"/></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>"#,
        level(0, "decimal", "%1", r#"<w:pStyle w:val="h1"/>"#),
        level(1, "decimal", "%1.%2", r#"<w:pStyle w:val="h2"/>"#),
    );
    let styles = r#"<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="h2"><w:basedOn w:val="h1"/></w:style><w:style w:type="paragraph" w:styleId="plain"><w:basedOn w:val="h1"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>"#;
    let styled = |id: &str| format!(r#"<w:p><w:pPr><w:pStyle w:val="{id}"/></w:pPr><w:r><w:t>{id}</w:t></w:r></w:p>"#);
    let row = |text: &str| format!("<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", item(2, 0, ""), p(text));
    let body = format!(
        "{}{}{}<w:tbl>{}{}</w:tbl>",
        styled("h1"),
        styled("h2"),
        styled("plain"),
        row("甲"),
        row("乙")
    );
    let document = docx::read(&package(&body, &[("numbering", &numbering), ("styles", styles)])).unwrap();
    assert_eq!(texts(&document.blocks), ["1 h1", "1.1 h2", "plain", "2|甲/3|乙"]);
}

fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

fn tr(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

const RESTART: &str = r#"<w:vMerge w:val="restart"/>"#;
const CONTINUE: &str = "<w:vMerge/>";

#[test]
fn merges_of_every_kind() {
    let span = |n: usize| format!(r#"<w:gridSpan w:val="{n}"/>"#);
    let cases: Vec<(&str, String, &[&str])> = vec![
        (
            "a merge without a value continues",
            tr(&[tc(RESTART, "一级"), tc("", "a")]) + &tr(&[tc(CONTINUE, ""), tc("", "b")]),
            &["一级+1×2|a", "b"],
        ),
        (
            "two merges in a row of rows",
            [RESTART, CONTINUE, RESTART, CONTINUE]
                .iter()
                .map(|m| tr(&[tc(m, "x"), tc("", "y")]))
                .collect(),
            &["x+1×2|y", "y", "x+1×2|y", "y"],
        ),
        (
            "a continuation with nothing above starts anew",
            tr(&[tc("", "a"), tc("", "b")]) + &tr(&[tc(CONTINUE, "c"), tc("", "d")]),
            &["a|b", "c|d"],
        ),
        (
            "merges join only over the same columns",
            tr(&[tc(&(span(2) + RESTART), "宽"), tc("", "b")])
                + &tr(&[tc(CONTINUE, "窄"), tc("", "d"), tc("", "e")])
                + &tr(&[tc(&(span(2) + CONTINUE), "另"), tc("", "f")]),
            &["宽+2|b", "窄|d|e", "另+2|f"],
        ),
        (
            "hMerge of older files",
            tr(&[
                tc(r#"<w:hMerge w:val="restart"/>"#, "合"),
                tc("<w:hMerge/>", ""),
                tc("", "c"),
            ]) + &tr(&[tc("", "1"), tc("", "2"), tc("", "3")]),
            &["合+2|c", "1|2|3"],
        ),
        (
            "gridBefore and gridAfter",
            format!(
                r#"<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{}</w:tr>{}<w:tr><w:trPr><w:gridAfter w:val="2"/></w:trPr>{}</w:tr>"#,
                tc("", "b") + &tc("", "c"),
                tr(&[tc("", "1"), tc("", "2"), tc("", "3")]),
                tc("", "x"),
            ),
            &["|b|c", "1|2|3", "x||"],
        ),
        (
            "a row shorter than the grid",
            tr(&[tc("", "1"), tc("", "2")]) + &tr(&[tc("", "x")]),
            &["1|2", "x|"],
        ),
        (
            "deleted rows and cells",
            format!(
                "{}<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>{}",
                tr(&[tc(RESTART, "1"), tc("", "2")]),
                tc("", "x"),
                tr(&[tc(CONTINUE, ""), tc("", "3"), tc("<w:cellDel/>", "gone")])
            ),
            &["1+1×2|2", "3"],
        ),
        (
            "old cell properties do not count",
            tr(&[
                tc(
                    r#"<w:tcPrChange><w:tcPr><w:gridSpan w:val="2"/></w:tcPr></w:tcPrChange>"#,
                    "1",
                ),
                tc("", "2"),
            ]),
            &["1|2"],
        ),
        (
            "content controls around rows and cells",
            format!(
                "<w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>{}</w:tr></w:sdtContent></w:sdt>",
                tc("", "1"),
                tc("", "2")
            ),
            &["1|2"],
        ),
        (
            "several paragraphs in a cell",
            format!("<w:tr><w:tc>{}{}<w:p/></w:tc></w:tr>", p("指标1："), p("≥95%")),
            &["指标1：\n≥95%"],
        ),
        (
            "widths tell the spans that are not stated",
            format!(
                r#"<w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="2000"/><w:gridCol w:w="1500"/></w:tblGrid>{}{}"#,
                tr(&[tc("", "1"), tc("", "2"), tc("", "3")]),
                tr(&[
                    tc(r#"<w:tcW w:w="3010" w:type="dxa"/>"#, "合计"),
                    tc(r#"<w:tcW w:w="1495" w:type="dxa"/>"#, "9")
                ])
            ),
            &["1|2|3", "合计+2|9"],
        ),
        (
            "absurd spans are bounded",
            tr(&[
                tc(r#"<w:gridSpan w:val="-3"/>"#, "1"),
                tc(r#"<w:gridSpan w:val="x"/>"#, "2"),
            ]),
            &["1|2"],
        ),
    ];
    for (name, rows, expected) in cases {
        let table = only_table(&format!("<w:tbl>{rows}</w:tbl>"));
        assert_eq!(grid(&table), *expected, "{name}");
        assert_tiles(&table);
    }
}

#[test]
fn header_rows_are_marked_from_the_top() {
    let row = |header: &str| format!("<w:tr><w:trPr>{header}</w:trPr>{}</w:tr>", tc("", "x"));
    let on = "<w:tblHeader/>";
    let body = format!(
        "<w:tbl>{}{}{}{}</w:tbl>",
        row(on),
        row(on),
        row(r#"<w:tblHeader w:val="0"/>"#),
        row(on)
    );
    assert_eq!(only_table(&body).marked_header_rows, 2);
}

#[test]
fn nested_tables_follow_the_outer_one() {
    let inner = |text: &str| format!("<w:tbl>{}</w:tbl>", tr(&[tc("", text)]));
    let deep = format!(
        "<w:tbl><w:tr><w:tc>{}{}</w:tc></w:tr></w:tbl>",
        inner("最内"),
        p("内二")
    );
    let body = format!(
        "{}<w:tbl>{}<w:tr>{}<w:tc>{}{}{}</w:tc></w:tr></w:tbl>{}",
        p("前"),
        tr(&[tc("", "a"), tc("", "b")]),
        tc("", "c"),
        inner("内一"),
        p("d"),
        deep,
        p("后")
    );
    let document = read_body(&body).unwrap();
    assert_eq!(texts(&document.blocks), ["前", "a|b/c|d", "内一", "内二", "最内", "后"]);
    let parents: Vec<_> = document.blocks.iter().filter_map(|b| Some(b.table()?.parent)).collect();
    assert_eq!(parents, [None, Some((1, 1, 1)), Some((1, 1, 1)), Some((3, 0, 0))]);
}

#[test]
fn hidden_texts_and_short_rows_are_warned_of() {
    let rows =
        tr(&[tc(RESTART, "甲"), tc("", "1")]) + &tr(&[tc(CONTINUE, "遮住95"), tc("", "2")]) + &tr(&[tc("", "乙")]);
    let document = read_body(&format!("{}<w:tbl>{rows}</w:tbl>", p("前"))).unwrap();
    let told: Vec<_> = document
        .warnings
        .iter()
        .map(|w| (w.code.as_str(), w.source.block, w.source.row))
        .collect();
    assert_eq!(
        told,
        [
            ("table_row_short", Some(1), Some(2)),
            ("merged_cell_text", Some(1), Some(1))
        ]
    );
    assert_eq!(document.warnings[1].source.text.as_deref(), Some("遮住95"));
}

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

#[test]
fn what_is_shown_and_not_read_is_counted() {
    let body = format!(
        r#"{}<w:p><w:r><w:drawing><a:blip/></w:drawing><w:object><o:OLEObject/></w:object></w:r></w:p><w:altChunk r:id="x"/>"#,
        p("见图")
    );
    let document = read_body(&body).unwrap();
    let codes: Vec<&str> = document.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["picture_not_read", "object_not_read", "import_not_read"]);
    let scanned = read_body("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>").unwrap_err();
    assert!(matches!(scanned.kind, ErrorKind::Scanned(_)), "{scanned}");
    assert_eq!(read_body("<w:p/>").unwrap_err().kind, ErrorKind::Empty);
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

/// What `docx-rs` writes is read back.
#[test]
fn a_document_written_by_docx_rs() {
    use docx_rs::{Docx, Paragraph, Run, Table as Made, TableCell, TableRow, VMergeType};
    let text = |t: &str| Paragraph::new().add_run(Run::new().add_text(t));
    let cell = |t: &str| TableCell::new().add_paragraph(text(t));
    let table = Made::new(vec![
        TableRow::new(vec![cell("项目").grid_span(2), cell("预算（万元）")]),
        TableRow::new(vec![
            cell("甲").vertical_merge(VMergeType::Restart),
            cell("子项"),
            cell("1,020.16"),
        ]),
        TableRow::new(vec![
            cell("").vertical_merge(VMergeType::Continue),
            cell("其中"),
            cell("≥95%"),
        ]),
    ]);
    let made = Docx::new()
        .add_paragraph(text("绩效自评表 <一>"))
        .add_table(table)
        .add_paragraph(text("完"));
    let mut bytes = Cursor::new(Vec::new());
    made.build().pack(&mut bytes).unwrap();
    let document = docx::read(bytes.get_ref()).unwrap();
    assert_eq!(
        texts(&document.blocks),
        [
            "绩效自评表 <一>",
            "项目+2|预算（万元）/甲+1×2|子项|1,020.16/其中|≥95%",
            "完"
        ]
    );
}

/// Random trees of valid WordprocessingML, as body XML.
fn body_xml() -> impl Strategy<Value = String> {
    let run = prop_oneof![
        "[0-9.%万元甲乙]{0,6}".prop_map(|t| format!("<w:r><w:t>{t}</w:t></w:r>")),
        Just("<w:r><w:tab/></w:r>".to_owned()),
        Just("<w:del><w:r><w:delText>9</w:delText></w:r></w:del>".to_owned()),
        Just(r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r>"#.to_owned()),
        Just(r#"<w:r><w:fldChar w:fldCharType="separate"/></w:r>"#.to_owned()),
        Just(r#"<w:r><w:fldChar w:fldCharType="end"/></w:r>"#.to_owned()),
    ];
    let mark = prop_oneof![Just(""), Just("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>")];
    let paragraph =
        (mark, prop::collection::vec(run, 0..4)).prop_map(|(m, runs)| format!("<w:p>{m}{}</w:p>", runs.concat()));
    paragraph.prop_recursive(4, 40, 4, |inner| {
        let merge = prop_oneof![
            Just(""),
            Just(RESTART),
            Just(CONTINUE),
            Just("<w:hMerge/>"),
            Just(r#"<w:hMerge w:val="restart"/>"#)
        ];
        let cell = (0usize..4, merge, prop::collection::vec(inner.clone(), 0..3)).prop_map(|(span, merge, content)| {
            format!(
                r#"<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{}</w:tc>"#,
                content.concat()
            )
        });
        let properties = prop_oneof![
            Just(""),
            Just("<w:del/>"),
            Just(r#"<w:gridBefore w:val="2"/>"#),
            Just(r#"<w:gridAfter w:val="1"/>"#),
            Just("<w:tblHeader/>")
        ];
        let row = (properties, prop::collection::vec(cell, 0..5))
            .prop_map(|(pr, cells)| format!("<w:tr><w:trPr>{pr}</w:trPr>{}</w:tr>", cells.concat()));
        let table = prop::collection::vec(row, 0..5).prop_map(|rows| format!("<w:tbl>{}</w:tbl>", rows.concat()));
        let boxed = prop::collection::vec(inner.clone(), 0..3).prop_map(|b| {
            format!(
                "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>",
                b.concat()
            )
        });
        let control = prop::collection::vec(inner, 0..3)
            .prop_map(|b| format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", b.concat()));
        prop_oneof![3 => table, 1 => boxed, 1 => control]
    })
}

fn assert_sound(document: &Document) {
    for (index, block) in document.blocks.iter().enumerate() {
        if let Block::Table(table) = block {
            assert_tiles(table);
            if let Some((outer, row, col)) = table.parent {
                assert!(outer < index);
                assert!(document.blocks[outer].table().unwrap().at(row, col).is_some());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Valid trees are read, and every table tiles.
    #[test]
    fn random_trees_give_tiling_tables(body in prop::collection::vec(body_xml(), 1..5)) {
        let body = p("甲") + &body.concat();
        let document = read_body(&body).unwrap();
        assert_sound(&document);
    }

    /// Whatever is cut off or changed, nothing panics, and a main part that is cut off is never read.
    #[test]
    fn broken_trees_never_panic(
        body in body_xml(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let main = document(&body);
        let rels = package_rels("word/document.xml");
        let with_main = |main: &[u8]| pack(&[("_rels/.rels", rels.as_bytes()), ("word/document.xml", main)]);
        let cut = cut.index(main.len());
        prop_assert!(docx::read(&with_main(&main.as_bytes()[..cut])).is_err());
        let mut changed = main.into_bytes();
        let at = at.index(changed.len());
        changed[at] = byte;
        if let Ok(document) = docx::read(&with_main(&changed)) {
            assert_sound(&document);
        }
        let mut packed = with_main(&changed);
        let at = at % packed.len();
        packed[at] ^= byte;
        if let Ok(document) = docx::read(&packed) {
            assert_sound(&document);
        }
    }
}

#[test]
fn seed_tables_match_their_truth() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        eprintln!("skipped: no ../shared/corpus here");
        return;
    }
    for seed in ["seed000", "seed001", "seed002", "seed003", "seed004"] {
        let bytes = std::fs::read(root.join(format!("reports/{seed}.docx"))).unwrap();
        let document = docx::read(&bytes).unwrap();
        assert_eq!(document.pages, None);
        let truth = std::fs::read_to_string(root.join(format!("truth/{seed}.json"))).unwrap();
        let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
        let squash = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let rows: Vec<Vec<String>> = document
            .blocks
            .iter()
            .filter_map(Block::table)
            .flat_map(|t| (0..t.rows()).map(|r| (0..t.cols()).map(|c| squash(&t.at(r, c).unwrap().text)).collect()))
            .collect();
        let tables = truth["tables"].as_array().unwrap();
        for table in tables {
            for row in table["rows"].as_array().unwrap() {
                let row: Vec<String> = row
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| squash(c.as_str().unwrap_or("")))
                    .collect();
                let mut wanted = row.clone();
                wanted.dedup();
                let found = rows.iter().any(|r| {
                    let mut r = r.clone();
                    r.dedup();
                    *r == wanted
                });
                assert!(found, "{seed}: no row {row:?} among {rows:#?}");
            }
        }
    }
}
