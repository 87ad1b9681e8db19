//! Rates told as fractions: 0.958 under 执行率 is 95.8 %, and 1 is 100 %, where the amounts of the rows bear it out. The value
//! stays as the report writes it; `percent` beside it says what it is.
//!
//! A unit in the cell or in the heading wins: 0.96 under 执行率（%） is 0.96 %. Without one each row with an amount and its base
//! is a witness. Where the witnesses agree, the column is of fractions; where some cells stand in per cent, each cell needs a
//! witness of its own. What nothing decides stays as it is written, and that is said.

use crate::model::{BudgetLine, Exact, Measure, Source, Warning};
use rust_decimal::Decimal;

/// What a rate is the quotient of: part and whole, the likeliest first.
const PARTS: [(Measure, &[(Measure, Measure)]); 2] = [
    (
        Measure::ExecutionRate,
        &[
            (Measure::Actual, Measure::AdjustedBudget),
            (Measure::Actual, Measure::Budget),
            (Measure::Actual, Measure::InitialBudget),
            (Measure::Actual, Measure::Allocated),
            (Measure::FinalAccounts, Measure::AdjustedBudget),
            (Measure::FinalAccounts, Measure::Budget),
            (Measure::FinalAccounts, Measure::InitialBudget),
            (Measure::InterimActual, Measure::AdjustedBudget),
            (Measure::InterimActual, Measure::Budget),
            (Measure::InterimActual, Measure::InitialBudget),
        ],
    ),
    (Measure::ChangeRate, &[(Measure::Change, Measure::PriorYear)]),
];

/// What the amounts of its row say of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Witness {
    Fraction,
    Percent,
    /// It is neither, or nothing stands beside it.
    Silent,
}

/// Settles the rates of the lines of one section.
pub(super) fn settle(lines: &mut [BudgetLine], warnings: &mut Vec<Warning>) {
    for (measure, quotients) in PARTS {
        let rates: Vec<(usize, Decimal, Witness)> = lines
            .iter()
            .enumerate()
            .filter_map(|(row, line)| {
                let rate = bare_rate(line, measure)?;
                Some((row, rate, witness(line, rate, quotients)))
            })
            .collect();
        let told = |witness: Witness| rates.iter().filter(|(.., w)| *w == witness).count();
        let small = |rate: &Decimal| rate.abs() <= Decimal::TWO;
        let all_small = rates.iter().all(|(_, rate, _)| small(rate));
        // One heading, one way of telling: unless some of its cells cannot be fractions.
        let whole_column = all_small && told(Witness::Fraction) > 0 && told(Witness::Percent) == 0;
        let mut open: Vec<usize> = Vec::new();
        for (row, rate, witness) in &rates {
            match witness {
                Witness::Fraction => turn(&mut lines[*row], measure),
                Witness::Silent if whole_column => turn(&mut lines[*row], measure),
                // Nothing decides: of several small cells, or of one among those that are told in both ways.
                Witness::Silent if small(rate) && !rate.is_zero() && told(Witness::Percent) == 0 => open.push(*row),
                Witness::Silent if small(rate) && !rate.is_zero() && told(Witness::Fraction) > 0 => open.push(*row),
                _ => {}
            }
        }
        say(&open, lines, measure, warnings);
    }
}

/// A rate that states no unit.
fn bare_rate(line: &BudgetLine, measure: Measure) -> Option<Decimal> {
    let rate = line.amounts.get(&measure).filter(|rate| rate.unit.is_none())?;
    rate.value.map(|value| value.0)
}

fn half(value: Decimal) -> Decimal {
    Decimal::new(5, value.scale().min(27) + 1)
}

/// Whether a rate, or a hundred times it, is the quotient of the amounts beside it, within what their decimals leave open.
fn witness(line: &BudgetLine, rate: Decimal, quotients: &[(Measure, Measure)]) -> Witness {
    let value = |measure: &Measure| line.amounts.get(measure)?.value.map(|v| v.0);
    let unit = |measure: &Measure| line.amounts.get(measure).and_then(|a| a.unit.as_deref());
    let near = |percent: Decimal, slack: Decimal, part: &Measure, whole: &Measure| -> Option<bool> {
        let same = unit(part) == unit(whole);
        let (part, whole) = (value(part).filter(|_| same)?, value(whole)?);
        let quotient = part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
        // What the decimals of part and whole leave open, as a share of the quotient.
        let open = half(part)
            .checked_div(part.abs())?
            .checked_add(half(whole).checked_div(whole.abs())?)?;
        let open = quotient.abs().checked_mul(open)?.checked_add(slack)?;
        Some((percent - quotient).abs() <= open)
    };
    let any = |percent: Decimal, slack: Decimal| {
        let holds = |(part, whole): &(Measure, Measure)| near(percent, slack, part, whole) == Some(true);
        quotients.iter().any(holds)
    };
    if rate.is_zero() {
        return Witness::Silent;
    }
    let Some(hundredfold) = rate.checked_mul(Decimal::ONE_HUNDRED) else {
        return Witness::Silent;
    };
    // A rate that was cut off lies up to a whole step below the quotient.
    let step = half(rate) * Decimal::TWO;
    // A whole number tells the share to a point: 1 is 100 %, not anything from 50 to 150.
    let slack = (step * Decimal::ONE_HUNDRED).min(match rate.scale() {
        0 => half(Decimal::ONE),
        _ => Decimal::from(10),
    });
    match (any(hundredfold, slack), any(rate, step)) {
        (true, false) => Witness::Fraction,
        (false, true) => Witness::Percent,
        _ => Witness::Silent,
    }
}

