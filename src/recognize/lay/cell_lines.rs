//! Tables with one cell a line whose cells the text tells apart: a bar ends each, or an empty line stands between them.
//!
//! Such stretches are rewritten to what `stream` reads: a line for each cell, its line breaks joined, and a line without
//! text, which is not blank, for each cell that is known to be empty.

use crate::pattern::label::Label;
use crate::pattern::token;
use crate::pattern::wording::Words;
use crate::text::lines::{Line, is_heading, is_space};
use std::borrow::Cow;

/// Fewest lines that a bar ends, one after the other.
const FEWEST_BARRED: usize = 6;
/// Fewest cells between empty lines, and fewest headings that follow each other among them.
const FEWEST_PARTED: usize = 12;
const FEWEST_HEADINGS: usize = 3;
/// Most lines of a cell, and its longest line in characters.
const MOST_LINES: usize = 4;
const LONGEST_PART: usize = 30;
/// Longest cell, in bytes.
const LONGEST_CELL: usize = 1_500;

/// The lines, with one for each cell where the text tells cells apart.
pub(super) fn read<'a>(lines: Vec<Line<'a>>, words: &Words<'_>) -> Vec<Line<'a>> {
    if !lines.iter().any(ends_cell) && !lines.windows(3).any(|three| three[1].blank && !three[0].blank) {
        return lines;
    }
    let mut out: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let end = barred(&lines, at);
        if end > at {
            barred_cells(&lines[at..end], &mut out);
            at = end;
            continue;
        }
        let (end, cells) = parted(&lines, at, words);
        if cells.is_empty() {
            out.extend_from_slice(&lines[at..end]);
        } else {
            out.extend(cells);
        }
        at = end;
    }
    out
}

fn cell<'a>(like: &Line<'a>, text: Cow<'a, str>) -> Line<'a> {
    Line {
        text,
        page_top: like.page_top,
        blank: false,
        part: false,
        cell: true,
    }
}

/// Whether a line is one cell with a bar behind it.
fn ends_cell(line: &Line<'_>) -> bool {
    let text = line.trimmed();
    text.strip_suffix('|').is_some_and(|cell| !cell.contains('|'))
}

/// One past the last of the lines from `start` on that a bar ends each; `start` when they are few.
fn barred(lines: &[Line<'_>], start: usize) -> usize {
    let ended = ends_cell(&lines[start]) && !lines[start].starts_cell();
    // A bar on a line of its own ends the cell above it.
    let plain = |l: &Line<'_>| !l.blank && !l.text.contains(['|', '\t']);
    let below = || plain(&lines[start]) && lines.get(start + 1).is_some_and(|l| l.trimmed() == "|");
    if !ended && !below() {
        return start;
    }
    let (mut end, mut cells) = (start + 1 + usize::from(!ended), 1);
    while end < lines.len() {
        // A cell may run over lines: the bar is on its last one.
        let next = lines[end..].iter().take(MOST_LINES).position(ends_cell);
        let Some(more) = next else { break };
        let open = &lines[end..end + more];
        if open
            .iter()
            .any(|l| l.blank || l.text.contains('|') || is_heading(&l.text))
        {
            break;
        }
        end += more + 1;
        cells += 1;
    }
    if cells >= FEWEST_BARRED { end } else { start }
}

fn barred_cells<'a>(lines: &[Line<'a>], out: &mut Vec<Line<'a>>) {
    let mut open: Option<String> = None;
    for line in lines {
        let text = line.trimmed();
        let ended = text.strip_suffix('|');
        let text = ended.unwrap_or(text).trim_matches(is_space);
        let text = match open.take() {
            Some(before) => before + text,
            None => text.to_owned(),
        };
        match ended {
            Some(_) => out.push(cell(line, Cow::Owned(text))),
            None => open = Some(text),
        }
    }
}

/// The stretch of blocks between empty lines from `start` on and, where it holds a table, a line for each of its cells.
fn parted<'a>(lines: &[Line<'a>], start: usize, words: &Words<'_>) -> (usize, Vec<Line<'a>>) {
    let mut cells: Vec<Line<'a>> = Vec::new();
    let (mut run, mut longest, mut blocks, mut several) = (0, 0, 0, 0);
    let mut at = start;
    while at < lines.len() {
        let gap = lines[at..].iter().take_while(|l| l.blank).count();
        if gap > 0 && cells.is_empty() {
            return (at + gap, Vec::new());
        }
        // White space alone on a line between two empty ones is an empty cell.
        let empties = lines[at..at + gap]
            .windows(3)
            .filter(|three| three[0].text.is_empty() && !three[1].text.is_empty() && three[2].text.is_empty());
        let empties = empties.count();
        if gap > 2 * empties + 2 {
            break;
        }
        at += gap;
        for _ in 0..empties {
            cells.push(cell(&lines[at - 1], Cow::Borrowed("")));
        }
        let size = lines[at..].iter().take(MOST_LINES + 1).take_while(|l| !l.blank).count();
        if size == 0 || at + size < lines.len() && !lines[at + size].blank || !fits(&lines[at..at + size]) {
            break;
        }
        // Figures below each other are cells: the empty lines part rows.
        let figure = |l: &Line<'_>| token::kind(l.text.trim_matches(is_space), words).is_value();
        if size > 1 && lines[at..at + size].iter().any(figure) {
            return (at + size, Vec::new());
        }
        blocks += 1;
        several += usize::from(size > 1);
        for text in joined(&lines[at..at + size], words) {
            run = if words.role(&text).is_some() { run + 1 } else { 0 };
            longest = longest.max(run);
            if let Some(before) = cells
                .last_mut()
                .filter(|before| parts_of_label(&before.text, &text, words))
            {
                before.text.to_mut().push_str(&text);
                continue;
            }
            cells.push(cell(&lines[at], Cow::Owned(text)));
        }
        at += size;
    }
    let end = at.max(start + 1);
    if blocks < FEWEST_PARTED || longest < FEWEST_HEADINGS || several * 3 > blocks {
        cells.clear();
    }
    (end, cells)
}

