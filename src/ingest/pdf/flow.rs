//! Pages to a document: furniture apart, lines to paragraphs over lines and pages, tables between them.

use super::furniture::find_furniture;
use super::layout::{Item, Line, Page, ReadCell, TablePiece};
use super::text::seam;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Block, Cell, Cut, Document, PagePlace, Paragraph, ParagraphKind, Table, TextPlace};
use std::collections::{BTreeMap, BTreeSet};

/// Puts the pages together.
pub fn assemble(pages: Vec<Page>, document: &mut Document) -> Result<()> {
    let body_size = body_size(&pages);
    let furniture = find_furniture(&pages, body_size);
    let measures: Vec<Measure> = pages
        .iter()
        .enumerate()
        .map(|(i, page)| Measure::of(i, page, &furniture))
        .collect();
    let mut open: Option<Open> = None;
    for (index, (page, measure)) in pages.into_iter().zip(&measures).enumerate() {
        let number = index as u32 + 1;
        let mut items: Vec<Item> = Vec::new();
        for (position, item) in page.items.into_iter().enumerate() {
            match item {
                Item::Line(line) if furniture.contains(&(index, position)) => {
                    document.furniture.push(Block::Paragraph(paragraph(&line, number)));
                }
                item => items.push(item),
            }
        }
        if !page.slanted.trim().is_empty() {
            document
                .furniture
                .push(Block::Paragraph(Paragraph::body(page.slanted.trim())));
        }
        let last = items.len().saturating_sub(1);
        for (position, item) in items.into_iter().enumerate() {
            match item {
                Item::Table(piece) => {
                    close(&mut open, document, body_size);
                    let cut = (position == 0, position == last);
                    document.blocks.push(Block::Table(table(piece, number, cut)?));
                }
                Item::Line(line) => {
                    let continues = open
                        .as_ref()
                        .is_some_and(|open| open.continues(&line, number, measure, body_size));
                    if !continues {
                        close(&mut open, document, body_size);
                    }
                    match &mut open {
                        Some(open) => open.push(line, number, measure),
                        None => open = Some(Open::new(line, number, measure)),
                    }
                }
            }
        }
    }
    close(&mut open, document, body_size);
    Ok(())
}

/// Left and right edge of a page's text, and its line pitch.
#[derive(Debug, Clone, Copy)]
struct Measure {
    left: f64,
    right: f64,
    width: f64,
    pitch: f64,
}

impl Measure {
    fn of(index: usize, page: &Page, furniture: &BTreeSet<(usize, usize)>) -> Self {
        let body = page
            .items
            .iter()
            .enumerate()
            .filter(|(position, _)| !furniture.contains(&(index, *position)));
        let lines: Vec<&Line> = body
            .filter_map(|(_, i)| if let Item::Line(l) = i { Some(l) } else { None })
            .collect();
        let long: Vec<&&Line> = lines
            .iter()
            .filter(|l| l.bounds[2] - l.bounds[0] > 0.4 * page.size.0)
            .collect();
        let edge = |f: &dyn Fn(&Line) -> f64| {
            let mut values: Vec<f64> = long.iter().map(|l| f(l)).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let (lefts, rights) = (edge(&|l| l.bounds[0]), edge(&|l| l.bounds[2]));
        // Body lines start at the left edge, first lines two characters further in; a single line may hang out.
        let left = lefts.get(lefts.len() / 10).copied().unwrap_or(0.12 * page.size.0);
        let right = rights.get(rights.len() * 9 / 10).copied().unwrap_or(0.88 * page.size.0);
        // One long line shows no edge: 填报单位：… above a caption. Text leaves about as much free on both sides.
        let size = long.first().map_or(0.0, |l| l.size);
        let at_edge = rights.iter().filter(|r| (right - **r).abs() < 1.5 * size).count();
        let right = if at_edge == 1 {
            right.max(page.size.0 - left - 1.5 * size)
        } else {
            right
        };
        let mut gaps: Vec<f64> = lines
            .windows(2)
            .map(|w| w[1].base - w[0].base)
            .filter(|g| *g > 4.0)
            .collect();
        gaps.sort_by(f64::total_cmp);
        Measure {
            left,
            right,
            width: page.size.0,
            pitch: gaps.get(gaps.len() / 2).copied().unwrap_or(0.0),
        }
    }

    /// Whether a line stands in the middle, with room on both sides.
    fn centred(&self, line: &Line) -> bool {
        let (free_left, free_right) = (line.bounds[0] - self.left, self.right - line.bounds[2]);
        let middle = (line.bounds[0] + line.bounds[2] - self.left - self.right).abs() / 2.0;
        let on_page = (line.bounds[0] + line.bounds[2] - self.width).abs() / 2.0;
        free_left > 2.6 * line.size
            && (free_right > 0.5 * line.size && middle < 0.75 * line.size || on_page < 0.75 * line.size)
    }
}

/// The font size of most characters.
fn body_size(pages: &[Page]) -> f64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for item in pages.iter().flat_map(|p| &p.items) {
        if let Item::Line(line) = item {
            *counts.entry((line.size * 2.0).round() as i64).or_default() += line.text.chars().count();
        }
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map_or(12.0, |(size, _)| size as f64 / 2.0)
}

/// A paragraph that may go on.
struct Open {
    paragraph: Paragraph,
    page: u32,
    first: Line,
    last: Line,
    lines: usize,
    centred: bool,
    right: f64,
}

impl Open {
    fn new(line: Line, page: u32, measure: &Measure) -> Self {
        Open {
            paragraph: paragraph(&line, page),
            page,
            centred: measure.centred(&line),
            first: line.clone(),
            last: line,
            lines: 1,
            right: measure.right,
        }
    }

