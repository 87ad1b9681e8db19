//! TXT-01, FND-07 and FND-13: money in prose against the lines of tables.
//!
//! A figure is held against a line only when its identity is proven: by the line's, the fund's or the project's name in
//! the sentence, or by other figures of the sentence that agree with the same line. Never by position.

use super::TXT_01;
use super::roles::{Role, role};
use super::text::{Dimension, Fig, Paragraph, bare_name, has};
use crate::check::catalogue::Rule;
use crate::check::figure::{compare, sane};
use crate::check::fund::{FND_03, FND_07, FND_13};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::table::{ColumnKey, Sequence, sequences};
use crate::model::{Amount, BudgetLine, CheckStatus, Measure, Report, RowRole, Severity, Source, TableKind};
use crate::pattern::checks::Words;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Shortest name that proves anything, in characters.
const SHORTEST: usize = 4;

/// Lines by the first characters of their names, so that a clause finds them without trying each.
struct Names<'a> {
    by_start: HashMap<Vec<char>, Vec<(Vec<char>, &'a BudgetLine)>>,
}

impl<'a> Names<'a> {
    fn new(report: &'a Report, words: &Words) -> Self {
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
            if chars.len() >= SHORTEST {
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

/// A total that prose may speak of.
struct Total<'a> {
    line: &'a BudgetLine,
    sequence: Sequence<'a>,
    /// Names that prove that a sentence speaks of it.
    names: Vec<String>,
    /// 收入 or 支出, where the total is one side of a department's money.
    side: Option<&'static str>,
}

/// Examines every amount.
pub fn examine(report: &Report, paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    let names = Names::new(report, words);
    let totals = totals(report);
    for paragraph in paragraphs {
        // What the paragraph says was added: it explains a first budget that is lower than the table's.
        let is_added = |f: &&Fig<'_>| role(f, words) == Some(Role::Added);
        let added: Vec<Decimal> = paragraph.figs.iter().filter(is_added).map(|f| f.value).collect();
        let sentences = paragraph.figs.last().map_or(0, |f| f.sentence + 1);
        for sentence in 0..sentences {
            let figs = paragraph.sentence(sentence);
            if figs.iter().all(|f| f.dimension() != Some(Dimension::Money)) {
                continue;
            }
            named_lines(figs, &names, words, ledger);
            for total in &totals {
                against_total(figs, total, totals.len(), &added, words, ledger);
                rate_of_total(figs, total, words, ledger);
            }
        }
        for total in &totals {
            added_lines(paragraph, total, totals.len(), words, ledger);
        }
    }
}

fn totals(report: &Report) -> Vec<Total<'_>> {
    let mut out = Vec::new();
    for sequence in sequences(report) {
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
        let side = ["收入", "支出"].into_iter().find(|s| name.contains(s));
        out.push(Total {
            line,
            names,
            side,
            sequence: sequence.clone(),
        });
        if out.len() >= 40 {
            break; // an archive of forms in one file: prose tells of none of them in particular
        }
    }
    out
}

/// Difference, tolerance and the table's figure in the unit of the prose figure.
struct Compared {
    table: Decimal,
    status: CheckStatus,
    tolerance: Decimal,
}

fn against(fig: &Fig<'_>, amount: &Amount) -> Option<Compared> {
    let (own, other) = (sane(fig.statement.yuan?.0)?, sane(amount.yuan?.0)?);
    let factor = if fig.value.is_zero() {
        Decimal::ONE
    } else {
        own.checked_div(fig.value)?
    };
    let table = other.checked_div(factor)?.normalize();
    let table_scale = amount.value.map_or(0, |v| v.0.scale());
    let (_, half_own) = fig.in_unit_of(fig, fig.value.scale())?;
    // What the table's own decimals leave open, in the unit of the prose.
    let table_unit = amount
        .value
        .filter(|v| !v.0.is_zero())
        .and_then(|v| other.checked_div(v.0))
        .unwrap_or(factor);
    let half_table = crate::check::figure::half(table_scale)
        .checked_mul(table_unit)?
        .checked_div(factor)?;
    let outcome = compare(fig.value, table, half_own + half_table)?;
    Some(Compared {
        table,
        status: outcome.status,
        tolerance: outcome.tolerance,
    })
}

#[allow(clippy::too_many_arguments)] // one relation as it is entered
fn enter(
    rule: &'static Rule,
    fig: &Fig<'_>,
    compared: &Compared,
    what: &str,
    source: &Source,
    more: &[&Source],
    status: CheckStatus,
    severity: Severity,
    note: &str,
    ledger: &mut Ledger<'_>,
) {
    let Some(difference) = fig.value.checked_sub(compared.table) else {
        return;
    };
    let message = format!(
        "{}{}，{}{what}{}{}，{}{note}",
        place(&fig.statement.source),
        fig.quoted(),
        place(source),
        compared.table,
        fig.unit(),
        verdict(status, difference, compared.tolerance, fig.unit())
    );
    ledger.add(
        Entry::new(rule, status)
            .severity(severity)
            .message(message)
            .numbers(fig.value, compared.table)
            .tolerance(compared.tolerance)
            .unit(fig.statement.unit.as_deref())
            .operands([&fig.statement.source, source].into_iter().chain(more.iter().copied())),
    );
}

/// Whether two amounts differ by a power of ten of at least a thousand: 元 taken for 万元.
fn of_magnitude(a: Decimal, b: Decimal) -> bool {
    let (large, small) = if a.abs() > b.abs() { (a, b) } else { (b, a) };
    if small.is_zero() {
        return false;
    }
    large.checked_div(small).is_some_and(|ratio| {
        let ratio = ratio.normalize();
        ratio >= Decimal::ONE_THOUSAND && ratio.scale() == 0 && ratio.to_string().trim_end_matches('0') == "1"
    })
}

/// Prose that names a line: 总部经济扶持资金实际支出1020.16万元.
fn named_lines(figs: &[Fig<'_>], names: &Names<'_>, words: &Words, ledger: &mut Ledger<'_>) {
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
        let what = format!("“{}”{}", line.name, crate::check::table::measure_label(*measure));
        let same = wanted.is_some_and(|r| r.names(*measure));
        let (status, severity) = match compared.status {
            CheckStatus::Fail if wanted.is_none() => (CheckStatus::Insufficient, Severity::Info),
            status => (status, if same { Severity::Warning } else { Severity::Info }),
        };
        let rule = if of_magnitude(fig.value, compared.table) {
            &FND_13
        } else {
            &TXT_01
        };
        enter(
            rule,
            fig,
            compared,
            &what,
            &amount.source,
            &[],
            status,
            severity,
            "",
            ledger,
        );
    }
}

/// The sentence's figures against a table's total.
fn against_total(
    figs: &[Fig<'_>],
    total: &Total<'_>,
    known: usize,
    added: &[Decimal],
    words: &Words,
    ledger: &mut Ledger<'_>,
) {
    let text = figs.first().map_or("", |f| f.text);
    let bare = bare_name(text);
    let named = total.names.iter().any(|n| bare.contains(n.as_str())) || total.names.iter().any(|n| short_in(&bare, n));
    let side = total
        .side
        .is_some_and(|s| bare.contains(s) && (bare.contains("部门") || bare.contains("单位") || bare.contains("本年")));
    // Figures of the sentence that agree with measures of this very line.
    let looked: Vec<(usize, Role, Measure, &Amount, Compared)> = figs
        .iter()
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
        .collect();
    let agreeing = looked
        .iter()
        .filter(|c| c.4.status != CheckStatus::Fail && !c.3.value.is_none_or(|v| v.0.is_zero()))
        .count();
    if side && total.side == Some("收入") && bare.contains("支出") && !bare.contains("收入") {
        return;
    }
    for (i, role, measure, amount, compared) in &looked {
        let fig = &figs[*i];
        let what = format!("“{}”{}", total.line.name, crate::check::table::measure_label(*measure));
        if compared.status != CheckStatus::Fail {
            // An agreement proves itself only where the sentence may speak of the table.
            if named || side || agreeing >= 2 || known == 1 {
                enter(
                    &TXT_01,
                    fig,
                    compared,
                    &what,
                    &amount.source,
                    &[],
                    compared.status,
                    Severity::Warning,
                    "",
                    ledger,
                );
            }
            continue;
        }
        // A clause that names something else speaks of a part.
        let clause = bare_name(fig.clause());
        let own_side = total
            .side
            .is_none_or(|s| clause.contains(s) || !(clause.contains("收入") || clause.contains("支出")));
        let corroborated = agreeing >= 2 && own_side;
        let sure = (named || side) && is_whole(&clause, total);
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
        let rule = if of_magnitude(fig.value, compared.table) {
            &FND_13
        } else {
            &TXT_01
        };
        enter(
            rule,
            fig,
            compared,
            &what,
            &amount.source,
            &[],
            CheckStatus::Fail,
            severity,
            note,
            ledger,
        );
    }
}

/// A project's name without the office before it and the 项目 after it.
fn short_in(text: &str, name: &str) -> bool {
    let core = name
        .trim_end_matches("项目")
        .trim_end_matches("资金")
        .trim_end_matches("专项");
    let core = core.split_once('局').map_or(core, |(_, rest)| rest);
    core.chars().count() >= 6 && text.contains(core)
}

/// Whether a clause speaks of the whole: it names the fund, or nothing but the measure.
fn is_whole(clause: &str, total: &Total<'_>) -> bool {
    if total.names.iter().any(|n| clause.contains(n.as_str())) {
        return true;
    }
    let part = [
        "其中",
        "用于",
        "补助",
        "奖励",
        "扶持",
        "安排给",
        "企业",
        "结转",
        "上年",
        "收回",
        "经费",
    ];
    clause.chars().count() <= 14 && !part.iter().any(|w| clause.contains(w))
}

/// A rate of execution in a sentence that states the table's own outlay, against the table's own budget.
fn rate_of_total(figs: &[Fig<'_>], total: &Total<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let executed = [Measure::Actual, Measure::FinalAccounts]
        .iter()
        .find_map(|m| total.line.amounts.get(m));
    let base = [Measure::AdjustedBudget, Measure::Budget]
        .iter()
        .find_map(|m| total.line.amounts.get(m));
    let (Some(executed), Some(base)) = (executed, base) else {
        return;
    };
    let own = figs.iter().any(|f| {
        role(f, words) == Some(Role::Actual)
            && against(f, executed).is_some_and(|c| c.status != CheckStatus::Fail)
            && !f.value.is_zero()
    });
    let (Some(a), Some(b)) = (executed.value, base.value) else {
        return;
    };
    if sane(a.0).is_none() || sane(b.0).is_none() {
        return;
    }
    if !own || executed.unit != base.unit || b.0 <= Decimal::ZERO {
        return;
    }
    let scale = a.0.scale().max(b.0.scale());
    for rate in figs
        .iter()
        .filter(|f| f.dimension() == Some(Dimension::Percent) && has(f.clause(), &words.execution_rate))
    {
        let look = || {
            let around = |v: Decimal| Interval::around(v.into(), crate::check::figure::half(scale).into());
            let span = around(a.0)?.share(around(b.0)?)?;
            let exact = Rational::from(a.0).over(b.0.into())?.times(Rational::whole(100))?;
            // Two decimals at least: 112.03 % and not 112 %.
            let mut outcome = crate::check::figure::compare_interval(&super::rates::stated(rate), exact, span)?;
            if outcome.status == CheckStatus::Fail && outcome.computed.scale() < 2 {
                outcome.computed = exact.rounded(2)?;
                outcome.difference = rate.value.checked_sub(outcome.computed)?;
            }
            Some(outcome)
        };
        let Some(outcome) = look() else {
            continue;
        };
        let message = format!(
            "{}{}，按{}“{}”执行{}÷预算{}为{}%，{}（分母口径可能不同）",
            place(&rate.statement.source),
            rate.quoted(),
            total.sequence.title(),
            total.line.name,
            a,
            b,
            outcome.computed,
            verdict(outcome.status, outcome.difference, outcome.tolerance, "个百分点")
        );
        ledger.add(
            Entry::new(&FND_03, outcome.status)
                .severity(Severity::Warning)
                .message(message)
                .numbers(rate.value, outcome.computed)
                .tolerance(outcome.tolerance)
                .unit(Some("%"))
                .operands([&rate.statement.source, &executed.source, &base.source]),
        );
    }
}

/// FND-07: the first budget and what was added, against the lines that are (not) marked as added.
fn added_lines(paragraph: &Paragraph<'_>, total: &Total<'_>, known: usize, words: &Words, ledger: &mut Ledger<'_>) {
    let items: Vec<usize> = (0..total.sequence.lines.len())
        .filter(|i| total.sequence.lines[*i].role == RowRole::Item)
        .collect();
    let marked = |i: &usize| has(&total.sequence.lines[*i].name, &words.added_line);
    let (added, first): (Vec<usize>, Vec<usize>) = items.iter().copied().partition(marked);
    if added.is_empty() || first.is_empty() {
        return;
    }
    let text: String = paragraph.texts().concat();
    let named = total.names.iter().any(|n| bare_name(&text).contains(n.as_str()));
    if !named && known != 1 {
        return;
    }
    let column = [Measure::Budget, Measure::AdjustedBudget]
        .iter()
        .find_map(|m| total.sequence.columns.iter().find(|c| c.key == ColumnKey::Measure(*m)));
    let Some(column) = column else {
        return;
    };
    let money: Vec<&Fig<'_>> = paragraph
        .figs
        .iter()
        .filter(|f| f.dimension() == Some(Dimension::Money))
        .collect();
    let first_figs: Vec<&&Fig<'_>> = money
        .iter()
        .filter(|f| {
            matches!(role(f, words), Some(Role::Initial | Role::Budget))
                && has(&f.clause().replace(char::is_whitespace, ""), &words.first_budget)
        })
        .collect();
    let added_figs: Vec<&&Fig<'_>> = money.iter().filter(|f| role(f, words) == Some(Role::Added)).collect();
    let ([a], [b]) = (&first_figs[..], &added_figs[..]) else {
        return; // none, or several: which of them the lines add up to is not said
    };
    for (fig, lines, what) in [
        (a, &first, "未标“追加”各行预算之和"),
        (b, &added, "标“追加”各行预算之和"),
    ] {
        let figures: Vec<_> = lines.iter().filter_map(|i| column.figure(*i)).collect();
        if figures.len() < lines.len() || column.in_yuan || column.unit != fig.statement.unit.as_deref() {
            continue;
        }
        let (Some(sum), Some(slack)) = (
            figures.iter().try_fold(Decimal::ZERO, |s, f| s.checked_add(f.value)),
            figures
                .iter()
                .try_fold(crate::check::figure::half(fig.value.scale()), |s, f| {
                    s.checked_add(f.half)
                }),
        ) else {
            continue;
        };
        let Some(outcome) = compare(fig.value, sum, slack) else {
            continue;
        };
        let sources: Vec<&Source> = figures.iter().map(|f| f.source).collect();
        let Some((head, rest)) = sources.split_first() else {
            continue;
        };
        let compared = Compared {
            table: sum,
            status: outcome.status,
            tolerance: slack,
        };
        enter(
            &FND_07,
            fig,
            &compared,
            what,
            head,
            rest,
            outcome.status,
            Severity::Warning,
            "",
            ledger,
        );
    }
}
