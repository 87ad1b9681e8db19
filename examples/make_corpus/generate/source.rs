//! The form of a source file. See corpus/README.md.

use std::collections::BTreeMap;

/// One report.
pub struct Source {
    /// `title`, `org`, `region`, `year`, `kind`.
    pub head: BTreeMap<String, String>,
    pub layout: TextLayout,
    pub gbk: bool,
    pub blocks: Vec<Block>,
    /// Directives with the number of tables before them (1: about the first table).
    pub directives: Vec<Directive>,
}

#[derive(Clone, Copy)]
pub enum TextLayout {
    Cells,
    Pipes,
    Columns,
}

pub enum Block {
    Title(String),
    Heading(String),
    Paragraph(String),
    Table(Grid),
}

/// What the author says about the last table or the report: a word, arguments, and the lines below it.
pub struct Directive {
    pub word: String,
    pub arguments: BTreeMap<String, String>,
    /// Lines below it, each split at `|`.
    pub lines: Vec<Vec<String>>,
    /// Index of the table in `blocks`' tables.
    pub table: Option<usize>,
}

#[derive(Clone)]
pub struct Cell {
    pub row: usize,
    pub col: usize,
    pub row_span: usize,
    pub col_span: usize,
    pub text: String,
}

/// A table; each square knows its cell.
pub struct Grid {
    cells: Vec<Cell>,
    squares: Vec<Vec<usize>>,
}

impl Grid {
    pub fn rows(&self) -> usize {
        self.squares.len()
    }

    pub fn cols(&self) -> usize {
        self.squares[0].len()
    }

    pub fn at(&self, row: usize, col: usize) -> &Cell {
        &self.cells[self.squares[row][col]]
    }

    /// Distinct cells of a row, those merged from above included.
    pub fn row_cells(&self, row: usize) -> impl Iterator<Item = &Cell> {
        let mut indices = self.squares[row].clone();
        indices.dedup();
        indices.into_iter().map(|i| &self.cells[i])
    }

    /// Squares split by `|`: `^` goes on from above, `<` from the left, `\n` is a line break.
    fn parse(lines: &[&str]) -> Result<Grid, String> {
        let mut grid = Grid {
            cells: Vec::new(),
            squares: Vec::new(),
        };
        for (row, line) in lines.iter().enumerate() {
            let texts: Vec<&str> = line.split('|').map(|t| t.trim_matches([' ', '\t'])).collect();
            let mut squares: Vec<usize> = Vec::new();
            for (col, text) in texts.iter().enumerate() {
                let index = match *text {
                    "<" => *squares.last().ok_or(format!("`<` at the start of “{line}”"))?,
                    "^" => *grid
                        .squares
                        .last()
                        .and_then(|r| r.get(col))
                        .ok_or(format!("`^` under nothing: “{line}”"))?,
                    text => {
                        let text = text.replace("\\n", "\n");
                        grid.cells.push(Cell {
                            row,
                            col,
                            row_span: 1,
                            col_span: 1,
                            text,
                        });
                        grid.cells.len() - 1
                    }
                };
                let cell = &mut grid.cells[index];
                cell.row_span = row + 1 - cell.row;
                cell.col_span = cell.col_span.max(col + 1 - cell.col);
                squares.push(index);
            }
            if grid.squares.first().is_some_and(|first| first.len() != squares.len()) {
                return Err(format!(
                    "{} squares, not {}: “{line}”",
                    squares.len(),
                    grid.squares[0].len()
                ));
            }
            grid.squares.push(squares);
        }
        Ok(grid)
    }
}

/// Parses a source file.
pub fn parse(text: &str) -> Result<Source, String> {
    let mut lines = text.lines().peekable();
    let mut head = BTreeMap::new();
    for line in lines.by_ref().take_while(|line| !line.is_empty()) {
        let (key, value) = line.split_once(": ").ok_or(format!("no `key: value`: “{line}”"))?;
        head.insert(key.to_owned(), value.to_owned());
    }
    let layout = match head.get("txt").map(String::as_str) {
        Some("cells") | None => TextLayout::Cells,
        Some("pipes") => TextLayout::Pipes,
        Some("columns") => TextLayout::Columns,
        Some(other) => return Err(format!("txt: {other}")),
    };
    let mut source = Source {
        gbk: head.get("gbk").is_some_and(|v| v == "yes"),
        head,
        layout,
        blocks: Vec::new(),
        directives: Vec::new(),
    };
    let mut tables = 0;
    while let Some(line) = lines.next() {
        if line == "@table" {
            let rows: Vec<&str> = lines.by_ref().take_while(|line| *line != "@end").collect();
            source.blocks.push(Block::Table(Grid::parse(&rows)?));
            tables += 1;
        } else if let Some(directive) = line.strip_prefix('@') {
            let mut words = directive.split_whitespace();
            let word = words.next().unwrap_or_default().to_owned();
            let arguments = words
                .filter_map(|w| w.split_once('='))
                .map(|(k, v)| (k.to_owned(), v.to_owned()));
            let mut directive = Directive {
                word,
                arguments: arguments.collect(),
                lines: Vec::new(),
                table: usize::checked_sub(tables, 1),
            };
            while let Some(line) = lines.next_if(|line| line.starts_with("  ")) {
                directive
                    .lines
                    .push(line.split('|').map(|part| part.trim().to_owned()).collect());
            }
            source.directives.push(directive);
        } else if let Some(title) = line.strip_prefix("# ") {
            source.blocks.push(Block::Title(title.to_owned()));
        } else if let Some(heading) = line.strip_prefix("## ") {
            source.blocks.push(Block::Heading(heading.to_owned()));
        } else if !line.is_empty() {
            source.blocks.push(Block::Paragraph(line.to_owned()));
        }
    }
    Ok(source)
}
