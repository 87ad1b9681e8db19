//! Facts of a truth file and of a record, in comparable form.

use super::text::{name_of, norm, norm_json, number_json};
use crate::model::{Measure, Report, ValueKind};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// What the truth calls a column, and what a record may call it.
const MEASURES: [(&str, &[Measure]); 17] = [
    ("initial_budget", &[Measure::InitialBudget, Measure::Budget]),
    ("year_start_budget", &[Measure::InitialBudget, Measure::Budget]),
    (
        "budget",
        &[Measure::Budget, Measure::AdjustedBudget, Measure::Allocated],
    ),
    ("full_year_budget", &[Measure::AdjustedBudget, Measure::Budget]),
    ("adjusted_budget", &[Measure::AdjustedBudget, Measure::Budget]),
    ("actual", &[Measure::Actual, Measure::FinalAccounts]),
    ("executed", &[Measure::Actual, Measure::FinalAccounts]),
    ("final_accounts", &[Measure::FinalAccounts, Measure::Actual]),
    ("rate", &[Measure::ExecutionRate]),
    ("execution_rate", &[Measure::ExecutionRate]),
    ("weight", &[Measure::Weight]),
    ("score", &[Measure::Score]),
    ("balance", &[Measure::Balance]),
    ("allocated", &[Measure::Allocated, Measure::Budget]),
    ("prior_actual", &[Measure::PriorYear]),
    ("change", &[Measure::Change]),
    ("change_pct", &[Measure::ChangeRate]),
];

/// Keys of a truth line that hold no figure.
const NOT_FIGURES: [&str; 16] = [
    "is_total",
    "of_which",
    "added_midyear",
    "code",
    "line",
    "seq",
    "unit",
    "name",
    "level1",
    "level2",
    "side",
    "town",
    "group",
    "remark",
    "table",
    "project",
];

/// A figure of a budget line in the truth; without measures, under a heading of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct TruthFigure {
    pub name: String,
    pub measures: Option<&'static [Measure]>,
    pub value: Decimal,
}

/// A figure of a budget line in a record; without measure, one of `others`.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordFigure {
    pub name: String,
    pub measure: Option<Measure>,
    pub value: Decimal,
}

/// The list under a key of a truth file.
pub fn list<'a>(truth: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    truth.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Figures of the truth; those with a measure first, so that they find their match before the others take it.
pub fn truth_figures(truth: &Value) -> Vec<TruthFigure> {
    let mut figures = Vec::new();
    for line in list(truth, "budget_lines").chain(list(truth, "funding_rows")) {
        let Some(line) = line.as_object() else { continue };
        let text = |key: &str| line.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
        let name = name_of(text("level2").or_else(|| text("name")).unwrap_or(""));
        let mut push = |measures, value| {
            if let Some(value) = number_json(value) {
                let name = name.clone();
                figures.push(TruthFigure { name, measures, value });
            }
        };
        for (key, measures) in MEASURES {
            push(Some(measures), line.get(key));
        }
        let empty = Map::new();
        let columns = line.get("columns").and_then(Value::as_object).unwrap_or(&empty);
        let known = |key: &str| {
            NOT_FIGURES.contains(&key)
                || matches!(key, "src" | "initial_budget_raw")
                || MEASURES.iter().any(|m| m.0 == key)
        };
        let own = line
            .iter()
            .filter(|(key, _)| !known(key) && !columns.contains_key(*key));
        for (_, value) in own.chain(columns) {
            push(None, Some(value));
        }
    }
    figures.sort_by_key(|f| f.measures.is_none());
    figures
}

/// Figures of a record.
pub fn record_figures(report: &Report) -> Vec<RecordFigure> {
    let mut figures = Vec::new();
    for line in &report.budgets {
        let name = name_of(&line.name);
        let measures = line.amounts.iter().map(|(measure, a)| (Some(*measure), a.value));
        for (measure, value) in measures.chain(line.others.iter().map(|o| (None, o.value))) {
            if let Some(value) = value {
                figures.push(RecordFigure {
                    name: name.clone(),
                    measure,
                    value: value.0,
                });
            }
        }
    }
    figures
}

/// A target in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Words, dates and compounds are compared by kind only.
    Kind(String),
    /// One number.
    One(String, Option<Decimal>, String),
    /// Two bounds.
    Range(Option<Decimal>, Option<Decimal>, String),
}

/// Parsed target of the truth: `{"op": "ge", "value": "100", "unit": "家"}`.
pub fn truth_target(value: &Value) -> Option<Target> {
    let value = value.as_object().filter(|v| !v.is_empty())?;
    let op = value.get("op").and_then(Value::as_str).unwrap_or("");
    let kind = match op {
        "eq" => "exact",
        "ge" => "at_least",
        "gt" => "more_than",
        "le" => "at_most",
        "lt" => "less_than",
        "approx" => "approximate",
        "text" => "qualitative",
        other => other,
    };
    let (number, unit) = (|key: &str| number_json(value.get(key)), norm_json(value.get("unit")));
    Some(match kind {
        "qualitative" | "compound" | "date" => Target::Kind(kind.to_owned()),
        "range" => Target::Range(number("low"), number("high"), unit),
        _ => Target::One(kind.to_owned(), number("value"), unit),
    })
}

/// Parsed target of a record.
pub fn record_target(value: &crate::model::Value) -> Target {
    let unit = norm(value.unit.as_deref().unwrap_or(""));
    match value.kind {
        ValueKind::Qualitative | ValueKind::Compound | ValueKind::Date => Target::Kind(value.kind.name().to_owned()),
        ValueKind::Range => Target::Range(value.low.map(|v| v.0), value.high.map(|v| v.0), unit),
        kind => Target::One(kind.name().to_owned(), value.value.map(|v| v.0), unit),
    }
}
