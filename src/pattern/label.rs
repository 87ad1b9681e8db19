//! What a word of a form is where no rule or tab tells: one answer of the vocabulary for a text without cells.

use super::Patterns;
use super::forms::HeadField;
use super::vocabulary::{Job, LONGEST, Uses};
use crate::text::fold::fold;

/// What a fixed word of a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// 项目名称, 主管部门: the value stands in the next cell.
    Head,
    /// 项目资金: first heading of the funding block.
    FundingHead,
    /// 年度资金总额, 上年结转资金: row of the funding block.
    FundingRow,
    /// 年度总体目标: left of the goals.
    Goal,
    /// 预期目标: heading over a goal.
    GoalColumn,
    /// 绩效指标: left of the indicator grid.
    Side,
    /// 总分, 合计.
    Total,
    /// 评价等次, 存在问题: the form's last rows.
    Closing,
    /// 产出指标.
    Level1,
    /// 数量指标.
    Level2,
    /// A target or an actual in words: 有效提升.
    Qualitative,
    /// A unit that stands apart from its number.
    Unit,
}

impl Label {
    /// 产出指标, 数量指标.
    pub fn is_level(self) -> bool {
        matches!(self, Label::Level1 | Label::Level2)
    }

    /// Of everything that a word may be, what it is where nothing around it tells: what is rarer in other places first.
    fn of(uses: &Uses) -> Option<Label> {
        // 自评得分, 预算资金 and 完成情况 head columns far more often than they stand before their own row.
        let heading = uses.heading.is_some();
        let goal = uses.is(Job::GoalExpected) || uses.is(Job::GoalActual);
        // 资金来源 heads the names of a table of funds more often than it stands before one of them.
        let head = uses.head.is_some_and(|field| field != HeadField::Other || !heading);
        [
            (uses.is(Job::FirstLevel), Label::Level1),
            (uses.is(Job::SecondLevel), Label::Level2),
            (head, Label::Head),
            (uses.is(Job::GoalLabel), Label::Goal),
            (goal, Label::GoalColumn),
            (uses.is(Job::FundingHead), Label::FundingHead),
            (uses.is(Job::GridSide), Label::Side),
            (uses.is(Job::TotalScore) && !heading, Label::Total),
            (uses.is(Job::Grade) || uses.is(Job::Remark), Label::Closing),
            (
                (uses.is(Job::TotalRow) || uses.is(Job::FundingRow)) && !heading,
                Label::FundingRow,
            ),
        ]
        .into_iter()
        .find(|(fits, _)| *fits)
        .map(|(_, label)| label)
    }
}

impl Patterns {
    /// What a text is, notes in brackets, 其中, points (产出指标50分) and a closing colon apart.
    pub fn label(&self, text: &str) -> Option<Label> {
        if text.len() > LONGEST {
            return None;
        }
        if let Some(label) = self.vocabulary.find_label(text, Label::of) {
            return Some(label);
        }
        if self.forms.is_funding_row(text) {
            return Some(Label::FundingRow);
        }
        let folded = fold(text);
        if self.values.is_wording(&folded) {
            return Some(Label::Qualitative);
        }
        self.is_unit_apart(&folded).then_some(Label::Unit)
    }

    /// Whether a folded text is a unit, with or without the word that may follow one: 家, 元/人, 家以上.
    fn is_unit_apart(&self, folded: &str) -> bool {
        let chars: Vec<char> = folded.chars().collect();
        let Some(unit) = self.units.longest(&chars, 0) else {
            return false;
        };
        let rest = &chars[unit.len..];
        rest.is_empty() || self.values.follows_unit(rest) || self.units.is_price(folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_notes_and_line_breaks() {
        let patterns = Patterns::builtin().unwrap();
        for (text, expected) in [
            ("项目资金\n（万元）", Some(Label::FundingHead)),
            ("其中：当年财政拨款", Some(Label::FundingRow)),
            ("产出指标\n\n(50分)", Some(Label::Level1)),
            ("效益指标30分", Some(Label::Level1)),
            ("经济效\n益指标", Some(Label::Level2)),
            ("项目名称：", Some(Label::Head)),
            ("总 分", Some(Label::Total)),
            ("培训人数", None),
            ("有效提升", Some(Label::Qualitative)),
            ("元/人", Some(Label::Unit)),
            ("万元以上", Some(Label::Unit)),
        ] {
            assert_eq!(patterns.label(text), expected, "{text}");
        }
    }
}
