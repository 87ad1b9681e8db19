//! FND: the funding block of a form and relations of budget lines with their rates and points.

mod divisions;
mod rates;
mod sources;

use crate::check::catalogue::rules;
use crate::check::figure::{Figure, compare, compare_interval};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::table::{Column, ColumnKey, Sequence};
use crate::model::{CheckStatus, Measure, Report, RowRole, Severity};
use crate::pattern::Patterns;
use crate::pattern::checks::Limits;
pub use rates::percent_at;
use rust_decimal::Decimal;

rules! {
    /// 检查：资金总额是否等于各来源之和（当年财政拨款+上年结转资金+其他资金等），逐列核对。
    /// 理由：来源与总额不符，说明有资金漏报或重报。
    /// 公式：总额 = Σ“其中”各行；各行全空的列不核对；只列出部分来源时，各行之和不得大于总额。
    /// 容差：金额按本列最多的小数位数取±½·10⁻ᵈ。
    /// 易误报：“其中”只列部分来源；有空白格而其和小于总额时记“无法核对”。
    /// 例：年度资金总额208，当年财政拨款208，其余空白，相符。
    FND_01 = ("FND-01", "资金总额=各来源之和", Error, Implemented);
    /// 检查：每个“其中”行的金额是否不超过它所属的那一行。
    /// 理由：部分不能大于全部。
    /// 公式：其中 ≤ 总额（两者均不为负时）。
    /// 容差：同FND-01。
    /// 易误报：调减为负数的来源。
    /// 例：总额100，其中财政拨款120，不符。
    FND_02 = ("FND-02", "“其中”不超过总额", Error, Implemented);
    /// 检查：表中的执行率是否等于执行数除以预算数。
    /// 理由：执行率直接决定得分，且容易由公式带出旧值。
    /// 公式：执行率 = 全年执行数(B) ÷ 全年预算数(A) × 100%。A为零时执行率可为0%或空白。
    /// 容差：A、B取各自的区间，商的区间与所写的率±½步相交即相符。
    /// 易误报：以年初预算或下达数为分母的地方；本表各行用同一分母且成立时，以该分母为准。
    /// 例：1114.44÷1127.70=98.82%，相符。
    FND_03 = ("FND-03", "执行率复算", Error, Implemented);
    /// 检查：预算执行率的得分是否等于分值乘以执行率（不超过分值）。
    /// 理由：这是财预〔2020〕10号自评表通行的计分办法。
    /// 公式：得分 = min(分值, 分值 × 执行率)。
    /// 容差：得分可四舍五入到0、1或2位小数。
    /// 易误报：按档给分的地方办法；未执行而由主管部门批准不扣分。
    /// 例：分值10，执行率89.97%，得分应为9.00，写9.0，相符。
    FND_04 = ("FND-04", "执行率得分", Warning, Implemented);
    /// 检查：执行数是否不超过预算数。
    /// 理由：超预算执行须有追加或结转的依据。
    /// 公式：执行数 ≤ 全年预算数（没有全年预算数时用表中的预算金额）。
    /// 容差：同FND-01。
    /// 易误报：上年结转未计入预算数；自有资金；项目之间调剂。
    /// 例：预算200万元，支出1020.16万元，超出820.16万元，提醒说明。
    FND_05 = ("FND-05", "执行数不超过预算数", Warning, Implemented);
    /// 检查：资金块“其中”各行是否也填了分值、得分。
    /// 理由：分值只属于总额行，重复填写会重复计分。
    /// 公式：“其中”行的分值、得分应为空或“—”。
    /// 容差：无。
    /// 易误报：无。
    /// 例：“年度资金总额”与“其中：当年财政拨款”两行都填分值10、得分10。
    FND_06 = ("FND-06", "“其中”行重复计分", Warning, Implemented);
    /// 检查：年初预算加追加、减调减是否等于全年（调整后）预算；数字取自正文。
    /// 理由：调整过程与调整结果应当一致。
    /// 公式：全年预算 = 年初预算 + Σ追加 − Σ调减。由TXT-06的加减链核对，另与表中数核对。
    /// 容差：各数半步之和。
    /// 易误报：多次调整只写了主要的；结转资金。
    /// 例：4320+2720.8=7040.8，相符；而表中标“年中追加”的行之和为2000，与2720.8不符，提醒说明。
    FND_07 = ("FND-07", "年初预算与追加", Warning, Implemented);
    /// 检查：年初预算与全年预算相差过大（默认30%）时是否写了原因。
    /// 理由：调整幅度大反映预算编制质量。
    /// 公式：|全年 − 年初| ÷ 年初 × 100% > 界限。
    /// 容差：无；界限见patterns/checks.toml。
    /// 易误报：年中新增项目，年初为零的不算。
    /// 例：年初100，全年150，调整50%。
    FND_08 = ("FND-08", "预算调整幅度", Info, Implemented);
    /// 检查：执行率低于界限（默认90%）时请说明原因。
    /// 理由：多地自评办法要求说明。
    /// 公式：执行数 ÷ 全年预算数 × 100% < 界限。
    /// 容差：无；界限见patterns/checks.toml。
    /// 易误报：原因写在正文而不在表内。
    /// 例：全年预算数100，执行数60，执行率60%。
    FND_09 = ("FND-09", "执行率低", Info, Implemented);
    /// 检查：结转结余是否等于预算（或到位）数减执行数。
    /// 理由：三个数中任一个错都会破坏此式。
    /// 公式：结余 = 预算数 − 执行数，或 到位数 − 执行数；本表各行以同一式成立者为准。
    /// 容差：三数半步之和。
    /// 易误报：结余被财政收回；含上年结转。
    /// 例：到位208，使用208，结余0，相符。
    FND_10 = ("FND-10", "结余=预算−执行", Error, Implemented);
    /// 检查：资金到位率是否等于到位数除以预算数；正文中的由TXT规则按同一公式核对。
    /// 理由：到位率是过程指标，常单独计分。
    /// 公式：到位率 = 到位数 ÷ 预算数 × 100%。
    /// 容差：商的区间。
    /// 易误报：分母为计划数或已下达数。
    /// 例：预算208万元，到位208万元，到位率100%，相符。
    FND_11 = ("FND-11", "到位率复算", Error, Implemented);
    /// 检查：同一总额按收入性质、按支出性质两种划分，是否各自等于总额。
    /// 理由：湖南等地的部门整体自评表把两种划分列在同一块内，不能相加。
    /// 公式：Σ收入性质 = 总额，Σ支出性质（基本支出+项目支出）= 总额。
    /// 容差：同FND-01。
    /// 易误报：只填了一种划分。
    /// 例：总额500；一般公共预算480+其他20；基本支出300+项目支出200，两式都成立。
    FND_12 = ("FND-12", "两种划分同一总额", Error, Implemented);
    /// 检查：同一数量在两处相差恰为10的n次方（n≥3）时，疑为元、万元混用。
    /// 理由：单位错误会使金额差一万倍。
    /// 公式：a = b × 10ⁿ，n ≥ 3。
    /// 容差：无。
    /// 易误报：巧合。
    /// 例：表中写208（万元），正文写2080000万元。
    FND_13 = ("FND-13", "单位量级", Warning, Implemented);
}

