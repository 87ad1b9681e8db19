//! HTML pages, as browsers read them: web pages, and what Word, WPS and Excel save as HTML, often under the names .doc and
//! .xls.
//!
//! ```text
//! bytes ─charset→ text ─parse→ tree ─(this file)→ flows of paragraphs, grids of cells ─→ blocks
//! ```
//!
//! What is not shown is not read; deleted text of tracked changes is left out. Tables inside cells become blocks of their
//! own, as in Word files; a table that only arranges the page gives way to what stands in it.

mod attributes;
mod charset;
mod css;
mod fields;
mod flow;
mod grid;
mod parse;
mod style;

use super::looks::Unseen;
use super::nested::{Item, Nest};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Cell, Document, Format, Limit, Limits, ParagraphKind, Source, Table, Warning};
use css::{Rules, Sight};
use flow::Flow;
use grid::{Grid, Placed};
use scraper::node::{Element, Node};

/// Squares of the grids of all tables.
const SQUARES: usize = 8_000_000;

/// Reads a page.
///
/// # Errors
/// Nothing to read in it, bytes that no encoding decodes without loss, or a limit.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document> {
    read_part(bytes, None, Format::Html, limits)
}

/// Reads a page out of an envelope that states its encoding.
pub(super) fn read_part(bytes: &[u8], charset: Option<&str>, format: Format, limits: &Limits) -> Result<Document> {
    let (text, unsure) = charset::decode(bytes, charset)?;
    let html = parse::parse(&text, limits)?;
    drop(text);
    let mut reader = Reader::new(format, limits);
    reader.document.warnings.extend(unsure);
    reader.run(&html)?;
    reader.finish()
}

/// What was done when an element opened, to be undone at its end.
#[derive(Debug, Clone, PartialEq)]
enum Opened {
    Inline,
    Block,
    Heading(ParagraphKind),
    /// Before it, the kind of paragraph was this.
    Kind(ParagraphKind),
    Furniture,
    ListNumber,
    List,
    Pre,
    /// A field of several lines.
    Area,
    Table,
    Group,
    Row,
    Cell,
    Caption,
}

/// An open list.
struct List {
    ordered: bool,
    kind: String,
    next: i64,
}

/// Content of a cell.
struct CellContent {
    items: Vec<Item>,
}

/// An open table.
struct OpenTable {
    grid: Grid<CellContent>,
    has_border: bool,
    /// Rows at the top that a `thead` holds.
    head_rows: usize,
    rows: usize,
    in_head: bool,
    lists: usize,
}

struct Reader<'l> {
    limits: &'l Limits,
    document: Document,
    rules: Rules,
    /// How text is seen in the open elements.
    sights: Vec<Sight>,
    unseen: Unseen,
    opened: Vec<Opened>,
    /// The body, then the cell or caption that is open in each table.
    flows: Vec<Flow>,
    open: Vec<OpenTable>,
    tables: Nest,
    lists: Vec<List>,
    furniture: Vec<Flow>,
    pre: usize,
    cells: usize,
    squares: usize,
    pictures: usize,
    frames: bool,
}

impl<'l> Reader<'l> {
    fn new(format: Format, limits: &'l Limits) -> Self {
        Reader {
            limits,
            document: Document::new(format),
            rules: Rules::default(),
            sights: Vec::new(),
            unseen: Unseen::default(),
            opened: Vec::new(),
            flows: vec![Flow::default()],
            open: Vec::new(),
            tables: Nest::default(),
            lists: Vec::new(),
            furniture: Vec::new(),
            pre: 0,
            cells: 0,
            squares: 0,
            pictures: 0,
            frames: false,
        }
    }

    /// Walks the tree from edge to edge; no recursion, whatever its depth.
    fn run(&mut self, html: &scraper::Html) -> Result<()> {
        use ego_tree::iter::Edge;
        for node in html.tree.nodes() {
            let Some(element) = node.value().as_element() else {
                continue;
            };
            if element.name() == "link" && element.attr("rel").is_some_and(|rel| rel.contains("stylesheet")) {
                self.rules.link();
            }
            if element.name() == "style" {
                let sheet: String = node
                    .children()
                    .filter_map(|c| c.value().as_text().map(|t| t.to_string()))
                    .collect();
                self.rules.read(&sheet);
            }
        }
        self.sights.push(Sight::page(&self.rules));
        let mut skipped = None;
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(_) if skipped.is_some() => {}
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => self.text(text),
                    Node::Element(element) => {
                        let css = self.rules.css(element);
                        if style::is_hidden(element, &css) {
                            skipped = Some(node.id());
                        } else if element.name() == "select" {
                            self.inside(element, css);
                            fields::chosen(node).iter().for_each(|text| self.text(text));
                            self.sights.pop();
                            skipped = Some(node.id());
                        } else {
                            self.inside(element, css);
                            self.enter(element);
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
                Edge::Close(_) if skipped.is_some() => {}
                Edge::Close(node) => {
                    if let Node::Element(element) = node.value() {
                        self.sights.pop();
                        self.leave(element)?;
                    }
                }
            }
        }
        self.end_paragraph();
        Ok(())
    }

