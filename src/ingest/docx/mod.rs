//! Word documents (ISO/IEC 29500, transitional and strict), read forward as a stream.
//!
//! Tracked changes count as accepted, hidden text is left out, automatic numbers are computed and stand before their
//! paragraph's text. Pictures, charts and embedded objects are not read; a warning counts them.

mod elements;
mod flow;
pub(super) mod limits;
pub(super) mod numbering;
pub(super) mod numerals;
pub(super) mod package;
mod paragraph;
pub(super) mod properties;
mod story;
mod styles;
pub(super) mod symbols;
mod table;
mod tags;
pub(super) mod xml;

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::looks::Unseen;
use crate::model::{Block, Document, Format, Limits, ParagraphKind, Source, Warning};
use limits::Meter;
use numbering::Numbering;
use package::{Package, Relationship};
use std::collections::BTreeMap;
use story::{Shared, Story};
use styles::StyleSheet;

/// Reads a .docx package.
///
/// # Errors
/// Not a Word package, damaged, encrypted, without any text, or over a limit. XML of the main part that is cut off is
/// an error, never a shorter document.
pub fn read(bytes: &[u8]) -> Result<Document> {
    read_within(bytes, &Limits::default())
}

/// As [`read`], under given limits.
///
/// # Errors
/// As [`read`].
pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Document> {
    let mut package = Package::open(bytes, limits)?;
    let mut document = Document::new(Format::Docx);
    let main = main_part(&mut package, &mut document.warnings)?;
    let parts = Parts::of(&mut package, &main, &mut document.warnings);

    let mut meter = Meter::new(limits);
    let sheet = read_styles(&mut package, &parts, &mut document.warnings);
    let mut numbering = read_numbering(&mut package, &parts, &sheet, &mut document.warnings);
    let mut shared = Shared {
        sheet: &sheet,
        numbering: &mut numbering,
        meter: &mut meter,
    };

    let Some(mut xml) = package.part_within(&main, limits::main_part(limits))? else {
        return Err(Error::damaged("the main part is missing").in_part(main));
    };
    let mut story = story::read(&mut xml, &mut shared, ParagraphKind::Body)?;
    drop(xml);
    if !story.has_body || story.root != "document" {
        let what = format!("the main part is <{}> and no Word document", story.root);
        return Err(Error::damaged(what).in_part(main));
    }
    append(
        &mut document.blocks,
        &mut document.warnings,
        std::mem::take(&mut story.blocks),
        std::mem::take(&mut story.warnings),
    );

    let mut unseen = story.unseen;
    for (kind, references) in [("footnotes", &story.footnotes), ("endnotes", &story.endnotes)] {
        let place = &mut document;
        read_notes(&mut package, &parts, kind, references, &mut shared, place, &mut unseen);
    }
    read_furniture(&mut package, &parts, &story.furniture, &mut shared, &mut document);
    warn_unread(&story, &mut document);
    document.warnings.extend(unseen.warnings());
    if let Some(error) = unseen.error().filter(|_| document.blocks.is_empty()) {
        return Err(error);
    }
    if document.blocks.is_empty() {
        return Err(match story.unread.pictures {
            0 => Error::new(ErrorKind::Empty),
            n => Error::new(ErrorKind::Scanned(format!(
                "the document holds {n} pictures and nothing else"
            ))),
        });
    }
    Ok(document)
}

/// The main part by the package's relationships, else by its usual name.
fn main_part(package: &mut Package<'_>, warnings: &mut Vec<Warning>) -> Result<String> {
    const USUAL: &str = "word/document.xml";
    let stated = package.relationships("");
    let target = match &stated {
        Ok(Some(found)) => found
            .iter()
            .find(|r| r.kind == "officeDocument")
            .map(|r| r.target.clone()),
        _ => None,
    };
    match target {
        Some(target) if package.has(&target) && !other_office(&target) => return Ok(target),
        _ => {}
    }
    if package.has(USUAL) {
        let message = "包的关系部件（_rels/.rels）缺失或有误，按惯用名称读取 word/document.xml";
        warnings.push(Warning::new("relationships_missing", message, Source::default()));
        return Ok(USUAL.to_owned());
    }
    if let Some(error) = other_package(package) {
        return Err(error);
    }
    match (target, stated) {
        (Some(target), _) => Err(Error::damaged("the main part is missing").in_part(target)),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(Error::unsupported(
            "a zip archive that is no Word document",
            "unpack it and extract the documents in it",
        )),
    }
}

