//! The .docx reader: one small package a behaviour, hostile packages, random trees, and the seed reports.

mod numbering;
mod packages;
mod random;
mod tables;
mod text;

use heshu::error::{ErrorKind, Result};
use heshu::ingest::docx;
use heshu::model::{Block, Document, ParagraphKind, Table};
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
pub fn pack<B: AsRef<[u8]>>(parts: &[(&str, B)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_ref()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn package_rels(target: &str) -> String {
    format!(r#"<Relationships><Relationship Id="rId1" Type="{REL}/officeDocument" Target="{target}"/></Relationships>"#)
}

pub fn document(body: &str) -> String {
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

pub fn p(text: &str) -> String {
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

/// Rows of a table: each cell in its first row only, as `text+col_span×row_span`, spans of 1 left out.
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

fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

fn tr(cells: &[String]) -> String {
    format!("<w:tr>{}</w:tr>", cells.concat())
}

const RESTART: &str = r#"<w:vMerge w:val="restart"/>"#;

const CONTINUE: &str = "<w:vMerge/>";