    /// Whether the next line belongs to this paragraph.
    fn continues(&self, line: &Line, page: u32, measure: &Measure, body_size: f64) -> bool {
        let size = self.last.size.max(line.size);
        if (self.last.size - line.size).abs() > 0.15 * size || self.last.hidden != line.hidden {
            return false;
        }
        if self.page == page {
            let gap = line.base - self.last.base;
            let usual = measure.pitch.max(1.1 * size).min(2.6 * size);
            if gap > 1.45 * usual || gap < 0.5 * size {
                return false;
            }
        } else if page != self.page + 1 {
            return false;
        }
        if self.centred || measure.centred(line) {
            // A title over several lines: each in the middle, larger than the body, and the one before nearly full.
            let wide = self.last.bounds[2] - self.last.bounds[0] > 0.5 * (measure.right - measure.left);
            return self.page == page
                && self.centred
                && measure.centred(line)
                && wide
                && line.size > 1.05 * body_size
                && self.last.bold == line.bold;
        }
        if numbered(&line.text).is_some() && line.bounds[0] > measure.left + 1.2 * size {
            return false;
        }
        // The line before must be full: no room for the next line's first word.
        let room = self.right - self.last.bounds[2];
        if room > line.first_width + 1.1 * size {
            return false;
        }
        // A first line is indented by two characters; a hanging indent repeats the start of the line before.
        let indent = line.bounds[0] - measure.left;
        let hanging = self.lines > 1 && (line.bounds[0] - self.last.bounds[0]).abs() < 0.5 * size;
        if indent > 1.2 * size && !hanging {
            return false;
        }
        // A bold heading that fills its line is not continued by plain text.
        !(self.first.bold
            && self.lines == 1
            && self.last.bold
            && !line.bold
            && numbered(&self.first.text).is_some()
            && ends_sentence(&self.last.text))
    }

    fn push(&mut self, line: Line, page: u32, measure: &Measure) {
        let seam = seam(&self.paragraph.text, &line.text);
        self.paragraph.text.push_str(seam);
        add_line(&mut self.paragraph, &line, page);
        self.page = page;
        self.lines += 1;
        self.right = measure.right;
        self.last = line;
    }
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['。', '；', '！', '？', ';', '：', ':'])
}

fn close(open: &mut Option<Open>, document: &mut Document, body_size: f64) {
    if let Some(open) = open.take() {
        let mut paragraph = open.paragraph.clone();
        paragraph.kind = kind(&open, body_size);
        document.blocks.push(Block::Paragraph(paragraph));
    }
}

