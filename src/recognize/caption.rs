//! Caption, unit line and place of a table, from the paragraphs above it and its own first rows.

use super::view::RowView;
use crate::model::{Block, Document, Table};
use crate::pattern::headers::fold;

/// What stands above a table and belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// Title.
    pub title: Option<String>,
    /// Unit as written after 单位：.
    pub unit: Option<String>,
    /// Whether the unit line states % besides.
    pub percent: bool,
    /// Rows at the table's top that hold title and unit, not facts.
    pub rows: usize,
}

/// How many paragraphs above a table are looked at.
const REACH: usize = 5;

/// Reads the caption of the table that is block `index`.
pub fn caption(document: &Document, index: usize, table: &Table, rows: &[RowView<'_>]) -> Caption {
    let mut caption = Caption::default();
    for row in rows.iter().take(4) {
        // A label beside the whole block is no part of its title rows.
        let own: Vec<&(&crate::model::Cell, String)> = row
            .own
            .iter()
            .filter(|(c, _)| c.row_span * 2 <= table.rows().max(4))
            .collect();
        let units: Vec<Option<String>> = own.iter().map(|(c, _)| unit_of(&c.text)).collect();
        let unit_row = !own.is_empty() && units.iter().any(Option::is_some) && own.len() <= 3;
        let empty = own.is_empty() && row.carried.is_empty() && row.own.is_empty();
        // A title may reach over the table, or stand in its first cell with nothing beside it.
        let beside = row.own.len() > own.len() || !row.carried.is_empty();
        let title_row = own.len() == 1 && own[0].0.row_span == 1 && is_title(&own[0].1) && {
            let cell = own[0].0;
            let whole = cell.col + cell.col_span == table.cols() && (cell.col == 0 || beside && cell.col_span > 1);
            whole || (cell.col == 0 && cell.col_span == 1)
        };
        if unit_row {
            caption.percent |= own.iter().any(|(_, t)| t.contains('%'));
            caption.unit = caption.unit.or_else(|| units.into_iter().flatten().next());
        } else if title_row && caption.title.is_none() && table.cols() > 1 {
            caption.title = Some(own[0].0.text.trim().replace('\n', ""));
        } else if !empty {
            break;
        }
        caption.rows += 1;
    }
    for block in document.blocks[..index].iter().rev().take(REACH) {
        let Block::Paragraph(paragraph) = block else { break };
        let folded = fold(&paragraph.text);
        if folded.is_empty() {
            continue;
        }
        let found = unit_of(&paragraph.text);
        if found.is_some() && folded.chars().count() <= 60 {
            // Title and unit may share a line.
            let before = folded.split("单位:").next().unwrap_or("");
            let before = before.trim_end_matches(['(', '[', '金', '额']);
            if caption.title.is_none() && before.chars().count() >= 5 && is_title(before) {
                caption.title = Some(before.to_owned());
            }
            caption.percent |= folded.contains('%');
            caption.unit = caption.unit.or(found);
            continue;
        }
        if is_table_number(&folded) {
            continue; // 公开02表 numbers the table; its name stands above or below
        }
        if caption.title.is_none() && is_title(&folded) {
            caption.title = Some(paragraph.text.trim().replace('\n', ""));
        }
        break;
    }
    caption
}

/// The unit of a unit line: what follows 单位： when it is a unit of money or measure, not an organization's name.
pub fn unit_of(text: &str) -> Option<String> {
    let folded = fold(text);
    let mut rest = folded.as_str();
    while let Some(start) = rest.find("单位:") {
        rest = &rest[start + "单位:".len()..];
        let said = rest.strip_prefix("人民币").unwrap_or(rest);
        let end = said
            .find([')', ']', ',', ';', '。', '，', '；', '、', '/'])
            .unwrap_or(said.len());
        let unit = said[..end].trim_start_matches('(');
        if UNITS.contains(&unit) {
            return Some(unit.to_owned());
        }
        // The unit may be followed by other words of the line (单位：万元 日期：…).
        if let Some(known) = UNITS.iter().find(|u| unit.starts_with(**u) && u.ends_with('元')) {
            return Some((*known).to_owned());
        }
    }
    None
}

/// Units that a unit line may state; longer before shorter.
const UNITS: [&str; 14] = [
    "百万元",
    "亿元",
    "万元",
    "千元",
    "元",
    "%",
    "个",
    "家",
    "人",
    "亩",
    "台",
    "辆",
    "户",
    "平方米",
];

/// The number of a table in a set, which is no name: 公开02表, 附表3, 预算01表.
fn is_table_number(folded: &str) -> bool {
    let bare: String = folded
        .chars()
        .filter(|c| !c.is_ascii_digit() && !"-—一二三四五六七八九十()".contains(*c))
        .collect();
    matches!(
        bare.as_str(),
        "公开表" | "附表" | "预算表" | "决算表" | "预算公开表" | "表" | "附件" | "财决表" | "部门公开表" | "财决公开表"
    ) && bare.len() < folded.len()
}

/// Whether a folded line may be a table's title.
fn is_title(folded: &str) -> bool {
    let count = folded.chars().count();
    let sentence = folded.ends_with(['。', ';', ',', ':', '；', '，', '：']) || folded.contains('。');
    let named = ["表", "情况", "自评", "预算", "决算", "明细", "分配", "计划", "安排"]
        .iter()
        .any(|w| folded.contains(w));
    (4..=60).contains(&count) && !sentence && named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_organizations() {
        assert_eq!(unit_of("  单位：万元").as_deref(), Some("万元"));
        assert_eq!(unit_of("（金额单位：人民币万元）").as_deref(), Some("万元"));
        assert_eq!(unit_of("填报单位：某市财政局"), None);
        assert_eq!(unit_of("编制单位：某局   金额单位：元").as_deref(), Some("元"));
    }
}
