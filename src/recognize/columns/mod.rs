//! Decides, once for each section, what its columns are: role, kind of figures, and which of them belong together.
//!
//! Headings propose roles; what the columns hold has a veto; the places of names and the repetition of measures tell
//! tables that stand side by side. The decision is kept in [`Section::columns`] and [`Section::sides`], with its evidence.

mod arithmetic;
pub mod grid;
mod measures;
mod names;
mod sides;
pub mod unit;

use super::caption::Caption;
use super::profile::{Profile, Shape, shape};
use crate::model::{Column, ColumnRole, FigureKind, Section, Side, Table};
use crate::pattern::Patterns;
use crate::pattern::units::UnitKind;
use crate::text::fold::fold;

/// What a column is to the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Words that may name the rows or group them.
    Words,
    /// Codes or numbers of order.
    Codes,
    /// Figures.
    Figures(FigureKind),
    /// Neither names a row nor is a figure of it: remarks, departments beside names, dates, marks, a label beside the block.
    Neutral,
}

/// A column with all that was found out about it.
pub(super) struct Looked {
    /// What its cells hold.
    pub profile: Profile,
    /// What it is to the rows.
    pub role: Use,
    /// Folded texts of its cells with their rows, blank ones left out; a merged cell once.
    pub texts: Vec<(usize, String)>,
    /// Whether a cell of it goes on over several rows.
    pub merged: bool,
}

/// Settles columns and sides of a section of money.
pub fn settle(
    table: &Table,
    section: &mut Section,
    caption: &Caption,
    patterns: &Patterns,
    evidence: &mut Vec<String>,
) {
    units(table, section, patterns, evidence);
    veto(table, section, caption.percent, patterns, evidence);
    let mut looked: Vec<Looked> = (0..section.columns.len())
        .map(|position| look(table, section, position, patterns))
        .collect();
    if caption.price.is_some() {
        let of_prices = |(one, column): &(&mut Looked, &Column)| {
            one.role == Use::Figures(FigureKind::Money)
                && column.role == ColumnRole::Other
                && !states_money(&column.header, patterns)
        };
        let priced = looked.iter_mut().zip(&section.columns).filter(of_prices);
        for (one, column) in priced {
            one.role = Use::Figures(FigureKind::Price);
            evidence.push(format!("“{}”栏是标准或单价，不是金额", column.header));
        }
    }
    let parted = sides::part(section, &looked, patterns, evidence);
    section.sides = parted
        .into_iter()
        .map(|range| names::side(section, range, &looked, patterns, evidence))
        .filter(|side| !side.figures.is_empty())
        .collect();
    measures::balance(section, patterns, evidence);
    measures::divided(section, patterns, evidence);
    measures::accounts(section, caption, patterns, evidence);
    measures::mirror(section, patterns, evidence);
    measures::years(section, patterns, evidence);
    for at in 0..section.sides.len() {
        let mut side = section.sides[at].clone();
        demote_repeated(table, section, &side, patterns, evidence);
        arithmetic::prove_money(table, section, &mut side, evidence);
        section.sides[at] = side;
    }
}

/// Folded texts of a column's own cells in the section's rows, each merged cell once.
pub(super) fn texts(table: &Table, section: &Section, position: usize) -> Vec<(usize, String)> {
    section
        .rows()
        .filter_map(|row| {
            let cell = section.body_cell(table, row, position).filter(|c| c.row == row)?;
            Some((row, fold(&cell.text)))
        })
        .collect()
}

/// A column headed 单位 that holds units and no organizations.
pub fn units(table: &Table, section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    for position in 0..section.columns.len() {
        let leaf = fold(section.columns[position].leaf());
        if !patterns.tables.columns.units.is(&leaf) {
            continue;
        }
        let cells = texts(table, section, position);
        let mut filled = cells.iter().filter(|(_, t)| shape(t) != Shape::Blank).peekable();
        if filled.peek().is_some() && filled.all(|(_, t)| patterns.units.whole(t).is_some()) {
            evidence.push(format!("“{leaf}”栏下都是计量单位"));
            section.columns[position].role = ColumnRole::Unit;
        }
    }
}

