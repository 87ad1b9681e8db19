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
        if !both || lost.sentence != got.sentence || !is_lost(lost, words) || !is_got(got, words) {
            continue;
        }
        let weight = lost.value + got.value;
        // Points of the item: told in the same sentence, or those of an indicator of the form.
        let (points, full) = item(paragraph.sentence(lost.sentence), lost, words);
        if let Some(full) = full {
            let status = if full.value == points + got.value {
                CheckStatus::Pass
            } else {
                CheckStatus::Fail
            };
            enter_deduction(
                (lost, points),
                got,
                full.value,
                status,
                &[&full.statement.source],
                ledger,
            );
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
                enter_deduction((lost, lost.value), got, weight, CheckStatus::Pass, &cells, ledger);
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
                    enter_deduction((lost, lost.value), got, full, CheckStatus::Fail, &cells, ledger);
                }
            }
        }
    }
}

fn is_lost(fig: &Fig<'_>, words: &PointWords) -> bool {
    words.lost_ends.end(fig.clause().trim_end()) || words.lost.within(fig.clause())
}

fn is_got(fig: &Fig<'_>, words: &PointWords) -> bool {
    words.got.within(fig.clause()) || words.got_ends.end(fig.clause().trim_end())
}

/// What an item lost up to a figure, and its full points: what stands nearest before, unless it is what another item got.
/// 指标一满分50分，扣2分，得48分；指标二30分，扣1分、2分，得27分.
fn item<'s, 'a>(sentence: &'s [Fig<'a>], lost: &Fig<'_>, words: &PointWords) -> (Decimal, Option<&'s Fig<'a>>) {
    let mut points = lost.value;
    let before = |f: &&Fig<'_>| f.dimension() == Some(Dimension::Score) && f.start < lost.start;
    for fig in sentence.iter().rev().filter(before) {
        if words.full_in_prose.within(fig.clause()) {
            return (points, Some(fig));
        }
        if is_lost(fig, words) {
            points = points.checked_add(fig.value).unwrap_or(points);
        } else {
            return (points, Some(fig).filter(|f| !is_got(f, words)));
        }
    }
    (points, None)
}

fn enter_deduction(
    (lost, points): (&Fig<'_>, Decimal),
    got: &Fig<'_>,
    full: Decimal,
    status: CheckStatus,
    cells: &[&Source],
    ledger: &mut Ledger<'_>,
) {
    let computed = full - points;
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
        points
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