/// Whether two paragraphs of a cell are one label: 经济效益 / 指标.
fn parts_of_label(first: &str, second: &str, words: &Words<'_>) -> bool {
    second == "指标" && words.label(&format!("{first}{second}")).is_some_and(Label::is_level)
}

/// Whether lines can be one cell of such a table.
fn fits(lines: &[Line<'_>]) -> bool {
    lines.iter().map(|l| l.text.len()).sum::<usize>() <= LONGEST_CELL
        && lines.iter().all(|l| !l.starts_cell() && !l.text.contains(['|', '\t']))
}

/// The lines of a block, those of one cell joined: 绩效 / 指标, 其中 / 省拨资金.
fn joined(lines: &[Line<'_>], words: &Words<'_>) -> Vec<String> {
    let texts: Vec<&str> = lines.iter().map(|l| l.text.trim_matches(is_space)).collect();
    let whole = texts.concat();
    let known = |text: &str| words.role(text).is_some() || words.label(text).is_some();
    let short = texts
        .iter()
        .all(|t| t.chars().count() <= LONGEST_PART && !is_heading(t) && !t.contains(' '));
    let last = texts.last().copied().unwrap_or_default();
    if texts.len() > 1 && (known(&whole) || short && !known(last)) {
        return vec![whole];
    }
    texts.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;
    use crate::text::lines;

    fn texts(text: &str) -> Vec<String> {
        let patterns = Patterns::builtin().unwrap();
        let words = Words::new(&patterns);
        let lines = read(lines::split(text), &words);
        let shown = |l: &Line<'_>| match (l.blank, l.text.is_empty()) {
            (true, _) => "~".to_owned(),
            (false, true) => "∅".to_owned(),
            _ => l.text.to_string(),
        };
        lines.iter().map(shown).collect()
    }

    #[test]
    fn a_bar_ends_each_cell_and_stands_alone_for_an_empty_one() {
        assert_eq!(
            texts("单位：万元\n项 目 |\n预算数 |\n决算数 |\n合计 |\n30.8 |\n|\n公务\n接待费 |\n5 |\n4 |\n二、说明\n")
                .join("·"),
            "单位：万元·项 目·预算数·决算数·合计·30.8·∅·公务接待费·5·4·二、说明·~"
        );
        // The bar on a line of its own: two of them, and the cell between is empty.
        assert_eq!(
            texts("说明\n项目\n|\n预算数\n|\n公务\n接待费\n|\n5\n|\n|\n差旅费\n|\n3\n|\n4\n|\n").join("·"),
            "说明·项目·预算数·公务接待费·5·∅·差旅费·3·4·~"
        );
        let few = "项目 |\n金额 |\n甲 |\n";
        assert_eq!(texts(few).join("·"), "项目 |·金额 |·甲 |·~");
    }

    #[test]
    fn empty_lines_part_cells_that_run_over_lines() {
        let text = "绩效\n指标\n\n一级指标\n\n二级指标\n\n三级指标\n\n年度指标值\n\n实际完成值\n\n产出\n指标\n\n数量指标\n\n\
                    培训人数\n\n100\n\n\u{a0}\n\n经济效益\n\n指标\n\n增收\n";
        assert_eq!(
            texts(text).join("·"),
            "绩效指标·一级指标·二级指标·三级指标·年度指标值·实际完成值·产出指标·数量指标·培训人数·100·∅·经济效益指标·增收"
        );
    }

    /// Where the blocks between empty lines are rows, nothing is joined.
    #[test]
    fn empty_lines_that_part_rows_stay() {
        let row = "人员经费\n100\n90\n\n".repeat(14);
        let text = format!("项目\n预算数\n决算数\n\n{row}");
        assert_eq!(texts(&text), texts_as_they_are(&text));
    }

    fn texts_as_they_are(text: &str) -> Vec<String> {
        text.split('\n')
            .map(|l| if l.is_empty() { "~".to_owned() } else { l.to_owned() })
            .collect()
    }
}
