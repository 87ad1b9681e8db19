//! What a table was recognized to be: sections of rows, each with its own column roles.

use super::report::Column;
use super::table::{Cell, Table};
use super::vocabulary::{ColumnRole, Fate, FigureKind, RowRole, TableKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// A table of the document with its meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct RecognizedTable {
    /// Ordinal of the block.
    pub block: usize,
    /// `t1`, `t2` … in reading order.
    pub id: String,
    /// What the table is.
    pub kind: TableKind,
    /// Caption or merged title row.
    pub title: Option<String>,
    /// Unit line of the table (万元), from caption, merged row or heading.
    pub unit: Option<String>,
    /// The units of its unit line where that states two of money (万元、元), so that neither is known to be a figure's.
    pub unclear: Option<String>,
    /// Whether the unit line states % besides a unit of money.
    pub percent: bool,
    /// The unit of its prices (元/人·天), where it is a table of prices; empty where no unit is stated.
    pub price: Option<String>,
    /// Parts of the table, in row order, without overlap.
    pub sections: Vec<Section>,
    /// Rows with figures that no section took.
    pub unread: Vec<usize>,
    /// What recognition decided about cells (first row and column) that hold no fact: a fate other than placed and other.
    pub told: BTreeMap<(usize, usize), Fate>,
    /// Headings of figures that no word fits, in order.
    pub unknown: Vec<String>,
    /// Headings that no word fits, whatever stands below them: for `heshu show`.
    pub unfitted: Vec<String>,
    /// For kind `other`: what was looked for and missing.
    pub reason: Option<String>,
    /// Each decision with its evidence, for `heshu show`.
    pub evidence: Vec<String>,
}

/// What a section of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// Labels and values: 项目名称, 主管部门 …
    Head,
    /// Money: funding rows, budget lines, allocations.
    Money,
    /// 年度总体目标.
    Goals,
    /// Projects, one a row, with goals, scores or grades and no money.
    Projects,
    /// Indicators.
    Indicators,
    /// Names side by side in the header's rows, and below them their points, a row of values each.
    Sideways,
    /// 总分, 等次 and what follows.
    Closing,
}

/// A run of rows that share column roles.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// What it holds.
    pub kind: SectionKind,
    /// Rows of the section's header; empty where it has none.
    pub header: Range<usize>,
    /// Rows that hold facts, but for those in `skipped`.
    pub body: Range<usize>,
    /// Rows within the body that hold none, in order: repeated headings, numbers of columns.
    pub skipped: Vec<usize>,
    /// Roles of the grid columns.
    pub columns: Vec<Column>,
    /// Which columns name the rows and which hold their figures: one entry, or two where tables stand side by side.
    pub sides: Vec<Side>,
    /// The unit of amounts that a cell beside or above them states (项目资金（万元） beside the block), and no heading of theirs.
    pub unit: Option<String>,
    /// Budget lines of a money section, in row order; a row of a side-by-side table gives one on each side.
    pub lines: Vec<Line>,
}

/// Columns that belong together: what names a row, and the figures of the row. Positions count in [`Section::columns`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// The column that names the rows.
    pub name: Option<usize>,
    /// Columns of words that group the rows (一级项目), from left to right; where the name's cell is empty, the last of
    /// them that is not names the row.
    pub groups: Vec<usize>,
    /// Columns of codes.
    pub codes: Vec<usize>,
    /// Columns of figures, with what they hold.
    pub figures: Vec<(usize, FigureKind)>,
}

/// A budget line: a name and the figures that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Grid row.
    pub row: usize,
    /// Grid column of the name's cell; `None` where the row has no name.
    pub name: Option<usize>,
    /// The name, where it is no cell's whole text: part of a label (转移支付预算数) or of the headings above the figures.
    pub label: Option<String>,
    /// Grid column of the cell that names the group (一级项目), where there is one besides the name.
    pub group: Option<usize>,
    /// Whether other rows of the table have names in a column of their own.
    pub among_named: bool,
    /// What the line is among its neighbours.
    pub role: RowRole,
    /// Figures with their headings.
    pub figures: Vec<Figure>,
}

/// Where a figure of a line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Grid row of the cell.
    pub row: usize,
    /// Grid column of the cell.
    pub col: usize,
    /// Role of the heading; [`ColumnRole::Other`] for figures under a heading that no measure names.
    pub role: ColumnRole,
    /// Heading as the report has it.
    pub header: String,
    /// What the figure counts or measures.
    pub kind: FigureKind,
}

impl RecognizedTable {
    /// The section whose body a grid row belongs to.
    pub fn section_of(&self, row: usize) -> Option<&Section> {
        let after = self.sections.partition_point(|s| s.body.start <= row);
        self.sections[..after].last().filter(|s| s.body.contains(&row))
    }
}

impl Section {
    /// Grid columns with a role, from left to right.
    pub fn columns_of(&self, role: ColumnRole) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(move |c| c.role == role)
    }

    /// Grid rows that hold facts, from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.body.clone().filter(|row| self.skipped.binary_search(row).is_err())
    }

    /// The cell of a row that begins under the heading at `position`; it may reach down from a row above.
    pub fn under<'t>(&self, table: &'t Table, row: usize, position: usize) -> Option<&'t Cell> {
        let from = self.columns.get(position)?.index;
        let next = self.columns.get(position + 1).map_or(table.cols(), |c| c.index);
        (from..next)
            .filter_map(|col| table.at(row, col))
            .find(|c| (from..next).contains(&c.col))
    }

    /// As [`Section::under`], for cells of the body only.
    pub fn body_cell<'t>(&self, table: &'t Table, row: usize, position: usize) -> Option<&'t Cell> {
        self.under(table, row, position).filter(|c| c.row >= self.body.start)
    }
}