/// Takes back roles that the content contradicts.
fn veto(table: &Table, section: &mut Section, percent: bool, patterns: &Patterns, evidence: &mut Vec<String>) {
    // Asked before any column becomes one: 增减 may stand on both sides of a balance.
    let rated = section
        .columns
        .iter()
        .any(|c| c.role == ColumnRole::ChangeRate || c.role == ColumnRole::ExecutionRate || c.header.contains('%'));
    for position in 0..section.columns.len() {
        let column = &section.columns[position];
        if !column.role.is_money() {
            continue;
        }
        let cells = texts(table, section, position);
        let profile = Profile::of(cells.iter().map(|(_, t)| t.as_str()));
        let leaf = column.leaf();
        let said = patterns.headers.exact_role(leaf).is_none();
        let kind = patterns.headers.figure_kind(leaf).filter(|_| said);
        let kind = kind.or(states_price(leaf, patterns).then_some(FigureKind::Price));
        let rates = profile.rates * 2 > profile.figures().max(1);
        let why = if profile.words > 0 && profile.figures() == 0 {
            "下是文字"
        } else if kind.is_some() {
            "的栏名说的不是金额"
        } else if rates {
            "下是百分比"
        } else if profile.nested || profile.is_codes() {
            "下是编码"
        } else {
            // 单位：亿元、% over a column of changes without a column of their rates: the sign of % belongs to it.
            if column.role == ColumnRole::Change && percent && !rated {
                evidence.push(format!("单位行有%，“{}”栏为增减幅度", column.header));
                section.columns[position].role = ColumnRole::ChangeRate;
            }
            continue;
        };
        evidence.push(format!("“{}”栏{why}，不作金额栏", column.header));
        section.columns[position].role = ColumnRole::Other;
    }
}

fn look(table: &Table, section: &Section, position: usize, patterns: &Patterns) -> Looked {
    let column = &section.columns[position];
    let texts: Vec<(usize, String)> = texts(table, section, position);
    let profile = Profile::of(texts.iter().map(|(_, t)| t.as_str()));
    let role = use_of(table, section, column, &profile, &texts, patterns);
    let texts = texts.into_iter().filter(|(_, t)| shape(t) != Shape::Blank).collect();
    let merged = section
        .rows()
        .filter_map(|row| section.body_cell(table, row, position).filter(|c| c.row == row))
        .any(|cell| cell.row_span > 1);
    Looked {
        profile,
        role,
        texts,
        merged,
    }
}

fn use_of(
    table: &Table,
    section: &Section,
    column: &Column,
    profile: &Profile,
    texts: &[(usize, String)],
    patterns: &Patterns,
) -> Use {
    let leaf = column.leaf();
    if let Some(measure) = column.role.measure() {
        let kind = match measure {
            m if m.is_money() => FigureKind::Money,
            crate::model::Measure::Weight | crate::model::Measure::Score => FigureKind::Points,
            _ => FigureKind::Rate,
        };
        return Use::Figures(kind);
    }
    if column.role == ColumnRole::Sequence || super::header::codes_only(&column.header, patterns) {
        return Use::Codes;
    }
    let neutral = matches!(
        column.role,
        ColumnRole::Remark
            | ColumnRole::Reason
            | ColumnRole::Unit
            | ColumnRole::Comparator
            | ColumnRole::Target
            | ColumnRole::ActualValue
    );
    if neutral {
        return Use::Neutral;
    }
    if profile.filled() == 0 {
        // A column left blank names nothing: it is one of the figures that this report does not have.
        return if column.header.is_empty() {
            Use::Neutral
        } else {
            figures(column, profile, patterns)
        };
    }
    let coded = patterns.forms.names_codes(&column.header) && profile.is_digits();
    if profile.is_codes() || coded || (column.header.is_empty() && profile.sequence) {
        return Use::Codes;
    }
    if profile.is_figures() {
        return figures(column, profile, patterns);
    }
    // 120户 below 受益户数: the heading says that numbers are counted here.
    if profile.counted > 0
        && (profile.counted + profile.figures()) * 10 >= profile.filled() * 7
        && let Some(kind) = patterns.headers.figure_kind(leaf)
    {
        return Use::Figures(kind);
    }
    if profile.dates + profile.marks > profile.words {
        return Use::Neutral;
    }
    let known = patterns.headers.role(leaf).map(|m| m.role);
    if column.role == ColumnRole::Other && (known == Some(ColumnRole::Other) || patterns.forms.is_neutral_heading(leaf))
    {
        return Use::Neutral; // 主要内容, 责任单位: known, and no name of a line
    }
    // One label beside the block, under no heading, says what the block is; its cells may be merged or left empty.
    let mut filled = texts.iter().filter(|(_, t)| !t.is_empty());
    let rows = section.rows().count();
    if let (true, Some((row, text)), None) = (column.header.is_empty() && rows > 1, filled.next(), filled.next()) {
        let merged = table.at(*row, column.index).is_some_and(|c| c.row_span * 2 > rows);
        if merged || (*row == section.body.start && !patterns.forms.is_total_row(text)) {
            return Use::Neutral;
        }
    }
    Use::Words
}

