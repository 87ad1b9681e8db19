//! SCR-06: grade against score, by the report's own bands where it prints them.

use super::SCR_06;
use crate::check::figure::sane;
use crate::check::ledger::{Entry, Ledger, place};
use crate::model::{CheckStatus, Report, Score, ScoreKind, Severity, Source};
use crate::pattern::Patterns;
use crate::text::fold::fold;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// A band: the grade and the lowest score that earns it.
type Bands = Vec<(String, Decimal)>;

/// Compares each grade with the score that it belongs to.
pub fn examine(report: &Report, patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let printed = printed_bands(report, patterns);
    let (bands, basis) = match &printed {
        Some((bands, source)) => (bands.clone(), Some(*source)),
        None => {
            let own = patterns.checks.grades(&report.report);
            (own.iter().map(|b| (b.grade.clone(), b.from.0)).collect(), None)
        }
    };
    for score in report
        .scores
        .iter()
        .filter(|s| matches!(s.kind, ScoreKind::Total | ScoreKind::Self_))
    {
        let Some(grade) = score.grade.as_deref() else {
            continue;
        };
        let Some((value, full, source)) = value_of(report, score) else {
            continue;
        };
        let grade = patterns.checks.grade_of(grade.trim());
        if !bands.iter().any(|(name, _)| name == grade) {
            continue; // a grade of another scale
        }
        // Bands are printed for 100 points.
        let scaled = match full {
            Some(full) if full > Decimal::ZERO && full != Decimal::ONE_HUNDRED => {
                let Some(scaled) = value
                    .checked_mul(Decimal::ONE_HUNDRED)
                    .and_then(|v| v.checked_div(full))
                else {
                    continue;
                };
                scaled
            }
            _ => value,
        };
        if scaled > Decimal::ONE_HUNDRED || scaled < Decimal::ZERO {
            continue;
        }
        let Some((expected, _)) = bands.iter().find(|(_, from)| scaled >= *from) else {
            continue;
        };
        let status = if expected == grade {
            CheckStatus::Pass
        } else {
            CheckStatus::Fail
        };
        let by = if basis.is_some() {
            "按报告所印档次"
        } else {
            "按通行档次"
        };
        let words = if status == CheckStatus::Pass {
            "相符"
        } else {
            "不符"
        };
        let message = format!(
            "{}等级写“{grade}”，{}得分{value}分，{by}应为“{expected}”，{words}",
            place(&score.source),
            place(source)
        );
        // Without bands of the report's own, another scale may be meant.
        let severity = if basis.is_some() {
            Severity::Error
        } else {
            Severity::Warning
        };
        ledger.add(
            Entry::new(&SCR_06, status)
                .severity(severity)
                .message(message)
                .words(grade, expected)
                .operands([&score.source, source].into_iter().chain(basis)),
        );
    }
}

/// The score that a grade belongs to: its own, else the one total of the same table or report.
fn value_of<'a>(report: &'a Report, score: &'a Score) -> Option<(Decimal, Option<Decimal>, &'a Source)> {
    let parts = |s: &'a Score| Some((sane(s.value?.0)?, s.full.and_then(|f| sane(f.0)), &s.source));
    if score.value.is_some() {
        return parts(score);
    }
    let same_place = |s: &&Score| s.value.is_some() && s.table == score.table && s.project == score.project;
    let same = report
        .scores
        .iter()
        .filter(|s| s.kind == ScoreKind::Total)
        .find(same_place);
    // The points of sections and of the execution rate are no totals.
    let whole = |s: &&Score| matches!(s.kind, ScoreKind::Total | ScoreKind::Self_);
    let wholes = || report.scores.iter().filter(whole);
    let values: BTreeSet<Decimal> = wholes().filter_map(|s| Some(s.value?.0)).collect();
    // Of the grades of several projects the one total of the report is none's own.
    let of_others = wholes().any(|s| s.grade.is_some() && s.project != score.project);
    let only = || wholes().find(|s| s.value.is_some() && values.len() == 1 && !of_others);
    same.or_else(only).and_then(parts)
}

/// Bands that the report prints: “100-90（含）分为优、90-80（含）分为良、80-60（含）分为中、60分以下为差”.
fn printed_bands<'a>(report: &'a Report, patterns: &Patterns) -> Option<(Bands, &'a Source)> {
    let mut last: Option<&str> = None;
    for statement in &report.statements {
        let text = statement.source.text.as_deref().unwrap_or("");
        if last == Some(text) {
            continue;
        }
        last = Some(text);
        if let Some(bands) = parse_bands(text, patterns) {
            return Some((bands, &statement.source));
        }
    }
    None
}

fn parse_bands(text: &str, patterns: &Patterns) -> Option<Bands> {
    let folded = fold(text);
    let (best, worst) = patterns.checks.extremes()?;
    if !folded.contains(best) || !folded.contains(worst) {
        return None;
    }
    let words = &patterns.checks.words.points;
    let mut bands: Bands = Vec::new();
    for part in folded.split(['、', ',', '，', ';', '；', '。']) {
        let Some((before, after)) = words.band_is.iter().find_map(|w| part.rsplit_once(w.as_str())) else {
            continue;
        };
        let word: String = after.chars().filter(|c| !"“”\"‘’「」".contains(*c)).collect();
        let word = words.band_ends.trim_end(&word);
        let grade = patterns.checks.grade_of(word);
        let numbers = numbers_in(before);
        let Some(lowest) = numbers.iter().min() else {
            continue;
        };
        let below = words.band_below.within(before);
        let from = if below && numbers.len() == 1 {
            Decimal::ZERO
        } else {
            *lowest
        };
        if grade.chars().count() > 4 || grade.is_empty() {
            continue;
        }
        bands.push((grade.to_owned(), from));
    }
    let falling = bands.windows(2).all(|pair| pair[0].1 > pair[1].1);
    let known = bands.iter().any(|(g, _)| g == best) && bands.iter().all(|(_, from)| *from <= Decimal::ONE_HUNDRED);
    (bands.len() >= 3 && falling && known).then_some(bands)
}

fn numbers_in(text: &str) -> Vec<Decimal> {
    let mut out = Vec::new();
    let mut current = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() || (c == '.' && !current.is_empty()) {
            current.push(c);
        } else if !current.is_empty() {
            out.extend(Decimal::from_str_exact(current.trim_end_matches('.')));
            current.clear();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_bands_are_read() {
        let patterns = Patterns::builtin().unwrap();
        let bands = |text: &str| {
            parse_bands(text, &patterns).map(|b| b.iter().map(|(g, f)| format!("{g}{f}")).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(
            bands(
                "总分设置为100分，等级一般划分为四档：100-90（含）分为优、90-80（含）分为良、80-60（含）分为中、60分以下为差。"
            ),
            Some("优90 良80 中60 差0".into())
        );
        assert_eq!(
            bands("得分≥85分为优秀，70（含）-85分为良好，60-70分为合格，低于60分为差"),
            Some("优85 良70 中60 差0".into())
        );
        assert_eq!(bands("绩效评价等级为“优”，差距不大"), None);
    }
}
