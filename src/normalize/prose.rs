//! Facts of reports that have no table: indicators and funding told in sentences that name the form's headings.
//!
//! Transfer-payment reports are often written out: “培训人次年初指标值为不低于100人，全年实际完成值116人”,
//! “投入中央资金29.6万元，执行数29.6万元，执行率100%”. Only sentences that say the heading's own words are read; the
//! rest of the prose stays in `statements`.

use super::cells::raw;
use super::unit::{self, Expects, UnitHints};
use super::{direction, met, value};
use crate::model::{
    Amount, Block, BudgetLine, ColumnRole, Document, Indicator, Measure, Paragraph, RowRole, Source, Value,
};
use crate::pattern::Patterns;
use crate::text::fold::{fold, fold_char};
use crate::text::mark::is_minus;
use crate::text::sentence::{ends_statement, statements};
use crate::text::shape::NEGATIVE;
use std::collections::BTreeMap;

/// Indicators that sentences state with both headings: name, target, actual.
pub fn indicators(document: &Document, project: Option<&str>, patterns: &Patterns) -> Vec<Indicator> {
    let mut out = Vec::new();
    for (block, paragraph) in paragraphs(document) {
        let (mut level1, mut level2) = (None, None);
        for (start, sentence) in statements(&paragraph.text) {
            if let Some((first, second)) = levels_of(sentence, patterns) {
                (level1, level2) = (Some(first), second);
            }
            let Some(found) = stated_indicator(sentence, patterns) else {
                continue;
            };
            let source = source(block, paragraph, start, sentence);
            let read = |text: &str| -> Value {
                let mut value = value::read(text, None, None, patterns);
                value.source = Some(source.clone());
                value
            };
            let (mut target, mut actual) = (read(found.target), found.actual.map(read));
            direction::settle(Some(&mut target), actual.as_mut(), &found.name, patterns);
            let met = actual
                .as_ref()
                .and_then(|actual| met::judge(&target, actual, &found.name, patterns));
            out.push(Indicator {
                id: String::new(),
                table: String::new(),
                row: 0,
                project: project.map(str::to_owned),
                level1: level1.clone(),
                level2: level2.clone(),
                name: found.name,
                target: Some(target),
                actual,
                weight: None,
                score: None,
                deviation_reason: None,
                met,
                level1_weight: None,
                level1_weight_source: None,
                interim: None,
                forecast: None,
                weight_source: None,
                score_source: None,
                source,
            });
        }
    }
    out
}

/// Funding that a sentence states as amount, 执行数 and 执行率.
pub fn funding(document: &Document, project: Option<&str>, patterns: &Patterns) -> Vec<BudgetLine> {
    let mut out = Vec::new();
    for (block, paragraph) in paragraphs(document) {
        for (start, sentence) in statements(&paragraph.text) {
            let source = source(block, paragraph, start, sentence);
            out.extend(stated_funding(sentence, &source, project, patterns));
        }
    }
    out
}

fn paragraphs(document: &Document) -> impl Iterator<Item = (usize, &Paragraph)> {
    document
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(i, b): (usize, &Block)| Some((i, b.paragraph()?)))
}

fn source(block: usize, paragraph: &Paragraph, start: usize, piece: &str) -> Source {
    let source = Source {
        block: Some(block),
        text: Some(piece.trim().to_owned()),
        ..Source::default()
    };
    source.with_places(&paragraph.places(start, start + piece.len()))
}

struct Stated<'t> {
    name: String,
    target: &'t str,
    actual: Option<&'t str>,
}

/// The last words of `clause` that are a heading of a role, and what stands before them.
fn heading_at_end<'t>(clause: &'t str, role: ColumnRole, patterns: &Patterns) -> Option<&'t str> {
    // Headings have 3 to 10 characters: no more of the clause is looked at, however long it is.
    let starts: Vec<usize> = clause.char_indices().rev().map(|(i, _)| i).take(10).collect();
    // The longest heading wins: 年初指标值 before 指标值.
    let longest_first = starts.iter().skip(2).rev();
    longest_first
        .copied()
        .find(|at| patterns.headers.exact_role(&clause[*at..]) == Some(role))
        .map(|at| &clause[..at])
}

