//! Figures that stand in paragraphs as only those of tables do: said, for no row of a table was made of them.

use crate::model::{Block, Document, Source, Warning};
use crate::text::fold::fold;
use crate::text::shape::is_figure;
use std::collections::BTreeSet;

/// Fewest figures of such a stretch of short paragraphs, and of a single paragraph.
const FEWEST: usize = 6;
/// Longest cell, in characters.
const LONGEST: usize = 60;
/// Short paragraphs in a row, at most, that hold no figure.
const GAP: usize = 8;

/// Warnings for the stretches of paragraphs that look like cells and were not said to be rows left out.
pub fn warnings(document: &Document) -> Vec<Warning> {
    let blocks = &document.blocks;
    let said: BTreeSet<usize> = document.warnings.iter().filter_map(|w| w.source.block).collect();
    let mut out = Vec::new();
    let mut stretch: Option<Stretch> = None;
    for (index, block) in blocks.iter().enumerate() {
        let text = match block {
            Block::Paragraph(paragraph) if !said.contains(&index) => paragraph.text.as_str(),
            _ => "",
        };
        let (figures, cells) = count(text);
        // Half of a row's words are figures, and a third of a whole table's in one line.
        let row =
            figures >= 2 && figures * 2 >= cells || figures >= FEWEST && figures * 3 >= cells && !text.contains('。');
        let cell = !text.is_empty() && text.chars().count() <= LONGEST && !text.contains(['。', '；', '：', ':']);
        if !row && !cell {
            out.extend(stretch.take().and_then(|s| s.warning(blocks)));
            continue;
        }
        let open = stretch.get_or_insert(Stretch {
            first: index,
            last: index,
            figures: 0,
        });
        if row || cells == 1 && figures == 1 {
            // It begins with what names its first figure.
            if open.figures == 0 {
                open.first = index.saturating_sub(1).max(open.first);
            }
            open.figures += figures;
            open.last = index;
        } else if open.figures > 0 && index - open.last > GAP {
            out.extend(stretch.take().and_then(|s| s.warning(blocks)));
        }
    }
    out.extend(stretch.and_then(|s| s.warning(blocks)));
    out
}

struct Stretch {
    first: usize,
    last: usize,
    figures: usize,
}

impl Stretch {
    fn warning(self, blocks: &[Block]) -> Option<Warning> {
        if self.figures < FEWEST {
            return None;
        }
        let Block::Paragraph(paragraph) = &blocks[self.first] else {
            return None;
        };
        let first: String = paragraph.text.chars().take(LONGEST).collect();
        let source = Source {
            block: Some(self.first),
            ..Source::default()
        }
        .with_places(&paragraph.places(0, paragraph.text.len()));
        let message = format!(
            "自“{first}”起{}段文字像是表格内容（含{}个数），行列不能确定，未读成表格",
            self.last - self.first + 1,
            self.figures
        );
        Some(Warning::new("table_unread", message, source))
    }
}

/// What parts cells without a blank.
const PARTING: [char; 7] = [',', ';', '|', '｜', '│', '┃', '║'];

/// How many of a paragraph's words are figures, and how many words it has.
fn count(text: &str) -> (usize, usize) {
    let (mut figures, mut cells) = (0, 0);
    let is_figure = |word: &str| is_figure(fold(word).trim_start_matches(['≥', '≤', '>', '<', '=']));
    for word in text.split_whitespace() {
        // 1,020.16 is one figure; 路面,800.00,810.50 has two.
        if !word.contains(PARTING) || is_figure(word) {
            cells += 1;
            figures += usize::from(is_figure(word));
            continue;
        }
        for part in word
            .split(PARTING)
            .map(|part| part.trim_matches('"'))
            .filter(|part| !part.is_empty())
        {
            cells += 1;
            figures += usize::from(is_figure(part));
        }
    }
    (figures, cells)
}

#[cfg(test)]
mod tests {
    use crate::pattern::Patterns;

    fn warnings(text: &str) -> Vec<String> {
        let report = crate::extract(text.as_bytes(), "a.txt", &Patterns::builtin().unwrap()).unwrap();
        let said = report.warnings.into_iter().filter(|w| w.code == "table_unread");
        said.map(|w| w.message).collect()
    }

    #[test]
    fn figures_of_a_table_that_was_not_read_are_said() {
        let cells =
            "收入\n\n支出\n\n甲款\n\n20.00\n\n15.00\n\n1、设备费\n\n26.00\n\n乙款\n\n8\n\n7\n\n2、材料费\n\n3\n\n";
        assert_eq!(
            warnings(cells),
            ["自“甲款”起10段文字像是表格内容（含6个数），行列不能确定，未读成表格"]
        );
        assert_eq!(
            warnings("资金小计 2537695 213722.82 0 2751417.82 2546673.98 93% 204743.84 7%\n").len(),
            1
        );
    }

    #[test]
    fn figures_between_delimiters_and_bars_count() {
        for text in [
            "甲,800.00,1,020.16,5\n乙,400.00,380.00\n丙,3.00,4.00,5.00,6.00,7.00\n",
            "甲│800.00│820.00│810.50│5\n乙│400.00│380.00\n",
        ] {
            assert_eq!(warnings(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn numbers_of_prose_and_lists_are_not() {
        let prose = "一、基本情况\n2023年预算100万元，执行99万元，执行率99%。\n（一）人员 12 人\n二、结论\n1\n2\n3\n";
        assert!(warnings(prose).is_empty());
    }
}
