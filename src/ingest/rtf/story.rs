//! One story (the body, a header, a note, a box): characters to paragraphs, cells and rows.

use crate::error::Result;
use crate::ingest::looks::{Level, Line};
use crate::ingest::nested::{Item, Nest};
use crate::ingest::ruled::{self, Merge, RuledCell, RuledRow};
use crate::model::{ParagraphKind, Source, Warning};

/// Tables in each other.
const LEVELS: usize = 64;
/// Cells that one row may define.
const COLUMNS: usize = 4_096;

/// How a row is divided, as `\trowd` and what follows it say.
#[derive(Debug, Clone, Default)]
struct Definition {
    left: i32,
    cells: Vec<CellDefinition>,
    /// Properties of the cell whose right edge is still to come.
    next: CellDefinition,
    is_header: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct CellDefinition {
    right: i32,
    vertical: Merge,
    joins_left: bool,
}

/// A table under construction.
#[derive(Debug, Default)]
struct OpenTable {
    rows: Vec<RuledRow>,
    row: Vec<RuledCell>,
    cell: RuledCell,
    /// Something stands in the open cell.
    started: bool,
}

#[derive(Debug)]
pub(super) struct Story {
    items: Vec<Item>,
    pub(super) warnings: Vec<Warning>,
    kind: ParagraphKind,
    text: String,
    line: Line,
    /// Number of the paragraph, as the program wrote it.
    number: String,
    heading: Option<u8>,
    /// Level of the table that the paragraph stands in; 0 outside.
    in_table: bool,
    level: usize,
    tables: Vec<OpenTable>,
    /// Definitions of rows: of tables in the text, of tables in cells.
    definitions: [Definition; 2],
    /// Texts of boxes that wait for the end of the paragraph around them.
    boxes: Vec<Item>,
    /// How many of them stood before the open cell.
    boxes_before: usize,
}

impl Story {
    pub(super) fn new(kind: ParagraphKind) -> Self {
        Story {
            items: Vec::new(),
            warnings: Vec::new(),
            kind,
            text: String::new(),
            line: Line::default(),
            number: String::new(),
            heading: None,
            in_table: false,
            level: 0,
            tables: Vec::new(),
            definitions: [Definition::default(), Definition::default()],
            boxes: Vec::new(),
            boxes_before: 0,
        }
    }

    pub(super) fn text(&mut self, text: &str, is_number: bool, level: Level) {
        match is_number {
            true => self.number.push_str(text),
            false => self.line.push(&mut self.text, text, level),
        }
    }

    /// A property of the paragraph or of the row.
    pub(super) fn property(&mut self, word: &str, number: Option<i32>, nested_row: bool) {
        let definition = &mut self.definitions[usize::from(nested_row)];
        let value = number.unwrap_or(0);
        match word {
            "pard" => {
                self.in_table = false;
                self.level = 0;
                self.heading = None;
            }
            "intbl" => self.in_table = number != Some(0),
            "itap" => self.level = usize::try_from(value).unwrap_or(0).min(LEVELS),
            "outlinelevel" => {
                self.heading = u8::try_from(value)
                    .ok()
                    .filter(|level| *level < 9)
                    .map(|level| level + 1)
            }
            "trowd" => *definition = Definition::default(),
            "trleft" => definition.left = value,
            "trhdr" => definition.is_header = true,
            "clmrg" => definition.next.joins_left = true,
            "clmgf" => definition.next.joins_left = false,
            "clvmgf" => definition.next.vertical = Merge::Restart,
            "clvmrg" => definition.next.vertical = Merge::Continue,
            "cellx" if definition.cells.len() < COLUMNS => {
                let mut cell = std::mem::take(&mut definition.next);
                cell.right = value;
                definition.cells.push(cell);
            }
            _ => {}
        }
    }

    fn paragraph_level(&self) -> usize {
        match (self.in_table, self.level) {
            (_, level @ 1..) => level,
            (true, 0) => 1,
            (false, 0) => 0,
        }
    }