/// A heading is known by its number and shortness, or by its size and place.
fn kind(open: &Open, body_size: f64) -> ParagraphKind {
    let text = open.paragraph.text.trim();
    let short = text.chars().count() <= 40 && open.lines <= 2;
    if !short || text.ends_with(['。', '；', '，']) {
        return ParagraphKind::Body;
    }
    if open.centred && open.first.size > 1.15 * body_size {
        return ParagraphKind::Heading(1);
    }
    match numbered(text) {
        Some(level) if open.first.bold || open.first.size > 1.05 * body_size || level <= 2 => {
            ParagraphKind::Heading(level)
        }
        _ => ParagraphKind::Body,
    }
}

/// The level of a numbered text: 一、 1, （一） 2, 1. or 1、 3, （1） 4.
pub fn numbered(text: &str) -> Option<u8> {
    let text = text.trim_start();
    let chinese = |c: char| "一二三四五六七八九十百".contains(c);
    let take = |s: &str, f: &dyn Fn(char) -> bool| s.chars().take_while(|c| f(*c)).map(char::len_utf8).sum::<usize>();
    if let Some(rest) = text.strip_prefix(['（', '(']) {
        let (c, d) = (take(rest, &chinese), take(rest, &|c| c.is_ascii_digit()));
        let (n, level) = if c > 0 { (c, 2) } else { (d, 4) };
        return (n > 0 && rest[n..].starts_with(['）', ')'])).then_some(level);
    }
    if let Some(rest) = text.strip_prefix('第') {
        let n = take(rest, &chinese);
        return (n > 0 && rest[n..].starts_with(['章', '部'])).then_some(1);
    }
    let n = take(text, &chinese);
    if n > 0 {
        return text[n..].starts_with(['、', '.', '．']).then_some(1);
    }
    let n = take(text, &|c| c.is_ascii_digit());
    let rest = &text[n..];
    let after_point = rest.strip_prefix(['.', '．']);
    let pointed = rest.starts_with('、') || after_point.is_some_and(|r| !r.starts_with(|c: char| c.is_ascii_digit()));
    ((1..=2).contains(&n) && pointed).then_some(3)
}

fn paragraph(line: &Line, page: u32) -> Paragraph {
    let mut paragraph = Paragraph::body("");
    add_line(&mut paragraph, line, page);
    paragraph
}

fn add_line(paragraph: &mut Paragraph, line: &Line, page: u32) {
    let offset = paragraph.text.len();
    paragraph.text.push_str(&line.text);
    let mut start = 0;
    for (end, bbox) in &line.places {
        // A space before a character has no place of its own.
        let spaces: usize = line.text[start..*end]
            .chars()
            .take_while(|c| c.is_whitespace())
            .map(char::len_utf8)
            .sum();
        paragraph.lines.push(TextPlace {
            start: offset + start + spaces,
            end: offset + end,
            place: PagePlace { page, bbox: *bbox },
        });
        start = *end;
    }
}

fn table(piece: TablePiece, page: u32, cut: (bool, bool)) -> Result<Table> {
    let ends = |c: &&ReadCell| c.row + c.row_span == piece.rows;
    let room_after = piece.cells.iter().filter(ends).map(|c| (c.col, c.room)).collect();
    let spare = piece.cells.iter().filter(ends).map(|c| (c.col, c.spare)).collect();
    let first_word = piece
        .cells
        .iter()
        .filter(|c| c.row == 0)
        .map(|c| (c.col, c.first_word))
        .collect();
    let cells: Vec<Cell> = piece
        .cells
        .into_iter()
        .map(|c| Cell {
            row: c.row,
            col: c.col,
            row_span: c.row_span,
            col_span: c.col_span,
            text: c.text,
            places: vec![PagePlace { page, bbox: c.place }],
        })
        .collect();
    let mut table = Table::filled(piece.rows, piece.cols, cells)
        .map_err(|e| Error::new(ErrorKind::Internal(format!("table grid: {e}"))).on_page(page))?;
    table.cut = Cut {
        top: cut.0,
        bottom: cut.1,
        open_bottom: piece.open_bottom,
        column_edges: piece.xs,
        room_after,
        first_word,
        spare,
    };
    Ok(table)
}
