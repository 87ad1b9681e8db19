//! The nouns of the program. Nothing here reads, decides or prints.

pub mod check;
pub mod document;
pub mod exact;
pub mod fate;
pub mod geometry;
pub mod limits;
pub mod loose;
pub mod recognized;
pub mod report;
pub mod table;
pub mod vocabulary;

pub use check::Check;
pub use document::{Block, Document, Format, Paragraph, ParagraphKind, TextPlace};
pub use exact::Exact;
pub use fate::{Figures, ProseFigures, has_digit};
pub use geometry::{BBox, PagePlace};
pub use limits::{Limit, Limits};
pub use loose::{Loose, Orphan, RawCell, RawRow};
pub use recognized::{Figure, Line, RecognizedTable, Section, SectionKind, Side};
pub use report::{
    Amount, BudgetLine, CellRecord, Column, DocumentInfo, Indicator, OtherAmount, Project, Report, ReportInfo, SCHEMA,
    Score, Source, Statement, TableRecord, Value, Warning, lowest_heading,
};
pub use table::{Cell, Cut, Table, TilingError};
pub use vocabulary::{
    CheckStatus, ColumnRole, ComparedWith, Direction, Fate, FigureKind, Measure, ReportKind, RowRole, ScoreKind,
    Severity, StatementKind, TableKind, ValueKind,
};
