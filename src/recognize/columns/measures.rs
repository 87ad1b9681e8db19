//! What headings that say too little mean beside others: years, the sides of a balance, the title over a bare 金额.

use crate::model::{Column, ColumnRole, Section};
use crate::pattern::Patterns;
use crate::recognize::caption::Caption;
use crate::recognize::header::is_amount;
use crate::text::date;
use crate::text::fold::fold;

/// The year that a column's headings name: 2022年决算数.
pub(super) fn year_of(column: &Column, patterns: &Patterns) -> Option<u16> {
    if let Some(year) = patterns.headers.told(&column.header).and_then(|told| told.year) {
        return u16::try_from(year).ok();
    }
    let chars: Vec<char> = fold(&column.header).chars().collect();
    let (year, _) = (0..chars.len()).find_map(|at| date::year(&chars, at))?;
    u16::try_from(year).ok()
}

/// Two columns of one measure that name different years: the later is this year's, the one before it the prior year's. Of
/// more than two years none is told without the report's own.
pub(super) fn years(section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    for side in section.sides.clone() {
        let dated: Vec<(usize, u16)> = side
            .figures
            .iter()
            .filter(|(p, _)| section.columns[*p].role.is_money())
            .filter_map(|(p, _)| Some((*p, year_of(&section.columns[*p], patterns)?)))
            .collect();
        let mut all: Vec<u16> = dated.iter().map(|(_, y)| *y).collect();
        all.sort_unstable();
        all.dedup();
        if all.len() > 2 {
            for (p, _) in dated {
                section.columns[p].role = ColumnRole::Other;
            }
            evidence.push("各栏属三个以上年度，口径不能确定，按其他数列保留".to_owned());
            continue;
        }
        let [earlier, later] = all[..] else { continue };
        let known = side
            .figures
            .iter()
            .any(|(p, _)| section.columns[*p].role == ColumnRole::PriorYear);
        let before: Vec<usize> = dated.iter().filter(|(_, y)| *y == earlier).map(|(p, _)| *p).collect();
        let spent = |p: &usize| matches!(section.columns[*p].role, ColumnRole::FinalAccounts | ColumnRole::Actual);
        // Of last year's budget and outlay the outlay is what 上年 means.
        let prior = match before[..] {
            [one] => Some(one),
            _ => before.iter().copied().find(spent),
        };
        for p in before {
            let is_prior = Some(p) == prior && !known && later == earlier + 1;
            section.columns[p].role = if is_prior {
                ColumnRole::PriorYear
            } else {
                ColumnRole::Other
            };
            evidence.push(format!("“{}”属上一年度", section.columns[p].header));
        }
    }
}

/// 收入 over 金额 beside 支出 over 金额: the words above are those of the sides, and 支出金额 is no measure of its own here.
pub(super) fn balance(section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    let upper = |c: &Column| {
        c.header
            .rsplit_once('/')
            .map(|(above, _)| patterns.forms.revenue_and_expenditure(above))
    };
    let bare: Vec<usize> = (0..section.columns.len())
        .filter(|p| {
            let column = &section.columns[*p];
            (column.role.is_money() || column.role == ColumnRole::Other) && is_amount(column.leaf(), patterns)
        })
        .collect();
    let of = |side: (bool, bool)| bare.iter().any(|p| upper(&section.columns[*p]) == Some(side));
    if !of((true, false)) || !of((false, true)) {
        return;
    }
    for p in bare {
        let column = &mut section.columns[p];
        let role = patterns.headers.exact_role(column.leaf()).unwrap_or(column.role);
        if upper(column).is_some() && column.role != role {
            evidence.push(format!("“{}”的上级栏名是收支两侧，为{}", column.header, role.name()));
            column.role = role;
        }
    }
}

/// 金额 says no more than money: in a table of final accounts it is theirs, where no other column is.
pub(super) fn accounts(section: &mut Section, caption: &Caption, patterns: &Patterns, evidence: &mut Vec<String>) {
    let titled = caption
        .title
        .as_deref()
        .is_some_and(|title| patterns.forms.titles_accounts(title));
    let measured = |c: &Column| c.role.measure().is_some() && !is_bare_amount(c, patterns);
    if !titled || section.columns.iter().any(measured) {
        return;
    }
    for column in section.columns.iter_mut().filter(|c| is_bare_amount(c, patterns)) {
        evidence.push(format!(
            "表名说是决算，“{}”栏为{}",
            column.header,
            ColumnRole::FinalAccounts.name()
        ));
        column.role = ColumnRole::FinalAccounts;
    }
}

fn is_bare_amount(column: &Column, patterns: &Patterns) -> bool {
    column.role == ColumnRole::Budget && is_amount(column.leaf(), patterns)
}

/// What one side's heading says of its measure holds for the same heading of the other: 收入/金额 beside 支出/金额.
pub(super) fn mirror(section: &mut Section, evidence: &mut Vec<String>) {
    let all: Vec<usize> = section
        .sides
        .iter()
        .flat_map(|s| s.figures.iter().map(|(p, _)| *p))
        .collect();
    for position in &all {
        let column = &section.columns[*position];
        if column.role != ColumnRole::Other || column.header.is_empty() || section.sides.len() < 2 {
            continue;
        }
        let twin = all
            .iter()
            .map(|p| &section.columns[*p])
            .find(|c| c.role.measure().is_some() && c.leaf() == column.leaf());
        if let Some(role) = twin.map(|c| c.role) {
            evidence.push(format!("“{}”与另一侧同名的栏一样，为{}", column.header, role.name()));
            section.columns[*position].role = role;
        }
    }
}