/// Examines the budget lines of every table.
pub fn examine(report: &Report, sequences: &[Sequence<'_>], patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let limits = patterns.checks.limits(&report.report);
    divisions::divisions(sequences, ledger);
    for sequence in sequences {
        sources::sources(sequence, ledger);
        rates::examine(sequence, &limits, ledger);
        points(sequence, ledger);
        over_budget(sequence, ledger);
        balances(sequence, ledger);
        adjustments(sequence, &limits, ledger);
    }
}

fn column<'a, 's>(sequence: &'s Sequence<'a>, measures: &[Measure]) -> Option<&'s Column<'a>> {
    let find = |m: &Measure| sequence.columns.iter().find(|c| c.key == ColumnKey::Measure(*m));
    measures.iter().find_map(find)
}

const EXECUTED: [Measure; 3] = [Measure::Actual, Measure::FinalAccounts, Measure::InterimActual];
const BASES: [Measure; 4] = [
    Measure::AdjustedBudget,
    Measure::Budget,
    Measure::Allocated,
    Measure::InitialBudget,
];

/// FND-04 and FND-06: points of the funding block.
fn points<'a>(sequence: &Sequence<'a>, ledger: &mut Ledger<'_>) {
    let (Some(weight), Some(score)) = (
        column(sequence, &[Measure::Weight]),
        column(sequence, &[Measure::Score]),
    ) else {
        return;
    };
    for (row, line) in sequence.lines.iter().enumerate() {
        let figure = |c: &Column<'a>| {
            let cell = c.cells[row]?;
            Some((cell.value?, cell.source))
        };
        if line.role == RowRole::OfWhich {
            let filled: Vec<_> = [figure(weight), figure(score)].into_iter().flatten().collect();
            if let Some((value, _)) = filled.first().filter(|(v, _)| !v.is_zero()) {
                let message = format!(
                    "{}第{}行“{}”：“其中”行也填了分值或得分（{value}），只应由总额行计分",
                    sequence.title(),
                    line.row + 1,
                    line.name
                );
                ledger.add(
                    Entry::new(&FND_06, CheckStatus::Fail)
                        .message(message)
                        .stated(*value)
                        .unit(Some("分"))
                        .operands(filled.iter().map(|(_, s)| *s)),
                );
            }
            continue;
        }
        let (Some((w, w_at)), Some((s, s_at))) = (figure(weight), figure(score)) else {
            continue;
        };
        // 满分 ∣ 得分 of a whole project in a summary: all the points are not those of the execution.
        if w >= Decimal::ONE_HUNDRED {
            continue;
        }
        let rate = column(sequence, &[Measure::ExecutionRate])
            .and_then(|c| rates::rate_of(c, row, rates::holds_fractions(sequence, c)));
        let figures = || {
            let executed = column(sequence, &EXECUTED)?.figure(row)?;
            let base = column(sequence, &BASES[..2])?.figure(row)?;
            Some((executed, base))
        };
        let (span, exact, sources) = match (rate, figures()) {
            (Some(rate), _) => {
                let Some(span) = rate.interval() else { continue };
                (span, Rational::from(rate.value), vec![rate.source])
            }
            (None, Some((part, whole))) => {
                let share = |a: Interval, b: Interval| a.share(b);
                let (Some(span), Some(exact)) = (
                    part.interval().zip(whole.interval()).and_then(|(a, b)| share(a, b)),
                    share(Interval::point(part.value.into()), Interval::point(whole.value.into())),
                ) else {
                    continue;
                };
                (span, exact.low, vec![part.source, whole.source])
            }
            (None, None) => continue,
        };
        let hundred = Rational::whole(100);
        let cap = |r: Rational| r.min(hundred).over(hundred).and_then(|r| r.times(w.into()));
        let (Some(low), Some(high), Some(expected)) = (cap(span.low), cap(span.high), cap(exact)) else {
            continue;
        };
        // Scores are rounded to the decimals that they show.
        let stated = Figure::rounded(s, s.scale(), s_at);
        let Some(outcome) = compare_interval(&stated, expected, Interval { low, high }) else {
            continue;
        };
        let message = format!(
            "{}：{}“{}”得分写{s}分，分值{w}×执行率{}%（不超过分值）为{}分，{}",
            sequence.title(),
            place(s_at),
            line.name,
            exact.rounded(2).unwrap_or_default().normalize(),
            outcome.computed,
            verdict(outcome.status, outcome.difference, outcome.tolerance, "分")
        );
        ledger.add(
            Entry::new(&FND_04, outcome.status)
                .message(message)
                .numbers(s, outcome.computed)
                .tolerance(outcome.tolerance)
                .unit(Some("分"))
                .operands([s_at, w_at].into_iter().chain(sources)),
        );
    }
}

