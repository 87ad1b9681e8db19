//! Stated figures and the interval that each stands for (exact, rounded, qualified).

use super::interval::{Interval, Rational, half_step};
use crate::model::{CheckStatus, Source};
use rust_decimal::Decimal;

/// A stated figure: its value, what rounding leaves open on either side, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    /// As stated, in the unit of the relation.
    pub value: Decimal,
    /// Half step: 0 for exact figures.
    pub half: Decimal,
    /// Place.
    pub source: &'a Source,
}

impl<'a> Figure<'a> {
    /// A figure rounded to `decimals`.
    pub fn rounded(value: Decimal, decimals: u32, source: &'a Source) -> Self {
        Figure {
            value,
            half: half(decimals),
            source,
        }
    }

    /// A figure without rounding: points, counts.
    pub fn exact(value: Decimal, source: &'a Source) -> Self {
        Figure {
            value,
            half: Decimal::ZERO,
            source,
        }
    }

    /// What the figure stands for.
    pub fn interval(&self) -> Option<Interval> {
        Interval::around(self.value.into(), self.half.into())
    }
}

/// A number that takes part in arithmetic: below 10¹⁸ and with at most ten decimals. What a report means is far inside;
/// beyond it a hostile file could overflow a sum.
pub fn sane(value: Decimal) -> Option<Decimal> {
    (value.abs() < Decimal::from(1_000_000_000_000_000_000u64) && value.scale() <= 10).then_some(value)
}

/// `½·10⁻ᵈ`.
pub fn half(decimals: u32) -> Decimal {
    half_step(decimals.min(20)).decimal(21).unwrap_or(Decimal::ZERO)
}

/// A comparison of a stated figure with what follows from others.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Pass, rounding or fail.
    pub status: CheckStatus,
    /// What follows from the operands.
    pub computed: Decimal,
    /// Stated less computed.
    pub difference: Decimal,
    /// Largest difference that rounding allows.
    pub tolerance: Decimal,
}

/// Whether a total is the sum of its items; `None` when the figures do not fit.
pub fn compare_sum<'a>(total: &Figure<'_>, items: impl IntoIterator<Item = &'a Figure<'a>>) -> Option<Outcome> {
    let mut computed = Decimal::ZERO;
    let mut tolerance = total.half;
    for item in items {
        computed = computed.checked_add(item.value)?;
        tolerance = tolerance.checked_add(item.half)?;
    }
    compare(total.value, computed, tolerance)
}

/// Compares two numbers under a tolerance.
pub fn compare(stated: Decimal, computed: Decimal, tolerance: Decimal) -> Option<Outcome> {
    let difference = stated.checked_sub(computed)?;
    let status = if difference.is_zero() {
        CheckStatus::Pass
    } else if difference.abs() <= tolerance {
        CheckStatus::Rounding
    } else {
        CheckStatus::Fail
    };
    Some(Outcome {
        status,
        computed,
        difference,
        tolerance,
    })
}

/// Compares a stated figure with an interval that follows from others; `exact` is the value without rounding.
/// The computed value is shown with the decimals of the stated one, with one more where that would hide the difference.
pub fn compare_interval(stated: &Figure<'_>, exact: Rational, span: Interval) -> Option<Outcome> {
    let decimals = stated.value.scale();
    let mut computed = exact.rounded(decimals)?;
    let meets = stated.interval()?.meets(span);
    if !meets && computed == stated.value {
        computed = exact.rounded(decimals + 2)?;
    }
    let status = if meets && (computed == stated.value) {
        CheckStatus::Pass
    } else if meets {
        CheckStatus::Rounding
    } else {
        CheckStatus::Fail
    };
    // Rounded up, so that what is printed never denies what was decided.
    let slack = span.half()?.plus(stated.half.into())?;
    let shown = slack.rounded(decimals + 3)?;
    let shown = if Rational::from(shown) < slack {
        shown.checked_add(Decimal::new(1, decimals + 3))?
    } else {
        shown
    };
    Some(Outcome {
        status,
        computed,
        difference: stated.value.checked_sub(computed)?,
        tolerance: shown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn sums_pass_round_and_fail() {
        let source = Source::default();
        let figure = |t: &str| Figure::rounded(dec(t), 2, &source);
        let items = [figure("1.01"), figure("2.02")];
        for (total, status) in [
            ("3.03", CheckStatus::Pass),
            ("3.04", CheckStatus::Rounding),
            ("3.05", CheckStatus::Fail),
        ] {
            assert_eq!(compare_sum(&figure(total), &items).unwrap().status, status, "{total}");
        }
    }

    #[test]
    fn exact_figures_have_no_slack() {
        let source = Source::default();
        let figure = |t: &str| Figure::exact(dec(t), &source);
        let items = [figure("64"), figure("30")];
        assert_eq!(compare_sum(&figure("96"), &items).unwrap().status, CheckStatus::Fail);
    }
}
