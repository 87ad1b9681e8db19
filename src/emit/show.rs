//! A document as read and as understood, drawn for a terminal: the answer to "why is this figure here, or not?"

mod draw;

use super::{audit, width};
use crate::model::{
    Block, Document, Indicator, OtherAmount, Paragraph, ParagraphKind, RecognizedTable, Report, Score, SectionKind,
    Statement, Value,
};
use std::fmt::{self, Write};

pub use draw::table;

/// Draws a document block by block: paragraphs with the figures found in them, tables with the evidence of their
/// recognition and the facts taken from them, then what concerns the report as a whole.
///
/// `columns` is the width to draw for.
///
/// # Errors
/// Those of the sink.
pub fn show(
    out: &mut impl Write,
    document: &Document,
    tables: &[RecognizedTable],
    report: &Report,
    columns: usize,
) -> fmt::Result {
    head(out, report)?;
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(p) => {
                let inside = report.statements.iter().filter(|s| s.source.block == Some(index));
                paragraph(out, index, p, inside, columns)?;
            }
            Block::Table(t) => {
                let place = t.cells().iter().find_map(|c| c.places.first());
                let page = place.map(|p| format!(", page {}", p.page)).unwrap_or_default();
                write!(out, "\n[{index}] table, {} rows × {} columns{page}", t.rows(), t.cols())?;
                if let Some((block, row, col)) = t.parent {
                    write!(out, ", inside the cell at row {row}, column {col} of block {block}")?;
                }
                writeln!(out)?;
                table(out, t, columns)?;
                match tables.iter().find(|r| r.block == index) {
                    Some(recognized) => {
                        recognition(out, recognized)?;
                        facts(out, &recognized.id, report, columns)?;
                    }
                    None => writeln!(out, "  not looked at")?,
                }
            }
        }
    }
    furniture(out, document, columns)?;
    tail(out, report, columns)
}

fn head(out: &mut impl Write, report: &Report) -> fmt::Result {
    let d = &report.document;
    let pages = d.pages.map(|n| format!(", {n} pages")).unwrap_or_default();
    writeln!(
        out,
        "{}  {}, {} bytes{pages}, sha256 {}",
        d.path,
        d.format.name(),
        d.bytes,
        d.sha256
    )?;
    let r = &report.report;
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    writeln!(out, "kind {}", r.kind.name())?;
    writeln!(out, "title {}", text(&r.title))?;
    let year = r.fiscal_year.map_or_else(|| "–".to_owned(), |y| y.to_string());
    writeln!(
        out,
        "organization {}  region {}  fiscal year {year}  date {}",
        text(&r.organization),
        text(&r.region),
        text(&r.date)
    )
}

fn paragraph<'a>(
    out: &mut impl Write,
    index: usize,
    paragraph: &Paragraph,
    statements: impl Iterator<Item = &'a Statement>,
    columns: usize,
) -> fmt::Result {
    let kind = match paragraph.kind {
        ParagraphKind::Body => String::new(),
        ParagraphKind::Heading(level) => format!("{} ", "#".repeat(usize::from(level.clamp(1, 9)))),
        ParagraphKind::TextBox => "(text box) ".to_owned(),
        ParagraphKind::Note => "(note) ".to_owned(),
    };
    let label = format!("[{index}] ");
    let indent = " ".repeat(label.len());
    let text = format!("{kind}{}", paragraph.text);
    for (n, line) in width::wrap(&text, columns.saturating_sub(label.len()))
        .iter()
        .enumerate()
    {
        writeln!(out, "{}{line}", if n == 0 { &label } else { &indent })?;
    }
    for s in statements {
        let value = s.value.map_or_else(|| "?".to_owned(), |v| v.to_string());
        let unit = s.unit.as_deref().unwrap_or("");
        let yuan = s.yuan.map(|y| format!(" = {y}元")).unwrap_or_default();
        let subject = s.subject.as_deref().unwrap_or("?");
        let way = s.direction.map(|d| format!(" {}", d.name())).unwrap_or_default();
        writeln!(
            out,
            "{indent}· {} {subject}: {} {value}{unit}{yuan}{way}",
            s.kind.name(),
            s.qualifier.name()
        )?;
    }
    Ok(())
}

