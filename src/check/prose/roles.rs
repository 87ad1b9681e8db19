//! Which amount of the budget a figure in prose is: by the words of its clause.

use super::text::{Dimension, Fig, has, last_word};
use crate::model::Measure;
use crate::pattern::checks::Words;

/// What an amount in prose is told to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 年初预算.
    Initial,
    /// 全年预算, 调整后预算.
    Adjusted,
    /// 预算, 安排: which of them is not said.
    Budget,
    /// 下达, 到位.
    Allocated,
    /// 支出, 使用, 执行.
    Actual,
    /// 追加, 调增.
    Added,
    /// 调减, 收回.
    Taken,
    /// 结余, 结转.
    Left,
}

impl Role {
    /// Measures of a table that may state the same amount, the same one first.
    pub fn measures(self) -> &'static [Measure] {
        match self {
            Role::Initial => &[Measure::InitialBudget, Measure::Budget],
            Role::Adjusted => &[Measure::AdjustedBudget, Measure::Budget],
            Role::Budget => &[Measure::Budget, Measure::AdjustedBudget, Measure::InitialBudget],
            Role::Allocated => &[Measure::Allocated, Measure::AdjustedBudget, Measure::Budget],
            Role::Actual => &[Measure::Actual, Measure::FinalAccounts],
            Role::Left => &[Measure::Balance],
            Role::Added | Role::Taken => &[],
        }
    }

    /// Whether the measure is the very one that the role names.
    pub fn names(self, measure: Measure) -> bool {
        match self {
            Role::Actual => matches!(measure, Measure::Actual | Measure::FinalAccounts),
            role => role.measures().first() == Some(&measure) && role != Role::Budget,
        }
    }
}

/// The role of an amount: the word of its clause that stands nearest to it, the longest of those.
pub fn role(fig: &Fig<'_>, words: &Words) -> Option<Role> {
    if fig.dimension() != Some(Dimension::Money) {
        return None;
    }
    let clause: String = fig.clause().chars().filter(|c| !c.is_whitespace()).collect();
    // 比上年增加876.75万元 is a change, and no amount of the budget.
    if fig.grows().is_some() && !has(&clause, &words.added) && !has(&clause, &words.taken) {
        return None;
    }
    let lists: [(&[String], Role); 8] = [
        (&words.initial_budget, Role::Initial),
        (&words.adjusted_budget, Role::Adjusted),
        (&words.budget, Role::Budget),
        (&words.allocated, Role::Allocated),
        (&words.actual, Role::Actual),
        (&words.added, Role::Added),
        (&words.taken, Role::Taken),
        (&words.prose.left, Role::Left),
    ];
    let found = lists.iter().filter_map(|(list, role)| {
        let (end, word) = last_word(&clause, list)?;
        Some((end, word.len(), *role))
    });
    // 预算安排 ends where 安排 ends: the longer word says more.
    let (_, _, mut role) = found.max_by_key(|(end, len, _)| (*end, *len))?;
    if role == Role::Budget
        && words
            .first_budget
            .iter()
            .any(|w| words.prose.first.within(w) && clause.contains(w.as_str()))
    {
        role = Role::Initial;
    }
    if role == Role::Actual && words.prose.planned.within(&clause) && words.prose.sides.within(&clause) {
        // 部门支出年初预算: 支出 tells the side, 预算 the measure.
        let budget = [
            (&words.initial_budget, Role::Initial),
            (&words.adjusted_budget, Role::Adjusted),
        ];
        let later = budget.iter().find(|(list, _)| last_word(&clause, list).is_some());
        role = later.map_or(role, |(_, r)| *r);
    }
    Some(role)
}
