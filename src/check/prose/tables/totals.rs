//! Money in prose against the total of a table.

use super::{Compared, Finding, SHORTEST, against, enter, rule_of};
use crate::check::ledger::Ledger;
use crate::check::prose::TXT_01;
use crate::check::prose::roles::{Role, role};
use crate::check::prose::text::{Dimension, Fig, bare_name};
use crate::check::table::Sequence;
use crate::model::{Amount, BudgetLine, CheckStatus, Measure, Report, RowRole, Severity, TableKind};
use crate::pattern::checks::{ProseWords, Words};
use rust_decimal::Decimal;

/// The side that the name of a total tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Income,
    Outlay,
}

impl Side {
    /// Whether a text that speaks of income, or of outlay, speaks of this side.
    fn among(self, (income, outlay): (bool, bool)) -> bool {
        match self {
            Side::Income => income,
            Side::Outlay => outlay,
        }
    }
}

/// A total that prose may speak of.
pub(super) struct Total<'a> {
    pub(super) line: &'a BudgetLine,
    pub(super) sequence: &'a Sequence<'a>,
    /// Names that prove that a sentence speaks of it.
    pub(super) names: Vec<String>,
    /// 收入 or 支出, where the total is one side of a department's money.
    side: Option<Side>,
}

pub(super) fn totals<'a>(report: &'a Report, sequences: &'a [Sequence<'a>]) -> Vec<Total<'a>> {
    let mut out = Vec::new();
    for sequence in sequences {
        let kind = sequence.table.map_or(TableKind::Other, |t| t.kind);
        let told = matches!(
            kind,
            TableKind::BudgetExecution | TableKind::SelfEvaluationForm | TableKind::RevenueExpenditure
        );
        let mut of_sequence = sequence.lines.iter().filter(|l| l.role == RowRole::Total);
        let (Some(line), None) = (of_sequence.next(), of_sequence.next()) else {
            continue;
        };
        if !told || line.amounts.is_empty() {
            continue;
        }
        let mut names: Vec<String> = sequence
            .lines
            .iter()
            .filter_map(|l| l.level1.as_deref())
            .map(bare_name)
            .collect();
        names.extend(
            report
                .projects
                .iter()
                .filter(|p| p.table == line.table)
                .filter_map(|p| p.name.as_deref())
                .map(bare_name),
        );
        names.retain(|n| n.chars().count() >= SHORTEST);
        names.sort();
        names.dedup();
        names.truncate(8);
        let name = bare_name(&line.name);
        let side = match sequence.patterns.forms.revenue_and_expenditure(&name) {
            (true, _) => Some(Side::Income),
            (false, true) => Some(Side::Outlay),
            (false, false) => None,
        };
        out.push(Total {
            line,
            names,
            side,
            sequence,
        });
        if out.len() >= 40 {
            break; // an archive of forms in one file: prose tells of none of them in particular
        }
    }
    out
}

/// A figure of a sentence, by its place, as the measure of a total that its words name.
type Told<'a> = (usize, Role, Measure, &'a Amount, Compared);

/// The figures of a sentence against the measures of a total that their words name: of several that may be meant the one that
/// agrees.
fn measures_told<'a>(figs: &[Fig<'_>], total: &Total<'a>, words: &Words) -> Vec<Told<'a>> {
    figs.iter()
        .enumerate()
        .filter(|(_, f)| f.dimension() == Some(Dimension::Money) && !f.qualified())
        .filter_map(|(i, f)| {
            let role = role(f, words)?;
            let mut of_role = role.measures().iter().filter_map(|m| {
                let amount = total.line.amounts.get(m)?;
                Some((i, role, *m, amount, against(f, amount)?))
            });
            let first = of_role.next()?;
            if first.4.status != CheckStatus::Fail {
                return Some(first);
            }
            Some(of_role.find(|c| c.4.status != CheckStatus::Fail).unwrap_or(first))
        })
        .collect()
}

/// The sentence's figures against a table's total.
pub(super) fn against_total(
    figs: &[Fig<'_>],
    total: &Total<'_>,
    known: usize,
    added: &[Decimal],
    words: &Words,
    ledger: &mut Ledger<'_>,
) {
    let text = figs.first().map_or("", |f| f.text);
    let bare = bare_name(text);
    let named = total.names.iter().any(|n| bare.contains(n.as_str()))
        || total.names.iter().any(|n| short_in(&bare, n, &words.prose));
    let told = |text: &str| total.sequence.patterns.forms.revenue_and_expenditure(text);
    let sides = told(&bare);
    let side = total
        .side
        .is_some_and(|s| s.among(sides) && words.prose.wholes.within(&bare));
    let looked = measures_told(figs, total, words);
    let agreeing = looked
        .iter()
        .filter(|c| c.4.status != CheckStatus::Fail && !c.3.value.is_none_or(|v| v.0.is_zero()))
        .count();
    if side && total.side == Some(Side::Income) && sides == (false, true) {
        return;
    }
    for (i, role, measure, amount, compared) in &looked {
        let fig = &figs[*i];
        let what = format!("“{}”{}", total.line.name, measure.title());
        if compared.status != CheckStatus::Fail {
            // An agreement proves itself only where the sentence may speak of the table.
            if named || side || agreeing >= 2 || known == 1 {
                enter(
                    fig,
                    &Finding {
                        rule: &TXT_01,
                        compared,
                        what: &what,
                        source: &amount.source,
                        more: &[],
                        status: compared.status,
                        severity: Severity::Warning,
                        note: "",
                    },
                    ledger,
                );
            }
            continue;
        }
        // A clause that names something else speaks of a part.
        let clause = bare_name(fig.clause());
        let own_side = total
            .side
            .is_none_or(|s| s.among(told(&clause)) || told(&clause) == (false, false));
        let corroborated = agreeing >= 2 && own_side;
        let sure = (named || side) && is_whole(&clause, total, &words.prose);
        if !corroborated && !sure {
            continue;
        }
        if total.side.is_some() && !corroborated {
            continue; // income and outlay of a department: only figures prove which column is meant
        }
        let same = role.names(*measure);
        let severity = if same && corroborated {
            Severity::Error
        } else {
            Severity::Warning
        };
        let explained = !same
            && fig
                .value
                .checked_sub(compared.table)
                .is_some_and(|d| added.contains(&d.abs()));
        let (severity, note) = match (same, explained) {
            (true, _) => (severity, ""),
            (_, true) => (Severity::Info, "（差额与文中追加数相同）"),
            _ => (severity, "（两处口径可能不同，请核实）"),
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
                status: CheckStatus::Fail,
                severity,
                note,
            },
            ledger,
        );
    }
}

/// A project's name without the office before it and the 项目 after it.
fn short_in(text: &str, name: &str, words: &ProseWords) -> bool {
    let ends = words.fund_ends.iter();
    let core = ends.fold(name, |name, end| name.trim_end_matches(end.as_str()));
    let after_office = words.office_ends.iter().find_map(|w| core.split_once(w.as_str()));
    let core = after_office.map_or(core, |(_, rest)| rest);
    core.chars().count() >= 6 && text.contains(core)
}

/// Whether a clause speaks of the whole: it names the fund, or nothing but the measure.
fn is_whole(clause: &str, total: &Total<'_>, words: &ProseWords) -> bool {
    if total.names.iter().any(|n| clause.contains(n.as_str())) {
        return true;
    }
    clause.chars().count() <= 14 && !words.parts.within(clause)
}