    fn inside(&mut self, element: &Element, css: css::Css) {
        let around = self.sights.last().copied();
        self.sights
            .push(around.unwrap_or_else(|| Sight::page(&self.rules)).inside(element, css));
    }

    /// Text, as it is seen here.
    fn text(&mut self, text: &str) {
        let look = self.sights.last().map(|sight| sight.look()).unwrap_or_default();
        if let Some(why) = look.unread(true) {
            self.unseen.note(why, text);
            return;
        }
        if !text.trim().is_empty() {
            self.unseen.seen();
        }
        let as_is = self.pre > 0;
        self.flow().text(text, as_is, look.level());
    }

    fn flow(&mut self) -> &mut Flow {
        if self.flows.is_empty() {
            self.flows.push(Flow::default());
        }
        let last = self.flows.len() - 1;
        &mut self.flows[last]
    }

    fn end_paragraph(&mut self) {
        self.flow().end_paragraph();
    }

    fn enter(&mut self, element: &Element) {
        let name = element.name();
        let opened = match name {
            "br" => {
                self.flow().line();
                Opened::Inline
            }
            "img" => {
                self.pictures += 1;
                Opened::Inline
            }
            "frame" => {
                self.frames = true;
                Opened::Inline
            }
            "input" => {
                if let Some(text) = fields::shown(element) {
                    self.text(text);
                }
                Opened::Inline
            }
            "textarea" => {
                self.pre += 1;
                Opened::Area
            }
            "table" => {
                self.end_paragraph();
                self.open.push(OpenTable {
                    grid: Grid::default(),
                    has_border: style::has_border(element),
                    head_rows: 0,
                    rows: 0,
                    in_head: false,
                    lists: self.lists.len(),
                });
                Opened::Table
            }
            "thead" | "tbody" | "tfoot" => {
                if let Some(table) = self.open.last_mut() {
                    table.grid.start_group(name == "tfoot");
                    table.in_head = name == "thead" && table.head_rows == table.rows;
                }
                Opened::Group
            }
            "tr" => {
                if let Some(table) = self.open.last_mut() {
                    table.grid.start_row();
                }
                Opened::Row
            }
            "td" | "th" if !self.open.is_empty() => {
                let mut flow = Flow::default();
                flow.kind = self.flow().kind;
                self.flows.push(flow);
                Opened::Cell
            }
            "caption" if !self.open.is_empty() => {
                self.flows.push(Flow::default());
                Opened::Caption
            }
            "ol" | "ul" | "dir" | "menu" => {
                self.end_paragraph();
                self.lists.push(List {
                    ordered: name == "ol",
                    kind: style::list_kind(element),
                    next: element.attr("start").and_then(|n| n.trim().parse().ok()).unwrap_or(1),
                });
                Opened::List
            }
            "li" => {
                self.end_paragraph();
                self.number_item(element);
                Opened::Block
            }
            "pre" | "listing" | "xmp" | "plaintext" => {
                self.end_paragraph();
                self.pre += 1;
                Opened::Pre
            }
            _ if style::is_furniture(element) => {
                self.end_paragraph();
                self.flows.push(Flow::default());
                Opened::Furniture
            }
            _ if style::is_note(element) => {
                self.end_paragraph();
                let before = self.flow().kind;
                self.flow().kind = ParagraphKind::Note;
                Opened::Kind(before)
            }
            _ if style::is_list_number(element) => Opened::ListNumber,
            _ if style::is_block(name) => {
                self.end_paragraph();
                match style::heading(element) {
                    Some(level) => {
                        let before = self.flow().kind;
                        self.flow().kind = ParagraphKind::Heading(level);
                        Opened::Heading(before)
                    }
                    None => Opened::Block,
                }
            }
            _ => Opened::Inline,
        };
        self.opened.push(opened);
    }

    fn number_item(&mut self, element: &Element) {
        let Some(list) = self.lists.last_mut().filter(|list| list.ordered) else {
            return;
        };
        if let Some(value) = element.attr("value").and_then(|n| n.trim().parse().ok()) {
            list.next = value;
        }
        let label = style::ordinal(list.next, &list.kind);
        list.next = list.next.saturating_add(1);
        let hidden_number = list.kind == "none";
        if !hidden_number {
            self.flow().label(label);
        }
    }