/// FND-05.
fn over_budget(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let (Some(executed), Some(base)) = (column(sequence, &EXECUTED), column(sequence, &BASES[..3])) else {
        return;
    };
    if executed.unit != base.unit || executed.in_yuan != base.in_yuan || sequence.is_income() {
        return;
    }
    for (row, line) in sequence.lines.iter().enumerate() {
        let (Some(a), Some(b)) = (executed.figure(row), base.figure(row)) else {
            continue;
        };
        let slack = a.half + b.half;
        let over = a.value - b.value;
        // 年终结余: what is left over was not spent.
        let left = sequence.patterns.checks.words.tables.left_over.within(&line.name)
            && line.role != RowRole::OfWhich
            && !sequence.patterns.forms.is_funding_source(&line.name);
        if left || (b.value.is_zero() && a.value.is_zero()) {
            continue;
        }
        let status = if over <= Decimal::ZERO {
            CheckStatus::Pass
        } else if over <= slack {
            CheckStatus::Rounding
        } else {
            CheckStatus::Fail
        };
        let unit = executed.unit.unwrap_or("");
        let words = match status {
            CheckStatus::Fail => format!("超出{over}{unit}，请说明依据"),
            _ => "未超出".to_owned(),
        };
        let message = format!(
            "{}“{}”：{}“{}”{}{unit}，{}“{}”{}{unit}，{words}",
            sequence.title(),
            line.name,
            place(a.source),
            executed.header,
            a.value,
            place(b.source),
            base.header,
            b.value,
        );
        // Lines of one fund are moved among each other; a total over its budget is the stronger sign.
        let severity = if line.role == RowRole::Total {
            Severity::Warning
        } else {
            Severity::Info
        };
        ledger.add(
            Entry::new(&FND_05, status)
                .severity(severity)
                .message(message)
                .numbers(b.value, a.value)
                .tolerance(slack)
                .unit(executed.unit)
                .operands([b.source, a.source]),
        );
    }
}

