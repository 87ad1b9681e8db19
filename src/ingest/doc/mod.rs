//! Legacy Word and WPS documents ([MS-DOC], Word 97 to 2003), read from the compound file's streams.
//!
//! Tracked changes count as accepted, hidden text is left out, automatic numbers are computed, fields give their results,
//! and tables have the cells and merges that their rows state. Comments are not read; pictures and embedded objects are
//! counted in a warning.

mod bytes;
mod fib;
mod form;
mod formatting;
mod judge;
mod limits;
mod lists;
mod pieces;
mod sprm;
mod story;
mod styles;
mod tables;

use super::docx::limits::Meter;
use super::docx::numbering::Numbering;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::looks::Unseen;
use crate::model::{Block, Document, Format, Limits, ParagraphKind, Source, Warning};
use bytes::Bytes;
use fib::{Fib, Part};
use formatting::Stretches;
use pieces::Text;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::Range;
use story::{Shared, Story};
use styles::StyleSheet;

/// Reads a compound file that holds a `WordDocument` stream.
///
/// # Errors
/// Encrypted, of Word 95 or older, damaged, over a limit, without any text, or with text that is not decoded to sense:
/// such text is refused, never emitted.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| container_error(&e))?;
    let stream = stream(&mut file, "WordDocument", bytes.len())?
        .ok_or_else(|| Error::damaged("the stream of the text is missing").in_part("WordDocument"))?;
    let stream = Bytes(&stream);
    let fib = Fib::read(stream)?;
    let name = if fib.second_table { "1Table" } else { "0Table" };
    let table = self::stream(&mut file, name, bytes.len())?;
    let table = table.ok_or_else(|| Error::damaged("the stream of tables is missing").in_part(name))?;
    let table = Bytes(&table);
    let data = self::stream(&mut file, "Data", bytes.len())?.unwrap_or_default();
    let has_objects = file.exists("/ObjectPool");
    drop(file);

    let missing = |what: &str| Error::damaged(format!("{what} is missing or cut off")).in_part(name);
    let clx = fib.part(Part::Clx, table).ok_or_else(|| missing("the piece table"))?;
    let total = fib.counts.iter().map(|count| *count as usize).sum::<usize>();
    // Where there is more than one story, a paragraph mark of no story stands behind the last.
    let text = Text::read(clx, stream, total, fib.language)?;
    judge::judge(&text.units)?;

    let of = |part| fib.part(part, table).unwrap_or(Bytes(&[]));
    let characters = Stretches::of_characters(of(Part::Chpx), stream);
    let paragraphs = Stretches::of_paragraphs(of(Part::Papx), stream);
    let sheet = StyleSheet::read(of(Part::Styles));
    let fonts = styles::fonts(of(Part::Fonts));
    let mut shared = Shared {
        text: &text,
        characters: &characters,
        paragraphs: &paragraphs,
        data: Bytes(&data),
        sheet: &sheet,
        fonts: &fonts,
        numbering: numbering(&fib, table),
        meter: Meter::new(limits),
        section_ends: section_ends(of(Part::Sections)),
        pictures: 0,
        unknown_symbols: 0,
        unseen: Unseen::default(),
        is_painted: paragraphs.groups().any(|group| sprm::paints(group, Bytes(&data))),
        boxes: BTreeMap::new(),
    };
    let mut document = Document::new(Format::Doc);
    read_stories(&fib, table, &mut shared, &mut document)?;
    warn(&shared, &text, has_objects, &fib, table, &mut document);
    document.warnings.extend(shared.unseen.warnings());
    if let Some(error) = shared.unseen.error().filter(|_| document.blocks.is_empty()) {
        return Err(error);
    }
    if document.blocks.is_empty() {
        return Err(match shared.pictures {
            0 => Error::new(ErrorKind::Empty),
            n => Error::new(ErrorKind::Scanned(format!(
                "the document holds {n} pictures and nothing else"
            ))),
        });
    }
    Ok(document)
}

/// A stream in full, or `None` when the file does not have it. `most` is the file's length: no stream is longer.
fn stream(file: &mut cfb::CompoundFile<Cursor<&[u8]>>, name: &str, most: usize) -> Result<Option<Vec<u8>>> {
    let path = format!("/{name}");
    if !file.is_stream(&path) {
        return Ok(None);
    }
    let limit = limits::STREAM.min(most as u64);
    let mut bytes = Vec::new();
    let opened = file.open_stream(&path).map_err(|e| container_error(&e).in_part(name))?;
    let read = opened.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|e| container_error(&e).in_part(name))?;
    if bytes.len() as u64 > limit {
        return Err(Error::damaged("a stream longer than the file").in_part(name));
    }
    Ok(Some(bytes))
}

fn container_error(error: &std::io::Error) -> Error {
    Error::damaged(format!("broken compound file: {error}"))
}

fn numbering(fib: &Fib, table: Bytes<'_>) -> Numbering {
    let lists = fib.place(Part::Lists);
    if lists.len == 0 {
        return Numbering::default();
    }
    let uses = fib.part(Part::ListUses, table).unwrap_or(Bytes(&[]));
    lists::read(table.from(lists.at), lists.len, uses)
}

/// Positions of the marks at the sections' ends (PlcfSed).
fn section_ends(sections: Bytes<'_>) -> Vec<usize> {
    let count = sections.len().saturating_sub(4) / 16;
    let ends = (1..=count).filter_map(|index| sections.u32(index * 4));
    let mut ends: Vec<usize> = ends.filter_map(|end| (end as usize).checked_sub(1)).collect();
    ends.sort_unstable();
    ends
}

