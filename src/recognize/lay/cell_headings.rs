//! Headings of tables with one cell a line: in sequence, parts of one joined, two rows of them where one divides the other.

use super::flat::{self, Grid, grid};
use super::heading_tree::{self, Below};
use super::stream::{Cells, LONGEST_LABEL, text};
use crate::model::ColumnRole;
use crate::model::RawRow;
use crate::pattern::label::Label;
use crate::pattern::token;

/// Whether a line starts as values do and headings do not.
fn opens_value(line: &str) -> bool {
    let value = |c: char| c.is_ascii_digit() || matches!(c, '—' | '-' | '/' | '\\') || token::is_comparator(c);
    line.is_empty() || line.starts_with(value)
}

fn is_value(role: ColumnRole) -> bool {
    matches!(
        role,
        ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::Weight | ColumnRole::Score
    )
}

impl Cells<'_> {
    /// Headings in sequence, one a line, parts of one joined; the grid and the line after them.
    pub(super) fn headings(&self, start: usize) -> Option<(Grid, usize)> {
        let mut texts: Vec<String> = Vec::new();
        let mut seen = Vec::new();
        let mut divided = None;
        let mut at = start;
        let mut end = start;
        while let Some(index) = self.after(at) {
            let line = text(&self.lines[index]);
            // The heading of the labels below 项目资金 is empty.
            if line.is_empty() && texts.len() == 1 && self.words.label(&texts[0]) == Some(Label::FundingHead) {
                texts.push(String::new());
                at = index + 1;
                continue;
            }
            if line.len() > LONGEST_LABEL || texts.len() > 20 || opens_value(line) {
                break;
            }
            at = index + 1;
            // 执行率 / （B/A）, 偏差原因分析 / 及改进措施: the rest of the heading above.
            if line.starts_with(['（', '(', '及', '和']) && !texts.is_empty() {
                if let Some(last) = texts.last_mut() {
                    last.push_str(line);
                }
                end = at;
                continue;
            }
            let label = self.words.label(line);
            let parted = |next: &usize| flat::parted_heading(line, text(&self.lines[*next]), self.words);
            if line.chars().count() <= 2
                && let Some(next) = self.after(at).filter(parted)
            {
                let heading = format!("{line}{}", text(&self.lines[next]));
                let role = self.words.role(&heading);
                if seen.contains(&role) {
                    break;
                }
                seen.push(role);
                texts.push(heading);
                at = next + 1;
                end = at;
                continue;
            }
            // 项目名称 or 责任单位 among headings is one of them, and before a value the label of a field.
            let heading = |next: usize| self.words.role(text(&self.lines[next])).is_some();
            let among = !texts.is_empty() && self.after(at).is_some_and(heading);
            match label {
                Some(Label::Head) if among => {}
                Some(Label::Level1 | Label::Level2 | Label::FundingRow | Label::Total | Label::Head) => break,
                _ => {}
            }
            let side = texts.is_empty() && matches!(label, Some(Label::Side | Label::FundingHead));
            let mut role = self.words.role(line);
            let mut heading = line.to_owned();
            // 乡镇名称 before 项目名称: a heading that nobody knows, beside one that needs no other words.
            let unknown = role.is_none() && !side && !texts.is_empty() && self.stands_alone(line, at);
            if role.is_none() && !side && !unknown {
                // 年度 / 指标值: two or three lines of one heading.
                for _ in 0..2 {
                    let more = self.after(at).filter(|more| !opens_value(text(&self.lines[*more])));
                    let Some(more) = more else { break };
                    heading.push_str(text(&self.lines[more]));
                    if heading.len() > LONGEST_LABEL {
                        break;
                    }
                    at = more + 1;
                    role = self.words.role(&heading);
                    if role.is_some() {
                        break;
                    }
                }
            }
            // 一级指标 behind 得分: a second row of headings, which divides the first.
            if role == Some(ColumnRole::Level1) && divided.is_none() && seen.iter().flatten().any(|r| is_value(*r)) {
                divided = Some(texts.len());
                seen.clear();
            }
            // 年度预算数 before 年初预算 is the heading of the labels; the adjusted budget comes after.
            let again = seen.contains(&role)
                && role != Some(ColumnRole::Other)
                && !(role.is_some() && seen.get(1) == Some(&role) && seen.len() > 2);
            if !side && !unknown && (role.is_none() || again) {
                break;
            }
            seen.push(role.filter(|_| !side));
            texts.push(heading);
            end = at;
        }
        if texts.len() < 3 {
            return None;
        }
        let mut block = Vec::new();
        if let Some(at) = divided {
            (texts, block) = self.divide(&texts[..at], &texts[at..])?;
        }
        let mut grid = grid(texts, self.words)?;
        if block.iter().any(|row| row.len() != grid.parts.len()) {
            return None;
        }
        grid.block = block;
        // Without a column of names the first headings are missing, unless 项目资金 stands alone before them.
        let label_before = self.rows.last().is_some_and(|row| row.len() == 1);
        (!grid.headings[0].is_empty() || label_before).then_some((grid, end))
    }

    /// The headings of the columns where a second row of headings divides the first, if there is one way only.
    fn divide(&self, first: &[String], second: &[String]) -> Option<(Vec<String>, Vec<RawRow>)> {
        let rows = [first.to_vec(), second.to_vec()];
        let widths = first.len().max(second.len())..first.len() + second.len();
        let mut solved = widths.filter_map(|width| {
            let headings = heading_tree::solve(&rows, &vec![Below::Unknown; width], self.words)?;
            let leaves = heading_tree::leaves(&headings, width);
            // 绩效指标 over 一级指标 …, else nothing says what is divided.
            (self.words.role(&leaves[0]) == Some(ColumnRole::Level1))
                .then(|| (leaves, heading_tree::block(&headings, rows.len(), width)))
        });
        let only = solved.next()?;
        solved.next().is_none().then_some(only)
    }

    /// Whether the heading on the next line is known without this text before it.
    fn stands_alone(&self, line: &str, next: usize) -> bool {
        let Some(next) = self.after(next).map(|next| text(&self.lines[next])) else {
            return false;
        };
        let (alone, both) = (self.words.role(next), self.words.role(&format!("{line}{next}")));
        line.chars().count() > 2 && alone.is_some() && (both.is_none() || both == alone)
    }
}
