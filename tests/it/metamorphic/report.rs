//! The tables that a run prints.

use super::case::Case;
use super::change::Change;
use super::compare::{Failure, Verdict};
use super::shrink::shrink;
use super::write::readable;
use heshu::pattern::Patterns;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A case with what came of it, and of the same case without changes where it has one change.
pub struct Outcome {
    pub case: Case,
    pub verdict: Verdict,
    pub base: Option<Verdict>,
}

/// Sums over documents.
#[derive(Clone, Copy, Default)]
pub struct Sum {
    pub documents: usize,
    pub facts: usize,
    pub right: usize,
    pub failures: [usize; 6],
}

pub const FAILURES: [Failure; 6] = [
    Failure::Wrong,
    Failure::Refused,
    Failure::Lost,
    Failure::Invented,
    Failure::FalseError,
    Failure::Error,
];

impl Sum {
    fn add(&mut self, verdict: &Verdict) {
        self.documents += 1;
        self.facts += verdict.facts;
        self.right += verdict.right();
        for (n, failure) in self.failures.iter_mut().zip(FAILURES) {
            *n += verdict.count(failure);
        }
    }

    pub fn of(&self, failure: Failure) -> usize {
        FAILURES
            .iter()
            .position(|f| *f == failure)
            .map_or(0, |i| self.failures[i])
    }
}

/// Sums by subject and format.
pub fn sums(outcomes: &[Outcome]) -> BTreeMap<(String, &'static str), Sum> {
    let mut sums: BTreeMap<(String, &'static str), Sum> = BTreeMap::new();
    for outcome in outcomes {
        let subject = format!("{:?}", outcome.case.subject).to_lowercase();
        for key in [subject, "all".to_owned()] {
            sums.entry((key, outcome.case.format.name()))
                .or_default()
                .add(&outcome.verdict);
        }
    }
    sums
}

/// One line a subject and format.
pub fn table(outcomes: &[Outcome]) -> String {
    let mut out = format!(
        "{:<10} {:<8} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7} {:>9} {:>12} {:>6}\n",
        "kind", "format", "docs", "facts", "right%", "wrong", "refused", "lost", "invented", "false errors", "errors"
    );
    for ((subject, format), sum) in sums(outcomes) {
        let right = 100.0 * sum.right as f64 / sum.facts.max(1) as f64;
        let _ = write!(
            out,
            "{subject:<10} {format:<8} {:>6} {:>7} {right:>7.2}",
            sum.documents, sum.facts
        );
        let widths = [7, 7, 7, 9, 12, 6];
        for (n, width) in sum.failures.iter().zip(widths) {
            let _ = write!(out, " {n:>width$}");
        }
        out.push('\n');
    }
    out
}

/// One line a change: documents with it alone, and how many fail that do not without it.
pub fn changes(outcomes: &[Outcome]) -> String {
    let mut rows: BTreeMap<Option<Change>, (usize, [usize; 6])> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|o| o.case.changes.len() == 1) {
        let Some(base) = &outcome.base else { continue };
        let row = rows.entry(outcome.case.changes.first().copied()).or_default();
        row.0 += 1;
        for (n, failure) in row.1.iter_mut().zip(FAILURES) {
            *n += usize::from(outcome.verdict.has(failure) && !base.has(failure));
        }
        let row = rows.entry(None).or_default();
        row.0 += 1;
        for (n, failure) in row.1.iter_mut().zip(FAILURES) {
            *n += usize::from(base.has(failure));
        }
    }
    let mut out = format!(
        "{:<26} {:>5} {:>6} {:>7} {:>6} {:>8} {:>12} {:>6}   (documents that fail with the change and not without)\n",
        "change alone", "docs", "wrong", "refused", "lost", "invented", "false errors", "errors"
    );
    for (change, (documents, failures)) in rows {
        let [wrong, refused, lost, invented, errors, unread] = failures;
        let name = change.map_or("(none)", Change::name);
        let _ = writeln!(
            out,
            "{name:<26} {documents:>5} {wrong:>6} {refused:>7} {lost:>6} {invented:>8} {errors:>12} {unread:>6}"
        );
    }
    out
}

/// The first failures of each class, made small; each with its table, the fact expected and what came.
pub fn examples(outcomes: &[Outcome], each: usize, patterns: &Patterns) -> String {
    let mut out = String::new();
    for failure in FAILURES {
        // One an attribution: the same change and format again would show the same.
        let mut shown: Vec<String> = Vec::new();
        for outcome in outcomes.iter().filter(|o| o.verdict.has(failure)) {
            if shown.len() >= each {
                break;
            }
            let small = shrink(&outcome.case, failure, patterns);
            let names: Vec<&str> = small.changes.iter().map(|c| c.name()).collect();
            let key = format!("{:?} {} {}", small.subject, small.format.name(), names.join(", "));
            if shown.contains(&key) {
                continue;
            }
            let _ = writeln!(out, "--- {failure} · {key}");
            out += &readable(&small.document().pieces);
            for (_, text) in small
                .run(patterns)
                .failures
                .iter()
                .filter(|(f, _)| *f == failure)
                .take(3)
            {
                let _ = writeln!(out, "  {failure}: {text}");
            }
            out.push('\n');
            shown.push(key);
        }
    }
    out
}
