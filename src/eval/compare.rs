//! One record against its truth.

use super::facts::{Target, list, record_figures, record_target, truth_figures, truth_target};
use super::text::{name_of, norm, norm_json, number, number_json, same_name};
use super::{Comparison, FactKind, Tally};
use crate::model::{Check, CheckStatus, Indicator, Report, ScoreKind, Severity};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeSet;

/// Counts what a record has of its truth, what it misses and what it says beyond.
pub fn compare(truth: &Value, report: &Report) -> Comparison {
    let mut out = Comparison::default();
    budget(truth, report, &mut out);
    indicators(truth, report, &mut out);
    scores(truth, report, &mut out);
    faults(truth, report, &mut out);
    out
}

fn is_partial(truth: &Value) -> bool {
    truth.get("partial").and_then(Value::as_bool).unwrap_or(false)
}

/// Takes the first of `left` that fits.
fn take_first<T>(left: &mut Vec<T>, fits: impl Fn(&T) -> bool) -> Option<T> {
    left.iter().position(fits).map(|index| left.remove(index))
}

fn budget(truth: &Value, report: &Report, out: &mut Comparison) {
    let wanted = truth_figures(truth);
    let mut left = record_figures(report);
    let mut hit = 0;
    for figure in &wanted {
        let found = take_first(&mut left, |other| {
            let measure = figure
                .measures
                .is_none_or(|m| other.measure.is_some_and(|o| m.contains(&o)));
            measure && other.value == figure.value && same_name(&figure.name, &other.name)
        });
        match found {
            Some(_) => hit += 1,
            None => {
                let measure = figure.measures.and_then(|m| m.first()).map_or("any", |m| m.name());
                out.notes
                    .push(format!("budget missed: {} {measure} {}", figure.name, figure.value));
            }
        }
    }
    // The truth does not list every column: figures of `others` that it lacks are no fault.
    left.retain(|figure| figure.measure.is_some());
    for figure in &left {
        let measure = figure.measure.map_or("others", |m| m.name());
        out.notes
            .push(format!("budget extra: {} {measure} {}", figure.name, figure.value));
    }
    // A partial truth measures recall only.
    let found = if is_partial(truth) { hit } else { hit + left.len() };
    let truth = wanted.len();
    out.tallies.insert(FactKind::Budget, Tally { hit, truth, found });
}

type Key = (String, String, String);

fn truth_key(indicator: &Value) -> Key {
    let name = indicator.get("name").and_then(Value::as_str).unwrap_or("");
    (
        name_of(name),
        norm_json(indicator.get("target_raw")),
        norm_json(indicator.get("actual_raw")),
    )
}

fn record_key(indicator: &Indicator) -> Key {
    let raw = |v: &Option<crate::model::Value>| v.as_ref().map(|v| norm(&v.raw)).unwrap_or_default();
    (name_of(&indicator.name), raw(&indicator.target), raw(&indicator.actual))
}

fn indicators(truth: &Value, report: &Report, out: &mut Comparison) {
    let wanted: Vec<&Value> = list(truth, "indicators").collect();
    let mut left: Vec<(Key, &Indicator)> = report.indicators.iter().map(|i| (record_key(i), i)).collect();
    let mut pairs = Vec::new();
    for gold in &wanted {
        let key = truth_key(gold);
        match take_first(&mut left, |(other, _)| *other == key) {
            Some((_, found)) => pairs.push((*gold, found)),
            None => out
                .notes
                .push(format!("indicator missed: {} | {} | {}", key.0, key.1, key.2)),
        }
    }
    for (key, _) in &left {
        out.notes
            .push(format!("indicator extra: {} | {} | {}", key.0, key.1, key.2));
    }
    let tally = Tally {
        hit: pairs.len(),
        truth: wanted.len(),
        found: report.indicators.len(),
    };
    out.tallies.insert(FactKind::Indicator, tally);
    values(&wanted, &pairs, out);
    points(&wanted, &pairs, out);
}

fn gold_target(gold: &Value) -> Option<Target> {
    gold.get("target").and_then(truth_target)
}

fn values(wanted: &[&Value], pairs: &[(&Value, &Indicator)], out: &mut Comparison) {
    let mut tally = Tally {
        truth: wanted.iter().filter(|gold| gold_target(gold).is_some()).count(),
        ..Tally::default()
    };
    for (gold, indicator) in pairs {
        let Some(target) = gold_target(gold) else { continue };
        tally.found += 1;
        let found = indicator.target.as_ref().map(record_target);
        if found.as_ref() == Some(&target) {
            tally.hit += 1;
        } else {
            out.notes.push(format!(
                "target value: {} wants {target:?}, has {found:?}",
                indicator.name
            ));
        }
    }
    out.tallies.insert(FactKind::Value, tally);
}

