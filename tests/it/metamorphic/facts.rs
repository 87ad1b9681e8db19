//! Facts: what a document states, and what a record says, in one form so that they can be compared.

use heshu::model::{Measure, Report, ScoreKind};
use heshu::pattern::headers::fold;
use rust_decimal::Decimal;

/// One figure (or text) under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Name of the line or indicator, as [`plain`] gives it.
    pub name: String,
    /// Measure of a budget line; `target`, `actual_value`, `weight`, `score` of an indicator; `total` of the form.
    pub what: String,
    /// Figures without trailing zeros, texts folded.
    pub value: String,
    /// For money: the amount in 元.
    pub yuan: Option<String>,
    /// As the cell has it, to find it in warnings.
    pub raw: String,
}

/// What a record says.
#[derive(Default)]
pub struct Said {
    pub facts: Vec<Fact>,
    /// Figures kept under headings that no measure names, those of money only with `yuan`.
    pub others: Vec<Fact>,
    /// Names of lines and indicators.
    pub names: Vec<String>,
    /// Points of parts: of the execution, of sections.
    pub points: Vec<String>,
}

/// A name without what writers add to it: white space, width, 其中：, ordinals, a colon at its end.
pub fn plain(name: &str) -> String {
    let folded = fold(name);
    let mut rest = folded.trim_end_matches(':');
    loop {
        let before = rest;
        rest = rest
            .strip_prefix("其中")
            .unwrap_or(rest)
            .trim_start_matches([':', '、']);
        rest = without_ordinal(rest);
        if rest == before {
            return rest.to_owned();
        }
    }
}

/// 一、 （一） 1. and the like before a name.
fn without_ordinal(text: &str) -> &str {
    let chinese = |c: char| "一二三四五六七八九十".contains(c);
    let digits = |t: &str| t.chars().take_while(char::is_ascii_digit).count();
    if let Some(inner) = text.strip_prefix('(') {
        let n = inner.chars().take_while(|c| chinese(*c) || c.is_ascii_digit()).count();
        let rest: &str = &inner[inner.char_indices().nth(n).map_or(inner.len(), |(i, _)| i)..];
        return if n > 0 && n < 3 {
            rest.strip_prefix(')').unwrap_or(text)
        } else {
            text
        };
    }
    let n = text.chars().take_while(|c| chinese(*c)).count();
    if n > 0
        && let Some(rest) = text[n * 3..].strip_prefix('、')
    {
        return rest;
    }
    let n = digits(text);
    if n > 0
        && n < 3
        && let Some(rest) = text[n..].strip_prefix(['.', '、'])
        && digits(rest) == 0
    {
        return rest;
    }
    text
}

/// A figure without trailing zeros.
pub fn exact(value: Decimal) -> String {
    let value = value.normalize();
    if value.is_zero() {
        "0".to_owned()
    } else {
        value.to_string()
    }
}

/// The facts of a record.
pub fn of_record(report: &Report) -> Said {
    let mut said = Said::default();
    for line in &report.budgets {
        let name = plain(&line.name);
        for (measure, amount) in &line.amounts {
            let Some(value) = amount.value else { continue };
            // A rate without a unit is kept as its fraction: 0.77 says 77%.
            let fraction = is_rate(measure.name()) && amount.unit.is_none();
            let hundredfold = if fraction { Decimal::ONE_HUNDRED } else { Decimal::ONE };
            said.facts.push(Fact {
                name: name.clone(),
                what: measure.name().to_owned(),
                value: exact(value.0 * hundredfold),
                yuan: if measure.is_money() {
                    amount.yuan.map(|y| exact(y.0))
                } else {
                    None
                },
                raw: amount.raw.clone(),
            });
        }
        for other in &line.others {
            let Some(value) = other.value else { continue };
            said.others.push(Fact {
                name: name.clone(),
                what: other.header.clone(),
                value: exact(value.0),
                yuan: other.yuan.map(|y| exact(y.0)),
                raw: other.raw.clone(),
            });
        }
        said.names.push(name);
    }
    for indicator in &report.indicators {
        let name = plain(&indicator.name);
        let mut put = |what: &str, value: String, raw: &str| {
            said.facts.push(Fact {
                name: name.clone(),
                what: what.to_owned(),
                value,
                yuan: None,
                raw: raw.to_owned(),
            });
        };
        for (what, value) in [("target", &indicator.target), ("actual_value", &indicator.actual)] {
            if let Some(value) = value.as_ref().filter(|v| !fold(&v.raw).is_empty()) {
                put(what, fold(&value.raw), &value.raw);
            }
        }
        for (what, value) in [("weight", indicator.weight), ("score", indicator.score)] {
            if let Some(value) = value {
                put(what, exact(value.0), &value.to_string());
            }
        }
        said.names.push(name);
    }
    for name in report.projects.iter().filter_map(|p| p.name.as_deref()) {
        said.facts.push(Fact {
            name: plain(name),
            what: "project".to_owned(),
            value: plain(name),
            yuan: None,
            raw: name.to_owned(),
        });
    }
    for score in &report.scores {
        let Some(value) = score.value else { continue };
        if score.kind != ScoreKind::Total {
            said.points.push(exact(value.0));
            continue;
        }
        let total = Fact {
            name: "总分".to_owned(),
            what: "total".to_owned(),
            value: exact(value.0),
            yuan: None,
            raw: value.to_string(),
        };
        // Said once more it is no other fact.
        let said_before = |f: &Fact| f.what == total.what && f.value == total.value;
        if !said.facts.iter().any(said_before) {
            said.facts.push(total);
        }
    }
    said
}

/// Whether a measure's figure may stand as a fraction of its percentage.
fn is_rate(what: &str) -> bool {
    Measure::from_name(what).is_some_and(|m| matches!(m, Measure::ExecutionRate | Measure::ChangeRate))
}