/// Stories in the order in which they stand in the text.
fn read_stories(fib: &Fib, table: Bytes<'_>, shared: &mut Shared<'_>, document: &mut Document) -> Result<()> {
    let mut ranges: [Range<usize>; 8] = Default::default();
    let mut at = 0usize;
    for (range, count) in ranges.iter_mut().zip(fib.counts) {
        let end = at + count as usize;
        *range = at..end;
        at = end;
    }
    let [main, footnotes, headers, _, _, endnotes, boxes, _] = ranges;
    read_boxes(fib, table, boxes, shared)?;
    append(document, story::read(shared, main, ParagraphKind::Body)?);
    // Boxes whose anchor is not known stand at the end.
    for text in std::mem::take(&mut shared.boxes).into_values().flatten() {
        document.blocks.push(Block::Paragraph(crate::model::Paragraph {
            text,
            kind: ParagraphKind::TextBox,
            lines: Vec::new(),
        }));
    }
    for notes in [footnotes, endnotes] {
        append(document, story::read(shared, notes, ParagraphKind::Note)?);
    }
    for block in story::read(shared, headers, ParagraphKind::Body)?.blocks {
        // Each section repeats its headers.
        if !document.furniture.contains(&block) {
            document.furniture.push(block);
        }
    }
    Ok(())
}

/// Reads the text of boxes, so that it stands where the box is anchored.
fn read_boxes(fib: &Fib, table: Bytes<'_>, range: Range<usize>, shared: &mut Shared<'_>) -> Result<()> {
    const BOX: usize = 22;
    const ANCHOR: usize = 26;
    let list = fib.part(Part::TextBoxes, table).unwrap_or(Bytes(&[]));
    let anchors = fib.part(Part::ShapeAnchors, table).unwrap_or(Bytes(&[]));
    let count = anchors.len().saturating_sub(4) / (4 + ANCHOR);
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    for index in 0..count {
        if let (Some(cp), Some(shape)) = (anchors.u32(index * 4), anchors.u32((count + 1) * 4 + index * ANCHOR)) {
            places.entry(shape).or_insert(cp as usize);
        }
    }
    let count = list.len().saturating_sub(4) / (4 + BOX);
    for index in 0..count {
        let bounds = (list.u32(index * 4), list.u32(index * 4 + 4));
        let (Some(start), Some(end)) = bounds else {
            break;
        };
        let start = range.start.saturating_add(start as usize).min(range.end);
        let end = range.start.saturating_add(end as usize).min(range.end);
        if start >= end {
            continue;
        }
        let story = story::read(shared, start..end, ParagraphKind::TextBox)?;
        let texts: Vec<String> = story.blocks.iter().flat_map(texts_of).collect();
        if texts.is_empty() {
            continue;
        }
        let shape = list.u32((count + 1) * 4 + index * BOX + 14);
        let anchor = shape.and_then(|shape| places.get(&shape)).copied();
        // Boxes of no known place come after all others, in their order.
        let anchor = anchor.unwrap_or(usize::MAX - count + index);
        shared.boxes.entry(anchor).or_default().extend(texts);
    }
    Ok(())
}

/// Texts of a block in a box: tables there are rare, and give a line a row.
fn texts_of(block: &Block) -> Vec<String> {
    match block {
        Block::Paragraph(paragraph) => vec![paragraph.text.clone()],
        Block::Table(table) => {
            let row = |row| {
                let cells: Vec<&str> = table.row_cells(row).map(|cell| cell.text.as_str()).collect();
                cells.join("\t")
            };
            (0..table.rows()).map(row).collect()
        }
    }
}

/// Appends blocks whose references to each other count from their own first one.
fn append(document: &mut Document, story: Story) {
    let first = document.blocks.len();
    for mut block in story.blocks {
        if let Block::Table(table) = &mut block
            && let Some((outer, ..)) = &mut table.parent
        {
            *outer += first;
        }
        document.blocks.push(block);
    }
    for mut warning in story.warnings {
        if let Some(block) = &mut warning.source.block {
            *block += first;
        }
        document.warnings.push(warning);
    }
}

/// Says what the document shows and this reader does not read: a figure may stand there.
fn warn(shared: &Shared<'_>, text: &Text, has_objects: bool, fib: &Fib, table: Bytes<'_>, document: &mut Document) {
    let mut warn = |code: &str, message: String| {
        document.warnings.push(Warning::new(code, message, Source::default()));
    };
    if shared.pictures > 0 {
        let message = format!("有{}幅图片或对象未读，图中如有文字或表格则不在结果中", shared.pictures);
        warn("picture_not_read", message);
    }
    if has_objects {
        let message = "文档带有嵌入对象（如 Excel 表格），对象内的内容未读，其中的数字不在结果中";
        warn("object_not_read", message.to_owned());
    }
    if shared.unknown_symbols > 0 {
        let message = format!("有{}个符号字体的字符无法对应，以“\u{fffd}”代替", shared.unknown_symbols);
        warn("symbol_unknown", message);
    }
    if text.guessed_gbk {
        let message = "部分文字按单字节存放，已按 GBK 解码；请核对原文";
        warn("encoding_guessed", message.to_owned());
    }
    let lost = [
        (Part::Papx, "段落与表格结构"),
        (Part::Chpx, "删除线修订与隐藏文字的标记"),
        (Part::Styles, "样式"),
    ];
    for (part, what) in lost {
        if fib.part(part, table).is_none() {
            warn(
                "formatting_unreadable",
                format!("文档的格式数据缺失或不完整，{what}可能有误"),
            );
        }
    }
}