/// Splits `text` at the first place where a heading of `role` ends: what stands before the heading, and after it.
fn split_at_heading<'t>(text: &'t str, role: ColumnRole, patterns: &Patterns) -> Option<(&'t str, &'t str)> {
    let ends: Vec<usize> = text.char_indices().map(|(i, c)| i + c.len_utf8()).collect();
    let heading = |end: usize| heading_at_end(&text[..end], role, patterns).map(|before| (before, end));
    let first = ends.iter().position(|end| heading(*end).is_some())?;
    // 全年实际完成 is a heading, 全年实际完成值 the longer one that is meant.
    let longest = ends[first..].iter().take(4).rev().find_map(|end| heading(*end));
    longest.map(|(before, end)| (before, &text[end..]))
}

fn after_is<'t>(text: &'t str, patterns: &Patterns) -> &'t str {
    let says = &patterns.lexicon.stated.says;
    text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':') || says.has(c))
}

fn stated_indicator<'t>(sentence: &'t str, patterns: &Patterns) -> Option<Stated<'t>> {
    let sentence = sentence.trim_end_matches(ends_statement);
    let (before, after) = split_at_heading(sentence, ColumnRole::Target, patterns)?;
    let name = before.rsplit(['，', ',', '：', ':', '。']).next()?;
    let words = &patterns.lexicon.stated;
    let name = words.name_ends.trim_end(name.trim());
    // Headings of a table that a text has flattened are no sentence.
    let named = (2..=40).contains(&name.chars().count()) && !words.flattened.within(name);
    // 正向指标（即目标值为≥X，得分=权重*B/A） explains how points are given: the name begins in the middle of brackets.
    let within = |open: char, close: char| name.matches(open).count() > name.matches(close).count();
    let named = named && !within('（', '）') && !within('(', ')');
    let (target, rest) = after.split_once(['，', ',']).unwrap_or((after, ""));
    let target = after_is(target, patterns).trim();
    if !named || target.is_empty() || target.chars().count() > 40 {
        return None;
    }
    let done = split_at_heading(rest, ColumnRole::ActualValue, patterns).map(|(_, after)| after);
    let done = done.or_else(|| words.done.strip_start(rest));
    let actual = done
        .map(|text| after_is(text.split(['，', ',']).next().unwrap_or(text), patterns).trim())
        .filter(|t| !t.is_empty());
    Some(Stated {
        name: name.to_owned(),
        target,
        actual,
    })
}

/// Levels that a sentence opens with: 产出数量指标： is 产出指标 and 数量指标.
fn levels_of(sentence: &str, patterns: &Patterns) -> Option<(String, Option<String>)> {
    let (head, _) = sentence.split_once(['：', ':'])?;
    let head = fold(head);
    let head = crate::text::outline::strip(&head).to_owned();
    if patterns.forms.is_first_level(&head) {
        return Some((head, None));
    }
    if head.chars().count() > 12 {
        return None;
    }
    let cut = head.char_indices().map(|(i, _)| i).skip(1);
    for at in cut {
        let (first, second) = head.split_at(at);
        let whole = format!("{first}指标");
        if patterns.forms.is_second_level(second) && patterns.forms.is_first_level(&whole) {
            return Some((whole, Some(second.to_owned())));
        }
    }
    // 社会效益指标： stands under 效益指标.
    let above = patterns.forms.level_above(&head);
    patterns.forms.is_second_level(&head).then_some((above, Some(head)))
}

/// Where the first figure of a clause begins, a minus and 负 before it included.
fn figure_start(clause: &str) -> Option<usize> {
    let digits = clause.find(|c: char| c.is_ascii_digit())?;
    let signed = |c: char| is_minus(fold_char(c)) || c == NEGATIVE;
    let sign = clause[..digits].chars().next_back().filter(|c| signed(*c));
    Some(digits - sign.map_or(0, char::len_utf8))
}

/// The name of a fund without the heading of its budget behind it, and the measure that the heading names; without one it is
/// the budget that the outlay is told of: 义务教育薄弱学校改造专项|全年预算数.
fn without_budget<'t>(name: &'t str, patterns: &Patterns) -> (&'t str, Measure) {
    // Of the headings of a budget without a time some are names: 中央补助资金.
    let headed = [
        (ColumnRole::InitialBudget, Measure::InitialBudget),
        (ColumnRole::AdjustedBudget, Measure::AdjustedBudget),
    ];
    let told = headed.into_iter().filter_map(|(role, measure)| {
        let before = heading_at_end(name, role, patterns)?;
        let before = patterns.lexicon.stated.name_ends.trim_end(before.trim_end());
        (before.chars().count() > 1).then_some((before, measure))
    });
    // The longest heading is the one that is meant: 全年预算数 before 预算数.
    let told = told.min_by_key(|(before, _)| before.len());
    told.unwrap_or((name, Measure::AdjustedBudget))
}