/// FND-10.
fn balances<'a>(sequence: &Sequence<'a>, ledger: &mut Ledger<'_>) {
    let (Some(balance), Some(executed)) = (column(sequence, &[Measure::Balance]), column(sequence, &EXECUTED)) else {
        return;
    };
    let look = |base: &Column<'a>, row: usize| {
        let (left, spent, had) = (balance.figure(row)?, executed.figure(row)?, base.figure(row)?);
        if base.unit != executed.unit || balance.unit != executed.unit {
            return None;
        }
        let computed = had.value.checked_sub(spent.value)?;
        let outcome = compare(left.value, computed, left.half + spent.half + had.half)?;
        Some((left, spent, had, outcome))
    };
    let rows = 0..sequence.lines.len();
    let mut best: Option<(&Column<'a>, usize, usize)> = None;
    for base in BASES.iter().filter_map(|m| column(sequence, &[*m])) {
        let outcomes: Vec<_> = rows.clone().filter_map(|row| look(base, row)).collect();
        let holds = outcomes.iter().filter(|(.., o)| o.status != CheckStatus::Fail).count();
        if best.is_none_or(|(_, h, _)| holds > h) {
            best = Some((base, holds, outcomes.len()));
        }
    }
    let Some((base, holds, examined)) = best else {
        return;
    };
    for row in rows {
        let Some((left, spent, had, outcome)) = look(base, row) else {
            continue;
        };
        // Without a row that bears the formula out, the balance may hold what was carried over.
        let status = match outcome.status {
            CheckStatus::Fail if holds * 2 < examined => CheckStatus::Insufficient,
            status => status,
        };
        let unit = balance.unit.unwrap_or("");
        let message = format!(
            "{}：{}“{}”结余写{}{unit}，“{}”{}减“{}”{}为{}{unit}，{}",
            sequence.title(),
            place(left.source),
            sequence.lines[row].name,
            left.value,
            base.header,
            had.value,
            executed.header,
            spent.value,
            outcome.computed,
            verdict(status, outcome.difference, outcome.tolerance, unit)
        );
        ledger.add(
            Entry::new(&FND_10, status)
                .message(message)
                .numbers(left.value, outcome.computed)
                .tolerance(outcome.tolerance)
                .unit(balance.unit)
                .operands([left.source, had.source, spent.source]),
        );
    }
}

/// FND-08.
fn adjustments(sequence: &Sequence<'_>, limits: &Limits, ledger: &mut Ledger<'_>) {
    let initial = column(sequence, &[Measure::InitialBudget]);
    let adjusted = column(sequence, &[Measure::AdjustedBudget]);
    let (Some(initial), Some(adjusted)) = (initial, adjusted) else {
        return;
    };
    for (row, line) in sequence.lines.iter().enumerate() {
        let (Some(a), Some(b)) = (initial.figure(row), adjusted.figure(row)) else {
            continue;
        };
        if line.role != RowRole::Total || a.value <= Decimal::ZERO || initial.unit != adjusted.unit {
            continue;
        }
        let growth = Rational::from(b.value)
            .over(a.value.into())
            .and_then(|r| r.minus(Rational::ONE))
            .and_then(|r| r.times(Rational::whole(100)));
        let Some(shown) = growth
            .and_then(|g| g.rounded(2))
            .filter(|g| g.abs() > limits.adjustment_percent)
        else {
            continue;
        };
        let limit = limits.adjustment_percent.normalize();
        let message = format!(
            "{}“{}”：{}年初预算{}，{}全年预算{}，调整{shown}%，幅度超过{limit}%，请说明原因",
            sequence.title(),
            line.name,
            place(a.source),
            a.value,
            place(b.source),
            b.value
        );
        ledger.add(
            Entry::new(&FND_08, CheckStatus::Fail)
                .message(message)
                .threshold(shown, limit)
                .unit(Some("%"))
                .operands([a.source, b.source]),
        );
    }
}
