//! The tables that a run prints.

use super::case::Case;
use super::change::Change;
use super::compare::{Failure, Verdict};
use super::in_parallel;
use super::shrink::shrink;
use super::write::{Format, readable};
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
    pub failures: [usize; 7],
}

pub const FAILURES: [Failure; 7] = [
    Failure::Wrong,
    Failure::Refused,
    Failure::Lost,
    Failure::Invented,
    Failure::FalseError,
    Failure::Miscount,
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
        "{:<10} {:<8} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7} {:>9} {:>12} {:>10} {:>6}\n",
        "kind",
        "format",
        "docs",
        "facts",
        "right%",
        "wrong",
        "refused",
        "lost",
        "invented",
        "false errors",
        "miscounted",
        "errors"
    );
    for ((subject, format), sum) in sums(outcomes) {
        let right = 100.0 * sum.right as f64 / sum.facts.max(1) as f64;
        let _ = write!(
            out,
            "{subject:<10} {format:<8} {:>6} {:>7} {right:>7.2}",
            sum.documents, sum.facts
        );
        let widths = [7, 7, 7, 9, 12, 10, 6];
        for (n, width) in sum.failures.iter().zip(widths) {
            let _ = write!(out, " {n:>width$}");
        }
        out.push('\n');
    }
    out
}

/// One line a change: documents with it alone, and how many fail that do not without it.
pub fn changes(outcomes: &[Outcome]) -> String {
    let mut rows: BTreeMap<Option<Change>, (usize, [usize; 7])> = BTreeMap::new();
    // What is not read at all tells nothing of changes.
    let told = |o: &&Outcome| o.case.changes.len() == 1 && o.case.format != Format::Commas && !o.case.format.is_loose();
    for outcome in outcomes.iter().filter(told) {
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
        "{:<26} {:>5} {:>6} {:>7} {:>6} {:>8} {:>12} {:>10} {:>6}   (documents that fail with the change and not without)\n",
        "change alone", "docs", "wrong", "refused", "lost", "invented", "false errors", "miscounted", "errors"
    );
    for (change, (documents, failures)) in rows {
        let [wrong, refused, lost, invented, errors, miscounted, unread] = failures;
        let name = change.map_or("(none)", Change::name);
        let _ = writeln!(
            out,
            "{name:<26} {documents:>5} {wrong:>6} {refused:>7} {lost:>6} {invented:>8} {errors:>12} {miscounted:>10} {unread:>6}"
        );
    }
    out
}

/// Failures that come of one cause, as far as what is left after shrinking tells.
struct Cause {
    small: Case,
    formats: Vec<&'static str>,
    count: usize,
}

/// Failures of each class made small, those of the same kind and changes together, the most frequent first; each with its
/// smallest table, the fact expected and what came.
pub fn examples(outcomes: &[Outcome], each: usize, patterns: &Patterns) -> String {
    let mut out = String::new();
    for failure in FAILURES {
        let failed: Vec<&Outcome> = outcomes.iter().filter(|o| o.verdict.has(failure)).collect();
        // Spread over the run: neighbours are of different formats and kinds anyway.
        let chosen: Vec<&Outcome> = failed
            .iter()
            .step_by(failed.len().div_ceil(each.max(1)).max(1))
            .copied()
            .collect();
        if each == 0 || chosen.is_empty() {
            continue;
        }
        let mut causes: BTreeMap<String, Cause> = BTreeMap::new();
        for small in in_parallel(&chosen, |o| shrink(&o.case, failure, patterns)) {
            let key = format!("{:?} · {}", small.subject, small.told());
            let size = |c: &Case| readable(&c.document().pieces).len();
            let format = small.format.name();
            let cause = causes.entry(key).or_insert(Cause {
                small: small.clone(),
                formats: Vec::new(),
                count: 0,
            });
            cause.count += 1;
            if size(&small) < size(&cause.small) {
                cause.small = small;
            }
            if !cause.formats.contains(&format) {
                cause.formats.push(format);
            }
        }
        let mut causes: Vec<(String, Cause)> = causes.into_iter().collect();
        causes.sort_by_key(|(_, c)| std::cmp::Reverse(c.count));
        let _ = writeln!(
            out,
            "=== {failure}: {} documents, {} of them made small\n",
            failed.len(),
            chosen.len()
        );
        for (key, Cause { small, formats, count }) in causes {
            let _ = writeln!(
                out,
                "--- {failure} · {key} · {count} of {} · {}",
                chosen.len(),
                formats.join(" ")
            );
            out += &readable(&small.document().pieces);
            keep(&small, failure, out.len());
            let verdict = small.run(patterns);
            for (_, text) in verdict.failures.iter().filter(|(f, _)| *f == failure).take(2) {
                let _ = writeln!(out, "  {} {failure}: {text}", small.format.name());
            }
            out.push('\n');
        }
    }
    out
}

/// Puts the file of an example where the environment says, to be looked at with other tools.
fn keep(case: &Case, failure: Failure, number: usize) {
    if let Some(folder) = std::env::var_os("HESHU_META_KEEP") {
        let file = case.format.file().trim_start_matches('a');
        let name = format!("{failure}-{number}-{:?}{file}", case.subject);
        let path = std::path::Path::new(&folder).join(name);
        std::fs::write(path, case.format.write(&case.document(), case.seed)).unwrap();
    }
}
