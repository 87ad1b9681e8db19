//! From recognized tables and prose to the record.

pub mod statement;

use crate::model::{Document, DocumentInfo, RecognizedTable, Report, ReportInfo, ReportKind, SCHEMA};
use crate::pattern::Patterns;

/// Builds the record of a document, without checks.
pub fn assemble(document: &Document, _tables: &[RecognizedTable], info: DocumentInfo, patterns: &Patterns) -> Report {
    Report {
        schema: SCHEMA.to_owned(),
        document: info,
        report: ReportInfo {
            kind: ReportKind::Unknown,
            title: None,
            organization: None,
            region: None,
            fiscal_year: None,
            date: None,
        },
        projects: Vec::new(),
        tables: Vec::new(),
        budgets: Vec::new(),
        indicators: Vec::new(),
        scores: Vec::new(),
        statements: statement::statements(document, patterns),
        checks: Vec::new(),
        warnings: document.warnings.clone(),
    }
}