/// “投入中央直达资金29.6万，执行数29.6万，执行率100%”.
fn stated_funding(sentence: &str, source: &Source, project: Option<&str>, patterns: &Patterns) -> Option<BudgetLine> {
    let sentence = sentence.trim_end_matches(ends_statement);
    let clauses: Vec<&str> = sentence.split(['，', ',']).map(str::trim).collect();
    let words = &patterns.lexicon.stated;
    let spent = clauses.iter().position(|c| words.spent.start(c))?;
    let rate = clauses.iter().position(|c| words.rate.start(c));
    let given = clauses.get(spent.checked_sub(1)?)?;
    let name =
        given[..figure_start(given)?].trim_end_matches(|c| matches!(c, '：' | ':' | ' ') || words.name_closes.has(c));
    let name = words.verbs.strip_start(name).unwrap_or(name);
    let name = words.name_opens.trim_start(name);
    let (name, measure) = without_budget(name, patterns);
    if name.chars().count() < 2 {
        return None;
    }
    let figure = |clause: &str, expects: Expects| -> Option<Amount> {
        let text = raw(&clause[figure_start(clause)?..]);
        let reading = unit::amount(text, UnitHints::default(), expects, patterns);
        reading.value?;
        Some(Amount {
            raw: text.to_owned(),
            value: reading.value,
            unit: reading.unit,
            yuan: reading.yuan,
            percent: None,
            source: source.clone(),
        })
    };
    let mut amounts = BTreeMap::new();
    amounts.insert(measure, figure(given, Expects::Money)?);
    amounts.insert(Measure::Actual, figure(clauses[spent], Expects::Money)?);
    if let Some(rate) = rate.and_then(|i| figure(clauses[i], Expects::Rate)) {
        amounts.insert(Measure::ExecutionRate, rate);
    }
    Some(BudgetLine {
        id: String::new(),
        table: String::new(),
        row: 0,
        level1: project.map(str::to_owned),
        name: name.to_owned(),
        role: RowRole::Item,
        amounts,
        others: Vec::new(),
        source: source.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_written_out() {
        let patterns = Patterns::builtin().unwrap();
        let read =
            |s| stated_indicator(s, &patterns).map(|i| (i.name, i.target.to_owned(), i.actual.map(str::to_owned)));
        let some = |n: &str, t: &str, a: Option<&str>| Some((n.to_owned(), t.to_owned(), a.map(str::to_owned)));
        assert_eq!(
            read("第一，参加培训人次年初指标值为不低于85人，全年实际完成值100人。"),
            some("参加培训人次", "不低于85人", Some("100人"))
        );
        assert_eq!(
            read("2、产出时效指标：项目完成时间年初指标值为2023年12月底，实际在规定时间内完成。"),
            some("项目完成时间", "2023年12月底", Some("在规定时间内完成"))
        );
        assert_eq!(read("绩效指标值完成情况较好，达到预期。"), None);
        assert_eq!(read("定量指标计分原则：正向指标（即目标值为≥X，得分=权重*B/A）"), None);
    }

    #[test]
    fn funding_written_out() {
        let patterns = Patterns::builtin().unwrap();
        let line = stated_funding(
            "投入中央补助资金29.6万，执行数29.6万，执行率100%。",
            &Source::default(),
            None,
            &patterns,
        )
        .unwrap();
        assert_eq!(line.name, "中央补助资金");
        let value = |m| line.amounts[&m].value.map(|v| v.to_string());
        assert_eq!(value(Measure::AdjustedBudget).as_deref(), Some("29.6"));
        assert_eq!(value(Measure::ExecutionRate).as_deref(), Some("100"));
        assert_eq!(
            line.amounts[&Measure::Actual].yuan.map(|v| v.to_string()).as_deref(),
            Some("296000")
        );
    }
}