fn points(wanted: &[&Value], pairs: &[(&Value, &Indicator)], out: &mut Comparison) {
    let gold_points = |gold: &Value| (number_json(gold.get("weight")), number_json(gold.get("score")));
    let mut tally = Tally {
        truth: wanted.iter().filter(|gold| gold_points(gold) != (None, None)).count(),
        ..Tally::default()
    };
    for (gold, indicator) in pairs {
        let found = (indicator.weight.map(|w| w.0), indicator.score.map(|s| s.0));
        if found == (None, None) {
            continue;
        }
        tally.found += 1;
        if gold_points(gold) == found {
            tally.hit += 1;
        } else {
            out.notes.push(format!(
                "points: {} wants {:?}, has {found:?}",
                indicator.name,
                gold_points(gold)
            ));
        }
    }
    out.tallies.insert(FactKind::Points, tally);
}

fn scores(truth: &Value, report: &Report, out: &mut Comparison) {
    let mut wanted: BTreeSet<Decimal> = list(truth, "scores")
        .filter_map(|s| number_json(s.get("value")))
        .collect();
    wanted.extend(number_json(truth.get("total_score")));
    if let Some(totals) = truth.get("total_scores").and_then(Value::as_object) {
        wanted.extend(totals.values().filter_map(|v| number_json(Some(v))));
    }
    let whole = report
        .scores
        .iter()
        .filter(|s| matches!(s.kind, ScoreKind::Total | ScoreKind::Self_));
    let found: BTreeSet<Decimal> = whole.filter_map(|s| s.value.map(|v| v.0)).collect();
    if wanted != found {
        let list = |set: &BTreeSet<Decimal>| set.iter().map(Decimal::to_string).collect::<Vec<_>>().join(", ");
        out.notes
            .push(format!("score: wants {}; has {}", list(&wanted), list(&found)));
    }
    let tally = Tally {
        hit: wanted.intersection(&found).count(),
        truth: wanted.len(),
        found: found.len(),
    };
    out.tallies.insert(FactKind::Score, tally);
}

fn same_relation(gold: &Value, check: &Check) -> bool {
    let absolute =
        |values: [Option<Decimal>; 2]| values.into_iter().flatten().map(|v| v.abs()).collect::<BTreeSet<_>>();
    let wanted = absolute([number_json(gold.get("stated")), number_json(gold.get("computed"))]);
    let (stated, computed) = (
        check.stated.as_deref().unwrap_or(""),
        check.computed.as_deref().unwrap_or(""),
    );
    if wanted.is_empty() {
        // A relation of words.
        let (a, b) = (norm_json(gold.get("stated")), norm_json(gold.get("computed")));
        let have = [norm(stated), norm(computed)];
        return !a.is_empty() && have.contains(&a) && have.contains(&b);
    }
    let have = absolute([number(stated), number(computed)]);
    let differences = number_json(gold.get("difference")).zip(check.difference);
    !have.is_empty()
        && (wanted == have || (!wanted.is_disjoint(&have) && differences.is_some_and(|(a, b)| a.abs() == b.0.abs())))
}

fn faults(truth: &Value, report: &Report, out: &mut Comparison) {
    let text =
        |check: &Value, key: &str, default: &str| check.get(key).and_then(Value::as_str).unwrap_or(default).to_owned();
    let wanted: Vec<&Value> = list(truth, "checks")
        .chain(list(truth, "planted_checks"))
        .filter(|c| text(c, "verdict", "") == "fails" && text(c, "confidence", "high") == "high")
        .collect();
    let known: Vec<&Value> = list(truth, "checks")
        .filter(|c| matches!(text(c, "verdict", "").as_str(), "fails" | "rounding"))
        .collect();
    let claims: Vec<&Check> = report.checks.iter().filter(|c| c.status == CheckStatus::Fail).collect();
    let mut hit = 0;
    for gold in &wanted {
        if claims.iter().any(|claim| same_relation(gold, claim)) {
            hit += 1;
        } else {
            let what = text(gold, "statement", &text(gold, "kind", ""));
            let (stated, computed) = (norm_json(gold.get("stated")), norm_json(gold.get("computed")));
            out.notes.push(format!("fault missed: {what} | {stated} | {computed}"));
        }
    }
    let mut alarms = 0;
    for claim in claims.iter().filter(|c| c.severity == Severity::Error) {
        if !known.iter().any(|gold| same_relation(gold, claim)) {
            alarms += 1;
            out.notes.push(format!("false alarm: {} {}", claim.rule, claim.message));
        }
    }
    let tally = Tally {
        hit,
        truth: wanted.len(),
        found: hit + alarms,
    };
    out.tallies.insert(FactKind::Faults, tally);
}