/// 0.958 is 95.8 %; the number that the report writes stays.
fn turn(line: &mut BudgetLine, measure: Measure) {
    let Some(rate) = line.amounts.get_mut(&measure) else {
        return;
    };
    let Some(value) = rate.value else { return };
    let scale = value.0.scale();
    let Some(mut percent) = value.0.checked_mul(Decimal::ONE_HUNDRED) else {
        return;
    };
    // The decimals that were written, two places further on.
    percent.rescale(scale.saturating_sub(2));
    rate.percent = Some(Exact(percent));
}

fn say(open: &[usize], lines: &[BudgetLine], measure: Measure, warnings: &mut Vec<Warning>) {
    let rates: Vec<_> = open
        .iter()
        .filter_map(|row| lines[*row].amounts.get(&measure))
        .collect();
    let Some(first) = rates.first() else { return };
    let texts: Vec<&str> = rates.iter().take(8).map(|rate| rate.raw.as_str()).collect();
    let message = format!(
        "“{}”等{}个比率没有写%，也没有数可以印证是小数还是百分数，按原样保留：{}",
        first.raw,
        rates.len(),
        texts.join("、")
    );
    let source: Source = first.source.clone();
    warnings.push(Warning::new("rate_unclear", message, source));
}

#[cfg(test)]
mod tests {
    use crate::model::Measure;
    use crate::pattern::Patterns;

    /// Rates in per cent of lines with these budgets, outlays and rates, and whether something was said of them.
    fn percents(heading: &str, rows: &[(&str, &str, &str)]) -> (Vec<Option<String>>, bool) {
        let mut text = format!("预算安排及使用情况表\n单位：万元\n项目名称\t全年预算数\t全年执行数\t{heading}\n");
        for (row, (budget, spent, rate)) in rows.iter().enumerate() {
            let name = ["路面养护", "桥涵维修", "安全设施", "排水清淤"][row];
            text.push_str(&format!("{name}\t{budget}\t{spent}\t{rate}\n"));
        }
        let report = crate::extract(text.as_bytes(), "a.txt", &Patterns::builtin().unwrap()).unwrap();
        let rate = |line: &crate::model::BudgetLine| {
            let rate = &line.amounts[&Measure::ExecutionRate];
            rate.percent.map(|p| p.to_string())
        };
        let said = report.warnings.iter().any(|w| w.code == "rate_unclear");
        (report.budgets.iter().map(rate).collect(), said)
    }

    #[test]
    fn fractions_are_told_by_the_amounts() {
        let full = [
            ("820.00", "810.50", "0.9884"),
            ("380.00", "371.20", "0.977"),
            ("300.00", "300.00", "1"),
        ];
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            percents("执行率", &full),
            (vec![some("98.84"), some("97.7"), some("100")], false)
        );
        // One that is wrong is a fraction all the same.
        let wrong = [
            ("820.00", "810.50", "0.9884"),
            ("380.00", "371.20", "0.9768"),
            ("300.00", "285.00", "0.90"),
        ];
        assert_eq!(percents("执行率", &wrong).0[2], some("90"));
        // The heading states the unit; so do the amounts.
        let small = [
            ("820.00", "7.87", "0.96"),
            ("380.00", "1.90", "0.50"),
            ("300.00", "3.00", "1"),
        ];
        assert_eq!(percents("执行率（%）", &small), (vec![None, None, None], false));
        assert_eq!(percents("执行率", &small), (vec![None, None, None], false));
        // A 1 among rates in per cent is what its own row says.
        let mixed = [
            ("820.00", "810.50", "98.84"),
            ("380.00", "371.20", "97.68"),
            ("300.00", "300.00", "1"),
        ];
        assert_eq!(percents("执行率", &mixed), (vec![None, None, some("100")], false));
        let mixed = [
            ("820.00", "810.50", "98.84"),
            ("380.00", "371.20", "97.68"),
            ("300.00", "3.00", "1"),
        ];
        assert_eq!(percents("执行率", &mixed), (vec![None, None, None], false));
        // Nothing decides.
        let open = [
            ("820.00", "", "0.9884"),
            ("380.00", "", "0.9768"),
            ("300.00", "", "0.95"),
        ];
        assert_eq!(percents("执行率", &open), (vec![None, None, None], true));
        let open = [
            ("820.00", "810.50", "0.9884"),
            ("380.00", "371.20", "97.68"),
            ("300.00", "", "0.5"),
        ];
        assert_eq!(percents("执行率", &open), (vec![some("98.84"), None, None], true));
    }
}
