//! Whole tables in one line, as text taken out of a page without its line breaks.
//!
//! Such a line is parted at its blanks into the lines that `stream` reads; what is left over is put together again.

use super::row_words::split_words;
use crate::model::ColumnRole;
use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind};
use crate::pattern::wording::Words;
use crate::text::lines::Line;
use std::borrow::Cow;

/// Shortest such line, in bytes.
const SHORTEST: usize = 240;
/// Headings that stand together in it at least.
const HEADINGS: usize = 4;
/// Headings and labels in it at least.
const KNOWN: usize = 8;

/// The lines with those that hold whole tables parted.
pub(super) fn part<'a>(lines: Vec<Line<'a>>, words: &Words<'_>) -> Vec<Line<'a>> {
    if !lines.iter().any(may_hold_table) {
        return lines;
    }
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        match parts(&line, words) {
            Some(parts) => out.extend(parts),
            None => out.push(line),
        }
    }
    out
}

/// A cheap test that most lines fail.
fn may_hold_table(line: &Line<'_>) -> bool {
    line.text.len() >= SHORTEST && line.text.matches(' ').take(2 * KNOWN).count() == 2 * KNOWN
}

fn parts<'a>(line: &Line<'a>, words: &Words<'_>) -> Option<Vec<Line<'a>>> {
    if !may_hold_table(line) || line.text.contains(['|', '\t']) {
        return None;
    }
    let texts = split_words(&line.text, words);
    let (mut known, mut run, mut longest, mut has_units) = (0, 0, 0, false);
    for text in &texts {
        let (role, label) = (words.role(text), words.label(text));
        has_units |= role == Some(ColumnRole::Unit);
        run = if role.is_some() { run + 1 } else { 0 };
        longest = longest.max(run);
        let label = label.is_some_and(|l| !matches!(l, Label::Unit | Label::Qualitative));
        known += usize::from(role.is_some() || label);
    }
    if longest < HEADINGS || known < KNOWN {
        return None;
    }
    let mut parts: Vec<Line<'a>> = Vec::with_capacity(texts.len());
    for text in texts {
        // A number and its unit, where no column takes the unit: ≥200 家.
        if let Some(last) = parts.last_mut()
            && !has_units
            && words.label(&text) == Some(Label::Unit)
            && matches!(token::kind(&last.text, words), Kind::Number | Kind::Value)
            && last.text.ends_with(|c: char| c.is_ascii_digit())
        {
            last.text.to_mut().push_str(&format!(" {text}"));
            continue;
        }
        parts.push(Line {
            text: Cow::Owned(text.into_owned()),
            page_top: line.page_top && parts.is_empty(),
            blank: false,
            part: !parts.is_empty(),
            cell: false,
        });
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use crate::ingest::txt::read;
    use crate::model::{Block, Document};
    use crate::pattern::Patterns;

    fn document(text: &str) -> Document {
        let patterns = Patterns::builtin().unwrap();
        crate::recognize::lay::lay(read(text.as_bytes(), &patterns).unwrap(), &patterns)
    }

    #[test]
    fn a_form_in_one_line_is_a_table() {
        let document = document(
            "附件1\n项目支出绩效自评表 绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施 \
             产出指标 数量指标 培训人数 ≥100 人 120 人 20 20 质量指标 培训合格率 ≥95% 98% 30 30 \
             效益指标 社会效益指标 服务能力 有效提升 有效提升 40 38 总分 100 98\n特此说明。\n",
        );
        let [Block::Paragraph(_), .., Block::Paragraph(last)] = document.blocks.as_slice() else {
            panic!("{:?}", document.blocks);
        };
        assert_eq!(last.text, "特此说明。");
        let tables: Vec<_> = document.blocks.iter().filter_map(|b| b.table()).collect();
        let texts: Vec<Vec<&str>> = (0..tables[0].rows())
            .map(|r| {
                let cells = tables[0].cells().iter().filter(|c| c.row == r && !c.text.is_empty());
                cells.map(|c| c.text.as_str()).collect()
            })
            .collect();
        for row in [
            vec!["产出指标", "数量指标", "培训人数", "≥100 人", "120 人", "20", "20"],
            vec!["质量指标", "培训合格率", "≥95%", "98%", "30", "30"],
            vec![
                "效益指标",
                "社会效益指标",
                "服务能力",
                "有效提升",
                "有效提升",
                "40",
                "38",
            ],
        ] {
            assert!(texts.contains(&row), "{row:?} in {texts:?}");
        }
    }

    #[test]
    fn prose_with_blanks_stays_prose() {
        let sentence = "本项目 由 县农业局 实施， 预算 20 万元， 执行 19 万元， 得分 98 分。";
        let document = document(&sentence.repeat(12));
        assert!(document.blocks.iter().all(|b| b.table().is_none()));
    }
}
