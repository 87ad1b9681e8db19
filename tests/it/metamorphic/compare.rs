//! What a record makes of the facts of a document.

use super::facts::{Fact, Said, of_record};
use super::generate::Document;
use heshu::model::{CheckStatus, Fate, Figures, Report, Severity, Warning};
use heshu::pattern::headers::fold;
use std::fmt;

/// How a fact can fail, and what else can be wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    Wrong,
    Lost,
    Refused,
    Invented,
    FalseError,
    /// The counts of figures do not agree with the cells, or nothing says that some were not read.
    Miscount,
    /// The document was not read at all.
    Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", format!("{self:?}").to_lowercase())
    }
}

/// The failures of a record, with what to show of them.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub facts: usize,
    pub failures: Vec<(Failure, String)>,
}

impl Verdict {
    pub fn count(&self, failure: Failure) -> usize {
        self.failures.iter().filter(|(f, _)| *f == failure).count()
    }

    pub fn right(&self) -> usize {
        let failed = [Failure::Wrong, Failure::Lost, Failure::Refused].map(|f| self.count(f));
        self.facts - failed.iter().sum::<usize>().min(self.facts)
    }

    /// Refusals are no failures of the record: it says that it does not know.
    pub fn has(&self, failure: Failure) -> bool {
        self.count(failure) > 0
    }
}

fn show(fact: &Fact) -> String {
    let yuan = fact.yuan.as_ref().map_or(String::new(), |y| format!(" ({y}元)"));
    format!("{} {} = {}{yuan}", fact.name, fact.what, fact.value)
}

/// Compares what a document states with what the record says.
pub fn compare(document: &Document, report: &Report) -> Verdict {
    let Said {
        facts,
        others,
        names,
        points,
    } = of_record(report);
    let mut said: Vec<Option<Fact>> = facts.into_iter().map(Some).collect();
    let mut verdict = Verdict {
        facts: document.facts.len(),
        failures: Vec::new(),
    };
    // Exactly the fact; names that occur twice (小计) each take one of their own.
    let mut missing: Vec<&Fact> = Vec::new();
    for fact in &document.facts {
        let found = said.iter_mut().find(|s| {
            s.as_ref().is_some_and(|s| {
                s.name == fact.name && s.what == fact.what && s.value == fact.value && s.yuan == fact.yuan
            })
        });
        match found {
            Some(found) => *found = None,
            None => missing.push(fact),
        }
    }
    // Something else in its place: the nearest first.
    let near: [fn(&Fact, &Fact) -> bool; 3] = [
        |e, s| e.name == s.name && e.what == s.what,
        |e, s| e.name == s.name && e.value == s.value,
        |e, s| e.what == s.what && e.value == s.value && e.value != "0",
    ];
    for like in near {
        missing.retain(|fact| {
            let found = said.iter_mut().find(|s| s.as_ref().is_some_and(|s| like(fact, s)));
            let Some(found) = found.and_then(Option::take) else {
                return true;
            };
            verdict
                .failures
                .push((Failure::Wrong, format!("{}, came as {}", show(fact), show(&found))));
            false
        });
    }
    for fact in missing {
        let kept = others.iter().find(|o| o.name == fact.name && o.value == fact.value);
        let failure = if refused(fact, report) {
            Failure::Refused
        } else {
            Failure::Lost
        };
        let note = kept.map_or(String::new(), |o| format!(", kept in others as {}", o.what));
        verdict.failures.push((failure, format!("{}{note}", show(fact))));
    }
    // What is kept beside a line stands there with its amount, or is said.
    let beside = |o: &Fact, k: &Fact| o.name == k.name && o.value == k.value && o.yuan == k.yuan;
    for fact in document.kept.iter().filter(|k| !others.iter().any(|o| beside(o, k))) {
        let failure = if refused(fact, report) {
            Failure::Refused
        } else {
            Failure::Lost
        };
        verdict.failures.push((failure, show(fact)));
    }
    let mut invent = |text: String| verdict.failures.push((Failure::Invented, text));
    said.iter().flatten().for_each(|s| invent(show(s)));
    // A figure that is no money of the document has no amount.
    for other in others.iter().filter(|o| o.yuan.is_some()) {
        if !document
            .facts
            .iter()
            .chain(&document.kept)
            .any(|f| f.name == other.name && f.value == other.value)
        {
            invent(format!("money under a heading of its own: {}", show(other)));
        }
    }
    for name in names {
        if !document.names.contains(&name) {
            invent(format!("name {name}"));
        }
    }
    for value in points {
        let of_fact = |f: &Fact| matches!(f.what.as_str(), "score" | "total") && f.value == value;
        if !document.points.contains(&value) && !document.facts.iter().any(of_fact) {
            invent(format!("points of a part: {value}"));
        }
    }
    for check in &report.checks {
        if check.status == CheckStatus::Fail && check.severity == Severity::Error {
            verdict
                .failures
                .push((Failure::FalseError, format!("{} {}", check.rule, check.message)));
        }
    }
    let counted = miscounts(report).into_iter().map(|text| (Failure::Miscount, text));
    verdict.failures.extend(counted);
    verdict
}

