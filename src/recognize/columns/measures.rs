//! What headings that say too little mean beside others: years, the sides of a balance, the title over a bare 金额.

use crate::model::{Column, ColumnRole, Section, Side};
use crate::pattern::Patterns;
use crate::recognize::caption::Caption;
use crate::recognize::header::is_amount;

/// Two columns of one measure that name different years: the later is this year's, the one before it the prior year's. Of
/// more than two years none is told without the report's own.
pub(super) fn years(section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    for side in section.sides.clone() {
        let dated: Vec<(usize, u16)> = side
            .figures
            .iter()
            .filter(|(p, _)| section.columns[*p].role.is_money())
            .filter_map(|(p, _)| Some((*p, patterns.headers.year(&section.columns[*p].header)?)))
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

/// 收入 over 预算数 beside 支出 over 合计, 一般公共预算 …: 支出 says no more than which side it is.
pub(super) fn divided(section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    let side = |c: &Column| {
        let (above, _) = c.header.rsplit_once('/')?;
        let (revenue, expenditure) = patterns.forms.revenue_and_expenditure(above);
        (revenue != expenditure).then_some(revenue)
    };
    let money = section
        .columns
        .iter()
        .filter(|c| c.role.is_money() || is_amount(c.leaf(), patterns));
    let sides: Vec<bool> = money.filter_map(side).collect();
    if section.sides.len() < 2 || !sides.contains(&true) || !sides.contains(&false) {
        return;
    }
    // 收入 over 金额 alone: the word says no more than money, whatever stands above it.
    let measured =
        |c: &Column| side(c).is_some() && patterns.headers.exact_role(c.leaf()).is_some_and(|r| r.is_money());
    let says_more = section
        .columns
        .iter()
        .any(|c| measured(c) && !is_amount(c.leaf(), patterns));
    for column in section.columns.iter_mut() {
        if is_amount(column.leaf(), patterns)
            && column.role == ColumnRole::Other
            && !says_more
            && side(column).is_some()
        {
            column.role = patterns.headers.exact_role(column.leaf()).unwrap_or(column.role);
        }
    }
    for column in section.columns.iter_mut().filter(|c| c.role.is_money()) {
        let leaf = column.leaf();
        let by_side =
            patterns.headers.role(leaf).is_none_or(|own| own.role != column.role) && !is_amount(leaf, patterns);
        if by_side && side(column).is_some() {
            evidence.push(format!("“{}”的上级栏名是收支两侧，不是口径", column.header));
            column.role = ColumnRole::Other;
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

/// Whether a heading says no more than that the columns right of it are parts of its own.
fn is_whole(leaf: &str, patterns: &Patterns) -> bool {
    patterns.forms.is_total_row(leaf) || patterns.forms.is_subtotal_row(leaf)
}

/// What one side's heading says of its measure holds for the same heading of the other: 收入/金额 beside 支出/金额; and for
/// the whole of a side that is divided, 收入/预算数 beside 支出/合计, where the other side has no second measure.
pub(super) fn mirror(section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
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
        let own = |side: &&Side| side.figures.iter().any(|(p, _)| p == position);
        let Some(side) = section.sides.iter().find(own) else {
            continue;
        };
        let measured = |p: &usize| section.columns[*p].role.is_money();
        let whole = is_whole(column.leaf(), patterns) && !side.figures.iter().any(|(p, _)| measured(p));
        if let Some(role) = twin.map(|c| c.role) {
            evidence.push(format!("“{}”与另一侧同名的栏一样，为{}", column.header, role.name()));
            section.columns[*position].role = role;
        } else if let (true, [other]) = (whole, &all.iter().copied().filter(measured).collect::<Vec<_>>()[..]) {
            let role = section.columns[*other].role;
            let known = &section.columns[*other].header;
            evidence.push(format!(
                "“{}”是一侧的合计，与另一侧的“{known}”同为{}",
                column.header,
                role.name()
            ));
            section.columns[*position].role = role;
        }
    }
}