fn section_name(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Head => "head",
        SectionKind::Money => "money",
        SectionKind::Goals => "goals",
        SectionKind::Projects => "projects",
        SectionKind::Indicators => "indicators",
        SectionKind::Sideways => "sideways",
        SectionKind::Closing => "closing",
    }
}

fn recognition(out: &mut impl Write, table: &RecognizedTable) -> fmt::Result {
    write!(out, "  {} {}", table.id, table.kind.name())?;
    if let Some(title) = &table.title {
        write!(out, "  title “{}”", width::ellipsis(title, 60))?;
    }
    if let Some(unit) = &table.unit {
        write!(out, "  unit {unit}")?;
    }
    writeln!(out)?;
    if let Some(reason) = &table.reason {
        writeln!(out, "  why not recognized: {reason}")?;
    }
    if !table.unfitted.is_empty() {
        writeln!(
            out,
            "  no word fits: “{}” (patterns/README.md says how to teach one)",
            table.unfitted.join("”, “")
        )?;
    }
    for evidence in &table.evidence {
        writeln!(out, "  why: {evidence}")?;
    }
    for section in &table.sections {
        write!(out, "  section {}: ", section_name(section.kind))?;
        if !section.header.is_empty() {
            write!(out, "header rows {}–{}, ", section.header.start, section.header.end - 1)?;
        }
        match section.body.len() {
            0 => writeln!(out, "no rows")?,
            1 => writeln!(out, "row {}", section.body.start)?,
            _ => writeln!(out, "rows {}–{}", section.body.start, section.body.end - 1)?,
        }
        for column in &section.columns {
            let header = width::ellipsis(&column.header, 40);
            let number = column
                .number
                .as_deref()
                .map(|n| format!("  numbered {n}"))
                .unwrap_or_default();
            writeln!(
                out,
                "    column {} “{header}” → {}{number}",
                column.index,
                column.role.name()
            )?;
        }
        for side in &section.sides {
            let at = |positions: &[usize]| -> String {
                let columns = positions.iter().map(|p| section.columns[*p].index.to_string());
                columns.collect::<Vec<_>>().join(", ")
            };
            let figures = side
                .figures
                .iter()
                .map(|(p, kind)| format!("{} ({})", section.columns[*p].index, kind.name()));
            writeln!(
                out,
                "    side: name column {}, groups {}, codes {}, figures {}",
                side.name
                    .map_or_else(|| "–".to_owned(), |p| section.columns[p].index.to_string()),
                if side.groups.is_empty() {
                    "–".to_owned()
                } else {
                    at(&side.groups)
                },
                if side.codes.is_empty() {
                    "–".to_owned()
                } else {
                    at(&side.codes)
                },
                figures.collect::<Vec<_>>().join(", ")
            )?;
        }
        if !section.skipped.is_empty() {
            let rows: Vec<String> = section.skipped.iter().map(ToString::to_string).collect();
            writeln!(out, "    rows without facts: {}", rows.join(", "))?;
        }
    }
    Ok(())
}

fn facts(out: &mut impl Write, id: &str, report: &Report, columns: usize) -> fmt::Result {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    for p in report.projects.iter().filter(|p| p.table == id) {
        let (name, department, implementer) = (dash(&p.name), dash(&p.department), dash(&p.implementer));
        writeln!(
            out,
            "  project {name}  department {department}  implementer {implementer}"
        )?;
    }
    for b in report.budgets.iter().filter(|b| b.table == id) {
        write!(
            out,
            "  {} row {} {} “{}”",
            b.id,
            b.row,
            b.role.name(),
            width::ellipsis(&b.name, 50)
        )?;
        for (measure, a) in &b.amounts {
            let value = a.value.map_or_else(|| format!("? “{}”", a.raw), |v| v.to_string());
            write!(out, "  {} {value}{}", measure.name(), a.unit.as_deref().unwrap_or(""))?;
        }
        for OtherAmount { header, raw, value, .. } in &b.others {
            let value = value.map_or_else(|| format!("? “{raw}”"), |v| v.to_string());
            write!(out, "  “{}” {value}", width::ellipsis(header, 24))?;
        }
        writeln!(out)?;
    }
    for i in report.indicators.iter().filter(|i| i.table == id) {
        indicator(out, i, columns)?;
    }
    for s in report.scores.iter().filter(|s| s.table.as_deref() == Some(id)) {
        score(out, s)?;
    }
    Ok(())
}

