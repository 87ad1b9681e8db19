//! From what a reader could not part by itself to paragraphs and tables: cells whose borders are not certain, in a grid.
//!
//! ```text
//! lines ─┬ drawn    cells in a frame of characters, with their spans
//!        ├ delimited cells that commas, semicolons, quotes part (`certain` finds both first)
//!        ├ bars     cells that bars end or part, covered ones left out
//!        ├ pipes    Markdown tables
//!        ├ dump     one cell a line, led by a tab
//!        ├ aligned  columns parted by tabs or aligned by blanks
//!        ├ solve    one cell or one row a line, whatever is shorter to tell
//!        ├ flat     one row a line, words placed by the heading
//!        ├ stream   one cell a line (`cell_lines` where the text parts cells), or one line for all (`oneline`)
//!        └ paragraphs
//! ```

mod align;
mod aligned;
mod bar_rows;
mod bars;
mod cell_headings;
mod cell_lines;
mod certain;
mod delimited;
mod delimited_row;
mod drawn;
mod drawn_grid;
mod drawn_line;
mod drawn_rows;
mod dump;
mod flat;
mod heading_tree;
mod layout;
mod oneline;
mod pipes;
mod place;
mod repeated;
mod row_words;
mod short;
mod short_heads;
mod short_rows;
mod solve;
mod stream;
mod sums;

use crate::model::loose::Line;
use crate::model::{Block, Document, Loose, Orphan, Paragraph, RawRow, Source, Table, TilingError, Warning};
use crate::pattern::Patterns;
use crate::pattern::wording::Words;
use crate::text::page::is_page_line;
use flat::Flat;

/// Lays what the reader left loose: it becomes paragraphs and tables behind the document's blocks.
pub fn lay(mut document: Document, patterns: &Patterns) -> Document {
    let loose = std::mem::take(&mut document.loose);
    if loose.is_empty() {
        return document;
    }
    let words = Words::new(patterns);
    for part in loose {
        document = match part {
            Loose::Lines(lines) => text(lines, &words, document),
        };
    }
    document
}

/// Reads lines: tables whose cells the text itself ends, and what stands between them.
fn text(lines: Vec<Line<'_>>, words: &Words<'_>, mut document: Document) -> Document {
    let tables = certain::tables(&lines, words);
    let mut rest = lines.into_iter();
    let mut at = 0;
    for table in tables {
        let before: Vec<Line<'_>> = rest.by_ref().take(table.start - at).collect();
        document = between(before, words, document);
        rest.by_ref().take(table.next - table.start).for_each(drop);
        at = table.next;
        let mut reader = Reader::new(&[], words, document);
        reader.certain(table);
        document = reader.document;
    }
    between(rest.collect(), words, document)
}

/// Reads the lines between two tables whose cells are certain.
fn between(mut lines: Vec<Line<'_>>, words: &Words<'_>, mut document: Document) -> Document {
    if lines.is_empty() {
        return document;
    }
    // Numbers of pages are no rows of the tables that they part.
    for page in lines.extract_if(.., |line| is_page_line(&line.text)) {
        let number = Paragraph::body(page.trimmed());
        document.furniture.push(Block::Paragraph(number));
    }
    let lines = oneline::part(cell_lines::read(lines, words), words);
    let mut reader = Reader::new(&lines, words, document);
    reader.run();
    reader.document
}

/// Whether a piece has known headings that are not those of the table before it.
fn headed_otherwise(before: &Table, piece: &Table, words: &Words<'_>) -> bool {
    fn texts(table: &Table, row: usize) -> impl Iterator<Item = &str> {
        table.row_cells(row).map(|cell| cell.text.as_str())
    }
    words.header(texts(piece, 0)).is_some() && !(0..before.rows()).any(|row| texts(before, row).eq(texts(piece, 0)))
}

/// A line of a sheet written as .csv whose first cell alone is filled: 编制单位：某局,,, is 编制单位：某局. One comma may be
/// written.
fn without_blank_cells(text: &str) -> &str {
    let bare = text.trim_end_matches(',');
    let alone = !bare.contains([',', '"']) && text.len() > bare.len() + 1;
    if alone { bare } else { text }
}

struct Reader<'a> {
    lines: &'a [Line<'a>],
    words: &'a Words<'a>,
    document: Document,
    /// Tables of tabs refused inside the present stretch, its end, and the line before which there are none.
    refused: usize,
    refused_before: usize,
    no_tabs_before: usize,
    stretches: solve::stretch::Stretches,
    rows: solve::lines::Rows,
    /// One past the last line of the paragraph that is the last block.
    paragraph_to: usize,
}

/// How often a table is looked for inside a stretch of tabbed lines that was refused as a whole.
const TRIES: usize = 20;

/// Lines above a table of tabs that may be its captions.
const CAPTIONS: usize = 4;

