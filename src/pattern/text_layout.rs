//! Words that forms print in fixed places: how the text reader knows labels where no rule or tab tells them.

use super::file::PatternFile;
use super::headers::{fold, strip_notes};
use crate::error::Result;
use serde::Deserialize;
use std::collections::HashMap;

/// What a fixed word of a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
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
}

/// The fixed words of forms.
#[derive(Debug, Clone)]
pub struct TextLayout {
    words: HashMap<String, Label>,
    longest: usize,
}

impl TextLayout {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        let parsed: std::collections::BTreeMap<Label, Vec<String>> = file.parse()?;
        let mut words = HashMap::new();
        let mut longest = 0;
        for (label, texts) in parsed {
            for text in texts {
                let key = fold(&text);
                longest = longest.max(key.chars().count());
                if let Some(other) = words.insert(key, label).filter(|other| *other != label) {
                    return Err(file.error(&format!("“{text}” stands under {other:?} and under {label:?}"), 1));
                }
            }
        }
        Ok(TextLayout { words, longest })
    }

    /// What a text is, notes in brackets, 其中, points (产出指标50分) and a closing colon apart.
    pub fn label(&self, text: &str) -> Option<Label> {
        // The longest word with generous notes; longer texts are values or sentences.
        if text.len() > self.longest * 3 + 60 {
            return None;
        }
        let folded = fold(text);
        if let Some(label) = self.words.get(&folded) {
            return Some(*label);
        }
        let inner = folded.strip_prefix("其中").unwrap_or(&folded);
        let inner = inner.trim_start_matches([':', '、', '.']).trim_end_matches(':');
        if let Some(label) = self.words.get(inner) {
            return Some(*label);
        }
        let bare = strip_notes(inner);
        let bare = bare.strip_suffix('分').map_or(bare.as_str(), |b| {
            b.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
        });
        self.words.get(bare).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

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
        ] {
            assert_eq!(patterns.text_layout.label(text), expected, "{text}");
        }
    }
}