    fn taken_text(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        self.line = Line::default();
        let number = std::mem::take(&mut self.number);
        let (text, number) = (text.trim(), number.trim());
        if number.is_empty() || number.chars().all(|c| matches!(c, '•' | '·' | '\u{FFFD}' | 'o' | '§')) {
            return text.to_owned();
        }
        // `1.` and `5亿元` must not become 1.5亿元.
        let open = number.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '．'));
        format!("{number}{}{text}", if open { " " } else { "" })
    }

    pub(super) fn end_paragraph(&mut self, nest: &mut Nest) -> Result<()> {
        let level = self.paragraph_level();
        self.close_below(level, nest)?;
        let text = self.taken_text();
        if level == 0 {
            if !text.is_empty() {
                let kind = match (self.kind, self.heading) {
                    (ParagraphKind::Body, Some(level)) => ParagraphKind::Heading(level),
                    (kind, _) => kind,
                };
                self.items.push(Item::Paragraph { text, kind });
            }
            self.items.append(&mut self.boxes);
        } else {
            self.open_to(level);
            self.add_to_cell(&text);
        }
        Ok(())
    }

    fn open_to(&mut self, level: usize) {
        while self.tables.len() < level {
            self.tables.push(OpenTable::default());
        }
    }

    fn add_to_cell(&mut self, text: &str) {
        if let Some(table) = self.tables.last_mut() {
            if table.started {
                table.cell.text.push('\n');
            }
            table.started = true;
            table.cell.text.push_str(text);
        }
    }

    pub(super) fn end_cell(&mut self, nested: bool, nest: &mut Nest) -> Result<()> {
        let level = if nested { self.level.max(2) } else { 1 };
        self.close_below(level, nest)?;
        self.open_to(level);
        let text = self.taken_text();
        if !text.is_empty() {
            self.add_to_cell(&text);
        }
        self.fill_with_boxes();
        if let Some(table) = self.tables.last_mut() {
            let cell = std::mem::take(&mut table.cell);
            table.row.push(cell);
            table.started = false;
        }
        Ok(())
    }

    /// What boxes in a cell say is the cell's text where it has no other: forms are filled in so.
    fn fill_with_boxes(&mut self) {
        let from = self.boxes_before.min(self.boxes.len());
        let is_text = |item: &Item| matches!(item, Item::Paragraph { .. });
        let blank = self
            .tables
            .last()
            .is_some_and(|table| table.cell.text.trim().is_empty() && table.cell.nested.is_empty());
        if blank && self.boxes[from..].iter().all(is_text) {
            for item in self.boxes.split_off(from) {
                if let Item::Paragraph { text, .. } = item {
                    self.add_to_cell(&text);
                }
            }
        }
        self.boxes_before = self.boxes.len();
    }

    /// Ends a row of the table in the text, or of one in a cell.
    pub(super) fn end_row(&mut self, nested: bool, nest: &mut Nest) -> Result<()> {
        let level = if nested { self.level.max(2) } else { 1 };
        self.close_below(level, nest)?;
        self.put_row(nested);
        Ok(())
    }

    fn put_row(&mut self, nested: bool) {
        let definition = &self.definitions[usize::from(nested)];
        let Some(table) = self.tables.last_mut() else { return };
        let mut cells = std::mem::take(&mut table.row);
        // Text behind the last cell's mark.
        if table.started || !table.cell.nested.is_empty() {
            cells.push(std::mem::take(&mut table.cell));
            table.started = false;
        }
        for (cell, defined) in cells.iter_mut().zip(&definition.cells) {
            cell.vertical = defined.vertical;
            cell.joins_left = defined.joins_left;
        }
        let mut edges = Vec::new();
        if !definition.cells.is_empty() {
            edges.push(definition.left);
            edges.extend(definition.cells.iter().map(|cell| cell.right));
        }
        table.rows.push(RuledRow {
            edges,
            cells,
            is_header: definition.is_header,
        });
    }

    /// Finishes the tables deeper than a level; each goes to the cell or text around it.
    fn close_below(&mut self, level: usize, nest: &mut Nest) -> Result<()> {
        while self.tables.len() > level {
            let Some(mut table) = self.tables.pop() else { break };
            if table.started || !table.row.is_empty() || !table.cell.nested.is_empty() {
                // A row without an end.
                self.tables.push(table);
                self.put_row(self.tables.len() > 1);
                let Some(whole) = self.tables.pop() else { break };
                table = whole;
            }
            let Some(ruled) = ruled::build(table.rows)? else {
                continue;
            };
            for (row, col, text) in ruled.hidden_texts {
                let source = Source {
                    row: Some(row),
                    col: Some(col),
                    text: Some(text),
                    ..Source::default()
                };
                let message = "合并单元格被遮盖的部分另有文字，Word 不显示，未读入";
                self.warnings.push(Warning::new("merged_cell_text", message, source));
            }
            let index = nest.add(ruled.table, ruled.nested);
            match self.tables.last_mut() {
                Some(around) => around.cell.nested.push(index),
                None => {
                    self.items.push(Item::Table(index));
                    self.items.append(&mut self.boxes);
                }
            }
        }
        Ok(())
    }

    /// Takes in the text of a box that is anchored here.
    pub(super) fn take_box(&mut self, mut story: Story) {
        self.boxes.extend(story.items());
    }

    /// Ends whatever is open.
    pub(super) fn close(&mut self, nest: &mut Nest) -> Result<()> {
        if !self.text.trim().is_empty() || !self.number.trim().is_empty() {
            self.end_paragraph(nest)?;
        }
        self.close_below(0, nest)?;
        self.items.append(&mut self.boxes);
        Ok(())
    }

    /// The finished pieces.
    pub(super) fn items(&mut self) -> Vec<Item> {
        std::mem::take(&mut self.items)
    }
}