fn other_office(target: &str) -> bool {
    target.starts_with("xl/") || target.starts_with("ppt/")
}

/// What else a zip may be, by the files in it.
fn other_package(package: &Package<'_>) -> Option<Error> {
    const KINDS: [(&str, &str, &str); 7] = [
        (
            "xl/workbook.",
            "an Excel workbook",
            "copy its tables into a Word document or save it as PDF",
        ),
        ("ppt/presentation.", "a PowerPoint presentation", "save it as PDF"),
        ("visio/document.", "a Visio drawing", "save it as PDF"),
        ("ofd.xml", "an OFD page document", "convert it to PDF"),
        ("content.xml", "an OpenDocument file", "save it as .docx"),
        ("index.apxl", "an Apple iWork document", "export it as .docx"),
        ("index/document.iwa", "an Apple iWork document", "export it as .docx"),
    ];
    let names: Vec<&str> = package.names().collect();
    let known = KINDS
        .iter()
        .find(|(start, ..)| names.iter().any(|name| name.starts_with(start)))?;
    Some(Error::unsupported(known.1, known.2))
}

/// The parts that belong to the main part, by kind and by id.
#[derive(Debug, Default)]
struct Parts {
    by_kind: BTreeMap<String, String>,
    by_id: BTreeMap<String, String>,
}

impl Parts {
    fn of(package: &mut Package<'_>, main: &str, warnings: &mut Vec<Warning>) -> Self {
        let mut parts = Parts::default();
        let stated = package.relationships(main);
        let missing = !matches!(stated, Ok(Some(_)));
        for Relationship { id, kind, target } in stated.ok().flatten().unwrap_or_default() {
            parts.by_kind.entry(kind).or_insert_with(|| target.clone());
            parts.by_id.insert(id, target);
        }
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut guessed = false;
        for kind in ["styles", "numbering", "footnotes", "endnotes"] {
            let usual = format!("{folder}/{kind}.xml");
            if missing && package.has(&usual) {
                parts.by_kind.insert(kind.to_owned(), usual);
                guessed = true;
            }
        }
        if guessed {
            let message = "主文档的关系部件缺失或读不了，样式、编号和脚注按惯用名称读取，页眉页脚未读";
            warnings.push(Warning::new("relationships_missing", message, Source::default()));
        }
        parts
    }
}

fn part_warning(code: &str, part: &str, error: &Error, loss: &str) -> Warning {
    Warning::new(
        code,
        format!("部件 {part} 读不完整，{loss}：{error}"),
        Source::default(),
    )
}

fn read_styles(package: &mut Package<'_>, parts: &Parts, warnings: &mut Vec<Warning>) -> StyleSheet {
    let Some(name) = parts.by_kind.get("styles") else {
        return StyleSheet::default();
    };
    let (sheet, outcome) = match package.part(name) {
        Ok(Some(mut xml)) => StyleSheet::read(&mut xml),
        Ok(None) => (StyleSheet::default(), Err(Error::damaged("the part is missing"))),
        Err(error) => (StyleSheet::default(), Err(error)),
    };
    if let Err(error) = outcome {
        warnings.push(part_warning(
            "styles_unreadable",
            name,
            &error,
            "标题级别和样式带来的编号可能缺失",
        ));
    }
    sheet
}

fn read_numbering(
    package: &mut Package<'_>,
    parts: &Parts,
    sheet: &StyleSheet,
    warnings: &mut Vec<Warning>,
) -> Numbering {
    let Some(name) = parts.by_kind.get("numbering") else {
        return Numbering::default();
    };
    let list_of_style = |style: &str| sheet.get(style).and_then(|style| style.list);
    let (numbering, outcome) = match package.part(name) {
        Ok(Some(mut xml)) => Numbering::read(&mut xml, list_of_style),
        Ok(None) => (Numbering::default(), Err(Error::damaged("the part is missing"))),
        Err(error) => (Numbering::default(), Err(error)),
    };
    if let Err(error) = outcome {
        warnings.push(part_warning("numbering_unreadable", name, &error, "自动编号可能缺失"));
    }
    numbering
}