/// What does not agree between the counts of figures, the cells and their fates, and the warnings.
fn miscounts(report: &Report) -> Vec<String> {
    let digit = |c: char| matches!(c, '0'..='9' | '０'..='９');
    let mut found = Vec::new();
    let mut counted = Figures::default();
    let mut with_digits = 0;
    for table in &report.tables {
        for cell in &table.cells {
            with_digits += usize::from(cell.text.chars().any(digit));
            cell.fate.into_iter().for_each(|fate| counted.add(fate));
        }
        let unread = table.cells.iter().filter(|c| c.fate == Some(Fate::Unread)).count();
        let said = |w: &Warning| w.source.table.as_deref() == Some(&table.id);
        if unread > 0 && !report.warnings.iter().any(said) {
            found.push(format!(
                "nothing says that {unread} figures of {} were not read",
                table.id
            ));
        }
    }
    let stated = &report.figures;
    let sum = stated.placed + stated.other + stated.not_figures + stated.unread;
    if stated.cells != sum || stated.cells != with_digits {
        found.push(format!(
            "{} figures are {sum}, {with_digits} cells hold a digit",
            stated.cells
        ));
    }
    let of = |f: &Figures| [f.placed, f.other, f.not_figures, f.unread];
    if of(stated) != of(&counted) {
        found.push(format!(
            "figures {:?}, the fates of the cells {:?}",
            of(stated),
            of(&counted)
        ));
    }
    found
}

/// Whether a warning says that a fact was not read: at its cell, row or table, or by its figure.
fn refused(fact: &Fact, report: &Report) -> bool {
    let raw = fold(&fact.raw);
    let holds = |text: &str| fold(text).replace(',', "").contains(&raw.replace(',', ""));
    report.warnings.iter().any(|warning| {
        let source = &warning.source;
        if holds(&warning.message) || source.text.as_deref().is_some_and(&holds) {
            return true;
        }
        match &source.table {
            Some(id) => report
                .tables
                .iter()
                .filter(|t| t.id == *id)
                .flat_map(|t| &t.cells)
                .any(|cell| {
                    let here = source
                        .row
                        .is_none_or(|r| (cell.row..cell.row + cell.row_span).contains(&r))
                        && source
                            .col
                            .is_none_or(|c| (cell.col..cell.col + cell.col_span).contains(&c));
                    here && holds(&cell.text)
                }),
            None => unread_paragraphs(warning),
        }
    })
}

/// Paragraphs that look like a table and were not made one: the warning names the first of them.
fn unread_paragraphs(warning: &Warning) -> bool {
    matches!(warning.code.as_str(), "table_unread" | "row_unread" | "figure_unread") && warning.source.block.is_some()
}
