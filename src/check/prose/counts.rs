//! TBL-07, IND-19, TXT-08: what prose counts against what tables and lists hold.

use super::TXT_08;
use super::text::{Dimension, Fig, Paragraph, bare_name, has};
use crate::check::catalogue::Rule;
use crate::check::indicator::IND_19;
use crate::check::ledger::{Entry, Ledger, place};
use crate::check::table::{Sequence, TBL_07};
use crate::model::{CheckStatus, Report, RowRole, Severity, Source, TableKind};
use crate::pattern::checks::{ProseWords, Words};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Examines every count.
pub fn examine(
    report: &Report,
    sequences: &[Sequence<'_>],
    paragraphs: &[Paragraph<'_>],
    words: &Words,
    ledger: &mut Ledger<'_>,
) {
    let tables = Tables::new(report, sequences);
    for paragraph in paragraphs {
        for fig in &paragraph.figs {
            if !matches!(fig.dimension(), Some(Dimension::Things(_))) || !fig.value.fract().is_zero() {
                continue;
            }
            let after: String = fig.tail().chars().filter(|c| !c.is_whitespace()).take(10).collect();
            let clause: String = fig.clause().chars().filter(|c| !c.is_whitespace()).collect();
            if starts(&after, &words.counted_lines) || ends(&clause, &words.counted_lines, &words.prose) {
                lines(fig, &tables, ledger);
            } else {
                indicators(fig, &after, &clause, &tables, words, ledger);
            }
            listed_before(fig, words, ledger);
            listed_after(fig, words, ledger);
        }
    }
}

fn starts(text: &str, words: &[String]) -> bool {
    words.iter().any(|w| text.starts_with(w.as_str()))
}

/// 二级项目有13个, 绩效指标共28个.
fn ends(clause: &str, words: &[String], prose: &ProseWords) -> bool {
    let bare = prose.count_fillers.trim_end(clause);
    words.iter().any(|w| bare.ends_with(w.as_str()))
}

struct Tables<'a> {
    report: &'a Report,
    money: Vec<&'a Sequence<'a>>,
    /// Tables of indicators, in order.
    indicators: Vec<&'a str>,
}

impl<'a> Tables<'a> {
    fn new(report: &'a Report, sequences: &'a [Sequence<'a>]) -> Self {
        let mut indicators: Vec<&str> = Vec::new();
        // Indicators of running text stand in no table whose rows could be counted.
        for i in report.indicators.iter().filter(|i| !i.table.is_empty()) {
            if indicators.last() != Some(&i.table.as_str()) && !indicators.contains(&i.table.as_str()) {
                indicators.push(&i.table);
            }
        }
        let money = sequences
            .iter()
            .filter(|s| s.table.is_some_and(|t| t.kind == TableKind::BudgetExecution))
            .filter(|s| s.lines.iter().filter(|l| l.role == RowRole::Item).count() >= 2)
            .collect();
        Tables {
            report,
            money,
            indicators,
        }
    }
}

fn enter(
    rule: &'static Rule,
    fig: &Fig<'_>,
    computed: usize,
    words: String,
    sources: Vec<&Source>,
    ledger: &mut Ledger<'_>,
) {
    let computed = Decimal::from(computed);
    let status = if fig.value == computed {
        CheckStatus::Pass
    } else {
        CheckStatus::Fail
    };
    let end = if status == CheckStatus::Pass {
        "相符"
    } else {
        "不符"
    };
    let message = format!(
        "{}{}，{words}{computed}{}，{end}",
        place(&fig.statement.source),
        fig.quoted(),
        fig.unit()
    );
    ledger.add(
        Entry::new(rule, status)
            .severity(Severity::Warning)
            .message(message)
            .numbers(fig.value, computed)
            .tolerance(Decimal::ZERO)
            .unit(fig.statement.unit.as_deref())
            .operands([&fig.statement.source].into_iter().chain(sources)),
    );
}

fn insufficient(rule: &'static Rule, fig: &Fig<'_>, why: &str, ledger: &mut Ledger<'_>) {
    let message = format!("{}{}：{why}，无法核对", place(&fig.statement.source), fig.quoted());
    ledger.add(
        Entry::new(rule, CheckStatus::Insufficient)
            .message(message)
            .stated(fig.value)
            .unit(fig.statement.unit.as_deref())
            .operands([&fig.statement.source]),
    );
}

/// TBL-07.
fn lines(fig: &Fig<'_>, tables: &Tables<'_>, ledger: &mut Ledger<'_>) {
    match &tables.money[..] {
        [] => {}
        [only] => {
            let items: Vec<&Source> = only
                .lines
                .iter()
                .filter(|l| l.role == RowRole::Item)
                .map(|l| &l.source)
                .collect();
            enter(
                &TBL_07,
                fig,
                items.len(),
                format!("{}中明细行数为", only.title()),
                items,
                ledger,
            );
        }
        _ => insufficient(&TBL_07, fig, "预算表不止一张", ledger),
    }
    if let [table] = tables.indicators[..] {
        let mut names = BTreeSet::new();
        let mut cells = Vec::new();
        for i in tables.report.indicators.iter().filter(|i| i.table == table) {
            if let Some(project) = i.project.as_deref()
                && names.insert(bare_name(project))
            {
                cells.push(&i.source);
            }
        }
        // One name is that of the form.
        if names.len() >= 2 {
            enter(
                &TBL_07,
                fig,
                names.len(),
                format!("表{table}中不同的项目名称数为"),
                cells,
                ledger,
            );
        }
    }
}

/// IND-19.
fn indicators(fig: &Fig<'_>, after: &str, clause: &str, tables: &Tables<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    if fig.value < Decimal::ONE {
        return;
    }
    let prose = &words.prose;
    let level = prose
        .levels
        .iter()
        .position(|l| after.starts_with(l.as_str()) || ends(clause, std::slice::from_ref(l), prose));
    let unit = fig.unit();
    if !prose.indicator_units.is(unit) {
        return; // 专项用地指标2375亩
    }
    let told = prose.counts_all.within(clause) || prose.counts_all_ends.end(clause);
    let of_the_form = prose.of_the_form.start(after) || prose.of_the_form.within(clause);
    let plain = level.is_none()
        && (told || of_the_form)
        && (starts(after, &words.counted_indicators) || ends(clause, &words.counted_indicators, prose))
        && !prose.undone.within(clause)
        && !has(clause, &words.of_which);
    if level.is_none() && !plain {
        return;
    }
    let [table] = tables.indicators[..] else {
        if !tables.indicators.is_empty() {
            insufficient(&IND_19, fig, "指标表不止一张", ledger);
        }
        return;
    };
    let rows: Vec<_> = tables.report.indicators.iter().filter(|i| i.table == table).collect();
    let distinct = |name: &dyn Fn(&crate::model::Indicator) -> Option<String>| {
        let mut seen = BTreeSet::new();
        let mut cells = Vec::new();
        for i in &rows {
            if let Some(name) = name(i)
                && seen.insert(name)
            {
                cells.push(&i.source);
            }
        }
        cells
    };
    let bare = |t: &Option<String>| t.as_deref().map(bare_name);
    let cells = match level {
        Some(0) => distinct(&|i| bare(&i.level1)),
        Some(1) => distinct(&|i| bare(&i.level2)),
        _ => rows.iter().map(|i| &i.source).collect(),
    };
    if cells.is_empty() {
        return insufficient(&IND_19, fig, "表中没有这一级的名称", ledger);
    }
    let what = match level {
        Some(level @ (0 | 1)) => prose.levels[level].as_str(),
        _ => "指标行",
    };
    enter(
        &IND_19,
        fig,
        cells.len(),
        format!("表{table}中{what}数为"),
        cells,
        ledger,
    );
}

/// The names of a list, or `None` where it is none: too few, too long, or not complete.
fn names(text: &str, words: &Words) -> Option<Vec<usize>> {
    let bare = bare_name(text);
    let closed = words.prose.list_closers.trim_end(&bare);
    if words.and_so_on.iter().any(|w| closed.ends_with(w.as_str())) {
        return None;
    }
    let parts: Vec<&str> = bare.split('、').filter(|p| !p.is_empty()).collect();
    if parts.len() < 3 || parts.iter().any(|p| p.chars().count() > 24) {
        return None;
    }
    // 、 alone, or with 和, 及 and 与 before the last name.
    let mut possible = vec![parts.len()];
    let last = parts.last()?;
    if words.prose.joiners.within(&last.chars().skip(1).collect::<String>()) {
        possible.push(parts.len() + 1);
    }
    Some(possible)
}

/// TXT-08: 项目立项、绩效目标、…、满意度11个二级指标.
fn listed_before(fig: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let list = fig.clause();
    if fig.start - list.len() < fig.previous {
        return; // 公务用车3辆、执法用车3辆: a list of figures, and not of names
    }
    let Some(possible) = names(list, words) else {
        return;
    };
    judge(fig, &possible, "其前列举的名称为", ledger);
}

/// TXT-08: 3个项目，分别为：甲、乙、丙.
fn listed_after(fig: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let tail = fig.tail();
    let openers = words.prose.list_openers.iter().map(String::as_str);
    let Some((at, word)) = openers.filter_map(|w| tail.find(w).map(|at| (at, w))).min() else {
        return;
    };
    if tail[..at].chars().count() > 8 || tail[..at].contains('、') {
        return;
    }
    let rest = words.prose.list_starts.trim_start(&tail[at + word.len()..]);
    let complete = rest.find(['。', '；', ';', '，', ',']).map(|end| &rest[..end]);
    // A list that runs into the next figure is that figure's business.
    let Some(possible) = complete.and_then(|list| names(list, words)) else {
        return;
    };
    judge(fig, &possible, "其后列举的名称为", ledger);
}

fn judge(fig: &Fig<'_>, possible: &[usize], words: &str, ledger: &mut Ledger<'_>) {
    let Some(stated) = fig
        .value
        .trunc()
        .mantissa()
        .try_into()
        .ok()
        .filter(|_| fig.value.scale() == 0)
    else {
        return;
    };
    let stated: usize = stated;
    let nearest = possible.iter().copied().min_by_key(|n| n.abs_diff(stated)).unwrap_or(0);
    // Far apart: the figure counts something else than the names.
    if nearest.abs_diff(stated) > 2 || stated < 3 || fig.qualified() {
        return;
    }
    enter(&TXT_08, fig, nearest, words.to_owned(), vec![], ledger);
}
