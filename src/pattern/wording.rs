//! What a cell's text says about itself, asked of the patterns and remembered.

use crate::model::ColumnRole;
use crate::pattern::Patterns;
use crate::pattern::label::Label;
use crate::pattern::token;
use std::cell::RefCell;
use std::collections::HashMap;

/// Longer texts (in bytes) are sentences or values, never a heading or a label.
const LONGEST: usize = 120;

type Answer = (Option<ColumnRole>, Option<Label>);

/// Answers of the patterns, one look-up for each distinct text.
pub(crate) struct Words<'p> {
    patterns: &'p Patterns,
    known: RefCell<HashMap<String, Answer>>,
}

impl<'p> Words<'p> {
    pub fn new(patterns: &'p Patterns) -> Self {
        Words {
            patterns,
            known: RefCell::default(),
        }
    }

    /// The role of a heading.
    pub fn role(&self, text: &str) -> Option<ColumnRole> {
        self.both(text).0
    }

    /// The fixed word of a form that the text is.
    pub fn label(&self, text: &str) -> Option<Label> {
        self.both(text).1
    }

    /// Whether it names what sums others: 合计, 小计, 本年支出合计.
    pub fn is_total(&self, text: &str) -> bool {
        let forms = &self.patterns.forms;
        forms.is_total_row(text) || forms.is_subtotal_row(text)
    }

    /// Whether the figures under a heading are no money by its words: 受益户数, 占比, 面积.
    pub fn counts(&self, text: &str) -> bool {
        self.patterns.headers.figure_kind(text).is_some()
    }

    /// Whether it heads a column of codes, years or order.
    pub fn is_code(&self, text: &str) -> bool {
        self.patterns.forms.is_code_heading(text)
    }

    /// Whether a text is a heading or a label word for word.
    pub fn exact(&self, text: &str) -> bool {
        self.patterns.headers.exact_role(text).is_some() || self.label(text).is_some()
    }

    /// Whether a text is a heading or a label of a form by itself.
    pub fn knows(&self, text: &str) -> bool {
        self.role(text).is_some() || self.label(text).is_some()
    }

    fn both(&self, text: &str) -> Answer {
        if text.is_empty() || text.len() > LONGEST {
            return (None, None);
        }
        if let Some(found) = self.known.borrow().get(text) {
            return *found;
        }
        let found = (
            self.patterns.headers.role(text).map(|m| m.role),
            self.patterns.label(text),
        );
        self.known.borrow_mut().insert(text.to_owned(), found);
        found
    }

    /// Whether the words of a row open with a label of the head that as many figures follow as a label has not: 项目完成时间
    /// 2022年12月底前 2023年1月15日 20 20 is the row of an indicator.
    pub fn is_row_of_figures(&self, texts: &[&str], least: usize) -> bool {
        let Some((first, rest)) = texts.split_first() else {
            return false;
        };
        let label = |text: &&str| self.label(text) == Some(Label::Head);
        let figure = |text: &&&str| token::kind(text, self).is_value();
        label(first) && !rest.iter().any(label) && rest.iter().filter(figure).count() >= least
    }

    /// Roles of a row's cells if it is a heading row: most of its cells are known headings, at least two.
    pub fn header<'a>(&self, cells: impl Iterator<Item = &'a str>) -> Option<Vec<Option<ColumnRole>>> {
        let cells: Vec<&str> = cells.collect();
        let mut roles: Vec<Option<ColumnRole>> = cells.iter().map(|text| self.role(text)).collect();
        // 绩效指标 before 一级指标 is the label at the grid's left, not the column of names.
        if let [first, second, ..] = cells.as_slice()
            && matches!(self.label(first), Some(Label::Side | Label::FundingHead | Label::Goal))
            && (second.is_empty() || roles[1].is_some())
        {
            roles[0] = None;
        }
        let filled = cells.iter().filter(|text| !text.is_empty()).count();
        let known = roles.iter().flatten().count();
        let values = cells.iter().any(|text| has_figure(text));
        (known >= 2 && known * 2 >= filled && !values).then_some(roles)
    }
}

/// Whether a text holds a figure as data rows do; notes such as (50分) in a heading are no figures.
fn has_figure(text: &str) -> bool {
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' | '（' | '[' | '〔' => depth += 1,
            ')' | '）' | ']' | '〕' => depth = depth.saturating_sub(1),
            '0'..='9' | '０'..='９' if depth == 0 => return !text.contains('年'),
            _ => {}
        }
    }
    false
}

/// Whether a column of this role holds figures or values, not names.
pub(crate) fn holds_values(role: ColumnRole) -> bool {
    role.measure().is_some()
        || matches!(
            role,
            ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::Unit | ColumnRole::Comparator
        )
}

/// Whether the second heading is that of the labels, in words of money: 预算执行情况 ∣ 年度预算数 ∣ 年初预算 ∣ 调整后预算数.
/// No amount stands before that of the year's beginning.
pub(crate) fn labels_second(roles: &[Option<ColumnRole>]) -> bool {
    use ColumnRole as R;
    matches!(
        roles,
        [None, Some(R::Budget | R::AdjustedBudget), Some(R::InitialBudget), ..]
    )
}

/// The first column of values; the points of a level stand before the next level: 一级指标 ∣ 分值 ∣ 二级指标 ∣ 分值 ∣ 三级指标.
pub(crate) fn first_value(roles: &[Option<ColumnRole>]) -> Option<usize> {
    use ColumnRole as R;
    let value = |role: &Option<R>| role.is_some_and(holds_values);
    let first = roles.iter().position(value)?;
    let last = roles
        .iter()
        .rposition(|role| matches!(role, Some(R::Indicator | R::Level3)));
    match last {
        Some(last) if roles[..first].contains(&Some(R::Level1)) && first < last => {
            let points = roles[first..last]
                .iter()
                .filter(|r| value(r))
                .all(|r| *r == Some(R::Weight));
            let after = last + roles[last..].iter().position(value)?;
            Some(if points { after } else { first })
        }
        _ => Some(first),
    }
}

/// Column of the most specific names: the last named one before the first column of values.
pub(crate) fn name_column(roles: &[Option<ColumnRole>]) -> usize {
    let before = &roles[..first_value(roles).unwrap_or(roles.len())];
    let name = |role: &Option<ColumnRole>| {
        matches!(
            role,
            Some(ColumnRole::Indicator | ColumnRole::Project | ColumnRole::Level3)
        )
    };
    before.iter().rposition(name).unwrap_or(before.len().saturating_sub(1))
}
