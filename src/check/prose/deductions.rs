//! SCR-08 in prose: points of an item, points lost and points got.

use super::text::{Dimension, Fig, Paragraph};
use crate::check::figure::sane;
use crate::check::ledger::{Entry, Ledger, place};
use crate::check::score::SCR_08;
use crate::model::{CheckStatus, Indicator, Report, Source};
use crate::pattern::checks::PointWords;
use rust_decimal::Decimal;

/// SCR-08 in prose: 扣2分，该指标得分3分.
pub(super) fn deductions(report: &Report, paragraph: &Paragraph<'_>, words: &PointWords, ledger: &mut Ledger<'_>) {
    for pair in paragraph.figs.windows(2) {
        let [lost, got] = pair else { continue };
        let both = lost.dimension() == Some(Dimension::Score) && got.dimension() == Some(Dimension::Score);
        let told = words.lost_ends.end(lost.clause().trim_end()) || words.lost.within(lost.clause());
        if !both
            || lost.sentence != got.sentence
            || !told
            || !(words.got.within(got.clause()) || words.got_ends.end(got.clause().trim_end()))
        {
            continue;
        }
        let weight = lost.value + got.value;
        // Points of the item: told in the same sentence, or those of an indicator of the form.
        let before = paragraph.sentence(lost.sentence).iter().find(|f| {
            f.dimension() == Some(Dimension::Score) && f.start < lost.start && words.full_in_prose.within(f.clause())
        });
        if let Some(full) = before {
            let status = if full.value == weight {
                CheckStatus::Pass
            } else {
                CheckStatus::Fail
            };
            enter_deduction(lost, got, full.value, status, &[&full.statement.source], ledger);
            continue;
        }
        let points: Vec<&Indicator> = report
            .indicators
            .iter()
            .filter(|i| i.weight.is_some() && i.score.is_some())
            .collect();
        if points.is_empty() {
            continue;
        }
        let fits = points
            .iter()
            .find(|i| i.weight.is_some_and(|w| w.0 == weight) && i.score.is_some_and(|s| s.0 == got.value));
        match fits {
            Some(i) => {
                let cells: Vec<&Source> = [i.weight_source.as_ref(), i.score_source.as_ref()]
                    .into_iter()
                    .flatten()
                    .collect();
                enter_deduction(lost, got, weight, CheckStatus::Pass, &cells, ledger);
            }
            // No indicator gives that many points: the nearest that lost as many, or got as many.
            None => {
                let near = points.iter().find(|i| {
                    let (w, s) = (
                        i.weight.and_then(|w| sane(w.0)).unwrap_or_default(),
                        i.score.and_then(|s| sane(s.0)).unwrap_or_default(),
                    );
                    s < w && (s == got.value || w - s == lost.value)
                });
                if let Some(i) = near {
                    let cells: Vec<&Source> = [i.weight_source.as_ref(), i.score_source.as_ref()]
                        .into_iter()
                        .flatten()
                        .collect();
                    let full = i.weight.and_then(|w| sane(w.0)).unwrap_or(weight);
                    enter_deduction(lost, got, full, CheckStatus::Fail, &cells, ledger);
                }
            }
        }
    }
}

fn enter_deduction(
    lost: &Fig<'_>,
    got: &Fig<'_>,
    full: Decimal,
    status: CheckStatus,
    cells: &[&Source],
    ledger: &mut Ledger<'_>,
) {
    let computed = full - lost.value;
    let words = if status == CheckStatus::Pass {
        "相符"
    } else {
        "不符"
    };
    let message = format!(
        "{}{}，得分{}分；分值{full}分扣{}分为{computed}分，{words}",
        place(&lost.statement.source),
        lost.quoted(),
        got.value,
        lost.value
    );
    ledger.add(
        Entry::new(&SCR_08, status)
            .message(message)
            .numbers(
                got.value,
                if status == CheckStatus::Pass {
                    got.value
                } else {
                    computed
                },
            )
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands(
                [&got.statement.source, &lost.statement.source]
                    .into_iter()
                    .chain(cells.iter().copied()),
            ),
    );
}
