//! Money in prose against single lines, by their names.

use super::{Finding, SHORTEST, against, enter, rule_of};
use crate::check::ledger::Ledger;
use crate::check::prose::roles::role;
use crate::check::prose::text::{Dimension, Fig, bare_name};
use crate::model::{Amount, BudgetLine, CheckStatus, Measure, Report, RowRole, Severity};
use crate::pattern::checks::Words;
use std::collections::HashMap;

/// Lines by the first characters of their names, so that a clause finds them without trying each.
pub(super) struct Names<'a> {
    by_start: HashMap<Vec<char>, Vec<(Vec<char>, &'a BudgetLine)>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(report: &'a Report, words: &Words) -> Self {
        let mut by_start: HashMap<Vec<char>, Vec<(Vec<char>, &BudgetLine)>> = HashMap::new();
        let lines = report
            .budgets
            .iter()
            .filter(|l| matches!(l.role, RowRole::Item | RowRole::OfWhich) && l.source.table.is_some());
        for line in lines {
            let mut name = bare_name(&line.name);
            for mark in &words.added_line {
                name = name.replace(mark.as_str(), "");
            }
            let chars: Vec<char> = name.chars().collect();
            // A year or a code names no line: every sentence has its year.
            let told = chars
                .iter()
                .any(|c| !c.is_ascii_digit() && !words.prose.year_marks.has(*c));
            if chars.len() >= SHORTEST && told {
                let lines = by_start.entry(chars[..SHORTEST].to_vec()).or_default();
                if lines.len() < 40 {
                    lines.push((chars, line));
                }
            }
        }
        Names { by_start }
    }

    /// The lines whose name stands in the text; the longest name only.
    fn in_text(&self, text: &str) -> Vec<&'a BudgetLine> {
        let chars: Vec<char> = bare_name(text).chars().collect();
        let mut best: (usize, Vec<&BudgetLine>) = (0, Vec::new());
        for at in 0..chars.len().saturating_sub(SHORTEST - 1) {
            for (name, line) in self.by_start.get(&chars[at..at + SHORTEST]).into_iter().flatten() {
                if !chars[at..].starts_with(name) {
                    continue;
                }
                if name.len() > best.0 {
                    best = (name.len(), vec![line]);
                } else if name.len() == best.0 {
                    best.1.push(line);
                }
            }
        }
        best.1
    }
}

/// Prose that names a line: 总部经济扶持资金实际支出1020.16万元.
pub(super) fn named_lines(figs: &[Fig<'_>], names: &Names<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    for fig in figs
        .iter()
        .filter(|f| f.dimension() == Some(Dimension::Money) && !f.qualified())
    {
        let lines = names.in_text(fig.clause());
        let [line] = lines[..] else {
            continue; // no line, or lines of one name in several tables
        };
        let wanted = role(fig, words);
        if wanted.is_none() && fig.grows().is_some() {
            continue; // 比上年增加12万元 is no amount of the line
        }
        let amounts: Vec<(Measure, &Amount)> = match wanted {
            Some(role) => role
                .measures()
                .iter()
                .filter_map(|m| Some((*m, line.amounts.get(m)?)))
                .collect(),
            None => line
                .amounts
                .iter()
                .filter(|(m, _)| m.is_money())
                .map(|(m, a)| (*m, a))
                .collect(),
        };
        let looked: Vec<_> = amounts
            .iter()
            .filter_map(|(m, a)| Some((*m, *a, against(fig, a)?)))
            .collect();
        let Some((measure, amount, compared)) = looked
            .iter()
            .find(|(.., c)| c.status != CheckStatus::Fail)
            .or(looked.first())
        else {
            continue;
        };
        let what = format!("“{}”{}", line.name, measure.title());
        let same = wanted.is_some_and(|r| r.names(*measure));
        let (status, severity) = match compared.status {
            CheckStatus::Fail if wanted.is_none() => (CheckStatus::Insufficient, Severity::Info),
            status => (status, if same { Severity::Warning } else { Severity::Info }),
        };
        let rule = rule_of(fig.value, compared.table);
        enter(
            fig,
            &Finding {
                rule,
                compared,
                what: &what,
                source: &amount.source,
                more: &[],
                status,
                severity,
                note: "",
            },
            ledger,
        );
    }
}