fn indicator(out: &mut impl Write, i: &Indicator, columns: usize) -> fmt::Result {
    let level = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let name = width::ellipsis(&i.name, columns / 2);
    write!(
        out,
        "  {} row {} {}/{} “{name}”",
        i.id,
        i.row,
        level(&i.level1),
        level(&i.level2)
    )?;
    let told = [
        ("target", &i.target),
        ("interim", &i.interim),
        ("forecast", &i.forecast),
        ("actual", &i.actual),
    ];
    for (label, v) in told {
        if let Some(v) = v {
            write!(out, "  {label} {}", value(v))?;
        }
    }
    if let (Some(weight), score) = (i.weight, i.score) {
        write!(
            out,
            "  points {}/{weight}",
            score.map_or_else(|| "–".to_owned(), |s| s.to_string())
        )?;
    }
    writeln!(out, "  {}", i.met.map_or("", |met| if met { "met" } else { "not met" }))
}

/// A value in short: its kind and numbers, or the words.
fn value(v: &Value) -> String {
    let unit = v.unit.as_deref().unwrap_or("");
    match (v.value, v.low, v.high) {
        (Some(n), _, _) => format!("{} {n}{unit}", v.kind.name()),
        (None, Some(low), Some(high)) => format!("{} {low}–{high}{unit}", v.kind.name()),
        _ => format!("{} “{}”", v.kind.name(), width::ellipsis(&v.raw, 30)),
    }
}

fn score(out: &mut impl Write, s: &Score) -> fmt::Result {
    let points = s.value.map_or_else(|| "–".to_owned(), |v| v.to_string());
    let full = s.full.map(|f| format!("/{f}")).unwrap_or_default();
    let grade = s.grade.as_deref().map(|g| format!("  grade {g}")).unwrap_or_default();
    writeln!(out, "  score {} “{}” {points}{full}{grade}", s.kind.name(), s.name)
}

fn furniture(out: &mut impl Write, document: &Document, columns: usize) -> fmt::Result {
    if document.furniture.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nheaders, footers and page numbers, kept apart from the body:")?;
    for block in &document.furniture {
        match block {
            Block::Paragraph(p) => writeln!(out, "  {}", width::ellipsis(&p.text, columns.saturating_sub(2)))?,
            Block::Table(t) => writeln!(out, "  a table of {} × {}", t.rows(), t.cols())?,
        }
    }
    Ok(())
}

fn tail(out: &mut impl Write, report: &Report, columns: usize) -> fmt::Result {
    let loose: Vec<&Score> = report.scores.iter().filter(|s| s.table.is_none()).collect();
    if !loose.is_empty() {
        writeln!(out, "\nscores in prose")?;
        for s in loose {
            score(out, s)?;
        }
    }
    if !report.warnings.is_empty() {
        writeln!(out, "\nwarnings")?;
        for w in &report.warnings {
            let place = [
                w.source.page.map(|p| format!("page {p}")),
                w.source.block.map(|b| format!("block {b}")),
                w.source.table.clone(),
                w.source.row.map(|r| format!("row {r}")),
                w.source.col.map(|c| format!("column {c}")),
            ];
            let place: Vec<String> = place.into_iter().flatten().collect();
            writeln!(
                out,
                "  {} ({}): {}",
                w.code,
                place.join(", "),
                width::ellipsis(&w.message, columns)
            )?;
        }
    }
    writeln!(out, "\n{}", audit::coverage(&report.figures))?;
    writeln!(
        out,
        "{} budget lines, {} indicators, {} scores, {} statements, {} checks, {} warnings",
        report.budgets.len(),
        report.indicators.len(),
        report.scores.len(),
        report.statements.len(),
        report.checks.len(),
        report.warnings.len()
    )
}