/// A column of figures that no measure names: what they are, by the headings above them and by their unit.
fn figures(column: &Column, profile: &Profile, patterns: &Patterns) -> Use {
    let parts = || column.header.rsplit('/');
    if states_price(&column.header, patterns) {
        return Use::Figures(FigureKind::Price);
    }
    if let Some(kind) = parts().find_map(|part| patterns.headers.figure_kind(part)) {
        return Use::Figures(kind);
    }
    if profile.rates * 2 > profile.figures() {
        return Use::Figures(FigureKind::Rate);
    }
    let money = |part: &str| {
        patterns.forms.speaks_of_money(part)
            || patterns.headers.ends_in_money(part)
            || states_money(part, patterns)
            || patterns.forms.is_funding_source(part)
            || patterns.headers.role(part).is_some_and(|m| m.role.is_money())
    };
    let sum = |part: &str| patterns.forms.is_total_row(part) || patterns.forms.is_subtotal_row(part);
    // Numbers with two decimals throughout are amounts of money in these tables; whole numbers may count anything.
    let decimals = profile.amounts > 0 && profile.amounts * 2 >= profile.figures();
    if parts().any(|part| money(part) || sum(part)) || decimals {
        return Use::Figures(FigureKind::Money);
    }
    Use::Figures(FigureKind::Unknown)
}

/// Whether a heading states a unit of money in brackets: 中央（万元）.
pub(super) fn states_money(heading: &str, patterns: &Patterns) -> bool {
    let folded = fold(heading);
    noted_units(&folded, patterns).any(|unit| patterns.units.whole(unit).is_some_and(|u| u.kind == UnitKind::Money))
}

/// Whether a heading states a price in brackets: 住宿费（元/人·天）.
fn states_price(heading: &str, patterns: &Patterns) -> bool {
    let folded = fold(heading);
    noted_units(&folded, patterns).any(|unit| patterns.units.is_price(unit))
}

/// What stands in the brackets of a folded heading, without the label of a unit before it.
fn noted_units<'t>(folded: &'t str, patterns: &Patterns) -> impl Iterator<Item = &'t str> {
    let labels = &patterns.tables.caption.unit;
    let inside = folded.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    inside.map(|unit| labels.strip_start(unit).unwrap_or(unit))
}

/// Two columns of one measure beside one name column cannot both be that measure: neither is, since nothing says which.
fn demote_repeated(table: &Table, section: &mut Section, side: &Side, patterns: &Patterns, evidence: &mut Vec<String>) {
    let positions: Vec<usize> = side.figures.iter().map(|(p, _)| *p).collect();
    let mut roles: Vec<ColumnRole> = positions.iter().map(|p| section.columns[*p].role).collect();
    roles.sort_unstable();
    roles.dedup();
    for role in roles.into_iter().filter(|r| r.measure().is_some()) {
        let same: Vec<usize> = positions
            .iter()
            .copied()
            .filter(|p| section.columns[*p].role == role)
            .collect();
        if same.len() < 2 {
            continue;
        }
        // The whole and its parts under one heading: the whole keeps the measure.
        let words = &patterns.tables.columns;
        let whole = |p: &usize| words.sums.is(&fold(section.columns[*p].leaf()));
        let exact: Vec<usize> = same.iter().copied().filter(whole).collect();
        // A heading that is word for word a measure means it rather than one that only holds its words.
        let worded: Vec<usize> = same
            .iter()
            .copied()
            .filter(|p| patterns.headers.exact_role(section.columns[*p].leaf()).is_some())
            .collect();
        let spent: Vec<usize> = same
            .iter()
            .copied()
            .filter(|p| !words.paid.within(&section.columns[*p].header))
            .collect();
        // A dump repeats the heading of merged cells over each of them: the one that holds the figures is meant, or, where
        // each holds the same, the first.
        let first = same[0];
        let alike = |p: &usize| {
            let (a, b) = (texts(table, section, first), texts(table, section, *p));
            section.columns[*p].header == section.columns[first].header
                && (a == b || a.iter().all(|(_, t)| t.is_empty()) || b.iter().all(|(_, t)| t.is_empty()))
        };
        let repeated = same.iter().all(alike).then(|| {
            let filled = |p: &&usize| texts(table, section, **p).iter().any(|(_, t)| !t.is_empty());
            same.iter().find(filled).copied().unwrap_or(first)
        });
        let keep = match exact[..] {
            [one] => Some(one),
            _ if repeated.is_some() => repeated,
            _ if worded.len() == 1 => Some(worded[0]),
            // 实际支出 beside 已支付: what was paid is another thing than what was spent.
            _ if spent.len() == 1 && spent.len() < same.len() => Some(spent[0]),
            // Else the one with which the report's own rate or balance holds.
            _ => arithmetic::proved(table, section, side, &same, role),
        };
        if let (Some(keep), true) = (
            keep,
            exact.len() != 1 && worded.len() != 1 && spent.len() != 1 && repeated.is_none(),
        ) {
            evidence.push(format!(
                "第{}列“{}”与执行率或结余相合，为{}",
                section.columns[keep].index + 1,
                section.columns[keep].header,
                role.name()
            ));
        }
        for p in same.into_iter().filter(|p| Some(*p) != keep) {
            section.columns[p].role = ColumnRole::Other;
            evidence.push(format!(
                "“{}”与另一列同为{}，不能确定，按其他数列保留",
                section.columns[p].header,
                role.name()
            ));
        }
    }
}
