//! The truth of a source: what its author says is in it.

use super::source::{Block, Directive, Grid, Source};
use serde_json::{Map, Value, json};
use std::ops::RangeInclusive;

/// The truth file, in the shape that `heshu eval` reads.
pub fn truth(source: &Source) -> Result<Value, String> {
    let grids: Vec<&Grid> = source
        .blocks
        .iter()
        .filter_map(|block| {
            if let Block::Table(grid) = block {
                Some(grid)
            } else {
                None
            }
        })
        .collect();
    let mut truth = Map::new();
    for key in ["title", "org", "region", "year", "kind", "date"] {
        truth.insert(key.to_owned(), source.head.get(key).map_or(Value::Null, |v| json!(v)));
    }
    let (mut budget, mut indicators, mut scores, mut checks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for directive in &source.directives {
        let table = directive.table.map(|index| (index, grids[index]));
        match directive.word.as_str() {
            "money" => money(directive, table.ok_or("@money without a table")?, &mut budget)?,
            "indicators" => indicator_rows(directive, table.ok_or("@indicators without a table")?, &mut indicators)?,
            "score" => {
                for line in &directive.lines {
                    let [what, value, max, grade] = fields(line)?;
                    scores.push(json!({ "what": what, "value": value, "max": or_null(max), "grade": or_null(grade) }));
                }
            }
            "checks" => {
                for line in &directive.lines {
                    let [verdict, kind, statement, stated, computed, difference] = fields(line)?;
                    checks.push(json!({
                        "id": format!("{:02}", checks.len() + 1), "kind": kind, "statement": statement,
                        "stated": stated, "computed": computed, "difference": or_null(difference),
                        "verdict": verdict, "confidence": "high",
                    }));
                }
            }
            other => return Err(format!("@{other}?")),
        }
    }
    truth.insert("budget_lines".to_owned(), budget.into());
    truth.insert("indicators".to_owned(), indicators.into());
    truth.insert("scores".to_owned(), scores.into());
    truth.insert("checks".to_owned(), checks.into());
    Ok(truth.into())
}

fn fields<const N: usize>(line: &[String]) -> Result<[&str; N], String> {
    let fields: Vec<&str> = line.iter().map(String::as_str).collect();
    fields.try_into().map_err(|_| format!("not {N} fields: {line:?}"))
}

fn or_null(text: &str) -> Value {
    if text.is_empty() || text == "-" {
        Value::Null
    } else {
        json!(text)
    }
}

fn rows(directive: &Directive) -> Result<RangeInclusive<usize>, String> {
    let text = directive.arguments.get("rows").ok_or("no rows=")?;
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |t: &str| t.parse::<usize>().map_err(|_| format!("rows={text}"));
    Ok(number(first)?..=number(last)?)
}

/// The text of the column that an argument names, in a row; white space as in the report, but not around it.
fn column(directive: &Directive, grid: &Grid, row: usize, key: &str) -> Result<Option<String>, String> {
    let Some(col) = directive.arguments.get(key) else {
        return Ok(None);
    };
    // `level1="text"`: said by the author, not by a column.
    if let Some(text) = col.strip_prefix('“').and_then(|t| t.strip_suffix('”')) {
        return Ok(Some(text.to_owned()));
    }
    let col: usize = col.parse().map_err(|_| format!("{key}={col}"))?;
    let text = grid
        .at(row, col)
        .text
        .trim_matches(|c: char| c.is_whitespace())
        .to_owned();
    Ok(Some(text).filter(|t| !t.is_empty()))
}

/// `@money rows=2-5 name=1 initial_budget=2 …`: a line for each row; a column that no measure names stands as `c3=3`.
fn money(directive: &Directive, (index, grid): (usize, &Grid), out: &mut Vec<Value>) -> Result<(), String> {
    for row in rows(directive)? {
        let mut line = Map::new();
        let mut own = Map::new();
        for key in directive.arguments.keys() {
            let text = column(directive, grid, row, key).unwrap_or(None);
            match key.as_str() {
                "rows" | "unit" => {}
                "name" => {
                    let name = text.ok_or(format!("row {row} has no name"))?;
                    line.insert("name".to_owned(), json!(name.replace('\n', "")));
                }
                "level1" => {
                    line.insert(key.clone(), json!(text));
                }
                key => {
                    // A dash or nothing is no figure.
                    let figure = text.filter(|t| t.chars().any(|c| c.is_numeric()));
                    let into = if key.starts_with("own_") { &mut own } else { &mut line };
                    into.insert(key.to_owned(), figure.map_or(Value::Null, |t| json!(t)));
                }
            }
        }
        line.insert("unit".to_owned(), json!(directive.arguments.get("unit")));
        line.insert("src".to_owned(), json!({ "table": format!("T{index}"), "row": row }));
        if !own.is_empty() {
            line.insert("columns".to_owned(), own.into());
        }
        out.push(line.into());
    }
    Ok(())
}

/// `@indicators rows=9-12 level1=1 name=3 …`, and below it what each row's target means: `ge 95 %`, `text`, `skip`.
fn indicator_rows(directive: &Directive, (index, grid): (usize, &Grid), out: &mut Vec<Value>) -> Result<(), String> {
    let rows = rows(directive)?;
    if rows.clone().count() != directive.lines.len() {
        return Err(format!("{} targets for rows {rows:?}", directive.lines.len()));
    }
    for (row, line) in rows.zip(&directive.lines) {
        let meaning: Vec<&str> = line[0].split_whitespace().collect();
        if meaning == ["skip"] {
            continue;
        }
        let get = |key| column(directive, grid, row, key);
        let name = get("name")?.ok_or(format!("row {row} has no name"))?.replace('\n', "");
        let numbered = name.strip_prefix("指标").and_then(|rest| rest.split_once('：'));
        let bare = match numbered {
            Some((number, rest)) if number.chars().all(|c| c.is_ascii_digit()) => rest.to_owned(),
            _ => name.clone(),
        };
        let level1 = get("level1")?.map(|t| t.replace('\n', ""));
        let level1 = level1.map(|t| t.split(['（', '(']).next().unwrap_or_default().to_owned());
        out.push(json!({
            "project": get("project")?, "level1": level1, "level2": get("level2")?.map(|t| t.replace('\n', "")),
            "name": bare, "name_raw": name,
            "target_raw": get("target")?, "actual_raw": get("actual")?,
            "target": target(&meaning)?,
            "weight": get("weight")?, "score": get("score")?, "deviation": get("reason")?,
            "src": { "table": format!("T{index}"), "row": row },
        }));
    }
    Ok(())
}

fn target(meaning: &[&str]) -> Result<Value, String> {
    let unit = |n: usize| meaning.get(n).map_or(Value::Null, |u| json!(u));
    Ok(match meaning {
        ["none"] => Value::Null,
        [op @ ("text" | "date" | "compound")] => json!({ "op": op }),
        ["range", low, high, ..] => json!({ "op": "range", "low": low, "high": high, "unit": unit(3) }),
        [op @ ("eq" | "ge" | "gt" | "le" | "lt" | "approx"), value, ..] => {
            json!({ "op": op, "value": value, "unit": unit(2) })
        }
        other => return Err(format!("target {other:?}")),
    })
}
