//! When a report was made, and the fiscal year that it reports.

use super::cells::raw;
use super::info::{END, TOP};
use crate::model::{Document, ReportInfo, Source, Warning};
use crate::pattern::Patterns;
use crate::pattern::headers::fold;
use crate::text::date::{self, YEAR, before_year};
use std::collections::BTreeMap;

/// The date that a line states behind a label, alone or among others: 填报单位：某局 填报日期：2023年2月1日 填表人：….
fn labelled_date(line: &str, patterns: &Patterns) -> Option<String> {
    let folded = fold(line);
    let next = &patterns.report.organization.next_labels;
    let stated = |(at, label): (usize, &str)| {
        let rest = &folded[at + label.len()..];
        let date = date::find_all(rest).into_iter().find(|d| d.span.start == 0)?;
        let after: String = rest.chars().skip(date.span.end).collect();
        let ends = after.chars().count() <= 2 || next.iter().any(|word| after.starts_with(word.as_str()));
        ends.then(|| date.iso())
    };
    let whole = || {
        let (label, value) = folded.split_once(':')?;
        let dated = patterns
            .report
            .title
            .dates
            .iter()
            .any(|word| label.ends_with(word.trim_end_matches(':')));
        dated.then(|| whole_date(value)).flatten()
    };
    let words = patterns.report.title.dates.iter();
    let mut labels = words.flat_map(|word| folded.match_indices(word.as_str()));
    labels.find_map(stated).or_else(whole)
}

/// The date in the signature, else in a labelled line or on the cover.
pub fn report_date(lines: &[&str], patterns: &Patterns) -> Option<String> {
    let labelled = |line: &&str| labelled_date(line, patterns);
    let top = lines.iter().take(TOP);
    let end = lines.iter().rev().take(END);
    top.clone()
        .find_map(labelled)
        .or_else(|| end.clone().find_map(|l| whole_date(l)))
        .or_else(|| end.clone().find_map(labelled))
        .or_else(|| top.clone().find_map(|l| whole_date(l)))
}

/// The year that the title or the tables name, else the one of which the text speaks most. The day on which a form was
/// filled in says nothing of the year that it reports.
pub fn fiscal_year(
    title: Option<&str>,
    table_titles: &[&str],
    lines: &[&str],
    date: Option<&str>,
    patterns: &Patterns,
) -> Option<u16> {
    let stated = title
        .into_iter()
        .chain(table_titles.iter().copied())
        .find_map(|t| years(&fold(t)).next());
    if stated.is_some() {
        return stated;
    }
    // （2023年度） on a line of its own is the form's year, whatever dates follow.
    let alone = |line: &&str| {
        let folded = fold(line);
        let bare = folded.trim_matches(['(', ')']);
        let year = before_year(bare)?;
        (year.len() == 4).then(|| years(&folded).next()).flatten()
    };
    if let Some(year) = lines.iter().find_map(alone) {
        return Some(year);
    }
    let limit: u16 = date
        .and_then(|d| d.get(..4))
        .and_then(|y| y.parse().ok())
        .unwrap_or(u16::MAX);
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    let filed = |line: &&&str| whole_date(line).is_some() || labelled_date(line, patterns).is_some();
    for line in lines.iter().filter(|line| !filed(line)) {
        for year in years(&fold(line)).filter(|y| *y <= limit) {
            *counts.entry(year).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(year, count)| (*count, *year))
        .map(|(year, _)| year)
}

/// Says that no year was found where the only one is that of the day on which the form was filled in.
pub fn warn_year(document: &Document, info: &ReportInfo, patterns: &Patterns) -> Option<Warning> {
    let (None, Some(date)) = (info.fiscal_year, info.date.as_deref()) else {
        return None;
    };
    let dated = |text: &str| {
        whole_date(raw(text))
            .or_else(|| labelled_date(text, patterns))
            .is_some()
    };
    let block = document
        .blocks
        .iter()
        .position(|b| b.paragraph().is_some_and(|p| p.text.lines().any(dated)))?;
    let message = format!("未找到所属年度；{date}是落款或填报日期，不据以推定年度");
    let source = Source {
        block: Some(block),
        ..Source::default()
    };
    Some(Warning::new("fiscal_year_unknown", message, source))
}

/// The years that a title names.
pub fn named_years(title: &str) -> Vec<u16> {
    years(&fold(title)).collect()
}

/// Years written as 2022年 or 2022年度.
fn years(folded: &str) -> impl Iterator<Item = u16> {
    folded.match_indices(YEAR).filter_map(|(at, _)| {
        let digits = folded.get(at.checked_sub(4)?..at)?;
        let before = folded[..at - 4].chars().last();
        let year: u16 = digits.parse().ok()?;
        ((2000..=2099).contains(&year) && !before.is_some_and(|c| c.is_ascii_digit())).then_some(year)
    })
}

/// The date that a line consists of, white space and a closing word aside.
pub fn whole_date(line: &str) -> Option<String> {
    let date = date::find_all(line).into_iter().next()?;
    let around = line
        .chars()
        .enumerate()
        .filter(|(i, c)| !date.span.contains(i) && !c.is_whitespace())
        .count();
    (around <= 2).then(|| date.iso())
}