/// Adds the notes of a part after the body, in the order in which the body refers to them.
fn read_notes(
    package: &mut Package<'_>,
    parts: &Parts,
    kind: &str,
    references: &[i64],
    shared: &mut Shared<'_>,
    document: &mut Document,
    unseen: &mut Unseen,
) {
    if references.is_empty() {
        return;
    }
    let name = parts
        .by_kind
        .get(kind)
        .cloned()
        .unwrap_or_else(|| format!("{kind}.xml"));
    let outcome = match package.part(&name) {
        Ok(Some(mut xml)) => story::read(&mut xml, shared, ParagraphKind::Note),
        Ok(None) => Err(Error::damaged("the part is missing")),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(mut story) => {
            let mut warnings = std::mem::take(&mut story.warnings);
            unseen.add(story.unseen);
            warnings.iter_mut().for_each(|w| w.source.block = None);
            document.warnings.append(&mut warnings);
            let mut notes: BTreeMap<i64, Vec<Block>> = story.notes.into_iter().collect();
            for id in references {
                if let Some(blocks) = notes.remove(id) {
                    append(&mut document.blocks, &mut document.warnings, blocks, Vec::new());
                }
            }
        }
        Err(error) => document
            .warnings
            .push(part_warning("notes_unreadable", &name, &error, "脚注或尾注缺失")),
    }
}

/// Reads the headers and footers that sections refer to.
fn read_furniture(
    package: &mut Package<'_>,
    parts: &Parts,
    references: &[String],
    shared: &mut Shared<'_>,
    document: &mut Document,
) {
    let mut seen: Vec<&str> = Vec::new();
    for id in references {
        let Some(name) = parts.by_id.get(id).map(String::as_str) else {
            continue;
        };
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let outcome = match package.part(name) {
            Ok(Some(mut xml)) => story::read(&mut xml, shared, ParagraphKind::Body),
            Ok(None) => Err(Error::damaged("the part is missing")),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(story) => append(&mut document.furniture, &mut Vec::new(), story.blocks, Vec::new()),
            Err(error) => document
                .warnings
                .push(part_warning("furniture_unreadable", name, &error, "页眉或页脚缺失")),
        }
    }
}

/// Appends blocks whose references to each other count from their own first one.
fn append(target: &mut Vec<Block>, warnings: &mut Vec<Warning>, blocks: Vec<Block>, of_blocks: Vec<Warning>) {
    let first = target.len();
    for mut block in blocks {
        if let Block::Table(table) = &mut block
            && let Some((outer, ..)) = &mut table.parent
        {
            *outer += first;
        }
        target.push(block);
    }
    for mut warning in of_blocks {
        if let Some(block) = &mut warning.source.block {
            *block += first;
        }
        warnings.push(warning);
    }
}

/// Says what the document shows and this reader does not read: a figure may stand there.
fn warn_unread(story: &Story, document: &mut Document) {
    let unread = story.unread;
    let kinds = [
        (
            unread.pictures,
            "picture_not_read",
            "幅图片未读，图中如有文字或表格则不在结果中",
        ),
        (unread.charts, "chart_not_read", "个图表未读"),
        (unread.diagrams, "diagram_not_read", "个 SmartArt 图示未读"),
        (
            unread.objects,
            "object_not_read",
            "个嵌入对象（如 Excel 表格）未读，其中的数字不在结果中",
        ),
        (
            unread.imports,
            "import_not_read",
            "处导入的外部内容（altChunk 或子文档）未读",
        ),
    ];
    for (count, code, what) in kinds.into_iter().filter(|(count, ..)| *count > 0) {
        document
            .warnings
            .push(Warning::new(code, format!("有{count}{what}"), Source::default()));
    }
}