impl<'a> Reader<'a> {
    fn new(lines: &'a [Line<'a>], words: &'a Words<'a>, document: Document) -> Self {
        Reader {
            lines,
            words,
            document,
            refused: 0,
            refused_before: 0,
            no_tabs_before: 0,
            stretches: solve::stretch::Stretches::default(),
            rows: solve::lines::Rows::default(),
            paragraph_to: 0,
        }
    }

    /// Takes in a table whose cells are certain.
    fn certain(&mut self, table: certain::Found) {
        let titles = table
            .before
            .iter()
            .map(|text| Block::Paragraph(Paragraph::body(&**text)));
        self.document.blocks.extend(titles);
        self.table(&table.rows);
        self.unplaced(table.orphans);
    }

    fn run(&mut self) {
        let mut at = 0;
        // The block before is a Markdown piece, and only blank lines followed it.
        let mut piece_before = false;
        while at < self.lines.len() {
            let line = &self.lines[at];
            if line.blank && !line.starts_cell() {
                at += 1;
            } else if let Some(found) = bars::read(self.lines, at, self.words) {
                self.table(&found.rows);
                self.unplaced(found.orphans);
                at = found.next;
                piece_before = false;
            } else if pipes::starts(self.lines, at) {
                let piece = pipes::read(self.lines, at);
                match piece.placed(self.words) {
                    Some((rows, orphans)) => {
                        self.table(&rows);
                        self.unplaced(orphans);
                    }
                    None => match piece.table() {
                        Ok(table) => self.piece(repeated::merged(table, self.words), piece_before),
                        Err(error) => self.untabled(at, piece.next, &error),
                    },
                }
                piece_before = true;
                at = piece.next;
            } else if let Some(found) = self.find(at) {
                self.table(&found.rows);
                self.unplaced(found.orphans);
                at = found.next;
                piece_before = false;
            } else {
                self.paragraph(at);
                at += 1;
                piece_before &= line.blank;
            }
        }
    }

    /// The table that starts at a line, in the first shape that fits.
    fn find(&mut self, at: usize) -> Option<Flat> {
        let tabs = if at < self.no_tabs_before {
            None
        } else if self.lines[at].has_inner_tab() {
            Some(aligned::tabbed(self.lines, at, self.words))
        } else if self.lines[at].starts_cell() {
            Some(dump::read(self.lines, at, self.words))
        } else {
            None
        };
        match tabs {
            Some(Ok(found)) => return Some(found),
            Some(Err(end)) => {
                self.refused = if at < self.refused_before { self.refused + 1 } else { 1 };
                self.refused_before = end;
                // Long stretches of indented prose are not searched again from each of their lines.
                if self.refused > TRIES {
                    self.no_tabs_before = end;
                }
            }
            None => {}
        }
        let (lines, words) = (self.lines, self.words);
        if self.stands_above_tabs(at) {
            return None;
        }
        aligned::read(lines, at, words)
            .or_else(|| self.of_lines(at))
            .or_else(|| flat::read(lines, at, words))
            .or_else(|| stream::read(lines, at, words))
    }

    /// Whether a line without cells stands above a table whose cells tabs part: its title, its office, its unit are no row of
    /// another shape.
    fn stands_above_tabs(&self, at: usize) -> bool {
        let below = self.lines[at..].iter().take(CAPTIONS).position(Line::has_inner_tab);
        let few = self.lines[at].trimmed().split_whitespace().take(3).count() < 3;
        few && below.is_some_and(|below| below > 0 && aligned::tabbed(self.lines, at + below, self.words).is_ok())
    }

    /// The table of lines that are a cell each; titles before it become paragraphs.
    fn of_lines(&mut self, at: usize) -> Option<Flat> {
        let cells = self.stretches.read(self.lines, at, self.words);
        let found = cells.or_else(|| self.rows.read(self.lines, at, self.words))?;
        (at..found.start).for_each(|line| self.paragraph(line));
        Some(found.table)
    }

    fn paragraph(&mut self, at: usize) {
        let text = without_blank_cells(self.lines[at].trimmed());
        if text.is_empty() {
            return;
        }
        match self.document.blocks.last_mut() {
            Some(Block::Paragraph(before)) if self.lines[at].part && self.paragraph_to == at => {
                before.text.push(' ');
                before.text.push_str(text);
            }
            _ => self.document.blocks.push(Block::Paragraph(Paragraph::body(text))),
        }
        self.paragraph_to = at + 1;
    }

    /// Takes in a Markdown piece; pieces with only blank lines between look cut by a page.
    fn piece(&mut self, mut table: Table, follows_piece: bool) {
        if follows_piece
            && let Some(Block::Table(before)) = self.document.blocks.last_mut()
            && before.cols() == table.cols()
            && !headed_otherwise(before, &table, self.words)
        {
            before.cut.bottom = true;
            table.cut.top = true;
        }
        self.document.blocks.push(Block::Table(table));
    }

    fn table(&mut self, rows: &[RawRow]) {
        match layout::table(rows, self.words) {
            Ok(table) => {
                let table = repeated::merged(table, self.words);
                self.document.blocks.push(Block::Table(table));
            }
            Err(error) => {
                self.warn("table_refused", format!("表格未能成形：{error}；其单元格按段落保留"));
                for cell in rows.iter().flatten().filter(|cell| !cell.text.is_empty()) {
                    self.document
                        .blocks
                        .push(Block::Paragraph(Paragraph::body(&*cell.text)));
                }
            }
        }
    }

    /// Lines of a table that could not be placed: paragraphs behind it, with a warning where they hold figures.
    fn unplaced(&mut self, orphans: Vec<Orphan>) {
        for orphan in orphans {
            if orphan.figures {
                let text = &orphan.text;
                self.warn(
                    "ambiguous_row",
                    format!("表格行“{text}”各项所属栏目不能唯一确定，未作为表格行读取"),
                );
            }
            self.document
                .blocks
                .push(Block::Paragraph(Paragraph::body(orphan.text)));
        }
    }

    fn untabled(&mut self, start: usize, end: usize, error: &TilingError) {
        self.warn("table_refused", format!("表格未能成形：{error}；其内容按段落保留"));
        for at in start..end {
            self.paragraph(at);
        }
    }

    fn warn(&mut self, code: &str, message: String) {
        let source = Source {
            block: Some(self.document.blocks.len()),
            ..Source::default()
        };
        self.document.warnings.push(Warning::new(code, message, source));
    }
}