    fn leave(&mut self, element: &Element) -> Result<()> {
        match self.opened.pop() {
            None | Some(Opened::Inline) => {}
            Some(Opened::Block) => self.end_paragraph(),
            Some(Opened::Heading(before) | Opened::Kind(before)) => {
                self.end_paragraph();
                self.flow().kind = before;
            }
            Some(Opened::ListNumber) => self.flow().trim_padding(),
            Some(Opened::List) => {
                self.end_paragraph();
                self.lists.pop();
            }
            Some(Opened::Pre) => {
                self.end_paragraph();
                self.pre -= 1;
            }
            Some(Opened::Area) => self.pre -= 1,
            Some(Opened::Furniture) => {
                self.end_paragraph();
                let flow = self.flows.pop();
                self.furniture.extend(flow);
            }
            Some(Opened::Caption) => {
                self.end_paragraph();
                // What stands above the table, as a paragraph there.
                if let Some(caption) = self.flows.pop() {
                    self.flow().items.extend(caption.items);
                }
            }
            Some(Opened::Group) => {
                if let Some(table) = self.open.last_mut() {
                    table.grid.end_group();
                    table.in_head = false;
                }
            }
            Some(Opened::Row) => {
                if let Some(table) = self.open.last_mut() {
                    table.grid.end_row();
                    table.rows += 1;
                    if table.in_head {
                        table.head_rows = table.rows;
                    }
                }
            }
            Some(Opened::Cell) => self.end_cell(element)?,
            Some(Opened::Table) => self.end_table()?,
        }
        Ok(())
    }

    fn end_cell(&mut self, element: &Element) -> Result<()> {
        self.end_paragraph();
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(self.limits.over(Limit::Cells, "the number of cells"));
        }
        let Some(flow) = self.flows.pop() else { return Ok(()) };
        if let Some(table) = self.open.last_mut() {
            let content = CellContent { items: flow.items };
            table
                .grid
                .cell(element.attr("rowspan"), element.attr("colspan"), content)?;
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<()> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        self.lists.truncate(open.lists);
        let (rows, cols, cells) = open.grid.finish();
        if cells.is_empty() {
            return Ok(());
        }
        if only_arranges(&cells, open.has_border) {
            let items = cells.into_iter().flat_map(|cell| cell.content.items);
            self.flow().items.extend(items);
            return Ok(());
        }
        self.squares = self.squares.saturating_add(rows.saturating_mul(cols));
        if self.squares > SQUARES {
            return Err(Error::limit("the squares of the tables", SQUARES.to_string()));
        }
        let mut nested = Vec::new();
        let cells = cells.into_iter().map(|placed| {
            let mut text = String::new();
            for item in placed.content.items {
                match item {
                    Item::Paragraph { text: paragraph, .. } => {
                        if !text.is_empty() {
                            text.push('\n');
                        }
                        text.push_str(&paragraph);
                    }
                    Item::Table(table) => nested.push((table, placed.row, placed.col)),
                }
            }
            Cell::new(placed.row, placed.col, text).spanning(placed.row_span, placed.col_span)
        });
        let cells = cells.collect();
        let mut table = Table::filled(rows, cols, cells)
            .map_err(|e| Error::limit(format!("a table ({e})"), format!("{} squares", Table::MAX_SQUARES)))?;
        // Rows that only continue others were dropped, so that a head may seem longer than the table.
        table.marked_header_rows = if open.head_rows < rows { open.head_rows } else { 0 };
        let index = self.tables.add(table, nested);
        self.flow().items.push(Item::Table(index));
        Ok(())
    }

    fn finish(mut self) -> Result<Document> {
        let body: Vec<Item> = self.flows.drain(..).flat_map(|flow| flow.items).collect();
        let furniture: Vec<Item> = self.furniture.drain(..).flat_map(|flow| flow.items).collect();
        self.document.blocks = self.tables.blocks(body);
        self.document.furniture = self.tables.blocks(furniture);
        self.document.warnings.extend(self.unseen.warnings());
        if let Some(error) = self.unseen.error().filter(|_| self.document.blocks.is_empty()) {
            return Err(error);
        }
        if self.document.blocks.is_empty() {
            return Err(match (self.frames, self.pictures) {
                (true, _) => Error::unsupported(
                    "an HTML page of frames, whose content is in other files",
                    "open it in Word or Excel and save it as .docx or .xlsx",
                ),
                (false, 0) => Error::new(ErrorKind::Empty),
                (false, n) => Error::new(ErrorKind::Scanned(format!(
                    "the page holds {n} pictures and nothing else"
                ))),
            });
        }
        if self.pictures > 0 {
            let message = format!("有{}幅图片未读，图中如有文字或表格则不在结果中", self.pictures);
            let warning = Warning::new("picture_not_read", message, Source::default());
            self.document.warnings.push(warning);
        }
        Ok(self.document)
    }
}

/// Whether a table is no table of the report but the frame of the page: it holds other tables, or several paragraphs
/// without any line around them, and no row has two cells with something in them.
fn only_arranges(cells: &[Placed<CellContent>], has_border: bool) -> bool {
    let mut filled = cells.iter().filter(|cell| !cell.content.items.is_empty());
    let tables = |cell: &Placed<CellContent>| {
        cell.content
            .items
            .iter()
            .filter(|i| matches!(i, Item::Table(_)))
            .count()
    };
    let holds_tables = cells.iter().any(|cell| tables(cell) > 0);
    if !holds_tables {
        return match (filled.next(), filled.next()) {
            (Some(only), None) => !has_border && only.content.items.len() > 1,
            _ => false,
        };
    }
    let mut end = 0;
    filled.all(|cell| {
        let below = cell.row >= end;
        end = cell.row + cell.row_span;
        below
    })
}
