//! Brings the rows of a dump to the columns of the row that opened their part.
//!
//! Dumps differ in what they write for merged cells: one empty cell for all the labels left of a row or one for each
//! grid column of a wide label; nothing at all for a score that is merged with the row above. The cells with text are the
//! same in all of them, so the heading row decides: they end where it ends, or before it where figures would otherwise
//! stand under the wrong heading.

use crate::model::ColumnRole;
use crate::model::{RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::wording::Words;
use crate::text::lines::{is_dashes, is_plain_figure};

/// The row that opened a part.
struct Opening {
    width: usize,
    /// Roles of its cells where it is a heading row.
    roles: Option<Vec<Option<ColumnRole>>>,
    /// For each column, whether the rows below it had figures there, dashes or empty cells apart, and whether words.
    below: Vec<(bool, bool)>,
}

impl Opening {
    fn new(width: usize, roles: Option<Vec<Option<ColumnRole>>>) -> Self {
        Opening {
            width,
            roles,
            below: vec![(false, false); width],
        }
    }

    /// Learns from a row below.
    fn take(&mut self, row: &RawRow) {
        let told = row.iter().filter(|_| row.len() == self.width);
        for (cell, (figures, words)) in told.zip(&mut self.below) {
            match is_plain_figure(&cell.text) {
                true => *figures = true,
                false => *words |= !cell.text.is_empty() && !is_dashes(&cell.text),
            }
        }
    }
}

/// Rows with their cells in the columns of their part.
pub(super) fn align(rows: &[RawRow], words: &Words<'_>) -> Vec<RawRow> {
    let mut out: Vec<RawRow> = Vec::with_capacity(rows.len());
    let mut open = Opening::new(0, None);
    let mut index = 0;
    while let Some(row) = rows.get(index) {
        if let Some((upper, lower)) = divided_heading(&rows[index..], words) {
            open = Opening::new(upper.len(), words.header(upper.iter().map(|c| c.text.as_str())));
            out.extend([upper, lower]);
            index += 2;
            continue;
        }
        out.push(aligned(row, &mut open, words));
        index += 1;
    }
    out
}

fn aligned(row: &RawRow, open: &mut Opening, words: &Words<'_>) -> RawRow {
    let voids = row.iter().take_while(|cell| cell.void).count();
    let filled = &row[voids..];
    if voids == 0 {
        let roles = words.header(row.iter().map(|c| c.text.as_str()));
        if roles.is_none()
            && row.len() != open.width
            && let Some(moved) = total_of_money(row, open, words).or_else(|| total_below(row, open, words))
        {
            return moved;
        }
        if roles.is_some() || row.len() != open.width {
            *open = Opening::new(row.len(), roles);
        } else {
            open.take(row);
        }
        return row.clone();
    }
    if row.len() == open.width || filled.is_empty() || filled.len() > open.width {
        return row.clone();
    }
    if let ([name], Some(roles)) = (filled, &open.roles) {
        // A name alone: its values are merged with those above.
        let column = crate::pattern::wording::name_column(roles);
        return placed(std::slice::from_ref(name), column, open.width);
    }
    let free = open.width - filled.len();
    let fitting = (0..=free).find(|right| fits(filled, free - right, open.roles.as_deref()));
    match fitting {
        Some(right) if filled.len() > 1 => placed(filled, free - right, open.width),
        _ => row.clone(),
    }
}

/// `cells` from column `at` in a row of `width`.
fn placed(cells: &[RawCell], at: usize, width: usize) -> RawRow {
    let mut row: RawRow = vec![RawCell::new(""); at];
    row.extend_from_slice(cells);
    row.resize(width, RawCell::new(""));
    row
}

/// Whether cells from column `at` stand under headings that they can belong to.
fn fits(cells: &[RawCell], at: usize, roles: Option<&[Option<ColumnRole>]>) -> bool {
    let Some(roles) = roles else { return true };
    cells.iter().zip(&roles[at..]).all(|(cell, role)| match role {
        Some(role) if role.measure().is_some() => {
            cell.text.is_empty() || is_plain_figure(&cell.text) || is_dashes(&cell.text)
        }
        Some(ColumnRole::Indicator | ColumnRole::Level1 | ColumnRole::Level2) => !is_plain_figure(&cell.text),
        _ => true,
    })
}

/// 合计 ∣ 100 under 序号 ∣ 乡镇 ∣ 项目 ∣ 金额 ∣ 备注: the label reaches over the names, the figures keep their columns.
fn total_of_money(row: &RawRow, open: &Opening, words: &Words<'_>) -> Option<RawRow> {
    let roles = open.roles.as_deref()?;
    let money = roles.iter().flatten().any(|r| r.is_money());
    let (label, figures) = row.split_first()?;
    if !money || words.label(&label.text) != Some(Label::Total) || row.len() >= open.width {
        return None;
    }
    let free = open.width - figures.len();
    let right = (0..free).find(|right| {
        let at = free - right;
        // Each figure under a heading of figures, no heading of figures skipped on the left.
        let under = figures
            .iter()
            .zip(&roles[at..])
            .all(|(c, r)| c.text.is_empty() || r.is_some_and(|r| r.measure().is_some()));
        let skipped = roles[..at].iter().flatten().any(|r| r.measure().is_some());
        under && !skipped
    })?;
    let at = free - right;
    let mut moved = placed(figures, at, open.width);
    moved[0] = label.clone();
    Some(moved)
}

/// The same by what stands in the columns: as many figures as the last columns hold, behind one of names.
fn total_below(row: &RawRow, open: &Opening, words: &Words<'_>) -> Option<RawRow> {
    let (label, figures) = row.split_first()?;
    let figure = |cell: &RawCell| is_plain_figure(&cell.text) || is_dashes(&cell.text);
    if words.label(&label.text) != Some(Label::Total) || row.len() >= open.width || !figures.iter().all(figure) {
        return None;
    }
    let last = open
        .below
        .iter()
        .rev()
        .take_while(|(figures, words)| *figures && !words)
        .count();
    let named = open
        .width
        .checked_sub(last + 1)
        .is_some_and(|before| open.below[before].1);
    (named && figures.len() == last).then(|| {
        let mut moved = placed(figures, open.width - last, open.width);
        moved[0] = label.clone();
        moved
    })
}

/// A heading row whose last heading is divided by the row below: 比上年增减情况 over 增减金额 ∣ 增减幅度.
fn divided_heading(rows: &[RawRow], words: &Words<'_>) -> Option<(RawRow, RawRow)> {
    let [upper, lower, data, ..] = rows else { return None };
    words.header(upper.iter().map(|c| c.text.as_str()))?;
    let voids = lower.iter().take_while(|c| c.void).count();
    let parts = &lower[voids..];
    let words_only = parts.iter().all(|c| !c.text.is_empty() && !is_plain_figure(&c.text));
    let data_starts = data.first().is_some_and(|c| !c.void) && data.iter().skip(1).any(|c| is_plain_figure(&c.text));
    if voids == 0 || parts.len() < 2 || !words_only || !data_starts || data.len() != upper.len() + parts.len() - 1 {
        return None;
    }
    let mut wide = upper.clone();
    wide.resize(
        data.len(),
        RawCell {
            left: true,
            ..RawCell::new("")
        },
    );
    Some((wide, placed(parts, data.len() - parts.len(), data.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    /// Rows of `cell|cell`; nothing between bars is an empty cell of the dump.
    fn aligned_text(rows: &[&str]) -> Vec<String> {
        let patterns = Patterns::builtin().unwrap();
        let words = Words::new(&patterns);
        let rows: Vec<RawRow> = rows.iter().map(|r| r.split('|').map(RawCell::new).collect()).collect();
        let text = |row: &RawRow| row.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join("|");
        align(&rows, &words).iter().map(text).collect()
    }

    #[test]
    fn one_empty_cell_or_many_for_merged_labels() {
        let rows = [
            "绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分",
            "|产出指标|数量指标|检查次数|4次|5次|10|10",
            "|质量指标|合格率|100%|100%|10|10",
            "||||及时率|90%|95%|10|9",
        ];
        let out = aligned_text(&rows);
        assert_eq!(out[2], "||质量指标|合格率|100%|100%|10|10");
        assert_eq!(out[3], "|||及时率|90%|95%|10|9");
    }

    #[test]
    fn a_score_merged_with_the_row_above_leaves_no_figure_under_the_wrong_heading() {
        let rows = [
            "绩效目标|一级指标|二级指标|三级指标|年初目标值|实际完成值|得分",
            "|产出指标|数量指标|服务器|25TB|25TB|10",
            "|网络覆盖|100%覆盖|100%覆盖",
        ];
        assert_eq!(aligned_text(&rows)[2], "|||网络覆盖|100%覆盖|100%覆盖|");
    }

    #[test]
    fn totals_keep_the_columns_of_their_figures() {
        let rows = ["序号|乡镇|项目名称|金额|备注", "1|甲镇|水渠修复|20|", "合计|20|"];
        assert_eq!(aligned_text(&rows)[2], "合计|||20|");
    }

    #[test]
    fn a_divided_heading_takes_two_rows() {
        let rows = [
            "项目|上年决算数|本年决算数|比上年增减情况",
            "|增减金额|增减幅度",
            "公务接待费|10|8|-2|-20%",
        ];
        let out = aligned_text(&rows);
        assert_eq!(out[0], "项目|上年决算数|本年决算数|比上年增减情况|");
        assert_eq!(out[1], "|||增减金额|增减幅度");
    }
}
